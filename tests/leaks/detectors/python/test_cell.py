from __future__ import annotations

import ast

import pytest

from aicore_magics.leaks.detectors.python.cell import Cell, Literal


def texts(source):
    """Each text in quotes in *source*, in order: what stands there, and what it means."""
    cell = Cell(source)
    nodes = [
        node
        for node in ast.walk(cell.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
    ]
    return [(source[one.start : one.end], one.means) for node in nodes for one in cell.literals(node)]


@pytest.mark.parametrize(
    "source",
    [
        "x = 'a'\n!ls -l\n",
        "%load_ext x\nx = 'a'",
        "if y:\n    !ls\nx = 'a'",
        "files = !ls *.csv\nx = 'a'",
        "!ls \\\n  -l\nx = 'a'",
        "%%time\nx = 'a'",
        "%%writefile a.py\nx = 'a'",
        "?str\nx = 'a'",
        "str.join??\nx = 'a'",
        "ä = ü  # €\nä; x = 'a'",
        "x = ('a'\n % y)",
    ],
)
def test_the_places_behind_commands_of_ipython(source):
    """IPython's own lines are passed over, and all else stands where it did."""
    assert texts(source) == [("a", "a")]


@pytest.mark.parametrize(
    "source", ["%%bash\nx='a'", "%%writefile a.sh\nx='a'", "x = (", "x = '\\ud8", "(" * 500, "\0"]
)
def test_what_is_no_python(source):
    """Another language, and what is not whole, has no tree."""
    assert Cell(source).tree is None


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("'ä€', 'b'", [("ä€", "ä€"), ("b", "b")]),
        ("x = ('a'  # one's\n  \"b\")", [("a", "a"), ("b", "b")]),
        ("'''a\n'b''' r'\\d'", [("a\n'b", "a\n'b"), ("\\d", "\\d")]),
        ("'a\\'b\\x41'", [("a\\'b\\x41", "a'bA")]),
        ("b'ab'", [("ab", "ab")]),
        ("'a' \\\r\n 'b'", [("a", "a"), ("b", "b")]),
    ],
)
def test_the_texts_of_one_value(source, found):
    """Each text that Python puts together is given where it stands, and as what it means."""
    assert texts(source) == found


def parts(source):
    cell = Cell(source)
    return [
        part.means if isinstance(part, Literal) else ast.unparse(part)
        for part in cell.filled_in(cell.tree.body[0].value)
        if not isinstance(part, Literal) or part.means
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("f'a{x}b'", ["a", "x", "b"]),
        ("f'a{{b{x!r}' 'c{y}'", ["a", "{", "b", "x", "c{y}"]),
        ("f\"{'a'}{x}\"", ["a", "x"]),
        ("f'a{x:{y}}'", []),
    ],
)
def test_an_f_string(source, found):
    """Its texts and expressions are given in order; nothing where they cannot be told."""
    assert parts(source) == found


def test_a_long_source():
    """What is too long to be written by hand is not parsed."""
    assert Cell("x = 1\n" * 60_000).tree is None
