"""The work behind the buttons calls the same actions as the magic, with what was entered."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from aicore_magics import actions
from aicore_magics.actions.records import stored_in
from aicore_magics.base.progress import NAME, STORE, Watch
from aicore_magics.base.redact import Secret
from aicore_magics.jupyter.form.entries import Fields
from aicore_magics.jupyter.form.work import Storing, checking, to_check, to_store


@pytest.fixture
def entries(sandbox):
    """What was entered for an image of the sandbox's registry."""
    fields = Fields("")
    fields.name.value, fields.user.value = "team-churn", "anna"
    fields.images.value = f"{sandbox.registry.host}/acme/churn:1.4"
    fields.password.value = Secret(sandbox.registry.password)
    yield fields.read()
    fields.password.widget.close()


def test_storing(entries, tenant, sandbox):
    """What was entered is checked and stored, and each of the steps is told of."""
    told = []
    watch = Watch(lambda step, _state, word: told.append((step, word)))
    done = Storing("train.ipynb")(actions.create_docker_secret, tenant, entries)(watch)
    assert (done.name, done.change) == ("team-churn", "created")
    assert list(json.loads(sandbox.state.secrets["team-churn"])["auths"]) == [sandbox.registry.host]
    assert {step for step, _ in told} == set(to_store(entries)[0])
    assert [(each.name, each.notebook) for each in stored_in(tenant)] == [("team-churn", "train.ipynb")]


def test_the_notebook_is_that_of_the_form(shell):
    """It is asked for once, when the form is made."""
    shell.user_ns["__vsc_ipynb_file__"] = "/home/anna/train.ipynb"
    storing = Storing()
    shell.user_ns["__vsc_ipynb_file__"] = "/home/anna/other.ipynb"
    assert storing.notebook == "train.ipynb"


@pytest.mark.parametrize("check", [True, False])
def test_issuers_are_asked_where_the_check_is_on(entries, tenant, check):
    """Somebody sits before a form, so a check asks when a login ends; without the check nobody is asked."""
    asked = []

    def act(*_given, checking, **_more):
        asked.append((checking.expiry_lookup, checking.skip))

    Storing()(act, tenant, replace(entries, check=check))(Watch())
    assert asked == [(check, not check)]


def test_checking(entries, tenant, sandbox):
    """A check asks about the same images, and stores nothing."""
    told = []
    watch = Watch(lambda step, _state, word: told.append((step, word)))
    assert checking(tenant, entries)(watch).ok
    assert {step for step, _ in told} == set(to_check(entries)[0])
    assert not sandbox.state.secrets


def test_the_steps(entries):
    """Name first, the store last, between them what the registries are asked about."""
    (image,) = entries.images
    assert list(to_store(entries)[0]) == [NAME, image, STORE]
    assert to_check(entries)[0] == {image: ("waiting", "waiting")}
