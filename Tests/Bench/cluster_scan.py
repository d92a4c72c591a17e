"""A cluster full of GitRepositories, and a server that judges them all. See `cluster-scan`."""

import pathlib
import shutil
import sys
import tempfile
import threading
import time

import objects
from cluster import Cluster
from harness import eventually
from server import ROOT, Server, make_certificates

OBJECTS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
LINES = 8


def fill(cluster):
    """Every tenth repository has a token; each is as large as one that Flux has worked on."""
    def line(number):
        api = cluster.api()
        for index in range(number, OBJECTS, LINES):
            metadata = {"annotations": {"description": "x" * 2_000}}
            make = objects.with_pat if index % 10 == 0 else objects.keyless
            status, answer = api.create(make(f"r{index}", metadata={"name": f"r{index}", "namespace": "apps", **metadata}), dry_run=False)
            assert status == 201, answer

    threads = [threading.Thread(target=line, args=[number]) for number in range(LINES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="patless-scan."))
    cluster = Cluster(folder / "control-plane")
    try:
        cluster.start()
        cluster.install_crd(ROOT / "Tests/Fixtures/gitrepositories.yaml")
        fill(cluster)
        make_certificates(folder / "certificates")
        policy = folder / "policy.yaml"
        policy.write_text("apiVersion: patless.dev/v1alpha1\nkind: Policy\n")
        place = ["--name", "patless", "--namespace", "patless", "--kubeconfig", cluster.folder / "kubeconfig", "--scan"]
        server = Server(folder, policy, folder / "certificates", options=place)
        server.ready = lambda: server.ask("/livez")[0] == 200   # nothing is registered, so it never gets ready
        began = time.monotonic()
        server.start()
        eventually("it has looked at them all", lambda: server.metric("patless_scanned_objects") == OBJECTS, 300)
        seconds = time.monotonic() - began
        requests = server.metric("patless_api_requests_total", verb="list", code="200")
        found = server.metric("patless_noncompliant_objects", rule="secret-ref", namespace="apps")
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        peak = int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6
        print(f"{OBJECTS:,} GitRepositories judged in {seconds:.1f} s from the start of the process, in {requests:.0f} lists; "
              f"{found:.0f} found fault with; peak resident memory {peak:.1f} MB")
        server.stop()
        assert found == OBJECTS / 10, f"{found} of {OBJECTS / 10}"
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
