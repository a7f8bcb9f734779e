"""What stands in a place and only holds it: `<YOUR_TOKEN>`, `${TOKEN}`, `***`, `changeme`, `{{parameter}}`.

What counts differs with the place, on purpose. Where a secret goes, everything that is no secret is one, or a
scan would cry wolf: `is_placeholder`. Where a name, a plan or an image goes, only what nobody can have meant:
`is_left_over`. In a registry login, which is refused for it, too: `base/unfilled.py`, with the words of here.
And `{{…}}` is filled in by AI Core or Argo, so a template may hold it: `BRACES`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from aicore_magics.base.token_shapes import PRIVATE_KEY_BEGIN, TOKEN_STARTS

# A text, and compiled at its first use: most templates need it nowhere.
BRACES = r"\{\{([^{}]*)\}\}"
Place = Literal["secret", "plan", "image", "--secret", "--image", "secret of an option"]
# What was left over in a template that somebody has: the whole name or plan, or a part of an image.
# Behind an option nothing is filled in at all: a single sign of a placeholder is enough.
_LEFT_OVER: dict[Place, str] = {
    "secret": r"(?s)\s*(?:<.*>|\$\{?\w+\}?)\s*",
    "plan": r"\s*<.*>\s*",
    "image": r"(?s).*<[^<>]*>.*",
    "--secret": r"(?s).*[<>{}$].*",
    "--image": r"(?s).*[<>].*",
    "secret of an option": r"(?s).*[<{].*",
}

# A variable as people name one: `$ecretP4ss` and `{Tr0ub4dor3}` are none.
NAME = r"(?:(?=[A-Za-z_]+[0-9]{0,2}(?!\w)|[A-Z0-9]*_[A-Z0-9_]*(?!\w))[A-Za-z_]\w*(?!\w))"
_MORE = rf"(?:\.{NAME}|\[[^\[\]]*\]|\([^()]*\))*"  # what is fetched from it
# A whole value of one of these shapes is filled in by somebody or something else.
# Matches `<YOUR_TOKEN>` and what stands beside each line; does not match `hunter2` or `pa55$word`.
_FILLED_IN = r"""(?xs)
    <[^<>]*>                        # <YOUR_TOKEN>
    | \$\{?(?i:env):NAME\}? | `\s*NAME\s.*`    # $env:TOKEN, `cat token`
    | \$\$?NAME | \$\{NAME(?::?[-=?+][^{}]*)?\} | \$\(.*    # $TOKEN, ${TOKEN}, $(cat token)
    | %NAME% | %(?:\(\w+\))?s       # %TOKEN%, %s, %(token)s
    | \$?\{\{.*\}\}                 # {{token}}, ${{ secrets.TOKEN }}
    | \{\s*(?:\d*|NAME MORE)\s*(?:![rsa])?(?::[^{}]*)?\}    # {token}, {login["token"]}
    | \[(?:NAME|[.…\ -])*\]         # [TOKEN]
    | op://.+ | arn:aws:(?:secretsmanager|ssm):.+ | @Microsoft\.KeyVault\(.+ | ENC\[\w+,.+
    | [*•●·∙⋅._\-#?…xX0\s]*         # a mask
    | ["']\s*[+&,.].*[+&,.]\s*["']  # a text that is put together: "' + token + '"
    | (?:os|process|secrets?)\.NAME MORE(?:[\[(].*)?
    | (?:getenv|getpass|input|environ|ENV)MORE(?:[\[(].*)?
    """.replace("NAME", NAME).replace("MORE", _MORE)
_ELIDED = r"(?i)\*{3}|•{3}|\.{3}|…|x{6}"
# Three dots may be a password's own. In what begins as a token, or is of letters alone, they stand for more.
# Matches `pa55...word`; does not match `password...`.
_GOOGLE_TOKEN = r"(?=.*[a-z])(?=.*[A-Z])(?=.{5}.*[0-9])ya29\.[\w.-]{24,}"
_OWN_DOTS = r"(?s)(?=.*\d).*[^.]\.{3}[^.].*"
# Keys in the AWS documentation end so.
_EXAMPLE = "EXAMPLE"
REMOVED = "REMOVED_[A-Z_]+"  # what scrubbing leaves
_WORDS = r"[^\W\d_]+|\d+"
_PROSE_SPACES = 4


def is_placeholder(value: str) -> bool:
    """Whether *value* only holds the place of a secret.

    >>> [is_placeholder(text) for text in ("<YOUR_TOKEN>", "$TOKEN", "your-docker-password", "***")]
    [True, True, True, True]
    >>> is_placeholder("correct horse")
    False
    """
    bare = value.strip().strip("\"'`\\").strip()
    filled_in = compiled(_FILLED_IN)
    if not bare or filled_in.fullmatch(bare) or filled_in.fullmatch(value.strip()):
        return True
    own_dots = not bare.lower().startswith(TOKEN_STARTS) and compiled(_OWN_DOTS).fullmatch(bare)
    if _is_prose(bare) or (is_filler(bare) and not own_dots):
        return True
    # At the first use, as below; and that module imports this one.
    from aicore_magics.base.unfilled import is_unfilled

    return is_unfilled(value, "password")


def is_filler(text: str) -> bool:
    """Whether *text*, a token by its shape, was left out in part, or is an example or plain words."""
    text = unpadded(text)
    if compiled(_ELIDED).search(text) or _EXAMPLE in text or compiled(REMOVED).search(text):
        return True
    # At the first use: who writes a template needs no words.
    from aicore_magics.base.placeholder_words import pieces, vocabulary

    words = map(str.lower, compiled(_WORDS).findall(text))
    return all(
        word in vocabulary()
        or set(word) == {"x"}
        # Several in one: yourtoken, or in a script that sets no spaces.
        or ((word.startswith("your") or not word.isascii()) and pieces(word))
        for word in words
    )


def unpadded(text: str) -> str:
    """Return *text* without the dots behind it if it is a whole access token of Google, which may have them.

    Of a shorter one they stand for what was left out.

    >>> unpadded("ya29.c.b0A...")
    'ya29.c.b0A...'
    """
    before = text.rstrip(".")
    whole = len(before) < len(text) and compiled(_GOOGLE_TOKEN).fullmatch(before)
    return before if whole else text


def is_left_over(text: str, place: Place) -> bool:
    """Return whether *text*, in that *place*, was never filled in.

    >>> is_left_over("<YOUR_SECRET>", "secret"), is_left_over("ghcr.io/<team>/churn:1", "image")
    (True, True)
    >>> is_left_over("ghcr.io/acme/churn:1", "image")
    False
    """
    return re.fullmatch(_LEFT_OVER[place], text) is not None


def looks_random(value: str) -> bool:
    """Whether *value* is no word: it has a digit or a sign among its letters, and no space."""
    return not value.isalpha() and not any(c.isspace() for c in value) and bool(re.search(r"[^\W\d_]", value))


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compiled at the first use: who writes a template imports this, and needs none of it."""
    return re.compile(pattern)


def _is_prose(text: str) -> bool:
    if re.match(PRIVATE_KEY_BEGIN, text):  # its first and last line have spaces in them
        return False
    return text.count(" ") >= _PROSE_SPACES or (" " in text and text[-1] in ".:?")
