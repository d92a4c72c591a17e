"""What others' programs say of what the chart renders."""

import json
import re
import subprocess

import kubernetes_validate
import yaml

from chart import CHART, EXAMPLES, HERE, example, is_foreign
from harness import expect, test

VERSIONS = ["1.30", "1.34", "1.37"]


def promtool(helm, *arguments):
    done = subprocess.run(["promtool", *map(str, arguments)], cwd=helm.folder, capture_output=True, text=True)
    expect(done.returncode == 0, done.stdout + done.stderr)


@test
def kubernetes_own_schemas_know_every_field(helm):
    count = 0
    for version in VERSIONS:
        for name in EXAMPLES:
            for thing in helm.objects(example(name), version):
                if not is_foreign(thing):
                    kubernetes_validate.validate(thing, version, strict=True)
                    count += 1
    expect(count > 60, f"only {count} objects")


def rules_file(helm, values=example("everything")):
    file = helm.folder / "rules.yaml"
    file.write_text(yaml.safe_dump(helm.object("PrometheusRule", values)["spec"]))
    return file


@test
def prometheus_reads_the_alerts(helm):
    promtool(helm, "check", "rules", "--lint-fatal", rules_file(helm))


@test
def alerts_sound_when_they_should_and_not_before(helm):
    rules_file(helm)
    tests = helm.folder / "alerts.yaml"   # it looks for rules.yaml beside itself
    tests.write_text((HERE / "alerts.yaml").read_text())
    promtool(helm, "test", "rules", tests)


def dashboard_queries():
    dashboard = json.loads((CHART / "dashboards/patless.json").read_text())
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


@test
def prometheus_reads_the_queries_of_the_dashboard(helm):
    rules = [
        {"record": f"panel:{number}", "expr": re.sub(r"\$__rate_interval", "5m", query)}
        for number, query in enumerate(dashboard_queries())
    ]
    expect(len(rules) >= 15, f"only {len(rules)} queries")
    file = helm.folder / "dashboard.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    promtool(helm, "check", "rules", file)
