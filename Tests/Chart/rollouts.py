"""Rolling restarts of two replicas while admissions flow through the API server: none may be lost."""

import json
import os
import signal
import subprocess
import time

import objects
from chart import IDENTITY
from harness import eventually, expect, test
from cluster import PORT
from release import HOSTS, Pod
from server import ROOT

RESTARTS = int(os.environ.get("RESTARTS", 3))
REQUESTS = int(os.environ.get("REQUESTS", 5_000))
VALUES = {"policy": {"identities": [IDENTITY]}, "replicas": 2, "server": {"drainSeconds": 10}}
LOADER = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "loader", "namespace": "apps"}}


class Flow:
    """Requests without end over kept connections, every answer of which is looked at."""

    def __init__(self, cluster, folder, name, thing, expected, words):
        (folder / f"{name}.json").write_text(json.dumps(thing))
        target = f"/apis/source.toolkit.fluxcd.io/v1/namespaces/{thing['metadata']['namespace']}/gitrepositories?dryRun=All"
        environment = {
            **os.environ, "OBJECT": str(folder / f"{name}.json"), "EXPECTED": str(expected), "WORDS": words, "TARGET": target,
            "TOKEN": cluster.token("apps", "loader"),
        }
        command = ["wrk", "-t1", "-c8", "-d3600s", "--timeout", "30s", "-s", ROOT / "Tests/Chart/post.lua", f"https://127.0.0.1:{PORT}"]
        self.name, self.process = name, subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        output = self.process.communicate(timeout=60)[0]
        lines = [line for line in output.splitlines() if line.startswith("{")]
        expect(lines, f"{self.name}: wrk measured nothing:", output)
        return json.loads(lines[-1])


def asked(release):
    """How often the webhook was called, as the API server counts it."""
    page = release.cluster.must("get", "--raw", "/metrics").out
    name = "apiserver_admission_webhook_admission_duration_seconds_count"
    return sum(float(line.split()[-1]) for line in page.splitlines() if line.startswith(name + "{") and "validate.patless.dev" in line)


def restart(release, leaving):
    """What a Deployment does with maxUnavailable 0 and maxSurge 1: one new pod is ready before an old one is told to go."""
    for old in list(release.pods):
        eventually("an address is free", lambda: free(release, leaving), 30)
        new = Pod(release.cluster, release.folder, free(release, leaving)).start()
        release.pods = [pod for pod in release.pods if pod is not old] + [new]
        # The pod is told to go as it leaves the Service: neither waits for the other.
        old.process.terminate()
        release.point_service_at_pods()
        leaving.append(old)


def free(release, leaving):
    taken = {pod.host for pod in release.pods} | {pod.host for pod in leaving if pod.process.poll() is None}
    return next((host for host in HOSTS if host not in taken), None)


@test
def rolling_restarts_lose_no_admission(cluster, release):
    cluster.install_crd(ROOT / "Tests/Fixtures/gitrepositories.yaml")
    cluster.apply(LOADER)
    cluster.kubectl("create", "clusterrolebinding", "loader", "--clusterrole=cluster-admin", "--serviceaccount=apps:loader")
    release.run("install", VALUES)
    release.start_pods()
    eventually("the webhook is called", lambda: "is refused" in cluster.apply(objects.with_pat("canary"), "--dry-run=server").text)
    before, began, gone = asked(release), time.monotonic(), []
    flows = [
        Flow(cluster, release.folder, "keyless", objects.keyless("rolled"), 201, '"provider":"azure"'),
        Flow(cluster, release.folder, "with-pat", objects.with_pat("rolled"), 403, "spec.secretRef (secret-ref)"),
    ]
    try:
        for _ in range(RESTARTS):
            restart(release, gone)
        eventually("enough was asked", lambda: asked(release) - before >= REQUESTS or time.sleep(0.5), 600)
    finally:
        seconds = time.monotonic() - began
        ends = [flow.end() for flow in flows]
    for pod in gone:
        status = pod.process.wait(30)
        expect(status == 0, f"the pod at {pod.host} ended with {status}:", pod.last_lines())
        pod.clear()
    total = sum(end["requests"] for end in ends)
    print(f"      {RESTARTS} rolling restarts of two replicas in {seconds:.0f} s: {total:,} admissions, {total / seconds:,.0f} a second, "
          f"p50 {max(end['p50'] for end in ends):.1f} ms, p99 {max(end['p99'] for end in ends):.1f} ms, "
          f"slowest {max(end['max'] for end in ends):.0f} ms, {sum(end['wrong'] + end['cut'] for end in ends)} lost", flush=True)
    expect(total >= REQUESTS, f"{total} requests")
    for end in ends:
        expect(end["wrong"] == 0 and end["cut"] == 0, f"{end['wrong']} wrong, {end['cut']} cut; the first: {end['first']}")
    release.uninstall()
    cluster.must("delete", "clusterrolebinding", "loader")
