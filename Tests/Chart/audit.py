"""What is in the cluster already, and what was refused lately: reports, Events, gauges. Each test goes on where the one before
ended."""

import time

import objects
import yaml
from chart import IDENTITY
from existing import leader_of
from harness import eventually, expect, test
from release import NAMESPACE, REJECTIONS
from server import ROOT

VALUES = {"policy": {"identities": [IDENTITY]}, "replicas": 2, "server": {"drainSeconds": 2}, "webhooks": {"validate": {"failurePolicy": "Fail", "otherKinds": True}}}
POLICY_REPORTS, REPORTS = yaml.safe_load_all((ROOT / "Tests/Fixtures/reports.yaml").read_text())
OCI = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "ocirepositories.source.toolkit.fluxcd.io"},
    "spec": {
        "group": "source.toolkit.fluxcd.io",
        "scope": "Namespaced",
        "names": {"kind": "OCIRepository", "listKind": "OCIRepositoryList", "plural": "ocirepositories", "singular": "ocirepository"},
        "versions": [{
            "name": "v1", "served": True, "storage": True,
            "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
        }],
    },
}


def report(cluster, kind="reports.openreports.io", namespace="apps"):
    """The report of a namespace; None when there is none."""
    done = cluster.kubectl("get", kind, "patless", "-n", namespace, "-o", "json")
    return done.object() if done.ok else None


def lines(thing):
    return [(result["resources"][0]["kind"], result["resources"][0]["name"], result["rule"], result["result"]) for result in thing["results"]]


def says(cluster, *wanted, kind="reports.openreports.io"):
    """Whether the report has these lines and no other, but for what was refused."""
    found = report(cluster, kind)
    return found if found and [line for line, result in zip(lines(found), found["results"]) if "refused" not in result["properties"]] == list(wanted) else None


def every_event(cluster, namespace="apps"):
    listed = cluster.must("get", "--raw", f"/apis/events.k8s.io/v1/namespaces/{namespace}/events").object()["items"]
    return [event for event in listed if event["reason"] == "StaticCredential"]


def events(cluster):
    # Other tests' refusals were in the same namespace.
    return [event for event in every_event(cluster) if event["regarding"]["name"] in ("good", "never")]


OLD = ("GitRepository", "old", "secret-ref", "fail")


@test
def what_was_there_before_is_reported_by_the_older_kind_of_report_if_there_is_no_other(cluster, release):
    cluster.install_crd(ROOT / "Tests/Fixtures/gitrepositories.yaml")
    for definition in [POLICY_REPORTS, OCI]:
        cluster.must("apply", "-f", "-", send=definition)
        cluster.must("wait", "--for=condition=Established", f"crd/{definition['metadata']['name']}", "--timeout=30s")
    cluster.discovery += 1
    release.before = release.everything()
    cluster.must("create", "--validate=false", "-f", "-", send=objects.with_pat("old"))
    cluster.must("create", "--validate=false", "-f", "-", send=objects.keyless("good"))
    release.run("install", VALUES)
    release.start_pods()
    found = eventually("there is a PolicyReport", lambda: says(cluster, OLD, kind="policyreports.wgpolicyk8s.io"), 40)
    expect(found["summary"] == {"pass": 1, "fail": 1, "warn": 0, "skip": 0, "error": 0}, found["summary"])
    expect("azure-devops-pat" in found["results"][0]["message"] and "provider: azure" in found["results"][0]["properties"]["fix"], found)


@test
def the_newer_kind_is_taken_when_it_is_there_and_what_does_not_change_is_not_written(cluster, release):
    cluster.must("apply", "-f", "-", send=REPORTS)
    found = eventually("there is a Report", lambda: says(cluster, OLD), 40)
    versions = [(found["metadata"]["resourceVersion"], report(cluster)["metadata"]["resourceVersion"])]
    leader = leader_of(release)
    written = metric(leader, "patless_reports_written_total")
    cluster.must("annotate", "gitrepository", "good", "-n", "apps", "touched=now")   # a change that changes no finding
    until = time.monotonic() + 12
    eventually("two rounds later", lambda: time.monotonic() > until, 20)
    expect(metric(leader, "patless_reports_written_total") == written, "something was written")
    expect(report(cluster)["metadata"]["resourceVersion"] == found["metadata"]["resourceVersion"], versions)


def metric(pod, series):
    for line in pod.ask("/metrics")[1].splitlines():
        if line.startswith(series + " "):
            return float(line.split()[-1])
    return None


@test
def the_leader_has_gauges_of_it(cluster, release):
    leader = leader_of(release)
    expect(metric(leader, 'patless_noncompliant_objects{rule="secret-ref",namespace="apps"}') == 1, leader.ask("/metrics")[1])
    expect(metric(leader, "patless_scanned_objects") == 2, leader.ask("/metrics")[1])
    (other,) = [pod for pod in release.pods if pod is not leader]
    expect(metric(other, "patless_scanned_objects") is None, "a replica that does not lead has figures of the cluster")


@test
def other_kinds_are_warned_of_and_reported(cluster, release):
    done = cluster.apply({
        "apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "OCIRepository", "metadata": {"name": "charts", "namespace": "apps"},
        "spec": {"interval": "1m", "url": "oci://registry.example.com/charts", "secretRef": {"name": "registry-login"}},
    })
    expect(done.ok and "flux-secret" in done.err, done.text)
    eventually("it is reported", lambda: says(cluster, OLD, ("OCIRepository", "charts", "flux-secret", "warn")), 40)
    cluster.must("delete", "ocirepositories.source.toolkit.fluxcd.io", "charts", "-n", "apps")
    eventually("it is reported no more", lambda: says(cluster, OLD), 40)


@test
def a_refusal_is_an_event_at_its_object_and_a_dry_run_is_none(cluster, release):
    expect(not cluster.apply(objects.with_pat("good"), "--dry-run=server").ok, "a dry run passed")
    for _ in range(3):
        expect(not cluster.apply(objects.with_pat("good")).ok, "a repository with a token passed")
        expect(not cluster.apply(objects.with_pat("never")).ok, "a repository with a token passed")
    eventually("there are Events", lambda: {event["regarding"]["name"] for event in events(cluster)} == {"good", "never"})
    uid = cluster.get("gitrepository", "good")["metadata"]["uid"]
    for event in events(cluster):
        expect(event["regarding"]["kind"] == "GitRepository" and event["type"] == "Warning", event)
        expect("was refused" in event["note"] and "spec.secretRef (secret-ref)" in event["note"], event["note"])
    good = [event for event in events(cluster) if event["regarding"]["name"] == "good"]
    never = [event for event in events(cluster) if event not in good]
    expect(len(good) <= 2 and all(event["regarding"]["uid"] == uid for event in good), good)   # one of each replica
    expect(len(never) <= 2 and not any("uid" in event["regarding"] for event in never), never)
    told = cluster.must("describe", "gitrepository", "good", "-n", "apps").out
    expect("StaticCredential" in told, told)


@test
def what_the_replicas_refused_is_in_the_report_too(cluster, release):
    def refused():
        results = (report(cluster) or {"results": []})["results"]
        return {result["resources"][0]["name"]: int(result["properties"]["refused"]) for result in results if "refused" in result["properties"]}

    # kubectl may send a patch that was refused once more.
    eventually("it is in the report", lambda: min(refused().get("good", 0), refused().get("never", 0)) >= 3, 80)
    # What the replicas keep it in goes with the release.
    owner = cluster.get("lease", "patless", NAMESPACE)["metadata"]["uid"]
    leases = cluster.must("get", "leases", "-n", NAMESPACE, "-l", REJECTIONS, "-o", "json").object()["items"]
    owners = [(one["kind"], one["uid"]) for lease in leases for one in lease["metadata"].get("ownerReferences", [])]
    expect(leases and owners == [("Lease", owner)] * len(leases), leases)


@test
def what_repeats_is_counted_in_one_event(cluster, release):
    def most():
        return max((event.get("series") or {}).get("count", 1) for event in events(cluster) if event["regarding"]["name"] == "good")

    count = len(events(cluster))
    for pod in release.pods:   # so that it is one replica that is asked
        if pod is not release.pods[0]:
            release.pods.remove(pod)
            release.point_service_at_pods()
            release.pods.append(pod)
    eventually("it is counted", lambda: cluster.apply(objects.with_pat("good")).ok or most() >= 2, 90)
    expect(len(events(cluster)) <= count + 1, "there are more Events")
    release.point_service_at_pods()


@test
def a_restarted_api_server_is_watched_on(cluster, release):
    cluster.restart_api_server()
    cluster.must("patch", "gitrepository", "old", "-n", "apps", "--type=json", "-p", '[{"op": "remove", "path": "/spec/secretRef"}]')
    cluster.must("patch", "gitrepository", "old", "-n", "apps", "--type=merge", "-p", '{"spec": {"provider": "azure"}}')
    eventually("what was mended is reported no more", lambda: report(cluster) is None or says(cluster), 60)


@test
def another_leader_takes_over(cluster, release):
    leader = leader_of(release)
    leader.stop(in_order=False)
    release.pods = [pod for pod in release.pods if pod is not leader]
    release.point_service_at_pods()
    cluster.must("label", "namespace", "apps", "patless.dev/ignore=true")
    eventually("apps is left out", lambda: cluster.apply(objects.with_pat("old")).ok, 20)
    cluster.must("label", "namespace", "apps", "patless.dev/ignore-")
    eventually("the other one reports it", lambda: says(cluster, OLD), 60)


@test
def a_report_goes_when_there_is_nothing_to_report(cluster, release):
    cluster.must("delete", "gitrepository", "old", "-n", "apps")

    def is_gone():
        # Again and again: a replica that has more to tell makes it anew.
        release.forget_rejections()
        return report(cluster) is None

    eventually("the report is gone", is_gone, 90)
    release.uninstall()
    for definition in [POLICY_REPORTS, REPORTS, OCI]:
        cluster.must("delete", "crd", definition["metadata"]["name"])
