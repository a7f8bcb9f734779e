import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from aicore_magics.sandbox.registry_desk import LOGINS

NOW = datetime(2030, 1, 31, 12, 30, 15, tzinfo=UTC)
CANARY = "hunter2" + "-\u00e4+/'\"\\$"


@pytest.fixture
def registry(registry, clock):
    clock.now = NOW.timestamp()
    registry.clock = clock
    return registry


@pytest.fixture
def desk(bearer):
    """A visitor of the desk who has the first login."""
    return bearer.log_in()


def post(guest, content, **headers):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return guest.ask(LOGINS, "POST", body=body, **{"Content-Type": "application/json", **headers})


def test_address(registry):
    """The address is that of the registry with Bearer tokens."""
    assert registry.logins_url == f"http://{registry.host}{LOGINS}"


@pytest.mark.parametrize(
    ("wanted", "begins", "ends", "standing"),
    [
        ({}, NOW, None, "valid"),
        ({"days": 4}, NOW, NOW + timedelta(days=4), "valid"),
        ({"days": 0.5, "shape": "jwt"}, NOW, NOW + timedelta(hours=12), "valid"),
        ({"days": -1}, NOW - timedelta(days=31), NOW - timedelta(days=1), "expired"),
        ({"days": 0}, NOW - timedelta(days=30), NOW, "expired"),
        (
            {"days": -1, "begins": "2030-01-01T00:00Z"},
            datetime(2030, 1, 1, tzinfo=UTC),
            NOW - timedelta(1),
            "expired",
        ),
        ({"ends": "2030-02-01T01:00+01:00", "days": None}, NOW, datetime(2030, 2, 1, tzinfo=UTC), "valid"),
        ({"begins": "2030-02-01T00:00:00+00:00"}, datetime(2030, 2, 1, tzinfo=UTC), None, "not yet valid"),
        (
            {"ends": "2030-02-01T00:00Z", "days": 90},
            datetime(2029, 11, 3, tzinfo=UTC),
            datetime(2030, 2, 1, tzinfo=UTC),
            "valid",
        ),
    ],
    ids=range(9),
)
def test_make(registry, desk, basic, wanted, begins, ends, standing):
    """A login is made as it is wanted, and its password comes once: in this answer, and in no list."""
    reply = post(desk, {"username": "robot$acme+ci", **wanted})
    assert (reply.status, reply.headers["Cache-Control"]) == (201, "no-store")
    told = reply.json
    assert (told["username"], told["standing"]) == ("robot$acme+ci", standing)
    assert datetime.fromisoformat(told["begins"]) == begins
    assert (told["ends"] and datetime.fromisoformat(told["ends"])) == ends
    opened = basic.log_in("robot$acme+ci", told["password"]).ask("/v2/").status
    assert opened == (200 if standing == "valid" else 401)
    listed = desk.ask(LOGINS)
    assert listed.json["logins"][1] == {key: value for key, value in told.items() if key != "password"}
    for password in (told["password"], registry.password):
        assert password.encode() not in listed.body


def test_revoke(registry, desk, basic):
    """A login is revoked by its id, twice if one likes; the first one too, which opens this desk still."""
    made = post(desk, {"username": "anna"}).json
    for id_ in (made["id"], made["id"], registry.logins[0].id):
        reply = desk.ask(f"{LOGINS}/{id_}", "DELETE")
        assert (reply.status, reply.json["id"], reply.json["standing"]) == (200, id_, "revoked")
    assert [each["standing"] for each in desk.ask(LOGINS).json["logins"]] == ["revoked"] * 2
    for password in (made["password"], registry.password):
        assert basic.log_in("anna", password).ask("/v2/").status == 401


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT"])
@pytest.mark.parametrize("who", ["nobody", "wrong", "another login", "a token", "a bare password"])
def test_nobody_else(registry, bearer, method, who):
    """Without the first login nothing is told or done here, and the answer says which login that is."""
    other = registry.make_login("anna")
    bearer.log_in()
    if who == "nobody":
        bearer.authorization = None
    elif who == "a token":
        bearer.take_token("acme/churn")
    elif who == "a bare password":
        bearer.authorization = registry.password
    else:
        bearer.log_in("anna", other.password if who == "another login" else "wrong")
    body = b'{"username": "anna"}' if method in ("POST", "PUT") else None
    path = f"{LOGINS}/{other.id}" if method == "DELETE" else LOGINS
    reply = bearer.ask(path, method, body=body, **{"Content-Type": "application/json"})
    assert (reply.status, reply.headers["WWW-Authenticate"]) == (401, 'Basic realm="sandbox logins"')
    assert "$REGISTRY_PASSWORD" in reply.json["error"]
    assert [each.standing for each in registry.logins] == ["valid"] * 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        *((body, "not JSON") for body in (b"", b"{", b"\xff", b"[" * 100_000, CANARY.encode())),
        *(
            (body, "allowed keys: begins, days, ends")
            for body in ([], None, 5, CANARY, {"username": "a", CANARY: 1})
        ),
        *((name, "username is missing") for name in ({}, {"username": None}, {"username": [CANARY]})),
        *(({"username": name}, "1 to 255") for name in ("", f"{CANARY}:", "a\nb", "x" * 256, "\ud800")),
        *(({"username": "a", "shape": shape}, "shape must be one of") for shape in (CANARY, None, [], 1)),
        *(
            ({"username": "a", "days": days}, "days takes a number")
            for days in (CANARY, True, [], 1e300, "4")
        ),
        ({"username": "a", "days": 3_999_999}, "9999"),
        ({"username": "a", "days": -3_999_999}, "9999"),
        (b'{"username": "a", "days": NaN}', "days takes a number"),
        *(
            ({"username": "a", name: text}, f"{name} takes a time")
            for name in ("begins", "ends")
            for text in (CANARY, 5, {})
        ),
        *(({"username": "a", name: "2030-02-01"}, "offset") for name in ("begins", "ends")),
        ({"username": "a", "ends": "0001-01-01T00:00+13:45"}, "9999"),
        ({"username": "a", "days": -1, "ends": "2030-02-01T00:00Z"}, "must be above 0"),
        (
            {"username": "a", "days": 1, "ends": "2030-02-01T00:00Z", "begins": "2030-01-01T00:00Z"},
            "at most two",
        ),
        ({"username": "a", "shape": "ecr"}, "is AWS"),
    ],
    ids=str,
)
def test_what_makes_no_sense(registry, desk, content, says):
    """A body that makes no sense gets a 400 that says what does, repeats nothing, and makes nothing."""
    reply = post(desk, content)
    assert reply.status == 400
    assert says in reply.json["error"]
    assert CANARY not in reply.json["error"]
    assert len(registry.logins) == 1


@pytest.mark.parametrize(
    ("method", "path", "status", "says"),
    [
        ("PUT", "", 405, "GET or POST"),
        ("DELETE", "", 405, "GET or POST"),
        ("GET", "/x", 405, "DELETE"),
        ("DELETE", "/x", 404, "no login has this id"),
        ("DELETE", "/../logins", 404, "no login has this id"),
    ],
)
def test_wrong_calls(desk, method, path, status, says):
    """A call that there is not is refused, with the calls that there are."""
    reply = desk.ask(LOGINS + path, method, body=b"" if method == "PUT" else None)
    assert reply.status == status
    assert says in reply.json["error"]
    assert (status == 405) == ("Allow" in reply.headers)


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_kind_of_body(desk, kind):
    """A body must be called JSON: no page in a browser can send that here without being asked."""
    reply = post(desk, {"username": "anna"}, **{"Content-Type": kind})
    assert (reply.status, "curl --json" in reply.json["error"]) == (415, True)


def test_apart_from_the_registry(registry, desk, basic):
    """No fault strikes the desk, nothing there is noted, and the side with Basic logins has none."""
    registry.faults.html, registry.faults.next_statuses = True, [503]
    assert desk.ask(LOGINS).status == 200
    assert post(desk, {"username": "anna"}).status == 201
    assert registry.requests == []
    registry.faults.html, registry.faults.next_statuses = False, []
    assert [basic.log_in().ask(LOGINS).status, desk.ask(LOGINS + "x").status] == [404, 404]


def test_too_large(registry, connect):
    """A body that is not read is refused as at the registry."""
    wire = connect(registry.host)
    wire.sendall(f"POST {LOGINS} HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n".encode())
    assert wire.recv(100).startswith(b"HTTP/1.1 413 ")


def test_many_at_once(registry, guest):
    """Visitors who make and revoke at the same moment get each their own."""

    def work(_):
        visitor = guest(registry.host, registry).log_in()
        made = [post(visitor, {"username": "anna", "days": 1}).json["id"] for _ in range(10)]
        assert [visitor.ask(f"{LOGINS}/{each}", "DELETE").json["id"] for each in made] == made
        return made

    with ThreadPoolExecutor(6) as pool:
        ids = [each for made in pool.map(work, range(6)) for each in made]
    assert {each.id for each in registry.logins[1:]} == {*ids}
    assert (len(ids), {each.standing for each in registry.logins[1:]}) == (60, {"revoked"})
