"""What the rotation of a login gives back: a plan, what became of each secret, and the last runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aicore_magics.actions.rotation_done import done_report
from aicore_magics.actions.rotation_planned import planned_report
from aicore_magics.actions.rotation_runs import status_report
from aicore_magics.actions.rotation_words import counted, wording_of
from aicore_magics.base.result import Done
from aicore_magics.model.expiry import NOT_KNOWN, Expiry

if TYPE_CHECKING:
    from datetime import datetime

    from aicore_magics.base.report import Report
    from aicore_magics.model.pullers import ServingCaution
    from aicore_magics.registry.verdict import Verdict
    from aicore_magics.rotation.journal import Run
    from aicore_magics.rotation.outcomes import Outcomes
    from aicore_magics.rotation.plan import Plan

Kind = Literal["rotation", "undo"]


@dataclass(frozen=True, repr=False)
class RotationPlanned(Done):
    """A plan as it is at *now*: nothing was changed, and AI Core was asked for names alone.

    *expiry* is that of the login that is replaced. *elsewhere* are secrets that hold it too, by the record of
    this machine, and are not in the plan: each as name and tenant; the *likely* ones have no fingerprint that
    shows it. *gone* are those in the record that their
    tenant does not have any more; *unread* are files that may be templates and cannot be read. *verdicts* are
    there if a new login was given: then it was tested. *saved* is the file that the plan was written to,
    *wanted* the names that it was made for. *proven*: fingerprints show that all have one login; else that is
    the word of who has named them.
    """

    plan: Plan
    now: datetime
    expiry: Expiry
    elsewhere: tuple[tuple[str, str], ...] = ()
    likely: tuple[tuple[str, str], ...] = ()
    gone: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    saved: str = ""
    wanted: tuple[str, ...] = ()
    proven: bool = True
    notes: tuple[str, ...] = ()

    def report(self) -> Report:
        """What will be replaced, in which turn, and what it must pull."""
        return planned_report(self)


@dataclass(frozen=True, repr=False)
class RotationDone(Done):
    """What became of each secret in a run. *kind*: `undo` put the former login back.

    *username* at *registry* is the login that was given, which ends as *ends* has it; *former* and *expiry*
    are user and end of the one before. *now* is when the run ended, *began* when it began, if that is known.
    *elsewhere*, *likely* and *gone* are as for a plan. *unchecked* are registries that were not asked, as
    wished.
    """

    outcomes: Outcomes
    kind: Kind
    registry: str
    username: str
    former: str
    now: datetime
    expiry: Expiry = NOT_KNOWN
    ends: Expiry = NOT_KNOWN
    began: datetime | None = None
    elsewhere: tuple[tuple[str, str], ...] = ()
    likely: tuple[tuple[str, str], ...] = ()
    gone: tuple[tuple[str, str], ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    serving: tuple[ServingCaution, ...] = ()
    unchecked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all secrets hold the login that was given."""
        return self.outcomes.complete

    @property
    def counted(self) -> str:
        """How many are in which state, the worst first: 1 of 9 secrets unknown, 1 refused, 7 replaced."""
        return counted(self.outcomes, wording_of(self.kind))

    def report(self) -> Report:
        """The worst first: what is unknown, what was refused, what was replaced."""
        return done_report(self)


@dataclass(frozen=True, repr=False)
class RotationStatus(Done):
    """The last *runs* in the record of this machine, the newest first; *running* is the one that goes on now.

    *recorded* is what a scheduled run has left in a file; *refused* why it did nothing, and what to do next.
    *fault* is why not all of the record could be read.
    """

    runs: tuple[Run, ...]
    now: datetime
    running: str = ""
    recorded: RotationDone | None = None
    refused: tuple[str, str] | None = None
    fault: str = ""

    def report(self) -> Report:
        """What ran last, and what was cut off."""
        return status_report(self)
