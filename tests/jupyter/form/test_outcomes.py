"""What came of a run stands in a card, marks the fields that it is about, and decides what comes next."""

from __future__ import annotations

import json

import pytest

from tests.jupyter.form.used_form import fill, press, said, writes
from tests.waiting import PATIENCE, until


def test_a_wrong_password_stores_nothing(form, sandbox):
    """The registry says no: nothing is stored, the fields stay, the password is forgotten."""
    fill(form, sandbox.registry, "of-yesterday")
    press(form, "store")
    assert "Refused: " in said(form)
    assert "does not accept user anna" in said(form)
    assert not sandbox.state.secrets
    assert form.fields.password.value is None
    assert form.fields.name.value == "team-churn"
    assert "Error: the registry refused it. Enter it again." in form.fields.password.widget.description
    form.fields.password.widget.set_state({"value": "of-today"})
    assert "Received." in form.fields.password.widget.description
    assert said(form) == ""


def test_another_refusal_keeps_the_password(form, sandbox):
    """An image for another platform says nothing against the login: it is there for the next try."""
    fill(form, sandbox.registry, sandbox.registry.password, image="acme/churn-gpu:2.0")
    press(form, "store")
    assert "is built for linux/arm64" in said(form)
    assert "docker" in said(form)
    form.fields.images.value = f"{sandbox.registry.host}/acme/churn:1.4"
    press(form, "store")
    assert form.result.change == "created"


def test_taken_meanwhile(form, sandbox):
    """A name that was free and is taken now: NOT changed, and the button offers to replace."""
    fill(form, sandbox.registry, sandbox.registry.password, name="")
    form.fields.name.widget.value = "team-churn"
    until(lambda: "is free" in form.fields.name.widget.description)
    sandbox.state.secrets["team-churn"] = '{"auths":{"ghcr.io":{}}}'
    press(form, "store")
    assert "NOT changed" in said(form)
    assert "Press Replace… to replace it" in said(form)
    assert "is free" not in form.fields.name.widget.description
    assert form.bar.says("store") == "Replace…"
    assert form.fields.password.value is not None


def test_what_looks_have_settled(form, sandbox):
    """No answer came back, and it is there: stored, with what was not answered as a note."""
    sandbox.faults.drop = ["after"]
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    assert form.result.change == "created"
    assert "The secret was not there before and is there now, although no answer" in said(form)


def test_an_unknown_outcome_offers_to_store_again(form, sandbox, blind):
    """No answer came back, and nothing is seen: unknown, never failed; Store again makes it certain."""
    sandbox.faults.drop = ["after"]
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    assert "Unknown: " in said(form)
    assert "Press Store again" in said(form)
    assert "%aicore" not in said(form)
    assert form.bar.says("store") == "Store again"
    sandbox.faults.drop = []
    press(form, "store")
    assert form.result.change == "replaced"


def test_a_refusal_leaves_it_unknown(form, sandbox, blind):
    """A refused second try, or a check, says nothing of the first: Store again stays."""
    sandbox.faults.drop = ["after"]
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    sandbox.faults.drop, sandbox.faults.forbidden = [], "text"
    press(form, "store")
    assert "Refused: " in said(form)
    press(form, "check")
    assert form.bar.says("store") == "Store again"
    sandbox.faults.forbidden = ""
    press(form, "store")
    assert form.result.change == "replaced"


def test_403_names_the_role(form, sandbox):
    """Without the right to write, the message says what to ask the administrator for."""
    sandbox.faults.forbidden = "text"
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    assert "aicore_admin_dockerregistrysecret_editor" in said(form)


@pytest.mark.parametrize("field", ["name", "user", "password"])
@pytest.mark.parametrize("ended", [False, True])
def test_edits_that_come_too_late(form, sandbox, hold, field, ended, canary):
    """Once it was sent the card says which edit is not in it, and the password is forgotten all the same."""
    fill(form, sandbox.registry, sandbox.registry.password)
    go_on = hold(sandbox.server, lambda request: request.method == "GET" and writes(sandbox))
    form.bar.press("store")
    until(lambda: writes(sandbox))
    if ended:
        go_on.set()
        assert form.wait(PATIENCE)
    form.fields.password.widget.set_state({"value": canary})
    if field != "password":
        getattr(form.fields, field).widget.value = "other"
    go_on.set()
    assert form.wait(PATIENCE)
    assert "Secret team-churn created" in said(form)
    named = " and ".join(dict.fromkeys(("Password or token", getattr(form.fields, field).name)))
    assert f"Your last edit of {named} came too late." in said(form)
    assert ("Then delete the secret team-churn." in said(form)) is (field == "name")
    assert form.fields.password.value is None
    assert form.bar.offered == {"another"}


def from_hub(form, tmp_path, canary):
    """Enter a login for Docker Hub as a file has it: the key docker.io stays as it stands."""
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"auths": {"docker.io": {"username": "anna", "password": canary}}}))
    form.fields.name.value, form.fields.images.value = "team-hub", "docker.io/acme/churn:1"
    form.fields.login.value = "file"
    form.fields.file.value = str(path)


@pytest.mark.parametrize("button", ["check", "store"])
def test_what_may_fail_in_serving_is_shown(form, sandbox, tmp_path, canary, button):
    """The card of a check and of what is stored tells it, with the fix; and how to look again."""
    from_hub(form, tmp_path, canary)
    press(form, button)
    assert "Serving asks without a login" in said(form)
    assert "Use the key https://index.docker.io" in said(form)
    assert "not verified on AI Core" in said(form)
    assert canary not in said(form)
    if button == "store":
        assert "%aicore_docker_secret" in said(form)
        assert "team-hub" in sandbox.state.secrets


def test_a_digest_that_the_form_has_seen(form, session, sandbox):
    """What a check of the form saw can be pinned in a template later."""
    fill(form, sandbox.registry, sandbox.registry.password, name="")
    press(form, "check")
    assert session.digest_of(f"{sandbox.registry.host}/acme/churn:1.4").startswith("sha256:")


@pytest.mark.parametrize("by", ["check", "store"])
def test_a_refused_password_is_marked(form, sandbox, by):
    """Whichever button found it, it is forgotten, and its field says so."""
    fill(form, sandbox.registry, "of-yesterday")
    press(form, by)
    assert "the registry refused it. Enter it again." in form.fields.password.widget.description
    assert form.fields.password.value is None
    assert form.fields.password.wrong


def test_a_secret_that_is_gone_meanwhile(show, sandbox):
    """Replacing what somebody deleted changes nothing, and Create is offered instead."""
    form = show("team-churn")
    fill(form, sandbox.registry, sandbox.registry.password)
    form.bar.press("store")
    press(form, "replace")
    assert "has no secret team-churn" in said(form)
    assert "Press Create to store it as a new one." in said(form)
    press(form, "store")
    assert form.result.change == "created"


def test_a_refused_login_that_was_not_typed(form, sandbox, tmp_path):
    """No field says that its password was refused where it came from a file."""
    place = tmp_path / "config.json"
    login = {"username": "anna", "password": "of-yesterday"}
    place.write_text(json.dumps({"auths": {sandbox.registry.host: login}}))
    form.fields.login.widget.index = 1
    form.fields.name.value, form.fields.file.value = "team-file", str(place)
    press(form, "store")
    assert "does not accept user anna" in said(form)
    form.fields.login.widget.index = 0
    assert not form.fields.password.wrong


def test_an_unknown_outcome_goes_with_its_name_alone(form, sandbox, blind):
    """What is not known of a name stays to be read whatever else is edited."""
    sandbox.faults.drop = ["after"]
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    form.fields.user.widget.value = "berta"
    assert "Unknown: " in said(form)
    form.fields.name.widget.value = "team-other"
    assert said(form) == ""
