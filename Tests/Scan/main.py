"""Tests what `patless` makes of files of manifests. See `run`."""

import sys

import harness
from harness import tests_of


def main(words):
    tally = harness.Tally(words)
    for module in ["scanning", "formats", "fixing", "corners", "exporting", "helping"]:
        tally.run(tests_of(module))
    return tally.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
