import base64
import dataclasses
import json
import os
import sys

import pytest

from aicore_magics.base.files import open_to_others
from aicore_magics.base.redact import Secret
from aicore_magics.errors import (
    AICoreError,
    InvalidFile,
    InvalidInput,
    InvalidLogin,
    InvalidRegistry,
    LoginNotFound,
    PromptImpossible,
)
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.logins import sources
from aicore_magics.logins.sources import SOURCES, take_logins, take_users
from aicore_magics.logins.wish import LoginWish, TakenLogins
from aicore_magics.model.docker_secret import AuthKey
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry

HUB_V1 = "https://index.docker.io/v1/"
LINE_BREAK = "The line break at the end of token.txt was removed."


class Answers:
    """Gives the prepared answers, and keeps every question in its order."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def text(self, prompt, *, instead):
        self.asked.append((prompt, NOTEBOOK.say(instead)))
        return self.answers.pop(0)

    def secret(self, prompt):
        self.asked.append((prompt, "secret"))
        return Secret(self.answers.pop(0))


class Nobody:
    """Refuses every question, as a headless run does."""

    def text(self, prompt, *, instead):
        raise PromptImpossible("nobody can be asked", next=instead)

    def secret(self, prompt):
        raise PromptImpossible("nobody can be asked for a password. Nothing was sent.")


def images(*texts):
    return tuple(ImageReference.parse(text) for text in texts)


def told(taken):
    """Key, user and password of each login."""
    return [(login.key, login.username, login.password.reveal()) for login in taken]


def refused(kind, wish, ask):
    with pytest.raises(kind) as caught:
        take_logins(wish, ask)
    assert type(caught.value) is kind
    assert "Nothing was sent." in caught.value.message
    assert NOTEBOOK.say(caught.value.next)
    return caught.value


def assert_unseen(error, canary):
    assert not any(canary[i : i + 4] in str(error) for i in range(len(canary) - 3))


def written(folder, content, name="config.json"):
    place = folder / name
    place.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    place.chmod(0o600)
    return place


def config(**entries):
    """A docker config in which the user `u` has the password given for each key."""
    return {"auths": {key: {"username": "u", "password": password} for key, password in entries.items()}}


@pytest.fixture
def token_file(tmp_path, canary):
    """A password file with a line break at its end."""
    return written(tmp_path, f"{canary}\n", "token.txt")


# One login


def test_everything_is_asked(canary):
    """Where nothing was said, registry, user and password are asked in this order, the password unseen."""
    ask = Answers("https://GHCR.io/", "anna", canary)
    assert told(take_logins(LoginWish(), ask)) == [("ghcr.io", "anna", canary)]
    assert ask.asked == [
        ("Registry, such as ghcr.io: ", "--registry HOST or --image REF"),
        ("User at ghcr.io: ", "--username USER"),
        ("Password or token of anna at ghcr.io: ", "secret"),
    ]


@pytest.mark.parametrize(
    ("wish", "answers", "questions"),
    [
        (LoginWish(registry="ghcr.io"), ("anna", "p"), ["User", "Password"]),
        (LoginWish(username="anna"), ("ghcr.io", "p"), ["Registry,", "Password"]),
        (LoginWish(registry="ghcr.io", username="anna"), ("p",), ["Password"]),
        (LoginWish(images=images("ghcr.io/acme/churn:1.4")), ("anna", "p"), ["User", "Password"]),
        (LoginWish(logins=("ghcr.io=anna",)), ("p",), ["Password"]),
    ],
)
def test_only_what_was_not_said_is_asked(wish, answers, questions):
    """What was said is not asked again."""
    ask = Answers(*answers)
    assert told(take_logins(wish, ask)) == [("ghcr.io", "anna", "p")]
    assert [prompt.split()[0] for prompt, _ in ask.asked] == questions


def test_a_typed_password_is_taken_as_it_is(canary):
    """A typed password keeps its spaces, and is worth no note."""
    taken = take_logins(LoginWish(registry="ghcr.io", username="anna"), Answers(f" {canary} "))
    assert told(taken) == [("ghcr.io", "anna", f" {canary} ")]
    assert taken.notes == ()


@pytest.mark.parametrize(
    ("wish", "answers", "kind", "questions"),
    [
        (LoginWish(), ("ghcr.io/acme/churn",), InvalidRegistry, 1),
        (LoginWish(), ("",), InvalidRegistry, 1),
        (LoginWish(registry="ghcr"), (), InvalidRegistry, 0),
        (LoginWish(registry="ghcr.io"), ("",), InvalidLogin, 1),
        (LoginWish(registry="ghcr.io"), ("a:b",), InvalidLogin, 1),
        (LoginWish(registry="ghcr.io", username="<token>"), (), InvalidLogin, 0),
        (LoginWish(logins=("ghcr.io=anna", "ghcr=bob")), (), InvalidRegistry, 0),
        (LoginWish(logins=("ghcr.io=anna", "quay.io=a:b")), (), InvalidLogin, 0),
        (LoginWish(logins=("ghcr.io=anna", "quay.io=")), (), InvalidLogin, 0),
        (LoginWish(logins=("ghcr.io=anna", "quay.io")), (), InvalidLogin, 0),
        (LoginWish(logins=("=anna",)), (), InvalidRegistry, 0),
        (LoginWish(logins=("ghcr.io=anna",), password_env=("quay.io=A",)), (), InvalidLogin, 0),
        (LoginWish(logins=("ghcr.io=anna",), password_env=("quay=A",)), (), InvalidRegistry, 0),
        (LoginWish(logins=("ghcr.io=a", "quay.io=b"), password_env=("A",)), (), InvalidLogin, 0),
        (LoginWish(logins=("ghcr.io=a", "quay.io=b"), password_file="token.txt"), (), InvalidLogin, 0),
        (LoginWish(username="u", images=images("ghcr.io/a/b", "quay.io/a/b")), (), InvalidRegistry, 0),
        (LoginWish(logins=("ghcr.io=a", "GHCR.io=b")), (), InvalidLogin, 0),
        (LoginWish(logins=("docker.io=a", f"{HUB_V1}=b")), (), InvalidLogin, 0),
        (LoginWish(logins=("ghcr.io=a", "quay.io=b"), password_env=("quay.io=NOPE",)), (), LoginNotFound, 0),
        (LoginWish(logins=("ghcr.io=a", "quay.io=b"), password_env=("quay.io=MASK",)), (), InvalidLogin, 0),
        (LoginWish(logins=("ghcr.io=a",), password_env=("A", "B")), (), InvalidLogin, 0),
        (LoginWish(logins=("ghcr.io=a",), password_env=("A", "GHCR.io=A")), (), InvalidLogin, 0),
        (LoginWish(logins=("ghcr.io=a",), password_env=("A",), password_file="f"), (), InvalidLogin, 0),
    ],
)
def test_what_is_wrong_is_refused_before_a_password_is_asked(wish, answers, kind, questions, monkeypatch):
    """A wrong registry, user or variable costs nobody a typed password."""
    monkeypatch.delenv("NOPE", raising=False)
    monkeypatch.setenv("MASK", "*****")
    ask = Answers(*answers)
    refused(kind, wish, ask)
    assert len(ask.asked) == questions
    assert "secret" not in [instead for _, instead in ask.asked]


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (
            LoginWish(logins=("ghcr.io=a",), password_env=("A", "B")),
            "two variables are given for ghcr.io.",
        ),
        (
            LoginWish(logins=("ghcr.io=a",), password_env=("A",), password_file="f"),
            "a variable and a file are given for one password.",
        ),
        (LoginWish(logins=("ghcr.io=a", "GHCR.io=b")), "two logins have the key ghcr.io;"),
    ],
)
def test_what_was_said_twice(wish, message):
    """Of two variables, or a variable and a file, for one password, neither silently wins."""
    assert refused(InvalidLogin, wish, Nobody()).message.startswith(message)


@pytest.mark.parametrize("password", ["", "*****", "{}\n", "{}\x00"])
def test_a_typed_password_that_cannot_be_stored(password, canary):
    """A typed password that no registry could be sent is refused and not repeated."""
    wish = LoginWish(registry="ghcr.io", username="anna")
    assert_unseen(refused(InvalidLogin, wish, Answers(password.format(canary))), canary)


@pytest.mark.parametrize(
    ("wish", "instead"),
    [
        (LoginWish(), "--registry HOST or --image REF"),
        (LoginWish(registry="ghcr.io"), "--username USER"),
    ],
)
def test_where_nobody_can_be_asked(wish, instead):
    """Where no prompt is possible, the question fails with the option that needs none."""
    assert NOTEBOOK.say(refused(PromptImpossible, wish, Nobody()).next) == instead


def test_nobody_is_asked_for_what_is_known(canary, monkeypatch):
    """With registry, user and variable a headless run needs no prompt."""
    monkeypatch.setenv("GHCR_TOKEN", canary)
    wish = LoginWish(registry="ghcr.io", username="anna", password_env=("GHCR_TOKEN",))
    assert told(take_logins(wish, Nobody())) == [("ghcr.io", "anna", canary)]


def test_a_password_from_a_variable(canary, monkeypatch):
    """A variable may be given alone or with its registry, in any spelling."""
    monkeypatch.setenv("HUB_TOKEN", canary)
    for variable in ("HUB_TOKEN", "docker.io=HUB_TOKEN", f"{HUB_V1}=HUB_TOKEN"):
        wish = LoginWish(registry="hub.docker.com", username="anna", password_env=(variable,))
        assert told(take_logins(wish, Nobody())) == [("https://index.docker.io", "anna", canary)]


@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_holds_nothing(value, monkeypatch):
    """A variable without a password is not made up for by a prompt."""
    monkeypatch.delenv("GHCR_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("GHCR_TOKEN", value)
    ask = Answers("typed")
    error = refused(LoginNotFound, LoginWish(logins=("ghcr.io=a",), password_env=("GHCR_TOKEN",)), ask)
    assert "GHCR_TOKEN" in error.message
    assert ask.asked == []


def test_a_password_from_a_file(token_file, canary):
    """A password file is read without the line break at its end, and a note says so."""
    wish = LoginWish(registry="ghcr.io", username="anna", password_file=str(token_file))
    taken = take_logins(wish, Nobody())
    assert told(taken) == [("ghcr.io", "anna", canary)]
    assert taken.notes == (LINE_BREAK,)
    token_file.chmod(0o644)
    assert take_logins(wish, Nobody()).notes == (
        LINE_BREAK,
        *open_to_others(token_file),
    )


def test_a_password_file_that_is_missing(tmp_path):
    """A missing password file is not made up for by a prompt."""
    ask = Answers("typed")
    wish = LoginWish(registry="ghcr.io", username="anna", password_file=str(tmp_path / "none"))
    assert "does not exist" in refused(InvalidFile, wish, ask).message
    assert ask.asked == []


# The registry of the images


@pytest.mark.parametrize(
    ("texts", "key"),
    [
        (("ghcr.io/acme/churn:1.4", "ghcr.io/acme/other@sha256:" + 64 * "a"), "ghcr.io"),
        (("ubuntu", "docker.io/acme/churn", "index.docker.io/acme/x"), "https://index.docker.io"),
        (("registry.example.com:5000/a",), "registry.example.com:5000"),
    ],
)
def test_the_registry_comes_from_the_images(texts, key):
    """Where no registry was named, it is the one that serves the images."""
    taken = take_logins(LoginWish(username="anna", images=images(*texts)), Answers("p"))
    assert told(taken) == [(key, "anna", "p")]


def test_a_named_registry_is_stronger_than_images():
    """A registry that was named is taken, even if the images come from others."""
    wish = LoginWish(registry="quay.io", username="u", images=images("ghcr.io/a/b", "docker.io/a/b"))
    assert told(take_logins(wish, Answers("p"))) == [("quay.io", "u", "p")]


def test_images_of_two_registries():
    """Images of several registries need a login each; the hint says how."""
    error = refused(InvalidRegistry, LoginWish(images=images("ghcr.io/a/b", "ubuntu")), Answers())
    assert "several registries" in error.message
    assert "--login" in NOTEBOOK.say(error.next)


# Several logins


def test_several_logins(canary, monkeypatch):
    """Each login has its own variable, and is asked for where it has none."""
    monkeypatch.setenv("GHCR_TOKEN", f"{canary}1")
    monkeypatch.setenv("QUAY_TOKEN", f"{canary}2")
    wish = LoginWish(
        logins=("ghcr.io=anna", "hub.docker.com=bob", "quay.io=acme+pull"),
        password_env=("QUAY.io=QUAY_TOKEN", "https://ghcr.io=GHCR_TOKEN"),
    )
    ask = Answers(f"{canary}3")
    assert told(take_logins(wish, ask)) == [
        ("ghcr.io", "anna", f"{canary}1"),
        ("https://index.docker.io", "bob", f"{canary}3"),
        ("quay.io", "acme+pull", f"{canary}2"),
    ]
    assert ask.asked == [("Password or token of bob at docker.io: ", "secret")]


def test_several_logins_are_asked_in_their_order():
    """The passwords of several logins are asked one after the other, each by registry and user."""
    ask = Answers("1", "2")
    taken = take_logins(LoginWish(logins=("quay.io=b", "ghcr.io=a")), ask)
    assert told(taken) == [("quay.io", "b", "1"), ("ghcr.io", "a", "2")]
    assert [prompt for prompt, _ in ask.asked] == [
        "Password or token of b at quay.io: ",
        "Password or token of a at ghcr.io: ",
    ]


@pytest.mark.parametrize(
    "text", ["ghcr.io=anna=hunter2pw", "ghcr.io==hunter2pw", "ghcr.io=anna=", "ghcr.io = anna = hunter2pw"]
)
@pytest.mark.parametrize("take", [take_logins, take_users])
def test_a_password_behind_a_second_sign(text, take):
    """It is taken for no user, repeated nowhere, and to be revoked; the line for a user with a = is named."""
    ask = Answers("typed")
    with pytest.raises(InvalidLogin) as caught:
        take(LoginWish(logins=(text,), images=images("ghcr.io/a/b")), ask)
    told = f"{caught.value.message} {NOTEBOOK.say(caught.value.next)}"
    assert ask.asked == []
    assert "hunter2pw" not in told
    assert "revoke it" in told
    assert told.endswith("--registry HOST and --username USER")
    with_equals = take_users(LoginWish(registry="ghcr.io", username="anna=b"), ask)
    assert [user for _, user in with_equals] == ["anna=b"]


@pytest.mark.parametrize("text", ["ghcr.io", "ghcr.io=", "anna", ""])
def test_how_a_login_is_written(text):
    """A login without both of its parts is refused with an example."""
    error = refused(InvalidLogin, LoginWish(logins=(text,)), Answers())
    assert error.message.startswith("a login is written REGISTRY=USER.")
    assert "ghcr.io=anna" in NOTEBOOK.say(error.next)


def test_a_variable_without_a_login(monkeypatch):
    """A variable for a registry without a login is refused: it was meant for something."""
    error = refused(
        InvalidLogin, LoginWish(logins=("ghcr.io=anna",), password_env=("hub.docker.com=A",)), Answers()
    )
    assert error.message.startswith("a variable is given for docker.io, but no login.")
    assert NOTEBOOK.say(error.next) == "--login docker.io=USER"


def test_one_password_file_for_several_logins():
    """One file cannot hold the passwords of several logins."""
    wish = LoginWish(logins=("ghcr.io=a", "quay.io=b"), password_file="token.txt")
    assert "several logins" in refused(InvalidLogin, wish, Answers()).message


# A file with logins


@pytest.mark.parametrize("registry", ["", "ghcr.io", "https://GHCR.io/v2/"])
def test_the_only_login_of_a_file(registry, tmp_path, canary):
    """A file with one login needs no choice; nobody is asked, and the kind of the file is told."""
    place = written(tmp_path, config(**{"ghcr.io": canary}))
    taken = take_logins(LoginWish(from_file=str(place), registry=registry), Nobody())
    assert told(taken) == [("ghcr.io", "u", canary)]
    assert [login.registry for login in taken] == [AuthKey("ghcr.io")]
    assert taken.notes == ("Read as a docker config.",)


@pytest.mark.parametrize(
    ("registry", "key"),
    [
        *(
            (spelling, HUB_V1)
            for spelling in (HUB_V1, "docker.io", "hub.docker.com", "https://index.docker.io")
        ),
        *((spelling, "ghcr.io") for spelling in ("ghcr.io", "GHCR.IO", "https://ghcr.io/v2/")),
        *((spelling, "r.example:5000") for spelling in ("r.example:5000", "http://R.example:5000/")),
    ],
)
def test_a_login_is_chosen_by_its_registry(registry, key, tmp_path, canary):
    """The login of a registry is found in any spelling, keeps its key, and the others are counted."""
    place = written(
        tmp_path, config(**{HUB_V1: canary, "ghcr.io": canary, "r.example:5000": canary, "*.x.io": "p"})
    )
    taken = take_logins(LoginWish(from_file=str(place), registry=registry), Nobody())
    assert told(taken) == [(key, "u", canary)]
    first, second = taken.notes
    assert first == "Read as a docker config."
    assert second == "1 of 4 entries in the file was used; the others were not checked."


@pytest.mark.parametrize("key", ["ghcr.io/acme", "*.example.com", "docker.io"])
def test_a_login_is_chosen_by_its_key(key, tmp_path):
    """A key as it stands in the file chooses its login alone, even if it is no registry."""
    place = written(tmp_path, config(**dict.fromkeys([HUB_V1, key, "ghcr.io"], "p")))
    taken = take_logins(LoginWish(from_file=str(place), registry=key), Nobody())
    assert [login.key for login in taken] == [key]


def test_how_many_logins_were_left(tmp_path):
    """One or several entries that were used or not are told as one or several."""
    keys = [HUB_V1, "https://index.docker.io", "ghcr.io"]
    place = written(tmp_path, config(**dict.fromkeys(keys, "p")))
    _, told_ = take_logins(LoginWish(from_file=str(place), registry="docker.io"), Nobody()).notes
    assert told_ == "2 of 3 entries in the file were used; the other was not checked."


@pytest.mark.parametrize("registry", ["", "ghcr.io"])
def test_keys_and_users_are_written_out(registry, tmp_path):
    """Keys and users of a foreign file move no text when they are listed, and show no password."""
    entry = {"username": "u\u202e", "password": "p"}
    place = written(tmp_path, {"auths": {"a\u202e": entry, "https://anna:s3cret@quay.io": entry}})
    with pytest.raises((InvalidLogin, LoginNotFound)) as caught:
        take_logins(LoginWish(from_file=str(place), registry=registry), Nobody())
    assert r"a\u202e as u\u202e, https://quay.io as u\u202e." in caught.value.message


@pytest.mark.parametrize(
    "said", [{"registry": "https://GHCR.io"}, {"images": images("ghcr.io/acme/churn:1.4")}, {}]
)
def test_a_file_that_names_no_registry(said, tmp_path, canary):
    """User and token alone are for the registry that was named, or that of the images, or refused."""
    wish = LoginWish(from_file=str(written(tmp_path, "anna:s{x}\n", "token.txt")), **said)
    if not said:
        assert NOTEBOOK.say(refused(InvalidFile, wish, Nobody()).next) == "add --registry HOST"
        return
    taken = take_logins(wish, Nobody())
    assert told(taken) == [("ghcr.io", "anna", "s{x}")]
    assert taken.notes == ("Read as a user:token pair.",)


def test_one_registry_under_two_keys(tmp_path):
    """A registry that a file has under several keys is taken with all of them."""
    keys = [HUB_V1, "https://index.docker.io", "ghcr.io"]
    place = written(tmp_path, config(**dict.fromkeys(keys, "p")))
    taken = take_logins(LoginWish(from_file=str(place), registry="docker.io"), Nobody())
    assert [login.key for login in taken] == keys[:2]


def test_all_logins_of_a_file(tmp_path, canary):
    """All logins of a file are taken if that was said, in their order."""
    place = written(tmp_path, config(**{HUB_V1: canary, "ghcr.io/acme": canary}))
    taken = take_logins(LoginWish(from_file=str(place), take_all=True), Nobody())
    assert told(taken) == [(HUB_V1, "u", canary), ("ghcr.io/acme", "u", canary)]
    assert taken.notes == ("Read as a docker config.",)


def test_several_logins_need_a_choice(tmp_path, canary):
    """Where a file holds several logins, nothing is guessed: keys and users are listed, no password."""
    place = written(tmp_path, config(**{HUB_V1: canary, "ghcr.io": canary}))
    error = refused(InvalidLogin, LoginWish(from_file=str(place)), Answers())
    assert error.message.startswith(f"the file has 2 logins: {HUB_V1} as u, ghcr.io as u.")
    assert NOTEBOOK.say(error.next) == "choose one with --registry, name an --image, or take --all."
    assert_unseen(error, canary)


def test_a_registry_that_a_file_does_not_have(tmp_path, canary):
    """A registry without a login in the file is a LookupError that lists what there is."""
    place = written(tmp_path, config(**{"ghcr.io": canary, "*.example.com": canary}))
    error = refused(LoginNotFound, LoginWish(from_file=str(place), registry="hub.docker.com"), Answers())
    assert isinstance(error, LookupError)
    assert error.message.startswith(
        "the file has no login for docker.io; it has ghcr.io as u, *.example.com as u."
    )
    assert_unseen(error, canary)


def test_what_a_file_leaves_to_be_known(tmp_path, canary):
    """Skipped entries and the rights of the file are told after its kind."""
    content = {
        "auths": {"a.io": {}, "ghcr.io": {"username": "u", "password": canary}},
        "credsStore": "desktop",
    }
    place = written(tmp_path, content)
    place.chmod(0o640)
    assert take_logins(LoginWish(from_file=str(place)), Nobody()).notes == (
        "Read as a docker config.",
        "a.io has no password in the file; docker may keep it in a credential helper.",
        *open_to_others(place),
    )


def test_a_kubernetes_secret_as_file(own_environment, canary):
    """A Kubernetes Secret is read from a path as people write it."""
    content = {
        "kind": "Secret",
        "stringData": {".dockerconfigjson": json.dumps(config(**{"ghcr.io": canary}))},
    }
    written(own_environment, content, "secret.yaml")
    taken = take_logins(LoginWish(from_file="~/secret.yaml"), Nobody())
    assert told(taken) == [("ghcr.io", "u", canary)]
    assert taken.notes == ("Read as a Kubernetes Secret.",)


def test_a_file_as_large_as_it_may_be(tmp_path, canary):
    """A login file of 1 MiB is still read."""
    text = json.dumps(config(**{"ghcr.io": canary}))
    place = written(tmp_path, text + (1_048_576 - len(text.encode())) * " ")
    assert told(take_logins(LoginWish(from_file=str(place)), Nobody())) == [("ghcr.io", "u", canary)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "does not exist"),
        ("{", "is JSON that is cut off"),
        ({"auths": {"ghcr.io": {}}}, "no password that can be stored"),
        (1_048_577 * " ", "larger than 1024 KiB"),
    ],
)
def test_a_file_without_logins(content, reason, tmp_path):
    """A login file that cannot be used is refused with the reason; nothing is asked instead."""
    place = tmp_path / "none.json" if content is None else written(tmp_path, content)
    ask = Answers("typed")
    assert reason in refused(InvalidFile, LoginWish(from_file=str(place)), ask).message
    assert ask.asked == []


# What docker login left


ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
TAKEN = "Taken from docker login: {} as {} (~/.docker/config.json)."


def auth(user, password):
    return {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture
def docker(own_environment, monkeypatch):
    """Gives a function that writes docker's config."""
    for name in ("DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    folder = own_environment / ".docker"
    folder.mkdir()

    def logged_in(entries, **more):
        return written(folder, {"auths": entries, **more})

    return logged_in


@pytest.fixture
def three(docker, canary):
    """Docker is logged in at three registries."""
    docker({HUB_V1: auth("anna", canary), "ghcr.io": auth("bob", "g"), "quay.io": auth("acme+pull", "q")})


@pytest.mark.parametrize(
    ("said", "users"),
    [
        ({"registry": "docker.io"}, {"https://index.docker.io": "anna"}),
        ({"registry": "https://GHCR.io/", "username": "bob"}, {"ghcr.io": "bob"}),
        ({"images": images("ubuntu", "acme/churn:1")}, {"https://index.docker.io": "anna"}),
        (
            {"images": images("quay.io/a/b", "ubuntu")},
            {"quay.io": "acme+pull", "https://index.docker.io": "anna"},
        ),
        ({"logins": ("ghcr.io=bob", "quay.io=acme+pull")}, {"ghcr.io": "bob", "quay.io": "acme+pull"}),
        ({"registry": "ghcr.io", "images": images("quay.io/a/b")}, {"ghcr.io": "bob"}),
    ],
)
def test_only_docker_logins_that_were_named(said, users, three):
    """The logins of the registries that were named are taken, however they were named; nobody is asked."""
    wish = LoginWish(docker_login=True, **said)
    taken = take_logins(wish, Nobody())
    assert {login.key: login.username for login in taken} == users
    assert all(isinstance(login.registry, Registry) for login in taken)
    assert [note.partition(":")[0] for note in taken.notes] == ["Taken from docker login"] * len(users)
    assert [(of.auth_key, user) for of, user in take_users(wish, Nobody())] == list(users.items())


def test_where_a_docker_login_comes_from(three, canary):
    """The note says which login was taken from where, and the password stays unseen."""
    taken = take_logins(LoginWish(docker_login=True, registry="docker.io"), Nobody())
    assert told(taken) == [("https://index.docker.io", "anna", canary)]
    assert taken.notes == (TAKEN.format("docker.io", "anna"),)
    assert_unseen(repr(taken), canary)


@pytest.mark.parametrize("take", [take_logins, take_users])
def test_docker_logins_without_a_name(take, three, canary):
    """Where nothing was named, nothing is taken: registries and users are told."""
    with pytest.raises(LoginNotFound) as caught:
        take(LoginWish(docker_login=True), Nobody())
    assert "docker.io as anna, ghcr.io as bob, quay.io as acme+pull." in caught.value.message
    assert "--registry" in NOTEBOOK.say(caught.value.next)
    assert_unseen(caught.value, canary)


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ({"registry": "ghcr.io", "username": "anna"}, LoginNotFound, "belongs to bob, not to anna"),
        ({"logins": ("ghcr.io=bob", "quay.io=bob")}, LoginNotFound, "belongs to acme+pull, not to bob"),
        ({"registry": "r.example"}, LoginNotFound, "no docker login for r.example; docker logins on this"),
        ({"images": images("ghcr.io/a/b", "r.example/a/b")}, LoginNotFound, "no docker login for r.example;"),
        ({"registry": "ghcr"}, InvalidRegistry, "a registry must have a dot"),
        ({"registry": "ghcr.io", "username": "a:b"}, InvalidLogin, "a colon is not allowed"),
        ({"logins": ("ghcr.io",)}, InvalidLogin, "a login is written REGISTRY=USER."),
        ({"logins": ("ghcr.io=bob", "GHCR.io=bob")}, InvalidLogin, "two logins have the key ghcr.io;"),
    ],
)
def test_docker_logins_that_are_not_there(said, kind, words, three):
    """What was named and is not there is refused, with who is; no other source makes up for it."""
    ask = Answers("typed")
    assert words in refused(kind, LoginWish(docker_login=True, **said), ask).message
    assert ask.asked == []


def test_a_dry_run_reads_no_secret_of_a_helper(docker, tmp_path, monkeypatch):
    """For the users of a dry run, a helper is asked for its list, and for nothing else."""
    asked = tmp_path / "asked"
    place = tmp_path / "docker-credential-note"
    place.write_text(f'#!/bin/sh\necho $1 >> {asked}\necho \'{{"ghcr.io": "anna"}}\'\n')
    place.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    docker({}, credsStore="note")
    wish = LoginWish(docker_login=True, registry="ghcr.io")
    assert take_users(wish, Nobody()) == ((Registry("ghcr.io"), "anna"),)
    assert asked.read_text() == "list\n"


# The keyring


@pytest.fixture
def keyring(monkeypatch):
    """A keyring that keeps a password for each user; gives what it was asked."""
    asked = []

    def password(service, username):
        asked.append((service, username))
        return Secret(f"{service} of {username}")

    monkeypatch.setattr(sources, "keyring_password", password)
    return asked


def test_a_password_of_the_keyring(keyring):
    """The password is that of the login's user under the service; only what else is missing is asked."""
    ask = Answers("anna")
    taken = take_logins(LoginWish(registry="ghcr.io", keyring="work"), ask)
    assert told(taken) == [("ghcr.io", "anna", "work of anna")]
    assert [prompt for prompt, _ in ask.asked] == ["User at ghcr.io: "]
    assert keyring == [("work", "anna")]


def test_several_passwords_of_the_keyring(keyring):
    """Several logins have a password each, by their users; one password is not for two registries."""
    taken = take_logins(LoginWish(logins=("ghcr.io=anna", "quay.io=bob"), keyring="work"), Nobody())
    assert told(taken) == [("ghcr.io", "anna", "work of anna"), ("quay.io", "bob", "work of bob")]
    keyring.clear()
    error = refused(
        InvalidLogin, LoginWish(logins=("ghcr.io=anna", "quay.io=anna"), keyring="work"), Nobody()
    )
    assert "several registries" in error.message
    assert keyring == []


def test_users_need_no_keyring(keyring):
    """For the users of a dry run, the keyring is not asked."""
    wish = LoginWish(registry="ghcr.io", username="anna", keyring="work")
    assert take_users(wish, Nobody()) == ((Registry("ghcr.io"), "anna"),)
    assert keyring == []


def test_a_keyring_without_the_password(monkeypatch):
    """A keyring that has nothing, or is not there, is not made up for by a prompt."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    ask = Answers("typed")
    error = refused(LoginNotFound, LoginWish(registry="ghcr.io", username="anna", keyring="work"), ask)
    assert "not installed" in error.message
    assert ask.asked == []


# One source


def test_the_order_of_sources_can_be_read():
    """Files with whole logins come first, then the places of a password; each option fills a field."""
    assert [option for option, _, _ in SOURCES] == [
        "--from-file",
        "--docker-login",
        "--keyring",
        "--password-env",
        "--password-file",
        "--password-command",
    ]
    assert {field for _, field, _ in SOURCES} <= {field.name for field in dataclasses.fields(LoginWish)}


GIVEN = {
    "--from-file": {"from_file": "f"},
    "--docker-login": {"docker_login": True},
    "--keyring": {"keyring": "work"},
    "--password-env": {"password_env": ("A",)},
    "--password-file": {"password_file": "f"},
    "--password-command": {"password_command": ("not-there",)},
}


@pytest.mark.parametrize("take", [take_logins, take_users])
def test_a_file_beside_users(take, tmp_path):
    """The users of a file stand in it: others that were named beside it are refused, before it is read."""
    wish = LoginWish(from_file=str(tmp_path / "gone.json"), logins=("ghcr.io=bob",))
    with pytest.raises(InvalidLogin) as caught:
        take(wish, Answers())
    assert caught.value.what == "a file has its own users, but --login was given"
    assert NOTEBOOK.say(caught.value.next) == "leave out --login, and choose with --registry."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("--from-file", "--docker-login"),
        ("--docker-login", "--keyring"),
        ("--docker-login", "--password-env"),
        ("--docker-login", "--password-file"),
        ("--from-file", "--keyring"),
        ("--from-file", "--password-env"),
        ("--from-file", "--password-file"),
        ("--keyring", "--password-env"),
        ("--keyring", "--password-file"),
        *((option, "--password-command") for option in list(GIVEN)[:-1]),
    ],
)
def test_two_sources_for_one_login(first, second, keyring):
    """Of two sources neither silently wins: the error names both, before any is looked at."""
    wish = LoginWish(registry="ghcr.io", username="anna", **GIVEN[first], **GIVEN[second])
    error = refused(InvalidLogin, wish, Nobody())
    assert f"{first} and {second} were given" in error.message
    assert NOTEBOOK.say(error.next) == f"leave out {first} or {second}."
    with pytest.raises(InvalidLogin):
        take_users(wish, Nobody())
    assert keyring == []


# Logins that end by themselves

ECR_NOTE = "ECR logins expire after 12 hours, and AI Core does not renew them."


def test_a_short_life_is_told_whatever_the_source(docker, tmp_path, monkeypatch, keyring):
    """Whether typed, or from a variable, a file, the keyring or docker: a short-lived login is told once."""
    monkeypatch.setenv("ECR_TOKEN", "token")
    token = written(tmp_path, "token", "token.txt")
    config_file = written(tmp_path, {"auths": {ECR: {"username": "AWS", "password": "token"}}}, "c.json")
    ecr_token = base64.b64encode(json.dumps({"payload": 300 * "x", "datakey": "y"}).encode()).decode()
    bare = written(tmp_path, ecr_token, "bare.txt")
    docker({ECR: auth("AWS", "token")})
    aws = {"registry": ECR, "username": "AWS"}
    for wish in (
        LoginWish(**aws),
        LoginWish(**aws, password_env=("ECR_TOKEN",)),
        LoginWish(**aws, password_file=str(token)),
        LoginWish(**aws, keyring="work"),
        LoginWish(registry=ECR, docker_login=True),
        LoginWish(from_file=str(config_file)),
        LoginWish(registry=ECR, from_file=str(bare)),
    ):
        notes = take_logins(wish, Answers("typed")).notes
        assert [note for note in notes if "ECR" in note and note.endswith("them.")] == [ECR_NOTE], wish


def test_two_short_lives_are_told_once(monkeypatch):
    """What is the same of two logins is told once."""
    other = ECR.replace("central", "west")
    taken = take_logins(LoginWish(logins=(f"{ECR}=AWS", f"{other}=AWS")), Answers("1", "2"))
    assert taken.notes == (ECR_NOTE,)


# What was taken


def test_taken_logins_show_no_password(canary):
    """What was taken can be shown and gone through; it masks its passwords."""
    taken = take_logins(LoginWish(registry="ghcr.io", username="anna"), Answers(canary))
    assert isinstance(taken, TakenLogins)
    assert [login.registry for login in taken] == [Registry("ghcr.io")]
    assert_unseen(repr(taken), canary)
    for value in (taken, LoginWish()):
        with pytest.raises(dataclasses.FrozenInstanceError):
            value.logins = ()
    with pytest.raises(TypeError):
        LoginWish("ghcr.io")


ODD = ["", " ", "=", "==", "a=b=c", ":", "\x00", "\x1b[2J", 5000 * "a", "ä", "[::1]", "//", "{x}", "~", "\n"]


@pytest.mark.parametrize(
    "field",
    [
        *("registry", "username", "logins", "password_env"),
        *("password_file", "keyring", "from_file", "password_command"),
    ],
)
@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_odd_wishes(text, field):
    """Whatever stands in a wish, it ends as a login or as a refusal that was foreseen."""
    said = {"registry": "ghcr.io", "username": "anna"}
    said[field] = (text,) if field in ("logins", "password_env", "password_command") else text
    try:
        result = take_logins(LoginWish(**said), Answers("anna", "p"))
    except AICoreError as error:
        result = error
    assert isinstance(result, (TakenLogins, InvalidInput, LoginNotFound))
