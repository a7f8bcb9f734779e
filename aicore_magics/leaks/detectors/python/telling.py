"""Whether code is worth it to be parsed: it gives a password to a name in a way that no pattern reads."""

from __future__ import annotations

import re

# What no text without one of these letters in a row tells.
_TELLING = (
    "passw",
    "passp",
    "pass",
    "wort",
    "pw",
    "secret",
    "token",
    "api",
    "_pat",
    "cred",
    "auth",
    "login",
    "v2client",
)
# A name that something is given to which no pattern reads: no text alone, and nothing without one.
_TELLS = re.compile(
    r"(?:passwor[dt]|passwd|passphrase|kennwort|pwd|pw|pass|secret|token|api_?key|_pat|creds?|credentials?|auth"
    r"|login)(?:s?\d{0,3}[\"'\])]{0,3}\s{0,4}"
    r"(?:,\s{0,40}|(?::[^=\n\"']{0,40}=|[=:]|[|+!=]=)(?!=)\s{0,40}"
    r"(?![\"'][^\"'\\\n]{0,200}[\"'][ \t]*(?:[\n)#]|\Z)))"
    r"(?:[rbf]?[\"'(\[{*]|(?!(?:true|false|none)[ \t]*(?:[,)\n;}\]#]|\Z))"
    r"[a-z_][\w.]*(?:\s*[,)\n;+\[]|\(\s*\n|\sif\b|\sor\b|\Z|[^\n]{0,120}[\"']))"
    r"|(?<=login|sword|redit|ssphr|ecret|_auth)(?:ials)?\(\s{0,40}[\"'*a-z_]"
    r"|(?<=auth)\(|\([^()\n]{0,80}\)\s{0,4}(?:->[^:\n]{0,40})?:)"
)
_LOOP = re.compile(r"\bfor\s[^\n:]{0,60}(?:pass|pw|token|secret)\w*\)?\s+in\s*[\[({]")
# What takes a password where it stands. Matches `Password(`, `communicate("` and `AICoreV2Client(`.
_TAKES = re.compile(
    r"password(?:input)?\(|text(?:area|input)?\([^()]{0,200}description"
    r"|(?:communicate|sendline|send|write)\((?:input=)?b?[\"'a-z_]|v2client\("
    r"|(?:auth|creds?|credentials?|login)[\"'\]]{0,3}\s{0,4}[=:]\s{0,4}[rb]?[\"'][\w.@+-]{1,80}:(?!//)"
)


def tells(small: str) -> bool:
    """Whether code, *small* in small letters, has a word of a password's name in it."""
    return any([word in small for word in _TELLING])  # noqa: C419 - a generator takes longer


def gives(small: str) -> bool:
    """Whether it may give a password to a name, or to a function, in a way that only Python tells.

    >>> gives("password = a + b"), gives("password = 5"), gives("login('anna', x)")
    (True, False, True)
    """
    return any(pattern.search(small) for pattern in (_TELLS, _LOOP, _TAKES))
