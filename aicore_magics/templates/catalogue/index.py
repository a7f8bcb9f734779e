"""All rules by their ids, and the ones that somebody names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.errors import InvalidRule
from aicore_magics.next_steps import Guess, do
from aicore_magics.templates.catalogue import (
    flow,
    identity,
    inputs,
    pulling,
    reading,
    resources,
    running,
    served,
    structure,
)
from aicore_magics.templates.finding import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

TOPICS = {
    "The file": reading,
    "Version and metadata": identity,
    "Images and Docker registry secrets": pulling,
    "What a container runs": running,
    "What a container gets": resources,
    "What is served": served,
    "How a template is built": structure,
    "How steps and tasks are connected": flow,
    "Parameters and artifacts": inputs,
}
RULES = {
    rule.id: rule for topic in TOPICS.values() for rule in vars(topic).values() if isinstance(rule, Rule)
}
_ALIKE = 3  # names to offer


def rule_named(name: str, effect: str) -> Rule:
    """Give the rule *name*; raise InvalidRule, which says *effect*, with the nearest names otherwise."""
    if name in RULES:
        return RULES[name]
    near = tuple(alike(name))
    guess = (Guess(near),) if near else ()
    raise InvalidRule("no rule has this name", next=(*guess, "see all rules: ", do("rules")), words=effect)


def disabled_rules(names: str | Iterable[str], effect: str) -> frozenset[str]:
    """Give the ids of the rules that a call disables. Raises InvalidRule for an unknown one."""
    rules = [rule_named(name, effect) for name in ([names] if isinstance(names, str) else names)]
    for rule in rules:
        if rule.always:
            raise InvalidRule(
                f"{rule.id} cannot be disabled: nothing can be checked in such a file",
                next=f"leave {rule.id} out.",
                words=effect,
            )
    return frozenset(rule.id for rule in rules)


def alike(name: object) -> list[str]:
    """Give the ids that *name* may have been meant to be, the nearest first.

    >>> alike("imge-tag")[0], alike("nonsense")
    ('image-tag', [])
    """
    import difflib  # only a mistake needs it

    known = sorted(RULES)
    text = str(name)[: 2 * max(map(len, known))].lower()
    return difflib.get_close_matches(text, known, n=_ALIKE, cutoff=0.6)
