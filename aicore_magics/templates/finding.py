"""One thing that a rule has to say about a template or a notebook: where, what, and what to do."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from aicore_magics.base.plural import count
from aicore_magics.base.redact import visible, written_out
from aicore_magics.base.tokens import token_kind
from aicore_magics.next_steps import PYTHON, Action

if TYPE_CHECKING:
    from aicore_magics.next_steps import Words

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


# Where the samples of a rule stand: the part of a template, or the whole file, or the path of one.
SamplePlace = Literal[
    "path",
    "file",
    "head of a WorkflowTemplate",
    "metadata",
    "spec of a WorkflowTemplate",
    "template of a WorkflowTemplate",
    "container of a WorkflowTemplate",
    "spec of a ServingTemplate",
    "inputs of a ServingTemplate",
    "template of a ServingTemplate",
    "predictor of a ServingTemplate",
    "container of a ServingTemplate",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a check looks for. *finds* is a few words, *why* and *source* are sentences for who wants to know.

    An error is refused or does nothing at AI Core, a warning is probably wrong, a hint is worth knowing.
    *varies* says when a finding has another severity than *severity*. *always*: it cannot be disabled.
    *bad* and *good* are samples, which stand at *place*.
    """

    id: str
    severity: Severity
    finds: str
    why: str = field(repr=False)
    source: str = field(repr=False)
    place: SamplePlace = field(repr=False)
    bad: str = field(repr=False)
    good: str = field(repr=False)
    varies: str = field(default="", repr=False)
    always: bool = field(default=False, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data, ready for `json.dumps`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """What *rule* found: *message*, and *fix* on one line. Without a full stop: it is a row, not a text.

    *line* and *column* count from 1; 0 is not known. *path* leads to the value in the document. *instead* is
    its severity where that is not the rule's own. *quote*: the fix is quotes around what is written.
    *within*: the placeholder that it is about, in the text at *path*, which may have many lines.
    """

    rule: Rule
    message: str
    fix: Words
    file: str = ""
    line: int = 0
    column: int = 0
    path: Path = ()
    instead: Severity | None = None
    quote: bool = field(default=False, repr=False)
    within: str = field(default="", repr=False)

    @property
    def severity(self) -> Severity:
        """How grave it is: as the catalogue says, unless the rule varies."""
        return self.instead or self.rule.severity

    @property
    def where(self) -> str:
        """The place as editors take it; the path where no line is known."""
        file = written_out(self.file)
        if self.line:
            return ":".join(filter(None, [file, str(self.line), str(self.column)]))
        return file or dotted(self.path)

    def at(self, file: str, line: int = 0, column: int = 0) -> Finding:
        """Give the same finding with its place."""
        fix = self.fix
        if isinstance(fix, Action) and ("file", FILE) in fix.values and file:
            fix = fix.with_(file=file)
        return replace(self, file=file, line=line, column=column, fix=fix)

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data, ready for `json.dumps`."""
        steps = [step if isinstance(step, int) else str(step) for step in self.path]
        return {
            "rule": self.rule.id,
            "severity": self.severity,
            "message": self.message,
            "fix": PYTHON.say(self.fix),
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": steps,
        }

    def __lt__(self, other: Finding) -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[str, int, int, int, str, str]:
        weight = SEVERITIES.index(self.severity)
        return (self.file, self.line, self.column, weight, self.rule.id, self.message)

    def __str__(self) -> str:
        said = f"{self.where}  {self.severity}  {self.message} ({self.rule.id})"
        return f"{said}; fix: {PYTHON.say(self.fix)}"


class TooMany(Exception):
    """There are more findings than anybody reads; the rules need not go on."""


class Findings(list[Finding]):
    """Findings as rules add them, of one document, without file and line.

    Raises TooMany at one more than 500: each may have cost a search for what was meant.
    """

    def add(
        self,
        rule: Rule,
        path: Path,
        message: str,
        fix: Words,
        *,
        severity: Severity | None = None,
        quote: bool = False,
    ) -> None:
        """Add what *rule* found at *path*; with *severity*, if it is not as grave as usual.

        *quote*: whoever has the text says to put quotes around what is written at *path*.
        """
        if len(self) >= MAX_FINDINGS:
            raise TooMany
        self.append(Finding(rule, message, fix, path=path, instead=severity, quote=quote))

    def stand_at(self, placeholder: str, begin: int) -> None:
        """Let the findings from *begin* on stand at `{{…}}` of *placeholder* in their texts."""
        for i in range(begin, len(self)):
            self[i] = replace(self[i], within=placeholder)


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
    """Say how many of each severity there are, such as "2 errors, 1 hint"."""
    numbers = [(sum(one.severity == kind for one in findings), kind) for kind in SEVERITIES]
    return ", ".join(f"{count(number, kind)}" for number, kind in numbers if number)
