"""`jupyter aicore due`, `note` and `forget`: what this machine knows of logins."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from aicore_magics import actions
from aicore_magics.cli.ends import DONE, FOUND, NOT_ALL_READ
from aicore_magics.cli.tenant import for_reading, is_named, only_named
from aicore_magics.grammar.record_options import note_arguments

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.base.result import Done

    Ended = tuple[Done, int]


def _due(options: Namespace) -> Ended:
    """All tenants in the record, or the one that the line names."""
    with ExitStack() as stack:
        records = actions.docker_secret_records(_if_named(options, stack))
    if records.due:
        return records, FOUND
    return records, DONE if records.complete else NOT_ALL_READ


def _note(options: Namespace) -> Ended:
    with ExitStack() as stack:
        if options.from_templates:
            return actions.propose_notes(options.from_templates, _if_named(options, stack)), DONE
        known = note_arguments(options)
        tenant = stack.enter_context(closing(for_reading(options)))
        return _known(actions.note_docker_secret(tenant, options.name, **known, timeout=options.timeout))


def _forget(options: Namespace) -> Ended:
    with ExitStack() as stack:
        tenant = _if_named(options, stack)
        return _known(actions.forget_records(options.names, tenant=tenant, before=options.before))


def _if_named(options: Namespace, stack: ExitStack) -> Connection | None:
    return stack.enter_context(closing(only_named(options))) if is_named(options) else None


def _known(result: Done) -> Ended:
    return result, DONE if result.complete else NOT_ALL_READ


RUN: dict[str, Callable[[Namespace], Ended]] = {"due": _due, "note": _note, "forget": _forget}
