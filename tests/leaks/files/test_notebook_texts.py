from __future__ import annotations

import json
from itertools import pairwise

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import v4

from aicore_magics.leaks.files.notebook_texts import Literal, Part, notebook_pieces, plain_piece
from tests.leaks.samples import code, notebook

MARK = "m" + "ark" + "1"


def pieces(book):
    return notebook_pieces(json.dumps(book))


def holding(book, text=MARK):
    return [
        (piece.part.cell, piece.part.name, piece.part.style) for piece in pieces(book) if text in piece.text
    ]


@pytest.mark.parametrize(
    ("output", "name"),
    [
        (v4.new_output("stream", text=f"a\n{MARK}"), "output 1"),
        (v4.new_output("execute_result", {"text/plain": MARK}), "output 1, text/plain"),
        (v4.new_output("display_data", {"text/html": f"<b>{MARK}</b>"}), "output 1, text/html"),
        (v4.new_output("display_data", {"text/markdown": MARK}), "output 1, text/markdown"),
        (v4.new_output("display_data", {"text/latex": MARK}), "output 1, text/latex"),
        (v4.new_output("display_data", {"image/svg+xml": MARK}), "output 1, image/svg+xml"),
        (v4.new_output("display_data", {"application/javascript": MARK}), "output 1, application/javascript"),
        (v4.new_output("display_data", {"application/json": {"a": [MARK]}}), "output 1, application/json"),
        (
            v4.new_output("display_data", {"application/vnd.x+json": {"a": MARK}}),
            "output 1, application/vnd.x+json",
        ),
        (v4.new_output("display_data", {}, metadata={"a": MARK}), "output 1, metadata"),
        (v4.new_output("error", ename="E", evalue=MARK, traceback=[]), "output 1, error"),
        (v4.new_output("error", ename="E", evalue="", traceback=["x", MARK]), "output 1, error"),
        (v4.new_output("error", ename=MARK, evalue="", traceback=[]), "output 1, metadata"),
    ],
)
def test_outputs(output, name):
    """The text of each kind of output is read once, and said to be of that output."""
    assert holding(notebook(code("1", output))) == [(2, name, "output")]


@pytest.mark.parametrize("mime", ["image/png", "image/jpeg", "audio/wav", "video/mp4", "application/pdf"])
def test_media_are_left_out(mime):
    """The data of pictures and the like are not read, but what stands beside them is."""
    output = v4.new_output("display_data", {mime: MARK}, metadata={mime: {"alt": f"{MARK}2"}})
    assert holding(notebook(code("1", output))) == [(2, "output 1, metadata", "output")]


@pytest.mark.parametrize(
    ("cell", "style"),
    [(v4.new_code_cell, "code"), (v4.new_markdown_cell, "output"), (v4.new_raw_cell, "output")],
)
def test_sources_of_all_cells(cell, style):
    """The source of each kind of cell is read; only that of a code cell is code."""
    assert holding(notebook(cell(f"a\n{MARK}"))) == [(2, "source", style)]


def test_metadata_and_attachments():
    """Metadata, names and texts of attachments, and fields that nobody knows are read."""
    cell = v4.new_markdown_cell("x", metadata={"a": {"b": MARK}})
    assert holding(notebook(cell)) == [(2, "metadata", "output")]
    assert holding(notebook(papermill={"parameters": {"a": MARK}})) == [(0, "notebook metadata", "output")]
    named = v4.new_markdown_cell("x", attachments={f"{MARK}.png": {"image/png": "AAAA"}})
    assert holding(notebook(named)) == [(2, "attachment 1, name", "output")]
    text = v4.new_markdown_cell("x", attachments={"a.txt": {"text/plain": MARK}})
    assert holding(notebook(text)) == [(2, "attachment 1, text/plain", "output")]
    book = json.loads(json.dumps(notebook(code("1"))))
    book["cells"][1]["input"] = [MARK]
    assert holding(book) == [(2, "another field", "output")]


def test_what_was_typed_into_password_fields():
    """The value of a password field whose state was saved is read as a secret, whatever it looks like."""
    models = {
        "a": {"model_name": "PasswordModel", "state": {"description": "x", "value": "letmein"}},
        "b": {"model_name": "TextModel", "state": {"description": "Docker password:", "value": "letmein2"}},
        "c": {"model_name": "TextModel", "state": {"description": "Name", "value": "anna"}},
        "d": {"model_name": "PasswordModel", "state": {"value": 1}},
    }
    state = {
        "application/vnd.jupyter.widget-state+json": {"state": models, "version_major": 2, "version_minor": 0}
    }
    typed = [piece.text for piece in pieces(notebook(widgets=state)) if piece.part.typed]
    assert typed == ["letmein", "letmein2"]


def test_cells_are_counted_and_named():
    """A piece knows the number of its cell and its id."""
    book = notebook(code("1"), code(MARK))
    (piece,) = [piece for piece in pieces(book) if MARK in piece.text]
    assert (piece.part.cell, piece.part.cell_id) == (3, book.cells[2].id)


def test_lines_are_joined_and_colours_left_out():
    """The lines of a source are one text, those of a traceback stand apart; codes of colours are no text."""
    output = v4.new_output("error", ename="E", evalue="", traceback=["\x1b[31mpass\x1b[0mword", "two"])
    texts = [piece.text for piece in pieces(notebook(code("a\nb", output)))]
    assert "a\nb" in texts
    assert "password\ntwo" in texts


def test_where_a_text_in_several_lines_stands():
    """A stretch over several strings of the file is several stretches there, without what is between."""
    text = json.dumps({"cells": [{"source": ["a é\n", "b\x1b[31mc\x1b[0md"]}]}, indent=1)
    (piece,) = [piece for piece in notebook_pieces(text) if piece.part.name == "source"]
    assert piece.text == "a é\nbcd"
    assert [text[slice(*span)] for span in piece.spans(2, 6)] == ["\\u00e9\\n", "b", "c"]
    assert [text[slice(*span)] for span in piece.spans(5, 7)] == ["c", "d"]


def test_a_repr_shows_nothing():
    """The repr of a piece tells where it is, and not what it says."""
    assert MARK not in repr(plain_piece(MARK, Part("source")))


FIELDS = ("source", "outputs", "text", "data", "traceback", "attachments", "metadata", "widgets", "state")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text() | st.sampled_from([*FIELDS, "id", "text/html", "value"]), inner, max_size=4
        )
    ),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from(["cells", "metadata", "x"]), JSON), st.booleans())
def test_any_notebook(book, ascii_only):
    """Whatever stands in a notebook's places, every text is read, and where it stands is known."""
    text = json.dumps(book, ensure_ascii=ascii_only)
    for piece in notebook_pieces(text):
        spans = piece.spans(0, len(piece.text))
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))


@given(st.text("abc é\n\"'\\", max_size=30), st.data())
def test_a_stretch_of_a_source(source, data):
    """What a stretch of a source covers in the file is its JSON, and nothing more."""
    text = nbformat.writes(v4.new_notebook(cells=[v4.new_code_cell(source)]))
    (piece,) = [piece for piece in notebook_pieces(text) if piece.part.name == "source"]
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    assert piece.text == source
    assert (
        "".join(json.loads(f'"{text[slice(*span)]}"') for span in piece.spans(start, end))
        == source[start:end]
    )


@given(st.text(), st.booleans(), st.data())
def test_where_a_character_stands(value, ascii_only, data):
    """A stretch of a string is found in the file: read alone, its JSON is that stretch."""
    text = f"  {json.dumps(value, ensure_ascii=ascii_only)}"
    literal = Literal(text, (2, len(text)), coded=True)
    start = data.draw(st.integers(0, len(value)))
    end = data.draw(st.integers(start, len(value)))
    assert literal.text == value
    assert json.loads(f'"{text[literal.at(start) : literal.at(end)]}"') == value[start:end]


@pytest.mark.parametrize("raw", [r'"\ud83d\ude00x"', r'"\ud83dx"', r'"\/x"', r'"\\ud83dx"', '"\\u00E9x"'])
def test_escapes(raw):
    """Two halves of a character, one alone, and escapes that nobody needs: what stands behind is found."""
    literal = Literal(raw, (0, len(raw)), coded=True)
    inner = literal.text.index("x")
    assert raw[literal.at(inner) : literal.at(inner + 1)] == "x"


def test_a_stretch_of_plain_text():
    """Where a stretch is no JSON, its characters stand for themselves."""
    literal = Literal("abc\\n", (1, 5), coded=False)
    assert (literal.text, literal.at(0), literal.at(4)) == ("bc\\n", 1, 5)
