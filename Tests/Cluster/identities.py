"""What source-controller's ServiceAccount and Deployment come out with."""

import json

import objects
from harness import expect, test

MATTERS = objects.WORKLOAD_IDENTITY


def ours(values):
    return {key: value for key, value in (values or {}).items() if key.startswith(MATTERS)}


def account(cluster):
    return cluster.get("serviceaccount", "source-controller", "flux-system")


def fresh(cluster):
    for kind in ["serviceaccount", "deployment"]:
        cluster.remove(kind, "source-controller", "flux-system")


def has_identity(metadata):
    return ours(metadata.get("annotations")) == objects.ANNOTATIONS and ours(metadata.get("labels")) == objects.LABELS


@test
def the_service_account_gets_annotations_and_label(cluster, server, client):
    fresh(cluster)
    cluster.must("apply", "-f", "-", send=objects.service_account())
    expect(has_identity(account(cluster)["metadata"]), account(cluster)["metadata"])


@test
def annotations_that_are_there_stay_and_no_identity_is_half_ours(cluster, server, client):
    fresh(cluster)
    mine = {"example.com/owner": "platform", MATTERS + "client-id": "99999999-9999-9999-9999-999999999999"}
    result = cluster.apply(objects.service_account(annotations=mine, labels={"app": "flux"}))
    expect(result.ok, result.text)
    metadata = account(cluster)["metadata"]
    expect(mine.items() <= metadata["annotations"].items(), metadata)
    # Somebody else's client id must not come to sign in to our tenant.
    expect(MATTERS + "tenant-id" not in metadata["annotations"], metadata)
    expect(metadata["labels"] == {"app": "flux", **objects.LABELS}, metadata)
    expect("Warning:" in result.err and "client-id" in result.err, "another client-id went by without a warning:", result.text)


@test
def another_service_account_is_left_alone(cluster, server, client):
    other = objects.service_account()
    other["metadata"]["name"] = "kustomize-controller"
    cluster.must("apply", "-f", "-", send=other)
    metadata = cluster.get("serviceaccount", "kustomize-controller", "flux-system")["metadata"]
    expect(not ours(metadata.get("annotations")) and not ours(metadata.get("labels")), metadata)


@test
def the_pod_template_of_the_deployment_gets_the_label(cluster, server, client):
    fresh(cluster)
    cluster.must("apply", "-f", "-", send=objects.deployment())
    thing = cluster.get("deployment", "source-controller", "flux-system")
    labels = thing["spec"]["template"]["metadata"]["labels"]
    expect(labels == {"app": "source-controller", **objects.LABELS}, labels)


@test
def server_side_apply_by_another_manager_keeps_them(cluster, server, client):
    fresh(cluster)
    for thing in [objects.service_account(), objects.deployment()]:
        for manager in ["helm", "kustomize-controller", "kustomize-controller"]:
            text = json.dumps(thing)
            cluster.must("apply", "--server-side", "--force-conflicts", "--field-manager", manager, "-f", "-", send=text)
    expect(has_identity(account(cluster)["metadata"]), account(cluster)["metadata"])
    thing = cluster.get("deployment", "source-controller", "flux-system")
    expect(ours(thing["spec"]["template"]["metadata"]["labels"]) == objects.LABELS, thing["spec"]["template"])


@test
def a_second_apply_changes_nothing(cluster, server, client):
    fresh(cluster)
    for thing in [objects.service_account(), objects.deployment()]:
        for options in [(), ("--server-side", "--field-manager", "flux")]:
            versions = []
            for _ in range(3):
                cluster.must("apply", "-f", "-", *options, send=thing)
                stored = cluster.get(thing["kind"], "source-controller", "flux-system")
                versions.append(stored["metadata"]["resourceVersion"])
            expect(versions[1] == versions[2], f"{thing['kind']} {' '.join(options)}: resourceVersion went on: {versions}")


@test
def a_dry_run_shows_the_identity_and_stores_nothing(cluster, server, client):
    fresh(cluster)
    shown = cluster.must("apply", "-f", "-", "--dry-run=server", "-o", "json", send=objects.service_account()).object()
    expect(has_identity(shown["metadata"]), shown["metadata"])
    expect(not cluster.exists("serviceaccount", "source-controller", "flux-system"), "a dry run stored the object")


@test
def somebody_who_takes_an_annotation_away_sees_it_come_back(cluster, server, client):
    fresh(cluster)
    cluster.must("apply", "-f", "-", send=objects.service_account())
    name = objects.WORKLOAD_IDENTITY + "client-id"
    cluster.must("annotate", "serviceaccount", "source-controller", "-n", "flux-system", name + "-")
    expect(has_identity(account(cluster)["metadata"]), account(cluster)["metadata"])
