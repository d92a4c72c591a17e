"""What `patless export` prints: admission policies that a cluster takes, that the chart renders too, and that refuse nothing
which the webhook lets pass.

Their CEL is evaluated by a CEL implementation, with what Kubernetes adds to the language.
"""

import json
import pathlib
import re
import subprocess
import tempfile

import cel
import hypothesis
import kubernetes_validate
import yaml
from hypothesis import strategies

from chart import CHART, Helm
from harness import expect, test
from server import PATLESS
from tree import patless

IDENTITY = {"namespace": "flux-system", "serviceAccount": "source-controller", "deployment": "source-controller",
            "clientId": "11111111-2222-3333-4444-555555555555", "tenantId": "66666666-7777-8888-9999-aaaaaaaaaaaa"}
POLICY = {
    "identities": [IDENTITY, {"namespace": "image", "serviceAccount": "reflector", "clientId": IDENTITY["clientId"], "onConflict": "overwrite"}],
    "rules": {"proxy-secret": {"mode": "deny", "enforceFrom": "2098-01-01"}, "ssh-key": {"mode": "deny"}, "submodule-token": {"mode": "off"},
              "flux-secret": {"mode": "audit"}, "token-exposure": {"mode": "deny", "enforceFrom": "2020-01-01"}},
    "certificateAuthoritySecrets": [{"namespace": "apps", "name": "corp-ca"}],
    "azureDevOpsHosts": ["dev.azure.com", "*.visualstudio.com", "git.contoso.com"],
    "exemptions": [
        {"rules": ["secret-ref", "url-credentials"], "namespaces": ["legacy", "old-*"], "names": ["*"], "reason": "r", "owner": "o", "expires": "2099-12-31"},
        {"rules": ["secret-ref"], "namespaces": ["*"], "names": ["*"], "reason": "r", "owner": "o", "expires": "2020-12-31"},
    ],
}


def exported(kind, policy, *arguments):
    document = {"apiVersion": "patless.dev/v1alpha1", "kind": "Policy", **policy}
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "policy.yaml").write_text(json.dumps(document))
        done = patless("export", kind, "--config", "policy.yaml", *arguments, folder=folder)
    expect(done.returncode == 0, done.stderr)
    return done.stdout


def documents(text):
    return [one for one in yaml.safe_load_all(text) if one]


@test
def a_cluster_takes_what_is_exported():
    for thing in documents(exported("vap", {}, "--namespace", "123")):
        kubernetes_validate.validate(thing, "1.37", strict=True)
    nobody = Policies({"azureDevOpsHosts": []})
    expect(("token-exposure", "Deny") in nobody.judge(repository(AZURE, provider="azure")) and nobody.judge(repository("https:///x")) == set())
    for text in [exported("vap", {}), exported("vap", POLICY, "--other-kinds"), exported("map", POLICY)]:
        for thing in documents(text):
            kubernetes_validate.validate(thing, "1.37", strict=True)
    for thing in documents(exported("map", POLICY, "--kubernetes", "v1.34.2")):
        kubernetes_validate.validate(thing, "1.34", strict=True)
    done = patless("export", "map", "--kubernetes", "1.30")
    expect(done.returncode == 64 and "1.34" in done.stderr, done.stderr)
    done = patless("export", "map")
    expect(done.returncode == 2 and "no identities" in done.stderr, done.stderr)


@test
def what_cel_cannot_say_is_said():
    text = exported("vap", POLICY)
    for words in ["exemptions are those of 20", "the next one ends on 2099-12-31", "from 2098-01-01 on", "percent-encoded", "--other-kinds"]:
        expect(words in text.partition("---")[0], words, text[:2000])
    expect("exemptions" not in exported("vap", {}, "--other-kinds").partition("---")[0])


@test
def the_chart_renders_the_same():
    with tempfile.TemporaryDirectory() as folder:
        helm = Helm(folder)
        for policy, kinds in [({}, False), (POLICY, True), ({**POLICY, "existing": "deny"}, False), ({"azureDevOpsHosts": []}, False), ({"rules": {name: {"mode": "off"} for name in ["secret-ref", "flux-secret"]}}, True)]:
            values = {"policy": policy, "admissionPolicies": {"enabled": True}, "webhooks": {"validate": {"otherKinds": kinds}}}
            rendered = [thing for thing in helm.objects(values, "1.36") if "AdmissionPolicy" in thing["kind"]]
            for thing in rendered:
                expect(thing["metadata"].pop("labels")["app.kubernetes.io/name"] == "patless", thing)
            own = documents(exported("vap", policy, *(["--other-kinds"] if kinds else [])))
            own += documents(exported("map", policy)) if policy.get("identities") else []
            for one, other in zip(sorted(rendered, key=key), sorted(own, key=key)):
                expect(normal(one) == normal(other), json.dumps(normal(one), indent=1), json.dumps(normal(other), indent=1))
            expect(len(rendered) == len(own), [key(one) for one in rendered], [key(one) for one in own])
        older = {thing["kind"] for thing in helm.objects({"policy": POLICY, "admissionPolicies": {"enabled": True}}, "1.30")}
        expect("ValidatingAdmissionPolicy" in older and "MutatingAdmissionPolicy" not in older, older)
        kinds = {thing["kind"] for thing in helm.objects({"policy": POLICY}, "1.36")}
        expect(not any("AdmissionPolicy" in kind for kind in kinds), kinds)
        done = helm.template({"admissionPolicies": {"enabled": True}}, "1.29")
        expect(done.returncode != 0 and "it takes 1.30 or later" in done.stderr, done.stderr)


def key(thing):
    return thing["kind"], thing["metadata"]["name"]


def normal(thing):
    """Without the order of what has none."""
    thing = json.loads(json.dumps(thing))
    rules = thing["spec"].get("matchConstraints", {}).get("resourceRules", [])
    for rule in rules:
        rule["resources"].sort()
    rules.sort(key=lambda rule: (rule["apiGroups"], rule["resources"]))
    if "mutations" in thing["spec"]:
        # Folded text differs in where its lines end.
        expression = thing["spec"]["mutations"][0]["applyConfiguration"]
        expression["expression"] = re.sub(r"\s", "", expression["expression"])
    for condition in thing["spec"].get("matchConditions", []):
        condition["expression"] = " ".join(condition["expression"].split())
    return thing


class Policies:
    """Exported policies, asked as the API server asks them (KEP-3488)."""

    def __init__(self, policy, *arguments):
        things = documents(exported("vap", policy, *arguments))
        self.policies = [thing["spec"] for thing in things if thing["kind"] == "ValidatingAdmissionPolicy"]
        self.actions = {thing["spec"]["policyName"]: thing["spec"]["validationActions"] for thing in things if thing["kind"].endswith("Binding")}
        self.names = [thing["metadata"]["name"] for thing in things if thing["kind"] == "ValidatingAdmissionPolicy"]

    def judge(self, new, old=None):
        """The rules that are broken, with what becomes of them: {("secret-ref", "Deny"), …}."""
        said = set()
        for name, spec in zip(self.names, self.policies):
            known = {"object": new, "oldObject": old, "variables": {}, "request": {
                "operation": "UPDATE" if old else "CREATE", "namespace": new["metadata"]["namespace"], "kind": {"kind": new["kind"]}}}
            if not all(evaluate(condition["expression"], known) for condition in spec["matchConditions"]):
                continue
            for variable in spec["variables"]:
                known["variables"][variable["name"]] = evaluate(variable["expression"], known)
            for validation in spec["validations"]:
                if not evaluate(validation["expression"], known):
                    said |= {(validation["message"].split(":")[0], action) for action in self.actions[name]}
        return said


def evaluate(expression, known):
    context = cel.Context(known)
    # k8s.io/apiserver/pkg/cel/library/regex.go, and cel-go's ext/strings.go.
    context.add_function("find", lambda text, pattern: (re.search(pattern, text) or [""])[0])
    context.add_function("lowerAscii", lambda text: "".join(one.lower() if one.isascii() else one for one in text))
    return cel.evaluate(expression, context)


def webhook(policy, new, old=None):
    """The findings of the webhook: the same pairs, of which an exemption and an existing violation are none."""
    group, version = new["apiVersion"].split("/")
    request = {"uid": "u", "operation": "UPDATE" if old else "CREATE", "namespace": new["metadata"]["namespace"], "name": new["metadata"]["name"],
               "kind": {"group": group, "version": version, "kind": new["kind"]}, "object": new, "oldObject": old, "userInfo": {}}
    document = {"apiVersion": "patless.dev/v1alpha1", "kind": "Policy", **policy}
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(json.dumps(document))
        file.flush()
        review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}
        done = subprocess.run([PATLESS, "review", "--config", file.name, "-"], input=json.dumps(review), capture_output=True, text=True)
    expect(done.returncode in (0, 1), done.stderr, review)
    return json.loads(done.stdout)["response"]


def repository(url, namespace="apps", kind="GitRepository", group="source.toolkit.fluxcd.io", **spec):
    return {"apiVersion": f"{group}/v1", "kind": kind, "metadata": {"name": "fleet", "namespace": namespace}, "spec": {"url": url, **spec}}


AZURE = "https://dev.azure.com/contoso/shop/_git/fleet"
PLAIN = [
    (repository(AZURE, secretRef={"name": "pat"}), ("secret-ref", "Deny")),
    (repository("https://git:token@dev.azure.com/contoso/shop/_git/fleet"), ("url-credentials", "Deny")),
    (repository("https://token@dev.azure.com/contoso/shop/_git/fleet"), ("url-credentials", "Deny")),
    (repository("https://tok:@github.com/contoso/fleet"), ("url-credentials", "Deny")),
    (repository("https://gitlab.com/contoso/fleet?private_token=x"), ("url-credentials", "Deny")),
    (repository("https://gitlab.com/contoso/fleet?a=b&Access-Token=x#f"), ("url-credentials", "Deny")),
    (repository("https://github.com/contoso/fleet", provider="github", secretRef={"name": "app"}), ("github-app-key", "Deny")),
    (repository("https://evil.example/fleet", provider="azure"), ("token-exposure", "Deny")),
    (repository("http://dev.azure.com/contoso/shop/_git/fleet", provider="azure"), ("token-exposure", "Deny")),
    (repository("https://dev.azure.com.evil.example/fleet", provider="azure"), ("token-exposure", "Deny")),
    (repository("ssh://git@github.com/contoso/fleet"), ("ssh-key", "Deny")),
    (repository(AZURE), ("provider-missing", "Warn")),
    (repository(AZURE, provider="azure", proxySecretRef={"name": "proxy"}), ("proxy-secret", "Warn")),
    (repository("oci://x", kind="OCIRepository", secretRef={"name": "login"}), ("flux-secret", "Audit")),
    (repository("", kind="Bucket", sts={"secretRef": {"name": "s"}}), ("flux-secret", "Audit")),
    (repository("", kind="Provider", group="notification.toolkit.fluxcd.io", type="github", secretRef={"name": "s"}), ("flux-secret", "Audit")),
    (repository("", kind="FluxInstance", group="fluxcd.controlplane.io", sync={"pullSecret": "s"}), ("flux-secret", "Audit")),
]
CLEAN = [
    repository(AZURE, provider="azure"), repository("https://github.com/contoso/public"), repository("https://contoso@dev.azure.com/contoso/shop/_git/fleet", provider="azure"),
    repository("https://git@github.com/contoso/public"), repository("https://CONTOSO@contoso.visualstudio.com/shop/_git/fleet", provider="azure"),
    repository("https://git.contoso.com/x", provider="azure"), repository("https://git.contoso.com/x", secretRef={"name": "corp-ca"}),
    repository("https://u:p@tfs/x", namespace="legacy", secretRef={"name": "tfs"}), repository("https://u:p@tfs/x", namespace="old-one"),
    repository("", kind="Provider", group="notification.toolkit.fluxcd.io", type="slack", secretRef={"name": "s"}),
    repository("", kind="ImageRepository", group="image.toolkit.fluxcd.io", provider="azure", secretRef={"name": "s"}),
    repository("", kind="Receiver", group="notification.toolkit.fluxcd.io", type="generic-oidc"), repository("https://gitlab.com/a?ref=x&path=y"),
    repository("", kind="OCIRepository", secretRef={"name": "corp-ca"}), repository("https://git.example.com/r?path=/x?token=1"),
    repository("", kind="Bucket", sts={"secretRef": {"name": "corp-ca"}}), repository("", kind="FluxInstance", group="fluxcd.controlplane.io", sync={"pullSecret": "corp-ca"}),
]


@test
def each_rule_is_enforced_without_the_webhook():
    policies = Policies(POLICY, "--other-kinds")
    for thing, wanted in PLAIN:
        expect(wanted in policies.judge(thing), thing, policies.judge(thing))
    for thing in CLEAN:
        expect(policies.judge(thing) == set(), thing, policies.judge(thing))


@test
def an_update_that_changes_nothing_of_it_passes_and_one_that_does_is_refused():
    policies, strict = Policies(POLICY, "--other-kinds"), Policies({**POLICY, "existing": "deny"}, "--other-kinds")
    for thing, wanted in PLAIN:
        touched = json.loads(json.dumps(thing))
        touched["spec"]["interval"] = "5m"
        expect(wanted not in policies.judge(touched, thing), thing)
        expect(wanted in strict.judge(touched, thing), thing)
    instance = repository("", kind="FluxInstance", group="fluxcd.controlplane.io", distribution={"version": "2.6", "imagePullSecret": "s"})
    newer = repository("", kind="FluxInstance", group="fluxcd.controlplane.io", distribution={"version": "2.7", "imagePullSecret": "s"})
    other = repository("", kind="FluxInstance", group="fluxcd.controlplane.io", distribution={"version": "2.7", "imagePullSecret": "t"})
    expect(policies.judge(newer, instance) == set() and policies.judge(other, instance), "an upgrade of Flux")
    bucket = repository("", kind="Bucket", secretRef={"name": "s"}, sts={"secretRef": {"name": "t"}})
    expect(policies.judge(repository("", kind="Bucket", sts={"secretRef": {"name": "t"}}), bucket) == set(), "one of two references gone")
    for before, after in [("?token=x&ref=a", "?token=x&ref=b"), ("?token=x", "?token=x&b=c")]:
        expect(policies.judge(repository(f"https://h.example/r{after}"), repository(f"https://h.example/r{before}")) == set(), before)
    old = repository(AZURE, secretRef={"name": "pat"})
    for new in [repository(AZURE, secretRef={"name": "other"}), repository("https://evil.example/x", secretRef={"name": "pat"}),
                repository(AZURE, secretRef={"name": "pat"}, provider="aws")]:
        expect(("secret-ref", "Deny") in policies.judge(new, old), new)
    leaving = json.loads(json.dumps(old))
    leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    expect(policies.judge(repository(AZURE, secretRef={"name": "other"}), leaving) == set())


HOSTS = ["dev.azure.com", "DEV.azure.com", "dev.azure.com:443", "dev.azure.com.", "contoso.visualstudio.com", "a.b.visualstudio.com", "visualstudio.com",
         "github.com", "evil.example", "[::1]", "dev.azure.com\\@evil", "dev%2eazure.com", "git.contoso.com", "", "dev.azure.com:8443", "дev.azure.com"]
USERS = ["", "", "", "git@", "contoso@", "Contoso@", "tok@", "tok:@", ":pw@", "git:pw@", "g%69t@", "a@b@", "%zz@", "${TOKEN}@"]
URLS = strategies.builds(
    lambda scheme, user, host, path, query: f"{scheme}{user}{host}{path}{query}",
    strategies.sampled_from(["https://", "https://", "HTTPS://", "http://", "ssh://", "https:/", ""]), strategies.sampled_from(USERS), strategies.sampled_from(HOSTS),
    strategies.sampled_from(["", "/contoso/shop/_git/fleet", "//contoso/x", "/con%74oso/x", "/a@b/c", "/x:y@z"]),
    strategies.sampled_from(["", "", "?token=x", "?to%6ben=x", "?token=", "#token=x", "?a=b;sig=x", "?user=x@y", "?x=y#?token=z"]),
)
SPECS = strategies.fixed_dictionaries({"url": URLS}, optional={
    "secretRef": strategies.sampled_from([{"name": "pat"}, {"name": "corp-ca"}, {"name": ""}, {}]), "provider": strategies.sampled_from(["azure", "generic", "github", "aws", ""]),
    "proxySecretRef": strategies.just({"name": "proxy"}), "recurseSubmodules": strategies.booleans(),
})


@test
def what_the_webhook_lets_pass_is_refused_by_no_policy():
    policy = {**POLICY, "rules": {name: {"mode": "deny"} for name in
              ["secret-ref", "url-credentials", "github-app-key", "token-exposure", "ssh-key", "proxy-secret", "provider-missing", "submodule-token"]}}
    policies = Policies(policy)
    seen = {"refused by both": 0, "refused by the webhook alone": 0, "passed": 0}

    @hypothesis.settings(max_examples=500, deadline=None, derandomize=True, database=None, suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(SPECS, strategies.one_of(strategies.none(), SPECS), strategies.sampled_from(["apps", "apps", "legacy"]))
    def compare(spec, before, namespace):
        new = repository(**{"namespace": namespace, **spec})
        old = repository(**{"namespace": namespace, **before}) if before else None
        refused = any(action == "Deny" for _, action in policies.judge(new, old))
        allowed = webhook(policy, new, old)["allowed"]
        expect(not (refused and allowed), "a policy refuses what the webhook lets pass:", policies.judge(new, old), new, old)
        seen["passed" if allowed else "refused by both" if refused else "refused by the webhook alone"] += 1

    compare()
    expect(seen["refused by both"] > 150 and seen["passed"] > 30, seen)


@test
def an_account_gets_its_identity_and_one_that_has_another_is_left_alone():
    things = {thing["metadata"]["name"]: thing["spec"] for thing in documents(exported("map", POLICY)) if thing["kind"] == "MutatingAdmissionPolicy"}
    expect(set(things) == {"patless-account-0", "patless-deployment-0", "patless-account-1"}, set(things))

    def applies(name, thing, namespace="flux-system"):
        known = {"object": thing, "request": {"namespace": namespace, "operation": "CREATE"}}
        return all(evaluate(condition["expression"], known) for condition in things[name]["matchConditions"])

    def account(**annotations):
        return {"metadata": {"name": "source-controller", **({"annotations": {f"azure.workload.identity/{key.replace('_', '-')}": value for key, value in annotations.items()}} if annotations else {})}}

    expect(applies("patless-account-0", account()) and applies("patless-account-0", account(client_id=IDENTITY["clientId"].upper())))
    expect(not applies("patless-account-0", account(client_id=IDENTITY["tenantId"])) and not applies("patless-account-0", account(tenant_id=IDENTITY["clientId"])))
    expect(not applies("patless-account-0", account(), "apps") and not applies("patless-account-0", {"metadata": {"name": "other"}}))
    expect(not applies("patless-account-0", account(use="false")) and applies("patless-account-0", account(use="true")))
    expect(not applies("patless-account-0", {"metadata": {"name": "source-controller", "labels": {"azure.workload.identity/use": "false"}}}))
    deployment = {"metadata": {"name": "source-controller"}, "spec": {"template": {"metadata": {"labels": {"app": "x"}}}}}
    expect(applies("patless-deployment-0", deployment))
    deployment["spec"]["template"]["metadata"]["labels"]["azure.workload.identity/use"] = "false"
    expect(not applies("patless-deployment-0", deployment))
    for name, words in [("patless-account-0", [IDENTITY["clientId"], IDENTITY["tenantId"], "labels"]), ("patless-deployment-0", ["Object.spec.template.metadata{labels:"])]:
        expression = things[name]["mutations"][0]["applyConfiguration"]["expression"]
        expect(all(word in expression for word in words), expression)
