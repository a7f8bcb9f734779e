"""Placeholders are those of parameters that the template declares."""

from __future__ import annotations

import pytest

from aicore_magics.errors import InvalidTemplate
from aicore_magics.templates.making.legal import check_placeholders

DECLARED = {"workflow.parameters.DEPTH", "inputs.artifacts.rows.path"}


@pytest.mark.parametrize(
    "text", ["", "{a} }} {%", "{{workflow.parameters.DEPTH}}", "a{{ inputs.artifacts.rows.path }}b }}"]
)
def test_what_is_declared_may_stand(text):
    """Declared ones, and braces that mean nothing, are fine."""
    check_placeholders(text, DECLARED)


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        ("{{workflow.parameters.depth}}", "{{workflow.parameters.depth}} is not declared", "--param depth"),
        ("{{inputs.parameters.DEPTH}}", "is not declared", "write {{workflow.parameters.DEPTH}}"),
        ("{{DEPTH}}", "is not declared", "write {{workflow.parameters.DEPTH}}"),
        ("{{inputs.artifacts.rows}}", "is not declared", "write {{inputs.artifacts.rows.path}}"),
        ("{{workflow.parameters.DEPTH}} {{", "a value has {{ and no }} behind it", "blank"),
        ("{{workflow.parameters.DEPTH}}{{x", "no }} behind it", "blank"),
        ("{{{{workflow.parameters.DEPTH}}}}", "names no parameter", "blank"),
        ("{{=sprig.env('HOME')}}", "names no parameter", "blank"),
        ("{{hunter2 Geheim&}}", "names no parameter", "blank"),
        ("{{" + "a" * 42 + "}}", "names no parameter", "blank"),
    ],
)
def test_what_is_not_declared_is_refused(text, reason, hint):
    """The error names the parameter, unless it may be something else, and the next thing to do."""
    with pytest.raises(InvalidTemplate) as caught:
        check_placeholders(text, DECLARED)
    assert reason in caught.value.message
    assert hint in caught.value.hint
    assert "Geheim" not in str(caught.value)
