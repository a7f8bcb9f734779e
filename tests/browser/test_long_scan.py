"""A search of many notebooks in JupyterLab: how far it is, and the end that the button and the keys make."""

from __future__ import annotations

import json
import re

import pytest

from tests.waiting import until

pytestmark = pytest.mark.needs("browser")

MANY = 500
LOAD = "%load_ext aicore_magics"
HOW_FAR = re.compile(r"(\d+) of 500 files searched, 0 credentials found …")
LINES = [f"epoch {number}, loss {number / 7}\n" for number in range(4000)]


@pytest.fixture(scope="module")
def folder(lab):
    """500 notebooks, each with an output as a training prints it, and no credential."""
    output = {"output_type": "stream", "name": "stdout", "text": LINES}
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1, "source": "train()"}
    text = json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{**cell, "outputs": [output]}]}
    )
    many = lab.root / "many"
    many.mkdir()
    for number in range(MANY):
        (many / f"training-{number:03}.ipynb").write_text(text)
    return many.name


def press_button(page):
    page.get_by_role("button", name="Interrupt the kernel").click()


def press_keys(page):
    page.keyboard.press("Escape")
    page.keyboard.type("ii")


@pytest.mark.parametrize(
    ("does", "stop"), [("scan", press_button), ("scrub", press_keys)], ids=["scan", "scrub"]
)
def test_how_far_it_is_and_an_end_with_a_word(notebook, folder, does, stop):
    """One line tells how far it is, and moves on; stopped, it gives place to a word, and leaves no other."""
    shown = notebook(LOAD, f"%aicore_notebook {does} {folder}")
    shown.run(0)
    cell, page = shown.cell(1), shown.page
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    line = cell.locator(".jp-OutputArea-output", has_text=HOW_FAR)
    line.wait_for()
    first = line.inner_text()
    until(lambda: line.inner_text() != first, "it does not move on", pause=0.05)
    assert cell.locator(".jp-OutputArea-output").count() == 1
    stop(page)
    cell.get_by_text("Stopped: after").wait_for()
    cell.locator(".jp-InputPrompt", has_text="[2]").wait_for()
    said = cell.locator(".jp-OutputArea").inner_text().strip()
    assert re.fullmatch(
        r"Stopped: after (\d+) of 500 files searched, 0 credentials found\.(?: Nothing was changed\.)?\n"
        r"Next: run the cell again to search all files\.",
        said,
    )
    assert int(said.split()[2]) < MANY
    shown.save()
    saved = until(lambda: json.loads(shown.path.read_text())["cells"][1]["outputs"], "not saved", pause=0.05)
    assert [each["output_type"] for each in saved] == ["display_data", "error"]
    assert "".join(saved[0]["data"]["text/plain"]) == ""
