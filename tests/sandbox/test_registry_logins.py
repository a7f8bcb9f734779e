import itertools
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from aicore_magics.sandbox.registry_logins import MOST_LOGINS, Period, RegistryLogins
from aicore_magics.sandbox.registry_passwords import SHAPES, fixed_user

NOW = datetime(2030, 1, 31, 12, 30, 15, tzinfo=UTC)
DAY = timedelta(days=1)
MANIFEST = "/v2/acme/churn/manifests/1.4"


@pytest.fixture
def clock(clock):
    """A clock that stands in the middle of a day, and of a second."""
    clock.now = NOW.timestamp() + 0.5
    return clock


@pytest.fixture
def logins(clock):
    return RegistryLogins("http://registry", clock)


@pytest.fixture
def registry(registry, clock):
    registry.clock = clock
    return registry


@pytest.mark.parametrize(
    ("period", "begins", "ends"),
    [
        (Period(), NOW, None),
        (Period(life=4 * DAY), NOW, NOW + 4 * DAY),
        (Period(ends=NOW + DAY), NOW, NOW + DAY),
        (Period(ends=NOW - DAY), NOW - 31 * DAY, NOW - DAY),
        (Period(begins=NOW - DAY), NOW - DAY, None),
        (Period(begins=NOW + DAY, life=DAY), NOW + DAY, NOW + 2 * DAY),
        (Period(life=90 * DAY, ends=NOW + DAY), NOW - 89 * DAY, NOW + DAY),
        (Period(begins=NOW - 2 * DAY, ends=NOW - DAY), NOW - 2 * DAY, NOW - DAY),
        (
            Period(ends=datetime(2030, 2, 1, 2, 15, 15, tzinfo=timezone(timedelta(hours=13, minutes=45)))),
            NOW - 30 * DAY,
            NOW,
        ),
        (Period(ends=datetime.max.replace(tzinfo=UTC)), NOW, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
    ids=range(10),
)
def test_from_when_to_when(logins, period, begins, ends):
    """What is not said of a login's time follows from the rest; both are in whole seconds of UTC."""
    login = logins.make("anna", "opaque", period)
    assert (login.begins, login.ends) == (begins, ends)
    assert {each.tzinfo for each in (login.begins, login.ends) if each} == {UTC}


@pytest.mark.parametrize(
    ("shape", "period", "ends"),
    [
        ("ecr", Period(), NOW + DAY / 2),
        ("google", Period(), NOW + DAY / 24),
        ("ecr", Period(ends=NOW - DAY), NOW - DAY),
        ("gitlab", Period(life=4 * DAY), datetime(2030, 2, 4, tzinfo=UTC)),
        ("gitlab", Period(life=DAY / 24), datetime(2030, 1, 31, tzinfo=UTC)),
        ("gitlab", Period(), None),
    ],
)
def test_the_end_is_as_its_issuer_has_it(logins, shape, period, ends):
    """A shape's own life is used if nothing is said, and GitLab's logins end at midnight, never later."""
    login = logins.make(fixed_user(shape) or "anna", shape, period)
    assert login.ends == ends
    assert ends is None or login.begins < ends


NAIVE = datetime(2030, 2, 1)  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    ("username", "shape", "period", "says"),
    [
        *(
            (name, "opaque", Period(), "1 to 255")
            for name in ("", "a:b", "a\nb", "\x00", "x" * 256, "\ud800")
        ),
        ("anna", "quay", Period(), "shape must be one of opaque, "),
        ("anna", "ecr", Period(), "is AWS"),
        ("AWS", "google", Period(), "is oauth2accesstoken"),
        ("anna", "opaque", Period(ends=NAIVE), "offset"),
        ("anna", "opaque", Period(begins=NAIVE), "offset"),
        ("anna", "opaque", Period(life=timedelta(0)), "above 0"),
        ("anna", "opaque", Period(life=-DAY), "above 0"),
        ("anna", "opaque", Period(DAY, NOW, NOW + DAY), "at most two"),
        ("anna", "opaque", Period(begins=NOW, ends=NOW), "after the beginning"),
        ("anna", "gitlab", Period(begins=NOW, life=DAY / 24), "gitlab login"),
        ("anna", "opaque", Period(life=timedelta.max), "9999"),
        ("anna", "opaque", Period(ends=datetime.min.replace(tzinfo=UTC)), "9999"),
        ("anna", "opaque", Period(ends=datetime.min.replace(tzinfo=timezone(DAY / 2))), "9999"),
    ],
)
def test_what_no_registry_has(logins, username, shape, period, says):
    """A user, a shape or a time that cannot be is refused in words, and no login is made."""
    with pytest.raises(ValueError, match=says):
        logins.make(username, shape, period)
    assert len(logins.all) == 1


@pytest.mark.parametrize(
    "username",
    ["anna", "robot$acme+ci", "AWS", "oauth2accesstoken", "_json_key", "b\xe4rbel", "a b", "0" * 255],
)
def test_any_user(registry, basic, username):
    """Whatever user a registry takes can have a login here, and is taken at both sides."""
    login = registry.make_login(username)
    assert basic.log_in(username, login.password).ask("/v2/").status == 200


PERIODS = {
    "endless": (Period(), "valid"),
    "days left": (Period(life=4 * DAY), "valid"),
    "expired": (Period(ends=NOW - DAY), "expired"),
    "just over": (Period(ends=NOW), "expired"),
    "to come": (Period(begins=NOW + timedelta(seconds=1), life=9 * DAY), "not yet valid"),
}


@pytest.mark.enumerates
@pytest.mark.parametrize("shape", SHAPES)
def test_which_logins_open_what(registry, bearer, basic, shape):
    """Whatever its shape, a login opens both sides while it is valid, and else is like a wrong one."""
    user = fixed_user(shape) or "anna"
    for (period, standing), revoked in itertools.product(PERIODS.values(), (False, True)):
        login = registry.make_login(
            user, life=period.life, begins=period.begins, ends=period.ends, shape=shape
        )
        if revoked:
            registry.revoke_login(login)
        (listed,) = [each for each in registry.logins if each.id == login.id]
        assert listed.standing == ("revoked" if revoked else standing)
        opened = listed.standing == "valid"
        reply = bearer.log_in(user, login.password).ask_token("repository:acme/churn:pull")
        assert reply.status == (200 if opened else 401)
        if opened:
            assert bearer.ask(MANIFEST, Authorization=f"Bearer {reply.json['token']}").status == 200
        assert basic.log_in(user, login.password).ask(MANIFEST).status == (200 if opened else 401)
        assert basic.log_in(f"{user}x", login.password).ask(MANIFEST).status == 401
    assert registry.logins[0].standing == "valid"


def test_logins_overlap_and_end(registry, basic, clock):
    """Two logins of a user are both good until each ends, in its second, or is revoked."""
    first, second = (registry.make_login("anna", life=days * DAY) for days in (1, 2))
    seen = []
    for passed in (0, DAY.total_seconds() - 1, DAY.total_seconds(), 2 * DAY.total_seconds()):
        clock.now = NOW.timestamp() + passed
        logins = (first.password, second.password, registry.password)
        seen.append(tuple(basic.log_in("anna", each).ask("/v2/").status for each in logins))
    assert seen == [(200, 200, 200), (200, 200, 200), (401, 200, 200), (401, 401, 200)]
    registry.revoke_login(registry.logins[0])
    assert basic.log_in("anna", registry.password).ask("/v2/").status == 401


def test_a_token_outlives_its_login(registry, bearer, clock):
    """A token that was got before its login was revoked is good until its own end, as at Docker's."""
    login = registry.make_login("anna")
    bearer.log_in("anna", login.password).take_token("acme/churn")
    assert registry.revoke_login(login).standing == "revoked"
    assert bearer.ask(MANIFEST).status == 200
    clock.now += 300
    assert bearer.ask(MANIFEST).status == 401


@pytest.mark.parametrize(
    ("switch", "username", "ended", "at_token", "at_basic"),
    [
        ("", "robot$ci", "expired", 401, 401),
        ("harbor", "robot$ci", "expired", 200, 401),
        ("harbor", "robot$ci", "revoked", 401, 401),
        ("harbor", "anna", "expired", 401, 401),
        ("ghcr", "anna", "expired", 403, 401),
        ("ghcr", "anna", "revoked", 403, 401),
        ("ecr", "anna", "expired", 401, 403),
    ],
)
def test_how_others_answer_an_ended_login(
    registry, bearer, basic, switch, username, ended, at_token, at_basic
):
    """A switch has the answers of Harbor, GHCR and ECR; that of Harbor is a token without any right."""
    registry.faults.ended_login = switch
    login = registry.make_login(username, ends=NOW - DAY if ended == "expired" else None)
    if ended == "revoked":
        registry.revoke_login(login)
    for password in (login.password, "wrong") if at_token == 200 else (login.password,):
        reply = bearer.log_in(username, password).ask_token("repository:acme/churn:pull")
        assert reply.status == at_token
        if at_token == 200:
            told = bearer.ask(MANIFEST, Authorization=f"Bearer {reply.json['token']}")
            assert 'error="insufficient_scope"' in told.headers["WWW-Authenticate"]
    assert basic.log_in(username, login.password).ask(MANIFEST).status == at_basic
    assert bearer.log_in(username, "wrong").ask_token().status == (200 if at_token == 200 else 401)
    again = registry.make_login(username)
    assert bearer.log_in(username, again.password).take_token("acme/churn").ask(MANIFEST).status == 200


def test_whose_login_is_it(logins):
    """A login of another registry is unknown here; to revoke one twice is to revoke it once."""
    other = RegistryLogins("http://other", NOW.timestamp)
    with pytest.raises(LookupError, match="no such login"):
        logins.revoke(other.first.id)
    login = logins.make("anna", "opaque", Period())
    assert logins.revoke(login.id) == logins.revoke(login.id)


def test_logins_are_bounded(logins):
    """There is a most of logins, and it is said."""
    for _ in range(MOST_LOGINS - 1):
        logins.make("anna", "opaque", Period())
    with pytest.raises(ValueError, match="limit of 1000"):
        logins.make("anna", "opaque", Period())
    assert len(logins.all) == MOST_LOGINS


def test_many_at_once(registry):
    """Threads that make, revoke and list at the same moment lose nothing and see no half login."""
    barrier = threading.Barrier(8, timeout=5)

    def work(number):
        barrier.wait()
        made = []
        for _ in range(20):
            made.append(registry.make_login(f"user-{number}", life=DAY))
            if number % 2:
                assert registry.revoke_login(made[-1]).standing == "revoked"
            assert {each.standing for each in registry.logins} <= {"valid", "revoked"}
        return made

    with ThreadPoolExecutor(8) as pool:
        made = [login for logins in pool.map(work, range(8)) for login in logins]
    listed = {each.id: each.standing for each in registry.logins[1:]}
    assert listed == {each.id: "revoked" if int(each.username[-1]) % 2 else "valid" for each in made}
    assert len({each.password for each in made}) == len(listed) == 160


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_shows_a_password(registry, shape):
    """No repr, no list and no error has the password of any login; the list does not even hold it."""
    login = registry.make_login(fixed_user(shape) or "anna", shape=shape)
    with pytest.raises(LookupError) as refused:
        RegistryLogins("x", registry.clock).revoke(login.id)
    told = f"{login!r} {login} {registry!r} {registry.logins!r} {refused.value!r} {registry.faults!r}"
    kept = pickle.dumps(registry.logins)
    for password in (login.password, registry.password):
        assert password not in told
        assert password.encode() not in kept
