"""What AI Core demands of a request. Each rule gives the value it has read, or raises a Refusal."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qsl

from aicore_magics.sandbox.exchange import JSON, Refusal, Request

if TYPE_CHECKING:
    from aicore_magics.sandbox.guesses import Names

MERGE_PATCH = "application/merge-patch+json"
DOCKER_CONFIG = ".dockerconfigjson"
LONGEST_NAME = 63

# The published pattern with its inner "+" taken out: the same names, but a bad one no longer takes for ever.
_NAME = re.compile(r"[a-z0-9](?:_?[a-z0-9.\-])*[a-z0-9]")
# What AI Launchpad takes, and what is the name of an object in Kubernetes (RFC 1123).
_NAMES = {
    "spec": _NAME,
    "launchpad": re.compile(r"[a-z0-9](?:[a-z0-9.\-]*[a-z0-9])"),
    "kubernetes": re.compile(
        r"(?=..)[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?)*"
    ),
}
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")


def name_of(text: object, rule: Names = "spec") -> str:
    """Give the name of a secret that *text* is, by this *rule*."""
    if not isinstance(text, str) or len(text) > LONGEST_NAME or not _NAMES[rule].fullmatch(text):
        raise Refusal(400, "Invalid Request, the name does not match the pattern or is longer than 63")
    return text


def body_of(request: Request, *kinds: str) -> dict[str, object]:
    """Give the JSON object in the body of *request*, whose content type is one of *kinds*."""
    if request.content_type not in kinds:
        raise Refusal(415, f"Unsupported media type, expected {kinds[0]}")
    body = _json(request.body)
    if not isinstance(body, dict):
        raise Refusal(400, "Invalid Request, the body is not a JSON object")
    return body


def create_body(request: Request, *, check_content: bool, names: Names = "spec") -> tuple[str, str]:
    """Give the name and the `.dockerconfigjson` that a create carries."""
    body = body_of(request, JSON)
    if "name" not in body:
        raise Refusal(400, "Invalid Request, name is missing")
    return name_of(body["name"], names), docker_config(body, check_content=check_content)


def patch_body(
    request: Request, name: str, *, kinds: tuple[str, ...], check_content: bool, takes_name: bool = True
) -> str:
    """Give the `.dockerconfigjson` that a change of the secret *name* carries."""
    body = body_of(request, *kinds)
    if "name" in body and not takes_name:
        raise Refusal(400, "Invalid Request, unknown key name")
    # SAP's own sample repeats the name; another one would be a rename, which does not exist.
    if body.get("name", name) != name:
        raise Refusal(400, "Invalid Request, the name cannot be changed")
    return docker_config(body, check_content=check_content)


def docker_config(body: dict[str, object], *, check_content: bool) -> str:
    """Give the string under `data`, which holds nothing but `.dockerconfigjson`."""
    data = body.get("data")
    if not isinstance(data, dict) or DOCKER_CONFIG not in data:
        raise Refusal(400, "Invalid Request, data with .dockerconfigjson is missing")
    if len(data) > 1:
        raise Refusal(400, "Invalid Request, data has more than .dockerconfigjson")
    content = data[DOCKER_CONFIG]
    if not isinstance(content, str):
        raise Refusal(400, "Invalid Request, .dockerconfigjson is not a string")
    if check_content and not _holds_logins(content):
        raise Refusal(400, "Invalid Request, .dockerconfigjson is not a docker configuration with auths")
    return content


def parameters_of(request: Request) -> dict[str, str]:
    """Give the query of *request* by name, percent-encoded names included. A repeated one is refused."""
    pairs = parse_qsl(request.query, keep_blank_values=True)
    parameters = dict(pairs)
    if len(parameters) < len(pairs):
        raise Refusal(400, "Invalid Request, a query parameter is given twice")
    return parameters


def whole_number(parameters: dict[str, str], name: str) -> int | None:
    """Give the query parameter *name*, which is a whole number and not negative, or None."""
    text = parameters.get(name)
    if text is None:
        return None
    if not _WHOLE_NUMBER.fullmatch(text):
        raise Refusal(400, f"Invalid Request, {name} is not a number from 0 on")
    return int(text)


def flag(parameters: dict[str, str], name: str) -> bool:
    """Give the query parameter *name*, which is true or false; false if it is left out."""
    text = parameters.get(name, "false")
    if text not in ("true", "false"):
        raise Refusal(400, f"Invalid Request, {name} is neither true nor false")
    return text == "true"


def _holds_logins(content: str) -> bool:
    try:
        config = json.loads(content, parse_constant=_no_json)
    except (ValueError, RecursionError):
        return False
    auths = config.get("auths") if isinstance(config, dict) else None
    return isinstance(auths, dict) and bool(auths) and all(isinstance(each, dict) for each in auths.values())


def _json(body: bytes) -> object:
    try:
        # Decoded first: left to itself, json also takes UTF-16 and UTF-32.
        return json.loads(body.decode("utf-8"), parse_constant=_no_json)
    except (ValueError, RecursionError):
        pass
    # Raised here and not above, so that no traceback carries the body.
    raise Refusal(400, "Invalid Request, the body is not JSON")


def _no_json(constant: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and JSON does not know."""
    raise ValueError(constant)
