from __future__ import annotations

import pytest

from aicore_magics.errors import InvalidInput
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry, ResourceGroup, SecretName


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (SecretName, "team"),
        (Registry, "ghcr.io"),
        (ResourceGroup, "default"),
        (ImageReference, "ghcr.io/a/b:1"),
    ],
)
def test_what_was_typed(kind, text):
    """Spaces around what was typed do not count; where a text stands in a file, they do."""
    assert kind.typed(f"\u00a0{text}\u200b\n") == kind.parse(text)
    with pytest.raises(InvalidInput):
        kind.parse(f" {text}")
    with pytest.raises(InvalidInput):
        kind.typed(f"{text} {text}")


@pytest.mark.parametrize("kind", [SecretName, Registry, ResourceGroup, ImageReference])
def test_what_goes_into_a_file(kind):
    """Where a file is written, a refusal names the option, and says that nothing was written."""
    with pytest.raises(InvalidInput, match=r"^--this: .+\. Nothing was written\.") as caught:
        kind.for_file("A B", "--this")
    assert "Nothing was sent" not in str(caught.value)
