"""The options of both kinds of template, and that each does something."""

from __future__ import annotations

import pytest

from aicore_magics.grammar import template_options
from aicore_magics.grammar.parsing import Parser
from aicore_magics.grammar.template_grammar import TEMPLATE
from aicore_magics.templates.generate import option_table
from aicore_magics.templates.generate.generated import serving_template, workflow_template
from aicore_magics.templates.generate.option_table import OPTIONS, Option, options_of

KINDS = ("workflow", "serving")
ARGUMENTS = {
    "workflow": template_options.workflow_arguments,
    "serving": template_options.serving_arguments,
}
MAKE = {"workflow": workflow_template, "serving": serving_template}
NEEDED = [
    "churn",
    "--image=a.b/c:1",
    "--scenario=churn",
    "--command=serve",
    "--args=run",
    "--input=rows",
    "--param=p",
]
VALUES = {
    "--image": "a.b/c:2",
    "--secret": "team-ghcr",
    "--scenario": "other",
    "--plan": "basic",
    "--instance-type": "m5.xlarge",
    "--label": "ext.ai.sap.com/a=b",
    "--command": "python3 -c",
    "--env": "A=b",
    "--secret-env": "A=db:key",
    "--env-from": "my-db",
    "--mount-secret": "my-db=/mnt",
    "--request": "cpu=1",
    "--limit": "cpu=1",
    "--shm-size": "1Gi",
    "--pull-policy": "Always",
    "--param-value": "v=1",
    "--param-description": "p=why",
    "--input": "more=MORE",
    "--output": "model=/model",
    "--artifact-description": "rows=what",
    "--artifact-label": "rows:a=b",
    "--deadline": "60",
    "--port": "81",
    "--min-replicas": "0",
    "--max-replicas": "7",
    "--metric": "rps",
    "--target": "5",
    "--burst": "-1",
    "--window": "90s",
    "--retention": "10m",
    "--scale-down-delay": "1h",
    "--concurrency": "3",
    "--request-timeout": "60",
    "--grace": "5",
    "--readiness": "/a",
    "--liveness": "/a",
    "--startup": "/a",
}


def parser(kind):
    found = Parser(prog=f"%aicore_template {kind}", add_help=False, allow_abbrev=False)
    template_options.add_template_options(found, kind)
    return found


def text(kind, words):
    given = {word.partition("=")[0] for word in words}
    needed = [word for word in NEEDED if word.partition("=")[0] not in given]
    return MAKE[kind](**ARGUMENTS[kind](parser(kind).read([*needed, *words]))).text


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_changes_the_template(kind):
    """No option is there for nothing, and each has its help."""
    plain = text(kind, [])
    for action in parser(kind)._actions:
        assert action.help
        if not action.option_strings:
            continue
        option = action.option_strings[0]
        value = VALUES.get(option, "word")
        if (kind, option) == ("workflow", "--input"):
            value = "more=/more"
        if option == "--pin-digest":
            continue  # tests/jupyter/test_run_template.py: a check has to come first
        more = ["--output", "model=/model"] if option == "--pack-outputs" else []
        words = [*more, option if action.nargs == 0 else f"{option}={value}"]
        assert text(kind, words) != (text(kind, more) if more else plain), option


@pytest.mark.parametrize("kind", KINDS)
def test_options_are_named_alike(kind):
    """What both kinds have is spelt the same in both, and options are words with hyphens."""
    names = set(parser(kind).option_names())
    assert {"--image", "--secret", "--scenario", "--env", "--param", "--input", "--plan", "--args"} <= names
    assert all(name.replace("-", "").islower() for name in names)


@pytest.mark.parametrize("kind", KINDS)
def test_the_name_may_be_missing(kind):
    """It is asked for together with all else that is missing, and not by argparse."""
    assert parser(kind).read([]).name == ""


def test_lines_share_nothing():
    """What was repeated on one line is not there on the next."""
    first = parser("workflow")
    assert first.read(["--env", "A=1"]).env == ["A=1"]
    assert first.read([]).env == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_option_is_one_row(kind, monkeypatch):
    """Parsing, help and completion know a row that is added, and its field takes what was given."""
    row = Option("--heading", "TEXT", "what stands above all", only=kind, field="title")
    monkeypatch.setattr(option_table, "OPTIONS", (*OPTIONS, row))
    made = parser(kind)
    assert "--heading" in made.option_names()
    assert "--heading TEXT" in made.format_help()
    assert "what stands above all" in made.format_help()
    read = made.read([*NEEDED, "--heading", "Churn, trained"])
    assert ARGUMENTS[kind](read)["options"].title == "Churn, trained"
    others = {each.flag for each in options_of("serving" if kind == "workflow" else "workflow")}
    assert "--heading" not in others


def test_completion_and_help_come_from_the_table():
    """What the magic offers behind a subcommand is the rows of the table, and where the template goes."""
    for kind in KINDS:
        offered = set(TEMPLATE.parser(kind).option_names())
        assert offered - {option.flag for option in options_of(kind)} == {
            "--cell",
            "--out",
            "--force",
            "--profile",
            "--help",
        }


def test_a_row_is_complete():
    """Each row has its help, what stands behind it unless it is a switch, and is there once for each kind."""
    for kind in KINDS:
        flags = [option.flag for option in options_of(kind)]
        assert len(flags) == len(set(flags))
    for option in OPTIONS:
        assert option.help
        assert option.metavar or not (option.several or option.field)
        assert not option.like or option.like.count("=") + option.like.count(":")
