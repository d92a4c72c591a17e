"""`patless doctor` in a cluster where all is well, and with each link of the chain broken in turn."""

import base64
import contextlib
import http.server
import json
import os
import shlex
import ssl
import subprocess
import threading

import objects
from chart import IDENTITY
from cluster import PORT
from harness import eventually, expect, test
from managed import make_authority
from release import NAMESPACE
from server import PATLESS, ROOT, make_certificates

FLUX = "flux-system"
ISSUER = "https://127.0.0.1:9557/oidc"
INJECTOR = "azure-wi-webhook-mutating-webhook-configuration"
# Where the token is differs from version to version; here it is where no version has it.
TOKEN = {"mountPath": "/somewhere/else", "name": "token"}
INJECTED = {"AZURE_CLIENT_ID": objects.CLIENT_ID, "AZURE_TENANT_ID": objects.TENANT_ID, "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/",
            "AZURE_FEDERATED_TOKEN_FILE": "/somewhere/else/identity"}


def doctor(cluster, *arguments, kubeconfig=None):
    command = [PATLESS, "doctor", "--kubeconfig", kubeconfig or cluster.folder / "kubeconfig", *arguments]
    environment = {**os.environ, "SSL_CERT_FILE": str(cluster.folder / "issuer/ca.crt")}
    return subprocess.run(command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)


def checks(cluster, *arguments):
    """What is said of each link: (state, detail, mend) in its order."""
    done = doctor(cluster, "--format", "json", *arguments)
    told = json.loads(done.stdout)
    expect(done.returncode == (0 if told["healthy"] else 1), done.stdout, done.stderr)
    expect(told["healthy"] == all(check["state"] in ("ok", "warn") for check in told["checks"]), told)
    return told["checks"]


def says(cluster, link, state, *words, mend=""):
    """Whether one thing is said of the link that has these words."""
    found = [check for check in checks(cluster) if check["link"] == link]
    for check in found:
        if check["state"] == state and all(word in check["detail"] for word in words) and mend in check.get("mend", ""):
            return check
    raise AssertionError(f"no {state} of {link} with {words} and {mend!r} in: {json.dumps(found, indent=1)}")


@contextlib.contextmanager
def changed(cluster, kind, name, change, namespace=None):
    """The object as `change` makes it, and as it was afterwards; None takes it away."""
    place = ["-n", namespace] if namespace else []
    before = cluster.must("get", kind, name, *place, "-o", "json").object()
    for key in ["resourceVersion", "uid", "creationTimestamp", "managedFields", "generation"]:
        before["metadata"].pop(key, None)
    after = change(json.loads(json.dumps(before))) if change else None
    try:
        cluster.must("delete", kind, name, *place, "--wait=true")
        if after:
            cluster.must("create", "--validate=false", "-f", "-", send=after)
        yield
    finally:
        cluster.must("delete", kind, name, *place, "--ignore-not-found")
        cluster.must("create", "--validate=false", "-f", "-", send=before)


@contextlib.contextmanager
def without_replicas(release):
    """Nobody mends what is broken, and nobody answers."""
    for pod in release.pods:
        pod.stop(in_order=False)
    release.forget_addresses()
    try:
        yield
    finally:
        release.start_pods()


def pod(name="source-controller-1", env=INJECTED, volume="api://AzureADTokenExchange", mount=TOKEN, use="true"):
    source = {"serviceAccountToken": {"audience": volume, "path": "identity", "expirationSeconds": 3600}}
    container = {"name": "manager", "image": "x", "env": [{"name": key, "value": value} for key, value in env.items()], "volumeMounts": [mount]}
    labels = {"app": "source-controller", "azure.workload.identity/use": use}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": FLUX, "labels": labels},
            "spec": {"serviceAccountName": "source-controller", "containers": [container],
                     "volumes": [{"name": "token", "projected": {"sources": [source]}}]}}


def slice_of(cluster, service, namespace, ready=True):
    return {"apiVersion": f"discovery.k8s.io/{cluster.slices}", "kind": "EndpointSlice", "addressType": "IPv4", "ports": [],
            "metadata": {"name": service, "namespace": namespace, "labels": {"kubernetes.io/service-name": service}},
            "endpoints": [{"addresses": ["10.77.0.99"], "conditions": {"ready": ready}}]}


def injector():
    # It selects nothing here, for there is none to answer.
    return {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration", "metadata": {"name": INJECTOR}, "webhooks": [{
        "name": "mutation.azure-workload-identity.io", "admissionReviewVersions": ["v1"], "sideEffects": "None", "failurePolicy": "Ignore",
        "clientConfig": {"service": {"name": "azure-wi-webhook-webhook-service", "namespace": "kube-system", "path": "/mutate-v1-pod"}},
        "objectSelector": {"matchLabels": {"of": "nobody"}},
        "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}],
    }]}


class Issuer:
    """What an OIDC issuer publishes, over https."""

    def __init__(self, cluster):
        self.published = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}
        keys = json.loads(cluster.must("get", "--raw", "/openid/v1/jwks").out)
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                known = {"/oidc/.well-known/openid-configuration": issuer.published, "/oidc/keys": keys}
                self.send_response(200 if self.path in known else 404)
                self.end_headers()
                self.wfile.write(json.dumps(known.get(self.path, {})).encode())

            def log_message(self, *_):
                pass

        folder = cluster.folder / "issuer"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "tls.crt", folder / "tls.key")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 9557), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def issued_by(issuer):
    """The API server's command line with another issuer of tokens."""
    def change(command):
        place = command.index(b"--service-account-issuer")
        return command[:place + 1] + [issuer.encode()] + command[place + 2:]
    return change


def set_status(cluster, name, ready, message, reason="Failed"):
    condition = {"type": "Ready", "status": ready, "reason": reason, "message": message, "lastTransitionTime": "2026-01-01T00:00:00Z"}
    cluster.must("patch", "gitrepository", name, "-n", "apps", "--subresource=status", "--type=merge", "-p", json.dumps({"status": {"conditions": [condition]}}))


@test
def a_cluster_without_anything_is_told_what_it_lacks(cluster, release):
    make_certificates(cluster.folder / "issuer")
    cluster.must("delete", "crd", "gitrepositories.source.toolkit.fluxcd.io", "--ignore-not-found")
    says(cluster, "webhook", "fail", "no ValidatingWebhookConfiguration patless", mend="helm upgrade --install")
    says(cluster, "enforcement", "fail", "Flux is not installed", mend="flux install")
    says(cluster, "account", "fail", "there is no ServiceAccount flux-system/source-controller")
    says(cluster, "injector", "fail", "azure-workload-identity's webhook is not registered", mend="az aks update")
    says(cluster, "issuer", "fail", "https://kubernetes.default.svc, which Entra cannot reach", mend="--enable-oidc-issuer")


@test
def a_cluster_where_all_is_well_is_healthy(cluster, release):
    cluster.install_crd(ROOT / "Tests/Fixtures/gitrepositories.yaml")
    cluster.restart_api_server(issued_by(ISSUER))
    release.issuer = Issuer(cluster)
    files = [f"--{kind}={release.certificates / f'tls.{end}'}" for kind, end in [("cert", "crt"), ("key", "key")]]
    cluster.kubectl("create", "secret", "tls", "patless-serving", "-n", NAMESPACE, *files)
    release.run("install", {**release.values, "policy": {"identities": [IDENTITY]}, "replicas": 2})
    release.start_pods()
    for kind in ["serviceaccount", "deployment"]:
        cluster.remove(kind, "source-controller", FLUX)
    cluster.must("delete", "pods", "-n", FLUX, "--all", "--force", "--grace-period=0")
    for thing in [objects.service_account(), objects.deployment(), pod(), slice_of(cluster, "azure-wi-webhook-webhook-service", "kube-system"), injector(), objects.keyless("shop")]:
        cluster.must("create", "--validate=false", "-f", "-", send=thing)
    set_status(cluster, "shop", "True", "stored artifact", "Succeeded")
    done = doctor(cluster)
    expect(done.returncode == 0 and "healthy: " in done.stdout and not any(f"\\n{state} " in "\\n" + done.stdout for state in ["warn", "fail", "unknown"]), done.stdout, done.stderr)
    for words in ["is refused (dry run)", "2 replicas are ready", "1 pod of flux-system/source-controller has the token", f"{ISSUER} publishes its keys",
                  "1 GitRepository fetched", f"is {objects.CLIENT_ID}", "trusts an authority"]:
        expect(words in done.stdout, f"{words}: not in", done.stdout)
    expect("patless-doctor" not in cluster.must("get", "gitrepositories", "-A", "-o", "name").out, "the dry run has left something")


@test
def a_webhook_that_is_not_registered_is_found(cluster, release):
    with changed(cluster, "mutatingwebhookconfiguration", "patless", None):
        says(cluster, "webhook", "fail", "no MutatingWebhookConfiguration patless", mend="helm upgrade")
    with changed(cluster, "validatingwebhookconfiguration", "patless", None):
        says(cluster, "webhook", "fail", "no ValidatingWebhookConfiguration patless")
        says(cluster, "enforcement", "fail", "gets in, though the policy denies it")

    def other(thing):
        thing["webhooks"][0]["rules"][0]["apiVersions"] = ["v1beta2"]
        return thing

    with changed(cluster, "validatingwebhookconfiguration", "patless", other):
        says(cluster, "webhook", "fail", "does not ask about GitRepositories in all versions")


@test
def an_authority_that_does_not_fit_is_found(cluster, release):
    make_certificates(cluster.folder / "other-authority")
    other = base64.b64encode((cluster.folder / "other-authority/ca.crt").read_bytes()).decode()

    def trusting(bundle):
        def change(thing):
            for webhook in thing["webhooks"]:
                webhook["clientConfig"]["caBundle"] = bundle
            return thing
        return change

    with changed(cluster, "validatingwebhookconfiguration", "patless", trusting(other)):
        eventually("the API server uses it", lambda: "x509" in doctor(cluster).stdout, 30)
        says(cluster, "enforcement", "fail", "x509", mend="the caBundle does not fit")
    certificate, _ = make_authority(release.folder / "expired", "20200101000000Z", "20210101000000Z")
    expired = base64.b64encode(certificate).decode()
    with changed(cluster, "validatingwebhookconfiguration", "patless", trusting(expired)):
        says(cluster, "trust", "fail", "has expired", mend="certificates.provided.caBundle")
    with changed(cluster, "validatingwebhookconfiguration", "patless", trusting("")):
        says(cluster, "trust", "fail", "no caBundle that can be read")


@test
def an_authority_that_is_over_beside_one_that_is_not_is_no_fault(cluster, release):
    certificate, _ = make_authority(release.folder / "over", "20200101000000Z", "20210101000000Z")

    def both(thing):
        for webhook in thing["webhooks"]:
            old = base64.b64decode(webhook["clientConfig"]["caBundle"])
            webhook["clientConfig"]["caBundle"] = base64.b64encode(certificate + b"\n" + old).decode()
        return thing

    with changed(cluster, "validatingwebhookconfiguration", "patless", both):
        says(cluster, "trust", "ok", "ValidatingWebhookConfiguration patless trusts an authority")


@test
def replicas_that_are_away_are_found_and_so_is_what_passed_meanwhile(cluster, release):
    def open_to_all(thing):
        for webhook in thing["webhooks"]:
            webhook["failurePolicy"] = "Ignore"
        return thing

    says(cluster, "failing open", "ok", "let nothing pass unasked")
    with without_replicas(release):
        says(cluster, "replicas", "fail", "no ready replica", mend="kubectl -n patless get pods")
        says(cluster, "enforcement", "fail", "the API server cannot call patless")
        with changed(cluster, "validatingwebhookconfiguration", "patless", open_to_all):
            eventually("the API server lets pass", lambda: "gets in, though the policy denies it" in doctor(cluster).stdout, 30)
            says(cluster, "webhook", "warn", "failurePolicy Ignore", mend="patless export vap")
    if "apiserver_admission_webhook_fail_open_count" in cluster.must("get", "--raw", "/metrics").out:   # since 1.25
        says(cluster, "failing open", "warn", "pass unasked", mend="patless scan --cluster")
    gone = release.pods.pop()
    gone.stop()
    release.point_service_at_pods()
    says(cluster, "replicas", "warn", "a single replica")
    for one in release.pods:
        one.stop()
    release.start_pods()


@test
def an_account_without_its_identity_is_found(cluster, release):
    def bare(thing):
        thing["metadata"].pop("annotations", None)
        return thing

    def another(thing):
        thing["metadata"]["annotations"]["azure.workload.identity/client-id"] = objects.TENANT_ID
        return thing

    with without_replicas(release):
        with changed(cluster, "serviceaccount", "source-controller", bare, FLUX):
            says(cluster, "account", "fail", "lacks annotations or the label", mend=f"annotate --overwrite serviceaccount source-controller azure.workload.identity/client-id={objects.CLIENT_ID}")
        with changed(cluster, "serviceaccount", "source-controller", another, FLUX):
            check = says(cluster, "account", "fail", "while the policy says", mend="kubectl -n flux-system annotate")
            cluster.must(*check["mend"].split()[1:])
            says(cluster, "account", "ok", objects.CLIENT_ID)
        with changed(cluster, "serviceaccount", "source-controller", None, FLUX):
            says(cluster, "account", "fail", "there is no ServiceAccount")


@test
def a_deployment_that_asks_for_no_identity_or_has_a_credential_is_found(cluster, release):
    def bare(thing):
        thing["spec"]["template"]["metadata"]["labels"].pop("azure.workload.identity/use", None)
        return thing

    def secretive(thing):
        thing["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "AZURE_CLIENT_SECRET", "value": "hunter2"}]
        return thing

    with without_replicas(release):
        with changed(cluster, "deployment", "source-controller", bare, FLUX):
            check = says(cluster, "deployment", "fail", "has no label azure.workload.identity/use", mend="kubectl -n flux-system patch deployment")
            cluster.must(*shlex.split(check["mend"])[1:])
            says(cluster, "deployment", "ok", "ask for an identity")
    with changed(cluster, "deployment", "source-controller", secretive, FLUX):
        check = says(cluster, "deployment", "fail", "sets AZURE_CLIENT_SECRET", mend="set env deployment source-controller AZURE_CLIENT_SECRET-")
        expect("hunter2" not in json.dumps(check), check)
        cluster.must(*check["mend"].split()[1:])
        expect(all(one["state"] == "ok" for one in checks(cluster)), checks(cluster))


@test
def pods_are_believed_by_what_was_injected_and_not_by_where_it_is(cluster, release):
    without = {key: value for key, value in INJECTED.items() if key != "AZURE_FEDERATED_TOKEN_FILE"}
    for thing, words in [
        (pod(env=without), "got none"), (pod(env=without, use="false"), "before its pod template asked"),
        (pod(env={**INJECTED, "AZURE_CLIENT_ID": objects.TENANT_ID}), "before its ServiceAccount had this client id"),
        (pod(env={key: value for key, value in INJECTED.items() if key != "AZURE_AUTHORITY_HOST"}), "has no AZURE_AUTHORITY_HOST"),
        (pod(volume="api://other"), "no projected token"), (pod(mount={**TOKEN, "mountPath": "/nowhere"}), "no projected token"),
        (pod(env={**INJECTED, "AZURE_CLIENT_SECRET": "hunter2"}), "has AZURE_CLIENT_SECRET"),
    ]:
        cluster.must("delete", "pod", "source-controller-1", "-n", FLUX, "--force", "--grace-period=0")
        cluster.must("create", "-f", "-", send=thing)
        check = says(cluster, "pods", "fail", words, mend="kubectl -n flux-system rollout restart deployment source-controller")
        expect("hunter2" not in json.dumps(check), check)
    cluster.must("delete", "pod", "source-controller-1", "-n", FLUX, "--force", "--grace-period=0")
    says(cluster, "pods", "fail", "no pod of Deployment flux-system/source-controller is running")
    cluster.must("create", "-f", "-", send=pod())
    says(cluster, "pods", "ok", "has the token and the variables")


@test
def an_injector_that_is_not_there_or_does_not_answer_is_found(cluster, release):
    with changed(cluster, "mutatingwebhookconfiguration", INJECTOR, None):
        says(cluster, "injector", "fail", "is not registered")
    cluster.must("apply", "-f", "-", send=slice_of(cluster, "azure-wi-webhook-webhook-service", "kube-system", ready=False))
    says(cluster, "injector", "fail", "no ready pod is behind", mend="kubectl -n kube-system get pods")
    cluster.must("apply", "-f", "-", send=slice_of(cluster, "azure-wi-webhook-webhook-service", "kube-system"))


@test
def an_issuer_that_entra_could_not_use_is_found(cluster, release):
    release.issuer.published = {**release.issuer.published, "issuer": ISSUER + "/"}
    says(cluster, "issuer", "fail", "a slash at the end counts")
    release.issuer.published = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/gone"}
    says(cluster, "issuer", "warn", "could not be reached from here", "404")
    release.issuer.published = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}
    says(cluster, "issuer", "ok")
    release.issuer.stop()
    says(cluster, "issuer", "warn", "could not be reached from here", mend=f"curl {ISSUER}")


MESSAGES = {
    "failed to get access token: AADSTS70021: No matching federated identity record found for presented assertion subject": "knows no federated credential",
    "AADSTS700016: Application with identifier 'x' was not found": "does not know this client id",
    "AADSTS90061: Request to External OIDC endpoint failed": "cannot reach the cluster's OIDC issuer",
    "AADSTS50020: user account": "Entra refuses the token",
    "TF401019: The Git repository with name or identifier x does not exist": "Basic licence",
    "TF401444: Please sign-in at least once as x": "no user of the Azure DevOps organisation",
    "DefaultAzureCredential: failed to acquire a token. ManagedIdentityCredential: no": "its pod was given no token",
    "to use spec.serviceAccountName for provider authentication please enable the ObjectLevelWorkloadIdentity feature gate in the controller": "feature gate",
    "basic auth and provider cannot be set at the same time": "takes no user name beside a provider",
    "failed to get secret 'apps/pat': secrets \"pat\" not found": "refers to a Secret that is not there",
    "failed to checkout and determine revision: unable to clone 'https://u:hunter2@dev.azure.com/x': authentication required": "Azure DevOps refuses the identity",
    "something that nobody has seen at https://u:hunter2@dev.azure.com/x": "is not fetched (Failed)",
}


@test
def a_repository_that_is_not_fetched_is_told_in_words_that_help(cluster, release):
    for message, words in MESSAGES.items():
        set_status(cluster, "shop", "False", message)
        check = says(cluster, "repositories", "fail", "GitRepository apps/shop", words)
        expect(check["mend"] and "hunter2" not in json.dumps(check), check)
    cluster.must("delete", "gitrepository", "shop", "-n", "apps")
    says(cluster, "repositories", "warn", "no GitRepository has been fetched", mend="patless fix")


@test
def what_the_flux_extension_of_aks_makes_is_looked_at(cluster, release):
    name = "fluxconfigs.clusterconfig.azure.com"
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    cluster.must("create", "-f", "-", send={
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": name},
        "spec": {"group": "clusterconfig.azure.com", "scope": "Namespaced", "names": {"kind": "FluxConfig", "plural": "fluxconfigs"},
                 "versions": [{"name": "v1alpha1", "served": True, "storage": True, "schema": schema}]},
    })
    cluster.must("wait", "--for=condition=Established", f"crd/{name}", "--timeout=30s")
    cluster.discovery += 1
    config = {"apiVersion": "clusterconfig.azure.com/v1alpha1", "kind": "FluxConfig", "metadata": {"name": "cluster-config", "namespace": "apps"}}
    eventually("it is served", lambda: cluster.kubectl("create", "--validate=false", "-f", "-", send=config).ok)
    cluster.must("label", "serviceaccount", "source-controller", "-n", FLUX, "app.kubernetes.io/name=microsoft.flux")
    says(cluster, "extension", "ok", "microsoft.flux extension")
    says(cluster, "extension", "warn", "FluxConfig apps/cluster-config has no GitRepository of its name", mend="provider: Azure")
    cluster.must("create", "--validate=false", "-f", "-", send=objects.repository("cluster-config"))
    says(cluster, "extension", "warn", "is fetched with provider generic")
    cluster.must("patch", "gitrepository", "cluster-config", "-n", "apps", "--type=merge", "-p", '{"spec": {"provider": "azure"}}')
    says(cluster, "extension", "ok", "is fetched with workload identity")
    cluster.must("delete", "gitrepository", "cluster-config", "-n", "apps")
    cluster.must("delete", "crd", name)


@test
def a_rewriting_admissions_enforcer_is_named(cluster, release):
    expect(not any(check["link"] == "enforcer" for check in checks(cluster)))
    cluster.must("label", "validatingwebhookconfiguration", "patless", "touched=yes", "--field-manager=admissionsenforcer")
    says(cluster, "enforcer", "warn", "has rewritten the ValidatingWebhookConfiguration", mend="aksAdmissionsEnforcer=disable")
    cluster.must("label", "validatingwebhookconfiguration", "patless", "admissions.enforcer/disabled=true")
    says(cluster, "enforcer", "ok", "told to leave")
    cluster.must("label", "validatingwebhookconfiguration", "patless", "touched-", "admissions.enforcer/disabled-")


@test
def what_may_not_be_read_is_unknown_and_not_healthy(cluster, release):
    cluster.must("create", "serviceaccount", "visitor", "-n", "apps")
    cluster.must("create", "clusterrole", "visitor", "--verb=get,list", "--resource=validatingwebhookconfigurations,mutatingwebhookconfigurations")
    cluster.must("create", "clusterrolebinding", "visitor", "--clusterrole=visitor", "--serviceaccount=apps:visitor")
    config = {"apiVersion": "v1", "kind": "Config", "current-context": "a", "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
              "clusters": [{"name": "a", "cluster": {"server": f"https://127.0.0.1:{PORT}", "certificate-authority": str(cluster.folder / "ca.crt")}}],
              "users": [{"name": "a", "user": {"token": cluster.token("apps", "visitor")}}]}
    file = cluster.folder / "visitor.json"
    file.write_text(json.dumps(config))
    done = eventually("its rights count", lambda: (one := doctor(cluster, kubeconfig=file)).returncode == 1 and one)
    expect("not healthy" in done.stdout and "unknown  pods" in done.stdout and "forbidden" in done.stdout, done.stdout, done.stderr)
    file.write_text(json.dumps(config).replace(str(PORT), "1"))
    done = doctor(cluster, kubeconfig=file)
    expect(done.returncode == 2 and done.stdout == "", done.stdout, done.stderr)
    for kind in ["clusterrolebinding", "clusterrole"]:
        cluster.must("delete", kind, "visitor")
    cluster.remove("serviceaccount", "visitor", "apps")


@test
def what_the_policy_leaves_alone_or_does_not_look_at_is_told_by_what_is_there(cluster, release):
    def another(thing):
        thing["metadata"]["annotations"]["azure.workload.identity/client-id"] = objects.TENANT_ID
        return thing

    policy = cluster.folder / "lenient.json"
    identity = {key: value for key, value in IDENTITY.items() if key != "deployment"}
    policy.write_text(json.dumps({"apiVersion": "patless.dev/v1alpha1", "kind": "Policy", "identities": [identity], "rules": {"identity-conflict": {"mode": "off"}}}))
    with without_replicas(release):
        with changed(cluster, "serviceaccount", "source-controller", another, FLUX):
            found = {check["link"]: check["state"] for check in checks(cluster, "--config", policy)}
            expect(found["account"] == "fail" and "deployment" not in found and "pods" not in found, found)


@test
def nothing_of_it_is_left(cluster, release):
    release.uninstall()
    cluster.must("delete", "mutatingwebhookconfiguration", INJECTOR)
    cluster.must("delete", "endpointslice", "azure-wi-webhook-webhook-service", "-n", "kube-system")
    cluster.must("delete", "pods", "-n", FLUX, "--all", "--force", "--grace-period=0")
    for kind in ["serviceaccount", "deployment"]:
        cluster.remove(kind, "source-controller", FLUX)
    cluster.restart_api_server(issued_by("https://kubernetes.default.svc"))
