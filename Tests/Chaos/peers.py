"""Clients that are slow, silent, torn or greedy, beside clients as the API server is one."""

import contextlib
import json
import random
import socket
import ssl
import sys
import threading
import time

from clients import KINDS
from harness import expect, test
from stage import PORT, memory, told

PEERS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000


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
            told(f"{PEERS:,} peers; {(clients.answered - before) / 3:,.0f} answers a second meanwhile, resident memory {memory(server):.1f} MB")
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
