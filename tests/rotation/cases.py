"""What may happen to a rotation: each thing alone, and each two of them together."""

from __future__ import annotations

import itertools
from dataclasses import replace

from tests.rotation.model import Scenario
from tests.rotation.play import UNDER_WAY, stage

# How the writes of one secret end. After these all go well.
ENDS = (
    ("202+now",),
    ("202+5",),
    ("lost+now",),
    3 * ("lost+now",),
    3 * ("lost+never",),
    3 * ("lost+5",),
    ("503+now",),
    3 * ("503+never",),
    ("429+never",),
    ("429+now", "429+never"),
    ("302+now",),
    ("403+never",),
    ("400+never",),
    ("404+never",),
    ("lost+now", "403+never"),
    ("503+never", "404+never"),
    3 * ("unreachable",),
    ("unreachable", "lost+now"),
)
CHOICES = {
    "first": [{"tries": (("a1", ends),)} for ends in ENDS[1:]],
    "other": [{"tries": (("b1", ends),)} for ends in ENDS[1:]],
    "both": [{"tries": (("a2", ends), ("b1", ends), ("b2", ends))} for ends in ENDS[1:]],
    "lists": [
        {"lists": lists}
        for lists in (
            ("right", "down", "right"),
            ("down", "right", "right"),
            ("down", "down", "down"),
            ("right-down", "right", "right"),
            ("forbidden", "right-down", "right"),
        )
    ],
    "look": [{"look": "gone"}, {"look": "down"}],
    "missing": [{"missing": ("a1",)}, {"missing": ("b1", "b2")}],
    "taken": [{"taken": ("a1",)}, {"taken": ("b2", "a3")}],
    "journal": [{"journal": (at, made)} for at in range(1, 6) for made in (False, True)],
    "lost": [{"lost": at} for at in (1, 2, 3)],
    "workers": [{"workers": 1}, {"workers": 3}],
    "token": [{"token": False}],
}


def alone():
    """Each scenario in which one thing is not as usual."""
    return [Scenario(), *(Scenario(**choice) for choices in CHOICES.values() for choice in choices)]


def pairs():
    """Each scenario in which two things are not as usual."""
    for one, other in itertools.combinations(CHOICES, 2):
        for first, second in itertools.product(CHOICES[one], CHOICES[other]):
            tries = (*first.get("tries", ()), *second.get("tries", ()))
            yield Scenario(**{**first, **second, "tries": tuple(dict(tries).items())})


def course(scenario, trace=None, *, at_once=False):
    """Rotate, then resume, then undo, by AI Core at its best again. Yield each word, and what is untrue.

    With *at_once* the undo follows the rotation in another process, before what comes late has come.
    """
    calm = replace(
        scenario,
        tries=(),
        lists=Scenario.lists,
        look="right",
        taken=(),
        journal=(0, False),
        lost=0,
        timeout=60.0,
    )
    with stage(scenario) as at:
        for act in ("rotate", "undo") if at_once else ("rotate", "resume", "undo"):
            before = at.before()
            said = at.act(
                act, trace if act == "rotate" else None, scenario=scenario if act == "rotate" else calm
            )
            if at_once and act == "rotate":
                at.reconnect()
                yield act, said, []  # what is told is judged when all has come
                continue
            at.settle()
            untrue = said.untrue(before)
            untrue += [
                f"{name[2]} is still {state}" for name, state in said.states.items() if state in UNDER_WAY
            ]
            if act != "rotate":
                untrue += at.left(said)
            yield act, said, untrue
