"""A line becomes words: quotes keep them together, a backslash is a plain character, nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.grammar.parsing import Parser
from aicore_magics.grammar.template_grammar import TEMPLATE
from aicore_magics.grammar.words import WrongUse, split

ESCAPED = [
    r'--args "echo \"ab\""',
    r'--args "echo \"a b\""',
    r'--args="echo \"ab\""',
    r"--args \"ab\"",
    r"--title it\'s --description it\'s",
    r'--args "a \" b \" c"',
    r'--args "{\"a\": 1}"',
    r"--args {\"a\":1}",
    r'--args "a\"" --title b',
    r'--args "\"a\""',
    r'--args "a \"b" c"',
    r"it\'s",
    r'--args "\""',
    r"""--args "a\"'b'" """,
]


@pytest.mark.parametrize("line", ESCAPED)
def test_a_quote_behind_a_backslash(line):
    """What a POSIX shell reads as one text with quotes in it is refused, with two ways to write it."""
    with pytest.raises(WrongUse, match=r"does not escape a quote\. Use the other quotes outside"):
        split(line, {})


PLAIN = {
    r"C:\keys\key.json": [r"C:\keys\key.json"],
    r'"C:\my keys\key.json"': [r"C:\my keys\key.json"],
    '"C:\\my keys\\" --force': ["C:\\my keys\\", "--force"],
    '--out "C:\\my keys\\"': ["--out", "C:\\my keys\\"],
    r"""--args 'echo "a b"'""": ["--args", 'echo "a b"'],
    r"""--args 'echo \"a b\"'""": ["--args", r"echo \"a b\""],
    r'''--title "Anna's model"''': ["--title", "Anna's model"],
    r'''--title "Anna\'s model"''': ["--title", r"Anna\'s model"],
    r"--args '\d+' x": ["--args", r"\d+", "x"],
    r"\\server\share": [r"\\server\share"],
    "''": [""],
}


@pytest.mark.parametrize("line", PLAIN)
def test_a_backslash_that_is_plain(line):
    """Windows paths, patterns and what stands in single quotes are taken letter by letter."""
    assert split(line, {}) == PLAIN[line]


@given(st.text("ab \\\"'", max_size=12))
def test_nothing_is_lost(line):
    """A line is split into words that have every letter and backslash of it, or it is refused."""
    try:
        words = split(line, {})
    except WrongUse:
        return
    kept = "".join(words)
    assert [kept.count(letter) for letter in "ab\\"] == [line.count(letter) for letter in "ab\\"]


@pytest.mark.parametrize("line", [r"abcd --title a\ b", r"ab\ cd", r"abcd --description my\ model"])
def test_a_space_behind_a_backslash(line):
    """It parts words as any other, and the reason is told where one is too many."""
    parser: Parser = TEMPLATE.parser("workflow")
    with pytest.raises(WrongUse, match="a backslash does not join words: put quotes around them"):
        parser.read(split(line, {}))
