"""What is said of a delete is so, whatever comes between it and its answer."""

from __future__ import annotations

import contextlib
import re

import pytest

from aicore_magics import (
    RegistryLogin,
    Secret,
    create_docker_secret,
    delete_docker_secret,
    show_docker_secret,
    update_docker_secret,
)
from aicore_magics.actions import CheckOptions, deletion_question, hidden_docker_secret, list_docker_secrets
from aicore_magics.aicore import looks
from aicore_magics.aicore.client import Unsettled
from aicore_magics.errors import (
    AICoreError,
    DockerSecretExists,
    DockerSecretMissing,
    OutcomeUnknown,
    RequestRefused,
    Stopped,
    Unreachable,
)
from aicore_magics.http.messages import ResponseLost
from aicore_magics.http.transport import Transport
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.next_steps import do


@pytest.fixture
def login(canary):
    return RegistryLogin("ghcr.io", "anna", Secret(canary))


def test_the_question_before_a_delete(tenant, login):
    """It names tenant and consequences; for a name that is not there, there is no question."""
    create_docker_secret(tenant, "team-ghcr", [login])
    question = deletion_question(tenant, "team-ghcr")
    assert str(question.report()).startswith("Delete team-ghcr from tenant sandbox?")
    assert "for all resource groups and cannot be read back" in str(question.report())
    assert question.prompt == "Type team-ghcr to delete it, Enter to keep it: "
    with pytest.raises(DockerSecretMissing):
        deletion_question(tenant, "team-hub")


def test_a_delete_where_the_folder_is_gone(tenant, login, sandbox, tmp_path, monkeypatch):
    """Looking for templates is an extra: a folder that is gone neither stops nor hides a delete."""
    create_docker_secret(tenant, "team-ghcr", [login])
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert deletion_question(tenant, "team-ghcr").named_by == ()
    assert delete_docker_secret(tenant, "team-ghcr").named_by == ()
    assert not sandbox.state.secrets
    monkeypatch.chdir(tmp_path)


def test_an_interrupt_never_hides_a_delete(tenant, login, sandbox, monkeypatch):
    """The templates are looked for first, so that an interrupt there finds the secret untouched."""
    create_docker_secret(tenant, "team-ghcr", [login])

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("aicore_magics.actions.tenant_secrets.files_naming", interrupted)
    with pytest.raises(Stopped, match="nothing was changed"):
        delete_docker_secret(tenant, "team-ghcr")
    assert list(sandbox.state.secrets) == ["team-ghcr"]


# A name that is not shown

TOKEN = "ghp_" + 6 * "ab1c"
OTHER = "ghp_" + 6 * "cd2e"
CONTENT = '{"auths":{"ghcr.io":{"auth":"YTpi"}}}'


@pytest.fixture
def hidden(tenant, sandbox):
    """The hidden name at position 2 of three."""
    sandbox.state.secrets.update(dict.fromkeys(("a-team", TOKEN, "team-b"), CONTENT))
    return {each.position: each for each in list_docker_secrets(tenant).hidden}[position_of(sandbox, TOKEN)]


def position_of(sandbox, name):
    return sandbox.state.names().index(name) + 1


def said(error):
    """All that an error says and holds."""
    return f"{error} {error!r} {vars(error)} {NOTEBOOK.say(error.next)}"


def test_a_hidden_name_is_deleted_and_never_shown(tenant, sandbox, hidden, tmp_path, monkeypatch):
    """Its secret is deleted by what the list gave for it; the question asks for its mark; no text has it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.yaml").write_text(f"spec:\n  imagePullSecrets:\n    - name: {TOKEN}\n")
    assert hidden_docker_secret(tenant, hidden.position) == hidden
    question = deletion_question(tenant, hidden)
    text = str(question.report())
    assert text.startswith(
        f"Delete the secret *** at position {hidden.position}, whose name looks like a GitHub token, from"
    )
    assert question.prompt == f"Type {hidden.mark} (its mark) to delete it, Enter to keep it: "
    assert "1 template in this folder: train.yaml" in text
    result = delete_docker_secret(tenant, hidden)
    assert sorted(sandbox.state.secrets) == ["a-team", "team-b"]
    shown = f"{result!r} {result.to_dict()} {result.report()!r} {vars(tenant.client)}"
    assert TOKEN not in f"{question!r} {question.to_dict()} {question.report()!r}"
    assert TOKEN not in shown
    assert result.named_by == ("train.yaml",)
    assert "Its name looks like a GitHub token: all who may list secrets could read it. Revoke it." in shown


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda secrets: secrets.pop(TOKEN), id="gone"),
        pytest.param(lambda secrets: (secrets.pop(TOKEN), secrets.update({OTHER: CONTENT})), id="another"),
        pytest.param(lambda secrets: secrets.pop("a-team"), id="one less before it"),
        pytest.param(lambda secrets: secrets.update({"aa": CONTENT}), id="one more before it"),
        pytest.param(lambda secrets: secrets.update({OTHER: CONTENT}), id="another beside it"),
        pytest.param(lambda secrets: secrets.pop("team-b"), id="one less behind it"),
        pytest.param(lambda secrets: secrets.clear(), id="all"),
    ],
)
def test_never_another_one_is_deleted(change, tenant, sandbox, hidden):
    """Whatever became of the list meanwhile: the secret that was shown is deleted, or none at all."""
    change(sandbox.state.secrets)
    before = set(sandbox.state.secrets)
    moved = TOKEN not in before or position_of(sandbox, TOKEN) != hidden.position
    for act in (deletion_question, delete_docker_secret):
        with pytest.raises(DockerSecretMissing, match="another name") if moved else contextlib.nullcontext():
            act(tenant, hidden)
    assert before - set(sandbox.state.secrets) == (set() if moved else {TOKEN})


@pytest.mark.parametrize("position", [1, 2, 3, 4])
def test_only_a_hidden_name_is_given_by_its_position(position, tenant, sandbox, hidden):
    """A position gives no name that is shown, and none that is not there."""
    if position == hidden.position:
        assert hidden_docker_secret(tenant, position) == hidden
        return
    with pytest.raises(DockerSecretMissing, match=f"no hidden name at position {position}"):
        hidden_docker_secret(tenant, position)


@pytest.mark.parametrize(
    "faults",
    [
        {"forbidden": "delete"},
        {"html": True},
        {"next_statuses": [500] * 9},
        {"next_statuses": [403]},
        {"next_statuses": [404]},
        {"next_statuses": [409]},
        {"drop": ["before"] * 9},
        {"drop": ["after"] * 9},
        {"stores_later": 60.0},
        {"hits": "write", "next_statuses": [502] * 9, "echo_body": True},
    ],
    ids=str,
)
def test_no_error_of_a_delete_shows_a_hidden_name(faults, tenant, sandbox, hidden, monkeypatch):
    """However a delete ends, it is said without the hidden name, and how to see what became of it."""
    monkeypatch.setattr(looks, "VISIBLE_WITHIN", 0.3)
    for name, value in faults.items():
        with contextlib.suppress(AttributeError, ValueError):
            setattr(sandbox.faults, name, value)
    error = None
    try:
        delete_docker_secret(tenant, hidden, timeout=3)
    except AICoreError as raised:
        error = raised
    assert error is None or TOKEN not in said(error)
    assert not isinstance(error, OutcomeUnknown) or "list_docker_secrets(tenant)" in str(error)


def test_an_interrupted_delete_shows_no_hidden_name(tenant, hidden, monkeypatch):
    """Ctrl-C from the first byte of the delete on says what was being deleted without its name."""

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(looks, "look_until", interrupted)
    with pytest.raises(OutcomeUnknown, match="you stopped while") as caught:
        delete_docker_secret(tenant, hidden)
    assert TOKEN not in said(caught.value)


@pytest.mark.parametrize("near", [TOKEN, TOKEN[:-1], "team-c"])
def test_no_guess_is_a_hidden_name(near, tenant, hidden):
    """What may have been meant is never a name that is not shown."""
    error = looks.missing(tenant.client, near, looks.Deadline(5))
    assert TOKEN not in said(error).replace(f"has no secret {near}", "")


def test_no_guess_is_the_password_of_the_login(tenant, sandbox):
    """A name of the tenant that is the very password that was entered is not guessed at."""
    sandbox.state.secrets.update(dict.fromkeys(("team-ghcr-1", "team-ghcr-2"), CONTENT))
    login = RegistryLogin("ghcr.io", "anna", Secret("team-ghcr-2"))
    with pytest.raises(DockerSecretMissing) as caught:
        update_docker_secret(tenant, "team-ghcr-3", [login], checking=CheckOptions(skip=True))
    assert re.search("team-ghcr-1", said(caught.value))
    assert "team-ghcr-2" not in said(caught.value)


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_interrupt_while_it_is_deleted(tenant, login, sandbox, monkeypatch, when):
    """From the first byte of a delete on, an interrupt is unknown; a look with patience tells then."""
    create_docker_secret(tenant, "team-ghcr", [login])
    send = Transport.send

    def stopped_at(self, method, *args, **kwargs):
        if method == "DELETE" and when == "before":
            raise KeyboardInterrupt
        answer = send(self, method, *args, **kwargs)
        if method == "DELETE":
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(Transport, "send", stopped_at)
    with pytest.raises(OutcomeUnknown) as caught:
        delete_docker_secret(tenant, "team-ghcr")
    assert caught.value.message == (
        "you stopped while team-ghcr was being deleted. It is not known whether it is gone."
    )
    assert NOTEBOOK.say(caught.value.next).startswith("%aicore_docker_secret show team-ghcr --wait")
    assert ("team-ghcr" in sandbox.state.secrets) is (when == "before")
    assert tenant.client.unsettled == {"team-ghcr": Unsettled("delete")}


@pytest.mark.parametrize("drop", ["after", "cut"])
def test_a_delete_that_looks_have_settled(tenant, login, sandbox, drop):
    """A secret that is gone after a lost answer is deleted, and the result tells how that is known."""
    create_docker_secret(tenant, "team-ghcr", [login])
    sandbox.faults.drop = [drop]
    done = delete_docker_secret(tenant, "team-ghcr")
    assert done.notes == (
        "The secret was there before and is gone now, although no answer arrived for team-ghcr.",
    )
    assert done.notes[0] in str(done)


def test_a_delete_that_did_nothing(tenant, login, sandbox, monkeypatch):
    """A secret that is still there when it was looked long enough was not deleted."""
    create_docker_secret(tenant, "team-ghcr", [login])
    monkeypatch.setattr(looks, "VISIBLE_WITHIN", 0.3)
    for faults, error in (
        ({"drop": ["before"] * 3}, Unreachable),
        ({"next_statuses": [0, 410]}, RequestRefused),
    ):
        for name, value in faults.items():
            setattr(sandbox.faults, name, value)
        with pytest.raises(error, match=r"Nothing was changed: team-ghcr is still there\."):
            delete_docker_secret(tenant, "team-ghcr")
    assert list(sandbox.state.secrets) == ["team-ghcr"]


# After an unknown outcome


@pytest.fixture
def unknown(tenant, login, sandbox, monkeypatch, clock):
    """Let a change end as unknown: `unknown(change, done=…)`, and let looks see it from then on."""
    monkeypatch.setattr(looks, "VISIBLE_WITHIN", 0.3)
    acts = {
        "create": lambda: create_docker_secret(tenant, "team-ghcr", [login]),
        "update": lambda: update_docker_secret(tenant, "team-ghcr", [login]),
        "delete": lambda: delete_docker_secret(tenant, "team-ghcr"),
    }

    def unknown(change, *, done):
        if change != "create":
            acts["create"]()
        send, sent = Transport.send, []

        def lost(self, method, url, **request):
            if method == "GET" and not sent:
                return send(self, method, url, **request)
            sent.append(method)
            if method != "GET" and done:
                send(self, method, url, **request)
            raise ResponseLost("no answer")

        with monkeypatch.context() as patched:
            patched.setattr(Transport, "send", lost)
            with pytest.raises(OutcomeUnknown):
                acts[change]()

    return unknown


UPDATE = "The outcome of your update is unknown: AI Core does not show which login is in a secret."
FREE = "The name was free before your create. So it is yours, unless someone else stored it since."
SETTLED = [
    (
        "create",
        True,
        0.0,
        "The name was free before your create. So it is yours, unless someone else stored it since.",
        "warning",
    ),
    ("create", False, 0.0, "The outcome of your create is still unknown.", "unknown"),
    ("create", False, 0.4, "Your create was not done: AI Core did not show it within 0 s.", "hint"),
    ("delete", True, 0.0, "It was there before your delete, and is gone now.", "hint"),
    ("delete", False, 0.0, "The outcome of your delete is still unknown.", "unknown"),
    ("delete", False, 0.4, "Your delete was not done: AI Core did not show it within 0 s.", "done"),
    ("update", True, 0.4, UPDATE, "unknown"),
    ("update", False, 0.0, UPDATE, "unknown"),
]


@pytest.mark.parametrize(("change", "done", "wait", "words", "state"), SETTLED)
def test_what_became_of_an_unknown_change(tenant, sandbox, unknown, change, done, wait, words, state):
    """Show tells what became of it, and where that cannot be known, what makes it certain."""
    unknown(change, done=done)
    shown = show_docker_secret(tenant, "team-ghcr", wait=wait)
    report = shown.report()
    assert (report.sentences[0], report.state) == (words, state)
    assert shown.exists is ("team-ghcr" in sandbox.state.secrets)
    (first, *_) = report.steps
    if state == "unknown":
        action = "apply" if change == "update" else "show-wait"
        assert first.lines == (do(action, name="team-ghcr"),)
        assert tenant.client.unsettled == {"team-ghcr": Unsettled(change)}
    else:
        assert not tenant.client.unsettled
        assert show_docker_secret(tenant, "team-ghcr").settled is None


def test_show_waits_for_a_secret(tenant, login, sandbox):
    """With nothing in doubt, the wait is for a secret that a colleague is about to store."""
    sandbox.faults.visible_after = 0.5
    sandbox.state.secrets.clear()
    assert not show_docker_secret(tenant, "team-ghcr", wait=0.2).exists
    sandbox.state.create("team-ghcr", '{"auths":{}}')
    assert show_docker_secret(tenant, "team-ghcr", wait=20).exists


def test_a_create_after_an_unknown_one(tenant, login, unknown):
    """A name that is taken, perhaps by one's own earlier create, is not said to hold another's login."""
    unknown("create", done=True)
    with pytest.raises(DockerSecretExists, match="An earlier create of yours may have stored it"):
        create_docker_secret(tenant, "team-ghcr", [login])
