"""What follows a stored secret: templates that name it, in tabs, each to be copied or saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets  # type: ignore[import-untyped]

from aicore_magics import actions
from aicore_magics.base.spaces import bare
from aicore_magics.errors import AICoreError, InvalidFile
from aicore_magics.jupyter.form import fields
from aicore_magics.jupyter.form import words as form_words
from aicore_magics.jupyter.form.fields import box, page, shared
from aicore_magics.next_steps import closed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aicore_magics.actions.stored_secret import SecretStored
    from aicore_magics.jupyter.form.bar import Bar
    from aicore_magics.templates.generate.generated import GeneratedTemplate

    MakeBar = Callable[[Callable[[], None]], Bar]

_PATH_HELP = "A path in the working folder. Existing files are not replaced."


class TemplateTabs:
    """A tab for each of *templates*, and one with the Python that makes them."""

    def __init__(
        self, templates: Sequence[GeneratedTemplate], secret: str, image: str, *, words: str, bar: MakeBar
    ) -> None:
        paths = tuple(f"{template.name}.yaml" for template in templates)
        self.panes = [
            _Pane(template.text, path, words, bar) for template, path in zip(templates, paths, strict=True)
        ]
        python = box(widgets.VBox, [page(form_words.yaml(_python(secret, image, paths), words))], "pane")
        self.widget = widgets.Tab(
            children=(*(pane.widget for pane in self.panes), python),
            titles=(*(template.kind for template in templates), "Python"),
            layout=shared(widgets.Layout),
        )


def starter_tabs(done: SecretStored, bar: MakeBar) -> TemplateTabs | None:
    """Give the tabs for what was stored, or None where no template can be made of it.

    *bar* makes a row with the one button Save, which does what it is given.
    """
    named = done.images[0].reference if done.images else ""
    image = named or f"{done.logins[0].registry}/your-team/your-image:1.0"
    words = "" if named else f"Replace {image} with your image."
    try:
        templates = actions.starter_templates(done.name, image)
    except Exception:  # noqa: BLE001 - whatever becomes of templates, that it is stored must be told
        return None
    return TemplateTabs(templates, done.name, image, words=words, bar=bar)


class _Pane:
    """One template: its text, and where to save it."""

    def __init__(self, text: str, path: str, words: str, bar: MakeBar) -> None:
        self._text = text
        self.path = fields.text_field("Save as", _PATH_HELP, mono=True)
        self.path.value = path
        self.bar = bar(self._save)
        self.message = page()
        self.path.on_edit(self._edited)
        self._refused = False
        parts = (page(form_words.yaml(text, words)), self.path.widget, self.bar.widget, self.message)
        self.widget = box(widgets.VBox, parts, "pane")

    def _edited(self) -> None:
        """Take a refusal back, which was about another path; what was saved stays saved."""
        if self._refused:
            self.message.value, self._refused = "", False

    def _save(self) -> None:
        path = bare(self.path.value)
        if not path:
            self.message.value = ""
            self.path.show_error("the path is missing.")
            self.path.focus()
            return
        self._refused = False
        self.path.show_help()
        try:
            self.message.value = form_words.card(actions.save_template(path, self._text).report())
        except AICoreError as error:
            self._refused = True
            self.message.value = form_words.refused(error, self.bar.says("save"))
            if isinstance(error, InvalidFile):  # else it is the template that is wrong, not its path
                self.path.show_error(closed(error.what))
                self.path.focus()


def _python(secret: str, image: str, paths: Sequence[str]) -> str:
    """The Python that makes the same templates, and saves them."""
    names = [path.removesuffix(".yaml").rpartition("-")[2] for path in paths]
    return "\n".join(
        (
            "from aicore_magics import actions",
            "",
            f"{', '.join(names)} = actions.starter_templates({secret!r}, {image!r})",
            *(
                f"actions.save_template({path!r}, {name}.text)"
                for path, name in zip(paths, names, strict=True)
            ),
        )
    )
