"""Looks at the TLS of a running server with testssl.sh, sslscan and openssl. See `run`."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import harness
from harness import Skip, expect, test
from server import ROOT, Server, make_certificates

ADDRESS = "127.0.0.1:9443"
# What a certificate of a private authority cannot have: somebody who is known to all, and places where revocation is published.
# The last one is of the openssl that testssl.sh finds.
PRIVATE = {"cert_chain_of_trust", "cert_revocation", "engine_problem"}


class Site:
    def __init__(self, folder):
        self.folder = folder
        make_certificates(folder / "certificates", "--days", "365")
        policy = folder / "policy.yaml"
        policy.write_text("apiVersion: patless.dev/v1alpha1\nkind: Policy\n")
        self.authority = folder / "certificates/ca.crt"
        self.server = Server(folder, policy, folder / "certificates", drain=0).start()


@test
def testssl_finds_nothing_that_a_private_authority_does_not_explain(site):
    program = shutil.which("testssl") or shutil.which("testssl.sh")
    if not program:
        raise Skip("there is no testssl here")
    report = site.folder / "testssl.json"
    # Without what it would say of HTTP headers, which are for browsers.
    sections = ["--protocols", "--server-preference", "--std", "--fs", "--server-defaults", "--vulnerable", "--each-cipher"]
    for section in [sections[:4], sections[4:5], sections[5:6]]:
        report.unlink(missing_ok=True)
        done = subprocess.run([program, "--quiet", "--color", "0", "--warnings", "off", "--nodns", "min", "--jsonfile", report, *section, ADDRESS],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
        # It ends with how many tests it is unsure of; from 242 on, with what kept it from testing, and below 0 by a signal.
        expect(0 <= done.returncode < 200 and report.exists(), f"testssl ended with {done.returncode}", done.stdout[-2000:], done.stderr)
        found = json.loads(report.read_text())
        expect(len(found) > 5, found)
        bad = [one for one in found if one["severity"] not in ("OK", "INFO", "DEBUG") and one["id"] not in PRIVATE]
        expect(not bad, *(f"{one['severity']} {one['id']}: {one['finding']}" for one in bad))


@test
def sslscan_agrees(site):
    program = shutil.which("sslscan")
    if not program:
        raise Skip("there is no sslscan here")
    done = subprocess.run([program, "--xml=-", "--no-colour", ADDRESS], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    tree = xml.etree.ElementTree.fromstring(done.stdout)
    enabled = {(one.get("type"), one.get("version")) for one in tree.iter("protocol") if one.get("enabled") == "1"}
    expect(enabled == {("tls", "1.2"), ("tls", "1.3")}, enabled)
    expect({one.get("supported") for one in tree.iter("compression")} <= {"0"}, done.stdout)
    expect({one.get("vulnerable") for one in tree.iter("heartbleed")} == {"0"}, done.stdout)
    expect({one.get("supported") for one in tree.iter("renegotiation")} == {"0"}, done.stdout)
    strengths = {one.get("cipher"): one.get("strength") for one in tree.iter("cipher")}
    expect(strengths and set(strengths.values()) <= {"strong", "acceptable"}, strengths)
    expect(all("GCM" in name or "POLY1305" in name for name in strengths), strengths)


@test
def a_session_is_resumed(site):
    for version in ["-tls1_2", "-tls1_3"]:
        session = site.folder / f"session{version}"
        base = ["openssl", "s_client", "-connect", ADDRESS, "-servername", "patless.patless.svc", "-CAfile", site.authority, version]
        request = "GET /validate HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        first = subprocess.run([*base, "-sess_out", session, "-ign_eof"], input=request, capture_output=True, text=True)
        again = subprocess.run([*base, "-sess_in", session, "-ign_eof"], input=request, capture_output=True, text=True)
        expect("New, TLS" in first.stdout and "Reused, TLS" in again.stdout, version, first.stdout[-1500:], again.stdout[-1500:])
        expect("Verify return code: 0 (ok)" in again.stdout, again.stdout)


@test
def nobody_renegotiates(site):
    # OpenSSL's client renegotiates when it reads a line that is an R.
    done = subprocess.run(["openssl", "s_client", "-connect", ADDRESS, "-tls1_2", "-CAfile", site.authority], input="R\n", capture_output=True, text=True, timeout=20)
    expect("no renegotiation" in done.stderr or "RENEGOTIATING" in done.stdout and done.returncode != 0, done.stdout[-800:], done.stderr)


def main(words):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="patless-tls."))
    tally = harness.Tally(words)
    site = Site(folder)
    try:
        tally.run(harness.TESTS, site, after_failure=site.server.last_lines)
    finally:
        site.server.stop()
        if os.environ.get("KEEP"):
            print(f"reports are in {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
