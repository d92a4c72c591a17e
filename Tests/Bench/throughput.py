"""As many reviews as go over so many kept-alive connections, with one worker and with two."""

from closed_loop import load
from contestants import contestants
from rounds import alternate
from servers import PROCESSORS, running
from table import LESS, MORE, NEITHER, Row, row

# The seconds of a round by how many connections there are: to make many, which `wrk` does within the round, takes a while.
ROUNDS, SECONDS = 3, {1: 2, 4: 2, 16: 2, 64: 2, 256: 4}
HEADLINE, HEADLINE_ROUNDS, HEADLINE_SECONDS = 16, 7, 4
METHOD = (
    f"throughput by `wrk`, {ROUNDS} rounds of {SECONDS[1]} s, of {SECONDS[256]} s for 256 connections, which are made within a round, "
    f"{HEADLINE_ROUNDS} of {HEADLINE_SECONDS} s for {HEADLINE} connections and 1 worker"
)


def chapter(folder):
    return [*with_workers(folder, 1), *with_workers(folder, 2)]


def with_workers(folder, workers):
    parts = [f"Direct TLS, {workers} worker{'s' * (workers > 1)} {place(workers)}"]
    with running(contestants(folder, workers)) as servers:
        for server in servers:
            load(server, 1)   # to warm up; counts for nothing
        for connections, seconds in SECONDS.items():
            if (workers, connections) == (1, HEADLINE):
                parts += headline(servers)
                continue
            medians = alternate(servers, ROUNDS, lambda server: load(server, seconds, connections))
            parts += throughput(connections, medians)
    return parts


def place(workers):
    if len(PROCESSORS) <= workers:
        return "on all processors, where the load is too: compare processor seconds rather than requests a second"
    return "on processors where the load is not" if workers > 1 else "on a processor where the load is not"


def throughput(connections, medians):
    over = f"{connections} connection{'s' * (connections > 1)}"
    return [
        row(f"{over}: requests a second", MORE, "{:,.0f}", medians, "requests a second"),
        row(f"{over}: processor seconds for 1000 requests", LESS, "{:.4f}", medians, "cpu seconds a request", 1000),
    ]


def headline(servers):
    medians = alternate(servers, HEADLINE_ROUNDS, lambda server: load(server, HEADLINE_SECONDS, HEADLINE))
    over = f"{HEADLINE} connections:"
    return [
        *throughput(HEADLINE, medians),
        *(row(f"{over} {name}, ms", LESS, "{:.2f}", medians, name) for name in ["p50", "p99", "p99.9"]),
        row(f"{over} how busy its processor was, %", NEITHER, "{:.0f}", medians, "busy", 100),
        Row(f"{over} peak resident memory, MB", LESS, "{:.1f}", {server.name: server.megabytes("VmHWM") for server in servers}),
    ]
