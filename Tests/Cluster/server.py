"""One running `patless serve`."""

import json
import os
import pathlib
import signal
import subprocess
import urllib.error
import urllib.request

from harness import eventually

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATLESS = os.environ["PATLESS"]


def make_certificates(folder, *arguments):
    names = ["127.0.0.1", "localhost", "patless.patless.svc"]
    command = [ROOT / "certs/make.sh", "--dir", folder, *arguments, *names]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def ask(host, port, path):
    """The status and the text of an answer over plain HTTP; status 0 when there is none."""
    try:
        with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=3) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        return 0, str(error)


def memory(process, what="VmRSS"):
    """The bytes that a process has resident, or had at most (`VmHWM`)."""
    return int(pathlib.Path(f"/proc/{process.pid}/status").read_text().partition(f"{what}:")[2].split()[0]) << 10


class Mounted:
    """A folder whose files are swapped all at once, as kubelet does with a mounted Secret or ConfigMap."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.round = 0

    def put(self, **files):
        self.round += 1
        content = self.folder / f"..round-{self.round}"
        content.mkdir()
        for name, text in files.items():
            (content / name.replace("_", ".")).write_bytes(text if isinstance(text, bytes) else text.encode())
        link = self.folder / "..data_tmp"
        link.symlink_to(content.name)
        link.rename(self.folder / "..data")
        for name in files:
            entry = self.folder / name.replace("_", ".")
            if not entry.is_symlink():
                entry.symlink_to(f"..data/{entry.name}")

    def __truediv__(self, name):
        return self.folder / name


class Server:
    def __init__(self, folder, config, certificates, host="127.0.0.1", port=9443, ops=9080, drain=1, options=(), program=(PATLESS,), environment=None):
        self.folder, self.host, self.port, self.ops = pathlib.Path(folder), host, port, ops
        self.arguments = [
            *("serve", "--config", config, "--listen", f"{host}:{port}", "--ops-listen", f"{host}:{ops}"),
            *("--tls-cert", certificates / "tls.crt", "--tls-key", certificates / "tls.key"),
            *("--drain-seconds", str(drain), "--log-format", "json", *options),
        ]
        self.program, self.environment = program, {**os.environ, **(environment or {})}
        self.process = None
        self.log = self.folder / f"patless-{host}-{port}.log"

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*self.program, *map(str, self.arguments)], stdout=log, stderr=log, env=self.environment)
        eventually(f"patless at {self.host}:{self.port} is ready", self.ready_or_gone)
        if self.process.poll() is not None:
            raise AssertionError(f"patless ended with {self.process.returncode}:\n{self.last_lines()}")
        return self

    def ready_or_gone(self):
        return self.process.poll() is not None or self.ready()

    def ask(self, path):
        """The status and the text of an answer at the ops port."""
        return ask(self.host, self.ops, path)

    def ready(self):
        return self.ask("/readyz")[0] == 200

    def metric(self, name, **labels):
        """The value of one series; 0 for a series that is not there yet."""
        wanted = {f'{key}="{value}"' for key, value in labels.items()}
        for line in self.ask("/metrics")[1].splitlines():
            series, _, value = line.rpartition(" ")
            if series.partition("{")[0] == name and wanted <= set(series.partition("{")[2].rstrip("}").split(",")):
                return float(value)
        return 0.0

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds=20):
        return self.process.wait(seconds)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.terminate()
            try:
                self.wait()
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.wait()
                raise AssertionError("patless was still running 20 s after SIGTERM") from None

    def last_lines(self, count=5):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:]) if self.log.exists() else ""


def review(request, *options):
    """What `patless review` decides on an AdmissionReview: its exit status and its answer."""
    done = subprocess.run([PATLESS, "review", *map(str, options), "-"], input=json.dumps(request), capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise AssertionError(f"patless review ended with {done.returncode}: {done.stderr}")
    return done.returncode, json.loads(done.stdout)["response"]
