"""Only buttons that can be pressed do anything, and none of them is taken from below the focus."""

from __future__ import annotations

import pytest

from aicore_magics.jupyter.form.bar import Bar
from tests.jupyter.shown import classes


@pytest.fixture
def pressed():
    return []


@pytest.fixture
def bar(pressed):
    acts = {key: lambda key=key: pressed.append(key) for key in ("store", "check", "clear", "stop", "keep")}
    return Bar(acts, "store", "check", "clear")


def seen(bar):
    """The words of the buttons that are not hidden, each with whether it waits."""
    shown = [button for button in bar.widget.children if "gone" not in classes(button)]
    return {button.description: "off" in classes(button) for button in shown}


def test_buttons(bar, pressed):
    """What is offered can be pressed, in its order; what is not there cannot."""
    assert seen(bar) == {"Create": False, "Check": False, "Clear": False}
    bar.press("check")
    with pytest.raises(ValueError, match="Cancel"):
        bar.press("stop")
    bar.word("store", "Replace…")
    bar.press("store")
    assert pressed == ["check", "store"]
    assert bar.says("store") == bar.widget.children[0].description == "Replace…"
    assert "mod-primary" in classes(bar.widget.children[0])


def test_what_waits_keeps_its_place(bar, pressed):
    """The second click of a double click meets the button of the first, and does nothing."""
    first = bar.widget.children[0]
    bar.offer("stop", waiting=("store", "check"))
    assert seen(bar) == {"Create": True, "Check": True, "Cancel": False}
    assert bar.widget.children[0] is first
    first.click()
    with pytest.raises(ValueError, match="Create"):
        bar.press("store")
    assert pressed == []
    bar.press("stop")
    assert pressed == ["stop"]


@pytest.mark.parametrize(
    ("offered", "waiting", "primary"),
    [
        (("store", "check", "clear"), (), ["Create"]),
        (("stop",), ("store", "check"), []),
        (("keep",), ("store",), ["Keep it"]),
    ],
)
def test_one_button_weighs_most(bar, offered, waiting, primary):
    """Of those that can be pressed at most one is the primary one; what empties the form is quiet."""
    bar.offer(*offered, waiting=waiting)
    live = [button for button in bar.widget.children if "off" not in classes(button)]
    assert [button.description for button in live if "mod-primary" in classes(button)] == primary
    assert "quiet" in classes(bar.buttons["clear"])


def test_buttons_stand_in_the_order_they_are_offered(bar):
    """To have a word put on it gives no button a place."""
    bar.word("stop", "Stop it")
    bar.offer("keep", "stop")
    assert list(seen(bar)) == ["Keep it", "Stop it"]


def test_no_button_is_ever_taken_out(bar, pressed):
    """What is gone stays in the page, hidden, in its old place, so that the focus on it is not lost."""
    before = bar.widget.children
    bar.offer("keep", waiting=("store",))
    bar.offer("store", "check", "clear")
    assert bar.widget.children[:3] == before
    assert seen(bar) == {"Create": False, "Check": False, "Clear": False}
    bar.widget.children[3].click()  # a click that was under way when it went
    assert pressed == []
