"""What a check of templates found, and what was saved after one: data, and a report of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.base.plural import are, count
from aicore_magics.base.report import Code, Fact, Line, Mark, Report, Step, Table
from aicore_magics.base.result import Done
from aicore_magics.next_steps import pieces
from aicore_magics.templates.finding import counted

if TYPE_CHECKING:
    from aicore_magics.base.report import State
    from aicore_magics.base.result import Where
    from aicore_magics.next_steps import Words
    from aicore_magics.templates.check.text import TemplateRead
    from aicore_magics.templates.finding import Finding, Severity

SHOWN_FINDINGS = 200
SHOWN_ERRORS = 5  # disabled ones, in one sentence
_STATES: dict[Severity, State] = {"error": "refused", "warning": "warning", "hint": "hint"}
_WIDE = len("warning")


@dataclass(frozen=True, repr=False)
class TemplatesChecked(Done):
    """What was found in files, sorted by place. No file was changed.

    *disabled* are findings of rules that a comment or the call disables: counted, but not shown.

    *files_read* are all YAML files that were read, those without a template among them. *where* is the tenant
    whose secret names were compared, None if there was none.
    """

    findings: tuple[Finding, ...]
    templates: tuple[TemplateRead, ...]
    files_read: int
    paths: tuple[str, ...] = ()
    where: Where | None = None
    notes: tuple[str, ...] = ()
    disabled: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.errors

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that AI Core would refuse, or that do nothing there."""
        return tuple(one for one in self.findings if one.severity == "error")

    def to_dict(self) -> dict[str, Any]:
        """Give the result as plain data, ready for `json.dumps`. A finding names its rule by its id."""
        return {
            "result": type(self).__name__,
            "findings": [one.to_dict() for one in self.findings],
            "templates": [asdict(one) for one in self.templates],
            "files_read": self.files_read,
            "paths": self.paths,
            "where": asdict(self.where) if self.where else None,
            "notes": self.notes,
            "ok": self.ok,
            "disabled": [one.to_dict() for one in self.disabled],
        }

    @property
    def and_disabled(self) -> str:
        """How many findings are disabled, as the end of a sentence."""
        return f", {len(self.disabled)} disabled" if self.disabled else ""

    @property
    def about_disabled(self) -> tuple[str, ...]:
        """Which rules are disabled that found something, and where AI Core still sees an error."""
        if not self.disabled:
            return ()
        numbers = Counter(one.rule.id for one in self.disabled)
        rules = ", ".join(f"{rule} ({number})" for rule, number in sorted(numbers.items()))
        errors = [f"{one.where} ({one.rule.id})" for one in self.disabled if one.severity == "error"]
        more = [f"{len(errors) - SHOWN_ERRORS} more"] if len(errors) > SHOWN_ERRORS else []
        places = ", ".join([*errors[:SHOWN_ERRORS], *more])
        refused = f"AI Core would still refuse or ignore what is at {places}."
        return (f"Disabled: {rules}.", *([refused] if errors else []))

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
            return f"{counted(self.findings)} in {self._files()}{self.and_disabled}"
        if self.templates:
            return f"{count(len(self.templates), 'template')}, no findings{self.and_disabled}"
        looked = ", ".join(self.paths) or "this folder"
        if not self.files_read:
            return f"No templates in {looked}: there is no YAML file"
        read = count(self.files_read, "file")
        return f"No templates in {looked}: {read} read, none is a WorkflowTemplate or ServingTemplate"

    def _files(self) -> str:
        found = sorted({one.file for one in self.findings})
        every = {*found, *(one.file for one in self.templates)}
        return found[0] if len(every) == 1 and found[0] else f"{len(found)} of {len(every)} files"

    def _state(self) -> State:
        if not self.findings:
            refused = any(one.severity == "error" for one in self.disabled)
            return "warning" if refused else "done" if self.templates else "hint"
        return next(
            state for kind, state in _STATES.items() if any(f.severity == kind for f in self.findings)
        )

    def _sentences(self) -> tuple[str, ...]:
        more = len(self.findings) - SHOWN_FINDINGS
        told = (f"{more} more {are(more)} in .findings.",) if more > 0 else ()
        unchanged = ("No file was changed.",) if self.findings else ()
        return (*unchanged, *told, *self.about_disabled, *self.notes)


def _lines(finding: Finding) -> Words:
    """Place, message with its rule, and fix, a line each; a fix that is a command can be copied."""
    fix = finding.fix
    # An action has a line of its own anyway.
    last = (Line(f"fix: {fix}"),) if isinstance(fix, str) else (Line("fix:"), *pieces(fix))
    return (Code(finding.where), Line(f"{finding.message} ("), Code(finding.rule.id), ")", *last)


def _facts(finding: Finding) -> tuple[Fact, Fact]:
    said = f"{finding.severity:{_WIDE}}  {finding.message} ({finding.rule.id})"
    fix = (f"{'':{_WIDE}}  fix: ", *pieces(finding.fix))
    return Fact(Code(finding.where), said, only="text"), Fact("", fix, only="text")


@dataclass(frozen=True, repr=False)
class TemplateSaved(Done):
    """The file *path* with one template or more; *checked* is None where no check was wanted.

    *place* is where *path* is on this machine; *unchanged*: the file held just that already.
    """

    path: str
    checked: TemplatesChecked | None = None
    place: str = ""
    unchanged: bool = False

    def report(self) -> Report:
        """Where it stands, and what is worth knowing about it."""
        found = self.checked.report() if self.checked else None
        findings = self.checked.findings if self.checked else ()
        told = counted(findings) if findings else "no findings" if self.checked else "no"
        disabled = self.checked.about_disabled if self.checked else ()
        if self.checked:
            told += self.checked.and_disabled
        facts = [Fact("File", Code(self.place or self.path)), *self._templates(), Fact("Checked", told)]
        if found:
            facts += found.facts
        return Report(
            f"{self.path} {'unchanged' if self.unchanged else 'saved'}",
            "warning" if found and found.state in ("warning", "refused") else "done",
            (*(("The file already has exactly this content.",) if self.unchanged else ()), *disabled),
            tuple(facts),
            table=found.table if found else None,
            steps=(Step("commit it to the repository that your AI Core application follows", ()),),
            footer=found.footer if found else "",
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the result as plain data, ready for `json.dumps`."""
        checked = self.checked.to_dict() if self.checked else None
        return {
            "result": type(self).__name__,
            "path": self.path,
            "checked": checked,
            "place": self.place,
            "unchanged": self.unchanged,
        }

    def _templates(self) -> tuple[Fact, ...]:
        templates = self.checked.templates if self.checked else ()
        return tuple(
            Fact("Template" if i == 0 else "", (f"{one.kind} ", Code(one.name)))
            for i, one in enumerate(templates)
        )
