"""What a scheduled run has left as JSON, read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aicore_magics.actions.rotation_results import RotationDone, RotationStatus
from aicore_magics.base.calls import bare_errors
from aicore_magics.base.files import text_or_fault
from aicore_magics.errors import InvalidFile
from aicore_magics.model.expiry import Expiry, time_in
from aicore_magics.rotation.outcomes import DONE, Outcomes, SecretOutcome
from aicore_magics.rotation.plan import LONGEST, MOST_SECRETS, HeldLogin, PlannedSecret

_LARGEST = 16 << 20  # bytes
_STATES = frozenset((*DONE, "waiting", "testing", "replacing", "refused", "unknown", "not begun"))


@bare_errors
def recorded_rotation(path: str) -> RotationStatus:
    """Return what the file *path* says of a run: it is what `jupyter aicore rotate --format json` printed.

    Its verdicts stay there: what they mean for a secret, its state says.

    Raises InvalidFile for anything else.
    """
    text, fault = text_or_fault(Path(path), _LARGEST)
    if fault:
        raise InvalidFile(f"the file {fault}", next="name the JSON file that a run has left.")
    try:
        data = json.loads(text)
        if why := _undone(data):
            return RotationStatus((), datetime.now(UTC), refused=why)
        recorded = _done(data)
    except (KeyError, TypeError, ValueError, RecursionError):
        raise InvalidFile(
            "the file is not the result of a rotation",
            next="name the JSON file of jupyter aicore rotate --format json.",
        ) from None
    return RotationStatus((), datetime.now(UTC), recorded=recorded)


def _undone(data: Any) -> tuple[str, str] | None:
    """Why the run did nothing, and what to do next, if *data* says that it was refused or not due."""
    if not isinstance(data, dict):
        return None
    if data.get("result") == "RotationPlanned":
        return "No login of the plan was due: nothing was done", ""
    if "error" not in data:
        return None
    return _text(data["message"]), _text(data.get("next") or "")


def _done(data: dict[str, Any]) -> RotationDone:
    if data["result"] != RotationDone.__name__ or data["kind"] not in ("rotation", "undo"):
        raise ValueError("another result")
    outcomes, registry, username = data["outcomes"], _text(data["registry"]), _text(data["username"])
    login = HeldLogin(registry, username)
    each = tuple(_outcome(one, login) for one in _list(outcomes["each"]))
    return RotationDone(
        Outcomes(_text(outcomes["run"]), each),
        data["kind"],
        registry,
        username,
        _text(data["former"]),
        _time(data["now"]),
        began=_time(data["began"]) if data["began"] is not None else None,
        expiry=Expiry.from_data(data["expiry"]),
        ends=Expiry.from_data(data.get("ends", {})),
        elsewhere=_places(data["elsewhere"]),
        likely=_places(data.get("likely", [])),
        gone=_places(data.get("gone", [])),
        unchecked=tuple(map(_text, _list(data["unchecked"]))),
        notes=tuple(map(_text, _list(data["notes"]))),
    )


def _outcome(data: dict[str, Any], login: HeldLogin) -> SecretOutcome:
    if data["state"] not in _STATES:
        raise ValueError("no such state")
    secret = PlannedSecret(_text(data["tenant"]), _text(data["host"]), _text(data["name"]), login)
    tested = data["images_tested"]
    if isinstance(tested, bool) or not isinstance(tested, int) or tested < 0:
        raise ValueError("no number")
    return SecretOutcome(
        secret,
        data["state"],
        why=_text(data["why"] or ""),
        fix=_text(data["fix"] or ""),
        tested=tested,
        unseen="not looked" if data["state"] == "replaced" and data["seen_afterwards"] is not True else "",
    )


def _time(value: Any) -> datetime:
    time = time_in(_text(value))
    if time is None:
        raise ValueError("no time")
    return time


def _places(value: Any) -> tuple[tuple[str, str], ...]:
    return tuple((_text(name), _text(tenant)) for name, tenant in _list(value))


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST_SECRETS:
        raise TypeError("no list, or too long")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise TypeError("no text, or too long")
    return value
