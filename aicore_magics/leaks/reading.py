"""Files as they are searched: read whole, decoded so that writing the text back gives the same bytes."""

from __future__ import annotations

import codecs
import hashlib
import json
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aicore_magics.leaks.places import Part, Piece, notebook_pieces, plain_piece

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 33_554_432  # 32 MiB
_NOT_4 = "is a notebook of an old format: open it in Jupyter and save it"
_NO_JSON = "is no valid notebook: it is not JSON"


@dataclass(frozen=True)
class Document:
    """A file's text and what is known of it. *fault*: why it is not the notebook it should be."""

    path: Path
    encoding: str
    digest: bytes = field(repr=False)
    text: str = field(repr=False)
    is_notebook: bool = False
    fault: str = ""

    def pieces(self) -> list[Piece]:
        """Everything to read in the file."""
        if self.is_notebook and not self.fault:
            return list(notebook_pieces(self.text))
        return [plain_piece(self.text, Part("", style="file", whole_file=True))]

    def encoded(self, text: str) -> bytes:
        """Give *text* as the bytes of this file."""
        return text.encode(self.encoding)


def read_document(path: Path) -> Document | str:
    """Read the file *path*, of at most 32 MiB; or say why it is not searched."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return "is no regular file"
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        return f"cannot be read ({type(error).__name__})"
    if len(raw) > MAX_BYTES:
        return f"is larger than {MAX_BYTES // 1_048_576} MiB"
    encoding, text = _decoded(raw)
    is_notebook = path.suffix.lower() == ".ipynb"
    fault = notebook_fault(text) if is_notebook else ""
    return Document(path, encoding, hashlib.sha256(raw).digest(), text, is_notebook, fault)


def notebook_fault(text: str) -> str:
    """Say why *text* is not read as a notebook of format 4; nothing if it is one."""
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return _NO_JSON
    version = data.get("nbformat") if isinstance(data, dict) else None
    if version == 4 and isinstance(data.get("cells"), list):  # noqa: PLR2004 - the format's own number
        return ""
    return _NOT_4 if isinstance(version, int) and version < 4 else "is no notebook of format 4"  # noqa: PLR2004


def _decoded(raw: bytes) -> tuple[str, str]:
    """Encoding and text. What is no UTF is read byte by byte: the tokens in it are ASCII anyway."""
    guess = "utf-16-le" if raw.startswith(codecs.BOM_UTF16_LE) else "utf-8"
    guess = "utf-16-be" if raw.startswith(codecs.BOM_UTF16_BE) else guess
    try:
        return guess, raw.decode(guess)
    except UnicodeDecodeError:
        return "latin-1", raw.decode("latin-1")
