"""What stands where a secret would, and is none: `<YOUR_TOKEN>`, `$TOKEN`, `***`, `changeme`, `{token}`."""

from __future__ import annotations

import re

# A whole value of one of these shapes is filled in by somebody or something else.
_FILLED_IN = re.compile(
    r"""(?x)
    <[^<>]*>                        # <YOUR_TOKEN>
    | \$\$?[A-Za-z_]\w* | \$\{.*\} | \$\(.*   # $TOKEN, ${TOKEN}, ${{ secrets.TOKEN }}, $(cat token)
    | %[A-Za-z_]\w*% | %(?:\(\w+\))?s     # %TOKEN%, %s, %(token)s
    | \{.*\} | \[.*\]               # {token}, {{token}}, [TOKEN]
    | [*•●·∙⋅._\-#?…xX0\s]*         # a mask
    | ["']\s*[+&,.].*[+&,.]\s*["']  # a text that is put together: "' + token + '"
    | (?:os\.|getenv|getpass|input\(|environ|process\.env|secrets?\.)\S*
    """,
    re.DOTALL,
)
_ELIDED = re.compile(r"(?i)\*{3}|•{3}|\.{3}|…|x{6}")
# Keys in the AWS documentation end so.
_EXAMPLE = "EXAMPLE"
PLACEHOLDER = re.compile("REMOVED_[A-Z_]+")  # what scrubbing leaves
_WORDS = re.compile(r"[A-Za-z]+|[^\W_A-Za-z]+")
# A value of nothing but these words was never a secret.
_VOCABULARY = frozenset(
    _WORDS.findall("""
    a access accesstoken account add and api artifactory at auth aws azure base basic bearer change
    changeme cli client code config create credential credentials dckr default docker dockerhub dummy
    empty encoded enter example fake false fill from gcp generated ghcr ghp github gitlab glpat go
    goes google harbor here hf hidden hub id identity in insert is it jfrog key login made masked me
    missing my name no none not npm null oat of or own pass passphrase passwd password paste pat
    placeholder private put pwd pypi quay read real redacted registry removed replace replaceme robot
    sample sap secret set some string text the this to todo token true type undefined unset up use
    user username value var variable with xsuaa xxx yes you your
    """)
)
_PROSE_SPACES = 4


def is_placeholder(value: str) -> bool:
    """Whether *value* only holds the place of a secret.

    >>> [is_placeholder(text) for text in ("<YOUR_TOKEN>", "$TOKEN", "your-docker-password", "***")]
    [True, True, True, True]
    >>> is_placeholder("correct horse")
    False
    """
    bare = value.strip().strip("\"'`\\").strip()
    if not bare or _FILLED_IN.fullmatch(bare) or _FILLED_IN.fullmatch(value.strip()):
        return True
    return _is_prose(bare) or is_filler(bare)


def is_filler(text: str) -> bool:
    """Whether *text*, a token by its shape, was left out in part, or is an example or plain words."""
    if _ELIDED.search(text) or _EXAMPLE in text or PLACEHOLDER.search(text):
        return True
    return all(word.lower() in _VOCABULARY or set(word.lower()) == {"x"} for word in _WORDS.findall(text))


def looks_random(value: str) -> bool:
    """Whether *value* is no word: it has a digit or a sign among its letters, and no space."""
    return not value.isalpha() and not any(c.isspace() for c in value) and bool(re.search(r"[^\W\d_]", value))


def _is_prose(text: str) -> bool:
    return text.count(" ") >= _PROSE_SPACES or (" " in text and text[-1] in ".:?")
