"""A helper notebook is valid, holds no secret, and runs from top to bottom in the sandbox."""

from __future__ import annotations

import dataclasses

import nbformat
import pytest

from aicore_magics.actions.notebooks import NotebookNames, new_notebook
from aicore_magics.errors import InvalidFile, InvalidInput
from tests.test_notebooks import executed

NAMES = NotebookNames("team-ghcr", "ghcr.io/acme/churn:1.4", "anna", "churn-lab", "GHCR_TOKEN")


def written(folder, names, path="churn.ipynb", **how):
    done = new_notebook(path, names, folder=folder, **how)
    return done, nbformat.read(folder / done.path, as_version=4)


def source(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def run(folder, path="churn.ipynb", *, times=1):
    """What the cells of the notebook *path* show when they are run from top to bottom, and the notebook."""
    notebook = executed(folder / path, folder, times=times)
    shown = "\n".join(
        output.data["text/plain"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "execute_result"
    )
    return shown, notebook


def test_it_holds_the_whole_sequence(tmp_path):
    """Connect, check, create, both templates and their check, in this order, for the names given."""
    done, notebook = written(tmp_path, NAMES)
    nbformat.validate(notebook)
    code = source(notebook)
    steps = ["%aicore_connect", "secret check", "secret apply", "template workflow", "template serving"]
    places = [code.index(step) for step in [*steps, "template check"]]
    assert places == sorted(places)
    for value in ("team-ghcr", "ghcr.io/acme/churn:1.4", "anna", "churn-lab"):
        assert f'"{value}"' in code
    assert "--password-env GHCR_TOKEN" in code
    assert "--sandbox" not in code
    assert (done.secret, done.image, done.sandbox) == ("team-ghcr", "ghcr.io/acme/churn:1.4", False)
    assert all(cell.get("outputs", []) == [] for cell in notebook.cells)


@pytest.mark.filterwarnings("ignore:Cell is missing an id field")
def test_it_runs_in_the_sandbox(tmp_path):
    """Without any name it uses the sandbox's own: the login is tried, stored, and named in two good files."""
    written(tmp_path, NotebookNames(sandbox=True))
    shown, _ = run(tmp_path)
    assert "can be pulled" in shown
    assert "Secret team-registry created" in shown
    assert "2 templates, no findings" in shown
    for name in ("churn-train.yaml", "churn-serve.yaml"):
        assert "team-registry" in (tmp_path / name).read_text()


@pytest.mark.filterwarnings("ignore:Cell is missing an id field")
def test_it_can_be_run_again(tmp_path):
    """Run all, and run all again: no cell fails, and the secret that is there is replaced."""
    written(tmp_path, NotebookNames(sandbox=True))
    shown, _ = run(tmp_path, times=2)
    assert "Secret team-registry created" in shown
    assert "Secret team-registry replaced" in shown


@pytest.mark.filterwarnings("ignore:Cell is missing an id field")
def test_your_own_names_run_in_the_sandbox_too(tmp_path, monkeypatch, canary):
    """With names of another registry the sandbox asks nobody, and stores the login."""
    monkeypatch.setenv("GHCR_TOKEN", canary)
    names = dataclasses.replace(NAMES, sandbox=True)
    written(tmp_path, names)
    shown, notebook = run(tmp_path)
    assert "Secret team-ghcr" in shown
    assert "2 templates, no findings" in shown
    assert canary not in nbformat.writes(notebook)


def test_odd_names_stay_python(tmp_path):
    """A quote or a brace in a user's name neither ends the string nor the cell."""
    user = "robot$a+b'\"\\{x}"
    _, notebook = written(tmp_path, NotebookNames("team-a", "r.io/a/b:1", user, password_env="V"))
    (cell,) = [cell for cell in notebook.cells if cell.source.startswith("image = ")]
    values = {}
    exec(cell.source, values)
    assert values["user"] == user
    assert values["train"] == "my-b-train"


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (NotebookNames(), "--secret, --image and --username are missing"),
        (NotebookNames("team-a", "r.io/a/b:1"), "--username is missing"),
        (NotebookNames("Team", "r.io/a/b:1", "anna"), "capital"),
        (NotebookNames("team-a", "https://r.io/a", "anna"), "https"),
        (NotebookNames("team-a", "r.io/a/b:1", "anna", password_env="a b"), "the name of a variable"),
        (NotebookNames("team-a", "r.io/a/b:1", "anna", password_env="Tr0ub4dor"), "the name of a variable"),
        (NotebookNames("team-a", "r.io/a/b:1", "anna", "abc"), "4 to"),
        (NotebookNames("team-a", "r.io/a/b:1", "anna", "bad name {"), "--scenario"),
        (NotebookNames("team-a", "r.io/a/b:1", "anna", "Upper"), "small letters"),
    ],
)
def test_what_could_not_work_is_not_written(tmp_path, names, says):
    """A missing or wrong name is told before there is a file."""
    with pytest.raises(InvalidInput) as caught:
        new_notebook("churn.ipynb", names, folder=tmp_path)
    assert says in str(caught.value)
    assert "Tr0ub" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_replaced_unasked(tmp_path):
    """A notebook that is there stays, unless force is said; another ending is refused."""
    (tmp_path / "churn.ipynb").write_text("mine")
    with pytest.raises(InvalidFile, match="exists already"):
        new_notebook("churn.ipynb", NAMES, folder=tmp_path)
    assert (tmp_path / "churn.ipynb").read_text() == "mine"
    _, notebook = written(tmp_path, NAMES, force=True)
    assert notebook.cells
    with pytest.raises(InvalidFile, match=r"end in \.ipynb"):
        new_notebook("churn.py", NAMES, folder=tmp_path)


def test_it_says_what_it_wrote(tmp_path):
    """The result is data, and tells where it will work."""
    done, _ = written(tmp_path, NotebookNames(sandbox=True))
    assert done.to_dict()["path"] == "churn.ipynb"
    assert "Notebook churn.ipynb written." in str(done.report())
    assert "nothing leaves this machine" in str(done.report())
