"""From the line behind a magic to its words: shlex, variables, and no password or token among them.

No message repeats what was typed: it may have been a password in the wrong place.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

from aicore_magics.base.tokens import token_kind

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSWORD_OPTIONS = (
    *("-p", "--password", "--passwd", "--pass", "--pw", "--pwd", "--passphrase", "--docker-password"),
    *("--token", "--pat", "--api-key", "--apikey", "--access-token", "--client-secret"),
)
# A variable inside a word, as in `{host}/acme/churn`; `{{…}}` is a template's.
_INSIDE = re.compile(r"(?<!\{)\{([A-Za-z_]\w*)\}(?!\})")
# Options whose value has no braces of its own, and two lines that do what was meant.
_UNFILLED = {
    "--image": 'image = f"{host}/acme/churn:1.4", then --image {image}',
    "--registry": 'registry = f"{name}.azurecr.io", then --registry {registry}',
    "--secret": 'secret = f"team-{name}", then --secret {secret}',
}
# Where they may, it is a variable only if there is one of that name.
_PATHS = ("--service-key", "--ca-file", "--from-file", "--password-file", "--out")
# A text in quotes; and a quote that a POSIX shell would take for a plain character.
_QUOTE = re.compile(r"""'[^']*'|"[^"]*\"""")
_ESCAPED = re.compile(r"""\\['"]""")
_UNESCAPED = (
    "a backslash does not escape a quote. Use the other quotes outside, as in "
    """--args 'echo "a b"' or --title "Anna's model"."""
)


class WrongUse(Exception):
    """A line that a magic cannot use, and why, in one sentence without a word of that line."""


def split(line: str, variables: Mapping[str, Any]) -> list[str]:
    """Split *line* as a POSIX shell would, with the backslash left alone, and put in variables.

    Only a word that is exactly `{name}` is replaced, by that variable. Raises WrongUse for a quote that
    does not end or was to be escaped, for a variable that is not there or inside a word, and for a password
    or token on the line.
    """
    words = words_of(line)
    if words is None:
        raise WrongUse(_UNESCAPED if _ESCAPED.search(line) else "a quote on this line is not closed.")
    refuse_secrets(words)
    _refuse_escapes(line)
    _refuse_unfilled(words, variables)
    return [_variable(word, variables) for word in words]


def words_of(line: str) -> list[str] | None:
    """Split *line* as it stands; None if a quote does not end."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.escape = lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:
        return None


def _refuse_escapes(line: str) -> None:
    r"""Refuse a quote behind a backslash: it would end or begin there, and the rest be another text.

    A folder in quotes may end in a backslash, as in `"C:\my files\"`; and inside single quotes nothing ends.
    """
    for quote in _QUOTE.finditer(line):
        before, behind = line[: quote.start()][-1:], line[quote.end() :][:1]
        ended = quote[0].startswith('"') and quote[0].endswith('\\"') and behind.strip()
        if before == "\\" or ended:
            raise WrongUse(_UNESCAPED)


def refuse_secrets(
    words: list[str],
    *,
    seen: str = "the history",
    instead: str = "run without it; a prompt asks for the password.",
) -> None:
    """Raise WrongUse if *words* contain a password or a token: what they were *seen* by has it from now on.

    *instead* is what to do where it was a password.
    """
    for before, word in zip(["", *words], words, strict=False):
        option = word.partition("=")[0]
        if option in PASSWORD_OPTIONS or (word.startswith("-p") and not word.startswith("--")):
            raise WrongUse(
                f"{option[:2] if option.startswith('-p') else option} is refused; "
                f"its value is now in {seen}: revoke it, then {instead}"
            )
        if kind := token_kind(word.lstrip("-")):
            what = f"the value of {before}" if before.startswith("--") else "the name"
            what = "an option" if word.startswith("-") and "=" not in word else what
            raise WrongUse(f"{what} looks like {kind}, now in {seen}: revoke it, choose another.")


def _refuse_unfilled(words: list[str], variables: Mapping[str, Any]) -> None:
    """Refuse a variable inside a word: nobody fills it in. Two lines that work are told."""
    for before, word in zip(["", *words], words, strict=False):
        option, _, value = word.partition("=") if word.startswith("--") else (before, "", word)
        inside = _INSIDE.search(value)
        if not inside or inside[0] == word:
            continue
        lines = _UNFILLED.get(option, "")
        if inside[1] in variables and option in _PATHS:
            lines = f'path = f"{{folder}}/name", then {option} {{path}}'
        elif inside[1] in variables and not option.startswith("--"):
            lines = 'name = f"team-{registry}", then {name} in its place'
        if lines:
            raise WrongUse(f"a variable inside a word is not filled in: first {lines}.")


def _variable(word: str, variables: Mapping[str, Any]) -> str:
    name = word[1:-1]
    if not (word.startswith("{") and word.endswith("}") and name.isidentifier()):
        return word
    if name not in variables:
        raise WrongUse("a word in braces means a Python variable, and none has that name; set it first.")
    return str(variables[name])
