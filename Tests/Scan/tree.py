"""The manifests that the tests use, and how patless is run on them."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from server import PATLESS

HERE = pathlib.Path(__file__).resolve().parent
MANIFESTS = HERE / "manifests"
POLICY = HERE / "policy.yaml"


def patless(*arguments, folder=MANIFESTS, text=None, **environment):
    return subprocess.run([PATLESS, *map(str, arguments)], cwd=folder, capture_output=True, text=True, **({"input": text} if text is not None else {"stdin": subprocess.DEVNULL}),
                          env={**os.environ, **environment})


def findings(*arguments, folder=MANIFESTS, text=None):
    """What a scan finds, as (file, line, column, rule, severity)."""
    done = patless("scan", "--format", "json", *arguments, folder=folder, text=text)
    return [(one.get("file"), one.get("line"), one.get("column"), one["rule"], one["severity"]) for one in json.loads(done.stdout)["findings"]]


@contextlib.contextmanager
def written(**files):
    """A folder with these files; `_` in a name stands for a dot, `__` for a slash."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, text in files.items():
            path = folder / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        yield folder


@contextlib.contextmanager
def copied():
    """A copy of the manifests that may be changed."""
    with tempfile.TemporaryDirectory() as folder:
        yield pathlib.Path(shutil.copytree(MANIFESTS, pathlib.Path(folder) / "manifests"))


def repository(name="fleet", version="v1", **spec):
    return {"apiVersion": f"source.toolkit.fluxcd.io/{version}", "kind": "GitRepository", "metadata": {"name": name, "namespace": "apps"},
            "spec": {"interval": "1m", **spec}}
