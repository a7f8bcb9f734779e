"""Which assumptions about AI Core's docker secrets hold on a tenant: asked with throw-away secrets."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from aicore_magics.actions.verified import TenantVerified, ThrowawaysRemoved
from aicore_magics.aicore.client import SECRETS
from aicore_magics.aicore.verification.asker import Asker, Enough, NotSeen
from aicore_magics.aicore.verification.interrupts import Interrupts
from aicore_magics.aicore.verification.run import ask_all, conclude
from aicore_magics.aicore.verification.scene import Login, Scene
from aicore_magics.aicore.verification.throwaways import (
    CLEANING_WITHIN,
    MOST,
    PREFIX,
    Throwaways,
    is_throwaway,
    left_overs,
)
from aicore_magics.base.calls import bare_errors
from aicore_magics.base.redact import Secret
from aicore_magics.base.version import VERSION
from aicore_magics.errors import InvalidName, QuotaReached
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.http.messages import Bearer, NoAuth
from aicore_magics.http.transport import Transport
from aicore_magics.next_steps import do

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aicore_magics.aicore.client import Request
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.aicore.verification.asker import Exchange
    from aicore_magics.http.messages import Response

VERIFY_LIMIT = 300.0  # seconds for all questions
ROOM = 5  # secrets that the tenant must have room for
_UNAUTHORIZED = 401
_NEVER = 1_000_000  # lost answers in a row: time ends it


@bare_errors
def verification_question(tenant: Connection, *, timeout: float = VERIFY_LIMIT) -> str:
    """Give the question to ask before a verification: what it creates and deletes, and where.

    *timeout* is that of the verification, in seconds. Raises QuotaReached if the tenant has no room for it.
    """
    over, perhaps = _look_around(tenant, Deadline(TIME_LIMIT))
    lines = [
        f"Verify AI Core's docker secrets in tenant {tenant.tenant} at {tenant.host}?",
        f"It creates and deletes secrets named {PREFIX}…, at most {MOST} at a time, each with a made-up",
        "login for a host that does not exist. No other secret is changed.",
        f"It takes about 65 requests, and at most {timeout + CLEANING_WITHIN:.0f} s.",
    ]
    if over:
        lines.append(f"Left over from earlier runs, deleted as well: {', '.join(over)}.")
    if perhaps:
        lines.append(f"Another run may go on with these, which stay: {', '.join(perhaps)}.")
    return "\n".join([*lines, "Type yes to start, Enter to leave all as it is: "])


@bare_errors
def verify_tenant(
    tenant: Connection, *, timeout: float = VERIFY_LIMIT, tell: Callable[[str], None] | None = None
) -> TenantVerified:
    """Check on *tenant* what we assume about AI Core's docker secrets, without asking first.

    Creates throw-away secrets with a made-up login, at most two at a time, and deletes them whatever
    happens, also after Ctrl-C or SIGTERM: the result has what was seen until then. *timeout* is in seconds
    for all questions; the deletion has 30 more. *tell* hears what is going on. Raises QuotaReached if the
    tenant has room for fewer than five more secrets, and what a connection can raise; nothing was changed
    then.
    """
    over, perhaps = _look_around(tenant, Deadline(min(timeout, TIME_LIMIT)))
    tell = tell or _nobody
    begin = time.monotonic()
    throwaways = Throwaways(timeout + 2 * CLEANING_WITHIN)
    throwaways.adopt(over)
    login = Login()
    token_seconds = tenant.open(Deadline(TIME_LIMIT))
    asker = Asker(_exchange(tenant), Deadline(timeout), hidden=(login.password,))
    scene = Scene(asker, throwaways, login, tell=tell)
    interrupts = Interrupts(tell)
    transport = Transport(ca_file=tenant.ca_file)
    ended = ""
    try:
        try:
            try:
                interrupts.begin()
                if over:
                    _cleaned(tenant, throwaways, tell)
                ask_all(scene, partial(_asked_with, transport, tenant, asker), token_seconds)
            except Enough as end:
                ended = end.why
            # Within the block that hears an interrupt: none is raised after it.
            interrupts.hold()
        except KeyboardInterrupt:
            ended = "it was stopped"
        conclude(scene)
    finally:
        interrupts.hold()
        asked = asker.requests + _cleaned(tenant, throwaways, tell)
        transport.close()
        interrupts.end()
    return TenantVerified(
        rows=scene.findings.rows(f"not asked: {ended}" if ended else "not asked"),
        left=throwaways.left,
        others=perhaps,
        ended=ended,
        requests=asked,
        seconds=round(time.monotonic() - begin, 1),
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        sandbox=tenant.on_this_machine,
        version=VERSION,
    )


@bare_errors
def remove_throwaway_secrets(
    tenant: Connection, names: Iterable[str] = (), *, timeout: float = TIME_LIMIT
) -> ThrowawaysRemoved:
    """Delete the throw-away secrets *names* that a verification left behind, or all that the tenant has.

    Raises InvalidName for a name that no verification makes. *timeout* is in seconds.
    """
    wanted = tuple(names)
    if not all(map(is_throwaway, wanted)):
        raise InvalidName(
            "not the name of a throw-away secret",
            next=f"their names are {PREFIX}TIME-LETTERS-LETTER, as a verification prints them.",
        )
    listed = tenant.client.names(Deadline(timeout))
    absent: tuple[str, ...] = ()
    if not wanted:
        over, perhaps = left_overs(listed.names)
        wanted = (*over, *perhaps)
    elif listed.complete:
        absent = tuple(name for name in wanted if name not in listed.names)
    throwaways = Throwaways(0)
    throwaways.adopt(wanted)
    with suppress(KeyboardInterrupt):  # what is not deleted by then is told
        throwaways.sweep(Asker(_exchange(tenant), Deadline(timeout), most_lost=_NEVER), within=timeout)
    left = throwaways.left
    gone = (name for name in wanted if name not in throwaways.names and name not in absent)
    return ThrowawaysRemoved(tuple(gone), left, absent)


def _look_around(tenant: Connection, deadline: Deadline) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give what earlier runs left behind, and what runs may be at work with. Raises QuotaReached."""
    names = tenant.client.names(deadline)
    used, maximum = tenant.client.quota_if_told(deadline)
    if maximum and max(used or 0, len(names)) > maximum - ROOM:
        raise QuotaReached(
            f"tenant {tenant.tenant} has {max(used or 0, len(names))} of {maximum} docker secrets; a "
            f"verification needs room for {ROOM}",
            next=("delete an unused one; see all names: ", do("list")),
        )
    return left_overs(names.names)


def _exchange(tenant: Connection) -> Exchange:
    """Give what sends one request, and once more with a new token where the old one is not taken."""

    def exchange(request: Request, deadline: Deadline) -> Response:
        answer = tenant.client.exchange(request, deadline)
        # A 401 means that nothing was done, and the client asks for a new token then.
        return tenant.client.exchange(request, deadline) if answer.status == _UNAUTHORIZED else answer

    return exchange


def _asked_with(transport: Transport, tenant: Connection, asker: Asker, token: str) -> Response:
    """Ask for the list with *token*, or with none, over connections of its own."""
    url = f"{tenant.client.api_url}{SECRETS}?$top=1"
    auth = Bearer(Secret(token)) if token else NoAuth()
    return asker.ask_otherwise(lambda deadline: transport.send("GET", url, auth=auth, deadline=deadline))


def _cleaned(tenant: Connection, throwaways: Throwaways, tell: Callable[[str], None]) -> int:
    """Delete what may be there, in a time of its own, and give the number of requests."""
    if throwaways.names:
        tell(f"deleting what may be left: at most {CLEANING_WITHIN:.0f} s")
    asker = Asker(_exchange(tenant), Deadline(CLEANING_WITHIN), most_lost=_NEVER)
    throwaways.sweep(asker)
    with suppress(NotSeen, Enough):
        # Whatever was answered, and whenever: what the list has of this run goes as well.
        throwaways.adopt(name for name in asker.listed() if name.startswith(throwaways.base))
        throwaways.sweep(asker)
    return asker.requests


def _nobody(_words: str) -> None:
    """Tell nobody."""
