"""From an answer of AI Core that is no success to the error that says what it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aicore_magics.aicore.own_form import own_form
from aicore_magics.base.redact import Secret, scrub
from aicore_magics.errors import (
    AICoreError,
    Busy,
    CredentialsRefused,
    DockerSecretMissing,
    NotAICore,
    NotAllowed,
    RequestRefused,
    ServerError,
)
from aicore_magics.http.deadline import TIME_LIMIT
from aicore_magics.next_steps import AGAIN, OR, Effect, Option, do, pieces

if TYPE_CHECKING:
    from aicore_magics.http.messages import Response
    from aicore_magics.next_steps import Piece, Words

DAY = 86_400.0
LONGEST_TIMEOUT = 3_600.0  # seconds that --timeout takes

EDITOR_ROLE = "aicore_admin_dockerregistrysecret_editor"
VIEWER_ROLE = "aicore_admin_dockerregistrysecret_viewer"
_FIRST_ERROR = 400
_FORBIDDEN = 403
REQUEST_ID_KEYS = ("requestId", "requestID", "request_id")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was wanted of AI Core: *doing* it, in words; and whether it *changes* anything there."""

    tenant: str
    doing: str
    changes: bool = False
    limit: float = TIME_LIMIT


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What an answer means. The texts have places for facts."""

    kind: type[AICoreError]
    what: str
    next: Words
    words: str | None = None
    effect: Effect = Effect.NOTHING_CHANGED


def refusal(answer: Response, attempt: Attempt, secrets: tuple[Secret, ...]) -> AICoreError:
    """Give the error for an *answer* other than success to an *attempt*, as it is if nothing was changed.

    Whether that is so is the caller's to find out, where the attempt was to change something.
    """
    wait = answer.retry_after()
    facts = {
        "tenant": attempt.tenant,
        "doing": attempt.doing,
        "host": answer.host,
        # A gateway's word is not AI Core's.
        "who": "AI Core" if own_form(answer) else answer.host,
        "status": answer.status,
        "foreign": scrub(_foreign(answer), *secrets),
        "said": _said(answer, secrets),
        "wait": f" for {scrub(waiting, *secrets)}" if (waiting := _waiting(wait, attempt.limit)) else "",
        "role": EDITOR_ROLE if attempt.changes else VIEWER_ROLE,
    }
    meaning = _meaning(answer)
    steps = _later(wait, attempt.limit) if meaning.kind is Busy else pieces(meaning.next)
    error = meaning.kind(
        meaning.what.format_map(facts),
        meaning.effect,
        tuple(step.format_map(facts) if isinstance(step, str) else step for step in steps),
        words=meaning.words,
    )
    error.status = answer.status
    return error


_FOREIGN = _Meaning(
    NotAICore,
    "{host} answered with {foreign}",
    "a proxy may have answered, or the address is wrong: check AI_API_URL in the service key.",
)
_SERVER_ERROR = _Meaning(
    ServerError,
    "{who} failed ({status}{said})",
    (AGAIN, "; if it fails again, give SAP support the request id."),
    effect=Effect.NONE,
)
_REQUEST_REFUSED = _Meaning(
    RequestRefused,
    "{who} refused to {doing} ({status}{said})",
    ("correct what the message names, then ", AGAIN, "."),
)
_FORBIDDEN_ELSEWHERE = _Meaning(
    NotAllowed,
    "{who} refused to {doing} (403{said})",
    "ask your administrator: this is not AI Core's own answer.",
)
_BY_STATUS = {
    401: _Meaning(
        CredentialsRefused,
        "{who} does not accept the token of tenant {tenant} (401{said})",
        ("check that the service key is of this landscape: ", do("connect-key")),
    ),
    403: _Meaning(
        NotAllowed, "tenant {tenant} does not let you {doing} (403)", "ask your administrator for {role}."
    ),
    404: _Meaning(
        DockerSecretMissing,
        "tenant {tenant} has no such docker secret",
        ("see all names: ", do("list")),
    ),
    429: _Meaning(Busy, "{who} is rate limiting{wait}", next=""),
}


def _meaning(answer: Response) -> _Meaning:
    if _foreign(answer):
        return _FOREIGN
    if answer.status == _FORBIDDEN and not own_form(answer):
        return _FORBIDDEN_ELSEWHERE
    return _BY_STATUS.get(answer.status) or (_SERVER_ERROR if answer.status >= 500 else _REQUEST_REFUSED)  # noqa: PLR2004


def _foreign(answer: Response) -> str:
    """Say what answered in AI Core's place, where the status alone tells that it was not AI Core."""
    if answer.status >= _FIRST_ERROR or answer.not_an_api():
        return answer.not_an_api()
    if not answer.ok:
        return f"status {answer.status}"
    return f"{answer.status} and {'nothing that says what happened' if answer.body else 'an empty body'}"


def _waiting(wait: float | None, limit: float) -> str:
    """How long a 429 asks to wait, if it says so."""
    if wait is None:
        return ""
    return f"{wait:.0f} s, longer than the {limit:.0f} s limit" if wait >= limit else f"{wait:.0f} s"


def _later(wait: float | None, limit: float) -> tuple[Piece, ...]:
    """When to come back after a 429, by the clock on the wall."""
    if wait is None:
        return AGAIN, " in a minute."
    again = datetime.now(UTC).astimezone() + timedelta(seconds=wait)
    day = "" if wait < DAY else f"{again.day} {again:%b} "
    after = f" after {day}{again:%H:%M}"
    if limit <= wait < LONGEST_TIMEOUT - TIME_LIMIT:
        return AGAIN, after, OR, Option("timeout", round(wait + TIME_LIMIT), "add"), "."
    return AGAIN, f"{after}."


def _said(answer: Response, secrets: tuple[Secret, ...]) -> str:
    """AI Core's own message and request id, scrubbed, for the brackets behind a status."""
    data: Any = answer.json()
    if not isinstance(data, dict):
        # The gateway in front of AI Core speaks plain text: "Jwt is expired", "RBAC: access denied".
        plain = answer.headers.get("content-type", "").startswith("text/plain") and answer.body.strip()
        return f", {scrub(answer.text(), *secrets, limit=120)}" if plain else ""
    told = data["error"] if isinstance(data.get("error"), dict) else data
    message, code = told.get("message"), told.get("code")
    words = next((text for text in (message, code) if isinstance(text, str) and text), "")
    number = next((told[key] for key in REQUEST_ID_KEYS if isinstance(told.get(key), str)), "")
    parts = (words, f"request {number}" if number else "")
    return "".join(f", {scrub(part, *secrets, limit=120)}" for part in parts if part)
