"""What the chart renders."""

import json
import os
import re
import subprocess
import tempfile

import cel
import yaml

from chart import CHART, EXAMPLES, HERE, example
from harness import expect, test
from server import PATLESS

GOLDEN = [
    *(("managed", version) for version in ["1.20", "1.27", "1.30"]),
    *(("everything", version) for version in ["1.20", "1.30"]),
    *((name, "1.30") for name in ["cert-manager", "issuer", "provided"]),
]
RESOURCES = {"MutatingWebhookConfiguration": "mutate.patless.dev", "ValidatingWebhookConfiguration": "validate.patless.dev"}


def patless(*arguments):
    return subprocess.run([PATLESS, *arguments], capture_output=True, text=True)


def webhook(helm, kind, values, version="1.30"):
    (one,) = helm.object(kind, values, version)["webhooks"]
    return one


@test
def helm_has_nothing_to_say_against_it(helm):
    for name in EXAMPLES:
        said = helm.must("lint", "--strict", CHART, "--values", example(name))
        expect("[ERROR]" not in said and "[WARNING]" not in said, said)
    said = helm.must("lint", "--strict", CHART)
    expect("[WARNING]" not in said, said)


@test
def it_renders_what_it_rendered_before(helm):
    for name, version in GOLDEN:
        file, text = HERE / f"golden/{name}-{version}.yaml", helm.text(example(name), version)
        if os.environ.get("UPDATE_GOLDEN"):
            file.write_text(text)
        differs = f"{file.name} is another now; look at it with UPDATE_GOLDEN=1 and git diff"
        expect(file.exists() and file.read_text() == text, differs)


@test
def the_server_can_use_every_policy_that_it_renders(helm):
    for name in EXAMPLES:
        policy = helm.object("ConfigMap", example(name))["data"]["policy.yaml"]
        with tempfile.NamedTemporaryFile("w", dir=helm.folder, suffix=".yaml") as file:
            file.write(policy)
            file.flush()
            done = patless("config", "check", file.name)
        expect(done.returncode == 0, f"{name}:", done.stderr, policy)


@test
def every_value_is_in_the_schema_and_every_key_of_the_schema_is_described(helm):
    schema = json.loads((CHART / "values.schema.json").read_text())
    values = yaml.safe_load((CHART / "values.yaml").read_text())

    def resolve(part):
        return schema["definitions"][part["$ref"].rsplit("/", 1)[1]] if "$ref" in part else part

    def compare(place, part, value):
        part = resolve(part)
        if place != "global" and "enum" not in part:
            expect(part.get("description"), f"{place or 'the schema'} has no description")
        properties = part.get("properties", {})
        expect(not properties or part.get("additionalProperties") is False, f"{place} lets anything in")
        for key, inner in properties.items():
            present = value.get(key) if isinstance(value, dict) else None
            # What is an entry of a list, a rule or optional in itself has no default to be shown.
            optional = not isinstance(value, dict) or place in ("policy.rules", "policy.azure", "certificates.certManager.issuerRef")
            expect(optional or key in value or key == "global", f"{place}.{key} is not in values.yaml")
            compare(f"{place}.{key}".lstrip("."), inner, present)
        if "items" in part:
            compare(place + "[]", part["items"], None)

    compare("", schema, values)


@test
def the_schema_knows_the_rules_of_the_server(helm):
    schema = json.loads((CHART / "values.schema.json").read_text())["properties"]["policy"]["properties"]
    rules = [line.split()[0] for line in patless("explain").stdout.splitlines() if re.match(r"[a-z-]+ +(deny|warn)", line)]
    exempted = schema["exemptions"]["items"]["properties"]["rules"]["items"]["enum"]
    expect(rules and list(schema["rules"]["properties"]) == rules == exempted, f"the server's: {rules}")


@test
def the_chart_is_of_the_servers_version(helm):
    version = patless("version").stdout.split()[1]
    expect(yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"] == version, version)


@test
def no_image_but_its_own_and_never_the_latest(helm):
    images = {"everything": "images.example.com/platform/patless@sha256:" + "0" * 63 + "1"}
    for name in EXAMPLES:
        text = helm.text(example(name))
        found = re.findall(r"^\s*(?:- )?image: (.*)$", text, re.M)
        expect({image.strip('"') for image in found} == {images.get(name, "patless:0.1.0")}, found)
        expect("latest" not in text, f"{name} mentions latest")


def pods(helm, name):
    """The pod of the Deployment, and that of `helm test` if there is one."""
    things = helm.objects(example(name))
    yield from (thing["spec"]["template"]["spec"] for thing in things if thing["kind"] == "Deployment")
    yield from (thing["spec"] for thing in things if thing["kind"] == "Pod")


@test
def pods_are_of_the_restricted_kind(helm):
    for name in EXAMPLES:
        found = list(pods(helm, name))
        expect(len(found) == (1 if name == "everything" else 2), f"{name} has {len(found)} pods")   # it asks for certificates
        for pod in found:
            (container,) = pod["containers"]
            expect(pod["securityContext"]["runAsNonRoot"] is True and pod["securityContext"]["runAsUser"] == 65532, pod)
            expect(pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, pod)
            wanted = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
            expect(container["securityContext"] == wanted, container)
            kinds = {kind for volume in pod.get("volumes", []) for kind in volume}
            expect(kinds <= {"name", "configMap", "secret", "persistentVolumeClaim"}, pod.get("volumes"))


@test
def no_job_and_no_hook_is_left_behind(helm):
    for name in EXAMPLES:
        things = helm.objects(example(name))
        expect("Job" not in [thing["kind"] for thing in things], "a Job")
        hooks = [thing for thing in things if "helm.sh/hook" in (thing["metadata"].get("annotations") or {})]
        expect([thing["metadata"]["annotations"]["helm.sh/hook"] for thing in hooks] in (["test"], []), hooks)


@test
def a_secret_is_mounted_only_if_it_is_not_our_own_and_helm_writes_no_authority(helm):
    for name, secrets in [("managed", []), ("everything", []), ("cert-manager", ["patless-tls"]), ("provided", ["patless-serving"])]:
        pod = next(pods(helm, name))
        mounted = [volume["secret"]["secretName"] for volume in pod["volumes"] if "secret" in volume]
        expect(mounted == secrets, name, mounted)
        arguments = pod["containers"][0]["args"]
        expect(("--manage-certificates" in arguments) != any(text.startswith("--tls-cert=") for text in arguments), arguments)
    for name in ["managed", "everything"]:
        secret = helm.object("Secret", example(name), name="patless-ca")
        expect(secret.keys() == {"apiVersion", "kind", "metadata", "type"} and secret["type"] == "Opaque", secret)
        for kind in RESOURCES:
            expect("caBundle" not in webhook(helm, kind, example(name))["clientConfig"], kind)


@test
def a_pod_has_time_to_drain_and_another_one_is_there_before_it_goes(helm):
    for name in EXAMPLES:
        spec = helm.object("Deployment", example(name))["spec"]
        pod = spec["template"]["spec"]
        drain = next(int(text.split("=")[1]) for text in pod["containers"][0]["args"] if text.startswith("--drain-seconds="))
        expect(pod["terminationGracePeriodSeconds"] >= drain + 5, pod)
        expect(spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0, spec["strategy"])


@test
def a_changed_policy_restarts_no_pod(helm):
    one, other = ({"policy": {"existing": value}} for value in ["warn", "deny"])
    expect(helm.object("Deployment", one) == helm.object("Deployment", other), "the Deployment is another")
    expect(helm.object("ConfigMap", one) != helm.object("ConfigMap", other), "the ConfigMap is not")


@test
def webhooks_are_called_for_nothing_that_is_not_theirs(helm):
    wanted = {
        ("", "v1", "serviceaccounts"), ("apps", "v1", "deployments"), ("source.toolkit.fluxcd.io", "*", "gitrepositories"),
    }
    for version in ["1.20", "1.30"]:
        hooks = [webhook(helm, kind, example("managed"), version) for kind in RESOURCES]
        rules = [rule for hook in hooks for rule in hook["rules"]]
        for rule in rules:
            expect(rule["operations"] == ["CREATE", "UPDATE"] and rule["scope"] == "Namespaced", rule)
        product = {
            (group, api, resource) for rule in rules
            for group in rule["apiGroups"] for api in rule["apiVersions"] for resource in rule["resources"]
        }
        expect(product == wanted, product)
        for hook in hooks:
            expect(hook["matchPolicy"] == "Equivalent" and hook["sideEffects"] == "None" and hook["timeoutSeconds"] == 3, hook)
    expect([hook["failurePolicy"] for hook in hooks] == ["Ignore", "Fail"], hooks)
    # An identity without a Deployment needs no Deployment to be sent.
    mutate = webhook(helm, "MutatingWebhookConfiguration", example("provided"))
    expect([rule["resources"] for rule in mutate["rules"]] == [["serviceaccounts"]], mutate["rules"])


@test
def without_an_identity_nothing_mutates(helm):
    kinds = [thing["kind"] for thing in helm.objects(example("issuer"))]
    expect("MutatingWebhookConfiguration" not in kinds and "ValidatingWebhookConfiguration" in kinds, kinds)


def selects(hook, labels):
    """Whether a namespace of these labels is among those of the webhook: what the API server makes of the selector."""
    for one in hook["namespaceSelector"]["matchExpressions"]:
        if (labels.get(one["key"]) in one["values"]) != (one["operator"] == "In"):
            return False
    return True


@test
def namespaces_are_chosen_by_name_and_left_out_by_label(helm):
    def name(value, **labels):
        return {"kubernetes.io/metadata.name": value, **labels}

    values = example("managed")
    mutate, validate = (webhook(helm, kind, values) for kind in RESOURCES)
    expect(selects(mutate, name("flux-system")) and not selects(mutate, name("apps")), mutate["namespaceSelector"])
    expect(selects(validate, name("apps")) and selects(validate, {}), validate["namespaceSelector"])
    for hook in [mutate, validate]:
        for labels in [
            name("patless"),
            name("flux-system", **{"patless.dev/ignore": "true"}),
            # What AKS' admissions enforcer adds to every webhook.
            name("flux-system", **{"control-plane": "true"}),
            name("flux-system", **{"kubernetes.azure.com/managedby": "aks"}),
        ]:
            expect(not selects(hook, labels), f"{hook['name']} is called for {labels}")
    old = webhook(helm, "MutatingWebhookConfiguration", values, "1.20")   # its namespaces do not carry their name
    expect(selects(old, {}), "on 1.20 no namespace is chosen")
    configuration = helm.object("ValidatingWebhookConfiguration", example("issuer"))
    for marks in ["labels", "annotations"]:
        expect(configuration["metadata"][marks]["admissions.enforcer/disabled"] == "true", configuration["metadata"])


def sent(hook, request, thing, old=None):
    """Whether the API server calls the webhook, by its matchConditions; as it does, an object is what JSON says it is."""
    known = {"request": request, "object": thing, "oldObject": old}
    return all(cel.evaluate(condition["expression"], known) is True for condition in hook.get("matchConditions", []))


@test
def a_repository_is_sent_when_it_is_made_and_when_its_spec_changes(helm):
    hook = webhook(helm, "ValidatingWebhookConfiguration", example("managed"))
    strict = webhook(helm, "ValidatingWebhookConfiguration", example("everything"))
    create, update = {"operation": "CREATE"}, {"operation": "UPDATE"}

    def repository(spec, **metadata):
        thing = {"metadata": {"name": "a", **metadata}, "status": {"observedGeneration": 1}}
        return thing if spec is None else {**thing, "spec": spec}

    old = repository({"url": "https://dev.azure.com/a", "ref": {"branch": "main"}}, finalizers=["finalizers.fluxcd.io"])
    other = repository({"url": "https://dev.azure.com/a", "ref": {"branch": "next"}})
    touched = repository({"ref": {"branch": "main"}, "url": "https://dev.azure.com/a"}, annotations={"reconcile.fluxcd.io/requestedAt": "now"})
    gone = repository({"url": "https://dev.azure.com/b"}, deletionTimestamp="2026-01-01T00:00:00Z")
    for one in [hook, strict]:
        expect(sent(one, create, old) and sent(one, create, repository(None)), "a new one is not sent")
        expect(sent(one, update, other, old) and sent(one, update, repository(None), old), "a changed one is not sent")
        expect(sent(one, update, old, repository(None)), "one that gets a spec is not sent")
        expect(not sent(one, update, gone, old), "one that is being deleted is sent")
    expect(not sent(hook, update, touched, old) and not sent(hook, update, repository(None), repository(None)), "one whose spec is as it was is sent")
    expect(sent(strict, update, touched, old), "existing: deny, and one whose spec is as it was is not sent")
    expect("matchConditions" not in webhook(helm, "ValidatingWebhookConfiguration", example("everything"), "1.27"), "1.27 has them")


@test
def of_accounts_and_deployments_only_those_of_identities_are_sent(helm):
    hook = webhook(helm, "MutatingWebhookConfiguration", example("everything"))

    def asked(resource, namespace, name):
        request = {"operation": "UPDATE", "resource": {"resource": resource}, "namespace": namespace}
        return sent(hook, request, {"metadata": {"name": name} if name else {"generateName": "source-"}})

    expect(asked("serviceaccounts", "flux-system", "source-controller"), "not the account")
    expect(asked("deployments", "flux-system", "source-controller"), "not the Deployment")
    expect(asked("serviceaccounts", "team-flux", "source-controller"), "not the other account")
    expect(not asked("deployments", "team-flux", "source-controller"), "the Deployment that no identity names")
    expect(not asked("serviceaccounts", "flux-system", "kustomize-controller"), "another account")
    expect(not asked("serviceaccounts", "flux-system", None), "an account without a name")
    expect("matchConditions" not in webhook(helm, "MutatingWebhookConfiguration", example("everything"), "1.27"), "1.27 has them")


@test
def every_object_lies_in_the_namespace_of_the_release_and_has_its_labels(helm):
    for name in EXAMPLES:
        for thing in helm.objects(example(name)):
            metadata = thing["metadata"]
            expect(metadata["labels"]["app.kubernetes.io/instance"] == "patless", thing)
            wanted = {"patless"}
            if thing["kind"].endswith("WebhookConfiguration") or thing["kind"].startswith("ClusterRole"):
                wanted = {None}
            elif thing["kind"] in ("Role", "RoleBinding"):
                wanted = {"patless", "flux-system", "team-flux"}   # what the identities name lies there
            expect(metadata.get("namespace") in wanted, thing["kind"], metadata)
