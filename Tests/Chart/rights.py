"""What the chart lets the server do."""

from chart import EXAMPLES, example
from harness import expect, test

SOURCES = ["gitrepositories", "ocirepositories", "helmrepositories", "buckets"]
FLUX = [f"source.toolkit.fluxcd.io/{kind}" for kind in SOURCES] + [
    "image.toolkit.fluxcd.io/imagerepositories", "notification.toolkit.fluxcd.io/providers", "notification.toolkit.fluxcd.io/receivers",
    "fluxcd.controlplane.io/fluxinstances",
]
REPORTS = [f"{group}/{kind}" for group in ["openreports.io", "wgpolicyk8s.io"] for kind in ["reports", "policyreports"]]
HOOKS = "validatingwebhookconfigurations", "mutatingwebhookconfigurations"


def rights(helm, name):
    """Every right as (namespace or None for all, verb, group/resource, name or None for all)."""
    things = helm.objects(example(name))
    roles = {(thing["kind"], thing["metadata"].get("namespace")): thing for thing in things if thing["kind"].endswith("Role")}
    bindings = [thing for thing in things if thing["kind"].endswith("RoleBinding")]
    expect(len(roles) == len(bindings), "a role that nobody has, or a binding without one")
    for binding in bindings:
        subject = {"kind": "ServiceAccount", "name": "patless", "namespace": "patless"}
        expect(binding["subjects"] == [subject] and binding["roleRef"]["name"] == "patless", binding)
        namespace = binding["metadata"].get("namespace")
        for rule in roles[binding["roleRef"]["kind"], namespace]["rules"]:
            for group in rule["apiGroups"]:
                for resource in rule["resources"]:
                    for verb in rule["verbs"]:
                        for one in rule.get("resourceNames", [None]):
                            yield namespace, verb, f"{group}/{resource}", one


def of(namespace, resource, name, *verbs):
    return {(namespace, verb, resource, name) for verb in verbs}


def hooks(*verbs):
    return set().union(*(of(None, f"admissionregistration.k8s.io/{kind}", "patless", *verbs) for kind in HOOKS))


OWN_SECRET = of("patless", "/secrets", "patless-ca", "get", "list", "watch", "patch") | of("patless", "/secrets", None, "create")
LEADING = of("patless", "coordination.k8s.io/leases", "patless", "get", "patch") | of("patless", "coordination.k8s.io/leases", None, "create")
SCAN = (
    LEADING | of("patless", "coordination.k8s.io/leases", None, "list", "patch", "delete")
    | set().union(*(of(None, kind, None, "list", "watch") for kind in FLUX))
    | set().union(*(of(None, kind, None, "list", "create") | of(None, kind, "patless", "patch", "delete") for kind in REPORTS))
)
EVENTS = of(None, "events.k8s.io/events", None, "create", "patch")
BACKFILL = (
    LEADING
    | of("flux-system", "/serviceaccounts", "source-controller", "get", "patch")
    | of("flux-system", "apps/deployments", "source-controller", "get", "patch")
    | of("flux-system", "/pods", None, "list")
    | of("flux-system", "events.k8s.io/events", None, "create")
)


@test
def the_server_may_do_what_its_features_need_and_nothing_else(helm):
    watch = ["get", "list", "watch"]
    for name, wanted in {
        "managed": hooks(*watch, "patch") | OWN_SECRET | BACKFILL,
        "everything": hooks(*watch, "patch") | OWN_SECRET | BACKFILL | of("team-flux", "/serviceaccounts", "source-controller", "get", "patch"),
        "cert-manager": hooks(*watch),
        "issuer": hooks(*watch),
        # An identity without a Deployment: neither Deployment nor pods nor Events.
        "provided": hooks(*watch) | {right for right in BACKFILL if right[0] == "patless" or right[2] == "/serviceaccounts"},
    }.items():
        # `issuer` has neither scan nor Events.
        wanted |= set() if name == "issuer" else SCAN | EVENTS
        found = set(rights(helm, name))
        expect(found == wanted, f"{name}, too much: {found - wanted}", f"too little: {wanted - found}")


@test
def what_is_allowed_everywhere_is_allowed_by_name(helm):
    for name in EXAMPLES:
        for namespace, verb, resource, one in rights(helm, name):
            listed = (namespace, verb, resource, one) in SCAN | EVENTS
            expect("*" not in (verb, resource) and (namespace or one or listed), name, verb, resource)
            expect(resource != "/secrets" or one or verb == "create", f"{name}: {verb} of any Secret")


@test
def only_pods_that_ask_the_api_server_get_a_token(helm):
    for name in EXAMPLES:
        account = helm.object("ServiceAccount", example(name))
        expect(account["automountServiceAccountToken"] is False, account)
        for thing in helm.objects(example(name)):
            if thing["kind"] in ("Deployment", "Pod"):
                pod = thing["spec"]["template"]["spec"] if thing["kind"] == "Deployment" else thing["spec"]
                expect(pod["automountServiceAccountToken"] is True and pod["serviceAccountName"] == "patless", pod)


def allows(policy, direction, port, labels):
    """Whether a NetworkPolicy lets pass what goes to or comes from a pod of these labels in its own namespace."""
    for rule in policy["spec"].get(direction, []):
        peers = rule.get("to" if direction == "egress" else "from")
        by_label = [peer["podSelector"]["matchLabels"] for peer in peers or [] if "podSelector" in peer]
        meant = not peers or any(selector.items() <= labels.items() for selector in by_label)
        if meant and any(one["port"] == port for one in rule["ports"]):
            return True
    return False


@test
def pods_reach_the_api_server_and_dns_and_nothing_else(helm):
    policy = helm.object("NetworkPolicy", example("managed"))
    ports = [(port["protocol"], port["port"]) for rule in policy["spec"]["egress"] for port in rule["ports"]]
    expect(ports == [("TCP", 443), ("TCP", 6443), ("UDP", 53), ("TCP", 53)], ports)
    expect(policy["spec"]["policyTypes"] == ["Ingress", "Egress"], policy)
    narrowed = helm.object("NetworkPolicy", example("everything"))["spec"]["egress"][0]
    expect(narrowed["to"] == [{"ipBlock": {"cidr": "10.0.0.1/32"}}], narrowed)


@test
def the_pod_of_helm_test_is_no_replica_and_reaches_the_replicas(helm):
    values = {"networkPolicy": {"webhookFrom": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}}
    labels = helm.object("Pod", values, name="patless-test")["metadata"]["labels"]
    replica = helm.object("Deployment", values)["spec"]["template"]["metadata"]["labels"]
    for kind, path in [("Service", ["spec", "selector"]), ("PodDisruptionBudget", ["spec", "selector", "matchLabels"])]:
        selector = helm.object(kind, values)
        for key in path:
            selector = selector[key]
        expect(selector.items() <= replica.items() and not selector.items() <= labels.items(), kind, selector)
    own, theirs = (helm.object("NetworkPolicy", values, name=name) for name in ["patless-test", "patless"])
    expect(own["spec"]["podSelector"]["matchLabels"].items() <= labels.items(), own)
    expect(allows(own, "egress", 9443, replica) and allows(own, "egress", 6443, {}) and allows(own, "egress", 53, {}), own)
    expect(not allows(own, "ingress", "webhook", replica), own)
    expect(allows(theirs, "ingress", "webhook", labels) and not allows(theirs, "ingress", "webhook", {"app": "else"}), theirs)
