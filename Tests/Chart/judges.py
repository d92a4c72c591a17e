"""What others' programs say of what the chart renders."""

import json
import pathlib
import re
import subprocess
import sys

import kubernetes_validate
import yaml

from chart import CHART, EXAMPLES, HERE, example, is_foreign
from harness import expect, test

VERSIONS = ["1.30", "1.34", "1.37"]


def promtool(helm, *arguments):
    done = subprocess.run(["promtool", *map(str, arguments)], cwd=helm.folder, capture_output=True, text=True)
    expect(done.returncode == 0, done.stdout + done.stderr)


# What checkov would have otherwise, and why it is as it is.
ACCEPTED = {
    ("CKV_K8S_8", "Pod"): "the pod of helm test runs once: there is nothing to restart",
    ("CKV_K8S_9", "Pod"): "and nobody calls it",
    ("CKV_K8S_11", None): "a CPU limit would throttle what the API server waits for",
    ("CKV_K8S_15", None): "a tag is a version here, never latest",
    ("CKV_K8S_38", None): "the server reads its webhook configurations",
    ("CKV_K8S_43", None): "the image is the user's: image.digest is a value",
    ("CKV_K8S_155", "ClusterRole"): "managed certificates: it writes caBundle into its own two, by name",
}


@test
def checkov_finds_nothing_that_is_not_accepted(helm):
    files = []
    for name in EXAMPLES:
        file = helm.folder / f"{name}.rendered.yaml"
        file.write_text(helm.text(example(name)))
        files += ["--file", file]
    command = [pathlib.Path(sys.executable).with_name("checkov"), "--framework", "kubernetes", "--skip-download", "--quiet", "--compact"]
    done = subprocess.run([*command, "--output", "json", *files], cwd=helm.folder, capture_output=True, text=True)
    report = json.loads(done.stdout)
    expect(report["summary"]["passed"] > 500 and not report["summary"]["parsing_errors"], report["summary"])
    found, accepted = [], set()
    for failed in report["results"]["failed_checks"]:
        check, kind = failed["check_id"], failed["resource"].split(".")[0]
        known = ACCEPTED.keys() & {(check, kind), (check, None)}
        accepted |= known
        if not known:
            found.append(f"{check} {failed['check_name']}: {failed['resource']} in {failed['file_path']}")
    expect(not found, *found)
    expect(accepted == ACCEPTED.keys(), f"accepted, and not found: {ACCEPTED.keys() - accepted}")


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


# Which rules each file of tests is about, and what it calls them.
ALERTS = {"alerts.yaml": ("everything", "rules.yaml"), "alerts-cert-manager.yaml": ("cert-manager", "rules-cert-manager.yaml")}


def rules_file(helm, values, name):
    file = helm.folder / name
    file.write_text(yaml.safe_dump(helm.object("PrometheusRule", example(values))["spec"]))
    return file


@test
def prometheus_reads_the_alerts(helm):
    for values, name in ALERTS.values():
        promtool(helm, "check", "rules", "--lint-fatal", rules_file(helm, values, name))


@test
def alerts_sound_when_they_should_and_not_before(helm):
    for file, (values, name) in ALERTS.items():
        rules_file(helm, values, name)   # it looks for them beside itself
        tests = helm.folder / file
        tests.write_text((HERE / file).read_text())
        promtool(helm, "test", "rules", tests)


@test
def every_alert_is_tested_when_it_sounds_and_when_it_does_not(helm):
    tested = set()
    for group in yaml.safe_load((HERE / "alerts.yaml").read_text())["tests"]:
        tested |= {(one["alertname"], bool(one["exp_alerts"])) for one in group["alert_rule_test"]}
    groups = helm.object("PrometheusRule", example("everything"))["spec"]["groups"]
    wanted = {(rule["alert"], sounds) for group in groups for rule in group["rules"] for sounds in (True, False)}
    expect(tested == wanted, f"not tested: {wanted - tested}", f"not there: {tested - wanted}")


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
