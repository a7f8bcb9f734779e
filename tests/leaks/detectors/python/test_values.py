from __future__ import annotations

import ast

import pytest

from aicore_magics.leaks.detectors.python.cell import Cell
from aicore_magics.leaks.detectors.python.values import MOST, MOST_TEXTS, Evaluator, meaning


def values(source, **named):
    cell = Cell(source)
    known = {
        name: Evaluator(Cell(repr(text)), 1, lambda _: []).values(ast.parse(repr(text)).body[0].value)
        for name, text in named.items()
    }
    evaluator = Evaluator(cell, 0, lambda name: known.get(name, []))
    return [meaning(value) for value in evaluator.values(cell.tree.body[0].value)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        *(
            ("'a' 'b'", ["ab"]),
            ("'a' + x + 'c'", ["abc"]),
            ("f'a{x}'", ["ab"]),
            ("'%s-%s' % ('a', x)", ["a-b"]),
        ),
        *(
            ("'{}{}'.format('a', x)", ["ab"]),
            ("'{1}{0}'.format('a', x)", ["ba"]),
            ("'-'.join(['a', x])", ["a-b"]),
        ),
        *(
            ("y or 'a'", ["a"]),
            ("'a' if y else x", ["a", "b"]),
            ("(z := 'a')", ["a"]),
            ("['a', x][0]", ["a", "b"]),
        ),
        *(
            ("os.getenv('A', 'b')", ["b"]),
            ("os.environ.get('A', default='b')", ["b"]),
            ("getattr(o, 'a', 'b')", ["b"]),
        ),
        *(
            ("SecretStr('a')", ["a"]),
            ("b'a'.decode()", ["a"]),
            ("' a '.strip()", [" a "]),
            ("cast(str, 'a')", ["a"]),
        ),
        *(("b64decode('YWJj')", ["abc"]), ("bytes.fromhex('616263')", ["abc"]), ("b64decode('a')", [])),
        *(("(lambda: 'a')()", ["a"]), ("chr(97) + 'b'", ["ab"]), ("Field('a', alias='c')", ["a"])),
        *(("{'k': 'a'}", ["a"]), ("next(iter(['a']))", ["a"]), ("await 'a'", ["a"])),
    ],
)
def test_what_an_expression_is(source, expected):
    """What texts make of it is known; of several ways each."""
    assert values(source, x="b") == expected


@pytest.mark.parametrize(
    "source",
    [
        *("y", "'a' + y", "f'a{y}'", "'%s' % y", "'{}'.format(y)", "''.join(y)", "get('a')", "1", "chr(-1)"),
        *(
            "getpass('a')",
            "get_secret('a')",
            "SecretKeyRef('a')",
            "config.get('a', 'b')",
            "secrets.get('a', 'b')",
        ),
        *("open('a').read()", "os.environ['A']", "d['a']['b']", "'%d' % 1", "input('a')", "tokenizer('a')"),
    ],
)
def test_what_is_fetched(source):
    """What is fetched when the code runs is unknown, whatever names it."""
    assert values(source) == []


def test_a_value_of_many_texts():
    """A token that is spelled letter by letter is known whole."""
    assert values("''.join([" + 60 * "'a'," + "])") == [60 * "a"]


def test_bounds():
    """Neither many ways nor a deep expression takes long."""
    assert len(values(" + ".join(["(a or 'x' if b else 'y')"] * 40))) == MOST
    assert values("[" * 60 + "'a'" + "]" * 60) == []
    assert values("''.join([" + (MOST_TEXTS + 1) * "'a'," + "])") == []
