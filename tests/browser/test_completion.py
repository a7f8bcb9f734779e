"""Tab behind a magic, in JupyterLab and in Notebook 7: what can stand there is offered and put in."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.browser.conftest import PAGE_SECONDS
from tests.browser.lab import Notebook
from tests.browser.test_notebook7 import Notebook7

pytestmark = pytest.mark.needs("browser")

SUBCOMMANDS = [
    "create",
    "apply",
    "update",
    "list",
    "show",
    "delete",
    "quota",
    "check",
    "note",
    "forget",
    "form",
]
SETUP = """%load_ext aicore_magics
from pathlib import Path
Path("my-key.json").touch()
Path("train.yaml").touch()"""


class TypedCell:
    """The second cell of a notebook, into which is typed."""

    def __init__(self, notebook):
        self._page = notebook.page
        self._text = notebook.cell(1).locator(".cm-content")
        self._menu = notebook.page.locator(".jp-Completer:visible")
        self._words = self._menu.locator("code.jp-Completer-match")

    def type(self, text):
        """Replace what stands in the cell by *text*, as one types it."""
        self._text.click()
        self._page.keyboard.press("Control+A")
        self._page.keyboard.press("Delete")
        self._page.keyboard.type(text)

    def tab(self):
        """Press Tab, and give the words in the list that opens."""
        self._page.keyboard.press("Tab")
        self._words.first.wait_for()
        return self._words.all_inner_texts()

    def choose(self):
        """Take the word that is marked, and give what the cell holds then."""
        self._page.keyboard.press("Enter")
        self._menu.wait_for(state="detached")
        return self._text.inner_text()


def complete(shown):
    """Complete a subcommand, an option on a continuation line, a file, and a word for which nothing fits."""
    shown.run(0)
    cell = TypedCell(shown)
    cell.type("%aicore_docker_secret cr")
    assert cell.tab() == ["create"]
    assert cell.choose() == "%aicore_docker_secret create"

    # The editor goes on with what it has put in front of the line before.
    cell.type("%aicore_docker_secret create team-ghcr \\\n--user")
    assert cell.tab() == ["--username"]
    assert cell.choose().splitlines()[-1].strip() == "--username"

    cell.type("%aicore_connect --service-key my")
    assert cell.tab() == ["my-key.json"]
    assert cell.choose() == "%aicore_connect --service-key my-key.json"

    cell.type("%aicore_template check \\\ntr")
    assert cell.tab() == ["train.yaml"]
    shown.page.keyboard.press("Escape")

    cell.type("%aicore_docker_secret ")
    assert cell.tab()[: len(SUBCOMMANDS) + 1] == [*SUBCOMMANDS, "--help"]
    shown.page.keyboard.press("Escape")

    cell.type("%aicore_docker_secret create im")
    assert "import" not in cell.tab()


def test_in_jupyterlab(notebook):
    """JupyterLab shows what the kernel offers, and no name of Python beside it."""
    complete(notebook(SETUP, ""))


@pytest.mark.skipif(not find_spec("notebook"), reason="left out: it needs the package notebook")
def test_in_notebook_7(lab, browser):
    """Notebook 7 shows the same."""
    # A page of its own: Notebook 7.6 stumbles over a setting of its own while it opens.
    with browser.new_context(viewport={"width": 1280, "height": 1000}) as context:
        page = context.new_page()
        page.set_default_timeout(1000 * PAGE_SECONDS)
        shown = Notebook(Notebook7(lab), page, "completion7.ipynb", (SETUP, ""))
        try:
            complete(shown)
        finally:
            shown.shut_down()
