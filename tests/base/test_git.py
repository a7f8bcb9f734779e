"""What git ignores and keeps is told as git tells it, and nothing of the folder's is run for that."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from aicore_magics.base import git as asked
from aicore_magics.base.git import GitAnswer, ignored, kept
from aicore_magics.base.git_folder import repository
from tests.base.repositories import TRAPS, a_repository, git, spring, trap

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
        frozenset(), ((tree, "its .git points outside the folder"),)
    )


def test_a_submodule(repo, tmp_path):
    """A submodule's settings lie in the outer repository: followed where that is looked at."""
    other = a_repository(tmp_path / "other")
    git(repo, "submodule", "--quiet", "add", other, "module")
    file = repo / "module" / "ignored.json"
    file.write_text("{}")
    assert ignored([file], within=[repo]).files == {file}
    assert ignored([file], within=[repo / "module"]).unasked[0][1] == "its .git points outside the folder"


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
    assert ignored([repo / "ignored.json"]).unasked == ((repo, "git did not answer within 0.2 s"),)


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
        (piped_index, "its index is not a regular file"),
        (index_out, "its index points outside the folder"),
        (exclude_out, "its exclude points outside the folder"),
        (pointer_without_end, "its .git is too large"),
        (pointer_to_nowhere, "its .git is not a git folder"),
        (no_pointer, "its .git does not name a folder"),
        (pipe_for_a_folder, "its .git is not a git folder"),
    ],
)
def test_a_repository_that_is_none(repo, change, reason):
    """What git cannot read, and what leads out of the folder, is told with its reason; nothing is ignored."""
    change(repo)
    assert ignored([repo / "ignored.json"]) == GitAnswer(frozenset(), ((repo, reason),))
    assert kept([repo / "kept.json"]).unasked == ((repo, reason),)


def no_repository(folder):
    (folder / "sub" / ".git").mkdir()


def half_a_repository(folder):
    git(folder / "sub", "init", "-q")
    shutil.rmtree(folder / "sub" / ".git" / "objects")


def head_of_nothing(folder):
    git(folder / "sub", "init", "-q")
    (folder / "sub" / ".git" / "HEAD").write_text("main\n")


def pointer_to_nothing(folder):
    (folder / "sub" / "data").mkdir()
    (folder / "sub" / ".git").write_text("gitdir: data\n")


def link_to_nothing(folder):
    (folder / "sub" / "data").mkdir()
    (folder / "sub" / ".git").symlink_to("data")


@pytest.mark.parametrize(
    "change", [no_repository, half_a_repository, head_of_nothing, pointer_to_nothing, link_to_nothing]
)
def test_what_only_looks_like_a_repository(repo, change):
    """Where git does not see a repository, nothing counts as ignored: the outer one may keep the file."""
    (repo / "sub" / "both.json").write_text("{}")
    git(repo, "add", "-f", "sub/both.json")
    change(repo)
    answer = ignored([repo / "sub" / "both.json"])
    assert answer == GitAnswer(frozenset(), ((repo / "sub", "its .git is not a repository"),))


def long_exclude(folder):
    """The last line of the excludes takes the first one back."""
    exclude = folder / ".git" / "info" / "exclude"
    exclude.parent.mkdir(exist_ok=True)
    exclude.write_text("new.json\n" + 11_000 * f"{99 * '#'}\n" + "!new.json\n")


def sparse_index(folder):
    """The index knows of a folder only that it is there; which files git keeps in it, its objects know."""
    (folder / "far").mkdir()
    (folder / "far" / "ignored.json").write_text("{}")
    git(folder, "add", "-f", "far/ignored.json")
    git(folder, "commit", "-qm", "far")
    git(folder, "sparse-checkout", "set", "--cone", "--sparse-index", "sub")
    (folder / "far").mkdir(exist_ok=True)
    (folder / "far" / "ignored.json").write_text("{}")


def absent_patterns(folder):
    """The pattern that takes back an outer one is not checked out."""
    patterns = folder / "sub" / ".gitignore"
    patterns.write_text("!ignored.json\n")
    git(folder, "add", "sub/.gitignore")
    git(folder, "commit", "-qm", "patterns")
    git(folder, "update-index", "--skip-worktree", "sub/.gitignore")
    patterns.unlink()


def another_working_tree(folder):
    (folder / "elsewhere").mkdir()
    git(folder, "config", "core.worktree", folder / "elsewhere")


def no_working_tree(folder):
    git(folder, "config", "core.bare", "true")


def later_format(folder):
    git(folder, "config", "core.repositoryFormatVersion", "2")


def broken_settings(folder):
    (folder / ".git" / "config").write_text("[core\n")


@pytest.mark.parametrize(
    ("change", "name", "reason"),
    [
        (long_exclude, "new.json", "its exclude is too large"),
        (sparse_index, "far/ignored.json", "git cannot read the whole repository"),
        (absent_patterns, "sub/ignored.json", "one of its .gitignore files is not checked out"),
        (another_working_tree, "ignored.json", "its working tree is another folder"),
        (no_working_tree, "ignored.json", "it has no working tree"),
        (later_format, "ignored.json", "its format is unknown"),
        (broken_settings, "ignored.json", "git cannot read it"),
    ],
)
def test_what_git_knows_and_we_cannot_show_it(repo, change, name, reason):
    """Where git in the folder would read more than it can be shown, or refuse, nothing counts as ignored."""
    change(repo)
    assert gits_own_answer(repo, repo / name) != 0
    assert ignored([repo / name]) == GitAnswer(frozenset(), ((repo, reason),))


def gits_own_answer(folder, file):
    """The exit status of git's own answer: 0 if it ignores *file*."""
    command = ["git", "check-ignore", "-q", file]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode


def other_case(folder):
    (folder / ".gitignore").write_text("*.json\n!NEW.json\n")
    git(folder, "config", "core.ignoreCase", "true")


def other_case_ignored(folder):
    (folder / ".gitignore").write_text("NEW.json\n")
    git(folder, "config", "core.ignoreCase", "true")


def no_excludes(folder):
    users_own(folder)
    git(folder, "config", "core.excludesFile", "")


def other_excludes(folder):
    users_own(folder)
    (folder / "patterns").write_text("nothing\n")
    git(folder, "config", "core.excludesFile", folder / "patterns")


def included_excludes(folder):
    users_own(folder)
    (folder / "settings").write_text('[core]\n\texcludesFile = ""\n')
    git(folder, "config", "include.path", folder / "settings")


def excludes_of_the_tree(folder):
    users_own(folder)
    git(folder, "config", "extensions.worktreeConfig", "true")
    git(folder, "config", "--worktree", "core.excludesFile", "")


@pytest.mark.parametrize(
    "change",
    [
        other_case,
        other_case_ignored,
        no_excludes,
        other_excludes,
        included_excludes,
        excludes_of_the_tree,
        users_own,
    ],
)
def test_settings_that_change_what_is_ignored(repo, change):
    """Settings of the repository that change what git ignores change our answer in the same way."""
    change(repo)
    files = files_below(repo)
    assert ignored(files) == GitAnswer(frozenset(gits_own(repo, files)))


def test_working_trees_beside_a_bare_repository(tmp_path):
    """A working tree beside a repository that is itself bare is asked about like any other one."""
    bare = tmp_path / "bare"
    git(tmp_path, "clone", "-q", "--bare", a_repository(tmp_path / "repo"), bare)
    git(bare, "worktree", "add", "-q", tmp_path / "tree")
    (tmp_path / "tree" / "ignored.json").write_text("{}")
    files = [tmp_path / "tree" / "ignored.json", tmp_path / "tree" / "both.json"]
    assert ignored(files, within=[tmp_path]) == GitAnswer(frozenset(files[:1]))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_somebody_else(repo):
    """A repository that another user has put above a folder says nothing about the files in it."""
    mine = repo / "mine"
    mine.mkdir()
    (mine / "ignored.json").write_text("{}")
    os.chown(repo / ".git", 12_345, -1)
    assert ignored([mine / "ignored.json"]).unasked == ((repo, "it belongs to another user"),)
    os.chown(mine, 12_345, -1)
    assert ignored([mine / "ignored.json"]).files == {mine / "ignored.json"}


def test_slow_answers_have_an_end(repo, monkeypatch):
    """Repositories that each take git its time are not all waited for, and that is told."""
    inner = a_repository(repo / "inner")
    monkeypatch.setattr(asked, "ALL_SECONDS", -1.0)
    answer = ignored([repo / "ignored.json", inner / "ignored.json"])
    assert not answer.files
    assert {reason for _, reason in answer.unasked} == {
        "git took longer than -1 s for the other repositories"
    }


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


def traced(folder):
    for target in ("normalTarget", "eventTarget", "perfTarget"):
        git(folder, "config", "--global", f"trace2.{target}", folder / target)


def traced_by_variables(folder):
    os.environ.update(GIT_TRACE=str(folder / "trace"), GIT_TRACE2_EVENT=str(folder / "event"))


@pytest.mark.parametrize("change", [split_index, untracked_cache, traced, traced_by_variables, no_commit])
def test_nothing_in_the_folder_is_changed(repo, change, monkeypatch):
    """After the questions each file of the repository is the same, its date included, and none is new."""
    for name in ("GIT_TRACE", "GIT_TRACE2_EVENT"):
        monkeypatch.setenv(name, "0")
    change(repo)
    for name in ("normalTarget", "eventTarget", "perfTarget"):
        (repo / name).unlink(missing_ok=True)
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
