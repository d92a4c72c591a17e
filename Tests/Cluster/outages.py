"""With nobody at home, failurePolicy decides."""

import objects
from harness import expect, test
from identities import fresh, ours


@test
def with_the_server_stopped_fail_refuses_and_ignore_passes(cluster, server, client):
    fresh(cluster)
    server.stop()
    try:
        refused = cluster.apply(objects.keyless("nobody-home"))
        expect(not refused.ok and "failed calling webhook" in refused.err, refused.text)
        passed = cluster.apply(objects.service_account())
        expect(passed.ok, passed.text)
        metadata = cluster.get("serviceaccount", "source-controller", "flux-system")["metadata"]
        expect(not ours(metadata.get("labels")), metadata)
    finally:
        server.start()
    accepted = cluster.apply(objects.keyless("nobody-home"))
    expect(accepted.ok, "the server is back, and still:", accepted.text)
