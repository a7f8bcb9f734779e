"""Names that an image suggests are names that AI Core takes, and the lines that use them can be run."""

from __future__ import annotations

import re

import pytest

from aicore_magics.grammar.template_grammar import TEMPLATE
from aicore_magics.grammar.words import split
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.templates.starters import base_name, template_steps


@pytest.mark.parametrize(
    "image",
    [
        "ghcr.io/acme/churn:1.4",
        "a/b",
        "10.0.0.1:5000/x/1e3@sha256:0",
        "r.io/" + "long/name" * 40,
        "r.io/a__b--c.d:x",
    ],
)
def test_a_name_is_one_that_ai_core_takes(image):
    """Four letters or more, nothing that YAML could take for a number, and room for an ending."""
    name = base_name(image)
    assert re.fullmatch(r"[a-z][a-z0-9-]{2,43}[a-z0-9]", name)


def test_the_lines_can_be_run():
    """Both lines are understood by the magic, and name the secret and the image."""
    lines = tuple(map(NOTEBOOK.say, template_steps("team-ghcr", "ghcr.io/acme/churn:1.4")))
    assert [line.split()[:3] for line in lines] == [
        ["%aicore_template", "workflow", "churn-train"],
        ["%aicore_template", "serving", "churn-serve"],
    ]
    for line in lines:
        _, *words = split(line, {})
        options = TEMPLATE.parser(TEMPLATE.name(words)).read(words[1:])
        assert (options.secret, options.image, options.scenario) == (
            "team-ghcr",
            "ghcr.io/acme/churn:1.4",
            "churn",
        )
