"""What a person at a terminal is told: help that teaches by example, and completions."""

import re
import shutil
import subprocess

from harness import Skip, expect, test
from server import PATLESS
from tree import patless

GROUPS = {"audit": ["verify", "list", "stats", "schema"], "azure": ["template", "parameters", "steps"], "config": ["check"], "export": ["vap", "map"]}


def commands():
    """Every command that does something, as the help lists them."""
    listed = re.findall(r"^  ([a-z]+)  ", patless("--help").stdout.partition("SUBCOMMANDS:")[2], re.MULTILINE)
    expect({"serve", "scan", "fix", "doctor", *GROUPS} <= set(listed), listed)
    for name in listed:
        if name in GROUPS:
            below = re.findall(r"^  ([a-z]+)  ", patless(name, "--help").stdout.partition("SUBCOMMANDS:")[2], re.MULTILINE)
            expect(below == GROUPS[name], name, below)
            yield from ([name, one] for one in below)
        else:
            yield [name]


@test
def every_command_shows_by_example_how_it_is_used():
    for words in commands():
        done = patless(*words, "--help")
        expect(done.returncode == 0, words, done.stderr)
        if words != ["version"]:
            example = rf"(^|\| ) *patless {' '.join(words)}( |$)"
            expect(re.search(example, done.stdout.partition("OVERVIEW")[2].partition("USAGE")[0], re.MULTILINE), f"no example in the help of {words}:", done.stdout)


@test
def the_examples_of_the_help_are_flags_that_there_are():
    for words in commands():
        text = patless(*words, "--help").stdout
        for example in re.findall(rf"patless {' '.join(words)} (.*)", text.partition("USAGE")[0]):
            for flag in re.findall(r"(?<!\S)(--[a-z-]+)", re.split(r"[|>&]", example)[0]):
                expect(flag in text.partition("USAGE")[2], words, flag)


@test
def bash_completes_commands_options_and_their_values():
    script = patless("--generate-completion-script", "bash").stdout
    for line, wanted in [("patless sc", "scan"), ("patless scan --fo", "--format"), ("patless scan --format sa", "sarif"), ("patless export ", "vap"), ("patless explain secr", "secret-ref")]:
        words = line.split(" ")
        asked = f"""{script}
COMP_WORDS=({' '.join(repr(word) for word in words)}) COMP_CWORD={len(words) - 1} COMP_LINE={line!r} COMP_POINT={len(line)}
function=$(complete -p patless | sed 's/.*-F \\([^ ]*\\).*/\\1/'); $function patless {words[-1]!r} {words[-2]!r}; printf '%s\\n' "${{COMPREPLY[@]}}" """.replace("\\\\", "\\")
        done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True)
        expect(wanted in done.stdout.split(), line, done.stdout, done.stderr)


@test
def fish_completes_commands_and_options():
    if not shutil.which("fish"):
        raise Skip("there is no fish here")
    script = patless("--generate-completion-script", "fish").stdout
    folder = PATLESS.rpartition("/")[0]
    for line, wanted in [("patless sc", "scan"), ("patless scan --fo", "--format"), ("patless doctor --form", "--format")]:
        done = subprocess.run(["fish", "--no-config", "-c", f"set -x PATH {folder} $PATH\n{script}\ncomplete -C '{line}'"], capture_output=True, text=True)
        expect(wanted in done.stdout, line, done.stdout, done.stderr)


@test
def zsh_takes_the_script():
    if not shutil.which("zsh"):
        raise Skip("there is no zsh here")
    script = patless("--generate-completion-script", "zsh").stdout
    done = subprocess.run(["zsh", "-f", "-c", f"autoload -Uz compinit; compinit -u -d /dev/null; {script.replace('#compdef patless', '')}\ntype _patless"], capture_output=True, text=True)
    expect(done.returncode == 0 and "_patless is a shell function" in done.stdout, done.stdout, done.stderr)
