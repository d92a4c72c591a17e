"""Instructions a request, from the difference of two runs under callgrind. See `instructions`."""

import http.client
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile

from harness import eventually
from server import PATLESS, ROOT, ask, make_certificates

KEPT = pathlib.Path(__file__).with_suffix(".tsv")
REVIEWS = ROOT / "Tests/Fixtures/reviews"
CASES = {"allow": "repository-keyless.json", "deny": "repository-with-pat.json", "patch": "service-account.json"}
FEW, MANY = 100, 600
SLACK = 1.05


def count(folder, webhook, body, requests):
    """All instructions of a server that answers so many requests on one connection and ends."""
    output = folder / "callgrind.out"
    output.unlink(missing_ok=True)
    server = subprocess.Popen(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", "--quiet", PATLESS, "serve", "--config", folder / "policy.yaml", "--listen", "127.0.0.1:9443",
         "--ops-listen", "127.0.0.1:9080", "--tls-cert", folder / "tls.crt", "--tls-key", folder / "tls.key", "--workers", "1", "--drain-seconds", "0", "--audit", "none"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        eventually("it is ready", lambda: server.poll() is not None or ask("127.0.0.1", 9080, "/readyz")[0] == 200, 120)
        if server.poll() is not None:
            sys.exit(server.stderr.read().decode())
        connection = http.client.HTTPSConnection("127.0.0.1", 9443, context=ssl.create_default_context(cafile=folder / "ca.crt"))
        for _ in range(requests):
            connection.request("POST", f"/{webhook}?timeout=10s", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
        connection.close()
    finally:
        server.terminate()
        server.wait(60)
    return int(re.search(r"^(?:summary|totals): (\d+)", output.read_text(), re.MULTILINE)[1])


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        make_certificates(folder)
        (folder / "policy.yaml").write_text((ROOT / "Tests/Cluster/policy.yaml").read_text())
        figures = {}
        for name, file in CASES.items():
            webhook, body = "mutate" if name == "patch" else "validate", (REVIEWS / file).read_bytes()
            few, many = (count(folder, webhook, body, requests) for requests in (FEW, MANY))
            figures[name] = (many - few) // (MANY - FEW)
            print(f"{name:6} {figures[name]:8,} instructions a request of {len(body):,} bytes", flush=True)
    if "--keep" in sys.argv:
        KEPT.write_text("".join(f"{name}\t{figure}\n" for name, figure in figures.items()))
    if "--check" in sys.argv:
        kept = dict(line.split("\t") for line in KEPT.read_text().splitlines())
        worse = {name: figure for name, figure in figures.items() if figure > int(kept[name]) * SLACK}
        print(f"{len(figures) - len(worse)} passed, {len(worse)} failed")
        if worse:
            sys.exit(f"more than {SLACK - 1:.0%} above {KEPT.name}: {worse}, kept are {kept}")


if __name__ == "__main__":
    main()
