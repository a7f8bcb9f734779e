"""No password that a field, the form or a prompt is given leaves a trace, whatever is saved or shown."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from urllib.error import HTTPError
from urllib.parse import quote

import pytest

from tests.browser.lab import Notebook
from tests.browser.opened_form import FORM, SETUP, OpenedForm, printed, time_to_blank
from tests.browser.traces import WRITE, WRITTEN, shown_by, traces

pytestmark = pytest.mark.needs("browser")

SHOW = """%logstart -o -r session.py over
%xmode Verbose
import ipywidgets
from aicore_magics.jupyter.form import fields
every = [
    fields.text_field("Secret name", "Small letters, digits, dots and hyphens.", mono=True),
    fields.area_field("Images to pull (optional)", "One per line, for example ghcr.io/acme/churn:1.4."),
    fields.combo_field("Registry (optional)", "Taken from the image.", ["docker.io", "ghcr.io"], half=True),
    fields.choice_field("Login", "Read on this machine only.", ["Type it here", "From a file"], half=True),
    fields.text_field("User", "The account name.", half=True),
    fields.secret_field("Password or token", "Leaves this field at once.", half=True),
    fields.secret_field("Another password", "Leaves this field at once."),
    fields.check_field("Check with the registry before storing", value=True),
]
head = ipywidgets.HTML(f"<style>{fields.form_style()}</style><h4>New Docker registry secret</h4>")
box = ipywidgets.VBox([head, *(field.widget for field in every)], _dom_classes=("aic-form",))
box"""
USE = """def fail(password, field):
    raise ValueError(password, field)
print([field.value for field in every], every[5].widget)
fail(every[5].value, every[5].widget)"""
LABELS = (
    "Secret name",
    "Images to pull",
    "Registry",
    "Login",
    "User",
    "Password or token",
    "Another password",
    "Check with the registry",
)
RECEIVED = ".k:has-text('Received. Kept in memory')"


def labelled(page, label):
    return page.get_by_label(re.compile(f"^{label}"))


def test_a_typed_password_leaves_no_trace(lab, pages, page, notebook, canary, capsys):
    """Typed and not submitted, or submitted, saved with its widgets: no file, message or page holds it."""
    opened = notebook(SHOW, USE, WRITE)
    listener = opened.listen()
    opened.run(0)
    for label in LABELS:
        assert labelled(page, label).count() == 1, label

    labelled(page, "Password or token").fill(canary)
    opened.save()
    other = Notebook(lab, pages(), opened.name)
    labelled(other.page, "Password or token").wait_for()
    assert traces(canary, {"the other page": shown_by(other.page), **lab.everything()}) == {}

    milliseconds = time_to_blank(page, labelled(page, "Password or token"))
    for window in (page, other.page):
        window.locator(RECEIVED).wait_for()
    labelled(page, "Another password").fill(canary)  # and left, by the click into the next cell
    opened.run(1, 2)
    assert page.locator(RECEIVED).count() == 2
    opened.save()
    opened.export()
    labelled(page, "Another password").fill(canary)
    opened.save()
    places = {"the other page": shown_by(other.page)}
    other.page.reload()
    labelled(other.page, "Another password").wait_for()
    places |= {"the other page, anew": shown_by(other.page), "messages": listener.heard}
    opened.shut_down()
    places |= lab.everything()

    assert traces(canary, places) == {}
    # The field was there, held the password, and whatever could have kept it was written.
    assert b"Secret('***')" in opened.path.read_bytes()
    for place in ("the other page", "the other page, anew", "messages", f"root/{opened.name}"):
        assert b"Password or token" in places[place]
    for name in (*WRITTEN, str(opened.checkpoint.relative_to(lab.root)), f"{opened.path.stem}.html"):
        assert places[f"root/{name}"], name
    assert b"application/vnd.jupyter.widget-state+json" in opened.path.read_bytes()
    assert places["ipython/profile_default/history.sqlite"]
    with capsys.disabled():
        print(f"\nfrom Enter to the blanked field: {milliseconds:.0f} ms")  # noqa: T201 - a figure to be read


PLANT = """%logstart -o -r session.py over
import ipywidgets
password = PASSWORD
print(password)
box = ipywidgets.VBox([ipywidgets.Password(description="Password"), ipywidgets.Text(password)])
box"""


def test_a_planted_password_is_found_in_every_place(lab, pages, page, notebook, canary):
    """The same search finds a password that a cell and an ordinary field give away, wherever it looks."""
    planted = canary[::-1]  # another, for all tests share one server
    opened = notebook(PLANT.replace("PASSWORD", ascii(planted)), WRITE)
    listener = opened.listen()
    opened.run(0)
    page.get_by_label("Password", exact=True).fill(planted)
    opened.run(1)
    opened.save()
    opened.export()
    other = Notebook(lab, pages(), opened.name)
    other.page.locator(
        ".jp-OutputArea-output", has_text=planted
    ).first.wait_for()  # drawn after its kernel is ready
    other.page.get_by_label("Password", exact=True).wait_for()
    places = {"the other page": shown_by(other.page), "messages": listener.heard}
    with suppress(HTTPError):
        lab.ask(f"contents/{quote(planted)}")
    opened.shut_down()

    found = traces(planted, places | lab.everything())
    for name in (
        *WRITTEN,
        opened.name,
        str(opened.checkpoint.relative_to(lab.root)),
        f"{opened.path.stem}.html",
    ):
        assert found.pop(f"root/{name}"), name
    for place in ("the other page", "messages", "ipython/profile_default/history.sqlite", "lab.log"):
        assert found.pop(place), place


LOGGED = "%logstart -o -r session.py over\n%xmode Verbose\n"
PROMPT = "%aicore_docker_secret create team-asked --registry ghcr.io --username anna --no-check"
HASHES = """import hashlib
held = [json.loads(each)["auths"]["ghcr.io"]["password"] for each in sandbox.state.secrets.values()]
print(json.dumps([hashlib.sha256(each.encode()).hexdigest() for each in held]))
held = None"""
RAISED = """def fail(form):
    raise ValueError(form, form.fields.password)
fail(form)"""


def test_no_trace_of_any_password(lab, pages, page, notebook, canary):
    """Typed, received, refused, stored or prompted for, and saved with its widgets: nothing holds it."""
    opened = notebook(LOGGED + SETUP, FORM, PROMPT, HASHES, RAISED, WRITE.replace("[box]", "[form.widget]"))
    listener = opened.listen()
    host, _ = printed(opened, 0)
    opened.run(1)
    form = OpenedForm(page)
    form.field("Password").fill(canary)
    opened.save()
    other = OpenedForm(Notebook(lab, pages(), opened.name).page)
    other.field("Password").wait_for()
    assert traces(canary, {"the other page": shown_by(other.page), **lab.everything()}) == {}

    form.fill(canary, secret="team-typed", registry=host, user="anna")
    form.press("Create")
    form.await_alert("Refused: ")
    form.fill(canary, registry="ghcr.io")
    form.field("Check with").uncheck()
    form.press("Create")
    form.await_status("Secret team-typed stored, login not checked")
    ask(opened, 2, canary)
    assert printed(opened, 3) == [hashlib.sha256(canary.encode()).hexdigest()] * 2

    form.press("Store another")
    form.fill(canary)
    other.box.get_by_text("Received. Kept in memory").wait_for()
    opened.run(4, 5)
    opened.save()
    opened.export()
    form.field("Password").fill(canary)
    opened.save()
    places = {"the other page": shown_by(other.page)}
    other.page.reload()
    other.field("Password").wait_for()
    places |= {"the other page, anew": shown_by(other.page), "messages": listener.heard}
    opened.shut_down()
    places |= lab.everything()

    assert traces(canary, places) == {}
    # The form was there with what it holds, and whatever could have kept it was written.
    written = [*WRITTEN, str(opened.checkpoint.relative_to(lab.root)), f"{opened.path.stem}.html"]
    for name in written:
        assert places[f"root/{name}"], name
    for place in ("the other page", "the other page, anew", "messages", f"root/{opened.name}"):
        assert b"Password or token" in places[place], place
    for said in (b"ValueError", b"Secret team-asked stored", b"widget-state+json"):
        assert said in opened.path.read_bytes()


def ask(notebook, number, password):
    """Run the cell *number*, and answer its question for a password."""
    notebook.cell(number).locator(".cm-content").click()
    notebook.page.keyboard.press("Control+Enter")
    question = notebook.page.locator("input.jp-Stdin-input[type=password]")
    question.fill(password)
    question.press("Enter")
    notebook.cell(number).get_by_role("status").filter(has_text="stored").wait_for()
