import errno
import os
import stat

import pytest

from aicore_magics.errors import InvalidName
from aicore_magics.templates.patch import patch_files as module
from aicore_magics.templates.patch.patch_files import patch_files
from aicore_magics.templates.patch.patch_options import PatchOptions

WORKFLOW = b"kind: WorkflowTemplate\nspec:\n  imagePullSecrets:\n  - name: %s\n  entrypoint: a"
HEAD = b"\xef\xbb\xbfkind: ServingTemplate\r\nspec:\r\n  template:\r\n    spec: |\r\n      predictor:\r\n"
TAIL = b"        a: b"
NEW = b"        imagePullSecrets:\r\n          - name: team-ghcr\r\n"


def put(place, raw):
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(raw)
    return place


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with two templates and other files."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "t" / "train.yaml", WORKFLOW % b"old-one")
    put(tmp_path / "t" / "deep" / "serve.yml", HEAD + TAIL)
    put(tmp_path / "t" / "values.yaml", b"a: 1\n")
    put(tmp_path / "t" / "notes.txt", WORKFLOW % b"old-one")
    return tmp_path / "t"


def states(done):
    return {one.path: one.word for one in done.files}


def test_nothing_is_written_unless_told(folder):
    """Without a write every file stays as it is, and what would change is shown."""
    before = {place: place.read_bytes() for place in folder.rglob("*") if place.is_file()}
    done = patch_files(["t"], "team-ghcr")
    assert {place: place.read_bytes() for place in before} == before
    assert states(done) == {"t/deep/serve.yml": "would change", "t/train.yaml": "would change"}
    assert done.passed_over == 1
    assert "-  - name: old-one" in done.files[1].diff
    assert (done.ok, done.to_write) == (True, False)


def test_each_file_is_written_byte_by_byte(folder):
    """With a write, files get the secret; BOM, CRLF, a missing last line break and their rights stay."""
    (folder / "train.yaml").chmod(0o640)
    done = patch_files(["t"], "team-ghcr", write=True)
    assert states(done) == {"t/deep/serve.yml": "changed", "t/train.yaml": "changed"}
    assert (folder / "train.yaml").read_bytes() == WORKFLOW % b"team-ghcr"
    assert (folder / "deep" / "serve.yml").read_bytes() == HEAD + NEW + TAIL
    assert stat.S_IMODE((folder / "train.yaml").stat().st_mode) == 0o640
    assert sorted(place.name for place in folder.iterdir()) == [
        "deep",
        "notes.txt",
        "train.yaml",
        "values.yaml",
    ]
    assert [one.serving for one in done.files] == [True, False]
    again = patch_files(["t"], "team-ghcr", write=True)
    assert set(states(again).values()) == {"already correct"}


def test_files_are_taken_as_they_are_named(folder):
    """A file that is named is read whatever its name is, and one that is no template is refused."""
    done = patch_files([folder / "notes.txt", "t/values.yaml"], None)
    assert [one.word for one in done.files] == ["would change", "refused"]
    assert "has no WorkflowTemplate" in done.files[1].reason
    assert done.files[0].path == (folder / "notes.txt").as_posix()


def test_one_refusal_stops_no_other_file(folder):
    """A file that is broken, missing, too large, no text or no file is refused; the others are written."""
    put(folder / "a.yaml", b"kind: WorkflowTemplate\nspec:\n\ta: b\n")
    put(folder / "latin.yaml", b"kind: WorkflowTemplate\nspec:\n  a: \xe4\n")
    put(folder / "big.yaml", b"#" * 1_000_001)
    os.mkfifo(folder / "pipe.yaml")
    names = ["t/a.yaml", "t/none.yaml", "t/latin.yaml", "t/big.yaml", "t/pipe.yaml", "t/nul\0.yaml"]
    done = patch_files([*names, "t/train.yaml"], "team-ghcr", write=True)
    assert [one.word for one in done.files] == ["refused"] * 6 + ["changed"]
    words = (
        "not YAML",
        "does not exist",
        "not UTF-8",
        "larger than 1 MB",
        "not a regular file",
        "cannot be read",
    )
    assert all(word in one.reason and one.fix for word, one in zip(words, done.files[:6], strict=True))
    assert (done.files[0].line, done.files[0].column) == (3, 1)


def test_a_link_is_written_through_inside_its_folder_only(folder):
    """A link to a file below its own folder changes that file, once; one that leads out is refused."""
    (folder / "link.yaml").symlink_to(folder / "deep" / "serve.yml")
    outside = put(folder.parent / "outside.yaml", WORKFLOW % b"old-one")
    (folder / "out.yaml").symlink_to(outside)
    done = patch_files(["t"], "team-ghcr", write=True)
    assert len(done.files) == 3
    assert states(done)["t/out.yaml"] == "refused"
    assert "leads out of its folder" in done.files[1].reason
    assert (folder / "link.yaml").is_symlink()
    assert (folder / "deep" / "serve.yml").read_bytes().count(b"team-ghcr") == 1
    assert outside.read_bytes() == WORKFLOW % b"old-one"


def test_a_file_that_was_changed_meanwhile_is_not_written(folder, monkeypatch):
    """What somebody else wrote after the plan was made stays, and is told."""
    plan = module.set_pull_secret

    def and_somebody_writes(*arguments):
        done = plan(*arguments)
        put(folder / "train.yaml", b"theirs")
        return done

    monkeypatch.setattr(module, "set_pull_secret", and_somebody_writes)
    done = patch_files(["t/train.yaml"], "team-ghcr", write=True)
    assert done.files[0].word == "refused"
    assert "in the meantime" in done.files[0].reason
    assert (folder / "train.yaml").read_bytes() == b"theirs"


def test_a_file_that_cannot_be_written_is_told(folder, monkeypatch):
    """A disk that is full, or a file that is write-protected, is a refusal: the file is as it was."""

    def full(_):
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        (done,) = patch_files(["t/train.yaml"], "team-ghcr", write=True).files
        assert (done.reason, done.fix) == (
            "it cannot be written (the disk is full)",
            "free some space, and run it again.",
        )
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    (done,) = patch_files(["t/train.yaml"], "team-ghcr", write=True).files
    assert (done.reason, done.fix) == ("it is write-protected", "make it writable.")
    assert (folder / "train.yaml").read_bytes() == WORKFLOW % b"old-one"


def test_options_and_names_reach_the_patch(folder):
    """The name is checked at once, and what was told holds for every file."""
    with pytest.raises(InvalidName):
        patch_files(["t"], "Team-GHCR", write=True)
    put(folder / "train.yaml", WORKFLOW % b"'{{x}}'")
    assert patch_files(["t/train.yaml"], "team-ghcr").files[0].word == "refused"
    told = PatchOptions(placeholder=True)
    assert patch_files(["t/train.yaml"], "team-ghcr", options=told).files[0].word == "would change"


def test_a_tilde_is_the_home_folder(own_environment, monkeypatch):
    """A path may begin with a tilde, and one without a home behind it does not exist."""
    put(own_environment / "train.yaml", WORKFLOW % b"old-one")
    assert patch_files(["~/train.yaml"], "team-ghcr", write=True).files[0].word == "changed"
    assert "does not exist" in patch_files(["~nobody-here/x.yaml"], "team-ghcr").files[0].reason


def test_a_file_in_utf_16_is_told_how_to_save_it(folder):
    """What PowerShell wrote is refused with what it is and what to do; a template in a folder as well."""
    put(folder / "wide.yaml", (WORKFLOW % b"old-one").decode().encode("utf-16"))
    put(folder / "other.yaml", "a: 1\n".encode("utf-16"))
    done = patch_files(["t"], "team-ghcr", write=True)
    assert states(done)["t/wide.yaml"] == "refused"
    assert done.passed_over == 2
    (wide,) = patch_files(["t/wide.yaml"], "team-ghcr").files
    assert "UTF-16" in wide.reason
    assert wide.fix == "save it as UTF-8."


def test_a_file_with_a_second_name_is_refused(folder):
    """A hard link would keep the old secret: such a file is not written, and one that is right stays so."""
    (folder.parent / "second.txt").hardlink_to(folder / "train.yaml")
    for write in (False, True):
        (done,) = patch_files(["t/train.yaml"], "team-ghcr", write=write).files
        assert done.word == "refused"
        assert "hard link" in done.reason
    assert (folder / "train.yaml").read_bytes() == WORKFLOW % b"old-one"
    assert patch_files(["t/train.yaml"], "old-one").files[0].word == "already correct"


@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("out.yaml", "use {0}/outside/train.yaml."),
        ("sub/train.yaml", "use {0}/outside/train.yaml."),
        ("t/out.yaml", "use {0}/outside/train.yaml."),
    ],
)
def test_no_link_out_of_the_working_folder_is_followed(folder, path, fix):
    """Neither a linked file nor one in a linked folder is written; the real file is named, and can be."""
    work = folder.parent
    outside = put(work / "outside" / "train.yaml", WORKFLOW % b"old-one")
    for name in ("t", "outside"):
        (work / name).rename(work / f"{name}-moved")
    here = work / "here"
    here.mkdir()
    (work / "outside-moved").rename(work / "outside")
    (work / "t-moved").rename(here / "t")
    os.chdir(here)
    for link in ("out.yaml", "t/out.yaml"):
        (here / link).symlink_to(outside)
    (here / "sub").symlink_to(outside.parent)
    (done,) = patch_files([path], "team-ghcr", write=True).files
    assert done.word == "refused"
    assert "leads out of" in done.reason
    assert done.fix == fix.format(work)
    assert outside.read_bytes() == WORKFLOW % b"old-one"
    (named,) = patch_files([outside], "team-ghcr", write=True).files
    assert named.word == "changed"


def test_ctrl_c_between_two_files(folder, monkeypatch):
    """After Ctrl-C no further file is written: which were is told, and each is whole."""
    for name in "abc":
        put(folder / f"{name}.yaml", WORKFLOW % b"old-one")
    real, calls = os.replace, []

    def and_ctrl_c(*arguments, **how):
        real(*arguments, **how)
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", and_ctrl_c)
    done = patch_files([folder / f"{name}.yaml" for name in "abc"], "team-ghcr", write=True)
    assert [one.word for one in done.files] == ["changed", "changed", "refused"]
    assert (done.files[2].reason, done.files[2].fix) == (
        "it was not reached before you stopped",
        "run it again.",
    )
    texts = [(folder / f"{name}.yaml").read_bytes() for name in "abc"]
    assert texts == [WORKFLOW % b"team-ghcr", WORKFLOW % b"team-ghcr", WORKFLOW % b"old-one"]
