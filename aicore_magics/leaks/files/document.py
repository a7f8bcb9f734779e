"""Files as they are searched: read whole, decoded so that writing the text back gives the same bytes."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aicore_magics.base.files import open_regular
from aicore_magics.leaks.files.notebook_texts import Part, Piece, notebook_pieces, plain_piece

if TYPE_CHECKING:
    from pathlib import Path

    from aicore_magics.leaks.detectors.match import Style

MAX_BYTES = 100_000_000  # 100 MB
_NOT_4 = "is a notebook of an old format: open it in Jupyter and save it"
_NO_JSON = "is not a valid notebook: it is not JSON"
_NO_SOURCE = "is not a valid notebook: the source of a cell is not a string"
_NO_TEXT = "contains control characters, which are not allowed in a text"
# Byte order marks; that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_WORD = re.compile(rb"[\t\n\r -~]{4}")  # in UTF-16, zero bytes stand between letters
_PRINTED = re.compile(r"[!-~]")
# Texts hold tabs, ends of lines and pages, backspaces and the escape of colours; any other one is no text's.
_CONTROL = re.compile(r"[\x00-\x07\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True)
class Document:
    """A file's text and what is known of it. *fault*: why it is not the notebook or text it should be."""

    path: Path
    encoding: str
    digest: bytes = field(repr=False)
    text: str = field(repr=False)
    is_notebook: bool = False
    fault: str = ""

    def pieces(self) -> list[Piece]:
        """Everything to read in the file."""
        if self.is_notebook and not self.fault:
            return notebook_pieces(self.text)
        style: Style = "code" if self.path.suffix.lower() == ".py" else "file"
        return [plain_piece(self.text, Part("", style=style, whole_file=True))]

    def encoded(self, text: str) -> bytes:
        """Give *text* as the bytes of this file."""
        return text.encode(self.encoding)


def read_document(path: Path) -> Document | str:
    """Read the file *path*, of at most 100 MB; or say why it is not searched."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return "is not a regular file"
        with open_regular(path) as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        return f"cannot be read ({type(error).__name__})"
    if len(raw) > MAX_BYTES:
        return f"is larger than {MAX_BYTES // 1_000_000} MB"
    encoding, text = _decoded(raw)
    # Editors make an empty file before they make a notebook of it.
    is_notebook = path.suffix.lower() == ".ipynb" and bool(text.strip("\ufeff \t\r\n"))
    fault = notebook_fault(text) if is_notebook else ""
    if (fault or not is_notebook) and _CONTROL.search(text):
        fault = _NO_TEXT
    return Document(path, encoding, hashlib.sha256(raw).digest(), text, is_notebook, fault)


def notebook_fault(text: str) -> str:
    """Say why *text* is not read as a notebook of format 4; nothing if it is one."""
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return _NO_JSON
    version = data.get("nbformat") if isinstance(data, dict) else None
    if version == 4 and isinstance(data.get("cells"), list):  # noqa: PLR2004 - the format's own number
        return next((_NO_SOURCE for cell in data["cells"] if not _has_source(cell)), "")
    return _NOT_4 if isinstance(version, int) and version < 4 else "is not a notebook of format 4"  # noqa: PLR2004


def _has_source(cell: object) -> bool:
    """Whether the source of *cell* is a text, or the lines of one, or left out."""
    source = cell.get("source", "") if isinstance(cell, dict) else None
    lines = source if isinstance(source, list) else [source]
    return all(isinstance(line, str) for line in lines)


def _decoded(raw: bytes) -> tuple[str, str]:
    """Encoding and text. What is no UTF is read byte by byte: the tokens in it are ASCII anyway."""
    marked = [encoding for mark, encoding in _MARKS if raw.startswith(mark)][:1]
    if not marked and b"\0" in raw and not _WORD.search(raw):
        # UTF-16 or UTF-32 without a mark. Which one is known by what is read: the wrong one makes less ASCII.
        readings = filter(None, (_decode(raw, encoding) for encoding in _UNMARKED))
        texts = [reading for reading in readings if not _CONTROL.search(reading[1])]
        if texts:
            return max(texts, key=lambda reading: len(_PRINTED.findall(reading[1])))
    candidates = (*marked, "utf-8", "latin-1")
    return next(reading for encoding in candidates if (reading := _decode(raw, encoding)))


def _decode(raw: bytes, encoding: str) -> tuple[str, str] | None:
    try:
        return encoding, raw.decode(encoding)
    except UnicodeDecodeError:
        return None
