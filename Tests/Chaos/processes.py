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

from crowd import Crowd, hello
from harness import Skip, eventually, expect, test
from server import PATLESS, ROOT, memory
from stage import PORT, told


def on_record(server):
    return server.trail.read_text().count('"decision":"deny"')


@test
def killed_under_load_it_is_back_as_soon_as_it_is_started(stage):
    with stage.server() as server:
        with stage.clients() as clients:
            eventually("the trail keeps up", lambda: clients.denied - on_record(server) <= 10)
            server.process.kill()
            server.process.wait()
            began = time.monotonic()
            server.start()
            clients.more()
            told(f"well {clients.good_at and time.monotonic() - began:.2f} s after it was started again")
        expect(clients.unanswered <= len(clients.threads), "more went unanswered than was under way:", clients.told())
    # The trail is whole now that it has ended in order. An answer may be out before its line is written: what was in the
    # queue when it was killed is not on record, and what is on record may not have been answered.
    lost = clients.denied - on_record(server)
    told(f"{clients.denied:,} denied, {max(lost, 0)} of them answered and not on record when it was killed")
    done = subprocess.run([PATLESS, "audit", "verify", server.trail], capture_output=True, text=True)
    expect(done.returncode == 0 and -clients.unanswered <= lost <= 50, lost, done.stdout, done.stderr)


@test
def told_to_go_under_load_it_leaves_no_request_unanswered(stage):
    drain = 2
    with stage.server(drain=drain) as server, stage.clients() as clients:
        began, before = time.monotonic(), clients.answered
        server.terminate()
        # Another replica would take over: here they come again and again until the port is closed.
        eventually("the port is closed", lambda: clients.refused > 0, 20)
        code, seconds = server.wait(), time.monotonic() - began
        told(f"{clients.answered - before:,} answers after it was told to go, gone after {seconds:.2f} s")
        expect(clients.unanswered == 0 and clients.wrong == [], clients.told(), clients.wrong[:3])
        # 2 s in which it says "come again", and as many for those who have not read their last answer.
        expect(code == 0 and seconds < drain + 4 + 10, f"it ended with {code} after {seconds:.2f} s")


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
        expect(clients.unanswered == 0, clients.told())


# Begins a program within the cgroup $1, seen at $2 as a container sees its own, in a mount namespace that ends with it.
CONTAIN = 'echo $$ >"$1/cgroup.procs"; mount --bind "$1" "$2"; shift 2; exec "$@"'


@contextlib.contextmanager
def memory_limit(size):
    """A cgroup of at most so much memory, of either version: the words that begin a program within."""
    for root, limit in [("/sys/fs/cgroup", "memory.max"), ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")]:
        cgroup = pathlib.Path(root) / "patless-chaos"
        try:
            cgroup.mkdir()
        except OSError:
            continue
        try:
            if (cgroup / limit).exists():
                (cgroup / limit).write_text(str(size))
                try:
                    yield ["unshare", "--mount", "sh", "-ec", CONTAIN, "sh", cgroup, root]
                finally:
                    eventually("the cgroup is empty", lambda: not (cgroup / "cgroup.procs").read_text().strip())
                return
        finally:
            cgroup.rmdir()
    raise Skip("no cgroup with a memory limit can be made here")


@test
def within_the_memory_of_the_chart_it_says_come_again_rather_than_die(stage):
    chart = (ROOT / "charts/patless/values.yaml").read_text()
    size = int(re.search(r"limits: {memory: (\d+)Mi}", chart)[1]) << 20
    with memory_limit(size) as contained, stage.server(program=[*contained, PATLESS]) as server, stage.clients() as clients:
        # More handshakes than there is memory for, each as far as it goes without the client's second word.
        with unfinished(stage, 60, size=6 << 20), Crowd(2_400) as crowd:
            crowd.send(hello())
            eventually("every handshake is answered or ended", lambda: server.process.poll() is not None or crowd.is_answered(), 20)
            connections, refused = server.metric("patless_connections"), server.metric("patless_http_responses_total", code="503")
            before = clients.answered
            eventually("the others go on", lambda: server.process.poll() is not None or clients.answered > before + 200, 30)
            expect(server.process.poll() is None, f"it was killed: it ended with {server.process.returncode}")
        told(f"60 requests of 6 MB and {len(crowd.peers):,} handshakes that never end, {size >> 20} MiB allowed: {connections:,.0f} connections, "
             f"{refused:.0f} told to come again, {memory(server.process, 'VmHWM') / 1e6:.1f} MB at most")
        expect(refused > 0, "nobody was told to come again")


@contextlib.contextmanager
def unfinished(stage, count, size):
    """So many clients that announce a large body and send all but its end."""
    context = ssl.create_default_context(cafile=stage.authority)
    head = f"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n".encode()
    with contextlib.ExitStack() as peers:
        for _ in range(count):
            with contextlib.suppress(OSError):
                raw = socket.create_connection(("127.0.0.1", PORT), timeout=5)
                peers.enter_context(context.wrap_socket(raw, server_hostname="localhost")).sendall(head + b" " * (size - 1))
        yield
