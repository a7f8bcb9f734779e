"""One secret at AI Core: look, write, look again, and say only what is known.

The API is write-only, answers 202 to nearly everything, and stands behind gateways that answer in its place.
So a change is *refused* only where AI Core itself says to that very request that nothing was done, or where
looks show the old state for as long as an accepted change gets to be seen. It is *done* where looks show it,
or where AI Core accepted an update, of which no look can tell. Else it is *unknown*.
"""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Literal

from aicore_magics.aicore import looks
from aicore_magics.aicore.client import Unsettled, create_request, delete_request, update_request
from aicore_magics.aicore.write_outcome import Doubt, attempt
from aicore_magics.errors import (
    AICoreError,
    Busy,
    DockerSecretExists,
    DockerSecretMissing,
    NotAICore,
    NotAllowed,
    OutcomeUnknown,
    QuotaReached,
    RequestRefused,
)
from aicore_magics.http.deadline import Deadline, Retry
from aicore_magics.next_steps import AGAIN, Effect, closed, do, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.aicore.client import Client, Request
    from aicore_magics.model.docker_secret import DockerSecret
    from aicore_magics.next_steps import Action, Piece


def wait_for_earlier(client: Client, name: str, deadline: Deadline) -> None:
    """Wait until no earlier try for *name* can come late, and undo or replace what is done now."""
    late = client.late.get(name)
    if late:
        deadline.pause(late.left())
        client.late.pop(name, None)


def demand_free(client: Client, name: str, deadline: Deadline) -> None:
    """Look whether the name is free. Raises DockerSecretExists if it is taken."""
    if client.exists(name, deadline):
        before = client.unsettled.get(name) in (Unsettled("create"), Unsettled("create", accepted=True))
        raise DockerSecretExists(
            f"{name} exists in tenant {client.tenant}, NOT changed",
            next=("to replace it for the whole tenant: ", do("update", name=name)),
            words="An earlier create of yours may have stored it."
            if before
            else "Your login was not stored.",
        )


def create(
    client: Client, secret: DockerSecret, deadline: Deadline, *, or_replace: bool = False
) -> tuple[Literal["created", "replaced"], tuple[str, ...]]:
    """Store a secret under a name that is free, and see it there. Return what was done, and notes on it.

    With *or_replace*, a secret that somebody stored meanwhile is replaced. Raises the refusal if nothing was
    stored, OutcomeUnknown if that is not known.
    """
    name = str(secret.name)
    unknown = partial(
        OutcomeUnknown,
        f"you stopped while {name} was being stored",
        next=_wait_for(name),
        words="AI Core may have stored it or not.",
    )
    with _settling(client, name):
        request = create_request(name, secret.dockerconfigjson(), unknown)
        try:
            doubt, seen = _sent_and_seen(client, request, name, deadline, wanted="there")
        except AICoreError as error:
            raise _full(client, name, error, deadline) or error from None
        if doubt is None:
            if seen == "there":
                return "created", ()
            client.unsettled[name] = Unsettled("create", accepted=True)
            raise OutcomeUnknown(
                f"AI Core accepted {name}, but {_still(seen, 'not there')}",
                next=(
                    "do not create it again yet; check again until the outcome is clear: ",
                    _wait_for(name),
                ),
            )
        if seen == "there" and not doubt.taken:
            return "created", (_in_spite_of(doubt, "was not there before and is there now"),)
        if seen == "gone":
            raise _full(client, name, doubt.refusal, deadline) or _unchanged(doubt, f"{name} is not there")
        if seen == "there":
            client.unsettled[name] = Unsettled("create", unclear=True)
        if seen == "not seen" or not or_replace:
            known = f"{name} is there now; whether with your login is not known."
            raise OutcomeUnknown(
                doubt.what,
                next=("to store it in any case: ", do("apply", name=name)),
                words=known if seen == "there" else "AI Core may have stored it or not.",
            )
    try:
        replace(client, secret, deadline)
    except OutcomeUnknown:
        raise
    except AICoreError as error:
        # It says nothing of the create before it.
        client.unsettled[name] = Unsettled("create", unclear=True)
        raise OutcomeUnknown(
            error.what, next=error.next, words="AI Core may have stored it or not."
        ) from None
    return "replaced", ()


def replace(client: Client, secret: DockerSecret, deadline: Deadline) -> None:
    """Replace everything in a secret. Raises DockerSecretMissing if there is none of that name.

    No look can tell what a secret holds. So a request in doubt is sent again: it holds the whole secret.
    """
    name = str(secret.name)
    words = "AI Core may have the old or the new login."
    again: tuple[Piece, ...] = (AGAIN, "; it is safe to send it twice.")
    stopped = f"you stopped while {name} was being replaced"
    unknown = partial(OutcomeUnknown, stopped, next=again, words=words)
    retry = Retry(deadline)
    doubt: Doubt | None = None
    with _settling(client, name):
        request = update_request(name, secret.dockerconfigjson(), unknown)
        while True:
            try:
                sent = attempt(client, request, name, retry)
            except AICoreError as error:
                if doubt:
                    break
                if isinstance(error, DockerSecretMissing):
                    passwords = tuple(login.password for login in secret.logins)
                    raise looks.missing(client, name, deadline, passwords) from None
                raise
            if sent is None:
                return
            doubt = sent
            if not doubt.passes or not retry.wait(doubt.answer):
                break
        first = (*pieces(doubt.refusal.next), " Then ") if isinstance(doubt.refusal, NotAICore) else ()
        raise OutcomeUnknown(doubt.what, next=(*first, *again), words=words)


def delete(client: Client, name: str, deadline: Deadline, *, called: str = "") -> tuple[str, ...]:
    """Delete a secret, see it gone, and return notes on it. Raises DockerSecretMissing if there is none.

    *called* is what a name is called that must not be shown.
    """
    look = do("list") if called else _wait_for(name)
    called = called or name
    wait_for_earlier(client, called, deadline)
    if not client.exists(name, deadline):
        raise looks.missing(client, called, deadline)
    unknown = partial(
        OutcomeUnknown,
        f"you stopped while {called} was being deleted",
        next=look,
        words="It is not known whether it is gone.",
    )
    with _settling(client, called):
        request = delete_request(name, unknown, called=called)
        try:
            doubt, seen = _sent_and_seen(client, request, name, deadline, wanted="gone", called=called)
        except DockerSecretMissing:
            raise looks.missing(client, called, deadline) from None
        if seen == "gone":
            return (_in_spite_of(doubt, "was there before and is gone now"),) if doubt else ()
        if doubt and seen == "there":
            raise _unchanged(doubt, f"{called} is still there")
        if doubt is None:
            client.unsettled[called] = Unsettled("delete", accepted=True)
        words = "It may still be deleted." if seen == "there" else "It may be gone."
        raise OutcomeUnknown(
            doubt.what
            if doubt
            else (f"AI Core accepted the delete of {called}, but {_still(seen, 'there')}"),
            next=look,
            words=words,
        )


def _sent_and_seen(
    client: Client, request: Request, name: str, deadline: Deadline, *, wanted: looks.Seen, called: str = ""
) -> tuple[Doubt | None, looks.Seen]:
    """Send a change until AI Core or looks tell what came of it. Return the doubt left, and what is seen.

    It is sent again only where a look shows the old state. Without a doubt, AI Core accepted it. Raises the
    refusal of the first try.
    """
    retry = Retry(deadline)
    doubt: Doubt | None = None
    while True:
        try:
            sent = attempt(client, request, called or name, retry)
        except AICoreError:
            if doubt is None:
                raise
            return doubt, looks.look_until(client, name, wanted, deadline)
        if sent is None:
            return None, looks.look_until(client, name, wanted, deadline)
        # After a try in doubt it may be that one that has taken the name: it was free when it was looked at.
        doubt = dataclasses.replace(sent, taken=sent.taken if doubt is None else doubt.taken)
        pause = retry.pause(sent.answer) if sent.passes else None
        seen = looks.look_until(client, name, wanted, deadline, first=pause is not None)
        if pause is None or seen in (wanted, "not seen"):
            return doubt, seen
        retry.rest(pause)


@contextmanager
def _settling(client: Client, name: str) -> Iterator[None]:
    """Settle the change that is sent in here, unless its outcome stays unknown."""
    before = client.unsettled.get(name)
    try:
        yield
    except OutcomeUnknown:
        raise
    except AICoreError:
        # A refusal says nothing of an earlier change whose outcome is unknown.
        if before:
            client.unsettled[name] = before
        else:
            client.unsettled.pop(name, None)
        raise
    client.unsettled.pop(name, None)


def _full(client: Client, name: str, error: AICoreError, deadline: Deadline) -> QuotaReached | None:
    """The refusal of a full tenant, for which no status is documented: so its quota is asked."""
    if not isinstance(error, (RequestRefused, NotAllowed, Busy)):
        return None
    used, maximum = client.quota_if_told(Deadline(looks.ASIDE, within=deadline))
    if not used or not maximum or used < maximum:
        return None
    return QuotaReached(
        f"tenant {client.tenant} has {used} of {maximum} docker secrets",
        next=("delete an unused one; see all names: ", do("list")),
        words=f"{name} was not stored.",
    )


def _unchanged(doubt: Doubt, seen: str) -> AICoreError:
    """The refusal that looks have proven, with what they saw."""
    doubt.refusal.effect = Effect.NOTHING_CHANGED
    doubt.refusal.words = f"Nothing was changed: {seen}."
    return doubt.refusal


def _in_spite_of(doubt: Doubt, seen: str) -> str:
    return closed(f"The secret {seen}, although {doubt.what}")


def _still(seen: looks.Seen, old: str) -> str:
    if seen == "not seen":
        return "its state could not be read"
    return f"after {looks.VISIBLE_WITHIN:.0f} s it is still {old}"


def _wait_for(name: str) -> Action:
    return do("show-wait", name=name)
