"""Ways to smuggle a credential past the rules, each tried on a real API server.

Each row says who stops it, or why there is nothing to stop: `patless` refuses it; `API server` refuses it before anybody is
asked (`either`: that differs from version to version); `harmless`: the API server, whose reading decides, stores it without
what was to be smuggled.
"""

import json

import objects
from harness import expect, test

AZURE = "https://dev.azure.com/contoso/shop/_git/shop"
HOST = "dev.azure.com/contoso/shop/_git/shop"
GROUP = "/apis/source.toolkit.fluxcd.io"
PATH = f"{GROUP}/v1/namespaces/apps/gitrepositories"


def spec(**fields):
    return json.dumps({"interval": "1m", "url": AZURE, **fields}, ensure_ascii=False)


def url(text, **fields):
    return spec(url=text, **fields)


def secret(reference, **fields):
    return spec(**fields)[:-1] + f', "secretRef": {reference}}}'


CREDENTIALS = {
    "a user name and a password": ("patless", url(f"https://git:hunter2@{HOST}")),
    "a token as user name": ("patless", url(f"https://hunter2@{HOST}")),
    "a user name of percent escapes": ("patless", url(f"https://%68unter2@{HOST}")),
    "a password of percent escapes": ("patless", url(f"https://git:%68unter2@{HOST}")),
    "no user name": ("patless", url(f"https://:hunter2@{HOST}")),
    "no password": ("patless", url(f"https://hunter2:@{HOST}")),
    "two at signs": ("patless", url(f"https://hun@ter2@{HOST}")),
    "a slash in the password": ("patless", url(f"https://git:hun/ter2@{HOST}")),
    "a question mark in the password": ("patless", url(f"https://git:hun?ter2@{HOST}")),
    "a number sign in the password": ("patless", url(f"https://git:hun#ter2@{HOST}")),
    "a line break in the URL": ("API server", url(f"https://git:hunter2@{HOST}\n")),
    "a tab in the password": ("patless", url(f"https://git:hun\tter2@{HOST}")),
    "upper case in the scheme": ("API server", url(f"HTTPS://git:hunter2@{HOST}")),
    "another scheme": ("API server", url(f"git+https://git:hunter2@{HOST}")),
    "scp's form": ("API server", url("git:hunter2@ssh.dev.azure.com:v3/contoso/shop/shop")),
    "a token in the query": ("patless", url(f"{AZURE}?access_token=hunter2")),
    "a token in the query, in capitals and with a hyphen": ("patless", url(f"{AZURE}?a=b&Access-Token=hunter2")),
    "a token in the query, its name of percent escapes": ("patless", url(f"{AZURE}?%74oken=hunter2")),
    "a token in the query, after a semicolon": ("patless", url(f"{AZURE}?a=b;token=hunter2")),
    "a token as user name that the path repeats and takes back": ("patless", url("https://hunter2@dev.azure.com/hunter2/../contoso/shop/_git/shop")),
    "a token as user name that the path repeats and takes back by escapes": ("patless", url("https://hunter2@dev.azure.com/hunter2/%2e%2E/contoso/shop/_git/shop")),
    "a token of a token's length as user name and organisation": ("patless", url(f"https://{'hunter2' * 8}@dev.azure.com/{'hunter2' * 8}/shop/_git/shop")),
    "a token in a query that an escape begins": ("patless", url(f"{AZURE}%3Faccess_token=hunter2")),
    "a token under another name": ("patless", url(f"{AZURE}?X-My-Api-Key=hunter2")),
    "a password before an IPv6 address": ("patless", url("https://git:hunter2@[::1]/x")),
    "a password before a port": ("patless", url(f"https://git:hunter2@{HOST.replace('.com/', '.com:443/')}")),
    "a password before a host with a dot at its end": ("patless", url(f"https://git:hunter2@{HOST.replace('.com/', '.com./')}")),
    "a password before a host in Punycode": ("patless", url("https://git:hunter2@xn--dv-jlc.azure.com/x")),
    "mixed case in the scheme": ("API server", url(f"HtTpS://git:hunter2@{HOST}")),
    "a Secret": ("patless", secret('{"name": "pat"}')),
    "a Secret without a name": ("either", secret('{"name": ""}')),
    "a reference without a name": ("API server", secret("{}")),
    "a reference that is text": ("API server", secret('"pat"')),
    "a reference that is null": ("harmless", secret("null")),
    "a Secret after a null": ("patless", secret('null, "secretRef": {"name": "pat"}')),
    "a null after a Secret": ("harmless", secret('{"name": "pat"}, "secretRef": null')),
    "a Secret under a key of escapes": ("patless", spec()[:-1] + ', "secret\\u0052ef": {"name": "pat"}}'),
    "a Secret under a key in other case": ("harmless", spec()[:-1] + ', "SecretRef": {"name": "pat"}}'),
    "a Secret beside provider azure": ("patless", secret('{"name": "pat"}', provider="azure")),
    "a Secret beside another provider": ("patless", secret('{"name": "pat"}', provider="aws")),
    "a Secret beside a provider in capitals": ("API server", secret('{"name": "pat"}', provider="Azure")),
    "a Secret beside a provider with a blank": ("API server", secret('{"name": "pat"}', provider="azure ")),
    "a GitHub App": ("patless", secret('{"name": "app"}', provider="github", url="https://github.com/contoso/shop")),
    "a Secret in three megabytes": ("patless", secret('{"name": "pat"}', ignore="#" * 2_900_000)),
}
# Where the cluster's Entra token would go.
EXPOSURES = {
    "another host": ("patless", url("https://evil.example/x", provider="azure")),
    "http": ("patless", url(f"http://{HOST}", provider="azure")),
    "the host as user name": ("patless", url("https://dev.azure.com@evil.example/x", provider="azure")),
    "the host and a port as user info": ("patless", url("https://dev.azure.com:443@evil.example/x", provider="azure")),
    "a backslash": ("patless", url("https://dev.azure.com\\@evil.example/x", provider="azure")),
    "a host that ends like it": ("patless", url("https://evildev.azure.com/x", provider="azure")),
    "a host that begins like it": ("patless", url("https://dev.azure.com.evil.example/x", provider="azure")),
    "a dot at the end": ("patless", url("https://dev.azure.com./x", provider="azure")),
    "a percent escape in the host": ("patless", url("https://dev%2Eazure.com/x", provider="azure")),
    "a letter that looks the same": ("patless", url("https://dеv.azure.com/x", provider="azure")),
    "a letter that looks the same, in Punycode": ("patless", url("https://xn--dv-jlc.azure.com/x", provider="azure")),
    "a dot that looks the same": ("patless", url("https://dev。azure.com/x", provider="azure")),
    "a letter that folds to another": ("patless", url("https://dev.a\u017fure.com/x", provider="azure")),
    "an address": ("patless", url("https://[::ffff:13.107.42.20]/x", provider="azure")),
    "nothing as host": ("patless", url("https:///dev.azure.com/x", provider="azure")),
    "a blank before it": ("API server", url(" https://evil.example/x", provider="azure")),
    "upper case in the host": ("harmless", url(AZURE.replace("dev", "DEV"), provider="azure")),
}


class Door:
    """The API server, by bytes: what kubectl would tidy up stays as it is."""

    def __init__(self, cluster):
        self.api = cluster.api()

    def ask(self, method, path, body, kind="application/json", dry=True):
        headers = {"Authorization": "Bearer admin-token", "Content-Type": kind}
        self.api.connection.request(method, path + ("?dryRun=All" if dry else ""), body if isinstance(body, bytes) else body.encode(), headers)
        answer = self.api.connection.getresponse()
        return answer.status, json.loads(answer.read())


def thing(spec, name="evasion", **metadata):
    return f'{{"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "metadata": {json.dumps({"name": name, "namespace": "apps", **metadata})}, "spec": {spec}}}'


def who(status, answer):
    """Who has stopped it; nobody when it was let in."""
    if status < 300:
        return "harmless"
    return "patless" if 'admission webhook "validate.patless.dev" denied' in answer["message"] else "API server"


@test
def no_way_of_writing_it_smuggles_a_credential_in(cluster, server, client):
    door = Door(cluster)
    wrong = []
    for name, (stopped_by, text) in {**CREDENTIALS, **EXPOSURES}.items():
        status, answer = door.ask("POST", PATH, thing(text))
        if who(status, answer) not in (["patless", "API server"] if stopped_by == "either" else [stopped_by]):
            wrong.append(f"{name}: {who(status, answer)}, {status}: {json.dumps(answer)[:500]}")
            continue
        if stopped_by == "harmless":
            expect("secretRef" not in answer["spec"] and "SecretRef" not in answer["spec"], name, answer)
        if stopped_by == "patless":
            expect("hunter2" not in answer["message"] and "ter2" not in answer["message"], name, answer["message"])
    expect(not wrong, *wrong)


@test
def no_form_of_the_object_smuggles_a_credential_in(cluster, server, client):
    door = Door(cluster)
    pat = secret('{"name": "pat"}')
    named = thing(pat)
    yaml = f"apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {{name: evasion, namespace: apps}}\nspec: &s {{interval: 1m, url: \"{AZURE}\", secretRef: &r {{name: pat}}}}\n"
    for name, stopped_by, status_and_answer in [
        ("in YAML, with anchors", "patless", door.ask("POST", PATH, yaml, "application/yaml")),
        ("by a name that is yet to be made, that an exemption might fit", "patless", door.ask("POST", PATH, thing(pat, name="", generateName="on-premise"))),
        ("under deletion, as it says itself", "patless", door.ask("POST", PATH, thing(pat, deletionTimestamp="2026-01-01T00:00:00Z"))),
        ("as a version of old", "patless", door.ask("POST", PATH.replace("/v1/", "/v1beta2/"), named.replace("io/v1", "io/v1beta2"))),
        ("as the oldest version", "patless", door.ask("POST", PATH.replace("/v1/", "/v1beta1/"), named.replace("io/v1", "io/v1beta1"))),
        ("in a namespace other than the path's", "API server", door.ask("POST", PATH, named.replace('"apps"', '"flux-system"'))),
        ("by server-side apply", "patless", door.ask("PATCH", f"{PATH}/evasion?fieldManager=x&dryRun=All", named, "application/apply-patch+yaml", dry=False)),
    ]:
        status, answer = status_and_answer
        expect(who(status, answer) == stopped_by, name, status, json.dumps(answer)[:1500])


@test
def no_change_smuggles_a_credential_into_what_was_clean(cluster, server, client):
    door = Door(cluster)
    cluster.must("apply", "--validate=false", "-f", "-", send=objects.keyless("clean"))
    path = f"{PATH}/clean"
    try:
        current = cluster.get("gitrepository", "clean")
        renamed = {**current, "metadata": {**current["metadata"], "name": "on-premises-1"}}
        put = {**current, "spec": {**current["spec"], "secretRef": {"name": "pat"}}}
        for name, stopped_by, (status, answer) in [
            ("merge patch", "patless", door.ask("PATCH", path, '{"spec": {"secretRef": {"name": "pat"}}}', "application/merge-patch+json")),
            ("JSON patch", "patless", door.ask("PATCH", path, '[{"op": "add", "path": "/spec/secretRef", "value": {"name": "pat"}}]', "application/json-patch+json")),
            ("JSON patch that copies", "patless", door.ask("PATCH", path, '[{"op": "copy", "from": "/metadata", "path": "/spec/secretRef"}]', "application/json-patch+json")),
            ("strategic merge patch", "API server", door.ask("PATCH", path, '{"spec": {"secretRef": {"name": "pat"}}}', "application/strategic-merge-patch+json")),
            ("replacement", "patless", door.ask("PUT", path, json.dumps(put))),
            ("replacement under an exempt name", "API server", door.ask("PUT", path, json.dumps({**renamed, "spec": put["spec"]}))),
            ("its scale", "API server", door.ask("PATCH", f"{path}/scale", '{"spec": {"secretRef": {"name": "pat"}}}', "application/merge-patch+json")),
            # The API server takes nothing but the status of it.
            ("its status", "harmless", door.ask("PATCH", f"{path}/status", '{"spec": {"secretRef": {"name": "pat"}}, "status": {}}', "application/merge-patch+json")),
            ("its URL", "patless", door.ask("PATCH", path, json.dumps({"spec": {"url": "https://evil.example/x"}}), "application/merge-patch+json")),
            ("an old version's replacement", "patless", door.ask("PUT", path.replace("/v1/", "/v1beta2/"), json.dumps(put).replace("io/v1", "io/v1beta2"))),
        ]:
            expect(who(status, answer) == stopped_by, name, status, json.dumps(answer)[:1500])
            if stopped_by == "harmless":
                expect("secretRef" not in answer["spec"], name, answer)
    finally:
        cluster.remove("gitrepository", "clean", "apps")


@test
def what_was_there_before_is_no_door_for_anything_else(cluster, server, client):
    door = Door(cluster)
    in_url = f"https://git:hunter2@{HOST}"
    cluster.create_before_webhooks(objects.with_pat("before-secret"), objects.repository("before-url", url=in_url), objects.repository("before-both", url=f"{in_url}?token=hunter2"), objects.repository("before-azure", url="https://evil.example/x", provider="azure"))
    try:
        for name, old, patch, stopped_by in [
            ("the same again", "before-secret", {"interval": "7m"}, "harmless"),
            ("another Secret", "before-secret", {"secretRef": {"name": "other"}}, "patless"),
            ("the Secret to another host", "before-secret", {"url": "https://evil.example/x"}, "patless"),
            ("the Secret to another port", "before-secret", {"url": AZURE.replace(".com/", ".com:8443/")}, "patless"),
            ("the Secret to the hosts of submodules", "before-secret", {"recurseSubmodules": True}, "patless"),
            ("the Secret in clear", "before-secret", {"url": AZURE.replace("https", "http")}, "patless"),
            ("the Secret for another provider", "before-secret", {"provider": "aws"}, "patless"),
            ("from the Secret into the URL", "before-secret", {"secretRef": None, "url": in_url}, "patless"),
            ("a credential in the URL besides", "before-secret", {"url": in_url}, "patless"),
            ("the same URL, and a Secret besides", "before-url", {"secretRef": {"name": "pat"}}, "patless"),
            ("another password", "before-url", {"url": in_url.replace("hunter2", "hunter3")}, "patless"),
            ("the password to another host", "before-url", {"url": "https://git:hunter2@evil.example/x"}, "patless"),
            ("the password, and a token in the query", "before-url", {"url": f"{in_url}?token=hunter2"}, "patless"),
            ("from the URL into a Secret", "before-url", {"url": AZURE, "secretRef": {"name": "pat"}}, "patless"),
            ("one of two, the other one taken away", "before-both", {"url": in_url}, "harmless"),
            ("the token to the hosts of submodules", "before-azure", {"recurseSubmodules": True}, "patless"),
            ("the token to another host", "before-azure", {"url": "https://worse.example/x"}, "patless"),
            ("a Secret in its place", "before-azure", {"provider": None, "secretRef": {"name": "pat"}}, "patless"),
            ("mended", "before-azure", {"url": AZURE}, "harmless"),
        ]:
            status, answer = door.ask("PATCH", f"{PATH}/{old}", json.dumps({"spec": patch}), "application/merge-patch+json")
            expect(who(status, answer) == stopped_by, f"{old}: {name}", status, json.dumps(answer)[:1500])
    finally:
        for name in ["before-secret", "before-url", "before-both", "before-azure"]:
            cluster.remove("gitrepository", name, "apps")
