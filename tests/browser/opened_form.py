"""The form as somebody before the browser knows it: fields by their labels, buttons by their words."""

from __future__ import annotations

import json
import re

SETUP = """%load_ext aicore_magics
import json, os
connected = %aicore_connect --sandbox
sandbox = get_ipython()._aicore_magics[0].session.sandbox()
print(json.dumps([connected.registry.host, os.environ["SANDBOX_REGISTRY_PASSWORD"]]))"""
FORM = """form = %aicore_docker_secret form
form"""
STORED = (
    "print(json.dumps({name: json.loads(held)['auths'] for name, held in sandbox.state.secrets.items()}))"
)
# The words of what has the focus: its label's, or its own.
_FOCUSED = "(one => (one.labels && one.labels[0] || one).innerText.split('\\n')[0])(document.activeElement)"
FIELDS = (
    "Secret name",
    "Images to pull",
    "Registry",
    "Login",
    "User",
    "Password or token",
    "Check with the registry before storing",
)

# How long it takes from Enter until the field is blank, as the browser sees it.
BLANKED = """field => new Promise(done => field.addEventListener("keydown", () => {
    const start = performance.now()
    const look = () => field.value ? setTimeout(look, 1) : done(performance.now() - start)
    look()
}, {once: true}))"""


class OpenedForm:
    """The form in *page*."""

    def __init__(self, page):
        self.page = page
        self.box = page.locator(".aic-form")

    def field(self, label):
        """Give the field whose label begins with *label*."""
        return self.box.get_by_label(re.compile(f"^{re.escape(label)}"))

    def button(self, word):
        """Give the button with exactly this word."""
        return self.box.get_by_role("button", name=word, exact=True)

    def fill(self, password, **values):
        """Enter *values*, by the first word of each field's label, and *password*, and leave it."""
        for label, value in values.items():
            self.field(label.capitalize()).fill(value)
        self.field("Password").fill(password)
        self.page.keyboard.press("Enter")
        self.box.get_by_text("Received. Kept in memory").wait_for()

    def press(self, word):
        """Press a button, once it is there."""
        self.button(word).click()

    def clear(self):
        """Clear a form that holds a password, and wait until it is: what is typed before would be lost."""
        self.press("Clear")
        self.box.get_by_text("Received. Kept in memory").wait_for(state="detached")

    def await_alert(self, text):
        """Wait until something wrong or uncertain is told."""
        self.box.get_by_role("alert").filter(has_text=text).wait_for()

    def await_status(self, text):
        """Wait until something good or going on is told."""
        self.box.get_by_role("status").filter(has_text=text).wait_for()

    def await_focus(self, words):
        """Wait until what has the focus is called *words*."""
        self.page.wait_for_function(f"words => {_FOCUSED} === words", arg=words)

    def said(self):
        """Give all the words that stand in the form now."""
        return self.box.inner_text()

    def focused(self):
        """Give the words of what has the focus."""
        return self.page.evaluate(_FOCUSED)


def printed(notebook, number):
    """Run the cell *number*, and give the JSON in the last line that it prints."""
    notebook.run(number)
    shown = notebook.cell(number).locator(".jp-OutputArea-output").inner_text()
    return json.loads(shown.strip().splitlines()[-1])


def time_to_blank(page, field):
    """Press Enter in *field*, and give the milliseconds until it is blank."""
    field.focus()
    page.evaluate("window.blanked = null")
    field.evaluate(f"field => {{ window.blanked = ({BLANKED})(field) }}")
    page.keyboard.press("Enter")
    return page.evaluate("window.blanked")
