"""A server under load: how it is started on processors of its own, what it answers, and what the kernel says it used."""

import contextlib
import dataclasses
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
REVIEWS = ROOT / "Tests/Fixtures/reviews"
PROCESSORS = sorted(os.sched_getaffinity(0))


def split(workers):
    """The processors of a server with so many workers, and those of its load: all of them for both where they are too few."""
    if len(PROCESSORS) <= workers:
        return PROCESSORS, PROCESSORS
    return PROCESSORS[:workers], PROCESSORS[workers:][-workers:]


def launch(processors, command, **options):
    """Starts a program that may run on these processors only: it inherits that, so that it is true from its first instruction."""
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, processors)
    try:
        return subprocess.Popen(list(map(str, command)), **options)
    finally:
        os.sched_setaffinity(0, mine)


@dataclasses.dataclass(frozen=True)
class Question:
    """What a server is asked: a review in a file, at a path; and the verdict that it must give."""
    path: str
    review: pathlib.Path = REVIEWS / "update-keyless.json"
    verdict: str = "allow"


class Server:
    """A program that answers reviews at https://127.0.0.1:`port`, and what it is asked unless something else is said."""

    def __init__(self, name, port, question, folder, workers, command, environment=None):
        self.name, self.port, self.question, self.folder, self.command = name, port, question, folder, command
        self.environment = {**os.environ, **(environment or {})}
        self.serving, self.loading = split(workers)
        self.workers = workers
        self.ops = None   # the port of its metrics, if it has any
        self.trust = ssl.create_default_context(cafile=folder / "ca.crt")
        self.process = None

    def url(self, path):
        return f"https://127.0.0.1:{self.port}{path}"

    def start(self):
        """Starts it and returns the milliseconds from before the exec until it had answered a review over TLS."""
        output = self.folder / f"{self.name}.out"
        with open(output, "ab") as log:
            began = time.perf_counter()
            self.process = launch(self.serving, self.command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        while time.perf_counter() < began + 10:
            try:
                self.ask()
                return (time.perf_counter() - began) * 1000
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.0002)
        raise SystemExit(f"{self.name} did not start: {output.read_text(errors='replace')[-500:]}")

    def ask(self, question=None):
        """The body of its answer, on a connection of its own. Anything but the verdict that it must give ends the benchmark."""
        question = question or self.question
        review = question.review.read_bytes()
        head = f"POST {question.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as plain:
            with self.trust.wrap_socket(plain, server_hostname="127.0.0.1") as stream:
                stream.sendall(f"{head}Content-Length: {len(review)}\r\n\r\n".encode() + review)
                answer = b"".join(iter(lambda: stream.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        told = verdict(body) if head.startswith(b"HTTP/1.1 200 ") else None
        if told != question.verdict:
            raise SystemExit(f"{self.name} should {question.verdict} {question.review.name} at {question.path}, but answers {answer[:500]!r}")
        return body

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def processes(self):
        """The process and its children: nginx has a master and its workers."""
        task = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [self.process.pid, *map(int, task.read_text().split())]

    def cpu_seconds(self):
        """What all its threads used, ended ones included, in user mode and in the kernel. The sum in /proc/PID/stat is the
        same, in hundredths of a second; here it is what clock_getcpuclockid(3) names, which counts nanoseconds."""
        return sum(time.clock_gettime(~pid << 3 | 2) for pid in self.processes())

    def megabytes(self, field):
        """The memory (VmRSS, or VmHWM for the most there ever was) of that process of it which has most: nginx' processes
        share most of theirs."""
        status = [pathlib.Path(f"/proc/{pid}/status").read_text() for pid in self.processes()]
        return max(int(text.partition(f"{field}:")[2].split()[0]) for text in status) * 1024 / 1e6


def verdict(body):
    """What an AdmissionReview says: allow, deny or patch; None when it is none."""
    try:
        response = json.loads(body)["response"]
        return "deny" if not response["allowed"] else "patch" if response.get("patch") else "allow"
    except (ValueError, KeyError, TypeError):
        return None


@contextlib.contextmanager
def running(servers):
    """All of them, up and answering."""
    try:
        for server in servers:
            server.start()
        yield servers
    finally:
        for server in servers:
            if server.process:
                server.stop()
