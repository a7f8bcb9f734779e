"""What a schedule is to do, apart from the CI that does it: checked, and safe to put into a script.

Of a plan only its registry and its file go into a script: the host by a pattern, the path in the quotes of a
shell. Names of tenants stand in comments alone, on one line.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from shlex import quote
from typing import TYPE_CHECKING, Protocol

from aicore_magics.base.plural import count, first_of
from aicore_magics.base.redact import visible
from aicore_magics.base.tokens import without_tokens
from aicore_magics.base.version import VERSION
from aicore_magics.errors import InvalidSchedule
from aicore_magics.model.expiry import SOON
from aicore_magics.registry.lifetimes import when
from aicore_magics.registry.presets import preset_for
from aicore_magics.rotation.interval import DELAY, Interval, interval
from aicore_magics.rotation.minting import Mint, mint_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SECONDS = 20 * 60  # for a run; the CI itself ends the whole job after 30 minutes
RESULT = "aicore-rotation-result.json"
PACKAGE = f"aicore-magics=={VERSION}"
PACKAGE_VARIABLE = "AICORE_MAGICS_PACKAGE"
KEY_VARIABLE = "AICORE_SERVICE_KEY"
_LONGEST_NAME, _LONGEST_SHOWN, _LONGEST_PATH = 40, 60, 400
_MARK = "# Do not edit; make it again instead. Checksum: "


class Held(Protocol):
    """Another login that a secret has."""

    @property
    def registry(self) -> str: ...  # noqa: D102
    @property
    def username(self) -> str: ...  # noqa: D102


class Planned(Protocol):
    """A secret in a plan."""

    @property
    def tenant(self) -> str: ...  # noqa: D102
    @property
    def host(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def others(self) -> Sequence[Held]: ...  # noqa: D102


class Planning(Protocol):
    """As much of a rotation plan as a schedule needs."""

    @property
    def registry(self) -> str: ...  # noqa: D102
    @property
    def username(self) -> str: ...  # noqa: D102
    @property
    def secrets(self) -> Sequence[Planned]: ...  # noqa: D102


@dataclass(frozen=True)
class Key:
    """The *variable* with the service key of one tenant; *tenant* is shown on one line."""

    variable: str
    tenant: str
    host: str


@dataclass(frozen=True)
class Job:
    """One login made by *mint*, put into the secrets of *plan_file* once in each *every*.

    *plan_file* is the path in the repository. *was* is the user of the login that the plan replaces.
    """

    registry: str
    was: str
    mint: Mint
    plan_file: str
    keys: tuple[Key, ...]
    secrets: int
    every: Interval
    digest: str
    notes: tuple[str, ...] = field(default=())

    @property
    def cron(self) -> str:
        """When it runs, as a line of cron: the same for the same plan."""
        return self.every.cron(int(self.digest, 16))

    @property
    def command(self) -> tuple[str, ...]:
        """The words of the command that does it, without any secret."""
        keys = (word for key in self.keys for word in ("--service-key-env", key.variable))
        login = ("--username", self.mint.username, "--password-command", self.mint.line)
        # A path that begins with a dash would be an option.
        path = f"./{self.plan_file}" if self.plan_file.startswith("-") else self.plan_file
        return (
            *("jupyter", "aicore", "rotate", path, *login, *keys),
            *("--timeout", str(SECONDS), "--format", "json"),
        )

    @property
    def script(self) -> str:
        """The command for a shell, in lines of one option each."""
        first, *rest = (quote(word) for word in self.command[3:])
        pairs = (f"{option} {value}" for option, value in zip(rest[::2], rest[1::2], strict=True))
        return " \\\n  ".join((f"jupyter aicore rotate {first}", *pairs))


def job_of(
    plan: Planning, plan_file: str, every: str, *, shortest: int, ends: Mapping[tuple[str, str], datetime]
) -> Job:
    """Return the job that runs *plan*, whose path in the repository is *plan_file*.

    *ends* are those of the certificates of service keys, by tenant and host. Raises InvalidSchedule for what
    no schedule can do: a login that no program makes, others beside it, a key that ends.
    """
    mint = mint_for(plan.registry)
    if mint is None:
        raise _no_program(plan.registry)
    if not plan.secrets:
        raise InvalidSchedule("the plan has no secrets", next="make it again with plan and --out PLAN.json.")
    _refuse_others(plan)
    _refuse_path(plan_file)
    chosen = interval(every, mint.life, shortest=shortest)
    return Job(
        registry=plan.registry,
        was=plan.username,
        mint=mint,
        plan_file=plan_file,
        keys=_keys(plan),
        secrets=len(plan.secrets),
        every=chosen,
        digest=_digest(plan),
        notes=_notes_on_keys(chosen, ends),
    )


def shown(name: str) -> str:
    """Return *name* as a comment may have it: on one line, no token in it, not too long."""
    # Also what no standard has a letter for: YAML takes not all of that.
    seen = (each if each.isprintable() else ascii(each)[1:-1] for each in visible(name))
    text = without_tokens("".join(seen))
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def sealed(text: str) -> str:
    """Put above *text* a line with its checksum, so that `is_unedited` knows it again."""
    return f"{_MARK}{_sum(text)}\n{text}"


def is_unedited(text: str) -> bool:
    """Return whether *text* is a schedule as it was made here, by this version or another."""
    first, _, rest = text.partition("\n")
    return first == f"{_MARK}{_sum(rest)}"


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _no_program(registry: str) -> InvalidSchedule:
    preset = preset_for(registry)
    token = f"use {preset.token}" if preset else "use a login that may only pull and does not end soon"
    return InvalidSchedule(
        f"no program that makes logins for {shown(registry)} is known",
        next=f"{token}. Replace it with run before it ends.",
    )


def _refuse_others(plan: Planning) -> None:
    """Refuse a plan in which a secret has a second login: a schedule could only lose it."""
    with_others = [secret for secret in plan.secrets if secret.others]
    if not with_others:
        return
    lines = tuple(
        f"{secret.name} of {shown(secret.tenant)}: "
        + first_of([f"{shown(each.registry)}, user {shown(each.username)}" for each in secret.others])
        for secret in with_others[:10]
    )
    more = (f"and {len(with_others) - 10:,} more",) if len(with_others) > len(lines) else ()
    raise InvalidSchedule(
        f"{count(len(with_others), 'secret')} with other logins, which a schedule would lose",
        next="make a plan without them, and replace them yourself with run.",
        lines=(*lines, *more),
    )


def _refuse_path(path: str) -> None:
    if "${{" in path or not path.isprintable() or len(path) > _LONGEST_PATH or path == RESULT or not path:
        raise InvalidSchedule(
            f"the path of the plan {path[:_LONGEST_SHOWN]!a} cannot be used in a CI",
            next="rename it, for example to rotation/plan.json.",
        )


def _keys(plan: Planning) -> tuple[Key, ...]:
    """A variable for each tenant, of letters, digits and underscores only, and no two alike."""
    tenants = [*dict.fromkeys((secret.tenant, secret.host) for secret in plan.secrets)]
    if len(tenants) == 1:
        return (Key(KEY_VARIABLE, shown(tenants[0][0]), shown(tenants[0][1])),)
    names: list[str] = []
    for number, (tenant, _) in enumerate(tenants, start=1):
        plain = re.sub(r"[^A-Z0-9]+", "_", tenant.upper()).strip("_")[:_LONGEST_NAME].strip("_")
        name = f"{KEY_VARIABLE}_{plain}" if plain else f"{KEY_VARIABLE}_{number}"
        names.append(name if name not in names else f"{name}__{number}")
    return tuple(
        Key(name, shown(tenant), shown(host)) for name, (tenant, host) in zip(names, tenants, strict=True)
    )


def _digest(plan: Planning) -> str:
    places = sorted((secret.host, secret.tenant, secret.name) for secret in plan.secrets)
    text = repr((plan.registry, places))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _notes_on_keys(every: Interval, ends: Mapping[tuple[str, str], datetime]) -> tuple[str, ...]:
    """What to know of certificates that end. Raises InvalidSchedule for one that ends soon."""
    now = datetime.now(UTC)
    need = "use a service key with a client secret, which does not end by itself."
    notes = []
    for (tenant, _), end in sorted(ends.items(), key=lambda item: item[1]):
        named = f"the service key of tenant {shown(tenant)}"
        if end <= now + timedelta(minutes=every.minutes) + DELAY:
            raise InvalidSchedule(f"{named} ends before the next run ({when(end)})", next=need)
        if end <= now + SOON:
            raise InvalidSchedule(f"{named} ends soon ({when(end)}); every later run would fail", next=need)
        notes.append(f"T{named[1:]} ends on {when(end)}. Every later run fails.")
    return tuple(notes)
