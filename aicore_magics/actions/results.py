"""What a call that was done gives back: frozen results with a text form and a plain dict.

Done, refused or unknown. Done is one of the results here. Refused (nothing was changed) and unknown are
raised, as `errors.Refused` and `errors.OutcomeUnknown`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aicore_magics.actions.recorded import SINCE
from aicore_magics.actions.secret_records import logins_due
from aicore_magics.base.plural import plural
from aicore_magics.base.report import Code, Fact, Mark, Report, Step, Table
from aicore_magics.base.result import Done, Where
from aicore_magics.next_steps import do
from aicore_magics.templates.starters import template_steps

if TYPE_CHECKING:
    from aicore_magics.actions.recorded import RecordedLogin, StoredHere
    from aicore_magics.actions.records import CutOff
    from aicore_magics.aicore.connection import SandboxRegistry
    from aicore_magics.base.report import State
    from aicore_magics.logins.docker_login import DockerLogin


EXAMPLE = "team-churn"  # the secret that is suggested in the sandbox


@dataclass(frozen=True, repr=False)
class Connected(Done):
    """A connection to a tenant, and where its credentials were found.

    *example_stored*: the secret that is suggested for the sandbox's *registry* is there already. *logins* are
    those that the record of this machine has for the tenant, *cut_off* is a rotation there that did not end.
    """

    where: Where
    api_url: str
    credentials: str
    resource_group: str
    token_seconds: int
    used: int | None
    quota: int | None
    sandbox: bool = False
    notes: tuple[str, ...] = ()
    registry: SandboxRegistry | None = None
    others: tuple[str, ...] = ()  # tenants of the same sandbox
    example_stored: bool = False
    logins: tuple[RecordedLogin, ...] = ()
    cut_off: CutOff | None = None

    def report(self) -> Report:
        """Who we are, from which credentials, and what to do next."""
        here = ("The sandbox runs in this kernel. Nothing leaves this machine.",) if self.sandbox else ()
        facts = [
            Fact("Credentials", self.credentials),
            Fact("API", Code(self.api_url)),
            Fact("Token", f"valid for {_span(self.token_seconds)}, renewed by itself", only="html"),
            Fact("Resource group", self.resource_group, only="html"),
            Fact("Docker secrets", used_of(self.used, self.quota)),
        ]
        if self.registry:
            facts += self.registry.facts()
        if self.others:
            facts.append(Fact("Other tenants", Code(", ".join(self.others))))
        if due := logins_due(self.logins):
            facts.append(Fact("Logins due", due))
        if self.cut_off:
            facts.append(Fact("Rotation", Mark(self.cut_off.words, "unknown")))
        return Report(
            f"Connected to tenant {self.where.tenant}",
            "warning" if self.notes else "done",
            (*here, *self.notes),
            tuple(facts),
            steps=(self._step(),),
        )

    def _step(self) -> Step:
        """What fits: a line that works as it stands, where that is known."""
        if self.cut_off:
            return Step("see what was replaced, and go on", (do("rotate-status"),))
        if logins_due(self.logins):
            return Step("see which logins end when, and replace what is due", (do("due"),))
        if self.used is not None and self.quota is not None and self.used >= self.quota:
            return Step("no room for another secret: delete an unused one", (do("list"),))
        if not (registry := self.registry):
            words = "store a registry login, with your own name and image"
            return Step(words, (do("create", name="team-ghcr", image="ghcr.io/acme/churn:1.4"),))
        if self.example_stored:
            return Step(f"use {EXAMPLE} in a template", template_steps(EXAMPLE, registry.image))
        create = do(
            "create-with-variable",
            name=EXAMPLE,
            image=registry.image,
            registry=registry.host,
            username=registry.username,
            variable=registry.password_variable,
        )
        return Step("store a registry login", (create,))


@dataclass(frozen=True, repr=False)
class NoConnection(Done):
    """This notebook is not connected to any tenant."""

    def report(self) -> Report:
        """That there is no connection, and how to make one."""
        step = Step("connect", (do("connect"), do("connect-sandbox")))
        return Report("Not connected to any tenant", "hint", steps=(step,))


@dataclass(frozen=True)
class Settled:
    """A *change* whose outcome was unknown, and for how many *seconds* it was looked what became of it.

    *accepted*: AI Core took it. *unclear*: it said that the name was taken. *certain*: it said neither, and
    had as long as it gets to show a change, so what is not seen by then was not made.
    """

    change: Literal["create", "update", "delete"]
    seconds: float
    accepted: bool = False
    unclear: bool = False
    certain: bool = False

    def done(self, *, exists: bool) -> bool | None:
        """Whether the change was made, now that the secret *exists* or not; None if that is still unknown."""
        if self.change == "update" or self.unclear:
            return None
        if exists == (self.change == "create"):
            return True
        return False if self.certain else None

    def words(self, *, exists: bool) -> str:
        """What became of it, as far as that can be known."""
        done = self.done(exists=exists)
        if done and self.change == "create":
            if self.accepted:
                return "AI Core accepted your create, and shows the secret now."
            return (
                "The name was free before your create. So it is yours, unless someone else stored it since."
            )
        if done:
            return "It was there before your delete, and is gone now."
        if done is False:
            return f"Your {self.change} was not done: AI Core did not show it within {self.seconds:.0f} s."
        if exists and self.change != "delete":
            shows = "AI Core does not show which login is in a secret"
            return f"The outcome of your {self.change} is unknown: {shows}."
        accepted = ": AI Core accepted it, and does not show it so far" if self.accepted else ""
        return f"The outcome of your {self.change} is still unknown{accepted}."


@dataclass(frozen=True, repr=False)
class SecretShown(Done):
    """Whether the tenant has a secret of that name, and the lines that name it in both template kinds.

    *settled* tells of a change of this connection whose outcome was unknown. *known* is what the record of
    this machine has on it.
    """

    name: str
    exists: bool
    where: Where
    workflow_lines: tuple[str, ...] = ()
    serving_lines: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    settled: Settled | None = None
    known: StoredHere | None = None

    def report(self) -> Report:
        """Exists or not; if so, where its name goes in a template; and what became of a change in doubt."""
        tenant, settled, exists = self.where.tenant, self.settled, self.exists
        headline = (
            f"{self.name} exists in tenant {tenant}"
            if exists
            else f"Tenant {tenant} has no secret {self.name}"
        )
        state: State = "done" if exists else "hint"
        sentences = [settled.words(exists=exists)] if settled else []
        known = self.known if exists else None
        if known and not known.told:
            sentences.append(SINCE)
        if self.suggestions:
            sentences.append(f"Did you mean {' or '.join(self.suggestions)}?")
        steps: tuple[Step, ...] = (Step("see all names", (do("list"),)),)
        if exists:
            steps = (
                Step("use it in a WorkflowTemplate", self.workflow_lines, "yaml"),
                Step("or in a ServingTemplate, inside predictor", self.serving_lines, "yaml"),
            )
        if known and "expired" in known.states:
            state = "warning"
            steps = (Step("replace the login that expired", (known.update(),)), *steps)
        if settled and settled.done(exists=exists) is None:
            state = "unknown"
            certain = Step("make sure that your login is stored", (do("apply", name=self.name),))
            wait = Step("check again until the outcome is clear", (do("show-wait", name=self.name),))
            steps = (certain if settled.change == "update" or settled.unclear else wait,)
        elif settled and exists and settled.change == "create" and not settled.accepted:
            state = "warning"
            steps = (Step("make sure that your login is stored", (do("apply", name=self.name),)), *steps)
        facts = known.facts() if known else ()
        return Report(headline, state, (*sentences, *self.notes), facts, steps=steps, footer=str(self.where))


@dataclass(frozen=True, repr=False)
class DockerLogins(Done):
    """The logins that docker and podman left on this machine. None was taken, and no secret was read."""

    logins: tuple[DockerLogin, ...]
    places: tuple[str, ...]

    def report(self) -> Report:
        """Registry, user and place of each, and how to take one."""
        if not self.logins:
            looked = f"Looked in {', '.join(self.places)}."
            return Report("No docker or podman login on this machine", "hint", (looked,))
        rows = tuple(
            (
                Code(login.registry),
                login.username or "unknown",
                (login.where, f"; {login.unusable}") if login.unusable else login.where,
            )
            for login in self.logins
        )
        usable = [login.registry for login in self.logins if not login.unusable]
        many = plural(len(rows), "login")
        return Report(
            f"{len(rows)} docker and podman {many} on this machine",
            state="",
            sentences=("No login was used. Name the registry that you want.",),
            table=Table(("Registry", "User", "Where"), rows),
            steps=(Step("use one", (do("create-taken", registry=usable[0]),)),) if usable else (),
        )


@dataclass(frozen=True, repr=False)
class QuotaUsed(Done):
    """How many Docker registry secrets the tenant has, and its limit. None: AI Core did not say."""

    used: int | None
    maximum: int | None
    where: Where

    @property
    def complete(self) -> bool:
        """Whether AI Core said how many there are."""
        return self.used is not None

    def report(self) -> Report:
        """Used and maximum."""
        headline = "Number of docker secrets: unknown"
        if self.used is not None:
            word = "secret" if (self.used, self.maximum) == (1, None) else "secrets"
            headline = f"{count_of(self.used, self.maximum)} docker {word} used"
        full = self.used is not None and self.maximum is not None and self.used >= self.maximum
        steps = (Step("delete an unused one", (do("list"),)),) if full else ()
        return Report(headline, "warning" if full else "", steps=steps, footer=str(self.where))


def used_of(used: int | None, maximum: int | None) -> str:
    """Say `3 of 50 used`, as far as it is known."""
    if used is None:
        return "unknown"
    return f"{count_of(used, maximum)} used"


def count_of(used: int, maximum: int | None) -> str:
    """Say `3 of 50`, or 3 alone where the maximum is not known."""
    return str(used) if maximum is None else f"{used} of {maximum}"


def _span(seconds: int) -> str:
    """A length of time in hours and minutes, or in seconds where it is short.

    >>> _span(43199), _span(3600), _span(59)
    ('11 h 59 min', '1 h', '59 s')
    """
    minutes = seconds // 60
    if not minutes:
        return f"{seconds} s"
    hours, rest = divmod(minutes, 60)
    return " ".join(([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest else []))
