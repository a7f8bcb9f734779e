"""What %aicore_template does: options to values, one action, its result."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from IPython.core.getipython import get_ipython

from aicore_magics.actions.templates import (
    Against,
    check_templates,
    patch_template,
    save_template,
    template_rules,
)
from aicore_magics.grammar.template_grammar import TEMPLATE
from aicore_magics.grammar.template_options import serving_arguments, workflow_arguments
from aicore_magics.grammar.words import WrongUse
from aicore_magics.jupyter.boundary import Help
from aicore_magics.jupyter.front_end import inserts_cells
from aicore_magics.templates.generate.generated import serving_template, workflow_template

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.jupyter.session import Session
    from aicore_magics.templates.generate.generated import GeneratedTemplate

# The functions are taken from where they stand, not by way of `actions`: a first template is there at once,
# and what talks to AI Core is imported only when it is asked for.
SAVE = "%%aicore_template save"


def run_template(words: list[str], session: Session) -> Any:
    """%aicore_template."""
    if text := TEMPLATE.help_for(words):
        return Help(text)
    name = TEMPLATE.name(words)
    if name == TEMPLATE.cell:
        raise WrongUse(f"save needs a cell: {SAVE} train.yaml as its first line, the YAML below it.")
    return _RUN[name](TEMPLATE.parser(name).read(words[1:]), session)


def run_template_cell(cell: str) -> Callable[[list[str], Session], Any]:
    """%%aicore_template, for the text of this *cell*."""

    def run(words: list[str], session: Session) -> Any:
        if not words or TEMPLATE.help_for(words):
            return Help(TEMPLATE.parser(TEMPLATE.cell).format_help())
        if TEMPLATE.name(words) != TEMPLATE.cell:
            raise WrongUse(f"{words[0]} takes no cell; write %aicore_template with one percent sign.")
        options = TEMPLATE.parser(TEMPLATE.cell).read(words[1:])
        against = _against(options, session)
        return save_template(
            options.path,
            cell,
            force=options.force,
            check=not options.no_check,
            against=against,
            disable=options.disable,
        )

    return run


def _workflow(options: Namespace, session: Session) -> Any:
    return _placed(workflow_template(**workflow_arguments(options)), options, session)


def _serving(options: Namespace, session: Session) -> Any:
    if options.pin_digest and options.image and "{{" not in options.image:
        options.pin_digest = session.digest_of(options.image)
    return _placed(serving_template(**serving_arguments(options)), options, session)


def _placed(template: GeneratedTemplate, options: Namespace, session: Session) -> Any:
    """Put the template where the line says. It is the result in any case."""
    tenant = _tenant(options, session)
    if tenant and template.secret not in session.seen_of(tenant).names:
        unknown = Against(tenant).caution(template.secret)
        template = replace(template, notes=(*template.notes, *unknown))
    if options.out:
        # What was asked for is what is written: its notes are in the result.
        saved = save_template(options.out, template.text, force=options.force, check=False)
        return template.saved_as(options.out, saved.place, unchanged=saved.unchanged)
    shell = get_ipython()
    if options.cell and shell is not None:
        there = f" --profile {shlex.quote(options.profile)}" if options.profile else ""
        shell.set_next_input(f"{SAVE} {template.name}.yaml{there}\n{template.text.rstrip()}")
        return replace(template, next_cell=inserts_cells(shell))
    return template


def _check(options: Namespace, session: Session) -> Any:
    against = _against(options, session)
    return check_templates(options.paths, against=against, strict=options.strict, disable=options.disable)


def _rules(options: Namespace, _session: Session) -> Any:
    return template_rules(options.rule or None)


def _patch(options: Namespace, _session: Session) -> Any:
    if not options.secret and not options.remove:
        raise WrongUse("patch needs --secret NAME or --remove.")
    from aicore_magics.templates.patch.patch_options import PatchOptions

    how = PatchOptions(
        replace=options.replace,
        template=options.template,
        placeholder=options.placeholder,
        repair=options.repair,
        move=options.move,
    )
    secret = None if options.remove else options.secret
    return patch_template(options.paths, secret, write=options.write, options=how)


def _against(options: Namespace, session: Session) -> Against:
    tenant = _tenant(options, session)
    return Against(tenant, session.seen_of(tenant).keys if tenant else {}, options.timeout)


def _tenant(options: Namespace, session: Session) -> Connection | None:
    """The tenant of --profile, or the one that this notebook is connected to; none is looked for."""
    return session.for_reading(options.profile) if options.profile else session.connection


_RUN: dict[str, Callable[[Namespace, Session], Any]] = {
    "workflow": _workflow,
    "serving": _serving,
    "check": _check,
    "patch": _patch,
    "rules": _rules,
}
