"""What can be typed is documented, and what is documented can be typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aicore_magics.grammar import parsing
from aicore_magics.grammar.connect_grammar import CONNECT, connect_parser
from aicore_magics.grammar.notebook_grammar import NOTEBOOK
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.template_grammar import TEMPLATE

GRAMMARS = (SECRET, TEMPLATE, NOTEBOOK)
ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def parsers():
    return [connect_parser(), *(each.parser(name) for each in GRAMMARS for name in each.subcommands)]


@pytest.mark.parametrize("parser", parsers(), ids=lambda parser: parser.prog)
def test_every_magic_and_option_is_in_the_readme(parser):
    """A subcommand or option without a word in the README does not exist for its users."""
    assert f"`{parser.prog.split()[-1]}" in README or parser.prog in README
    assert [option for option in parser.option_names() if f"`{option}" not in README] == []


def test_every_magic_line_in_the_readme_parses():
    """Each %aicore line in a code block of the README is one that the magics take."""
    blocks = re.findall(r"```(?:python|text)?\n(.*?)```", README, re.DOTALL)
    lines = [
        line.strip() for block in blocks for line in block.splitlines() if line.strip().startswith("%aicore")
    ]
    assert lines
    for line in lines:
        magic, *words = parsing.split(line.lstrip("%"), {})
        if magic == CONNECT:
            connect_parser().read(words)
        else:
            (grammar,) = [each for each in GRAMMARS if each.magic == magic]
            grammar.parser(grammar.name(words)).read(words[1:])


def test_the_first_screen_names_both_commands_and_what_they_need():
    """The two commands, and what a machine must have, stand in the first screen of the README."""
    first = "\n".join(README.splitlines()[:40])
    assert "make demo" in first
    assert "make test" in first
    assert "venv" in first


def test_every_link_into_the_project_leads_somewhere():
    """Pictures and files that the README names are there."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", README) + re.findall(
        r'src="(?!https?:)([^"]+)"', README
    )
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_changelog_knows_the_version():
    """The changelog has a section for what is coming."""
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text("utf-8")
