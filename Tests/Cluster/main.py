"""Runs the cluster tests: a real kube-apiserver, a real etcd, kubectl, and patless. See `run`."""

import os
import pathlib
import shutil
import sys
import tempfile

import harness
import objects
from cluster import Cluster
from server import ROOT, Mounted, Server, make_certificates


def main(words):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="patless-cluster."))
    tally = harness.Tally(words)
    cluster, server = Cluster(folder / "control-plane"), None
    try:
        cluster.start()
        server = start_server(folder)
        client = objects.by_url(server.port, server.authority)
        run(tally, cluster, server, client)
    finally:
        try:
            if server:
                server.stop()
            cluster.stop()
        finally:
            if os.environ.get("KEEP"):
                print(f"logs are in {folder}", file=sys.stderr)
            else:
                shutil.rmtree(folder, ignore_errors=True)
    return tally.close()


def start_server(folder):
    """The server that most tests ask: its policy and certificate lie in folders as kubelet mounts them."""
    source = folder / "certificates"
    make_certificates(source)
    policy, certificates = Mounted(folder / "policy"), Mounted(folder / "tls")
    text = (pathlib.Path(__file__).parent / "policy.yaml").read_text()
    policy.put(policy_yaml=text)
    certificates.put(tls_crt=(source / "tls.crt").read_bytes(), tls_key=(source / "tls.key").read_bytes())
    server = Server(folder, policy / "policy.yaml", certificates)
    server.policy_files, server.policy_text = policy, text
    server.certificate_files, server.certificate_source, server.authority = certificates, source, source / "ca.crt"
    return server.start()


def definitions():
    """The definitions of GitRepository to test with: ours, then those below PATLESS_TEST_CRDS."""
    yield "", ROOT / "Tests/Fixtures/gitrepositories.yaml"
    folder = os.environ.get("PATLESS_TEST_CRDS")
    for file in sorted(pathlib.Path(folder).rglob("*gitrepositories.yaml")) if folder else []:
        yield f" [Flux' definition {file.parent.relative_to(folder).name or 'at the top'}]", file


def run(tally, cluster, server, client):
    def evidence():
        return f"patless:\n{server.last_lines()}\nAPI server:\n{cluster.log_tail()}"

    def ask(module, *arguments, suffix=""):
        tally.run(harness.tests_of(module) if isinstance(module, str) else module, cluster, *arguments, suffix=suffix, after_failure=evidence)

    repositories = harness.tests_of("repositories")
    for suffix, file in reversed(list(definitions())):   # ours last: the tests below go on with it
        for kind in ["mutatingwebhookconfiguration", "validatingwebhookconfiguration"]:
            cluster.must("delete", kind, "patless", "--ignore-not-found")
        versions = cluster.install_crd(file)
        cluster.register(client)
        ask(repositories, versions, suffix=suffix)
    # A module that another one imports is loaded first, so that its tests are its own.
    modules = ["kubeconfigs", "equivalence", "identities", "outages", "rotation", "scans", "evasions", "draining", "telemetry", "corpus"]
    tests = {module: harness.tests_of(module) for module in modules}
    # What draining leaves registered is for its own servers.
    for module in [*modules[1:-1], "kubeconfigs", "corpus"]:
        ask(tests[module], server, client)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
