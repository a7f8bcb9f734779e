import dataclasses
import json

import pytest

from aicore_magics.docker_secret import AuthKey
from aicore_magics.errors import (
    AICoreError,
    InvalidFile,
    InvalidInput,
    InvalidLogin,
    InvalidRegistry,
    LoginNotFound,
    PromptImpossible,
)
from aicore_magics.images import ImageReference
from aicore_magics.names import Registry
from aicore_magics.redact import Secret
from aicore_magics.registry.login_sources import LoginWish, TakenLogins, take_logins

HUB_V1 = "https://index.docker.io/v1/"
LINE_BREAK = "The line break at the end of token.txt was left out."


class Answers:
    """Gives the prepared answers, and keeps every question in its order."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def text(self, prompt, *, instead):
        self.asked.append((prompt, instead))
        return self.answers.pop(0)

    def secret(self, prompt):
        self.asked.append((prompt, "secret"))
        return Secret(self.answers.pop(0))


class Nobody:
    """Refuses every question, as a headless run does."""

    def text(self, prompt, *, instead):
        raise PromptImpossible("nobody can be asked. Nothing was sent.", hint=instead)

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
    assert caught.value.hint
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
        (LoginWish(logins=("ghcr.io=a", "GHCR.io=b")), "two logins go by the key ghcr.io;"),
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
    assert refused(PromptImpossible, wish, Nobody()).hint == instead


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
        "token.txt can be read by other users of this machine: chmod 600 token.txt",
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
    assert "--login" in error.hint


# Several logins


def test_several_logins(canary, monkeypatch):
    """Each login has its own variable, and is asked for where it has none."""
    monkeypatch.setenv("GHCR_TOKEN", f"{canary}1")
    monkeypatch.setenv("QUAY_TOKEN", f"{canary}2")
    wish = LoginWish(
        logins=("ghcr.io=anna", "hub.docker.com=bob", "quay.io=acme=pull"),
        password_env=("QUAY.io=QUAY_TOKEN", "https://ghcr.io=GHCR_TOKEN"),
    )
    ask = Answers(f"{canary}3")
    assert told(take_logins(wish, ask)) == [
        ("ghcr.io", "anna", f"{canary}1"),
        ("https://index.docker.io", "bob", f"{canary}3"),
        ("quay.io", "acme=pull", f"{canary}2"),
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


@pytest.mark.parametrize("text", ["ghcr.io", "ghcr.io=", "anna", ""])
def test_how_a_login_is_written(text):
    """A login without both of its parts is refused with an example."""
    error = refused(InvalidLogin, LoginWish(logins=(text,)), Answers())
    assert error.message.startswith("a login is written REGISTRY=USER.")
    assert "ghcr.io=anna" in error.hint


def test_a_variable_without_a_login(monkeypatch):
    """A variable for a registry without a login is refused: it was meant for something."""
    error = refused(
        InvalidLogin, LoginWish(logins=("ghcr.io=anna",), password_env=("hub.docker.com=A",)), Answers()
    )
    assert error.message.startswith("a variable is given for docker.io, but no login.")
    assert error.hint == "--login docker.io=USER"


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
    """The login of a registry is found in any spelling, keeps its key, and the others are told to stay."""
    place = written(
        tmp_path, config(**{HUB_V1: canary, "ghcr.io": canary, "r.example:5000": canary, "*.x.io": "p"})
    )
    taken = take_logins(LoginWish(from_file=str(place), registry=registry), Nobody())
    assert told(taken) == [(key, "u", canary)]
    first, second = taken.notes
    assert first == "Read as a docker config."
    assert second == "1 of 4 logins in the file was used; the others stay on this machine."


@pytest.mark.parametrize("key", ["ghcr.io/acme", "*.example.com", "docker.io"])
def test_a_login_is_chosen_by_its_key(key, tmp_path):
    """A key as it stands in the file chooses its login alone, even if it is no registry."""
    place = written(tmp_path, config(**dict.fromkeys([HUB_V1, key, "ghcr.io"], "p")))
    taken = take_logins(LoginWish(from_file=str(place), registry=key), Nobody())
    assert [login.key for login in taken] == [key]


def test_how_many_logins_were_left(tmp_path):
    """One or several logins that were used or stay are told as one or several."""
    keys = [HUB_V1, "https://index.docker.io", "ghcr.io"]
    place = written(tmp_path, config(**dict.fromkeys(keys, "p")))
    _, told_ = take_logins(LoginWish(from_file=str(place), registry="docker.io"), Nobody()).notes
    assert told_ == "2 of 3 logins in the file were used; the other stays on this machine."


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
        assert refused(InvalidFile, wish, Nobody()).hint == "add --registry HOST"
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
    assert error.message.startswith(f"the file holds 2 logins: {HUB_V1} as u, ghcr.io as u.")
    assert error.hint == "choose one with --registry, or take --all."
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
        "a.io has no password in the file: docker keeps it in a credential helper.",
        "config.json can be read by other users of this machine: chmod 600 config.json",
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
        ("{", "neither JSON nor YAML"),
        ({"auths": {"ghcr.io": {}}}, "no password that could be stored"),
        (1_048_577 * " ", "larger than 1024 KiB"),
    ],
)
def test_a_file_without_logins(content, reason, tmp_path):
    """A login file that cannot be used is refused with the reason; nothing is asked instead."""
    place = tmp_path / "none.json" if content is None else written(tmp_path, content)
    ask = Answers("typed")
    assert reason in refused(InvalidFile, LoginWish(from_file=str(place)), ask).message
    assert ask.asked == []


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
    "field", ["registry", "username", "logins", "password_env", "password_file", "from_file"]
)
@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_odd_wishes(text, field):
    """Whatever stands in a wish, it ends as a login or as a refusal that was foreseen."""
    said = {"registry": "ghcr.io", "username": "anna"}
    said[field] = (text,) if field in ("logins", "password_env") else text
    try:
        result = take_logins(LoginWish(**said), Answers("anna", "p"))
    except AICoreError as error:
        result = error
    assert isinstance(result, (TakenLogins, InvalidInput, LoginNotFound))
