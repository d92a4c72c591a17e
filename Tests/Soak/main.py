"""A server under load for long, while the disk of its audit trail is slow and then full. See `run`."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import harness
from harness import eventually, expect, test
from server import PATLESS, ROOT, Server, make_certificates, memory

DECISIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
REVIEWS = ROOT / "Tests/Fixtures/reviews"
# What the trail may hold in its queues, and what the allocator may keep of it.
ROOM = 16 << 20


class Soak:
    def __init__(self, folder):
        self.folder = folder
        make_certificates(folder / "certificates")
        self.policy = folder / "policy.yaml"
        self.policy.write_text("apiVersion: patless.dev/v1alpha1\nkind: Policy\n")

    def server(self, trail, *options):
        name = trail.parent.name
        (self.folder / name).mkdir(exist_ok=True)
        return Server(self.folder / name, self.policy, self.folder / "certificates", options=("--audit", trail, *options))


def load(server, decisions):
    """Has at least so many decisions made; the errors that the client saw."""
    def decided():
        return sum(server.metric("patless_admission_requests_total", webhook="validate", decision=kind) for kind in ["allow", "deny"])

    files = {"ALLOWED": str(REVIEWS / "repository-keyless.json"), "DENIED": str(REVIEWS / "repository-with-pat.json")}
    goal, errors = decided() + decisions, 0
    while decided() < goal:
        command = ["wrk", "-t1", "-c16", "-d2s", "-s", ROOT / "Tests/Soak/post.lua", f"https://127.0.0.1:{server.port}"]
        done = subprocess.run(command, env={**os.environ, **files}, capture_output=True, text=True, timeout=60)
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        expect(lines, "wrk measured nothing:", done.stdout, done.stderr)
        errors += json.loads(lines[-1])["errors"]
    return errors


class Memory:
    """The resident memory of a process while something goes on."""

    def __init__(self, process):
        self.process, self.samples, self.ends = process, [], threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ends.set()
        self.thread.join()

    def watch(self):
        while not self.ends.wait(0.1):
            self.samples.append(memory(self.process))


def series(server, name):
    """The sum of a counter over all its labels."""
    lines = [line.rpartition(" ") for line in server.ask("/metrics")[1].splitlines()]
    return int(sum(float(value) for key, _, value in lines if key.partition("{")[0] == name))


def kept(folder):
    """How many decisions there are in the files of a trail."""
    return sum(path.read_text().count('"type":"decision"') for path in folder.glob("audit.jsonl*"))


def gaps(folder):
    """How many decisions the files themselves say are missing."""
    lines = [line for path in folder.glob("audit.jsonl*") for line in path.read_text().splitlines()]
    return sum(json.loads(line)["lost"] for line in lines if '"type":"gap"' in line)


def verified(folder):
    files = sorted(map(str, folder.glob("audit.jsonl*")))
    done = subprocess.run([PATLESS, "audit", "verify", *files], capture_output=True, text=True)
    expect(done.returncode == 0, done.stdout, done.stderr)
    return done.stdout.strip()


def account(server, folder):
    """What was denied is on record, or counted as not on record: to the last one."""
    figures = {}
    # What the load left in the sockets is still decided after it has gone.
    eventually("its connections are gone", lambda: server.metric("patless_connections") == 0, 60)

    def balance():
        figures["denied"] = int(server.metric(
            "patless_admission_requests_total", webhook="validate", operation="CREATE", decision="deny"))
        figures["on record"] = kept(folder)
        figures["counted as not on record"] = series(server, "patless_audit_dropped_total")
        return figures["denied"] == figures["on record"] + figures["counted as not on record"]

    try:
        eventually("every denial is on record or counted", balance, 60)
    except AssertionError as error:
        raise AssertionError(f"{error}: {figures}") from None
    return figures["denied"]


@test
def a_quick_disk_keeps_what_it_is_given_and_memory_stays_flat(soak):
    folder = soak.folder / "quick"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", folder], check=True)   # no other disk is always quick
    server = soak.server(folder / "audit.jsonl", "--audit-size", "16", "--audit-keep", "10000")
    server.start()
    try:
        load(server, DECISIONS // 10)   # until every buffer is as large as it gets
        with Memory(server.process) as memory:
            began = time.monotonic()
            errors = load(server, DECISIONS)
            seconds = time.monotonic() - began
        denied = account(server, folder)
        dropped = series(server, "patless_audit_dropped_total")
    finally:
        server.stop()
        lost, whole = gaps(folder), verified(folder)
        subprocess.run(["umount", "--lazy", folder])
    half = len(memory.samples) // 2
    first, second = max(memory.samples[:half]), max(memory.samples[half:])
    print(f"      {DECISIONS / seconds:,.0f} decisions a second, {denied:,} denied, {dropped:,} not on record, resident "
          f"{first / 1e6:.1f} MB in the first half and {second / 1e6:.1f} MB in the second")
    expect(errors == 0, f"{errors} requests went wrong")
    expect(second - first < 2 << 20, "resident memory grew")
    expect(lost == dropped, "the trail tells of other losses than the metric:", whole)


@test
def a_slow_disk_delays_no_answer_and_what_it_cannot_take_is_counted(soak):
    folder = soak.folder / "slow"
    server = soak.server(folder / "audit.jsonl", "--audit-size", "16", "--audit-keep", "10000")
    server.start()
    # Every batch takes five seconds until the disk has it.
    delay = ["strace", "--quiet=all", "--follow-forks", "--trace=fdatasync", "--output=/dev/null",
             "--inject=fdatasync:delay_exit=5000000", f"--attach={server.process.pid}"]
    slowing = subprocess.Popen(delay, stderr=subprocess.DEVNULL)
    try:
        status = pathlib.Path(f"/proc/{server.process.pid}/status")
        eventually("the disk is slow", lambda: "TracerPid:\t0\n" not in status.read_text())
        with Memory(server.process) as memory:
            errors = load(server, max(DECISIONS // 10, 100_000))   # more than the queue holds until the disk has a batch
        slowing.terminate()
        slowing.wait(20)
        denied = account(server, folder)
        dropped = series(server, "patless_audit_dropped_total")
    finally:
        slowing.kill()
        server.stop()
    print(f"      {denied:,} denied, {dropped:,} not on record, at most {max(memory.samples) / 1e6:.1f} MB resident")
    expect(errors == 0, f"{errors} requests went wrong")
    expect(dropped > 0, "nothing was too much: the disk was not slow")
    expect(max(memory.samples) - min(memory.samples) < ROOM, "the queue is not bounded")
    expect(gaps(folder) == dropped, "the trail tells of other losses than the metric")
    verified(folder)


@test
def a_full_disk_stops_no_answer_and_the_trail_goes_on_when_there_is_room(soak):
    folder = soak.folder / "full"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], check=True)
    server = soak.server(folder / "audit.jsonl", "--audit-size", "16", "--audit-keep", "10000")
    server.log = soak.folder / "full.log"
    server.start()
    try:
        with Memory(server.process) as memory:
            errors = load(server, DECISIONS // 10)
        account(server, folder)
        full = series(server, "patless_audit_dropped_total")
        expect(server.metric("patless_audit_dropped_total", trail="file", reason="disk_full") > 0, "the disk was not full")
        expect(server.ready(), "a full disk made the server unready")
        subprocess.run(["mount", "-o", "remount,size=256m", folder], check=True)
        errors += load(server, DECISIONS // 100)
        denied = account(server, folder)
        dropped = series(server, "patless_audit_dropped_total")
    finally:
        server.stop()
        lines, told = kept(folder), gaps(folder)
        whole = verified(folder)
        subprocess.run(["umount", "--lazy", folder])
    print(f"      {denied:,} denied, {full:,} not on record while the disk was full, {lines:,} on record")
    expect(errors == 0, f"{errors} requests went wrong")
    expect(max(memory.samples) - min(memory.samples) < ROOM, "the queue is not bounded")
    expect(told == dropped and f"{dropped} decisions not on record" in whole, f"told {told}, counted {dropped}:", whole)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="patless-soak."))
    tally = harness.Tally([])
    try:
        tally.run(harness.TESTS, Soak(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main())
