"""What stands in the annotations and labels of a ServingTemplate, which are text blocks.

The annotations that SAP documents are Knative's: their values are those that it takes
(pkg/apis/autoscaling/annotation_validation.go). Real templates write numbers without quotes, and these work.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.identity import LABEL
from aicore_magics.templates.catalogue.served import AUTOSCALING
from aicore_magics.templates.catalogue.structure import SHAPE, TEXT, UNKNOWN_KEY
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.keys import nearest, words
from aicore_magics.templates.rules.metadata import LABEL_VALUE
from aicore_magics.templates.rules.plan import INSTANCE, PLAN
from aicore_magics.templates.rules.shape import not_text, what

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.shape import Mapping

KNATIVE = "autoscaling.knative.dev/"
_METRICS = ("concurrency", "rps")
_CLASS = "class"  # of another autoscaler, which has metrics of its own
# From 0, or what stands there, up to an hour.
_TIMES = {"window": 6.0, "scale-to-zero-pod-retention-period": 0.0, "scale-down-delay": 0.0}
_HOUR = 3600.0
# From what to what a number goes, and whether it is a whole one.
_MOST = float("inf")
_NUMBERS = {
    "target": (0.01, _MOST, False),
    "target-burst-capacity": (0.0, _MOST, False),
    "target-utilization-percentage": (1.0, 100.0, False),
    "panic-window-percentage": (1.0, 100.0, False),
    "panic-threshold-percentage": (110.0, 1000.0, False),
    "min-scale": (0.0, _MOST, True),
    "max-scale": (0.0, _MOST, True),
    "initial-scale": (0.0, _MOST, True),
    "activation-scale": (2.0, _MOST, True),
}
_UNLIMITED = ("target-burst-capacity", -1.0)  # that is a number, too
_KNOWN = words("""
    activation-scale class initial-scale max-scale metric metric-aggregation-algorithm min-scale
    panic-threshold-percentage panic-window-percentage scale-down-delay scale-to-zero-pod-retention-period
    target target-burst-capacity target-utilization-percentage window
""")
_DURATION = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?(?:ns|us|µs|ms|s|m|h))+|0")
_PIECE = re.compile(r"([0-9.]+)(ns|us|µs|ms|s|m|h)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_LONGEST = 60
_WHOLE = re.compile(r"[-+]?[0-9]{1,10}")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][-+]?[0-9]{1,2})?")


def block_findings(found: Findings, key: str, block: object, path: Path) -> None:
    """Find what is wrong with what the text at *path* holds, labels or annotations; empty is fine."""
    if isinstance(block, dict):
        (_labels if key == "labels" else _annotations)(found, block, path)
    elif block is not None and "{{" not in str(block):
        message = f"the text of {key} is {what(block)}, it must be a mapping"
        fix = "write KEY: VALUE on each of its lines, with a space after the colon"
        found.add(SHAPE, path, message, fix)


def _labels(found: Findings, labels: Mapping, path: Path) -> None:
    for key, value in labels.items():
        here = (*path, key)
        near = nearest(key, (PLAN, INSTANCE)) if key not in (PLAN, INSTANCE) else []
        if near:
            found.add(UNKNOWN_KEY, here, f"unknown key {shown(key)} in labels", f"write {near[0]}")
        elif isinstance(value, str):
            if "{{" not in value and not LABEL_VALUE.fullmatch(value):
                message = f"Kubernetes does not allow this value of label {shown(key)}"
                fix = "write up to 63 letters, digits, dots, - or _, with a letter or digit at both ends"
                found.add(LABEL, here, message, fix)
        elif value is not None and key != PLAN:
            not_text(found, shown(key), value, here)


def _annotations(found: Findings, annotations: Mapping, path: Path) -> None:
    known = {KNATIVE + spelling for each in _KNOWN for spelling in (each, _camel(each))}
    other_class = any(key in annotations for key in (KNATIVE + _CLASS,))
    for key, value in annotations.items():
        here = (*path, key)
        if isinstance(value, (dict, list)):
            not_text(found, shown(key), value, here)
        elif key in known:
            if not isinstance(value, str) or "{{" not in value:
                _scaling(found, _dashed(key.removeprefix(KNATIVE)), value, here, other_class=other_class)
        elif str(key).startswith(KNATIVE) or nearest(key, known):
            # A prefix that all have in common would make all of them alike.
            bare = nearest(str(key).removeprefix(KNATIVE), [each.removeprefix(KNATIVE) for each in known])
            near = [KNATIVE + each for each in bare] if str(key).startswith(KNATIVE) else nearest(key, known)
            fix = (
                f"write {near[0]}"
                if near
                else "leave it out: AI Core documents metric, target and window, for example"
            )
            found.add(UNKNOWN_KEY, here, f"unknown key {shown(key)} in annotations", fix)
        elif isinstance(value, bool):
            message = f"{shown(key)} is {what(value)}, it must be a string"
            found.add(
                TEXT,
                here,
                message,
                f'put it in quotes, as "{str(value).lower()}"',
                severity="warning",
                quote=True,
            )


def _scaling(found: Findings, name: str, value: object, path: Path, *, other_class: bool) -> None:
    """Find a value of an annotation of Knative that Knative refuses."""
    text = str(value).lower() if isinstance(value, bool) else str("" if value is None else value)
    if name == "metric" and not other_class and text not in _METRICS:
        near = nearest(text, _METRICS)
        fix = f"write {near[0]}" if near else f"write {' or '.join(_METRICS)}"
        found.add(AUTOSCALING, path, f"there is no metric {shown(text)} for the replicas of a server", fix)
    elif name in _NUMBERS:
        least, most, whole = _NUMBERS[name]
        number = _number(text, whole=whole)
        if number is None or (not least <= number <= most and (name, number) != _UNLIMITED):
            said = f"{'a whole' if whole else 'a'} number from {least:g}"
            said += f" to {most:g}" if most != _MOST else ", or -1" if name == _UNLIMITED[0] else ""
            message = f"{name} is {shown(text)}, it must be {said}"
            found.add(AUTOSCALING, path, message, f"write a number, such as {max(least, 1):g}")
    elif name in _TIMES:
        seconds = duration(text)
        if seconds is None or not _TIMES[name] <= seconds <= _HOUR:
            said = "a time with a unit" if seconds is None else f"a time from {_TIMES[name]:g}s to 1h"
            message = f"{name} is {shown(text)}, it must be {said}"
            found.add(AUTOSCALING, path, message, "write it like 10m or 90s")


def duration(text: str) -> float | None:
    """Give the seconds of a time such as 1m30s; None if it is none.

    >>> duration("1m30s"), duration("0"), duration("90")
    (90.0, 0.0, None)
    """
    if len(text) > _LONGEST or not _DURATION.fullmatch(text):
        return None
    return sum((float(number) * _SECONDS[unit] for number, unit in _PIECE.findall(text)), 0.0)


def _number(text: str, *, whole: bool) -> float | None:
    pattern = _WHOLE if whole else _FLOAT
    return float(text) if pattern.fullmatch(text) else None


def _camel(name: str) -> str:
    """The other way to write it, which Knative takes as well."""
    first, *rest = name.split("-")
    return first + "".join(map(str.capitalize, rest))


def _dashed(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", name)
