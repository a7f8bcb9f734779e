from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import v4

from aicore_magics.leaks.files import document as file_document
from aicore_magics.leaks.files.document import notebook_fault, read_document
from tests.leaks.samples import notebook, written


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is not a valid notebook: it is not JSON"),
        ("{", "is not a valid notebook: it is not JSON"),
        (50_000 * "[", "is not a valid notebook: it is not JSON"),
        ("[]", "is not a notebook of format 4"),
        ("1", "is not a notebook of format 4"),
        ('{"nbformat": "4", "cells": []}', "is not a notebook of format 4"),
        ('{"nbformat": 5, "cells": []}', "is not a notebook of format 4"),
        ('{"nbformat": 4, "cells": {}}', "is not a notebook of format 4"),
        (
            '{"nbformat": 3, "worksheets": []}',
            "is a notebook of an old format: open it in Jupyter and save it",
        ),
        ('\ufeff{"nbformat": 4, "cells": []}', ""),
        ('{"nbformat": 4, "cells": [{"source": "a"}, {"source": ["a"]}, {}]}', ""),
        *(
            (
                f'{{"nbformat": 4, "cells": [{cell}]}}',
                "is not a valid notebook: the source of a cell is not a string",
            )
            for cell in ('{"source": 5}', '{"source": ["a", 5]}', '{"source": {}}', '{"source": null}', "5")
        ),
    ],
)
def test_what_is_wrong_with_a_notebook(text, fault):
    """What is no notebook of format 4 is told in one sentence."""
    assert notebook_fault(text) == fault


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_notebook(tmp_path, raw):
    """What an editor makes before there is a notebook in it is read whole: nothing can be in it."""
    path = tmp_path / "x.ipynb"
    path.write_bytes(raw)
    document = read_document(path)
    assert (document.fault, document.is_notebook) == ("", False)
    assert document.encoded(document.text) == raw


@given(st.binary())
def test_any_bytes(tmp_path_factory, raw):
    """Every file is read, and its text written back is the same bytes."""
    path = tmp_path_factory.mktemp("any") / "x.ipynb"
    for start in (b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"):
        path.write_bytes(start + raw)
        document = read_document(path)
        assert document.encoded(document.text) == start + raw
        assert document.pieces() or document.fault == ""


def test_a_file_that_notepad_or_powershell_wrote(tmp_path):
    """A file in UTF-16 is read as what it says."""
    path = tmp_path / ".env"
    path.write_text("A=ä", "utf-16")
    assert read_document(path).text == "\ufeffA=ä"


def test_what_is_not_read(tmp_path, monkeypatch):
    """A folder, a missing file and one that is too large are answered with a reason."""
    assert read_document(tmp_path) == "is not a regular file"
    assert read_document(tmp_path / "none") == "cannot be read (FileNotFoundError)"
    assert read_document(tmp_path / "a\x00b") == "cannot be read (ValueError)"
    monkeypatch.setattr(file_document, "MAX_BYTES", 1_000_000)
    (tmp_path / "large.json").write_bytes(1_000_001 * b" ")
    assert read_document(tmp_path / "large.json") == "is larger than 1 MB"


def test_a_notebook_is_taken_apart_and_another_file_is_not(tmp_path):
    """A notebook is read by its parts; a broken one, and any other file, as it stands."""
    path = written(tmp_path, notebook())
    assert "source" in {piece.part.name for piece in read_document(path).pieces()}
    path.write_text(json.dumps({"nbformat": 3}))
    assert [piece.text for piece in read_document(path).pieces()] == ['{"nbformat": 3}']
    other = path.rename(tmp_path / "x.json")
    assert [(piece.part.style, piece.text) for piece in read_document(other).pieces()] == [
        ("file", '{"nbformat": 3}')
    ]


def test_a_repr_shows_nothing(tmp_path):
    """The repr of a document holds neither its text nor a digest of it."""
    path = written(tmp_path, notebook())
    document = read_document(path)
    assert "Churn" not in repr(document)
    assert repr(document.digest) not in repr(document)


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16", "utf-32-le", "utf-32-be", "utf-32")


@pytest.mark.parametrize("text", ["A=1\n", "# ä\r\nTOKEN='x'\r\n", "# 大\nTOKEN=大x\n", "é=1", "x" * 70_000])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_form_of_unicode(tmp_path, encoding, text):
    """A text is read as what it says in every form of Unicode, with a byte order mark and without one."""
    path = tmp_path / ".env"
    path.write_bytes(text.encode(encoding))
    document = read_document(path)
    assert document.text.removeprefix("\ufeff") == text
    assert document.fault == ""
    assert document.encoded(document.text) == text.encode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_notebook_in_every_form_of_unicode(tmp_path, encoding):
    """So is a notebook, which is taken apart then."""
    path = written(tmp_path, notebook(v4.new_code_cell("x = 'ä大😀'")))
    text = path.read_text("utf-8")
    path.write_bytes(text.encode(encoding))
    document = read_document(path)
    assert (document.fault, document.is_notebook) == ("", True)
    assert "x = 'ä大😀'" in [piece.text for piece in document.pieces()]


def mixed(text):
    """What PowerShell 5 makes of a file when it adds a line."""
    return text.encode() + text.encode("utf-16-le")


@pytest.mark.parametrize(
    "raw",
    [
        mixed("TOKEN=1\n"),
        "TOKEN=1\n".encode("utf-16-le") + b"x",
        "TOKEN=1\n".encode("utf-16")[:-1],
        "TOKEN=1\0\n".encode("utf-16"),
        gzip.compress(b"TOKEN=1\n", mtime=0),
        b"TOKEN=1\x1a",
        b"\x7fELF\x02\x01\x01\0\0TOKEN=1",
    ],
)
@pytest.mark.parametrize("name", [".env", "a.yaml", "a.ipynb"])
def test_what_is_no_text(tmp_path, raw, name):
    """Bytes that are no text in any of these forms are searched as they are, and said to be none."""
    path = tmp_path / name
    path.write_bytes(raw)
    document = read_document(path)
    assert document.fault == "contains control characters, which are not allowed in a text"
    assert document.encoded(document.text) == raw


def test_colours_and_pages_are_text(tmp_path):
    """Tabs, page ends and the codes of colours are in texts."""
    path = tmp_path / ".env"
    path.write_bytes(b"A=1\t\x0b\x0c\x1b[31mB\x1b[0m\x08\r\n")
    assert read_document(path).fault == ""
