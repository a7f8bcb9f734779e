"""Every tutorial runs headless to its last cell, shows what it promises, and holds no secret."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LESSONS = [path for path in NOTEBOOKS if path.name[0].isdigit()]
INDEX = FOLDER / "index.ipynb"
# What is caught and shown by each, in the order of its cells; of the commands of a shell, the exit status.
SHOWN = {
    "01": ["DockerSecretExists", "InvalidName"],
    "02": ["ImageRefused", "LoginRefused", "InvalidRegistry"],
    "03": ["InvalidName", "InvalidTemplate", "InvalidTemplate"],
    "04": ["UsageError"],
    "05": [f"exit status {number}" for number in (2, 0, 1, 0, 0, 1)],
    "06": ["LoginRefused", "exit status 1", "exit status 0"],
    "07": ["RotationRefused", "RotationIncomplete", "exit status 0", "InvalidSchedule"],
}
# What else it must say, as its words do: the interrupt comes behind the first write, whatever the machine.
SAID = {"07": (r"1 (of 7 secrets )?replaced\b", r"\b6 (of 7 secrets )?not begun\b", "7 of 7 .*restored")}
MOST_WORDS = 1_200  # ten minutes, for somebody who reads two words a second
TOKEN = re.compile(r"dckr_pat_|gh[pousr]_\w{16}|eyJ\w+\.eyJ")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def executed(path, cwd, *, times=1):
    """The notebook *path*, run *times* times over in one kernel. Raises at the first cell that fails."""
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


def outputs(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def words(path):
    return "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.name)
@pytest.mark.filterwarnings("ignore:Cell is missing an id field")
def test_a_tutorial_runs_to_its_end(path, tmp_path, monkeypatch):
    """Run all, and run all again: no cell fails, and each error that it promises is shown by a cell.

    No output has a token in it, and no file is left. Those with a shell start many programs: once must do.
    """
    here, temporary = tmp_path / "here", tmp_path / "temporary"
    here.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    times = 1 if path.name.startswith(("05", "06", "07")) else 2
    shown = outputs(executed(path, here, times=times))
    assert [
        output for output in shown if output.output_type == "error" or output.get("name") == "stderr"
    ] == []
    text = "".join(output.text for output in shown if output.output_type == "stream")
    assert (
        re.findall(r"^((?!Next)\w+(?=: )|exit status \d)", text, re.MULTILINE) == times * SHOWN[path.name[:2]]
    )
    assert [words for words in SAID.get(path.name[:2], ()) if not re.search(words, text)] == []
    assert not TOKEN.search(str(shown))
    # The sandbox's own folders go when its kernel has ended.
    left = [*here.iterdir(), *temporary.iterdir()]
    assert [path.name for path in left if not path.name.startswith("aicore-magics-")] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_tutorial_is_small_and_clean(path):
    """Cells of at most ten lines, at most fifteen of code, valid, with no outputs and no token-like text."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) <= 15
    assert all(len(cell.source.splitlines()) <= 10 for cell in code)
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    # Not every program that runs notebooks knows the tag that lets a cell fail.
    assert not any("tags" in cell.metadata for cell in notebook.cells)
    assert not TOKEN.search(path.read_text())


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.name)
def test_a_tutorial_says_what_it_is_for(path):
    """What one learns, what breaks, what differs on a real tenant; it takes ten minutes to read."""
    first = nbformat.read(path, as_version=4).cells[0].source
    assert first.startswith("# ")
    assert re.findall(r"^- \*\*([\w ]+?):?\*\*", first, re.MULTILINE) == [
        *("You learn", "Breaks on purpose", "On a real tenant")
    ]
    assert len(words(path).split()) <= MOST_WORDS


def test_the_tutorials_lead_to_each_other():
    """The last cell of each names the one before, the list, and the one behind; the list names all."""
    titles = {path.name: words(path).partition("\n")[0].lstrip("# ") for path in NOTEBOOKS}
    for before, path, behind in zip([None, *LESSONS], LESSONS, [*LESSONS[1:], None], strict=False):
        last = nbformat.read(path, as_version=4).cells[-1].source
        near = [each.name for each in (before, behind) if each]
        assert [link for link in LINK.findall(last) if link != INDEX.name] == near
        assert "[All tutorials](index.ipynb)" in last
        assert all(f"[{titles[name]}]({name})" in last for name in near)
    assert [link for link in LINK.findall(words(INDEX)) if link[0].isdigit()] == [
        path.name for path in LESSONS
    ]
    assert all(f"[{titles[path.name]}]({path.name})" in words(INDEX) for path in LESSONS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path):
    """Each file that a tutorial links to is there."""
    assert [link for link in LINK.findall(words(path)) if not (FOLDER / link).is_file()] == []
