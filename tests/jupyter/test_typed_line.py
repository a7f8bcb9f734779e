"""The line behind a magic is found and split while it is typed, as it will be when it runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.grammar.words import WrongUse, split
from aicore_magics.jupyter.typed_line import quoted, typed_line, without_quotes


def at_end(cell):
    """What is typed up to the sign | of the *cell*, or to its end."""
    before, _, after = cell.partition("|")
    lines = before.split("\n")
    return typed_line(before + after, len(lines) - 1, len(lines[-1]))


@pytest.mark.parametrize(
    ("cell", "before", "fragment"),
    [
        ("%aicore_docker_secret ", (), ""),
        ("%aicore_docker_secret cr", (), "cr"),
        ("  %aicore_docker_secret cr", (), "cr"),
        ("x = %aicore_docker_secret cr", (), "cr"),
        ("x.y['z'] = %aicore_docker_secret cr", (), "cr"),
        ("aicore_docker_secret cr", (), "cr"),
        ("import os\n%aicore_docker_secret cr|\nprint()", (), "cr"),
        ("for x in y:\n    %aicore_docker_secret cr", (), "cr"),
        *(
            (f"%%{cell}\n%aicore_docker_secret cr", (), "cr")
            for cell in ("time", "timeit -n 1", "capture out", "prun", "debug")
        ),
        ("\n\n%aicore_docker_secret cr", (), "cr"),
        ("%aicore_docker_secret create|  team", (), "create"),
        ("%aicore_docker_secret create \\\n    te", ("create",), "te"),
        ("%aicore_docker_secret create \\\n    team \\\n  --im", ("create", "team"), "--im"),
        ("x = %aicore_docker_secret create \\\n    team \\\n  --im", ("create", "team"), "--im"),
        ("%aicore_docker_secret create \\\n  te|\\\n --image x", ("create",), "te"),
        ("%aicore_docker_secret create --username 'an na' --im", ("create", "--username", "an na"), "--im"),
        ("%aicore_docker_secret create --from-file 'my fi", ("create", "--from-file"), "'my fi"),
        ('%aicore_docker_secret create --from-file "my fi', ("create", "--from-file"), '"my fi'),
        (r"%aicore_docker_secret create --from-file C:\Users\a", ("create", "--from-file"), r"C:\Users\a"),
        ("%%aicore_docker_secret cr", (), "cr"),
    ],
)
def test_where_a_line_is_found(cell, before, fragment):
    """In front of a cell or in it, assigned, indented, continued, quoted, and without its percent sign."""
    line = at_end(cell)
    assert (line.magic, line.before, line.fragment) == ("aicore_docker_secret", before, fragment)
    assert line.cell is cell.startswith("%%aicore")


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "print('%aicore_docker_secret ')",
        "# %aicore_docker_secret ",
        "%aicore_docker_secret",
        "%timeit ",
        "x = y % aicore_docker_secret ",
        "%aicore_docker_secret create\n  te",
        "%aicore_docker_secret create \\ \n  te",
        "%%aicore_template save x.yaml\nkind: ",
        "%%aicore_template save x.yaml \\\nkind: ",
        "%%aicore_template save x.yaml\n%aicore_template ",
        "\n\n%%aicore_template save x.yaml\n%aicore_template ",
        *(
            f"%%{cell}\n%aicore_docker_secret cr"
            for cell in ("bash", "sh", "script sh", "sql", "html", "markdown", "writefile a.py", "js", "perl")
        ),
        "\n  \n%%bash -s x\naicore_docker_secret cr",
    ],
)
def test_where_there_is_none(cell):
    """Python, comments, other magics, a line that is over, and the YAML of a cell are left alone."""
    assert at_end(cell) is None


words = st.text(st.sampled_from("ab-='\" \\{}."), max_size=12)


@given(words)
def test_words_are_split_as_they_will_be(text):
    """Whatever is typed, the words before the cursor are those that the magic gets."""
    line = typed_line(f"%aicore_docker_secret x {text} ", 0, 10_000)
    typed = [*line.before, *([without_quotes(line.fragment)] if line.fragment else [])]
    try:
        taken = split(f"x {text} ", {name: f"{{{name}}}" for name in ("a", "b", "ab", "ba", "aa", "bb")})
    except WrongUse:  # a quote that does not end, or a variable that is not there
        return
    assert [word for word in typed if word] == [word for word in taken if word]


@given(words.filter(lambda word: word.strip()), st.sampled_from(["", "a", "'", '"', "'a", '"a']))
def test_what_is_put_in_is_read_back(word, fragment):
    """A completed word, quoted where it has to be, is that word when the line is read."""
    written = quoted(word, fragment, "")
    if not written or word.endswith("/") or (word.startswith("{") and word.endswith("}")):
        return
    assert [without_quotes(written)] == [word]
