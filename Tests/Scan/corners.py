"""Corners in which a credential could hide from a scan, show in what is printed, or be lost from a file."""

import json
import os
import subprocess

from harness import expect, test
from server import PATLESS
from tree import findings, patless, repository, written

URL = "https://dev.azure.com/contoso/shop/_git/fleet"
HEAD = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: fleet, namespace: apps}\n"
BASE = HEAD + f"spec:\n  interval: 1m\n  provider: azure\n  url: {URL}\n"
REFERENCE = "{name: from-a-patch}"
FORMATS = ["table", "json", "sarif", "junit", "github", "azure-devops", "markdown", "html"]

# Each is a folder; something has to be found in it.
HIDDEN = {
    "a patch whose kustomization has no kind": {"kustomization_yaml": f"patches:\n  - patch: |\n      {HEAD.replace(chr(10), chr(10) + '      ')}spec: {{secretRef: {REFERENCE}}}\n"},
    "a patch of another kind for a target": {"kustomization_yaml": f"patches:\n  - target: {{kind: GitRepository}}\n    patch: |\n      apiVersion: v1\n      kind: not-used\n      metadata: {{name: x}}\n      spec: {{secretRef: {REFERENCE}}}\n"},
    "a JSON patch for a target without a kind": {"kustomization_yaml": f"patches:\n  - target: {{name: fleet}}\n    patch: '[{{\"op\": \"add\", \"path\": \"/spec/secretRef\", \"value\": {{\"name\": \"x\"}}}}]'\n"},
    "a JSON patch for a pattern of kinds": {"kustomization_yaml": "patches:\n  - target: {kind: GitRepository|HelmRepository}\n    patch: |\n      - {op: add, path: /spec/secretRef, value: {name: x}}\n"},
    "a JSON patch of the whole spec": {"kustomization_yaml": f"patches:\n  - target: {{kind: GitRepository}}\n    patch: |\n      - {{op: replace, path: /spec, value: {{url: '{URL}', secretRef: {{name: x}}}}}}\n"},
    "a patch file by two targets": {"kustomization_yaml": "patches:\n  - {path: p.yaml, target: {kind: GitRepository}}\n  - {path: p.yaml, target: {kind: HelmRelease}}\n", "p_yaml": "- {op: add, path: /spec/secretRef, value: {name: x}}\n"},
    "a patch file in another spelling of its path": {"a__kustomization_yaml": "patches:\n  - {path: ./x/../p.yaml, target: {kind: GitRepository}}\n", "a__p_yaml": "- {op: add, path: /spec/secretRef, value: {name: x}}\n"},
    "a patch file in JSON": {"kustomization_yaml": "patches:\n  - {path: p.json, target: {kind: GitRepository}}\n", "p_json": '[{"op": "add", "path": "/spec/secretRef", "value": {"name": "x"}}]'},
    "text in patchesStrategicMerge": {"kustomization_yaml": f"patchesStrategicMerge:\n  - |\n    {HEAD.replace(chr(10), chr(10) + '    ')}spec: {{secretRef: {REFERENCE}}}\n"},
    "a patch as an object in Flux' Kustomization": {"k_yaml": f"apiVersion: kustomize.toolkit.fluxcd.io/v1beta2\nkind: Kustomization\nmetadata: {{name: a}}\nspec:\n  patchesStrategicMerge:\n    - apiVersion: source.toolkit.fluxcd.io/v1\n      kind: GitRepository\n      spec: {{secretRef: {REFERENCE}}}\n"},
    "a JSON patch as an object in Flux' Kustomization": {"k_yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1beta2\nkind: Kustomization\nmetadata: {name: a}\nspec:\n  patchesJson6902:\n    - target: {kind: GitRepository}\n      patch:\n        - {op: add, path: /spec/secretRef, value: {name: x}}\n"},
    "a list of GitRepositories that do not say so": {"l_yaml": f"apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepositoryList\nitems:\n  - metadata: {{name: a}}\n    spec: {{url: '{URL}', secretRef: {{name: x}}}}\n"},
    "a template of a ResourceSet": {"r_yaml": f"apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: {{name: a}}\nspec:\n  resourcesTemplate: |\n    apiVersion: source.toolkit.fluxcd.io/v1\n    kind: GitRepository\n    metadata: {{name: a}}\n    spec:\n      url: {URL}\n      secretRef: {{name: x}}\n"},
    "a document beside one that is a template": {"a_yaml": HEAD + f"spec:\n  url: {URL}\n  secretRef: {{name: x}}\n---\nkind: ConfigMap\na: {{{{ .x }}}}\na: 2\n"},
    "a version of old that has no provider": {"a_yaml": BASE.replace("io/v1", "io/v1beta2")},
    "literals of a generator": {"a_yaml": HEAD + f"spec: {{url: '{URL}', secretRef: {{name: pat}}}}\n", "kustomization_yaml": "namespace: apps\nsecretGenerator:\n  - {name: pat, literals: [username=git, password=hunter2]}\n"},
    "a Secret that is encrypted in part": {"a_yaml": HEAD + f"spec: {{url: '{URL}', secretRef: {{name: pat}}}}\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: pat, namespace: apps}}\ndata: {{password: 'ENC[x]'}}\nstringData: {{password: hunter2}}\nsops: {{encrypted_regex: ^data$}}\n"},
    "a Secret and its user in a namespace that a kustomization gives": {"a_yaml": HEAD + f"spec: {{url: '{URL}', secretRef: {{name: pat}}}}\n", "b_yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: pat, namespace: other}\nstringData: {password: '${A}hunter2${B}'}\n", "kustomization_yaml": "namespace: prod\nresources: [a.yaml, b.yaml]\n"},
}


@test
def nothing_hides_from_a_scan(rules={"literals of a generator": "plain-secret", "a Secret that is encrypted in part": "plain-secret",
                                     "a Secret and its user in a namespace that a kustomization gives": "plain-secret", "a version of old that has no provider": "provider-missing"}):
    for name, files in HIDDEN.items():
        with written(**files) as folder:
            found = findings(folder=folder)
            expect(any(rule == rules.get(name, "secret-ref") for *_, rule, _ in found), name, found, patless("scan", folder=folder).stdout)
    with written(a__kustomization_yaml="patches:\n  - {path: p.yaml, target: {kind: GitRepository}}\n", a__p_yaml="- {op: add, path: /spec/secretRef, value: {name: x}}\n") as folder:
        for path in ["a", "./a", "a/../a", "a/p.yaml", "./a/./p.yaml"]:
            expect([one[3] for one in findings(path, folder=folder)] == ["secret-ref"], path)


CLEAN = {
    "a JSON patch that only tests": {"kustomization_yaml": "patches:\n  - target: {kind: GitRepository}\n    patch: |\n      - {op: test, path: /spec/secretRef, value: {name: x}}\n      - {op: remove, path: /spec/secretRef}\n"},
    "a patch that takes it away": {"p_yaml": HEAD + "spec:\n  secretRef: {$patch: delete}\n"},
    "a patch of an ImageRepository": {"kustomization_yaml": "patches: [{path: p.yaml}]\n", "p_yaml": "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\nmetadata: {name: a}\nspec: {secretRef: {name: x}}\n"},
}


@test
def nothing_clean_is_found_fault_with():
    for name, files in CLEAN.items():
        with written(**files) as folder:
            expect(findings(folder=folder) == [], name, findings(folder=folder))
    policy = "apiVersion: patless.dev/v1alpha1\nkind: Policy\ncertificateAuthoritySecrets: [{namespace: apps, name: corp-ca}]\n"
    with written(policy__p_yaml=policy, m__a_yaml=HEAD + "spec:\n  url: ${GIT_URL}\n  secretRef: {name: corp-ca}\n") as folder:
        expect(findings("m", "--config", "policy/p.yaml", folder=folder) == [])


@test
def an_exemption_is_for_the_namespace_that_an_object_gets():
    policy = "apiVersion: patless.dev/v1alpha1\nkind: Policy\nexemptions: [{rules: [secret-ref], namespaces: [apps], names: ['*'], reason: r, owner: o, expires: 2099-12-31}]\n"
    files = {"m__a_yaml": HEAD + f"spec: {{url: '{URL}', secretRef: {{name: pat}}}}\n", "policy_yaml": policy}
    with written(**files) as folder:
        expect([one[-1] for one in findings("m", "--config", "policy.yaml", folder=folder)] == ["exempt"])
    with written(**files, m__kustomization_yaml="namespace: prod\nresources: [a.yaml]\n") as folder:
        expect([one[-1] for one in findings("m", "--config", "policy.yaml", folder=folder)] == ["deny"])


@test
def what_cannot_be_judged_never_passes_for_clean():
    sick = HEAD + f"spec:\n  url: {URL}\n  secretRef: {{name: x}}\n"
    for name, text in [("UTF-16", sick.encode("utf-16")), ("UTF-16, big", sick.encode("utf-16-be")), ("a value that is none", sick.replace("{name: fleet, ", "{name: !!binary aGk=, ") + "# {{ x }}\n"),
                       ("a document beside a template", HEAD + "spec: {a: 1, a: 2}\n---\na: {{ .x }}\n")]:
        with written(a_yaml=text) as folder:
            done = patless("scan", folder=folder)
            expect(done.returncode != 0 and "not judged" in done.stdout, name, done.stdout)
    with written() as folder:
        with open(os.fsencode(folder) + b"/k\xf6ln.yaml", "w") as file:
            file.write(sick)
        done = patless("scan", folder=folder)
        expect(done.returncode == 2 and "not UTF-8" in done.stdout, done.stdout)


LEAKS = {
    "a quote in the password": HEAD + 'spec:\n  url: "https://flux:Pa\'hunter2@dev.azure.com/contoso/shop/_git/fleet"\n',
    "a brace in the password": HEAD + 'spec:\n  url: "https://flux:{hunter2@dev.azure.com/contoso/shop/_git/fleet"\n',
    "escaped slashes": HEAD + 'spec:\n  url: "https:\\/\\/flux:hunter2@dev.azure.com/contoso/shop/_git/fleet"\n',
    "a line break in the URL": HEAD + 'spec:\n  url: "https://flux:\\\n    hunter2@dev.azure.com/contoso/shop/_git/fleet"\n',
    "doubled quotes": HEAD + "spec:\n  url: 'https://c:hun''ter2hunter2@dev.azure.com/contoso/shop/_git/fleet'\n",
    "a comment": HEAD + f"spec:\n  # PAT is hunter2\n  url: {URL} # hunter2\n  secretRef: # hunter2\n    name: pat\n",
    "another object": f"kind: HelmRelease\nvalues:\n  gitPassword: hunter2\n---\n{HEAD}spec:\n  url: {URL}\n  secretRef: {{name: pat}}\n---\nkind: Secret\nmetadata: {{annotations: {{last: hunter2}}}}\nx: &p hunter2\nstringData: {{password: *p}}\n",
    "an alias that is none": HEAD + "spec:\n  password: *hunter2\n",
    "a key twice": HEAD + 'spec:\n  "https://u:hunter2@x": 1\n  "https://u:hunter2@x": 1\n',
    "a field of old": HEAD.replace("io/v1", "io/v1beta2") + f"spec: {{hunter2: 1, url: '{URL}', secretRef: {{name: x}}}}\n",
    "half a password as host": HEAD + "spec: {provider: azure, url: 'https://hunter2/abc@git.ex.com/a'}\n",
    "a query": HEAD + "spec: {url: 'https://git.ex.com/a/b?token=abc@hunter2', secretRef: {name: pat}}\n",
}


@test
def no_corner_of_a_file_leaks_into_what_is_printed():
    for name, text in LEAKS.items():
        with written(a_yaml=text) as folder:
            for arguments in [["scan", "--format", form] for form in FORMATS] + [["fix", "--diff"], ["fix"]]:
                done = patless(*arguments, folder=folder)
                expect("hunter2" not in done.stdout + done.stderr, name, arguments, done.stdout, done.stderr)
    kustomization = "patches:\n  - target: {kind: GitRepository}\n    patch: |\n      - {op: add, path: /spec/secretRef/hunter2, value: x}\n"
    with written(kustomization_yaml=kustomization) as folder:
        for form in FORMATS:
            expect("hunter2" not in patless("scan", "--format", form, folder=folder).stdout, form)


@test
def no_file_can_give_orders_to_the_ci_that_shows_it():
    order = '"##vso[task.prependpath]/tmp/evil"'
    with written(a_yaml=f"# fluxcd\n{order}: 1\n{order}: 2\n") as folder:
        for name in ["a\n##vso[task.x]y.yaml", "\n::error::x.yaml", "::error::z.yaml", "##[error]w.yaml"]:
            (folder / name).write_text(HEAD + f"spec: {{url: '{URL}', secretRef: {{name: pat}}}}\n")
        for arguments in [["scan", "--format", form] for form in ["table", "azure-devops", "github", "markdown"]] + [["fix", "--diff"], ["fix"]]:
            for line in patless(*arguments, folder=folder).stdout.splitlines():
                expect("##[" not in line and ("##vso[" not in line or line.startswith("##vso[task.logissue ") and line.count("##vso[") == 1), arguments, line)
                expect(not line.startswith("::") or line.split()[0] in ("::error", "::warning", "::notice") and "file=" in line, arguments, line)


@test
def comments_beside_a_reference_stay_in_flow_style_too():
    for before, after in [
        (f"spec: {{\n  url: {URL}, # the fleet\n  # KEEP\n  secretRef: {{name: p}}\n}}\n", None),
        (f"spec: {{\n  url: {URL},\n  secretRef: {{name: p}},\n  # KEEP\n  interval: 5m\n}}\n", f"spec: {{\n  url: {URL}, provider: azure,\n  # KEEP\n  interval: 5m\n}}\n"),
    ]:
        with written(a_yaml=HEAD + before) as folder:
            patless("fix", folder=folder)
            text = (folder / "a.yaml").read_text()
            expect("# KEEP" in text and (after is None or text == HEAD + after), text)
            expect(text.count("#") == before.count("#"), text)


@test
def json_stays_json():
    for indent in [None, 2]:
        with written(a_json=json.dumps(repository(url=URL, secretRef={"name": "pat"}, suspend=False), indent=indent)) as folder:
            done = patless("fix", "a.json", folder=folder)
            expect(done.returncode == 0, done.stdout)
            expect(json.loads((folder / "a.json").read_text())["spec"] == {"interval": "1m", "url": URL, "provider": "azure", "suspend": False}, (folder / "a.json").read_text())


@test
def a_form_that_is_not_understood_is_left():
    text = HEAD + "spec:\n  url: ssh://fabrikam@vs-ssh.visualstudio.com:22/FabrikamProject/_ssh/FabrikamRepo\n  secretRef: {name: x}\n"
    with written(a_yaml=text) as folder:
        expect(patless("fix", folder=folder).returncode == 1 and (folder / "a.yaml").read_text() == text)
    for url in ["https:", "https://", "ssh:"]:
        with written(a_yaml=HEAD + f"spec:\n  url: '{url}'\n  secretRef: {{name: x}}\n") as folder:
            expect(patless("fix", folder=folder).returncode == 1, url)


@test
def a_secret_that_a_patch_speaks_of_is_not_said_to_be_unused():
    patch = f"apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: a}}\nspec:\n  patches:\n    - patch: |\n        {HEAD.replace(chr(10), chr(10) + '        ')}spec: {{secretRef: {{name: git-pat}}}}\n"
    with written(a_yaml=HEAD + f"spec: {{url: '{URL}', secretRef: {{name: git-pat}}}}\n", b_yaml=patch) as folder:
        done = patless("fix", folder=folder)
        expect("mended" in done.stdout and "delete secret" not in done.stdout, done.stdout)


@test
def a_password_that_was_mended_away_is_to_be_revoked():
    with written(a_yaml=HEAD + "spec:\n  url: https://u:hunter2@dev.azure.com/contoso/shop/_git/fleet\n") as folder:
        done = patless("fix", folder=folder)
        expect("has a credential: revoke it" in done.stdout, done.stdout)
