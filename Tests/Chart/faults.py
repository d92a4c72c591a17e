"""What the replicas need beside themselves is slow, silent or gone: etcd, the API server. Each test goes on where the one before
ended. OUTAGE=seconds says how long the API server is away."""

import contextlib
import http.client
import os
import signal
import ssl
import threading
import time

import objects
from audit import REPORTS, VALUES, every_event, report, says
from clients import Clients
from existing import leaders
from harness import eventually, expect, test
from load import Load
from managed import authority
from server import ROOT, memory
from stage import told

OUTAGE = float(os.environ.get("OUTAGE") or 16)
PATIENCE = 3   # the seconds after which the API server, as the chart registers us, goes on without us


@contextlib.contextmanager
def callers(cluster, release):
    """Clients that call every replica itself, as the API server does; it is held to every answer."""
    context = ssl.create_default_context(cadata=authority(cluster))
    context.check_hostname = False   # they are called by address

    def connect(pod):
        return lambda: http.client.HTTPSConnection(pod.host, pod.ports["webhook"], context=context, timeout=10)

    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(Clients(connect(pod), lines=2)) for pod in release.pods]


def send(cluster, name, number):
    os.kill(int((cluster.folder / f"{name}.pid").read_text()), number)


@test
def two_replicas_are_there_with_reports_and_events(cluster, release):
    cluster.install_crd(ROOT / "Tests/Fixtures/gitrepositories.yaml")
    cluster.must("apply", "-f", "-", send=REPORTS)
    cluster.must("wait", "--for=condition=Established", f"crd/{REPORTS['metadata']['name']}", "--timeout=30s")
    cluster.discovery += 1
    cluster.must("create", "--validate=false", "-f", "-", send=objects.with_pat("old"))
    release.run("install", {**VALUES, "webhooks": {}})
    release.start_pods()
    eventually("what is there is reported", lambda: report(cluster), 40)
    eventually("both webhooks are called", lambda: cluster.webhooks_are_called()[1])


@test
def with_an_etcd_that_hangs_again_and_again_no_answer_is_wrong_and_none_of_ours_is_late(cluster, release):
    over, numbers = threading.Event(), iter(range(1_000_000))
    earlier = {event["metadata"]["name"] for event in every_event(cluster)}   # of other tests

    def hang():
        while not over.wait(0.5):
            send(cluster, "etcd", signal.SIGSTOP)
            over.wait(1.5)
            send(cluster, "etcd", signal.SIGCONT)

    def is_stored(api):
        """Not a dry run: it is written to etcd."""
        status, answer = api.create(objects.keyless(f"stored-{next(numbers)}"), dry_run=False)
        return status == 201, answer

    def is_refused(api):
        status, answer = api.create(objects.with_pat("old"), dry_run=False)
        return status == 403 and "spec.secretRef" in answer["message"], answer

    hanging = threading.Thread(target=hang)
    with callers(cluster, release) as clients:
        hanging.start()
        try:
            with Load(cluster, [is_stored, is_refused]) as load:
                time.sleep(OUTAGE / 2)
        finally:
            over.set()
            hanging.join()
    slowest = max(one.slowest for one in clients)
    told(f"etcd hung three quarters of the time: {load.count:,} writes through the API server, none went wrong; "
         f"our slowest answer {slowest * 1000:.0f} ms")
    expect(sum(one.unanswered + one.refused for one in clients) == 0 and slowest < PATIENCE, [one.told() for one in clients])
    eventually("there is one leader", lambda: len(leaders(release)) == 1, 40)
    of_it = [event for event in every_event(cluster) if event["regarding"]["name"] == "old" and event["metadata"]["name"] not in earlier]
    expect(1 <= len(of_it) <= len(release.pods), f"{len(of_it)} Events tell that old was refused: one of each replica would do")


@test
def while_the_api_server_is_away_webhooks_are_answered_and_all_goes_on_when_it_is_back(cluster, release):
    before = [memory(pod.process) for pod in release.pods]
    with callers(cluster, release) as clients:
        # First it says nothing, then nobody is there.
        send(cluster, "apiserver", signal.SIGSTOP)
        time.sleep(OUTAGE / 2)
        grown = []

        def gone():
            time.sleep(OUTAGE / 2)
            grown.extend((memory(pod.process) - resident) / 1e6 for pod, resident in zip(release.pods, before))
            expect(all(pod.ask("/livez")[0] == 200 for pod in release.pods), "a replica would be restarted")

        cluster.restart_api_server(gone=gone)
        began = time.monotonic()
        eventually("the replicas are ready", lambda: all(pod.ready() for pod in release.pods), 40)
        ready = time.monotonic() - began
    expect(sum(one.unanswered + one.refused for one in clients) == 0, [one.told() for one in clients])
    expect(max(one.slowest for one in clients) < PATIENCE, [one.told() for one in clients])
    expect(max(grown) < 16, f"resident memory grew by {grown} MB")
    eventually("the webhooks are called", lambda: cluster.webhooks_are_called()[1])
    eventually("there is one leader", lambda: len(leaders(release)) == 1, 60)
    led = time.monotonic() - began
    cluster.must("delete", "gitrepository", "old", "-n", "apps")
    eventually("the report follows", lambda: says(cluster), 60)
    expect(not cluster.apply(objects.with_pat("afterwards")).ok, "a repository with a token passed")
    eventually("refusals are told of", lambda: [event for event in every_event(cluster) if event["regarding"]["name"] == "afterwards"], 90)   # tried anew after a minute
    told(f"{OUTAGE:.0f} s away, {sum(one.answered for one in clients):,} reviews answered by ourselves, slowest "
         f"{max(one.slowest for one in clients) * 1000:.0f} ms, resident memory {max(grown):+.1f} MB at most; back: ready after {ready:.1f} s, "
         f"a leader after {led:.1f} s")


@test
def it_goes_and_leaves_nothing(cluster, release):
    release.uninstall()
    cluster.must("delete", "--raw", "/apis/source.toolkit.fluxcd.io/v1/namespaces/apps/gitrepositories")   # hundreds, all at once
    cluster.must("delete", "reports.openreports.io", "-A", "-l", "app.kubernetes.io/managed-by=patless")
    expect(report(cluster) is None, "its report is left")
    cluster.must("delete", "crd", REPORTS["metadata"]["name"])
