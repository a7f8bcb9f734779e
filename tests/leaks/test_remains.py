from __future__ import annotations

from aicore_magics.leaks.files.notebook_texts import Part, plain_piece
from aicore_magics.leaks.known import Known
from aicore_magics.leaks.remains import parts_in
from tests.leaks.samples import TOKENS

TOKEN = TOKENS[2].text


def piece_at(text, part, kept=()):
    start = text.index(part)
    return plain_piece(text, Part(""), (start, start + len(part)), kept)


def test_parts_across_pieces():
    """Several texts are read as one; each part is given with its piece and its place in the file."""
    parts = ("a", TOKEN[:20], "stdout", TOKEN[20:], f"whole: {TOKEN}")
    text = "\n".join(parts)
    found = list(parts_in([piece_at(text, part) for part in parts], Known([TOKEN]), []))
    assert [part.piece.text[part.start : part.end] for part in found] == [TOKEN[:20], TOKEN[20:], TOKEN]
    assert [text[start:end] for part in found for start, end in part.spans] == [TOKEN[:20], TOKEN[20:], TOKEN]


def test_what_is_taken_and_what_is_kept():
    """What was found already is not given again, and what Jupyter needs as it is stays."""
    whole = piece_at(TOKEN, TOKEN)
    assert list(parts_in([whole], Known([TOKEN]), [(0, len(TOKEN))])) == []
    assert [part.spans for part in parts_in([whole], Known([TOKEN]), [(5, 30)])] == [
        ((0, 5), (30, len(TOKEN)))
    ]
    assert list(parts_in([piece_at(TOKEN, TOKEN, kept=[(0, 99)])], Known([TOKEN]), [])) == []
