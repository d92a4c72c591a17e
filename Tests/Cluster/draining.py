"""Two replicas behind a Service, one of which is asked to go."""

import time

import objects
from harness import eventually, expect, test
from load import Load
from server import Server

HOSTS = ["10.77.0.11", "10.77.0.12"]
DRAIN = 5
AGE = ["--max-connection-age", "1"]   # so that the API server soon has connections to both


def point_service_at(cluster, hosts):
    service, endpoints, slice_of_it = objects.service(hosts)
    for thing in [service, endpoints]:
        cluster.must("apply", "-f", "-", send=thing)
    cluster.kubectl("apply", "-f", "-", send=slice_of_it)   # API servers before 1.21 do not know it


@test
def no_admission_is_lost_while_one_of_two_servers_drains(cluster, server, client):
    folder, config = server.folder, server.policy_files / "policy.yaml"
    replicas = [Server(folder, config, server.certificate_files, host=host, drain=DRAIN, options=AGE).start() for host in HOSTS]
    try:
        point_service_at(cluster, HOSTS)
        cluster.register(objects.by_service(server.authority))
        with Load(cluster) as load:
            eventually("both replicas decide", lambda: all(decided(replica) > 20 for replica in replicas))
            leaving, staying = replicas
            began = time.monotonic()
            leaving.terminate()
            # What the cluster does: kubelet sees that it is not ready, and the endpoints controller takes it out.
            eventually("the leaving replica is not ready", lambda: not leaving.ready(), DRAIN - 1)
            expect(leaving.process.poll() is None, "it went at once, with requests on the way to it")
            load.more()
            point_service_at(cluster, HOSTS[1:])
            status = leaving.wait(DRAIN + 15)
            took = time.monotonic() - began
            load.more(200)
        expect(status == 0, f"it ended with {status}:", leaving.last_lines())
        expect(took >= DRAIN - 0.5, f"it drained for {took:.1f} s only")
        before = decided(staying)
        with Load(cluster):
            pass
        expect(decided(staying) > before, "the staying replica does not decide")
    finally:
        cluster.register(client)
        for replica in replicas:
            replica.stop()


def decided(replica):
    """How many admissions it answered, from all its series."""
    lines = replica.ask("/metrics")[1].splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("patless_admission_requests_total{"))


@test
def a_server_that_asks_who_calls_knows_the_api_server(cluster, server, client):
    control_plane = cluster.folder
    options = ["--client-ca", control_plane / "ca.crt", "--client-name", "kube-apiserver"]
    strict = Server(
        server.folder, server.policy_files / "policy.yaml", server.certificate_files, port=9543, ops=9180, options=options
    ).start()
    try:
        cluster.register(objects.by_url(strict.port, server.authority))
        refused = cluster.apply(objects.with_pat("strict-client"))
        expect(not refused.ok and "spec.secretRef" in refused.err, refused.text)
        strict.stop()
        strict.arguments[-1] = "somebody-else"
        strict.start()
        refused = cluster.apply(objects.keyless("strict-client"))
        expect(not refused.ok and "spec.secretRef" not in refused.err, "it let a caller of another name in:", refused.text)
    finally:
        cluster.register(client)
        strict.stop()
