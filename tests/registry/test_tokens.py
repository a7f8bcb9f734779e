"""What a token service is asked, and what its answers mean: a token, a refusal, or nothing at all."""

from __future__ import annotations

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.errors import Unreachable
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import Basic, Bearer, Response, ResponseLost
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry
from aicore_magics.registry.api import RegistryApi
from aicore_magics.registry.auth import Challenge
from aicore_magics.registry.tokens import Tokens
from aicore_magics.registry.verdict import Verdict
from aicore_magics.registry.verdict_texts import Verdicts
from tests.registry.test_single_check import PASSWORD, Table, grants, holds, page, said

LOGIN = RegistryLogin("ghcr.io", "anna", Secret(PASSWORD))
CHALLENGE = Challenge("bearer", {"realm": "https://ghcr.io/token", "service": "s"})
IMAGE = ImageReference.parse("ghcr.io/acme/churn:1.4")


def tokens(answers):
    table = Table(answers)
    registry = Registry("ghcr.io")
    return Tokens(RegistryApi(registry, table, Deadline(5)), Verdicts(registry, LOGIN, IMAGE)), table


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (grants(pull=True), ""),
        (said(401), "bad-credentials"),
        (said(403, "DENIED"), "bad-credentials"),
        (said(429), "rate-limited"),
        (said(500), "unclear"),
        (holds(b"{}"), "unclear"),
        (page(), "unclear"),
    ],
    ids=str,
)
def test_what_a_login_gets(answer, outcome):
    """A login gets a token, or the verdict that follows from having none."""
    desk, table = tokens({("token", "login"): answer, ("token", "nobody"): said(401)})
    got = desk.for_login(CHALLENGE, "acme/churn", LOGIN)
    assert (got.outcome if isinstance(got, Verdict) else "") == outcome
    assert isinstance(got, Bearer) is (outcome == "")
    assert table.sent[0].url.endswith("/token?service=s&scope=repository:acme/churn:pull")


@pytest.mark.parametrize(
    "answer", [said(401), said(403), said(429), said(500), holds(b"{}"), page(403)], ids=str
)
def test_what_nobody_gets_where_it_is_no_need(answer):
    """Where there is a login, it does not matter why nobody gets a token; without one it does."""
    desk, _ = tokens({("token", "nobody"): answer})
    assert desk.for_nobody(CHALLENGE, "acme/churn", needed=False) is None
    needed = desk.for_nobody(CHALLENGE, "acme/churn", needed=True)
    assert needed is None or needed.not_checked


def test_a_service_that_gives_no_answer():
    """A service that is silent is an error only where nobody's token is needed."""
    desk, _ = tokens({("token", "nobody"): Unreachable("x.")})
    assert desk.for_nobody(CHALLENGE, "acme/churn", needed=False) is None
    with pytest.raises(Unreachable):
        desk.for_nobody(CHALLENGE, "acme/churn", needed=True)


@pytest.mark.parametrize(("answer", "gets"), [(grants(), True), (said(401), False), (holds(b"{}"), False)])
def test_what_a_stranger_gets(answer, gets):
    """A made-up user gets a token or nothing, and never a verdict."""
    desk, _ = tokens({("token", "login"): answer})
    assert isinstance(desk.for_stranger(CHALLENGE, "", Basic("x", Secret("y"))), Bearer) is gets


def test_a_service_elsewhere():
    """A service at a host that nobody has vouched for is asked nothing, by whoever it would be."""
    desk, table = tokens({})
    challenge = Challenge("bearer", {"realm": "https://auth.example/token"})
    assert desk.for_login(challenge, "", LOGIN).outcome == "other-realm"
    assert desk.for_nobody(challenge, "", needed=False).outcome == "other-realm"
    assert desk.for_stranger(challenge, "", Basic("x", Secret("y"))) is None
    assert table.sent == []


AWAY = Challenge("bearer", {"realm": "https://auth.example/token"})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (said(429), "auth.example allows no more requests for a while. The login was not checked."),
        (said(500), "auth.example answers 500. Nothing was checked."),
        (page(502), "auth.example answers with a web page (502). Nothing was checked."),
        (
            said(307, location="https://x.example/"),
            "auth.example answers with a redirect to x.example (307).",
        ),
        (said(418, "TEAPOT"), "auth.example answers 418 TEAPOT. Nothing was checked."),
    ],
    ids=["429", "500", "page", "redirect", "418"],
)
def test_what_a_service_on_another_host_answers(answer, reason):
    """What the token service says is said of its host, and not of the registry that has named it."""
    there = Response(answer.status, answer.headers, answer.body, "auth.example")
    table = Table({("token", "login"): there})
    registry = Registry("ghcr.io")
    api = RegistryApi(registry, table, Deadline(5))
    desk = Tokens(api, Verdicts(registry, LOGIN, IMAGE), realms=("auth.example",))
    assert desk.for_login(AWAY, "acme/churn", LOGIN).reason.startswith(reason)


@pytest.mark.parametrize(("left", "most"), [(30, 5), (6, 2), (0.3, 0.1)])
def test_how_long_nobody_has_for_a_token(left, most):
    """Nobody's token takes no more than its share of the time, so that the login has its turn."""
    given = []

    class Slow(Table):
        def fetch(self, method, url, *, deadline, **more):
            given.append(deadline.left())
            raise ResponseLost("no answer arrived from ghcr.io")

    registry = Registry("ghcr.io")
    desk = Tokens(RegistryApi(registry, Slow({}), Deadline(left)), Verdicts(registry, LOGIN, IMAGE))
    assert desk.for_nobody(CHALLENGE, "acme/churn", needed=False) is None
    with pytest.raises(ResponseLost):
        desk.for_nobody(CHALLENGE, "acme/churn", needed=True)
    assert given[0] <= most
    assert given[1] > most or left < 1
