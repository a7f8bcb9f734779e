"""The head names the tenant that the form writes to, and notices when it is another one."""

from __future__ import annotations

import pytest

from aicore_magics.jupyter.form.head import Head
from aicore_magics.jupyter.session import Session


class Elsewhere:
    """A connection, as far as a head looks at it."""

    def __init__(self, tenant, host):
        from aicore_magics.base.result import Where

        self.tenant, self.where = tenant, Where(tenant, host)


@pytest.fixture
def session():
    return Session()


def test_the_tenant_of_the_notebook(session):
    """Without a connection that is said; with one it is named, with its style in one page."""
    head = Head(session, "")
    assert head.tenant() is None
    assert "Not connected" in head.widget.value
    session.connection = Elsewhere("acme-dev", "api.example.com")
    head.show()
    assert "Tenant acme-dev." in head.widget.value
    assert head.widget.value.startswith("<style>")


def test_another_tenant_is_noticed_once(session):
    """To be connected at last is no move, nor is a new connection to the same tenant; another tenant is."""
    head = Head(session, "")
    session.connection = Elsewhere("acme-dev", "api.example.com")
    assert not head.moved()
    session.connection = Elsewhere("acme-dev", "api.example.com")
    assert not head.moved()
    for there in (Elsewhere("acme-prod", "api.example.com"), Elsewhere("acme-prod", "api.example.org")):
        session.connection = there
        assert head.moved()
        assert not head.moved()
    assert "Tenant acme-prod." in head.widget.value


def test_a_tenant_is_remembered_while_there_is_none(session):
    """Whoever disconnects and connects to another tenant has moved all the same."""
    session.connection = Elsewhere("acme-dev", "api.example.com")
    head = Head(session, "")
    session.connection = None
    assert not head.moved()
    assert "Not connected" in head.widget.value
    session.connection = Elsewhere("acme-prod", "api.example.com")
    assert head.moved()


def test_a_given_name(session):
    """The title tells whether the secret of that name is replaced, until the form begins anew."""
    head = Head(session, "team-churn")
    assert "<h4>Replace team-churn</h4>" in head.widget.value
    head.show(replaces=False)
    assert "<h4>New secret team-churn</h4>" in head.widget.value
    head.leave()
    assert "<h4>" not in head.widget.value
    assert "<style>" in head.widget.value
    head.follow()
    assert "<h4>" not in head.widget.value
    head.begin_anew()
    assert "<h4>New Docker registry secret</h4>" in head.widget.value


def test_the_tenant_of_a_profile(session, monkeypatch):
    """It is named with its profile, whatever the notebook is connected to."""
    asked = []
    there = Elsewhere("acme-prod", "api.example.com")
    monkeypatch.setattr(session, "for_writing", lambda profile: asked.append(profile) or there)
    head = Head(session, "", "prod")
    assert head.tenant() is there
    assert "Tenant acme-prod, profile prod." in head.widget.value
    assert set(asked) == {"prod"}
