"""What git ignores and what it keeps, asked in an empty repository of ours, so that nothing of theirs runs.

Git started inside a folder obeys the repository that it finds there: a promisor remote, a bare repository
in a subfolder, a file monitor, a filter or an alias each run a program of their owner's choice. Here git sees
a repository without settings; of the other one it reads working tree, index and `info/exclude` only. Where
git in the folder would refuse to answer, or knows more than it can be shown so, there is no answer.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.git_folder import GitSettings, Unusable, content_of, repository, repository_files

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from aicore_magics.base.git_folder import Repository

SECONDS = 10.0  # for one question to git
ALL_SECONDS = 30.0  # after which no further question is begun
MAX_REPOSITORIES = 50
MAX_SHARED_BYTES = 268_435_456
# Of the user's own settings git still reads these: what is ignored everywhere is told there.
_USERS_OWN = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
_OURS = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # Over the user's own setting: a trace would name every file, in a folder that is looked at perhaps.
    "GIT_TRACE2": "0",
    "GIT_TRACE2_EVENT": "0",
    "GIT_TRACE2_PERF": "0",
}


@dataclass(frozen=True, slots=True)
class GitAnswer:
    """Of the files asked about those for which git says yes, and why some could not be asked about.

    *unasked* holds one pair for each repository without an answer: its folder, and the reason.
    """

    files: frozenset[Path] = frozenset()
    unasked: tuple[tuple[Path, str], ...] = ()


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
    looked_at = [real for folder in within for real in _real(folder)]
    until = time.monotonic() + ALL_SECONDS
    for number, (work_tree, inside) in enumerate(_by_work_tree(files).items()):
        answer: set[Path] | str = f"there are more than {MAX_REPOSITORIES} repositories"
        if time.monotonic() > until:
            answer = f"git took longer than {ALL_SECONDS:g} s for the other repositories"
        elif number < MAX_REPOSITORIES:
            answer = _answer(words, work_tree, inside, looked_at)
        if isinstance(answer, str):
            unasked.append((work_tree, answer))
        else:
            yes |= answer
    return GitAnswer(frozenset(yes), tuple(unasked))


def _real(folder: Path) -> list[Path]:
    """Return where *folder* really lies: nowhere if it is none, or the current folder is gone."""
    try:
        return [Path(os.path.realpath(folder))]
    except (OSError, ValueError):
        return []


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
        theirs = repository_files(work_tree, looked_at)
        _refuse_strangers(theirs, {real.parent for real in files})
        with _empty_repository(theirs) as place:
            ask = partial(_run, place, program)
            options = _settings(ask, theirs, place[0])
            output = ask((*options, *words, *arguments), asked)
            if by_input and output:
                _refuse_absent_patterns(ask, options, work_tree, output)
    except Unusable as unusable:
        return str(unusable)
    except OSError as error:  # a full disk, or a repository that goes away meanwhile
        return f"git cannot be run ({type(error).__name__})"
    listed = (root + name for name in output.split(b"\0") if name)
    return {names[name] for name in listed if name in names}


def _settings(ask: Callable[[Sequence[str]], bytes], theirs: Repository, ours: Path) -> tuple[str, ...]:
    """Let our repository be of the same kind as *theirs*, and return the options that git needs for it."""
    common, of_tree = theirs.settings
    read = ("config", "-z", "--no-includes", "--list", "--file")
    listed = ask((*read, str(common))) if common.exists() else b""
    settings = GitSettings.parse(listed)
    if settings.of_working_tree and of_tree.exists():
        settings = GitSettings.parse(listed + ask((*read, str(of_tree))))
    # Beside a bare repository there may be working trees: what it says of itself is not about them.
    fault = "" if theirs.beside_first else settings.fault(theirs.git, theirs.work_tree)
    if fault:
        raise Unusable(fault)
    if settings.sha256:
        # Git from before 2.29 knows no extension of that name.
        text = "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n"
        (ours / "config").write_bytes(text.encode())
    return ("-c", "core.fsmonitor=false", *settings.words())


def _refuse_absent_patterns(
    ask: Callable[[Sequence[str]], bytes], options: Sequence[str], work_tree: Path, output: bytes
) -> None:
    """Give no answer about a file above which git would read a `.gitignore` out of its objects."""
    listed = ask((*options, "ls-files", "-z", "-t", "--full-name", "--", ":(top,glob)**/.gitignore"))
    sparse = (work_tree / os.fsdecode(entry[2:]) for entry in listed.split(b"\0") if entry.startswith(b"S "))
    above = {parent for name in output.split(b"\0") for parent in Path(os.fsdecode(name)).parents}
    if any(file.parent in above and not os.path.lexists(file) for file in sparse):
        raise Unusable("one of its .gitignore files is not checked out")


def _refuse_strangers(theirs: Repository, folders: Iterable[Path]) -> None:
    """Give no answer where somebody else has put a repository above the user's folder, as git does."""
    if os.name != "posix":
        return
    owner = theirs.git.stat().st_uid
    if owner != os.geteuid() and any(folder.stat().st_uid != owner for folder in folders):
        raise Unusable("it belongs to another user")


def _run(place: tuple[Path, dict[str, str]], program: str, words: Sequence[str], asked: bytes = b"") -> bytes:
    """Return what git answers. What it complains of it has not read: a pattern there may say the opposite."""
    folder, environment = place
    try:
        ended = subprocess.run(  # noqa: S603 - our own words, and paths behind `--`
            (program, *words),
            cwd=folder,
            env=environment,
            input=asked,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        fault = f"git did not answer within {SECONDS:g} s"
    except (OSError, ValueError) as error:
        fault = f"git cannot be started ({type(error).__name__})"
    else:
        # Of check-ignore, 1 means that none is ignored.
        if ended.returncode == 0 or ("check-ignore" in words and ended.returncode == 1):
            if not ended.stderr:
                return ended.stdout
            fault = "git cannot read the whole repository"
        else:
            fault = "git cannot read it"
    raise Unusable(fault)


@contextmanager
def _empty_repository(theirs: Repository) -> Iterator[tuple[Path, dict[str, str]]]:
    """A repository without objects and settings, and the environment that shows git *theirs* through it.

    Made by hand: `git init` would copy the user's template with its hooks, and is one more program.
    """
    exclude, shared = content_of(theirs.exclude), _shared_indexes(theirs.index.parent)
    with tempfile.TemporaryDirectory(prefix="aicore-magics-git-") as name:
        ours = Path(name)
        for folder in ("objects", "refs", "info"):
            (ours / folder).mkdir()
        (ours / "HEAD").write_bytes(b"ref: refs/heads/main\n")
        (ours / "config").write_bytes(b"[core]\n\trepositoryformatversion = 0\n")
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
        raise Unusable("its index is too large")
    return files


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
        raise Unusable("the program git was not found")
    return program
