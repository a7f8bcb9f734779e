"""Replacing one login in many secrets: tested first, written down as it goes, and told as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.actions.docker_secrets import CheckOptions
from aicore_magics.actions.recording import Recording, ledger_of
from aicore_magics.actions.rotation_job import Job, find_run
from aicore_magics.actions.rotation_results import RotationPlanned, RotationStatus
from aicore_magics.actions.rotation_scope import all_tenants, host_of
from aicore_magics.base.calls import bare_errors
from aicore_magics.base.write_files import save_new
from aicore_magics.errors import RotationIncomplete, RotationRefused
from aicore_magics.http.deadline import TIME_LIMIT
from aicore_magics.model.expiry import NOT_KNOWN
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import do
from aicore_magics.rotation.claim import running
from aicore_magics.rotation.engine import WORKERS
from aicore_magics.rotation.journal import runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aicore_magics.actions.rotation_results import Kind, RotationDone
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.ledger.state import Known
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.rotation.outcomes import Outcomes
    from aicore_magics.rotation.plan import Plan


def _nobody(_outcomes: Outcomes) -> None:
    """Show nobody."""


@dataclass(frozen=True)
class RotationOptions:
    """How a rotation is tested, written and shown.

    *unchecked* are registries that are not asked; all others must accept the login. *checking* and
    *recording* are as for a create. *workers* secrets are written side by side, each within *timeout*
    seconds. With *another*, `resume` and `undo` take a login that is not the one they expect. *show* is
    called with the outcomes so far, at most four times a second.
    """

    unchecked: tuple[str, ...] = ()
    checking: CheckOptions = field(default_factory=CheckOptions)
    recording: Recording = field(default_factory=Recording)
    workers: int = WORKERS
    timeout: float = TIME_LIMIT
    another: bool = False
    show: Callable[[Outcomes], None] = field(default=_nobody, compare=False, repr=False)
    hosts: tuple[Registry, ...] = field(init=False, default=(), repr=False)

    def __post_init__(self) -> None:
        """Read each registry. Raises InvalidRegistry for what is none."""
        object.__setattr__(self, "hosts", tuple(map(Registry.typed, self.unchecked)))


@bare_errors
def rotate(
    plan: Plan | RotationPlanned,
    tenants: Connection | Iterable[Connection],
    logins: Iterable[RegistryLogin],
    options: RotationOptions | None = None,
) -> RotationDone:
    """Replace the login of *plan* in all its secrets, and return what became of each.

    What `plan_rotation` gives back will do, too: then the result says which secrets are gone. *logins* are
    the new login, and each other login that one of the secrets holds: a write replaces them all.
    They are tested with every image first. Then the first secret is written, and looked at, then the rest.

    Raises RotationRefused where nothing was sent, RotationIncomplete where not all secrets were replaced.
    """
    job = Job.read(tenants, logins, options or RotationOptions())
    if not isinstance(plan, RotationPlanned):
        return job.run(plan, "rotation")
    try:
        return _without(job.run(plan.plan, "rotation"), plan.gone)
    except RotationIncomplete as error:
        error.result = _without(error.result, plan.gone)
        raise


def _without(done: RotationDone, gone: tuple[tuple[str, str], ...]) -> RotationDone:
    """Return *done* with the secrets that are *gone*: no login can be in them."""
    return replace(done, gone=gone, elsewhere=tuple(each for each in done.elsewhere if each not in gone))


@bare_errors
def try_rotation(
    planned: RotationPlanned,
    tenants: Connection | Iterable[Connection],
    logins: Iterable[RegistryLogin],
    options: RotationOptions | None = None,
) -> RotationPlanned:
    """Test *logins* for all secrets of a plan as `rotate` does, and return it with what came of it.

    Raises RotationRefused where `rotate` would, before anything is sent.
    """
    found = Job.read(tenants, logins, options or RotationOptions()).tried(planned.plan)
    return replace(planned, verdicts=found.verdicts, notes=(*planned.notes, *found.cautions))


@bare_errors
def resume_rotation(
    tenants: Connection | Iterable[Connection],
    logins: Iterable[RegistryLogin],
    run: str = "",
    options: RotationOptions | None = None,
) -> RotationDone:
    """Go on with a *run* that did not come to its end; without its name with the last one.

    *logins* are given again, as no login is ever kept. Where they are not those that secrets of the run hold
    by now, it is refused, unless *options* say that they are others: then all secrets get them. The rest is
    as in `rotate`.
    """
    job = Job.read(tenants, logins, options or RotationOptions())
    former = job.find_run(run, only_open=True)
    return job.run(
        job.plan_of(former, former.secrets), "undo" if former.undoes else "rotation", resumes=former
    )


@bare_errors
def undo_rotation(
    tenants: Connection | Iterable[Connection],
    logins: Iterable[RegistryLogin],
    run: str = "",
    options: RotationOptions | None = None,
) -> RotationDone:
    """Put the former login back into the secrets that a *run* has replaced, or may have.

    *logins* are the former ones, given again: AI Core does not return them. It is refused where they are not
    those that the secrets held before, unless *options* say that they are others. The rest is as in `rotate`.
    """
    job = Job.read(tenants, logins, options or RotationOptions())
    former = job.find_run(run, only_open=False)
    changed = [each for each in former.secrets if each.state in ("replaced", "unknown")]
    if not changed:
        raise RotationRefused(
            f"run {former.id} has replaced no secret", next=("see it: ", do("rotate-status"))
        )
    return job.run(job.plan_of(former, changed), "undo", undoes=former)


@bare_errors
def rotation_status(tenant: Connection | None = None) -> RotationStatus:
    """Return the last runs in the record of this machine, or in that of the sandbox of *tenant*."""
    ledger, now = ledger_of(tenant), datetime.now(UTC)
    reading = ledger.read()
    last = tuple(reversed(runs(reading.records)))
    going = running(ledger.folder) if ledger.folder else ""
    return RotationStatus(last, now, running=going, fault=reading.fault)


@dataclass(frozen=True)
class FormerRun:
    """A run in the record: its *registry*, the user that it gives, the *former* one, and its profiles.

    *kind* is `undo` where it takes another run back.
    """

    id: str
    registry: str
    username: str
    former: str
    profiles: tuple[str, ...]
    kind: Kind


@bare_errors
def find_rotation(tenant: Connection | None = None, run: str = "", *, only_open: bool = False) -> FormerRun:
    """Return the *run* in the record of this machine, or in that of the sandbox of *tenant*.

    Without its name it is the last, or with *only_open* the last that is not finished. Raises
    RotationRefused if there is none.
    """
    former = find_run(ledger_of(tenant), run, only_open=only_open)
    first = former.secrets[0].planned.logins[0]
    given = former.login.username if former.login else first.username
    profiles = dict.fromkeys(each.planned.profile for each in former.secrets)
    return FormerRun(
        former.id,
        host_of(first.key or first.registry),
        given,
        first.username,
        tuple(profiles) if all(profiles) else (),
        "undo" if former.undoes else "rotation",
    )


@bare_errors
def is_rotation_due(plan: Plan, tenants: Connection | Iterable[Connection]) -> bool:
    """Return whether a login that *plan* replaces has ended or is due, or whether that is not known."""
    ledger, now = ledger_of(all_tenants(tenants)[0]), datetime.now(UTC)
    known = {each.record.place: each for each in ledger.read().known()}
    return not all(_is_fine(known.get(secret.place), plan.registry, now) for secret in plan.secrets)


def _is_fine(known: Known | None, registry: str, now: datetime) -> bool:
    """Whether it is known that the login for *registry* in a secret neither has ended nor is due."""
    if known is None or known.in_doubt:
        return False
    mine = [login for login in known.record.logins if host_of(login.key or login.registry) == registry]
    return bool(mine) and all(login.expiry.state(now) in ("valid", "does not end") for login in mine)


def planned_rotation(plan: Plan) -> RotationPlanned:
    """Return *plan* as a result, without asking anybody."""
    return RotationPlanned(plan, datetime.now(UTC), NOT_KNOWN)


@bare_errors
def save_rotation_plan(planned: RotationPlanned, path: str, *, force: bool = False) -> RotationPlanned:
    """Write a plan to the file *path*, which then may be run elsewhere. There is no secret in it.

    With *force* it replaces a file that is there. Raises InvalidFile, and leaves everything as it was.
    """
    text = json.dumps(planned.plan.to_data(), indent=2, ensure_ascii=False)
    save_new(path, f"{text}\n", folder=Path(), endings=(".json",), force=force)
    return replace(planned, saved=path)
