"""The figures as one Markdown table, and its place in README.md."""

import dataclasses
import pathlib
import platform
import re
import sys

from servers import PROCESSORS, ROOT, Question, split

README = ROOT / "README.md"
BEGIN, END = "<!-- benchmark: make bench UPDATE_README=1 writes what is between these lines -->", "<!-- end of benchmark -->"
NAMES = ["patless", "nginx", "agnhost"]
MORE, LESS, NEITHER = " ↑", " ↓", ""   # which of two figures is better


@dataclasses.dataclass
class Row:
    """A figure of each server: a number, words where there is none, or nothing where it cannot be asked."""
    label: str
    better: str
    form: str
    figures: dict

    def markdown(self):
        figures = [self.figures.get(name) for name in NAMES]
        ours, others = figures[0], figures[1:]
        cells = [self.shown(figure) for figure in figures] + [ratio(ours, other) for other in others]
        return f"| {self.label}{self.better} | " + " | ".join(cells) + " |"

    def shown(self, figure):
        return "–" if figure is None else figure if isinstance(figure, str) else self.form.format(figure)


def ratio(ours, other):
    comparable = all(isinstance(figure, int | float) and figure > 0 for figure in [ours, other])
    return f"{ours / other:.2f}" if comparable else "–"


def row(label, better, form, medians, figure, scale=1):
    """The row of one of the figures that `alternate` measured."""
    return Row(label, better, form, {name: figures[figure] * scale for name, figures in medians.items()})


def markdown(parts, methods):
    """What the chapters returned, a string among the rows being a heading, and how they measured."""
    lines = ["| | patless | nginx | agnhost | patless / nginx | patless / agnhost |", "|---|--:|--:|--:|--:|--:|"]
    lines += [f"| **{part}** | | | | | |" if isinstance(part, str) else part.markdown() for part in parts]
    return "\n".join([*lines, "", told(methods)])


def told(methods):
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    machine = f"{model[1] if model else platform.machine()} ({len(PROCESSORS)} processors), Linux {platform.release().split('-')[0]}"
    serving, loading = split(1)
    pinned = "all on one processor" if serving == loading else f"one worker on processor {serving[0]}, load on processor {loading[0]}"
    return (
        "↑ more is better, ↓ less is better, – not asked. Medians of rounds that alternate between the servers, by `make bench` "
        f"on {machine}, over loopback; {pinned}. The review has {Question('').review.stat().st_size:,} bytes where nothing else is said. "
        f"Rounds: {'; '.join(methods)}. Where a server's processor was not busy all the time, the load was the limit: "
        "compare what a request took of the processor."
    )


def update_readme(text):
    readme = README.read_text()
    head, begin, rest = readme.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"README.md lacks the lines between which the table goes:\n{BEGIN}\n{END}")
    README.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}")
    print("wrote the table into README.md", file=sys.stderr)
