"""How soon a server is there, how much memory it takes, and how large it is on disk."""

import gzip
import json
import os
import pathlib
import resource
import shutil
import subprocess

from contestants import ASSETS, contestants, nginx_program
from open_loop import connected
from rounds import alternate
from servers import ROOT
from table import LESS, Row, row

STARTS = 9
METHOD = f"{STARTS} starts; memory from /proc/PID/status"
CROWD = 10_000
SPARE = 200   # descriptors that a server needs beside its connections


def chapter(folder):
    most = min(CROWD, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - SPARE)
    limited = "" if most == CROWD else ", the most that this machine's limit on descriptors allows"
    servers = contestants(folder)
    started = alternate(servers, STARTS, starts)
    crowded = contestants(folder, connections=2 * CROWD)
    return [
        "Start, memory, size; 1 worker (memory: of nginx, that of its worker alone)",
        row("from exec to the first answer over TLS, ms", LESS, "{:.0f}", started, "ms"),
        memory("resident memory when idle, MB", servers, 0),
        memory("resident memory at 256 open connections, MB", servers, 256),
        memory(f"resident memory at {most:,} open connections, MB{limited}", crowded, most),
        executables(),
        image(folder),
    ]


def starts(server):
    elapsed = server.start()
    server.stop()
    return {"ms": elapsed}


def memory(label, servers, connections):
    return Row(label, LESS, "{:.1f}", {server.name: resident(server, connections) for server in servers})


def resident(server, connections):
    """What a fresh server takes when it has so many connections, each of which it has answered once."""
    server.start()
    try:
        if not connections:
            return server.megabytes("VmRSS")
        with connected(server, connections):
            if (there := established(server.port)) != connections:
                raise SystemExit(f"{server.name} has {there} of {connections} connections: it closed the others")
            return server.megabytes("VmRSS")
    finally:
        server.stop()


def established(port):
    """How many connections to this port the kernel knows of, counted at the server's end."""
    lines = [line.split() for table in ["tcp", "tcp6"] for line in pathlib.Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
    return sum(local.endswith(f":{port:04X}") and state == "01" for _, local, _, state, *_ in lines)


def executables():
    programs = {"patless": os.environ["PATLESS"], "nginx": nginx_program(), "agnhost": ASSETS / "agnhost"}
    sizes = {name: os.stat(path).st_size / 1e6 for name, path in programs.items()}
    return Row("executable, MB (nginx needs libraries beside it, the others nothing)", LESS, "{:.1f}", sizes)


def image(folder):
    """The image that `make image` builds, in a store of its own and without a daemon."""
    if not shutil.which("buildah"):
        raise SystemExit("buildah is not installed: Tests/setup bench installs it")
    store, policy, pushed = folder / "storage.conf", folder / "policy.json", folder / "image"
    store.write_text(f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/store"\nrunroot = "{folder}/run"\n')
    policy.write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
    environment = {**os.environ, "DOCKER_HOST": f"unix://{folder}/nobody", "CONTAINERS_STORAGE_CONF": str(store),
                   "BUILDAH_ISOLATION": "chroot", "IMAGE": "bench"}
    build = [ROOT / "Tests/Image/build", os.environ["PATLESS"]]
    for command in [build, ["buildah", "push", "--quiet", "--signature-policy", policy, "bench", f"oci:{pushed}:latest"]]:
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"the image cannot be built: {done.stdout[-500:]}{done.stderr[-500:]}")

    def blob(described):
        return (pushed / "blobs" / described["digest"].replace(":", "/")).read_bytes()

    (index,) = json.loads((pushed / "index.json").read_text())["manifests"]
    layers = [blob(layer) for layer in json.loads(blob(index))["layers"]]
    unpacked, packed = sum(len(gzip.decompress(layer)) for layer in layers) / 1e6, sum(map(len, layers)) / 1e6
    return Row(f"container image, MB ({packed:.1f} as it is pulled)", LESS, "{:.1f}", {"patless": unpacked})
