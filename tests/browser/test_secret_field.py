"""A password typed into the form's field leaves no trace, whatever is saved, shown or sent around it."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.error import HTTPError
from urllib.parse import quote

import pytest

from tests.browser.lab import Notebook
from tests.browser.traces import traces

pytestmark = pytest.mark.needs("browser")

SHOW = """%logstart -o -r session.py over
%xmode Verbose
import ipywidgets
from aicore_magics.jupyter import fields
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
WRITE = """import json
from pathlib import Path
from ipywidgets import Widget, embed
Path("history.txt").unlink(missing_ok=True)  # else %history would ask
Path("state.json").write_text(json.dumps(Widget.get_manager_state(), ensure_ascii=False))
embed.embed_minimal_html("embedded.html", views=[box])
%history -o -f history.txt
%save -f saved.py 1-99
%notebook all.ipynb
%logstop"""
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
WRITTEN = ("state.json", "embedded.html", "history.txt", "saved.py", "all.ipynb", "session.py")
# How long it takes from Enter until the field is blank, as the browser sees it.
BLANKED = """field => new Promise(done => field.addEventListener("keydown", () => {
    const start = performance.now()
    const look = () => field.value ? setTimeout(look, 1) : done(performance.now() - start)
    look()
}, {once: true}))"""


def labelled(page, label):
    return page.get_by_label(re.compile(f"^{label}"))


def shown_by(page):
    """What a page holds: its HTML, and what stands in its inputs."""
    values = "[...document.querySelectorAll('input, textarea')].map(one => one.value).join('\\n')"
    return (page.content() + page.evaluate(values)).encode()


def everything(lab):
    """Each file that the server, its kernels and its browsers have written, the server's log among them."""
    files = (path for path in lab.home.rglob("*") if path.is_file())
    return {str(path.relative_to(lab.home)): path.read_bytes() for path in files}


def export(notebook):
    """Save *notebook* as a page, beside it."""
    from nbconvert import HTMLExporter

    page, _ = HTMLExporter().from_filename(str(notebook.path))
    notebook.path.with_suffix(".html").write_text(page, "utf-8")


def time_to_blank(page, field):
    """Press Enter in *field*, and give the milliseconds until it is blank."""
    field.focus()
    page.evaluate("window.blanked = null")
    field.evaluate(f"field => {{ window.blanked = ({BLANKED})(field) }}")
    page.keyboard.press("Enter")
    return page.evaluate("window.blanked")


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
    assert traces(canary, {"the other page": shown_by(other.page), **everything(lab)}) == {}

    milliseconds = time_to_blank(page, labelled(page, "Password or token"))
    for window in (page, other.page):
        window.locator(RECEIVED).wait_for()
    labelled(page, "Another password").fill(canary)  # and left, by the click into the next cell
    opened.run(1, 2)
    assert page.locator(RECEIVED).count() == 2
    opened.save()
    export(opened)
    labelled(page, "Another password").fill(canary)
    opened.save()
    places = {"the other page": shown_by(other.page)}
    other.page.reload()
    labelled(other.page, "Another password").wait_for()
    places |= {"the other page, anew": shown_by(other.page), "messages": listener.heard}
    opened.shut_down()
    places |= everything(lab)

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
    export(opened)
    other = Notebook(lab, pages(), opened.name)
    places = {"the other page": shown_by(other.page), "messages": listener.heard}
    with suppress(HTTPError):
        lab.ask(f"contents/{quote(planted)}")
    opened.shut_down()

    found = traces(planted, places | everything(lab))
    for name in (
        *WRITTEN,
        opened.name,
        str(opened.checkpoint.relative_to(lab.root)),
        f"{opened.path.stem}.html",
    ):
        assert found.pop(f"root/{name}"), name
    for place in ("the other page", "messages", "ipython/profile_default/history.sqlite", "lab.log"):
        assert found.pop(place), place
