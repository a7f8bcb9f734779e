"""Looks at one secret: is it there, for how long that is watched, and what it may have been meant to be."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Literal

from aicore_magics.base.redact import scrub_name
from aicore_magics.base.tokens import MASK
from aicore_magics.errors import AICoreError, DockerSecretMissing
from aicore_magics.http.deadline import Deadline
from aicore_magics.next_steps import Guess, do

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.aicore.client import Client, Unsettled
    from aicore_magics.base.redact import Secret

Seen = Literal["there", "gone", "not seen"]

VISIBLE_WITHIN = 10.0  # seconds that AI Core gets to show a change; the same for one that it may have made
LAST_LOOK = 2.0  # seconds for the answer of a look that begins at the end of these
ASIDE = 5.0  # seconds for what is only told beside a refusal: a quota, a nearest name
_ALIKE = 0.75  # what is less alike is no typing error
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 1.0


def look_until(
    client: Client,
    name: str,
    wanted: Seen,
    deadline: Deadline,
    *,
    first: bool = False,
    within: float | None = None,
) -> Seen:
    """Look until the secret is there, or is gone, as *wanted*, for as long as AI Core gets to show it.

    The other state is only given when a look shows it after that time, or after *within* seconds; with
    *first*, at once.
    """
    within = VISIBLE_WITHIN if within is None else within
    shows = Deadline(within)
    looks = Deadline(within + LAST_LOOK, within=deadline)
    pause = _FIRST_PAUSE
    while looks.left():
        last = not shows.left()
        there = client.seen(name, looks)
        seen: Seen = "not seen" if there is None else "there" if there else "gone"
        if seen == wanted or (seen != "not seen" and (first or last)):
            return seen
        looks.pause(min(pause, shows.left() or pause))
        pause = min(pause * 2, _LONGEST_PAUSE)
    return "not seen"


def settled(client: Client, name: str, seconds: float, deadline: Deadline) -> tuple[Unsettled | None, Seen]:
    """Look for at most *seconds* what became of the last change of *name*; return it, and what is seen.

    None: no change is in doubt. Then it is waited until there is a secret of that name. What AI Core accepted
    is never called undone: it may only not be shown.
    """
    last = client.unsettled.get(name)
    wanted: Seen = "gone" if last and last.change == "delete" else "there"
    if seconds:
        seen = look_until(client, name, wanted, deadline, within=seconds)
    else:
        there = client.seen(name, deadline)
        seen = "not seen" if there is None else "there" if there else "gone"
    if last and last.change != "update" and not last.unclear:
        undone = not last.accepted and seen not in (wanted, "not seen") and seconds >= VISIBLE_WITHIN
        if seen == wanted or undone:
            del client.unsettled[name]
    return last, seen


def missing(
    client: Client, name: str, deadline: Deadline, hide: tuple[Secret, ...] = ()
) -> DockerSecretMissing:
    """Give the error for a name that is not there, with the nearest that are, and hold nothing to *hide*."""
    try:
        near = nearest(client, name, Deadline(ASIDE, within=deadline), hide)
    except KeyboardInterrupt:  # that it is missing is known all the same
        near = ()
    guess = (Guess(near),) if near else ()
    return DockerSecretMissing(
        f"tenant {client.tenant} has no secret {name}", next=(*guess, "see all names: ", do("list"))
    )


def nearest_of(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """The one of *names* that *name* may have been meant to be, or none.

    >>> nearest_of("team-gchr", ["team-ghcr", "team-hub"]), nearest_of("team-x", ["team-ghcr"])
    (('team-ghcr',), ())
    """
    return tuple(difflib.get_close_matches(name, names, n=1, cutoff=_ALIKE))


def nearest(client: Client, name: str, deadline: Deadline, hide: tuple[Secret, ...] = ()) -> tuple[str, ...]:
    """The name of the tenant that *name* may have been meant to be; none if they cannot be read."""
    try:
        names = client.names(deadline).names
    except AICoreError:
        return ()
    return nearest_of(name, [each for each in names if MASK not in scrub_name(each, *hide)])
