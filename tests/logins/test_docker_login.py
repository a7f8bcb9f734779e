import base64
import json
import os
import sys

import pytest

from aicore_magics.base.files import open_to_others
from aicore_magics.base.redact import Secret
from aicore_magics.errors import InvalidFile, InvalidLogin, LoginNotFound
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.logins import credential_helpers
from aicore_magics.logins.docker_config import NO_PULL
from aicore_magics.logins.docker_login import (
    DockerLogin,
    docker_login_places,
    docker_logins_there,
    find_docker_login,
    find_docker_user,
    list_docker_logins,
)
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry

HUB_V1 = "https://index.docker.io/v1/"
CONFIG = "~/.docker/config.json"
AUTH = "~/.config/containers/auth.json"
GHCR, HUB, QUAY = Registry("ghcr.io"), Registry("docker.io"), Registry("quay.io")
# A helper that keeps the logins of a file, and writes down what it was asked.
HELPER = """#!{python}
import json, sys
said = sys.stdin.read()
with open({asked!r}, "a") as stream:
    stream.write(json.dumps([sys.argv[1], said]) + "\\n")
kept = json.load(open({kept!r}))
if sys.argv[1] == "list":
    print(json.dumps({{server: user for server, (user, _) in kept.items()}}))
elif said in kept:
    user, password = kept[said]
    print(json.dumps({{"ServerURL": said, "Username": user, "Secret": password}}))
else:
    print("credentials not found in native keychain")
    sys.exit(1)
"""


@pytest.fixture(autouse=True)
def home(own_environment, monkeypatch):
    """A home folder of its own, and none of the variables that lead elsewhere."""
    for name in (
        "DOCKER_AUTH_CONFIG",
        "DOCKER_CONFIG",
        "REGISTRY_AUTH_FILE",
        "XDG_RUNTIME_DIR",
        "XDG_CONFIG_HOME",
    ):
        monkeypatch.delenv(name, raising=False)
    return own_environment


def put(home, where, content):
    place = home / where.removeprefix("~/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(content), "utf-8")
    place.chmod(0o600)
    return place


def entry(user, password="p"):
    return {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()}


def auths(**entries):
    return {"auths": entries}


@pytest.fixture
def helper(tmp_path, monkeypatch):
    """Puts a real helper on the PATH, and gives a function that tells what it was asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def keep(logins, name="pass"):
        kept, asked = tmp_path / f"kept-{name}", tmp_path / f"asked-{name}"
        kept.write_text(json.dumps(logins))
        asked.write_text("")
        place = folder / f"docker-credential-{name}"
        place.write_text(HELPER.format(python=sys.executable, asked=str(asked), kept=str(kept)))
        place.chmod(0o755)
        return lambda: [json.loads(line) for line in asked.read_text().splitlines()]

    return keep


@pytest.fixture
def script(tmp_path, monkeypatch):
    """Puts a script for sh on the PATH as a helper."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def put_script(text, name="pass"):
        place = folder / f"docker-credential-{name}"
        place.write_text(f"#!/bin/sh\n{text}\n")
        place.chmod(0o755)

    return put_script


def images(*texts):
    return tuple(ImageReference.parse(text) for text in texts)


def found(registry, **said):
    login, _ = find_docker_login(registry, **said)
    assert isinstance(login, RegistryLogin)
    assert login.registry == registry
    return login.username, login.password.reveal()


def refused(act, kind=LoginNotFound):
    with pytest.raises(kind) as caught:
        act()
    error = caught.value
    assert type(error) is kind
    assert error.message.endswith(" Nothing was sent.")
    assert error.message.count("Nothing was sent.") == 1
    assert NOTEBOOK.say(error.next)
    assert error.__cause__ is error.__context__ is None
    return error


def held_in_frames(error):
    step, held = error.__traceback__, []
    while step:
        if "aicore_magics" in step.tb_frame.f_code.co_filename:
            held.append(repr(step.tb_frame.f_locals))
        step = step.tb_next
    return "\n".join(held)


# In a file


@pytest.mark.parametrize(
    "key", [HUB_V1, "index.docker.io", "docker.io", "https://index.docker.io", "hub.docker.com"]
)
def test_docker_hub_under_all_its_keys(key, home, canary):
    """Docker Hub's login is found under whichever key it was kept, and becomes the one AI Core needs."""
    put(home, CONFIG, auths(**{key: entry("anna", canary), "ghcr.io": entry("bob")}))
    login, notes = find_docker_login(HUB)
    assert (login.key, login.username, login.password) == ("https://index.docker.io", "anna", Secret(canary))
    assert notes == ("Taken from docker login: docker.io as anna (~/.docker/config.json).",)


@pytest.mark.parametrize(
    "key", ["ghcr.io", "https://ghcr.io", "https://ghcr.io/v1/", "https://ghcr.io/v2/", "http://GHCR.io/"]
)
def test_a_registry_in_all_its_spellings(key, home):
    """A login is found under every spelling of its registry."""
    put(home, CONFIG, auths(**{key: entry("anna")}))
    assert found(GHCR) == ("anna", "p")


def test_the_exact_key_comes_first(home):
    """Of two spellings, the one that docker itself looks for counts."""
    put(home, CONFIG, auths(**{"http://ghcr.io": entry("bob"), "ghcr.io": entry("anna")}))
    assert found(GHCR) == ("anna", "p")


def test_the_first_file_that_has_it_counts(home, monkeypatch):
    """Files are looked at in their order; a later one serves what the earlier ones do not have."""
    put(home, CONFIG, auths(**{"ghcr.io": entry("docker")}))
    put(home, AUTH, auths(**{"ghcr.io": entry("podman"), "quay.io": entry("podman")}))
    assert found(GHCR) == ("docker", "p")
    assert found(QUAY) == ("podman", "p")
    monkeypatch.setenv("DOCKER_CONFIG", str(home / "elsewhere"))
    assert found(GHCR) == ("podman", "p")


def test_only_what_was_named_is_taken(home, canary):
    """Nothing of another registry is in what is given."""
    put(home, CONFIG, auths(**{"ghcr.io": entry("anna"), "quay.io": entry("bob", canary)}))
    login, notes = find_docker_login(GHCR)
    assert "bob" not in repr((login, notes))
    assert canary not in repr((login, notes))


def test_a_file_that_others_can_read(home):
    """A file with passwords that other users can read is told."""
    place = put(home, CONFIG, auths(**{"ghcr.io": entry("anna")}))
    place.chmod(0o644)
    _, notes = find_docker_login(GHCR)
    assert notes[1:2] == open_to_others(place)


def test_a_broken_file_is_named(home):
    """A broken file stops the search: a login in it may be the one that is meant."""
    put(home, CONFIG, [])
    put(home, AUTH, auths(**{"ghcr.io": entry("anna")}))
    for act in (lambda: find_docker_login(GHCR), lambda: find_docker_user(GHCR), list_docker_logins):
        assert CONFIG in refused(act, InvalidFile).message


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"auth": "%"}, "the entry of ghcr.io has an `auth` that is not base64"),
        ({"identitytoken": "t"}, f"ghcr.io {NO_PULL}"),
        ({"username": "anna"}, "ghcr.io has no password"),
        ("text", "the entry of ghcr.io is not an object"),
    ],
)
def test_a_bad_entry_is_told_when_it_is_wanted(bad, words, home):
    """A bad entry hides no other; where it is the only one, it is the error, and else a note."""
    put(home, CONFIG, auths(**{"ghcr.io": bad, "quay.io": entry("bob")}))
    assert found(QUAY) == ("bob", "p")
    assert len(find_docker_login(QUAY)[1]) == 1
    for act in (lambda: find_docker_login(GHCR), lambda: find_docker_user(GHCR)):
        assert refused(act).message.startswith(words)
    put(home, AUTH, auths(**{"ghcr.io": entry("anna")}))
    login, notes = find_docker_login(GHCR)
    assert login.username == "anna"
    assert notes[0] == f"Taken from docker login: ghcr.io as anna ({AUTH})."
    assert notes[1].startswith(words)


@pytest.mark.parametrize("password", ["{}\n", "{}\x07"])
def test_a_password_that_cannot_be_stored(password, home, canary):
    """A password that no registry could be sent is refused, and shown nowhere."""
    put(home, CONFIG, auths(**{"ghcr.io": entry("anna", password.format(canary))}))
    error = refused(lambda: find_docker_login(GHCR), InvalidLogin)
    assert canary not in str(error)
    frames = held_in_frames(error)
    assert not [form for form in (canary, repr(canary)[1:-1]) if form in frames]


# Podman's keys with a path


SPACES = auths(
    **{
        "ghcr.io": entry("host"),
        "ghcr.io/acme": entry("acme"),
        "ghcr.io/acme/churn": entry("churn"),
        "docker.io/library": entry("library"),
        "quay.io/team": entry("team"),
    }
)


@pytest.mark.parametrize(
    ("image", "user"),
    [
        ("ghcr.io/acme/churn:1.4", "churn"),
        ("ghcr.io/acme/churn/sub@sha256:" + 64 * "a", "churn"),
        ("ghcr.io/acme/churn2", "acme"),
        ("ghcr.io/acme/x", "acme"),
        ("ghcr.io/acme2/x", "host"),
        ("ghcr.io/other", "host"),
        ("ubuntu", "library"),
        ("quay.io/team/x", "team"),
    ],
)
def test_the_longest_key_that_fits_an_image_counts(image, user, home):
    """Keys with a path match whole segments, as skopeo and podman do it; what is stored is the registry's."""
    put(home, AUTH, SPACES)
    (of,) = images(image)
    assert found(of.registry, images=(of,))[0] == user
    assert find_docker_user(of.registry, images=(of,)) == user


def test_a_key_with_a_path_is_named(home):
    """The note names the key as it stands there."""
    put(home, AUTH, SPACES)
    _, notes = find_docker_login(GHCR, images=images("ghcr.io/acme/x"))
    assert notes == (f"Taken from docker login: ghcr.io/acme as acme ({AUTH}).",)


def test_a_helper_of_the_registry_comes_before_a_path(home, helper):
    """As skopeo and podman have it: the registry's own helper, then keys with a path, then the registry's."""
    helper({"ghcr.io": ["helper", "p"]})
    put(home, AUTH, {**SPACES, "credHelpers": {"ghcr.io": "pass"}})
    acme = images("ghcr.io/acme/x")
    assert found(GHCR, images=acme) == ("helper", "p")
    put(home, AUTH, {**SPACES, "credHelpers": {"ghcr.io": ""}})
    assert found(GHCR, images=acme) == ("acme", "p")
    put(home, AUTH, {**SPACES, "credsStore": "pass"})
    assert (found(GHCR, images=acme), found(GHCR)) == (("acme", "p"), ("helper", "p"))


def test_images_that_need_two_logins(home):
    """Two logins of one registry cannot stand in one secret: neither is silently left out."""
    put(home, AUTH, SPACES)
    both = images("ghcr.io/acme/churn", "ghcr.io/acme/x")
    error = refused(lambda: find_docker_login(GHCR, images=both), InvalidLogin)
    assert "ghcr.io/acme/churn" in error.message
    assert found(GHCR, images=images("ghcr.io/acme/x", "ghcr.io/acme/y", "ubuntu"))[0] == "acme"


def test_two_keys_with_one_login(home):
    """Two keys that hold the same login need but one."""
    put(home, AUTH, auths(**{"ghcr.io/acme": entry("anna"), "ghcr.io/labs": entry("anna")}))
    assert found(GHCR, images=images("ghcr.io/acme/x", "ghcr.io/labs/y")) == ("anna", "p")


def test_a_key_with_a_path_needs_an_image(home):
    """Without an image a key with a path serves nothing; the error names it."""
    put(home, AUTH, auths(**{"ghcr.io/acme": entry("anna")}))
    error = refused(lambda: find_docker_login(GHCR))
    assert (
        "no docker login for ghcr.io; docker logins on this machine: ghcr.io/acme as anna." in error.message
    )


# With a helper


@pytest.mark.parametrize(
    ("config", "server"),
    [
        ({"credsStore": "pass"}, HUB_V1),
        ({"credsStore": "pass"}, "index.docker.io"),
        ({"credHelpers": {HUB_V1: "pass"}}, HUB_V1),
        ({"credHelpers": {"docker.io": "pass"}, "credsStore": "none"}, "docker.io"),
    ],
)
def test_a_helper_has_the_login(config, server, home, helper, canary):
    """A login that a helper keeps is taken under whichever key it is there, and told with the helper."""
    helper({server: ["anna", canary], "ghcr.io": ["bob", "p"]})
    put(home, CONFIG, {"auths": {server: {}}, **config})
    login, notes = find_docker_login(HUB)
    assert (login.key, login.username, login.password) == ("https://index.docker.io", "anna", Secret(canary))
    assert notes == (f"Taken from docker login: docker.io as anna ({CONFIG}, helper pass).",)


@pytest.mark.parametrize(
    "server", ["ghcr.io", "https://ghcr.io", "https://ghcr.io/v1/", "https://ghcr.io/v2/"]
)
def test_the_keys_that_a_helper_is_asked_for(server, home, helper):
    """A helper is asked for one spelling after the other, and for none of another registry."""
    asked = helper({server: ["anna", "p"], "quay.io": ["bob", "p"]})
    put(home, CONFIG, {"credsStore": "pass"})
    assert found(GHCR) == ("anna", "p")
    tried = ["ghcr.io", "https://ghcr.io", "https://ghcr.io/v1/", "https://ghcr.io/v2/"]
    assert asked() == [["get", one] for one in tried[: tried.index(server) + 1]]


def test_the_helper_of_a_server_comes_before_the_store(home, helper):
    """As docker has it: the server's own helper, else the store, else the file."""
    helper({"ghcr.io": ["own", "p"]}, "own")
    helper({"ghcr.io": ["store", "p"], "quay.io": ["store", "p"]}, "store")
    own = {"credHelpers": {"ghcr.io": "own"}}
    file = auths(**{"ghcr.io": entry("file"), "quay.io": entry("file")})
    put(home, CONFIG, {**file, **own, "credsStore": "store"})
    assert (found(GHCR)[0], found(QUAY)[0]) == ("own", "store")
    put(home, CONFIG, {**file, **own})
    assert (found(GHCR)[0], found(QUAY)[0]) == ("own", "file")
    put(home, CONFIG, {**file, "credHelpers": {"ghcr.io": ""}, "credsStore": "store"})
    assert (found(GHCR)[0], found(QUAY)[0]) == ("file", "store")


def test_a_helper_without_the_login(home, helper):
    """What a helper does not have is looked for in the next file, not beside the helper."""
    helper({})
    put(home, CONFIG, {"credsStore": "pass", **auths(**{"ghcr.io": entry("old")})})
    assert "no docker login for ghcr.io" in refused(lambda: find_docker_login(GHCR)).message
    put(home, AUTH, auths(**{"ghcr.io": entry("podman")}))
    assert found(GHCR)[0] == "podman"


def test_an_identity_token_of_a_helper(home, helper, canary):
    """An identity token cannot pull: the error says what to make instead, and shows nothing of it."""
    helper({"acme.azurecr.io": ["<token>", canary]})
    put(home, CONFIG, {"credsStore": "pass"})
    azure = Registry("acme.azurecr.io")
    for act in (lambda: find_docker_login(azure), lambda: find_docker_user(azure)):
        error = refused(act)
        assert error.message == f"acme.azurecr.io {NO_PULL}. Nothing was sent."
        assert "access token" in NOTEBOOK.say(error.next)
        assert canary not in held_in_frames(error)
        assert repr(canary)[1:-1] not in held_in_frames(error)


def test_a_helper_that_is_missing(home):
    """A helper that is not on the PATH is the error, unless a later file has the login: then it is a note."""
    put(home, CONFIG, {"credsStore": "osxkeychain"})
    missing = "docker-credential-osxkeychain is not on the PATH of the Jupyter server."
    for act in (lambda: find_docker_login(GHCR), lambda: find_docker_user(GHCR)):
        assert refused(act).message == f"{missing} Nothing was sent."
    put(home, AUTH, auths(**{"ghcr.io": entry("anna")}))
    login, notes = find_docker_login(GHCR)
    assert (login.username, notes[1]) == ("anna", missing)


def test_a_helper_that_hangs(home, script, monkeypatch):
    """A helper that hangs costs its time once, not once for every key."""
    monkeypatch.setattr(credential_helpers, "TIME_LIMIT", 0.5)
    script("sleep 600")
    put(home, CONFIG, {"credsStore": "pass", "auths": {"ghcr.io": {}, "quay.io": {}}})
    assert "within 0.5 s" in refused(lambda: find_docker_login(GHCR)).message
    assert "within 0.5 s" in refused(lambda: find_docker_user(GHCR)).message
    rows = list_docker_logins()
    assert [row.registry for row in rows] == ["ghcr.io", "quay.io"]
    assert all("within 0.5 s" in row.unusable for row in rows)


def test_a_user_that_only_the_name_tells(home, helper):
    """A helper that gives no user serves the one that was named."""
    helper({"ghcr.io": ["", "p"]})
    put(home, CONFIG, {"credsStore": "pass"})
    assert found(GHCR, username="anna") == ("anna", "p")
    assert "the user is missing" in refused(lambda: find_docker_login(GHCR), InvalidLogin).message
    assert "the user is missing" in refused(lambda: find_docker_user(GHCR), InvalidLogin).message


# The user that was named


def test_a_user_that_was_named_must_be_there(home, helper):
    """Another user's login is not taken; the error says whose is there."""
    put(home, CONFIG, auths(**{"ghcr.io": entry("anna")}))
    for act in (
        lambda: find_docker_login(GHCR, username="bob"),
        lambda: find_docker_user(GHCR, username="bob"),
    ):
        error = refused(act)
        assert error.message == "the docker login for ghcr.io belongs to anna, not to bob. Nothing was sent."
        assert NOTEBOOK.say(error.next).startswith("--username anna,")
    put(home, AUTH, auths(**{"ghcr.io": entry("bob", "b")}))
    assert found(GHCR, username="bob") == ("bob", "b")
    assert found(GHCR) == ("anna", "p")


def test_a_user_is_known_without_the_secret(home, helper):
    """For a user alone, a helper is only asked for its list."""
    asked = helper({"https://ghcr.io": ["anna", "p"]})
    put(home, CONFIG, {"credsStore": "pass"})
    assert find_docker_user(GHCR) == "anna"
    assert find_docker_user(GHCR, username="anna") == "anna"
    assert {action for action, _ in asked()} == {"list"}


def test_a_helper_that_lists_nothing(home, helper):
    """A server's own helper may have a login that it does not list: then the user has to be named."""
    helper({}, "ecr")
    put(home, CONFIG, {"credHelpers": {"ghcr.io": "ecr"}})
    assert find_docker_user(GHCR, username="AWS") == "AWS"
    assert "give --username USER" in NOTEBOOK.say(refused(lambda: find_docker_user(GHCR), InvalidLogin).next)


# Nobody there


def test_no_login_at_all(home):
    """Where there is none, the error names the places that were looked at."""
    expected = f"no docker or podman login on this machine (looked in {CONFIG}, {AUTH}, ~/.dockercfg)"
    assert docker_logins_there() == expected
    error = refused(lambda: find_docker_login(GHCR))
    assert error.message == f"no docker login for ghcr.io; {expected}. Nothing was sent."
    assert docker_login_places() == (CONFIG, AUTH, "~/.dockercfg")
    assert list_docker_logins() == ()


def test_a_registry_that_is_not_there(home, helper):
    """Who is there is named: registries and users, of files and helpers."""
    asked = helper({"quay.io": ["bob", "p"]})
    put(home, CONFIG, {"credsStore": "pass"})
    put(home, AUTH, auths(**{HUB_V1: entry("anna")}))
    error = refused(lambda: find_docker_user(GHCR))
    assert "docker logins on this machine: quay.io as bob, docker.io as anna. " in error.message
    assert {action for action, _ in asked()} == {"list"}


def test_many_logins_are_not_all_named(home):
    """A sentence names a few, and how many more there are."""
    put(home, AUTH, auths(**{f"r{number}.example": entry("u") for number in range(9)}))
    assert docker_logins_there().endswith("r5.example as u and 3 more")


# The list


def test_the_list_of_logins(home, helper, canary):
    """Each login with registry, user and place; of helpers only the list is read, and no secret is in it."""
    asked = helper(
        {HUB_V1: ["anna", canary], f"{HUB_V1}access-token": ["anna", canary], "gcr.io": ["no", canary]}
    )
    gcloud = helper({"gcr.io": ["_dcgcloud_token", canary], "eu.gcr.io": ["other", canary]}, "gcloud")
    put(
        home,
        CONFIG,
        {
            "auths": {HUB_V1: {}, "gone.example": {}},
            "credsStore": "pass",
            "credHelpers": {"gcr.io": "gcloud", "us.gcr.io": "gcloud"},
        },
    )
    bad = {
        "ghcr.io": entry("bob", canary),
        "https://ghcr.io": entry("bob", canary),
        "a.example": {"auth": "%"},
    }
    put(
        home,
        AUTH,
        auths(**{**bad, "quay.io/team": entry("carl", canary), "x.azurecr.io": {"identitytoken": canary}}),
    )
    listed = list_docker_logins()
    assert listed == (
        DockerLogin("docker.io", "anna", f"{CONFIG}, helper pass"),
        DockerLogin("gcr.io", "_dcgcloud_token", f"{CONFIG}, helper gcloud"),
        DockerLogin("us.gcr.io", "", f"{CONFIG}, helper gcloud"),
        DockerLogin("ghcr.io", "bob", AUTH),
        DockerLogin(
            "a.example", "", AUTH, "the entry of a.example has an `auth` that is not base64 of UTF-8 text"
        ),
        DockerLogin("x.azurecr.io", "", AUTH, f"x.azurecr.io {NO_PULL}"),
        DockerLogin("quay.io/team", "carl", AUTH),
    )
    assert asked() == [["list", "unused"]]
    assert gcloud() == [["list", "unused"]]
    assert canary not in repr(listed)
    assert [str(login) for login in listed[:3]] == [
        "docker.io as anna",
        "gcr.io as _dcgcloud_token",
        "us.gcr.io",
    ]


def test_a_store_that_cannot_be_asked(home):
    """The logins of a store that is missing are listed from docker's marks, with what is wrong."""
    put(home, CONFIG, {"credsStore": "desktop.exe", "auths": {HUB_V1: {}}})
    (row,) = list_docker_logins()
    assert (row.registry, row.username, row.where) == ("docker.io", "", f"{CONFIG}, helper desktop.exe")
    assert row.unusable == "docker-credential-desktop.exe is not on the PATH of the Jupyter server"
    put(home, CONFIG, {"credsStore": "desktop.exe"})
    (row,) = list_docker_logins()
    assert row.registry == "any registry"


def test_odd_keys_and_users_are_written_out(home):
    """What stands in a foreign file moves no text, and a password in a key is not shown."""
    put(home, AUTH, auths(**{"https://anna:s3cret@quay.io/x": entry("u\u202e")}))
    (row,) = list_docker_logins()
    assert row.registry == "https://quay.io/x"
    assert str(row) == r"https://quay.io/x as u\u202e"


# Docker's variable


def set_variable(monkeypatch, content):
    monkeypatch.setenv("DOCKER_AUTH_CONFIG", json.dumps(content))


def test_the_variable_comes_first(home, monkeypatch, helper, canary):
    """Docker asks its variable before helper and file, for the exact key; for any other it goes on there."""
    asked = helper({"quay.io": ["bob", "q"], "gcr.io": ["carl", "g"]})
    put(home, CONFIG, {"credHelpers": {"gcr.io": "pass"}, "credsStore": "pass"})
    set_variable(monkeypatch, auths(**{"gcr.io": entry("anna", canary), HUB_V1: entry("hub", "h")}))
    login, (taken,) = find_docker_login(Registry("gcr.io"))
    assert (login.username, login.password) == ("anna", Secret(canary))
    assert taken == "Taken from docker login: gcr.io as anna (DOCKER_AUTH_CONFIG)."
    assert found(HUB) == ("hub", "h")
    assert asked() == []
    assert found(QUAY) == ("bob", "q")


@pytest.mark.parametrize(
    ("key", "registry", "exact"),
    [
        ("https://ghcr.io", GHCR, "ghcr.io"),
        ("https://ghcr.io/v1/", GHCR, "ghcr.io"),
        ("docker.io", HUB, HUB_V1),
        ("https://index.docker.io", HUB, HUB_V1),
        ("index.docker.io", HUB, HUB_V1),
    ],
)
def test_a_key_that_docker_does_not_look_for(key, registry, exact, home, monkeypatch):
    """Another spelling in the variable is not used, as docker does not, and told beside what is found."""
    set_variable(monkeypatch, auths(**{key: entry("anna")}))
    told = f"DOCKER_AUTH_CONFIG has {key}, but docker looks for {exact} there"
    assert refused(lambda: find_docker_login(registry)).what == told
    put(home, CONFIG, auths(**{exact: entry("bob", "q")}))
    login, notes = find_docker_login(registry)
    assert login.username == "bob"
    assert f"{told}." in notes


def test_a_variable_that_docker_does_not_use(home, monkeypatch):
    """Docker goes on to helper and file; why it does so is told, and shown in the list."""
    set_variable(monkeypatch, {"auths": {"ghcr.io": {"username": "u", "password": "CANARY"}}})
    told = "docker does not use DOCKER_AUTH_CONFIG: the entry of ghcr.io has other fields than `auth`"
    error = refused(lambda: find_docker_login(GHCR))
    assert (error.what, error.hint) == (told, "fix DOCKER_AUTH_CONFIG, or unset it.")
    assert list_docker_logins() == (DockerLogin("any registry", "", "DOCKER_AUTH_CONFIG", unusable=told),)
    put(home, CONFIG, auths(**{"ghcr.io": entry("bob", "q")}))
    login, notes = find_docker_login(GHCR)
    assert login.username == "bob"
    assert f"{told}." in notes


def test_the_variable_in_the_list(monkeypatch):
    """Its logins are listed, found by their user, and the variable is one of the places."""
    set_variable(monkeypatch, auths(**{"ghcr.io": entry("anna")}))
    assert list_docker_logins() == (DockerLogin("ghcr.io", "anna", "DOCKER_AUTH_CONFIG"),)
    assert find_docker_user(GHCR) == "anna"
    assert docker_login_places()[0] == "DOCKER_AUTH_CONFIG"
    monkeypatch.delenv("DOCKER_AUTH_CONFIG")
    assert docker_login_places()[0] == CONFIG


def test_a_google_key_of_docker_login(home, monkeypatch, helper):
    """A Google key with its line breaks is put on one line from the file, the variable and a helper."""
    key = {"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\nx\n"}
    kept = entry("_json_key", json.dumps(key, indent=2))
    put(home, CONFIG, {**auths(**{"ghcr.io": kept}), "credHelpers": {"gcr.io": "pass"}})
    set_variable(monkeypatch, auths(**{"quay.io": kept}))
    helper({"gcr.io": ["_json_key", json.dumps(key, indent=2)]})
    for registry in (GHCR, QUAY, Registry("gcr.io")):
        login, _ = find_docker_login(registry)
        assert json.loads(login.password.reveal()) == key
        assert "\n" not in login.password.reveal()
        assert login.password.notes == ("The JSON key was put on one line; its content is unchanged.",)
