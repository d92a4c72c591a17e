"""Load by wrk: each connection sends its next review when it has the answer to the last. It tells what a server can do at most."""

import json
import os
import pathlib
import subprocess
import time

from servers import launch

SCRIPT = pathlib.Path(__file__).with_name("post.lua")


def load(server, seconds, connections=16, question=None):
    """One round: requests a second, latencies, and what the server used."""
    question = question or server.question
    server.ask(question)   # wrk looks at the status of an answer only, not at the verdict
    threads = min(server.workers, connections)
    before, began = server.cpu_seconds(), time.monotonic()
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", SCRIPT, server.url(question.path)]
    environment = {**os.environ, "REVIEW": str(question.review)}
    wrk = launch(server.loading, command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    told = wrk.communicate(timeout=seconds + 30)[0]
    used, elapsed = server.cpu_seconds() - before, time.monotonic() - began
    lines = [line for line in told.splitlines() if line.startswith("{")]
    if not lines:
        raise SystemExit(f"wrk measured nothing of {server.name}: {told}")
    round = json.loads(lines[-1])
    if not round["requests"]:
        raise SystemExit(f"{server.name} answered nothing over {connections} connections in {seconds} s")
    if round["errors"]:
        raise SystemExit(f"{server.name}: {round['errors']} of {round['requests']} requests went wrong")
    return {
        "requests a second": round["requests"] / round["seconds"],
        "p50": round["p50"],
        "p99": round["p99"],
        "p99.9": round["p99.9"],
        "cpu seconds a request": used / round["requests"],
        "busy": used / elapsed,
    }
