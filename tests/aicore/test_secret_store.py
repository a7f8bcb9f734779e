"""What is said after a create, update or delete agrees with what AI Core then holds, whatever went wrong."""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicore_magics.aicore import client as clients
from aicore_magics.aicore import looks, secret_store, write_outcome
from aicore_magics.base.calls import bare_errors
from aicore_magics.base.redact import Secret
from aicore_magics.errors import (
    AICoreError,
    Busy,
    CertificateNotTrusted,
    CredentialsRefused,
    DockerSecretExists,
    DockerSecretMissing,
    NotAICore,
    NotAllowed,
    OutcomeUnknown,
    QuotaReached,
    RequestRefused,
    ServerError,
    Stopped,
    Unreachable,
)
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import ResponseLost
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.docker_secret import DockerSecret, RegistryLogin
from aicore_magics.model.names import SecretName
from tests.aicore.scripted import (
    HTML,
    LOOKS,
    LOST,
    NAME,
    PAGE,
    TEXT,
    Core,
    Turn,
    envelope,
    is_own,
    reply,
    status_object,
)
from tests.conftest import Clock

OLD = '{"auths":{"ghcr.io":{"username":"old","password":"old","auth":"b2xkOm9sZA=="}}}'
SURE = {400, 401, 403, 404, 413, 415, 422}

pytestmark = pytest.mark.enumerates


@pytest.fixture
def secret(canary):
    return DockerSecret(SecretName(NAME), (RegistryLogin("ghcr.io", "anna", Secret(canary)),))


PLAIN = DockerSecret(SecretName(NAME), (RegistryLogin("ghcr.io", "anna", Secret("pw")),))


def create(client, secret=PLAIN, *, seconds=60, or_replace=False, meanwhile=lambda: None):
    """Take the steps of a create; *meanwhile* happens between look and POST."""
    deadline = Deadline(seconds)
    secret_store.demand_free(client, NAME, deadline)
    meanwhile()
    return secret_store.create(client, secret, deadline, or_replace=or_replace)


def apply(client, secret=PLAIN, *, seconds=60):
    """Take the steps of an apply."""
    deadline = Deadline(seconds)
    if client.exists(NAME, deadline):
        return secret_store.replace(client, secret, deadline)
    return secret_store.create(client, secret, deadline, or_replace=True)


def replace(client, secret=PLAIN, *, seconds=60):
    return secret_store.replace(client, secret, Deadline(seconds))


def delete(client, *, seconds=60):
    return secret_store.delete(client, NAME, Deadline(seconds))


OPS = {"create": create, "apply": apply, "update": replace, "delete": delete}
THERE_BEFORE = ("update", "delete")
each_op = pytest.mark.parametrize("op", OPS)


def core_for(op, clock, *turns, **how):
    return Core(clock, *turns, there=op in THERE_BEFORE, **how)


def told(call):
    """What a call says: what it gave or raised."""
    try:
        return call()
    except AICoreError as error:
        return error


def outcome(said):
    if not isinstance(said, AICoreError):
        return "done"
    return "unknown" if isinstance(said, OutcomeUnknown) else "refused"


def is_true(op, core, said):
    """Whether what is said agrees with what is there: of what is not known, nothing is claimed."""
    word = outcome(said)
    if word == "unknown":
        return True
    now_right = core.config == ("" if op == "delete" else PLAIN.dockerconfigjson().reveal())
    return now_right if word == "done" else not core.changed


# Every answer, whether or not AI Core did what it was asked

ERRORS = (400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 422, 425, 429, 500, 502, 503, 504, 599)
OTHERS = (101, 103, 200, 201, 202, 204, 302, 303, 307)
ANSWERS = {
    LOST: LOST,
    **{
        f"{status} {look}": make(status)
        for look, (make, _) in LOOKS.items()
        for status in (*ERRORS, *OTHERS)
        if status >= 300 or look in ("object", "empty", "page", "list", "string error")
    },
}


def rule(op, answer, *, done):
    """What is to be said if every try is answered so, as the rule has it; None: such a server lies.

    Done means at the first try, and to be seen in time.
    """
    status, _, look = answer.partition(" ")
    own = answer != LOST and is_own(look, int(status))
    if own and int(status) in SURE and (status != "404" or op in THERE_BEFORE):
        return None if done else "refused"
    if own and status.startswith("2"):
        # Of an update only AI Core can tell, so that it is believed.
        return "done" if done else None if op == "update" else "unknown"
    # After a conflict, a secret that is there need not be this one.
    taken = status == "409" and op in ("create", "apply")
    if op == "update" or (done and taken):
        return "unknown"
    return "done" if done else "refused"


@each_op
@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
@pytest.mark.parametrize("look", [LOST, *LOOKS])
def test_every_answer(look, done, op, clock):
    """Every answer at every status, to a change that was made or not: what is said is right, and true."""
    for answer in [each for each in ANSWERS if each.partition(" ")[2] == look or each == look]:
        wanted = rule(op, answer, done=done)
        for shows in (0.0, 9.5) if done else (0.0,):
            core = core_for(op, clock, Turn(ANSWERS[answer], done=done, shows=shows))
            said = told(lambda core=core: OPS[op](core.client)) if wanted else None
            if wanted:
                assert (outcome(said), is_true(op, core, said)) == (wanted, True), (answer, shows, said)
                assert core.began <= 6
            if wanted == "refused":
                assert_refusal(op, answer, said)


def assert_refusal(op, answer, said):
    """A refusal says that nothing was changed, what to do, and where only looks prove it, what they saw."""
    seen = f": {NAME} is {'still' if op == 'delete' else 'not'} there"
    by_looks = rule(op, answer, done=True) is not None
    assert said.message.endswith(f"Nothing was changed{seen if by_looks else ''}.")
    assert NOTEBOOK.say(said.next)
    assert "\n" not in said.message


@pytest.mark.parametrize("op", ["create", "apply", "delete"])
@pytest.mark.parametrize("answer", [LOST, "504 empty", "200 page", "408 envelope", "103 empty", "403 page"])
def test_what_looks_have_settled_is_a_note(answer, op, clock):
    """What was done for certain, though AI Core did not say so, is told with what was answered."""
    core = core_for(op, clock, Turn(ANSWERS[answer], shows=2.0))
    said = OPS[op](core.client)
    (note,) = said if op == "delete" else said[1]
    now = "was there before and is gone now" if op == "delete" else "was not there before and is there now"
    assert note.startswith(f"The secret {now}, although ")


# Sequences


@st.composite
def turns(draw):
    """One turn: whatever it answers, it tells no lie in AI Core's own form."""
    done = draw(st.booleans())
    answer = draw(st.sampled_from(sorted(ANSWERS)))
    _, _, look = answer.partition(" ")
    own = answer != LOST and is_own(look, int(answer[:3]))
    if own and int(answer[:3]) in SURE:
        done = False
    if own and answer.startswith("2"):
        return Turn(None, takes=draw(st.sampled_from([0.0, 1.0, 50.0])))
    return Turn(
        ANSWERS[answer],
        done=done,
        shows=draw(st.sampled_from([0.0, 0.3, 2.0, 9.0])),
        takes=draw(st.sampled_from([0.0, 1.0, 20.0, 50.0])),
    )


TROUBLE = [
    *(reply(503), reply(404), reply(404, "x", TEXT), reply(200, PAGE, HTML), reply(200, {"name": "other"})),
    *(reply(200, {}), envelope(403), Unreachable("x"), reply(202), reply(404, PAGE, HTML), reply(103)),
]
LOOK = st.one_of(st.none(), st.sampled_from(TROUBLE))


@settings(max_examples=300)
@given(
    op=st.sampled_from(sorted(OPS)),
    script=st.lists(turns(), min_size=1, max_size=4),
    looks=st.lists(LOOK, max_size=6),
    last=st.sampled_from([None, None, None, reply(503)]),
    seconds=st.sampled_from([60, 60, 60, 15, 5, 1]),
)
def test_whatever_happens(op, script, looks, last, seconds):
    """Any sequence of answers, lost ones, slow ones and blind looks: what is said is true."""
    clock = Clock()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("aicore_magics.http.deadline.time", clock)
        core = core_for(op, clock, *script, looks=(None, *looks, last))
        said = told(lambda: OPS[op](core.client, seconds=seconds))
    assert is_true(op, core, said)
    assert clock.now <= 1000.0 + seconds + 1.0
    if outcome(said) == "refused" and core.began:
        assert said.message.rstrip(".").endswith(("NOT changed", "was not stored", "there", "changed"))


# What each asks, and what is said


@pytest.mark.parametrize(
    ("op", "asked"),
    [
        ("create", ["GET", "POST", "GET"]),
        ("apply", ["GET", "POST", "GET"]),
        ("update", ["PATCH"]),
        ("delete", ["GET", "DELETE", "GET"]),
    ],
)
def test_what_each_asks(op, asked, clock):
    """Where all is well: a look, the change and a look; an update has nothing to look at."""
    core = core_for(op, clock)
    said = OPS[op](core.client)
    assert core.methods == asked
    assert said == {"update": None, "delete": ()}.get(op, ("created", ()))
    assert core.client.unsettled == {}


def test_a_name_that_is_taken_in_between(clock):
    """Create says that it is not known whose secret is there; apply replaces it, and then it is known."""
    for answer in (envelope(409), status_object(409), reply(409), reply(202, {"message": "Secret exists"})):
        turns = Turn(answer, done=False), Turn()
        for op in ("create", "apply"):
            core = Core(clock, *turns, looks=(envelope(404), None), there=True)
            core.turns.insert(1, turns[0])
            core.turns.insert(1, turns[0])
            said = told(lambda core=core, op=op: OPS[op](core.client))
            if op == "apply":
                assert said == ("replaced", ())
                assert core.methods[-1] == "PATCH"
                continue
            assert outcome(said) == "unknown"
            assert "a secret of this name exists" in said.message
            assert said.message.endswith(f"{NAME} is there now; whether with your login is not known.")
            assert f"apply {NAME}" in NOTEBOOK.say(said.next)
            assert not core.changed


def test_a_name_that_was_once_called_taken(clock):
    """Who heard that the name is taken never takes a secret there for its own, whatever is answered then."""
    answers = Turn(envelope(409), done=False), Turn(LOST, done=False)
    for op in ("create", "apply"):
        # Somebody else's, which is not shown before the second try.
        core = Core(clock, *answers, Turn(), there=True, looks=(envelope(404), envelope(404), None))
        said = told(lambda core=core, op=op: OPS[op](core.client))
        assert core.methods[:4] == ["GET", "POST", "GET", "POST"]
        assert outcome(said) == "unknown" if op == "create" else said == ("replaced", ())


@pytest.mark.parametrize("op", ["create", "apply", "delete"])
def test_nothing_is_sent_again_unseen(op, clock):
    """Where no look tells what came of the first try, there is no second."""
    core = core_for(op, clock, Turn(LOST), looks=(None, reply(503)))
    assert outcome(told(lambda: OPS[op](core.client))) == "unknown"
    assert core.began == 1


def test_a_name_that_stays_taken_and_is_never_seen(clock):
    """A name that AI Core calls taken and does not show is refused, with what it may be."""
    core = Core(clock, Turn(envelope(409), done=False))
    said = told(lambda: create(core.client))
    assert type(said) is RequestRefused
    assert said.message == (
        f"AI Core says that a secret of this name exists (409). Nothing was changed: {NAME} is not there."
    )
    assert "may stay taken for a while after a delete" in said.hint


@pytest.mark.parametrize(
    ("op", "looks", "message"),
    [
        ("create", (), f"AI Core accepted {NAME}, but after 10 s it is still not there"),
        (
            "create",
            (envelope(404), reply(503)),
            f"AI Core accepted {NAME}, but its state could not be read",
        ),
        ("delete", (), f"AI Core accepted the delete of {NAME}, but after 10 s it is still there"),
        (
            "delete",
            (reply(200, {"name": NAME}), reply(404)),
            "the delete of team-ghcr, but its state could not be read",
        ),
    ],
)
def test_accepted_and_not_to_be_seen(op, looks, message, clock):
    """A 202 alone is no success: what is not seen within ten seconds is not known."""
    core = core_for(op, clock, Turn(reply(202, {}), done=False), looks=(*looks, *([] if looks else [None])))
    said = told(lambda: OPS[op](core.client))
    assert outcome(said) == "unknown"
    assert message in said.message
    assert f"show {NAME} --wait" in NOTEBOOK.say(said.next)
    assert core.client.unsettled == {NAME: clients.Unsettled(op, accepted=True)}


@pytest.mark.parametrize("shows", [0.0, 0.2, 2.0, 5.0, 9.9, 10.0, 10.1, 12.0, 60.0])
@pytest.mark.parametrize("op", ["create", "delete"])
@pytest.mark.parametrize("answer", [None, LOST, reply(200, PAGE, HTML), reply(504)], ids=str)
def test_how_long_is_looked(op, shows, answer, clock):
    """Whatever was answered, AI Core gets ten seconds to show it: those who lose the answer wait as long."""
    core = core_for(op, clock, Turn(answer, shows=shows))
    assert (outcome(told(lambda: OPS[op](core.client))) == "done") is (shows <= 10.0)


@pytest.mark.parametrize("op", ["create", "apply", "delete"])
@pytest.mark.parametrize("answer", [None, LOST, reply(504), reply(200, PAGE, HTML)], ids=str)
def test_a_look_that_tells_nothing_is_not_the_last(op, answer, clock):
    """Trouble of a look is no news of the change: it is looked again, and nothing is sent meanwhile."""
    core = core_for(op, clock, Turn(answer), looks=(None, reply(503), reply(404), ResponseLost("x"), None))
    assert outcome(told(lambda: OPS[op](core.client))) == "done"
    assert core.began == 1


def test_looks_are_few(clock):
    """In ten seconds it is looked fourteen times, not as fast as one can."""
    core = core_for("create", clock, Turn(reply(202, {}), done=False))
    told(lambda: create(core.client))
    assert core.methods.count("GET") == 15
    assert clock.now == pytest.approx(1010.0)


@pytest.mark.parametrize("seconds", [1, 5, 9])
@pytest.mark.parametrize("op", ["create", "apply", "delete"])
@pytest.mark.parametrize("answer", [LOST, reply(504), envelope(429)], ids=str)
def test_too_little_time_to_look(op, seconds, answer, clock):
    """Who has less than ten seconds left to look does not know: nothing is called unchanged before that."""
    core = core_for(op, clock, Turn(answer, done=False))
    assert outcome(told(lambda: OPS[op](core.client, seconds=seconds))) == "unknown"


def test_the_doubt_of_a_first_try_stays(clock):
    """A refusal of the second try says nothing of the first: it is looked whether that came through."""
    for answer in (envelope(403), envelope(400), envelope(401), CertificateNotTrusted("x")):
        first = Turn(LOST, shows=5.0), Turn(answer, done=False)
        core = core_for("create", clock, *first)
        assert create(core.client)[0] == "created"
        core = core_for("update", clock, *first)
        assert outcome(told(lambda core=core: replace(core.client))) == "unknown"
        core = core_for("delete", clock, *first)
        assert len(delete(core.client)) == 1


def test_missing_at_the_second_try(clock):
    """A secret that is gone when the same is asked again: a delete is done, of an update nothing is known."""
    core = core_for("delete", clock, Turn(LOST), Turn(None))
    assert len(delete(core.client)) == 1
    core = core_for("update", clock, Turn(LOST), Turn(envelope(404), done=False))
    said = told(lambda: replace(core.client))
    assert outcome(said) == "unknown"
    assert said.message == f"no answer arrived for {NAME}. AI Core may have the old or the new login."


@pytest.mark.parametrize("answers", [[LOST], [LOST, LOST], [reply(504), envelope(429)], [reply(202), LOST]])
def test_an_update_in_doubt_is_sent_again(answers, clock):
    """It holds the whole secret, so that sending it until AI Core accepts it makes it certain."""
    core = core_for("update", clock, *(Turn(answer) for answer in answers), Turn())
    assert replace(core.client) is None
    assert core.methods == ["PATCH"] * (len(answers) + 1)
    assert core.client.unsettled == {}


def test_an_update_that_stays_in_doubt(clock):
    """Three tries at most; where something else answers it is one, and where to look for it is told."""
    core = core_for("update", clock, Turn(LOST))
    said = told(lambda: replace(core.client))
    assert core.methods == ["PATCH"] * 3
    assert NOTEBOOK.say(said.next) == "run the cell again; it is safe to send it twice."
    core = core_for("update", clock, Turn(reply(200, PAGE, HTML)))
    said = told(lambda: replace(core.client))
    assert core.methods == ["PATCH"]
    assert "a web page. AI Core may have the old or the new login." in said.message
    assert NOTEBOOK.say(said.next).startswith(
        "a proxy may have answered, or the address is wrong: check AI_API_URL"
    )
    assert NOTEBOOK.say(said.next).endswith("Then run the cell again; it is safe to send it twice.")


@each_op
@pytest.mark.parametrize("look", [LOST, *LOOKS])
def test_no_error_contradicts_itself(look, op, clock):
    """Who does not know what became of a change says nowhere that it was not made."""
    for answer in [each for each in ANSWERS if each.partition(" ")[2] == look or each == look]:
        core = core_for(op, clock, Turn(ANSWERS[answer]), looks=(None, reply(503)))
        said = told(lambda core=core: OPS[op](core.client))
        if outcome(said) == "unknown":
            assert not re.search("(?i)not changed|nothing was|not stored", str(said)), answer


@pytest.mark.parametrize("wait", [0, 7, 30])
def test_a_wait_that_is_asked_for(wait, clock):
    """Retry-After is kept, to the second, where there is time for it."""
    busy = reply(429, {"error": {"code": "1"}}, retry_after=str(wait))
    for op in ("create", "update", "delete"):
        began = clock.now
        core = core_for(op, clock, Turn(busy, done=False), Turn())
        assert outcome(told(lambda core=core, op=op: OPS[op](core.client))) == "done"
        assert clock.now - began == pytest.approx(wait, abs=0.5)


def test_a_wait_that_is_too_long(clock):
    """A create is refused then, when looks have shown nothing; of an update it is not known."""
    busy = reply(429, {"error": {"code": "1"}}, retry_after="3600")
    core = core_for("create", clock, Turn(busy, done=False))
    said = told(lambda: create(core.client))
    assert type(said) is Busy
    assert said.message == (
        "AI Core is rate limiting for 3600 s, longer than the 60 s limit. "
        f"Nothing was changed: {NAME} is not there."
    )
    assert core.methods.count("POST") == 1
    core = core_for("update", clock, Turn(busy, done=False))
    assert outcome(told(lambda: replace(core.client))) == "unknown"


@pytest.mark.parametrize(
    "error", [Unreachable("no route"), CertificateNotTrusted("x"), ServerError("no token.")]
)
@each_op
def test_what_was_never_sent(error, op, clock):
    """What did not go out is no doubt: it is raised as it came."""
    error.again = False
    core = core_for(op, clock, Turn(error))
    assert told(lambda: OPS[op](core.client)) is error
    assert core.began == 0
    assert core.client.unsettled == {}


def test_a_missing_name(clock):
    """What is to be replaced or deleted and is not there is told, with the nearest name."""
    for op in THERE_BEFORE:
        core = Core(clock)
        said = told(lambda core=core, op=op: OPS[op](core.client))
        assert type(said) is DockerSecretMissing
        assert NOTEBOOK.say(said.next).startswith("did you mean team-ghrc?")
        assert not core.changed
        assert core.client.unsettled == {}
    assert core.began == 0


def test_gone_between_look_and_delete(clock):
    """A secret that somebody deletes just before is missing: it was not this delete."""
    core = Core(clock, looks=(reply(200, {"name": NAME}), None))
    assert type(told(lambda: delete(core.client))) is DockerSecretMissing


@pytest.mark.parametrize("status", [400, 403, 422, 429])
def test_a_full_tenant(status, clock):
    """No status is documented for a full tenant, so the quota decides; another error stays what it is."""
    core = core_for("create", clock, Turn(envelope(status), done=False))
    assert type(told(lambda: create(core.client))) is not QuotaReached
    core.quota = (50, 50)
    said = told(lambda: create(core.client))
    assert type(said) is QuotaReached
    assert said.message == f"tenant acme-dev has 50 of 50 docker secrets. {NAME} was not stored."


@pytest.mark.parametrize("status", [401, 500, 504])
def test_a_full_tenant_is_no_reason_for_everything(status, clock):
    """Trouble that has nothing to do with the quota is not blamed on it."""
    core = core_for("create", clock, Turn(envelope(status), done=False))
    core.quota = (50, 50)
    assert type(told(lambda: create(core.client))) in (CredentialsRefused, ServerError)


# What is kept in mind


@each_op
def test_what_is_not_settled(op, clock):
    """An unknown outcome is kept in mind until another change is settled; a refusal settles nothing."""
    change = {"apply": "create"}.get(op, op)
    core = core_for(op, clock, Turn(LOST), looks=(None, reply(503)))
    assert outcome(told(lambda: OPS[op](core.client))) == "unknown"
    assert core.client.unsettled == {NAME: clients.Unsettled(change)}
    core.turns, core.looks = [Turn(envelope(403), done=False)], [None]
    core.config, core.changed = "old", False
    assert type(told(lambda: replace(core.client))) is NotAllowed
    assert core.client.unsettled == {NAME: clients.Unsettled(change)}
    core.turns = [Turn()]
    replace(core.client)
    assert core.client.unsettled == {}


def test_it_is_kept_in_mind_while_it_is_under_way(clock):
    """Whoever asks meanwhile sees which change it is."""
    seen = []
    for op in ("create", "update", "delete"):
        core = core_for(op, clock)
        core.at = lambda moment, core=core: (
            seen.append(dict(core.client.unsettled))
            if (moment in ("before POST", "before PATCH", "before DELETE"))
            else None
        )
        OPS[op](core.client)
    assert seen == [{NAME: clients.Unsettled(op)} for op in ("create", "update", "delete")]


# A try that comes late


@each_op
def test_a_change_waits_for_an_earlier_try(op, clock):
    """A try in doubt may be applied for ten seconds: the next change waits until they are over."""
    core = core_for(op, clock, Turn(LOST, done=False), Turn(), looks=(None, None))
    OPS[op](core.client)
    begin = clock.now
    assert core.began == 2
    secret_store.wait_for_earlier(core.client, NAME, Deadline(60))
    assert clock.now - begin == pytest.approx(looks.VISIBLE_WITHIN, abs=1.0)
    secret_store.wait_for_earlier(core.client, NAME, Deadline(60))
    secret_store.wait_for_earlier(core.client, "another", Deadline(60))
    assert clock.now - begin == pytest.approx(looks.VISIBLE_WITHIN, abs=1.0)


@each_op
@pytest.mark.parametrize("answer", [None, envelope(403)], ids=["accepted", "refused"])
def test_a_clear_try_does_not_come_late(op, answer, clock):
    """After AI Core's own word on the only try, the next change waits for nothing."""
    core = core_for(op, clock, Turn(answer, done=answer is None))
    told(lambda: OPS[op](core.client))
    begin = clock.now
    secret_store.wait_for_earlier(core.client, NAME, Deadline(60))
    assert clock.now == begin


# Interrupts


def changing(core):
    """Note when the first byte of a change may have gone out."""
    begun = []
    core.at = lambda moment: (
        begun.append(moment) if moment.split()[-1] in ("POST", "PATCH", "DELETE") else None
    )
    return begun


class Interrupt:
    """Ctrl-C at the *nth* line that is run of the modules which decide; `lines` counts them."""

    FILES = frozenset(str(Path(module.__file__)) for module in (clients, secret_store, write_outcome))

    def __init__(self, nth):
        self.nth, self.lines = nth, 0

    def trace(self, frame, event, _argument):
        if frame.f_code.co_filename not in self.FILES:
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self.nth:
                raise KeyboardInterrupt
        return self.trace

    def during(self, call):
        """What *call* says, or raises; in a thread of its own, as such an interrupt leaves traces in one."""

        def traced():
            sys.settrace(self.trace)
            try:
                return told(call)
            finally:
                sys.settrace(None)

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(traced).result()


WORDS = {"create": "stored", "apply": "stored", "update": "replaced", "delete": "deleted"}


@each_op
@pytest.mark.parametrize(
    "turn",
    [
        Turn(),
        Turn(LOST),
        Turn(LOST, done=False),
        Turn(envelope(403), done=False),
        Turn(reply(401)),
        Turn(reply(409)),
    ],
    ids=["fine", "lost", "not arrived", "refused", "401", "409"],
)
def test_wherever_ctrl_c_strikes(turn, op, clock):
    """At every single line: before the first byte nothing was sent, and after it that is never said."""
    nth, early, words = 0, 0, set()
    interrupt = Interrupt(0)
    while interrupt.lines >= nth:
        nth += 1
        core = core_for(op, clock, turn, Turn())
        begun = changing(core)
        interrupt = Interrupt(nth)
        said = interrupt.during(lambda core=core: bare_errors(lambda: OPS[op](core.client))())
        assert is_true(op, core, said), (nth, said)
        assert not (isinstance(said, Stopped) and begun), nth
        if isinstance(said, OutcomeUnknown) and said.what.startswith("you stopped"):
            words.add(said.what)
            early += not begun
    assert f"you stopped while {NAME} was being {WORDS[op]}" in words
    # Just before the first byte nobody can know either, and it is said that one stopped then.
    assert 0 < early < 12
    assert nth > 30


@pytest.mark.parametrize("op", ["create", "update", "delete"])
@pytest.mark.parametrize("answer", [LOST, envelope(429), reply(504)], ids=["lost", "429", "504"])
@pytest.mark.parametrize("done", [True, False])
def test_an_interrupt_in_a_pause(op, answer, done, clock, monkeypatch):
    """In the wait before another try, and between two looks, what was sent before may have been done."""

    def interrupt(_):
        raise KeyboardInterrupt

    core = core_for(op, Clock(), Turn(answer, done=done, shows=2.0))
    monkeypatch.setattr(clock, "sleep", interrupt)
    said = told(bare_errors(lambda: OPS[op](core.client)))
    assert outcome(said) == "unknown"
    assert said.what == f"you stopped while {NAME} was being {WORDS[op]}"
    assert core.client.unsettled == {NAME: clients.Unsettled(op)}


def test_an_interrupt_while_the_nearest_name_is_looked_for(clock):
    """That a name is missing is known by then."""
    core = Core(clock)
    core.at = lambda moment: (_ for _ in ()).throw(KeyboardInterrupt) if len(core.methods) == 2 else None
    assert type(told(bare_errors(lambda: delete(core.client)))) is DockerSecretMissing
    assert core.methods == ["GET", "GET"]


# Over HTTP


@pytest.fixture
def quick(monkeypatch):
    """Looking again ends after half a second, not ten."""
    monkeypatch.setattr(looks, "VISIBLE_WITHIN", 0.5)


def writes(sandbox):
    return [
        asked.method for asked in sandbox.state.requests if asked.method != "GET" and "/admin/" in asked.path
    ]


def test_stored_to_the_letter(tenant, sandbox, secret):
    """What AI Core holds after a create, and after an update, is the secret, and nothing of the old one."""
    assert create(tenant.client, secret) == ("created", ())
    assert sandbox.state.secrets == {NAME: secret.dockerconfigjson().reveal()}
    sandbox.state.secrets[NAME] = OLD
    replace(tenant.client, secret)
    assert sandbox.state.secrets == {NAME: secret.dockerconfigjson().reveal()}
    assert writes(sandbox) == ["POST", "PATCH"]


def test_a_taken_name_is_never_written_to(tenant, sandbox, secret):
    """Create on a taken name sends no write at all, even to a server that would overwrite."""
    sandbox.faults.duplicate = "overwrite"
    sandbox.state.secrets[NAME] = OLD
    with pytest.raises(DockerSecretExists, match="NOT changed"):
        create(tenant.client, secret)
    assert sandbox.state.secrets[NAME] == OLD
    assert not writes(sandbox)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("202-exists", OutcomeUnknown),
        ("409", OutcomeUnknown),
        ("400", RequestRefused),
    ],
)
def test_other_answers_to_a_duplicate(tenant, sandbox, secret, answer, error):
    """Whatever a server answers to a duplicate, nothing is claimed that is not so."""
    sandbox.faults.duplicate = answer
    with pytest.raises(error):
        create(tenant.client, secret, meanwhile=lambda: sandbox.state.secrets.update({NAME: OLD}))
    assert sandbox.state.secrets[NAME] == OLD


@pytest.mark.parametrize("when", ["before", "after", "cut"])
@pytest.mark.parametrize("op", OPS)
def test_one_answer_that_is_lost(tenant, sandbox, secret, when, op):
    """A connection that breaks once, before or after the change, is no failure of any call."""
    if op in THERE_BEFORE:
        sandbox.state.secrets[NAME] = OLD
    sandbox.faults.drop = [when]
    OPS[op](tenant.client, *([] if op == "delete" else [secret]))
    assert sandbox.state.secrets == ({} if op == "delete" else {NAME: secret.dockerconfigjson().reveal()})


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("applied", [True, False])
@pytest.mark.parametrize("op", OPS)
def test_a_server_error_that_passes(tenant, sandbox, secret, status, applied, op):
    """A 5xx is followed by a look, and where it shows the old state, by another try."""
    if op in THERE_BEFORE:
        sandbox.state.secrets[NAME] = OLD
    sandbox.faults.next_statuses = [status] if op == "update" else [0, status]
    sandbox.faults.apply_anyway = applied
    OPS[op](tenant.client, *([] if op == "delete" else [secret]))
    assert sandbox.state.secrets == ({} if op == "delete" else {NAME: secret.dockerconfigjson().reveal()})


@pytest.mark.parametrize("applied", [True, False])
def test_stored_later(tenant, sandbox, secret, quick, applied):
    """What AI Core says it failed at, and what it accepts, get as long to show up."""
    sandbox.faults.stores_later = 0.3
    if applied:
        sandbox.faults.next_statuses, sandbox.faults.apply_anyway = [0, *([500, 0, 0] * 3)], True
    assert create(tenant.client, secret)[0] == "created"
    assert NAME in sandbox.state.secrets


def test_a_server_error_that_stays(tenant, sandbox, secret, quick):
    """Absent long enough after a 5xx means unchanged, and it says so."""
    sandbox.faults.next_statuses = [0, *([503, 0] * 3)]
    with pytest.raises(ServerError, match=f"Nothing was changed: {NAME} is not there"):
        create(tenant.client, secret)
    assert not sandbox.state.secrets


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
def test_a_refusal_changes_nothing_and_says_so(tenant, sandbox, secret, quick, faults, error):
    """Each refusal has its class, says that nothing was changed, and nothing was."""
    for name, value in faults.items():
        setattr(sandbox.faults, name, value)
    with pytest.raises(error, match="Nothing was changed"):
        create(tenant.client, secret)
    assert not sandbox.state.secrets


def test_no_token_in_the_middle_of_a_write_is_no_doubt(tenant, sandbox, secret):
    """A token host that fails after AI Core's own 401 means that nothing was done."""
    sandbox.state.secrets[NAME] = OLD
    sandbox.revoke_tokens()
    sandbox.faults.hits, sandbox.faults.next_statuses = "token", [503] * 3
    with pytest.raises(ServerError, match=r"failed to issue a token \(503\)\. Nothing was changed"):
        replace(tenant.client, secret)


def test_an_echoed_password_is_not_shown(tenant, sandbox, secret, canary):
    """A server that repeats the password in its refusal does not get it onto the screen."""
    sandbox.faults.echo_body = True
    with pytest.raises(AICoreError) as caught:
        replace(tenant.client, secret)
    assert canary not in str(caught.value)


@pytest.mark.parametrize("told", ["{upstream} {0} {", "%s %(x)s", "}"])
def test_any_text_of_a_server_can_be_told(told, clock):
    """Braces in a server's message are text."""
    for op in ("create", "update", "delete"):
        core = core_for(op, clock, Turn(envelope(500, told), done=False))
        with pytest.raises((OutcomeUnknown, ServerError)) as caught:
            OPS[op](core.client)
        assert f"(500, {told})" in caught.value.message


def test_an_interrupt_while_the_answer_is_awaited(tenant, sandbox, secret, monkeypatch, ctrl_c):
    """Ctrl-C then says that it may be stored, and nobody waits for the answer, or asks anything else."""
    sandbox.state.secrets[NAME] = OLD
    tenant.client.exists(NAME, Deadline())
    answer = sandbox.server.application.answer

    def interrupt_first(request):
        if request.method == "PATCH":
            ctrl_c()
        return answer(request)

    monkeypatch.setattr(sandbox.server.application, "answer", interrupt_first)
    sandbox.faults.slow = 60
    with pytest.raises(OutcomeUnknown, match=f"you stopped while {NAME} was being replaced"):
        bare_errors(replace)(tenant.client, secret)
    assert len(sandbox.server.connections) == 1
    assert "PATCH" not in [each.method for each in sandbox.state.requests]


@pytest.mark.parametrize("status", [0, 504, 409])
def test_no_error_keeps_the_request(tenant, sandbox, secret, canary, quick, status):
    """What is raised in doubt has no cause, and no frame that holds the password as text."""
    sandbox.state.secrets[NAME] = OLD
    sandbox.faults.drop, sandbox.faults.next_statuses = ["after"] * 3, [status] * 3
    with pytest.raises(OutcomeUnknown) as caught:
        replace(tenant.client, secret)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    trace = caught.value.__traceback__
    while trace is not None:
        if "aicore_magics" in trace.tb_frame.f_code.co_filename:
            assert canary not in repr(trace.tb_frame.f_locals)
        trace = trace.tb_next
