"""The Kubernetes objects that the tests send."""

import base64

PAT_URL = "https://dev.azure.com/contoso/shop/_git/shop"
WORKLOAD_IDENTITY = "azure.workload.identity/"
CLIENT_ID = "11111111-2222-3333-4444-555555555555"
TENANT_ID = "66666666-7777-8888-9999-000000000000"
ANNOTATIONS = {
    WORKLOAD_IDENTITY + "client-id": CLIENT_ID,
    WORKLOAD_IDENTITY + "tenant-id": TENANT_ID,
    WORKLOAD_IDENTITY + "use": "true",
}
LABELS = {WORKLOAD_IDENTITY + "use": "true"}


def repository(name, version="v1", namespace="apps", metadata=None, **spec):
    return {
        "apiVersion": f"source.toolkit.fluxcd.io/{version}",
        "kind": "GitRepository",
        "metadata": {"name": name, "namespace": namespace, **(metadata or {})},
        "spec": {"interval": "1m", "url": PAT_URL, "ref": {"branch": "main"}, **spec},
    }


def with_pat(name, **changes):
    """What patless is there to refuse: a repository that logs in with a token in a Secret."""
    return repository(name, secretRef={"name": "azure-devops-pat"}, **changes)


def keyless(name, **changes):
    return repository(name, provider="azure", **changes)


def service_account(namespace="flux-system", **metadata):
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "source-controller", "namespace": namespace, **metadata},
    }


def deployment(namespace="flux-system", **metadata):
    labels = {"app": "source-controller"}
    container = {"name": "manager", "image": "ghcr.io/fluxcd/source-controller:v1.9.1"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "source-controller", "namespace": namespace, **metadata},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"serviceAccountName": "source-controller", "containers": [container]},
            },
        },
    }


def webhook(name, path, client, failure_policy, rules):
    """One webhook, called as the project recommends it; `client` is a clientConfig without its path."""
    if "url" in client:
        client = {**client, "url": client["url"] + path}
    else:
        client = {**client, "service": {**client["service"], "path": path}}
    return {
        "name": name,
        "admissionReviewVersions": ["v1"],
        "clientConfig": client,
        "failurePolicy": failure_policy,
        "matchPolicy": "Equivalent",
        "rules": rules,
        "sideEffects": "None",
        "timeoutSeconds": 3,
    }


def webhook_configurations(client, versions):
    repositories = {
        "apiGroups": ["source.toolkit.fluxcd.io"],
        "apiVersions": versions,
        "operations": ["CREATE", "UPDATE"],
        "resources": ["gitrepositories", "gitrepositories/status"],
    }
    identities = [
        {"apiGroups": [group], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": [resource]}
        for group, resource in [("", "serviceaccounts"), ("apps", "deployments")]
    ]
    mutate = webhook("mutate.patless.dev", "/mutate", client, "Ignore", identities)
    mutate["reinvocationPolicy"] = "IfNeeded"
    validate = webhook("validate.patless.dev", "/validate", client, "Fail", [repositories])
    return [
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": kind,
            "metadata": {"name": "patless"},
            "webhooks": [one],
        }
        for kind, one in [("MutatingWebhookConfiguration", mutate), ("ValidatingWebhookConfiguration", validate)]
    ]


def by_url(port, authority):
    return {"url": f"https://127.0.0.1:{port}", "caBundle": encoded(authority)}


def by_service(authority):
    return {"service": {"namespace": "patless", "name": "patless", "port": 443}, "caBundle": encoded(authority)}


def service(addresses, port=9443):
    """The Service of patless' replicas and the Endpoints that a controller would keep."""
    metadata = {"name": "patless", "namespace": "patless"}
    endpoints = [{"addresses": [{"ip": address} for address in addresses], "ports": [{"port": port}]}]
    slice_of_it = {**metadata, "labels": {"kubernetes.io/service-name": "patless"}}
    return [
        {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": [{"port": 443, "targetPort": port}]}},
        {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata, "subsets": endpoints if addresses else []},
        {   # What newer API servers look at; 1.20 does not have this version.
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": slice_of_it,
            "addressType": "IPv4",
            "endpoints": [{"addresses": [address]} for address in addresses],
            "ports": [{"port": port, "name": ""}],
        },
    ]


def encoded(path):
    with open(path, "rb") as file:
        return base64.b64encode(file.read()).decode()
