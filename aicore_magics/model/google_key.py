"""Keys of Google's service accounts as passwords: registries of Google take the whole key, on one line.

The users are those of cloud.google.com/artifact-registry/docs/docker/authentication: `_json_key` for the
key as it is, `_json_key_base64` for base64 of it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from aicore_magics.base.redact import Secret
from aicore_magics.base.wrappers import from_base64, from_json
from aicore_magics.next_steps import Option

JSON_KEY, BASE64_KEY = "_json_key", "_json_key_base64"
COMPACTED = "The Google key was put on one line; its content is the same."
JOINED = "The lines of the Google key in base64 were joined."
_BROKEN = re.compile(r"[\x00-\x1f\x7f]")


def compact(key: Any) -> str:
    """Return *key* as JSON on one line."""
    return json.dumps(key, separators=(",", ":"))


def on_one_line(username: str, password: Secret) -> Secret:
    r"""Return *password* without line breaks if it is a key of Google for its user; others as they are.

    A key whose own line breaks were written out by mistake gets them back as JSON has them. What was changed
    is a note of the password.

    >>> on_one_line("_json_key", Secret('{\n  "type": "service_account"\n}')).reveal()
    '{"type":"service_account"}'
    """
    if username not in (JSON_KEY, BASE64_KEY) or not _BROKEN.search(password.reveal()):
        return password
    if username == JSON_KEY:
        key = from_json(password.reveal(), lenient=True)
        return Secret(compact(key), notes=(*password.notes, COMPACTED)) if isinstance(key, dict) else password
    joined = "".join(password.reveal().split())
    is_key = isinstance(from_json(from_base64(joined) or ""), dict)
    return Secret(joined, notes=(*password.notes, JOINED)) if is_key else password


def whole_file_fault(username: str, password: Secret) -> tuple[str, str | Option] | None:
    """Say what *password* is, and what to do, if it has several lines: a key, or a file of another kind."""
    text = password.reveal()
    if "\n" not in text.strip():
        return None
    data = from_json(text, lenient=True)
    if isinstance(data, dict) and data.get("type") == "service_account":
        return "the password is a Google key", Option("username", JSON_KEY, "use")
    if isinstance(from_json(from_base64("".join(text.split())) or ""), dict):
        what = "base64, in lines, of a Google key or other JSON"
        return f"the password is {what}", Option("username", BASE64_KEY, "use")
    if isinstance(data, dict):
        return "the password is a whole JSON file", Option("from-file", "PATH", "give whole logins with")
    return _other_fault(username, text)


def _other_fault(username: str, text: str) -> tuple[str, str]:
    if text.lstrip().startswith("-----BEGIN "):
        return "the password is a whole key or certificate (PEM)", "give a token that the registry made."
    if username in (JSON_KEY, BASE64_KEY):
        return f"the password of {username} is no whole Google key", "download the key as JSON once more."
    lines = len(text.strip().splitlines())
    return f"the password holds line breaks: {lines} lines", "copy the password alone."
