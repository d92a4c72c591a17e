"""Ways into a cluster: whatever a kubeconfig says, from nothing but the executable."""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import threading

from cluster import PORT
from harness import eventually, expect, test
from server import PATLESS, Server

NAME = "kubernetes.default.svc"   # which the API server has a certificate for


class Visitor(Server):
    """A server that looks at the cluster of a kubeconfig."""

    def __init__(self, cluster, server, kubeconfig, options=(), environment=None, root=None):
        folder = cluster.folder / "visitor"
        folder.mkdir(exist_ok=True)
        (folder / "kubeconfig").write_text(json.dumps(kubeconfig))
        where = "/kubeconfig" if root else folder / "kubeconfig"
        place = ["--name", "patless", "--namespace", "patless", "--kubeconfig", where, "--scan", *options]
        super().__init__(folder, server.policy_files / "policy.yaml", server.certificate_source, port=19443, ops=19080, options=place)
        self.environment, self.root = {**os.environ, **(environment or {})}, root

    def sees_the_cluster(self):
        with open(self.log, "wb") as log:
            command = [*(["chroot", self.root] if self.root else []), "/patless" if self.root else PATLESS, *map(str, self.arguments)]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=self.environment)
        try:
            def seen():
                return self.process.poll() is not None or self.metric("patless_api_requests_total", verb="list", code="200") > 0

            eventually(f"it sees the cluster; it says:\n{self.log.read_text()}", seen, 10)
            return self.process.poll() is None
        except AssertionError:
            return False
        finally:
            self.process.kill()
            self.process.wait()


def kubeconfig(cluster, user, server=f"https://127.0.0.1:{PORT}", others=()):
    place = {"server": server, "certificate-authority": str(cluster.folder / "ca.crt")}
    contexts = [{"name": "here", "context": {"cluster": "test", "user": "me"}}, *others]
    return {
        "apiVersion": "v1", "kind": "Config", "current-context": "here", "contexts": contexts,
        "clusters": [{"name": "test", "cluster": place}, {"name": "nowhere", "cluster": {**place, "server": "https://127.0.0.1:1"}}],
        "users": [{"name": "me", "user": user}],
    }


def sees(cluster, server, *arguments, **options):
    visitor = Visitor(cluster, server, *arguments, **options)
    return visitor.sees_the_cluster(), visitor.log.read_text()


def succeeds(cluster, server, *arguments, **options):
    seen, said = sees(cluster, server, *arguments, **options)
    expect(seen, said)


@test
def a_token_or_a_file_with_one_opens_the_cluster_and_another_does_not(cluster, server, client):
    succeeds(cluster, server, kubeconfig(cluster, {"token": "admin-token"}))
    file = cluster.folder / "token"
    file.write_text("admin-token\n")
    succeeds(cluster, server, kubeconfig(cluster, {"tokenFile": str(file)}))
    seen, said = sees(cluster, server, kubeconfig(cluster, {"token": "nobody-token"}))
    expect(not seen and "401" in said and "nobody-token" not in said, said)


@test
def a_client_certificate_opens_the_cluster(cluster, server, client):
    cluster.kubectl("create", "clusterrolebinding", "visitor", "--clusterrole=cluster-admin", "--user=kube-apiserver")
    files = {"client-certificate": str(cluster.folder / "kube-apiserver.crt"), "client-key": str(cluster.folder / "kube-apiserver.key")}
    succeeds(cluster, server, kubeconfig(cluster, files))
    cluster.must("delete", "clusterrolebinding", "visitor")


@test
def an_exec_plugin_is_asked_for_a_token(cluster, server, client):
    plugin = cluster.folder / "plugin"
    answer = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "admin-token"}}
    plugin.write_text(f"#!/bin/sh\n[ \"$1\" = get-token ] && echo '{json.dumps(answer)}'\n")
    plugin.chmod(0o755)
    ask = {"apiVersion": "client.authentication.k8s.io/v1", "command": str(plugin), "args": ["get-token"], "interactiveMode": "Never"}
    succeeds(cluster, server, kubeconfig(cluster, {"exec": ask}))


@test
def a_context_other_than_the_current_one_can_be_named(cluster, server, client):
    nowhere = {"name": "away", "context": {"cluster": "nowhere", "user": "me"}}
    config = kubeconfig(cluster, {"token": "admin-token"}, others=[nowhere])
    succeeds(cluster, server, {**config, "current-context": "away"}, options=["--context", "here"])
    seen, said = sees(cluster, server, config, options=["--context", "gone"])
    expect(not seen and "gone" in said, said)


@test
def a_proxy_of_the_environment_is_gone_through(cluster, server, client):
    asked = []

    def pump(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)

    def serve(listener):
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                head = near.recv(4096).decode()
                asked.append(head.splitlines()[0])
                host, _, port = head.split()[1].rpartition(":")
                far = socket.create_connection((host, int(port)))
                near.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                for pair in [(near, far), (far, near)]:
                    threading.Thread(target=pump, args=pair, daemon=True).start()

    address = f"https://10.77.0.1:{PORT}"   # no proxy is asked for a loopback address
    with socket.create_server(("127.0.0.1", 13128)) as listener:
        threading.Thread(target=serve, args=[listener], daemon=True).start()
        environment = {"HTTPS_PROXY": "http://127.0.0.1:13128", "NO_PROXY": ""}
        succeeds(cluster, server, kubeconfig(cluster, {"token": "admin-token"}, address), environment=environment)
        listener.shutdown(socket.SHUT_RDWR)
    expect(asked and asked[0].startswith(f"CONNECT 10.77.0.1:{PORT} "), asked)


@test
def a_name_resolves_in_an_empty_root_and_the_certificate_must_have_it(cluster, server, client):
    for name, right in [(NAME, True), ("elsewhere.example", False)]:
        folder = cluster.folder / f"root-{name}"
        for needed in ["etc", "proc"]:   # a container has the latter
            (folder / needed).mkdir(parents=True)
        subprocess.run(["mount", "--bind", "/proc", folder / "proc"], check=True)
        (folder / "etc/hosts").write_text(f"127.0.0.1 {name}\n")
        shutil.copy(PATLESS, folder / "patless")
        for file in ["tls.crt", "tls.key"]:
            shutil.copy(pathlib.Path(server.certificate_source) / file, folder)
        shutil.copy(cluster.folder / "ca.crt", folder)
        shutil.copy(server.policy_files / "policy.yaml", folder)
        config = kubeconfig(cluster, {"token": "admin-token"}, f"https://{name}:{PORT}")
        config["clusters"][0]["cluster"]["certificate-authority"] = "/ca.crt"
        (folder / "kubeconfig").write_text(json.dumps(config))
        visitor = Visitor(cluster, server, config, root=folder)
        replaced = {str(server.policy_files / "policy.yaml"): "/policy.yaml"}
        replaced |= {str(server.certificate_source / file): f"/{file}" for file in ["tls.crt", "tls.key"]}
        visitor.arguments = [replaced.get(str(argument), argument) for argument in visitor.arguments]
        seen, said = visitor.sees_the_cluster(), visitor.log.read_text()
        subprocess.run(["umount", "--lazy", folder / "proc"], check=True)
        expect(seen == right, said)
