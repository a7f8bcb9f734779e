"""Every door that a registry login comes in by, with placeholders and with spaces in each of its fields."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from aicore_magics import actions
from aicore_magics.actions import CheckOptions
from aicore_magics.base.redact import Secret
from aicore_magics.errors import InvalidFile, InvalidLogin, InvalidRegistry
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.jupyter.form.entries import FILE, Fields
from aicore_magics.logins import sources
from aicore_magics.logins.sources import take_logins
from aicore_magics.logins.wish import LoginWish
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry

REGISTRY, USER = "ghcr.io", "anna"
FIELD = Path(__file__).parents[1] / "data/field"


class Answers:
    """Gives the prepared answers, as they were typed."""

    def __init__(self, *answers):
        self._answers = iter(answers)

    def text(self, prompt, *, instead):
        return next(self._answers)

    def secret(self, prompt):
        return Secret(next(self._answers))


class Around:
    """A folder and an environment to leave a login in."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.monkeypatch = folder, monkeypatch
        self.forms = []

    def form(self):
        """The fields of a form, to be closed at the end: no timer of a password goes on."""
        self.forms.append(Fields(""))
        return self.forms[-1]

    def write(self, name, text):
        place = self.folder / name
        place.write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
        place.chmod(0o600)
        return str(place)

    def from_file(self, text, **more):
        (login,) = take_logins(LoginWish(from_file=self.write("login", text), **more), Answers())
        return login


def only(taken):
    (login,) = taken
    return login


def python(around, registry, user, password):
    return RegistryLogin(registry, user, Secret(password))


def typed(around, registry, user, password):
    return only(take_logins(LoginWish(registry=registry, username=user), Answers(password)))


def prompts(around, registry, user, password):
    return only(take_logins(LoginWish(), Answers(registry, user, password)))


def image(around, registry, user, password):
    image = ImageReference.parse(f"{REGISTRY}/acme/churn:1")
    return only(take_logins(LoginWish(username=user, images=(image,)), Answers(password)))


def login_option(around, registry, user, password):
    return only(take_logins(LoginWish(logins=(f"{registry}={user}",)), Answers(password)))


def variable(around, registry, user, password):
    around.monkeypatch.setenv("GHCR_TOKEN", password)
    wish = LoginWish(registry=registry, username=user, password_env=("GHCR_TOKEN",))
    return only(take_logins(wish, Answers()))


def variable_of_registry(around, registry, user, password):
    around.monkeypatch.setenv("GHCR_TOKEN", password)
    wish = LoginWish(logins=(f"{registry}={user}",), password_env=(f"{registry}=GHCR_TOKEN",))
    return only(take_logins(wish, Answers()))


def password_file(around, registry, user, password):
    wish = LoginWish(registry=registry, username=user, password_file=around.write("token", password))
    return only(take_logins(wish, Answers()))


def keyring(around, registry, user, password):
    around.monkeypatch.setattr(sources, "keyring_password", lambda service, username: Secret(password))
    return only(take_logins(LoginWish(registry=registry, username=user, keyring="team"), Answers()))


def auths(registry, user, password):
    return {"auths": {registry: {"username": user, "password": password}}}


def docker_config(around, registry, user, password):
    return around.from_file(auths(registry, user, password))


def docker_config_auth(around, registry, user, password):
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    return around.from_file({"auths": {registry: {"auth": auth}}})


def kubernetes_secret(around, registry, user, password):
    text = json.dumps(auths(registry, user, password))
    return around.from_file({"kind": "Secret", "stringData": {".dockerconfigjson": text}})


def api_body(around, registry, user, password):
    text = json.dumps(auths(registry, user, password))
    return around.from_file({"name": "team", "data": {".dockerconfigjson": text}})


def docker_login(around, registry, user, password):
    folder = around.folder / "docker"
    folder.mkdir(exist_ok=True)
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    (folder / "config.json").write_text(json.dumps({"auths": {REGISTRY: {"auth": auth}}}), "utf-8")
    around.monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    return only(take_logins(LoginWish(registry=registry, docker_login=True), Answers()))


def helper(around, registry, user, password):
    answer = json.dumps({"ServerURL": REGISTRY, "Username": user, "Secret": password})
    around.write("answer", answer)
    place = around.folder / "docker-credential-here"
    place.write_text(f"#!/bin/sh\ncat '{around.folder / 'answer'}'\n", "utf-8")
    place.chmod(0o755)
    around.monkeypatch.setenv("PATH", str(around.folder), prepend=os.pathsep)
    around.write("config.json", {"credHelpers": {REGISTRY: "here"}})
    around.monkeypatch.setenv("DOCKER_CONFIG", str(around.folder))
    return only(take_logins(LoginWish(registry=registry, docker_login=True), Answers()))


def form(around, registry, user, password):
    """What the form takes, or what it says below the field that is wrong."""
    fields = around.form()
    fields.name.value, fields.registry.value, fields.user.value = "team", registry, user
    fields.password.value = Secret(password)
    entries = fields.read()
    if entries is None:
        said = " ".join(each.widget.description for each in (fields.registry, fields.user)) + str(
            fields.password.widget.get_state()
        )
        raise InvalidLogin(said.replace("&lt;", "<").replace("&gt;", ">"))
    return only(take_logins(entries.wish, entries))


TYPED = [python, typed, prompts, login_option, variable, variable_of_registry, password_file, keyring, form]
# The key stands in the file; at those of the second row the registry only chooses.
FILES = [docker_config, docker_config_auth, kubernetes_secret, api_body]
CHOOSING = [docker_login, helper]
DOORS = [*TYPED, *FILES, *CHOOSING]
PLACEHOLDERS = {
    "registry": (
        "<DOCKER REGISTRY>",
        "YOUR_DOCKER_REGISTRY_URL",
        "${REGISTRY}",
        "your.private.registry",
        "{{r}}",
    ),
    "user": ("<USERNAME>", "YOUR_DOCKER_USERNAME", "${USER}", "%USERNAME%", "{{ user }}", "INSERT_USER_HERE"),
    "password": (
        "<TOKEN>",
        "YOUR_DOCKER_ACCESS_TOKEN",
        "${TOKEN}",
        "$(cat t)",
        "your-token-here",
        "xxxx",
        "TODO",
    ),
}
SAID = {"registry": "registry", "user": "user name", "password": "password"}


@pytest.fixture
def around(tmp_path, monkeypatch):
    around = Around(tmp_path, monkeypatch)
    yield around
    for fields in around.forms:
        fields.password.widget.close()


@pytest.mark.parametrize("field", PLACEHOLDERS)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_placeholder_is_refused_at_every_door(door, field, around, canary):
    """A placeholder is refused before anything is sent, with the field's name, and is not repeated."""
    for text in PLACEHOLDERS[field]:
        login = {"registry": REGISTRY, "user": USER, "password": canary, field: text}
        with pytest.raises((InvalidLogin, InvalidRegistry, InvalidFile)) as caught:
            door(around, **login)
        assert f"{SAID[field]} is only a placeholder, such as <" in caught.value.message
        assert caught.value.message.endswith("Nothing was sent.")
        assert canary not in str(caught.value)
        if field == "password":
            assert text not in str(caught.value).replace("such as <TOKEN>", "")


def test_the_body_of_documentation(around):
    """A body for AI Core's API as documentation has it is refused for its first placeholder."""
    with pytest.raises(InvalidFile, match="registry is only a placeholder"):
        around.from_file((FIELD / "D53-placeholder2.json").read_text("utf-8"))


SPACED = {" ": "{} ", "tab": "\t{}", "nbsp": "\u00a0{}\u00a0", "zero width": "{}\u200b", "BOM": "\ufeff{}"}


@pytest.mark.parametrize("space", SPACED)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_spaces_around_registry_and_user(door, space, around, canary):
    """Spaces around a user, and around a registry that is typed, do not count, whatever kind they are."""
    registry = REGISTRY if door in FILES else SPACED[space].format(REGISTRY)
    login = door(around, registry, SPACED[space].format(USER), canary)
    assert (str(login.registry), login.username) == (REGISTRY, USER)
    assert login.password == Secret(canary)
    assert login.notes == ()


@pytest.mark.parametrize(
    ("spaced", "ends"),
    [(" {}", "begins"), ("{} ", "ends"), ("\u00a0{}\u2003", "begins and ends"), ("{}\u200b", "ends")],
)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_spaces_around_a_password(door, spaced, ends, around, canary):
    """A password that begins or ends with a space keeps it, and this is said, without the password."""
    login = door(around, REGISTRY, USER, spaced.replace("{}", canary))
    assert login.password == Secret(spaced.replace("{}", canary))
    assert login.notes == (f"The password for ghcr.io {ends} with a space. The space was kept.",)


def test_the_note_reaches_the_result(sandbox, tenant, canary):
    """That a space was kept is told by what was stored, by a dry run and by a check alike."""
    login = RegistryLogin(sandbox.registry.host, "anna", Secret(f" {canary}"))
    note = f"The password for {sandbox.registry.host} begins with a space. The space was kept."
    skip = CheckOptions(skip=True)
    assert note in actions.create_docker_secret(tenant, "team", [login], checking=skip).notes
    assert note in actions.dry_run_docker_secret(tenant, "team", [login]).notes
    assert note in actions.check_image((), [login], tenant=tenant).notes


SPACED_NAME = "\u00a0team \u200b"


def test_names_in_python(sandbox, tenant, canary):
    """Every function that takes the name of a secret, an image or a host leaves out the spaces around it."""
    host, skip = f" {sandbox.registry.host}\u00a0", CheckOptions(skip=True, realms=[" auth.example.com\t"])
    login = RegistryLogin(host, "\tanna ", Secret(canary))
    image = f"\ufeff{sandbox.registry.host}/acme/churn:1.4 "
    given = {"images": [image], "checking": skip}
    assert actions.create_docker_secret(tenant, SPACED_NAME, [login], **given).name == "team"
    assert actions.apply_docker_secret(tenant, SPACED_NAME, [login], **given).name == "team"
    assert actions.update_docker_secret(tenant, SPACED_NAME, [login], **given).name == "team"
    assert actions.dry_run_docker_secret(tenant, SPACED_NAME, [login]).name == "team"
    users = [(Registry.typed(host), " anna ")]
    assert actions.script_docker_secret(tenant, SPACED_NAME, users, form="curl").name == "team"
    assert actions.show_docker_secret(tenant, SPACED_NAME).exists
    assert "Delete team from" in str(actions.deletion_question(tenant, SPACED_NAME))
    assert actions.delete_docker_secret(tenant, SPACED_NAME).name == "team"
    assert actions.check_image(image, [], tenant=tenant).verdicts[0].image == image.strip("\ufeff ")
    assert skip.realms == ("auth.example.com",)
    same = actions.connect_with(sandbox.service_key, resource_group=" default\u00a0", sandbox=True)
    assert str(same.resource_group) == "default"
    same.close()


# Each argument of the magic that is a name, with what it becomes; a value with spaces of its own comes last.
ARGUMENTS = {
    "--registry": ("registry", REGISTRY),
    "--username": ("username", USER),
    "--login": ("login", ["ghcr.io=anna"]),
    "--image": ("image", ["ghcr.io/acme/churn:1"]),
    "--realm": ("realm", ["auth.example.com"]),
    "--password-env": ("password_env", ["GHCR_TOKEN"]),
    "--password-file": ("password_file", "token.txt"),
    "--password-command": ("password_command", ["gh auth token"]),
    "--keyring": ("keyring", "team"),
    "--from-file": ("from_file", "config.json"),
    "--ca-file": ("ca_file", "ca.pem"),
    "--profile": ("profile", "prod"),
}


@pytest.mark.parametrize("space", SPACED)
@pytest.mark.parametrize("option", ARGUMENTS)
@pytest.mark.parametrize("subcommand", ["create", "apply", "update", "check"])
def test_names_on_a_line(subcommand, option, space):
    """Spaces around a name or a path behind a magic do not count, those within quotes either."""
    field, value = ARGUMENTS[option]
    text = value[0] if isinstance(value, list) else value
    options = SECRET.parser(subcommand).read([option, SPACED[space].format(text)])
    assert getattr(options, field) == value


@pytest.mark.parametrize("subcommand", ["create", "apply", "update", "show", "delete", "form"])
def test_the_name_on_a_line(subcommand):
    """Spaces around the name of a secret do not count."""
    assert SECRET.parser(subcommand).read([SPACED_NAME]).name == "team"


def test_pairs_lose_the_spaces_around_both_halves():
    """Registry and user in one text are two names."""
    wish = LoginWish(logins=(" ghcr.io = anna ",), password_env=("ghcr.io\u00a0=\u00a0GHCR_TOKEN",))
    assert (wish.logins, wish.password_env) == (("ghcr.io=anna",), ("ghcr.io=GHCR_TOKEN",))


def test_names_in_the_form(around):
    """Spaces around what is typed in a field of the form do not count, but those of the password."""
    fields = around.form()
    fields.name.value, fields.registry.value, fields.user.value = (
        SPACED_NAME,
        " ghcr.io\u00a0",
        "\u200banna\t",
    )
    fields.images.value = "\u00a0ghcr.io/acme/churn:1.4\u200b\n \u00a0 \n"
    fields.password.value = Secret(" p1 ")
    read = fields.read()
    assert (read.name, read.images) == ("team", ("ghcr.io/acme/churn:1.4",))
    assert (read.wish.registry, read.wish.username, read.password) == (REGISTRY, USER, Secret(" p1 "))
    fields.login.value, fields.file.value = FILE, "\u00a0config.json "
    assert fields.read().wish.from_file == "config.json"


@pytest.mark.parametrize("common", ["changeme", "admin", "password", "Harbor12345", "my-secret-token"])
def test_a_word_that_many_use(common, sandbox, tenant):
    """A common word is stored as a password, and told where a registry accepted it; else nothing is said."""
    object.__setattr__(sandbox.registry._logins.first, "password", common)
    login = RegistryLogin(sandbox.registry.host, sandbox.registry.username, Secret(common))
    note = f"The password for {sandbox.registry.host} is a common word: use a token instead."
    image = f"{sandbox.registry.host}/acme/churn:1.4"
    assert note in actions.create_docker_secret(tenant, "team", [login], images=[image]).notes
    assert note in actions.check_image((), [login], tenant=tenant).notes
    wrong = RegistryLogin(sandbox.registry.host, "bob", Secret(common))
    assert note not in actions.check_image((), [wrong], tenant=tenant).notes
    skipped = actions.update_docker_secret(tenant, "team", [login], checking=CheckOptions(skip=True))
    assert note not in skipped.notes
