"""Clients that are slow, silent, torn or greedy, beside clients as the API server is one."""

import contextlib
import itertools
import json
import pathlib
import random
import select
import socket
import ssl
import sys
import time

from clients import KINDS
from crowd import Crowd, hello
from harness import eventually, expect, test
from server import memory
from stage import PORT, told

PEERS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000


@test
def peers_that_send_a_byte_a_second_take_nothing_from_the_others_and_are_let_go(stage):
    context = ssl.create_default_context(cafile=stage.authority)
    words, head = hello(), b"POST /validate HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"a" * 100
    with stage.server() as server:
        # The first half has time until it begins a request, the second half's runs from the moment it is connected.
        with Crowd(PEERS // 2, context) as asking, stage.clients() as clients, Crowd(PEERS // 2) as greeting:
            eventually("all are connected", lambda: server.metric("patless_connections") >= PEERS + len(clients.threads), 5)
            began, before, resident = time.monotonic(), clients.answered, memory(server.process) / 1e6
            for number in itertools.count():
                asking.send(head[number:number + 1])
                greeting.send(words[number:number + 1])
                if 0 < server.metric("patless_connections") <= len(clients.threads):
                    break
                expect(time.monotonic() < began + 25, f"{server.metric('patless_connections'):,.0f} connections are still there")
                time.sleep(max(0, began + number + 1 - time.monotonic()))
            seconds, answered = time.monotonic() - began, clients.answered - before
            told(f"well {clients.more():.3f} s after they had gone")
        told(f"{PEERS:,} peers, let go after {seconds:.1f} s; {answered / seconds:,.0f} answers a second meanwhile, resident memory {resident:.1f} MB")
        late = [server.metric("patless_tls_handshakes_total", result="timeout"), server.metric("patless_http_responses_total", code="408")]
        expect(late == [PEERS // 2] * 2, "handshakes and heads that were not over in time:", late)
        expect(clients.unanswered == 0 and answered > 100 * seconds, "it was held up", clients.told())


@contextlib.contextmanager
def small_buffers():
    """Has the kernel of this namespace hold a few answers of a connection rather than megabytes of them."""
    files = [pathlib.Path(f"/proc/sys/net/ipv4/tcp_{name}") for name in ("rmem", "wmem")]
    before = [file.read_text() for file in files]
    try:
        for file in files:
            file.write_text("4096 8192 8192")
        yield
    finally:
        for file, text in zip(files, before):
            file.write_text(text)


@test
def peers_that_stop_reading_take_nothing_from_the_others(stage):
    context = ssl.create_default_context(cafile=stage.authority)
    body, _ = KINDS[1]
    request = f"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    with small_buffers(), stage.server() as server:
        with Crowd(PEERS, context) as crowd, stage.clients() as clients:
            began, before = time.monotonic(), clients.answered
            # One that the server waits for is stuck, and stays so: a second later it still takes nothing, and is connected.
            while True:
                last = time.monotonic()
                sent = crowd.push(request)
                if sent.count(0) > PEERS * 0.99:
                    break
                expect(last < began + 25, f"{len(sent):,} are connected, and the server takes requests of {len(sent) - sent.count(0):,} who read no answers")
                time.sleep(max(0, last + 1 - time.monotonic()))
            seconds, answered = time.monotonic() - began, clients.answered - before
            connections = server.metric("patless_connections")
            told(f"{PEERS:,} peers that read nothing, {sent.count(0):,} of them stuck after {seconds:.1f} s; {answered / seconds:,.0f} answers a second "
                 f"meanwhile, resident memory {memory(server.process) / 1e6:.1f} MB")
            expect(connections > PEERS * 0.99, f"only {connections:,.0f} connections are there")
            expect(clients.unanswered == 0 and answered > 100 * seconds, clients.told())
            crowd.close()
            told(f"well {clients.more():.3f} s after they had gone")


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
        told(f"well {clients.more():.3f} s after the last")
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
            # By turns, in one thread: two must not use one TLS session at a time.
            peer.setblocking(False)
            text, deadline = b"", time.monotonic() + 30
            while text.count(b'"uid":"u-') < 100:
                expect(time.monotonic() < deadline, "not answered in time:", text[-500:])
                select.select([peer], [peer] if requests else [], [], 0.1)
                with contextlib.suppress(ssl.SSLWantReadError, ssl.SSLWantWriteError):
                    requests = requests[peer.send(requests[:16384]):] if requests else b""
                with contextlib.suppress(ssl.SSLWantReadError, ssl.SSLWantWriteError):
                    part = peer.recv(65536)
                    expect(part, "the connection was closed:", text[-500:])
                    text += part
        order = [int(part.split(b'"')[0]) for part in text.split(b'"uid":"u-')[1:]]
        expect(order == list(range(100)), order)
