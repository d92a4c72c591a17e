"""A release in a cluster, from its installation to its end. Each test goes on where the one before ended."""

import contextlib
import copy
import re

import objects
from chart import CHART, example
from harness import eventually, expect, test
from load import Load
from metrics import all_queries, known_metrics, metric_names
from release import NAMESPACE
from server import ROOT, make_certificates


@test
def a_cluster_without_cert_manager_is_told_so(cluster, release):
    done = release.helm("install", "patless", CHART, "--namespace", NAMESPACE, "--values", example("cert-manager"))
    expect(done.returncode != 0 and 'no matches for kind "Certificate"' in done.stderr, done.stderr)
    for group, kind in [
        ("cert-manager.io", "Issuer"), ("cert-manager.io", "Certificate"),
        ("monitoring.coreos.com", "ServiceMonitor"), ("monitoring.coreos.com", "PrometheusRule"),
    ]:
        cluster.must("apply", "-f", "-", send=definition(group, kind))
    cluster.must("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")


def definition(group, kind):
    """A definition that takes anything: enough to keep the objects that other operators would act on."""
    plural, anything = kind.lower() + "s", {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": anything}}
    names = {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": kind + "List"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {"group": group, "scope": "Namespaced", "names": names, "versions": [version]},
    }


@test
def the_notes_tell_what_to_do_next_and_warn(cluster, release):
    def notes(values):
        arguments = ["install", "patless", CHART, "--namespace", NAMESPACE, "--dry-run=client"]
        return release.helm.must(*arguments, "--values", release.helm.values(values)).partition("\nNOTES:\n")[2]

    text = notes(example("managed"))
    for words in [
        "rollout status deployment/patless", "readyz?verbose", "helm test patless --namespace patless",
        "port-forward deployment/patless 8081", "gets its identity within a minute", "rollout restart deployment/source-controller",
        "delete validatingwebhookconfiguration,mutatingwebhookconfiguration patless",
    ]:
        expect(words in text, text)
    expect("cert-manager" not in text and "kubernetes.io/tls" not in text, text)
    expect(text.count("WARNING") == 1 and "before Kubernetes 1.21" in text, text)
    text = notes(example("cert-manager"))
    for words in ["get certificate", "annotate serviceaccount source-controller", "rollout restart deployment/source-controller"]:
        expect(words in text, text)
    text = notes(example("issuer"))
    for words in ["policy.identities is empty", "only one replica", "webhooks.validate.failurePolicy is Ignore"]:
        expect(words in text, text)
    text = notes(example("everything"))
    expect("webhooks.mutate.failurePolicy is Fail" in text and "anywhere in the cluster" in text, text)
    expect("rollout restart" not in text and "helm test" not in text, text)


@test
def helm_installs_it_beside_a_certificate(cluster, release):
    cluster.install_crd(ROOT / "Tests/Fixtures/gitrepositories.yaml")
    release.before = release.everything()
    files = [f"--{name}={release.certificates / file}" for name, file in [("cert", "tls.crt"), ("key", "tls.key")]]
    cluster.must("create", "secret", "tls", "patless-serving", "-n", NAMESPACE, *files)
    release.run("install")
    kinds = {name.split("/")[0] for name in release.own()}
    wanted = {
        "ServiceAccount", "Lease", "ConfigMap", "Service", "Deployment", "PodDisruptionBudget", "NetworkPolicy", "Role", "RoleBinding",
        "ClusterRole", "ClusterRoleBinding", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
    }
    expect(kinds == wanted, kinds)


@test
def before_a_replica_serves_repositories_are_refused_and_accounts_pass(cluster, release):
    eventually("the API server calls", lambda: not cluster.apply(objects.keyless("early"), "--dry-run=server").ok)
    said = cluster.apply(objects.keyless("early"), "--dry-run=server")
    expect("failed calling webhook" in said.err and "validate.patless.dev" in said.err, said.text)
    said = cluster.apply(objects.service_account(), "--dry-run=server")
    expect(said.ok, said.text)


@test
def two_replicas_serve_from_nothing_but_the_executable_and_their_volumes(cluster, release):
    release.start_pods()
    expect(len(release.pods) == 2, f"{len(release.pods)} replicas")
    eventually("both webhooks are called", lambda: cluster.webhooks_are_called() == (True, True))


@test
def a_repository_with_a_token_is_refused_with_our_message(cluster, release):
    said = cluster.apply(objects.with_pat("shop"))
    expect(not said.ok, said.text)
    for words in ['admission webhook "validate.patless.dev" denied the request', "spec.secretRef", "set spec.provider: azure"]:
        expect(words in said.err, said.text)
    cluster.must("apply", "--validate=false", "-f", "-", send=objects.keyless("shop"))


@test
def the_replica_that_refused_it_shows_that_on_its_loopback_address_alone(cluster, release):
    eventually("one of them shows it", lambda: any("azure-devops-pat" in pod.page() for pod in release.pods))
    for pod in release.pods:
        with contextlib.suppress(OSError):
            expect(not pod.page(pod.host), "it is to be seen from outside")


@test
def source_controller_gets_its_identity_and_nobody_else_does(cluster, release):
    cluster.must("apply", "-f", "-", send=objects.service_account())
    cluster.must("apply", "-f", "-", send=objects.deployment())
    metadata = cluster.get("serviceaccount", "source-controller", "flux-system")["metadata"]
    expect(objects.ANNOTATIONS.items() <= metadata.get("annotations", {}).items(), metadata)
    template = cluster.get("deployment", "source-controller", "flux-system")["spec"]["template"]
    expect(objects.LABELS.items() <= template["metadata"]["labels"].items(), template["metadata"])
    cluster.must("apply", "-f", "-", send=objects.service_account(namespace="apps"))
    metadata = cluster.get("serviceaccount", "source-controller", "apps")["metadata"]
    expect(objects.WORKLOAD_IDENTITY not in str(metadata.get("annotations")).replace("kubectl", ""), metadata)


@test
def a_namespace_is_left_out_by_its_label(cluster, release):
    cluster.must("label", "namespace", "apps", "patless.dev/ignore=true")
    eventually("apps is left out", lambda: cluster.apply(objects.with_pat("ignored"), "--dry-run=server").ok)
    cluster.must("label", "namespace", "apps", "patless.dev/ignore-")
    eventually("apps is back", lambda: not cluster.apply(objects.with_pat("ignored"), "--dry-run=server").ok)


@test
def alerts_and_dashboard_ask_for_metrics_that_there_are(cluster, release):
    page = release.pods[0].ask("/metrics")[1]
    names, queries = metric_names(release), all_queries(release)
    # Only a server with an authority of its own has that one: `managed` asks it.
    missing = names - known_metrics(release.pods[0]) - {"patless_authority_expiry_timestamp_seconds"}
    expect(len(names) >= 10 and not missing, f"there is no {missing}")
    for series in [f'patless_{what}_reloads_total{{result="failure"}}' for what in ["policy", "certificate"]] + ['patless_tls_handshakes_total{result="failure"}']:
        expect(series in page, f"there is no {series}")
    # The API server's own, which Prometheus gets from there.
    page = cluster.must("get", "--raw", "/metrics").out
    for query in queries:
        for name in re.findall(r"\bapiserver_\w+", query):
            if "fail_open" not in name:   # from Kubernetes 1.25 on
                expect(f"{name}{{" in page, f"the API server has no {name}")


@test
def an_upgrade_that_changes_no_value_touches_no_object_and_loses_no_admission(cluster, release):
    before = release.own()
    with Load(cluster) as load:
        release.run("upgrade")
        load.more()
    expect(release.own() == before, "touched:", set(release.own().items()) ^ set(before.items()))


@test
def an_upgrade_with_another_policy_is_decided_by_without_a_restart(cluster, release):
    values, before = copy.deepcopy(release.values), release.own()
    values["policy"]["rules"] = {"secret-ref": {"mode": "warn"}}
    release.run("upgrade", values)
    expect(release.own()["Deployment/patless"] == before["Deployment/patless"], "the Deployment is another")
    policies = [pod.policy() for pod in release.pods]
    for pod in release.pods:
        pod.sync()
    eventually("both have the new policy", lambda: all(pod.policy() != old for pod, old in zip(release.pods, policies)))
    said = cluster.apply(objects.with_pat("warned"), "--dry-run=server")
    expect(said.ok and "Warning:" in said.err and "spec.secretRef" in said.err, said.text)


@test
def a_rollback_is_decided_by_too(cluster, release):
    release.helm.must("rollback", "patless", "1", "--namespace", NAMESPACE)
    for pod in release.pods:
        pod.sync()
    eventually("tokens are refused again", lambda: not cluster.apply(objects.with_pat("warned"), "--dry-run=server").ok)
    expect(all(pod.process.poll() is None for pod in release.pods), "a pod was restarted")


@test
def a_renewed_certificate_is_served_without_a_lost_admission(cluster, release):
    with Load(cluster) as load:
        make_certificates(release.certificates, "--renew")
        names = [f"--{name}={release.certificates / file}" for name, file in [("cert", "tls.crt"), ("key", "tls.key")]]
        secret = cluster.must("create", "secret", "tls", "patless-serving", "-n", NAMESPACE, *names, "--dry-run=client", "-o", "json")
        cluster.must("apply", "-f", "-", send=secret.out)
        for pod in release.pods:
            pod.sync()
        for pod in release.pods:
            wanted = 'patless_certificate_reloads_total{result="success"} 1'
            eventually(f"{pod.host} serves the new certificate", lambda: wanted in pod.ask("/metrics")[1])
        load.more()


@test
def uninstalling_it_leaves_nothing_and_the_cluster_works(cluster, release):
    for thing in [("gitrepository", "shop", "apps"), ("serviceaccount", "source-controller", "flux-system"), ("deployment", "source-controller", "flux-system"), ("serviceaccount", "source-controller", "apps")]:
        cluster.remove(*thing)
    release.uninstall()
    cluster.remove("secret", "patless-serving", NAMESPACE)   # the user's own
    left = release.everything() - release.before
    expect(not left, f"left: {sorted(left)}")
    cluster.must("create", "--validate=false", "-f", "-", send=objects.with_pat("afterwards"))


@test
def helm_leaves_alone_what_cert_manager_writes_into_the_webhooks(cluster, release):
    release.run("install", example("cert-manager"))
    wrote = objects.encoded(release.certificates / "ca.crt")
    kinds = ["mutatingwebhookconfiguration", "validatingwebhookconfiguration"]
    for kind in kinds:   # what its CA injector does, whom the annotation tells
        marks = cluster.must("get", kind, "patless", "-o", "json").object()["metadata"]["annotations"]
        expect(marks.get("cert-manager.io/inject-ca-from") == "patless/patless-tls", marks)
        patch = f'[{{"op": "add", "path": "/webhooks/0/clientConfig/caBundle", "value": "{wrote}"}}]'
        cluster.must("patch", kind, "patless", "--type=json", "-p", patch)
    before = release.own()
    release.run("upgrade", example("cert-manager"))
    expect(release.own() == before, "touched:", set(release.own().items()) ^ set(before.items()))
    release.run("upgrade", example("cert-manager"), "--set", "webhooks.timeoutSeconds=5")
    release.helm.must("rollback", "patless", "--namespace", NAMESPACE)
    release.run("upgrade", example("cert-manager"), "--set", "webhooks.timeoutSeconds=6")
    for kind in kinds:
        (hook,) = cluster.must("get", kind, "patless", "-o", "json").object()["webhooks"]
        expect(hook["timeoutSeconds"] == 6 and hook["clientConfig"].get("caBundle") == wrote, hook)
    release.helm.must("uninstall", "patless", "--namespace", NAMESPACE)
    left = release.everything() - release.before
    expect(left == {"gitrepository.source.toolkit.fluxcd.io/afterwards"}, f"left: {sorted(left)}")


@test
def every_feature_at_once_can_be_installed(cluster, release):
    cluster.must("create", "namespace", "team-flux")   # an identity's
    release.run("install", example("everything"))
    release.helm.must("uninstall", "patless", "--namespace", NAMESPACE)
