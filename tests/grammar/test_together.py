"""Options that would do nothing where they stand are refused, by both their names."""

from __future__ import annotations

import itertools

import pytest

from aicore_magics.grammar.connect_grammar import connect_parser
from aicore_magics.grammar.expected import expected
from aicore_magics.grammar.notebook_grammar import NOTEBOOK
from aicore_magics.grammar.rotate_grammar import ROTATE
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.template_grammar import TEMPLATE
from aicore_magics.grammar.template_options import serving_arguments, workflow_arguments
from aicore_magics.grammar.together import BESIDE, NEEDS
from aicore_magics.grammar.words import WrongUse
from aicore_magics.templates.generate.generated import serving_template, workflow_template
from aicore_magics.templates.generate.option_table import options_of

PARSERS = [
    connect_parser(),
    *(each.parser(name) for each in (SECRET, TEMPLATE, NOTEBOOK, ROTATE) for name in each.subcommands),
]
VALUES = {"form": "curl", "pulled_by": "serving", "timeout": "9"}


def words_of(parser, option):
    action = parser.argument(option)
    return [option, VALUES.get(action.dest, "x")] if action else [option]


def names_of(parser):
    """What stands in front, so that only the options are wrong."""
    return ["x-y"] if any(not action.option_strings for action in parser.arguments()) else []


def has(parser, *options):
    return {*options} <= {*parser.option_names()}


PAIRS = [
    (parser, each.other, option)
    for each, parser in itertools.product(BESIDE, PARSERS)
    for option in each.options
    if has(parser, each.other, option)
    and parser.prog.split()[-1] in (each.only or (parser.prog.split()[-1],))
]
LONE = [
    (parser, option, needed)
    for (option, (needed, only)), parser in itertools.product(NEEDS.items(), PARSERS)
    if has(parser, option, needed) and parser.prog.split()[-1] in (only or (parser.prog.split()[-1],))
]


def refused(parser, *words):
    with pytest.raises(WrongUse) as caught:
        parser.read([*names_of(parser), *words])
    return str(caught.value)


@pytest.mark.parametrize(("parser", "one", "other"), PAIRS, ids=lambda value: getattr(value, "prog", value))
def test_two_that_do_not_go_together(parser, one, other):
    """Each pair is refused in either order, with both names and the reason; none offers the other."""
    behind = ["--dry-run"] if one == "--as" else []
    first, second = words_of(parser, one), words_of(parser, other)
    for words in ([*behind, *first, *second], [*behind, *second, *first]):
        said = refused(parser, *words)
        assert said.startswith(f"{one} and {other} do not go together: ")
        assert said.endswith(f"; {parser.prog} --help shows how.")
    assert other not in expected(parser, [*names_of(parser), *behind, *first]).options


@pytest.mark.parametrize(
    ("parser", "option", "needed"), LONE, ids=lambda value: getattr(value, "prog", value)
)
def test_one_that_needs_another(parser, option, needed):
    """Alone it is refused, and not offered; behind the other it is."""
    assert f"needs {needed}" in refused(parser, *words_of(parser, option))
    assert option not in expected(parser, names_of(parser)).options
    assert option in expected(parser, [*names_of(parser), *words_of(parser, needed)]).options


def test_every_rule_is_about_options_that_some_line_has():
    """No rule is left over from an option that is gone."""
    assert {(one, other) for _, one, other in PAIRS} == {
        (each.other, option) for each in BESIDE for option in each.options
    }
    assert {option for _, option, _ in LONE} == NEEDS.keys()


# What to write behind an option whose help has no example, by the word that stands for it.
EXAMPLES = {"TEXT": "some text", "REF": "ghcr.io/a/b:1", "NAME": "team-x", "ID": "other", "VERSION": "2.0.0",
            "PLAN": "infer.s", "TYPE": "m5.xlarge", "QUANTITY": "2Gi", "POLICY": "Always", "PORT": "9000",
            "WORDS": "/bin/x -c", "SECRET": "generic", "SECONDS": "30", "N": "3", "TIME": "90s",
            "METRIC": "rps", "NAME[=DEFAULT]": "DEPTH=3", "NAME[=PATH][:KIND]": "data",
            "NAME[=VARIABLE][:KIND]": "data", "PATH[,delay=S,…]": "/health"}  # fmt: skip
# What an option speaks of, so that there is something to change.
BESIDES = {
    "--args": ["--command", "/bin/x"],
    "--pack-outputs": ["--output", "model=/app/model"],
    "--param-description": ["--param", "DEPTH=3"],
    "--artifact-description": ["--input", "model"],
    "--artifact-label": ["--input", "model"],
    "--pin-digest": [],
}


@pytest.mark.parametrize("kind", ["workflow", "serving"])
def test_every_option_of_a_template_changes_it(kind):
    """No option of workflow and serving is taken and then does nothing."""
    of_kind = {
        "workflow": (workflow_arguments, workflow_template),
        "serving": (serving_arguments, serving_template),
    }
    arguments, make = of_kind[kind]
    given = ["churn-x", "--image", "ghcr.io/acme/churn:1.4", "--scenario", "churn", "--args", "python x"]
    if kind == "serving":
        given = given[:-2]

    def text(*more):
        kept = [pair for pair in itertools.pairwise(given) if pair[0][:2] == "--" and pair[0] not in more]
        options = TEMPLATE.parser(kind).read([given[0], *itertools.chain(*kept), *more])
        if options.pin_digest if kind == "serving" else False:
            options.pin_digest = "sha256:" + 64 * "0"  # what a check saw
        return make(**arguments(options)).text

    for option in options_of(kind):
        beside = [] if kind == "serving" and option.flag == "--args" else BESIDES.get(option.flag, [])
        value = [option.like.replace('"', "") or EXAMPLES[option.metavar]] if option.metavar else []
        assert text(*beside, option.flag, *value) != text(*beside), option.flag


@pytest.mark.parametrize("option", ["--no-check", "--realm", "--ca-file", "--for", "--timeout"])
@pytest.mark.parametrize("change", ["create", "apply", "update"])
def test_a_dry_run_takes_the_line_as_it_is(change, option):
    """Behind any line that stores, --dry-run can be written: nothing has to be taken out for it."""
    parser = SECRET.parser(change)
    assert parser.read(["x-y", *words_of(parser, option), "--dry-run"]).dry_run
