"""`jupyter aicore scan` and `scrub`: find credentials in notebooks, and take them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from aicore_magics.base.progress import Watch, paced
from aicore_magics.base.terminal_line import TerminalLine
from aicore_magics.cli.ends import DONE, FOUND, NOT_ALL_READ, REFUSED, WRONG_USE
from aicore_magics.errors import Stopped
from aicore_magics.next_steps import Effect

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable

    from aicore_magics.leaks.files.search_paths import PassedOver
    from aicore_magics.leaks.scan_result import LeaksFound
    from aicore_magics.leaks.scrub_result import Scrubbed, ScrubPlan

R = TypeVar("R")


def scan(options: Namespace) -> tuple[LeaksFound, int]:
    """Search. What was found counts most, then a path that leads nowhere, then what was not read."""
    try:
        from aicore_magics.leaks.scan import scan_notebooks

        found = _watched(lambda watch: scan_notebooks(options.paths, watch=watch, **_how(options)))
    except KeyboardInterrupt:  # before the first file, or behind the last
        raise Stopped("not all was read", Effect.NONE) from None
    return found, FOUND if found.leaks else _unread(found.unsearched)


def scrub(options: Namespace) -> tuple[ScrubPlan | Scrubbed, int]:
    """Show what would be taken out, or with --write take it out."""
    from aicore_magics.leaks.scrub import plan_scrub, scrub_notebooks

    plan = _watched(lambda watch: plan_scrub(options.paths, watch=watch, **_how(options)))
    if options.write:
        done = scrub_notebooks(plan)
        return done, REFUSED if done.refused else _unread(done.unsearched)
    return plan, FOUND if plan.leaks or plan.refused else _unread(plan.unsearched)


def _watched(act: Callable[[Watch], R]) -> R:
    """Call *act* with a watch whose words stand on the terminal meanwhile."""
    progress = TerminalLine()
    try:
        return act(Watch(paced(progress.show)))
    finally:
        progress.clear()


def _how(options: Namespace) -> dict[str, Any]:
    return {"nearby": not options.notebooks_only, "history": options.history, "strict": options.strict}


def _unread(unsearched: Iterable[PassedOver]) -> int:
    """The status for what was not searched: a hook with a typing error must not pass."""
    unsearched = tuple(unsearched)
    if any(passed_over.missing for passed_over in unsearched):
        return WRONG_USE
    return NOT_ALL_READ if unsearched else DONE


RUN = {"scan": scan, "scrub": scrub}
