"""A login that proves nothing: who gets in without one, or with any, is told so, and waits no longer."""

from __future__ import annotations

import base64
import contextlib
import re
import threading

import pytest
from requests import Request

from aicore_magics.base.redact import Secret
from aicore_magics.errors import Unreachable
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import Basic
from aicore_magics.http.transport import Transport
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.registry import strangers as strangers_module
from aicore_magics.registry.checks import CheckPlan, Checks
from aicore_magics.registry.single_check import check_image, check_login
from aicore_magics.registry.strangers import Stranger, Strangers
from tests.real.fake_registry import BASIC as FAKE_BASIC
from tests.real.fake_registry import BEARER as FAKE_BEARER
from tests.real.fake_registry import FakeRegistry
from tests.registry.test_redirects import HERE, Net, at, moved
from tests.registry.test_single_check import (
    BASIC,
    MANIFEST,
    OPEN,
    OWN,
    PAGE,
    WITH_PASSWORD,
    WITH_TOKEN,
    Table,
    asks,
    bearer,
    grants,
    holds,
    look,
    page,
    said,
    try_alone,
)

NOT_JUDGED = "The login was not checked"
HOST = "reg.example.com"


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A busy machine changes nothing."""
    monkeypatch.setattr(strangers_module, "PATIENCE", 20)


class Desk(Table):
    """A registry that wants tokens, where *opening* of them open the manifest: nobodys, logins, strangers."""

    def __init__(self, *opening, nobody="nobodys", stranger="strangers", host=HOST):
        def token(name):
            return holds(f'{{"token":"{name}"}}'.encode()) if name else said(401, "UNAUTHORIZED")

        super().__init__(
            {
                **WITH_TOKEN,
                ("manifests", "nobody"): bearer(host),
                ("v2", "nobody"): bearer(host),
                ("token", "nobody"): token(nobody),
                ("token", "login"): token("logins"),
                ("token", "stranger"): token(stranger),
            }
        )
        self._opening = opening

    def answer(self, one, kind):
        shut = kind == "token" and one.step == "manifests" and one.who not in self._opening
        return said(401, "DENIED") if shut else super().answer(one, kind)


def desk(*opening, image=OWN, user="anna", **more):
    table = Desk(*opening, host=image.partition("/")[0], **more)
    verdict, _ = look({}, table=table, image=image, user=user)
    return verdict, table


@pytest.mark.parametrize("image", [OWN, "ghcr.io/acme/churn:1.4"], ids=["unknown", "well known"])
def test_a_token_of_nobodys_that_opens_it(image):
    """Where the token that anybody gets opens the same manifest it is public, though it cannot be read."""
    verdict, table = desk("nobodys", "logins", image=image, stranger="")
    assert (verdict.outcome, verdict.size) == ("public", 7), verdict
    assert verdict.reason == "Anyone can pull it; it needs no secret. The login was tried: accepted."
    assert ("token", "login") in table.steps
    verdict, _ = desk("logins", image=image, stranger="")
    assert (verdict.outcome, verdict.reason) == ("ok", ""), verdict
    verdict, _ = desk("nobodys", image=image, stranger="")
    # The kubelet would come with the login, which may not: that anybody may does not help.
    assert verdict.outcome == "no-access-or-missing", verdict


def test_a_token_of_nobodys_that_opens_another():
    """Another manifest under the same name is not the same."""
    table = Desk("nobodys", "logins", stranger="")
    answer = table.answer
    table.answer = lambda one, kind: (
        holds(MANIFEST + b" ") if one.who == "nobodys" and one.step == "manifests" else answer(one, kind)
    )
    verdict, _ = look({}, table=table, image=OWN)
    assert verdict.outcome == "ok", verdict


def test_a_token_that_says_that_it_opens_nothing():
    """A token that can be read is believed when it says that it opens nothing: that costs none."""
    verdict, table = look({**WITH_TOKEN, ("manifests", "nobody"): bearer(HOST)}, image=OWN)
    assert verdict.outcome == "ok", verdict
    assert [step for step, _ in table.steps] == ["manifests", "token", "token", "manifests", "blobs"]


def test_a_service_that_gives_anybody_a_token():
    """Where a made-up user's token opens it, too, it can be pulled, and the login was not judged."""
    verdict, _ = desk("logins", "strangers")
    assert verdict.outcome == "ok", verdict
    assert verdict.reason == f"{NOT_JUDGED}: any login is accepted."
    verdict, _ = desk("nobodys", "logins", "strangers")
    assert verdict.outcome == "public", verdict
    assert verdict.reason.endswith(f"{NOT_JUDGED}: any login is accepted.")


def test_a_service_that_gives_anybody_a_token_of_less():
    """Where the made-up user's token does not open it, it was the login that did: nothing is said of it."""
    verdict, _ = desk("logins")
    assert (verdict.outcome, verdict.reason) == ("ok", ""), verdict


def test_a_login_that_may_not_where_none_is_judged():
    """Where anybody gets a token, to have one is no proof that the login works."""
    verdict, _ = desk()
    assert verdict.outcome == "no-access-or-missing", verdict
    assert verdict.reason.startswith("The login is not accepted here, or may not pull")
    verdict, _ = desk(stranger="")
    assert verdict.reason.startswith("The login works, but may not pull")


@pytest.mark.parametrize(
    "outcome", [holds(b"{}"), said(401), said(403), said(429), said(500), page(), page(403)]
)
def test_a_stranger_who_gets_no_token(outcome):
    """Whatever else a made-up user gets, it is no part of the check."""
    rows = {**WITH_TOKEN, ("manifests", "nobody"): bearer(HOST), ("token", "stranger"): outcome}
    verdict, table = look(rows, image=OWN)
    assert (verdict.outcome, verdict.reason, len(table.strangers)) == ("ok", "", 1), verdict


def test_a_stranger_who_gets_no_answer():
    """Nor is it where that request is lost."""
    rows = {**WITH_TOKEN, ("manifests", "nobody"): bearer(HOST), ("token", "stranger"): Unreachable("x.")}
    verdict, _ = look(rows, image=OWN)
    assert (verdict.outcome, verdict.reason) == ("ok", ""), verdict


@pytest.mark.parametrize(
    ("answer", "said_so"),
    [(holds(MANIFEST), True), (said(401), False), (said(403), False), (said(404), False), (PAGE, False)],
)
def test_a_registry_that_wants_a_password(answer, said_so):
    """Where any password opens the manifest, the login was not judged; where it alone does, all is well."""
    verdict, table = look({**WITH_PASSWORD, ("manifests", "stranger"): answer}, image=OWN)
    assert (verdict.outcome, NOT_JUDGED in verdict.reason) == ("ok", said_so), verdict
    assert {one.step for one in table.strangers} == {"manifests"}


@pytest.mark.parametrize(
    ("rows", "step"),
    [
        ({("v2", "nobody"): asks(BASIC), ("v2", "login"): holds(b"{}")}, "v2"),
        ({("v2", "nobody"): bearer(HOST), ("token", "login"): grants()}, "token"),
    ],
    ids=["Basic", "Bearer"],
)
def test_a_login_alone(rows, step):
    """A login alone is accepted; where any is, that is said with it."""
    verdict, table = try_alone(rows, HOST)
    assert (verdict.outcome, "not judged" in verdict.reason, len(table.strangers)) == ("ok", False, 1), (
        verdict
    )
    verdict, _ = try_alone({**rows, (step, "stranger"): rows[step, "login"]}, HOST)
    assert verdict.outcome == "ok", verdict
    assert verdict.reason.startswith("reg.example.com accepts any login: the login was not checked.")
    wrong, _ = try_alone({**rows, (step, "login"): said(401), (step, "stranger"): holds(b"{}")}, HOST)
    assert wrong.outcome == "bad-credentials", wrong


def test_a_public_image_of_a_registry_that_asks_at_its_door():
    """A public image whose registry lets in any login says so."""
    rows = {**OPEN, ("v2", "nobody"): asks(BASIC), ("v2", "login"): holds(b"{}")}
    verdict, _ = look({**rows, ("v2", "stranger"): holds(b"{}")}, image=OWN)
    assert (verdict.outcome, NOT_JUDGED in verdict.reason) == ("public", True), verdict
    assert "The login was tried: accepted." in look(rows, image=OWN)[0].reason


@pytest.mark.parametrize(
    "image", ["ghcr.io/acme/churn:1.4", "acme/churn:1.4", "quay.io/acme/churn:1.4", "a.azurecr.io/b:1"]
)
@pytest.mark.parametrize("rows", [WITH_PASSWORD, WITH_TOKEN], ids=["Basic", "Bearer"])
def test_well_known_registries_hear_of_no_stranger(rows, image):
    """Of the well-known registries it is known that they judge logins: nobody is made up there."""
    _, table = look(rows, image=image)
    assert table.strangers == []


def test_without_a_login_there_is_no_stranger():
    """Without a login there is nothing that could be judged."""
    for rows in (WITH_PASSWORD, OPEN, {**WITH_TOKEN, ("manifests", "nobody"): bearer(HOST)}):
        assert look(rows, image=OWN, user="")[1].strangers == []


@pytest.mark.parametrize("realm", ["https://auth.example/token", "http://reg.example.com/token", "x"])
def test_no_stranger_goes_where_the_login_does_not(realm):
    """Where the login may not be sent, no made-up one is either."""
    _, table = look({("manifests", "nobody"): asks(f'Bearer realm="{realm}"')}, image=OWN)
    assert (table.strangers, len(table.sent)) == ([], 1)
    _, table = look({("manifests", "nobody"): said(403), ("v2", "nobody"): said(401)}, image=OWN)
    assert table.strangers == []


def test_no_stranger_goes_to_another_host():
    """A registry that sends on takes no made-up login along, no more than the true one."""
    heard = []

    def far(authorization):
        heard.append(authorization)
        return holds(MANIFEST)

    net = Net({**at(HERE, "Basic", moved("https://cdn.example/x")), "https://cdn.example/x": far})
    verdict, _ = look({}, table=net, image=OWN)
    assert (verdict.outcome, set(heard)) == ("ok", {""}), verdict


def test_a_stranger_is_nobody():
    """User and password are new each time, and the user says where it is from."""
    made = []
    for number in range(3):
        stranger = Stranger()
        stranger.prepare(lambda login: made.append(login) or login)
        assert len(made) == number
        stranger.begin()
        assert isinstance(stranger.entry(20), Basic)
    headers = [login(Request("GET", HERE).prepare()).headers["Authorization"] for login in made]
    pairs = [base64.b64decode(header.removeprefix("Basic ")).decode() for header in headers]
    assert all(re.fullmatch(r"aicore-magics-[0-9a-f]{16}:[\w-]{32}", pair) for pair in pairs)
    assert len({pair.partition(":")[0] for pair in pairs}) == 3
    assert len({pair.partition(":")[2] for pair in pairs}) == 3
    assert not [pair for pair in pairs for login in made if pair.partition(":")[2] in repr(login)]


def test_one_stranger_for_each_host():
    """Whoever checks something at a host shares its stranger, who is tried once."""
    strangers, tried = Strangers(), []

    def begin():
        strangers.at(HOST).prepare(tried.append)
        strangers.at(HOST).begin()

    threads = [threading.Thread(target=begin, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert strangers.at(HOST).entry(20) is None
    assert len(tried) == 1
    assert strangers.at("other.example") is not strangers.at(HOST)


def test_nobody_waits_for_a_stranger(monkeypatch):
    """What a made-up user gets is not waited for beyond a moment."""
    monkeypatch.setattr(strangers_module, "PATIENCE", 0.01)
    over, stranger = threading.Event(), Stranger()
    stranger.prepare(lambda login: login if over.wait(20) else None)
    stranger.begin()
    assert stranger.entry(20) is None
    # It is still under way.
    assert not over.is_set()
    over.set()
    assert Stranger().entry(20) is None


@pytest.fixture
def registry():
    """Start a registry of the tests' own, and end it."""
    with contextlib.ExitStack() as end:
        yield lambda **how: end.enter_context(FakeRegistry(**how))


@pytest.mark.parametrize("everybody", [False, True], ids=["judges", "judges nobody"])
@pytest.mark.parametrize("challenge", [FAKE_BASIC, FAKE_BEARER], ids=["Basic", "Bearer"])
def test_once_a_check_whatever_is_checked(registry, challenge, everybody):
    """Of five images of one host, and a login that serves none, a stranger is tried once."""
    fake = registry(challenge=challenge, everybody=everybody)
    pictures = tuple(ImageReference.parse(f"{fake.address}/team/churn{i}:1") for i in range(5))
    login = RegistryLogin(fake.address, "anna", Secret("hunter2"))
    with Checks(CheckPlan((login,), pictures)) as checks:
        verdicts = checks.verdicts()
    assert {verdict.outcome for verdict in verdicts} == {"ok"}
    assert {NOT_JUDGED in verdict.reason for verdict in verdicts} == {everybody}
    logins = {one.authorization for one in fake.strangers}
    assert len(logins) == 1
    if challenge == FAKE_BEARER or not everybody:
        assert len(fake.strangers) == 1
    with Checks(CheckPlan((login,), pictures)) as checks:
        checks.verdicts()
    assert len({one.authorization for one in fake.strangers}) == 2


@pytest.mark.parametrize("challenge", [FAKE_BASIC, FAKE_BEARER], ids=["Basic", "Bearer"])
def test_a_stranger_goes_beside_the_config(registry, challenge):
    """The image's config and the stranger are on their way at one time: nobody waits for both in turn."""
    both = threading.Barrier(2, timeout=20)
    fake = registry(challenge=challenge)
    fake.meanwhile = lambda: both.wait() if "/blobs/" in fake.asked[-1].path else None
    fake.strangers = _Meeting(both)
    login = RegistryLogin(fake.address, "anna", Secret("hunter2"))
    transport = Transport()
    verdict = check_image(
        ImageReference.parse(fake.reference), login, transport=transport, deadline=Deadline(30)
    )
    transport.close()
    assert verdict.outcome == "ok", verdict
    assert len(fake.strangers) == 1


class Banning(Table):
    """A registry that lets nobody in once a login has failed there."""

    def answer(self, one, kind):
        if self.strangers:
            return said(403, "DENIED", "too many failed logins")
        return super().answer(one, kind)


@pytest.mark.parametrize("rows", [WITH_PASSWORD, WITH_TOKEN], ids=["password", "token"])
@pytest.mark.parametrize(
    ("step", "outcome"),
    [("manifests", "tag-missing"), ("token", "bad-credentials")],
)
def test_no_stranger_before_the_login_is_let_in(rows, step, outcome):
    """A failed login may turn everybody away: none is made before the true one has opened the manifest."""
    kind = "token" if rows is WITH_TOKEN and step == "manifests" else "login"
    if rows is WITH_PASSWORD and step == "token":
        step = "manifests"
    failing = said(404, "MANIFEST_UNKNOWN") if outcome == "tag-missing" else said(401, "UNAUTHORIZED")
    table = Banning(
        {**rows, ("manifests", "nobody"): unlocked(rows), (step, kind): failing, "tags/list": holds(b"{}")}
    )
    verdict, _ = look({}, table=table, image=OWN)
    assert (verdict.outcome, table.strangers) == (outcome, []), verdict


def unlocked(rows):
    """What asks for a login, at a host that nothing is known about."""
    return bearer(HOST) if rows is WITH_TOKEN else asks(BASIC)


def test_a_stranger_after_a_public_image():
    """Where anybody gets the manifest, the stranger comes once the login was accepted, and not before."""
    rows = {**OPEN, ("v2", "nobody"): asks(BASIC), ("v2", "login"): said(401, "UNAUTHORIZED")}
    table = Banning(rows)
    assert (look({}, table=table, image=OWN)[0].outcome, table.strangers) == ("bad-credentials", [])


class _Meeting(list):
    """A list that lets nobody in before somebody else has come to *both*."""

    def __init__(self, both):
        super().__init__()
        self._both = both

    def append(self, one):
        self._both.wait()
        super().append(one)


# Harbor gives an expired robot a token that opens nothing, whatever its secret.
ROBOT = {
    ("manifests", "nobody"): bearer(HOST),
    ("v2", "nobody"): bearer(HOST),
    ("token", "nobody"): grants(),
    ("token", "login"): grants(),
}


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    ("user", "expired"),
    [
        ("robot$team+pull", True),
        ("robot$all", True),
        ("robot", False),
        ("my-robot$x", False),
        ("anna", False),
    ],
)
def test_a_robot_that_may_have_expired(user, expired, status):
    """A robot of Harbor's that gets a token, and nothing for it, may have expired; it is not said to work."""
    verdict, _ = look({**ROBOT, ("manifests", "token"): said(status, "DENIED")}, image=OWN, user=user)
    assert (verdict.outcome, verdict.refused) == ("no-access-or-missing", True), verdict
    assert ("The robot may have expired." in verdict.reason) is expired
    assert verdict.reason.startswith(
        "The login is not accepted here, or may" if expired else "The login works"
    )


def test_a_robot_alone():
    """A robot's login alone is accepted, as old versions of Harbor do with an expired one."""
    table = Table({**ROBOT, ("token", "login"): grants()})
    for user, words in (("robot$team+pull", True), ("anna", False)):
        login = RegistryLogin(HOST, user, Secret("hunter2"))
        verdict = check_login(login, transport=table, deadline=Deadline(5))
        assert (
            verdict.outcome,
            "Old versions of Harbor also accept an expired robot." in verdict.reason,
        ) == ("ok", words)


@pytest.mark.parametrize("image", [True, False])
@pytest.mark.parametrize(
    ("user", "service", "words"),
    [
        ("robot$pull", "r", "The robot may have expired."),
        ("robot$team+pull", "harbor-registry", "The robot may have expired."),
        ("ci-team+pull", "harbor-registry", "If this user is a robot, it may have expired."),
        ("ci-team+pull", "r", ""),
        ("anna", "r", ""),
    ],
)
def test_a_robot_without_a_token(image, user, service, words):
    """Harbor refuses an expired robot as it does a wrong secret, where its login alone is asked about."""
    challenge = asks(f'Bearer realm="https://{HOST}/token",service="{service}"')
    rows = {**ROBOT, ("manifests", "nobody"): challenge, ("v2", "nobody"): challenge}
    rows["token", "login"] = said(401, "UNAUTHORIZED")
    if image:
        verdict, _ = look(rows, image=OWN, user=user)
    else:
        login = RegistryLogin(HOST, user, Secret("hunter2"))
        verdict = check_login(login, transport=Table(rows), deadline=Deadline(5))
    assert verdict.outcome == "bad-credentials"
    assert verdict.reason == f"{HOST} does not accept user {user} (401 UNAUTHORIZED). {words}".rstrip()
    assert ("in Harbor when the robot expires" in verdict.fix) is bool(words)


def test_harbor_by_the_name_of_its_service():
    """Harbor's robots may be called otherwise, and the name of its token service tells that it is Harbor."""
    challenge = asks(f'Bearer realm="https://{HOST}/token",service="harbor-registry"')
    rows = {**ROBOT, ("manifests", "nobody"): challenge, ("v2", "nobody"): challenge}
    for user in ("bot$team+pull", "robot-ci", "anna"):
        verdict, _ = look({**rows, ("manifests", "token"): said(401, "UNAUTHORIZED")}, image=OWN, user=user)
        assert verdict.outcome == "no-access-or-missing", verdict
        assert verdict.reason.startswith("The login is not accepted here, or may not pull this repository")
        assert verdict.reason.endswith("If this user is a robot, it may have expired.")
        login = RegistryLogin(HOST, user, Secret("hunter2"))
        alone = check_login(login, transport=Table(rows), deadline=Deadline(5))
        assert "Old versions of Harbor also accept an expired robot." in alone.reason
    verdict, _ = look(
        {**rows, ("manifests", "token"): said(401, "UNAUTHORIZED")}, image=OWN, user="robot$team+x"
    )
    assert verdict.reason.endswith("The robot may have expired.")
    verdict, _ = look({**rows, ("manifests", "token"): said(401, "UNAUTHORIZED")}, image=OWN, user="")
    assert "robot" not in verdict.reason
