"""The words of a field are one escaped text: its label, then help, error or note."""

from __future__ import annotations

import re

from aicore_magics.jupyter.form.label import Label

NASTY = "<img src=x onerror=alert(1)>\"'&$a$\x1b[31m\u202e"


def classes(html):
    return re.findall(r'class="([^"]*)"', html)


def test_what_stands_below_replaces_the_help():
    """Help, error, fine and warning stand in one place, told apart by a class and, if wrong, by a word."""
    label = Label("User", "The account name.")
    assert label.help().endswith('<span class="mathjax_ignore">The account name.</span>')
    assert '<span class="e mathjax_ignore">Error: it is missing.</span>' in label.error("it is missing.")
    assert '<span class="k mathjax_ignore">It is free.</span>' in label.note("It is free.")
    assert '<span class="k w mathjax_ignore">Taken.</span>' in label.note("Taken.", warning=True)


def test_there_is_room_for_the_help_whatever_stands_there():
    """The help goes with each note, unseen, so that a field with a shorter one is no lower."""
    label = Label("User", "The account name.")
    room = '<span class="room mathjax_ignore">The account name.</span>'
    assert label.error("x").endswith(room)
    assert label.note("x").endswith(room)
    assert "room" not in label.help() + Label("User", "").note("x")


def test_each_begins_with_the_label():
    """Whatever stands below, the name of the field comes first: so it is read, and found."""
    label = Label("User", "The account name.")
    for html in (label.help(), label.error("x"), label.note("x")):
        assert re.sub(r"<[^>]+>", "", html).startswith("User")


def test_optional_is_said_more_quietly():
    """A field that may stay empty says so beside its label."""
    assert (
        Label("Registry (optional)", "").help() == '<b class="mathjax_ignore">Registry <i>(optional)</i></b>'
    )


def test_every_value_is_escaped_and_no_maths():
    """No value makes a tag, hides a character or is typeset as maths."""
    label = Label(NASTY, NASTY)
    for html in (label.help(), label.error(NASTY), label.note(NASTY)):
        assert re.findall(r"</?(\w+)", html)[:4] == ["b", "b", "span", "span"]
        assert set(re.findall(r"</?(\w+)", html)) == {"b", "span"}
        assert "\x1b" not in html
        assert "\u202e" not in html
        assert all("mathjax_ignore" in one for one in classes(html))
