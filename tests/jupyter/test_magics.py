"""The magics are plain line magics: their result can be assigned, and nothing on their line is expanded."""

from __future__ import annotations

import json
import re

import pytest

from aicore_magics.errors import NotConnected
from aicore_magics.grammar.connect_grammar import connect_parser
from aicore_magics.grammar.magics import grammar_of
from aicore_magics.grammar.words import split


def test_a_result_can_be_assigned_and_is_data(connected):
    """X = %magic gives the result; nothing is printed, and to_dict is ready for JSON."""
    cell = connected.run("x = %aicore_docker_secret list\nimport json\nprint(json.dumps(x.to_dict()))")
    assert json.loads(cell.stream)["names"] == []
    assert cell.text == ""


def test_dollars_and_braces_are_left_alone(connected, sandbox):
    """Robot accounts have dollars in their names: IPython's own expansion is off."""
    connected.run("Xq7 = 'REPLACED'")
    cell = connected.run(
        "%aicore_docker_secret create team-ghcr --registry ghcr.io --username 'robot$Xq7+{Xq7}' "
        "--password-env GHCR_SECRET"
    )
    assert "user robot$Xq7+{Xq7}" in cell.text
    assert json.loads(sandbox.state.secrets["team-ghcr"])["auths"]["ghcr.io"]["username"] == "robot$Xq7+{Xq7}"


def test_a_word_in_braces_is_a_variable(connected, sandbox):
    """A word that is exactly {name} stands for that variable."""
    connected.run("secret_name = 'team-ghcr'")
    connected.run(
        "%aicore_docker_secret create {secret_name} --registry ghcr.io --username anna "
        "--password-env GHCR_SECRET"
    )
    assert list(sandbox.state.secrets) == ["team-ghcr"]


LINES = ("aicore_connect", "aicore_docker_secret", "aicore_template", "aicore_notebook", "aicore_rotate")


@pytest.mark.parametrize("magic", LINES)
def test_the_question_mark_shows_the_help(shell, magic):
    """%magic?, and the tooltip of a notebook, show the same help as --help."""
    shown = shell.object_inspect_mime(f"%{magic}")["text/plain"]
    in_one_line = re.sub(r" \\\n *", " ", repr(shell.run_line_magic(magic, "--help")))
    assert in_one_line.strip() in shown
    assert shell.find_line_magic(magic).__doc__


@pytest.mark.parametrize("asked", ["%{}?", "?%{}", "{}?", "%{} create?", "%%{}?"])
@pytest.mark.parametrize("magic", LINES)
def test_an_example_that_is_shown_can_be_pasted(shell, capsys, magic, asked):
    """Every example under ? is a line that its magic takes, whole, or continued by its backslash."""
    shell.run_cell(asked.format(magic))
    text = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    _, found, examples = text.partition("examples:\n")
    assert found or "create" in asked or asked.startswith("%%")
    lines = re.split(r"\n\n|\nFile:", examples)[0].replace("\\\n", " ").splitlines()
    for line in map(str.strip, lines):
        assert line.startswith((f"%{magic} ", f"%%{magic} "))
        name, *words = split(line, {})
        grammar = grammar_of(name.lstrip("%"))
        (grammar.parser(words.pop(0)) if grammar else connect_parser()).read(words)


def test_the_question_mark_on_a_cell_magic(shell):
    """%%magic? shows how a cell begins, which is not how a line does."""
    shown = shell.object_inspect_mime("%%aicore_template")["text/plain"]
    assert "usage: %%aicore_template save PATH [options]" in shown


@pytest.mark.parametrize("magic", LINES)
@pytest.mark.parametrize("word", ["help", "-h"])
def test_other_words_for_help(shell, magic, word):
    """Who types `help` or -h sees the help, as whoever types --help."""
    assert repr(shell.run_line_magic(magic, word)) == repr(shell.run_line_magic(magic, "--help"))


def test_help_of_a_subcommand_by_other_words(shell):
    """`help create`, `create -h` and `create --help` are one; a name may be help."""
    for line in ("help create", "create -h", "create team -h"):
        assert repr(shell.run_line_magic("aicore_docker_secret", line)).startswith(
            "usage: %aicore_docker_secret create [NAME] [options]"
        )
    with pytest.raises(NotConnected):
        shell.run_line_magic("aicore_docker_secret", "delete help")


def test_two_kernels_do_not_share(shell, connected):
    """What one kernel is connected to, another does not know."""
    assert "Not connected" in repr(shell.run_line_magic("aicore_connect", "--status"))
