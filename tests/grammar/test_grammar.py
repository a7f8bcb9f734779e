"""What holds for every magic: help everywhere, a near miss is named, and no subcommand without a word."""

from __future__ import annotations

import base64
import json
import textwrap
from pathlib import Path

import pytest

from aicore_magics.grammar.connect_grammar import connect_parser
from aicore_magics.grammar.grammar import Grammar, Subcommand, no_arguments
from aicore_magics.grammar.notebook_grammar import NOTEBOOK
from aicore_magics.grammar.rotate_grammar import ROTATE
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.template_grammar import TEMPLATE
from aicore_magics.grammar.words import WrongUse, split

GRAMMARS = (SECRET, TEMPLATE, NOTEBOOK, ROTATE)
ALL = [(grammar, name) for grammar in GRAMMARS for name in grammar.subcommands]


@pytest.mark.parametrize(("grammar", "name"), ALL, ids=lambda value: getattr(value, "magic", value))
def test_help_on_every_subcommand(shell, grammar, name):
    """--help on a subcommand shows how, whatever else stands on the line, and is a result."""
    text = repr(shell.run_line_magic(grammar.magic, f"{name} --help"))
    mark = "%%" if name == grammar.cell else "%"
    assert text.startswith(f"usage: {mark}{grammar.magic} {name}")
    assert " ".join(grammar.subcommands[name].summary.split()) in " ".join(text.split())


@pytest.mark.parametrize("grammar", GRAMMARS, ids=lambda grammar: grammar.magic)
@pytest.mark.parametrize("line", ["", "--help"])
def test_help_on_the_magic(shell, grammar, line):
    """An empty line shows the help, with every subcommand in it."""
    text = repr(shell.run_line_magic(grammar.magic, line))
    assert text.startswith(f"usage: %{grammar.magic} SUBCOMMAND")
    assert grammar.what in " ".join(text.split())
    assert all(f"  {name}" in text for name in grammar.subcommands)


HELPS = {
    "%aicore_connect": connect_parser().format_help(),
    **{f"%{grammar.magic}": grammar.help() for grammar in GRAMMARS},
    **{f"%{grammar.magic} {name}": grammar.parser(name).format_help() for grammar, name in ALL},
}


def examples(text):
    """The lines below the heading of examples, each as one that IPython has put together."""
    _, heading, below = text.partition("\nexamples:\n")
    assert heading
    cell = textwrap.dedent(below.partition("\n\n")[0]).rstrip() + "\n"
    return [line for line in cell.replace("\\\n", " ").splitlines() if line]


@pytest.mark.parametrize("name", HELPS)
def test_a_help_is_78_columns_wide_and_has_two_examples(name):
    """Nothing of it is wrapped in a notebook or cut in a terminal, and two lines show how it is typed."""
    assert max(map(len, HELPS[name].splitlines())) <= 78
    found = examples(HELPS[name])
    assert len(found) == 2
    assert all(line.lstrip("%").startswith(f"{name.lstrip('%')}") for line in found)


@pytest.mark.parametrize("name", HELPS)
def test_every_example_can_be_read(name):
    """Each example is one that the grammar takes, a password and a wrong option not among it."""
    for line in examples(HELPS[name]):
        magic, *typed = split(line.lstrip("%"), {})
        grammar = next((each for each in GRAMMARS if each.magic == magic), None)
        if grammar:
            assert grammar.parser(grammar.name(typed)).read(typed[1:])
        else:
            assert connect_parser().read(typed)


@pytest.mark.parametrize(
    "name", [f"%aicore_docker_secret {name}" for name in ("create", "apply", "update", "check")]
)
def test_passwords_stand_under_a_heading_of_their_own(name):
    """Where a password may be, all ways to give it stand together, and nothing else beside them."""
    heading = "\npassword (choose one; default: a prompt):\n"
    before, found, below = HELPS[name].partition(heading)
    ways = (
        *("--password-env", "--password-file", "--password-command"),
        *("--keyring", "--docker-login", "--from-file", "--all"),
    )
    assert found
    assert [line.split()[0] for line in below.partition("\n\n")[0].splitlines() if line[2:4] == "--"] == [
        *ways
    ]
    assert not any(f"\n  {way} " in before for way in ways)


def test_the_password_of_a_notebook_stands_under_its_heading():
    """The one way that a notebook knows says what happens without it."""
    heading = "\npassword (default: the notebook asks for it):\n  --password-env VAR"
    assert heading in HELPS["%aicore_notebook new"]


# What an example needs that this sandbox has not: the file of a second tenant, and a docker login.
ELSEWHERE = {"--profile prod": "InvalidFile", "--docker-login": "LoginNotFound"}
# There is no token in NEW_TOKEN, no registry that could be asked, no run, and no file of one.
ELSEWHERE |= {"--out plan.json": "RotationRefused", "plan.json": "InvalidFile"}
ELSEWHERE |= {"rotate run team": "RotationRefused"}
ELSEWHERE |= {"rotate resume": "RotationRefused", "rotate undo": "RotationRefused", "--record": "InvalidFile"}


def test_examples_work_in_the_sandbox(shell, tmp_path, monkeypatch, canary):
    """Examples are run as they stand, one after the other; only what no sandbox has is refused.

    What writes a notebook and opens the form has tests of its own, and takes its time.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("AICORE_HOME", "DOCKER_CONFIG", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "REGISTRY_AUTH_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GHCR_TOKEN", canary)
    monkeypatch.setattr("getpass.getpass", lambda _: canary)
    monkeypatch.setattr("builtins.input", lambda _: "team-ghcr")
    auth = base64.b64encode(f"anna:{canary}".encode()).decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {"ghcr.io": {"auth": auth}}}))
    shell.run_line_magic("aicore_connect", "--sandbox")
    sandbox = shell._aicore_magics[0].session.sandbox()
    (tmp_path / "churn.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    (tmp_path / "key.json").write_text(sandbox.service_key_json())
    lines = dict.fromkeys(line for text in HELPS.values() for line in examples(text))
    for line in lines:
        if line.startswith(("%aicore_notebook new", "%aicore_docker_secret form")):
            continue
        sandbox.state.secrets.clear()
        if "create" not in line:
            sandbox.state.secrets["team-ghcr"] = '{"auths":{"ghcr.io":{}}}'
        expected = next((error for sign, error in ELSEWHERE.items() if sign in line), "")
        assert outcome(shell, line) == expected, line


def outcome(shell, line):
    """The name of the error that *line* ends with, or nothing."""
    magic, _, rest = line.lstrip("%").partition(" ")
    try:
        if line.startswith("%%"):
            template = Path("train.yaml").read_text()  # which an example before has made
            Path("train.yaml").unlink()
            shell.run_cell_magic(magic, rest, template)
        else:
            shell.run_line_magic(magic, rest)
    except Exception as error:  # noqa: BLE001 - which one it is, is asked
        return type(error).__name__
    return ""


TWO = Grammar(
    "two",
    "Two.",
    {"alpha": Subcommand("A.", no_arguments), "beta": Subcommand("B.", no_arguments, asks_tenant=False)},
)


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("alpa", "no subcommand alpa; did you mean alpha"),
        ("zzz", "no subcommand zzz; choose one of alpha, beta"),
        ("Hunter2x", "no such subcommand; choose one of alpha, beta"),
    ],
)
def test_a_mistyped_subcommand(word, says):
    """The nearest subcommand is named, or else all; and what was typed, unless it may be a password."""
    with pytest.raises(WrongUse, match=says):
        TWO.name([word])


def test_only_what_asks_a_tenant_takes_a_profile():
    """--profile and --timeout stand where a tenant may be asked, and nowhere else."""
    assert {"--profile", "--timeout"} <= set(TWO.parser("alpha").option_names())
    assert TWO.parser("beta").option_names() == ("--help",)


def test_a_parser_is_made_once():
    """Completion asks for a parser at each key: it is the same one."""
    assert TWO.parser("alpha") is TWO.parser("alpha")
