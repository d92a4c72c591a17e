"""Tests the status page in a browser: a server, requests as the API server sends them, and what a person gets to see. See `run`."""

import datetime
import http.client
import http.server
import json
import os
import pathlib
import shutil
import ssl
import sys
import tempfile
import threading

import axe_core_python

import harness
from browser import PROGRAM, Browser
from harness import eventually, expect, test
from server import ROOT, Server, make_certificates

PORT = 9081
PAGE = f"http://127.0.0.1:{PORT}/"
TOKEN = "not-a-real-token-0123456789"
# What a user is called whom somebody else named: what a page that forgets to escape would run or load.
HOSTILE = '"><img src=x onerror=window.hurt=1><script>window.hurt=1</script>'


def policy():
    def day(days):
        return (datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days)).isoformat()

    def exemption(namespace, reason, days):
        return {"rules": ["secret-ref"], "namespaces": [namespace], "names": ["*"], "reason": reason,
                "owner": "team-a@contoso.com", "expires": day(days)}

    identity = {"namespace": "flux-system", "serviceAccount": "source-controller", "deployment": "source-controller",
                "clientId": "11111111-2222-3333-4444-555555555555"}
    return json.dumps({
        "apiVersion": "patless.dev/v1alpha1", "kind": "Policy", "identities": [identity],
        "rules": {"proxy-secret": {"mode": "deny", "enforceFrom": day(60)}},
        "exemptions": [exemption("legacy", "on-premises TFS <until it moves>", 40), exemption("old", "waits for the new tenant", 5)],
    })


def repository(name="shop", namespace="shop", user="alice@contoso.com", dry=False, **spec):
    return {
        "kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1",
        "request": {
            "uid": "u-1", "operation": "CREATE", "name": name, "namespace": namespace, "dryRun": dry, "userInfo": {"username": user},
            "kind": {"group": "source.toolkit.fluxcd.io", "version": "v1", "kind": "GitRepository"},
            "object": {"metadata": {"name": name, "namespace": namespace}, "spec": {"interval": "1m", **spec}},
        },
    }


AZURE = "https://dev.azure.com/contoso/shop/_git/shop"


class Stage:
    """A server that has decided something, and a browser that looks at it."""

    def __init__(self, folder):
        self.folder = folder
        make_certificates(folder / "certificates")
        (folder / "policy.yaml").write_text(policy())
        options = ["--status-listen", f"127.0.0.1:{PORT}"]
        self.server = Server(folder, folder / "policy.yaml", folder / "certificates", drain=0, options=options).start()
        self.browser = Browser(folder)
        trust = ssl.create_default_context(cafile=folder / "certificates/ca.crt")
        self.connection = http.client.HTTPSConnection("127.0.0.1", 9443, context=trust)
        self.send(repository(url=AZURE, secretRef={"name": "azure-devops-pat"}))
        self.send(repository("cart", url=f"https://build:{TOKEN}@dev.azure.com/contoso/shop/_git/cart", user=HOSTILE))
        self.send(repository("try", "default", url=AZURE, secretRef={"name": "pat"}, dry=True))
        for _ in range(3):
            self.send(repository("retried", "team-b", "system:serviceaccount:argocd:argocd", url=AZURE, secretRef={"name": "pat"}))
        self.send(repository("tfs", "legacy", url="https://tfs.contoso.com/tfs/git", secretRef={"name": "tfs"}))
        for number in range(20):
            self.send(repository(f"keyless-{number}", url=AZURE, provider="azure"))
        eventually("all is on the page", lambda: "3 times" in self.plain() and TOKEN not in self.plain())

    def send(self, review):
        self.connection.request("POST", "/validate?timeout=10s", json.dumps(review), {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        expect(answer.status == 200, answer.status, text)
        return json.loads(text)["response"]

    def plain(self):
        """The page as it is sent."""
        connection = http.client.HTTPConnection("127.0.0.1", PORT)
        connection.request("GET", "/")
        return connection.getresponse().read().decode()

    def stop(self):
        self.browser.stop()
        self.connection.close()
        self.server.stop()


LOOKS = {"light": {}, "dark": {"scheme": "dark"}, "narrow": {"width": 360, "height": 780}, "plain": {"scripts": False}}


@test
def it_shows_what_is_enforced_and_what_was_refused(stage):
    tab = stage.browser.open(PAGE)
    expect(tab.text("h1") == "Enforcing: no static Git credential gets in without an exemption", tab.text("h1"))
    rules, rejections = tab.text("#rules"), tab.text("#rejections")
    for word in ["secret-ref", "controller-credential", "deny from 20", "existing: warn"]:
        expect(word in rules, f"{word} is not in:", rules)
    for words in ["shop/shop", "alice@contoso.com tried to create it", "Fix: set spec.provider: azure", "3 times since", "dry run"]:
        expect(words in rejections, f"{words} is not in:", rejections)
    expect(tab.do("document.querySelectorAll('.rejections > li').length") == 4, rejections)
    expect("on-premises TFS <until it moves>" in tab.text("#exemptions"), tab.text("#exemptions"))
    expect("39 days" in tab.text("#exemptions") or "40 days" in tab.text("#exemptions"), tab.text("#exemptions"))
    expect("6 refused" in tab.text("#traffic"), tab.text("#traffic"))
    expect("No scan" in tab.text("#objects") and "flux-system/source-controller" in tab.text("#identities"), tab.text())


@test
def names_that_others_chose_are_text_and_no_credential_is_told(stage):
    tab = stage.browser.open(PAGE)
    expect(HOSTILE in tab.text("#rejections"), tab.text("#rejections"))
    expect(tab.do("window.hurt === undefined && !document.querySelector('img, body script[src]')"), "it is markup")
    expect(TOKEN not in stage.plain(), "the token is on the page")


@test
def it_loads_nothing_else_and_the_browser_has_no_complaint(stage):
    for look, options in LOOKS.items():
        tab = stage.browser.open(PAGE, **options)
        if tab.scripts:
            tab.do("document.dispatchEvent(new Event('visibilitychange'))")   # asks again at once
            eventually("it has asked again", lambda: tab.requested().count(PAGE) >= 2)
        others = [url for url in tab.requested() if url != PAGE and not url.startswith("data:")]
        expect(not others and not tab.complaints(), look, others, *tab.complaints())


@test
def axe_finds_nothing_that_keeps_anybody_out(stage):
    axe = (pathlib.Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
    for look, options in LOOKS.items():
        if look == "plain":
            continue
        tab = stage.browser.open(PAGE, **options)
        tab.do("document.querySelector('details').open = true")
        tab.do(axe + "; 0")
        found = json.loads(tab.do("axe.run(document).then(found => JSON.stringify(found))"))
        told = [f"{one['id']}: {one['help']}: {node['html'][:200]}: {node['failureSummary']}"
                for one in found["violations"] for node in one["nodes"]]
        expect(not told, look, *told)
        expect(len(found["passes"]) > 20, f"only {len(found['passes'])} checks had anything to look at")
        doubts = {one["id"] for one in found["incomplete"]}
        expect(not doubts, look, found["incomplete"])


@test
def it_fits_into_a_narrow_window(stage):
    for width in [320, 360, 700, 1000]:
        tab = stage.browser.open(PAGE, width=width)
        expect(tab.do("document.documentElement.scrollWidth") <= width, f"at {width} it has to be moved sideways")


@test
def it_renews_itself_and_leaves_everybody_where_they_were(stage):
    tab = stage.browser.open(PAGE, height=500)
    tab.do("""
        document.querySelector('details').open = true;
        window.place = document.querySelector('summary'); place.focus();
        window.item = document.querySelector('.rejections li'); scrollTo(0, 300);
        """)
    name = f"later-{os.getpid()}"
    before = tab.do("scrollY")
    stage.send(repository(name, url=AZURE, secretRef={"name": "pat"}))
    eventually("the server knows", lambda: name in stage.plain())
    tab.do("document.dispatchEvent(new Event('visibilitychange'))")
    eventually("it is there", lambda: name in tab.text("#rejections"))
    expect(tab.do("document.activeElement === place && place.isConnected"), "the focus has moved")
    expect(tab.do("document.querySelector('details').open"), "the table is shut")
    expect(tab.do("item.isConnected && item === document.querySelectorAll('.rejections li')[1]"), "what was there is another element")
    # Above what is seen something was added: the browser keeps what is seen where it is.
    expect(tab.do("scrollY") >= before, "the page has moved")
    expect(tab.text("#news") == "One more rejection.", tab.text("#news"))


@test
def it_asks_again_now_and_then_but_not_while_nobody_looks(stage):
    tab = stage.browser.open(PAGE)

    def asked(seconds):
        before = tab.requested().count(PAGE)
        ends = len(tab.happened("Emulation.virtualTimeBudgetExpired"))
        tab.call("Emulation.setVirtualTimePolicy", policy="pauseIfNetworkFetchesPending", budget=seconds * 1000)
        eventually("time is over", lambda: len(tab.happened("Emulation.virtualTimeBudgetExpired")) > ends)
        return tab.requested().count(PAGE) - before

    expect(2 <= asked(35) <= 4, "it does not ask every ten seconds")
    tab.do("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    tab.do("document.dispatchEvent(new Event('visibilitychange'))")
    expect(asked(60) == 0, "it asks though it is hidden")
    tab.do("delete document.hidden; document.querySelector('#pause').click(); 0")
    expect(tab.text("#pause") == "Resume updates" and asked(60) == 0, "it asks though it is paused")
    tab.do("document.querySelector('#pause').click()")
    expect(asked(15) >= 1, "it does not go on")


@test
def it_says_so_when_no_answer_comes_any_more(stage):
    tab = stage.browser.open(PAGE)
    tab.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=-1, uploadThroughput=-1)
    tab.do("document.dispatchEvent(new Event('visibilitychange'))")
    eventually("it says so", lambda: "does kubectl port-forward still run?" in tab.text("#news"))
    tab.call("Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1)
    tab.do("document.dispatchEvent(new Event('visibilitychange'))")
    eventually("it goes on", lambda: not tab.text("#news"))


@test
def the_keyboard_reaches_all_that_can_be_operated(stage):
    tab = stage.browser.open(PAGE)
    reached = []
    for _ in range(8):
        tab.press("Tab")
        name = tab.do("(document.activeElement.id || document.activeElement.localName)")
        reached.append(name)
        if name == "summary":
            tab.press("Enter")
        if name in ("pause", "summary", "div"):
            outline = tab.do("getComputedStyle(document.activeElement).outlineStyle")
            expect(outline == "solid", f"{name} does not show that it is reached: {outline}")
    expect("pause" in reached and "summary" in reached and "div" in reached, reached)


@test
def it_tells_the_same_without_a_script(stage):
    tab = stage.browser.open(PAGE, scripts=False)
    told = stage.browser.call("DOM.getDocument", tab.session, depth=1)["root"]["nodeId"]
    html = stage.browser.call("DOM.getOuterHTML", tab.session, nodeId=told)["outerHTML"]
    for word in ["shop/shop", "Reload for news.", "controller-credential"]:
        expect(word in html, f"{word} is missing")


@test
def no_other_page_can_read_it(stage):
    class Foreign(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = f'<!doctype html><iframe src="{PAGE}"></iframe>'.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    foreign = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Foreign)
    threading.Thread(target=foreign.serve_forever, daemon=True).start()
    try:
        tab = stage.browser.open(f"http://localhost:{foreign.server_port}/")
        expect(tab.do(f"fetch('{PAGE}').then(() => 'read', () => 'refused')") == "refused", "it can be fetched")
        opaque = f"fetch('{PAGE}', {{mode: 'no-cors'}}).then(() => 'read', () => 'refused')"
        expect(tab.do(opaque) == "refused", "it can be embedded")
        eventually("it is not framed", lambda: any("frame" in one for one in tab.complaints()))
    finally:
        foreign.shutdown()
    tab = stage.browser.open(f"http://rebound.example:{PORT}/")
    expect("localhost, 127.0.0.1 and [::1] only" in tab.text() and "shop" not in tab.text(), tab.text())


def photograph(stage):
    for look, options in LOOKS.items():
        tab = stage.browser.open(PAGE, **options)
        tab.screenshot(stage.folder / f"{look}.png")


def main(words):
    if not PROGRAM:
        print("skip  the status page in a browser: there is no Chromium here\n0 passed, 0 failed, 1 skipped")
        return os.environ.get("CI") == "true"
    folder = pathlib.Path(tempfile.mkdtemp(prefix="patless-page."))
    tally = harness.Tally(words)
    stage = None
    try:
        stage = Stage(folder)
        tally.run(list(harness.TESTS), stage)
        photograph(stage)
    finally:
        if stage:
            stage.stop()
        if os.environ.get("KEEP"):
            print(f"screenshots and log are in {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return tally.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
