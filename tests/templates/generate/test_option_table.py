from __future__ import annotations

import re
from inspect import signature

import pytest

from aicore_magics.templates.generate import options
from aicore_magics.templates.generate.option_table import OPTIONS, example, options_of
from aicore_magics.templates.generate.parts import WorkflowOptions
from aicore_magics.templates.generate.serving_parts import Autoscaling, ServingOptions

FIELDS = {
    "workflow": signature(WorkflowOptions).parameters,
    "serving": signature(ServingOptions).parameters,
}
SCALING = signature(Autoscaling).parameters


@pytest.mark.parametrize("kind", FIELDS)
def test_each_field_is_one_of_the_template(kind):
    """A row's field is one that the options of that kind of template have."""
    for option in options_of(kind):
        owner, dot, field = option.field.rpartition(".")
        if option.field:
            assert field in (SCALING if dot else FIELDS[kind])
            assert owner in ("", "autoscaling")


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.flag)
def test_how_an_option_is_spelt(option):
    """An option is small letters and hyphens; it goes by the same word with underscores, or by its own."""
    assert re.fullmatch(r"--[a-z]+(?:-[a-z]+)*", option.flag)
    assert option.key == (option.name or option.flag[2:].replace("-", "_"))
    assert not option.like or example(option.flag) == option.like


@pytest.mark.parametrize("kind", FIELDS)
def test_what_was_not_given_is_left_to_the_template(kind):
    """Without an option, each of its fields keeps its default."""
    read = {"workflow": options.workflow_arguments, "serving": options.serving_arguments}[kind]
    default = {"workflow": WorkflowOptions, "serving": ServingOptions}[kind]()
    made = read({})["options"]
    for option in options_of(kind):
        if option.field and "." not in option.field:
            assert getattr(made, option.field) == getattr(default, option.field)
