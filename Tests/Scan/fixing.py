"""What `patless fix` writes: only what it must, and nothing that means something else."""

import json
import os
import pathlib
import random
import re
import shutil
import stat
import subprocess
import tempfile

import hypothesis
import yaml
from hypothesis import strategies

from harness import Skip, expect, test
from tree import MANIFESTS, POLICY, copied, findings, patless, repository, written

HEAD = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: fleet\n"
URL = "https://dev.azure.com/contoso/shop/_git/fleet"

# What stands after HEAD, and what has to become of it.
LAYOUTS = {
    "block": (f"spec:\n  interval: 1m # often\n  url: {URL} # ours\n  secretRef: # old\n    name: pat # PAT\n  ref:\n    branch: main\n",
              f"spec:\n  interval: 1m # often\n  url: {URL} # ours\n  provider: azure\n  ref:\n    branch: main\n"),
    "quotes": (f"spec:\n    'url': 'https://u:p@dev.azure.com/contoso/shop/_git/fleet'\n    \"secretRef\": {{\"name\": \"pat\"}}\n",
               f"spec:\n    'url': '{URL}'\n    provider: azure\n"),
    "flow": (f"spec: {{interval: 1m, secretRef: {{name: pat}}, url: {URL}}}\n", f"spec: {{interval: 1m, url: {URL}, provider: azure}}\n"),
    "flow, last": (f"spec: {{ url: \"{URL}\", secretRef: {{ name: pat }} }}\n", f"spec: {{ url: \"{URL}\", provider: azure }}\n"),
    "flow, lines": (f"spec: {{\n  url: {URL},\n  secretRef: {{name: pat}},\n  interval: 1m\n}}\n", f"spec: {{\n  url: {URL}, provider: azure,\n  interval: 1m\n}}\n"),
    "json": (f'spec: {{"url":"{URL}","secretRef":{{"name":"pat"}},"interval":"1m"}}\n', f'spec: {{"url":"{URL}", "provider": "azure","interval":"1m"}}\n'),
    "no line break at the end": (f"spec:\n  secretRef: {{name: pat}}\n  url: {URL}", f"spec:\n  url: {URL}\n  provider: azure"),
    "Windows": (f"spec:\r\n  url: {URL}\r\n  secretRef:\r\n    name: pat\r\n  interval: 1m\r\n", f"spec:\r\n  url: {URL}\r\n  provider: azure\r\n  interval: 1m\r\n"),
    "Windows, no line break at the end": (f"spec:\r\n  url: {URL}", f"spec:\r\n  url: {URL}\r\n  provider: azure"),
    "folded": (f"spec:\n  url: >-\n    ssh://git@ssh.dev.azure.com/v3/contoso/shop/fleet\n\n  secretRef:\n    name: pat\n",
               f"spec:\n  url: {URL}\n  provider: azure\n\n"),
    "generic": (f"spec:\n  provider: generic # for now\n  url: {URL}\n  secretRef:\n    name: pat\n", f"spec:\n  provider: azure # for now\n  url: {URL}\n"),
    "nothing as provider": (f"spec:\n  provider:\n  url: {URL}\n", f"spec:\n  provider: azure\n  url: {URL}\n"),
    "empty provider": (f"spec:\n  provider: \"\"\n  url: {URL}\n", f"spec:\n  provider: \"azure\"\n  url: {URL}\n"),
    "azure with a Secret": (f"spec:\n  provider: azure\n  url: {URL}\n  secretRef:\n    name: pat\n", f"spec:\n  provider: azure\n  url: {URL}\n"),
    "comments between": (f"spec:\n  url: {URL}\n  # before\n  secretRef:\n    # inside\n    name: pat\n  # after\n  interval: 1m\n",
                         f"spec:\n  url: {URL}\n  provider: azure\n  # before\n  # after\n  interval: 1m\n"),
    "anchors": (f"spec:\n  url: &url {URL}\n  secretRef: &pat\n    name: pat\nx-url: *url\n", f"spec:\n  url: &url {URL}\n  provider: azure\nx-url: *url\n"),
    "an end marker": (f"spec:\n  url: {URL}\n  secretRef:\n    name: pat\n...\n", f"spec:\n  url: {URL}\n  provider: azure\n...\n"),
    "ssh": ("spec:\n  url: ssh://git@ssh.dev.azure.com/v3/contoso/shop/fleet\n", f"spec:\n  url: {URL}\n  provider: azure\n"),
    "ssh of old": ("spec:\n  url: ssh://contoso@vs-ssh.visualstudio.com/v3/contoso/shop/fleet\n", f"spec:\n  url: {URL}\n  provider: azure\n"),
    "visualstudio.com": ("spec:\n  url: https://contoso.visualstudio.com/DefaultCollection/shop/_git/fleet\n", f"spec:\n  url: {URL}\n  provider: azure\n"),
    "http": ("spec:\n  url: http://dev.azure.com/contoso/shop/_git/fleet\n  provider: azure\n", f"spec:\n  url: {URL}\n  provider: azure\n"),
    "user name": (f"spec:\n  url: https://contoso@dev.azure.com/contoso/shop/_git/fleet\n  secretRef: {{name: pat}}\n", f"spec:\n  url: {URL}\n  provider: azure\n"),
    "comma": ("spec: {url: 'https://dev.azure.com/contoso/a,b/_git/c', secretRef: {name: pat}}\n", "spec: {url: 'https://dev.azure.com/contoso/a,b/_git/c', provider: azure}\n"),
}


@test
def only_what_must_change_changes_in_every_layout():
    with written(**{f"{number}_yaml": HEAD.replace("\n", "\r\n" if "Windows" in name else "\n") + before
                    for number, (name, (before, _)) in enumerate(LAYOUTS.items())}) as folder:
        done = patless("fix", folder=folder)
        expect(done.returncode == 0, done.stdout)
        for number, (name, (before, after)) in enumerate(LAYOUTS.items()):
            text = (folder / f"{number}.yaml").read_bytes().decode()
            head = HEAD.replace("\n", "\r\n" if "Windows" in name else "\n")
            expect(text == head + after, name, text)
        again = patless("fix", folder=folder)
        expect(again.returncode == 0 and again.stdout.startswith("0 objects mended"), again.stdout)


@test
def what_the_old_versions_know_becomes_v1_and_what_v1_does_not_know_is_left():
    for version in ["v1beta1", "v1beta2"]:
        with written(a_yaml=HEAD.replace("/v1", f"/{version}") + f"spec:\n  url: {URL}\n  secretRef: {{name: pat}}\n") as folder:
            expect(patless("fix", folder=folder).returncode == 0)
            expect((folder / "a.yaml").read_text() == HEAD + f"spec:\n  url: {URL}\n  provider: azure\n")
        text = HEAD.replace("/v1", f"/{version}") + f"spec:\n  url: {URL}\n  gitImplementation: libgit2\n  secretRef: {{name: pat}}\n"
        with written(a_yaml=text) as folder:
            done = patless("fix", folder=folder)
            expect(done.returncode == 1 and "gitImplementation is no field of source.toolkit.fluxcd.io/v1" in done.stdout, done.stdout)
            expect((folder / "a.yaml").read_text() == text)
        # Nothing is found on it, so nothing is done to it.
        clean = HEAD.replace("/v1", f"/{version}") + "spec:\n  url: https://github.com/contoso/public\n"
        with written(a_yaml=clean) as folder:
            expect(patless("fix", folder=folder).returncode == 0 and (folder / "a.yaml").read_text() == clean)


LEFT = {
    "another host": "spec:\n  url: https://github.com/contoso/fleet\n  secretRef: {name: pat}\n",
    "a GitHub App": "spec:\n  url: https://github.com/contoso/fleet\n  provider: github\n  secretRef: {name: pat}\n",
    "half a URL": "spec:\n  url: https://dev.azure.com/contoso\n  secretRef: {name: pat}\n  provider: aws\n",
    "a placeholder": "spec:\n  url: https://dev.azure.com/${ORG}/shop/_git/fleet\n  secretRef: {name: pat}\n",
    "an anchor that others use": f"x-spec: &spec\n  url: {URL}\n  secretRef: {{name: pat}}\nspec: *spec\n",
    "a merge key": f"x-spec: &spec\n  secretRef: {{name: pat}}\nspec:\n  <<: *spec\n  url: {URL}\n",
    "a reference that others use": f"spec:\n  url: {URL}\n  secretRef: &pat {{name: pat}}\nx-other: *pat\n",
}


@test
def what_a_machine_cannot_mend_stays_as_it_is_and_is_listed():
    for name, rest in LEFT.items():
        with written(a_yaml=HEAD + rest) as folder:
            done = patless("fix", folder=folder)
            expect(done.returncode == 1 and "Left for you:" in done.stdout and "a.yaml:" in done.stdout, name, done.stdout)
            expect((folder / "a.yaml").read_text() == HEAD + rest, name, (folder / "a.yaml").read_text())


@test
def what_the_policy_exempts_or_lists_stays():
    with copied() as folder:
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        patless("fix", "--config", POLICY, folder=folder)
        changed = {str(path.relative_to(folder)) for path in before if path.read_bytes() != before[path]}
        expect(changed == {"apps/anchors.yaml", "apps/fleet.yaml", "apps/list.yaml", "apps/odd, with: a;name%].yaml"}, changed)
    text = HEAD + f"  namespace: apps\nspec:\n  url: {URL}\n  secretRef:\n    name: corp-ca\n"
    with written(a_yaml=text) as folder:
        # A certificate authority is none of our business; that no provider is set is not found either, for a Secret is there.
        expect(patless("fix", "--config", POLICY, folder=folder).returncode == 0 and (folder / "a.yaml").read_text() == text)


@test
def diff_writes_nothing_and_shows_what_fix_does_line_by_line():
    with copied() as folder:
        before = {path: path.read_bytes().decode().split("\n") for path in folder.rglob("*.yaml")}
        done = patless("fix", "--diff", folder=folder)
        expect(all(path.read_bytes().decode().split("\n") == text for path, text in before.items()), done.stdout)
        patless("fix", folder=folder)
        shown = done.stdout.partition("\nLeft for you")[0]
        parts = [part.split("\n", 2)[::2] for part in re.split(r"^--- a/", shown, flags=re.MULTILINE)[1:]]
        changed = [str(path.relative_to(folder)) for path, text in before.items() if path.read_bytes().decode().split("\n") != text]
        expect(sorted(name for name, _ in parts) == sorted(changed) and len(parts) == 4, parts, changed)
        for name, text in parts:
            after = (folder / name).read_bytes().decode().split("\n")
            for hunk in re.split(r"^(?=@@)", text, flags=re.MULTILINE)[1:]:
                old, old_count, new, new_count = map(int, re.match(r"@@ -(\d+),(\d+) \+(\d+),(\d+) @@", hunk).groups())
                lines = hunk.split("\n")[1:-1]
                for kind, start, count, whole in [("-", old, old_count, before[folder / name]), ("+", new, new_count, after)]:
                    mine = [line[1:] for line in lines if line[0] in (kind, " ")]
                    expect(len(mine) == count, hunk)
                    for one, other in zip(mine, whole[start - 1:]):
                        expect("***" in one or "..." in one or one == re.sub(r"&\w+ ", "", other.rstrip("\r")), one, other)


@test
def no_credential_is_shown():
    with copied() as folder:
        for arguments in [["--diff"], []]:
            done = patless("fix", *arguments, folder=folder)
            expect("hunter2" not in done.stdout + done.stderr, arguments, done.stdout)
            expect(("***" in done.stdout) == bool(arguments), arguments, done.stdout)
    text = HEAD + f"spec:\n  # https://git:hunter2@dev.azure.com/a and https://x/y?token=hunter2\n  url: {URL}\n  secretRef: {{name: pat, token: hunter2}}\n---\nkind: Secret\nstringData:\n  a: |\n    hunter2\n    hunter2\n  b: hunter2\n"
    with written(a_yaml=text) as folder:
        done = patless("fix", "--diff", folder=folder)
        expect("hunter2" not in done.stdout and "provider: azure" in done.stdout, done.stdout)


@test
def the_secrets_that_nothing_refers_to_any_more_are_named():
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: pat, namespace: apps}\nstringData: {password: x}\n"
    mine = HEAD + f"  namespace: apps\nspec:\n  url: {URL}\n  secretRef: {{name: pat}}\n"
    with written(a_yaml=mine, secret_yaml=secret) as folder:
        done = patless("fix", folder=folder)
        expect("secret.yaml:3: pat: revoke what it holds, then: kubectl -n apps delete secret pat" in done.stdout, done.stdout)
    other = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {imagePullSecrets: [{name: pat}]}}}\n"
    with written(a_yaml=mine, secret_yaml=secret, other_yaml=other) as folder:
        done = patless("fix", folder=folder)
        expect("delete secret" not in done.stdout and "mended GitRepository apps/fleet" in done.stdout, done.stdout)


@test
def a_file_is_replaced_whole_with_its_permissions_and_a_link_stays_one():
    text = HEAD + f"spec:\n  url: {URL}\n"
    with written(real__a_yaml=text) as folder:
        os.chmod(folder / "real/a.yaml", 0o640)
        (folder / "link.yaml").symlink_to("real/a.yaml")
        done = patless("fix", "link.yaml", folder=folder)
        expect(done.returncode == 0 and (folder / "link.yaml").is_symlink(), done.stdout, done.stderr)
        expect(stat.S_IMODE((folder / "real/a.yaml").stat().st_mode) == 0o640)
        expect([path.name for path in (folder / "real").iterdir()] == ["a.yaml"])
    with written(real__a_yaml=text) as folder:
        subprocess.run(["mount", "-t", "tmpfs", "none", folder / "real"], check=True)
        try:
            (folder / "real/a.yaml").write_text(text)
            subprocess.run(["mount", "-o", "remount,ro", folder / "real"], check=True)
            done = patless("fix", folder=folder)
            expect(done.returncode == 2 and "cannot be written" in done.stdout and "Read-only file system" in done.stdout, done.stdout, done.stderr)
        finally:
            subprocess.run(["umount", folder / "real"], check=True)


# Files as nobody would write them, but for a machine.

NAMES = strategies.sampled_from(["fleet", "a", "x-1"])
URLS = strategies.sampled_from([
    URL, "https://contoso@dev.azure.com/contoso/shop/_git/fleet", "https://u:p@dev.azure.com/contoso/shop/_git/fleet", "http://dev.azure.com/contoso/shop/_git/fleet",
    "ssh://git@ssh.dev.azure.com/v3/contoso/shop/fleet", "https://contoso.visualstudio.com/shop/_git/fleet", "https://github.com/contoso/fleet",
    "ssh://git@github.com/contoso/fleet", "https://dev.azure.com/contoso/a b/_git/c", "https://dev.azure.com/contoso/_git/fleet",
])
SPECS = strategies.fixed_dictionaries(
    {"url": URLS, "interval": strategies.sampled_from(["1m", "1h0m0s"])},
    optional={
        "secretRef": strategies.fixed_dictionaries({"name": NAMES}), "provider": strategies.sampled_from(["azure", "generic", "github", ""]),
        "ref": strategies.fixed_dictionaries({"branch": strategies.sampled_from(["main", "on", "0777", "~", "release/1: # x", "ü\u2028"])}),
        "ignore": strategies.sampled_from(["# all\n/*\n!/apps\n", "", "one\n\n  two\n\n"]), "suspend": strategies.booleans(),
        "recurseSubmodules": strategies.booleans(), "proxySecretRef": strategies.fixed_dictionaries({"name": NAMES}),
        "include": strategies.lists(strategies.fixed_dictionaries({"repository": strategies.fixed_dictionaries({"name": NAMES})}), max_size=2),
    },
)
OTHERS = strategies.sampled_from([
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": "b\n\n c: d\n", "secretRef": "x"}}, {"a": [1, None, "x: y", [], {}]}, None, "text",
])


@strategies.composite
def files(draw):
    """A file: documents, each written in some style."""
    documents = []
    for _ in range(draw(strategies.integers(1, 3))):
        one = draw(strategies.one_of(SPECS.map(lambda spec: repository(**spec)), OTHERS))
        if isinstance(one, dict) and one.get("kind") == "GitRepository":
            one["apiVersion"] = f"source.toolkit.fluxcd.io/{draw(strategies.sampled_from(['v1', 'v1', 'v1beta2']))}"
            if draw(strategies.booleans()):
                one = {"apiVersion": "v1", "kind": "List", "items": [one]}
        documents.append(one)
    style = draw(strategies.fixed_dictionaries({
        "default_flow_style": strategies.sampled_from([False, None, True]), "indent": strategies.integers(2, 6), "sort_keys": strategies.booleans(),
        "default_style": strategies.sampled_from([None, '"', "'"]), "width": strategies.sampled_from([30, 80, 1000]),
        "line_break": strategies.sampled_from(["\n", "\r\n"]), "explicit_start": strategies.booleans(), "allow_unicode": strategies.booleans(),
    }))
    text = yaml.safe_dump_all(documents, **style)
    if draw(strategies.booleans()):
        # Comments where they do no harm: on lines of their own before a key.
        lines = text.splitlines(keepends=True)
        text = "".join(("# note\r\n" if line.endswith("\r\n") else "# note\n") + line if re.match(r"\s*(kind|apiVersion): \S+\s*$", line) else line for line in lines)
    return text if draw(strategies.booleans()) else text.rstrip("\r\n")


def repositories(text):
    for document in yaml.safe_load_all(text):
        for one in (document or {}).get("items", [document]) if isinstance(document, dict) else []:
            yield one if isinstance(one, dict) and one.get("kind") == "GitRepository" else None


INTENDED = {"url", "provider", "secretRef"}


@test
def before_and_after_differ_only_where_they_must_however_it_is_written():
    texts = []

    @hypothesis.settings(max_examples=600, deadline=None, derandomize=True, database=None, suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(files())
    def collect(text):
        texts.append(text)

    collect()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for number, text in enumerate(texts):
            (folder / f"{number}.yaml").write_bytes(text.encode())
        found = {file for file, *_ in findings(folder=folder)}
        done = patless("fix", folder=folder)
        left = set(re.findall(r"^(\d+\.yaml):", done.stdout.partition("Left for you")[2], re.MULTILINE))
        mended = set(re.findall(r"^(\d+\.yaml): mended", done.stdout, re.MULTILINE))
        kept = 0
        for number, text in enumerate(texts):
            name = f"{number}.yaml"
            after = (folder / name).read_bytes().decode()
            if name not in found:
                expect(after == text, "there was nothing to mend:", text, after)
                kept += 1
            if name not in mended:
                expect(after == text, text, after)
                continue
            documents = list(yaml.safe_load_all(text)), list(yaml.safe_load_all(after))
            strip(documents[0], documents[1])
            expect(documents[0] == documents[1], text, after)
            check_lines(text, after)
        expect(len(mended) > 150 and kept > 20 and len(left) > 20, len(mended), kept, len(left))
        # Whatever is still found was listed, and nothing else is done a second time.
        still = {file for file, *_ in findings(folder=folder)}
        expect(still <= left, still - left)
        again = patless("fix", folder=folder)
        expect("mended Git" not in again.stdout, again.stdout)
        # What can be mended by machine is: Azure DevOps in a usual layout, and no other provider.
        for number in range(len(texts)):
            for one in repositories((folder / f"{number}.yaml").read_bytes().decode()):
                spec = one["spec"] if one else {}
                if "secretRef" in spec and spec.get("provider") != "github":
                    expect("contoso/shop" not in spec["url"] and "_git/fleet" not in spec["url"], (folder / f"{number}.yaml").read_text())


def strip(before, after):
    """Takes away what may be another, after a look at what it became."""
    for old, new in zip(before, after):
        olds = old["items"] if isinstance(old, dict) and old.get("kind") == "List" else [old]
        news = new["items"] if isinstance(new, dict) and new.get("kind") == "List" else [new]
        for one, other in zip(olds, news):
            if not (isinstance(one, dict) and one.get("kind") == "GitRepository") or one == other:
                continue
            expect(other["spec"]["provider"] == "azure" and other["spec"]["url"].startswith("https://dev.azure.com/contoso/"), other)
            expect("secretRef" not in other["spec"] and other["apiVersion"].endswith("/v1"), other)
            for thing in one, other:
                thing.pop("apiVersion")
                for key in INTENDED:
                    thing["spec"].pop(key, None)


def check_lines(before, after):
    """In block style every line that does not speak of these fields is still there, in its order."""
    if re.search(r"[{]", before):
        return
    lines = [line for line in after.splitlines(keepends=True)]
    position = 0
    secret = False
    for line in before.splitlines(keepends=True):
        secret = bool(re.match(r"\s*['\"]?secretRef", line)) or secret and re.match(r"\s*['\"]?name['\"]?:", line)
        if secret or re.search(r"url|https?:|ssh:|provider|apiVersion|contoso", line):
            continue
        try:
            position = [one.rstrip("\r\n") for one in lines].index(line.rstrip("\r\n"), position) + 1
        except ValueError:
            raise AssertionError(f"this line is gone: {line!r}\n{before}\n{after}")


@test
def what_others_published_is_mended_or_listed():
    corpus = os.environ.get("PATLESS_TEST_CORPUS")
    if not corpus:
        raise Skip("PATLESS_TEST_CORPUS names no folder")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(shutil.copytree(corpus, pathlib.Path(folder) / "corpus"))
        before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
        found = {file for file, *_ in findings(folder=folder)}
        done = patless("fix", folder=folder)
        left = set(re.findall(r"^(\S+?\.yaml):", done.stdout.partition("Left for you")[2], re.MULTILINE))
        for path, text in before.items():
            name = str(path.relative_to(folder))
            if name not in found:
                expect(path.read_bytes() == text, name)
        still = {file for file, *_ in findings(folder=folder)}
        expect(still <= left and len(before) > 10, still - left)
