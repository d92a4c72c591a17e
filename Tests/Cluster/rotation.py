"""Certificates and policies that change under a serving server."""

import hashlib
import re
import ssl

import objects
from harness import eventually, expect, test
from load import Load
from server import make_certificates


def served_certificate(server):
    pem = ssl.get_server_certificate((server.host, server.port), timeout=3)
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


def swap_policy(server, text):
    server.policy_files.put(policy_yaml=text)


def reloads(server, result):
    return server.metric("patless_policy_reloads_total", result=result)


@test
def requests_succeed_while_the_certificate_is_rotated(cluster, server, client):
    with Load(cluster) as load:
        for _ in range(3):
            before = served_certificate(server)
            make_certificates(server.certificate_source, "--renew")
            server.certificate_files.put(**certificate(server))
            eventually("the new certificate is served", lambda: served_certificate(server) != before, 90)
            load.more()


@test
def a_key_that_does_not_fit_leaves_the_old_certificate_in_place(cluster, server, client):
    before, good = served_certificate(server), certificate(server)
    failures = server.metric("patless_tls_handshakes_total", result="failure")
    make_certificates(server.certificate_source, "--renew")
    with Load(cluster) as load:
        server.certificate_files.put(tls_crt=good["tls_crt"], tls_key=certificate(server)["tls_key"])
        load.more(300)
        expect(served_certificate(server) == before, "another certificate is served")
        server.certificate_files.put(**certificate(server))
        eventually("the pair that fits is served", lambda: served_certificate(server) != before, 90)
    expect(server.metric("patless_tls_handshakes_total", result="failure") == failures, "handshakes failed")


def certificate(server):
    folder = server.certificate_source
    return {"tls_crt": (folder / "tls.crt").read_bytes(), "tls_key": (folder / "tls.key").read_bytes()}


@test
def requests_succeed_while_the_policy_is_reloaded(cluster, server, client):
    text = server.policy_text
    try:
        with Load(cluster) as load:
            for round in range(3):
                before = reloads(server, "success")
                swap_policy(server, text + f"# round {round}\nexisting: {'warn' if round % 2 else 'deny'}\n")
                eventually("the policy is reloaded", lambda: reloads(server, "success") > before, 90)
                load.more()
    finally:
        restore_policy(server)


@test
def a_new_policy_decides_from_then_on(cluster, server, client):
    swap_policy(server, server.policy_text + "rules: {secret-ref: {mode: warn}}\n")
    try:
        def told():
            result = cluster.apply(objects.with_pat("lenient"), "--dry-run=server")
            return result.ok and result
        result = eventually("the PAT is only warned about", told, 90)
        expect("Warning:" in result.err and "secretRef" in result.err, result.text)
    finally:
        restore_policy(server)
    refused = cluster.apply(objects.with_pat("lenient"), "--dry-run=server")
    expect(not refused.ok, refused.text)


@test
def a_bad_policy_is_refused_and_the_old_one_stays(cluster, server, client):
    failures, told = reloads(server, "failure"), server.ask("/readyz?verbose")
    expect(told[0] == 200, told)
    with Load(cluster):
        swap_policy(server, server.policy_text.replace("identities:", "identitys:"))
        try:
            eventually("the failure is counted", lambda: reloads(server, "failure") > failures, 90)
            status, text = server.ask("/readyz?verbose")
            expect(status == 200, f"it is not ready any more ({status}), though the old policy still decides:", text)
            expect(text != told[1] and re.search("polic", text, re.I), "/readyz?verbose does not speak of the policy:", text)
            refused = cluster.apply(objects.with_pat("bad-policy"))
            expect(not refused.ok and "spec.secretRef" in refused.err, refused.text)
        finally:
            restore_policy(server)
    expect(server.ask("/readyz?verbose")[1] == told[1], "/readyz?verbose still speaks of it:", server.ask("/readyz?verbose")[1])


@test
def an_object_under_deletion_passes_under_the_strictest_policy(cluster, server, client):
    old = objects.with_pat("strict", metadata={"finalizers": ["finalizers.fluxcd.io"]})
    cluster.create_before_webhooks(old)
    before = reloads(server, "success")
    swap_policy(server, server.policy_text + "existing: deny\n")
    eventually("the policy is reloaded", lambda: reloads(server, "success") > before, 90)
    try:
        def patch(what):
            return cluster.kubectl("patch", "gitrepository", "strict", "-n", "apps", "--type=merge", "-p", what)
        refused = patch('{"spec":{"interval":"7m"}}')
        expect(not refused.ok and "spec.secretRef" in refused.err, refused.text)
        cluster.must("delete", "gitrepository", "strict", "-n", "apps", "--wait=false")
        passed = patch('{"metadata":{"finalizers":null}}')
        expect(passed.ok, passed.text)
    finally:
        restore_policy(server)


def restore_policy(server):
    before = reloads(server, "success")
    swap_policy(server, server.policy_text)
    eventually("the first policy is back", lambda: reloads(server, "success") > before, 90)
