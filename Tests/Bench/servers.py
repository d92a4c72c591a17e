"""The three servers that race, each alone on one processor, and what the kernel says they used."""

import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "patless"
ASSETS = pathlib.Path(os.environ.get("KUBEBUILDER_ASSETS") or CACHE / "control-plane")
REVIEW = ROOT / "Tests/Fixtures/reviews/update-keyless.json"

PROCESSORS = sorted(os.sched_getaffinity(0))
SERVING, LOADING = PROCESSORS[0], PROCESSORS[-1]   # the same one on a machine that has only one

NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log crit;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_max_body_size 8m;
  client_body_buffer_size 16k;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
  keepalive_requests 1000000000;
  keepalive_timeout 300s;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/tls.crt;
    ssl_certificate_key {folder}/tls.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    default_type application/json;
    location / {{ return 200 '{answer}'; }}
  }}
}}
"""


class Server:
    """A program that answers reviews at https://127.0.0.1:`port``path`."""

    def __init__(self, name, port, path, folder, *command):
        self.name, self.port, self.path, self.folder, self.command = name, port, path, folder, command
        self.trust = ssl.create_default_context(cafile=folder / "ca.crt")
        self.process = None

    @property
    def url(self):
        return f"https://127.0.0.1:{self.port}{self.path}"

    def start(self):
        """Starts it and returns the milliseconds from before the exec until it had answered a review over TLS."""
        log = open(self.folder / f"{self.name}.out", "ab")
        os.sched_setaffinity(0, {SERVING})   # which the child inherits
        began = time.perf_counter()
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        os.sched_setaffinity(0, {LOADING})
        while time.perf_counter() < began + 10:
            try:
                self.ask()
                return (time.perf_counter() - began) * 1000
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.0002)
        log.close()
        raise SystemExit(f"{self.name} did not start: {(self.folder / f'{self.name}.out').read_text()[-500:]}")

    def ask(self):
        """The body of its answer to the review that the benchmark sends."""
        review = REVIEW.read_bytes()
        head = f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as plain:
            with self.trust.wrap_socket(plain, server_hostname="127.0.0.1") as stream:
                stream.sendall(f"{head}Content-Length: {len(review)}\r\n\r\n".encode() + review)
                answer = b""
                while part := stream.recv(65536):
                    answer += part
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 ") or b'"allowed":true' not in body.replace(b" ", b""):
            raise SystemExit(f"{self.name} did not allow the review: {answer[:300]!r}")
        return body

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def processes(self):
        """The process and its children: nginx has a master and a worker."""
        task = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [self.process.pid, *map(int, task.read_text().split())]

    def cpu_seconds(self):
        ticks = 0
        for pid in self.processes():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])   # user and system time
        return ticks / os.sysconf("SC_CLK_TCK")

    def peak_megabytes(self):
        """The most memory that one process of it ever had resident; nginx' processes share most of theirs."""
        status = [pathlib.Path(f"/proc/{pid}/status").read_text() for pid in self.processes()]
        return max(int(text.partition("VmHWM:")[2].split()[0]) for text in status) * 1024 / 1e6


def contestants(folder):
    """patless, nginx and agnhost with the same certificate; nginx answers what patless answered."""
    subprocess.run([ROOT / "certs/make.sh", "--dir", folder, "localhost", "127.0.0.1"], check=True, stderr=subprocess.DEVNULL)
    certificate = ["--tls-cert", folder / "tls.crt", "--tls-key", folder / "tls.key"]
    serve = ["serve", "--config", ROOT / "Tests/Demo/policy.yaml", "--workers", "1", "--drain-seconds", "0"]
    ports = ["--listen", "127.0.0.1:19443", "--ops-listen", "127.0.0.1:19080"]
    patless = Server("patless", 19443, "/validate", folder, os.environ["PATLESS"], *serve, *ports, *certificate)
    patless.start()
    answer = patless.ask().decode().replace("\\", "\\\\").replace("'", "\\'")
    patless.stop()
    assert "$" not in answer, "nginx would take it for a variable"

    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=19444, answer=answer))
    program = shutil.which("nginx", path=os.environ["PATH"] + f":/usr/sbin:{CACHE}/tools")
    nginx = Server("nginx", 19444, "/validate", folder, program, "-p", folder, "-c", folder / "nginx.conf")

    # /custom-resource decodes the review and the object in it, then allows: the least that a webhook in Go does.
    files = ["--tls-cert-file", folder / "tls.crt", "--tls-private-key-file", folder / "tls.key"]
    agnhost = Server("agnhost", 19445, "/custom-resource", folder, ASSETS / "agnhost", "webhook", "--port", "19445", *files)
    return [patless, nginx, agnhost]
