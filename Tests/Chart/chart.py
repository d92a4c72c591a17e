"""The chart, and helm to render and install it."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import yaml

from cluster import ASSETS
from server import ROOT

CHART = ROOT / "charts/patless"
HERE = pathlib.Path(__file__).parent
# What a user of the chart says at least, beside a policy, to bring a certificate.
PROVIDED = {"certificates": {"method": "provided", "provided": {"secretName": "patless-serving", "caBundle": ""}}}
IDENTITY = {
    "namespace": "flux-system",
    "serviceAccount": "source-controller",
    "deployment": "source-controller",
    "clientId": "11111111-2222-3333-4444-555555555555",
    "tenantId": "66666666-7777-8888-9999-000000000000",
}
FOREIGN = {"cert-manager.io", "monitoring.coreos.com"}   # kinds that are not Kubernetes' own


class Helm:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.environment = {**os.environ, **{f"HELM_{kind}_HOME": str(self.folder / "helm") for kind in ["CACHE", "CONFIG", "DATA"]}}
        program = ASSETS / "helm"
        self.program = str(program) if program.exists() else shutil.which("helm")
        if not self.program:
            sys.exit(f"there is no helm in {ASSETS}, and none is installed")

    def __call__(self, *arguments):
        command = [self.program, *map(str, arguments)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120)

    def must(self, *arguments):
        done = self(*arguments)
        assert done.returncode == 0, f"helm {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}"
        return done.stdout

    def values(self, values):
        """A file with values, which may be a file's path already."""
        if isinstance(values, pathlib.Path):
            return values
        with tempfile.NamedTemporaryFile("w", dir=self.folder, suffix=".yaml", delete=False) as file:
            yaml.safe_dump(values, file)
        return pathlib.Path(file.name)

    def template(self, values, version="1.30", *options):
        arguments = ["template", "patless", CHART, "--namespace", "patless", "--kube-version", version]
        return self(*arguments, "--values", self.values(values), *options)

    def text(self, values, version="1.30"):
        done = self.template(values, version)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def objects(self, values, version="1.30"):
        return [thing for thing in yaml.safe_load_all(self.text(values, version)) if thing]

    def object(self, kind, values, version="1.30", name="patless"):
        found = [thing for thing in self.objects(values, version) if (thing["kind"], thing["metadata"]["name"]) == (kind, name)]
        assert len(found) == 1, f"{len(found)} objects are a {kind} of the name {name}"
        return found[0]


def is_foreign(thing):
    return thing["apiVersion"].split("/")[0] in FOREIGN


def example(name):
    return HERE / f"values/{name}.yaml"


EXAMPLES = sorted(file.stem for file in (HERE / "values").glob("*.yaml"))
