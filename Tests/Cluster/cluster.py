"""The API server, and kubectl to speak to it."""

import errno
import functools
import http.client
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess

import objects
from harness import eventually, expect
from server import ROOT

CONTROL_PLANE = ROOT / "Tests/ControlPlane"
ASSETS = pathlib.Path(
    os.environ.get("KUBEBUILDER_ASSETS")
    or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "patless/control-plane"
)
PORT = 6443


def port_is_free():
    """Whether an API server could listen: nobody else does."""
    with socket.socket() as asking:
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)   # as Go does: what is left of connections is no obstacle
        try:
            asking.bind(("0.0.0.0", PORT))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


class Result:
    """What kubectl did and said."""

    def __init__(self, done):
        self.ok, self.out, self.err = done.returncode == 0, done.stdout, done.stderr
        self.text = f"{' '.join(map(str, done.args[1:]))}\nexit status {done.returncode}\n{self.out}{self.err}"

    def object(self):
        return json.loads(self.out)


class Api:
    """One kept-alive connection to the API server, for what kubectl is too slow for."""

    def __init__(self, folder):
        tls = ssl.create_default_context(cafile=folder / "ca.crt")
        self.connection = http.client.HTTPSConnection("127.0.0.1", PORT, context=tls, timeout=15)

    def create(self, thing, dry_run=True):
        group = thing["apiVersion"]
        plural = {"GitRepository": "gitrepositories"}.get(thing["kind"], thing["kind"].lower() + "s")
        path = f"/{'apis' if '/' in group else 'api'}/{group}/namespaces/{thing['metadata']['namespace']}/{plural}"
        headers = {"Authorization": "Bearer admin-token", "Content-Type": "application/json"}
        self.connection.request("POST", path + ("?dryRun=All" if dry_run else ""), json.dumps(thing), headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())


class Cluster:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.discovery = 0   # kubectl remembers what kinds there are; a new number makes it forget

    def start(self):
        environment = {**os.environ, "ADVERTISE_ADDRESS": "10.77.0.1", "KUBEBUILDER_ASSETS": str(ASSETS)}
        subprocess.run([CONTROL_PLANE / "start", self.folder, str(PORT)], check=True, env=environment)
        for namespace in ["apps", "flux-system", "identity-canary", "patless"]:
            self.must("create", "namespace", namespace)

    @functools.cached_property
    def slices(self):
        """The version in which EndpointSlices are served: older API servers know v1beta1 only."""
        versions = self.must("api-versions").out.split()
        return "v1" if "discovery.k8s.io/v1" in versions else "v1beta1"

    def stop(self):
        subprocess.run([CONTROL_PLANE / "stop", self.folder], check=True)

    def restart_api_server(self, change=lambda command: command, gone=lambda: None):
        """Kills it and starts it again, as it was or with other arguments; etcd stays. `gone` is called while it is not there."""
        file = self.folder / "apiserver.pid"
        process = int(file.read_text())
        command = pathlib.Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")[:-1]
        command = change(command)
        os.kill(process, signal.SIGKILL)
        eventually("the API server has let go of its port", port_is_free)   # its last thread may end long after its first
        gone()
        with open(self.folder / "apiserver.log", "ab") as log:
            started = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        file.write_text(str(started.pid))
        eventually("the API server is ready", lambda: started.poll() is not None or self.kubectl("get", "--raw", "/readyz").ok, 60)
        expect(started.returncode is None, f"the API server ended with {started.returncode}:", *self.log_lines()[-5:])

    def api(self):
        return Api(self.folder)

    def kubectl(self, *arguments, send=None):
        environment = {
            **os.environ,
            "KUBECONFIG": str(self.folder / "kubeconfig"),
            "KUBECACHEDIR": str(self.folder / f"discovery-{self.discovery}"),
        }
        if send is not None and not isinstance(send, str):
            send = json.dumps(send)
        command = [str(ASSETS / "kubectl"), *map(str, arguments)]
        return Result(subprocess.run(command, env=environment, input=send, capture_output=True, text=True, timeout=60))

    def must(self, *arguments, send=None):
        result = self.kubectl(*arguments, send=send)
        assert result.ok, result.text
        return result

    def apply(self, thing, *options):
        return self.kubectl("apply", "--validate=false", "-f", "-", *options, send=thing)

    def get(self, kind, name, namespace="apps"):
        return self.must("get", kind, name, "-n", namespace, "-o", "json").object()

    def exists(self, kind, name, namespace="apps"):
        return bool(self.must("get", kind, name, "-n", namespace, "--ignore-not-found", "-o", "name").out)

    def remove(self, kind, name, namespace):
        self.must("delete", kind, name, "-n", namespace, "--ignore-not-found")

    def token(self, namespace, account):
        """What a pod of this ServiceAccount shows to the API server."""
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token"
        request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3600}}
        return self.must("create", "--raw", path, "-f", "-", send=request).object()["status"]["token"]

    # The kind that is watched over.

    def install_crd(self, file):
        """Puts the definition in, in place of the one that is there: all repositories go."""
        name = "gitrepositories.source.toolkit.fluxcd.io"
        self.must("delete", "crd", name, "--ignore-not-found", "--timeout=30s")
        self.discovery += 1
        self.must("apply", "--validate=false", "-f", file)
        self.must("wait", "--for=condition=Established", f"crd/{name}", "--timeout=30s")
        api = self.api()
        eventually("the API server serves GitRepositories", lambda: api.create(objects.keyless("canary"))[0] in (201, 403))
        versions = self.must("get", "crd", name, "-o", "jsonpath={range .spec.versions[?(@.served==true)]}{.name} {end}")
        return versions.out.split()

    # The webhooks.

    def register(self, client, versions=("*",)):
        """Puts the webhook configurations in and waits until the API server calls both."""
        for configuration in objects.webhook_configurations(client, list(versions)):
            self.must("apply", "-f", "-", send=configuration)
        eventually("the API server calls the webhooks", lambda: self.webhooks_are_called() == (True, True))

    def unregister(self):
        self.must("delete", "mutatingwebhookconfiguration,validatingwebhookconfiguration", "patless", "--ignore-not-found")
        eventually("the API server calls no webhook", lambda: self.webhooks_are_called() == (False, False))

    def webhooks_are_called(self):
        api = self.api()
        account = api.create(objects.service_account(namespace="identity-canary"))[1]
        repository = api.create(objects.with_pat("canary"))[0]
        return "annotations" in account.get("metadata", {}), repository != 201

    def create_before_webhooks(self, *things):
        """Makes objects that patless would refuse, as they are in a cluster that it comes to late."""
        configurations = [
            self.must("get", kind, "patless", "-o", "json").object()
            for kind in ["mutatingwebhookconfiguration", "validatingwebhookconfiguration"]
        ]
        self.unregister()
        try:
            for thing in things:
                self.must("create", "--validate=false", "-f", "-", send=thing)
        finally:
            for configuration in configurations:
                configuration["metadata"] = {"name": "patless"}
                self.must("apply", "-f", "-", send=configuration)
        eventually("the API server calls the webhooks again", lambda: self.webhooks_are_called() == (True, True))

    def log_lines(self):
        return [line[:300] for line in (self.folder / "apiserver.log").read_text(errors="replace").splitlines()]

    def log_tail(self):
        return "\n".join([line for line in self.log_lines() if "failed calling webhook" in line or "failing open" in line.lower()][-3:])
