"""What git ignores and keeps is told as git tells it, and nothing of the folder's is run for that."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from aicore_magics.base import git as asked
from aicore_magics.base.git import GitAnswer, ignored, kept, repository
from tests.leaks.repositories import TRAPS, a_repository, git, spring, trap

NAMES = ("kept.json", "ignored.json", "both.json", "new.json", "sub/kept.json", "sub/ignored.json")


@pytest.fixture
def repo(tmp_path):
    """A plain repository."""
    return a_repository(tmp_path / "repo")


def files_below(folder):
    return [
        Path(root, name)
        for root, folders, names in os.walk(folder)
        if not folders.__contains__(None) and ".git" not in Path(root).parts
        for name in names
    ]


def gits_own(folder, files):
    """What git itself ignores of *files*, in a folder that is trusted."""
    names = b"\0".join(os.fsencode(file) for file in files)
    told = subprocess.run(
        ["git", "check-ignore", "-z", "--stdin"], cwd=folder, input=names, capture_output=True, check=False
    )
    assert told.returncode in (0, 1), told.stderr
    return {Path(os.fsdecode(name)) for name in told.stdout.split(b"\0") if name}


def gits_kept(folder, files):
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=folder, capture_output=True, check=True).stdout
    there = {folder / os.fsdecode(name) for name in listed.split(b"\0") if name}
    return {file for file in files if file in there}


def nested(folder):
    (folder / "sub" / ".gitignore").write_text("!ignored.json\nkept.json\ndeep/\n")
    (folder / "sub" / "deep").mkdir()
    (folder / "sub" / "deep" / "x.json").write_text("{}")


def excludes(folder):
    (folder / ".git" / "info").mkdir(exist_ok=True)
    (folder / ".git" / "info" / "exclude").write_text("new.json\n*.y\\ ml\n")
    (folder / "a.y ml").write_text("")


def users_own(folder):
    patterns = Path(os.environ["HOME"], "patterns")
    patterns.write_text("new.json\n")
    git(folder, "config", "--global", "core.excludesFile", patterns)


def odd_names(folder):
    for name in ("ä b.json", "a\nb.json", "[a]*.json", ":(top)x.json", "-x.json", "\udcff.json"):
        (folder / name).write_text("{}")
        (folder / "sub" / name).write_text("{}")
    (folder / ".gitignore").write_bytes("ä b.json\n\\[a\\]*.json\n-x.json\n".encode())
    git(folder, "add", "--", "sub/:(top)x.json")


def split_index(folder):
    git(folder, "update-index", "--split-index")
    (folder / "later.json").write_text("{}")
    git(folder, "add", "later.json")


def no_commit(folder):
    shutil.rmtree(folder / ".git")
    git(folder, "init", "-q")


def linked_inside(folder):
    (folder / ".git").rename(folder / "data")
    (folder / ".git").symlink_to("data")


def untracked_cache(folder):
    git(folder, "update-index", "--force-untracked-cache")
    git(folder, "status")


@pytest.mark.parametrize(
    "change",
    [
        nested,
        excludes,
        users_own,
        odd_names,
        split_index,
        no_commit,
        linked_inside,
        untracked_cache,
        lambda folder: None,
    ],
)
def test_the_same_as_git_itself(repo, change):
    """For each kind of pattern, name and index our answers are those that git gives in the folder."""
    change(repo)
    files = files_below(repo)
    assert len(files) >= len(NAMES)
    assert ignored(files) == GitAnswer(frozenset(gits_own(repo, files)))
    assert kept(files) == GitAnswer(frozenset(gits_kept(repo, files)))


def test_longer_digests(tmp_path):
    """So it is in a repository with SHA-256."""
    folder = a_repository(tmp_path / "repo", "--object-format=sha256")
    assert ignored(folder / name for name in NAMES).files == {
        folder / "ignored.json",
        folder / "sub/ignored.json",
    }
    assert folder / "both.json" in kept([folder / "both.json", folder / "new.json"]).files


def test_relative_paths_and_links_to_the_folder(repo, monkeypatch, tmp_path):
    """Files are given back as they were named: from the working folder, or through a link to a folder."""
    monkeypatch.chdir(repo)
    assert ignored([Path("ignored.json"), Path("new.json")]).files == {Path("ignored.json")}
    link = tmp_path / "link"
    link.symlink_to(repo / "sub")
    assert ignored([link / "ignored.json"]).files == {link / "ignored.json"}
    assert kept([link / "kept.json"]).files == {link / "kept.json"}


def test_two_repositories(repo):
    """Each file is asked for in the repository that it is in."""
    inner = a_repository(repo / "inner")
    (inner / ".gitignore").write_text("new.json")
    files = [inner / "new.json", repo / "new.json", repo / "ignored.json"]
    assert ignored(files).files == {inner / "new.json", repo / "ignored.json"}


def test_a_working_tree_beside_the_first_one(repo, tmp_path):
    """A `.git` that is a file is followed inside the folder that is looked at, and not out of it."""
    tree = repo.parent / "tree"
    git(repo, "worktree", "add", "-q", tree)
    (tree / "ignored.json").write_text("{}")
    assert ignored([tree / "ignored.json"], within=[tmp_path]).files == {tree / "ignored.json"}
    assert kept([tree / "kept.json"], within=[tmp_path]).files == {tree / "kept.json"}
    assert ignored([tree / "ignored.json"], within=[tree]) == GitAnswer(
        frozenset(), ((tree, "its .git leads out of the folder"),)
    )


def test_a_submodule(repo, tmp_path):
    """A submodule's settings lie in the outer repository: followed where that is looked at."""
    other = a_repository(tmp_path / "other")
    git(repo, "submodule", "--quiet", "add", other, "module")
    file = repo / "module" / "ignored.json"
    file.write_text("{}")
    assert ignored([file], within=[repo]).files == {file}
    assert ignored([file], within=[repo / "module"]).unasked[0][1] == "its .git leads out of the folder"


def test_no_repository_and_none_of_files(tmp_path):
    """Outside of any repository nothing is ignored, and there is nothing to say."""
    assert ignored([tmp_path / "a.json"]) == ignored([]) == GitAnswer()
    assert repository(tmp_path) is None


@pytest.mark.parametrize("path", ["", ".", "bin", "{repo}", "{repo}/bin", "{link}"])
def test_a_git_in_the_folder_is_not_run(repo, tmp_path, monkeypatch, path):
    """A program named git that lies in the folder is passed by, whichever way PATH leads there."""
    trace, link = tmp_path / "trace", tmp_path / "link"
    link.symlink_to(repo / "bin")
    (repo / "bin").mkdir()
    for place in (repo / "git", repo / "bin" / "git"):
        place.write_text(f"#!/bin/sh\ntouch '{trace}'\n")
        place.chmod(0o755)
    monkeypatch.chdir(repo)
    entry = path.format(repo=repo, link=link)
    monkeypatch.setenv("PATH", f"{entry}:{os.environ['PATH']}")
    assert ignored([repo / "ignored.json"]).files == {repo / "ignored.json"}
    assert ignored([repo / "sub" / "ignored.json"], within=[repo]).files
    monkeypatch.setenv("PATH", entry)
    answer = ignored([repo / "ignored.json"])
    assert answer == GitAnswer(frozenset(), ((repo, "the program git was not found"),))
    assert not trace.exists()


def test_a_git_that_does_not_answer(repo, tmp_path, monkeypatch):
    """A git that takes too long is not waited for, and that is told."""
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:/usr/bin:/bin")
    monkeypatch.setattr(asked, "SECONDS", 0.2)
    assert ignored([repo / "ignored.json"]).unasked == ((repo, "git gave no answer within 0.2 s"),)


def broken_index(folder):
    (folder / ".git" / "index").write_bytes(b"no index")


def piped_index(folder):
    (folder / ".git" / "index").unlink()
    os.mkfifo(folder / ".git" / "index")


def index_out(folder):
    outside = folder.parent / "index"
    (folder / ".git" / "index").rename(outside)
    (folder / ".git" / "index").symlink_to(outside)


def exclude_out(folder):
    exclude = folder / ".git" / "info" / "exclude"
    exclude.unlink(missing_ok=True)
    exclude.parent.mkdir(exist_ok=True)
    exclude.symlink_to("/etc/passwd")


def pointer_without_end(folder):
    shutil.rmtree(folder / ".git")
    (folder / ".git").write_text("gitdir: " + 5_000 * "x")


def pointer_to_nowhere(folder):
    shutil.rmtree(folder / ".git")
    (folder / ".git").write_text("gitdir: nowhere\n")


def no_pointer(folder):
    shutil.rmtree(folder / ".git")
    (folder / ".git").write_bytes(b"\xff\0")


def pipe_for_a_folder(folder):
    shutil.rmtree(folder / ".git")
    os.mkfifo(folder / ".git")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (broken_index, "git cannot read it"),
        (piped_index, "its index is no regular file"),
        (index_out, "its index leads out of the folder"),
        (exclude_out, "its exclude leads out of the folder"),
        (pointer_without_end, "its .git is too large"),
        (pointer_to_nowhere, "its .git is no folder of git's"),
        (no_pointer, "its .git names no folder"),
        (pipe_for_a_folder, "its .git is no folder of git's"),
    ],
)
def test_a_repository_that_is_none(repo, change, reason):
    """What git cannot read, and what leads out of the folder, is told with its reason; nothing is ignored."""
    change(repo)
    assert ignored([repo / "ignored.json"]) == GitAnswer(frozenset(), ((repo, reason),))
    assert kept([repo / "kept.json"]).unasked == ((repo, reason),)


def test_many_repositories(repo, monkeypatch):
    """Of too many repositories the last ones are not asked about, and that is told."""
    monkeypatch.setattr(asked, "MAX_REPOSITORIES", 1)
    inner = a_repository(repo / "inner")
    answer = ignored([repo / "ignored.json", inner / "ignored.json"])
    assert answer == GitAnswer(
        frozenset([repo / "ignored.json"]), ((inner, "there are more than 1 repositories"),)
    )


def test_an_index_in_large_parts(repo, monkeypatch):
    """Parts of an index that are too large to copy are not copied, and that is told."""
    split_index(repo)
    monkeypatch.setattr(asked, "MAX_SHARED_BYTES", 1)
    assert ignored([repo / "ignored.json"]).unasked == ((repo, "its index is too large"),)


def test_nothing_in_the_folder_is_changed(repo):
    """After the questions each file of the repository is the same, its date included."""
    split_index(repo)
    before = {path: path.lstat() for path in sorted(repo.rglob("*"))}
    ignored([repo / "ignored.json"])
    kept([repo / "kept.json"])
    after = {path: path.lstat() for path in sorted(repo.rglob("*"))}
    assert [(path, each.st_mtime_ns, each.st_size) for path, each in before.items()] == [
        (path, each.st_mtime_ns, each.st_size) for path, each in after.items()
    ]


@pytest.mark.parametrize("name", TRAPS)
def test_no_program_of_the_repository_is_run(name, tmp_path):
    """Whatever program a repository names, our questions start it never; git in the folder does."""
    trace = tmp_path / "trace"
    folder = trap(name, tmp_path / "theirs", tmp_path / "program", trace)
    for below in {folder, folder / TRAPS[name].below, folder / "sub"}:
        ignored([below / "new.json", below / "ignored.json"], within=[folder])
        kept([below / "kept.json"], within=[folder])
    assert not trace.exists()
    spring(name, folder)
    assert trace.exists(), "the trap is none"
