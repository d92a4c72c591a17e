"""Identities for what exists already, by the release that `managed` left running. Each test goes on where the one before ended."""

import copy
import json
import re

import objects
from chart import IDENTITY
from harness import eventually, expect, test
from managed import VALUES
from release import NAMESPACE

ALONE = {**VALUES, "policy": {"identities": [IDENTITY]}, "certificates": {}, "server": {"drainSeconds": 2}, "replicas": 2}
FLUX = "flux-system"


def restarted(release, values, *options):
    """Replicas with other values, and nothing left of those before."""
    for pod in release.pods:
        pod.stop()
    release.run("upgrade", values, *options)
    release.start_pods()


def leaders(release):
    return [pod for pod in release.pods if "\npatless_leader 1\n" in pod.ask("/metrics")[1]]


def leader_of(release):
    """The one that leads, once there is one."""
    return eventually("there is one leader", lambda: len(found := leaders(release)) == 1 and found[0], 25)


def identity_ready(release):
    """What the leader's metric says; None when it says nothing."""
    for pod in leaders(release):
        for line in pod.ask("/metrics")[1].splitlines():
            if line.startswith('patless_identity_ready{namespace="flux-system"'):
                return line.split()[-1]
    return None


def applied(cluster):
    """What patless has applied to the account, as the API server has it: newer kubectls do not show that."""
    thing = cluster.must("get", "--raw", f"/api/v1/namespaces/{FLUX}/serviceaccounts/source-controller").object()
    entries = thing["metadata"].get("managedFields", [])
    return [entry for entry in entries if (entry["manager"], entry["operation"]) == ("patless", "Apply")]


def put_before(cluster, release, *things):
    """Makes objects without patless hearing of them, as they are in a cluster that it comes to late."""
    for pod in release.pods:
        pod.stop()
    release.forget_addresses()   # the mutating webhook fails open
    for kind in ["serviceaccount", "deployment"]:
        cluster.remove(kind, "source-controller", FLUX)
    for thing in things:
        cluster.must("create", "-f", "-", send=thing)


def pod_of(name, labels=None, env=None):
    container = {"name": "manager", "image": "x", "env": [{"name": key, "value": value} for key, value in (env or {}).items()]}
    labels = {"app": "source-controller", **(labels or {})}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": FLUX, "labels": labels}, "spec": {"containers": [container]}}


INJECTED = {"AZURE_CLIENT_ID": objects.CLIENT_ID, "AZURE_FEDERATED_TOKEN_FILE": "/var/run/secrets/azure/tokens/azure-identity-token"}


def events(cluster):
    listed = cluster.must("get", "events.events.k8s.io", "-n", FLUX, "-o", "json").object()["items"]
    return [event for event in listed if event["reason"] == "IdentityMissing"]


@test
def what_exists_already_gets_what_is_missing_and_no_more(cluster, release):
    theirs = objects.service_account(annotations={"team": "flux"}, labels={"azure.workload.identity/use": "true"})
    put_before(cluster, release, theirs, objects.deployment())
    before = cluster.get("serviceaccount", "source-controller", FLUX)
    expect("azure" not in str(before["metadata"]["annotations"]), "it has its identity already", before)
    restarted(release, ALONE)

    def account():
        return cluster.get("serviceaccount", "source-controller", FLUX)

    eventually("the account has its identity", lambda: objects.ANNOTATIONS.items() <= account()["metadata"]["annotations"].items())
    expect(account()["metadata"]["annotations"]["team"] == "flux", account())
    (entry,) = applied(cluster)
    expect("f:labels" not in entry["fieldsV1"]["f:metadata"], "it claims a label that was there", entry)

    def deployment():
        return cluster.get("deployment", "source-controller", FLUX)

    eventually("the pod template has its label", lambda: objects.LABELS.items() <= deployment()["spec"]["template"]["metadata"]["labels"].items())
    expect(deployment()["spec"]["template"]["spec"]["containers"][0]["name"] == "manager", deployment())


@test
def what_is_complete_is_not_written_again(cluster, release):
    def versions():
        return [cluster.get(kind, "source-controller", FLUX)["metadata"]["resourceVersion"] for kind in ["serviceaccount", "deployment"]]

    before = versions()
    eventually("the identity is complete", lambda: identity_ready(release) == "1")
    restarted(release, ALONE)   # a new leader looks anew
    eventually("the identity is complete", lambda: identity_ready(release) == "1", 25)
    expect(versions() == before, "they were written again")


@test
def one_replica_leads_and_the_other_takes_over_when_it_is_killed(cluster, release):
    leader = leader_of(release)
    leader.stop(in_order=False)
    (other,) = [pod for pod in release.pods if pod is not leader]
    eventually("the other one leads", lambda: leaders(release) == [other], 30)
    cluster.must("annotate", "serviceaccount", "source-controller", "-n", FLUX, "azure.workload.identity/client-id-")
    restarted(release, ALONE)


@test
def a_replica_that_goes_in_order_hands_over_at_once(cluster, release):
    leader = leader_of(release)
    leader.stop()
    eventually("the other one leads", lambda: len(leaders(release)) == 1 and leaders(release) != [leader], 8)
    restarted(release, ALONE)


@test
def pods_that_are_older_than_their_identity_are_told_by_event_metric_and_page(cluster, release):
    cluster.must("create", "-f", "-", send=pod_of("source-controller-old"))
    restarted(release, ALONE)
    eventually("the metric says so", lambda: identity_ready(release) == "0", 25)
    eventually("there is an Event", lambda: [event for event in events(cluster) if "1 of 1 pods" in event["note"]])
    event = next(event for event in events(cluster) if "1 of 1 pods" in event["note"])   # each leader tells it once
    expect(event["regarding"]["kind"] == "Deployment" and event["type"] == "Warning", event)
    for words in ["1 of 1 pods", "before its pod template asked", "kubectl -n flux-system rollout restart deployment/source-controller"]:
        expect(words in event["note"], event["note"])
    leader = leader_of(release)
    for words in ["not ready", "1 of 1 pods", "It leads:", "Enforcing: no static Git credential gets in", "a call to ourselves succeeds"]:
        eventually(f"{words} is on the status page", lambda words=words: words in leader.page(), 25)
    eventually("the scan is on it", lambda: re.search(r"of <b>\d+ objects?</b> comply", leader.page()), 25)
    template = cluster.get("deployment", "source-controller", FLUX)["spec"]["template"]
    expect("annotations" not in template["metadata"], "it was restarted without being told to", template)


@test
def pods_that_act_as_their_identity_make_it_ready(cluster, release):
    cluster.must("delete", "pod", "source-controller-old", "-n", FLUX, "--grace-period=0", "--force")
    cluster.must("create", "-f", "-", send=pod_of("source-controller-new", objects.LABELS, INJECTED))
    restarted(release, ALONE)
    eventually("the identity is complete", lambda: identity_ready(release) == "1", 25)


@test
def a_pod_that_asked_in_vain_or_acts_as_another_is_told_apart(cluster, release):
    for name, env, words in [
        ("vain", {}, "azure-workload-identity's webhook did not see it"),
        ("other", {**INJECTED, "AZURE_CLIENT_ID": "99999999-2222-3333-4444-555555555555"}, "before its ServiceAccount had this client id"),
    ]:
        cluster.must("create", "-f", "-", send=pod_of(f"source-controller-{name}", objects.LABELS, env))
        restarted(release, ALONE)
        eventually(f"an Event tells of {name}", lambda: any(words in event["note"] for event in events(cluster)), 25)
        cluster.must("delete", "pod", f"source-controller-{name}", "-n", FLUX, "--grace-period=0", "--force")


@test
def a_deployment_is_restarted_once_if_the_values_say_so(cluster, release):
    cluster.must("create", "-f", "-", send=pod_of("source-controller-old"))
    restarted(release, {**ALONE, "backfill": {"restart": True}})

    def deployment():
        return cluster.get("deployment", "source-controller", FLUX)

    def mark():
        return deployment()["spec"]["template"]["metadata"].get("annotations", {}).get("patless.dev/restarted-for")

    eventually("the pod template is another", lambda: mark() == objects.CLIENT_ID, 25)
    expect(objects.LABELS.items() <= deployment()["spec"]["template"]["metadata"]["labels"].items(), "the label is gone", deployment())
    before = deployment()["metadata"]["generation"]
    restarted(release, {**ALONE, "backfill": {"restart": True}})
    eventually("the metric still says so", lambda: identity_ready(release) == "0", 25)
    expect(deployment()["metadata"]["generation"] == before, "it was restarted twice")
    cluster.must("delete", "pod", "source-controller-old", "-n", FLUX, "--grace-period=0", "--force")


@test
def a_foreign_identity_is_kept_unless_it_is_to_be_overwritten(cluster, release):
    other = "99999999-2222-3333-4444-555555555555"
    put_before(cluster, release, objects.service_account(annotations={"azure.workload.identity/client-id": other}), objects.deployment())
    restarted(release, ALONE)
    eventually("the account has its label", lambda: cluster.get("serviceaccount", "source-controller", FLUX)["metadata"].get("labels"), 25)

    def annotations():
        return cluster.get("serviceaccount", "source-controller", FLUX)["metadata"]["annotations"]

    expect(annotations()["azure.workload.identity/client-id"] == other and "azure.workload.identity/tenant-id" not in annotations(), annotations())
    values = copy.deepcopy(ALONE)
    values["policy"]["identities"][0]["onConflict"] = "overwrite"
    restarted(release, values)
    eventually("the account has ours", lambda: annotations()["azure.workload.identity/client-id"] == objects.CLIENT_ID, 25)


@test
def the_servers_own_token_opens_nothing_else(cluster, release):
    token = cluster.token(NAMESPACE, "patless")
    for arguments in [
        ("get", "secrets", "-n", NAMESPACE), ("get", "secrets", "-A"), ("get", "secret", "azure-devops-pat", "-n", FLUX),
        ("get", "validatingwebhookconfigurations"), ("get", "configmaps", "-n", NAMESPACE), ("get", "serviceaccounts", "-A"),
        ("delete", "validatingwebhookconfiguration", "patless"), ("delete", "secret", "patless-ca", "-n", NAMESPACE),
        ("patch", "validatingwebhookconfiguration", "other", "-p", "{}"),
    ]:
        done = cluster.kubectl("--token", token, *arguments)
        expect(not done.ok and "forbidden" in done.err.lower(), done.text)
    done = cluster.kubectl("--token", token, "get", "secret", "patless-ca", "-n", NAMESPACE)
    expect(done.ok, done.text)
    patch = json.dumps([{"op": "add", "path": "/metadata/labels/tried", "value": "yes"}])
    done = cluster.kubectl("--token", token, "patch", "clusterrole", "patless", "--type=json", "-p", patch)
    expect(not done.ok, done.text)


@test
def uninstalling_it_leaves_nothing_and_the_cluster_works(cluster, release):
    for kind, name, namespace in [("serviceaccount", "source-controller", FLUX), ("deployment", "source-controller", FLUX), ("pod", "source-controller-new", FLUX)]:
        cluster.must("delete", kind, name, "-n", namespace, "--ignore-not-found", "--grace-period=0", "--force")
    release.uninstall()
    eventually("nothing is left", lambda: not release.everything() - release.before)
    expect(not cluster.exists("lease", "patless", NAMESPACE), "its Lease is left")
    cluster.must("create", "--validate=false", "-f", "-", send=objects.with_pat("afterwards", namespace="default"))
    cluster.remove("gitrepository", "afterwards", "default")
