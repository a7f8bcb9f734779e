"""The secret that templates name, in files and folders: all is planned before the first file is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.files import read_bytes
from aicore_magics.base.folders import NotWritten
from aicore_magics.base.spaces import bare
from aicore_magics.base.write_files import has_other_name, real_place, rewrite
from aicore_magics.model.names import SecretName
from aicore_magics.templates.facts import TEMPLATE_KINDS
from aicore_magics.templates.patch.diff import unified
from aicore_magics.templates.patch.patch import Patched, Refusal, set_pull_secret
from aicore_magics.templates.patch.patched import FilePatched, TemplatesPatched
from aicore_magics.templates.template_files import MAX_BYTES, template_files

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from aicore_magics.templates.patch.patch_options import PatchOptions


_UTF16 = (b"\xff\xfe", b"\xfe\xff")  # how such a file begins
_NOT_REACHED = NotWritten("was not reached before you stopped", "run it again")
_OTHER_NAME = "has a second name (a hard link), which would keep the old content"


@dataclass(frozen=True, slots=True)
class _Planned:
    """What is to become of one file: *raw* is what it holds now, *new* what it shall hold."""

    place: Path
    outcome: FilePatched
    raw: bytes = b""
    new: bytes = b""


def patch_files(
    paths: Iterable[str | os.PathLike[str]],
    secret: str | None,
    *,
    write: bool = False,
    options: PatchOptions | None = None,
) -> TemplatesPatched:
    """Make the templates in *paths* name *secret*, or none if it is None, and keep every other byte.

    *paths* are files, and folders with the YAML files below them: at most 2,000, of at most 1 MB each. No
    file is touched without *write*. One that cannot be changed safely is refused with the reason, and does
    not stop the others. Ctrl-C while files are written refuses those that were not reached. Raises
    InvalidName if *secret* is no name that AI Core takes.
    """
    name = None if secret is None else str(SecretName.for_file(bare(secret), "--secret"))
    plans: dict[Path, _Planned] = {}
    passed_over = 0
    unread: list[OSError] = []
    for path, named in template_files(paths, unread):
        planned = _planned(path, name, options, named=named)
        if planned is None:
            passed_over += 1
        else:
            plans.setdefault(planned.place, planned)
    for error in unread:
        place = Path(error.filename)
        reason = f"cannot be read ({type(error).__name__}): its templates were not patched"
        plans[place] = _refused(place, place, reason, "make the folder readable.")
    outcomes = _all_written(plans.values()) if write else tuple(each.outcome for each in plans.values())
    return TemplatesPatched(name or "", outcomes, write, passed_over)


def _planned(path: Path, name: str | None, options: PatchOptions | None, *, named: bool) -> _Planned | None:
    """Plan for one file; None if it was found in a folder and holds no template."""
    place, reason, fix_link = _behind(path)
    raw, unread = (b"", reason) if reason else read_bytes(place, MAX_BYTES)
    text, fix = "", "check the path."
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        utf16 = raw.startswith(_UTF16)
        unread = "is UTF-16 text, as PowerShell's > writes it" if utf16 else "is not UTF-8 text"
        fix = "save it as UTF-8."
    if not named and not _speaks_of_templates(raw):
        return None if not reason else _refused(path, place, reason, fix_link)
    if unread:
        return _refused(path, place, unread, fix_link or fix)
    return _of(path, place, text, set_pull_secret(text, name, options))


def _speaks_of_templates(raw: bytes) -> bool:
    """Whether a file that was found in a folder is looked at, in UTF-8 or UTF-16."""
    letters = raw.replace(b"\0", b"")
    return any(kind.encode() in letters for kind in TEMPLATE_KINDS)


def _of(path: Path, place: Path, text: str, done: Patched | Refusal) -> _Planned:
    told = path.as_posix()
    if isinstance(done, Refusal):
        line, column = (done.place.line, done.place.column) if done.place else (0, 0)
        refused = FilePatched(told, "refused", reason=done.reason, fix=done.fix, line=line, column=column)
        return _Planned(place, refused)
    if not done.changed:
        return _Planned(place, FilePatched(told, "already", notes=done.notes))
    if _linked(place):
        return _refused(path, place, _OTHER_NAME, "remove the second name, or patch a copy.")
    diff = unified(text, done.text, told)
    changed = FilePatched(told, "changed", diff, notes=done.notes, serving=done.serving)
    return _Planned(place, changed, text.encode("utf-8"), done.text.encode("utf-8"))


def _refused(path: Path, place: Path, reason: str, fix: str) -> _Planned:
    return _Planned(place, FilePatched(path.as_posix(), "refused", reason=f"it {reason}", fix=fix))


def _behind(path: Path) -> tuple[Path, str, str]:
    """The file itself, behind a link if it is one; and why it is not to be touched, and what to do."""
    try:
        place = real_place(path)
        if not path.is_symlink():
            return place, "", ""
        real = path.resolve()
    except NotWritten as error:
        return path, error.reason, f"{error.fix}."
    except (OSError, ValueError, RuntimeError) as error:
        return path, f"cannot be read ({type(error).__name__})", "check the path."
    near = real.is_relative_to(place.parent)
    return (real, "", "") if near else (real, "is a link that leads out of its folder", f"use {real}.")


def _linked(place: Path) -> bool:
    """Whether the file has another name: a file that is written whole would no longer be that one."""
    try:
        return has_other_name(place)
    except OSError:
        return False


def _all_written(plans: Iterable[_Planned]) -> tuple[FilePatched, ...]:
    """Write what was planned, until somebody presses Ctrl-C."""
    outcomes: list[FilePatched] = []
    stopped = False
    for planned in plans:
        if planned.outcome.state != "changed":
            outcomes.append(planned.outcome)
            continue
        fault = _NOT_REACHED if stopped else None
        try:
            fault = fault or _fault(planned)
        except KeyboardInterrupt:
            stopped = True
            fault = None if read_bytes(planned.place, MAX_BYTES) == (planned.new, "") else _NOT_REACHED
        outcomes.append(
            replace(planned.outcome, state="refused", reason=f"it {fault.reason}", fix=f"{fault.fix}.")
            if fault
            else replace(planned.outcome, written=True)
        )
    return tuple(outcomes)


def _fault(planned: _Planned) -> NotWritten | None:
    """Write what was planned, if the file still holds what it was planned for; else give the reason."""
    try:
        rewrite(planned.place, planned.raw, planned.new)
    except NotWritten as error:
        return error
    return None
