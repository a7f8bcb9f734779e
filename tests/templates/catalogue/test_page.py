"""The page of rules is what the catalogue says today."""

from __future__ import annotations

import re

from aicore_magics.templates.catalogue.index import RULES
from aicore_magics.templates.check.text import check_text
from tests.templates.catalogue.page import HEAD, PAGE, page


def test_the_page_is_current():
    """`make reference` would change nothing."""
    assert PAGE.read_text("utf-8") == page()


def test_every_rule_has_its_section():
    """Each is linked once, and the link leads to a section of that name."""
    text = page()
    assert re.findall(r"\]\(#([\w-]+)\)", text) == re.findall(r"(?m)^### ([\w-]+)$", text)
    assert sorted(re.findall(r"(?m)^### ([\w-]+)$", text)) == sorted(RULES)


def test_the_comments_of_the_page_work():
    """What the page shows as comments are comments to the check, and name rules that there are."""
    (sample,) = re.findall(r"```yaml\n(.*?)```", HEAD, re.DOTALL)
    findings = check_text(f"kind: WorkflowTemplate\n{sample}")
    assert sample.count("disable=") == 2
    assert "disable-comment" not in {one.rule.id for one in findings}
    wrong = check_text(f"kind: WorkflowTemplate\n{sample}".replace("disable=image-tag", "disable=imagetag"))
    assert "disable-comment" in {one.rule.id for one in wrong}
