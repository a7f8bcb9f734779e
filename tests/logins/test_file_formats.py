import base64
import dataclasses
import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.base.redact import Secret
from aicore_magics.errors import InvalidFile
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.logins.file_formats import FoundLogins, parse_logins
from aicore_magics.model.docker_secret import AuthKey, DockerSecret, RegistryLogin
from aicore_magics.model.names import Registry, SecretName
from tests import processor

KEY = ".dockerconfigjson"
META = {"apiVersion": "v1", "metadata": {"name": "team-ghcr"}, "type": "kubernetes.io/dockerconfigjson"}


def b64(text):
    return base64.b64encode(text.encode()).decode()


def basic(user, password):
    return {"auth": b64(f"{user}:{password}")}


def config(**auths):
    return {"auths": auths}


def docker(entry, key="ghcr.io", **more):
    return json.dumps({"auths": {key: entry}, **more})


def kubernetes(content):
    return {**META, "kind": "Secret", "data": {KEY: b64(json.dumps(content))}}


def logins_of(text):
    """Key, user and password of every login in *text*."""
    return [(login.key, login.username, login.password.reveal()) for login in parse_logins(text).logins]


def refused(text):
    with pytest.raises(InvalidFile) as caught:
        parse_logins(text)
    error = caught.value
    # The errors of parsers and of logins quote what they read.
    assert (error.__cause__, error.__context__) == (None, None)
    return error


def assert_unseen(text, canary):
    assert [canary[i : i + 4] for i in range(len(canary) - 3) if canary[i : i + 4] in text] == []
    assert b64(canary)[:12] not in text


WAYS = {
    "docker config": [json.dumps, lambda data: json.dumps(data, indent=4), yaml.safe_dump],
    "Kubernetes Secret": [
        lambda data: json.dumps(kubernetes(data)),
        lambda data: yaml.safe_dump(kubernetes(data)),
        lambda data: json.dumps({**kubernetes(data), "type": "Opaque"}),
        lambda data: yaml.safe_dump(
            {**META, "kind": "Secret", "stringData": {KEY: json.dumps(data, indent=1)}}
        ),
        # Kubernetes lets stringData win.
        lambda data: yaml.safe_dump({**kubernetes(config()), "stringData": {KEY: json.dumps(data)}}),
        # kubectl does not wrap base64, but people and `base64` do.
        lambda data: json.dumps(
            {**META, "kind": "Secret", "data": {KEY: base64.encodebytes(json.dumps(data).encode()).decode()}}
        ),
    ],
    "AI Core request body": [
        lambda data: json.dumps({"name": "team-ghcr", "data": {KEY: json.dumps(data)}}),
        lambda data: json.dumps({"data": {KEY: json.dumps(data)}}),
        lambda data: yaml.safe_dump({"data": {KEY: json.dumps(data)}}),
    ],
}


@pytest.mark.parametrize(("kind", "written"), [(kind, way) for kind, ways in WAYS.items() for way in ways])
def test_files_are_known_by_their_content(kind, written, canary):
    """Docker config, Kubernetes Secret and AI Core's own body are told apart by what stands in them."""
    entries = {"ghcr.io": basic("anna", canary), "quay.io": {"username": "acme+pull", "password": canary}}
    text = written({"auths": entries})
    assert parse_logins(text).kind == kind
    assert logins_of(text) == [("ghcr.io", "anna", canary), ("quay.io", "acme+pull", canary)]
    assert parse_logins(text).unusable == ()


@pytest.mark.parametrize(
    ("entry", "user", "password"),
    [
        ({"auth": b64("anna:s{x}$y")}, "anna", "s{x}$y"),
        ({"username": "anna", "password": "s{x}$y"}, "anna", "s{x}$y"),
        ({"username": "old", "password": "old", "auth": b64("anna:s{x}$y")}, "anna", "s{x}$y"),
        ({"username": "anna", "password": "s{x}$y", "auth": ""}, "anna", "s{x}$y"),
        ({"username": "anna", "password": "s{x}$y", "auth": None, "email": "a@b.c"}, "anna", "s{x}$y"),
        ({"username": "anna", "password": "a:b:s{x}$y"}, "anna", "a:b:s{x}$y"),
        ({"auth": b64("anna::a:b:s{x}$y:")}, "anna", ":a:b:s{x}$y:"),
        ({"auth": b64("anna: s{x}$y ")}, "anna", " s{x}$y "),
        ({"auth": b64("jürgen:pä$$wört€😀")}, "jürgen", "pä$$wört€😀"),
        ({"auth": b64("anna:secret") + "\n"}, "anna", "secret"),
        ({"auth": b64("anna:secret\0\0")}, "anna", "secret"),
        ({"auth": b64("anna:secret"), "identitytoken": "", "registrytoken": ""}, "anna", "secret"),
        ({"username": "anna", "password": "secret", "identitytoken": "e30"}, "anna", "secret"),
        ({"auth": b64("AWS:eyJwYXls")}, "AWS", "eyJwYXls"),
        ({"auth": b64("anna:secret12").rstrip("=")}, "anna", "secret12"),
        ({"auth": b64("anna:secret").rstrip("=")}, "anna", "secret"),
        ({"auth": b64("anna:secret12")[:5] + "\r\n" + b64("anna:secret12")[5:]}, "anna", "secret12"),
    ],
)
def test_user_and_password_as_the_kubelet_takes_them(entry, user, password):
    """`auth` wins over the two fields and is split at its first colon; an empty one does not count."""
    assert logins_of(docker(entry)) == [("ghcr.io", user, password)]


@pytest.mark.parametrize(
    "key",
    [
        "https://index.docker.io/v1/",
        "https://index.docker.io",
        "docker.io",
        "GHCR.io",
        "ghcr.io/acme",
        "*.example.com",
        "http://127.0.0.1:5000/v2/",
        "localhost:5000",
        "нет.example",
    ],
)
def test_keys_stay_as_they_stand(key, canary):
    """A key is taken letter by letter: it served its owner before, and nothing is guessed."""
    (login,) = parse_logins(docker(basic("anna", canary), key)).logins
    assert login.registry == AuthKey(key)
    assert login.key == str(login.registry) == key
    assert list(
        json.loads(DockerSecret(SecretName("ab"), (login,)).dockerconfigjson().reveal())["auths"]
    ) == [key]


def test_the_order_of_a_file_is_kept(canary):
    """Logins come in the order of the file, and with JSON's rule for a key that stands twice: the last."""
    keys = ["z.example.com", "a.example.com", "m.example.com"]
    assert [
        key for key, _, _ in logins_of(json.dumps(config(**{k: basic("u", canary) for k in keys})))
    ] == keys
    twice = (
        '{"auths": {"a.io": {"username": "u", "password": "1"}, "a.io": {"username": "v", "password": "2"}}}'
    )
    assert logins_of(twice) == [("a.io", "v", "2")]


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({}, "a.io has no password in the file; docker may keep it in a credential helper."),
        ({"auth": ""}, "a.io has no password in the file; docker may keep it in a credential helper."),
        ({"email": "a@b.c"}, "a.io has no password in the file; docker may keep it in a credential helper."),
        (
            {**basic("00000000-0000-0000-0000-000000000000", ""), "identitytoken": "e30"},
            "a.io has an identity token, which AI Core cannot pull with.",
        ),
        (
            {**basic("<token>", ""), "identitytoken": "e30"},
            "a.io has an identity token, which AI Core cannot pull with.",
        ),
        ({"identitytoken": "e30"}, "a.io has an identity token, which AI Core cannot pull with."),
        ({"registrytoken": "e30"}, "a.io has a registry token, which AI Core cannot pull with."),
    ],
)
def test_entries_without_a_password(entry, sentence, canary):
    """An entry that holds no password is left out with a sentence; alone it is the reason of the refusal."""
    text = json.dumps({"auths": {"a.io": entry, "ghcr.io": basic("anna", canary)}, "credsStore": "desktop"})
    assert logins_of(text) == [("ghcr.io", "anna", canary)]
    assert [f"{each.reason}." for each in parse_logins(text).unusable] == [sentence]
    error = refused(json.dumps({"auths": {"a.io": entry}, "credsStore": "desktop"}))
    none = "the docker config has no password that can be stored"
    assert error.message == f"{none}: {sentence} Nothing was sent."
    assert "--username USER" in NOTEBOOK.say(error.next)


@pytest.mark.parametrize(
    "data",
    [
        {"auths": {}, "credsStore": "desktop"},
        {"credHelpers": {"a.io": "x"}},
        {"auths": None, "credsStore": "x"},
    ],
)
def test_a_file_emptied_into_its_helper(data):
    """A config whose logins are all in a helper says so, and what to do instead."""
    error = refused(json.dumps(data))
    assert error.message.startswith("docker keeps the passwords in a credential helper, not in this file.")
    assert "--registry HOST" in NOTEBOOK.say(error.next)


def test_several_entries_without_a_password():
    """A file that docker emptied into its helper says so for the first of its registries."""
    auths = {"https://index.docker.io/v1/": {}, "ghcr.io": {}}
    assert refused(json.dumps({"auths": auths, "credsStore": "osxkeychain"})).what == (
        "the docker config has no password that can be stored: https://index.docker.io/v1/ has no "
        "password in the file; docker may keep it in a credential helper"
    )
    error = refused(json.dumps(config()))
    assert error.message == "the docker config has no password that can be stored. Nothing was sent."
    assert NOTEBOOK.say(error.next)


NOT_OBJECT = "the entry ghcr.io is not an object"
NO_COLON = "the `auth` of ghcr.io has no colon after the user"
NOT_BASE64 = "the `auth` of ghcr.io is not base64 of UTF-8 text"
AUTH_NO_TEXT = "the `auth` of ghcr.io is not a string"
NO_TEXT = "user or password of ghcr.io is not a string"
NEITHER = "the login file is neither JSON nor YAML"
EMPTY_SECRET = "the file is a Kubernetes Secret that is empty"
WORD = "one word"
BROKEN = "the login file is JSON that is cut off, or has other text at its end"
TAGGED = "the login file has YAML tags, such as !reference; take them out"
ALIASES = "the login file has YAML aliases or merge keys; write them out"
NO_TEXT_KEY = "a key of `auths` is not a string; YAML needs quotes there"
KIND = {"kind": "Secret"}
GOOGLE_NO_TEXT = "a field of the Google service account key is not a string"
SIXTIES = "a: " + ":".join(300 * ["0"]) + ".5"


def deep(levels):
    """An object that holds an object, and so on."""
    return {"a": deep(levels - 1)} if levels > 1 else {}


BOMB = "a: &a {x: CANARY}\n" + "\n".join(
    f"{b}: &{b} {{<<: [{9 * f'*{a}, '}]}}" for a, b in ("ab", "bc", "cd")
)

FAULTS = [
    *((docker(entry), NOT_OBJECT) for entry in (None, "CANARY", ["CANARY"], 1, True)),
    *((docker({"auth": auth}), AUTH_NO_TEXT) for auth in (1, ["CANARY"], {"a": "CANARY"}, True)),
    *((docker({"auth": b64(text)}), NO_COLON) for text in ("CANARY", "\0", " ")),
    (docker({"auth": " "}), NOT_BASE64),
    *(
        (docker({"auth": auth}), NOT_BASE64)
        for auth in (
            "CANARY!",
            "CANARYZ",
            "ÄÖ",
            "YTpi*",
            "=",
            "YTo_-w==",
            "dTpwYQ=",
            "dTpw YWI=",
            "dTpwY",
            "dTpwYQ===",
        )
    ),
    (docker({"auth": base64.b64encode(b"u:CANARY\xff").decode()}), NOT_BASE64),
    *((docker({"username": "u", "password": value}), NO_TEXT) for value in (1, ["CANARY"], True)),
    *((docker({"username": value, "password": "CANARY"}), NO_TEXT) for value in (1, {"a": "b"})),
    *((text, BROKEN) for text in ("{CANARY: [", '{"auths": "CANARY')),
    *((text, NEITHER) for text in ("a: CANARY: b", "CANARY: [", "CANARY\0 x", "? [CANARY]\n: b")),
    *((text, TAGGED) for text in ("!CANARY x", "!!set {CANARY}", "a: !reference [CANARY]")),
    ("", "the file is an empty text"),
    *((text, f"the file is {WORD}") for text in ("CANARY", "12", "*CANARY", "1" * 5000, "CANARY\0")),
    ("[CANARY]", "the file is a list with one word"),
    ('"CANARY"', f"the file is a JSON text with {WORD}"),
    ("# CANARY", "the file is YAML with only comments"),
    *(
        (text, "the file is a single value")
        for text in ('!!int ""', '!!float ""', "!!bool x", "!!timestamp x")
    ),
    ("x: 2024-99-99", "the file is an object with the field x"),
    (SIXTIES, "the file is an object with the field a"),
    ("{}", "the file is an empty object"),
    (json.dumps({"auths": []}), "the docker config has `auths` that are a list, not an object"),
    (json.dumps({"auths": "CANARY"}), "the docker config has `auths` that are a text, not an object"),
    (json.dumps({"auths": None}), "the docker config has no password that can be stored"),
    *((text, ALIASES) for text in ("auths: &a {ghcr.io: *a}", BOMB)),
    ("auths:\n  *.CANARY: {}", NEITHER),
    *(
        (f"auths:\n  {key}: {{username: u, password: CANARY}}\n", NO_TEXT_KEY)
        for key in ("5000", "null", "2024-01-01", "yes", "10:20", "1.5", "!!binary Q0FOQVJZ", "!!int '-'")
    ),
    ("type: service_account\nprivate_key: CANARY\nmade: 2024-01-01", GOOGLE_NO_TEXT),
    *((json.dumps({**KIND, **data}), EMPTY_SECRET) for data in ({}, {"data": None}, {"data": {}})),
    (
        json.dumps({**KIND, "data": {"password": "CANARY"}}),
        "the file is a Kubernetes Secret with the field password",
    ),
    (json.dumps({**KIND, "data": {KEY: 1}}), f"the {KEY} of the Kubernetes Secret is not a string"),
    (
        json.dumps({**KIND, "data": {KEY: "CANARY!"}}),
        "the data of the Kubernetes Secret is not base64 of UTF-8 text",
    ),
    *(
        (json.dumps({**KIND, **data}), f"the file is a Kubernetes Secret with {WORD}")
        for data in ({"data": {KEY: b64("CANARY")}}, {"stringData": {KEY: "CANARY"}})
    ),
    (json.dumps({"data": {KEY: "CANARY"}}), f"the file is an AI Core request body with {WORD}"),
    ("[" * 100_000, "the login file is nested more than 50 levels deep"),
    (json.dumps({"data": {KEY: "[" * 100_000}}), "the login file is nested more than 50 levels deep"),
    (json.dumps({"auths": {"ghcr.io": deep(50)}}), "the login file is nested more than 50 levels deep"),
    ("- a\n" * 20_000, "the login file is YAML of more than 20,000 values"),
    ("[{}]" * 1_001, "the login file has more than 1,000 documents"),
    (json.dumps([{}] * 1_001), "the login file has more than 1,000 documents"),
]


@pytest.mark.parametrize(("text", "reason"), FAULTS, ids=range(len(FAULTS)))
def test_files_with_a_fault(text, reason, canary):
    """Whatever is wrong, or the file is, is said in one sentence that repeats no value."""
    error = refused(text)
    assert error.message == f"{reason}. Nothing was sent."
    assert len(f"InvalidFile: {error.message}") <= 100
    assert NOTEBOOK.say(error.next) in (
        "give a docker config.json, a Kubernetes Secret, or the body of AI Core's API.",
        "give it with --password-file FILE, and its user.",
        "check that it is the right file.",
    )
    assert "CANARY" not in str(error)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (basic("", "CANARY"), "the user is missing."),
        (basic("anna", ""), "the password is missing."),
        ({"username": "anna"}, "the password is missing."),
        ({"password": "CANARY"}, "the user is missing."),
        ({"username": "a:b", "password": "CANARY"}, "a colon is not allowed in a user name."),
        (basic("anna", "CANARY\n"), "the password contains a line break at its end."),
        (basic("anna", "CAN\x00ARY"), "the password contains a control character."),
        (basic("anna", "*****"), "the password is a mask, not the real password."),
        (
            basic("<token>", "CANARY"),
            "an identity token cannot pull: AI Core needs user and token.",
        ),
    ],
)
def test_entries_that_are_no_login(entry, reason):
    """An entry whose user or password no registry could be sent is refused under its key, if it is alone."""
    (odd,) = parse_logins(json.dumps(config(**{"a.io": basic("u", "p"), "ghcr.io": entry}))).unusable
    assert (odd.key, f"{odd.reason}.", odd.odd) == ("ghcr.io", f"the entry ghcr.io: {reason}", True)
    error = refused(json.dumps(config(**{"ghcr.io": entry})))
    assert error.message == f"the entry ghcr.io: {reason} Nothing was sent."
    assert NOTEBOOK.say(error.next) == "fix the entry, or remove it."
    assert "CANARY" not in str(error)


@pytest.mark.parametrize("entry", [None, {}, {"auth": 1}, {"auth": "!"}, {"password": "p"}])
def test_a_key_is_made_visible(entry):
    """A key of a foreign file is shown with its unseen characters written out."""
    told = str(refused(docker(entry, "ghcr.io\x1b[2J\n\u202e")))
    assert r"ghcr.io\x1b[2J \u202e" in told
    assert "\x1b" not in told


@pytest.mark.parametrize("part", ["[", "{", '{"a":', "- ", "? ", "a: ", "&a ", "!!a ", '"', "<<: *a\n"])
def test_deep_and_long_files(part):
    """A file that would exhaust a parser is refused like any other, within two seconds."""
    error, milliseconds = processor.tried(lambda: refused(part * 100_000), enough=1500)
    assert "Nothing was sent." in error.message
    assert milliseconds < 2000


def test_a_yaml_file_that_would_run_a_program():
    """YAML is read without Python's own tags."""
    assert TAGGED in refused("!!python/object/apply:os.system [true]").message


def test_found_logins_show_no_password(canary):
    """What was found can be shown and does not change: the logins mask their passwords."""
    found = parse_logins(docker(basic("anna", canary)))
    assert found == FoundLogins("docker config", (RegistryLogin(AuthKey("ghcr.io"), "anna", Secret(canary)),))
    assert_unseen(repr(found), canary)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.kind = "else"


@pytest.mark.parametrize("key", ["\ud800", "a\x1b[2J", "a.io\n", "a\x00"])
def test_a_key_that_no_request_could_carry(key, canary):
    """A key with control characters or half of one is refused when the file is read, and written out."""
    error = refused(docker(basic("anna", canary), key))
    assert ": the key contains " in error.message
    assert error.message.isprintable()


@pytest.mark.parametrize(
    "key", ["https://anna:s3cret@ghcr.io/v1/", "anna:s3/cr@et@ghcr.io", "s3cret@ghcr.io"]
)
@pytest.mark.parametrize("entry", [None, {}, {"auth": "!"}, {"password": "p"}])
def test_a_password_in_a_key_is_not_shown(key, entry):
    """Who wrote user and password into a key does not see them in a message."""
    told = str(refused(docker(entry, key)))
    assert "ghcr.io" in told
    assert "s3" not in told


# Files that name no registry

ECR = base64.b64encode(
    json.dumps({"payload": 200 * "x", "datakey": "y", "version": "2", "type": "DATA_KEY"}).encode()
).decode()
GOOGLE = {
    "type": "service_account",
    "project_id": "acme",
    "private_key": "-----BEGIN PRIVATE KEY-----\nCANARY+/=\nx\n-----END PRIVATE KEY-----\n",
    "client_email": "pull@acme.iam.gserviceaccount.com",
}
BARE = [
    ("anna:s{x}:$y", "user:token pair", "anna", "s{x}:$y"),
    ("  anna:dckr_pat_x\r\n", "user:token pair", "anna", "dckr_pat_x"),
    (f"{ECR}\n", "login password of Amazon ECR", "AWS", ECR),
    (json.dumps(GOOGLE, indent=2), "Google service account key", "_json_key", None),
]


@pytest.mark.parametrize(("text", "kind", "user", "password"), BARE, ids=[case[1] for case in BARE])
def test_a_login_without_a_registry(text, kind, user, password):
    """User and token, an ECR password and a Google key are known, and taken for the registry named."""
    found = parse_logins(text, registry=Registry("r.example"))
    (login,) = found.logins
    assert (found.kind, login.key, login.username) == (kind, "r.example", user)
    assert password in (None, login.password.reveal())
    error = refused(text)
    assert error.message == f"the file is a {kind}; its registry is unknown. Nothing was sent."
    assert NOTEBOOK.say(error.next) == "add --registry HOST"
    assert len(f"InvalidFile: {error.message}") <= 100


def test_a_google_key_is_kept_whole():
    """A Google key becomes a password on one line, and reads back with every line break of its key."""
    (login,) = parse_logins(json.dumps(GOOGLE, indent=2), registry=Registry("europe-docker.pkg.dev")).logins
    assert "\n" not in login.password.reveal()
    assert json.loads(login.password.reveal()) == GOOGLE
    config = json.loads(DockerSecret(SecretName("ab"), (login,)).dockerconfigjson().reveal())
    assert json.loads(config["auths"]["europe-docker.pkg.dev"]["password"]) == GOOGLE


def test_ecr_logins_end():
    """That an ECR login lives for hours only is told."""
    found = parse_logins(ECR, registry=Registry("1.dkr.ecr.eu-central-1.amazonaws.com"))
    assert found.notes == ("ECR logins expire after 12 hours, and AI Core does not renew them.",)


@pytest.mark.parametrize(
    "text",
    [
        "anna:CANARY\nbob:CANARY",
        "anna: CANARY",
        "anna:",
        ":CANARY",
        "https://CANARY",
        '"anna: CANARY"',
        ECR[:100],
        b64(json.dumps({"payload": 300 * "x"})),
        b64(300 * "x"),
        300 * "x",
        300 * "!",
    ],
)
def test_what_is_no_login_without_a_registry(text):
    """Several lines, half a pair, an address and other base64 are not taken for user and token."""
    with pytest.raises(InvalidFile) as caught:
        parse_logins(text, registry=Registry("r.example"))
    assert "CANARY" not in str(caught.value)


def test_the_older_kind_of_docker_config(canary):
    """A .dockercfg has its entries at the top."""
    text = json.dumps({"ghcr.io": {**basic("anna", canary), "email": "a@b.c"}, "a.io": {"auth": ""}})
    found = parse_logins(text)
    assert found.kind == "legacy .dockercfg"
    assert logins_of(text) == [("ghcr.io", "anna", canary)]
    assert len(found.unusable) == 1


# Any file

ALL_WAYS = [way for ways in WAYS.values() for way in ways]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(), SCALARS, max_size=2)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",), exclude_characters=":"), min_size=1)
PAIRS = st.builds("{}:{}".format, WORDS, WORDS)
PARTS = {"auth": PAIRS.map(b64), "username": WORDS, "password": WORDS}
ODD_PARTS = {
    "auth": st.one_of(st.text(), st.binary().map(lambda raw: base64.b64encode(raw).decode()), VALUES),
    "username": st.text() | VALUES,
    "password": st.text() | VALUES,
    "identitytoken": WORDS,
}


@st.composite
def contents(draw):
    """A docker config as docker would write it, with something odd in one of three."""
    entry = [st.fixed_dictionaries({}, optional=PARTS), st.fixed_dictionaries(PARTS)]
    odd = [st.fixed_dictionaries({}, optional=ODD_PARTS), VALUES]
    keys = draw(st.lists(st.text(), max_size=3))
    return {"auths": {key: draw(draw(st.sampled_from([*entry, *entry, *odd]))) for key in keys}}


def read(text):
    """What comes of *text*: logins, or InvalidFile. Everything else is a test that fails."""
    try:
        return parse_logins(text)
    except InvalidFile as error:
        return error


@given(st.text(st.characters(exclude_categories=())))
def test_any_text(text):
    """Arbitrary text gives logins or an InvalidFile, and nothing else."""
    result = read(text)
    assert isinstance(result, FoundLogins) or result.message.endswith(" Nothing was sent.")


@given(contents(), st.sampled_from(ALL_WAYS))
def test_any_file(content, written):
    """Every file of a known kind gives logins with a user and a password, or an InvalidFile."""
    result = read(written(content))
    if isinstance(result, FoundLogins):
        assert all(login.username and login.password.reveal() for login in result.logins)
        assert {login.key for login in result.logins} <= set(content["auths"])
    else:
        assert result.message.endswith(" Nothing was sent.")


@given(st.data(), st.sampled_from(ALL_WAYS))
def test_no_message_repeats_a_password(canary, data, written):
    """Wherever in a file a password stands, no refusal and no shown login repeats it."""
    forms = (
        canary,
        b64(canary),
        b64(f"u:{canary}"),
        b64(f":{canary}"),
        f"{canary}\n",
        [canary],
        {"a": canary},
    )
    entry = st.one_of(
        st.fixed_dictionaries({"auth": st.sampled_from(forms)}),
        st.fixed_dictionaries(
            {"username": st.sampled_from(["u", "", "a:b", 1]), "password": st.sampled_from(forms)}
        ),
        st.sampled_from(forms),
    )
    auths = st.dictionaries(st.sampled_from(["ghcr.io", "a.io"]), entry, min_size=1)
    content = data.draw(auths.map(lambda found: {"auths": found}) | auths)
    text = written(content)
    broken = data.draw(
        st.sampled_from([*4 * [text], text[:-1], f"{text}}}", f"- {text}", text.replace('"', "")])
    )
    result = read(broken)
    assert_unseen(str(result) if isinstance(result, InvalidFile) else repr(result), canary)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("anna:pw@ghcr.io", "ghcr.io"),
        ("anna:pw@registry.example.com:5000", "registry.example.com:5000"),
        ("anna:p@w@GHCR.io", "https://ghcr.io/v2/"),
        ("ghcr.io:ghp-token", "ghcr.io"),
        ("ghcr.io=anna:token", "ghcr.io"),
        ("anna:pw@ghcr.io/acme", "ghcr.io"),
        ("ghcr.io:anna:token", "ghcr.io"),
        ('{"username": "anna", "password": "pw@docker.io"}', "https://index.docker.io/v1/"),
    ],
)
def test_the_host_beside_user_and_token(text, host):
    """The host that was named is no part of user or token; it is said that it stands there."""
    with pytest.raises(InvalidFile) as caught:
        parse_logins(text, registry=Registry.parse(host))
    assert caught.value.what.endswith("with the registry's host in it")
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["anna:pw@acme.com", "anna@ghcr.io:pw", "anna:pw@", "anna:@ghcr.io", "ghcr:pw"]
)
def test_another_host_beside_user_and_token(text):
    """Any other host, or one at another place, may be a part of user or token, and stays."""
    (login,) = parse_logins(text, registry=Registry.parse("ghcr.io")).logins
    assert f"{login.username}:{login.password.reveal()}" == text
