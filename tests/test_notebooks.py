"""Every tutorial runs from its first to its last cell, headless, and holds no secret."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def executed(path, cwd, *, times=1):
    """The notebook *path*, run *times* times over in one kernel."""
    notebook = nbformat.read(path, as_version=4)
    cells = list(notebook.cells)
    notebook.cells = [cell.copy() for _ in range(times) for cell in cells]
    client = NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(cwd)}},
    )
    client.execute()
    return notebook


def errors(notebook):
    return {
        cell.source.split("\n")[0]: name
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if (name := failed(output))
    }


def failed(output):
    """The error that an output shows: misuse of a magic is a line on standard error, as IPython has it."""
    misuse = output.get("name") == "stderr" and output.text.startswith("UsageError: ")
    return "UsageError" if misuse else output.get("ename")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
@pytest.mark.filterwarnings("ignore:Cell is missing an id field")
def test_a_tutorial_runs_twice_in_one_kernel(path, tmp_path):
    """Run all, and run all again: only the cells that break something on purpose fail."""
    notebook = executed(path, tmp_path, times=2)
    planned = {
        cell.source.split("\n")[0]
        for cell in notebook.cells
        if "raises-exception" in cell.metadata.get("tags", [])
    }
    assert planned
    assert set(errors(notebook)) == planned


def test_the_first_tutorial_breaks_as_it_says(tmp_path):
    """The cells that break something show the errors that the text above them promises."""
    (path,) = [path for path in NOTEBOOKS if path.name.startswith("01")]
    assert set(errors(executed(path, tmp_path)).values()) == {"DockerSecretExists", "InvalidName"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_tutorial_is_small_and_clean(path):
    """Cells of at most ten lines, at most fifteen of code, valid, with no outputs and no token-like text."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) <= 15
    assert all(len(cell.source.splitlines()) <= 10 for cell in code)
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert not re.search(r"dckr_pat_|gh[pousr]_\w{16}|eyJ\w+\.eyJ", path.read_text())
