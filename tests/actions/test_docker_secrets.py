"""Nothing is stored that a registry says no to, and what could not be asked is stored with a warning."""

from __future__ import annotations

import dataclasses
import inspect
import json
import threading

import pytest

from aicore_magics.actions import connect_with, docker_secrets
from aicore_magics.actions.docker_secrets import (
    CheckOptions,
    apply_docker_secret,
    create_docker_secret,
    dry_run_docker_secret,
    update_docker_secret,
)
from aicore_magics.actions.image_check import check_image
from aicore_magics.base.calls import bare_errors
from aicore_magics.base.progress import NAME, STORE, Watch
from aicore_magics.base.redact import Secret
from aicore_magics.errors import (
    DockerSecretExists,
    DockerSecretMissing,
    ImageRefused,
    InvalidFile,
    InvalidImage,
    InvalidRegistry,
    InvalidTemplate,
    LoginRefused,
    OutcomeUnknown,
    Stopped,
)
from aicore_magics.http.transport import Transport
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.logins.wish import TakenLogins
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin
from tests.real.fake_registry import BASIC, BEARER, FakeRegistry
from tests.waiting import PATIENCE, until

WRITES = {"create": create_docker_secret, "apply": apply_docker_secret, "update": update_docker_secret}
SKIP = CheckOptions(skip=True)
GONE = "127.0.0.1:1"  # a port that nobody listens at
STOPPED = "nothing was stored. The login may have been sent to its registry."


def interrupted(*_, **__):
    raise KeyboardInterrupt


@pytest.fixture
def login(sandbox):
    """The right login of the sandbox's registry."""
    registry = sandbox.registry
    return RegistryLogin(registry.host, registry.username, Secret(registry.password))


@pytest.fixture
def wrong(sandbox, canary):
    """A login that the sandbox's registry does not accept."""
    return RegistryLogin(sandbox.registry.host, sandbox.registry.username, Secret(canary))


def written(sandbox):
    """The requests that AI Core got to change something."""
    return [
        one.method
        for one in sandbox.state.requests
        if one.method in ("POST", "PATCH") and "/admin/" in one.path
    ]


def image(sandbox, reference="acme/churn:1.4"):
    return f"{sandbox.registry.host}/{reference}"


def ready(sandbox, what):
    """Let there be a secret that an update can replace; what AI Core was asked before does not count."""
    if what == "update":
        sandbox.state.secrets["team"] = json.dumps({"auths": {"old": {}}})
    sandbox.state.requests.clear()


@pytest.mark.parametrize("what", WRITES)
def test_what_can_be_pulled_is_stored(sandbox, tenant, login, what):
    """A login that can pull the image is stored, and the result tells what was found."""
    ready(sandbox, what)
    done = WRITES[what](tenant, "team", [login], images=[image(sandbox)])
    assert done.change == ("replaced" if what == "update" else "created")
    (verdict,) = done.verdicts
    assert (verdict.outcome, verdict.platform, verdict.image) == ("ok", "linux/amd64", image(sandbox))
    assert [(one.reference, one.key) for one in done.images] == [(image(sandbox), sandbox.registry.host)]
    assert (len(written(sandbox)), done.notes) == (1, ())
    assert login.key in json.loads(sandbox.state.secrets["team"])["auths"]


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("acme/churn-gpu:2.0", "is built for linux/arm64"),
        ("acme/churn:9", "no such tag"),
        ("other/secret:1", "not allowed, or not there"),
    ],
)
def test_an_image_that_cannot_be_pulled(sandbox, tenant, login, what, reference, words):
    """What says no stops the write before anything is sent to AI Core."""
    ready(sandbox, what)
    stored = dict(sandbox.state.secrets)
    with pytest.raises(ImageRefused, match=words) as caught:
        WRITES[what](tenant, "team", [login], images=[image(sandbox), image(sandbox, reference)])
    assert "Nothing was stored." in caught.value.message
    assert (written(sandbox), dict(sandbox.state.secrets)) == ([], stored)


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("alone", [False, True], ids=["image", "alone"])
def test_a_login_that_is_refused(sandbox, tenant, wrong, canary, what, alone):
    """A wrong login is not stored, with an image or by itself, and the error does not show it."""
    ready(sandbox, what)
    with pytest.raises(LoginRefused, match="does not accept user anna") as caught:
        WRITES[what](tenant, "team", [wrong], images=[] if alone else [image(sandbox)])
    assert written(sandbox) == []
    assert canary not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("challenge", [BASIC, BEARER], ids=["Basic", "Bearer"])
@pytest.mark.parametrize("alone", [False, True], ids=["image", "alone"])
@pytest.mark.parametrize("status", [401, 403])
def test_a_login_that_a_gateway_refuses(sandbox, tenant, canary, what, challenge, alone, status):
    """A login that gets 401 or 403 is not stored, though it is the web page of a gateway's that says so."""
    ready(sandbox, what)
    stored = dict(sandbox.state.secrets)
    with FakeRegistry(challenge=challenge, gateway=status) as registry:
        login = RegistryLogin(registry.address, "anna", Secret(canary))
        with pytest.raises((LoginRefused, ImageRefused), match=rf"\({status}\)") as caught:
            WRITES[what](tenant, "team", [login], images=[] if alone else [registry.reference])
        assert any((each.authorization or "").startswith("Basic ") for each in registry.asked)
    assert "Nothing was stored." in caught.value.message
    assert (written(sandbox), dict(sandbox.state.secrets)) == ([], stored)


@pytest.mark.parametrize("what", WRITES)
def test_an_image_that_a_gateway_does_not_find(sandbox, tenant, canary, what):
    """An image that a gateway's web page does not find for the login is not stored either."""
    ready(sandbox, what)
    with FakeRegistry(challenge=BASIC, gateway=404) as registry:
        login = RegistryLogin(registry.address, "anna", Secret(canary))
        with pytest.raises(ImageRefused, match=r"no such tag \(404\)"):
            WRITES[what](tenant, "team", [login], images=[registry.reference])
    assert written(sandbox) == []


@pytest.mark.parametrize("challenge", [BASIC, BEARER], ids=["Basic", "Bearer"])
@pytest.mark.parametrize(("status", "outcome"), [(429, "rate-limited"), (407, "unclear"), (503, "unclear")])
def test_a_gateway_in_trouble_is_no_refusal(sandbox, tenant, canary, challenge, status, outcome):
    """What says nothing about the login is stored with a warning, whatever page it is."""
    with FakeRegistry(challenge=challenge, gateway=status) as registry:
        login = RegistryLogin(registry.address, "anna", Secret(canary))
        done = create_docker_secret(tenant, "team", [login], images=[registry.reference])
    assert (done.verdicts[0].outcome, done.report().state) == (outcome, "warning")
    assert len(written(sandbox)) == 1


@pytest.mark.parametrize("what", WRITES)
def test_one_of_two_logins(sandbox, tenant, login, canary, what):
    """Each login is tried, and one that is wrong keeps all from being stored."""
    ready(sandbox, what)
    second = RegistryLogin(sandbox.registry.basic_host, "anna", Secret(canary))
    with pytest.raises(LoginRefused, match=sandbox.registry.basic_host):
        WRITES[what](tenant, "team", [login, second])
    assert written(sandbox) == []


@pytest.mark.parametrize("what", WRITES)
def test_an_image_that_nobody_serves(sandbox, tenant, login, what):
    """An image that no login in the secret serves is refused; with --no-check it is a note."""
    ready(sandbox, what)
    with pytest.raises(ImageRefused, match="no login for it"):
        WRITES[what](tenant, "team", [login], images=["ghcr.io/acme/churn:1"])
    assert written(sandbox) == []
    done = WRITES[what](tenant, "team", [login], images=["ghcr.io/acme/churn:1"], checking=SKIP)
    assert done.notes[0].startswith("ghcr.io/acme/churn:1: the secret has a login for ")
    assert [one.key for one in done.images] == [""]


@pytest.mark.parametrize("what", WRITES)
def test_no_check(sandbox, tenant, wrong, what):
    """Who wants no check gets none: no registry is asked, and that is told."""
    ready(sandbox, what)
    done = WRITES[what](tenant, "team", [wrong], images=[image(sandbox, "acme/churn-gpu:2.0")], checking=SKIP)
    assert (done.verdicts, sandbox.registry.requests) == ((), [])
    assert "  checked   no" in str(done)
    assert len(written(sandbox)) == 1


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("alone", [False, True], ids=["image", "alone"])
def test_what_is_not_known_is_stored_with_a_warning(sandbox, tenant, canary, what, alone):
    """A registry that gives no answer stops nobody: AI Core may reach it. The result says so."""
    ready(sandbox, what)
    login = RegistryLogin(GONE, "anna", Secret(canary))
    done = WRITES[what](tenant, "team", [login], images=[] if alone else [f"{GONE}/a/b:1"])
    (verdict,) = done.verdicts
    assert (verdict.outcome, verdict.not_checked) == ("unreachable", True)
    report = done.report()
    stored = "replaced" if what == "update" else "stored"
    assert report.headline == f"Secret team {stored}, {'login' if alone else 'image'} not checked"
    assert report.state == "warning"
    assert len(written(sandbox)) == 1


def test_a_limit_is_no_refusal(sandbox, tenant, login):
    """A registry that asks to wait has not said no."""
    sandbox.registry.faults.next_statuses = [429]
    done = create_docker_secret(tenant, "team", [login], images=[image(sandbox)])
    assert (done.verdicts[0].outcome, done.report().state) == ("rate-limited", "warning")


def test_a_registry_elsewhere_in_the_sandbox(sandbox, tenant, canary):
    """From the sandbox no registry elsewhere is asked, and the result says that it was not."""
    login = RegistryLogin("ghcr.io", "anna", Secret(canary))
    done = create_docker_secret(tenant, "team", [login], images=["ghcr.io/acme/churn:1.4"])
    assert (done.verdicts[0].outcome, done.report().state, done.notes) == ("not-asked", "warning", ())


def test_another_host_for_the_login(sandbox, tenant, login):
    """A realm at another host is not asked, unless the user names it: then it is."""
    sandbox.registry.faults.realm = "http://127.0.0.2:1/token"
    named = {"images": [image(sandbox)], "checking": CheckOptions(realms=("127.0.0.2",))}
    done = create_docker_secret(tenant, "team", [login], images=[image(sandbox)])
    assert done.verdicts[0].outcome == "other-realm"
    done = apply_docker_secret(tenant, "team", [login], **named)
    assert (done.verdicts[0].outcome, "127.0.0.2:1" in done.verdicts[0].reason) == ("unreachable", True)


def test_a_host_that_the_sandbox_does_not_ask(sandbox, tenant, login):
    """A realm that is not on this machine is never asked from the sandbox, whoever names it."""
    sandbox.registry.faults.realm = "https://auth.example.com/token"
    named = {"images": [image(sandbox)], "checking": CheckOptions(realms=("auth.example.com",))}
    done = create_docker_secret(tenant, "team", [login], **named)
    assert done.verdicts[0].outcome == "other-realm"
    assert "check it outside the sandbox" in done.shown(NOTEBOOK)


@pytest.fixture
def plans(monkeypatch):
    """The plans of the checks that are made."""
    seen, real = [], docker_secrets.Checks
    monkeypatch.setattr(docker_secrets, "Checks", lambda plan: seen.append(plan) or real(plan))
    return seen


@pytest.mark.parametrize(
    ("of_connection", "of_call", "trusted"),
    [("", "", ""), ("a.pem", "", "a.pem"), ("", "b.pem", "b.pem"), ("a.pem", "b.pem", "b.pem")],
)
def test_which_ca_is_trusted(sandbox, login, plans, of_connection, of_call, trusted):
    """The CA file of the call is trusted in place of that of the connection."""
    connection = connect_with(sandbox.service_key, sandbox=True)
    connection.ca_file = of_connection
    create_docker_secret(
        connection, "team", [login], checking=CheckOptions(ca_file=of_call, realms=("x.example",))
    )
    connection.close()
    (plan,) = plans
    assert (plan.ca_file, plan.realms, plan.only_here) == (trusted, ("x.example",), True)


def test_a_ca_file_that_is_none(sandbox, login, tmp_path):
    """A CA file that cannot be read is said before anything is stored, where it would be needed."""
    connection = connect_with(sandbox.service_key, sandbox=True)
    https = RegistryLogin(GONE, "anna", Secret("p"))
    with FakeRegistry(moved={"/blobs/": "https://127.0.0.1:1/x"}) as registry:
        own = RegistryLogin(registry.address, "anna", Secret("p"))
        with pytest.raises(InvalidFile):
            create_docker_secret(
                connection,
                "team",
                [https, own],
                images=[registry.reference],
                checking=CheckOptions(ca_file=str(tmp_path / "gone.pem")),
            )
    connection.close()
    assert written(sandbox) == []


def test_the_time_limit_is_that_of_the_call(sandbox, tenant, login, plans):
    """The checks have no more time than the call."""
    create_docker_secret(tenant, "team", [login], timeout=7)
    assert [plan.seconds for plan in plans] == [7]


@pytest.mark.parametrize("what", ["create", "apply"])
def test_the_name_is_looked_up_beside_the_check(sandbox, tenant, what):
    """While the registry is asked, AI Core is, too: a registry that waits for that has an answer."""
    sandbox.state.requests.clear()

    def ai_core_is_asked():
        return until(
            lambda: any("/dockerRegistrySecrets" in one.path for one in tuple(sandbox.state.requests))
        )

    with FakeRegistry(challenge=BASIC, meanwhile=ai_core_is_asked) as registry:
        login = RegistryLogin(registry.address, "anna", Secret("p"))
        done = WRITES[what](tenant, "team", [login], images=[registry.reference])
    assert done.verdicts[0].outcome == "ok"


@pytest.mark.parametrize(
    ("what", "known", "change", "requests"),
    [
        ("create", False, "created", ["GET", "POST", "GET"]),
        ("apply", False, "created", ["GET", "POST", "GET"]),
        ("apply", True, "replaced", ["GET", "PATCH"]),
        ("update", True, "replaced", ["PATCH"]),
    ],
)
def test_what_each_write_sends_and_comes_to(sandbox, tenant, login, what, known, change, requests):
    """Look, write, look again: an apply looks before it knows which it is, and only a create after it."""
    if known:
        sandbox.state.secrets["team"] = "{}"
    sandbox.state.requests.clear()
    assert WRITES[what](tenant, "team", [login]).change == change
    to_ai_core = [asked.method for asked in sandbox.state.requests if "/admin/" in asked.path]
    assert to_ai_core == requests
    assert login.key in json.loads(sandbox.state.secrets["team"])["auths"]


@pytest.mark.parametrize("known", [True, False], ids=["taken", "missing"])
def test_what_ai_core_knows_is_told_at_once(sandbox, tenant, login, known):
    """That a name is taken is told without waiting for a slow registry."""
    sandbox.registry.faults.slow = 20.0
    sandbox.state.secrets["team"] = "{}"
    if known:
        with pytest.raises(DockerSecretExists):
            create_docker_secret(tenant, "team", [login], images=[image(sandbox)])
    else:
        done = create_docker_secret(tenant, "other", [login], images=[image(sandbox)], checking=SKIP)
        assert done.verdicts == ()
    assert sandbox.registry.requests == []  # it is still at the first, if it was asked at all
    assert sandbox.state.secrets["team"] == "{}"


def test_an_update_of_what_is_not_there(sandbox, tenant, login, wrong):
    """An update asks the registries first: a wrong login is told first, else what is missing."""
    with pytest.raises(LoginRefused):
        update_docker_secret(tenant, "team", [wrong])
    with pytest.raises(DockerSecretMissing):
        update_docker_secret(tenant, "team", [login])


@pytest.mark.parametrize("what", WRITES)
def test_an_interrupt_while_the_registry_is_asked(sandbox, tenant, login, monkeypatch, what):
    """Who stops while a registry is asked has stored nothing, and reads that, and what may have been sent."""
    ready(sandbox, what)
    monkeypatch.setattr(docker_secrets.Checks, "verdicts", interrupted)
    with pytest.raises(Stopped) as caught:
        WRITES[what](tenant, "team", [login])
    assert caught.value.message == STOPPED
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert written(sandbox) == []


@pytest.mark.parametrize("what", ["create", "apply"])
def test_an_interrupt_while_the_name_is_looked_up(tenant, monkeypatch, what):
    """The registries are asked at the same time: the login may have been sent to one, and that is told."""
    with FakeRegistry(challenge=BASIC) as registry:

        def looked_up(*_):
            until(lambda: any(each.authorization for each in registry.asked))
            raise KeyboardInterrupt

        monkeypatch.setattr(tenant.client, "exists", looked_up)
        login = RegistryLogin(registry.address, "anna", Secret("p"))
        with pytest.raises(Stopped) as caught:
            WRITES[what](tenant, "team", [login], images=[registry.reference])
        assert any(each.authorization for each in registry.asked)
    assert caught.value.message == STOPPED


@pytest.mark.parametrize("what", WRITES)
def test_nothing_more_is_sent_after_an_interrupt(sandbox, tenant, monkeypatch, what):
    """A login that had not been sent yet when one stopped never is."""
    ready(sandbox, what)
    monkeypatch.setattr(docker_secrets.Checks, "verdicts", interrupted)
    left = threading.Event()
    with FakeRegistry(challenge=BASIC, meanwhile=lambda: left.wait(PATIENCE)) as registry:
        login = RegistryLogin(registry.address, "anna", Secret("p"))
        with pytest.raises(Stopped, match="nothing was stored"):
            WRITES[what](tenant, "team", [login], images=[registry.reference])
        left.set()
        until(lambda: not checks_run())
        assert [each for each in registry.asked if each.authorization] == []


def checks_run():
    """Whether a thread of a check still runs."""
    return any(each.name == "aicore-magics-check" for each in threading.enumerate())


@pytest.mark.parametrize("what", WRITES)
def test_an_interrupt_never_hides_a_write(sandbox, tenant, login, monkeypatch, what):
    """Cautions take DNS, and so time: they are looked up before the write, and who stops then stops it."""
    ready(sandbox, what)
    monkeypatch.setattr(docker_secrets.Checks, "cautions", interrupted)
    with pytest.raises(Stopped) as caught:
        WRITES[what](tenant, "team", [login])
    assert caught.value.message == STOPPED
    assert written(sandbox) == []


def doing(what):
    """The word for what is under way."""
    return "replaced" if what == "update" else "stored"


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("skip", [False, True], ids=["checked", "not checked"])
@pytest.mark.parametrize("when", [(NAME, "running"), (NAME, "done"), (STORE, "running")])
def test_an_interrupt_before_the_first_byte(sandbox, tenant, login, what, skip, when):
    """As long as nothing has gone out to AI Core, who stops reads that nothing was stored."""
    ready(sandbox, what)

    def told(step, state, _word):
        if (step, state) == when:
            raise KeyboardInterrupt

    with pytest.raises(Stopped) as caught:
        WRITES[what](tenant, "team", [login], checking=CheckOptions(skip=skip, watch=Watch(told)))
    looked = what != "update" and when != (NAME, "running")
    said = "nothing was changed." if looked else "nothing was sent, nothing was changed."
    assert caught.value.message == (said if skip else STOPPED)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert written(sandbox) == []


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_interrupt_while_it_is_sent(sandbox, tenant, login, monkeypatch, what, when):
    """From the first byte on nobody reads that nothing was stored, whether it was or not."""
    ready(sandbox, what)
    send = Transport.send

    def stopped_at(self, method, *args, **kwargs):
        if method != "GET" and when == "before":
            raise KeyboardInterrupt
        answer = send(self, method, *args, **kwargs)
        if method in ("POST", "PATCH") and "/admin/" in args[0]:
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(Transport, "send", stopped_at)
    with pytest.raises(OutcomeUnknown) as caught:
        WRITES[what](tenant, "team", [login], checking=SKIP)
    assert caught.value.message.startswith(f"you stopped while team was being {doing(what)}. ")
    # What to do is to look, or to send the same again.
    assert NOTEBOOK.say(caught.value.next).startswith(
        "run the cell again" if what == "update" else "%aicore_docker_secret show team --wait"
    )
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert len(written(sandbox)) == (when == "after")
    assert list(tenant.client.unsettled) == ["team"]


@pytest.mark.parametrize("what", WRITES)
def test_an_interrupt_after_the_write(sandbox, tenant, login, monkeypatch, what):
    """Who stops when it is stored already does not read that it was not."""
    ready(sandbox, what)
    monkeypatch.setattr(docker_secrets, "SecretStored", interrupted)
    with pytest.raises(OutcomeUnknown, match=f"you stopped while team was being {doing(what)}"):
        WRITES[what](tenant, "team", [login])
    assert len(written(sandbox)) == 1
    assert login.key in json.loads(sandbox.state.secrets["team"])["auths"]


def test_a_write_that_another_call_holds(sandbox, tenant, login):
    """Who calls it within a call of their own learns of an interrupt there that it may have been stored."""

    @bare_errors
    def act(end):
        create_docker_secret(tenant, "team", [login], checking=SKIP)
        end()

    with pytest.raises(OutcomeUnknown, match="you stopped while team was being stored"):
        act(interrupted)
    with pytest.raises(DockerSecretExists):
        act(interrupted)
    with pytest.raises(Stopped):
        bare_errors(interrupted)()


def stored_meanwhile(sandbox):
    """Let somebody store a secret of the same name just before ours is sent."""
    config = json.dumps({"auths": {"theirs": {}}})

    def told(step, _state, _word):
        if step == STORE:
            sandbox.state.secrets["team"] = config

    return CheckOptions(skip=True, watch=Watch(told))


@pytest.mark.parametrize("duplicate", ["202-exists", "409"])
def test_somebody_else_was_faster(sandbox, tenant, login, duplicate, clock):
    """A create does not know then whose secret is there; an apply replaces it, and says so."""
    sandbox.faults.duplicate = duplicate
    with pytest.raises(OutcomeUnknown, match="whether with your login is not known") as caught:
        create_docker_secret(tenant, "team", [login], checking=stored_meanwhile(sandbox))
    assert NOTEBOOK.say(caught.value.next) == "to store it in any case: %aicore_docker_secret apply team"
    assert list(json.loads(sandbox.state.secrets["team"])["auths"]) == ["theirs"]
    del sandbox.state.secrets["team"]
    done = apply_docker_secret(tenant, "team", [login], checking=stored_meanwhile(sandbox))
    assert (done.change, done.notes) == ("replaced", ())
    assert list(json.loads(sandbox.state.secrets["team"])["auths"]) == [login.key]
    assert tenant.client.unsettled == {}


@pytest.mark.parametrize("what", ["create", "apply"])
@pytest.mark.parametrize("drop", ["after", "cut"])
def test_what_looks_have_settled(sandbox, tenant, login, what, drop):
    """A secret that is there after a lost answer is created, and the result tells how that is known."""
    sandbox.faults.drop = [drop]
    done = WRITES[what](tenant, "team", [login], checking=SKIP)
    note = "The secret was not there before and is there now, although no answer arrived for team."
    assert (done.change, done.notes) == ("created", (note,))
    assert note in str(done)
    assert written(sandbox) == ["POST"]


def test_how_to_check_may_serve_two_writes(sandbox, tenant, login, monkeypatch):
    """What one write came to is no matter to the next: an interrupt there is told as it is."""
    how = CheckOptions()
    create_docker_secret(tenant, "first", [login], checking=how)
    monkeypatch.setattr(docker_secrets.Checks, "verdicts", interrupted)
    sandbox.state.requests.clear()
    with pytest.raises(Stopped, match="nothing was stored"):
        create_docker_secret(tenant, "second", [login], checking=how)
    assert written(sandbox) == []


@pytest.mark.parametrize("what", WRITES)
def test_a_write_that_is_stopped_from_elsewhere(sandbox, tenant, login, what):
    """Who stops a write from another thread before it is sent has stored nothing."""
    ready(sandbox, what)
    watch = Watch()
    assert watch.stop()
    with pytest.raises(Stopped):
        WRITES[what](tenant, "team", [login], checking=CheckOptions(watch=watch))
    assert written(sandbox) == []


def test_the_cautions_are_there_before_the_write(sandbox, tenant, login, monkeypatch):
    """When the write is sent, everything that could take time is over."""
    seen, cautions = [], docker_secrets.Checks.cautions

    def noted(self, verdicts):
        seen.append(written(sandbox))
        return cautions(self, verdicts)

    monkeypatch.setattr(docker_secrets.Checks, "cautions", noted)
    create_docker_secret(tenant, "team", [login])
    assert seen == [[]]
    assert len(written(sandbox)) == 1


def test_notes(sandbox, tenant, canary):
    """Where logins are from, a name that others refuse, a key that serves nothing: notes, in this order."""
    login = RegistryLogin(AuthKey("ghcr.io/acme/churn:1.4"), "anna", Secret(canary))
    done = create_docker_secret(tenant, "team_ghcr", TakenLogins((login,), ("Read so.",)), checking=SKIP)
    assert done.notes == (
        "Read so.",
        "Kubernetes and SAP AI Launchpad do not allow an underscore in a name.",
        "The key ghcr.io/acme/churn:1.4 cannot match any image; use ghcr.io.",
    )
    assert done.report().state == "warning"


def test_what_is_not_proven_is_a_note(sandbox, tenant, login, monkeypatch):
    """What the check of a real tenant cannot prove stands in the result."""
    monkeypatch.setattr(type(tenant), "on_this_machine", False)
    done = create_docker_secret(tenant, "team", [login], images=[image(sandbox)])
    assert done.notes == (f"{sandbox.registry.host} is this machine. AI Core cannot reach it.",)
    skipped = apply_docker_secret(tenant, "team", [login], images=[image(sandbox)], checking=SKIP)
    assert skipped.notes == ()


def test_what_is_wrong_is_said_before_anybody_is_asked(sandbox, tenant, login):
    """An image that is none is refused before a registry or AI Core hears of it."""
    sandbox.state.requests.clear()
    with pytest.raises(InvalidImage):
        create_docker_secret(tenant, "team", [login], images=[image(sandbox), "https://x"])
    assert (sandbox.registry.requests, sandbox.state.requests) == ([], [])


def test_the_key_that_is_tried_first(sandbox, tenant):
    """Of several keys the result shows the one that the kubelet tries first."""
    registry = sandbox.registry
    logins = [
        RegistryLogin(AuthKey(key), registry.username, Secret(registry.password))
        for key in (registry.host, f"{registry.host}/acme")
    ]
    done = create_docker_secret(tenant, "team", logins, images=[image(sandbox)])
    assert [one.key for one in done.images] == [f"{registry.host}/acme"]


def test_the_result_holds_no_secret(sandbox, tenant, login):
    """Neither text nor data of a result hold the password."""
    done = create_docker_secret(tenant, "team", [login], images=[image(sandbox)])
    assert sandbox.registry.password not in repr(done) + json.dumps(done.to_dict())


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_the_functions_are_documented(write):
    """Each says in its first sentence what it does; what differs from create is told, errors are named."""
    text = inspect.getdoc(write)
    assert text.partition("\n")[0].endswith((".", "."))
    assert "as create" in text or all(word in text for word in ("LoginRefused", "ImageRefused", "*images*"))
    assert list(inspect.signature(write).parameters) == [
        "tenant",
        "name",
        "logins",
        "images",
        "checking",
        "recording",
        "timeout",
    ]
    assert inspect.signature(write).parameters["checking"].default is None


@pytest.mark.parametrize(
    ("realm", "host"),
    [
        ("auth.example", "auth.example"),
        ("Auth.Example", "auth.example"),
        ("https://auth.example", "auth.example"),
        ("https://auth.example:8443/", "auth.example"),
        ("auth.example:443", "auth.example"),
        ("127.0.0.2:5000", "127.0.0.2"),
        ("localhost:5000", "localhost"),
        ("[::1]:5000", "[::1]"),
        ("[::1]", "[::1]"),
    ],
)
def test_a_realm_in_any_spelling(realm, host):
    """A host may be spelt as a registry may; its port does not matter."""
    assert CheckOptions(realms=(realm,)).realms == (host,)
    assert CheckOptions(realms=("auth.example", realm)).realms == ("auth.example", host)


@pytest.mark.parametrize(
    "realm",
    [
        "http://x",
        "auth.example/token",
        "https://auth.example/token",
        "",
        "a b",
        "anna@auth.example",
        "*.example",
    ],
)
def test_a_realm_that_is_none(realm):
    """What is no host is said at once: a path, too, for it is the host that one vouches for."""
    with pytest.raises(
        InvalidRegistry, match=r"^--realm must be a host\. Nothing was sent\.\nNext: write it like auth"
    ):
        CheckOptions(realms=(realm,))


def test_how_to_check_is_a_value():
    """Two that say the same are equal, whoever watches; none can be changed."""
    assert CheckOptions(realms=["a.example:1"], watch=Watch()) == CheckOptions(
        realms=("a.example",), watch=Watch()
    )
    assert CheckOptions(skip=True) != CheckOptions()
    assert CheckOptions().watch is not CheckOptions().watch
    assert "Watch" not in repr(CheckOptions())
    with pytest.raises(dataclasses.FrozenInstanceError):
        CheckOptions().skip = True
    with_realm = CheckOptions(realms=("a.example",))
    assert dataclasses.replace(with_realm, skip=True).realms == ("a.example",)


def test_how_to_check_is_documented():
    """Each part of Checking is told in its docstring."""
    assert all(name in CheckOptions.__doc__ for name in CheckOptions.__dataclass_fields__)


FROM_HUB = "docker.io/acme/churn:1"


def for_hub(canary, key="docker.io"):
    return RegistryLogin(AuthKey(key), "anna", Secret(canary))


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize(("kind", "told"), [("", 1), ("serving", 1), ("workflow", 0)])
@pytest.mark.parametrize("skip", [False, True], ids=["asked", "skipped"])
def test_what_may_fail_in_serving_is_a_warning(sandbox, tenant, canary, what, kind, told, skip):
    """The secret is stored, and the result tells what serving would lack; not if it is for a workflow."""
    ready(sandbox, what)
    how = CheckOptions(skip=skip, pulled_by=kind)
    done = WRITES[what](tenant, "team", [for_hub(canary)], images=[FROM_HUB], checking=how)
    assert [each.difference for each in done.serving] == ["no-login"] * told
    assert (len(written(sandbox)), done.pulled_by) == (1, kind)
    assert done.report().state == "warning"
    assert canary not in repr(done)


def test_a_key_that_makes_serving_fail(sandbox, tenant, login, canary):
    """One key that is no address is a warning for the whole secret, also where no image is named."""
    broken = RegistryLogin(AuthKey("reg.example.com:*"), "anna", Secret(canary))
    done = create_docker_secret(tenant, "team", [login, broken])
    assert [each.difference for each in done.serving] == ["broken-key"]
    assert "reg.example.com:*" in done.serving[0].reason
    assert "reg.example.com:*" in json.loads(sandbox.state.secrets["team"])["auths"]


def test_a_password_in_a_key_is_not_told(sandbox, tenant, canary):
    """A key from a file may hold a password: no caution repeats it, nor does the result."""
    for key in (f"https://anna:{canary}@docker.io", f"https://anna:{canary}@docker.io:x"):
        done = apply_docker_secret(tenant, "team", [for_hub(canary, key)], images=[FROM_HUB], checking=SKIP)
        assert done.serving
        assert canary not in repr(done) + json.dumps(done.to_dict())


def test_a_dry_run_tells_it_too(tenant, canary):
    """Without asking anybody, it says what serving would lack, unless it is for a workflow."""
    for kind, told in (("", True), ("serving", True), ("workflow", False)):
        run = dry_run_docker_secret(tenant, "team", [for_hub(canary)], images=[FROM_HUB], pulled_by=kind)
        assert any("Serving asks without a login" in note for note in run.notes) is told


@pytest.mark.parametrize("kind", ["Serving", "deployment", "both", None, 1, "workflow "])
def test_a_kind_that_there_is_not(tenant, canary, kind):
    """Only workflow and serving can be meant, or both where nothing is said."""
    with pytest.raises(InvalidTemplate, match="pulled_by is not a kind of template"):
        CheckOptions(pulled_by=kind)
    with pytest.raises(InvalidTemplate):
        dry_run_docker_secret(tenant, "team", [for_hub(canary)], pulled_by=kind)


@pytest.mark.parametrize(("kind", "told"), [("", 1), ("serving", 1), ("workflow", 0)])
def test_a_check_tells_it_and_stores_nothing(sandbox, tenant, canary, kind, told):
    """So does a check, whose verdict it leaves alone."""
    how = CheckOptions(pulled_by=kind)
    found = check_image(FROM_HUB, [for_hub(canary)], tenant=tenant, checking=how, strict=True)
    assert [each.difference for each in found.serving] == ["no-login"] * told
    assert written(sandbox) == []
