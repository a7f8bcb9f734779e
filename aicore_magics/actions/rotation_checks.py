"""Testing a login for a rotation: every image of every secret, by both rule sets, before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aicore_magics.actions.rotation_scope import host_of
from aicore_magics.base.plural import count
from aicore_magics.errors import RotationRefused
from aicore_magics.http.deadline import TIME_LIMIT
from aicore_magics.model.expiry import enough_life
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import Effect, Option, uncapitalised
from aicore_magics.registry.checks import CheckPlan, Checks, refusal
from aicore_magics.registry.expiry import readable_expiry
from aicore_magics.registry.lifetimes import has_expired, when
from aicore_magics.registry.single_check import find_registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from aicore_magics.actions.docker_secrets import CheckOptions
    from aicore_magics.actions.rotation_wanted import Wanted
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.expiry import Expiry
    from aicore_magics.model.image_reference import ImageReference
    from aicore_magics.model.pullers import ServingCaution
    from aicore_magics.next_steps import Words
    from aicore_magics.registry.verdict import Verdict

_AT_ONCE = 24  # images of one check: each is asked in a thread of its own
_MOST_LINES = 10


@dataclass(frozen=True)
class Tested:
    """What the registries said, and when the logins end, by their keys."""

    verdicts: tuple[Verdict, ...] = ()
    serving: tuple[ServingCaution, ...] = ()
    cautions: tuple[str, ...] = ()
    ends: dict[str, Expiry] = field(default_factory=dict)

    def old(self, registry: str, now: datetime) -> str:
        """Say that the login for *registry* has little of its life left at *now*; otherwise nothing."""
        each = [end for key, end in self.ends.items() if host_of(key) == registry]
        old = [end.ends for end in each if end.ends and enough_life(end, now) is False]
        if not old:
            return ""
        verb = "ended" if min(old) <= now else "ends"
        return f"the login for {registry} {verb} on {when(min(old))}; more than a third of its life is over"


def tested(
    wanted: Sequence[Wanted],
    tenant: Connection,
    checking: CheckOptions,
    unchecked: Sequence[Registry],
    *,
    now: datetime,
) -> Tested:
    """Ask the registries, but those *unchecked*, about each image once, and about logins without any.

    Raises RotationRefused if one is refused, or gives no answer.
    """
    verdicts: dict[tuple[str, str, str], Verdict] = {}
    serving: dict[ServingCaution, None] = {}
    cautions: dict[str, None] = {}
    ends = {login.key: readable_expiry(login, now) for each in wanted for login in each.logins}
    for plan in _plans(wanted, tenant, checking, unchecked):
        with Checks(plan) as checks:
            said = checks.verdicts()
            verdicts |= {(each.image, each.registry, each.username): each for each in said}
            serving |= dict.fromkeys(checks.serving(said))
            cautions |= dict.fromkeys(checks.cautions(said))
            ends |= {key: end for key, end in checks.expiries().items() if end.known}
    refused = _refusal([*verdicts.values()], wanted)
    if refused:
        raise refused
    return Tested((*verdicts.values(),), (*serving,), (*cautions,), ends)


def _plans(
    wanted: Sequence[Wanted], tenant: Connection, checking: CheckOptions, unchecked: Sequence[Registry]
) -> Iterator[CheckPlan]:
    """What to ask: once for all secrets that are to hold the same logins."""
    groups: dict[
        tuple[tuple[str, str, int], ...], tuple[tuple[RegistryLogin, ...], dict[ImageReference, None]]
    ]
    groups = {}
    for each in wanted:
        logins = tuple(login for login in each.logins if find_registry(login) not in unchecked)
        alike = tuple((login.key, login.username, id(login.password)) for login in logins)
        _, images = groups.setdefault(alike, (logins, {}))
        images |= dict.fromkeys(image for image in each.images if image.registry not in unchecked)
    for logins, images in groups.values():
        parts = [[*images][at : at + _AT_ONCE] for at in range(0, max(len(images), 1), _AT_ONCE)]
        for part in parts if logins else ():
            yield CheckPlan(
                logins,
                tuple(part),
                ca_file=checking.ca_file or tenant.ca_file,
                realms=checking.realms,
                only_here=tenant.on_this_machine,
                pulled_by=checking.pulled_by,
                seconds=TIME_LIMIT,
                expiry_lookup=checking.expiry_lookup,
                watch=checking.watch,
            )


def _refusal(verdicts: Sequence[Verdict], wanted: Sequence[Wanted]) -> RotationRefused | None:
    refused = [verdict for verdict in verdicts if verdict.refused]
    if refused:
        users = {verdict.username for verdict in refused}
        of = f" of {users.pop()}" if len(users) == 1 else ""
        error = refusal(tuple(refused))
        return RotationRefused(
            f"the login{of} failed {count(len(refused), 'test')} of {len(verdicts)}",
            next=error.next if error else "",
            words=" ".join((Effect.NOTHING_CHANGED.sentence, *_expired(refused, wanted))),
            lines=_lines(refused, wanted),
        )
    # What stands under a pattern beside the login cannot be asked for alone, nor is it replaced.
    silent = [verdict for verdict in verdicts if verdict.not_checked and Registry.find(verdict.registry)]
    if not silent:
        return None
    hosts = [*dict.fromkeys(verdict.registry for verdict in silent)]
    return RotationRefused(
        f"{count(len(silent), 'test')} of {len(verdicts)} gave no answer",
        next=(
            "retry, or rotate without a test at that registry: ",
            Option("no-check-registry", hosts[0]),
            ".",
        ),
        lines=_lines(silent, wanted),
    )


def _expired(refused: Sequence[Verdict], wanted: Sequence[Wanted]) -> tuple[str, ...]:
    """Say of each token that a registry has refused that it has expired, where it says so itself."""
    bad = {verdict.registry for verdict in refused if verdict.outcome == "bad-credentials"}
    said = (has_expired(login) for each in wanted for login in each.logins if host_of(login.key) in bad)
    return tuple(dict.fromkeys(filter(None, said)))


def _lines(verdicts: Sequence[Verdict], wanted: Sequence[Wanted]) -> tuple[Words, ...]:
    """A line for each of *verdicts*, with the secrets that need it."""
    lines = [_line(verdict, wanted) for verdict in verdicts[:_MOST_LINES]]
    more = len(verdicts) - len(lines)
    return (*lines, *([f"{more} more"] if more > 0 else []))


def _line(verdict: Verdict, wanted: Sequence[Wanted]) -> str:
    # Secrets of several tenants may share a name.
    names = list(dict.fromkeys(each.name for each in wanted if verdict.image in map(str, each.images)))
    need = f" (needed by {', '.join(names[:3])}{' and more' if len(names) > 3 else ''})" if names else ""  # noqa: PLR2004
    return f"{verdict.subject}: {uncapitalised(verdict.word)}{need}"
