"""The options of both kinds of template, and that each does something."""

from __future__ import annotations

import pytest

from aicore_magics.jupyter import template_options
from aicore_magics.jupyter.parsing import Parser
from aicore_magics.templates.generate.generated import serving_template, workflow_template

ADD = {"workflow": template_options.add_workflow_options, "serving": template_options.add_serving_options}
ARGUMENTS = {
    "workflow": template_options.workflow_arguments,
    "serving": template_options.serving_arguments,
}
MAKE = {"workflow": workflow_template, "serving": serving_template}
NEEDED = [
    "churn",
    "--image",
    "a.b/c:1",
    "--scenario",
    "churn",
    "--command=serve",
    "--args",
    "run",
    "--input",
    "rows",
    "--param",
    "p",
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
    ADD[kind](found)
    return found


def text(kind, words):
    return MAKE[kind](**ARGUMENTS[kind](parser(kind).read([*NEEDED, *words]))).text


@pytest.mark.parametrize("kind", ADD)
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
        more = ["--output", "model=/model"] if option == "--pack-outputs" else []
        words = [*more, option if action.nargs == 0 else f"{option}={value}"]
        assert text(kind, words) != (text(kind, more) if more else plain), option


@pytest.mark.parametrize("kind", ADD)
def test_options_are_named_alike(kind):
    """What both kinds have is spelt the same in both, and options are words with hyphens."""
    names = set(parser(kind).option_names())
    assert {"--image", "--secret", "--scenario", "--env", "--param", "--input", "--plan", "--args"} <= names
    assert all(name.replace("-", "").islower() for name in names)


@pytest.mark.parametrize("kind", ADD)
def test_the_name_may_be_missing(kind):
    """It is asked for together with all else that is missing, and not by argparse."""
    assert parser(kind).read([]).name == ""


def test_lines_share_nothing():
    """What was repeated on one line is not there on the next."""
    first = parser("workflow")
    assert first.read(["--env", "A=1"]).env == ["A=1"]
    assert first.read([]).env == []
