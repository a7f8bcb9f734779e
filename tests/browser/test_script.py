"""The script goes with each form, wherever it is shown, and stays in no notebook."""

from __future__ import annotations

import json

import pytest

from tests.browser.lab import Notebook
from tests.browser.opened_form import FORM, SETUP, OpenedForm

pytestmark = pytest.mark.needs("browser")

MARKED = """form => [...form.querySelectorAll("input, select, textarea, button")]
    .filter(one => !one.closest(".script")).every(one => "lmSuppressShortcuts" in one.dataset)"""


def await_marks(page, count):
    """Wait until *count* forms are shown whose controls have their keys to themselves."""
    page.wait_for_function(
        "([mark, count]) => { const forms = [...document.querySelectorAll('.aic-form')].filter("
        "form => form.querySelector('button') && eval(mark)(form)); return forms.length === count }",
        arg=[MARKED, count],
    )


def test_wherever_a_form_is_shown(lab, pages, page, notebook):
    """In several forms, a second page, after a reload, and in one that was opened once another was closed."""
    opened = notebook(SETUP, FORM, "again = %aicore_docker_secret form\nagain", "form.close()", FORM)
    opened.run(0, 1, 2)
    await_marks(page, 2)
    opened.save()
    other = Notebook(lab, pages(), opened.name)
    await_marks(other.page, 2)
    opened.run(3)
    await_marks(page, 1)
    opened.run(4)
    await_marks(page, 2)
    opened.save()
    page.reload()
    await_marks(page, 2)
    outputs = [output for cell in json.loads(opened.path.read_text())["cells"] for output in cell["outputs"]]
    assert outputs
    assert not any("application/javascript" in output.get("data", {}) for output in outputs)


def test_a_notebook_that_is_not_trusted(lab, pages, page, notebook):
    """What somebody else saved, widgets and all, shows its words, and runs nothing."""
    opened = notebook(SETUP, FORM)
    opened.run(0, 1)
    await_marks(page, 1)
    opened.save()
    opened.shut_down()
    document = json.loads(opened.path.read_text())
    assert "widgets" in document["metadata"]
    document["cells"][0]["source"] = "# another's"  # and so the signature of whoever ran it is no more
    foreign = "foreign.ipynb"
    (lab.root / foreign).write_text(json.dumps(document))
    shown = Notebook(lab, pages(), foreign)
    shown.page.get_by_text("<DockerSecretForm; as a magic").wait_for()
    assert shown.page.locator(".aic-form, [data-lm-suppress-shortcuts]").count() == 0
    shown.shut_down()


def test_axe_core_finds_nothing(page, notebook):
    """Empty, wrong and done: axe-core has no complaint. `make looks` asks it in every theme and width."""
    pytest.importorskip(
        "axe_playwright_python", reason="left out: it needs the package axe-playwright-python"
    )
    from tests.browser.accessibility import violations

    opened = notebook(SETUP, FORM)
    opened.run(0, 1)
    form = OpenedForm(page)
    form.button("Check").wait_for()
    assert violations(page) == []
    form.press("Create")
    form.await_alert("4 fields need a correction")
    assert violations(page) == []
