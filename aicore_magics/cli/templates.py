"""`jupyter aicore template …` and `rules`."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from aicore_magics.base.files import at_home, is_there
from aicore_magics.cli.ends import DONE, FOUND, NOT_ALL_READ, REFUSED, WRONG_USE
from aicore_magics.cli.output import tell, unwritten
from aicore_magics.cli.tenant import for_reading, is_named
from aicore_magics.grammar.words import WrongUse

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from aicore_magics.cli.formats import Result
    from aicore_magics.templates.generate.generated import GeneratedTemplate

    Ended = tuple[Result | None, int]


def _check(options: Namespace) -> Ended:
    """Check the files, against the tenant if the line names one."""
    from aicore_magics.actions.templates import Against, check_templates
    from aicore_magics.templates.catalogue.reading import FILE

    with ExitStack() as stack:
        tenant = stack.enter_context(closing(for_reading(options))) if is_named(options) else None
        checked = check_templates(
            options.paths, against=Against(tenant, {}, options.timeout), disable=options.disable
        )
    if any(error.rule is not FILE for error in checked.errors):
        return checked, FOUND
    if not all(is_there(at_home(path)) for path in options.paths):
        return checked, WRONG_USE
    if checked.errors:
        return checked, FOUND
    return checked, NOT_ALL_READ if tenant and checked.where is None else DONE


def _patch(options: Namespace) -> Ended:
    if not options.secret and not options.remove:
        raise WrongUse("patch takes --secret NAME, or --remove.")
    from aicore_magics.actions.templates import patch_template
    from aicore_magics.templates.patch.patch_options import PatchOptions

    how = PatchOptions(
        replace=options.replace,
        template=options.template,
        placeholder=options.placeholder,
        repair=options.repair,
        move=options.move,
    )
    secret = None if options.remove else options.secret
    patched = patch_template(options.paths, secret, write=options.write, options=how)
    return patched, DONE if patched.ok else REFUSED


def _rules(options: Namespace) -> Ended:
    from aicore_magics.actions.templates import template_rules

    return template_rules(options.rule or None), DONE


def _workflow(options: Namespace) -> Ended:
    from aicore_magics.grammar.template_options import workflow_arguments
    from aicore_magics.templates.generate.generated import workflow_template

    return _placed(workflow_template(**workflow_arguments(options)), options)


def _serving(options: Namespace) -> Ended:
    from aicore_magics.grammar.template_options import serving_arguments
    from aicore_magics.model.image_reference import ImageReference
    from aicore_magics.templates.generate.generated import serving_template

    if options.pin_digest and options.image and "{{" not in options.image:
        options.pin_digest = ImageReference.parse(options.image).digest
        if not options.pin_digest:
            raise WrongUse(
                "--pin-digest takes an image with its digest, as in ghcr.io/acme/churn:1.4@sha256:…; "
                "jupyter aicore check --format json shows it."
            )
    return _placed(serving_template(**serving_arguments(options)), options)


def _placed(template: GeneratedTemplate, options: Namespace) -> Ended:
    """Write it to the file that was named, or give the YAML alone, ready for a file."""
    if options.out:
        from aicore_magics.actions.templates import save_template

        save_template(options.out, template.text, force=options.force, check=False)
        return template.saved_as(options.out), DONE
    if options.format != "text":
        return template, DONE
    for note in template.notes:
        tell(note)
    return None, NOT_ALL_READ if unwritten(template.text) else DONE


RUN: dict[str, Callable[[Namespace], Ended]] = {
    "template check": _check,
    "template patch": _patch,
    "template workflow": _workflow,
    "template serving": _serving,
    "rules": _rules,
}
