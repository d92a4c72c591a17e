"""What a scan finds, where it says that is, and how it ends."""

import json
import pathlib
import subprocess
import time

import pty
import os

import yaml

from harness import expect, test
from server import PATLESS
from tree import MANIFESTS, POLICY, copied, findings, patless, repository, written

AZURE = "https://dev.azure.com/contoso/shop/_git/fleet"


def marked(text):
    """Where `#<` marks a line: (line, rule) for each."""
    return [(number, line.split("#<")[1].strip()) for number, line in enumerate(text.splitlines(), 1) if "#<" in line]


@test
def each_finding_is_where_the_field_is_written():
    text = """
kind: GitRepository
apiVersion: source.toolkit.fluxcd.io/v1
metadata: {name: a, namespace: apps}
spec:
    url: https://dev.azure.com/contoso/shop/_git/a
    secretRef: #< secret-ref
        name: a
---
apiVersion: v1
kind: List
items:
  - kind: GitRepository
    apiVersion: source.toolkit.fluxcd.io/v1beta1
    metadata: {name: b, namespace: apps}
    spec:
      url: ssh://git@ssh.dev.azure.com/v3/contoso/shop/b #< ssh-key
  - kind: GitRepository
    apiVersion: source.toolkit.fluxcd.io/v1
    metadata: {name: c, namespace: apps}
    spec:
      provider: azure
      "url": http://dev.azure.com/contoso/shop/_git/c #< token-exposure
      'secretRef': {name: c} #< secret-ref
---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: all, namespace: apps}
spec:
  resources:
    - kind: Bucket
      apiVersion: source.toolkit.fluxcd.io/v1
      metadata: {name: d, namespace: apps}
      spec:
        endpoint: minio
        secretRef: {name: d} #< flux-secret
"""
    with written(all_yaml=text) as folder:
        found = [(line, rule) for _, line, _, rule, _ in findings(folder=folder)]
    expect(found == marked(text), found, marked(text))


@test
def lists_patches_and_anchors_are_looked_into():
    found = {(file, line, rule) for file, line, _, rule, _ in findings("--config", POLICY)}
    for wanted in [
        ("apps/list.yaml", 7, "secret-ref"), ("apps/anchors.yaml", 12, "secret-ref"), ("apps/anchors.yaml", 20, "submodule-token"),
        ("flux-system/kustomization.yaml", 11, "secret-ref"), ("flux-system/kustomization.yaml", 15, "secret-ref"),
        ("flux-system/operations.yaml", 3, "secret-ref"), ("flux-system/gotk-sync.yaml", 7, "secret-ref"),
        ("flux-system/gotk-sync.yaml", 14, "secret-ref"), ("flux-system/gotk-sync.yaml", 22, "identity-conflict"),
    ]:
        expect(wanted in found, f"{wanted} is not in", *sorted(found))


@test
def nothing_follows_from_what_a_patch_does_not_say():
    # Its provider may be in what is patched.
    expect(not any(file == "flux-system/strategic.yaml" for file, *_ in findings()), findings())
    patch = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: a}\nspec: {provider: azure}\n"
    with written(patch_yaml=patch) as folder:
        expect(findings(folder=folder) == [])


@test
def a_placeholder_is_noted_and_nothing_is_concluded_from_it():
    for url in ["${GIT_URL}", "https://${HOST}/contoso/shop/_git/fleet", "'{{ .Values.url }}'", "<< inputs.url >>"]:
        text = f"kind: GitRepository\napiVersion: source.toolkit.fluxcd.io/v1\nmetadata: {{name: a}}\nspec:\n  provider: azure\n  url: {url}\n"
        with written(a_yaml=text) as folder:
            done = patless("scan", folder=folder)
            expect(done.returncode == 0 and "placeholder" in done.stdout and "no finding" in done.stdout, url, done.stdout)
    # A password is one, whoever puts it in.
    with written(a_yaml=json.dumps(repository(url="https://git:${TOKEN}@dev.azure.com/contoso/shop/_git/a"))) as folder:
        expect([rule for *_, rule, _ in findings(folder=folder)] == ["url-credentials"], findings(folder=folder))


@test
def a_secret_counts_when_a_git_repository_signs_in_with_it_and_it_is_in_plain_text():
    def rules(secret, **reference):
        documents = [repository(url=AZURE, secretRef={"name": "pat"}), {"apiVersion": "v1", "kind": "Secret", **secret}]
        documents[0]["metadata"].update(reference)
        with written(a_yaml=yaml.safe_dump_all(documents[:1]), b_yaml=yaml.safe_dump_all(documents[1:])) as folder:
            return [rule for *_, rule, _ in findings(folder=folder) if rule != "secret-ref"]

    there = {"name": "pat", "namespace": "apps"}
    expect(rules({"metadata": there, "stringData": {"password": "x"}}) == ["plain-secret"])
    expect(rules({"metadata": there, "data": {"identity": "eA==", "tls.key": "eA=="}}) == ["plain-secret"] * 2)
    expect(rules({"metadata": {"name": "pat"}, "data": {"bearerToken": "eA=="}}) == ["plain-secret"])
    for harmless in [
        {"metadata": there, "stringData": {"username": "x", "ca.crt": "x"}}, {"metadata": there, "stringData": {"password": "${PAT}"}},
        {"metadata": there, "stringData": {"password": "ENC[x]"}, "sops": {"mac": "x"}}, {"metadata": {**there, "name": "other"}, "stringData": {"password": "x"}},
        {"metadata": {**there, "namespace": "other"}, "stringData": {"password": "x"}},
    ]:
        expect(rules(harmless) == [], harmless)


@test
def exemptions_hold_for_files_as_they_do_in_the_cluster():
    severities = {file: severity for file, *_, severity in findings("--config", POLICY)}
    # The namespace is the kustomization's, which lists the file.
    expect(severities["legacy/tfs.yaml"] == "exempt", severities)
    with written(a_yaml="kind: GitRepository\napiVersion: source.toolkit.fluxcd.io/v1\nmetadata: {name: a}\nspec: {url: 'https://x.y', secretRef: {name: a}}\n") as folder:
        expect([one[-1] for one in findings("--config", POLICY, folder=folder)] == ["deny"])
        expect([one[-1] for one in findings("--config", POLICY, "-n", "legacy", folder=folder)] == ["exempt"])


@test
def a_template_is_named_and_skipped_and_anything_else_that_cannot_be_read_is_not_passed_over():
    done = patless("scan", "chart")
    expect(done.returncode == 0 and "helm template" in done.stdout, done.stdout)
    for name, words in [("broken.yaml", "is here again"), ("odd-type.yaml", "spec.url must be a string")]:
        done = patless("scan", name)
        expect(done.returncode == 2 and words in done.stdout and "hunter2" not in done.stdout, done.stdout, done.stderr)
        expect(patless("scan", name, "--fail-on", "never").returncode == 0)
    with written(a_yaml="a: [", b_yaml="- {}", c_yaml="", d_yaml=b"\xff\xfe") as folder:
        done = patless("scan", folder=folder)
        expect(done.returncode == 0 and "a.yaml:1: note: no YAML" in done.stdout, done.stdout)


@test
def the_exit_status_is_what_was_asked_to_fail_on():
    warned = json.dumps(repository(url=AZURE))
    denied = json.dumps(repository(url=AZURE, secretRef={"name": "pat"}))
    for text, wanted in [(warned, {"deny": 0, "warn": 1, "never": 0}), (denied, {"deny": 1, "warn": 1, "never": 0})]:
        for threshold, status in wanted.items():
            done = patless("scan", "-", "--fail-on", threshold, text=text)
            expect(done.returncode == status, threshold, done.returncode, done.stdout)
    for arguments, words in [(["nowhere"], "there is no such file"), ([".", "--config", "nowhere"], "nowhere"), ([".", "--baseline", "nowhere"], "nowhere")]:
        done = patless("scan", *arguments)
        expect(done.returncode == 2 and words in done.stderr and done.stdout == "", arguments, done.stdout, done.stderr)


@test
def only_what_the_baseline_does_not_have_fails():
    with copied() as folder:
        for name in ["broken.yaml", "odd-type.yaml"]:
            (folder / name).unlink()
        done = patless("scan", "--baseline", "known.json", "--write-baseline", folder=folder)
        expect(done.returncode == 0, done.stderr)
        known = (folder / "known.json").read_text()
        expect("hunter2" not in known and json.loads(known)["findings"], known)
        expect(patless("scan", "--baseline", "known.json", folder=folder).returncode == 0)
        # Lines may move, and nothing is new.
        fleet = folder / "apps/fleet.yaml"
        fleet.write_text("# one more line\n" + fleet.read_text())
        expect(patless("scan", "--baseline", "known.json", folder=folder).returncode == 0)
        fleet.write_text(fleet.read_text() + "---\n" + json.dumps(repository("new", url=AZURE, secretRef={"name": "pat"})) + "\n")
        done = patless("scan", "--baseline", "known.json", folder=folder)
        expect(done.returncode == 1 and done.stdout.count("deny: ") == 1 and "apps/new" in done.stdout, done.stdout)
        (folder / "known.json").write_text("{}")
        done = patless("scan", "--baseline", "known.json", folder=folder)
        expect(done.returncode == 2 and "not a baseline" in done.stderr, done.stderr)


@test
def paths_that_overlap_are_looked_at_once_and_links_do_not_lead_in_circles():
    once = findings("apps")
    expect(findings("apps", "./apps/", "apps/fleet.yaml") == once, once)
    with written(a__b_yaml=json.dumps(repository(url=AZURE))) as folder:
        (folder / "a/up").symlink_to(folder)
        (folder / "link.yaml").symlink_to("a/b.yaml")
        (folder / "gone.yaml").symlink_to("nowhere")
        os.mkfifo(folder / "pipe.yaml")
        expect([one[0] for one in findings(folder=folder)] == ["a/b.yaml", "link.yaml"], findings(folder=folder))


@test
def a_terminal_gets_colours_and_a_pipe_does_not():
    def shown(**environment):
        main, other = pty.openpty()
        with subprocess.Popen([PATLESS, "scan", "apps"], cwd=MANIFESTS, stdout=other, stderr=other, stdin=subprocess.DEVNULL,
                              env={**os.environ, "TERM": "xterm", **environment}) as process:
            os.close(other)
            text = b""
            while True:
                try:
                    part = os.read(main, 65536)
                except OSError:
                    break
                if not part:
                    break
                text += part
        os.close(main)
        return text.decode()

    expect("\x1b[31mdeny\x1b[0m" in shown(), shown())
    expect("\x1b[" not in shown(NO_COLOR="1") and "\x1b[" not in shown(TERM="dumb"))
    expect("\x1b" not in patless("scan", "apps").stdout)


@test
def a_long_scan_shows_how_far_it_is_on_a_terminal_only():
    with written() as folder:
        text = "---\n".join(json.dumps(repository(f"r{number}", url=AZURE, provider="azure")) + "\n" for number in range(400))
        for number in range(150):
            (folder / f"{number}.yaml").write_text(text)
        main, other = pty.openpty()
        process = subprocess.Popen([PATLESS, "scan"], cwd=folder, stdout=subprocess.PIPE, stderr=other, stdin=subprocess.DEVNULL)
        os.close(other)
        shown = b""
        while True:
            try:
                part = os.read(main, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
        os.close(main)
        expect(process.wait() == 0 and "no finding in 60000 objects of 150 files" in process.stdout.read().decode())
        process.stdout.close()
        expect("of 150" in shown.decode() and shown.decode().endswith("\x1b[K"), shown)
        expect(patless("scan", folder=folder).stderr == "")
