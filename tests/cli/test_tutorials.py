"""`jupyter aicore tutorials DIR`."""

from __future__ import annotations


def test_they_are_copied_and_what_is_next_is_said(run, tmp_path):
    """0 when they are there, a second time too; JSON for programs."""
    done = run("tutorials lessons")
    assert (done.status, done.err) == (0, "")
    assert done.out.endswith("  jupyter lab lessons/index.ipynb\n")
    assert (tmp_path / "lessons" / "01-your-first-secret.ipynb").is_file()
    assert run("tutorials lessons --format json").data["written"] == []


def test_a_changed_file_is_no_success(run, tmp_path):
    """2, with its name on standard error, and nothing on standard output."""
    run("tutorials lessons")
    (tmp_path / "lessons" / "01-your-first-secret.ipynb").write_text("mine")
    done = run("tutorials lessons")
    assert (done.status, done.out) == (2, "")
    assert "01-your-first-secret.ipynb" in done.err
    assert (tmp_path / "lessons" / "01-your-first-secret.ipynb").read_text() == "mine"


def test_no_folder_is_wrong_use(run):
    """Which argument is missing is said."""
    done = run("tutorials")
    assert (done.status, "required: DIR" in done.err) == (2, True)
