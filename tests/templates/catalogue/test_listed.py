"""The rules as a card: all in a table, one with its reason, its source and its samples."""

from __future__ import annotations

import json

import pytest

from aicore_magics.base.report import Code, Mark
from aicore_magics.jupyter.cards import html_card
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.templates.catalogue.index import RULES
from aicore_magics.templates.catalogue.listed import SHOWN_LINES, RuleList, RuleShown, cut

SOME = (RULES["image-tag"], RULES["name-dots"], RULES["secret-place"])


def test_all_rules_are_a_table():
    """How many there are of each severity; a row for each with its id and what it finds."""
    assert RuleList(SOME).report().text(NOTEBOOK).splitlines() == [
        "3 rules: 1 error, 1 warning, 1 hint.",
        "  severity  rule          finds",
        "  Warning   image-tag     an image without a fixed version",
        "  Hint      name-dots     a dot in metadata.name",
        "  Error     secret-place  imagePullSecrets at the wrong place",
        "Next: see why, with samples",
        "  %aicore_template rules image-tag",
    ]
    row = RuleList(SOME).report().table.rows[0]
    assert row == (Mark("Warning", "warning"), Code("image-tag"), "an image without a fixed version")


def test_one_rule_is_explained():
    """Severity, reason, source, how to disable it, and both samples with their place."""
    assert str(RuleShown(RULES["plan-unknown"]).report()).splitlines() == [
        "plan-unknown: a resource plan that SAP does not document.",
        "  severity  warning",
        "  why       SAP documents only its plans for AWS. Your tenant may have others.",
        "  source    SAP: Choose a Resource Plan.",
        "  disable   # aicore-magics: disable=plan-unknown",
        "Bad, in the template of a WorkflowTemplate:",
        *("  " + line for line in RULES["plan-unknown"].bad.splitlines()),
        "Good, in the template of a WorkflowTemplate:",
        *("  " + line for line in RULES["plan-unknown"].good.splitlines()),
    ]


def test_a_rule_that_varies_says_when():
    """Beside the severity, when it is another one."""
    told = str(RuleShown(RULES["secret-place"]).report())
    assert "error; a warning if a secret is also named at the right place" in told


def test_a_rule_that_cannot_be_disabled_says_so():
    """In place of the comment that would."""
    told = str(RuleShown(RULES["yaml"]).report())
    assert "not possible: nothing can be checked in such a file" in told
    assert "disable=" not in told


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda one: one.id)
def test_every_rule_has_a_card(rule):
    """Both samples stand in it as YAML, and nothing of it is too long."""
    html = html_card(RuleShown(rule).report())
    assert html.count('<pre class="y">') == 2
    assert ("Next:" in html, 'role="status"' in html) == (False, True)


def test_a_long_sample_is_cut():
    """Its first lines, and how many there are more."""
    assert cut("a\n" * (SHOWN_LINES + 3)) == (*("a",) * SHOWN_LINES, "# and 3 more lines")
    assert cut("a\nb\n") == ("a", "b")


def test_the_results_are_data():
    """They go through JSON, with all that the catalogue has."""
    data = json.loads(json.dumps(RuleShown(RULES["yaml"]).to_dict()))
    assert (data["result"], data["rule"]["id"], data["rule"]["always"]) == ("RuleShown", "yaml", True)
    data = json.loads(json.dumps(RuleList(SOME).to_dict()))
    assert [one["id"] for one in data["rules"]] == ["image-tag", "name-dots", "secret-place"]
