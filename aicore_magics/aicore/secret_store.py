"""One secret at AI Core: look, write, look again, and say only what is known.

The API is write-only and answers 202 to nearly everything; a second create has been seen to answer
"Secret exists" and change nothing. So a create looks first (`demand_free`), sends one POST (`send_new`), and
looks again (`demand_there`). The text of a message may make a verdict more careful, never surer.
"""

from __future__ import annotations

import difflib
import time
from typing import TYPE_CHECKING, Literal

from aicore_magics.aicore.write_outcome import Doubt, write_retry, written, written_for_sure
from aicore_magics.errors import (
    AICoreError,
    Busy,
    DockerSecretExists,
    DockerSecretMissing,
    NotAllowed,
    OutcomeUnknown,
    QuotaReached,
    RequestRefused,
    ServerError,
)
from aicore_magics.next_steps import AGAIN, SOON, Beside, Guess, do, pieces

if TYPE_CHECKING:
    from aicore_magics.aicore.client import Accepted, Client
    from aicore_magics.http.deadline import Deadline, Retry
    from aicore_magics.model.docker_secret import DockerSecret
    from aicore_magics.next_steps import Words

Seen = Literal["there", "gone", "not seen"]

VISIBLE_WITHIN = 10.0  # seconds that AI Core gets to show what it accepted
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0


def demand_free(client: Client, name: str, deadline: Deadline) -> None:
    """Look whether the name is free. Raises DockerSecretExists if it is taken."""
    if client.exists(name, deadline):
        raise _taken(client, name)


def send_new(client: Client, secret: DockerSecret, deadline: Deadline) -> Accepted:
    """Send a secret under a name that is free, until AI Core says yes or no, which it may not mean: look.

    It is sent again only where it was looked for and is not there. Raises OutcomeUnknown if in doubt.
    """
    name = str(secret.name)
    config = secret.dockerconfigjson()
    retry = write_retry(deadline)
    doubt: Doubt | None = None
    while True:
        outcome = written(name, lambda: client.create(name, config, deadline))
        if isinstance(outcome, Doubt):
            _retry_or_raise(client, name, outcome, retry, first=doubt is None)
            doubt = outcome
        elif isinstance(outcome, AICoreError):
            raise _unsure(name, doubt) if doubt else _refused(client, name, outcome, deadline)
        else:
            return outcome


def demand_there(client: Client, name: str, accepted: Accepted, deadline: Deadline) -> None:
    """Look until an accepted secret is there. Raises OutcomeUnknown if it does not show up in time."""
    if accepted.says_exists:
        raise OutcomeUnknown(
            f"AI Core says that {name} exists: somebody may have stored it just now, and not your login",
            next=_apply(name),
        )
    seen = _look_again(client, name, deadline, until=True)
    if seen != "there":
        now = (
            f"after {VISIBLE_WITHIN:.0f} s it is still not there"
            if seen == "gone"
            else "it could not be seen there"
        )
        raise OutcomeUnknown(
            f"AI Core accepted {name}, but {now}",
            next=(do("show", name=name), SOON, "; do not create it again yet."),
        )


def replace(client: Client, secret: DockerSecret, deadline: Deadline) -> None:
    """Replace everything in a secret. Raises DockerSecretMissing if there is none of that name.

    An answer that is lost is no harm: the same request is sent again, as it holds the whole secret.
    """
    name = str(secret.name)
    config = secret.dockerconfigjson()
    trouble, _ = written_for_sure(name, lambda: client.update(name, config, deadline), deadline)
    if trouble is None:
        return
    if isinstance(trouble, DockerSecretMissing):
        raise missing(client, name, deadline)
    if isinstance(trouble, Doubt):
        first = (*pieces(trouble.page.next), " Then ") if trouble.page else ()
        raise OutcomeUnknown(
            trouble.what,
            next=(*first, AGAIN, "; sending it twice does no harm."),
            words="The old or the new login may be in force.",
        )
    raise trouble


def delete(client: Client, name: str, deadline: Deadline) -> None:
    """Delete a secret and see it gone. Raises DockerSecretMissing if there is none of that name."""
    try:
        trouble, doubted = written_for_sure(name, lambda: client.delete(name, deadline), deadline)
        if isinstance(trouble, DockerSecretMissing) and not doubted:
            raise missing(client, name, deadline)
        if isinstance(trouble, AICoreError) and not isinstance(trouble, DockerSecretMissing):
            raise trouble
        seen = _look_again(client, name, deadline, until=False)
        if seen == "gone":
            # However the answer read: a secret that is not there is deleted.
            return
        what = trouble.what if isinstance(trouble, Doubt) else f"AI Core accepted to delete {name}"
        now = (
            "It is still there; it may go yet."
            if seen == "there"
            else "Whether it is gone could not be seen."
        )
    except KeyboardInterrupt:  # between two waits, which have their own words for it
        what = f"you stopped just after AI Core was asked to delete {name}"
        now = "Whether it is gone was not seen."
    raise OutcomeUnknown(what, next=(do("show", name=name), SOON, "."), words=now)


def missing(client: Client, name: str, deadline: Deadline) -> DockerSecretMissing:
    """Give the error for a name that is not there, with the nearest names that are."""
    try:
        near = nearest(client, name, deadline)
    except KeyboardInterrupt:  # that it is missing is known all the same
        near = ()
    guess = (Guess(near),) if near else ()
    return DockerSecretMissing(
        f"tenant {client.tenant} has no secret {name}", next=(*guess, do("list"), " shows all names.")
    )


def nearest(client: Client, name: str, deadline: Deadline) -> tuple[str, ...]:
    """The names of the tenant that *name* may have been meant to be; none if they cannot be read."""
    try:
        return tuple(difflib.get_close_matches(name, client.names(deadline), n=2))
    except AICoreError:
        return ()


def _retry_or_raise(client: Client, name: str, doubt: Doubt, retry: Retry, *, first: bool) -> None:
    """Return if the create may be sent once more: only where it was looked for, and is not there."""
    seen = _look(client, name, retry.deadline)
    if seen == "there":
        raise OutcomeUnknown(
            doubt.what,
            next=_apply(name),
            words=f"{name} is there now; whether with your login is not known.",
        )
    if doubt.page and first and seen == "gone":
        raise doubt.page
    if doubt.passes and seen == "gone" and retry.wait():
        return
    # What AI Core says it failed at gets as long to show up as what it accepts.
    if doubt.unchanged and _look_again(client, name, retry.deadline, until=True) == "gone":
        raise ServerError(
            doubt.what,
            next=(AGAIN, "; if it stays, give SAP support the request id."),
            words=f"Nothing was changed: {name} is not there.",
        )
    raise _unsure(name, doubt)


def _unsure(name: str, doubt: Doubt) -> OutcomeUnknown:
    return OutcomeUnknown(doubt.what, next=_apply(name), words="AI Core may have stored it or not.")


def _apply(name: str) -> Words:
    return do("apply", name=name), Beside("(stores it for certain)")


def _look_again(client: Client, name: str, deadline: Deadline, *, until: bool) -> Seen:
    """Look until the secret is there, or is gone, for at most ten seconds; tell what was seen last."""
    end = time.monotonic() + min(VISIBLE_WITHIN, deadline.left())
    pause = _FIRST_PAUSE
    while True:
        seen = _look(client, name, deadline)
        left = end - time.monotonic()
        if seen == ("there" if until else "gone") or left <= 0:
            return seen
        try:
            time.sleep(min(pause, left))
        except KeyboardInterrupt:
            return "not seen"
        pause = min(pause * 2, _LONGEST_PAUSE)


def _look(client: Client, name: str, deadline: Deadline) -> Seen:
    try:
        return "there" if client.exists(name, deadline) else "gone"
    except (AICoreError, KeyboardInterrupt):
        return "not seen"


def _refused(client: Client, name: str, error: AICoreError, deadline: Deadline) -> AICoreError:
    """The refusal of a create. No status is documented for a full tenant, so its quota is asked."""
    if isinstance(error, DockerSecretExists):
        return _taken(client, name)
    if isinstance(error, (RequestRefused, NotAllowed, Busy)):
        used, maximum = client.quota_if_told(deadline)
        if used is not None and maximum is not None and used >= maximum:
            return QuotaReached(
                f"tenant {client.tenant} holds {used} of {maximum} docker secrets",
                next=(do("list"), Beside("and delete one that nobody uses", ", "), "."),
                words=f"{name} was not stored.",
            )
    return error


def _taken(client: Client, name: str) -> DockerSecretExists:
    return DockerSecretExists(
        f"{name} exists in tenant {client.tenant}, NOT changed",
        next=(do("update", name=name), Beside("(replaces it for the whole tenant)")),
        words="Your login was not stored.",
    )
