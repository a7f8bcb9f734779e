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
    """--cell puts the YAML below the cell that ran; a broken edit is told and not written, a good one is."""
    shown = notebook(LOAD, MAKE, AFTER)
    path = shown.path.with_name("churn-train.yaml")
    cells, keyboard = shown.page.locator(".jp-Notebook .jp-CodeCell"), shown.page.keyboard
    shown.run(0, 1)
    below = shown.cell(2).locator(".cm-content")
    below.get_by_text("%%aicore_template save churn-train.yaml").wait_for()
    assert cells.count() == 4
    assert "the cell after it" in shown.cell(3).inner_text()

    below.get_by_text("name: team-ghcr").click()
    keyboard.press("End")
    keyboard.type(": x")
    shown.run(2)
    shown.cell(2).get_by_text("Nothing was written").wait_for()
    assert not path.exists()

    below.get_by_text("name: team-ghcr").click()
    keyboard.press("End")
    for _ in "ghcr: x":
        keyboard.press("Backspace")
    keyboard.type("hub")
    shown.run(2)
    shown.cell(2).get_by_text("churn-train.yaml saved").wait_for()
    text = path.read_text()
    assert "    - name: team-hub\n" in text
    assert text.startswith("apiVersion: argoproj.io/v1alpha1\n")
