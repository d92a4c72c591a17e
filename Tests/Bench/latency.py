"""How long answers take, and what they cost, when reviews come at a rate: at 1,000 a second, and as load doubles."""

from contestants import contestants
from open_loop import latency, load
from rounds import alternate
from servers import running
from table import LESS, Row, row

USUAL, USUAL_SECONDS = 1000, 10
RATES, SECONDS = [500, 1000, 2000, 4000, 8000, 16000], 3
ROUNDS, CONNECTIONS = 3, 64
METHOD = (
    f"latencies at a rate by `open-loop.go` over {CONNECTIONS} connections, {ROUNDS} rounds of {USUAL_SECONDS} s, "
    f"as load doubles of {SECONDS} s"
)


def chapter(folder):
    with running(contestants(folder)) as servers:
        for server in servers:
            load(server, USUAL, 1, CONNECTIONS)   # to warm up; counts for nothing
        medians = alternate(servers, ROUNDS, lambda server: load(server, USUAL, USUAL_SECONDS, CONNECTIONS))
        parts = [f"{USUAL:,} requests a second, latency counted from when a request was due; 1 worker"]
        parts += [latencies(f"{name}, ms", medians, name) for name in ["p50", "p99", "p99.9"]]
        parts += ["As load doubles, likewise"]
        for rate in RATES:
            medians = alternate(servers, ROUNDS, lambda server: load(server, rate, SECONDS, CONNECTIONS))
            parts += [
                row(f"{rate:,} a second: processor µs a request", LESS, "{:.1f}", medians, "cpu seconds a request", 1e6),
                latencies(f"{rate:,} a second: p99, ms", medians, "p99"),
            ]
    return parts


def latencies(label, medians, name):
    return Row(label, LESS, "{:.3f}", {server: latency(figures, name) for server, figures in medians.items()})
