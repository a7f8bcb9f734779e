"""What stands in the form, in its order; and a message goes when what it speaks of is edited."""

from __future__ import annotations

import pytest

from aicore_magics.jupyter.form.bar import Bar
from aicore_magics.jupyter.form.entries import FILE, Fields
from aicore_magics.jupyter.form.fields import page
from aicore_magics.jupyter.form.head import Head
from aicore_magics.jupyter.form.sheet import Sheet
from aicore_magics.jupyter.session import Session


@pytest.fixture
def fields():
    entered = Fields("")
    yield entered
    entered.password.widget.close()


@pytest.fixture
def bar():
    return Bar({"store": print}, "store")


@pytest.fixture
def sheet(fields, bar):
    return Sheet(Head(Session(), ""), fields, bar, fields.leave)


def test_the_order(sheet, fields, bar):
    """Head, fields, buttons, message; the fields are those of the chosen login."""
    assert len(sheet.widget.children) == len(fields.shown) + 4  # no message yet
    assert sheet.message.value == ""
    head, *entered, buttons, _script, _left, message = sheet.widget.children
    assert "<h4>" in head.value
    assert entered == [field.widget for field in fields.shown]
    assert (buttons, message) == (bar.widget, sheet.message)
    fields.login.value = FILE
    sheet.show_fields()
    assert fields.file.widget in sheet.widget.children
    assert fields.user.widget not in sheet.widget.children


def test_the_buttons_are_made_once(sheet, bar):
    """At the end nothing before the buttons changes: what has the focus would lose it."""
    before = sheet.widget.children
    below = page("templates")
    sheet.show_end(below)
    assert sheet.widget.children == (*before, below)
    assert not sheet.has_fields
    sheet.show_fields()
    assert sheet.widget.children == before
    assert sheet.has_fields


def test_a_message_goes_with_an_edit(sheet, fields):
    """It goes when a field is edited that it is about, and stays through edits of others."""
    sheet.say("<p>Refused</p>", fields.images, fields.user)
    sheet.edited(fields.name)
    assert "Refused" in sheet.message.value
    sheet.edited(fields.user)
    assert "Refused" not in sheet.message.value
    assert sheet.message.value.startswith("<style>")  # that of the buttons, too
    sheet.say("<p>Not connected</p>")
    sheet.edited(fields.user)
    assert "Not connected" in sheet.message.value


def test_before_anything_was_said(sheet):
    """To be silent costs nothing."""
    sheet.hush()
    assert sheet.message.value == ""


def test_the_time_stands_below_the_steps(sheet):
    """It is apart from the message, which is read out at each change; and it goes when fields are back."""
    sheet.show_time(1, 60.0)
    sheet.show_time(2, 60.0)
    assert "2 s of at most 60 s" in sheet.widget.children[-1].value
    assert sheet.message.value == ""
    sheet.show_fields()
    assert sheet.widget.children[-1] is sheet.message
