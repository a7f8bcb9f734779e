"""A template that comes into a cell of its own: below the one that ran, edited, run, and on the disk."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.needs("browser")

LOAD = "%load_ext aicore_magics"
MAKE = (
    "%aicore_template workflow churn-train --image ghcr.io/acme/churn:1.4 --secret team-ghcr "
    "--scenario churn --args 'python train.py' --cell"
)
AFTER = "'the cell after it'"


def test_the_cell_below_is_edited_and_saved(notebook):
    """--cell puts the YAML below the cell that ran; what is edited there is checked, and then in the file."""
    shown = notebook(LOAD, MAKE, AFTER)
    cells = shown.page.locator(".jp-Notebook .jp-CodeCell")
    shown.run(0, 1)
    below = shown.cell(2).locator(".cm-content")
    below.get_by_text("%%aicore_template save churn-train.yaml").wait_for()
    assert cells.count() == 4
    assert "the cell after it" in shown.cell(3).inner_text()
    below.get_by_text("name: team-ghcr").click()
    shown.page.keyboard.press("End")
    for _ in "ghcr":
        shown.page.keyboard.press("Backspace")
    shown.page.keyboard.type("hub")
    shown.run(2)
    shown.cell(2).get_by_text("churn-train.yaml saved").wait_for()
    text = shown.path.with_name("churn-train.yaml").read_text()
    assert "    - name: team-hub\n" in text
    assert text.startswith("apiVersion: argoproj.io/v1alpha1\n")


def test_what_has_an_error_stays_in_the_cell(notebook):
    """A broken edit is told with its line, nothing is written, and the text is still there to be mended."""
    shown = notebook(LOAD, MAKE.replace("churn-train", "churn-again"))
    shown.run(0, 1)
    below = shown.cell(2).locator(".cm-content")
    below.get_by_text("name: team-ghcr").click()
    shown.page.keyboard.press("Home")
    shown.page.keyboard.press("Shift+Home")
    shown.page.keyboard.press("Backspace")
    shown.run(2)
    shown.cell(2).get_by_text("Nothing was written").wait_for()
    assert not shown.path.with_name("churn-again.yaml").exists()
    assert "team-ghcr" in below.inner_text()
