import base64
import html
import json
from urllib.parse import quote

import pytest

from aicore_magics.base.encodings import Encodings, as_bytes

# The dialects of other languages, and each encoding of each, are tried on what they are for: see `scrub`.


@pytest.mark.parametrize(
    "encode",
    [
        str,
        lambda text: json.dumps(text)[1:-1],
        lambda text: quote(text, safe=""),
        html.escape,
        lambda text: base64.b64encode(text.encode()).decode(),
    ],
    ids=["raw", "JSON", "percent", "HTML", "base64"],
)
def test_a_text_in_every_usual_encoding(encode, canary):
    """A text is there as it is and in each usual encoding, once and twice; base64 may hide the first."""
    encodings = Encodings.of(canary)
    assert {encode(canary), encode(encode(canary))} <= encodings.forms
    assert encode(canary).encode() in encodings.inside


def test_an_empty_text_has_no_encodings():
    """Nothing is masked for a text that is empty: it would be found everywhere."""
    assert Encodings.of("") == Encodings(frozenset(), frozenset())


def test_encodings_do_not_print(canary):
    """Encodings are as secret as what they encode: no part of it is in their text form."""
    shown = f"{Encodings.of(canary)!r} {Encodings.of(canary)}"
    assert not any(form in shown for form in Encodings.of(canary).forms)


def test_half_a_character_has_bytes():
    """What is no character and yet can be in a text of Python has bytes, too."""
    assert as_bytes("a\ud800ä") == b"a\xed\xa0\x80\xc3\xa4"
