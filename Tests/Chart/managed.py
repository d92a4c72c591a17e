"""Certificates that look after themselves, in three replicas, with lifetimes of seconds. Each test goes on where the one before
ended."""

import base64
import json
import ssl
import socket
import subprocess
import time

import objects
from chart import IDENTITY
from harness import eventually, expect, test
from load import Load
from metrics import known_metrics, metric_names
from release import NAMESPACE
from server import ROOT, make_certificates

HOST_NAME = "patless.patless.svc"
CONFIGURATIONS = "validatingwebhookconfiguration", "mutatingwebhookconfiguration"
CANARY = {key: value for key, value in IDENTITY.items() if key != "deployment"} | {"namespace": "identity-canary"}
VALUES = {
    "policy": {"identities": [IDENTITY, CANARY]},

    "replicas": 3,
    # Every second another connection, so that what is served and what is trusted meet all the time.
    "server": {"drainSeconds": 2, "maxConnectionAge": 1},
    "certificates": {"managed": {"authorityLifetime": "24s", "leafLifetime": "12s"}},
}


def authority(cluster):
    """The certificate of the authority that the Secret holds; None without a Secret."""
    if not cluster.exists("secret", "patless-ca", NAMESPACE):
        return None
    data = cluster.get("secret", "patless-ca", NAMESPACE).get("data", {})
    return base64.b64decode(data.get("ca.crt", "")).decode()


def bundles(cluster):
    for kind in CONFIGURATIONS:
        (hook,) = cluster.get(kind, "patless")["webhooks"]
        yield base64.b64decode(hook["clientConfig"].get("caBundle", "")).decode()


def is_served(host, trusted, port=9443):
    """Whether a client that trusts only these certificates takes the server for what it says it is."""
    try:
        context = ssl.create_default_context(cadata=trusted)
        with socket.create_connection((host, port), timeout=3) as raw, context.wrap_socket(raw, server_hostname=HOST_NAME):
            return True
    except (ssl.SSLError, OSError, ValueError):
        return False


def is_well(cluster, release, before=None):
    """All replicas serve what an authority signed that is not `before`, and all webhooks trust it."""
    now = authority(cluster)
    if not now or now == before or not all(now in bundle for bundle in bundles(cluster)):
        return False
    return all(is_served(pod.host, now) and pod.ready() for pod in release.pods)


def heals(cluster, release, what, before):
    began = time.monotonic()
    eventually(f"{what} heals", lambda: is_well(cluster, release, before), 40)
    print(f"      {what}: healed in {time.monotonic() - began:.1f} s", flush=True)


def metric(pod, name):
    lines = pod.ask("/metrics")[1].splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.split("{")[0].split(" ")[0] == name)


@test
def three_replicas_that_start_at_once_agree_on_one_authority(cluster, release):
    cluster.install_crd(ROOT / "Tests/Fixtures/gitrepositories.yaml")
    release.before = release.everything()
    cluster.apply(objects.service_account())
    release.run("install", VALUES)
    began = time.monotonic()
    release.start_pods()
    expect(len(release.pods) == 3, f"{len(release.pods)} replicas")
    eventually("all is well", lambda: is_well(cluster, release), 20)
    print(f"      three replicas from nothing to ready: {time.monotonic() - began:.1f} s", flush=True)
    made = sum(pod.log.read_text().count("there was none that could be used") for pod in release.pods)
    expect(made == 1, f"{made} authorities were made")
    eventually("both webhooks are called", lambda: cluster.webhooks_are_called() == (True, True))


@test
def alerts_ask_for_metrics_that_a_server_with_an_authority_of_its_own_has(cluster, release):
    missing = metric_names(release) - known_metrics(release.pods[0])
    expect(not missing, f"there is no {missing}")


@test
def leaves_and_authorities_are_renewed_under_load_and_no_admission_is_lost(cluster, release):
    first = authority(cluster)
    seen, leaves = {first}, [metric(pod, "patless_certificate_reloads_total") for pod in release.pods]
    with Load(cluster) as load:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and len(seen) < 3:
            seen.add(authority(cluster))
            time.sleep(0.2)
        def issued():
            return [metric(pod, "patless_certificate_reloads_total") - before for pod, before in zip(release.pods, leaves)]

        eventually("each replica has had three leaves", lambda: min(issued()) >= 3, 30)
        load.more(300)
        count = load.count
    expect(len(seen) >= 3, f"{len(seen) - 1} renewals of the authority")
    print(f"      {len(seen) - 1} authorities and {sum(issued()):.0f} leaves later: {count} admissions, none lost", flush=True)


@test
def a_bundle_holds_the_authority_before_until_it_expires(cluster, release):
    for bundle in bundles(cluster):
        expect(1 <= bundle.count("BEGIN CERTIFICATE") <= 3, f"{bundle.count('BEGIN CERTIFICATE')} certificates")


@test
def a_deleted_secret_heals_and_no_admission_is_lost(cluster, release):
    before = authority(cluster)
    with Load(cluster):
        cluster.must("delete", "secret", "patless-ca", "-n", NAMESPACE)
        heals(cluster, release, "a deleted Secret", before)


@test
def a_corrupted_secret_heals_and_no_admission_is_lost(cluster, release):
    for what, data in [
        ("a key that is none", {"ca.key": base64.b64encode(b"nonsense").decode()}),
        ("a certificate that is none", {"ca.crt": "AAAA"}),
        ("a Secret that was emptied", None),
    ]:
        before = authority(cluster)
        with Load(cluster):
            cluster.must("patch", "secret", "patless-ca", "-n", NAMESPACE, "--type=merge", "-p", json.dumps({"data": data}))
            heals(cluster, release, what, before)


@test
def another_authority_that_somebody_puts_in_is_taken_up(cluster, release):
    before = authority(cluster)
    folder = release.folder / "another"
    make_certificates(folder)
    data = {name: base64.b64encode((folder / name).read_bytes()).decode() for name in ["ca.crt", "ca.key"]}
    with Load(cluster):
        cluster.must("patch", "secret", "patless-ca", "-n", NAMESPACE, "--type=merge", "-p", json.dumps({"data": data}))
        heals(cluster, release, "another authority", before)


def make_authority(folder, start, end):
    folder.mkdir()
    openssl = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=odd"]
    subprocess.run([*openssl, "-keyout", folder / "key.pem", "-out", folder / "csr.pem", "-days", "1"], check=True, capture_output=True)
    subprocess.run(["openssl", "req", "-new", "-key", folder / "key.pem", "-subj", "/CN=odd", "-out", folder / "new.csr"], check=True, capture_output=True)
    (folder / "index").touch()
    (folder / "config").write_text(
        f"[ca]\ndefault_ca=x\n[x]\ndatabase={folder}/index\nnew_certs_dir={folder}\ndefault_md=sha256\npolicy=p\nrand_serial=yes\n"
        "x509_extensions=e\n[p]\ncommonName=supplied\n[e]\nbasicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n"
        "subjectKeyIdentifier=hash\n"
    )
    sign = ["openssl", "ca", "-batch", "-selfsign", "-config", folder / "config", "-keyfile", folder / "key.pem", "-in", folder / "new.csr"]
    subprocess.run([*sign, "-startdate", start, "-enddate", end, "-out", folder / "ca.pem", "-notext"], check=True, capture_output=True)
    return (folder / "ca.pem").read_bytes(), (folder / "key.pem").read_bytes()


@test
def an_authority_of_another_time_as_after_a_step_of_the_clock_is_replaced(cluster, release):
    for name, start, end in [("past", "20200101000000Z", "20210101000000Z"), ("future", "20400101000000Z", "20410101000000Z")]:
        crt, key = make_authority(release.folder / name, start, end)
        before = crt.decode()
        data = {"ca.crt": base64.b64encode(crt).decode(), "ca.key": base64.b64encode(key).decode(), "previous.crt": ""}
        with Load(cluster):
            cluster.must("patch", "secret", "patless-ca", "-n", NAMESPACE, "--type=merge", "-p", json.dumps({"data": data}))
            heals(cluster, release, f"an authority of the {name}", before)


def wipe_bundles(cluster):
    for kind in CONFIGURATIONS:
        cluster.must("patch", kind, "patless", "--type=json", "-p", '[{"op": "remove", "path": "/webhooks/0/clientConfig/caBundle"}]')


@test
def a_wiped_bundle_heals(cluster, release):
    wipe_bundles(cluster)
    heals(cluster, release, "a wiped caBundle", None)


@test
def a_bundle_of_somebody_else_heals(cluster, release):
    foreign = base64.b64encode((release.folder / "another/ca.crt").read_bytes()).decode()
    for kind in CONFIGURATIONS:
        patch = [{"op": "add", "path": "/webhooks/0/clientConfig/caBundle", "value": foreign}]
        cluster.must("patch", kind, "patless", "--type=json", "-p", json.dumps(patch))
    heals(cluster, release, "a caBundle of somebody else", None)


@test
def a_configuration_that_is_gone_makes_replicas_unready_and_its_return_heals(cluster, release):
    cluster.must("delete", *CONFIGURATIONS[:1], "patless")
    eventually("no replica is ready", lambda: not any(pod.ready() for pod in release.pods))
    said = release.pods[0].ask("/readyz?verbose")[1]
    expect("ValidatingWebhookConfiguration patless does not exist" in said, said)
    release.run("upgrade", VALUES)
    heals(cluster, release, "a configuration that was deleted", None)


@test
def an_upgrade_and_a_rollback_leave_authority_and_bundles_alone(cluster, release):
    # With lifetimes as users have them: nothing else changes meanwhile.
    values = {**VALUES, "certificates": {}, "server": {"drainSeconds": 2}, "replicas": 2}
    release.run("upgrade", values)
    for pod in release.pods:
        pod.stop()
    cluster.must("delete", "secret", "patless-ca", "-n", NAMESPACE)
    release.start_pods()
    eventually("all is well", lambda: is_well(cluster, release), 20)
    release.run("upgrade", values)   # which labels the Secret that the server made anew
    wipe_bundles(cluster)   # which still hold authorities of before, until those are over
    eventually("all is well", lambda: is_well(cluster, release), 20)
    before = authority(cluster), list(bundles(cluster))
    own = release.own()
    with Load(cluster):
        release.run("upgrade", values)
        after = release.own()
        expect(after == own, "touched:", set(after.items()) ^ set(own.items()))
        release.run("upgrade", {**values, "webhooks": {"timeoutSeconds": 5}})
        release.helm.must("rollback", "patless", "--namespace", NAMESPACE)
    expect((authority(cluster), list(bundles(cluster))) == before, "another authority or another bundle")


@test
def helm_test_calls_the_service_and_says_what_came_of_it(cluster, release):
    held = release.helm.must("get", "hooks", "patless", "--namespace", NAMESPACE)
    expect("probe" in held, held)
    release.point_service_at_pods()
    with release.service_address():
        done = release.probe()
        expect(done.returncode == 0 and done.stdout.count("ok ") == 2 and "refuses what it was asked" in done.stdout, done.stdout, done.stderr)
    done = release.probe()
    expect(done.returncode == 1 and done.stdout.count("FAIL ") == 2, done.stdout, done.stderr)
