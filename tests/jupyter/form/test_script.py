"""The script goes with the form: small, by itself, and in no output of the cell."""

from __future__ import annotations

import re

from aicore_magics.jupyter.form.script import Sign, script, when_left
from tests.jupyter.shown import classes

SHOW = """from aicore_magics.jupyter.form.form import DockerSecretForm
from aicore_magics.jupyter.session import Session
form = DockerSecretForm(Session())
form"""


def code():
    (output,) = script().outputs
    return output["data"]["application/javascript"]


def test_it_sets_four_attributes_and_asks_nobody():
    """It marks form, controls and entries, hears edits, clicks and keys, and calls no server."""
    assert set(re.findall(r"\.(\w+) = ", code())) == {
        "lmSuppressShortcuts",
        "ariaInvalid",
        "autocomplete",
        "tabIndex",
        *(f"on{event}" for event in ("change", "click", "keydown")),
    }
    assert "setAttribute" not in code()
    assert not re.search(r"https?:|fetch|XMLHttp|import\b|innerHTML|window|document\.", code())


def test_it_is_small():
    """It is sent with each form."""
    assert len(code()) < 1150


def test_no_output_of_the_cell_holds_it(kernel):
    """What a notebook keeps of the form is the form: no script, and words where no form can be shown."""
    cell = kernel.run(SHOW)
    shown = [content for content in cell.iopub if "data" in content and "comm_id" not in content]
    assert not cell.ename
    assert [set(content["data"]) for content in shown] == [
        {"application/vnd.jupyter.widget-view+json", "text/plain"}
    ]


def test_the_button_for_a_field_that_is_left():
    """Nobody sees it, and a press on it is told."""
    left = []
    button = when_left(lambda: left.append(True))
    button.click()
    assert left == [True]
    assert button._dom_classes == ("script", "left")


def test_each_question_is_another():
    """Nobody sees the button; it has another title at each question, and a press on it is told."""
    signs = []
    sign = Sign(lambda: signs.append(True))
    seen = [sign.widget.tooltip]
    for _ in range(3):
        sign.ask()
        seen.append(sign.widget.tooltip)
    sign.widget.click()
    assert signs == [True]
    assert seen == [None, "1", "2", "3"]
    assert classes(sign.widget) == ("script", "sign")


def test_each_form_has_its_own():
    """A form that is closed takes its own away, and leaves that of another."""
    first, second = script(), script()
    first.close()
    assert second.comm is not None
