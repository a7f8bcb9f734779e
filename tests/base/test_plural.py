from __future__ import annotations

import ast
from pathlib import Path

import pytest

import aicore_magics
from aicore_magics.base.plural import are, count, plural


@pytest.mark.parametrize(
    ("number", "counted", "verb"), [(0, "0 files", "are"), (1, "1 file", "is"), (2, "2 files", "are")]
)
def test_one_and_several(number, counted, verb):
    """Only one thing stands in the singular."""
    assert count(number, "file") == counted
    assert counted.endswith(plural(number, "file"))
    assert are(number) == verb


def test_no_other_module_makes_a_plural_by_hand():
    """No text is chosen between nothing and an s, or between is and are, outside this module."""
    root = Path(aicore_magics.__file__).parent
    by_hand = []
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            ends = (node.body, node.orelse) if isinstance(node, ast.IfExp) else ()
            if {each.value for each in ends if isinstance(each, ast.Constant)} in ({"", "s"}, {"is", "are"}):
                by_hand.append(path.relative_to(root).as_posix())
    assert by_hand == ["base/plural.py"]
