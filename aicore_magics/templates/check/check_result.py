"""What a check of templates found: data, and a report of it.

A template that was written to a file, and what its check found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.base.report import Code, Command, Fact, Line, Mark, Report, Step, Table
from aicore_magics.base.result import Done
from aicore_magics.templates.finding import counted

if TYPE_CHECKING:
    from aicore_magics.base.report import State
    from aicore_magics.base.result import Where
    from aicore_magics.templates.check.text import TemplateRead
    from aicore_magics.templates.finding import Finding, Severity

SHOWN_FINDINGS = 200
_STATES: dict[Severity, State] = {"error": "refused", "warning": "warning", "hint": "hint"}
_WIDE = len("warning")


@dataclass(frozen=True, repr=False)
class TemplatesChecked(Done):
    """What was found in files, sorted by place. No file was changed.

    *files_read* are all YAML files that were read, those without a template among them. *where* is the tenant
    whose secret names were compared, None if there was none.
    """

    findings: tuple[Finding, ...]
    templates: tuple[TemplateRead, ...]
    files_read: int
    paths: tuple[str, ...] = ()
    where: Where | None = None
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.errors

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that AI Core would refuse, or that do nothing there."""
        return tuple(one for one in self.findings if one.severity == "error")

    def to_dict(self) -> dict[str, Any]:
        """Give the result as plain data, ready for `json.dumps`."""
        return {**super().to_dict(), "ok": self.ok, "findings": [one.to_dict() for one in self.findings]}

    def report(self) -> Report:
        """How many findings there are in how many files, then each with its place and its fix."""
        shown = self.findings[:SHOWN_FINDINGS]
        rows = tuple((Mark(one.severity.capitalize(), _STATES[one.severity]), _lines(one)) for one in shown)
        return Report(
            self._headline(),
            self._state(),
            self._sentences(),
            tuple(fact for one in shown for fact in _facts(one)),
            table=Table(("Finding", "Place, reason and fix"), rows, only="html") if rows else None,
            footer=str(self.where) if self.where else "",
        )

    def _headline(self) -> str:
        if self.findings:
            return f"{counted(self.findings)} in {self._files()}"
        if self.templates:
            return f"{_many(len(self.templates), 'template')}, no findings"
        looked = ", ".join(self.paths) or "this folder"
        if not self.files_read:
            return f"No templates in {looked}: there is no YAML file"
        read = _many(self.files_read, "file")
        return f"No templates in {looked}: {read} read, none is a WorkflowTemplate or ServingTemplate"

    def _files(self) -> str:
        found = sorted({one.file for one in self.findings})
        every = {*found, *(one.file for one in self.templates)}
        return found[0] if len(every) == 1 and found[0] else f"{len(found)} of {len(every)} files"

    def _state(self) -> State:
        if not self.findings:
            return "done" if self.templates else "hint"
        return next(
            state for kind, state in _STATES.items() if any(f.severity == kind for f in self.findings)
        )

    def _sentences(self) -> tuple[str, ...]:
        more = len(self.findings) - SHOWN_FINDINGS
        told = (f"{more} more {'is' if more == 1 else 'are'} in .findings.",) if more > 0 else ()
        unchanged = ("No file was changed.",) if self.findings else ()
        return (*unchanged, *told, *self.notes)


def _lines(finding: Finding) -> tuple[str, ...]:
    """Place, message and fix, a line each; a fix that is a command can be copied."""
    command = finding.fix.startswith("%")
    fix = (Line("fix:"), Command(finding.fix)) if command else (Line(f"fix: {finding.fix}"),)
    return (Code(finding.where), Line(finding.message), *fix)


def _facts(finding: Finding) -> tuple[Fact, Fact]:
    said = f"{finding.severity:{_WIDE}}  {finding.message}"
    fix = f"{'':{_WIDE}}  fix: {finding.fix}"
    return Fact(Code(finding.where), said, only="text"), Fact("", fix, only="text")


def _many(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


@dataclass(frozen=True, repr=False)
class TemplateSaved(Done):
    """The file *path* with one template or more; *checked* is None where no check was wanted."""

    path: str
    checked: TemplatesChecked | None = None

    def report(self) -> Report:
        """Where it stands, and what is worth knowing about it."""
        found = self.checked.report() if self.checked else None
        findings = self.checked.findings if self.checked else ()
        told = counted(findings) if findings else "no findings" if self.checked else "no"
        facts = (*self._templates(), Fact("Checked", told), *(found.facts if found else ()))
        return Report(
            f"{self.path} saved",
            "warning" if findings and found and found.state != "hint" else "done",
            (),
            facts,
            table=found.table if found else None,
            steps=(Step("commit it to the repository that your AI Core application follows", ()),),
            footer=found.footer if found else "",
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the result as plain data, ready for `json.dumps`."""
        checked = self.checked.to_dict() if self.checked else None
        return {"result": type(self).__name__, "path": self.path, "checked": checked}

    def _templates(self) -> tuple[Fact, ...]:
        templates = self.checked.templates if self.checked else ()
        return tuple(
            Fact("Template" if i == 0 else "", (f"{one.kind} ", Code(one.name)))
            for i, one in enumerate(templates)
        )
