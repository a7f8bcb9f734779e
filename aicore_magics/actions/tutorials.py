"""The tutorials that come with this package, copied to a folder where they can be run and changed."""

from __future__ import annotations

import errno
import json
import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from aicore_magics.base.files import at_home, is_there, read_bytes, short_path
from aicore_magics.base.folders import NotWritten
from aicore_magics.base.plural import count
from aicore_magics.base.report import Code, Report, Step, Table
from aicore_magics.base.result import Done
from aicore_magics.base.tokens import without_tokens
from aicore_magics.base.write_files import FAULTS, create
from aicore_magics.errors import InvalidFile
from aicore_magics.next_steps import Command, Effect

INDEX = "index.ipynb"
MAX_BYTES = 4 * 1024 * 1024  # of a file there; ours are far smaller
_PACKAGE = Path(__file__).parents[1]
_ANOTHER = "choose another folder."
_IN_THE_WAY = ("a file has the name of its folder", "choose another folder")
_FAULTS = {**FAULTS, errno.EEXIST: _IN_THE_WAY, errno.ENOTDIR: _IN_THE_WAY}
# What a notebook or a page links to, or shows: a path, with no scheme and not from the root.
_LINK = re.compile(r'(?:\]\(|src=\\?")(?![a-z]+:|[/#])([^)"#\s\\]+)')


@dataclass(frozen=True, repr=False)
class TutorialsCopied(Done):
    """The tutorials are in a folder: files that were *written*, and those that were *there* already.

    *folder* is as it was given, *place* where that is. *titles* are those of the notebooks, by file.
    """

    folder: str
    titles: tuple[tuple[str, str], ...]
    written: tuple[str, ...]
    there: tuple[str, ...]
    place: str = ""

    def report(self) -> Report:
        """Where they are, and how to open the first."""
        headline = (
            f"Tutorials copied to {self.place}" if self.written else f"Tutorials already in {self.place}"
        )
        kept = (
            f"{count(len(self.there), 'file')} already there; not changed."
            if self.written and self.there
            else ""
        )
        rows = tuple((Code(file), title) for file, title in self.titles)
        path = str(at_home(self.folder) / INDEX)
        return Report(
            headline,
            "done",
            (kept,) if kept else (),
            table=Table(("File", "Title"), rows),
            steps=(Step("open the list of tutorials", (Command(f"jupyter lab {shlex.quote(path)}"),)),),
        )


def copy_tutorials(folder: str) -> TutorialsCopied:
    """Copy the tutorials, with the pages and pictures that they show, to *folder*, which is made if need be.

    A file that is there already stays as it is. Raises InvalidFile, and writes nothing, if one of them was
    changed; and where *folder* cannot be written to.
    """
    source = tutorials_folder()
    files = {name: (source / name).read_bytes() for name in _needed(source)}
    shown = without_tokens(folder)
    if not folder.strip():  # as of a variable that is not set
        raise InvalidFile("an empty path is not a folder", Effect.NOTHING_WRITTEN, "name one; . is this one.")
    try:
        target = Path(os.path.realpath(at_home(folder)))
    except ValueError:  # a null in it
        raise InvalidFile(f"{shown!r} is not a path", Effect.NOTHING_WRITTEN, _ANOTHER) from None
    except FileNotFoundError:
        raise InvalidFile(
            "the working folder no longer exists",
            Effect.NOTHING_WRITTEN,
            "change to a folder that exists, then run it again.",
        ) from None
    there = [name for name in files if is_there(target / name)]
    changed = [name for name in there if read_bytes(target / name, MAX_BYTES)[0] != files[name]]
    if changed:
        raise InvalidFile(
            f"{shown} has other versions of {count(len(changed), 'file')}",
            Effect.NOTHING_WRITTEN,
            "choose another folder, or move these files away.",
            lines=tuple(changed),
        )
    written = [name for name in files if name not in there]
    for number, name in enumerate(written):
        if fault := _fault_of_writing(target / name, files[name]):
            effect = f"{count(number, 'file')} written before that." if number else None
            raise InvalidFile(
                f"the file {name} in {shown} {fault.reason}",
                Effect.NOTHING_WRITTEN,
                f"{fault.fix}.",
                words=effect,
            )
    titles = tuple((name, _title(files[name])) for name in files if name.endswith(".ipynb"))
    return TutorialsCopied(folder, titles, tuple(written), tuple(there), short_path(target))


def _fault_of_writing(place: Path, raw: bytes) -> NotWritten | None:
    """Make the file *place*, and its folder if need be; return what hinders that."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        create(place, raw)
    except OSError as error:
        reason, fix = _FAULTS.get(error.errno or 0, (type(error).__name__, "choose another folder"))
        return NotWritten(f"cannot be written ({reason})", fix)
    except NotWritten as fault:
        return fault
    return None


def tutorials_folder() -> Path:
    """Return the folder of the tutorials: in the package, or next to it in a checkout."""
    installed = _PACKAGE / "tutorials"
    return installed if installed.is_dir() else _PACKAGE.parent / "notebooks"


def _needed(source: Path) -> list[str]:
    """The notebooks in *source*, the list first, then whatever they link to."""
    notebooks = sorted(path.name for path in source.glob("*.ipynb"))
    needed = sorted(notebooks, key=lambda name: name != INDEX)
    for name in needed:
        path = source / name
        text = path.read_text("utf-8") if path.suffix in (".ipynb", ".md") else ""
        for link in _LINK.findall(text):
            linked = os.path.normpath(Path(name).parent / link).replace(os.sep, "/")
            if linked not in needed and not linked.startswith("..") and (source / linked).is_file():
                needed.append(linked)  # and read in its turn
    return needed


def _title(raw: bytes) -> str:
    """The heading that a notebook begins with."""
    first = "".join(json.loads(raw)["cells"][0]["source"])
    return first.partition("\n")[0].lstrip("# ")
