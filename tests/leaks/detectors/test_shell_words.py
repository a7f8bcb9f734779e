from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors import hits
from tests.leaks.samples import PASSWORD


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"!DOCKER_PASSWORD={PASSWORD} make", "registry-password"),
        (f"!docker run -e DB_PASSWORD={PASSWORD} x", "registry-password"),
        (f"!DB_PASSWORD={PASSWORD} make", "possible-password"),
        (f"!tool --api-key {PASSWORD} run", "possible-password"),
        (f"!wget --password={PASSWORD} https://a.example", "possible-password"),
    ],
)
def test_what_a_word_is_for(text, kind):
    """A word of a command is a registry's password where its name or what is near says so."""
    assert [(text[hit.start : hit.end], hit.kind_id) for hit in hits(text, "code")] == [(PASSWORD, kind)]


@pytest.mark.parametrize(
    "value", ["a,b1c2", "a:b1c2", "a=b1c2", "a/b1c2", "a!b1c2", "a%b1c2", "a]b1c2[", "b1c2=="]
)
def test_signs_in_a_word(value):
    """A word goes on to what a shell ends it by."""
    for end in (" make", "; make", "&& make", "|tee", ")"):
        text = f"!DOCKER_PASSWORD={value}{end}"
        assert [text[hit.start : hit.end] for hit in hits(text, "code")] == [value]
