"""Take the pictures of the README anew, from the tutorials and the form: `make pictures`."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.lab import CHROMIUM_OPTIONS, WAIT, Lab, Notebook, chromium
from tests.browser.opened_form import SETUP, OpenedForm, printed

TUTORIALS = Path(__file__).parents[2] / "notebooks"
LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
# Each picture: the tutorial, the ids of the cells that are in it, and the theme.
CELLS = {
    "first-secret-light": ("01-your-first-secret", ("create", "exists"), LIGHT),
    "first-secret-dark": ("01-your-first-secret", ("list", "show", "update"), DARK),
    "check-light": ("02-your-image-really", ("verdicts",), LIGHT),
    "templates-check-light": ("03-templates-that-match", ("check",), LIGHT),
}
# A tutorial catches the error; here this cell is the other one again, and shows what everybody else sees.
FAILING = {"exists": "create"}
# Hides all cells but those with these ids.
ALONE = """ids => jupyterapp.shell.currentWidget.content.widgets
    .forEach(cell => ids.includes(cell.model.id) || (cell.node.style.display = "none"))"""
TALL = {"width": 1280, "height": 8000}


def cells(lab, page, folder):
    """The cells of the tutorials, run from top to bottom."""
    for name, (tutorial, ids, theme) in CELLS.items():
        lab.set("@jupyterlab/apputils-extension/themes", {"theme": theme})
        path = f"{name}.ipynb"
        (lab.root / path).write_text(
            json.dumps(_failing(json.loads((TUTORIALS / f"{tutorial}.ipynb").read_text())))
        )
        notebook = Notebook(lab, page, path)
        page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        last = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").last
        page.wait_for_function("one => /\\[\\d+\\]/.test(one.innerText)", arg=last.element_handle())
        page.evaluate(ALONE, list(ids))
        page.mouse.move(0, 0)
        boxes = [cell.bounding_box() for cell in page.locator(".jp-Notebook .jp-Cell:visible").all()]
        high = boxes[-1]["y"] + boxes[-1]["height"] - boxes[0]["y"]
        page.screenshot(path=folder / f"{name}.png", clip={**boxes[0], "height": high})
        notebook.shut_down()


def forms(lab, page, folder):
    """The form as it opens, after a refusal, and after a create."""
    for theme in (LIGHT, DARK):
        lab.set("@jupyterlab/apputils-extension/themes", {"theme": theme})
        notebook = Notebook(lab, page, f"{theme}.ipynb", (SETUP, "%aicore_docker_secret form"))
        page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
        notebook.run(0)
        host, password = printed(notebook, 0)
        notebook.run(1)
        form = OpenedForm(page)
        form.box.get_by_text("Every resource group").wait_for()
        if theme == LIGHT:
            _shot(notebook, folder / "form-empty.png")
        image = "acme/churn:1.4" if theme == LIGHT else "acme/churn-gpu:2.0"
        form.fill(password, secret="team-churn", images=f"{host}/{image}", user="anna")
        form.press("Create")
        if theme == LIGHT:
            form.await_status("Secret team-churn created")
            _shot(notebook, folder / "form-done.png")
        else:
            form.await_alert("linux/arm64")
            _shot(notebook, folder / "form-refused-dark.png")
        notebook.shut_down()


def main(folder):
    """Take all pictures into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as end:
        lab = Lab(Path(end.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))))
        end.callback(lab.stop)
        lab.set("@jupyterlab/notebook-extension/tracker", {"windowingMode": "none"})
        playwright = end.enter_context(sync_playwright())
        browser = end.enter_context(
            playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        )
        for take in (cells, forms):
            with browser.new_context(viewport=TALL) as context:
                page = context.new_page()
                page.set_default_timeout(WAIT * 1000)
                take(lab, page, folder)


def _failing(document):
    """The notebook with its cells of FAILING as they are typed; the cells below them run all the same."""
    by_id = {cell["id"]: cell for cell in document["cells"]}
    for failing, same in FAILING.items():
        if failing in by_id:
            by_id[failing] |= {"source": by_id[same]["source"], "metadata": {"tags": ["raises-exception"]}}
    return document


def _shot(notebook, path):
    notebook.page.mouse.move(0, 0)
    notebook.cell(1).screenshot(path=path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
