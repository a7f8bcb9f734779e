"""One thing that a rule has to say about a template or a notebook: where, what, and what to do."""

from __future__ import annotations

import re
import shlex
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from aicore_magics.base.redact import token_kind, visible

Severity = Literal["error", "warning", "hint"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")
# Keys and indices from the outside in.
Path = tuple[str | int, ...]
# In a path: what follows lies inside the text block before it.
INNER = "|"
# Stands for the file in a fix that is a command: a rule does not know what it is called.
FILE = "FILE"
MAX_FINDINGS = 500  # of one document
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """What *rule* found: *message*, and *fix* on one line. Without a full stop: it is a row, not a text.

    An error is refused or does nothing at AI Core, a warning is probably wrong, a hint is worth knowing.
    *line* and *column* count from 1; 0 is not known. *path* leads to the value in the document.
    """

    rule: str
    severity: Severity
    message: str
    fix: str
    file: str = ""
    line: int = 0
    column: int = 0
    path: Path = ()

    @property
    def where(self) -> str:
        """The place as editors take it; the path where no line is known.

        >>> Finding("yaml", "error", "broken", "mend it", "serve.yaml", 24, 9).where
        'serve.yaml:24:9'
        >>> Finding("shape", "error", "broken", "mend it", path=("spec", "templates", 0)).where
        'spec.templates[0]'
        """
        if self.line:
            return ":".join(filter(None, [self.file, str(self.line), str(self.column)]))
        return self.file or dotted(self.path)

    def at(self, file: str, line: int = 0, column: int = 0) -> Finding:
        """Give the same finding with its place."""
        fix = self.fix
        if fix.startswith("%") and file:
            fix = fix.replace(f" {FILE} ", f" {shlex.quote(file)} ")
        return replace(self, file=file, line=line, column=column, fix=fix)

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data, ready for `json.dumps`."""
        steps = [step if isinstance(step, int) else str(step) for step in self.path]
        return {**asdict(self), "path": steps}

    def __lt__(self, other: Finding) -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[str, int, int, int, str, str]:
        return (self.file, self.line, self.column, SEVERITIES.index(self.severity), self.rule, self.message)

    def __str__(self) -> str:
        return f"{self.where}  {self.severity}  {self.message}; fix: {self.fix}"


class TooMany(Exception):
    """There are more findings than anybody reads; the rules need not go on."""


class Findings(list[Finding]):
    """Findings as rules add them, of one document, without file and line.

    Raises TooMany at one more than 500: each may have cost a search for what was meant.
    """

    def error(self, rule: str, path: Path, message: str, fix: str) -> None:
        """Add what AI Core refuses, or what does nothing there."""
        self._add(Finding(rule, "error", message, fix, path=path))

    def warning(self, rule: str, path: Path, message: str, fix: str) -> None:
        """Add what is probably wrong."""
        self._add(Finding(rule, "warning", message, fix, path=path))

    def hint(self, rule: str, path: Path, message: str, fix: str) -> None:
        """Add what is worth knowing."""
        self._add(Finding(rule, "hint", message, fix, path=path))

    def _add(self, finding: Finding) -> None:
        if len(self) >= MAX_FINDINGS:
            raise TooMany
        self.append(finding)


def dotted(path: Path) -> str:
    """Give *path* as people write it; the text block is not a step of its own.

    >>> dotted(("spec", "template", "spec", INNER, "predictor", "containers", 0, "image"))
    'spec.template.spec.predictor.containers[0].image'
    """
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path if step != INNER]
    return visible("".join(steps).removeprefix("."))


def shown(value: object) -> str:
    """Give a name, key or number as a message shows it: short, on one line, and no token.

    >>> shown("infer.xl"), shown("ghp_" + 36 * "a"), shown("a" * 70)[-3:]
    ('infer.xl', 'a GitHub token', 'aa…')
    """
    text = visible(str(value)[: 10 * _LONGEST_SHOWN])
    kind = token_kind(text)
    if kind:
        return kind
    if not text or re.search(r"\A\s|[\s,;]", text):
        text = f"'{text}'"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def counted(findings: tuple[Finding, ...]) -> str:
    """Say how many of each kind there are.

    >>> found = Finding("a", "error", "", ""), Finding("b", "error", "", ""), Finding("c", "hint", "", "")
    >>> counted(found)
    '2 errors, 1 hint'
    """
    numbers = [(sum(one.severity == kind for one in findings), kind) for kind in SEVERITIES]
    return ", ".join(f"{number} {kind}{'' if number == 1 else 's'}" for number, kind in numbers if number)
