"""A release of the chart, and what a cluster would make of it: pods, and the addresses behind the Service.

There is no kubelet and no controller here. A Pod stands in for what kubelet does with the pod template that the API server
holds: a root with nothing in it but the executable and the mounted volumes, the user, the arguments, the probe.
"""

import base64
import contextlib
import copy
import functools
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import urllib.request

import yaml

from chart import CHART, IDENTITY, PROVIDED
from harness import eventually
from cluster import PORT
from server import PATLESS, ROOT, Mounted, ask, make_certificates

API_SERVER = "10.77.0.1"
HOSTS = [f"10.77.0.{number}" for number in range(11, 18)]
SERVICE = "10.77.0.18"   # the Service's own address, where something asks for that
NAMESPACE = "patless"


def users_are_real():
    """Whether there is a user 65532 here: not in a user namespace that knows root only."""
    return int(pathlib.Path("/proc/self/uid_map").read_text().split()[2]) > 65532


def entrypoint():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    return next(json.loads(line.split(" ", 1)[1]) for line in lines if line.startswith("ENTRYPOINT "))


class Pod:
    def __init__(self, cluster, folder, host):
        self.cluster, self.host, self.root = cluster, host, pathlib.Path(tempfile.mkdtemp(prefix=f"pod-{host}.", dir=folder))
        self.template = cluster.get("deployment", "patless", NAMESPACE)["spec"]["template"]["spec"]
        (self.container,) = self.template["containers"]
        self.ports = {port["name"]: port["containerPort"] for port in self.container["ports"]}
        self.mounts, self.process, self.log = {}, None, pathlib.Path(folder) / f"pod-{host}.log"

    @property
    def loopback(self):
        return f"127.0.0.{self.host.rpartition('.')[2]}"

    def start(self):
        return self.launch().wait_until_ready()

    def launch(self):
        self.prepare()
        # Pods have an address of their own; here all have those of one network namespace.
        own = {"=0.0.0.0:": f"={self.host}:", "=127.0.0.1:": f"={self.loopback}:"}
        arguments = [functools.reduce(lambda text, one: text.replace(*one), own.items(), text) for text in self.container["args"]]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command(arguments), stdout=log, stderr=log, env=self.environment)
        return self

    def run(self, arguments):
        """Another command in the same root, to its end."""
        return subprocess.run(self.command(arguments), env=self.environment, capture_output=True, text=True, timeout=60)

    def command(self, arguments):
        user = self.template["securityContext"]
        who = [f"--userspec={user['runAsUser']}:{user['runAsGroup']}"] if users_are_real() else []
        # A pod's host name is its own.
        named = ["unshare", "--uts", "sh", "-c", 'hostname "$0"; exec "$@"', f"patless-{self.host.replace('.', '-')}"]
        return [*named, "chroot", *who, self.root, *entrypoint(), *arguments]

    environment = {"PATH": os.environ["PATH"], "KUBERNETES_SERVICE_HOST": API_SERVER, "KUBERNETES_SERVICE_PORT": str(PORT)}

    def prepare(self):
        self.root.chmod(0o755)
        shutil.copy(PATLESS, self.root / entrypoint()[0].lstrip("/"))
        (self.root / "proc").mkdir()
        subprocess.run(["mount", "--bind", "/proc", self.root / "proc"], check=True)
        self.sync()
        if self.template["automountServiceAccountToken"]:
            self.renew_token()
        (self.root / "etc").mkdir(exist_ok=True)

    def wait_until_ready(self):
        eventually(f"the pod at {self.host} is ready", lambda: self.process.poll() is not None or self.ready())
        assert self.process.poll() is None, f"the pod ended with {self.process.returncode}:\n{self.last_lines()}"
        return self

    def sync(self):
        """Brings what the ConfigMap and the Secret are now, as kubelet does every minute or so."""
        for mount in self.container["volumeMounts"]:
            (volume,) = [volume for volume in self.template["volumes"] if volume["name"] == mount["name"]]
            self.put(mount["mountPath"], *self.files(volume))

    def renew_token(self):
        """Brings a token of the ServiceAccount, as kubelet does before the last one ends."""
        token = self.cluster.token(NAMESPACE, self.template["serviceAccountName"])
        authority = (self.cluster.folder / "ca.crt").read_text()
        self.put("/var/run/secrets/kubernetes.io/serviceaccount", {"token": token, "ca.crt": authority, "namespace": NAMESPACE}, 0o640)

    def put(self, path, files, mode):
        place = self.root / path.lstrip("/")
        if path not in self.mounts:
            place.parent.mkdir(parents=True, exist_ok=True)
            self.mounts[path] = [Mounted(place), None]
        mounted, before = self.mounts[path]
        if files != before:
            mounted.put(**files)
            self.mounts[path][1] = files
            for file in (place / "..data/").resolve().iterdir():
                if users_are_real():
                    os.chown(file, 0, self.template["securityContext"]["fsGroup"])
                file.chmod(mode)

    def files(self, volume):
        if "configMap" in volume:
            return self.cluster.get("configmap", volume["configMap"]["name"], NAMESPACE)["data"], volume["configMap"]["defaultMode"]
        secret = self.cluster.get("secret", volume["secret"]["secretName"], NAMESPACE)
        files = {name: base64.b64decode(data) for name, data in secret["data"].items()}
        return files, volume["secret"]["defaultMode"]

    def ask(self, path):
        return ask(self.host, self.ports["ops"], path)

    def page(self, host=None):
        """The status page, as kubectl port-forward leads to it: by the pod's loopback address."""
        asked = urllib.request.Request(f"http://{host or self.loopback}:8081/", headers={"Host": "localhost:8081"})
        with urllib.request.urlopen(asked, timeout=3) as answer:
            return answer.read().decode()

    def ready(self):
        probe = self.container["readinessProbe"]["httpGet"]
        return probe["port"] == "ops" and self.ask(probe["path"])[0] == 200

    def policy(self):
        """The hash of the policy in force."""
        lines = self.ask("/metrics")[1].splitlines()
        return next((line for line in lines if line.startswith("patless_policy_info{")), None)

    def stop(self, in_order=True):
        if self.process and self.process.poll() is None:
            self.process.terminate() if in_order else self.process.kill()
            self.process.wait(self.template["terminationGracePeriodSeconds"])
        self.clear()

    def clear(self):
        subprocess.run(["umount", "--lazy", self.root / "proc"], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.root, ignore_errors=True)

    def last_lines(self, count=5):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:]) if self.log.exists() else ""


REJECTIONS = "patless.dev/rejections-of=patless"   # the label of the Leases in which replicas tell what they refused


class Release:
    def __init__(self, helm, cluster, folder):
        self.helm, self.cluster, self.folder = helm, cluster, folder
        helm.environment["KUBECONFIG"] = str(cluster.folder / "kubeconfig")
        self.pods, self.certificates = [], folder / "certificates"
        make_certificates(self.certificates)
        # The second identity is how tests see that the mutating webhook is called.
        canary = {**IDENTITY, "namespace": "identity-canary"}
        del canary["deployment"]
        self.values = {**copy.deepcopy(PROVIDED), "policy": {"identities": [IDENTITY, canary]}, "server": {"drainSeconds": 2}}
        self.values["certificates"]["provided"]["caBundle"] = (self.certificates / "ca.crt").read_text()

    def run(self, verb, values=None, *options):
        values = self.helm.values(values or self.values)
        return self.helm.must(verb, "patless", CHART, "--namespace", NAMESPACE, "--values", values, *options)

    def uninstall(self):
        """Takes it down, as helm, kubelet and the endpoints controller do together."""
        self.helm.must("uninstall", "patless", "--namespace", NAMESPACE)
        for pod in self.pods:
            pod.stop()
        self.forget_addresses()
        self.forget_rejections()

    def forget_rejections(self):
        """What the garbage collector does, which is not here, once the release's Lease is gone: these Leases belong to it."""
        self.cluster.must("delete", "leases", "-n", NAMESPACE, "-l", REJECTIONS)

    def start_pods(self):
        self.pods = [Pod(self.cluster, self.folder, host) for host in HOSTS[: self.deployment()["spec"]["replicas"]]]
        for pod in self.pods:   # all at once, as kubelets do
            pod.launch()
        for pod in self.pods:
            pod.wait_until_ready()
        eventually("all pods are ready", lambda: all(pod.ready() for pod in self.pods))
        self.point_service_at_pods()

    def deployment(self):
        return self.cluster.get("deployment", "patless", NAMESPACE)

    def point_service_at_pods(self):
        """What the endpoints controller does: the Service's ports, at the pods that are ready."""
        service = self.cluster.get("service", "patless", NAMESPACE)
        template = self.deployment()["spec"]["template"]
        assert service["spec"]["selector"].items() <= template["metadata"]["labels"].items(), "the Service selects no pod"
        ready = [pod for pod in self.pods if pod.ready()]
        ports = {port["name"]: next(iter(ready)).ports[port["targetPort"]] for port in service["spec"]["ports"]} if ready else {}
        metadata = {"name": "patless", "namespace": NAMESPACE}
        addresses = [{"ip": pod.host} for pod in ready]
        subsets = [{"addresses": addresses, "ports": [{"name": name, "port": port} for name, port in ports.items()]}] if ready else []
        self.cluster.must("apply", "-f", "-", send={"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata, "subsets": subsets})
        slice_of_it = {
            "apiVersion": f"discovery.k8s.io/{self.cluster.slices}",
            "kind": "EndpointSlice",
            "metadata": {**metadata, "labels": {"kubernetes.io/service-name": "patless"}},
            "addressType": "IPv4",
            "endpoints": [{"addresses": [pod.host]} for pod in ready],
            "ports": [{"name": name, "port": port} for name, port in ports.items()],
        }
        self.cluster.must("apply", "-f", "-", send=slice_of_it)

    def forget_addresses(self):
        self.cluster.must("delete", "endpoints", "patless", "-n", NAMESPACE, "--ignore-not-found")
        self.cluster.kubectl("delete", "endpointslices.discovery.k8s.io", "patless", "-n", NAMESPACE, "--ignore-not-found")

    @contextlib.contextmanager
    def service_address(self):
        """What kube-proxy does: the Service's address and port, in front of the first pod."""
        def forward(source, target):
            try:
                while data := source.recv(65536):
                    target.sendall(data)
            except OSError:
                pass
            for end in source, target:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    pod = socket.create_connection((self.pods[0].host, self.pods[0].ports["webhook"]))
                    for pair in [(client, pod), (pod, client)]:
                        threading.Thread(target=forward, args=pair, daemon=True).start()

        with socket.create_server((SERVICE, 443)) as listener:
            threading.Thread(target=serve, daemon=True).start()
            yield
            listener.shutdown(socket.SHUT_RDWR)

    def probe(self):
        """What the pod of `helm test` comes to: in an empty root but for the executable, its token and /etc/hosts."""
        hooks = yaml.safe_load_all(self.helm.must("get", "hooks", "patless", "--namespace", NAMESPACE))
        (arguments,) = [hook["spec"]["containers"][0]["args"] for hook in hooks if hook["kind"] == "Pod"]
        pod = Pod(self.cluster, self.folder, SERVICE)
        try:
            pod.prepare()
            (pod.root / "etc/hosts").write_text(f"{SERVICE} patless.patless.svc\n")
            return pod.run(arguments)
        finally:
            pod.clear()

    def everything(self):
        """All there is in the cluster, but what others write on their own."""
        kinds = self.cluster.must("api-resources", "--verbs=list", "-o", "name").out.split()
        kinds = [kind for kind in kinds if kind.partition(".")[0] not in ("events", "endpoints", "endpointslices", "componentstatuses", "leases")]
        return set(self.cluster.must("get", ",".join(kinds), "-A", "-o", "name").out.split())

    def own(self):
        """What belongs to the release, each with its resourceVersion; but the Lease, which its holder renews all the time, with its uid."""
        kinds = "serviceaccounts,secrets,leases,configmaps,services,deployments,poddisruptionbudgets,networkpolicies,roles,rolebindings"
        things = self.cluster.must("get", kinds, "-n", NAMESPACE, "-l", "app.kubernetes.io/instance=patless", "-o", "json").object()["items"]
        kinds = "mutatingwebhookconfigurations,validatingwebhookconfigurations,clusterroles,clusterrolebindings"
        things += self.cluster.must("get", kinds, "-l", "app.kubernetes.io/instance=patless", "-o", "json").object()["items"]
        version = {"Lease": "uid"}
        return {f"{thing['kind']}/{thing['metadata']['name']}": thing["metadata"][version.get(thing["kind"], "resourceVersion")] for thing in things}

    def evidence(self):
        return "\n".join(f"pod {pod.host}:\n{pod.last_lines()}" for pod in self.pods) + f"\nAPI server:\n{self.cluster.log_tail()}"

    def stop(self):
        for pod in self.pods:
            pod.stop(in_order=False)
