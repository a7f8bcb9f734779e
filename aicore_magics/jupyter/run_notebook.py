"""What %aicore_notebook does: options to values, one action, its result."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from IPython.core.getipython import get_ipython

from aicore_magics import actions
from aicore_magics.actions import NotebookNames
from aicore_magics.grammar.notebook_grammar import NOTEBOOK
from aicore_magics.jupyter.boundary import Help
from aicore_magics.jupyter.prompts import Prompts
from aicore_magics.jupyter.scan_progress import shown_progress

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from aicore_magics.jupyter.session import Session


def run_notebook(words: list[str], _session: Session) -> Any:
    """%aicore_notebook."""
    if text := NOTEBOOK.help_for(words):
        return Help(text)
    name = NOTEBOOK.name(words)
    return _RUN[name](NOTEBOOK.parser(name).read(words[1:]))


def _new(options: Namespace) -> Any:
    names = NotebookNames(
        secret=_asked(options.secret, "Secret name: ", "--secret NAME", options),
        image=_asked(options.image, "Image to pull: ", "--image REF", options),
        username=_asked(options.username, "User at its registry: ", "--username USER", options),
        scenario=options.scenario,
        password_env=options.password_env,
        sandbox=options.sandbox,
    )
    return actions.new_notebook(options.path, names, force=options.force)


def _asked(value: str, prompt: str, option: str, options: Namespace) -> str:
    """What was given, or else what is typed now; the sandbox has names of its own."""
    return value if value or options.sandbox else Prompts().text(prompt, instead=option)


def _scan(options: Namespace) -> Any:
    with shown_progress() as watch:
        return actions.scan_notebooks(options.paths, watch=watch, **_how(options))


def _scrub(options: Namespace) -> Any:
    with shown_progress() as watch:
        plan = actions.plan_scrub(options.paths, running=_running(), watch=watch, **_how(options))
    return actions.scrub_notebooks(plan) if options.write else plan


def _how(options: Namespace) -> dict[str, bool]:
    return {"nearby": not options.notebooks_only, "history": options.history, "strict": options.strict}


def _running() -> str | None:
    """The notebook that runs this, where Jupyter or VS Code tell it."""
    shell = get_ipython()
    path = shell.user_ns.get("__vsc_ipynb_file__") if shell else None
    return str(path) if path else os.environ.get("JPY_SESSION_NAME")


_RUN: dict[str, Callable[[Namespace], Any]] = {"new": _new, "scan": _scan, "scrub": _scrub}
