"""What a value has to look like to be what its name says, and what kind of credential it is then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.placeholders import is_placeholder, looks_random
from aicore_magics.leaks.detectors.kinds import POSSIBLE
from aicore_magics.leaks.detectors.string_literals import unquoted
from aicore_magics.model.docker_secret import EntryFault, read_auth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicore_magics.leaks.files.json_spans import Span

SHORTEST_PASSWORD = 4
_SHORTEST_TOKEN = 8
_AWS_SECRET = re.compile(r"[A-Za-z0-9/+]{40}")
_PATH = re.compile(r"(?:[./~]|[A-Za-z]:[\\/]).*[\\/].*")  # what `pwd` may be the name of
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# What a password is stored as where it is checked: of bcrypt, crypt, argon2, PBKDF2, scrypt and LDAP.
_HASH = re.compile(
    r"(?i)\$(?:2[abxy]?|1|5|6|7|y|gy|apr1|argon2\w{0,2}|pbkdf2[\w-]{0,12}|scrypt|sha[\w-]{0,8})\$.+"
    r"|(?:pbkdf2|scrypt|argon2|bcrypt)[:_$].+\$.+|\{(?:s?sha\d*|s?md5|crypt|pbkdf2[\w-]*)\}.+"
)
_LIKE_NAME = re.compile(r"[a-z0-9]{1,15}(?:[._/-][a-z0-9]{1,15})*")  # `team-ghcr-2`, as secrets are called
# What is written where a password may be, and tells where something is, or what it looks like.
_NO_SECRET = re.compile(
    r"""(?x)
    [\w ./\\:-]*\.(?:txt|json|ya?ml|toml|ini|cfg|conf|env|csv|tsv|xlsx?|parquet|pkl|key|pem|crt|py|ipynb|md
        |html?|log|png)
    | [a-z][a-z0-9+.-]{1,20}://[^@]*            # a URL with no user in it
    | X(?:-[A-Z][A-Za-z0-9]*)+                  # a header
    | \(\?[a-zA-Z:=!<].* | .*\[[^\]]+\](?:[+*]|\{\d).* | .*\\[dwsSDWb][+*{].*    # a pattern
    """
)
# A number of an invoice, a token of a language model, or words: no token of a service. Matches
# `INV-2023-0001`, `###END###`, `__unk__01` and `spacy_token_1`; does not match `ABCD-EFGH-1234`.
_NO_TOKEN = re.compile(
    r"""(?x)
    [A-Z]{2,6}(?:[-_/.][0-9]{1,8}){1,3} | (?:\#\#|@@|<<|\[\[|__|\*\*|~~|\|\|)\S*
    | [A-Za-z]\w{1,40}:?(?:\\{1,2}[\w .-]{1,80})+           # a path of Windows
    | .*(?:\*\.|\.\*).*                                      # a pattern
    | [A-Z]?[a-z]{1,14}(?:[-_./ ](?:[A-Z]?[a-z]{1,14}[0-9]{0,2}|[0-9]{1,4}))+
    """
)
# What a name says, and the kind that its value is.
_KIND_OF = {
    "client": "client-secret",
    "aws": "aws-secret-key",
    "auth": "registry-login",
}


def kind_of(group: str, *, about: bool) -> str:
    """Give the kind of a value that *group* says. *about*: the text around is about a registry."""
    if group in _KIND_OF:
        return _KIND_OF[group]
    if not about:
        return POSSIBLE
    return "identity-token" if group == "identity" else "registry-password"


def judged(group: str, text: str, spans: Sequence[Span], opening: re.Match[str]) -> bool:
    """Whether the value in the parts *spans* of *text*, behind *opening*, is what *group* says."""
    value = "".join(unquoted(text[start:end], opening["open"]) for start, end in spans)
    return bool(value) and not is_placeholder(value) and fits(group, value)


def names_something(value: str) -> bool:
    """Whether *value* is a number of something, a sign in a language model's texts, or words.

    >>> names_something("INV-2023-0001"), names_something("spacy_token_1"), names_something("ABCD-EFGH-1234")
    (True, True, False)
    """
    return _NO_TOKEN.fullmatch(value) is not None


def fits(group: str, value: str) -> bool:
    """Whether *value* looks like what its name says."""
    if group == "client":
        return len(value) >= _SHORTEST_TOKEN and "://" not in value
    if group == "aws":
        return bool(_AWS_SECRET.fullmatch(value))
    if group == "auth":
        login = login_in_base64(value)
        return login is not None and not is_placeholder(login[1])
    if group == "password":
        others = (_PATH, _NO_SECRET, _HASH)
        return len(value) >= SHORTEST_PASSWORD and not any(other.fullmatch(value) for other in others)
    if group == "secret" and _LIKE_NAME.fullmatch(value) and not _UUID.fullmatch(value):
        return False
    long = len(value) >= _SHORTEST_TOKEN and any(character.isdigit() for character in value)
    other = names_something(value) or _NO_SECRET.fullmatch(value) or "://" in value
    return long and looks_random(value) and not other


def login_in_base64(text: str) -> tuple[str, str] | None:
    """Return user and password if *text* is an `auth` with both, in either alphabet, however it is padded."""
    login = read_auth(text.rstrip("=").replace("-", "+").replace("_", "/"))
    if isinstance(login, EntryFault):
        return None
    user, password = login
    return (user, password) if user and password and user.isprintable() else None
