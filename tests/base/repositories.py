"""Repositories of somebody else's, each of which has git run a program of theirs: one way each."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IDENTITY = ("-c", "user.name=anna", "-c", "user.email=anna@example.com", "-c", "protocol.file.allow=always")


def git(folder: Path, *words: str | Path) -> str:
    """Run git as somebody does who trusts the folder."""
    command = ["git", *IDENTITY, *map(str, words)]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def git_at_a_terminal(folder: Path, *words: str | Path) -> None:
    """Run git where it also starts its pager and its editor. How it ends does not matter."""
    ours, theirs = pty.openpty()
    try:
        command = ["git", *IDENTITY, *map(str, words)]
        environment = {**os.environ, "TERM": "xterm", "GIT_SSH_VARIANT": "simple"}
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=theirs,
                stderr=theirs,
                timeout=30,
                check=False,
            )
    finally:
        os.close(ours)
        os.close(theirs)


def a_repository(folder: Path, *words: str) -> Path:
    """A repository with files that git keeps, ignores, keeps and would ignore, and does not know."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", *words)
    for name in ("kept.json", "ignored.json", "both.json", "new.json", "sub/kept.json", "sub/ignored.json"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("{}")
    git(folder, "add", ".")
    git(folder, "rm", "-q", "--cached", "ignored.json", "sub/ignored.json", "new.json")
    (folder / ".gitignore").write_text("ignored.json\nboth.json\n")
    git(folder, "add", ".gitignore")
    git(folder, "commit", "-qm", "begin")
    return folder


@dataclass(frozen=True)
class Trap:
    """A repository that runs a program: *build* makes it of a plain one, git's words *spring* run it."""

    build: Callable[[Path, Path], None]
    spring: tuple[str, ...]
    below: str = ""  # the folder to stand in
    whole: bool = True  # whether all objects are there, so that it can be cloned


def _settings(folder: Path, **values: str | Path) -> None:
    for key, value in values.items():
        git(folder, "config", key.replace("_", ".", 1), value)


def _remote(folder: Path, url: str) -> None:
    git(folder, "remote", "add", "origin", url)
    _settings(folder, core_repositoryformatversion="1", extensions_partialClone="origin")
    git(folder, "config", "remote.origin.promisor", "true")
    # A pattern of which only the object is kept, and that is missing: git fetches it to know what it ignores.
    (folder / "sub" / ".gitignore").write_text("new.json\n")
    git(folder, "add", "sub/.gitignore")
    git(folder, "commit", "-qm", "pattern")
    blob = git(folder, "rev-parse", "HEAD:sub/.gitignore").strip()
    git(folder, "update-index", "--skip-worktree", "sub/.gitignore")
    (folder / "sub" / ".gitignore").unlink()
    (folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()


def _promisor(folder: Path, program: Path) -> None:
    _remote(folder, str(folder))
    git(folder, "config", "remote.origin.uploadpack", program)


def _ssh(folder: Path, program: Path) -> None:
    _remote(folder, "ssh://git@127.0.0.1/x.git")
    _settings(folder, core_sshCommand=program)


def _ext(folder: Path, program: Path) -> None:
    _remote(folder, f"ext::{program}")
    git(folder, "config", "protocol.ext.allow", "always")


def _hooks_path(folder: Path, program: Path) -> None:
    (folder / "hooks").mkdir()
    for name in ("pre-commit", "post-checkout", "post-index-change", "fsmonitor-watchman"):
        (folder / "hooks" / name).symlink_to(program)
    _settings(folder, core_hooksPath=folder / "hooks")


def _hooks(folder: Path, program: Path) -> None:
    for name in ("pre-commit", "post-checkout", "post-index-change"):
        (folder / ".git" / "hooks").mkdir(exist_ok=True)
        (folder / ".git" / "hooks" / name).symlink_to(program)


def _alias(folder: Path, program: Path) -> None:
    for name in ("check-ignore", "ls-files", "hello"):
        git(folder, "config", f"alias.{name}", f"!{program}")


def _filter(folder: Path, program: Path) -> None:
    for name in ("clean", "smudge"):
        git(folder, "config", f"filter.theirs.{name}", program)
    (folder / ".gitattributes").write_text("* filter=theirs\n")


def _diff(folder: Path, program: Path) -> None:
    git(folder, "config", "diff.theirs.command", program)
    git(folder, "config", "diff.theirs.textconv", program)
    (folder / ".gitattributes").write_text("* diff=theirs\n")
    (folder / "kept.json").write_text('{"a": 1}')


def _include(folder: Path, program: Path) -> None:
    (folder / "settings").write_text(f"[core]\n\tfsmonitor = {program}\n")
    git(folder, "config", "include.path", folder / "settings")


def _bare_inside(folder: Path, program: Path) -> None:
    bare = folder / "lib"
    git(folder, "init", "-q", "--bare", "lib")
    _settings(bare, core_bare="false", core_worktree=bare, core_fsmonitor=program)
    (bare / "kept.json").write_text("{}")


def _submodule(folder: Path, program: Path) -> None:
    other = a_repository(folder.parent / f"{folder.name}-other")
    git(folder, "submodule", "--quiet", "add", other, "module")
    git(folder / "module", "config", "core.fsmonitor", program)


def _linked_file(folder: Path, program: Path) -> None:
    """A `.git` that is a file, as working trees beside the first one have it."""
    (folder / ".git").rename(folder / ".git-elsewhere")
    (folder / ".git").write_text("gitdir: .git-elsewhere\n")
    _settings(folder, core_fsmonitor=program)


def _link_out(folder: Path, program: Path) -> None:
    _settings(folder, core_fsmonitor=program)
    outside = folder.parent / f"{folder.name}-outside"
    (folder / ".git").rename(outside)
    (folder / ".git").symlink_to(outside)


def _file_out(folder: Path, program: Path) -> None:
    _settings(folder, core_fsmonitor=program)
    outside = folder.parent / f"{folder.name}-outside"
    (folder / ".git").rename(outside)
    (folder / ".git").write_text(f"gitdir: {outside}\n")


def _worktree_settings(folder: Path, program: Path) -> None:
    _settings(folder, extensions_worktreeConfig="true")
    (folder / ".git" / "config.worktree").write_text(f"[core]\n\tfsmonitor = {program}\n")


TRAPS: dict[str, Trap] = {
    "promisor remote with uploadpack": Trap(_promisor, ("check-ignore", "sub/new.json"), whole=False),
    "promisor remote over ssh": Trap(_ssh, ("check-ignore", "sub/new.json"), whole=False),
    "promisor remote of type ext": Trap(_ext, ("check-ignore", "sub/new.json"), whole=False),
    "pager": Trap(lambda folder, program: _settings(folder, core_pager=program), ("-p", "ls-files")),
    "pager of one command": Trap(
        lambda folder, program: git(folder, "config", "pager.ls-files", program), ("ls-files",)
    ),
    "fsmonitor": Trap(lambda folder, program: _settings(folder, core_fsmonitor=program), ("status",)),
    "editor": Trap(lambda folder, program: _settings(folder, core_editor=program), ("commit", "--amend")),
    "signing program": Trap(
        lambda folder, program: _settings(folder, gpg_program=program),
        ("commit", "--amend", "-S", "--no-edit"),
    ),
    "external diff": Trap(
        lambda folder, program: (
            _settings(folder, diff_external=program),
            (folder / "kept.json").write_text("[]"),
        ),
        ("diff",),
    ),
    "hooksPath": Trap(_hooks_path, ("commit", "--allow-empty", "-m", "x")),
    "hooks": Trap(_hooks, ("commit", "--allow-empty", "-m", "x")),
    "alias": Trap(_alias, ("hello",)),
    "filter": Trap(_filter, ("add", "new.json")),
    "diff": Trap(_diff, ("diff",)),
    "include.path": Trap(_include, ("status",)),
    "bare repository inside": Trap(_bare_inside, ("status",), "lib"),
    "submodule": Trap(_submodule, ("status",), "module"),
    ".git is a file": Trap(_linked_file, ("status",)),
    ".git is a file that leads out": Trap(_file_out, ("status",)),
    ".git is a link that leads out": Trap(_link_out, ("status",)),
    "settings of the working tree": Trap(_worktree_settings, ("status",)),
}


def trap(name: str, folder: Path, program: Path, trace: Path) -> Path:
    """Make the repository *name* in *folder*. Whenever it runs *program*, the file *trace* comes to be."""
    program.write_text(f"#!/bin/sh\ntouch '{trace}'\nexit 1\n")
    program.chmod(0o755)
    TRAPS[name].build(a_repository(folder), program)
    trace.unlink(missing_ok=True)  # making it may have sprung it
    return folder


def spring(name: str, folder: Path) -> None:
    """Do what runs the program of the repository *name*, as somebody who trusts it."""
    git_at_a_terminal(folder / TRAPS[name].below, *TRAPS[name].spring)
