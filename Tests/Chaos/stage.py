"""What the tests share: a certificate and a policy, servers to break, and clients that look at every answer."""

import contextlib
import http.client
import json
import socket
import ssl

from clients import Clients
from server import Mounted, Server, make_certificates

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
    def server(self, *options, drain=1, policy=None, **how):
        """One server for one fault, with a trail of its own."""
        self.number += 1
        place = self.folder / str(self.number)
        place.mkdir()
        server = Server(place, policy or self.folder / "policy.yaml", self.certificates, drain=drain, options=["--audit", place / "audit.jsonl", *options], **how)
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

    def served(self):
        return ssl.get_server_certificate(("127.0.0.1", PORT), timeout=5)

    def connect(self):
        context = ssl.create_default_context(cafile=self.authority)
        return http.client.HTTPSConnection("127.0.0.1", PORT, context=context, timeout=10)

    def clients(self):
        return Clients(self.connect)

    def ask(self, review):
        """One review's answer."""
        connection = self.connect()
        connection.request("POST", "/validate", review, {"Content-Type": "application/json"})
        return json.loads(connection.getresponse().read())


def told(*words):
    print("     ", *words, flush=True)
