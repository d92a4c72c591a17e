"""matchPolicy Equivalent: a webhook that lists one version is called for writes through the others."""

import objects
from harness import expect, test


@test
def a_webhook_that_lists_v1_only_decides_v1beta2_writes(cluster, server, client):
    cluster.register(client, versions=["v1"])
    try:
        refused = cluster.apply(objects.with_pat("equivalent", version="v1beta2"))
        expect(not refused.ok and "spec.secretRef" in refused.err, refused.text)
    finally:
        cluster.register(client)
