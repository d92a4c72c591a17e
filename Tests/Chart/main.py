"""Runs the tests of the chart: what it renders, and a release of it in a real cluster. See `run`."""

import os
import pathlib
import shutil
import sys
import tempfile

import harness
from chart import Helm
from cluster import Cluster
from release import Release


def main(words):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="patless-chart."))
    tally = harness.Tally(words)
    try:
        helm = Helm(folder)
        for module in ["refusals", "renders", "rights", "judges"]:
            tally.run(harness.tests_of(module), helm)
        in_a_cluster(tally, helm, folder)
    finally:
        if os.environ.get("KEEP"):
            print(f"logs are in {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return tally.close()


def in_a_cluster(tally, helm, folder):
    """The tests of a module follow one another, from an installation to its end: one alone has nothing to stand on."""
    modules = [harness.tests_of(name) for name in ["ownership", "lifecycle", "managed", "existing", "audit", "faults", "doctor", "rollouts"]]
    modules = [tests for tests in modules if not tally.words or any(is_chosen(test, tally.words) for test in tests)]
    if not modules:
        return
    tally.words = []
    cluster = Cluster(folder / "control-plane")
    release = Release(helm, cluster, folder)
    try:
        cluster.start()
        for tests in modules:
            tally.run(tests, cluster, release, after_failure=release.evidence)
    finally:
        release.stop()
        cluster.stop()


def is_chosen(test, words):
    return any(word in test.__name__.replace("_", " ") for word in words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
