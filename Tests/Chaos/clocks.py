"""A clock that is set, forward and back, while a server is asked."""

import json
import os
import pathlib
import subprocess

from clients import KINDS
from harness import Skip, eventually, expect, test
from server import PATLESS
from stage import told

# By libfaketime, which needs an executable that is linked dynamically; the monotonic clock stays as it is, as it does when
# somebody sets a clock.
FAKETIME = [*pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), *pathlib.Path("/usr/lib64").glob("faketime/libfaketimeMT.so.1")]
POLICY = """apiVersion: patless.dev/v1alpha1
kind: Policy
exemptions:
  - rules: [secret-ref]
    namespaces: [shop]
    names: [exempted]
    reason: it has until then
    owner: team-a@contoso.com
    expires: {expires}
"""


@test
def a_clock_that_is_set_changes_no_answer_but_those_that_a_date_decides(stage):
    if not FAKETIME or not os.environ.get("PATLESS_DYNAMIC"):
        raise Skip("libfaketime or an executable that is linked dynamically is not here: Tests/setup test and make chaos bring them")
    clock, policy = stage.folder / "clock", stage.folder / "exempting.yaml"
    clock.write_text("+0d")
    expires = subprocess.run(["date", "--utc", "--date=+20 days", "+%F"], capture_output=True, text=True, check=True).stdout.strip()
    policy.write_text(POLICY.format(expires=expires))
    faked = {"LD_PRELOAD": str(FAKETIME[0]), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    review = json.loads(KINDS[1][0])
    review["request"]["name"] = review["request"]["object"]["metadata"]["name"] = "exempted"
    # Through `env`, in which the library sets a variable of its own: in patless it would move the arguments.
    program = ["env", os.environ["PATLESS_DYNAMIC"]]
    with stage.server(program=program, environment=faked, policy=policy) as server, stage.clients() as clients:
        # Certificates are good for 30 days, the exemption for 20.
        for step, allowed, status in [("+0d", True, 200), ("+1h", True, 200), ("+25d", False, 200), ("+400d", False, 503), ("-2d", True, 503), ("+0d", True, 200)]:
            clock.write_text(step)
            eventually(f"at {step} readiness is {status}", lambda: server.ask("/readyz")[0] == status)
            expect(stage.ask(json.dumps(review))["response"]["allowed"] == allowed, f"at {step} the exempted one is", not allowed)
            clients.more(100)
        expect(clients.unanswered == 0, clients.told())
        leftovers = pathlib.Path("/dev/shm").glob(f"*faketime_*_{server.process.pid}")
    for file in leftovers:
        file.unlink()
    years = {json.loads(line)["time"][:4] for line in server.trail.read_text().splitlines()}
    expect(len(years) > 1, "the trail is of one year:", years)
    told("an hour on, 25 days on, 400 days on, two days back: readiness, exemptions and the trail's times go by the clock")
    done = subprocess.run([PATLESS, "audit", "verify", server.trail], capture_output=True, text=True)
    expect(done.returncode == 0, done.stdout, done.stderr)
