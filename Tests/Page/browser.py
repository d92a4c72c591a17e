"""A headless Chromium, spoken to over a pipe by the DevTools protocol."""

import base64
import json
import os
import shutil
import subprocess

from harness import eventually

PROGRAM = next(filter(None, map(shutil.which, ["chromium-headless-shell", "chromium", "google-chrome"])), None)


class Browser:
    def __init__(self, folder):
        requests, self.requests = os.pipe()
        self.answers, answers = os.pipe()
        options = [
            *("--headless", "--no-sandbox", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage"),
            *("--hide-scrollbars", "--no-first-run", "--disable-background-networking", f"--user-data-dir={folder}/profile"),
            "--host-resolver-rules=MAP rebound.example 127.0.0.1",
        ]
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{requests} 4>&{answers}', "-", PROGRAM, *options],
            pass_fds=(requests, answers), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(requests)
        os.close(answers)
        self.number, self.rest, self.events = 0, b"", []

    def call(self, method, session=None, **parameters):
        """What the browser answers; events that come before it are kept."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        os.write(self.requests, json.dumps(message).encode() + b"\0")
        while True:
            told = self.receive()
            if told.get("id") == self.number:
                if "error" in told:
                    raise AssertionError(f"{method}: {told['error']}")
                return told["result"]
            self.events.append(told)

    def receive(self):
        while b"\0" not in self.rest:
            part = os.read(self.answers, 1 << 20)
            if not part:
                raise AssertionError("the browser has ended")
            self.rest += part
        told, _, self.rest = self.rest.partition(b"\0")
        return json.loads(told)

    def open(self, address, **options):
        return Tab(self, address, **options)

    def stop(self):
        self.process.kill()
        self.process.wait()
        os.close(self.requests)
        os.close(self.answers)


class Tab:
    """One page in a context of its own."""

    def __init__(self, browser, address, width=1280, height=900, scheme="light", scripts=True):
        self.browser = browser
        context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"]:
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.scripts = scripts
        self.load(address)

    def load(self, address):
        self.call("Page.navigate", url=address)
        eventually(f"{address} is loaded", lambda: self.happened("Page.loadEventFired"))

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def happened(self, method):
        """The events of that name since the tab was opened."""
        self.call("Runtime.getIsolateId")   # takes in what is on its way
        return [one["params"] for one in self.browser.events if one.get("sessionId") == self.session and one["method"] == method]

    def do(self, script):
        """The value of an expression in the page."""
        told = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in told:
            raise AssertionError(f"{script}: {json.dumps(told['exceptionDetails'])[:500]}")
        return told["result"].get("value")

    def text(self, selector="body"):
        return self.do(f"document.querySelector({json.dumps(selector)}).innerText")

    def press(self, key):
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, windowsVirtualKeyCode={"Tab": 9, "Enter": 13}[key],
                  **({"text": "\r"} if key == "Enter" else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=key)

    def complaints(self):
        """What the browser's console says, and what it holds against the page."""
        said = [one["entry"]["text"] for one in self.happened("Log.entryAdded")]
        said += [json.dumps(one["args"]) for one in self.happened("Runtime.consoleAPICalled")]
        said += [json.dumps(one["exceptionDetails"]) for one in self.happened("Runtime.exceptionThrown")]
        return said + [json.dumps(one["issue"]) for one in self.happened("Audits.issueAdded")]

    def requested(self):
        return [one["request"]["url"] for one in self.happened("Network.requestWillBeSent")]

    def screenshot(self, file):
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(picture["data"]))
