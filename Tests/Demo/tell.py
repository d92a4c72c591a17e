"""Tells a newcomer what was sent and what the webhook answered:  tell.py REVIEW ANSWER PATH denied|allowed|patched

Ends with 1 when the verdict is another than expected.
"""

import base64
import json
import re
import sys
import textwrap


def line(label, text):
    """Prints a text of several lines beside its label, keeping the text's own indentation."""
    for part in text.splitlines():
        own = " " * (12 + len(part) - len(part.lstrip()))
        first = f"   {label:<9}" + own[12:]
        print(textwrap.fill(part.strip(), 112, initial_indent=first, subsequent_indent=own, break_long_words=False, break_on_hyphens=False))
        label = ""


def sent(request):
    thing = request["object"]
    spec = thing.get("spec", {})
    text = f"{request['operation']} {thing['kind']} {request['namespace']}/{request['name']} by {request['userInfo']['username']}"
    if "url" in spec:
        text += ", url: " + re.sub(r"(://[^:/@]+):[^@]+@", r"\1:…@", spec["url"])
    if "secretRef" in spec:
        text += f", secretRef: {spec['secretRef']['name']}"
    if "provider" in spec:
        text += f", provider: {spec['provider']}"
    return text


def main(review, answer, path, expected):
    with open(review) as file:
        request = json.load(file)["request"]
    with open(answer) as file:
        response = json.load(file)["response"]
    line("sent", f"{sent(request)} to {path}")
    patch = json.loads(base64.b64decode(response["patch"])) if "patch" in response else []
    verdict = "denied" if not response["allowed"] else "patched" if patch else "allowed"
    line("verdict", verdict.upper())
    line("message", response.get("status", {}).get("message", ""))
    for warning in response.get("warnings", []):
        line("warning", warning)
    for change in patch:
        line("patch", f"{change['op']} {change['path']} {json.dumps(change.get('value'))}")
    if response.get("uid") != request["uid"]:
        line("WRONG", f"the answer's uid is {response.get('uid')}, which is not the request's")
    elif verdict != expected:
        line("WRONG", f"this should have been {expected.upper()}")
    else:
        return 0
    return 1


sys.exit(main(*sys.argv[1:]))
