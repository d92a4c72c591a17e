"""Certificates out of their time, and such as are swapped half-way."""

import shutil
import ssl
import subprocess
import time

from harness import Skip, eventually, expect, test
from server import make_certificates
from stage import told


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
            reloads = server.metric("patless_certificate_reloads_total", result="success")
            stage.show(bad)
            # It is served: the Reloader keeps the old pair only when the new one makes no context, and dates are no part of that. They
            # are readiness' business, which takes the replica out of its Service for as long as it is so.
            eventually("it is in use", lambda: server.metric("patless_certificate_reloads_total", result="success") > reloads)
            expect(stage.served() == pem((bad / "tls.crt").read_bytes()), "another certificate is served")
            expect(not stage.is_trusted(), "it is trusted out of its time")
            status, text = server.ask("/readyz?verbose")
            expect(status == 503 and name.replace("early", "not valid before") in text, text)
            clients.more(50)
            stage.show(stage.source)
            began = time.monotonic()
            eventually("who connects trusts it again", stage.is_trusted)
            told(f"{name}: well {time.monotonic() - began:.2f} s after a good one was there")
            # Who was connected before asks on.
            expect(clients.unanswered == 0, clients.told())


@test
def a_certificate_swapped_half_way_is_not_served_until_it_is_whole(stage):
    other = stage.folder / "other"
    shutil.copytree(stage.source, other)
    make_certificates(other, "--renew")
    old, new = [((folder / "tls.crt").read_bytes(), (folder / "tls.key").read_bytes()) for folder in (stage.source, other)]
    halves = {
        "its key is still the old one": (new[0], old[1]),
        "its key is the new one and it is the old one": (old[0], new[1]),
        "it ends within a line": (new[0][:300], new[1]),
        "it is empty": (b"", new[1]),
    }
    with stage.server() as server, stage.clients() as clients:
        for what, (certificate, key) in halves.items():
            good, failures = (server.metric("patless_certificate_reloads_total", result=result) for result in ("success", "failure"))
            stage.certificates.put(tls_crt=certificate, tls_key=key)
            eventually(f"it was looked at: {what}", lambda: server.metric("patless_certificate_reloads_total", result="failure") > failures)
            expect(stage.served() == pem(old[0]), what, "another certificate is served")
            expect(server.ready(), what, server.ask("/readyz?verbose"))
            clients.more(50)
            # Back, since of two halves, one read before the swap and one after it, there may come a pair.
            stage.certificates.put(tls_crt=old[0], tls_key=old[1])
            eventually("the old one is whole", lambda: server.metric("patless_certificate_reloads_total", result="success") > good)
        stage.certificates.put(tls_crt=new[0], tls_key=new[1])
        eventually("the whole one is served", lambda: stage.served() == pem(new[0]))
        clients.more()
        expect(clients.unanswered == 0, clients.told())
        stage.show(stage.source)


def pem(text):
    """The first certificate of a chain, as OpenSSL writes it."""
    return ssl.DER_cert_to_PEM_cert(ssl.PEM_cert_to_DER_cert(text.decode().partition("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----"))
