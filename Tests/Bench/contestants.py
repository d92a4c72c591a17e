"""The three servers that race, with the same certificate and the same number of workers."""

import os
import pathlib
import shutil
import subprocess

from servers import ROOT, Question, Server, running

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "patless"
ASSETS = pathlib.Path(os.environ.get("KUBEBUILDER_ASSETS") or CACHE / "control-plane")

NGINX = """
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/nginx.log crit;
events {{ worker_connections {connections}; }}
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
    listen 127.0.0.1:{port} ssl backlog=4096;
    ssl_certificate {folder}/tls.crt;
    ssl_certificate_key {folder}/tls.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    default_type application/json;
    location / {{ return 200 '{answer}'; }}
  }}
}}
"""


def contestants(folder, workers=1, connections=1024):
    return [patless(folder, workers), nginx(folder, workers, connections), agnhost(folder, workers)]


def patless(folder, workers=1, *options, name="patless", number=0):
    """`name` and `number` tell apart those that run at the same time."""
    port, ops = 19443 + number, 19080 + number
    listen = ["--listen", f"127.0.0.1:{port}", "--ops-listen", f"127.0.0.1:{ops}"]
    certificate = ["--tls-cert", folder / "tls.crt", "--tls-key", folder / "tls.key"]
    policy = ["--config", ROOT / "Tests/Demo/policy.yaml", "--workers", workers, "--drain-seconds", 0]
    command = [os.environ["PATLESS"], "serve", *policy, *listen, *certificate, *options]
    server = Server(name, port, Question("/validate"), folder, workers, command)
    server.ops = ops
    return server


def nginx(folder, workers=1, connections=1024):
    """It answers what patless answers, whatever it is asked: what HTTP over TLS costs when nothing is decided. It takes the
    memory for so many connections when it starts."""
    with running([patless(folder)]) as (model,):
        answer = model.ask().decode().replace("\\", "\\\\").replace("'", "\\'")
    assert "$" not in answer, "nginx would take it for a variable"
    configuration = folder / f"nginx-{workers}-{connections}.conf"
    configuration.write_text(NGINX.format(folder=folder, port=19453, answer=answer, workers=workers, connections=connections))
    return Server("nginx", 19453, Question("/validate"), folder, workers, [nginx_program(), "-p", folder, "-c", configuration])


def nginx_program():
    return shutil.which("nginx", path=os.environ["PATH"] + f":/usr/sbin:{CACHE}/tools") or "nginx"


def agnhost(folder, workers=1):
    """At /custom-resource it decodes the review and the object in it, then allows: the least that a webhook in Go does."""
    files = ["--tls-cert-file", folder / "tls.crt", "--tls-private-key-file", folder / "tls.key"]
    command = [ASSETS / "agnhost", "webhook", "--port", 19463, *files]
    return Server("agnhost", 19463, Question("/custom-resource"), folder, workers, command, {"GOMAXPROCS": str(workers)})


def make_certificate(folder):
    subprocess.run([ROOT / "certs/make.sh", "--dir", folder, "localhost", "127.0.0.1"], check=True, stderr=subprocess.DEVNULL)
