"""What %aicore_rotate does: options to values, one action, its result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics import actions
from aicore_magics.grammar.rotate_grammar import ROTATE
from aicore_magics.jupyter.boundary import Help

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from aicore_magics.jupyter.session import Session


def run_rotate(words: list[str], session: Session) -> Any:
    """%aicore_rotate."""
    if text := ROTATE.help_for(words):
        return Help(text)
    name = ROTATE.name(words)
    return _RUN[name](ROTATE.parser(name).read(words[1:]), session)


def _due(options: Namespace, session: Session) -> Any:
    """All tenants in the record of this machine, or in that of the sandbox; or the one that is named."""
    if options.profile:
        return actions.docker_secret_records(session.named(options.profile))
    return actions.docker_secret_records(session.connection, all_tenants=True, ask=True)


_RUN: dict[str, Callable[[Namespace, Session], Any]] = {"due": _due}
