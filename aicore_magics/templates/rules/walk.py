"""The one walk through a document: what several rules look for in every value of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aicore_magics.templates.catalogue.reading import SIZE
from aicore_magics.templates.rules.keys import HARMLESS, NAMES, alike
from aicore_magics.templates.rules.kinds import ANY, fits

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.kinds import Kind

MAX_NODES = 100_000  # values of one document; YAML's aliases can make more of a few lines
MAX_TOLD = 1_000


@dataclass(slots=True)
class Walked:
    """What a walk found: texts with braces, keys alike imagePullSecrets, and names that are no texts.

    Each key comes with the path of its owner, and with its value. *wrong* are values of another kind than is
    due, *unread* are mappings with keys that their kind does not have.
    """

    texts: list[tuple[Path, str]]
    keys: list[tuple[Path, str, object]]
    names: list[tuple[Path, object]] = field(default_factory=list)
    wrong: list[tuple[Path, object, Kind]] = field(default_factory=list)
    unread: list[tuple[Path, dict[Any, Any], Kind]] = field(default_factory=list)

    def add_text(self, text: str, step: Any, owner: Any) -> None:
        """Add a text that stands behind *step* in *owner*."""
        if len(self.texts) < MAX_TOLD:
            self.texts.append(((*path_to(owner), step), text))

    def judge_key(self, key: Any, value: object, place: Any) -> None:
        """Add a key of *place* that is alike imagePullSecrets, or that its kind does not have."""
        if place[3].keys and key not in place[3].keys:
            self._add_unread(place)
        if key not in HARMLESS and type(key) is str and alike(key) and len(self.keys) < MAX_TOLD:
            self.keys.append((path_to(place), key, value))

    def add_name(self, value: object, step: Any, owner: Any) -> None:
        """Add what stands behind *step* in *owner*, where a name is due."""
        if len(self.names) < MAX_TOLD:
            self.names.append(((*path_to(owner), step), value))

    def add_wrong(self, value: object, kind: Kind, step: Any, owner: Any) -> None:
        """Add a value behind *step* in *owner*, which is not of *kind*."""
        if len(self.wrong) < MAX_TOLD:
            self.wrong.append(((*path_to(owner), step), value, kind))

    def _add_unread(self, place: Any) -> None:
        """Add the mapping of *place*, which has a key that nothing reads, once."""
        node, kind = place[0], place[3]
        if len(self.unread) < MAX_TOLD and not (self.unread and self.unread[-1][1] is node):
            self.unread.append((path_to(place), node, kind))


def walk(found: Findings, root: dict[Any, Any], kind: Kind = ANY) -> Walked:
    """Give what stands in *root*, which is of *kind*, at most 100,000 values of it."""
    walked = Walked([], [])
    # Each is a node, its key or index, its owner, which is such a one again, and its kind: a path is made of
    # it only where something was found. Every value comes by here, so this is one plain loop.
    left: list[Any] = [(root, None, None, kind)]
    nodes = 0
    while left:
        place = left.pop()
        node, kind = place[0], place[3]
        nodes += len(node)
        if nodes > MAX_NODES:
            message = f"the template has more than {MAX_NODES:,} values; not all were checked"
            found.add(
                SIZE, (), message, "leave out what repeats itself, for example by anchors", severity="error"
            )
            break
        inside: Kind | None = kind.inside
        known: dict[Any, Kind] = kind.keys
        for step, value in enumerate(node) if type(node) is list else node.items():
            here = inside or known.get(step, ANY)
            type_ = type(value)
            if type_ is str:
                if "{{" in value:
                    walked.add_text(value, step, place)
            elif type_ is dict or type_ is list:
                left.append((value, step, place, here if type_ is here.type else ANY))
            elif step in NAMES and value is not None:
                walked.add_name(value, step, place)
            if here is ANY and (known or step not in HARMLESS):
                walked.judge_key(step, value, place)
            elif here is not ANY and type_ is not here.type and not fits(value, here):
                walked.add_wrong(value, here, step, place)
    return walked


def path_to(place: Any) -> Path:
    """Give the keys and indices that lead to *place*, a node of a walk with its step and its owner."""
    steps = []
    while place[2] is not None:
        steps.append(place[1])
        place = place[2]
    return tuple(reversed(steps))
