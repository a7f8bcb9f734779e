"""What a patch did to files, or would do: one line for each, and the differences to look at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from aicore_magics.base.plural import count
from aicore_magics.base.report import Code, Mark, Report, Step, Table
from aicore_magics.base.result import Done
from aicore_magics.next_steps import Option, capitalised, closed, do

if TYPE_CHECKING:
    from aicore_magics.base.report import State

FileState = Literal["changed", "already", "refused"]
SHOWN_LINES = 200
SHOWN_FILES = 5
DEPLOY_ANEW = "A running deployment does not take it over: create it again."
_STATES: dict[FileState, State] = {"changed": "done", "already": "", "refused": "refused"}


@dataclass(frozen=True, slots=True)
class FilePatched:
    """One file: changed (or to be changed, if it is not *written*), or already correct, or refused.

    *reason*, *fix*, *line* and *column* tell why it was refused, *diff* what differs, for people to read.
    *serving*: a ServingTemplate is among what was changed.
    """

    path: str
    state: FileState
    diff: str = ""
    written: bool = False
    reason: str = ""
    fix: str = ""
    line: int = 0
    column: int = 0
    notes: tuple[str, ...] = ()
    serving: bool = False

    @property
    def word(self) -> str:
        """What became of it, in a word or two."""
        if self.state == "changed":
            return "changed" if self.written else "would change"
        return "already correct" if self.state == "already" else "refused"

    @property
    def shown_path(self) -> str:
        """The path, with line and column where it was refused for what stands there."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path

    @property
    def remark(self) -> str:
        """Why it was refused and what to do, and what else was seen."""
        said = map(capitalised, filter(None, (self.reason, self.fix)))
        return " ".join(map(closed, (*said, *self.notes)))


@dataclass(frozen=True, repr=False)
class TemplatesPatched(Done):
    """Files whose templates now name *secret*, or would after a write; without *secret*, none.

    *passed_over*: files in folders that hold no template. *to_write*: whether files were to be changed.
    """

    secret: str
    files: tuple[FilePatched, ...]
    to_write: bool = False
    passed_over: int = 0

    @property
    def ok(self) -> bool:
        """Whether no file was refused."""
        return not self._in("refused")

    def report(self) -> Report:
        """How many files were or would be changed, each file with its outcome, and the differences."""
        rows = tuple((Code(one.shown_path), Mark(one.word, _state(one)), one.remark) for one in self.files)
        remarks = any(one.remark for one in self.files)
        columns = ("File", "Result", "Remark") if remarks else ("File", "Result")
        table = Table(columns, tuple(row[: len(columns)] for row in rows)) if rows else None
        return Report(self._headline(), self._state(), self._sentences(), table=table, steps=self._steps())

    def to_dict(self) -> dict[str, Any]:
        """Give the result as plain data, ready for `json.dumps`."""
        return {"result": type(self).__name__, "ok": self.ok, **asdict(self)}

    def _sentences(self) -> tuple[str, ...]:
        if not any(one.written for one in self.files):
            return ("No file was changed.",)
        # SAP's documentation lists what a template hands on to deployments that run; this is not on it.
        serving = any(one.written and one.serving for one in self.files)
        return (DEPLOY_ANEW,) if serving else ()

    def _in(self, state: FileState) -> list[FilePatched]:
        return [one for one in self.files if one.state == state]

    def _headline(self) -> str:
        if not self.files:
            read = counted(self.passed_over)
            return f"No templates: {read} read, none is a WorkflowTemplate or ServingTemplate"
        changed, refused, already = (self._in(state) for state in ("changed", "refused", "already"))
        would = "changed" if self.to_write else "would change"
        about = [f"{counted(len(changed))} {would}"] if changed else []
        about += [f"{counted(len(refused), named=not about)} refused"] if refused else []
        so = f"names {self.secret} already" if self.secret else "names no secret already"
        if already and len(already) > 1:
            so = so.replace("names", "name", 1)
        about += [f"{counted(len(already), named=not about)} {so}"] if already else []
        return ", ".join(about)

    def _state(self) -> State:
        if self._in("refused"):
            return "warning" if len(self._in("refused")) < len(self.files) else "refused"
        if any(one.notes for one in self.files):
            return "warning"
        return "hint" if not self.files or (self._in("changed") and not self.to_write) else "done"

    def _steps(self) -> tuple[Step, ...]:
        if self.to_write:
            return ()
        lines = [line for one in self._in("changed") for line in one.diff.splitlines()]
        if not lines:
            return ()
        more = len(lines) - SHOWN_LINES
        rest = (f"(and {more} more lines, in .files)",) if more > 0 else ()
        diff, changed = (*lines[:SHOWN_LINES], *rest), self._in("changed")
        if len(changed) > SHOWN_FILES:
            return (Step(("review it, then ", Option("write", lead="add")), diff, "yaml"),)
        paths = tuple(one.path for one in changed)
        write = do("patch-write", paths=paths, secret=self.secret)
        return (
            Step("review it", diff, "yaml"),
            Step("then write it", (write if self.secret else do("patch-remove", paths=paths),)),
        )


def counted(number: int, *, named: bool = True) -> str:
    """Say `1 file` or `3 files`, or the number alone where the word was said before.

    >>> counted(1), counted(3), counted(3, named=False)
    ('1 file', '3 files', '3')
    """
    return count(number, "file") if named else str(number)


def _state(one: FilePatched) -> State:
    return "hint" if one.state == "changed" and not one.written else _STATES[one.state]
