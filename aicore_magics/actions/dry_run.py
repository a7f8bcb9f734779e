"""What a dry run gives back: the request as it would be sent, or as a script that sends it by other means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aicore_magics.base.report import Report, Step
from aicore_magics.base.result import Done, Where

if TYPE_CHECKING:
    from aicore_magics.next_steps import Door


@dataclass(frozen=True, repr=False)
class DryRun(Done):
    """The request that would be sent, with every secret masked. Nothing was sent."""

    name: str
    method: str
    url: str
    content_type: str
    body: str
    where: Where
    notes: tuple[str, ...] = ()

    def report(self) -> Report:
        """Method, address, headers and masked body."""
        request = (
            f"{self.method} {self.url}",
            "Authorization: Bearer ***",
            f"Content-Type: {self.content_type}",
            "",
            *self.body.splitlines(),
        )
        return Report(
            f"Dry run for {self.name}: nothing was sent",
            "hint",
            self.notes,
            steps=(Step("to send this, leave out --dry-run", request, "yaml"),),
            footer=str(self.where),
        )


@dataclass(frozen=True, repr=False)
class RequestScript(Done):
    """The request as a script for curl, or as a request file. It contains no secret, only *variables*.

    Its text form is the script alone, ready to be saved.
    """

    name: str
    form: Literal["curl", "http"]
    script: str
    variables: tuple[str, ...]
    where: Where

    def report(self) -> Report:
        """What it is, which variables it reads, and the script."""
        kind = {"curl": "script for sh and curl", "http": "request file for httpYac"}[self.form]
        run = f"set {', '.join(self.variables)}, then run it"
        return Report(
            f"A {kind}, for {self.name}",
            "hint",
            ("Nothing was sent. The script contains no secret.",),
            steps=(Step(run, tuple(self.script.splitlines()), "yaml"),),
            footer=str(self.where),
        )

    def shown(self, door: Door) -> str:
        """Return only the script."""
        return self.script
