"""A form in this process, and what goes wrong around it."""

from __future__ import annotations

import contextlib
import threading

import pytest

from aicore_magics.actions import connect_with
from aicore_magics.aicore import looks
from aicore_magics.aicore.client import Client
from aicore_magics.jupyter.form import lookup
from aicore_magics.jupyter.form.form import DockerSecretForm
from aicore_magics.jupyter.session import Session
from aicore_magics.sandbox import start
from tests.waiting import PATIENCE


@pytest.fixture
def session(tenant):
    """A session that is connected to the sandbox of this test."""
    session = Session()
    session.use(tenant)
    yield session
    session.disconnect()


@pytest.fixture
def show(session, monkeypatch):
    """Open forms, and close them at the end; the tenant is asked for a name at once."""
    monkeypatch.setattr(lookup, "PAUSE", 0.01)
    shown = []

    def show(name="", *, of=session, profile=""):
        shown.append(DockerSecretForm(of, name, profile))
        return shown[-1]

    yield show
    for form in shown:
        form.close()


@pytest.fixture
def form(show):
    return show()


@pytest.fixture
def blind(monkeypatch):
    """No look after a write tells anything, and none is taken for long."""
    monkeypatch.setattr(Client, "seen", lambda *_: None)
    monkeypatch.setattr(looks, "VISIBLE_WITHIN", 0.1)


@pytest.fixture
def hold(monkeypatch):
    """Keep a server's answers back until what this gives is set; with *only*, those to which that applies."""
    with contextlib.ExitStack() as stack:

        def hold(server, only=lambda _request: True):
            go_on, answer = threading.Event(), server.application.answer

            def answer_later(request):
                assert not only(request) or go_on.wait(PATIENCE)
                return answer(request)

            monkeypatch.setattr(server.application, "answer", answer_later)
            stack.callback(go_on.set)
            return go_on

        yield hold


@pytest.fixture
def elsewhere():
    """Another tenant than the one of this test."""
    with start() as other:
        connection = connect_with(other.service_key, sandbox=True)
        yield connection
        connection.close()
