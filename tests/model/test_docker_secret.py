import base64
import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.base.redact import Secret
from aicore_magics.base.spaces import bare
from aicore_magics.base.tokens import MASK
from aicore_magics.base.unfilled import is_unfilled
from aicore_magics.errors import InvalidInput, InvalidLogin, InvalidRegistry
from aicore_magics.leaks.detectors.judge import login_in_base64
from aicore_magics.logins.docker_config import read_configs
from aicore_magics.logins.file_formats import parse_logins
from aicore_magics.model.docker_secret import (
    MAX_CONFIG_BYTES,
    AuthKey,
    DockerSecret,
    EntryFault,
    RegistryLogin,
    StoredLogin,
    check_username,
    read_auth,
    read_entry,
)
from aicore_magics.model.names import Registry, SecretName
from tests import processor

CASES = json.loads((Path(__file__).parents[1] / "data/bad-inputs.json").read_text("utf-8"))["cases"]
ROWS = [row for row in CASES if row["area"] in ("username", "password")]
NAME = SecretName("team-ghcr")


def value_of(row):
    return eval(row["value_expr"]) if "value_expr" in row else row["value"]


def tried(username, password):
    """The login or the error that *username* and *password* make, and in how many milliseconds."""
    return processor.tried(lambda: RegistryLogin("ghcr.io", username, password), InvalidInput)


def refused(username, password):
    result, _ = tried(username, Secret(password))
    assert isinstance(result, InvalidLogin), "this should have been refused"
    return result


def config_of(*logins):
    return json.loads(DockerSecret(NAME, logins).dockerconfigjson().reveal())


def read_back(login):
    """User and password as a kubelet reads them: from the two fields, and from auth at its first colon."""
    (entry,) = config_of(login)["auths"].values()
    user, _, password = base64.b64decode(entry["auth"], validate=True).decode().partition(":")
    return (entry["username"], entry["password"]), (user, password)


def test_the_case_file_is_whole():
    """No row of the case file is left out unseen."""
    assert [row["area"] for row in ROWS] == 9 * ["username"] + 16 * ["password"]
    assert {end for row in ROWS for end in row["expect"]} == {"accept", "reject", "accept_normalised"}


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in ROWS])
def test_rows(row):
    """Each user and password is taken unchanged, or refused by name, fast, and never repeated."""
    value = value_of(row)
    given_ = (value, "secret") if row["area"] == "username" else ("anna", value)
    result, milliseconds = tried(given_[0], Secret(given_[1]))
    assert milliseconds < 50
    if isinstance(result, RegistryLogin):
        taken = (value.strip(), "secret") if "accept_normalised" in row["expect"] else given_
        assert {"accept", "accept_normalised"} & {*row["expect"]}
        assert read_back(result) == (taken, taken)
    else:
        assert "reject" in row["expect"]
        assert isinstance(result, InvalidLogin)
        assert row["error_mentions"] in result.message
        assert result.message.endswith(" Nothing was sent.")
        assert result.hint
        assert all(len(line) <= 100 for line in f"InvalidLogin: {result}".splitlines())
        if len(value) > 2:
            assert (value.strip() if "must_not_echo" in row else value) not in str(result)
        assert result.__context__ is None


@pytest.mark.parametrize(
    ("username", "mentions"),
    [
        (":", "colon"),
        ("anna:", "colon"),
        ("<token>", "identity token"),
        ("\n", "the user is missing"),
        (" \u00a0\u200b", "the user is missing"),
        ("anna\x00", "control character"),
        ("an\nna", "control character"),
        ("an\x85na", "control character"),
        ("an\ud83dna", "surrogate"),
    ],
)
def test_user_names_that_are_refused(username, mentions):
    """A user name with a colon or with what no registry could be sent is refused, alone and in a login."""
    with pytest.raises(InvalidLogin, match=mentions) as caught:
        check_username(username)
    assert str(caught.value) == str(refused(username, "secret"))


@pytest.mark.parametrize(
    ("password", "mentions"),
    [
        ("***", "the password is a mask"),
        ("••••••••", "the password is a mask"),
        ("●●●", "the password is a mask"),
        ("*•●·∙⋅", "the password is a mask"),
        ("{}\r", "line break at its end"),
        ("{}\r\n", "line break at its end"),
        ("{}\x1b[0m", "control character"),
        ("{}\t{}", "control character"),
        ("\ude00{}", "surrogate"),
        (65_537 * "x", "longer than 64 KiB"),
        (21_846 * "€", "longer than 64 KiB"),
    ],
)
def test_passwords_that_are_refused(password, mentions, canary):
    """A password that nobody meant is refused with the reason, and not repeated."""
    error = refused("anna", password.replace("{}", canary))
    assert mentions in error.message
    assert canary[:5] not in str(error)


@pytest.mark.parametrize(
    "password",
    [
        "x",
        "**",
        "***a",
        " p ",
        "•a•",
        "a:b:c",
        ":",
        "=",
        "\u200bp",
        "p\u2028",
        "<y>&'\"\\",
        "\xa0p",
        "😀",
        65_536 * "x",
        21_845 * "€",
    ],
)
def test_odd_passwords_are_kept(password):
    """What HTTP and JSON can carry is kept letter by letter, spaces and short masks included."""
    login = RegistryLogin("ghcr.io", "robot$ns+x", Secret(password))
    assert read_back(login) == 2 * (("robot$ns+x", password),)


SENDABLE = st.characters(exclude_categories=("Cs", "Cc"))


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=":<"), min_size=1)
    .map(bare)
    .filter(lambda text: text and not is_unfilled(text, "user")),
    st.text(SENDABLE, min_size=1).filter(
        lambda text: not set(text) <= set("*•●·∙⋅") and not is_unfilled(text, "password")
    ),
)
def test_every_login_reads_back(username, password):
    """Whatever user and password are taken, a registry is sent exactly these."""
    login = RegistryLogin("ghcr.io", username, Secret(password))
    assert read_back(login) == 2 * ((username, password),)


@given(st.text(st.characters(exclude_categories=())), st.text(st.characters(exclude_categories=())))
def test_every_other_login_is_refused(username, password):
    """Any user and any password end as a login that reads back, or as an InvalidLogin."""
    result, _ = tried(username, Secret(password))
    if isinstance(result, RegistryLogin):
        assert read_back(result) == 2 * ((bare(username), password),)
    else:
        assert isinstance(result, InvalidLogin)


@pytest.mark.parametrize("turned", [str, str.encode, lambda text: None, lambda text: [text]])
def test_a_password_is_a_secret(turned, canary):
    """A password that is no Secret is a TypeError that says what to do; neither it nor a frame repeats it."""
    with pytest.raises(TypeError, match=r"Secret\.ask") as caught:
        RegistryLogin("ghcr.io", "anna", turned(canary))
    seen = str(caught.value) + "".join(repr(step.frame.f_locals) for step in caught.traceback[1:])
    assert not any(canary[i : i + 4] in seen for i in range(len(canary) - 3))


@pytest.mark.parametrize(
    ("spelling", "key"),
    [
        ("ghcr.io", "ghcr.io"),
        ("https://GHCR.io/v2/", "ghcr.io"),
        ("registry.example.com:5000", "registry.example.com:5000"),
        *((hub, "https://index.docker.io") for hub in ("docker.io", "index.docker.io", "hub.docker.com")),
        ("https://index.docker.io/v1/", "https://index.docker.io"),
        (Registry("quay.io"), "quay.io"),
        (AuthKey("https://index.docker.io/v1/"), "https://index.docker.io/v1/"),
        (AuthKey("*.example.com/team"), "*.example.com/team"),
    ],
)
def test_keys(spelling, key, canary):
    """A registry in any spelling gets the key that SAP documents; a key from a file stays as it stood."""
    login = RegistryLogin(spelling, "anna", Secret(canary))
    assert login.key == key
    assert list(config_of(login)["auths"]) == [key]
    assert login.stored().key == key


def test_a_login_needs_a_registry(canary):
    """What is no registry is refused before user and password are looked at."""
    with pytest.raises(InvalidRegistry):
        RegistryLogin("ghcr.io/acme/churn", "", Secret(canary))


def test_the_json_is_that_of_kubectl(canary):
    """The config is compact JSON, not escaped to ASCII, with username, password, auth in this order."""
    login = RegistryLogin("ghcr.io", "jürgen", Secret("pä$$wört€😀"))
    assert DockerSecret(NAME, (login,)).dockerconfigjson().reveal() == (
        '{"auths":{"ghcr.io":{"username":"jürgen","password":"pä$$wört€😀",'
        '"auth":"asO8cmdlbjpww6QkJHfDtnJ04oKs8J+YgA=="}}}'
    )


def test_several_registries(canary):
    """A secret holds one login for each of several registries, in their order."""
    logins = [
        RegistryLogin(host, f"u-{host}", Secret(canary + host))
        for host in ("quay.io", "docker.io", "ghcr.io")
    ]
    auths = config_of(*logins)["auths"]
    assert list(auths) == ["quay.io", "https://index.docker.io", "ghcr.io"]
    assert [entry["password"] for entry in auths.values()] == [
        canary + host for host in ("quay.io", "docker.io", "ghcr.io")
    ]


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        ("ghcr.io", "https://GHCR.io", "ghcr.io"),
        ("docker.io", "hub.docker.com", "https://index.docker.io"),
        ("docker.io", AuthKey("https://index.docker.io"), "https://index.docker.io"),
    ],
)
def test_two_logins_for_one_key(one, other, key, canary):
    """Two logins that go by one key are refused: JSON would keep only one of them."""
    logins = tuple(RegistryLogin(of, "anna", Secret(canary)) for of in (one, "quay.io", other))
    with pytest.raises(InvalidLogin, match="two logins have the key") as caught:
        DockerSecret(NAME, logins)
    assert f" {key}; " in caught.value.message
    assert canary[:4] not in str(caught.value)


def test_two_logins_for_a_key_that_moves_text():
    """A key that stands twice is shown with its unseen characters written out, and without a password."""
    login = RegistryLogin(AuthKey("https://anna:s3cret@a\u202e"), "u", Secret("p"))
    with pytest.raises(InvalidLogin) as caught:
        DockerSecret(NAME, (login, login))
    assert r" https://a\u202e; " in caught.value.message


@pytest.mark.parametrize("key", ["\ud800", "a\x1b[2J", "a.io\n", "a\x00"])
def test_keys_that_are_refused(key, canary):
    """A key that no request could carry is refused, so that every config can be sent."""
    for registry in (AuthKey(key), Registry(key)):
        with pytest.raises(InvalidLogin, match="the key contains"):
            RegistryLogin(registry, "anna", Secret(canary))


def test_many_logins_are_not_slow(canary):
    """Keys are compared in linear time."""
    logins = tuple(RegistryLogin(AuthKey(f"r{i}.io"), "u", Secret(canary)) for i in range(20_000))
    assert processor.tried(lambda: DockerSecret(NAME, logins), enough=250)[1] < 500


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("https://anna:s3cret@ghcr.io/v1/", "https://ghcr.io/v1/"),
        ("anna:s3/cr@et@ghcr.io", "ghcr.io"),
        ("ghcr.io/acme@sha256:0123", "ghcr.io/acme@sha256:0123"),
        ("*.example.com/team", "*.example.com/team"),
    ],
)
def test_a_password_in_a_key_is_not_shown(key, shown, canary):
    """Of a key that has user and password in it, these are not told; what is sent keeps them."""
    login = RegistryLogin(AuthKey(key), "anna", Secret(canary))
    assert login.stored() == StoredLogin(shown, shown, "anna")
    assert list(json.loads(DockerSecret(NAME, (login,)).masked())["auths"]) == [shown]
    assert list(config_of(login)["auths"]) == [key]


def test_keys_that_only_look_alike(canary):
    """Keys are compared letter by letter, as the kubelet keeps them."""
    keys = ("https://index.docker.io", "https://index.docker.io/v1/", "ghcr.io", "ghcr.io/acme")
    logins = [RegistryLogin(AuthKey(key), "anna", Secret(canary)) for key in keys]
    assert tuple(config_of(*logins)["auths"]) == keys


def test_a_secret_without_a_login():
    """A secret that holds no login is refused."""
    with pytest.raises(InvalidLogin, match="no login"):
        DockerSecret(NAME, ())


def test_the_masked_config(canary):
    """What is shown of a config has its keys and users, and a mask wherever a secret stands."""
    logins = tuple(RegistryLogin(host, "ännä", Secret(canary + host)) for host in ("ghcr.io", "docker.io"))
    shown = DockerSecret(NAME, logins).masked()
    entry = {"username": "ännä", "password": MASK, "auth": MASK}
    assert json.loads(shown) == {"auths": {"ghcr.io": entry, "https://index.docker.io": entry}}
    assert "ännä" in shown
    assert not any(canary[i : i + 4] in shown for i in range(len(canary) - 3))
    assert not any(login.auth.reveal() in shown for login in logins)


def test_the_size_of_a_secret():
    """Logins together may be as large as what Kubernetes keeps in one secret, not a byte larger."""
    assert MAX_CONFIG_BYTES == 1024 * 1024
    logins = [RegistryLogin(f"r{i}.example.com", "u", Secret(21_000 * "€")) for i in range(6)]

    def secret(key):
        return DockerSecret(NAME, (*logins, RegistryLogin(AuthKey(key), "u", Secret("p"))))

    room = MAX_CONFIG_BYTES - len(secret("").dockerconfigjson().reveal().encode())
    fits = secret(room * "k").dockerconfigjson().reveal()
    assert len(fits.encode()) == MAX_CONFIG_BYTES
    assert len(json.loads(fits)["auths"]) == 7
    with pytest.raises(InvalidLogin, match="larger than 1 MiB"):
        secret((room + 1) * "k").dockerconfigjson()


@pytest.mark.parametrize("show", [repr, str, lambda value: repr(dataclasses.asdict(value))])
def test_no_value_shows_its_secret(show, canary):
    """Neither login nor secret nor the config show a password or an auth, however they are shown."""
    login = RegistryLogin("ghcr.io", "anna", Secret(canary))
    secret = DockerSecret(NAME, (login,))
    shown = f"{show(login)}{show(secret)}{secret.dockerconfigjson()!r}{login.auth}"
    assert "anna" in shown
    assert not any(canary[i : i + 4] in shown for i in range(len(canary) - 3))
    assert login.auth.reveal() not in shown


def test_logins_are_compared_by_value(canary):
    """Two logins are equal if registry, user and password are, and cannot be changed."""
    login = RegistryLogin("ghcr.io", "anna", Secret(canary))
    assert login == RegistryLogin(Registry("ghcr.io"), "anna", Secret(canary))
    assert login != dataclasses.replace(login, password=Secret(canary + "!"))
    assert len({AuthKey("ghcr.io"), AuthKey("ghcr.io")}) == 1
    for value in (login, AuthKey("ghcr.io"), DockerSecret(NAME, (login,))):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, dataclasses.fields(value)[0].name, "else")


def test_what_may_be_told_of_a_login(canary):
    """Key, registry and user are told of a login."""
    assert RegistryLogin("hub.docker.com", "anna", Secret(canary)).stored() == StoredLogin(
        "https://index.docker.io", "docker.io", "anna"
    )


# entries of `auths`


WRAPPED = [
    pytest.param(lambda text: text, id="whole"),
    pytest.param(lambda text: f"{text[:4]}\n{text[4:]}\n", id="LF"),
    pytest.param(lambda text: f"{text[:5]}\r\n{text[5:]}", id="CRLF"),
]


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_line_breaks_in_auth_do_not_count_whoever_reads_it(wrapped, tmp_path, monkeypatch):
    """The reader itself, a login file, docker's own config and the scan read a wrapped `auth` alike."""
    password = "zqx" + "Secretword9"
    auth = wrapped(base64.b64encode(f"anna:{password}".encode()).decode())
    config = json.dumps({"auths": {"ghcr.io": {"auth": auth}}})
    (tmp_path / "config.json").write_text(config)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (from_file,) = parse_logins(config).logins
    assert read_entry({"auth": auth}) == ("anna", password)
    assert (from_file.username, from_file.password) == ("anna", Secret(password))
    entry = read_configs()[0].entries["ghcr.io"]
    assert (entry.user, entry.password) == ("anna", Secret(password))
    assert login_in_base64(auth) == ("anna", password)


@pytest.mark.parametrize(
    ("entry", "login"),
    [
        ({}, ("", "")),
        ({"username": "anna", "password": "p"}, ("anna", "p")),
        ({"auth": "", "username": "anna", "password": None}, ("anna", "")),
        ({"auth": "Ym9iOg==", "username": "anna", "password": "p"}, ("bob", "")),
        ({"auth": "YTpiOmM"}, ("a", "b:c")),
        ({"auth": "YTpiAAA="}, ("a", "b")),
        ({"auth": 1}, EntryFault.AUTH_NO_TEXT),
        ({"auth": "YW5uYQ=="}, EntryFault.NO_COLON),
        ({"auth": "Y W5uYQ=="}, EntryFault.NOT_BASE64),
        ({"auth": "/zr/"}, EntryFault.NOT_BASE64),
        ({"username": 1}, EntryFault.NO_TEXT),
        ({"password": ["p"]}, EntryFault.NO_TEXT),
    ],
)
def test_an_entry(entry, login):
    """`auth` wins over the two fields and is split at its first colon; what is wrong is told, not raised."""
    assert read_entry(entry) == login


def test_what_we_write_is_read():
    """The `auth` of each login gives its user and password back."""
    login = RegistryLogin("ghcr.io", "jürgen", Secret("pä:€"))
    assert read_auth(login.auth.reveal(), unpadded=False) == ("jürgen", "pä:€")
