"""A desk over HTTP for the logins of the sandbox's registry: make one, list them, revoke one.

It is no part of what is imitated: no fault strikes here, and nothing here is noted among the requests.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, get_args

from aicore_magics.sandbox.exchange import JSON, Answer, Refusal, Request
from aicore_magics.sandbox.oauth import basic_login, same
from aicore_magics.sandbox.registry_logins import ListedLogin, Login, Period
from aicore_magics.sandbox.registry_passwords import Shape
from aicore_magics.sandbox.registry_rights import authorization

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.sandbox.registry_front import RegistryFront
    from aicore_magics.sandbox.registry_logins import RegistryLogins

LOGINS = "/sandbox/logins"

_FIELDS = {"username", "shape", "days", "begins", "ends"}
_MOST_DAYS = 4_000_000
_FIRST = "this needs basic auth with the first login: $REGISTRY_USER, $REGISTRY_PASSWORD"
_CHALLENGE = ("WWW-Authenticate", 'Basic realm="sandbox logins"')
_NO_STORE = ("Cache-Control", "no-store")


class LoginDesk:
    """Answers at `LOGINS` whoever has the first login, also a revoked one; *front* has all the rest."""

    def __init__(self, logins: RegistryLogins, *, front: RegistryFront, clock: Callable[[], float]) -> None:
        self._logins = logins
        self._front = front
        self._clock = clock

    def answer(self, request: Request) -> Answer:
        """Give the answer to *request*."""
        if request.path != LOGINS and not request.path.startswith(LOGINS + "/"):
            return self._front.answer(request)
        try:
            return self._answer(request)
        except Refusal as refusal:
            content = {"error": refusal.message}
            return Answer.document(refusal.status, content, _NO_STORE, *refusal.headers)

    def refuse(self, request: Request, refusal: Refusal) -> Answer:
        """Give the answer to a *request* that is refused before its body is read."""
        return self._front.refuse(request, refusal)

    def _answer(self, request: Request) -> Answer:
        self._demand_first_login(request)
        id_ = request.path.removeprefix(LOGINS).removeprefix("/")
        methods = ("DELETE",) if id_ else ("GET", "POST")
        if request.method not in methods:
            raise Refusal(405, f"use {' or '.join(methods)} here", ("Allow", ", ".join(methods)))
        if request.method == "DELETE":
            return self._revoke(id_)
        if request.method == "POST":
            return self._make(request)
        return Answer.document(200, {"logins": [*map(_shown, self._logins.all)]}, _NO_STORE)

    def _demand_first_login(self, request: Request) -> None:
        scheme, encoded = authorization(request)
        first = self._logins.first
        given = basic_login(encoded) if scheme == "basic" else ("", "")
        if not same(given, (first.username, first.password)):
            raise Refusal(401, _FIRST, _CHALLENGE)

    def _revoke(self, id_: str) -> Answer:
        try:
            return Answer.document(200, _shown(self._logins.revoke(id_)), _NO_STORE)
        except LookupError:
            raise Refusal(404, "no login has this id; GET lists all") from None

    def _make(self, request: Request) -> Answer:
        if request.content_type != JSON:
            raise Refusal(415, f"Content-Type must be {JSON}; curl --json sets it")
        username, shape, period = _read(request.body, datetime.fromtimestamp(self._clock(), UTC))
        try:
            login = self._logins.make(username, shape, period)
        except ValueError as error:
            raise Refusal(400, str(error)) from None
        return Answer.document(201, {**_shown(self._logins.listed(login)), **_secret(login)}, _NO_STORE)


def _shown(login: ListedLogin) -> dict[str, object]:
    return {
        "id": login.id,
        "username": login.username,
        "shape": login.shape,
        "begins": login.begins.isoformat(),
        "ends": login.ends and login.ends.isoformat(),
        "standing": login.standing,
    }


def _secret(login: Login) -> dict[str, object]:
    return {"password": login.password}


def _read(body: bytes, now: datetime) -> tuple[str, Shape, Period]:
    """Read which login is wanted. Raises Refusal, which repeats nothing that was sent."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, 'the body is not JSON; example: {"username": "anna", "days": 4}') from None
    if not isinstance(given, dict) or not given.keys() <= _FIELDS:
        raise Refusal(400, f"the body must be a JSON object; allowed keys: {', '.join(sorted(_FIELDS))}")
    username, shape = given.get("username"), given.get("shape", "opaque")
    if not isinstance(username, str):
        raise Refusal(400, 'username is missing or not a string; example: {"username": "anna"}')
    if shape not in get_args(Shape):
        raise Refusal(400, f"shape must be one of {', '.join(get_args(Shape))}")
    return username, shape, _period(given, now)


def _period(given: dict[str, Any], now: datetime) -> Period:
    begins, ends = (_moment(given, name) for name in ("begins", "ends"))
    days = given.get("days")
    if days is None:
        return Period(None, begins, ends)
    if type(days) not in (int, float) or not abs(days) <= _MOST_DAYS:
        raise Refusal(400, "days takes a number: 4 ends in four days, -1 ended yesterday")
    life = timedelta(days=days)
    if life > timedelta(0):
        return Period(life, begins, ends)
    if ends is not None:
        raise Refusal(400, "with ends, days must be above 0; or leave days out")
    try:
        return Period(None, begins, now + life)
    except OverflowError:
        raise Refusal(400, "a time must be between the years 1 and 9999") from None


def _moment(given: dict[str, Any], name: str) -> datetime | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError):
        raise Refusal(400, f"{name} takes a time with an offset, such as 2030-01-31T12:00+00:00") from None
