from __future__ import annotations

import string

import nbformat
import pytest

from aicore_magics.leaks.detect import detect
from aicore_magics.leaks.detectors import hits, read_code
from aicore_magics.leaks.detectors.python import covered
from aicore_magics.leaks.detectors.python.cell import Cell
from aicore_magics.leaks.detectors.python.values import Part
from aicore_magics.leaks.files.document import read_document
from aicore_magics.leaks.scrub import plan_scrub, scrub_notebooks
from tests.leaks.code_samples import DOUBTFUL, FOUND, NONE, filled
from tests.leaks.samples import TOKENS, code, made, notebook, written

pytestmark = pytest.mark.enumerates


def matches(cells):
    """All in *cells*, of a notebook that is about a registry: each with its text."""
    return [
        (cell[hit.start : hit.end], hit)
        for cell, reading in zip(cells, read_code(cells), strict=True)
        for hit in hits(cell, "code", known=True, reading=reading)
    ]


def missed(source):
    """What of the values in *source* is not found, or only possible."""
    cells, values = filled(source)
    found = [text for text, hit in matches(cells) if not hit.possible]
    return [value for value in values if not any(value in text for text in found)]


def test_every_way_to_give_a_password_to_a_name():
    """A password is found however an expression gives it to a name, with every part of it."""
    assert [source for source in FOUND if missed(source)] == []


def test_what_is_no_password():
    """Columns, labels, plots, types, tokens of a model and what is fetched are none."""
    assert [source for source in NONE if matches([source])] == []


@pytest.mark.parametrize("source", DOUBTFUL)
def test_what_stays_possible(tmp_path, source):
    """What only the author can tell is possible, and no leak though the notebook is about a registry."""
    path = written(tmp_path, notebook(code("!docker build -t churn ."), code(source)))
    assert [one.hit.kind_id for one in detect(read_document(path))] == ["possible-password"]


def test_scrubbing_every_way(tmp_path):
    """After a scrub no value is left, the notebook is valid, and each cell is still Python."""
    ways = [filled(source, number) for number, source in enumerate(FOUND, 10)]
    cells = [code(cell) for sources, _ in ways for cell in sources]
    path = written(tmp_path, notebook(code("!docker build -t churn ."), *cells))
    scrubbed = scrub_notebooks(plan_scrub(path))
    text = path.read_text()
    assert scrubbed.refused == ()
    assert [value for _, values in ways for value in values if value in text] == []
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    for before, after in zip(cells, book.cells[2:], strict=True):
        assert bool(Cell(after.source).tree) is bool(Cell(before.source).tree)
    assert detect(read_document(path)) == []


@pytest.mark.parametrize("sample", [sample for sample in TOKENS if "\n" not in sample.text], ids=str)
@pytest.mark.parametrize(
    "joined",
    ["{0} + {1} + {2}", "f'{{{0}}}{{{1}}}{{{2}}}'", "''.join([{0}, {1}, {2}])", "'%s%s%s' % ({0}, {1}, {2})"],
)
def test_a_token_in_variables(sample, joined):
    """A token that is held in three variables of three cells is found in each, as what it is."""
    text = sample.text
    parts = (text[:7], text[7 : len(text) // 2], text[len(text) // 2 :])
    cells = [f"part_{number} = '{part}'" for number, part in enumerate(parts)]
    found = matches([*cells, "headers = " + joined.format("part_0", "part_1", "part_2")])
    assert [(value, hit.kind_id, hit.whole) for value, hit in found] == [
        (part, sample.kind_id, text) for part in parts
    ]


@pytest.mark.parametrize("joined", ["'%s{}' % a", "f'{{a}}{}'", "'{{}}{}'.format(a)", "a + '{}'"])
@pytest.mark.parametrize("first", [4, 7, 12, 20, 33])
def test_a_token_that_begins_with_letters(joined, first):
    """A token in two texts is found in both, however few digits there are in the one, or in the other."""
    text = "gh" + "p_" + made(29, string.ascii_letters) + "1234567"
    cell = f"a = '{text[:first]}'\nx = " + joined.format(text[first:])
    assert [value for value, _ in matches([cell])] == [text[:first], text[first:]]


def test_what_a_stretch_of_a_value_covers():
    """Of each part only what belongs to the stretch; all of it where escapes stand in it."""
    value = (Part(0, 10, 13, "abc"), Part(0, 0, 0, "-"), Part(1, 20, 30, "def"))
    assert list(covered(value, 1, 5)) == [(0, 11, 13), (1, 20, 30)]
    assert list(covered(value, 0, 3)) == [(0, 10, 13)]


def test_no_password_in_a_repr():
    """What is kept of code shows none of it."""
    (reading,) = read_code(["docker_password = 'Hunter' '2-!x'.strip()\n"])
    assert reading.held
    assert "Hunter" not in repr(reading)
