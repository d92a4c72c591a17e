"""What becomes of GitRepositories. Run once for each definition of the kind: our own, and Flux'."""

import objects
from harness import Skip, expect, test


@test
def a_repository_with_a_pat_secret_is_refused_and_told_what_to_write(cluster, versions):
    result = cluster.apply(objects.with_pat("shop"))
    expect(not result.ok, result.text)
    for word in ['admission webhook "validate.patless.dev" denied the request', "spec.secretRef", "provider: azure"]:
        expect(word in result.err, f"the message lacks {word!r}", result.text)
    expect(not cluster.exists("gitrepository", "shop"), "it was stored all the same")


@test
def a_repository_with_provider_azure_is_accepted_without_a_word(cluster, versions):
    result = cluster.apply(objects.keyless("good"))
    expect(result.ok, result.text)
    expect("Warning" not in result.err, result.text)


@test
def a_token_in_the_url_is_refused_and_not_repeated(cluster, versions):
    url = "https://build:s3cr3t-t0k3n@dev.azure.com/contoso/shop/_git/shop"
    result = cluster.apply(objects.repository("token", url=url))
    expect(not result.ok and "spec.url" in result.err, result.text)
    expect("s3cr3t-t0k3n" not in result.err, "the token is in the message:", result.text)


@test
def an_exempted_repository_is_accepted(cluster, versions):
    result = cluster.apply(objects.with_pat("on-premises-tfs"))
    expect(result.ok, result.text)


@test
def a_status_update_of_an_old_violating_object_passes(cluster, versions):
    cluster.create_before_webhooks(objects.with_pat("old-status"))
    thing = cluster.get("gitrepository", "old-status")
    thing["status"] = {"observedGeneration": 1}
    version = thing["apiVersion"]
    path = f"/apis/{version}/namespaces/apps/gitrepositories/old-status/status"
    result = cluster.kubectl("replace", "--raw", path, "-f", "-", send=thing)
    expect(result.ok, result.text)
    expect(cluster.get("gitrepository", "old-status")["status"] == {"observedGeneration": 1}, "the status was not stored")


@test
def an_old_violating_object_loses_its_finalizer_and_goes(cluster, versions):
    old = objects.with_pat("old-finalizer", metadata={"finalizers": ["finalizers.fluxcd.io"]})
    cluster.create_before_webhooks(old)
    cluster.must("delete", "gitrepository", "old-finalizer", "-n", "apps", "--wait=false")
    expect(cluster.exists("gitrepository", "old-finalizer"), "the finalizer did not hold it")
    patch = '{"metadata":{"finalizers":null}}'
    result = cluster.kubectl("patch", "gitrepository", "old-finalizer", "-n", "apps", "--type=merge", "-p", patch)
    expect(result.ok, result.text)
    expect(not cluster.exists("gitrepository", "old-finalizer"), "it is still there")


@test
def an_update_that_adds_a_violation_is_refused(cluster, versions):
    cluster.must("apply", "--validate=false", "-f", "-", send=objects.keyless("drifting"))
    patch = '{"spec":{"provider":null,"secretRef":{"name":"azure-devops-pat"}}}'
    result = cluster.kubectl("patch", "gitrepository", "drifting", "-n", "apps", "--type=merge", "-p", patch)
    expect(not result.ok and "spec.secretRef" in result.err, result.text)
    expect("secretRef" not in cluster.get("gitrepository", "drifting")["spec"], "it was stored all the same")


@test
def an_update_elsewhere_of_a_violating_object_passes_with_a_warning(cluster, versions):
    cluster.create_before_webhooks(objects.with_pat("old-elsewhere"))
    patch = '{"spec":{"interval":"7m"}}'
    result = cluster.kubectl("patch", "gitrepository", "old-elsewhere", "-n", "apps", "--type=merge", "-p", patch)
    expect(result.ok, result.text)
    expect("Warning:" in result.err and "secretRef" in result.err, "there was no warning:", result.text)
    expect(cluster.get("gitrepository", "old-elsewhere")["spec"]["interval"] == "7m", "it was not stored")


@test
def an_update_to_another_secret_is_a_new_violation(cluster, versions):
    cluster.create_before_webhooks(objects.with_pat("old-secret"))
    patch = '{"spec":{"secretRef":{"name":"another-pat"}}}'
    result = cluster.kubectl("patch", "gitrepository", "old-secret", "-n", "apps", "--type=merge", "-p", patch)
    expect(not result.ok and "spec.secretRef" in result.err, result.text)


@test
def a_violating_object_is_mended_by_an_update(cluster, versions):
    cluster.create_before_webhooks(objects.with_pat("old-mended"))
    patch = '{"spec":{"provider":"azure","secretRef":null}}'
    result = cluster.kubectl("patch", "gitrepository", "old-mended", "-n", "apps", "--type=merge", "-p", patch)
    expect(result.ok and "Warning" not in result.err, result.text)


@test
def dry_run_decides_alike_and_leaves_no_trace(cluster, versions):
    refused = cluster.apply(objects.with_pat("dry"), "--dry-run=server")
    expect(not refused.ok and "spec.secretRef" in refused.err, refused.text)
    accepted = cluster.apply(objects.keyless("dry"), "--dry-run=server")
    expect(accepted.ok, accepted.text)
    expect(not cluster.exists("gitrepository", "dry"), "a dry run stored the object")


@test
def a_write_through_an_older_version_is_decided_too(cluster, versions):
    older = [version for version in versions if version != "v1"]
    if not older:
        raise Skip("this definition serves v1 only")
    for version in older:
        result = cluster.apply(objects.with_pat("older", version=version))
        expect(not result.ok and "spec.secretRef" in result.err, result.text)
        result = cluster.apply(objects.repository("older", version=version, url="https://github.com/stefanprodan/podinfo"))
        expect(result.ok, result.text)
        cluster.remove("gitrepository", "older", "apps")
