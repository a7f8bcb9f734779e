"""What came of one try of a write: nothing is called refused or accepted that AI Core itself did not say."""

from __future__ import annotations

import re

import pytest

from aicore_magics.aicore.client import create_request, delete_request, update_request
from aicore_magics.aicore.own_form import own_form
from aicore_magics.aicore.write_outcome import NOTHING_DONE, Doubt, attempt
from aicore_magics.base.redact import Secret
from aicore_magics.errors import (
    AICoreError,
    Busy,
    CertificateNotTrusted,
    CredentialsRefused,
    DockerSecretMissing,
    NotAICore,
    NotAllowed,
    RequestRefused,
    ServerError,
    Unreachable,
)
from aicore_magics.http.deadline import ATTEMPTS, Deadline, Retry
from aicore_magics.http.messages import CertificateRefused, Response, ResponseLost
from aicore_magics.http.pacer import Pacer
from tests.aicore.scripted import (
    HOST,
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

CONFIG = Secret('{"auths": {"ghcr.io": {"username": "anna", "password": "pw"}}}')
REQUESTS = {
    "create": create_request(NAME, CONFIG),
    "update": update_request(NAME, CONFIG),
    "delete": delete_request(NAME),
}
STATUSES = (
    *(100, 101, 103, 199, 200, 201, 202, 300, 302, 303, 304, 307, 308, 399),
    *(400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 412, 413, 415, 418, 422, 425, 429, 431, 451, 499),
    *(500, 501, 502, 503, 504, 507, 511, 520, 599),
)
# SAP's document and HTTP itself say that nothing was done; written out here, as it is the rule.
SURE = {400, 401, 403, 404, 413, 415, 422}

pytestmark = pytest.mark.enumerates
each_op = pytest.mark.parametrize("op", REQUESTS)


def came_of(op, clock, *answers, seconds=60):
    """What came of a try that is answered so, as it was given or raised; and the AI Core that was asked."""
    core = Core(clock, *(Turn(answer, done=False) for answer in answers))
    try:
        return attempt(core.client, REQUESTS[op], NAME, Retry(Deadline(seconds))), core
    except AICoreError as error:
        return error, core


def verdict(op, clock, answer):
    came = came_of(op, clock, answer)[0]
    return "accepted" if came is None else "doubt" if isinstance(came, Doubt) else "refused"


def ruled(op, status, look):
    """The verdict by the rule: AI Core's own answer, with a status that documents something."""
    own = is_own(look, status)
    if own and 200 <= status < 300:
        return "accepted"
    named = op != "create"
    return "refused" if own and status in SURE and (status != 404 or named) else "doubt"


@each_op
@pytest.mark.parametrize("look", LOOKS)
def test_every_answer(look, op, clock):
    """At each status each form is accepted, refused or a doubt, as the rule has it; most are doubts."""
    make, _ = LOOKS[look]
    told = {status: verdict(op, clock, make(status)) for status in STATUSES}
    assert told == {status: ruled(op, status, look) for status in STATUSES}


def test_the_statuses_of_the_rule():
    """These document that nothing was done, and no others."""
    assert NOTHING_DONE == SURE


@each_op
@pytest.mark.parametrize("error", [LOST, ResponseLost("x"), CertificateRefused("x")], ids=repr)
def test_no_answer(error, op, clock):
    """Without an answer there is a doubt, which names the secret; it passes, but for a wrong certificate."""
    came, core = came_of(op, clock, error)
    assert came.what == f"no answer arrived for {NAME}"
    assert came.passes is not isinstance(error, CertificateRefused)
    assert (came.answer, came.taken) == (None, False)
    assert came.refusal.message == f"{came.what}. Nothing was changed."
    assert core.began == 1


KINDS = {
    400: RequestRefused,
    401: CredentialsRefused,
    403: NotAllowed,
    404: DockerSecretMissing,
    413: RequestRefused,
    415: RequestRefused,
    422: RequestRefused,
}


@each_op
@pytest.mark.parametrize("status", KINDS)
@pytest.mark.parametrize("make", [envelope, status_object])
def test_refusals(make, status, op, clock):
    """A refusal is raised as what it is, and says that nothing was changed."""
    came, core = came_of(op, clock, make(status))
    if (status, op) == (404, "create"):
        assert isinstance(came, Doubt)
        assert type(came.refusal) is NotAICore
        return
    assert type(came) is KINDS[status]
    assert came.status == status
    assert came.message.endswith("Nothing was changed.")
    assert core.methods == [REQUESTS[op].method] * (2 if status == 401 else 1)


# Each doubt: what it says, what it would be if looks show nothing, and whether another try may fare better.
DOUBTS = {
    "408": (envelope(408, "x"), RequestRefused, r"AI Core refused to .* \(408, x\)", True),
    "425": (envelope(425, "x"), RequestRefused, r"AI Core refused to .* \(425, x\)", True),
    "429": (envelope(429), Busy, "AI Core is rate limiting", True),
    "405": (envelope(405, "x"), RequestRefused, r"AI Core refused to .* \(405, x\)", False),
    "410": (envelope(410, "x"), RequestRefused, r"AI Core refused to .* \(410, x\)", False),
    "451": (reply(451), RequestRefused, rf"{HOST} refused to .* \(451\)", False),
    "500": (envelope(500, "{0} {x} {"), ServerError, r"AI Core failed \(500, \{0\} \{x\} \{\)", True),
    "503 of a gateway": (reply(503, "no upstream", TEXT), ServerError, r".*\(503, no upstream\)", True),
    "504 empty": (reply(504), ServerError, rf"{HOST} failed \(504\)", True),
    "502 page": (reply(502, PAGE, HTML), NotAICore, f"{HOST} answered with a web page", True),
    "200 page": (reply(200, PAGE, HTML), NotAICore, f"{HOST} answered with a web page", False),
    "401 page": (reply(401, PAGE, HTML), NotAICore, f"{HOST} answered with a web page", False),
    "403 page": (reply(403, PAGE, HTML), NotAICore, f"{HOST} answered with a web page", False),
    "404 page": (reply(404, PAGE, HTML), NotAICore, f"{HOST} answered with a web page", False),
    "429 page": (reply(429, PAGE, HTML), NotAICore, f"{HOST} answered with a web page", False),
    "redirect": (
        reply(307, location="https://sso.corp/x"),
        NotAICore,
        f"{HOST} answered with a redirect to sso.corp",
        False,
    ),
    "304": (reply(304), NotAICore, f"{HOST} answered with a redirect to another address", False),
    "202 empty": (reply(202), NotAICore, f"{HOST} answered with 202 and an empty body", True),
    "204": (reply(204), NotAICore, f"{HOST} answered with 204 and an empty body", True),
    "202 list": (reply(202, []), NotAICore, f"{HOST} answered with 202 and nothing that says.*", True),
    "202 cut": (reply(202, b'{"a'), NotAICore, f"{HOST} answered with 202 and nothing that says.*", True),
    "101": (reply(101), NotAICore, f"{HOST} answered with status 101", True),
    "103": (reply(103), NotAICore, f"{HOST} answered with status 103", True),
    "400 foreign": (reply(400, ["bad"]), RequestRefused, rf"{HOST} refused to .* \(400\)", False),
    "401 foreign": (reply(401), CredentialsRefused, f"{HOST} does not accept the token .*", True),
    "403 foreign": (reply(403, {"error": "forbidden"}), NotAllowed, rf"{HOST} refused to .* \(403\)", False),
    "404 foreign": (reply(404), NotAICore, rf"{HOST} answered with no such address \(404\)", True),
    "404 text": (reply(404, "x", TEXT), NotAICore, rf"{HOST} answered with no such address \(404\)", True),
}


@each_op
@pytest.mark.parametrize("doubt", DOUBTS)
def test_doubts(doubt, op, clock):
    """A doubt tells what was answered, keeps the answer, and knows whether another try makes sense."""
    answer, kind, what, passes = DOUBTS[doubt]
    came, core = came_of(op, clock, answer)
    assert isinstance(came, Doubt)
    assert (came.passes, came.answer, came.taken) == (passes, answer, False)
    assert type(came.refusal) is kind
    assert re.fullmatch(what, came.refusal.what)
    # As long as it is a doubt, nobody is said to have refused anything.
    who = "AI Core" if own_form(answer) else HOST
    neutral = kind in (Busy, NotAICore, ServerError)
    assert came.what == (came.refusal.what if neutral else f"{who} answered {answer.status}")
    assert core.methods == [REQUESTS[op].method]


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (envelope(409), "AI Core says that a secret of this name exists (409)"),
        (status_object(409), "AI Core says that a secret of this name exists (409)"),
        (reply(409), f"{HOST} says that a secret of this name exists (409)"),
        (reply(409, ["x"]), f"{HOST} says that a secret of this name exists (409)"),
        (reply(202, {"message": "Secret exists"}), "AI Core says that a secret of this name exists (202)"),
        (reply(200, {"message": "ALREADY EXISTING"}), "AI Core says that a secret of this name exists (200)"),
    ],
)
def test_a_name_that_is_taken(answer, what, clock):
    """Of a create, a 409 or a word of what exists means that a secret there need not be the one sent."""
    came, _ = came_of("create", clock, answer)
    assert (came.taken, came.passes, came.what) == (True, True, what)
    assert type(came.refusal) is RequestRefused
    assert "a name may stay taken for a while after a delete" in came.refusal.hint


@pytest.mark.parametrize("op", ["update", "delete"])
def test_a_conflict_about_a_name_that_is_known(op, clock):
    """There 409 says nothing of a name; a word of what exists is any word."""
    came, _ = came_of(op, clock, envelope(409))
    assert (came.taken, came.passes) == (False, True)
    assert came_of(op, clock, reply(202, {"message": "Secret exists"}))[0] is None


@each_op
@pytest.mark.parametrize("message", [["exists"], None, 7, {"x": "exists"}, "Secret has been created", ""])
def test_a_message_that_says_no_such_thing(message, op, clock):
    """Any other message is none of our business."""
    assert came_of(op, clock, reply(202, {"message": message}))[0] is None


@each_op
@pytest.mark.parametrize("answer", [envelope(429), envelope(503)], ids=["429", "503"])
def test_after_the_end_no_other_try(answer, op, clock):
    """Where nothing may go out any more, nobody waits for another try."""
    core = Core(clock, Turn(answer, done=False))
    core.client.pacer = Pacer(HOST)
    core.at = lambda moment: core.client.pacer.close() if moment.startswith("after") else None
    came = attempt(core.client, REQUESTS[op], NAME, Retry(Deadline(60)))
    assert (came.passes, came.answer, core.began) == (False, answer, 1)


# What did nothing for certain, and is sent again

FINAL = Unreachable("no such host")
FINAL.again = False


@each_op
def test_a_token_that_is_not_taken(op, clock):
    """AI Core's own 401 is followed by one try with a new token, at once and without counting as a try."""
    for own in (envelope(401), reply(401, "Jwt is expired", TEXT), status_object(401)):
        came, core = came_of(op, clock, own, reply(202, {}))
        assert came is None
        assert (core.began, core.tokens, core.forgotten) == (2, 2, 1)
        came, core = came_of(op, clock, own)
        assert type(came) is CredentialsRefused
        assert (core.began, core.tokens, core.forgotten) == (2, 2, 2)
        came, core = came_of(op, clock, own, reply(504))
        assert isinstance(came, Doubt)
    assert clock.now == 1000.0


@each_op
def test_a_foreign_401_is_not_followed(op, clock):
    """Somebody else's 401 says nothing of the change: what follows is not for a single try to decide."""
    came, core = came_of(op, clock, reply(401), reply(202, {}))
    assert isinstance(came, Doubt)
    assert (core.began, core.forgotten) == (1, 1)


@each_op
@pytest.mark.parametrize(
    ("answers", "asked", "outcome"),
    [
        ([Unreachable("x"), reply(202, {})], 2, None),
        ([Unreachable("x"), Unreachable("x"), reply(202, {})], 3, None),
        ([Unreachable("x")], ATTEMPTS, Unreachable),
        ([FINAL], 1, Unreachable),
        ([Unreachable("x"), FINAL], 2, Unreachable),
        ([CertificateNotTrusted("x")], 1, CertificateNotTrusted),
        ([Unreachable("x"), envelope(400)], 2, RequestRefused),
        ([Unreachable("x"), LOST], 2, Doubt),
    ],
)
def test_what_did_not_reach_the_host(answers, asked, outcome, op, clock):
    """What never arrived is sent again, at most twice, where its error says that this may help."""
    came, core = came_of(op, clock, *answers)
    assert came is outcome if outcome is None else type(came) is outcome
    assert len(core.methods) == asked


@each_op
def test_no_time_for_another(op, clock):
    """Without time left there is no other try."""
    came, core = came_of(op, clock, Unreachable("x"), reply(202, {}), seconds=0)
    assert type(came) is Unreachable
    assert len(core.methods) == 1


@each_op
def test_whatever_else_is_raised(op, clock):
    """A fault is nobody's outcome, and comes out as it is."""
    with pytest.raises(ZeroDivisionError):
        came_of(op, clock, ZeroDivisionError())


def test_a_doubt_says_what_it_is(clock):
    """Its text tells no secret: neither the answer nor the request is shown by it."""
    came, _ = came_of("create", clock, reply(500, CONFIG.reveal(), TEXT))
    assert isinstance(came.answer, Response)
    assert "pw" not in came.what
