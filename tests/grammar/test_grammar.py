"""What holds for every magic: help everywhere, a near miss is named, and no subcommand without a word."""

from __future__ import annotations

import pytest

from aicore_magics.grammar.grammar import Grammar, Subcommand, no_arguments
from aicore_magics.grammar.notebook_grammar import NOTEBOOK
from aicore_magics.grammar.parsing import WrongUse
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.template_grammar import TEMPLATE

GRAMMARS = (SECRET, TEMPLATE, NOTEBOOK)
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
    assert grammar.what in text
    assert all(f"  {name}" in text for name in grammar.subcommands)


TWO = Grammar(
    "two",
    "Two.",
    {"alpha": Subcommand("A.", no_arguments), "beta": Subcommand("B.", no_arguments, asks_tenant=False)},
)


@pytest.mark.parametrize(
    ("word", "says"),
    [("alpa", "did you mean alpha"), ("zzz", "there are alpha, beta")],
)
def test_a_mistyped_subcommand(word, says):
    """The nearest subcommand is named, or else all; what was typed is not repeated."""
    with pytest.raises(WrongUse, match=says) as caught:
        TWO.name([word])
    assert word not in str(caught.value).replace("alpha", "")


def test_only_what_asks_a_tenant_takes_a_profile():
    """--profile and --timeout stand where a tenant may be asked, and nowhere else."""
    assert {"--profile", "--timeout"} <= set(TWO.parser("alpha").option_names())
    assert TWO.parser("beta").option_names() == ("--help",)


def test_a_parser_is_made_once():
    """Completion asks for a parser at each key: it is the same one."""
    assert TWO.parser("alpha") is TWO.parser("alpha")
