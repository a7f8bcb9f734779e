"""%aicore_notebook in a real kernel: a notebook is written, and those that leak are found and cleaned."""

from __future__ import annotations

import nbformat
import pytest

from tests.leaks.samples import PASSWORD, code, notebook, written


@pytest.fixture
def here(kernel, tmp_path):
    """The kernel, with this test's folder as its working folder."""
    assert not kernel.run(f"import os\nos.chdir({str(tmp_path)!r})").ename
    return kernel


def sources(path):
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


def test_names_on_the_line(here, tmp_path):
    """What is on the line stands in the notebook, and nobody is asked."""
    cell = here.run(
        "%aicore_notebook new churn.ipynb --secret team-ghcr --image ghcr.io/acme/churn:1.4 "
        "--username 'robot$ci' --scenario churn-lab --password-env GHCR_TOKEN"
    )
    assert cell.ename == ""
    assert "Notebook churn.ipynb written" in cell.text
    text = sources(tmp_path / "churn.ipynb")
    assert 'user = "robot$ci"' in text
    assert 'scenario = "churn-lab"' in text


def test_missing_names_are_asked_for(here, tmp_path):
    """Without them on the line, each is asked for once, and seen while it is typed."""
    cell = here.run(
        "%aicore_notebook new churn.ipynb --image ghcr.io/acme/churn:1.4", answers=["team-ghcr", "anna"]
    )
    assert cell.prompts == [("Secret name: ", False), ("User at its registry: ", False)]
    assert 'secret = "team-ghcr"' in sources(tmp_path / "churn.ipynb")


def test_where_nobody_can_be_asked(here, tmp_path):
    """Headless, the missing option is named, and nothing is written."""
    cell = here.run("%aicore_notebook new churn.ipynb")
    assert cell.ename == "PromptImpossible"
    assert "--secret NAME" in cell.shown
    assert list(tmp_path.iterdir()) == []


def test_the_sandbox_needs_no_name(here, tmp_path):
    """With --sandbox nobody is asked; a second time the file is there already, and stays."""
    assert here.run("%aicore_notebook new churn.ipynb --sandbox").ename == ""
    again = here.run("%aicore_notebook new churn.ipynb --sandbox")
    assert again.text.startswith("Notebook churn.ipynb unchanged. The file already has exactly this content.")
    other = "%aicore_notebook new churn.ipynb --sandbox --scenario other"
    assert here.run(other).ename == "InvalidFile"
    assert here.run(f"{other} --force").ename == ""
    assert "--sandbox" in sources(tmp_path / "churn.ipynb")


def test_scan_and_scrub(here, tmp_path):
    """Scan tells what is there; scrub shows a plan, and does it with --write; every other byte stays."""
    path = written(tmp_path, notebook(code(f'registry_password = "{PASSWORD}"\nprint(1)')))
    before = path.read_text()
    cell = here.run("found = %aicore_notebook scan .\nlen(found)")
    assert cell.text == "1"
    cell = here.run(f"%aicore_notebook scrub {path.name}")
    assert "1 credential to remove from 1 file" in cell.text
    assert "--write" in cell.text
    assert path.read_text() == before
    cell = here.run(f"%aicore_notebook scrub {path.name} --write")
    assert "1 credential removed from 1 file" in cell.text
    after = path.read_text()
    head, tail = before.split(PASSWORD)
    assert after.startswith(head)
    assert after.endswith(tail)
    assert "No known credentials" in here.run("%aicore_notebook scan .").text


def test_how_far_a_search_is(here, tmp_path):
    """A long search shows how far it is below the cell; Ctrl-C ends it with what was found until then."""
    for name in "abc":
        written(tmp_path, notebook(code(f'registry_password = "{PASSWORD}"')), f"{name}.ipynb")
    here.run("from aicore_magics.jupyter import scan_progress\nscan_progress.paced = lambda tell: tell")
    cell = here.run("%aicore_notebook scan .")
    seen = [str(content) for content in cell.iopub]
    assert any("2 of 3 files searched, 2 credentials found" in text for text in seen)
    here.run(
        "from aicore_magics.leaks import scan\nreal, calls = scan.read_document, []\n"
        "def read(path):\n    calls.append(path)\n    if len(calls) == 2:\n        raise KeyboardInterrupt\n"
        "    return real(path)\nscan.read_document = read"
    )
    cell = here.run("%aicore_notebook scan .")
    here.run("scan.read_document = real")
    assert cell.ename == "Stopped"
    assert "1 of 3 files searched, 1 credential found: a registry password in a.ipynb" in cell.shown
    assert "Nothing was changed" not in cell.shown


@pytest.mark.parametrize(
    "told", ["os.environ['JPY_SESSION_NAME'] = PATH", "__vsc_ipynb_file__ = PATH"], ids=["Jupyter", "VS Code"]
)
def test_the_notebook_that_runs_is_refused(here, tmp_path, told):
    """Its next save would bring back what was taken out: it is left alone, and the reason is said."""
    path = written(tmp_path, notebook(code(f'registry_password = "{PASSWORD}"')))
    before = path.read_text()
    here.run(f"import os\nPATH = {str(path)!r}\n{told}")
    cell = here.run("%aicore_notebook scrub . --write")
    here.run("os.environ.pop('JPY_SESSION_NAME', None); globals().pop('__vsc_ipynb_file__', None)")
    assert "Left alone" in cell.text
    assert path.read_text() == before
