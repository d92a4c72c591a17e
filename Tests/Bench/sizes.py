"""Reviews from small ones to the largest that an API server takes."""

import json

from closed_loop import load
from contestants import contestants
from rounds import alternate
from servers import REVIEWS, Question, running
from table import LESS, MORE, row

SIZES = {"2 KB": 2 << 10, "8 KB": 8 << 10, "32 KB": 32 << 10, "128 KB": 128 << 10, "512 KB": 512 << 10, "3 MB": 3 << 20}

CONNECTIONS, ROUNDS, SECONDS = 4, 3, 2
METHOD = f"sizes by `wrk`, {ROUNDS} rounds of {SECONDS} s"


def chapter(folder):
    parts = [f"By size of the review, {CONNECTIONS} connections, 1 worker"]
    with running(contestants(folder)) as servers:
        for name, size in SIZES.items():
            review = folder / f"review-{size}.json"
            review.write_text(review_of(size))
            medians = alternate(servers, ROUNDS, lambda server: load(server, SECONDS, CONNECTIONS, Question(server.question.path, review)))
            parts += [
                row(f"{name}: requests a second", MORE, "{:,.0f}", medians, "requests a second"),
                row(f"{name}: processor ms a request", LESS, "{:.3f}", medians, "cpu seconds a request", 1000),
            ]
    return parts


def review_of(size):
    """A repository that was created with so much metadata that its review has so many bytes: more fields by more managers,
    which are many small keys, and more annotations with manifests in them, which are long texts with escapes."""
    bare, step = len(encoded(padded(0))), len(encoded(padded(1))) - len(encoded(padded(0)))
    pads = (size - bare) // step
    text = encoded(padded(pads, note="x" * (size - bare - pads * step)))
    assert len(text) == size, f"{len(text)} bytes, not {size}"
    return text


def padded(pads, note=""):
    review = json.loads((REVIEWS / "repository-keyless.json").read_text())
    metadata = review["request"]["object"]["metadata"]
    (manifest,), (manager,) = metadata["annotations"].values(), metadata["managedFields"]
    metadata["annotations"]["example.com/note"] = note
    for number in range(pads):
        metadata["annotations"][f"example.com/manifest-{number:05}"] = manifest
        metadata["managedFields"].append({**manager, "manager": f"manager-{number:05}"})
    return review


def encoded(review):
    return json.dumps(review, separators=(",", ":"))
