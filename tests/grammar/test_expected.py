"""What can stand behind words: values where one is due, and no option that would be refused."""

from __future__ import annotations

import pytest

from aicore_magics.grammar.connect_grammar import connect_parser
from aicore_magics.grammar.expected import expected
from aicore_magics.grammar.notebook_grammar import NOTEBOOK
from aicore_magics.grammar.rotate_grammar import ROTATE
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.template_grammar import TEMPLATE
from aicore_magics.grammar.words import WrongUse

REPEATED = {"--password-env", "--password-command"}
SOURCES = {*REPEATED, "--password-file", "--keyring", "--docker-login", "--from-file"}


def place(parser, line):
    return expected(parser, line.split())


@pytest.mark.parametrize(
    ("parser", "line", "argument"),
    [
        (SECRET.parser("create"), "", "name"),
        (SECRET.parser("create"), "team", None),
        (SECRET.parser("create"), "team --registry", "registry"),
        (SECRET.parser("create"), "team --registry ghcr.io", None),
        (SECRET.parser("create"), "--registry ghcr.io", "name"),
        (SECRET.parser("create"), "--registry=ghcr.io", "name"),
        (SECRET.parser("create"), "--no-check", "name"),
        (SECRET.parser("list"), "", None),
        (TEMPLATE.parser("check"), "", "paths"),
        (TEMPLATE.parser("check"), "a.yaml b.yaml", "paths"),
        (TEMPLATE.parser("rules"), "", "rule"),
        (TEMPLATE.parser("rules"), "image-tag", None),
        (NOTEBOOK.parser("new"), "", "path"),
        (connect_parser(), "", None),
        (connect_parser(), "--service-key", "service_key"),
        (connect_parser(), "--sandbox", "sandbox"),
        (connect_parser(), "--sandbox dev", None),
        (connect_parser(), "--sandbox=dev", None),
        (connect_parser(), "--sandbox --resource-group", "resource_group"),
    ],
)
def test_the_argument_that_is_due(parser, line, argument):
    """Behind an option its value, else the next name or path, and none where the line has them all."""
    due = place(parser, line).argument
    assert (due.dest if due else None) == argument


def test_behind_an_option_nothing_else_can_stand():
    """A value that is due leaves no room for an option."""
    assert place(SECRET.parser("create"), "team --registry").options == ()


def test_behind_a_value_that_may_be_left_out_options_can_stand():
    """`--sandbox` has a name behind it, or the next option."""
    assert "--timeout" in place(connect_parser(), "--sandbox").options
    assert "--status" not in place(connect_parser(), "--sandbox").options


def test_what_was_given_is_not_offered_again():
    """An option is there once, unless it may be repeated."""
    options = place(SECRET.parser("create"), "team --username anna --image a/b --dry-run").options
    assert not {"--username", "--dry-run"} & {*options}
    assert {"--image", "--registry", "--as"} <= {*options}


@pytest.mark.parametrize("given", sorted(SOURCES))
def test_rivals_are_left_out(given):
    """Where one source of the password is given, no other is offered; the same one only if it may be."""
    value = "" if given == "--docker-login" else " x"
    options = {*place(SECRET.parser("check"), f"{given}{value}").options}
    again = REPEATED & {given}
    assert options & SOURCES == again


def test_what_goes_with_another_waits_for_it():
    """--as stands behind --dry-run, --all behind --from-file, --position where no name is."""
    create = SECRET.parser("create")
    assert not {"--as", "--all"} & {*place(create, "team").options}
    assert "--as" in place(create, "team --dry-run").options
    assert "--all" in place(create, "team --from-file x").options
    assert "--position" in place(SECRET.parser("delete"), "").options
    assert "--position" not in place(SECRET.parser("delete"), "team").options


def refusal(parser, line):
    """Why argparse does not take the *line*, if it does not."""
    try:
        parser.parse_known_args(line)
    except WrongUse as refused:
        return str(refused)
    return ""


PARSERS = [
    connect_parser(),
    *(g.parser(name) for g in (SECRET, TEMPLATE, NOTEBOOK, ROTATE) for name in g.subcommands),
]


@pytest.mark.enumerates
@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.prog)
def test_no_two_options_that_are_offered_contradict_each_other(parser):
    """Whatever option is on the line, each that is offered behind it is one that argparse takes beside it."""
    named = ["x" for each in parser.arguments() if not each.option_strings][:1]
    options = parser.option_names()
    for first in options:
        given = [*named, first, *(["x"] if parser.argument(first) else [])]
        for second in expected(parser, given).options:
            line = [*given, second, *(["x"] if parser.argument(second) else [])]
            assert "not allowed with" not in refusal(parser, line)
