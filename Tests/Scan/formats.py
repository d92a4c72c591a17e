"""Every format, held to what is expected of it and to readers that others wrote."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

import junitparser

from browser import PROGRAM, Browser
from harness import Skip, expect, test
from tree import HERE, MANIFESTS, POLICY, patless, written

FORMATS = {"table": "txt", "json": "json", "sarif": "sarif", "junit": "xml", "github": "txt", "azure-devops": "txt", "markdown": "md", "html": "html"}


def printed(name):
    done = patless("scan", "--config", POLICY, "--format", name)
    expect(done.returncode == 1 and done.stderr == "", done.returncode, done.stderr)
    return re.sub(r"\d{4}-\d\d-\d\d: ", "DAY: ", done.stdout)


@test
def every_format_is_what_it_was():
    for name, suffix in FORMATS.items():
        golden = HERE / "golden" / f"{name}.{suffix}"
        text = printed(name)
        if os.environ.get("UPDATE_GOLDEN"):
            golden.write_text(text)
        expect(text == golden.read_text(), f"{name} is another; UPDATE_GOLDEN=1 keeps it:", text)


@test
def no_format_has_a_credential_in_it():
    for name in FORMATS:
        expect("hunter2" not in printed(name), name)


@test
def sarif_tools_read_the_sarif():
    from sarif import loader
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "scan.sarif"
        path.write_text(printed("sarif"))
        read = loader.load_sarif_file(str(path))
        expect(read.get_distinct_tool_names() == ["patless"], read.get_distinct_tool_names())
        records = read.get_records()
        found = {(one["Location"], one["Line"], one["Severity"]) for one in records}
        for wanted in [("apps/fleet.yaml", 9, "error"), ("apps/registry.yaml", 7, "warning")]:
            expect(wanted in found, wanted, sorted(found))
        # What is exempt is suppressed, so that code scanning shows it as closed.
        run = json.loads(path.read_text())["runs"][0]
        for result in run["results"]:
            place = result["locations"][0]["physicalLocation"]
            expect((MANIFESTS / urllib.parse.unquote(place["artifactLocation"]["uri"])).is_file(), place)
            expect(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"], result)
            isExempt = "tfs" in place["artifactLocation"]["uri"]
            expect(("suppressions" in result) == isExempt, result)
        counts = subprocess.run([sys.executable, "-m", "sarif", "summary", path], capture_output=True, text=True)
        expect(counts.returncode == 0 and "secret-ref" in counts.stdout, counts.stdout, counts.stderr)


@test
def junitparser_reads_the_junit():
    read = junitparser.JUnitXml.fromstring(printed("junit").encode())
    suite = next(iter(read))
    outcomes = [(case.classname, [type(one).__name__ for one in case.result]) for case in suite]
    told = json.loads(printed("json"))
    expect(len(outcomes) == len(told["findings"]) + sum(note["failure"] for note in told["notes"]), outcomes)
    expect(suite.failures == told["summary"]["deny"] + told["summary"]["warn"] and suite.errors == 2, suite)
    expect(("secret-ref", ["Failure"]) in outcomes and ("secret-ref", ["Skipped"]) in outcomes, outcomes)
    with written(a_yaml="a: 1") as folder:
        clean = junitparser.JUnitXml.fromstring(patless("scan", "--format", "junit", folder=folder).stdout.encode())
        expect(clean.tests == 1 and clean.failures == 0, clean)


def unescaped(text, **marks):
    for mark, character in marks.items():
        text = text.replace(mark.replace("_", "%"), character)
    return text


@test
def github_reads_back_what_was_annotated():
    # As actions/runner's ActionCommand.cs reads a command.
    marks = dict(_0A="\n", _0D="\r", _3A=":", _2C=",", _25="%")
    read = set()
    for line in printed("github").splitlines():
        if command := re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line):
            properties = dict(part.split("=", 1) for part in command[2].split(","))
            read.add((unescaped(properties["file"], **marks), int(properties.get("line", 0)), command[1]))
    for one in json.loads(printed("json"))["findings"]:
        level = {"deny": "error", "warn": "warning"}.get(one["severity"], "notice")
        expect((one["file"], one["line"], level) in read, one, *sorted(read))


@test
def azure_pipelines_reads_back_what_was_logged():
    # As azure-pipelines-agent's Command.cs reads one: properties up to the first `]`, parted by `;`.
    marks = dict(_0A="\n", _0D="\r", _5D="]", _3B=";", _AZP25="%")
    read = set()
    for line in printed("azure-devops").splitlines():
        if line.startswith("##vso["):
            area, _, rest = line[6:].partition(" ")
            expect(area == "task.logissue", line)
            properties = dict(part.split("=", 1) for part in rest.partition("]")[0].split(";") if part)
            read.add((unescaped(properties["sourcepath"], **marks), int(properties.get("linenumber", 0)), properties["type"]))
    for one in json.loads(printed("json"))["findings"]:
        if one["severity"] in ["deny", "warn"]:
            level = {"deny": "error", "warn": "warning"}[one["severity"]]
            expect((one["file"], one["line"], level) in read, one, *sorted(read))


@test
def the_html_report_is_one_page_that_loads_nothing_and_shows_everything():
    if not PROGRAM:
        raise Skip("there is no Chromium here")
    told = json.loads(printed("json"))
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "report.html"
        page.write_text(printed("html"))
        browser = Browser(folder)
        try:
            for look, options in {"light": {}, "dark": {"scheme": "dark"}, "narrow": {"width": 360, "height": 780}}.items():
                tab = browser.open(page.as_uri(), **options)
                expect(not tab.complaints(), look, tab.complaints())
                expect(tab.requested() in ([page.as_uri()], []), tab.requested())
                wide = tab.do("document.documentElement.scrollWidth") - tab.do("innerWidth")
                expect(wide <= 0, f"{look}: {wide} pixels too wide")
                if folder := os.environ.get("KEEP"):
                    tab.screenshot(pathlib.Path(folder) / f"report-{look}.png")
            expect(tab.do("document.querySelectorAll('.findings > li').length") == len(told["findings"]))
            text = tab.text()
            for one in told["findings"]:
                expect(one["fix"] in text and one["file"] in text, one)
            rules = tab.do("[...document.querySelectorAll('table')][0].innerText")
            for rule in {one["rule"] for one in told["findings"]}:
                count = sum(one["rule"] == rule for one in told["findings"])
                expect(re.search(rf"{rule}\s+{count}\b", rules), rule, rules)
            # The bars are as long as what they stand for.
            longest = tab.do("Math.max(...[...document.querySelectorAll('table')[0].rows].map(row => [...row.querySelectorAll('rect')].reduce((sum, one) => sum + +one.getAttribute('width'), 0)))")
            expect(longest == 1000, longest)
        finally:
            browser.stop()
