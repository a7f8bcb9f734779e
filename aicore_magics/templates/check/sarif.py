"""Findings in templates, as SARIF 2.1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.base.sarif import place, sarif_file
from aicore_magics.templates.catalogue.index import RULES

if TYPE_CHECKING:
    from aicore_magics.next_steps import Door
    from aicore_magics.templates.check.check_result import TemplatesChecked
    from aicore_magics.templates.finding import Finding, Rule, Severity

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "hint": "note"}
_NUMBERS = {rule: number for number, rule in enumerate(RULES)}


def sarif(checked: TemplatesChecked, door: Door) -> dict[str, Any]:
    """Give *checked* as one run, one result for each finding; what is disabled is not shown."""
    return sarif_file(
        map(_rule, RULES.values()),
        (_result(one, door) for one in checked.findings),
        complete=True,
        warnings=checked.notes,
    )


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.finds},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.why} Source: {rule.source}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, door: Door) -> dict[str, Any]:
    where = place(finding.file, finding.line, finding.column)
    return {
        "ruleId": finding.rule.id,
        "ruleIndex": _NUMBERS[finding.rule.id],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}; fix: {door.say(finding.fix)}"},
        "locations": [{"physicalLocation": where}],
    }
