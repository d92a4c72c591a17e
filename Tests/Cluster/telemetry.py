"""What the server tells of itself."""

import json
import shutil
import subprocess

import objects
from harness import Skip, eventually, expect, test


@test
def promtool_finds_nothing_in_the_metrics(cluster, server, client):
    if not shutil.which("promtool"):
        raise Skip("promtool is not installed: Tests/setup test installs it")
    done = subprocess.run(["promtool", "check", "metrics"], input=server.ask("/metrics")[1], capture_output=True, text=True)
    expect(done.returncode == 0, done.stdout + done.stderr)


@test
def a_refusal_is_counted_and_logged_without_the_token(cluster, server, client):
    labels = {"webhook": "validate", "operation": "CREATE", "decision": "deny"}
    before = server.metric("patless_admission_requests_total", **labels)
    url = "https://build:t0k3n-of-the-log@dev.azure.com/contoso/shop/_git/shop"
    cluster.apply(objects.repository("logged", url=url))
    after = server.metric("patless_admission_requests_total", **labels)
    expect(after == before + 1, f"patless_admission_requests_total{labels} went from {before} to {after}")
    lines = eventually("a log line names the repository", lambda: [line for line in server.log.read_text().splitlines() if '"logged"' in line])
    expect(all(isinstance(json.loads(line), dict) for line in lines), lines)
    expect("t0k3n-of-the-log" not in server.log.read_text(), "the token is in the log")
    expect("t0k3n-of-the-log" not in server.ask("/metrics")[1], "the token is in the metrics")
