"""A form as it is used: fill it in, press a button, read what it says."""

from __future__ import annotations

import re

from tests.waiting import PATIENCE


def press(form, key):
    """Press a button, and wait until what it began is over and told."""
    form.bar.press(key)
    assert form.wait(PATIENCE)


def fill(form, registry, password, *, name="team-churn", image="acme/churn:1.4", user="anna"):
    """Enter a login of the sandbox's registry."""
    form.fields.name.value = name
    form.fields.images.value = f"{registry.host}/{image}" if image else ""
    form.fields.user.value = user
    form.fields.password.widget.set_state({"value": password})


def said(form):
    """What the form says, without the style."""
    return re.sub(r"<style>.*?</style>", "", form.message.value, flags=re.DOTALL)


def shown(form):
    """What stands between head and buttons."""
    return form.widget.children[: form.widget.children.index(form.bar.widget)]


def below(form):
    """What stands below the message."""
    return form.widget.children[form.widget.children.index(form.message) + 1 :]


def writes(sandbox):
    """The requests that would have stored something."""
    return [one for one in tuple(sandbox.state.requests) if one.method == "POST" and "admin" in one.path]
