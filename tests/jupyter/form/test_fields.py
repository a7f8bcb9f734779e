"""Each field has its label, its words below and its value; an edit brings the help back, and is told."""

from __future__ import annotations

import json
import re

import ipywidgets
import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.jupyter.form import fields
from tests.jupyter.shown import classes

FIELDS = {
    "text": lambda: fields.text_field("Field", "Help."),
    "area": lambda: fields.area_field("Field", "Help."),
    "combo": lambda: fields.combo_field("Field", "Help.", ("a", "b")),
    "choice": lambda: fields.choice_field("Field", "Help.", (("a", 1), ("b", 2))),
    "secret": lambda: fields.secret_field("Field", "Help."),
}
EDITS = {"text": "x", "area": "x", "combo": "x", "choice": 1, "secret": "x"}
FORM = """import ipywidgets
from aicore_magics.jupyter.form import fields
every = [
    fields.text_field("Secret name", "2 to 63 characters: lowercase letters, digits, dots.", mono=True),
    fields.area_field("Images to pull (optional)", "One per line, such as ghcr.io/acme/churn:1.4."),
    fields.combo_field("Registry (optional)", "Empty: the image's registry.", ["ghcr.io"], half=True),
    fields.choice_field("Login", "docker login: uses a saved login.", ["Type it here"], half=True),
    fields.text_field("User", "The account name, not the e-mail address.", half=True),
    fields.secret_field("Password or token", "A read-only token is enough.", half=True),
    fields.check_field("Check with the registry before storing", value=True),
]
layout = fields.shared(ipywidgets.Layout)
style = f"<style>{fields.form_style()}</style>"
"""
SHOW = """head = ipywidgets.HTML(style, layout=layout)
ipywidgets.VBox([head, *(one.widget for one in every)], layout=layout, _dom_classes=("aic-form",))"""


@pytest.fixture(params=FIELDS)
def kind(request):
    return request.param


@pytest.fixture
def field(kind):
    return FIELDS[kind]()


def edit(field, kind):
    """What a browser sends when the user changes the field."""
    name = "index" if kind == "choice" else "value"
    field.widget.set_state({name: EDITS[kind]})


def below(field):
    """The words below the field and their class."""
    description = field.widget.description
    return re.search(r'<span class="([^"]*?) ?mathjax_ignore">(.*?)</span>', description).groups()


def test_errors_and_notes_take_the_place_of_the_help(field):
    """Below a field stands one thing at a time, and only an error marks the field itself."""
    assert below(field) == ("", "Help.")
    field.show_error("it is missing.")
    assert below(field) == ("e", "Error: it is missing.")
    assert "bad" in classes(field.widget)
    field.show_note("It is free.")
    assert below(field) == ("k", "It is free.")
    assert "bad" not in classes(field.widget)
    field.show_note("It is taken.", warning=True)
    assert below(field) == ("k w", "It is taken.")
    field.show_help()
    assert below(field) == ("", "Help.")


def test_the_help_may_change(field):
    """A field's help can become another, which stays; an error does, too."""
    field.change_help("Another help.")
    assert below(field) == ("", "Another help.")
    field.show_error("it is missing.")
    field.change_help("A third help.")
    assert below(field) == ("e", "Error: it is missing.")
    field.show_help()
    assert below(field) == ("", "A third help.")


def test_an_edit_brings_the_help_back(field, kind):
    """What was wrong with a field is forgotten when its user changes it."""
    field.show_error("it is missing.")
    edit(field, kind)
    assert below(field)[1].startswith("Received." if kind == "secret" else "Help.")
    assert "bad" not in classes(field.widget)


def test_edits_are_told_and_settings_are_not(field, kind, canary):
    """Each change by the user is told to whoever asked; a value set by code is not, and leaves the words."""
    told = []
    field.on_edit(lambda: told.append(field.value))
    edit(field, kind)
    assert told == [{"choice": 2, "secret": Secret("x")}.get(kind, "x")]
    field.show_error("it is missing.")
    field.value = {"choice": 1, "secret": None}.get(kind, "y")
    assert len(told) == 1
    assert below(field)[0] == "e"


def test_each_key_is_told_but_of_a_password(field, kind):
    """A browser that has more than it told would lose it with the next word below; a password comes whole."""
    if kind != "choice":
        assert field.widget.continuous_update is (kind != "secret")


def test_what_was_wrong_is_judged_at_each_edit(field, kind):
    """An error stays until it is true no more; what was not found wrong waits until somebody judges it."""
    field.judge_by(lambda: "no.")
    edit(field, kind)
    assert field.wrong is (kind == "secret")  # it comes when its field is left
    field.judge()
    assert below(field) == ("e", "Error: no.")
    field.widget.set_state({"index": 0} if kind == "choice" else {"value": "y"})
    assert field.wrong
    field.judge_by(str)
    edit(field, kind)
    assert not field.wrong


def test_nothing_is_said_of_an_empty_field(kind):
    """That something is missing is told once a button is pressed."""
    field = FIELDS[kind]()
    field.judge_by(lambda: "no.")
    field.judge()
    assert field.wrong is (kind == "choice")  # which is never empty


@pytest.mark.parametrize("kind", ["text", "area", "combo"])
def test_spaces_around_a_text_go(field):
    """They go once the field is left; a space inside stays."""
    field.widget.set_state({"value": " two words\u200b "})
    field.tidy()
    assert field.widget.value == "two words"


def test_an_area_grows():
    """It has a row for each line, between two and ten."""
    field = fields.area_field("Images", "Help.")
    rows = []
    for lines in (1, 3, 40, 2):
        field.widget.set_state({"value": "\n".join("x" * lines)})
        rows.append(field.widget.rows)
    assert rows == [2, 3, 10, 2]


def test_a_secret_is_set_and_dropped(canary):
    """A password field takes a Secret from code, gives it back, and takes None for nothing."""
    field = fields.secret_field("Password", "Help.")
    field.value = Secret(canary)
    assert field.value == Secret(canary)
    assert below(field)[1].startswith("Received.")
    field.value = None
    assert field.value is None
    assert below(field) == ("", "Help.")


def test_help_of_a_field_that_holds_a_secret():
    """As long as a password is held, that is what stands below its field when nothing is wrong."""
    field = fields.secret_field("Password", "Help.")
    edit(field, "secret")
    field.show_error("ghcr.io does not accept it.")
    field.show_help()
    assert below(field)[1].startswith("Received.")
    field.show_error("ghcr.io does not accept it.")
    field.widget.forget()
    assert below(field)[0] == "e"


def test_a_box_has_no_words_below():
    """A box to tick keeps its label, which is its tooltip too, free of HTML, whatever is shown."""
    field = fields.check_field("Check before storing", value=True)
    told = []
    field.on_edit(lambda: told.append(field.value))
    field.widget.set_state({"value": False})
    field.show_error("no.")
    field.show_note("no.")
    field.change_help("no.")
    field.show_help()
    assert told == [False]
    assert field.widget.description == "Check before storing"
    assert "bad" not in classes(field.widget)


def test_disabled(field):
    """A disabled field takes nothing until it is enabled again."""
    assert not field.disabled
    field.disabled = True
    assert field.widget.disabled
    field.disabled = False
    assert not field.widget.disabled


def test_choices_stand_for_values():
    """A choice begins with its first option and gives what the option stands for."""
    field = fields.choice_field("Login", "Help.", (("Type it here", "typed"), ("From a file", None)))
    assert field.value == "typed"
    assert fields.choice_field("Login", "Help.", ["a", "b"]).value == "a"


def test_a_combo_takes_anything():
    """What is not among the suggestions is taken as well."""
    field = fields.combo_field("Registry", "Help.", iter(["ghcr.io"]))
    field.widget.set_state({"value": "registry.corp:5000"})
    assert field.value == "registry.corp:5000"


def test_width_and_font():
    """Fields say whether they share a line, and whether they hold what stands in a file."""
    assert classes(fields.text_field("a", "", half=True, mono=True).widget) == ("h", "c")
    assert classes(fields.text_field("a", "").widget) == ()
    assert classes(fields.area_field("a", "").widget) == ("c",)
    assert classes(fields.combo_field("a", "", [], half=True).widget) == ("h", "c")
    assert classes(fields.choice_field("a", "", ["x"], half=True).widget) == ("h",)
    assert classes(fields.secret_field("a", "", half=True).widget) == ("h",)


def test_no_tooltip_and_no_placeholder(field):
    """Nothing reads like a value that is none: no tooltip "null", and no words in an empty field."""
    assert field.widget.tooltip == ""
    assert getattr(field.widget, "placeholder", "").strip("\u200b") == ""


def test_fields_share_layout_and_style():
    """All fields have one layout and one style, even after all were closed."""
    made = [make() for make in FIELDS.values()]
    assert len({one.widget.layout for one in made}) == 1
    assert len({one.widget.style for one in made}) == 1
    ipywidgets.Widget.close_all()
    again = [make() for make in FIELDS.values()]
    assert len({one.widget.layout for one in again}) == 1
    assert all(one.widget.layout.comm and one.widget.style.comm for one in again)


def test_first_display_is_small(running_kernel):
    """The fields with their style, first shown, leave room for the buttons in 30 messages and 19 kB."""
    cells = [running_kernel.run(FORM), running_kernel.run(SHOW)]
    assert not any(cell.ename for cell in cells)
    said = [content for cell in cells for content in cell.iopub if "comm_id" in content or "data" in content]
    assert len(said) == 14  # 7 fields, head and box; a layout and 3 styles; the display itself
    assert len(json.dumps(said)) <= 14_500


def test_an_error_is_one_message(running_kernel):
    """Marking a field takes one message, not one for the words and one for the mark."""
    running_kernel.run(FORM)
    cell = running_kernel.run("every[0].show_error('a name is missing.')")
    assert [content["data"]["method"] for content in cell.iopub if "comm_id" in content] == ["update"]
    again = running_kernel.run("every[0].show_error('a name is missing.')")
    assert [content for content in again.iopub if "comm_id" in content] == []


STYLES = (fields.form_style(), fields.result_style())


@pytest.mark.parametrize("style", STYLES)
def test_a_style_is_scoped(style):
    """Every rule concerns the form, or a card, and nothing else in the notebook."""
    # What stands in the block of the form is its own.
    outside = re.sub(r"(?ms)^\.aic-form\{[^}]*^.*?^\}$", "", style)
    selectors = [rule.partition("{")[0] for rule in outside.splitlines() if rule and rule[0] != "@"]
    # Between the commas that are not in brackets.
    parts = [part for one in selectors for part in re.split(r",(?![^(]*\))", one)]
    assert parts
    assert [part for part in parts if ".aic" not in part] == []


@pytest.mark.parametrize("style", STYLES)
def test_a_style_needs_no_theme(style):
    """Each colour and font of a theme has a second for where there is none."""
    assert re.findall(r"var\(--(?:jp|vscode)-[\w-]+\)", style) == []
