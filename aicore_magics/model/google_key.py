"""Keys of Google's service accounts as passwords: registries of Google take the whole key, on one line.

The users are those of cloud.google.com/artifact-registry/docs/docker/authentication: `_json_key` for the
key as it is, `_json_key_base64` for base64 of it. Yandex takes keys of its own in the same way, from the user
`json_key` (yandex.cloud/en/docs/container-registry/operations/authentication).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from aicore_magics.base.redact import Secret
from aicore_magics.base.unfilled import is_unfilled
from aicore_magics.base.wrappers import from_base64, from_json
from aicore_magics.next_steps import Option

if TYPE_CHECKING:
    from aicore_magics.model.login_faults import Fault

JSON_KEY, BASE64_KEY = "_json_key", "_json_key_base64"
_JSON_USERS = (JSON_KEY, "json_key")
COMPACTED = "The JSON key was put on one line; its content is unchanged."
JOINED = "The lines of the Google key in base64 were joined."
_AGAIN = "download the key as JSON again."
_PLAIN, _CODED, _QUOTED, _ESCAPED = "{}", "base64 of {}", "{} in quotes", "{} with escaped quotes"
_WHOLE_LOGINS = Option("from-file", "PATH", "give whole logins with")
_TOKEN = "give a token that was created at the registry."
# By these fields a file is known that is no password, though it may stand on one line.
_WHOLE: tuple[tuple[set[str], str, str | Option], ...] = (
    ({"auths"}, "a whole docker config", _WHOLE_LOGINS),
    ({".dockerconfigjson"}, "a whole docker config", _WHOLE_LOGINS),
    ({"kind", "data"}, "a whole Kubernetes Secret", _WHOLE_LOGINS),
    ({"kind", "stringData"}, "a whole Kubernetes Secret", _WHOLE_LOGINS),
    ({"name", "data"}, "a whole body for AI Core", _WHOLE_LOGINS),
    ({"clientid", "clientsecret"}, "a service key", _TOKEN),
    ({"clientid", "certificate"}, "a service key", _TOKEN),
)
_BROKEN = re.compile(r"[\x00-\x1f\x7f]")


def compact(key: Any) -> str:
    """Return *key* as JSON on one line."""
    return json.dumps(key, separators=(",", ":"))


def on_one_line(username: str, password: Secret) -> Secret:
    r"""Return *password* without line breaks if it is a JSON key for its user; others as they are.

    A key whose own line breaks were written out by mistake gets them back as JSON has them. What was changed
    is a note of the password.

    >>> on_one_line("_json_key", Secret('{\n  "type": "service_account"\n}')).reveal()
    '{"type":"service_account"}'
    """
    if username not in (*_JSON_USERS, BASE64_KEY) or not _BROKEN.search(password.reveal()):
        return password
    if username in _JSON_USERS:
        key = from_json(password.reveal(), lenient=True)
        return Secret(compact(key), notes=(*password.notes, COMPACTED)) if isinstance(key, dict) else password
    joined = "".join(password.reveal().split())
    is_key = isinstance(from_json(from_base64(joined) or ""), dict)
    return Secret(joined, notes=(*password.notes, JOINED)) if is_key else password


def whole_file_fault(username: str, password: Secret) -> Fault | None:
    """Say what *password* is, and what to do, if it is a key, or a file of another kind."""
    text = password.reveal()
    data, written = _object_in(text)
    if data.get("type") == "service_account" and "private_key" in data:
        return _google_fault(username, data, written)
    known = next(((what, then) for fields, what, then in _WHOLE if data.keys() >= fields), None)
    if data and not known and "\n" in text.strip():
        known = "a whole JSON file", _WHOLE_LOGINS
    if known:
        return f"the password is {written.format(known[0])}", known[1]
    return _other_fault(username, text) if "\n" in text.strip() else None


def _google_fault(username: str, key: dict[str, Any], written: str) -> Fault | None:
    body = re.sub(r"-----[A-Z ]+-----|\s", "", str(key.get("private_key", "")))
    if is_unfilled(body, "password"):
        return "the Google key has a placeholder instead of its private key", _AGAIN
    user = BASE64_KEY if written == _CODED else JSON_KEY
    if username != user:
        return f"the password is {written.format('a Google key')}", Option("username", user, "use")
    quotes = (
        f"the password is {written.format('a Google key')}",
        "give the JSON from Google unchanged: it begins with {.",
    )
    return quotes if written in (_QUOTED, _ESCAPED) else None


def _object_in(text: str) -> tuple[dict[str, Any], str]:
    """The JSON object in *text*, and how it is written there; empty if there is none."""
    text, written = text.strip(), _PLAIN
    if text[:1] in ("'", '"') and text[0] == text[-1]:
        inner = from_json(text, lenient=True) if text[0] == '"' else text[1:-1]
        text, written = inner if isinstance(inner, str) else text[1:-1], _QUOTED
    elif re.match(r"\{\s*\\", text):
        inner = from_json(f'"{text}"', lenient=True)
        text, written = inner if isinstance(inner, str) else "", _ESCAPED
    elif text[:1] != "{":
        text, written = from_base64("".join(text.split())) or "", _CODED
    data = from_json(text, lenient=True) if text.lstrip()[:1] == "{" else None
    return (data, written) if isinstance(data, dict) else ({}, _PLAIN)


def _other_fault(username: str, text: str) -> Fault:
    if text.lstrip().startswith("-----BEGIN "):
        return "the password is a whole key or certificate (PEM)", _TOKEN
    if username in (JSON_KEY, BASE64_KEY):
        return f"the password of {username} is not a complete Google key", _AGAIN
    lines = len(text.strip().splitlines())
    return f"the password has line breaks: {lines} lines", "copy only the password."
