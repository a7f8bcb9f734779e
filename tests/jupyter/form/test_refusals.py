"""A refusal that speaks of an entry marks its field, says there why, and puts the focus there."""

from __future__ import annotations

import inspect
import json
import re

import ipywidgets
import pytest

from aicore_magics import errors
from aicore_magics.base.redact import Secret
from aicore_magics.jupyter.form import refusals, runner
from aicore_magics.jupyter.form.entries import FILE, Fields
from aicore_magics.jupyter.form.form import DockerSecretForm
from aicore_magics.jupyter.session import Session
from aicore_magics.logins.docker_login import DockerLogin
from aicore_magics.next_steps import Option
from aicore_magics.registry.checks import refusal
from aicore_magics.registry.verdict import Verdict
from tests.waiting import PATIENCE

NAME, USER = "team-churn", "anna"


@pytest.fixture
def focused(monkeypatch):
    """What the focus was put on, in turn."""
    focused = []

    def focus(widget):
        focused.append(widget)

    monkeypatch.setattr(ipywidgets.DOMWidget, "focus", focus)
    return focused


def said(form):
    """What the form says, without the style."""
    return re.sub(r"<style>.*?</style>", "", form.message.value, flags=re.DOTALL)


@pytest.fixture
def form(tenant, sandbox, focused):
    """The form, filled in with what could be stored."""
    session = Session()
    session.use(tenant)
    form = DockerSecretForm(session)
    form.fields.name.value, form.fields.user.value = NAME, USER
    form.fields.images.value = f"{sandbox.registry.host}/acme/churn:1.4"
    form.fields.password.value = Secret(sandbox.registry.password)
    yield form
    form.close()
    session.disconnect()


def of_file(form, sandbox, folder, *, password="", registry="", text=""):
    """Have the login come from a file, which holds one for the sandbox's registry."""
    path = folder / "login.json"
    if text or password:
        login = {"username": USER, "password": password}
        path.write_text(text or json.dumps({"auths": {sandbox.registry.host: login}}))
    form.fields.login.value = FILE
    form.fields.file.value, form.fields.registry.value = str(path), registry
    form.fields.images.value = ""


def of_docker(form, sandbox, folder, *, password=""):
    """Have the login be one that docker left, and still has if there is a *password*."""
    if password:
        (folder / ".docker").mkdir()
        config = {"auths": {sandbox.registry.host: {"username": USER, "password": password}}}
        (folder / ".docker" / "config.json").write_text(json.dumps(config))
    form.fields.offer((DockerLogin(sandbox.registry.host, USER, "~/.docker/config.json"),))
    form.fields.login.value = (sandbox.registry.host, USER)


def entered(**values):
    """Enter *values* in the fields of these names."""

    def act(form, _sandbox, _folder):
        for name, value in values.items():
            getattr(form.fields, name).value = value

    return act


def image(name):
    return lambda form, sandbox, _: entered(images=f"{sandbox.registry.host}/{name}")(form, sandbox, _)


# What makes it refuse, the field that is marked, and what is said below it.
REFUSED = {
    "a name that is taken": (
        lambda _f, sandbox, _: sandbox.state.secrets.update({NAME: '{"auths":{"ghcr.io":{}}}'}),
        "name",
        "team-churn exists in tenant sandbox",
    ),
    "a name that is the password": (
        entered(name="hunter-two-three", password=Secret("hunter-two-three")),
        "name",
        "contains the password",
    ),
    "a password of yesterday": (entered(password=Secret("of-yesterday")), "password", "registry refused it"),
    "an image for another machine": (image("acme/churn-gpu:2.0"), "images", "linux/arm64"),
    "an image that is not there": (image("acme/churn:9.9"), "images", "no such tag"),
    "no file": (of_file, "file", "does not exist"),
    "a file of something else": (lambda *at: of_file(*at, text="[1]"), "file", "is a list"),
    "a file of yesterday": (lambda *at: of_file(*at, password="of-yesterday"), "file", "does not accept"),
    "a file without this registry": (
        lambda *at: of_file(*at, password="p1", registry="quay.io"),
        "registry",
        "no login for quay.io",
    ),
    "a docker login that is gone": (of_docker, "login", "no docker login"),
    "a docker login of yesterday": (
        lambda *at: of_docker(*at, password="of-yesterday"),
        "login",
        "does not accept",
    ),
    "no right": (lambda _f, sandbox, _: setattr(sandbox.faults, "forbidden", "text"), None, ""),
    "no AI Core": (lambda _f, sandbox, _: sandbox.stop(), None, ""),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_the_field_that_a_refusal_speaks_of(form, sandbox, own_environment, focused, kind):
    """It alone is marked and has the focus; where a refusal speaks of no entry, none is marked."""
    act, name, words = REFUSED[kind]
    act(form, sandbox, own_environment)
    form.bar.press("store")
    assert form.wait(PATIENCE)
    assert "Refused: " in said(form)
    marked = getattr(form.fields, name) if name else None
    assert form.fields.wrong == ((marked,) if name else ())
    assert focused == ([marked.widget] if name else [])
    if name:
        assert words in marked.widget.description
        assert (form.fields.password.value is None) == (name == "password")


def test_after_seconds_the_focus_stays(form, sandbox, focused, monkeypatch):
    """Who waits may type elsewhere: then the field is marked, and the focus stays where it is."""

    class Ticked:
        def __init__(self, tell):
            tell(2)

        def __enter__(self): ...

        def __exit__(self, *_): ...

    monkeypatch.setattr(runner, "ticking", Ticked)
    form.fields.password.value = Secret("of-yesterday")
    form.bar.press("store")
    assert form.wait(PATIENCE)
    assert form.fields.password.wrong
    assert focused == []


# Each refusal that there is, and the field it speaks of: with a typed login, one from a file, one of docker.
FIELDS = {
    errors.InvalidName: ("name",) * 3,
    errors.DockerSecretExists: ("name",) * 3,
    errors.InvalidImage: ("images",) * 3,
    errors.ImageRefused: ("images",) * 3,
    errors.InvalidRegistry: ("registry",) * 3,
    errors.InvalidLogin: ("password", "file", "login"),
    errors.InvalidFile: ("password", "file", "login"),
    errors.LoginNotFound: ("password", "file", "login"),
    errors.LoginRefused: ("password", "file", "login"),
}
KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.AICoreError) and kind not in (errors.AICoreError, errors.Refused)
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_error(kind):
    """Each marks the field that this table names for it, or none; a new one has to be thought of."""
    fields = Fields("")
    fields.offer((DockerLogin("ghcr.io", USER, "~/.docker/config.json"),))
    marked = []
    for login in ("typed", FILE, ("ghcr.io", USER)):
        fields.login.value = login
        marked.append(refusals.mark(kind("something is wrong"), fields))
    expected = FIELDS.get(kind)
    assert marked == ([getattr(fields, name) for name in expected] if expected else [None] * 3)
    fields.password.widget.close()


def test_a_registry_that_is_none():
    """It is not the password that it does not accept."""
    fields = Fields("")
    fields.password.value = Secret("p1")
    verdict = Verdict("not-a-registry", "hub.docker.com", reason="hub.docker.com is a web page.")
    assert refusals.mark(refusal((verdict,)), fields) is fields.registry
    assert fields.password.value == Secret("p1")
    fields.password.widget.close()


def test_a_file_without_the_registry_that_was_named():
    """Where the way on is another registry, that is the field; with a docker login it is the login."""
    fields = Fields("")
    fields.login.value = FILE
    error = errors.LoginNotFound("none there", next=("choose one ", Option("registry", lead="with")))
    assert refusals.mark(error, fields) is fields.registry
    fields.password.widget.close()
