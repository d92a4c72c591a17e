"""What a test is, and how tests are run and told."""

import os
import sys
import time
import traceback

TESTS = []


def test(function):
    """A function whose name is a sentence, and which raises when the sentence is not true."""
    TESTS.append(function)
    return function


def tests_of(module):
    """The tests that a module has, in its order."""
    before = len(TESTS)
    __import__(module)
    return TESTS[before:]


class Skip(Exception):
    """The test cannot be asked here; says why."""


def eventually(what, condition, seconds=30.0):
    """Waits for `condition()` to be truthy and returns it: the tests have no fixed sleeps."""
    deadline = time.monotonic() + seconds
    while True:
        if result := condition():
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.02)


def expect(truth, *told):
    if not truth:
        raise AssertionError("\n".join(str(line) for line in told))


class Tally:
    """Runs tests one after the other and keeps the score."""

    def __init__(self, words):
        self.words = words
        self.passed = self.failed = self.skipped = 0

    def run(self, tests, *arguments, suffix="", after_failure=lambda: ""):
        for function in tests:
            name = function.__name__.replace("_", " ") + suffix
            if self.words and not any(word in name for word in self.words):
                continue
            began = time.monotonic()
            try:
                function(*arguments)
            except Skip as reason:
                self.skipped += 1
                print(f"skip  {name}: {reason}", flush=True)
            except Exception as error:
                self.failed += 1
                print(f"FAIL  {name}", flush=True)
                self.explain(error, after_failure())
            else:
                self.passed += 1
                print(f"ok    {name} ({time.monotonic() - began:.1f} s)", flush=True)

    @staticmethod
    def explain(error, context):
        here = os.path.dirname(os.path.abspath(sys.argv[0]))   # the tests', not the harness'
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if os.path.dirname(frame.filename) == here]
        frames = [frame for frame in frames if os.path.basename(frame.filename) != "harness.py"]
        place = "".join(f"      {os.path.basename(frame.filename)}:{frame.lineno}: {frame.line}\n" for frame in frames)
        told = "".join(f"      {line}\n" for line in f"{type(error).__name__}: {error}\n{context}".splitlines())
        print(place + told, end="", flush=True)

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else ""))
        if not self.passed and not self.failed:
            print(f"no test's name contains {' or '.join(self.words)}", file=sys.stderr)
        return 1 if self.failed or not self.passed else 0
