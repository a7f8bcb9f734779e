"""Text that is neither JSON nor YAML: a login in a word or two, or something that is known and named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.redact import Secret
from aicore_magics.base.wrappers import from_base64, from_json, jwt_claims
from aicore_magics.logins.shapes.found import GIVE, Auths, Found, Look, Named, Pair
from aicore_magics.logins.shapes.outputs import OF_ECR
from aicore_magics.next_steps import Command, Option

if TYPE_CHECKING:
    from aicore_magics.next_steps import Words

_SHORTEST_ECR = 200  # characters; real ones have two thousand
_BY_ITSELF: Words = ("give it with ", Option("password-file", "FILE"), ", and its user.")
_APART: Words = ("give the login with ", Option("username", "USER"), ".")
_KUBECTL_GET: Words = (Command("kubectl get secret NAME -o yaml"), " prints what can be read.")
# A table with quotes in its name, perhaps behind a few settings.
_TOML = (
    r"(?:[\w.-]{1,60}[ \t]*=[^\n]*\n\s*){0,20}"
    r"\[\[?[\w .:/*-]{0,60}[\"'][\w .:/*\"'-]{1,200}\]\]?\s+[\w.\"'-]{1,60}[ \t]*="
)
# By how it begins; the order does not count.
_BEGINNINGS: tuple[tuple[str, str, Words], ...] = (
    (
        r"Name:[^\n]*\n(?:[^\n]*\n){1,40}?Data\s+====",
        "the output of kubectl describe, which counts bytes",
        _KUBECTL_GET,
    ),
    (r"NAME\s+TYPE\s+DATA\s+AGE", "the table of kubectl get secrets", _KUBECTL_GET),
    (r"[Ee]rror(?: from server|:) ", "an error message of another program", GIVE),
    (
        r"\$ANSIBLE_VAULT;",
        "text that Ansible Vault has encrypted",
        (Command("ansible-vault view FILE"), " opens it."),
    ),
    (r"age-encryption\.org/", "text that age has encrypted", (Command("age --decrypt FILE"), " opens it.")),
    (r"(?i)<!doctype html|<html", "an HTML page", GIVE),
    (r"<\?xml|<settings", "XML", GIVE),
    (r"\{\s*[“”„]", "JSON with typographic quotes", 'replace each of them by ".'),
    (r"//|/\*", "JSON with comments, or a program", "take the comments out."),
    (
        _TOML,
        "TOML, such as the settings of containerd or podman",
        _APART,
    ),
    (
        r"\[[\w .-]{1,60}\]\s+[\w.-]{1,60}[ \t]*=",
        "an INI file, such as that of the AWS CLI",
        (Command("aws ecr get-authorization-token"), " creates a login for Amazon ECR."),
    ),
)


def one_word(text: str, _look: Look) -> Found | None:
    """User and token, or a token that tells its user, in one word."""
    if text[0] in "{[\"'" or any(character.isspace() for character in text):
        return None
    if _is_ecr_token(text):
        return Pair("login password of Amazon ECR", "AWS", Secret(text), (OF_ECR,))
    if re.fullmatch(r"ya29\.[\w.-]{20,}", text):
        return Pair("Google access token", "oauth2accesstoken", Secret(text))
    user, colon, token = text.partition(":")
    return Pair("user:token pair", user, Secret(token)) if colon and user and token else None


def _is_ecr_token(text: str) -> bool:
    """What `aws ecr get-login-password` prints: base64 of JSON with a payload and a data key."""
    if len(text) < _SHORTEST_ECR or ":" in text:
        return False
    data = from_json(from_base64(text) or "")
    return isinstance(data, dict) and {"payload", "datakey"} <= data.keys()


def netrc(text: str, _look: Look) -> Found | None:
    """The logins of a `.netrc` by their machines, as far as they are plain words."""
    bare = re.sub(r"(?m)^[ \t]*#.*$", "", text).strip()
    if not re.match(r"(?:machine\s+\S|default\s)", bare):
        return None
    given: Words = (Option("username", "USER", "give the login with"), ".")
    words = iter(bare.split())
    auths: dict[str, dict[str, str]] = {}
    machine: dict[str, str] = {}
    for word in words:
        value = "" if word == "default" else next(words, "")
        if word == "macdef" or value[:1] == '"' or "\\" in value:
            return Named("a .netrc with quotes or macros", given)
        if word == "machine" and value in auths:
            return Named("a .netrc with two logins for one machine", given)
        if word in ("machine", "default"):
            machine = auths.setdefault(value, {}) if value else {}
        elif word in ("login", "password"):
            machine["username" if word == "login" else word] = value
    return Auths(".netrc", dict(auths)) if auths else Named("a .netrc with a login for every host", given)


def first_dockercfg(text: str, _look: Look) -> Found | None:
    """The `.dockercfg` of docker's first years: two lines, for Docker Hub alone."""
    match = re.fullmatch(r"auth ?= ?(\S+)(?:\s+email ?= ?\S+)?", text)
    hub = "https://index.docker.io/v1/"
    return Auths("two-line .dockercfg", {hub: {"auth": match[1]}}) if match else None


def named(text: str, _look: Look) -> Found | None:
    """What is known by how it begins, and is none of the shapes that hold a login."""
    return next((Named(what, then) for begin, what, then in _BEGINNINGS if re.match(begin, text)), None)


def last_guess(text: str) -> Named:
    """Return what *text* is called that nothing has recognised."""
    if len(text.split(maxsplit=1)) > 1:
        return Named("plain text", guess=True)
    what = "a token (JWT) without its user" if jwt_claims(text) else "one word"
    return Named(what, _BY_ITSELF, guess=True)
