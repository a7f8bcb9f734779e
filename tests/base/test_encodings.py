import base64
import html
import json
import re
import sys
from urllib.parse import quote

import pytest

from aicore_magics.base.encodings import Encodings, as_bytes, hides, small
from aicore_magics.base.redact import Secret, scrub

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
    assert {small(encode(canary)), small(encode(encode(canary)))} <= encodings.forms
    assert encode(canary).encode().lower() in encodings.inside


@pytest.mark.parametrize(
    "break_it",
    [
        lambda text: text.encode().decode("latin-1"),
        lambda text: text.encode().decode("cp1252"),
        lambda text: text.encode().hex(),
        lambda text: text.encode().hex().upper(),
        lambda text: text.encode("ascii", "xmlcharrefreplace").decode(),
        lambda text: "".join(f"&#{ord(letter)};" for letter in text),
        lambda text: "".join(f"&#x{ord(letter):X};" for letter in text),
        lambda text: "".join(
            letter if re.match(r"(?a:\w)", letter) else f"&#{ord(letter)};" for letter in text
        ),
    ],
    ids=[
        "Latin-1",
        "windows-1252",
        "hex",
        "HEX",
        "numbers",
        "all numbers",
        "hex numbers",
        "signs as numbers",
    ],
)
def test_a_text_that_came_back_broken(break_it, canary):
    """A text is known as it looks to whoever reads it in another code, and in numbers."""
    assert small(break_it(canary)) in Encodings.of(canary).forms
    assert scrub(f"no: {break_it(canary)}.", Secret(canary)) == "no: ***."


def test_an_empty_text_has_no_encodings():
    """Nothing is masked for a text that is empty: it would be found everywhere."""
    assert Encodings.of("") == Encodings(frozenset(), frozenset())


def test_encodings_do_not_print(canary):
    """Encodings are as secret as what they encode: no part of it is in their text form."""
    shown = f"{Encodings.of(canary)!r} {Encodings.of(canary)}"
    assert not any(form in shown for form in Encodings.of(canary).forms)


@pytest.mark.parametrize("joint", [" ", "", "\n"])
def test_a_text_of_several_lines(joint, canary):
    """A key of several lines is known with its line breaks, with spaces and with nothing in their place."""
    assert small(joint.join([canary, canary[::-1]])) in Encodings.of(f"{canary}\n{canary[::-1]}").forms


def test_small_letters_keep_their_places():
    """Each letter that there is has one small one, whatever stands beside it."""
    for number in range(sys.maxunicode + 1):
        letter = chr(number)
        assert len(small(letter)) == 1
        if letter.lower() != letter:
            assert small(f"Ä{letter}") == f"ä{small(letter)}"


def test_half_a_character_has_bytes():
    """What is no character and yet can be in a text of Python has bytes, too."""
    assert as_bytes("a\ud800ä") == b"a\xed\xa0\x80\xc3\xa4"


@pytest.mark.parametrize("user", [length * "u" for length in range(5)])
@pytest.mark.parametrize("times", [1, 2])
def test_what_base64_hides(user, times, canary):
    """Base64 of something longer hides a text that is in it, wherever, and once more encoded."""
    run = f"{user}:{canary}"
    for _ in range(times):
        run = base64.b64encode(run.encode()).decode()
    assert hides(run, Encodings.of(canary).inside)
    assert not hides(run, Encodings.of(f"{canary}, and more").inside)
