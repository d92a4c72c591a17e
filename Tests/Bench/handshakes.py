"""New connections, for which the processor works harder than for anything that goes over them."""

import re
import subprocess

from contestants import contestants
from rounds import alternate
from servers import launch, running
from table import LESS, MORE, row

ROUNDS, SECONDS, CLIENTS = 5, 3, 4
METHOD = f"connections by {CLIENTS} of `openssl s_time`, {ROUNDS} rounds of {SECONDS} s"


def chapter(folder):
    with running(contestants(folder)) as servers:
        medians = alternate(servers, ROUNDS, handshakes)
    return [
        "New connections, 1 worker",
        row("full TLS handshakes a second", MORE, "{:,.0f}", medians, "handshakes a second"),
        row("processor seconds for 1000 handshakes", LESS, "{:.3f}", medians, "cpu seconds a handshake", 1000),
    ]


def handshakes(server):
    """New connections one after the other from a few clients, without resumption and without a request."""
    before = server.cpu_seconds()
    command = ["openssl", "s_time", "-new", "-time", SECONDS, "-connect", f"127.0.0.1:{server.port}"]
    clients = [launch(server.loading, command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(CLIENTS)]
    told = [client.communicate(timeout=SECONDS + 30)[0] for client in clients]
    counts = [re.search(r"(\d+) connections in (\d+) real seconds", text) for text in told]
    if not all(counts):
        raise SystemExit(f"{server.name}: openssl s_time made no connections: {told[0][-300:]}")
    used, total = server.cpu_seconds() - before, sum(int(count[1]) for count in counts)
    return {
        "handshakes a second": sum(int(count[1]) / max(int(count[2]), 1) for count in counts),
        "cpu seconds a handshake": used / total,
    }
