"""A server that is killed, told to go, or out of what the kernel gives."""

import contextlib
import os
import pathlib
import re
import resource
import socket
import ssl
import subprocess
import time

from harness import Skip, eventually, expect, test
from server import PATLESS, ROOT
from stage import PORT, memory, told


def on_record(server):
    return server.trail.read_text().count('"decision":"deny"')


@test
def killed_under_load_it_is_back_as_soon_as_it_is_started(stage):
    with stage.server() as server:
        with stage.clients() as clients:
            server.process.kill()
            server.process.wait()
            began = time.monotonic()
            server.start()
            clients.more()
            told(f"well {clients.good_at and time.monotonic() - began:.2f} s after it was started again")
        # Whatever was killed before it was written was answered before: that is what a queue costs.
        eventually("what was denied is on record", lambda: on_record(server) > 0)
        lost = clients.denied - on_record(server)
        told(f"{clients.denied:,} denied, {max(lost, 0)} of them answered and not on record when it was killed")
        done = subprocess.run([PATLESS, "audit", "verify", server.trail], capture_output=True, text=True)
        expect(done.returncode == 0 and lost < 200, lost, done.stdout, done.stderr)


@test
def told_to_go_under_load_it_leaves_no_request_unanswered(stage):
    with stage.server(drain=2) as server, stage.clients() as clients:
        before = clients.unanswered
        server.terminate()
        # Another replica would take over: here the clients stop when the port closes.
        eventually("it drains", lambda: server.ask("/readyz")[0] != 200)
        clients.ends.set()
        for thread in clients.threads:
            thread.join(15)
        expect(clients.unanswered == before, clients.told())
        server.wait()


@test
def out_of_descriptors_it_serves_who_is_there_and_recovers(stage):
    with stage.server() as server, stage.clients() as clients:
        used = len(os.listdir(f"/proc/{server.process.pid}/fd"))
        limits = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (used + 2, limits[1]))
        crowd = []
        for _ in range(200):
            with contextlib.suppress(OSError):
                crowd.append(socket.create_connection(("127.0.0.1", PORT), timeout=1))
        clients.more()
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, limits)
        for one in crowd:
            one.close()
        told(f"well {clients.more():.3f} s after there were descriptors again")
        stage.greet()


@contextlib.contextmanager
def memory_limit(size):
    """A cgroup of at most so much memory, of either version; what joins it, and how."""
    for folder, limit, join in [("/sys/fs/cgroup/patless-chaos", "memory.max", "cgroup.procs"), ("/sys/fs/cgroup/memory/patless-chaos", "memory.limit_in_bytes", "cgroup.procs")]:
        cgroup = pathlib.Path(folder)
        try:
            cgroup.mkdir()
        except OSError:
            continue
        try:
            if (cgroup / limit).exists():
                (cgroup / limit).write_text(str(size))
                yield cgroup / join
                eventually("the cgroup is empty", lambda: not (cgroup / join).read_text().strip())
                return
        finally:
            cgroup.rmdir()
    raise Skip("no cgroup with a memory limit can be made here")


@test
def within_the_memory_of_the_chart_it_says_come_again_rather_than_die(stage):
    chart = (ROOT / "charts/patless/values.yaml").read_text()
    size = int(re.search(r"limits: {memory: (\d+)Mi}", chart)[1]) << 20
    with memory_limit(size) as join:
        with stage.server() as server:
            join.write_text(str(server.process.pid))
            with stage.clients() as clients:
                half(stage, 60, size=6 << 20)
                clients.more()
            told(f"60 requests of 6 MB that never end, {size >> 20} MiB allowed: {memory(server, 'VmHWM'):.1f} MB at most")
            expect(server.process.poll() is None, "it was killed")


def half(stage, count, size):
    """So many clients that announce a large body and send all but its end."""
    context = ssl.create_default_context(cafile=stage.authority)
    head = f"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n".encode()
    peers = []
    for _ in range(count):
        with contextlib.suppress(OSError):
            peer = context.wrap_socket(socket.create_connection(("127.0.0.1", PORT), timeout=5), server_hostname="localhost")
            peers.append(peer)
            peer.sendall(head + b" " * (size - 1))
    time.sleep(1)
    for peer in peers:
        peer.close()
