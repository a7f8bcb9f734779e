import base64
import json
from pathlib import Path

import pytest

from aicore_magics.base.files import short_path
from aicore_magics.base.redact import Secret
from aicore_magics.errors import InvalidFile
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.logins.docker_config import NO_PULL, Entry, places, read_configs, registries_in_files

VARIABLES = (
    "DOCKER_AUTH_CONFIG",
    "DOCKER_CONFIG",
    "REGISTRY_AUTH_FILE",
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
)


@pytest.fixture(autouse=True)
def home(own_environment, monkeypatch):
    """A home folder of its own, and none of the variables that lead elsewhere."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return own_environment


def written(place, content):
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return place


def auth(user, password):
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def only(home, entry):
    """The one entry of a config that holds it, or None for a mark."""
    written(home / ".docker" / "config.json", {"auths": {"ghcr.io": entry}})
    (config,) = read_configs()
    assert set(config.entries) | set(config.marks) == {"ghcr.io"}
    return config.entries.get("ghcr.io")


def held_in_frames(error):
    step, held = error.__traceback__, []
    while step:
        if "aicore_magics" in step.tb_frame.f_code.co_filename:
            held.append(repr(step.tb_frame.f_locals))
        step = step.tb_next
    return "\n".join(held)


# Where


def test_where_logins_are_kept(home):
    """Without any variable, the places of docker and podman in the home folder count, docker's first."""
    assert [short_path(place) for place in places()] == [
        "~/.docker/config.json",
        "~/.config/containers/auth.json",
        "~/.dockercfg",
    ]


def test_where_variables_lead(home, monkeypatch):
    """Each variable of docker and podman counts in its place; one file is looked at once."""
    monkeypatch.setenv("DOCKER_CONFIG", "/d")
    monkeypatch.setenv("REGISTRY_AUTH_FILE", "~/a.json")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/c")
    assert [short_path(place) for place in places()] == [
        "/d/config.json",
        "~/a.json",
        "/run/user/7/containers/auth.json",
        "/c/containers/auth.json",
        "~/.dockercfg",
    ]
    monkeypatch.setenv("REGISTRY_AUTH_FILE", "/d/config.json")
    assert [str(place) for place in places()].count("/d/config.json") == 1


def test_empty_variables_lead_nowhere(home, monkeypatch):
    """A variable that is empty is as good as not set."""
    before = places()
    for name in VARIABLES:
        monkeypatch.setenv(name, "")
    assert places() == before


def test_what_is_not_there_is_passed_over(home):
    """No file, no login, no error; those that are there are read in their order."""
    assert read_configs() == ()
    written(home / ".dockercfg", {})
    written(home / ".config" / "containers" / "auth.json", {"auths": {}})
    assert [config.path.name for config in read_configs()] == ["auth.json", ".dockercfg"]


def test_a_place_that_cannot_be_looked_at(home, monkeypatch):
    """A place that cannot be looked at is not there."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/" + 300 * "x")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/\x01")
    assert read_configs() == ()

    def refuse(self):
        raise PermissionError

    monkeypatch.setattr(Path, "exists", refuse)
    assert read_configs() == ()


# What


def test_what_a_config_says(home, canary):
    """Logins, marks, helpers and the store are read; everything else in docker's file is left alone."""
    written(
        home / ".docker" / "config.json",
        {
            "auths": {"ghcr.io": {"auth": auth("anna", canary)}, "quay.io": {}, "a.io": {"email": "a@b.c"}},
            "credsStore": "desktop",
            "credHelpers": {"gcr.io": "gcloud"},
            "HttpHeaders": {"X": "1"},
            "currentContext": "default",
        },
    )
    (config,) = read_configs()
    assert config.entries == {"ghcr.io": Entry("anna", Secret(canary))}
    assert config.marks == ("quay.io", "a.io")
    assert (config.store, config.helpers) == ("desktop", {"gcr.io": "gcloud"})
    assert canary not in repr(config)


@pytest.mark.parametrize(
    "text", ["", " \n", "{}", '{"auths": null, "credHelpers": null, "credsStore": null}']
)
def test_a_config_that_says_nothing(text, home):
    """An empty config is none that is broken: docker takes it, too."""
    written(home / ".docker" / "config.json", text)
    (config,) = read_configs()
    assert (config.entries, config.marks, config.helpers, config.store) == ({}, (), {}, "")


def test_the_file_of_old(home):
    """In `.dockercfg` the servers stand at the top."""
    written(
        home / ".dockercfg", {"https://index.docker.io/v1/": {"auth": auth("bob", "p"), "email": "b@c.d"}}
    )
    (config,) = read_configs()
    assert config.entries == {"https://index.docker.io/v1/": Entry("bob", Secret("p"))}


@pytest.mark.parametrize(
    ("entry", "user", "password"),
    [
        ({"auth": auth("anna", "a:b")}, "anna", "a:b"),
        ({"username": "anna", "password": "p"}, "anna", "p"),
        ({"username": "x", "password": "y", "auth": auth("anna", "p")}, "anna", "p"),
        ({"username": "anna", "password": "p", "auth": ""}, "anna", "p"),
        ({"auth": auth("anna", "p\x00\x00")}, "anna", "p"),
        ({"auth": auth("anna", "p"), "identitytoken": "t"}, "anna", "p"),
        ({"auth": auth("jürgen", "pä€")}, "jürgen", "pä€"),
    ],
)
def test_how_user_and_password_are_read(entry, user, password, home):
    """`auth` wins over the two fields, and is split at its first colon."""
    assert only(home, entry) == Entry(user, Secret(password))


@pytest.mark.parametrize("entry", [{}, {"email": "a@b.c"}, {"auth": ""}, {"auth": None, "username": None}])
def test_a_mark(entry, home):
    """An entry without a login is the mark of a helper that has one."""
    assert only(home, entry) is None


@pytest.mark.parametrize(
    "entry",
    [
        {"identitytoken": "{}"},
        {"auth": auth("00000000-0000-0000-0000-000000000000", ""), "identitytoken": "{}"},
        {"auth": auth("anna", ""), "registrytoken": "{}"},
    ],
)
def test_an_identity_token(entry, home, canary):
    """An entry with a token of another kind and no password cannot be used, and says why."""
    said = {name: text.format(canary) for name, text in entry.items()}
    read = only(home, said)
    assert (read.password, read.fault) == (None, f"ghcr.io {NO_PULL}")
    assert "access token" in NOTEBOOK.say(read.next)
    assert canary not in repr(read)


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("text", "the entry of ghcr.io is not an object"),
        (None, "the entry of ghcr.io is not an object"),
        ([], "the entry of ghcr.io is not an object"),
        ({"auth": 1}, "the entry of ghcr.io has a user or password that is not a string"),
        (
            {"username": "u", "password": 1},
            "the entry of ghcr.io has a user or password that is not a string",
        ),
        ({"auth": "%%%"}, "the entry of ghcr.io has an `auth` that is not base64 of UTF-8 text"),
        ({"auth": "YTp"}, "the entry of ghcr.io has an `auth` that is not base64 of UTF-8 text"),
        ({"auth": "/zr/"}, "the entry of ghcr.io has an `auth` that is not base64 of UTF-8 text"),
        ({"auth": "YW5uYQ=="}, "the entry of ghcr.io has an `auth` without a colon"),
        ({"username": "anna"}, "ghcr.io has no password"),
        ({"auth": auth("anna", "")}, "ghcr.io has no password"),
    ],
)
def test_an_entry_that_is_broken(entry, fault, home):
    """A broken entry says what is wrong with it, and what to do."""
    read = only(home, entry)
    assert (read.password, read.fault) == (None, fault)
    assert NOTEBOOK.say(read.next)


def test_a_broken_entry_hides_no_other(home):
    """Of a config with a broken entry, the others are read."""
    entries = {"a.io": 1, "ghcr.io": {"auth": auth("anna", "p")}}
    written(home / ".docker" / "config.json", {"auths": entries})
    assert read_configs()[0].entries["ghcr.io"] == Entry("anna", Secret("p"))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('{"auths": {"ghcr.io": {"auth": "YTpi"', "is not JSON"),
        (100_000 * "[", "is nested more than 50 levels deep"),
        ([], "is not a JSON object"),
        ("null", "is not a JSON object"),
        ({"auths": []}, None),
        ({"auths": [1]}, "has `auths` that is not an object"),
        ({"auths": "x"}, "has `auths` that is not an object"),
        ({"credHelpers": ["x"]}, "has `credHelpers` that is not an object of strings"),
        ({"credHelpers": {"ghcr.io": 1}}, "has `credHelpers` that is not an object of strings"),
        ({"credsStore": ["x"]}, "has a `credsStore` that is not a string"),
        ("é".encode("latin-1"), "is not UTF-8 text"),
        (1_048_577 * " ", "is larger than 1024 KiB"),
    ],
)
def test_a_file_that_is_broken(content, fault, home):
    """A broken file is named; it is not taken for one that is not there."""
    place = written(
        home / ".docker" / "config.json", content if isinstance(content, (str, list, dict)) else ""
    )
    if isinstance(content, bytes):
        place.write_bytes(content)
    if fault is None:
        assert read_configs()[0].entries == {}
        return
    with pytest.raises(InvalidFile) as caught:
        read_configs()
    error = caught.value
    assert "docker config" in error.message
    assert ".docker/config.json" in error.message
    assert f"{fault}. Nothing was sent." in error.message
    assert NOTEBOOK.say(error.next)
    assert error.__cause__ is error.__context__ is None


@pytest.mark.parametrize("ending", ["", "}, 1"])
def test_a_broken_file_shows_no_password(ending, home, canary):
    """Neither the error on a broken file nor its frames hold what stands in it."""
    text = json.dumps({"auths": {"ghcr.io": {"username": "anna", "password": canary}}})
    written(home / ".docker" / "config.json", (text[:-2] if not ending else text + ending))
    with pytest.raises(InvalidFile) as caught:
        read_configs()
    held = held_in_frames(caught.value)
    assert held
    for form in (canary, json.dumps(canary)[1:-1], repr(canary)[1:-1], repr(json.dumps(canary))[2:-2]):
        assert form not in held
        assert form not in str(caught.value)


def test_a_folder_in_place_of_a_file(home):
    """What is there and cannot be read is broken."""
    (home / ".docker" / "config.json").mkdir(parents=True)
    with pytest.raises(InvalidFile, match="is a folder"):
        read_configs()


# Docker's variable


def variable(monkeypatch, content):
    """What is read with *content* in DOCKER_AUTH_CONFIG."""
    text = content if isinstance(content, str) else json.dumps(content)
    monkeypatch.setenv("DOCKER_AUTH_CONFIG", text)
    return read_configs()


def test_a_variable_with_logins(monkeypatch, home, canary):
    """Docker's variable comes first, and has what docker takes of it: `auth` alone, under any key."""
    written(home / ".docker" / "config.json", {"auths": {"ghcr.io": {"auth": auth("bob", "p")}}})
    first, second = variable(
        monkeypatch,
        {"auths": {"ghcr.io": {"auth": auth("anna", canary)}, "a.io/x": {"Auth": auth("u", "p")}}},
    )
    assert (first.path, first.shown_place, first.fault) == (None, "DOCKER_AUTH_CONFIG", "")
    assert first.entries == {"ghcr.io": Entry("anna", Secret(canary)), "a.io/x": Entry("u", Secret("p"))}
    assert second.shown_place == "~/.docker/config.json"


@pytest.mark.parametrize("content", ["", " ", "null", "{}", {"auths": {}}, {"auths": None}])
def test_a_variable_without_logins(monkeypatch, content):
    """A variable that holds none has no fault, either."""
    configs = variable(monkeypatch, content)
    assert [(config.entries, config.fault) for config in configs] in ([], [({}, "")])


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("CANARY", "it is not a JSON object"),
        ("{}{}", "it is not a JSON object"),
        ("[]", "it is not a JSON object"),
        ("[" * 60, "it is not a JSON object"),
        ({"auths": {}, "credsStore": "CANARY"}, "it has other fields than `auths`"),
        ({"auths": ["CANARY"]}, "its `auths` is not an object of objects"),
        ({"auths": {"a.io": "CANARY"}}, "its `auths` is not an object of objects"),
        ({"auths": {"a.io": {"auth": ""}}}, "the entry of a.io has an empty `auth`"),
        ({"auths": {"a.io": {"AUTH": None}}}, "the entry of a.io has an empty `auth`"),
        ({"auths": {"a.io": {}}}, "the entry of a.io has no `auth`"),
        ({"auths": {"a.io": {"auth": "", "email": "x"}}}, "the entry of a.io has other fields than `auth`"),
        ({"auths": {"a.io": {"email": "x"}}}, "the entry of a.io has other fields than `auth`"),
        (
            {"auths": {"a.io": {"username": "u", "password": "CANARY"}}},
            "the entry of a.io has other fields than `auth`",
        ),
        (
            {"auths": {"a.io": {"auth": auth("u", "CANARY"), "email": "x"}}},
            "the entry of a.io has other fields than `auth`",
        ),
        (
            {"auths": {"a.io": {"auth": "CANARY!"}}},
            "the entry of a.io has an `auth` that is not base64 of UTF-8 text",
        ),
        ({"auths": {"a.io": {"auth": "Q0FOQVJZ"}}}, "the entry of a.io has an `auth` without a colon"),
        ({"auths": {"a.io": {"auth": auth("", "CANARY")}}}, "the entry of a.io has an `auth` without a user"),
        (
            {"auths": {"a.io": {"auth": auth("u", "CANARY")}, "b.io": {}}},
            "the entry of b.io has no `auth`",
        ),
        ({"auths": {f"r{n}.io": {"auth": "dTpw"} for n in range(5_001)}}, "it has more than 5,000 entries"),
    ],
)
def test_a_variable_that_docker_does_not_use(monkeypatch, content, fault):
    """Docker takes nothing from a variable with something wrong in it; the reason is kept, without values."""
    (config,) = variable(monkeypatch, content)
    assert (config.entries, config.keys) == ({}, {})
    assert config.fault == f"docker does not use DOCKER_AUTH_CONFIG: {fault}"


def test_fields_in_capitals(home):
    """Go takes the names of fields in any case."""
    place = home / ".docker" / "config.json"
    written(
        place,
        {"Auths": {"ghcr.io": {"Auth": auth("anna", "p")}}, "CredsStore": "x", "CREDHELPERS": {"a": "b"}},
    )
    (config,) = read_configs()
    assert config.entries == {"ghcr.io": Entry("anna", Secret("p"))}
    assert (config.store, config.helpers) == ("x", {"a": "b"})


def test_the_registries_of_all_files(home):
    """Those with a login, a mark or a helper, each once, in the order of the files; no helper is asked."""
    auths = {"ghcr.io": {"auth": auth("anna", "p")}, "https://index.docker.io/v1/": {}, "no host!": {}}
    written(
        home / ".docker" / "config.json", {"auths": auths, "credHelpers": {"r.io": "x"}, "credsStore": "y"}
    )
    written(home / ".dockercfg", {"https://ghcr.io": {}, "quay.io": {"auth": auth("anna", "p")}})
    assert registries_in_files() == ("ghcr.io", "docker.io", "r.io", "quay.io")
