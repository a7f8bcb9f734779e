"""The throw-away secrets of a verification: their names, which of them may be there, and how they go."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aicore_magics.aicore.looks import VISIBLE_WITHIN
from aicore_magics.aicore.verification.asker import Enough, NotSeen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.aicore.verification.asker import Asker

PREFIX = "aicore-magics-verify-"
MOST = 2  # throw-away secrets at a time
CLEANING_WITHIN = 30.0  # seconds, after everything else
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
_LETTERS = "bcdfghjkmnpqrstvwxz23456789"
_STAMP = "%Y%m%d%H%M%S"
_CLOCKS = timedelta(minutes=2)  # by which two machines may differ
# Names come from a list that others fill, too: nothing in one may lead to another address.
_NAME = re.compile(rf"{PREFIX}([0-9]{{14}})-[{_LETTERS}]{{6}}(?:[-._][A-Za-z0-9._-]{{0,40}})?")


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A throw-away secret that may still be there, and *why*."""

    name: str
    why: str


@dataclass(slots=True)
class _State:
    """What is known of one name: when it was last sent, with what answer, and how its deletion stands."""

    sent: float
    answered: bool = False
    shown: bool = False
    deleted: bool = False
    refused: bool = False
    why: str = "not deleted yet"


class Throwaways:
    """Names that this run may have created. A name is noted before it is sent, and until it is seen gone."""

    def __init__(self, seconds: float) -> None:
        end = datetime.now(UTC) + timedelta(seconds=seconds)
        # The end of the run: whoever finds the name later knows whether anybody may still be at work with it.
        self.base = f"{PREFIX}{end:{_STAMP}}-{''.join(secrets.choice(_LETTERS) for _ in range(6))}"
        self._states: dict[str, _State] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Those that may be there, in the order in which they were sent."""
        return tuple(self._states)

    @property
    def left(self) -> tuple[LeftBehind, ...]:
        """The same, and why."""
        return tuple(LeftBehind(name, state.why) for name, state in self._states.items())

    def adopt(self, names: Iterable[str]) -> None:
        """Note *names* of earlier runs, to be deleted as well."""
        for name in names:
            self._states.setdefault(name, _State(time.monotonic(), answered=True, shown=True))

    def about_to_create(self, name: str) -> bool:
        """Note that *name* is sent now, and tell whether it is a new one.

        Raises NotSeen if two others may be there.
        """
        is_new = name not in self._states
        if is_new and len(self._states) >= MOST:
            raise NotSeen(f"{MOST} throw-away secrets are still there")
        self._states[name] = _State(time.monotonic())
        return is_new

    def answered(self, name: str) -> None:
        """Note that what was sent for *name* has been answered: it is not on its way any more."""
        if name in self._states:
            self._states[name].answered = True

    def shown(self, name: str) -> None:
        """Note that *name* was seen."""
        if name in self._states:
            self._states[name].shown = True

    def deleted(self, name: str) -> None:
        """Note that AI Core accepted to delete *name*."""
        if name in self._states:
            self._states[name].deleted = True
            self._states[name].why = "AI Core accepted the delete, and still shows it"

    def gone(self, name: str) -> None:
        """Note that *name* is not there: it was refused, or seen gone."""
        self._states.pop(name, None)

    def sweep(self, asker: Asker, *names: str, within: float = CLEANING_WITHIN) -> None:
        """Delete *names*, or all that may be there, and look until they are gone; `left` are the others.

        Ends after *within* seconds, and with the time of *asker*. What goes wrong is tried again, unless AI
        Core does not allow it.
        """
        end, pause = time.monotonic() + within, FIRST_PAUSE
        while wanted := [
            name
            for name, state in self._states.items()
            if name in (names or self._states) and not state.refused
        ]:
            for name in wanted:
                try:
                    self._remove(asker, name)
                except NotSeen as trouble:
                    self._states[name].why = trouble.why
                except Enough:
                    return
            left = min(end - time.monotonic(), asker.deadline.left())
            if left <= 0:
                return
            if any(name in self._states for name in wanted):
                time.sleep(min(pause, left))
                pause = min(pause * 2, LONGEST_PAUSE)

    def _remove(self, asker: Asker, name: str) -> None:
        state = self._states[name]
        try:
            if asker.delete(name).ok:
                self.deleted(name)
        except NotSeen as trouble:
            state.why, state.refused = trouble.why, trouble.refused
        if asker.exists(name):
            state.shown = True
        elif state.answered and (state.deleted or state.shown):
            self.gone(name)
        elif time.monotonic() - state.sent >= VISIBLE_WITHIN:
            # Until then it may be on its way, whatever a delete was answered.
            self.gone(name)


def is_throwaway(name: str) -> bool:
    """Whether *name* is one that a verification makes."""
    return bool(_NAME.fullmatch(name))


def left_overs(names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give those of *names* that a run left behind: where it is over for sure, and where it may go on."""
    now = datetime.now(UTC)
    over: list[str] = []
    perhaps: list[str] = []
    for name in names:
        match = _NAME.fullmatch(name)
        if match:
            (over if _end(match[1]) + _CLOCKS < now else perhaps).append(name)
    return tuple(over), tuple(perhaps)


def _end(stamp: str) -> datetime:
    """The time that *stamp* says; for ever, if it says none."""
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC) - _CLOCKS
