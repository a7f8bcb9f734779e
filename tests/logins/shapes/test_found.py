from __future__ import annotations

from aicore_magics.base.redact import Secret
from aicore_magics.logins.shapes.found import Auths, Named, Pair, article, broken, full_kind, keys_of, wrapped


def test_nothing_shows_what_was_found(canary):
    """Neither entries nor a user or password are in what is shown of it."""
    entries = {"a.io": {"password": canary}}
    assert repr(Auths("docker config", entries)) == repr(Auths("docker config", {}))
    assert canary not in repr(Pair("pair", canary, Secret(canary)))


def test_wrappings_are_told_from_inside():
    """What was in what is told in that order; what is named has its wrapping in front."""
    found = wrapped(wrapped(Auths("docker config", {}), "base64", of="x"), "quotes", of="x")
    assert full_kind(found) == "docker config in base64 in quotes"
    named = wrapped(Named("a token {x}"), "base64", of="base64 of {}")
    assert named == Named("base64 of a token {x}")
    assert named.sentence == "the file is base64 of a token {x}"
    assert wrapped(broken("it broke"), "base64", of="base64 of {}").sentence == "it broke"


def test_names_of_fields():
    """Words are shown, without tokens; where one is no word, only their number."""
    assert keys_of(["a", ".dockercfg", "b-c"]) == "the fields a, .dockercfg, b-c"
    assert keys_of(["a"]) == "the field a"
    assert keys_of(["ghp_" + 36 * "a"]) == "the field ***"
    assert keys_of(["a", "s3cret!"]) == "2 fields"
    assert keys_of(["a", 1]) == "2 fields"
    assert keys_of([f"k{n}" for n in range(9)]) == "the fields k0, k1, k2, k3, k4, k5 and 3 more"


def test_articles():
    """As it is spoken."""
    assert [article(word) for word in ("AI Core request body", "Secret", "output", "user")] == [
        "an AI Core request body",
        "a Secret",
        "an output",
        "a user",
    ]
