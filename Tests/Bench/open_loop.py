"""Load by open-loop.go: reviews are sent when they are due, at a rate, whether or not the server is done with those before."""

import contextlib
import functools
import json
import os
import pathlib
import shutil
import subprocess

from contestants import CACHE
from servers import launch

SOURCE = pathlib.Path(__file__).with_name("open-loop.go")
LATEST = 0.15   # seconds after which the last answer should have come: then they no longer come as reviews do
BUSY = 0.9      # of its processor: then it is the server that cannot keep up, otherwise whoever sends


@functools.cache
def program(folder):
    """Compiles it; the second time, what Go keeps of its own library makes that quick."""
    beside = pathlib.Path(os.environ.get("PATLESS_TEST_PYTHON", "/")).with_name("go")
    go = beside if os.access(beside, os.X_OK) else shutil.which("go")
    if not go:
        raise SystemExit("Go is not installed: Tests/setup bench puts it beside the Python in PATLESS_TEST_PYTHON")
    settings = {"GO111MODULE": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "", "CGO_ENABLED": "0", "GOCACHE": str(CACHE / "go-build")}
    subprocess.run([go, "build", "-o", folder / "open-loop", SOURCE], check=True, env={**os.environ, **settings})
    return folder / "open-loop"


@contextlib.contextmanager
def connected(server, connections, *arguments):
    """Connections to the server, over each of which one review was answered; they last as long as the context."""
    command = [program(server.folder), "-url", server.url(server.question.path), "-ca", server.folder / "ca.crt",
               "-review", server.question.review, "-connections", connections, *arguments]
    with launch(server.loading, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            expect(process, server, process.stdout.readline() == "connected\n")
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def expect(process, server, truth):
    if not truth:
        process.kill()
        raise SystemExit(f"{server.name} under load: {process.communicate()[1].strip()[-500:]}")


def load(server, rate, seconds, connections):
    """One round for a server with one worker: latencies in ms, what a request took of its processor, and whether it kept up."""
    with connected(server, connections, "-rate", rate, "-seconds", seconds) as process:
        before = server.cpu_seconds()
        process.stdin.write("go\n")
        process.stdin.flush()
        line = process.stdout.readline()
        used = server.cpu_seconds() - before
        expect(process, server, line)
    round = json.loads(line)
    if round["wrong"]:
        raise SystemExit(f"{server.name} at {rate} requests a second: {round['wrong']} answers were wrong, such as {round['first wrong']}")
    return {
        "kept up": round["complete"] and round["seconds"] < seconds + LATEST,
        "busy": used / round["seconds"],
        "cpu seconds a request": used / round["answered"],
        **{name: round.get(name, float("inf")) for name in ["p50", "p99", "p99.9"]},
    }


def latency(figures, name):
    """A median of such rounds, or why there is none."""
    if figures["kept up"]:
        return figures[name]
    return "cannot keep up" if figures["busy"] > BUSY else "the load cannot"
