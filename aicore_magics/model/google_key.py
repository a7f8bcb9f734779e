"""Keys of Google's service accounts as passwords: registries of Google take the whole key, on one line.

The users are those of cloud.google.com/artifact-registry/docs/docker/authentication: `_json_key` for the
key as it is, `_json_key_base64` for base64 of it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from aicore_magics.base.redact import Secret
from aicore_magics.base.wrappers import from_base64, from_json
from aicore_magics.next_steps import Option

if TYPE_CHECKING:
    from aicore_magics.next_steps import Words

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


def whole_file_fault(username: str, text: str) -> tuple[str, Words] | None:
    """Say what *text*, a password that no registry could be sent, is, if it is a key or another file."""
    if "\n" not in text.strip():
        return None
    data = from_json(text, lenient=True)
    if isinstance(data, dict) and data.get("type") == "service_account":
        user = JSON_KEY
    elif isinstance(from_json(from_base64("".join(text.split())) or ""), dict):
        user = BASE64_KEY
    elif isinstance(data, dict):
        return "the password is a whole JSON file", (
            "give whole logins ",
            Option("from-file", "PATH", "with"),
            ".",
        )
    elif text.lstrip().startswith("-----BEGIN "):
        return "the password is a whole key or certificate (PEM)", "give a token that the registry made."
    elif username in (JSON_KEY, BASE64_KEY):
        return f"the password of {username} is no whole Google key", "download the key as JSON once more."
    else:
        lines = len(text.strip().splitlines())
        return f"the password holds line breaks: {lines} lines", "copy the password alone."
    what = "a Google key" if user == JSON_KEY else "base64, in lines, of a Google key or other JSON"
    return f"the password is {what}", Option("username", user, "use")
