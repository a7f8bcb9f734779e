"""How the names and texts of a template may be spelt, and what may stand in double braces.

What is refused is never repeated: it may be a password in the wrong place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.placeholders import BRACES, is_left_over
from aicore_magics.base.token_shapes import may_hold_token
from aicore_magics.templates.emit import Bare

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from aicore_magics.errors import InvalidTemplate
    from aicore_magics.next_steps import Words
    from aicore_magics.templates.generate.parts import Artifact, Parameter

LONGEST_TEXT = 100_000  # characters; a template of more than 1.5 MB fits into no Kubernetes
LONGEST_NAME, LONGEST_DESCRIPTION = 256, 5000  # of SAP's AI API, as for the values of parameters
LONGEST_LABEL, _SHORTEST_ID = 63, 4
MAX_NUMBER, LAST_PORT = 2**31 - 1, 65_535
_LIKE_LABEL = "write it like churn or 1.0.0."
_LIKE_WORD = "write it like modelName or DEPTH."

_NUMBER = re.compile(r"-[0-9]{1,9}|[0-9]{1,10}")
_PLACEHOLDER_NAME = re.compile(r"[A-Za-z0-9_.-]{1,41}")


def refused(reason: str, hint: Words) -> InvalidTemplate:
    """Give the error that says *reason*, and in *hint* what to do."""
    from aicore_magics.errors import InvalidTemplate

    # What it ends in may be a dot that is allowed.
    return InvalidTemplate(f"{reason}.", next=hint)


def require_text(value: str, what: str) -> str:
    """Give *value* if it is a text, whatever it says."""
    if type(value) is not str:
        raise refused(f"{what} must be a string", 'put it in quotes, as "1" for a number.')
    return value


def text(value: str, what: str, limit: int = LONGEST_TEXT) -> str:
    """Give *value* if it is a text that a file can hold, of at most *limit* characters; *what* it is for."""
    require_text(value, what)
    if len(value) > limit:
        raise refused(f"{what} has more than {limit} characters", "make it shorter.")
    _refuse_token(value, what)
    if value.isprintable():
        return value
    if re.search("[\0\ud800-\udfff]", value):
        raise refused(f"{what} contains a NUL, or half a character", "leave it out.")
    return value


def plain_text(value: str, what: str, limit: int = LONGEST_DESCRIPTION) -> str:
    """Give *value* if it is a text for people, or for AI Core itself: no parameter is filled in there."""
    if "{{" in text(value, what, limit):
        raise refused(f"{what} contains {{{{, which is not filled in there", "leave it out.")
    return value


def template_name(name: str) -> str:
    """Give *name* if it can be that of a template: it is the id of the executable, in the whole tenant."""
    # AiExecutableId has 4 to 64 characters; Argo takes no more than 63; SAP's only separator is the hyphen.
    if not (made_of(name, "-", "NAME") and name == name.lower()):
        raise refused(
            "NAME can only have small letters, digits, and hyphens inside", "choose one such as churn-train."
        )
    return _length(name, "NAME", _SHORTEST_ID, "churn-train")


def scenario_id(name: str) -> str:
    """Give *name* if it can be the id of a scenario (AiScenarioId, and the value of a label)."""
    label(name, "--scenario")
    return _length(name, "--scenario", _SHORTEST_ID, "churn")


def label(value: str, what: str) -> str:
    """Give *value* if Kubernetes takes it as the value of a label."""
    if not made_of(value, "-_.", what):
        raise refused(f"{what} has only letters, digits, and . - _ inside", _LIKE_LABEL)
    return _length(value, what, 1, "1.0.0")


def word(name: str, what: str, also: str = "-_") -> str:
    """Give *name* if it has only letters, digits and *also*: a parameter, an artifact, a variable, a key."""
    require_text(name, what)
    # Underscores alone are a name, hyphens alone are none.
    fits = _without(name, also).isalnum() or ("_" in also and name.isidentifier())
    if not (fits and name.isascii()):
        raise refused(f"{what} has only letters, digits and {' '.join(also)}", _LIKE_WORD)
    return _length(name, what, 1, "modelName")


def serving_word(name: str, what: str) -> str:
    """Give *name* if a serving template can have it: AI Core reads a hyphen in it as a minus."""
    word(name, what)
    if "-" in name:
        hint = f"AI Core reads it as minus: {_LIKE_WORD}"
        raise refused(f"{what} cannot have a hyphen in a serving template", hint)
    if name[0].isdigit():
        raise refused(f"{what} must begin with a letter", _LIKE_WORD)
    return name


def secret_name(name: str, what: str) -> str:
    """Give *name* if it is a parameter, or if a generic secret can have it, as Kubernetes names them."""
    require_text(name, what)
    if re.fullmatch(BRACES, name):
        return name
    if is_left_over(name, "secret of an option"):
        hint = "write the name of the secret in your resource group, such as my-database."
        raise refused(f"{what} is still a placeholder", hint)
    if not (made_of(name, "-.", what) and name == name.lower()):
        hint = "use small letters, digits, dots, hyphens, as in my-database."
        raise refused(f"{what} is a name that no secret can have", hint)
    return _length(name, what, 1, "my-database")


def number_or_placeholder(
    value: int | str, what: str, least: int = 0, most: int = MAX_NUMBER, *, like: int = 0
) -> int | Bare:
    """Give *value* as a number, or as a placeholder that AI Core will replace by one."""
    if isinstance(value, str) and re.fullmatch(BRACES, value):
        return Bare(value)
    return number(value, what, least, most, like=like)


def number(value: int | str, what: str, least: int = 0, most: int = MAX_NUMBER, *, like: int = 0) -> int:
    """Give *value* as a whole number from *least* to *most*; *like* is one that is right."""
    digits = "" if isinstance(value, bool) else str(value)
    if _NUMBER.fullmatch(digits) and least <= int(digits) <= most:
        return int(digits)
    end = " or more" if most == MAX_NUMBER else f" to {most}"
    raise refused(
        f"{what} must be a whole number, {least}{end}", f"give a number such as {like or max(least, 2)}."
    )


def unique(named: Iterable[Artifact | Parameter], what: str) -> None:
    """Refuse *named* if two of them have one name."""
    names = [each.name for each in named]
    if len(set(names)) < len(names):
        raise refused(f"the name of {what} is given twice", "give each name once.")


def made_of(value: str, also: str, what: str) -> bool:
    """Whether *value* has only ASCII letters, digits and *also*, with a letter or digit at both ends."""
    require_text(value, what)
    return value[:1].isalnum() and value[-1].isalnum() and value.isascii() and _without(value, also).isalnum()


def _refuse_token(value: str, what: str) -> None:
    # Most texts have none of the signs: nobody waits there for the whole shapes.
    if not may_hold_token(value):
        return
    from aicore_magics.base.tokens import token_kind

    kind = token_kind(value)
    if kind:
        hint = "revoke it, and put a new one into a generic secret: --secret-env VAR=SECRET:KEY"
        raise refused(f"{what} looks like {kind}", hint)


def _without(value: str, also: str) -> str:
    for sign in also:
        value = value.replace(sign, "")
    return value


def _length(value: str, what: str, least: int, like: str) -> str:
    _refuse_token(value, what)
    if not least <= len(value) <= LONGEST_LABEL:
        raise refused(
            f"{what} must have {least} to {LONGEST_LABEL} characters", f"choose one such as {like}."
        )
    return value


_APART = "AI Core reads it as a parameter: put a space between the braces."


def check_placeholders(text: str, declared: Collection[str]) -> None:
    """Refuse *text* if it has a `{{…}}` that is not one of *declared*: AI Core replaces it, quotes or not."""
    start = text.find("{")
    while start >= 0:
        if text.startswith("{{", start):
            end = text.find("}}", start + 2)
            if end < 0:
                raise refused("a value has {{ without }} after it", _APART)
            name = text[start + 2 : end].strip()
            if name not in declared:
                raise _undeclared(name, declared)
            start = end
        start = text.find("{", start + 1)


def _undeclared(name: str, declared: Collection[str]) -> InvalidTemplate:
    if not _PLACEHOLDER_NAME.fullmatch(name):
        return refused("a value has {{…}} that does not name a parameter", _APART)
    last = name.removesuffix(".path").rpartition(".")[2]
    near = next((other for other in declared if other.removesuffix(".path").rpartition(".")[2] == last), None)
    hint = f"write {{{{{near}}}}}" if near else f"declare it with --param {last}, or leave it out."
    return refused(f"{{{{{name}}}}} is not declared", hint)
