"""A release of the chart, and what a cluster would make of it: pods, and the addresses behind the Service.

There is no kubelet and no controller here. A Pod stands in for what kubelet does with the pod template that the API server
holds: a root with nothing in it but the executable and the mounted volumes, the user, the arguments, the probe.
"""

import base64
import copy
import json
import os
import pathlib
import shutil
import subprocess

import yaml

from chart import CHART, IDENTITY, PROVIDED
from harness import eventually
from cluster import PORT
from server import PATLESS, ROOT, Mounted, ask, make_certificates

API_SERVER = "10.77.0.1"
HOSTS = ["10.77.0.11", "10.77.0.12"]
NAMESPACE = "patless"


def users_are_real():
    """Whether there is a user 65532 here: not in a user namespace that knows root only."""
    return int(pathlib.Path("/proc/self/uid_map").read_text().split()[2]) > 65532


def entrypoint():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    return next(json.loads(line.split(" ", 1)[1]) for line in lines if line.startswith("ENTRYPOINT "))


class Pod:
    def __init__(self, cluster, folder, host):
        self.cluster, self.host, self.root = cluster, host, pathlib.Path(folder) / f"pod-{host}"
        self.template = cluster.get("deployment", "patless", NAMESPACE)["spec"]["template"]["spec"]
        (self.container,) = self.template["containers"]
        self.ports = {port["name"]: port["containerPort"] for port in self.container["ports"]}
        self.mounts, self.process, self.log = {}, None, pathlib.Path(folder) / f"pod-{host}.log"

    def start(self):
        self.root.mkdir(mode=0o755)
        shutil.copy(PATLESS, self.root / entrypoint()[0].lstrip("/"))
        (self.root / "proc").mkdir()
        subprocess.run(["mount", "--bind", "/proc", self.root / "proc"], check=True)
        self.sync()
        if self.template["automountServiceAccountToken"]:
            self.renew_token()
        user = self.template["securityContext"]
        command = ["chroot"]
        if users_are_real():
            command.append(f"--userspec={user['runAsUser']}:{user['runAsGroup']}")
        # Pods have an address of their own; here all have those of one network namespace.
        arguments = [text.replace("=0.0.0.0:", f"={self.host}:") for text in self.container["args"]]
        with open(self.log, "ab") as log:
            environment = {"PATH": os.environ["PATH"], "KUBERNETES_SERVICE_HOST": API_SERVER, "KUBERNETES_SERVICE_PORT": str(PORT)}
            self.process = subprocess.Popen([*command, self.root, *entrypoint(), *arguments], stdout=log, stderr=log, env=environment)
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
        subprocess.run(["umount", "--lazy", self.root / "proc"], stderr=subprocess.DEVNULL)

    def last_lines(self, count=5):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:]) if self.log.exists() else ""


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

    def start_pods(self):
        self.pods = [Pod(self.cluster, self.folder, host) for host in HOSTS[: self.deployment()["spec"]["replicas"]]]
        for pod in self.pods:
            pod.start()
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
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {**metadata, "labels": {"kubernetes.io/service-name": "patless"}},
            "addressType": "IPv4",
            "endpoints": [{"addresses": [pod.host]} for pod in ready],
            "ports": [{"name": name, "port": port} for name, port in ports.items()],
        }
        self.cluster.kubectl("apply", "-f", "-", send=slice_of_it)   # API servers before 1.21 do not know it

    def forget_addresses(self):
        self.cluster.must("delete", "endpoints", "patless", "-n", NAMESPACE, "--ignore-not-found")
        self.cluster.kubectl("delete", "endpointslices.discovery.k8s.io", "patless", "-n", NAMESPACE, "--ignore-not-found")

    def everything(self):
        """All there is in the cluster, but what others write on their own."""
        kinds = self.cluster.must("api-resources", "--verbs=list", "-o", "name").out.split()
        kinds = [kind for kind in kinds if kind.partition(".")[0] not in ("events", "endpoints", "endpointslices", "componentstatuses", "leases")]
        return set(self.cluster.must("get", ",".join(kinds), "-A", "-o", "name").out.split())

    def own(self):
        """What belongs to the release, each with its resourceVersion."""
        kinds = "serviceaccounts,secrets,leases,configmaps,services,deployments,poddisruptionbudgets,networkpolicies,roles,rolebindings"
        things = self.cluster.must("get", kinds, "-n", NAMESPACE, "-l", "app.kubernetes.io/instance=patless", "-o", "json").object()["items"]
        kinds = "mutatingwebhookconfigurations,validatingwebhookconfigurations,clusterroles,clusterrolebindings"
        things += self.cluster.must("get", kinds, "-l", "app.kubernetes.io/instance=patless", "-o", "json").object()["items"]
        return {f"{thing['kind']}/{thing['metadata']['name']}": thing["metadata"]["resourceVersion"] for thing in things}

    def evidence(self):
        return "\n".join(f"pod {pod.host}:\n{pod.last_lines()}" for pod in self.pods) + f"\nAPI server:\n{self.cluster.log_tail()}"

    def stop(self):
        for pod in self.pods:
            pod.stop(in_order=False)
