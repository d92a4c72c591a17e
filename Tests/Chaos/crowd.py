"""Many peers at once that begin something and do not come to its end."""

import contextlib
import select
import socket
import ssl

from stage import PORT


def hello():
    """What a client of TLS says first, as it goes over the wire."""
    outgoing = ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


class Crowd:
    """`with Crowd(count, context) as crowd:` are so many connections, with TLS if there is a context, that wait for nothing."""

    def __init__(self, count, context=None):
        self.count, self.context, self.peers = count, context, []

    def __enter__(self):
        for _ in range(self.count):
            # Blocking: what the backlog has no room for is tried again.
            peer = socket.create_connection(("127.0.0.1", PORT), timeout=10)
            if self.context:
                peer = self.context.wrap_socket(peer, server_hostname="localhost")
            peer.setblocking(False)
            self.peers.append(peer)
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for peer in self.peers:
            peer.close()

    def send(self, data):
        """Sends the same from each that is still connected."""
        for peer in self.peers:
            with contextlib.suppress(OSError):
                peer.send(data)

    def push(self, data, most=100):
        """How often each that is still connected could send that at once."""
        return [count for peer in self.peers if (count := pushed(peer, data, most)) is not None]

    def is_answered(self):
        """Whether each got something to read, or was closed."""
        poll = select.poll()
        for peer in self.peers:
            poll.register(peer, select.POLLIN)
        return len(poll.poll(0)) == len(self.peers)


def pushed(peer, data, most):
    for count in range(most):
        try:
            peer.send(data)
        except ssl.SSLWantWriteError:
            return count
        except OSError:
            return None
    return most
