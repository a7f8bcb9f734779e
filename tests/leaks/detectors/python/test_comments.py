from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors.python.comments import in_comments
from tests.leaks.samples import PASSWORD, made


def told(text):
    return [text[one.start : one.end] for one in in_comments(text, text.lower())]


@pytest.mark.parametrize(
    "comment",
    [
        "# password: {}",
        "x = 1  # Password: {}",
        "#pw = {}",
        "# docker password is {}",
        "# user anna, pwd: {} (old)\r\n",
        "# password: {}.",
    ],
)
def test_a_password_in_a_comment(comment):
    """What stands behind a telling name at the end of a comment, and is no word, is one."""
    assert told(comment.format(PASSWORD)) == [PASSWORD]
    assert told(f"# api_key: {made(30)}") == [made(30)]


@pytest.mark.parametrize(
    "comment",
    [
        *(
            "# password: str",
            "# token: List[str]",
            "# password: see vault",
            "# password = get_it1()",
            "# pw = word1",
        ),
        *(
            "# password: utf-8",
            "# password: sha256",
            "# password: <token>",
            "# pass: 0.95",
            "# token: INV-2023-0001",
        ),
        *(
            "# password: required",
            "# stop_token: ###END1###",
            "# password: min-8-characters",
            "password: Hunter2",
        ),
    ],
)
def test_what_a_comment_says_else(comment):
    """Types, calls, algorithms, words and placeholders are none."""
    assert told(comment) == []
