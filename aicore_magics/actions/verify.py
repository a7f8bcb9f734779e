"""Which assumptions about AI Core's docker secrets hold on a tenant: asked with throw-away secrets."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from aicore_magics.aicore.client import SECRETS
from aicore_magics.aicore.verification.asker import Asker, Enough, NotSeen
from aicore_magics.aicore.verification.interrupts import Interrupts
from aicore_magics.aicore.verification.questions import NEVER_ASKED
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
from aicore_magics.base.plural import count
from aicore_magics.base.redact import Secret
from aicore_magics.base.report import Fact, Mark, Report, Step, Table
from aicore_magics.base.result import Done
from aicore_magics.errors import InvalidName, QuotaReached
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.http.messages import Bearer, NoAuth
from aicore_magics.http.transport import Transport
from aicore_magics.next_steps import Beside, do

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.aicore.verification.findings import Row
    from aicore_magics.aicore.verification.throwaways import LeftBehind
    from aicore_magics.base.report import State
    from aicore_magics.http.messages import Response

VERIFY_LIMIT = 300.0  # seconds for all questions
ROOM = 5  # secrets that the tenant must have room for
_NEVER = 1_000_000  # lost answers in a row: time ends it
_STATES: dict[str, State] = {"as assumed": "done", "otherwise": "warning", "not seen": "unknown"}


@dataclass(frozen=True, repr=False)
class TenantVerified(Done):
    """What was seen of each assumption, in rows without tenant, host or id that anybody may see.

    *left* are throw-away secrets that may still be there, *others* those that other runs may be at work
    with. *ended* says why not everything was asked; empty if it was.
    """

    rows: tuple[Row, ...]
    left: tuple[LeftBehind, ...]
    others: tuple[str, ...]
    ended: str
    requests: int
    seconds: float
    sandbox: bool
    version: str

    def with_verdict(self, verdict: str) -> tuple[Row, ...]:
        """Give the rows with this *verdict*: "as assumed", "otherwise" or "not seen"."""
        return tuple(row for row in self.rows if row.verdict == verdict)

    def report(self) -> Report:
        """How many hold; each that does not, with what it means here; then all of them."""
        numbers = {verdict: len(self.with_verdict(verdict)) for verdict in _STATES}
        summary = ", ".join(f"{number} {verdict}" for verdict, number in numbers.items() if number)
        worst = next((v for v in ("otherwise", "not seen") if numbers[v]), "as assumed")
        return Report(
            f"Docker secret API: {summary}",
            "unknown" if self.left else _STATES[worst],
            tuple(self._sentences()),
            tuple(Fact(row.asks, f"aicore-magics {row.ours}") for row in self.with_verdict("otherwise")),
            Table(
                ("Question", "Verdict", "Assumed", "Seen"),
                tuple(
                    (row.asks, Mark(row.verdict, _STATES[row.verdict]), row.assumed, row.seen)
                    for verdict in ("otherwise", "not seen", "as assumed")
                    for row in self.with_verdict(verdict)
                ),
            ),
            _removal((each.name for each in self.left), "delete it")
            + _removal(self.others, "delete it, if no other run is at work with it"),
        )

    def _sentences(self) -> Iterator[str]:
        yield (
            f"{_left_words(self.left)} {self.requests} requests in {self.seconds:.0f} s by aicore-magics "
            f"{self.version}{', in a sandbox' if self.sandbox else ''}."
        )
        if self.ended:
            yield f"Not all was asked: {self.ended}."
        if self.others:
            yield f"Throw-away secrets of other runs, which may go on: {', '.join(self.others)}."
        yield f"Never asked: {NEVER_ASKED}."


@dataclass(frozen=True, repr=False)
class ThrowawaysRemoved(Done):
    """Throw-away secrets of verifications that are gone now, and those that may still be there."""

    removed: tuple[str, ...]
    left: tuple[LeftBehind, ...]

    def report(self) -> Report:
        """How many are gone, and which are not."""
        headline = f"{count(len(self.removed), 'throw-away secret')} deleted"
        state: State = "unknown" if self.left else "done"
        return Report(
            headline,
            state,
            (_left_words(self.left),),
            steps=_removal((each.name for each in self.left), "delete it"),
        )


def _left_words(left: tuple[LeftBehind, ...]) -> str:
    if not left:
        return "Nothing is left behind."
    names = ", ".join(f"{each.name} ({each.why})" for each in left)
    return f"{count(len(left), 'throw-away secret')} may be left behind: {names}."


def _removal(names: Iterable[str], what: str) -> tuple[Step, ...]:
    return tuple(Step(what, (do("remove-throwaway", name=name),)) for name in names)


@bare_errors
def verification_question(
    tenant: Connection, *, timeout: float = VERIFY_LIMIT, call_timeout: float = TIME_LIMIT
) -> str:
    """Give the question to ask before a verification: what it creates and deletes, and where.

    Raises QuotaReached if the tenant has no room for it.
    """
    over, perhaps = _look_around(tenant, Deadline(call_timeout))
    lines = [
        f"Verify AI Core's docker secrets in tenant {tenant.tenant} at {tenant.host}?",
        f"It creates and deletes secrets named {PREFIX}…, at most {MOST} at a time, each with a made-up",
        "login for a host that does not exist. No other secret is changed.",
        f"It takes about 120 requests, and at most {timeout + CLEANING_WITHIN:.0f} s.",
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
    """Find out which assumptions about AI Core's docker secrets hold on *tenant*, without asking first.

    Creates throw-away secrets with a made-up login, at most two at a time, and deletes them whatever
    happens, also after Ctrl-C or SIGTERM: the result has what was seen until then. *timeout* is in seconds
    for all questions; the deletion has 30 more. *tell* hears what is going on. Raises QuotaReached if the
    tenant has room for fewer than five more secrets, and what a connection can raise; nothing was changed
    then.
    """
    over, perhaps = _look_around(tenant, Deadline(min(timeout, TIME_LIMIT)))
    tell = tell or _nobody
    begin = time.monotonic()
    throwaways = Throwaways(timeout + CLEANING_WITHIN)
    throwaways.adopt(over)
    login = Login()
    hidden = (login.password,)
    seconds = tenant.open(Deadline(TIME_LIMIT))
    asker = Asker(tenant.client.exchange, Deadline(timeout), hidden=hidden)
    scene = Scene(asker, throwaways, login, tell=tell)
    interrupts = Interrupts(tell)
    transport = Transport(ca_file=tenant.ca_file)
    ended = ""
    try:
        try:
            interrupts.begin()
            if over:
                _cleaned(tenant, throwaways, tell)
            ask_all(scene, partial(_asked_with, transport, tenant, asker), seconds)
            interrupts.hold()
        except Enough as end:
            ended = end.why
        except KeyboardInterrupt:
            ended = "it was stopped"
        interrupts.hold()
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
        seconds=time.monotonic() - begin,
        sandbox=tenant.on_this_machine,
        version=_version(),
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
            "not the name of a throw-away secret", next=f"their names begin with {PREFIX}…; see the list."
        )
    if not wanted:
        over, perhaps = left_overs(tenant.client.names(Deadline(timeout)).names)
        wanted = (*over, *perhaps)
    throwaways = Throwaways(0)
    throwaways.adopt(wanted)
    interrupts = Interrupts(_nobody)
    try:
        interrupts.begin()
        interrupts.hold()
        throwaways.sweep(Asker(tenant.client.exchange, Deadline(timeout), most_lost=_NEVER))
    finally:
        interrupts.end()
    left = throwaways.left
    return ThrowawaysRemoved(tuple(name for name in wanted if name not in throwaways.names), left)


def _look_around(tenant: Connection, deadline: Deadline) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give what earlier runs left behind, and what runs may be at work with. Raises QuotaReached."""
    names = tenant.client.names(deadline)
    used, maximum = tenant.client.quota_if_told(deadline)
    if maximum and max(used or 0, len(names)) > maximum - ROOM:
        raise QuotaReached(
            f"tenant {tenant.tenant} holds {max(used or 0, len(names))} of {maximum} docker secrets, and a "
            f"verification wants room for {ROOM}",
            next=(do("list"), Beside("and delete one that nobody uses", ", "), "."),
        )
    return left_overs(names.names)


def _asked_with(transport: Transport, tenant: Connection, asker: Asker, token: str) -> Response:
    """Ask for the list with *token*, or with none, over connections of its own."""
    url = f"{tenant.client.api_url}{SECRETS}?$top=1"
    auth = Bearer(Secret(token)) if token else NoAuth()
    return asker.ask_otherwise(lambda deadline: transport.send("GET", url, auth=auth, deadline=deadline))


def _cleaned(tenant: Connection, throwaways: Throwaways, tell: Callable[[str], None]) -> int:
    """Delete what may be there, in a time of its own, and give the number of requests."""
    if throwaways.names:
        tell("deleting what may be left")
    asker = Asker(tenant.client.exchange, Deadline(CLEANING_WITHIN), most_lost=_NEVER)
    throwaways.sweep(asker)
    with suppress(NotSeen, Enough):
        # Whatever was answered, and whenever: what the list has of this run goes as well.
        throwaways.adopt(name for name in asker.listed() if name.startswith(throwaways.base))
        throwaways.sweep(asker)
    return asker.requests


def _version() -> str:
    try:
        return version("aicore-magics")
    except PackageNotFoundError:  # run from its sources
        return ""


def _nobody(_words: str) -> None:
    """Tell nobody."""
