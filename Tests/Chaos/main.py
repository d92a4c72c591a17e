"""Breaks a server under load in one way after the other. See `run`."""

import pathlib
import shutil
import sys
import tempfile

import harness
from stage import Stage


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="patless-chaos."))
    tally = harness.Tally(sys.argv[2:])
    try:
        stage = Stage(folder)
        for module in ["processes", "peers", "certificates", "clocks"]:
            tally.run(harness.tests_of(module), stage)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
