"""Whatever happens to a file's bytes, its whole lines are read, and the others counted."""

from __future__ import annotations

import json
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.ledger.line import LONGEST, read_lines, to_line
from aicore_magics.ledger.record import LONGEST_TEXT, MOST_VALUES
from tests.ledger.acts import record

LINES = [to_line(record(number, id=f"id{number}", time=number)) for number in range(4)]


def line_of(text):
    """A line with the right sum, whatever it says."""
    rest = text.encode("utf-8", "surrogatepass")
    return b'{"crc":"%08x",%s\n' % (crc32(rest), rest)


def line_with(**fields):
    return line_of(json.dumps({"v": 1, **record(id="x", time=1).to_data(), **fields})[1:])


def read(raw):
    lines, damaged, _ = read_lines(raw)
    return [each.id if each else None for _, each in lines], damaged


@given(st.data())
def test_damage(data):
    """Bytes that are cut, flipped or inserted harm the lines that they are in, and no other."""
    lines, damaged = [*LINES], set()
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, 3))
        line = lines[at]
        place = data.draw(st.integers(0, len(line) - 2))
        act = data.draw(st.sampled_from(["cut", "flip", "insert"]))
        if act == "cut":
            line = line[:place] + line[data.draw(st.integers(place + 1, len(line) - 1)) :]
        elif act == "flip":
            flipped = bytes([line[place] ^ data.draw(st.integers(1, 255))])
            line = line[:place] + flipped.replace(b"\n", b"\0") + line[place + 1 :]
        else:
            line = line[:place] + data.draw(st.binary(min_size=1)).replace(b"\n", b"\0") + line[place:]
        lines[at] = line
    damaged = [at for at in range(4) if lines[at] != LINES[at]]
    empty = sum(line == b"\n" for line in lines)
    whole = [f"id{at}" for at in range(4) if at not in damaged]
    assert read(b"".join(lines)) == (whole, len(damaged) - empty)


@given(st.binary(max_size=300))
def test_junk(raw):
    """Bytes of nobody are read without an exception, between and behind whole lines."""
    found, damaged = read(LINES[0] + raw + b"\n" + LINES[1])
    assert found == ["id0", "id1"]
    assert damaged == sum(bool(line) for line in raw.split(b"\n"))


@given(st.integers(0, len(LINES[1]) - 1))
def test_half_a_line(cut):
    """A last line that was cut off anywhere is one that is damaged."""
    assert read(LINES[0] + LINES[1][:cut]) == (["id0"], int(cut > 0))


HOSTILE_NAMES = ("--login=evil", "-x", "a b", "a\nb", "a;b", "$(a)", "../a", "é", 254 * "a", 10**6 * "a", ".")
DAMAGED = {
    "no JSON": line_of('"v":1,'),
    "no object": b'{"crc":"00000000",\n',
    "no format": line_of('"id":"x"}'),
    "a format that is none": line_with(v=0),
    "true for a format": line_with(v=True),
    "a text for a format": line_with(v="1"),
    "too deep": line_of('"v":1,"x":' + 100_000 * "[" + 100_000 * "]" + "}"),
    "a number that is too long": line_of('"v":1,"t":' + 10_000 * "9" + "}"),
    "a line that is too long": line_of(f'"v":1,"x":"{LONGEST * "x"}"}}'),
    "NUL bytes": 500 * b"\0" + b"\n",
    "no UTF-8": b'{"crc":"%08x",%s\n' % (crc32(b'"v":1,"x":"\xff"}'), b'"v":1,"x":"\xff"}'),
    "spaces in the sum": LINES[0].replace(LINES[0][8:16], b" " + LINES[0][9:16]),
}
LONG = LONGEST_TEXT + 1
MANY = MOST_VALUES + 1
HOSTILE = {
    **{f"a secret called {name[:9]}": line_with(secret=name) for name in HOSTILE_NAMES},
    **{
        f"a long {name}": line_with(**{name: LONG * "x"})
        for name in ("tenant", "host", "id", "of", "run", "undoes", "detail")
    },
    "a long user": line_with(logins=[{"registry": "ghcr.io", "username": LONG * "x"}]),
    "a long image": line_with(images=[{"reference": LONG * "x"}]),
    "many logins": line_with(logins=MANY * [{"registry": "ghcr.io"}]),
    "many images": line_with(images=MANY * [{"reference": "a"}]),
}
DAMAGED |= HOSTILE
LATER = {
    "a later format": line_with(v=2),
    "a later op": line_with(op="renamed"),
    "a later outcome": line_with(outcome="perhaps"),
    "a time of another kind": line_with(t="2027"),
    "logins of another kind": line_with(logins={"a": 1}),
    "a login of another kind": line_with(logins=[{"registry": 1}]),
    "an image of another kind": line_with(images=["a"]),
    "an end before the year 1": line_with(
        logins=[{"expiry": {"how": "told", "ends": "0001-01-01T00:00:00+13:45"}}]
    ),
    "a year that is none": line_with(t=10**30),
}


@pytest.mark.parametrize("line", DAMAGED.values(), ids=DAMAGED)
def test_lines_that_nobody_wrote(line):
    """What is no line of any format is skipped and counted, whatever its sum says."""
    assert read(LINES[0] + line + LINES[1]) == (["id0", "id1"], 1)


@pytest.mark.parametrize("line", LATER.values(), ids=LATER)
def test_lines_of_a_later_version(line):
    """What has the right sum and is not understood is kept as it is: a later version has written it."""
    lines, damaged, _ = read_lines(LINES[0] + line + LINES[1])
    assert ([each and each.id for _, each in lines], damaged) == (["id0", None, "id1"], 0)
    assert lines[1][0] == line


def test_fields_of_a_later_version():
    """A field that is not known yet leaves the others as they are."""
    login = {"registry": "ghcr.io", "username": "anna", "new": 1}
    (((_, read),), damaged, _) = read_lines(
        line_with(new={"a": 1}, logins=[login], images=[{"reference": "x", "n": 1}])
    )
    assert (read.secret, read.logins[0].username, read.images[0].reference, damaged) == (
        "secret-0",
        "anna",
        "x",
        0,
    )


def test_only_the_name_of_a_notebook():
    """The folder of a notebook stays out of the file, however it is written."""
    for path in ("/home/anna/secret/a.ipynb", r"C:\Users\anna\secret\a.ipynb", "secret/a.ipynb/"):
        (((_, read),), *_) = read_lines(to_line(record(notebook=path)))
        assert read.notebook == "a.ipynb"


def test_what_a_record_can_do_without():
    """A long source or reason, and images beyond what is read, are cut off when they are written."""
    images = MANY * record().images[:1]
    (((_, read),), *_) = read_lines(to_line(record(source=LONG * "x", detail=LONG * "y", images=images)))
    assert (len(read.source), len(read.detail), len(read.images)) == (LONGEST_TEXT, LONGEST_TEXT, MOST_VALUES)


SWALLOWS = {
    "a list": ('"v":1,"x":[0', '0]},{"v":1},{"v":1}'),
    "a list of objects": ('"v":1,"x":[{"a":0}', '"a":0}]},{"v":1,"id":"x"},{"v":1,"id":"y"}'),
    "a list of more": ('"v":1,"x":[0', '0]},0,{"v":1},0,{"v":1}'),
}


@pytest.mark.parametrize(("opened", "closed"), SWALLOWS.values(), ids=SWALLOWS)
def test_a_line_between_two_halves_of_an_object(opened, closed):
    """Two lines that are one object with a line between them do not take that away; they are counted."""
    for before in (line_of(opened), line_of(opened) + LINES[0]):
        found, damaged = read(before + LINES[1] + line_of(closed) + LINES[2])
        assert found[-2:] == ["id1", "id2"]
        assert damaged == 2


@pytest.mark.parametrize("piece", [b"x\n", b"\n", b"\n\nx\n", b'{"crc":"\n', LINES[3]])
def test_many_lines(piece):
    """No more than so many are read, which is told; what is no line at all only counts."""
    raw = LINES[0] + 40 * piece + LINES[1]
    lines, damaged, is_all = read_lines(raw, 9)
    assert is_all is not piece.startswith(b"{")
    assert len(lines) + damaged <= (42 if is_all else 9)
    assert ([record.id for _, record in lines] == ["id0", "id1"]) is is_all
    assert read_lines(raw, 42)[2]
    assert read_lines(raw, 42)[1] == (0 if piece in (b"\n", LINES[3]) else 40)
