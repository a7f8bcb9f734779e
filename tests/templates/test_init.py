"""What the functions take from Python has one place to be imported from."""

from __future__ import annotations

import pytest

from aicore_magics import templates
from aicore_magics.actions import serving_template, workflow_template
from aicore_magics.templates import Container, Parameter, ServingOptions

WHAT = {"image": "ghcr.io/acme/churn:1.4", "secret": "team-ghcr", "scenario": "churn"}


@pytest.mark.parametrize("name", templates.__all__)
def test_every_name_is_there(name):
    """Each name leads to a class with a word about it."""
    assert isinstance(getattr(templates, name), type)
    assert getattr(templates, name).__doc__


def test_nothing_else_is():
    """A misspelt name is told as such, as everywhere in Python."""
    with pytest.raises(AttributeError, match="has no attribute 'Contaner'"):
        _ = templates.Contaner


def test_they_are_what_the_functions_take():
    """A template of either kind can be made with them."""
    train = workflow_template("churn-train", **WHAT, container=Container(args=["python train.py"]))
    assert "python train.py" in train.text
    level = Container(env={"LEVEL": "{{inputs.parameters.level}}"})
    options = ServingOptions(parameters=[Parameter("level", "info")])
    assert "default: info" in serving_template("churn-serve", **WHAT, container=level, options=options).text
