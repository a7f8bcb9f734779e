"""No key that a notebook knows acts on its cells while the focus is in the form, in either front end."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.browser.conftest import PAGE_SECONDS
from tests.browser.lab import Notebook, Notebook7
from tests.browser.opened_form import FORM, SETUP, OpenedForm, printed

pytestmark = pytest.mark.needs("browser")

# Each sequence of keys that is bound to something of a notebook, in edit mode too.
BOUND = """[...new Set(jupyterapp.commands.keyBindings
    .filter(one => /\\.jp-(Notebook|.*Cell)\\b|kernel-user/.test(one.selector) && one.keys.every(Boolean))
    .map(one => one.keys.join("\\n")))].map(one => one.split("\\n"))"""
# All that such a key may change: the cells, whether they ran, what is shown of them, and which is chosen.
CELLS = """() => {
    const notebook = jupyterapp.shell.currentWidget.content
    return JSON.stringify(notebook.widgets.map(cell => [
        cell.model.id, cell.model.type, cell.model.sharedModel.getSource(), cell.model.executionCount,
        cell.inputHidden, cell.outputHidden, cell.outputsScrolled,
        notebook.isSelected(cell), cell === notebook.activeCell,
    ]))
}"""
# Say how the cells are, then put the focus on a stop of the Tab order, and say what it is.
FOCUSED = f"""(form, number) => {{
    const cells = ({CELLS})()
    const stops = [...form.querySelectorAll("*")].filter(one => one.tabIndex >= 0 && one.checkVisibility())
    stops[number]?.focus()
    return [stops[number]?.tagName, cells]
}}"""
PLAYWRIGHT = {"Accel": "Control", "Ctrl": "Control"}  # its names, where they are others


@pytest.fixture(params=["jupyterlab", "notebook7"])
def opened(request, lab, browser):
    """A notebook with the form in JupyterLab or in Notebook 7, between two other cells."""
    if request.param == "notebook7" and not find_spec("notebook"):
        pytest.skip("left out: it needs the package notebook")
    where = Notebook7(lab) if request.param == "notebook7" else lab
    with browser.new_context(viewport={"width": 1280, "height": 1000}) as context:
        page = context.new_page()
        page.set_default_timeout(1000 * PAGE_SECONDS)
        notebook = Notebook(where, page, f"keys-{request.param}.ipynb", (SETUP, FORM, "print('behind')"))
        yield notebook
        notebook.shut_down()


def sequences(page):
    """Give what is bound as Playwright writes it."""
    return [
        ["+".join(PLAYWRIGHT.get(part, part) for part in key.split(" ")) for key in keys]
        for keys in page.evaluate(BOUND)
    ]


def harm(page, form, *, without=()):
    """Press every sequence at every stop of the Tab order; give those that did something to a cell.

    Those that end with a key *without* are left out at buttons: what they do there is tested elsewhere.
    """
    done, number, every = [], 0, sequences(page)
    kind, before = form.box.evaluate(FOCUSED, number)
    while kind:
        for keys in every:
            if kind == "BUTTON" and keys[-1].endswith(without):
                continue
            for key in keys:
                page.keyboard.press(key)
            _, after = form.box.evaluate(FOCUSED, number)
            if after != before:
                done.append((number, kind, keys))
                before = after
        number += 1
        kind, before = form.box.evaluate(FOCUSED, number)
    assert number > 3
    return done


def slips(page, form, *places):
    """Click into the middle of *places* that take no key, and type; give those where that did harm."""
    done = []
    for place in places:
        before = page.evaluate(CELLS)
        form.box.locator(place).first.click(force=True)
        for key in ("B", "A", "D", "D", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        done += [place] if page.evaluate(CELLS) != before else []
    return done


def test_no_key_reaches_a_cell(opened):
    """At every stop, of what comes later too, no key inserts, deletes, moves, runs or leaves a cell."""
    page = opened.page
    host, password = printed(opened, 0)
    opened.run(1)
    form = OpenedForm(page)
    form.button("Check").wait_for()
    page.wait_for_function("document.querySelector('.aic-form button').dataset.lmSuppressShortcuts === ''")
    assert ["D", "D"] in sequences(page)
    assert harm(page, form) == []
    form.box.locator("input").first.evaluate("one => { one.disabled = true }")
    assert slips(page, form, "h4", ".bar", ":disabled") == []
    form.box.locator("input").first.evaluate("one => { one.disabled = false }")
    form.press("Clear")
    form.field("Password").wait_for()  # whatever was chosen by a key
    form.box.get_by_role("alert").wait_for(state="detached")
    form.field("Login").select_option("From a file")
    form.field("File").focus()
    page.keyboard.press("Shift+Enter")
    form.field("Login").select_option("Type it here")
    form.fill(password, secret="team-keys", images=f"{host}/acme/churn:1.4", user="anna")
    form.press("Create")
    form.await_status("Secret team-keys created")
    form.box.get_by_role("tab", name="ServingTemplate").wait_for()
    assert harm(page, form, without=("Enter",)) == []
    assert slips(page, form, ".aic strong") == []

    form.button("Store another").focus()
    page.keyboard.press("Shift+Enter")
    form.await_focus("Secret name")
    assert opened.cell(3).count() == 0
    # The same key without the script: so it can be seen.
    check = form.button("Check")
    check.evaluate("one => one.removeAttribute('data-lm-suppress-shortcuts')")
    check.focus()
    page.keyboard.press("B")
    opened.cell(3).wait_for()


def test_what_is_wrong_is_told_to_a_screen_reader(opened):
    """Each entry says whether it is wrong, also one that comes later, for as long as it is."""
    opened.run(0, 1)
    form = OpenedForm(opened.page)
    form.button("Check").wait_for()
    form.press("Create")
    form.await_alert("4 fields need a correction")
    wrong = form.box.locator("[aria-invalid=true]")
    opened.page.wait_for_function("document.querySelectorAll('.aic-form [aria-invalid=true]').length === 4")
    form.field("User").fill("anna")
    opened.page.wait_for_function("document.querySelectorAll('.aic-form [aria-invalid=true]').length === 3")
    form.field("Login").select_option("From a file")
    form.press("Create")
    opened.page.locator(".aic-form .bad").get_by_label("File").and_(wrong).wait_for()
