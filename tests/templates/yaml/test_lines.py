import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.templates.yaml.lines import Lines, Position


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("", 0, (1, 1)),
        ("ab", 2, (1, 3)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("a\u2028b\x85c", 4, (1, 5)),
        ("😀: 1\n😀", 5, (2, 1)),
    ],
)
def test_a_place_is_what_an_editor_shows(text, offset, place):
    """Lines end at LF, CRLF and CR alone, and columns count characters, both from 1."""
    assert Lines(text).place(offset) == Position(*place)


@given(st.text(alphabet="a\r\n", max_size=20))
def test_lines_hold_the_whole_text(text):
    """The lines with their breaks are the text, and no line has a break inside."""
    lines = Lines(text)
    rows = range(len(lines.starts))
    assert "".join(text[lines.starts[row] : lines.end(row)] for row in rows) == text
    assert not any("\n" in lines.line(row) or "\r" in lines.line(row) for row in rows)
    assert all(lines.row(offset) < len(lines.starts) for offset in range(len(text) + 1))


def test_places_sort_and_read_as_editors_write_them():
    """A place is written line:column, and sorts by line first."""
    assert str(Position(24, 9)) == "24:9"
    assert sorted([Position(2, 1), Position(1, 9), Position(1, 2)]) == [
        Position(1, 2),
        Position(1, 9),
        Position(2, 1),
    ]
