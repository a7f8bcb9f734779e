"""The options about the record become values; a wrong date is refused before anything is asked."""

from __future__ import annotations

import pytest

from aicore_magics.errors import InvalidDate, InvalidImage, InvalidRegistry
from aicore_magics.grammar.record_options import note_arguments, recording
from aicore_magics.grammar.secret_grammar import SECRET


def read(line):
    name, *words = line.split()
    return SECRET.parser(name).read(words)


@pytest.mark.parametrize("change", ["create", "apply", "update"])
@pytest.mark.parametrize(
    "ends",
    [
        (),
        ("2027-01-31",),
        ("never",),
        ("2027-01-31T18:00+01:00",),
        ("ghcr.io=2027-01-31", "docker.io=never"),
        ("2027-01-31", "quay.io=2027-02-01"),  # for all, and for one of them
    ],
)
def test_ends_go_on_as_they_were_typed(change, ends):
    """Each is kept with its registry, beside the name of the notebook."""
    line = " ".join([f"{change} team-x", *(f"--ends {end}" for end in ends)])
    made = recording(read(line), "a.ipynb")
    assert (made.ends, made.notebook) == (ends, "a.ipynb")


@pytest.mark.parametrize(
    ("ends", "error"),
    [
        (["tomorrow"], InvalidDate),
        (["2027-13-01"], InvalidDate),
        (["2027-1-1"], InvalidDate),
        (["2027-01-31T18:00"], InvalidDate),
        (["ghcr.io="], InvalidDate),
        ([""], InvalidDate),
        (["gh cr=2027-01-31"], InvalidRegistry),
    ],
)
def test_wrong_ends(ends, error):
    """What is no date, or of no registry, is refused, with how it is written."""
    options = SECRET.parser("create").read([f"--ends={end}" for end in ends])
    with pytest.raises(error) as caught:
        recording(options)
    assert caught.value.next


@pytest.mark.parametrize(
    ("images", "registry"),
    [
        ("--image ghcr.io/a/b:1", "ghcr.io"),
        ("--image ghcr.io/a/b:1 --image ghcr.io/a/c:1", "ghcr.io"),
        ("--image ghcr.io/a/b:1 --image quay.io/a/c:1", ""),
        ("--image ghcr.io/a/b:1 --registry quay.io", "quay.io"),
        ("--ends never", ""),
    ],
)
def test_the_registry_of_a_note(images, registry):
    """It is what was said; else that of the images, where they have one in common."""
    assert note_arguments(read(f"note team-x {images}"))["registry"] == registry


@pytest.mark.parametrize(("words", "error"), [("--ends soon", InvalidDate), ("--image x/Y", InvalidImage)])
def test_a_wrong_note(words, error):
    """Nothing is noted of what is no date or no image."""
    with pytest.raises(error):
        note_arguments(read(f"note team-x {words}"))
