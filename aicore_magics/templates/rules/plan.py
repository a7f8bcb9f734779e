"""The resource plan or instance type that a template asks for, in its labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.placeholders import is_left_over
from aicore_magics.templates.catalogue.resources import (
    PLAN_AND_INSTANCE,
    PLAN_MISSING,
    PLAN_PLACEHOLDER,
    PLAN_SPELLING,
    PLAN_UNKNOWN,
)
from aicore_magics.templates.catalogue.structure import TEXT
from aicore_magics.templates.facts import PLANS
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.keys import nearest
from aicore_magics.templates.rules.shape import what

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.shape import Mapping

_PLANS = tuple(PLANS)  # a value may be a list, which a mapping cannot be asked for
PLAN, INSTANCE = "ai.sap.com/resourcePlan", "ai.sap.com/instanceType"
# One `key: value` of a text block with labels.
_ENTRY = re.compile(r"""["']?([A-Za-z0-9./_-]+)["']?[ \t]*:(?:[ \t]+(.*))?""")


def plan_findings(found: Findings, labels: Mapping, path: Path) -> None:
    """Find a resource plan that does not exist, or stands beside an instance type."""
    if PLAN in labels and INSTANCE in labels:
        message = "both a resource plan and an instance type are set; AI Core accepts one"
        found.add(PLAN_AND_INSTANCE, (*path, INSTANCE), message, f"leave out {PLAN} or {INSTANCE}")
    for key in (PLAN, INSTANCE):
        value = labels.get(key)
        if isinstance(value, str) and "<" in value and is_left_over(value, "plan"):
            message = f"the value of {key} is still a placeholder"
            found.add(PLAN_PLACEHOLDER, (*path, key), message, "write one of your tenant, such as starter")
            return
    plan = labels.get(PLAN)
    if plan is None or plan in _PLANS:
        return
    if not isinstance(plan, str):
        message = f"{PLAN} is {what(plan)}, it must be a string"
        found.add(TEXT, (*path, PLAN), message, f"write one of {', '.join(PLANS)}")
    elif plan.strip().lower() in _PLANS:
        message = f"there is no resource plan {shown(plan)}: plans have small letters"
        found.add(PLAN_SPELLING, (*path, PLAN), message, f"write {plan.strip().lower()}")
    elif "{{" not in plan:
        near = nearest(plan, _PLANS)
        fix = f"write {near[0]}" if near else f"write one of {', '.join(PLANS)}"
        found.add(PLAN_UNKNOWN, (*path, PLAN), f"SAP does not document the resource plan {shown(plan)}", fix)


def plan_missing(found: Findings, path: Path, where: str) -> None:
    """Find that neither a resource plan nor an instance type is set in *where*, the labels for it."""
    message = "no resource plan and no instance type is set; SAP requires one of them"
    found.add(PLAN_MISSING, path, message, f"write {PLAN}: starter in {where}")


def text_labels(text: str) -> dict[str, str]:
    """Read the labels of a text block, one `key: value` a line.

    >>> text_labels('ai.sap.com/resourcePlan: "infer.s" # with a GPU')
    {'ai.sap.com/resourcePlan': 'infer.s'}
    """
    entries = (_ENTRY.fullmatch(line.strip()) for line in text.splitlines())
    return {entry[1]: _scalar(entry[2] or "") for entry in entries if entry}


def _scalar(text: str) -> str:
    if text[:1] in ("'", '"') and text[:1] in text[1:]:
        return text[1 : text.index(text[0], 1)]
    return re.sub(r"(?:\A|[ \t])#.*", "", text).strip()
