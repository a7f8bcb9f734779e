"""Every shape that people have is read, two deep, or called what it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidFile
from aicore_magics.logins.file_formats import parse_logins
from aicore_magics.logins.login_file import file_logins
from aicore_magics.logins.shapes.found import Named
from aicore_magics.logins.shapes.recognise import MAX_TEXTS, recognised
from aicore_magics.logins.wish import LoginWish
from aicore_magics.model.names import Registry
from tests.logins.shapes.samples import (
    AROUND,
    AROUND_WHOLE,
    KEY,
    NAMED,
    OTHER,
    PAIRS,
    WHOLE,
    b64,
    config,
    fields,
    secret,
)

FIELD = Path(__file__).parents[2] / "data" / "field"
HOSTS = ["ghcr.io", "quay.io", "registry.example.com:5000"]
R = Registry("r.example")
# Whatever a password is made of; that it begins so keeps it from being a mask or a placeholder.
PASSWORDS = st.text("aZ9$'\"\\ {}:é€😀#%&=+/-_<>`~", max_size=12).map("pw9{}".format)
ENTRIES = st.dictionaries(
    st.sampled_from(HOSTS),
    st.tuples(st.sampled_from(["anna", "robot$p+ci", "jürgen"]), PASSWORDS),
    min_size=1,
)


def logins_in(text, **more):
    return {
        login.key: (login.username, login.password.reveal()) for login in parse_logins(text, **more).logins
    }


def read(text):
    """What comes of *text*: logins, or InvalidFile. Everything else is a test that fails."""
    try:
        return parse_logins(text, registry=R)
    except InvalidFile as error:
        return error


def named(text, registry=None):
    with pytest.raises(InvalidFile) as caught:
        parse_logins(text, registry=registry)
    return caught.value


@pytest.mark.parametrize("shape", WHOLE)
def test_whole_logins(shape, canary):
    """Each shape with whole logins is read, called what it is, and nothing of it is said to be wrong."""
    kind, written = WHOLE[shape]
    entries = {"ghcr.io": ("anna", canary), "quay.io": ("acme+pull", f"{canary}2")}
    found = parse_logins(written(entries))
    assert {login.key: (login.username, login.password.reveal()) for login in found.logins} == entries
    assert (found.kind, found.unusable) == (kind, ())


@pytest.mark.parametrize("around", AROUND_WHOLE)
def test_what_is_around(around, canary):
    """A docker config is read from each wrapping, and a pair where it is none by chance."""
    entries = {"ghcr.io": ("anna", canary)}
    assert logins_in(AROUND_WHOLE[around](json.dumps(config(entries, fields)))) == entries
    if around not in AROUND:
        assert named(AROUND_WHOLE[around](f"anna:{canary}"), registry=R)
        return
    assert logins_in(AROUND[around](f"anna:{canary}"), registry=R) == {"r.example": ("anna", canary)}


@pytest.mark.parametrize("kind", PAIRS)
def test_pairs(kind, canary):
    """One login without a registry is read for the registry that is named, and else called what it is."""
    text = PAIRS[kind]("robot$ci", canary)
    assert logins_in(text, registry=R) == {"r.example": ("robot$ci", canary)}
    assert parse_logins(text, registry=R).kind == kind
    assert (
        f"the file is {'an' if kind[0] in 'aAo' else 'a'} {kind}; its registry is unknown."
        in named(text).message
    )


@pytest.mark.parametrize("shape", NAMED)
def test_what_is_named(shape):
    """What holds no login that can be read is called what it is, with what to do, and not by its content."""
    text, what = NAMED[shape]
    error = named(text, registry=R)
    assert error.message == f"the file is {what}. Nothing was sent."
    assert error.hint
    assert "CANARY" not in str(error)


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("shape", ["SealedSecret", "TLS Secret", "two Secrets", "service key"])
def test_what_is_named_in_a_wrapping(around, shape):
    """It is called the same in a wrapping, which is told beside it."""
    text, what = NAMED[shape]
    assert what in named(AROUND[around](text), registry=R).message


@given(
    entries=ENTRIES,
    shape=st.sampled_from(sorted(WHOLE)),
    around=st.lists(st.sampled_from(sorted(AROUND_WHOLE)), max_size=2),
)
def test_whole_logins_two_deep(entries, shape, around):
    """Any logins in any shape, with two wrappings around, come back as they were."""
    text = WHOLE[shape][1](entries)
    for each in around:
        text = AROUND_WHOLE[each](text)
    assert logins_in(text) == entries


@given(
    password=PASSWORDS,
    around=st.lists(st.sampled_from(sorted(AROUND)), max_size=2),
    kind=st.sampled_from(sorted(PAIRS)),
)
def test_pairs_two_deep(password, around, kind):
    """One login, with two wrappings around, comes back as it was."""
    text = PAIRS[kind]("anna", password.replace(" ", "_"))
    for each in around:
        text = AROUND[each](text)
    assert logins_in(text, registry=R) == {"r.example": ("anna", password.replace(" ", "_"))}


GOOGLE = st.fixed_dictionaries(
    {
        "type": st.just("service_account"),
        "project_id": PASSWORDS,
        "private_key": PASSWORDS.map(
            "-----BEGIN PRIVATE KEY-----\n{}\nx\n-----END PRIVATE KEY-----\n".format
        ),
        "client_email": st.just("x@acme.iam.gserviceaccount.com"),
    }
)


@given(
    key=GOOGLE,
    indent=st.sampled_from([None, 2, "\t"]),
    shape=st.sampled_from([*sorted(set(WHOLE) - {"a comma too many"}), "the key alone"]),
    around=st.lists(st.sampled_from(sorted(AROUND)), max_size=2),
)
def test_a_google_key_two_deep(key, indent, shape, around):
    """A Google key comes back with every line break of its private key, and on one line, from any shape."""
    written = json.dumps(key, indent=indent)
    text = written if shape == "the key alone" else WHOLE[shape][1]({"ghcr.io": ("_json_key", written)})
    for each in around:
        text = AROUND[each](text)
    (login,) = parse_logins(text, registry=R).logins
    assert json.loads(login.password.reveal()) == key
    assert "\n" not in login.password.reveal()
    assert login.username == "_json_key"


@given(
    shape=st.sampled_from(sorted(WHOLE)),
    around=st.lists(st.sampled_from(sorted(AROUND)), max_size=2),
    cut=st.integers(0, 10_000),
    put=st.sampled_from(["", "\n", '"', "'", "}", "x", "=", "---\n", "`"]),
)
def test_what_was_cut(canary, shape, around, cut, put):
    """Where something was lost or put in on the way, an InvalidFile says what it is, and quotes nothing."""
    text = WHOLE[shape][1]({"ghcr.io": ("anna", canary)})
    for each in around:
        text = AROUND[each](text)
    at = cut % len(text)
    changed = text[:at] + put + text[at + 1 :]
    result = read(changed)
    assert canary not in str(result)
    if isinstance(result, InvalidFile):
        assert (result.__cause__, result.__context__) == (None, None)


def test_text_in_text_has_an_end():
    """A text in a text is read up to five deep, and then named as that."""
    text = json.dumps(config({"ghcr.io": ("anna", "pw")}))
    for _ in range(MAX_TEXTS):
        text = b64(text)
    assert logins_in(text) == {"ghcr.io": ("anna", "pw")}
    assert named(b64(text)).what == f"the login file is text in text, more than {MAX_TEXTS} times"


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (
            {"kind": "Secret", "data": {KEY: "CONFIG"}},
            f"{KEY} is plain text instead of base64; it was read.",
        ),
        ({"kind": "Secret", "data": {KEY: "BASE64 TWICE"}}, f"{KEY} contains base64 once more; it was read."),
        (
            {"kind": "Secret", "stringData": {KEY: "BASE64"}},
            f"{KEY} contains base64 instead of plain text; it was read.",
        ),
        ({"kind": "Secret", "data": {KEY: {}}}, f"{KEY} is an object instead of base64; it was read."),
        (
            {"kind": "Secret", "stringData": {KEY: {}}},
            f"{KEY} is an object instead of text; it was read.",
        ),
        ({"data": {KEY: "BASE64"}}, f"{KEY} contains base64 instead of plain text; it was read."),
        ({"data": {KEY: {}}}, f"{KEY} is an object instead of text; it was read."),
        (
            {"name": "x", "data": "CONFIG"},
            f"`data` is a string instead of an object with {KEY}; it was read.",
        ),
        (
            {"kind": "Secret", "stringData": {KEY: "LEGACY"}},
            f"{KEY} contains a legacy .dockercfg; it was read.",
        ),
        (
            [{"kind": "Pod"}, {KEY: "CONFIG"}],
            "1 of 2 objects in a list in the file has logins. The others were not used.",
        ),
    ],
)
def test_what_is_read_although_it_is_wrong(text, notes):
    """What should stand there otherwise is read, and said in a note."""
    whole = config({"ghcr.io": ("anna", "pw")})
    plain = json.dumps(whole)
    put = {"CONFIG": plain, "BASE64": b64(plain), "BASE64 TWICE": b64(b64(plain))}
    put["LEGACY"] = json.dumps(whole["auths"])

    def filled(value):
        if isinstance(value, dict):
            return {key: filled(each) for key, each in value.items()} or whole
        return [*map(filled, value)] if isinstance(value, list) else put.get(value, value)

    found = parse_logins(json.dumps(filled(text)))
    assert [login.username for login in found.logins] == ["anna"]
    assert found.notes == (notes,)


# What people sent in, with what is right for it: kind, keys, users; or what it is called.
SENT_IN = {
    "D01-bare-base64-jsonpath.txt": ("docker config in base64", {"registry.example.com": "anna"}),
    "D02-k8s-dockercfg-type.yaml": (
        "Kubernetes Secret of the older type dockercfg",
        {"https://registry.example.com": "anna"},
    ),
    "D12-yaml-multidoc.yaml": ("the file is 2 documents with logins: Secret a, Secret b", {}),
    "D42-data-only.json": (f"bare {KEY}", {"registry.example.com": "anna"}),
    "D59-gar-plus-ghcr.json": (
        "docker config",
        {"europe-west3-docker.pkg.dev": "_json_key", "ghcr.io": "anna"},
    ),
    "P01-gcp-key.json": ("Google service account key", {"r.example": "_json_key"}),
}


@pytest.mark.parametrize("name", SENT_IN)
def test_what_people_sent_in(name, tmp_path):
    """Each file that somebody had is read, or called what it is; PowerShell's copy of it, too."""
    kind, users = SENT_IN[name]
    powershell = tmp_path / name
    powershell.write_bytes((FIELD / name).read_text("utf-8").replace("\n", "\r\n").encode("utf-16"))
    for place in (FIELD / name, powershell):
        wish = LoginWish(from_file=str(place), take_all=True, images=(), registry="r.example")
        if not users:
            with pytest.raises(InvalidFile) as caught:
                file_logins(wish)
            assert caught.value.what == kind
            continue
        logins, (read, *_) = file_logins(wish)
        assert {login.key: login.username for login in logins} == users
        assert read == f"Read as a {kind}."
        assert all(login.password.reveal().isprintable() for login in logins)


@pytest.mark.parametrize(
    "broken",
    [
        secret(data={KEY: "!"}),
        secret(data={KEY: 1}),
        {"auths": ["x"]},
        {"credsStore": "desktop"},
    ],
)
def test_a_broken_document_among_others(broken):
    """Where no document has logins, what is wrong with one is said; beside one that has, it is left out."""
    fault = named(json.dumps(broken)).what
    assert named(json.dumps([OTHER, broken, OTHER])).what == fault
    found = parse_logins(json.dumps([OTHER, broken, config({"ghcr.io": ("anna", "pw")})]))
    assert [login.username for login in found.logins] == ["anna"]
    assert found.notes == ("1 of 3 objects in a list in the file has logins. The others were not used.",)


@pytest.mark.parametrize("value", [None, True, 1, 1.5, []])
def test_values_that_are_nothing(value):
    """What is neither text nor object is called that."""
    found = recognised(value)
    assert isinstance(found, Named)
    assert found.sentence in ("the file is a single value", "the file is an empty list")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            json.dumps([config({"a.io": ("u", "p")})] * 2),
            "2 objects in a list with logins: docker config, docker",
        ),
        (
            json.dumps({"kind": "List", "items": [OTHER, OTHER]}),
            "2 objects in a list: a ConfigMap, a ConfigMap",
        ),
        ("- a: b\n- c: d\n", "2 objects in a list: an object with the field a"),
        ("a: b\n---\nc: d\n", "2 documents: an object with the field a"),
        (json.dumps(OTHER) * 2, "2 documents: a ConfigMap, a ConfigMap"),
    ],
)
def test_several_things_are_called_what_they_are(text, what):
    """What stands in one list is no document of its own."""
    assert what in named(text, registry=R).what
