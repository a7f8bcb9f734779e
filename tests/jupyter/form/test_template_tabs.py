"""After success: a tab for each template that names the secret, to be copied or saved, never over a file."""

from __future__ import annotations

from dataclasses import dataclass

import ipywidgets
import pytest

from aicore_magics import actions
from aicore_magics.actions.stored_secret import SecretStored, ServedImage
from aicore_magics.base.report import Report
from aicore_magics.base.result import Where
from aicore_magics.errors import InvalidFile, InvalidImage
from aicore_magics.jupyter.form.bar import Bar
from aicore_magics.jupyter.form.template_tabs import starter_tabs
from aicore_magics.model.docker_secret import StoredLogin
from aicore_magics.next_steps import OR, Effect, Option

IMAGE = "ghcr.io/acme/churn:1.4"


@dataclass
class Template:
    """A template, as far as the tabs look at it."""

    kind: str
    name: str
    text: str


class Saved:
    """What came of saving."""

    def __init__(self, path):
        self.path = path

    def report(self):
        return Report(f"{self.path} saved", "done")


@pytest.fixture
def files(monkeypatch):
    """What was saved, by path; templates that say what they were made for."""
    files = {}

    def make(secret, image):
        text = f"secret: {secret}\nimage: {image}\n"
        kinds = ("WorkflowTemplate", "ServingTemplate")
        names = ("churn-train", "churn-serve")
        return tuple(
            Template(kind, name, f"kind: {kind}\n{text}") for kind, name in zip(kinds, names, strict=True)
        )

    def save(path, text, *, force=False):
        if path in files and not force:
            raise InvalidFile(
                f"the file {path!r} exists already",
                Effect.NOTHING_WRITTEN,
                ("choose another name", OR, Option("force"), " to replace it."),
            )
        files[path] = text
        return Saved(path)

    monkeypatch.setattr(actions, "starter_templates", make)
    monkeypatch.setattr(actions, "save_template", save)
    return files


def stored(*images):
    served = tuple(ServedImage(image, "ghcr.io") for image in images)
    login = StoredLogin("ghcr.io", "ghcr.io", "anna")
    return SecretStored("team-churn", "created", Where("acme", "api.x"), (login,), served)


def save_bar(save):
    return Bar({"save": save}, "save")


def words(widget):
    """All the HTML in and below *widget*."""
    own = widget.value if isinstance(widget, ipywidgets.HTML) else ""
    return own + "".join(map(words, getattr(widget, "children", ())))


def test_three_tabs(files):
    """Workflow, serving and Python; each template names secret and image, and one click selects it."""
    tabs = starter_tabs(stored(IMAGE), save_bar)
    assert tabs.widget.titles == ("WorkflowTemplate", "ServingTemplate", "Python")
    for kind, pane in zip(tabs.widget.titles, tabs.widget.children[:2], strict=False):
        assert f"kind: {kind}\nsecret: team-churn\nimage: {IMAGE}</pre>" in words(pane)
        assert '<pre class="y"' in words(pane)
    assert [pane.path.value for pane in tabs.panes] == ["churn-train.yaml", "churn-serve.yaml"]
    assert files == {}


def test_the_python_does_the_same(files):
    """What the last tab shows runs as it stands, and saves what the other tabs show."""
    from html import unescape

    tabs = starter_tabs(stored(IMAGE), save_bar)
    code = unescape(words(tabs.widget.children[2]).partition('tabindex="0">')[2].partition("</pre>")[0])
    exec(code, {})
    assert sorted(files) == ["churn-serve.yaml", "churn-train.yaml"]
    assert files["churn-train.yaml"].startswith("kind: WorkflowTemplate")
    assert files["churn-serve.yaml"].startswith("kind: ServingTemplate")


def test_saved_once(files):
    """Save says what was saved; a file that is there is never replaced, and another path is asked for."""
    pane = starter_tabs(stored(IMAGE), save_bar).panes[0]
    pane.bar.press("save")
    assert files["churn-train.yaml"].startswith("kind: WorkflowTemplate")
    assert "churn-train.yaml saved" in pane.message.value
    pane.bar.press("save")
    assert "exists already" in pane.message.value
    assert "Choose another name." in pane.message.value
    assert "--force" not in pane.message.value
    assert "Error: the file &#x27;churn-train.yaml&#x27; exists already." in pane.path.widget.description
    assert pane.path.wrong
    pane.path.value = "  jobs/train.yaml "
    pane.bar.press("save")
    assert sorted(files) == ["churn-train.yaml", "jobs/train.yaml"]
    assert not pane.path.wrong


def test_a_refusal_goes_with_its_path(files):
    """A refused path is told until it is edited; that something was saved is told on."""
    pane = starter_tabs(stored(IMAGE), save_bar).panes[0]
    pane.bar.press("save")
    pane.path.widget.value = "churn-train.yam"
    assert "churn-train.yaml saved" in pane.message.value
    pane.path.widget.value = "churn-train.yaml"
    pane.bar.press("save")
    assert "Refused" in pane.message.value
    pane.path.widget.value = "x.yaml"
    assert pane.message.value == ""
    pane.bar.press("save")
    assert "x.yaml saved" in pane.message.value


def test_a_path_is_needed(files):
    """Without a path nothing is saved, and what stood there before is no longer said."""
    pane = starter_tabs(stored(IMAGE), save_bar).panes[1]
    pane.bar.press("save")
    pane.path.value = " "
    pane.bar.press("save")
    assert "Error: the path is missing." in pane.path.widget.description
    assert pane.message.value == ""
    assert list(files) == ["churn-serve.yaml"]


def test_without_an_image(files):
    """Where no image was named, one of the registry stands in, and is said to be a stand-in."""
    tabs = starter_tabs(stored(), save_bar)
    assert "image: ghcr.io/your-team/your-image:1.0" in words(tabs.widget.children[0])
    for pane in tabs.widget.children:
        assert "Replace ghcr.io/your-team/your-image:1.0 with your image." in words(pane)


def test_what_breaks_is_shown(files, monkeypatch):
    """A fault behind Save reaches whoever makes the button."""

    def broken(*_args):
        raise ZeroDivisionError

    monkeypatch.setattr(actions, "save_template", broken)
    caught = []

    def guarded(save):
        def act():
            with pytest.raises(ZeroDivisionError):
                save()
            caught.append(save)

        return save_bar(act)

    starter_tabs(stored(IMAGE), guarded).panes[0].bar.press("save")
    assert len(caught) == 1


@pytest.mark.parametrize("error", [InvalidImage("this is no image. Nothing was sent."), KeyError("x")])
def test_no_tabs_where_no_template_can_be_made(monkeypatch, files, error):
    """No stand-in image, or a fault of ours: then there are no tabs, for that it is stored has to be told."""

    def refuse(_secret, _image):
        raise error

    monkeypatch.setattr(actions, "starter_templates", refuse)
    assert starter_tabs(stored(), save_bar) is None
