"""A template that was written to a file, and what its check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.finding import counted
from aicore_magics.outcome import Done
from aicore_magics.report import Code, Fact, Report, Step

if TYPE_CHECKING:
    from aicore_magics.templates.checking.checked import TemplatesChecked


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
