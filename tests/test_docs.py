"""What can be typed is documented, and what is documented can be typed."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from typing import get_args

import pytest

from aicore_magics.actions.recorded import RecordedLogin
from aicore_magics.actions.secret_records import SecretRecords
from aicore_magics.cli import commands
from aicore_magics.grammar.connect_grammar import CONNECT, connect_parser
from aicore_magics.grammar.notebook_grammar import NOTEBOOK
from aicore_magics.grammar.rotate_grammar import ROTATE
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.template_grammar import TEMPLATE
from aicore_magics.grammar.words import split
from aicore_magics.model.expiry import How, State
from tests.documents import PAGES, REFERENCE, ROOT, anchors, blocks, links

GRAMMARS = (SECRET, TEMPLATE, NOTEBOOK, ROTATE)
README = ROOT / "README.md"
OPTIONS = (REFERENCE / "options.md").read_text("utf-8")
COMMON = ("--profile", "--timeout")
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def parsers():
    return [connect_parser(), *(each.parser(name) for each in GRAMMARS for name in each.subcommands)]


@pytest.mark.parametrize("parser", parsers(), ids=lambda parser: parser.prog)
def test_every_magic_and_option_is_in_the_reference(parser):
    """A subcommand or option without a word in its magic's section does not exist for its users."""
    heading = re.sub("^%*", "%", parser.prog.split()[0])
    section = OPTIONS.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    assert f"`{parser.prog.split()[-1]}" in section or parser.prog in section
    # What most of them take is written once.
    options = set(parser.option_names()) - {"--help", *COMMON}
    assert sorted(option for option in options if f"`{option}" not in section) == []


@pytest.mark.parametrize("option", ["--history", "--strict"])
def test_what_scrub_removes_is_not_called_a_search(option):
    """An option that scan and scrub share says in the help of scrub that it removes more."""
    (line,) = re.findall(rf"(?m)^ +{option} +(.+)$", NOTEBOOK.parser("scrub").format_help())
    assert line.startswith("also remove ")


@pytest.mark.parametrize(
    "command", [*commands.commands().subcommands, *commands.template_commands().subcommands]
)
def test_every_command_is_in_the_reference(command):
    """The page of the shell names each command; `--help` shows its options, which are the magics'."""
    text = (REFERENCE / "shell.md").read_text("utf-8")
    assert f"`{command}`" in text or f"`template {command}`" in text or f"`{command} " in text


def test_every_magic_line_in_the_documents_parses():
    """Each %aicore line in a code block is one that the magics take."""
    lines = [
        line.strip()
        for page in PAGES
        for block in blocks(page, "python|text|")
        for line in block.splitlines()
        if line.strip().startswith("%aicore")
    ]
    assert len(lines) > 5
    for line in lines:
        magic, *words = split(line.lstrip("%"), {})
        if magic == CONNECT:
            connect_parser().read(words)
        else:
            (grammar,) = [each for each in GRAMMARS if each.magic == magic]
            grammar.parser(grammar.name(words)).read(words[1:])


def test_every_shell_line_in_the_documents_parses():
    """Each `jupyter aicore` line in a code block is a command with options that it takes."""
    lines = [
        line
        for page in PAGES
        for block in blocks(page, "sh")
        for line in re.findall(r"jupyter aicore (?!completion)([^\n\"]*)", block)
    ]
    assert len(lines) > 5
    for line in lines:
        commands.read(shlex.split(line, comments=True))


def test_the_page_of_the_record_names_each_field_of_its_json():
    """All fields of `due --format json`, and their words, are in its tables, and no other field is."""
    page = (REFERENCE / "record.md").read_text("utf-8")
    section = page.partition("\n## As JSON\n")[2].partition("\n## ")[0]
    login = RecordedLogin(tenant="acme", host="ai.example.com", secret="team", now=datetime.now(UTC))
    records = SecretRecords((login,), login.now).to_dict()
    first = re.findall(r"(?m)^\| (`.+?) \|", section)
    assert sorted(re.findall(r"`(\w+)`", " ".join(first))) == sorted([*records, *records["rows"][0]])
    assert [word for word in (*get_args(State), *get_args(How)) if f"`{word}`" not in section] == []


def test_the_readme_is_short():
    """It is read whole: 130 lines and 8 kB. What is longer is in the reference."""
    assert len(README.read_text("utf-8").splitlines()) <= 130
    assert README.stat().st_size <= 8000


def test_the_first_screen_names_both_commands_and_what_they_need():
    """The two commands, and what a machine must have, stand in the first screen of the README."""
    first = "\n".join(README.read_text("utf-8").splitlines()[:40])
    assert "make demo" in first
    assert "make test" in first
    assert "venv" in first


@every_page
def test_every_link_into_the_project_leads_somewhere(page):
    """Pictures, files and headings that a page names are there."""
    broken = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_each_page_of_the_reference_can_be_found():
    """The index of the reference names each of its pages, and the README names the index or the page."""
    index = {link.partition("#")[0] for link in links(REFERENCE / "README.md")}
    assert {page.name for page in REFERENCE.glob("*.md")} - {"README.md"} <= index


def test_the_changelog_knows_the_version():
    """The changelog has a section for the version that is built."""
    (version,) = re.findall(r'(?m)^version = "(.+)"$', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
