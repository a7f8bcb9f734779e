import json
from pathlib import Path

import pytest

from aicore_magics.errors import InvalidFile, InvalidLogin, LoginNotFound
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.logins.login_file import file_logins
from aicore_magics.logins.wish import LoginWish
from aicore_magics.model.docker_secret import AuthKey
from aicore_magics.model.image_reference import ImageReference
from tests.logins.shapes.samples import AROUND, WHOLE


@pytest.fixture
def wish(tmp_path):
    """Gives a function that wishes for the logins of a file with what is said."""

    def said(content, **more):
        place = tmp_path / "config.json"
        place.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        place.chmod(0o600)
        return LoginWish(from_file=str(place), **more)

    return said


def config(*keys):
    return {"auths": {key: {"username": "u", "password": "p"} for key in keys}}


def test_the_logins_and_what_to_know(wish):
    """A file gives its logins with their keys as they stand there, and notes on what it is."""
    logins, notes = file_logins(wish(config("https://ghcr.io/v1/")))
    assert [(login.registry, login.username) for login in logins] == [(AuthKey("https://ghcr.io/v1/"), "u")]
    assert notes == ("Read as a docker config.",)


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ({"take_all": True}, ["ghcr.io", "quay.io", "*.example.com"]),
        ({"take_all": True, "registry": "quay.io"}, ["ghcr.io", "quay.io", "*.example.com"]),
        ({"registry": "https://QUAY.io"}, ["quay.io"]),
        ({"registry": "*.example.com"}, ["*.example.com"]),
        ({"images": (ImageReference.parse("ghcr.io/a/b"),)}, ["ghcr.io"]),
        ({"images": (ImageReference.parse("a.example.com/b"),)}, ["*.example.com"]),
    ],
)
def test_what_is_chosen(said, keys, wish):
    """All, or those of the registry or the key that was named, or that serve the images."""
    logins, _ = file_logins(wish(config("ghcr.io", "quay.io", "*.example.com"), **said))
    assert [login.key for login in logins] == keys


@pytest.mark.parametrize(
    ("content", "said", "kind"),
    [
        (config("ghcr.io", "quay.io"), {}, InvalidLogin),
        (config("ghcr.io", "quay.io"), {"images": (ImageReference.parse("docker.io/a/b"),)}, InvalidLogin),
        (config("ghcr.io"), {"registry": "quay.io"}, LoginNotFound),
        ("anna:token", {}, InvalidFile),
        ("{", {}, InvalidFile),
    ],
)
def test_what_is_refused(content, said, kind, wish):
    """Where nothing was chosen, is there, or can be read, the error says so; nothing is guessed."""
    with pytest.raises(kind) as caught:
        file_logins(wish(content, **said))
    assert type(caught.value) is kind
    assert "Nothing was sent." in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("content", [config("ghcr.io"), "u:p"])
def test_a_user_who_was_named(content, wish):
    """A named user is the one of the file, or the file is refused: nobody else's login is taken for it."""
    logins, _ = file_logins(wish(content, registry="ghcr.io", username="u"))
    assert [login.username for login in logins] == ["u"]
    with pytest.raises(LoginNotFound) as caught:
        file_logins(wish(content, registry="ghcr.io", username="v"))
    assert caught.value.what == "the login for ghcr.io in the file is of u, not of v"
    assert NOTEBOOK.say(caught.value.next) == "leave out --username, or give the file with that login."


GOOD = {"username": "u", "password": "p"}
# An entry that is no login, and what is said of it under the key quay.io.
ODD = {
    "a string": ("dTpw", "The entry quay.io is not an object."),
    "a list": (["u", "p"], "The entry quay.io is not an object."),
    "null": (None, "The entry quay.io is not an object."),
    "bad base64": ({"auth": "dTpw!"}, "The `auth` of quay.io is not base64 of UTF-8 text."),
    "no colon": ({"auth": "dXA="}, "The `auth` of quay.io has no colon after the user."),
    "a number": ({"username": "u", "password": 1}, "User or password of quay.io is not a string."),
    "an object": ({"auth": {}, "username": {}}, "The `auth` of quay.io is not a string."),
    "false": ({"username": "u", "password": False}, "User or password of quay.io is not a string."),
    "no user": ({"password": "p"}, "The entry quay.io: the user is missing."),
    "a mask": ({"username": "u", "password": "****"}, "The entry quay.io: the password is a mask"),
    "a line break": (
        {"username": "u", "password": "p\n"},
        "The entry quay.io: the password contains a line break",
    ),
    "a colon": ({"username": "u:v", "password": "p"}, "The entry quay.io: a colon is not allowed"),
}
IMAGES = {host: (ImageReference.parse(f"{host}/a/b"),) for host in ("ghcr.io", "quay.io", "docker.io")}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("said", [{"registry": "ghcr.io"}, {"images": IMAGES["ghcr.io"]}])
def test_an_odd_entry_beside_what_was_chosen(odd, said, wish):
    """What was chosen is judged; the others are counted, and nothing else is said of them."""
    content = {"auths": {"ghcr.io": GOOD, "quay.io": ODD[odd][0]}}
    logins, notes = file_logins(wish(content, **said))
    assert [login.key for login in logins] == ["ghcr.io"]
    assert notes == (
        "Read as a docker config.",
        "1 of 2 entries in the file was used; the other was not checked.",
    )


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    "said", [{"registry": "quay.io"}, {"registry": "https://QUAY.io"}, {"images": IMAGES["quay.io"]}]
)
def test_an_odd_entry_that_was_chosen(odd, said, wish):
    """An entry that was chosen and is no login is the reason of the refusal."""
    entry, sentence = ODD[odd]
    with pytest.raises(InvalidFile) as caught:
        file_logins(wish({"auths": {"ghcr.io": GOOD, "quay.io": entry}}, **said))
    assert f"{caught.value.what}.".lower().startswith(sentence.lower().rstrip("."))


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_entry_beside_the_only_login(odd, wish):
    """With nothing chosen, the only login is taken, and what is wrong with the other is told."""
    entry, sentence = ODD[odd]
    logins, (_, note) = file_logins(wish({"auths": {"quay.io": entry, "ghcr.io": GOOD}}))
    assert [login.key for login in logins] == ["ghcr.io"]
    assert note.startswith(sentence)


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_entry_among_all(odd, wish):
    """All means all: an odd one refuses, by its name, as a secret without it would fail much later."""
    entry, sentence = ODD[odd]
    with pytest.raises(InvalidFile) as caught:
        file_logins(wish({"auths": {"ghcr.io": GOOD, "quay.io": entry, "a.io": GOOD}}, take_all=True))
    assert caught.value.what == "1 of 3 entries in the file cannot be used: quay.io"
    assert sentence in caught.value.hint


@pytest.mark.parametrize("said", [{}, {"take_all": True}, {"registry": "ghcr.io"}])
def test_odd_entries_alone(said, wish):
    """Where nothing else is there, the first is the reason."""
    content = {"auths": {"ghcr.io": {"auth": "!"}, "quay.io": "x"}}
    with pytest.raises(InvalidFile, match=r"the `auth` of ghcr\.io is not base64"):
        file_logins(wish(content, **said))


def test_many_odd_entries(wish):
    """Of many, six are named and the others counted."""
    odd = {f"r{number}.example.com": "x" for number in range(9)}
    with pytest.raises(InvalidFile) as caught:
        file_logins(wish({"auths": {"ghcr.io": GOOD, **odd}}, take_all=True))
    assert caught.value.what == (
        "9 of 10 entries in the file cannot be used: "
        + ", ".join(f"r{number}.example.com" for number in range(6))
        + " and 3 more"
    )


def test_every_image_has_its_login(wish):
    """An image whose only entry is odd refuses, though another image has its login."""
    content = {"auths": {"ghcr.io": GOOD, "ghcr.io/a": "x", "quay.io": "x"}}
    logins, notes = file_logins(wish(content, images=IMAGES["ghcr.io"]))
    assert [login.key for login in logins] == ["ghcr.io"]
    assert "The entry ghcr.io/a is not an object." in notes
    with pytest.raises(InvalidFile, match=r"the entry quay\.io is not an object"):
        file_logins(wish(content, images=IMAGES["ghcr.io"] + IMAGES["quay.io"]))
    logins, _ = file_logins(wish(content, images=IMAGES["ghcr.io"] + IMAGES["docker.io"]))
    assert [login.key for login in logins] == ["ghcr.io"]


def test_an_entry_without_a_password_that_was_chosen(wish):
    """What docker left without a password is a login that is not there, and all the others are used."""
    content = {"auths": {"ghcr.io": GOOD, "quay.io": {}}}
    with pytest.raises(LoginNotFound, match=r"quay\.io has no password in the file"):
        file_logins(wish(content, registry="quay.io"))
    logins, notes = file_logins(wish(content, take_all=True))
    assert [login.key for login in logins] == ["ghcr.io"]
    assert notes[1:] == ("quay.io has no password in the file; docker may keep it in a credential helper.",)


def test_a_file_of_powershell(wish):
    """What `>` writes there, UTF-16, is read."""
    said = wish("")
    Path(said.from_file).write_bytes(json.dumps(config("ghcr.io")).encode("utf-16"))
    logins, notes = file_logins(said)
    assert [login.key for login in logins] == ["ghcr.io"]
    assert notes == ("Read as a docker config.",)


def test_a_text_without_a_registry_takes_that_of_the_images(wish):
    """User and token alone are for the registry of the images, if they have but one."""
    one, two = map(ImageReference.parse, ("ghcr.io/a/b", "quay.io/a/b"))
    logins, _ = file_logins(wish("anna:token", images=(one, one)))
    assert [login.key for login in logins] == ["ghcr.io"]
    with pytest.raises(InvalidFile):
        file_logins(wish("anna:token", images=(one, two)))


@pytest.mark.parametrize(
    "content",
    [
        {"auths": {"ghcr.io": "CANARY"}},
        {"auths": {"ghcr.io": {"auth": "CANARY!"}}},
        {"auths": {"ghcr.io": {"username": "a:b", "password": "CANARY"}, "x": {"password": "CANARY"}}},
        {"kind": "SealedSecret", "spec": "CANARY"},
        "anna:CANARY",
        "CANARY",
        '{"CANARY',
        "a: CANARY: b",
    ],
)
@pytest.mark.parametrize("said", [{}, {"take_all": True}])
def test_no_frame_holds_what_is_in_the_file(content, said, wish):
    """A verbose traceback shows what each frame holds: none has the text of the file, or a password."""
    with pytest.raises((InvalidFile, InvalidLogin)) as caught:
        file_logins(wish(content, **said))
    step, held = caught.value.__traceback__, []
    while step:
        if "aicore_magics" in step.tb_frame.f_code.co_filename:
            held.append(repr(step.tb_frame.f_locals))
        step = step.tb_next
    assert held
    assert "CANARY" not in "\n".join(held)


def test_every_shape_from_a_file(wish, canary):
    """Each shape with whole logins, and each wrapping, is read from a file as it is from a text."""
    entries = {"ghcr.io": ("anna", canary), "quay.io": ("bob", canary)}
    plain = json.dumps({"auths": {key: {"username": u, "password": p} for key, (u, p) in entries.items()}})
    texts = [written(entries) for _, written in WHOLE.values()] + [
        around(plain) for around in AROUND.values()
    ]
    for text in texts:
        logins, _ = file_logins(wish(text, take_all=True))
        assert {login.key: (login.username, login.password.reveal()) for login in logins} == entries
        (login,), _ = file_logins(wish(text, images=(ImageReference.parse("quay.io/a/b"),)))
        assert (login.key, login.username) == ("quay.io", "bob")


TWO = {"auths": {"a.io": {"username": "anna", "password": "p"}, "b.io": {"username": "bob", "password": "p"}}}


@pytest.mark.parametrize(
    ("content", "said", "there"),
    [
        (config("ghcr.io"), {}, "ghcr.io in the file is of u"),
        (
            config("ghcr.io"),
            {"images": (ImageReference.parse("ghcr.io/a/b"),)},
            "ghcr.io in the file is of u",
        ),
        (TWO, {"take_all": True}, "a.io in the file is of anna"),
        (TWO, {"registry": "a.io"}, "a.io in the file is of anna"),
    ],
)
def test_another_user_however_it_is_chosen(content, said, there, wish):
    """By registry, by image, as the only one or among all: each login has to be that of the named user."""
    with pytest.raises(LoginNotFound) as caught:
        file_logins(wish(content, username="bob", **said))
    assert caught.value.what == f"the login for {there}, not of bob"


def test_the_user_that_was_named(wish):
    """Spaces around the name do not count."""
    (login,), _ = file_logins(wish(TWO, username=" bob ", registry="b.io"))
    assert (login.key, login.username) == ("b.io", "bob")


def several(*documents):
    return "\n---\n".join(map(json.dumps, documents))


A, B = config("a.io"), config("b.io")
IN_LIST = {
    "kind": "List",
    "items": [{"kind": "Secret", "stringData": {".dockerconfigjson": json.dumps(each)}} for each in (A, B)],
}


@pytest.mark.parametrize(
    "content",
    [several(A, B), several(A, {"kind": "Pod"}, B), [A, B], IN_LIST, several(B, config("a.io", "c.io"))],
)
@pytest.mark.parametrize(
    "said", [{"registry": "https://a.io"}, {"images": (ImageReference.parse("a.io/x/y"),)}]
)
def test_the_only_document_for_a_registry(content, said, wish):
    """Of several documents with logins the only one for the registry is taken, and that is said."""
    logins, notes = file_logins(wish(content, **said))
    assert [login.key for login in logins] == ["a.io"]
    assert "1 of 2 parts with logins is for a.io. The others were not used." in notes


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (several(A, B), {}),
        (several(A, B), {"registry": "c.io"}),
        (several(A, A), {"registry": "a.io"}),
        (several(A, B), {"registry": "a.io", "take_all": True}),
        (several(A, config("b.io", "a.io")), {"registry": "a.io"}),
    ],
)
def test_several_documents_that_stay_several(content, said, wish):
    """Where none or several are for the registry, or all are asked for, the file is refused as it was."""
    with pytest.raises(InvalidFile, match="2 documents with logins: docker config, docker config"):
        file_logins(wish(content, **said))
