"""Clients as the API server is one: kept connections, every answer looked at, and another try when there was none."""

import http.client
import json
import random
import threading
import time

from server import ROOT

REVIEWS = ROOT / "Tests/Fixtures/reviews"
# What is sent, and whether it has to be allowed.
KINDS = [((REVIEWS / name).read_bytes(), allowed) for name, allowed in [("repository-keyless.json", True), ("repository-with-pat.json", False)]]


class Clients:
    """`with Clients(connect) as clients:`; what they saw is counted. `connect` makes an HTTPSConnection.

    `unanswered` are requests that were sent, or begun to be, without an answer; `refused` are connections that did not come
    about, by which no request is lost.
    """

    def __init__(self, connect, lines=8):
        self.connect = connect
        self.ends, self.lock = threading.Event(), threading.Lock()
        self.answered = self.unanswered = self.refused = self.retried = 0
        self.wrong, self.denied, self.good_at = [], 0, 0.0
        self.slowest = 0.0
        self.threads = [threading.Thread(target=self.line, daemon=True) for _ in range(lines)]

    def line(self):
        connection, number = None, 0
        while not self.ends.is_set():
            body, allowed = KINDS[number % 2]
            began = time.monotonic()
            try:
                if connection is None:
                    new = self.connect()
                    new.connect()
                    connection = new
            except OSError:
                with self.lock:
                    self.refused += 1
                self.ends.wait(0.01)
                continue
            try:
                connection.request("POST", "/validate?timeout=10s", body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                connection = None
                with self.lock:
                    self.unanswered += 1
                self.ends.wait(0.01)
                continue
            number += 1
            if answer.will_close:
                connection = None
            with self.lock:
                self.slowest = max(self.slowest, time.monotonic() - began)
                if answer.status == 503:
                    # "Come again": no verdict.
                    self.retried += 1
                elif answer.status != 200 or json.loads(text)["response"]["allowed"] != allowed:
                    self.wrong.append((answer.status, text[:200]))
                else:
                    self.answered += 1
                    self.denied += not allowed
                    self.good_at = time.monotonic()
            if answer.status == 503:
                # Which the API server heeds, too; not all at the same moment.
                self.ends.wait(float(answer.headers.get("Retry-After", 0)) * random.uniform(1, 1.5))

    def more(self, count=200, seconds=30):
        """Waits for so many more good answers; the seconds until the first one."""
        began, wanted = time.monotonic(), self.answered + count
        first = None
        while self.answered < wanted:
            if first is None and self.good_at > began:
                first = self.good_at - began
            if time.monotonic() - began > seconds:
                raise AssertionError(f"not well within {seconds} s: {self.told()}")
            time.sleep(0.005)
        return first or 0.0

    def told(self):
        return (f"{self.answered:,} answered, {self.unanswered} unanswered, {self.refused} refused, {self.retried} told to come again, {len(self.wrong)} wrong, "
                f"slowest {self.slowest * 1000:.0f} ms")

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.more()
        return self

    def __exit__(self, kind, *_):
        self.ends.set()
        for thread in self.threads:
            thread.join(15)
        print(f"      {self.told()}", flush=True)
        if kind is None and self.wrong:
            raise AssertionError(f"{len(self.wrong)} answers were wrong: {self.wrong[:3]}")
