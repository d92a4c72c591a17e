"""What alerts and dashboard ask for, and what there is."""

import re

from chart import example
from judges import dashboard_queries


def all_queries(release):
    """What alerts and dashboard ask."""
    rules = release.helm.object("PrometheusRule", example("everything"))
    return dashboard_queries() + [rule["expr"] for group in rules["spec"]["groups"] for rule in group["rules"]]


def metric_names(release):
    return {name for query in all_queries(release) for name in re.findall(r"\b(?:patless|process)_\w+", query)}


def known_metrics(pod):
    known = set(re.findall(r"^# TYPE (\w+)", pod.ask("/metrics")[1], re.M))
    return known | {name + "_bucket" for name in known}
