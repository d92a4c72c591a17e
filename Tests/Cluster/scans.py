"""`patless scan --cluster`: what is in the cluster already, judged from a terminal."""

import json
import subprocess
import time

import objects
from harness import expect, test
from kubeconfigs import kubeconfig
from server import PATLESS


def scan(cluster, server, *arguments, config=None):
    file = cluster.folder / "scan-kubeconfig"
    file.write_text(json.dumps(config or kubeconfig(cluster, {"token": "admin-token"})))
    policy = server.policy_files / "policy.yaml"
    command = [PATLESS, "scan", "--cluster", "--kubeconfig", file, "--config", policy, *arguments]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)


@test
def what_is_stored_is_judged_as_the_webhook_judges_it(cluster, server, client):
    bad = objects.with_pat("stored")
    worse = objects.repository("in-the-url", url="https://git:hunter2@dev.azure.com/contoso/shop/_git/shop")
    cluster.create_before_webhooks(bad, worse, objects.keyless("scanned-good"))
    try:
        done = scan(cluster, server, "--format", "json")
        told = json.loads(done.stdout)
        found = {(one["object"], one["rule"], one["severity"]) for one in told["findings"]}
        for thing in [bad, worse]:
            refused = cluster.kubectl("create", "--validate=false", "--dry-run=server", "-f", "-", send={**thing, "metadata": {"name": "again", "namespace": "apps"}})
            for rule in ["secret-ref"] if thing is bad else ["url-credentials"]:
                expect((f"GitRepository apps/{thing['metadata']['name']}", rule, "deny") in found and rule in refused.err, found, refused.text)
        expect(not any("good" in one[0] for one in found), found)
        expect(done.returncode == 1 and "hunter2" not in done.stdout, done.stdout)
        for form in ["table", "sarif", "junit", "github", "azure-devops", "markdown", "html"]:
            done = scan(cluster, server, "--format", form)
            expect(done.returncode == 1 and "apps/stored" in done.stdout and "hunter2" not in done.stdout, form, done.stdout, done.stderr)
    finally:
        for thing in [bad, worse, objects.keyless("scanned-good")]:
            cluster.remove("gitrepository", thing["metadata"]["name"], "apps")


@test
def an_account_whose_identity_is_another_is_found_in_the_cluster(cluster, server, client):
    cluster.remove("serviceaccount", "source-controller", "flux-system")
    cluster.create_before_webhooks(objects.service_account(annotations={objects.WORKLOAD_IDENTITY + "client-id": objects.TENANT_ID}))
    try:
        done = scan(cluster, server, "--fail-on", "warn")
        expect(done.returncode == 1 and "identity-conflict on ServiceAccount flux-system/source-controller" not in done.stdout, done.stdout)
        expect("ServiceAccount flux-system/source-controller: warn: identity-conflict" in done.stdout, done.stdout)
    finally:
        cluster.remove("serviceaccount", "source-controller", "flux-system")


@test
def what_may_not_be_read_is_said_and_does_not_pass_for_clean(cluster, server, client):
    cluster.must("create", "serviceaccount", "nobody", "-n", "apps")
    try:
        config = kubeconfig(cluster, {"token": cluster.token("apps", "nobody")})
        done = scan(cluster, server, config=config)
        expect(done.returncode == 2 and "gitrepositories: not judged: cannot be read" in done.stdout and "forbidden" in done.stdout, done.stdout, done.stderr)
    finally:
        cluster.remove("serviceaccount", "nobody", "apps")


@test
def a_cluster_that_does_not_answer_is_given_up_soon(cluster, server, client):
    config = kubeconfig(cluster, {"token": "admin-token"}, server="https://127.0.0.1:1")
    began = time.monotonic()
    done = scan(cluster, server, config=config)
    expect(done.returncode == 2 and "127.0.0.1:1" in done.stderr and done.stdout == "", done.stdout, done.stderr)
    expect(time.monotonic() - began < 15, time.monotonic() - began)
