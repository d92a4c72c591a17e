"""What of a release is Helm's and what the server's: neither undoes what the other wrote. Nothing runs; tests write as the
server, with its token."""

import base64
import json

import yaml

from chart import CHART, example
from harness import expect, test
from release import NAMESPACE

CONFIGURATIONS = "validatingwebhookconfiguration", "mutatingwebhookconfiguration"
BUNDLE = base64.b64encode(b"-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n").decode()
AUTHORITY = {"ca.crt": BUNDLE, "ca.key": base64.b64encode(b"a key").decode()}


class Server:
    """kubectl with what the server may do."""

    def __init__(self, cluster):
        self.cluster, self.token = cluster, cluster.token(NAMESPACE, "patless")

    def __call__(self, *arguments, send=None):
        return self.cluster.kubectl("--token", self.token, *arguments, send=send)

    def must(self, *arguments, send=None):
        done = self(*arguments, send=send)
        expect(done.ok, done.text)
        return done

    def may(self, verb, resource, namespace):
        """Whether RBAC allows it; `resource` may have a name: secrets/patless-ca."""
        return self("auth", "can-i", verb, resource, "-n", namespace).ok

    def write_secret(self):
        self.must("patch", "secret", "patless-ca", "-n", NAMESPACE, "--type=merge", "-p", json.dumps({"data": AUTHORITY}))

    def write_bundles(self):
        for kind in CONFIGURATIONS:
            (name,) = [hook["name"] for hook in self.cluster.get(kind, "patless")["webhooks"]]
            patch = {"webhooks": [{"name": name, "clientConfig": {"caBundle": BUNDLE}}]}
            self.must("patch", kind, "patless", "--type=strategic", "--field-manager=patless", "-p", json.dumps(patch))


def what_the_server_wrote_is_there(cluster, release):
    expect(cluster.get("secret", "patless-ca", NAMESPACE)["data"] == AUTHORITY, "the authority is another")
    for kind in CONFIGURATIONS:
        (hook,) = cluster.get(kind, "patless")["webhooks"]
        expect(hook["clientConfig"].get("caBundle") == BUNDLE, kind, hook)


@test
def a_namespace_that_an_identity_names_and_nobody_made_is_told(cluster, release):
    namespace = "policy.identities[0].namespace=nowhere"
    done = release.helm("install", "patless", CHART, "--namespace", NAMESPACE, "--values", example("managed"), "--set", namespace)
    expect(done.returncode != 0 and "kubectl create namespace nowhere" in done.stderr, done.stderr)
    options = ["--values", example("managed"), "--set", namespace, "--set", "backfill.enabled=false", "--dry-run=server"]
    release.helm.must("install", "patless", CHART, "--namespace", NAMESPACE, *options)


@test
def helm_installs_it_beside_nothing_at_all(cluster, release):
    release.before = release.everything()
    release.run("install", example("managed"))
    expect("data" not in cluster.get("secret", "patless-ca", NAMESPACE), "Helm wrote an authority")
    expect(not cluster.get("lease", "patless", NAMESPACE)["spec"], "Helm wrote a leader")
    kinds = {name.split("/")[0] for name in release.own()}
    wanted = {
        "ServiceAccount", "Secret", "Lease", "ConfigMap", "Service", "Deployment", "PodDisruptionBudget", "NetworkPolicy", "Role",
        "RoleBinding", "ClusterRole", "ClusterRoleBinding", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
    }
    expect(kinds == wanted, kinds ^ wanted)


@test
def its_token_opens_what_it_needs_and_nothing_else(cluster, release):
    server = Server(cluster)
    server.write_secret()
    server.write_bundles()
    for kind in ["secrets", *(kind + "s" for kind in CONFIGURATIONS)]:   # watched by name
        name = "patless-ca" if kind == "secrets" else "patless"
        for options in [[], ["--watch-only", "--request-timeout=1s"]]:
            done = server("get", kind, "-n", NAMESPACE, "--field-selector", f"metadata.name={name}", *options)
            expect("Forbidden" not in done.err and "forbidden" not in done.err, done.text)
    for verb, resource, namespace in [
        ("create", "secrets", NAMESPACE), ("create", "leases.coordination.k8s.io", NAMESPACE),
        ("patch", "leases.coordination.k8s.io/patless", NAMESPACE), ("patch", "serviceaccounts/source-controller", "flux-system"),
        ("patch", "deployments.apps/source-controller", "flux-system"), ("list", "pods", "flux-system"),
        ("create", "events.events.k8s.io", "flux-system"),
    ]:
        expect(server.may(verb, resource, namespace), f"it may not {verb} {resource} in {namespace}")
    for verb, resource, namespace in [
        ("list", "secrets", NAMESPACE), ("get", "secrets/other", NAMESPACE), ("delete", "secrets/patless-ca", NAMESPACE),
        ("get", "secrets/azure-devops-pat", "flux-system"), ("get", "secrets/patless-ca", "flux-system"), ("list", "secrets", "apps"),
        *((verb, f"{kind}s/other", NAMESPACE) for verb in ["get", "patch"] for kind in CONFIGURATIONS),
        *((verb, f"{kind}s/patless", NAMESPACE) for verb in ["update", "delete"] for kind in CONFIGURATIONS),
        *(("create", f"{kind}s", NAMESPACE) for kind in CONFIGURATIONS),
        ("patch", "serviceaccounts/default", "flux-system"), ("patch", "serviceaccounts/source-controller", "apps"),
        ("create", "serviceaccounts/token", NAMESPACE), ("create", "serviceaccounts/token", "flux-system"),
        ("patch", "deployments.apps/kustomize-controller", "flux-system"), ("delete", "deployments.apps/source-controller", "flux-system"),
        ("create", "pods", "flux-system"), ("list", "pods", "apps"), ("get", "gitrepositories.source.toolkit.fluxcd.io", "apps"),
        ("list", "nodes", NAMESPACE), ("escalate", "roles.rbac.authorization.k8s.io", NAMESPACE),
    ]:
        expect(not server.may(verb, resource, namespace), f"it may {verb} {resource} in {namespace}")


@test
def an_upgrade_that_changes_no_value_touches_nothing(cluster, release):
    before = release.own()
    release.run("upgrade", example("managed"))
    expect(release.own() == before, "touched:", set(release.own().items()) ^ set(before.items()))
    what_the_server_wrote_is_there(cluster, release)


@test
def helm_diff_has_nothing_to_show(cluster, release):
    """It compares what the release holds with what is rendered."""
    held = release.helm.must("get", "manifest", "patless", "--namespace", NAMESPACE)
    version = cluster.must("get", "--raw", "/version").object()["gitVersion"]
    rendered = release.helm.template(example("managed"), version, "--no-hooks").stdout
    expect("caBundle" not in held, "the release holds an authority")
    expect([*yaml.safe_load_all(held)] == [*yaml.safe_load_all(rendered)], "what is rendered is another")


@test
def who_looks_for_drift_by_server_side_apply_finds_none(cluster, release):
    """As Flux' helm-controller does: what the API server would make of the release's objects is what there is."""
    held = release.helm.must("get", "manifest", "patless", "--namespace", NAMESPACE)
    options = ["--server-side", "--dry-run=server", "--force-conflicts", "--field-manager=helm-controller"]
    count = 0
    for thing in yaml.safe_load_all(held):
        made = cluster.must("apply", *options, "-o", "json", "-f", "-", send=thing).object()
        there = cluster.get(thing["kind"], thing["metadata"]["name"], thing["metadata"].get("namespace", NAMESPACE))
        for one in [made, there]:
            one["metadata"].pop("managedFields", None)
        expect(made == there, f"{thing['kind']}:", json.dumps(made), json.dumps(there))
        count += 1
    expect(count > 10, f"only {count} objects")


@test
def an_upgrade_and_a_rollback_that_change_the_webhooks_leave_the_authority(cluster, release):
    release.run("upgrade", example("managed"), "--set", "webhooks.timeoutSeconds=5")
    what_the_server_wrote_is_there(cluster, release)
    release.helm.must("rollback", "patless", "1", "--namespace", NAMESPACE)
    what_the_server_wrote_is_there(cluster, release)
    (hook,) = cluster.get(CONFIGURATIONS[0], "patless")["webhooks"]
    expect(hook["timeoutSeconds"] == 3, hook)


@test
def what_somebody_deleted_and_the_server_made_again_is_helms_again_with_the_next_upgrade(cluster, release):
    server = Server(cluster)
    cluster.remove("secret", "patless-ca", NAMESPACE)
    cluster.remove("lease", "patless", NAMESPACE)
    name = {"metadata": {"name": "patless-ca", "namespace": NAMESPACE}}
    server.must("create", "-f", "-", send={"apiVersion": "v1", "kind": "Secret", **name, "data": AUTHORITY})
    name = {"metadata": {"name": "patless", "namespace": NAMESPACE}}
    server.must("create", "-f", "-", send={"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", **name, "spec": {"holderIdentity": "a"}})
    release.run("upgrade", example("managed"))
    what_the_server_wrote_is_there(cluster, release)
    expect(cluster.get("lease", "patless", NAMESPACE)["spec"]["holderIdentity"] == "a", "another leader")
    expect({"Secret/patless-ca", "Lease/patless"} <= release.own().keys(), "they do not have the release's labels")


@test
def another_method_and_back_is_an_upgrade(cluster, release):
    release.run("upgrade", example("provided"))
    expect(not cluster.exists("secret", "patless-ca", NAMESPACE), "the authority's key is still there")
    expect(not Server(cluster).may("create", "secrets", NAMESPACE), "it may still create Secrets")
    release.run("upgrade", example("managed"))
    Server(cluster).write_secret()
    for kind in CONFIGURATIONS:
        (hook,) = cluster.get(kind, "patless")["webhooks"]
        expect("caBundle" not in hook["clientConfig"], kind, hook)


@test
def uninstalling_it_takes_along_what_the_server_wrote(cluster, release):
    cluster.remove("secret", "patless-ca", NAMESPACE)
    name = {"metadata": {"name": "patless-ca", "namespace": NAMESPACE}}
    Server(cluster).must("create", "-f", "-", send={"apiVersion": "v1", "kind": "Secret", **name, "data": AUTHORITY})
    release.helm.must("uninstall", "patless", "--namespace", NAMESPACE)
    left = release.everything() - release.before
    expect(not left and not cluster.exists("lease", "patless", NAMESPACE), f"left: {sorted(left)}")
