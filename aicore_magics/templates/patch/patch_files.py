"""The secret that templates name, in files and folders: all is planned before the first file is written."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.files import read_bytes, replace_file
from aicore_magics.model.names import SecretName
from aicore_magics.templates.facts import TEMPLATE_KINDS
from aicore_magics.templates.patch.diff import unified
from aicore_magics.templates.patch.patch import Patched, Refusal, set_pull_secret
from aicore_magics.templates.patch.patched import FilePatched, TemplatesPatched
from aicore_magics.templates.template_files import MAX_BYTES, template_files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.templates.patch.patch_options import PatchOptions


_UTF16 = (b"\xff\xfe", b"\xfe\xff")  # how such a file begins
_OTHER_NAME = "has another name (a hard link) that would keep what it holds now"


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
    not stop the others. Raises InvalidName if *secret* is no name that AI Core takes.
    """
    name = None if secret is None else str(SecretName.parse(secret))
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
        plans[place] = _refused(place, place, reason, "make it readable.")
    outcomes = tuple(_written(planned) if write else planned.outcome for planned in plans.values())
    return TemplatesPatched(name or "", outcomes, write, passed_over)


def _planned(path: Path, name: str | None, options: PatchOptions | None, *, named: bool) -> _Planned | None:
    """Plan for one file; None if it was found in a folder and holds no template."""
    place, reason = _behind(path)
    raw, unread = (b"", reason) if reason else read_bytes(place, MAX_BYTES)
    text, fix = "", "check the path."
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        utf16 = raw.startswith(_UTF16)
        unread = "is UTF-16 text, as PowerShell's > writes it" if utf16 else "is not UTF-8 text"
        fix = "save it as UTF-8."
    if not named and not _speaks_of_templates(raw):
        return None if not reason else _refused(path, place, reason, "name the file it leads to.")
    if unread:
        return _refused(path, place, unread, fix)
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
        return _refused(path, place, _OTHER_NAME, "remove that one, or patch a copy.")
    diff = unified(text, done.text, told)
    changed = FilePatched(told, "changed", diff, notes=done.notes, serving=done.serving)
    return _Planned(place, changed, text.encode("utf-8"), done.text.encode("utf-8"))


def _refused(path: Path, place: Path, reason: str, fix: str) -> _Planned:
    return _Planned(place, FilePatched(path.as_posix(), "refused", reason=f"it {reason}", fix=fix))


def _behind(path: Path) -> tuple[Path, str]:
    """The file itself, behind a link if it is one, and why it is not to be touched, or nothing."""
    try:
        real = path.resolve()
        linked = path.is_symlink()
        near = real.is_relative_to(path.parent.resolve())
    except (OSError, ValueError, RuntimeError) as error:
        return path, f"cannot be read ({type(error).__name__})"
    return real, "is a link that leads out of its folder" if linked and not near else ""


def _linked(place: Path) -> bool:
    """Whether the file has another name: a file that is written whole would no longer be that one."""
    try:
        return place.stat().st_nlink > 1
    except OSError:
        return False


def _written(planned: _Planned) -> FilePatched:
    """Write what was planned, if the file still holds what it was planned for."""
    if planned.outcome.state != "changed":
        return planned.outcome
    now, reason = read_bytes(planned.place, MAX_BYTES)
    fix = "run it again."
    if not reason and now != planned.raw:
        reason = "was changed by somebody else meanwhile"
    elif not reason and not os.access(planned.place, os.W_OK):
        reason, fix = "is write-protected", "make it writable."
    elif not reason:
        try:
            replace_file(planned.place, planned.new)
        except OSError as error:
            reason = f"cannot be written ({type(error).__name__})"
    if reason:
        return replace(planned.outcome, state="refused", reason=f"it {reason}", fix=fix)
    return replace(planned.outcome, written=True)
