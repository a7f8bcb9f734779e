"""The form, driven by its own buttons: the same actions as the magic, and no password in sight."""

from __future__ import annotations

import contextlib
import functools
import json
import threading
from dataclasses import replace
from datetime import timedelta

import ipywidgets
import pytest

from aicore_magics import actions
from aicore_magics.actions import secret_write
from aicore_magics.jupyter.form import runner
from aicore_magics.jupyter.session import Session
from aicore_magics.registry.check_plan import CheckPlan
from aicore_magics.registry.issuers import HOSTS
from tests.jupyter.form.used_form import below, fill, press, said, shown, writes
from tests.jupyter.shown import classes
from tests.waiting import PATIENCE, until


def test_from_empty_to_success(form, sandbox, session):
    """Filled in and created: the registry was asked, the secret is stored, the card says so."""
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    assert "<strong>Secret team-churn created</strong>" in said(form)
    assert "can be pulled: login accepted, linux/amd64" in said(form)
    assert form.result.change == "created"
    stored = json.loads(sandbox.state.secrets["team-churn"])["auths"][sandbox.registry.host]
    assert stored["password"] == sandbox.registry.password
    assert session.seen_by().names == ("team-churn",)
    assert form.fields.password.value is None
    assert not form._sheet.has_fields


def test_templates_after_success(form, sandbox, tmp_path, monkeypatch):
    """Once a secret is stored its templates stand below the card, each naming it, and can be saved."""
    monkeypatch.chdir(tmp_path)
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    (tabs,) = below(form)
    assert "Next: use it in a template below." in said(form)
    for pane, path in zip(tabs.children[:2], ("churn-train.yaml", "churn-serve.yaml"), strict=True):
        text, field, buttons, message = pane.children
        assert "- name: team-churn" in text.value
        assert field.value == path
        buttons.children[0].click()
        assert form.wait(PATIENCE)
        assert f"{path} saved" in message.value
        assert f"{sandbox.registry.host}/acme/churn:1.4" in (tmp_path / path).read_text()


def test_a_fault_after_success(form, sandbox, monkeypatch):
    """What breaks behind Save is shown, and does not bring the fields back."""

    def broken(*_args):
        raise KeyError("boom")

    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    monkeypatch.setattr(actions, "save_template", broken)
    below(form)[0].children[0].children[2].children[0].click()
    assert form.wait(PATIENCE)
    assert "Error in this form: KeyError" in said(form)
    assert not form._sheet.has_fields


def test_another_secret_after_the_first(form, sandbox):
    """Store another begins anew: nothing of the first is left in the fields."""
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    form.bar.press("another")
    assert (form.fields.name.value, form.fields.user.value, said(form)) == ("", "", "")
    assert form._sheet.has_fields
    assert "New Docker registry secret" in form.head.widget.value
    fill(form, sandbox.registry, sandbox.registry.password, name="team-second")
    press(form, "store")
    assert form.result.name == "team-second"


def test_every_mistake_is_shown_at_once(form, sandbox):
    """Each wrong field says what is wrong in place of its help; nothing is sent."""
    form.fields.name.value = "Team_GHCR"
    form.fields.images.value = "ghcr.io/acme/churn:1.4\nhttps://ghcr.io/x"
    before = len(sandbox.state.requests)
    form.bar.press("store")
    told = {field: field.widget.description for field in form.fields.shown if "bad" in classes(field.widget)}
    assert set(told) == {form.fields.name, form.fields.images, form.fields.user, form.fields.password}
    assert (
        "capital letters are not allowed in a name. Write it in small letters, as in team-ghcr"
        in told[form.fields.name]
    )
    assert "line 2: https:// is not allowed in front of an image" in told[form.fields.images]
    assert "the user is missing" in told[form.fields.user]
    assert "the password is missing" in told[form.fields.password]
    assert "4 fields need a correction" in said(form)
    assert len(sandbox.state.requests) == before


@pytest.mark.parametrize(
    ("images", "registry", "why"),
    [
        ("", "", "a registry or an image is missing"),
        ("ghcr.io/a/b:1\nquay.io/a/b:1", "", "images are at two registries"),
        ("", "ghcr.io/acme/churn", "this is an image, not a registry"),
    ],
)
def test_mistakes_about_the_registry(form, images, registry, why):
    """What registry is meant must be clear before anything is asked."""
    form.fields.images.value, form.fields.registry.value = images, registry
    form.bar.press("store")
    assert why in form.fields.registry.widget.description


def test_a_name_that_is_taken_becomes_a_replacement(form, sandbox):
    """Typing a taken name says so; Replace asks first, Keep it changes nothing, Replace does it."""
    sandbox.state.secrets["shared-hub"] = '{"auths":{"ghcr.io":{}}}'
    fill(form, sandbox.registry, sandbox.registry.password, name="")
    form.fields.name.widget.value = "shared-hub"
    until(lambda: "this would replace it" in form.fields.name.widget.description)
    assert form.bar.says("store") == "Replace…"
    form.bar.press("store")
    assert "Replace shared-hub for the whole tenant?" in said(form)
    assert form.bar.shown == ("Replace…", "Keep it", "Replace shared-hub")
    assert "all resource groups" in said(form)
    assert form.fields.name.disabled
    form.bar.press("keep")
    assert said(form) == ""
    assert sandbox.state.secrets["shared-hub"] == '{"auths":{"ghcr.io":{}}}'
    form.bar.press("store")
    press(form, "replace")
    assert form.result.change == "replaced"
    assert sandbox.registry.host in json.loads(sandbox.state.secrets["shared-hub"])["auths"]


def test_a_free_name_is_said_to_be_free(form):
    """A name that nobody has is told as free in this tenant, while one types."""
    form.fields.name.widget.value = "team-new"
    until(lambda: "team-new is free in tenant sandbox" in form.fields.name.widget.description)
    assert form.bar.says("store") == "Create"


def test_storing_again_is_for_the_same_name_only(form, sandbox, blind):
    """After an unknown outcome, another name that is taken is not replaced without a question."""
    sandbox.state.secrets["shared-hub"] = '{"auths":{"ghcr.io":{}}}'
    sandbox.faults.drop = ["before"] * 9
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    assert "Unknown: " in said(form)
    sandbox.faults.drop = []
    form.fields.name.widget.value = "shared-hub"
    until(lambda: form.bar.says("store") == "Replace…")
    form.bar.press("store")
    assert "Replace shared-hub for the whole tenant?" in said(form)
    assert sandbox.state.secrets["shared-hub"] == '{"auths":{"ghcr.io":{}}}'


def nothing_runs():
    """Whether no thread of a form or a check is left."""
    return not any(each.name.startswith("aicore-magics-") for each in threading.enumerate())


def test_cancel_during_a_slow_check(form, sandbox, hold):
    """Cancel before anything was sent stops at once, for certain: nothing is stored, later neither."""
    go_on = hold(sandbox.registry.servers[0])
    fill(form, sandbox.registry, sandbox.registry.password)
    form.bar.press("store")
    until(lambda: "asking" in said(form))
    form.bar.press("stop")
    assert "Stopped" in said(form)
    assert "Nothing was stored" in said(form)
    go_on.set()
    until(nothing_runs)
    assert not writes(sandbox)
    assert "Stopped" in said(form)


def test_cancel_while_it_is_sent(form, sandbox, hold):
    """Cancel after that is no promise: unknown, until the answer says what became of it."""
    fill(form, sandbox.registry, sandbox.registry.password)
    go_on = hold(sandbox.server, lambda request: request.method == "GET" and writes(sandbox))
    form.bar.press("store")
    until(lambda: writes(sandbox))
    form.bar.press("stop")
    assert "Unknown: you stopped while team-churn was being sent" in said(form)
    go_on.set()
    until(lambda: form.result is not None)
    assert "Secret team-churn created" in said(form)


def test_an_issuer_is_a_step(form, sandbox, hold, monkeypatch):
    """Whom the check asks when the login ends is a step while it is asked; to store comes last still."""
    made = sandbox.registry.make_login("anna", shape="github", life=timedelta(days=40))
    image = f"{sandbox.registry.host}/acme/churn:1.4"
    issuer = sandbox.registry.host.replace("127.0.0.1", "localhost")
    here = replace(HOSTS[0], url=f"http://{issuer}/rate_limit", registries=("127.0.0.1:*",))
    monkeypatch.setattr(secret_write, "CheckPlan", functools.partial(CheckPlan, issuers=(here,)))
    go_on = hold(sandbox.registry.servers[0], lambda request: "rate_limit" in request.path)
    fill(form, sandbox.registry, made.password)
    form.bar.press("store")
    until(lambda: f'<span class="a">{issuer}</span> <span class="q">asking</span>' in said(form))
    steps = ("team-churn", image, issuer, "Store in AI Core")
    places = [said(form).index(f"{step}</span>") for step in steps]
    assert places == sorted(places)
    go_on.set()
    assert form.wait(PATIENCE)
    assert form.result.known.states == ("valid",)
    assert "asked at its issuer" in said(form)


def test_what_was_stored_from_here_is_told_before_it_is_replaced(show, sandbox, shell):
    """The question has registry, user, day and notebook of what this machine stored, and when it ends."""
    shell.user_ns["__vsc_ipynb_file__"] = "/home/anna/train.ipynb"
    form = show()
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    form.bar.press("another")
    fill(form, sandbox.registry, sandbox.registry.password, user="berta")
    form.fields.check.value = False
    press(form, "store")
    form.bar.press("store")
    for words in (
        "Replace team-churn for the whole tenant?",
        f"{sandbox.registry.host} as anna",
        "today ",
        "train.ipynb",
        "Someone else may have replaced its login since.",
        f"{sandbox.registry.host} as berta",
    ):
        assert words in said(form)
    assert "does not return logins" not in said(form)


def test_a_second_click_does_nothing(form, sandbox):
    """Two clicks on Create that are both under way are one: one request, one end."""
    fill(form, sandbox.registry, sandbox.registry.password)
    button = form.bar.buttons["store"]
    button.click()
    button.click()
    assert form.wait(PATIENCE)
    assert form.result.change == "created"
    assert len([one for one in sandbox.state.requests if one.method == "POST" and "admin" in one.path]) == 1


def test_cancel_after_the_end(form, sandbox):
    """A click on Cancel that comes too late never says that nothing was stored."""
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    form.bar.buttons["stop"].click()
    assert "Secret team-churn created" in said(form)
    assert "Stopped" not in said(form)


def test_edits_while_it_runs(form, sandbox, hold):
    """What is edited after it was read stops the run, and nothing is stored: the form says what it was."""
    fill(form, sandbox.registry, sandbox.registry.password)
    go_on = hold(sandbox.registry.servers[0])
    form.bar.press("store")
    form.fields.name.widget.value = "team-other"
    form.fields.user.widget.value = "berta"
    assert "Stopped: Secret name changed" in said(form)
    assert "Nothing was stored." in said(form)
    assert "Check the fields, then press Create again." in said(form)
    go_on.set()
    until(nothing_runs)
    assert not sandbox.state.secrets
    form.fields.user.widget.value = "anna"
    press(form, "store")
    assert list(sandbox.state.secrets) == ["team-other"]


@pytest.mark.parametrize("field", ["name", "images", "registry", "user", "check", "login"])
def test_an_edit_takes_a_question_back(form, sandbox, field):
    """Nothing is replaced but what was asked about: whatever is edited, it is asked anew."""
    sandbox.state.secrets["team-churn"] = '{"auths":{"ghcr.io":{}}}'
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    form.bar.press("store")
    assert "Replace team-churn for the whole tenant?" in said(form)
    entry = getattr(form.fields, field)
    new = {"check": False, "login": "file"}.get(field, f"{entry.value}x")
    entry.widget.value = new
    assert f"Stopped: {entry.name} changed" in said(form)
    form.bar.buttons["replace"].click()  # a click that was under way
    assert form.wait(PATIENCE)
    assert sandbox.state.secrets == {"team-churn": '{"auths":{"ghcr.io":{}}}'}
    assert "replace" not in form.bar.offered


def test_what_python_changes_is_asked_anew(form, sandbox):
    """A value that is set while the question stands is no edit; Replace asks about it first."""
    sandbox.state.secrets["team-churn"] = '{"auths":{"ghcr.io":{}}}'
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    form.bar.press("store")
    form.fields.user.value = "berta"
    form.bar.press("replace")
    assert "as berta" in said(form)
    assert sandbox.state.secrets == {"team-churn": '{"auths":{"ghcr.io":{}}}'}


def test_closed_while_it_runs(form, sandbox, hold):
    """A form that is taken away stops what has not been sent."""
    go_on = hold(sandbox.registry.servers[0])
    fill(form, sandbox.registry, sandbox.registry.password)
    form.bar.press("store")
    until(lambda: "asking" in said(form))
    form.close()
    go_on.set()
    until(nothing_runs)
    assert not sandbox.state.secrets
    assert form.result is None


def test_check_stores_nothing(form, sandbox):
    """Check needs no name, and shows the verdicts."""
    fill(form, sandbox.registry, sandbox.registry.password, name="", image="acme/churn-gpu:2.0")
    press(form, "check")
    assert "Image cannot be pulled with this login" in said(form)
    assert not sandbox.state.secrets
    assert form.fields.password.value is not None


def test_without_a_connection(show):
    """Not connected is said before anything is tried, and again when a button is pressed."""
    form = show(of=Session())
    assert "Not connected. Run %aicore_connect" in form.head.widget.value
    form.fields.name.value, form.fields.registry.value, form.fields.user.value = "team-a", "ghcr.io", "anna"
    form.fields.password.widget.set_state({"value": "x1"})
    form.bar.press("store")
    assert "Not connected" in said(form)


def test_connected_later(show, session, tenant):
    """Once there is a connection, the next button that is pressed says whose it is, and goes on."""
    session.connection = None
    form = show()
    assert "Not connected" in form.head.widget.value
    session.connection = tenant
    form.bar.press("store")
    assert "Tenant sandbox." in form.head.widget.value
    assert "fields need a correction" in said(form)


def test_the_head_follows_at_the_next_edit(show, session, tenant):
    """Whatever is edited, head and message tell the connection as it is by then, in both directions."""
    session.connection = None
    form = show()
    form.fields.name.value, form.fields.registry.value, form.fields.user.value = "team-a", "ghcr.io", "anna"
    form.fields.password.widget.set_state({"value": "x1"})
    form.bar.press("store")
    assert said(form).count("Not connected") == 1
    session.connection = tenant
    form.fields.user.widget.value = "berta"
    assert "Tenant sandbox." in form.head.widget.value
    assert said(form) == ""
    session.connection = None
    form.fields.user.widget.value = "anna"
    assert "Not connected" in form.head.widget.value


def test_the_head_follows_at_a_check(show, session):
    """A check works without a connection, and says then that there is none."""
    form = show()
    session.connection = None
    form.bar.press("check")
    assert "Not connected" in form.head.widget.value


def test_a_tenant_that_an_edit_shows_is_a_move(show, session, elsewhere):
    """The head tells another tenant at an edit; the button still asks before anything goes there."""
    form = show()
    session.connection = elsewhere
    form.fields.user.widget.value = "anna"
    form.bar.press("store")
    assert "Another tenant" in said(form)


def test_another_tenant_than_the_one_shown(form, sandbox, session, elsewhere):
    """Nothing goes to a tenant that the form has not named, and nothing is replaced there unasked."""
    sandbox.state.secrets["team-churn"] = '{"auths":{"ghcr.io":{}}}'
    fill(form, sandbox.registry, sandbox.registry.password)
    form.fields.check.value = False
    press(form, "store")
    assert form.bar.says("store") == "Replace…"
    form.bar.press("store")
    session.use(elsewhere)
    before = len(sandbox.state.requests)
    form.bar.press("replace")
    assert "This notebook is connected to tenant" in said(form)
    assert 'role="alert"' in said(form)
    assert len(sandbox.state.requests) == before
    assert form.bar.says("store") == "Create"
    press(form, "store")
    assert form.result.where == elsewhere.where


def test_a_given_name_that_nobody_has(show, sandbox):
    """A form for a name that is free creates it; that there is nothing to replace is said at once."""
    form = show("team-churn")
    form.look_around()
    assert "New secret team-churn" in form.head.widget.value
    assert "team-churn is free in tenant sandbox" in form.fields.name.widget.description
    fill(form, sandbox.registry, sandbox.registry.password)
    form.bar.press("clear")
    assert form.bar.says("store") == "Create"
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    assert form.result.change == "created"


def test_a_secret_to_replace(show, sandbox):
    """With a name the form replaces that secret, and the name cannot be edited."""
    sandbox.state.secrets["team-churn"] = '{"auths":{"ghcr.io":{}}}'
    form = show("team-churn")
    assert "Replace team-churn" in form.head.widget.value
    assert form.fields.name.disabled
    fill(form, sandbox.registry, sandbox.registry.password)
    form.bar.press("store")
    press(form, "replace")
    assert form.result.change == "replaced"
    form.bar.press("another")
    assert not form.fields.name.disabled


@pytest.mark.parametrize("field", ["name", "images", "registry", "user", "check"])
def test_a_message_goes_when_something_is_edited(form, sandbox, field):
    """A refusal, or the result of a check, speaks of what was entered: any edit takes it back."""
    fill(form, sandbox.registry, sandbox.registry.password, image="acme/churn-gpu:2.0")
    for button in ("store", "check"):
        form.fields.check.value = True
        press(form, button)
        assert said(form)
        widget = getattr(form.fields, field).widget
        before, widget.value = widget.value, not widget.value if field == "check" else f"{widget.value}x"
        assert said(form) == ""
        widget.value = before


def test_what_is_wrong_is_told_when_the_field_is_left(form, monkeypatch):
    """It is told when another field is edited, or nothing is typed any more; spaces around it go then."""
    form.fields.user.widget.value = " anna "
    form.fields.images.widget.value = " https://ghcr.io/acme/churn "
    assert form.fields.user.value == "anna"
    assert not form.fields.images.wrong
    form.fields.registry.widget.value = "ghcr.io/acme"
    assert "https:// is not allowed in front of an image" in form.fields.images.widget.description
    form.fields.images.widget.value = "ghcr.io/acme/churn"
    assert not form.fields.images.wrong
    assert "this is an image, not a registry" in form.fields.registry.widget.description
    monkeypatch.setattr(form._judge_later, "_seconds", 0.01)
    form.fields.name.widget.value = "Team_A"
    until(lambda: "capital letters are not allowed" in form.fields.name.widget.description)


def test_an_e_mail_address_at_docker_hub(form):
    """It is a warning, in whatever order user and registry are entered; at another registry it is none."""
    form.fields.user.widget.value = "anna@example.com"
    form.fields.registry.widget.value = "docker.io"
    warned = form.fields.user.widget.description
    assert "Docker Hub: use the Docker ID, not the e-mail address." in warned
    assert 'class="k w' in warned
    form.fields.registry.widget.value = "ghcr.io"
    assert "Docker ID" not in form.fields.user.widget.description
    form.fields.registry.widget.value = ""
    form.fields.images.widget.value = "docker.io/acme/churn:1"
    form.fields.user.widget.value = "anna@example.org"
    assert 'class="k w' in form.fields.user.widget.description


def test_a_form_for_the_tenant_of_a_profile(show, sandbox, session, elsewhere, monkeypatch):
    """With a profile the form looks, checks and writes there alone, and says so."""
    monkeypatch.setattr(session, "_profiles", {"other": elsewhere})
    form = show(profile="other")
    assert "Tenant sandbox, profile other." in form.head.widget.value
    before = len(sandbox.state.requests)
    form.fields.name.widget.value = "team-a"
    until(lambda: "team-a is free" in form.fields.name.widget.description)
    form.fields.registry.value, form.fields.user.value = "ghcr.io", "anna"
    form.fields.password.widget.set_state({"value": "p1"})
    form.fields.check.value = False
    press(form, "store")
    assert form.result.where == elsewhere.where
    assert len(sandbox.state.requests) == before


def test_a_profile_that_is_gone(show, session, elsewhere, monkeypatch):
    """Where a profile can be connected to no more, the form says why, and nothing is sent."""
    monkeypatch.setattr(session, "_profiles", {"other": elsewhere})
    form = show(profile="other")
    session.disconnect()
    form.bar.press("store")
    assert "Refused: " in said(form)
    assert "config_other.json" in said(form)


def test_seconds_are_shown_while_it_runs(form, sandbox, hold, monkeypatch):
    """From the second second on the form says how long it takes, and how long it may; at the end no more."""
    monkeypatch.setattr(runner, "ticking", lambda tell: contextlib.nullcontext(tell(7)))
    fill(form, sandbox.registry, sandbox.registry.password)
    times = []
    for button in ("check", "store"):
        go_on = hold(sandbox.registry.servers[0])
        form.bar.press(button)
        until(lambda: below(form))
        times.append(below(form)[0].value)
        go_on.set()
        assert form.wait(PATIENCE)
        assert not any("at most" in getattr(each, "value", "") for each in below(form))
    assert times == ['<p class="time">7 s of at most 30 s</p>', '<p class="time">7 s of at most 60 s</p>']


def test_the_buttons_keep_their_place_at_the_end(form, sandbox):
    """Nothing before them comes or goes: the browser makes none of them anew, and the focus stays."""
    before = form.widget.children[: form.widget.children.index(form.bar.widget) + 1]
    fill(form, sandbox.registry, sandbox.registry.password)
    press(form, "store")
    assert form.widget.children[: len(before)] == before


def test_docker_logins_are_offered(form, sandbox, own_environment):
    """What docker login left can be chosen; user and password give way."""
    folder = own_environment / ".docker"
    folder.mkdir()
    config = {"auths": {sandbox.registry.host: {"username": "anna", "password": sandbox.registry.password}}}
    (folder / "config.json").write_text(json.dumps(config))
    form.look_around()
    labels = [label for label, _ in form.fields.login.widget.options]
    assert f"docker login: {sandbox.registry.host} as anna" in labels
    form.fields.login.widget.index = 1
    assert form.fields.user.widget not in shown(form)
    form.fields.name.value = "team-churn"
    form.fields.images.value = f"{sandbox.registry.host}/acme/churn:1.4"
    press(form, "store")
    assert form.result.change == "created"


def test_a_file_of_logins(form, sandbox, tmp_path):
    """A login file is read when Create is pressed; a wrong path is told, not raised."""
    form.fields.login.widget.index = 1
    form.fields.name.value, form.fields.file.value = "team-file", str(tmp_path / "none.json")
    press(form, "store")
    assert "does not exist" in said(form)
    place = tmp_path / "config.json"
    login = {"username": "anna", "password": sandbox.registry.password}
    place.write_text(json.dumps({"auths": {sandbox.registry.host: login}}))
    form.fields.file.value = str(place)
    press(form, "store")
    assert form.result.name == "team-file"


def test_a_taken_name_is_forgotten_with_it(form, sandbox):
    """Clear, or another name, takes Replace back: Create never overwrites."""
    sandbox.state.secrets["shared-hub"] = '{"auths":{"ghcr.io":{}}}'
    form.fields.name.widget.value = "shared-hub"
    until(lambda: form.bar.says("store") == "Replace…")
    form.fields.name.widget.value = "shared-hut"
    assert form.bar.says("store") == "Create"
    form.fields.name.widget.value = "shared-hub"
    until(lambda: form.bar.says("store") == "Replace…")
    form.bar.press("clear")
    assert form.bar.says("store") == "Create"


def test_where_no_form_can_be_shown(form, shell, capsys):
    """A terminal, or a form that is closed, shows a line that does the same instead of the form."""
    form.close()
    form._ipython_display_()
    assert capsys.readouterr().out == f"{form!r}\n"


def test_clear_forgets_everything(form, sandbox, canary):
    """Clear empties every field, and the password is gone from memory."""
    fill(form, sandbox.registry, canary)
    form.bar.press("clear")
    assert form.fields.password.value is None
    assert {form.fields.name.value, form.fields.images.value, form.fields.user.value} == {""}


def test_a_handler_that_raises_is_shown(form, monkeypatch):
    """A fault of ours is shown in the form with the magic that does the same: Jupyter would swallow it."""

    def broken(*_args, **_more):
        raise KeyError("boom")

    monkeypatch.setattr(form.fields, "read", broken)
    form.bar.press("store")
    assert "Error in this form: KeyError" in said(form)
    assert "%aicore_docker_secret" in said(form)


def test_a_fault_while_something_runs(form, sandbox, hold, monkeypatch):
    """What breaks beside a run does not give the form back before its end."""

    def broken(*_args):
        raise KeyError("boom")

    fill(form, sandbox.registry, sandbox.registry.password)
    go_on = hold(sandbox.registry.servers[0])
    form.bar.press("store")
    until(lambda: "asking" in said(form))
    monkeypatch.setattr(form.fields, "leave", broken)
    next(each for each in form.widget.children if "left" in classes(each)).click()
    assert "Error in this form: KeyError" in said(form)
    assert form.fields.name.disabled
    go_on.set()
    assert form.wait(PATIENCE)
    assert form.result.change == "created"


def test_no_state_holds_the_password(form, sandbox, canary):
    """Whatever happens, no widget's state and no message of the form holds the password in any form."""
    fill(form, sandbox.registry, canary)
    press(form, "store")
    seen = json.dumps(ipywidgets.Widget.get_manager_state(), ensure_ascii=False) + said(form) + repr(form)
    assert not any(canary[i : i + 4] in seen for i in range(len(canary) - 3))
