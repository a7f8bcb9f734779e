"""What nobody can have meant as a registry login: `<YOUR_TOKEN>`, `$TOKEN`, `YOUR_DOCKER_USERNAME`, `xxxx`.

Three classes, from narrow to broad, with one list of words:

- `is_unfilled`: it is refused. Its shape says that it is still to be filled in: a sign around a name, "your"
  or "insert" among words, code that would fetch it, a token of x. A password of any other shape may be
  somebody's own: `{Tr0ub4dor}`, `$ecret`, `<3cats>`.
- `common_words.is_common`: it is stored, and told where a registry accepts it: a word that many use.
- `placeholders.is_placeholder`: a scan does not call it a secret. It takes every password in that is
  unfilled, and more: words alone, a mask, what is left out in part.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Literal

from aicore_magics.base.placeholder_shapes import (
    AROUND,
    AS_TYPED,
    BRACKETS,
    FILLED_IN,
    NAMED_IN_HOST,
    PARTS,
    ROUND_WORDS,
    SIGNS,
)
from aicore_magics.base.placeholder_words import ALONE, TO_DO, YOURS, pieces
from aicore_magics.base.placeholders import NAME, REMOVED, compiled, unpadded
from aicore_magics.base.spaces import bare
from aicore_magics.base.token_shapes import TOKEN_STARTS

Field = Literal["registry", "user", "password"]
_LONGEST = 300  # characters; templates and commands among placeholders are longer than names

# User names that would look like one: the one of NVIDIA NGC, and the one that package registries have.
_REAL_USERS = frozenset(["$oauthtoken", "__token__"])
# In a user name in small letters, no other word asks for something: it may be the name of a team.
_ASKING_USER = frozenset(
    [
        "your",
        "dein",
        "deine",
        "ihr",
        "ihre",
        "votre",
        "here",
        "insert",
        "replace",
        "placeholder",
        "您的",
        "你的",
        "ваш",
        "ваше",
    ]
)
# Behind "tu" or "su", which may be a team's, one of these says whose name it asks for.
_USER_NOUNS = frozenset(
    [
        "usuario",
        "usuário",
        "utente",
        "nombre",
        "nome",
        "utilisateur",
        "identifiant",
        "gebruiker",
        "użytkownik",
    ]
)
_VARIABLE = r"_?[A-Z]+[0-9]{0,2}(?:_[A-Z]+[0-9]{0,2})+"
_LETTERS = r"[^\W\d_]+"
# Words, and what may stand between them; no number of more than two digits.
_OF_WORDS = r"(?!.*\d{3}(?<!123))[\w\s.,:/'\u2018\u2019()\u2026-]+"
_OF_USER_WORDS = r"(?!.*\d{3}(?<!123))[\w\s.,:/'\u2018\u2019()\u2026@+-]+"
_DOTS = 3
# Beside the tokens that a scan looks for: NVIDIA's and Vault's.
_STARTS = (*TOKEN_STARTS, "hvs.", "hvb.")
_KINDS = r"\A(?:(?:pat|oat|ant|proj|admin|svcacct|api[0-9]{2})[_-])+"  # dckr_pat_, sk-ant-api03-
_MOST_X = 4  # so many of them are no word
_BEFORE_TOKEN = r"\A\s*(?i:bearer|token|basic) +(?=\S)"  # as in a header
_MASKS = frozenset("*•●·∙⋅")
_SHORTEST_MASK = 3
_MEANT = frozenset(["change", "changeme"])  # somebody may really use what begins so
_YOUR_HOST = ("your", "dein", "deine", "ihr", "ihre", "votre")  # a host may begin with others


def is_unfilled(text: str, field: Field) -> bool:
    """Return whether *text*, as that *field* of a login, was never filled in, beyond doubt.

    >>> [is_unfilled(text, "password") for text in ("<YOUR_TOKEN>", "$TOKEN", "your-token-here", "ghp_xxxx")]
    [True, True, True, True]
    >>> [is_unfilled(text, "password") for text in ("{Tr0ub4dor}", "$ecret", "<3cats>", "changeme")]
    [False, False, False, False]
    """
    text = re.sub(_BEFORE_TOKEN, "", _as_typed(text)) if field == "password" else _as_typed(text)
    plain = _unquoted(bare(text))
    if not plain or len(plain) > _LONGEST or (field == "user" and plain in _REAL_USERS):
        return False
    if field == "registry":
        return _is_no_host(plain)
    signs = compiled(SIGNS).search(text) is not None and (
        any(map(_is_filled_in, {plain, bare(text)}))
        or compiled(PARTS[field]).search(plain) is not None
        or any(_names_it(inner, sign) for inner, sign in _inside(plain))
    )
    if signs or _is_left_out(plain) or _says_so(plain, field):
        return True
    return _is_token_of_docs(plain) if field == "password" else _is_user_of_docs(plain)


def is_mask(text: str) -> bool:
    """Return whether *text* is what stands where a password was hidden: three stars or dots, or more.

    >>> is_mask("********"), is_mask("**")
    (True, False)
    """
    return len(text) >= _SHORTEST_MASK and set(text) <= _MASKS


def _as_typed(text: str) -> str:
    """With the signs of a keyboard, where a word processor or a web page put others: &lt;token&gt;."""
    if len(text) > _LONGEST:
        return text
    return (unescape(text) if "&" in text and ";" in text else text).translate(AS_TYPED)


def _unquoted(text: str) -> str:
    """Without the quotes around it: some are typed, some are kept by what reads a file."""
    quoted = len(text) > 2 and text[0] == text[-1] and text[0] in "\"'`"  # noqa: PLR2004  more than the quotes
    return bare(text[1:-1]) if quoted else text


def _is_filled_in(text: str) -> bool:
    match = compiled(FILLED_IN).fullmatch(text)
    return match is not None and (not match["variable"] or _is_variable(match["variable"]))


def _inside(text: str) -> list[tuple[str, str]]:
    """What stands between two signs that are at both ends, for each pair of signs, and the first of them."""
    return [
        (bare(text[len(first) : len(text) - len(last)]), first)
        for first, last in AROUND
        if text.startswith(first) and text.endswith(last) and len(text) > len(first) + len(last)
    ]


def _names_it(inner: str, sign: str) -> bool:
    """Whether *inner*, behind that *sign*, names what is to stand there."""
    if sign in ROUND_WORDS:
        return inner.isupper() and _is_variable(inner)
    if _is_variable(inner):
        return True
    if sign in ("<", "<<"):
        return _has_known_word(inner) or _is_left_out(inner)
    return sign in BRACKETS and _are_known(_split(inner), inner)


def _is_variable(text: str) -> bool:
    """Whether *text* is what a variable is called: CR_PAT, token, dockerPassword."""
    if re.fullmatch(_VARIABLE, text):
        return True
    return re.fullmatch(NAME, text) is not None and _are_known(_split(text), text)


def _has_known_word(text: str) -> bool:
    """Whether *text* is words, with two digits at most behind each, and one of them is of the trade."""
    plain = re.fullmatch(_OF_WORDS, text) and all(
        re.fullmatch(rf"{_LETTERS}[0-9]{{0,2}}|123", word) for word in re.findall(r"[^\W_]+", text)
    )
    return bool(plain) and any(map(pieces, re.findall(_LETTERS, text.lower())))


def _split(text: str) -> tuple[str, ...]:
    """The known words that *text* is made of, however they are joined; nothing if there are others in it."""
    known: list[str] = []
    for word in re.findall(_LETTERS, text):
        parts = [pieces(word.lower())]
        if not parts[0]:
            parts = [pieces(part) for part in re.sub("(?<=[a-z])(?=[A-Z])", " ", word).lower().split()]
        if not all(parts):
            return ()
        known += (piece for part in parts for piece in part)
    return tuple(known)


def _are_known(words: tuple[str, ...], text: str, shape: str = _OF_WORDS) -> bool:
    """Whether *text* is these *words*, and nothing else but what stands between words."""
    return bool(words) and compiled(shape).fullmatch(text) is not None


def _is_left_out(text: str) -> bool:
    """Whether *text* stands for something that was left out: xxxx, XXX, three dots."""
    low = text.lower()
    if set(low) <= set("x-_. ") and (low.count("x") >= _MOST_X or text == "XXX"):
        return True
    return set(text) <= set(".…") and ("..." in text or "…" in text)


def _says_so(text: str, field: Field) -> bool:
    """Whether *text* is words that ask for something: your-token-here, REPLACE_ME, TODO."""
    if re.fullmatch(REMOVED, text):
        return True
    words = _split(text)
    if not _are_known(words, text, _OF_USER_WORDS if field == "user" else _OF_WORDS):
        return False
    if len(words) == 1 and words[0] in ALONE:
        # As a user name it may be somebody's own.
        return field == "password" or text.isupper()
    small_user = field == "user" and not text.isupper()
    asks_name = words[0] in YOURS and words[-1] in _USER_NOUNS
    asking = _ASKING_USER if small_user and not asks_name else YOURS | TO_DO
    # "ton-ton" asks for nothing.
    asks = not (asking.isdisjoint(words) or YOURS.issuperset(words))
    asks = asks or (field == "password" and "or" in words[1:-1])
    return len(words) > 1 and asks and words[0] not in _MEANT


def _is_token_of_docs(text: str) -> bool:
    """Whether *text* begins as a token does, and has no more of one."""
    low = text.lower()
    start = max((start for start in _STARTS if low.startswith(start)), key=len, default="")
    if not start:
        return False
    rest = re.sub(_KINDS, "", unpadded(text)[len(start) :])
    elided = re.search(r"\.{3}|…|\*{3}|•{3}|[xX]{6}", rest) is not None
    cut = elided or (len(rest) >= _DOTS and set(rest.lower()) == {"x"})
    return cut or rest.endswith("EXAMPLE") or is_unfilled(rest.lstrip("-_"), "password")


def _is_user_of_docs(text: str) -> bool:
    """Whether a part of *text* is still to be filled in: robot$your-project+name, robot$ci+{name}."""
    if any(_names_it(inner, "{") for inner in re.findall(r"\{([^{}]*)\}", text)):
        return True
    return any(map(_is_your_host, re.split(r"[$+/@]", text)))


def _is_no_host(text: str) -> bool:
    """Whether *text*, a registry or a key, names none: in a host there are no braces, and no "your"."""
    if compiled(PARTS["registry"]).search(text):
        return True
    host = re.sub(r"\A[A-Za-z]+://", "", text).partition("/")[0]
    host = re.sub(r":[0-9]+\Z", "", host)
    if _is_filled_in(text) or re.search(r"(?i):port\b", text):
        return True
    bare_host = host.strip("[]@_()!#")
    if "." not in host and host != "LOCALHOST" and (bare_host != host or host.isupper()):
        return bool(_split(bare_host))
    # "dein.de" may be somebody's own: behind the word there has to be more than where the host ends.
    whole = re.sub(r"\.(?:[a-z]{2}|com|net|org|dev|cloud)\Z", "", host)
    labels = (whole, *host.split("."))
    if any(_is_left_out(label) or _is_your_host(label) for label in labels):
        return True
    return compiled(NAMED_IN_HOST).search(host) is not None


def _is_your_host(label: str) -> bool:
    words = _split(label) if label.lower().startswith(_YOUR_HOST) else ()
    return len(words) > 1 and words[0] in _YOUR_HOST and _are_known(words, label)
