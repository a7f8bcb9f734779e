import pytest

from aicore_magics.templates.checking.check_text import check_text, read_and_check
from tests.templates.examples import GOOD, WORKFLOW, changed

TOKEN = "ghp_" + 36 * "a"


def tokens_in(text):
    return [one for one in check_text(text, "a.yaml") if "token" in one.rule]


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("workflow", "- python train.py", f"- python train.py --token {TOKEN}"),
        ("workflow", "  entrypoint: main", f"  # {TOKEN}\n  entrypoint: main"),
        ("serving", "        minReplicas: 1", f"        minReplicas: 1 # {TOKEN}"),
    ],
)
def test_a_token_is_told_wherever_it_stands(kind, old, new):
    """In arguments, in a comment, in the text block: with its line, and never itself."""
    text, _ = changed(kind, old, new)
    (one,) = tokens_in(text)
    assert (one.rule, one.severity) == ("token", "error")
    assert TOKEN in text.splitlines()[one.line - 1]
    assert (
        one.column == len(text.splitlines()[one.line - 1]) - len(text.splitlines()[one.line - 1].lstrip()) + 1
    )
    assert "a GitHub token" in one.message
    assert TOKEN not in str(one)


def test_a_token_is_told_once():
    """Where a rule has told it with its place already, no second finding says the same."""
    for old, new in (
        ("name: team-ghcr", f"name: {TOKEN}"),
        ("- name: DEPTH\n            value: ", "- name: A_TOKEN\n            value: TOKEN #"),
    ):
        text, _ = changed("workflow", old, new.replace("TOKEN #", f"{TOKEN} #"))
        assert len(tokens_in(text)) == 1


def test_no_token_is_looked_for_in_what_is_no_template():
    """Other YAML in a folder is none of a template check's business."""
    assert read_and_check(f"a: {TOKEN}\n", "a.yaml").findings == ()
    assert all(tokens_in(text) == [] for text in GOOD.values())
    assert tokens_in(WORKFLOW) == []
