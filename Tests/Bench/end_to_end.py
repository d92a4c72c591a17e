"""What a webhook adds to a create, as the client of a real kube-apiserver sees it."""

import http.client
import json
import os
import re
import ssl
import statistics
import sys
import time

import objects
from cluster import PORT, Cluster
from contestants import agnhost, patless
from harness import eventually
from servers import PROCESSORS, ROOT, running
from table import LESS, Row

ROUNDS, CREATES, TO_WARM_UP = 7, 500, 50
METHOD = f"creates, {ROUNDS} rounds of {CREATES}"
PATH = "/apis/source.toolkit.fluxcd.io/v1/namespaces/apps/gitrepositories?dryRun=All"
CALLS = re.compile(r'^apiserver_admission_webhook_admission_duration_seconds_count{.*name="([^"]*)".*} (\d+)', re.MULTILINE)
RULE = {"apiGroups": ["source.toolkit.fluxcd.io"], "apiVersions": ["*"], "operations": ["CREATE"], "resources": ["gitrepositories"]}
FIGURES = {"median": 50, "p99": 99}


class Client:
    """One kept-alive connection to the API server."""

    def __init__(self, cluster):
        trust = ssl.create_default_context(cafile=cluster.folder / "ca.crt")
        self.connection = http.client.HTTPSConnection("127.0.0.1", PORT, context=trust, timeout=15)
        self.headers = {"Authorization": "Bearer admin-token", "Content-Type": "application/json"}
        self.repository = json.dumps(objects.keyless("bench")).encode()

    def ask(self, method, path, body=None):
        self.connection.request(method, path, body, self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def create(self):
        """The milliseconds that one dry run takes."""
        began = time.perf_counter()
        status, body = self.ask("POST", PATH, self.repository)
        elapsed = (time.perf_counter() - began) * 1000
        if status != 201:
            raise SystemExit(f"the API server should create a GitRepository, but answers {status}: {body[:500]!r}")
        return elapsed

    def calls(self):
        """How often the API server has called webhooks, by their name."""
        called = {}
        for name, count in CALLS.findall(self.ask("GET", "/metrics")[1].decode()):
            called[name] = called.get(name, 0) + int(count)
        return called


def chapter(folder):
    os.sched_setaffinity(0, PROCESSORS)   # for all that is started here: the API server needs more than the load's
    cluster = Cluster(folder / "control-plane")
    webhooks = [patless(folder), agnhost(folder)]
    for server in webhooks:
        server.serving = PROCESSORS
    try:
        cluster.start()
        cluster.install_crd(ROOT / "Tests/Fixtures/gitrepositories.yaml")
        client = Client(cluster)
        with running(webhooks):
            rounds = [turn(cluster, client, [None, *webhooks], number) for number in range(ROUNDS)]
    finally:
        cluster.stop()
        os.sched_setaffinity(0, webhooks[0].loading)
    return rows(rounds)


def turn(cluster, client, cases, number):
    """Each case once, beginning with another one each time: the percentiles of its creates, by the webhook's name."""
    measured = {}
    for case in cases[number % len(cases):] + cases[:number % len(cases)]:
        register(cluster, client, case)
        for _ in range(TO_WARM_UP):
            client.create()
        before = client.calls()
        cuts = statistics.quantiles([client.create() for _ in range(CREATES)], n=100, method="inclusive")
        measured[case.name if case else None] = {figure: cuts[cut - 1] for figure, cut in FIGURES.items()}
        called = {name: count - before.get(name, 0) for name, count in client.calls().items() if count != before.get(name, 0)}
        if called != ({webhook_name(case): CREATES} if case else {}):
            raise SystemExit(f"{CREATES} creates with {case and case.name} as webhook, but the API server called {called}")
    print(".", end="", file=sys.stderr, flush=True)
    return measured


def webhook_name(server):
    return f"{server.name}.bench.patless.dev"


def register(cluster, client, server):
    """Makes this server the only webhook, or has none, and waits until the API server acts accordingly."""
    cluster.must("delete", "validatingwebhookconfiguration", "bench", "--ignore-not-found")
    eventually("the API server calls no webhook", lambda: not called_by_one_create(client), 30)
    if not server:
        return
    where = objects.by_url(server.port, server.folder / "ca.crt")
    webhook = objects.webhook(webhook_name(server), server.question.path, where, "Fail", [RULE])
    metadata = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": {"name": "bench"}}
    cluster.must("apply", "-f", "-", send={**metadata, "webhooks": [webhook]})
    eventually("the API server calls the webhook", lambda: webhook_name(server) in called_by_one_create(client), 30)


def called_by_one_create(client):
    before = client.calls()
    client.create()
    return {name for name, count in client.calls().items() if count != before.get(name, 0)}


def rows(rounds):
    parts = ["Through a kube-apiserver 1.20: dry-run creates of a GitRepository, one after the other on one connection"]
    for figure in FIGURES:
        took = {name: statistics.median(round[name][figure] for round in rounds) for name in rounds[0]}
        alone = took.pop(None)
        added = {name: milliseconds - alone for name, milliseconds in took.items()}
        parts.append(Row(f"{figure} with this webhook, ms ({alone:.2f} without any)", LESS, "{:.2f}", took))
        if figure == "median":   # what lies between two p99s is nobody's p99
            parts.append(Row("median, added by the webhook, ms", LESS, "{:.2f}", added))
    return parts
