"""Whether a name is free is asked once nobody types, and told only of the name that stands there."""

from __future__ import annotations

import threading

import pytest

from aicore_magics import actions
from aicore_magics.base.redact import Secret
from aicore_magics.jupyter.form import fields
from aicore_magics.jupyter.form import lookup as form_lookup
from aicore_magics.jupyter.form.entries import Fields
from aicore_magics.jupyter.form.head import Head
from aicore_magics.jupyter.form.lookup import Later, NameLookup, offer_docker_logins
from aicore_magics.jupyter.session import Session
from aicore_magics.model.docker_secret import RegistryLogin
from tests.waiting import PATIENCE


@pytest.fixture
def name():
    return fields.text_field("Secret name", "Help.")


@pytest.fixture
def session(tenant):
    session = Session()
    session.use(tenant)
    return session


def test_taken_and_free(name, session, sandbox):
    """The listener and the words below the field agree."""
    sandbox.state.secrets["shared-hub"] = '{"auths":{"ghcr.io":{}}}'
    found = []
    lookup = NameLookup(name, session, Head(session, ""), found.append)
    name.value = "shared-hub"
    lookup.look()
    assert "shared-hub exists in tenant sandbox: this would replace it." in name.widget.description
    name.value = "shared-hut"
    lookup.look()
    assert "shared-hut is free in tenant sandbox." in name.widget.description
    assert found == [True, False]


def test_what_cannot_be_a_name_is_not_asked_for(name, session, sandbox):
    """Half a name, or a wrong one, asks nobody; nor does a notebook that is not connected."""
    before = len(sandbox.state.requests)
    for text in ("", "a", "Team"):
        name.value = text
        NameLookup(name, session, Head(session, ""), pytest.fail).look()
    name.value = "team-a"
    NameLookup(name, Session(), Head(Session(), ""), pytest.fail).look()
    assert len(sandbox.state.requests) == before


def test_an_answer_for_another_name_is_dropped(name, session, monkeypatch):
    """Whoever types on while the tenant answers sees nothing of the old name."""
    name.value = "team-a"

    def slow(_tenant):
        name.value = "team-ab"
        raise form_lookup.AICoreError("the network is down")

    monkeypatch.setattr(form_lookup.actions, "list_docker_secrets", slow)
    NameLookup(name, session, Head(session, ""), pytest.fail).look()
    assert "free" not in name.widget.description


def test_what_is_not_known_is_not_said(name, session, sandbox, monkeypatch):
    """While the tenant cannot be read no name is called free; one that was seen before is told as taken."""
    sandbox.state.secrets["shared-hub"] = '{"auths":{"ghcr.io":{}}}'
    found = []
    lookup = NameLookup(name, session, Head(session, ""), found.append)
    name.value = "team-a"
    lookup.look()
    name.widget.description = ""

    def down(_tenant):
        raise form_lookup.AICoreError("the network is down")

    monkeypatch.setattr(form_lookup.actions, "list_docker_secrets", down)
    lookup.look()
    assert (name.widget.description, found) == ("", [False])
    name.value = "shared-hub"
    lookup.look()
    assert "shared-hub exists" in name.widget.description
    assert found == [False, True]


class Timer:
    """A timer that rings when a test says so, unless it was cancelled."""

    def __init__(self, pause, act):
        self.pause, self._act = pause, act
        self.begun = self.cancelled = False

    def start(self):
        self.begun = True

    def cancel(self):
        self.cancelled = True

    def ring(self):
        assert self.begun
        if not self.cancelled:
            self._act()


@pytest.fixture
def timers(monkeypatch):
    """The timers that were made, in their order."""
    made = []
    monkeypatch.setattr(form_lookup.threading, "Timer", lambda *given: made.append(Timer(*given)) or made[-1])
    return made


def test_only_the_last_of_many_keys_asks(name, session, timers):
    """While keys follow each other nobody is asked; then once."""
    found = []
    lookup = NameLookup(name, session, Head(session, ""), found.append)
    later = Later(lookup.look, form_lookup.PAUSE)
    for end in range(4, 9):
        name.value = "team-abc"[:end]
        later.begin()
    assert [timer.pause for timer in timers] == [form_lookup.PAUSE] * 5
    for timer in timers:
        timer.ring()
    assert found == [False]


def test_cancelled(name, session, timers):
    """A form that is closed asks no more."""
    name.value = "team-a"
    lookup = NameLookup(name, session, Head(session, ""), pytest.fail)
    later = Later(lookup.look, form_lookup.PAUSE)
    later.begin()
    later.cancel()
    timers[0].ring()
    assert "free" not in name.widget.description


def test_what_is_recorded(name, session, tenant, monkeypatch):
    """It is what this machine stored under that name last; where that takes long, as of the last look."""
    lookup = NameLookup(name, session, Head(session, ""), lambda _there: None)

    def store(user):
        login = RegistryLogin("ghcr.io", user, Secret("hunter2"))
        actions.apply_docker_secret(tenant, "team-a", [login], checking=actions.CheckOptions(skip=True))

    def users():
        known = lookup.recorded(tenant, "team-a")
        return [login.username for login in known.logins] if known else None

    assert users() is None
    store("anna")
    name.value = "team-a"
    lookup.look()
    store("berta")
    assert (users(), lookup.recorded(tenant, "team-b")) == (["berta"], None)
    slow = threading.Event()
    monkeypatch.setattr(form_lookup, "stored_in", lambda _tenant: slow.wait(PATIENCE) and ())
    assert users() == ["anna"]
    slow.set()


def test_a_broken_docker_config_is_told(own_environment):
    """A file of docker's that cannot be read is named below the field; the form works without it."""
    folder = own_environment / ".docker"
    folder.mkdir()
    (folder / "config.json").write_text("{")
    entered = Fields("")
    offer_docker_logins(entered)
    assert "config.json" in entered.login.widget.description
    assert len(entered.login.widget.options) == 2
    entered.password.widget.close()
