"""Breaks a server under load in one way after the other. See `run`."""

import contextlib
import json
import os
import pathlib
import random
import re
import resource
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

import harness
from clients import KINDS, Clients
from harness import Skip, eventually, expect, test
from server import PATLESS, ROOT, Mounted, Server, make_certificates

PEERS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
PORT = 9443


class Stage:
    def __init__(self, folder):
        self.folder = folder
        self.source = folder / "certificates"
        make_certificates(self.source)
        self.authority = self.source / "ca.crt"
        (folder / "policy.yaml").write_text("apiVersion: patless.dev/v1alpha1\nkind: Policy\n")
        self.certificates = Mounted(folder / "tls")
        self.show(self.source)
        self.number = 0

    def show(self, folder):
        self.certificates.put(tls_crt=(folder / "tls.crt").read_bytes(), tls_key=(folder / "tls.key").read_bytes())

    @contextlib.contextmanager
    def server(self, *options, drain=1):
        """One server for one fault, with a trail of its own."""
        self.number += 1
        place = self.folder / str(self.number)
        place.mkdir()
        server = Server(place, self.folder / "policy.yaml", self.certificates, drain=drain, options=["--audit", place / "audit.jsonl", *options])
        server.trail = place / "audit.jsonl"
        server.start()
        try:
            yield server
        finally:
            server.stop()

    def greet(self):
        """One handshake, by which the certificate is looked at."""
        context = ssl.create_default_context(cafile=self.authority)
        with context.wrap_socket(socket.create_connection(("127.0.0.1", PORT), timeout=5), server_hostname="localhost"):
            pass

    def is_trusted(self):
        try:
            self.greet()
        except ssl.SSLError:
            return False
        return True

    def clients(self, **options):
        return Clients(PORT, self.authority, **options)


def on_record(server):
    return server.trail.read_text().count('"decision":"deny"')


def told(*words):
    print("     ", *words, flush=True)


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
            peak = int(pathlib.Path(f"/proc/{server.process.pid}/status").read_text().partition("VmHWM:")[2].split()[0]) / 1e3
            told(f"60 requests of 6 MB that never end, {size >> 20} MiB allowed: {peak:.1f} MB at most")
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


class Trickle:
    """Peers that send a byte a second, each, of something that never comes to its end."""

    def __init__(self, count, byte=b"\x16"):
        self.peers, self.ends = [], threading.Event()
        for _ in range(count):
            peer = socket.socket()
            peer.setblocking(False)
            peer.connect_ex(("127.0.0.1", PORT))
            self.peers.append(peer)
        self.byte, self.thread = byte, threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ends.wait(1):
            for peer in self.peers:
                with contextlib.suppress(OSError):
                    peer.send(self.byte)

    def stop(self):
        self.ends.set()
        self.thread.join()
        for peer in self.peers:
            peer.close()


@test
def peers_that_send_a_byte_a_second_take_nothing_from_the_others(stage):
    with stage.server() as server, stage.clients() as clients:
        crowd = Trickle(PEERS)
        try:
            before = clients.answered
            time.sleep(3)
            expect(clients.answered - before > 300, "it is held up", clients.told())
            memory = int(pathlib.Path(f"/proc/{server.process.pid}/status").read_text().partition("VmRSS:")[2].split()[0]) / 1e3
            told(f"{PEERS:,} peers; {(clients.answered - before) / 3:,.0f} answers a second meanwhile, resident memory {memory:.1f} MB")
            expect(clients.unanswered == 0, clients.told())
        finally:
            crowd.stop()
        clients.more()


@test
def peers_that_stop_reading_take_nothing_from_the_others(stage):
    context = ssl.create_default_context(cafile=stage.authority)
    body, _ = KINDS[1]
    request = f"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    with stage.server() as server, stage.clients() as clients:
        peers = []
        for _ in range(min(PEERS // 20, 500)):
            peer = context.wrap_socket(socket.create_connection(("127.0.0.1", PORT), timeout=10), server_hostname="localhost")
            peer.setblocking(False)
            with contextlib.suppress(OSError, ssl.SSLError):
                for _ in range(50):
                    peer.send(request)
            peers.append(peer)
        before = clients.answered
        time.sleep(2)
        told(f"{len(peers)} peers that read nothing; {(clients.answered - before) / 2:,.0f} answers a second meanwhile")
        expect(clients.unanswered == 0 and clients.answered > before + 200, clients.told())
        for peer in peers:
            peer.close()
        clients.more()


@test
def garbage_on_the_port_is_nobody_elses_concern(stage):
    random.seed(1)
    with stage.server() as server, stage.clients() as clients:
        for number in range(min(PEERS, 2_000)):
            kind = number % 4
            with contextlib.suppress(OSError):
                with socket.create_connection(("127.0.0.1", PORT), timeout=5) as peer:
                    if kind == 0:
                        peer.sendall(random.randbytes(random.randrange(1, 4096)))
                    elif kind == 1:
                        peer.sendall(b"\x16\x03\x01\x02\x00" + random.randbytes(random.randrange(0, 512)))   # a record that is cut off
                    elif kind == 2:
                        peer.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                    else:
                        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")   # a reset
        clients.more()
        expect(clients.unanswered == 0, clients.told())


@test
def who_closes_its_half_is_answered_all_the_same(stage):
    body, _ = KINDS[1]
    with stage.server():
        context = ssl.create_default_context(cafile=stage.authority)
        raw = socket.create_connection(("127.0.0.1", PORT), timeout=5)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_hostname="localhost")

        def pump(step):
            while True:
                try:
                    result = step()
                except ssl.SSLWantReadError:
                    if outgoing.pending:
                        raw.sendall(outgoing.read())
                    data = raw.recv(65536)
                    incoming.write(data) if data else incoming.write_eof()
                else:
                    if outgoing.pending:
                        raw.sendall(outgoing.read())
                    return result

        pump(tls.do_handshake)
        tls.write(f"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        raw.sendall(outgoing.read())
        raw.shutdown(socket.SHUT_WR)
        answer = pump(lambda: tls.read(65536))
        expect(b"200 OK" in answer and b'"allowed":false' in answer, answer)
        raw.close()


@test
def who_sends_a_hundred_requests_at_once_gets_a_hundred_answers_in_order(stage):
    with stage.server():
        context = ssl.create_default_context(cafile=stage.authority)
        with context.wrap_socket(socket.create_connection(("127.0.0.1", PORT), timeout=10), server_hostname="localhost") as peer:
            requests = b""
            for number in range(100):
                body = json.dumps({**json.loads(KINDS[number % 2][0]), "request": {**json.loads(KINDS[number % 2][0])["request"], "uid": f"u-{number}"}}).encode()
                requests += f"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
            sender = threading.Thread(target=peer.sendall, args=[requests])
            sender.start()
            text = b""
            while text.count(b'"uid":"u-') < 100:
                part = peer.recv(65536)
                expect(part, "the connection was closed:", text[-500:])
                text += part
            sender.join()
        order = [int(part.split(b'"')[0]) for part in text.split(b'"uid":"u-')[1:]]
        expect(order == list(range(100)), order)


def certificates(stage, name, start, end):
    """A certificate of the same authority with another span of life."""
    folder = stage.folder / name
    folder.mkdir()
    shutil.copy(stage.source / "tls.key", folder / "tls.key")
    subject = ["openssl", "req", "-new", "-key", folder / "tls.key", "-subj", "/CN=localhost", "-out", folder / "csr"]
    subprocess.run(subject, check=True, capture_output=True)
    (folder / "index").touch()
    (folder / "config").write_text(
        f"[ca]\ndefault_ca=x\n[x]\ndatabase={folder}/index\nnew_certs_dir={folder}\ndefault_md=sha256\npolicy=p\nrand_serial=yes\nx509_extensions=e\n"
        "[p]\ncommonName=supplied\n[e]\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n")
    sign = ["openssl", "ca", "-batch", "-config", folder / "config", "-cert", stage.source / "ca.crt", "-keyfile", stage.source / "ca.key", "-in", folder / "csr",
            "-startdate", start, "-enddate", end, "-out", folder / "tls.crt", "-notext"]
    done = subprocess.run(sign, capture_output=True, text=True)
    expect(done.returncode == 0, done.stderr)
    return folder


@test
def a_certificate_out_of_its_time_is_told_of_and_another_takes_its_place(stage):
    if not (stage.source / "ca.key").exists():
        raise Skip("the development certificates come without their authority's key")
    for name, start, end in [("expired", "20200101000000Z", "20210101000000Z"), ("early", "20400101000000Z", "20410101000000Z")]:
        bad = certificates(stage, name, start, end)
        with stage.server() as server, stage.clients() as clients:
            stage.show(bad)
            reloads = server.metric("patless_certificate_reloads_total", result="success") + server.metric("patless_certificate_reloads_total", result="failure")
            eventually("it was looked at", lambda: server.metric("patless_certificate_reloads_total", result="success") + server.metric("patless_certificate_reloads_total", result="failure") > reloads)
            status, text = server.ask("/readyz?verbose")
            try:
                stage.greet()
                served = "the old one is served on"
            except ssl.SSLError:
                served = "it is served, and who connects refuses it"
            told(f"{name}: ready is {status}, {served}")
            expect(status == 503 and name.replace("early", "not valid before") in text, text)
            stage.show(stage.source)
            began = time.monotonic()
            eventually("who connects trusts it again", stage.is_trusted)
            told(f"{name}: well {time.monotonic() - began:.2f} s after a good one was there")


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="patless-chaos."))
    tally = harness.Tally(sys.argv[2:])
    stage = Stage(folder)
    try:
        tally.run(harness.TESTS, stage)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
