"""From an answer of AI Core that is no success to the error that says what it means."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from aicore_magics.base.redact import Secret, scrub
from aicore_magics.errors import (
    AICoreError,
    Busy,
    CredentialsRefused,
    DockerSecretExists,
    DockerSecretMissing,
    NotAICore,
    NotAllowed,
    RequestRefused,
    ServerError,
)
from aicore_magics.http.deadline import TIME_LIMIT

if TYPE_CHECKING:
    from aicore_magics.http.messages import Response

NOTHING_CHANGED = " Nothing was changed."  # how a refusal ends, unless somebody has to look first
DAY = 86_400.0
LONGEST_TIMEOUT = 3_600.0  # seconds that --timeout takes

EDITOR_ROLE = "aicore_admin_dockerregistrysecret_editor"
VIEWER_ROLE = "aicore_admin_dockerregistrysecret_viewer"
_REQUEST_ID_KEYS = ("requestId", "requestID", "request_id")


def refusal(
    answer: Response, *, tenant: str, doing: str, secrets: tuple[Secret, ...], limit: float = TIME_LIMIT
) -> AICoreError:
    """Give the error for an *answer* other than success to somebody *doing* something in *tenant*.

    A ServerError means only that AI Core says it failed: a caller that was writing still has to look.
    """
    facts = {
        "tenant": tenant,
        "doing": doing,
        "host": answer.host,
        "status": answer.status,
        "foreign": scrub(answer.not_an_api(), *secrets),
        "said": _said(answer, secrets),
        **_waiting(answer, limit),
        "role": VIEWER_ROLE if doing.startswith(("read", "list")) else EDITOR_ROLE,
    }
    kind, message, hint = _meaning(answer)
    error = kind(message.format_map(facts), hint=hint.format_map(facts))
    error.status = answer.status
    return error


_FOREIGN = (
    NotAICore,
    "{host} answered with {foreign}." + NOTHING_CHANGED,
    "a proxy or a wrong address; compare AI_API_URL in the service key.",
)
_SERVER_ERROR = (
    ServerError,
    "AI Core failed ({status}{said}).",
    "run the cell again; if it stays, give SAP support the request id.",
)
_REQUEST_REFUSED = (
    RequestRefused,
    "AI Core refused to {doing} ({status}{said}). Nothing was changed.",
    "correct what it names, then run the cell again.",
)
_BY_STATUS: dict[int, tuple[type[AICoreError], str, str]] = {
    401: (
        CredentialsRefused,
        "AI Core does not take the token of tenant {tenant} (401{said}). Nothing was changed.",
        "is the service key of this landscape? %aicore_connect --service-key FILE",
    ),
    403: (
        NotAllowed,
        "tenant {tenant} does not let you {doing} (403). Nothing was changed.",
        "ask your administrator for {role}.",
    ),
    404: (
        DockerSecretMissing,
        "tenant {tenant} has no such docker secret. Nothing was changed.",
        "%aicore_docker_secret list shows all names.",
    ),
    409: (
        DockerSecretExists,
        "a docker secret of this name exists in tenant {tenant}, NOT changed.",
        "%aicore_docker_secret update NAME  (replaces it for the whole tenant)",
    ),
    429: (
        Busy,
        "AI Core asks to wait{wait}. Nothing was changed.",
        "run the cell again {later}.",
    ),
}


def _meaning(answer: Response) -> tuple[type[AICoreError], str, str]:
    if answer.not_an_api():
        return _FOREIGN
    return _BY_STATUS.get(answer.status) or (_SERVER_ERROR if answer.status >= 500 else _REQUEST_REFUSED)  # noqa: PLR2004


def _waiting(answer: Response, limit: float) -> dict[str, str]:
    """How long a 429 asks to wait, and when to come back, by the clock on the wall."""
    wait = answer.retry_after()
    if wait is None:
        return {"wait": "", "later": "in a minute"}
    again = datetime.now(timezone.utc).astimezone() + timedelta(seconds=wait)
    day = "" if wait < DAY else f"{again.day} {again:%b} "
    over = f" {wait:.0f} s, longer than the {limit:.0f} s limit" if wait >= limit else f" {wait:.0f} s"
    more = (
        f", or add --timeout {wait + TIME_LIMIT:.0f}" if limit <= wait < LONGEST_TIMEOUT - TIME_LIMIT else ""
    )
    return {"wait": over, "later": f"after {day}{again:%H:%M}{more}"}


def _said(answer: Response, secrets: tuple[Secret, ...]) -> str:
    """AI Core's own message and request id, scrubbed, for the brackets behind a status."""
    data: Any = answer.json()
    error = data.get("error") if isinstance(data, dict) else None
    if not isinstance(error, dict):
        # The gateway in front of AI Core speaks plain text: "Jwt is expired", "RBAC: access denied".
        return f", {scrub(answer.text(), *secrets, limit=120)}" if _is_plain(answer) else ""
    message, code = error.get("message"), error.get("code")
    words = next((text for text in (message, code) if isinstance(text, str) and text), "")
    number = next((error[key] for key in _REQUEST_ID_KEYS if isinstance(error.get(key), str)), "")
    parts = (words, f"request {number}" if number else "")
    return "".join(f", {scrub(part, *secrets, limit=120)}" for part in parts if part)


def _is_plain(answer: Response) -> bool:
    return answer.headers.get("content-type", "").startswith("text/plain") and bool(answer.body.strip())
