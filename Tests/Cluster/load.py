"""Admissions without end from several threads, every answer of which is looked at."""

import threading

import objects
from harness import eventually

LINES = 4


def keyless_passes(api):
    status, answer = api.create(objects.keyless("load"))
    return status == 201, answer


def pat_is_refused(api):
    status, answer = api.create(objects.with_pat("load"))
    return status == 403 and "spec.secretRef" in answer["message"], answer


def account_gets_identity(api):
    status, answer = api.create(objects.service_account(namespace="identity-canary"))
    metadata = answer.get("metadata", {})
    return status == 201 and objects.ANNOTATIONS.items() <= (metadata.get("annotations") or {}).items(), answer


class Load:
    """`with Load(cluster) as load:` fails at its end when one answer was another than it should be."""

    def __init__(self, cluster, requests=(keyless_passes, pat_is_refused, account_gets_identity)):
        self.cluster, self.requests = cluster, requests
        self.lost, self.counts, self.stopped = [], [0] * LINES, threading.Event()
        self.threads = [threading.Thread(target=self.line, args=[number], daemon=True) for number in range(LINES)]

    @property
    def count(self):
        return sum(self.counts)

    def line(self, number):
        api = self.cluster.api()
        while not self.stopped.is_set():
            request = self.requests[self.counts[number] % len(self.requests)]
            try:
                right, answer = request(api)
            except Exception as error:
                right, answer, api = False, repr(error), self.cluster.api()
            self.counts[number] += 1
            if not right:
                self.lost.append(f"{request.__name__.replace('_', ' ')}: {str(answer)[:300]}")

    def more(self, count=60):
        """Waits until so many more requests were answered."""
        wanted = self.count + count
        eventually(f"{count} more requests are answered", lambda: self.count >= wanted, 30)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.more()
        return self

    def __exit__(self, kind, error, trace):
        if error is None:
            self.more()
        self.stopped.set()
        for thread in self.threads:
            thread.join(20)
        if error is None and self.lost:
            raise AssertionError(f"{len(self.lost)} of {self.count} requests went wrong:\n" + "\n".join(self.lost[:5]))
