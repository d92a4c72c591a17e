"""Rounds that alternate between the servers, so that a noisy machine is noisy for all; what counts are medians."""

import statistics
import sys


def alternate(servers, rounds, measure):
    """The medians of the figures that `measure(server)` returns, by server's name; each round begins with another server."""
    measured = {server.name: [] for server in servers}
    for number in range(rounds):
        turn = number % len(servers)
        for server in servers[turn:] + servers[:turn]:
            measured[server.name].append(measure(server))
        print(".", end="", file=sys.stderr, flush=True)
    return {name: {figure: statistics.median(each[figure] for each in all) for figure in all[0]} for name, all in measured.items()}
