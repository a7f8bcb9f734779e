from __future__ import annotations

import pytest

from aicore_magics.leaks.letters import NUMBERED, Letters, NumberedSigns


@pytest.mark.parametrize(
    "text",
    [
        "ab cd", "ab\r\n  cd", "ab<wbr>cd", "ab<br/>\ncd", '<b class="x">ab</b>cd', "ab&shy;cd", "ab&#173;cd",
        "ab\x1b[31mcd", "ab\\u001b[0;31mcd", "ab\\ncd", "ab\\\\ncd", "ab%2Bcd", "ab\\u0040cd", "ab\\x40cd",
        "ab' + 'cd", "äabécd", "│ ab │\n│ cd │",
    ],
)  # fmt: skip
def test_what_is_no_letter(text):
    """Signs, spaces, markup, escapes and colours are left out, and where each letter stands is known."""
    reading = Letters(text)
    assert reading.letters == "abcd"
    assert [text[at] for at in reading.places()] == list("abcd")
    assert [text[start:end] for start, end in reading.spans(1, 3)] in (["b", "c"], ["bc"])


@pytest.mark.parametrize(
    "text",
    [
        "0 a\n1 5\n2 _\n3 7\n4 b\n",
        "(0, 'a'), (1, '5'), (2, '_'), (3, '7'), (4, 'b')",
        "{0: 'a', 1: '5', 2: '_', 3: '7', 4: 'b'}",
        "0\ta\r\n1\t5\r\n2\t_\r\n3\t7\r\n4\tb",
    ],
)
def test_numbered_signs(text):
    """Of signs with a number each, the signs are read and the numbers are not, though both may be digits."""
    numbered = NUMBERED.search(text)
    reading = NumberedSigns(numbered[0])
    assert reading.letters == "a57b"
    assert [numbered[0][at] for at in reading.places()] == list("a57b")
    assert NUMBERED.search("1 apple, 2 pears, 3 plums, 4 nuts, 5 figs") is None
