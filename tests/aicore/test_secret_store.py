"""What is said after a create, update or delete agrees with what AI Core then holds, whatever went wrong."""

from __future__ import annotations

import pytest

from aicore_magics.aicore import secret_store
from aicore_magics.base.redact import Secret
from aicore_magics.errors import (
    AICoreError,
    Busy,
    CredentialsRefused,
    DockerSecretExists,
    DockerSecretMissing,
    NotAICore,
    NotAllowed,
    OutcomeUnknown,
    QuotaReached,
    RequestRefused,
    ServerError,
)
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import ResponseLost
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.docker_secret import DockerSecret, RegistryLogin
from aicore_magics.model.names import SecretName

OLD = '{"auths":{"ghcr.io":{"username":"old","password":"old","auth":"b2xkOm9sZA=="}}}'


@pytest.fixture
def secret(canary):
    return DockerSecret(SecretName("team-ghcr"), (RegistryLogin("ghcr.io", "anna", Secret(canary)),))


@pytest.fixture
def quick(monkeypatch):
    """Looking again ends after half a second, not ten."""
    monkeypatch.setattr(secret_store, "VISIBLE_WITHIN", 0.5)


def create(client, secret, *, meanwhile=lambda: None):
    """Take the steps of a create; *meanwhile* happens between look and POST."""
    deadline, name = Deadline(), str(secret.name)
    secret_store.demand_free(client, name, deadline)
    meanwhile()
    accepted = secret_store.send_new(client, secret, deadline)
    secret_store.demand_there(client, name, accepted, deadline)


def writes(sandbox):
    return [
        asked
        for asked in sandbox.state.requests
        if asked.method in ("POST", "PATCH", "DELETE") and "/admin/" in asked.path
    ]


def calls(sandbox):
    return [asked.method for asked in sandbox.state.requests if "/admin/" in asked.path]


def test_create_looks_writes_and_looks_again(tenant, sandbox, secret):
    """A create costs three requests: is the name free, the POST, is it there now."""
    create(tenant.client, secret)
    assert calls(sandbox) == ["GET", "POST", "GET"]
    assert sandbox.state.secrets["team-ghcr"] == secret.dockerconfigjson().reveal()


def test_update_costs_one_request(tenant, sandbox, secret):
    """An update has nothing to look at: the API gives no content back."""
    sandbox.state.secrets["team-ghcr"] = OLD
    secret_store.replace(tenant.client, secret, Deadline())
    assert calls(sandbox) == ["PATCH"]


def test_a_taken_name_is_never_written_to(tenant, sandbox, secret):
    """Create on a taken name sends no write at all, even to a server that would overwrite."""
    sandbox.faults.duplicate = "overwrite"
    sandbox.state.secrets["team-ghcr"] = OLD
    with pytest.raises(DockerSecretExists, match="NOT changed"):
        create(tenant.client, secret)
    assert sandbox.state.secrets["team-ghcr"] == OLD
    assert not writes(sandbox)


def test_a_message_that_speaks_of_exists_is_never_a_success(tenant, sandbox, secret):
    """If somebody was faster between look and POST, the 202 "Secret exists" makes the outcome unknown."""
    with pytest.raises(OutcomeUnknown, match="not your login"):
        create(tenant.client, secret, meanwhile=lambda: sandbox.state.secrets.update({"team-ghcr": OLD}))
    assert sandbox.state.secrets["team-ghcr"] == OLD


@pytest.mark.parametrize(
    ("answer", "error"), [("409", DockerSecretExists), ("400", RequestRefused), ("500", OutcomeUnknown)]
)
def test_other_answers_to_a_duplicate(tenant, sandbox, secret, answer, error):
    """Whatever a server answers to a duplicate, nothing is claimed that is not so."""
    sandbox.faults.duplicate = answer
    with pytest.raises(error):
        create(tenant.client, secret, meanwhile=lambda: sandbox.state.secrets.update({"team-ghcr": OLD}))
    assert sandbox.state.secrets["team-ghcr"] == OLD


def test_a_create_that_did_not_arrive_is_sent_again(tenant, sandbox, secret):
    """No answer, and the secret is not there: it is sent once more, and is stored once."""
    sandbox.faults.drop = ["before"]
    create(tenant.client, secret)
    assert calls(sandbox).count("POST") == 1 + len(
        [asked for asked in sandbox.state.requests if asked.status == 0]
    )
    assert sandbox.state.secrets["team-ghcr"] == secret.dockerconfigjson().reveal()


@pytest.mark.parametrize("when", ["after", "cut"])
def test_a_create_that_arrived_without_an_answer_is_unknown(tenant, sandbox, secret, when):
    """No answer, and a secret is there: whose login it holds cannot be read, so apply makes sure."""
    sandbox.faults.drop = [when]
    with pytest.raises(OutcomeUnknown, match="is there now; whether with your login is not known") as caught:
        create(tenant.client, secret)
    assert "apply team-ghcr" in NOTEBOOK.say(caught.value.next)
    secret_store.replace(tenant.client, secret, Deadline())
    assert sandbox.state.secrets["team-ghcr"] == secret.dockerconfigjson().reveal()


def test_a_create_that_never_gets_an_answer_is_unknown(tenant, sandbox, secret):
    """Three attempts without an answer end as unknown, not as failed."""
    sandbox.faults.drop = ["before"] * 3
    with pytest.raises(OutcomeUnknown, match="may have stored it or not"):
        create(tenant.client, secret)


def test_a_refusal_after_a_lost_answer_does_not_undo_the_doubt(tenant, sandbox, secret, monkeypatch):
    """If the second attempt is refused, the first one may still have been stored."""
    sandbox.faults.drop = ["before"]
    monkeypatch.setattr(
        "aicore_magics.http.deadline.Retry.wait",
        lambda self: setattr(sandbox.faults, "forbidden", "text") or True,
    )
    with pytest.raises(OutcomeUnknown):
        create(tenant.client, secret)
    sandbox.faults.forbidden, sandbox.faults.drop = "", ["before"]
    sandbox.state.secrets["team-ghcr"] = OLD
    with pytest.raises(OutcomeUnknown):
        secret_store.replace(tenant.client, secret, Deadline())


@pytest.mark.parametrize("when", ["before", "after", "cut"])
def test_an_update_whose_answer_is_lost_is_sent_again(tenant, sandbox, secret, when):
    """An update holds the whole secret, so sending it twice does no harm and makes it certain."""
    sandbox.state.secrets["team-ghcr"] = OLD
    sandbox.faults.drop = [when]
    secret_store.replace(tenant.client, secret, Deadline())
    assert sandbox.state.secrets["team-ghcr"] == secret.dockerconfigjson().reveal()


def test_an_update_that_never_gets_an_answer_is_unknown(tenant, sandbox, secret):
    """Three attempts without an answer: the old or the new login may be in force."""
    sandbox.state.secrets["team-ghcr"] = OLD
    sandbox.faults.drop = ["before", "after", "before"]
    with pytest.raises(OutcomeUnknown, match="The old or the new login may be in force"):
        secret_store.replace(tenant.client, secret, Deadline())


def test_stored_but_visible_later(tenant, sandbox, secret):
    """A secret that shows up late is waited for."""
    sandbox.faults.visible_after = 0.4
    create(tenant.client, secret)


def test_accepted_and_never_visible_is_unknown(tenant, sandbox, secret, quick):
    """A 202 alone is no success."""
    sandbox.faults.never_visible = True
    with pytest.raises(OutcomeUnknown, match="still not there"):
        create(tenant.client, secret)


def test_accepted_and_then_deaf_is_unknown(tenant, sandbox, secret, quick):
    """If AI Core cannot be asked afterwards, that is said, and nothing about ten seconds."""
    sandbox.faults.next_statuses = [0, 0, *([503] * 50)]
    with pytest.raises(OutcomeUnknown, match="could not be seen"):
        create(tenant.client, secret)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_that_passes_is_not_seen(tenant, sandbox, secret, status):
    """A 5xx is followed by a look; where nothing is there, the create is sent again."""
    sandbox.faults.next_statuses = [0, status]
    create(tenant.client, secret)


@pytest.mark.parametrize(
    ("status", "error"),
    [(500, ServerError), (503, ServerError), (502, OutcomeUnknown), (504, OutcomeUnknown)],
)
def test_a_server_error_that_stays(tenant, sandbox, secret, quick, status, error):
    """Absent after a 5xx means unchanged, but what a gateway gave up on may still arrive."""
    sandbox.faults.next_statuses = [0, *([status, 0] * 3)]
    with pytest.raises(error) as caught:
        create(tenant.client, secret)
    assert ("Nothing was changed" in caught.value.message) is (error is ServerError)
    assert not sandbox.state.secrets


def test_a_503_that_asks_to_wait_may_have_done_it_all_the_same(tenant, sandbox, secret):
    """Retry-After is a gateway's word: what AI Core did behind it is seen by looking."""
    sandbox.faults.next_statuses, sandbox.faults.apply_anyway = [0, 503], True
    sandbox.faults.retry_after = "30"
    with pytest.raises(OutcomeUnknown, match="is there now"):
        create(tenant.client, secret)


def test_a_create_that_failed_and_is_stored_later_is_not_called_unchanged(tenant, sandbox, secret, quick):
    """What AI Core says it failed at gets as long to show up as what it accepts."""
    sandbox.faults.next_statuses, sandbox.faults.apply_anyway = [0, *([500, 0] * 3)], True
    sandbox.faults.stores_later = 0.3
    with pytest.raises(OutcomeUnknown):
        create(tenant.client, secret)


def test_a_server_error_after_it_was_stored_is_unknown(tenant, sandbox, secret):
    """A 504 that hides a stored secret is not reported as a failure."""
    sandbox.faults.next_statuses, sandbox.faults.apply_anyway = [0, 504], True
    with pytest.raises(OutcomeUnknown, match="is there now"):
        create(tenant.client, secret)
    assert "team-ghcr" in sandbox.state.secrets


@pytest.mark.parametrize("status", [400, 403, 429])
def test_a_full_tenant_is_told_by_its_quota(tenant, sandbox, secret, status):
    """No status is documented for a full tenant, so the quota decides."""
    sandbox.faults.quota, sandbox.faults.quota_status = 1, status
    sandbox.state.secrets["other"] = OLD
    with pytest.raises(QuotaReached, match="holds 1 of 1 docker secrets"):
        create(tenant.client, secret)


@pytest.mark.parametrize(
    ("faults", "error"),
    [
        ({"forbidden": "text"}, NotAllowed),
        ({"forbidden": "json"}, NotAllowed),
        ({"next_statuses": [0, 429], "retry_after": "120"}, Busy),
        ({"next_statuses": [0, 400]}, RequestRefused),
        ({"html": True}, NotAICore),
        ({"redirect_to": "http://localhost:9/"}, NotAICore),
        ({"next_statuses": [401, 401]}, CredentialsRefused),
    ],
)
def test_a_refusal_changes_nothing_and_says_so(tenant, sandbox, secret, faults, error):
    """Each refusal has its class, says that nothing was changed, and nothing was."""
    for name, value in faults.items():
        setattr(sandbox.faults, name, value)
    with pytest.raises(error, match="Nothing was changed"):
        create(tenant.client, secret)
    assert not sandbox.state.secrets


def test_an_echoed_password_is_not_shown(tenant, sandbox, secret, canary):
    """A server that repeats the password in its refusal does not get it onto the screen."""
    sandbox.faults.echo_body = True
    with pytest.raises(AICoreError) as caught:
        secret_store.replace(tenant.client, secret, Deadline())
    assert canary not in str(caught.value)


def test_a_missing_name_is_not_replaced(tenant, sandbox, secret):
    """What is to be replaced and is not there is told, with the nearest name, and nothing is stored."""
    sandbox.state.secrets["team-ghrc"] = OLD
    with pytest.raises(DockerSecretMissing) as caught:
        secret_store.replace(tenant.client, secret, Deadline())
    assert NOTEBOOK.say(caught.value.next).startswith("did you mean team-ghrc?")
    assert list(sandbox.state.secrets) == ["team-ghrc"]


def test_delete_sees_it_gone(tenant, sandbox):
    """A delete is done when the secret is gone, even if that takes a moment."""
    sandbox.state.secrets["team-ghcr"] = OLD
    sandbox.faults.visible_after = 0.3
    secret_store.delete(tenant.client, "team-ghcr", Deadline())
    assert not sandbox.state.secrets
    with pytest.raises(DockerSecretMissing):
        secret_store.delete(tenant.client, "team-ghcr", Deadline())


@pytest.mark.parametrize("when", ["before", "after", "cut"])
def test_a_delete_whose_answer_is_lost_is_sent_again(tenant, sandbox, when):
    """A delete is repeated until the secret is gone; that it is missing then is what was wanted."""
    sandbox.state.secrets["team-ghcr"] = OLD
    sandbox.faults.drop = [when]
    secret_store.delete(tenant.client, "team-ghcr", Deadline())
    assert not sandbox.state.secrets


def test_a_delete_that_never_gets_an_answer_is_unknown(tenant, sandbox, quick):
    """A secret that is still there after three lost answers may go yet."""
    sandbox.state.secrets["team-ghcr"] = OLD
    sandbox.faults.drop = ["before"] * 3
    with pytest.raises(OutcomeUnknown, match="still there"):
        secret_store.delete(tenant.client, "team-ghcr", Deadline())


def test_an_interrupt_while_sending_is_unknown(tenant, sandbox, secret, monkeypatch, ctrl_c):
    """Ctrl-C while the answer is awaited says that it may be stored."""
    sandbox.state.secrets["team-ghcr"] = OLD
    tenant.client.exists("team-ghcr", Deadline())
    answer = sandbox.server.application.answer

    def interrupt_first(request):
        if request.method == "PATCH":
            ctrl_c()
        return answer(request)

    monkeypatch.setattr(sandbox.server.application, "answer", interrupt_first)
    sandbox.faults.slow = 60
    with pytest.raises(OutcomeUnknown, match="you stopped while team-ghcr was being sent"):
        secret_store.replace(tenant.client, secret, Deadline())
    # Nobody has waited for the answer, or asked anything else meanwhile.
    assert len(sandbox.server.connections) == 1
    assert "PATCH" not in [each.method for each in sandbox.state.requests]


def test_no_error_keeps_the_request(tenant, sandbox, secret, canary):
    """What is raised after a lost answer has no cause, and no frame that holds the password as text."""
    sandbox.faults.drop = ["after"]
    with pytest.raises(OutcomeUnknown) as caught:
        create(tenant.client, secret)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    trace = caught.value.__traceback__
    while trace is not None:
        if "aicore_magics" in trace.tb_frame.f_code.co_filename:
            assert canary not in repr(trace.tb_frame.f_locals)
        trace = trace.tb_next


@pytest.fixture
def between(tenant, monkeypatch):
    """Let something between here and AI Core answer a write with a web page, after it went through or not."""

    def answer(method, status, *, did):
        write = getattr(tenant.client, method)

        def answered(*args):
            if did:
                write(*args)
            page = NotAICore("h answered with a web page", next="compare the address.")
            page.status = status
            raise page

        monkeypatch.setattr(tenant.client, method, answered)

    return answer


@pytest.mark.parametrize("status", [200, 302, 502])
def test_a_web_page_after_a_create_that_went_through_is_unknown(tenant, sandbox, secret, between, status):
    """A page in AI Core's place is no sign that nothing was stored: the name is looked for."""
    between("create", status, did=True)
    with pytest.raises(OutcomeUnknown, match=r"answered with a web page\. team-ghcr is there now"):
        create(tenant.client, secret)


def test_a_web_page_after_a_create_that_did_not(tenant, sandbox, secret, between):
    """If the name is not there, nothing was changed, and the page is what is told; it is met once."""
    between("create", 200, did=False)
    with pytest.raises(NotAICore, match=r"a web page\. Nothing was changed"):
        create(tenant.client, secret)
    assert calls(sandbox) == ["GET", "GET"]


def test_a_web_page_after_a_lost_answer(tenant, sandbox, secret, between, monkeypatch):
    """A page says nothing of the attempt before it, which may be stored yet."""
    between("create", 200, did=False)
    answered, ends = tenant.client.create, [ResponseLost("x")]

    def lost_at_first(*args):
        if ends:
            raise ends.pop()
        answered(*args)

    monkeypatch.setattr(tenant.client, "create", lost_at_first)
    with pytest.raises(OutcomeUnknown, match=r"a web page\. AI Core may have stored it or not"):
        create(tenant.client, secret)
    assert not ends


@pytest.mark.parametrize("did", [True, False])
def test_a_web_page_after_an_update_is_unknown(tenant, sandbox, secret, between, did):
    """What a secret holds cannot be read, so after a page nobody knows; where to look is told."""
    sandbox.state.secrets["team-ghcr"] = OLD
    between("update", 200, did=did)
    with pytest.raises(
        OutcomeUnknown, match=r"a web page\. The old or the new login may be in force"
    ) as caught:
        secret_store.replace(tenant.client, secret, Deadline())
    assert NOTEBOOK.say(caught.value.next).startswith("compare the address. Then run the cell again")


def test_a_web_page_after_a_delete(tenant, sandbox, between, quick):
    """After a page it is looked whether the secret is gone."""
    sandbox.state.secrets.update({"team-ghcr": OLD, "other": OLD})
    between("delete", 200, did=True)
    secret_store.delete(tenant.client, "team-ghcr", Deadline())
    between("delete", 200, did=False)
    with pytest.raises(OutcomeUnknown, match="still there"):
        secret_store.delete(tenant.client, "other", Deadline())


def test_no_token_in_the_middle_of_a_write_is_no_doubt(tenant, sandbox, secret):
    """A token host that fails after a 401 means that nothing was asked of AI Core."""
    sandbox.state.secrets["team-ghcr"] = OLD
    sandbox.revoke_tokens()
    sandbox.faults.hits, sandbox.faults.next_statuses = "token", [503] * 3
    with pytest.raises(ServerError, match=r"failed to give a token \(503\)\. Nothing was changed"):
        secret_store.replace(tenant.client, secret, Deadline())


@pytest.mark.parametrize("status", [500, 504])
def test_any_text_of_a_server_can_be_told(tenant, sandbox, secret, monkeypatch, quick, status):
    """Braces in a server's message are text."""

    def failed(*_):
        error = ServerError("AI Core failed (no {upstream} {0} {).")
        error.status = status
        raise error

    monkeypatch.setattr(tenant.client, "create", failed)
    monkeypatch.setattr(tenant.client, "update", failed)
    with pytest.raises((OutcomeUnknown, ServerError), match=r"no \{upstream} \{0} \{"):
        create(tenant.client, secret)
    with pytest.raises(OutcomeUnknown, match=r"no \{upstream} \{0} \{"):
        secret_store.replace(tenant.client, secret, Deadline())


def test_an_interrupt_right_after_a_delete_is_unknown(tenant, sandbox, monkeypatch):
    """Wherever Ctrl-C strikes once a delete may have been sent, it is not told as nothing sent."""
    sandbox.state.secrets["team-ghcr"] = OLD

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(secret_store, "_look_again", interrupted)
    with pytest.raises(OutcomeUnknown, match="just after AI Core was asked to delete team-ghcr"):
        secret_store.delete(tenant.client, "team-ghcr", Deadline())
    assert not sandbox.state.secrets
    monkeypatch.setattr(secret_store, "nearest", interrupted)
    with pytest.raises(DockerSecretMissing, match="Nothing was changed"):
        secret_store.delete(tenant.client, "team-ghcr", Deadline())
