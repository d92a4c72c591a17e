"""A tree of manifests as a platform team has it, scanned by patless and by checkov. See `manifest-scan`.

checkov looks for much more than credentials: what is compared is what a pull request waits for.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

FILES = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
PATLESS = os.environ["PATLESS"]
CHECKOV = pathlib.Path(sys.executable).with_name("checkov")
ROUNDS = 5

FILE = """\
# Application {n}.
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: app-{n}
  namespace: team-{team}
spec:
  interval: 5m
  url: https://dev.azure.com/contoso/shop/_git/app-{n}
  ref:
    branch: main
{auth}---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: app-{n}
  namespace: team-{team}
spec:
  interval: 10m
  path: ./deploy
  prune: true
  sourceRef:
    kind: GitRepository
    name: app-{n}
  postBuild:
    substitute:
      cluster: production
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{n}
  namespace: team-{team}
  labels: {{app: app-{n}}}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: app-{n}}}
  template:
    metadata:
      labels: {{app: app-{n}}}
    spec:
      containers:
        - name: main
          image: contoso.azurecr.io/app-{n}:1.0.{n}
          ports: [{{containerPort: 8080}}]
          env:
            - name: LOG_LEVEL
              value: info
          resources:
            requests: {{cpu: 100m, memory: 128Mi}}
---
apiVersion: v1
kind: Service
metadata:
  name: app-{n}
  namespace: team-{team}
spec:
  selector: {{app: app-{n}}}
  ports: [{{port: 80, targetPort: 8080}}]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: app-{n}
  namespace: team-{team}
data:
  application.yaml: |
    server:
      port: 8080
    feature: [one, two, three]
"""


def run(*command):
    """Seconds and the most memory that a command took, with what it has started; its exit status and output."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - began, usage.ru_maxrss * 1024 / 1e6, process.returncode, output


def tell(name, seconds, memory):
    print(f"{name:8} {FILES / seconds:10,.0f} files a second {5 * FILES / seconds:10,.0f} manifests a second {memory:10.1f} MB at most", flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        size = 0
        for n in range(FILES):
            auth = "  secretRef:\n    name: git-pat\n" if n % 20 == 0 else "  provider: azure\n"
            path = folder / f"team-{n % 50}" / f"app-{n}.yaml"
            path.parent.mkdir(exist_ok=True)
            size += path.write_text(FILE.format(n=n, team=n % 50, auth=auth))
        print(f"{5 * FILES:,} manifests in {FILES:,} files, {size / 1e6:.1f} MB")
        rounds = [run(PATLESS, "scan", "--format", "json", folder) for _ in range(ROUNDS)]
        found = len(json.loads(rounds[0][3])["findings"])
        assert found == (FILES + 19) // 20, found
        ours = statistics.median(seconds for seconds, *_ in rounds)
        tell("patless", ours, max(memory for _, memory, *_ in rounds))
        seconds, memory, status, output = run(CHECKOV, "-d", folder, "--framework", "kubernetes", "--compact", "--quiet", "--output", "json")
        assert json.loads(output)["summary"]["failed"] > 0, output[:500]
        tell("checkov", seconds, memory)
        print(f"patless took {ours:.2f} s, checkov {seconds:.1f} s: {seconds / ours:.0f} times as long")


if __name__ == "__main__":
    main()
