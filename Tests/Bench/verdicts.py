"""What a verdict costs: allow, deny and patch. agnhost has webhooks that do the same to every review."""

import re

from closed_loop import load
from contestants import agnhost, patless
from rounds import alternate
from server import ask
from servers import REVIEWS, ROOT, Question, running
from table import LESS, MORE, Row, row

KEPT = ROOT / "Tests/Bench/instructions.tsv"
CONNECTIONS, ROUNDS, SECONDS = 16, 3, 2
METHOD = f"verdicts by `wrk`, {ROUNDS} rounds of {SECONDS} s"
DECIDED = "patless_admission_requests_total"
CASES = {
    "allow": (REVIEWS / "repository-keyless.json", "/validate", "/custom-resource"),
    "deny": (REVIEWS / "repository-with-pat.json", "/validate", "/always-deny"),
    "patch": (REVIEWS / "service-account.json", "/mutate", "/add-label"),
}


def chapter(folder):
    silent = patless(folder, 1, "--audit", "none")
    recording = patless(folder, 1, "--audit", folder / "audit.jsonl", "--audit-keep", 1, name="recording", number=1)
    parts = [f"By verdict, {CONNECTIONS} connections, 1 worker (agnhost at /custom-resource, which allows, /always-deny and /add-label)"]
    with running([silent, recording, agnhost(folder)]) as (_, _, other):
        for verdict, (review, ours, others) in CASES.items():
            def measure(server):
                return told(server, Question(others if server is other else ours, review, verdict))

            servers = [silent, other, *[recording] * (verdict == "deny")]
            medians = alternate(servers, ROUNDS, measure)
            recorded = medians.pop("recording", None)
            parts.append(row(f"{verdict}: requests a second", MORE, "{:,.0f}", medians, "requests a second"))
            if recorded:
                lost = sum(counts(recording, "patless_audit_dropped_total").values())
                share = lost / counts(recording, DECIDED)["deny"]
                label = f"deny, put on record in a file: requests a second ({share:.1%} found the queue full, and were counted instead)"
                parts.append(row(label, MORE, "{:,.0f}", {"patless": recorded}, "requests a second"))
    return parts + instructions()


def told(server, question):
    """One round; patless' own counts say whether it gave that verdict each time."""
    before = counts(server, DECIDED)
    round = load(server, SECONDS, CONNECTIONS, question)
    others = {verdict for verdict, count in counts(server, DECIDED).items() if count != before.get(verdict, 0)} - {question.verdict}
    if others:
        raise SystemExit(f"{server.name} should {question.verdict} {question.review.name} each time, but there were others: {others}")
    return round


def counts(server, metric):
    """The values of a metric of patless, by the last of its labels; the other servers have none."""
    page = ask("127.0.0.1", server.ops, "/metrics")[1] if server.ops else ""
    counted = {}
    for label, value in re.findall(rf'^{metric}{{.*="([^"]*)"}} (\d+)', page, re.MULTILINE):
        counted[label] = counted.get(label, 0) + int(value)
    return counted


def instructions():
    """What `Tests/Bench/instructions --keep` wrote down."""
    kept = [line.split("\t") for line in KEPT.read_text().splitlines()]
    return [Row(f"{verdict}: instructions a request, by callgrind", LESS, "{:,}", {"patless": int(figure)}) for verdict, figure in kept]
