"""What git ignores and what it keeps, asked in an empty repository of ours, so that nothing of theirs runs.

Git started inside a folder obeys the repository that it finds there: a promisor remote, a bare repository
in a subfolder, a file monitor, a filter or an alias each run a program of their owner's choice. Here git sees
a repository without settings; of the other one it reads working tree, index and `info/exclude` only.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

SECONDS = 10.0  # for one question to git
MAX_REPOSITORIES = 50
MAX_READ_BYTES = 1_048_576  # of `info/exclude` and `config`
MAX_SHARED_BYTES = 268_435_456
# The one setting of theirs that matters: git tells the digests of an index apart by nothing else.
_SHA256 = re.compile(rb"(?im)^[ \t]*objectformat[ \t]*=[ \t]*\"?sha256\"?[ \t]*\r?$")
_LARGEST_POINTER = 4_096  # bytes of a `.git` or `commondir` file: one path
# Of the user's own settings git still reads these: what is ignored everywhere is told there.
_USERS_OWN = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
_OURS = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


@dataclass(frozen=True, slots=True)
class GitAnswer:
    """Of the files asked about those for which git says yes, and why some could not be asked about.

    *unasked* holds one pair for each repository without an answer: its folder, and the reason.
    """

    files: frozenset[Path] = frozenset()
    unasked: tuple[tuple[Path, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Repository:
    """The files of a repository that git may read: *index* and *exclude* may not exist."""

    work_tree: Path
    index: Path
    exclude: Path
    sha256: bool


class _Unusable(Exception):
    """Git gives no answer about a repository, for this reason."""


def repository(folder: Path) -> Path | None:
    """Return the working tree of the git repository that *folder* really lies in, None outside of any."""
    place = Path(os.path.realpath(folder))
    return next((each for each in (place, *place.parents) if os.path.lexists(each / ".git")), None)


def ignored(files: Iterable[Path], *, within: Collection[Path] = ()) -> GitAnswer:
    """Return those of *files* that git ignores; what it keeps already is not ignored, whatever is written.

    *within* are the folders that somebody asked to look at: no program that lies inside is run, and a `.git`
    that is a link or a file is followed only inside these, or inside the folder that it lies in.
    """
    return _ask(("check-ignore", "-z", "--stdin"), files, within)


def kept(files: Iterable[Path], *, within: Collection[Path] = ()) -> GitAnswer:
    """Return those of *files* that git keeps already: for them a line in `.gitignore` comes too late."""
    return _ask(("--literal-pathspecs", "ls-files", "-z", "--full-name", "--cached"), files, within)


def _ask(words: tuple[str, ...], files: Iterable[Path], within: Collection[Path]) -> GitAnswer:
    yes: set[Path] = set()
    unasked: list[tuple[Path, str]] = []
    looked_at = [Path(os.path.realpath(folder)) for folder in within]
    for number, (work_tree, inside) in enumerate(_by_work_tree(files).items()):
        answer: set[Path] | str = f"there are more than {MAX_REPOSITORIES} repositories"
        if number < MAX_REPOSITORIES:
            answer = _answer(words, work_tree, inside, looked_at)
        if isinstance(answer, str):
            unasked.append((work_tree, answer))
        else:
            yes |= answer
    return GitAnswer(frozenset(yes), tuple(unasked))


def _by_work_tree(files: Iterable[Path]) -> dict[Path, dict[Path, Path]]:
    """For each repository its files: the real place of each, and the path that it was named by."""
    repositories: dict[Path, Path | None] = {}
    grouped: dict[Path, dict[Path, Path]] = {}
    for file in files:
        if file.parent not in repositories:
            repositories[file.parent] = repository(file.parent)
        work_tree = repositories[file.parent]
        if work_tree:
            real = Path(os.path.realpath(file.parent), file.name)
            grouped.setdefault(work_tree, {})[real] = file
    return grouped


def _answer(
    words: tuple[str, ...], work_tree: Path, files: dict[Path, Path], looked_at: Sequence[Path]
) -> set[Path] | str:
    """Return those of *files* for which git says yes, or why it could not be asked."""
    names = {os.fsencode(real): named for real, named in files.items()}
    # check-ignore reads names and repeats them; ls-files takes arguments, and writes from the root on.
    by_input = "--stdin" in words
    arguments = () if by_input else ("--", *map(os.fsdecode, names))
    asked = b"\0".join(names) + b"\0" if by_input else b""
    root = b"" if by_input else os.fsencode(work_tree / "_")[:-1]
    try:
        program = _program((work_tree, *looked_at))
        with _empty_repository(_repository(work_tree, looked_at)) as (folder, environment):
            command = (program, "-c", "core.fsmonitor=false", *words, *arguments)
            output = _run(command, folder, environment, asked)
    except _Unusable as reason:
        return str(reason)
    except OSError as error:  # a full disk, or a repository that goes away meanwhile
        return f"git cannot be asked ({type(error).__name__})"
    listed = (root + name for name in output.split(b"\0") if name)
    return {names[name] for name in listed if name in names}


def _run(command: Sequence[str], folder: Path, environment: dict[str, str], asked: bytes) -> bytes:
    """What git answers."""
    try:
        ended = subprocess.run(  # noqa: S603 - our own words, and paths behind `--`
            command,
            cwd=folder,
            env=environment,
            input=asked,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        fault = f"git gave no answer within {SECONDS:g} s"
    except (OSError, ValueError) as error:
        fault = f"git cannot be started ({type(error).__name__})"
    else:
        # Of check-ignore, 1 means that none is ignored.
        if ended.returncode == 0 or ("check-ignore" in command and ended.returncode == 1):
            return ended.stdout
        fault = "git cannot read it"
    raise _Unusable(fault)


@contextmanager
def _empty_repository(theirs: _Repository) -> Iterator[tuple[Path, dict[str, str]]]:
    """A repository without objects and settings, and the environment that shows git *theirs* through it.

    Made by hand: `git init` would copy the user's template with its hooks, and is one more program.
    """
    exclude, shared = _start_of(theirs.exclude), _shared_indexes(theirs.index.parent)
    # Git from before 2.29 knows no extension of that name.
    settings = "[extensions]\n\tobjectformat = sha256\n" if theirs.sha256 else ""
    version = 1 if theirs.sha256 else 0
    with tempfile.TemporaryDirectory(prefix="aicore-magics-git-") as name:
        ours = Path(name)
        for folder in ("objects", "refs", "info"):
            (ours / folder).mkdir()
        (ours / "HEAD").write_bytes(b"ref: refs/heads/main\n")
        (ours / "config").write_bytes(f"[core]\n\trepositoryformatversion = {version}\n{settings}".encode())
        (ours / "info" / "exclude").write_bytes(exclude)
        for file in shared:
            shutil.copyfile(file, ours / file.name)
        users = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        users |= {key: os.environ[key] for key in _USERS_OWN if key in os.environ}
        places = {"GIT_DIR": ours, "GIT_WORK_TREE": theirs.work_tree, "GIT_INDEX_FILE": theirs.index}
        yield ours, {**users, **_OURS, **{key: str(place) for key, place in places.items()}}


def _shared_indexes(folder: Path) -> list[Path]:
    """The other parts of a split index. They are copied, for git renews the date of one that it reads."""
    files = [file for file in folder.glob("sharedindex.*") if file.is_file() and not file.is_symlink()]
    if sum(file.stat().st_size for file in files) > MAX_SHARED_BYTES:
        raise _Unusable("its index is too large")
    return files


def _repository(work_tree: Path, looked_at: Sequence[Path]) -> _Repository:
    """Find index and excludes of the repository in *work_tree*, as git does, but not out of the folder."""
    bounds = (work_tree, *looked_at)
    git = _inside(work_tree / ".git", bounds)
    if git.is_file():
        git = _inside(work_tree / _pointed_at(git, "gitdir: "), bounds, ".git")
    if not git.is_dir():
        raise _Unusable("its .git is no folder of git's")
    common = git
    if (git / "commondir").is_file():  # a working tree beside the first one
        common = _inside(git / _pointed_at(_inside(git / "commondir", bounds)), bounds, "commondir")
    places = (git / "index", common / "info" / "exclude", common / "config")
    index, exclude, config = (_inside(file, bounds) for file in places)
    for file in (index, exclude, config):
        if file.exists() and not file.is_file():  # a pipe would be waited for
            raise _Unusable(f"its {file.name} is no regular file")
    return _Repository(work_tree, index, exclude, sha256=bool(_SHA256.search(_start_of(config))))


def _inside(place: Path, bounds: Sequence[Path], named_by: str = "") -> Path:
    """Return where *place* really lies, if that is inside one of *bounds*. A file *named_by* may name it."""
    real = Path(os.path.realpath(place))
    if not any(real.is_relative_to(folder) for folder in bounds):
        raise _Unusable(f"its {named_by or place.name} leads out of the folder")
    return real


def _pointed_at(file: Path, before: str = "") -> str:
    """Return the path that a one-line file of git's names behind *before*."""
    try:
        if file.stat().st_size > _LARGEST_POINTER:
            raise _Unusable(f"its {file.name} is too large")
        text = os.fsdecode(file.read_bytes()).rstrip("\r\n")
    except OSError as error:
        raise _Unusable(f"its {file.name} cannot be read ({type(error).__name__})") from None
    if not text.startswith(before) or "\0" in text:
        raise _Unusable(f"its {file.name} names no folder")
    return text.removeprefix(before)


def _start_of(file: Path) -> bytes:
    """Return what *file* begins with; nothing if there is no such file."""
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_READ_BYTES)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _Unusable(f"its {file.name} cannot be read ({type(error).__name__})") from None


def _program(looked_at: Iterable[Path]) -> str:
    """Return the path of git: never one in a folder that is looked at, nor one in "the current folder"."""
    folders = [Path(entry) for entry in os.environ.get("PATH", os.defpath).split(os.pathsep)]
    mine = [
        folder
        for folder in folders
        if folder.is_absolute()
        and not any(Path(os.path.realpath(folder)).is_relative_to(place) for place in looked_at)
    ]
    program = shutil.which("git", path=os.pathsep.join(map(str, mine)))
    # On Windows `which` looks into the current folder first, whatever the path says.
    if program is None or Path(program).parent not in mine:
        raise _Unusable("the program git was not found")
    return program
