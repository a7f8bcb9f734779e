from __future__ import annotations

import json

import pytest

from aicore_magics.leaks.syntax_check import is_spoilt, spoilt_cell
from tests.leaks.samples import code, notebook

CONFIG = 'x = \'{"password": "a"}\''


@pytest.mark.parametrize(
    ("before", "after", "spoilt"),
    [
        ("x = 'a'", "x = 'b'", False),
        ("x = 'a'", "x = 'b'c'", True),
        ("!echo a\nx = 'a'", "!echo b\nx = 'b'c'", True),
        ("if x:\n    %env A=a", "if x:\n    %env A=b", False),
        ("%%bash\nA='a'b'", "%%bash\nA='b'c'", False),
        (CONFIG, CONFIG.replace("a", "b"), False),
        (CONFIG, CONFIG.replace('a"}', 'b"c"}'), True),
        ("not python", "not python", False),
        ("x = '\\d'", "x = '\\e'", False),
        ("x = " + 9000 * "(", "x", False),
    ],
)
def test_what_is_spoilt(before, after, spoilt):
    """Python that is none any more is spoilt, and so is a text that was JSON; what was none cannot be."""
    assert is_spoilt(before, after) is spoilt


def test_the_cell_is_named():
    """The first spoilt cell is told by its number; prose is never spoilt."""
    before, after = notebook(code("x = 'a'"), code("y = 'a'")), notebook(code("x = 'b'"), code("y = 'b'c'"))
    after.cells[0].source = before.cells[0].source + "'"
    assert spoilt_cell(json.dumps(before), json.dumps(after)) == 3
    assert spoilt_cell(json.dumps(before), json.dumps(before)) == 0
