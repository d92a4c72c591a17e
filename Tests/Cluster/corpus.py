"""Manifests that other people published, and what patless says to each."""

import json
import os
import pathlib
import re

from harness import Skip, expect, test
from server import ROOT, review

GOLDEN = ROOT / "Tests/Fixtures/corpus-verdicts.tsv"
RULES = """secret-ref url-credentials github-app-key token-exposure ssh-key proxy-secret provider-missing submodule-token
    identity-conflict identity-malformed controller-credential""".split()


def creation_of(thing):
    """The review in which the API server would ask about it."""
    group, _, version = thing["apiVersion"].partition("/")
    metadata = {"namespace": "default", **thing["metadata"]}
    return {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "request": {
            "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
            "kind": {"group": group, "version": version, "kind": thing["kind"]},
            "resource": {"group": group, "version": version, "resource": "gitrepositories"},
            "name": metadata["name"],
            "namespace": metadata["namespace"],
            "operation": "CREATE",
            "userInfo": {"username": "admin", "groups": ["system:masters", "system:authenticated"]},
            "object": {**thing, "metadata": metadata},
            "oldObject": None,
            "dryRun": False,
        },
    }


def verdict(thing):
    status, response = review(creation_of(thing))
    expect(response["allowed"] == (status == 0), f"exit status {status}, but:", response)
    text = json.dumps(response)
    rules = [rule for rule in RULES if re.search(rf"(?<![\w-]){rule}(?![\w-])", text)]
    word = "denied" if status else "warned" if response.get("warnings") else "allowed"
    return word, ",".join(rules) or "-"


@test
def every_manifest_of_the_corpus_is_decided_as_reviewed(cluster, server, client):
    folder = os.environ.get("PATLESS_TEST_CORPUS")
    if not folder:
        raise Skip("PATLESS_TEST_CORPUS names no folder of manifests")
    import yaml   # from Tests/requirements.txt

    golden = [line.split("\t") for line in GOLDEN.read_text().splitlines() if line and not line.startswith("#")]
    decided = []
    for file in sorted(pathlib.Path(folder).glob("*.yaml")):
        for thing in yaml.safe_load_all(file.read_text()):
            if thing and thing["kind"] == "GitRepository":
                decided.append([file.name, *verdict(thing)])
    wrong = [f"  {' '.join(line)}" for line in decided if line not in golden]
    missing = [f"  {' '.join(line)}" for line in golden if line not in decided]
    expect(not wrong and not missing, "decided:", *wrong, f"{GOLDEN.name} says:", *missing)
