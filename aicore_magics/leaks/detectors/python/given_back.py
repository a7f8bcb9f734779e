"""Which of its arguments a function may give back: `Secret("a")`, `os.getenv("X", "a")`, `f(default="a")`."""

from __future__ import annotations

import ast
import re

# What gives back the text that it is given, as a type of its own, in another form, or in a list even.
_WRAPPERS = frozenset((
    "str", "bytes", "bytearray", "repr", "quote", "quote_plus", "expandvars", "dedent", "cleandoc", "iter",
    "next", "list", "tuple", "set", "sorted", "frozenset",
))  # fmt: skip
# Matches `SecretStr`, `MaskedPassword` and `Hidden`; does not match `SecretKeyRef`, which names one.
_WRAPPER = re.compile(
    r"_?(?=[A-Z])\w*(?:Secret|Passw|Token|Credential|Masked|Hidden|Sensitive|Redacted|Obfuscated|Protected)\w*"
)
_NO_WRAPPER = re.compile(
    r"Ref|Field|Selector|Input|Provider|Source|Column|Env|Name|Path|Prompt|Client|Manager|Store|Volume|Request"
    r"|Error|Exception|izer|Auth|Label|Validator|Parser|Type|Id\Z|File"
)
# Their first argument is a default.
_DEFAULTS = frozenset(("Field", "Option", "Argument", "Query", "Form", "Header", "Body"))
_SURROUNDINGS = frozenset(("environ", "env", "os", "ENV", "environment"))
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")


def called(node: ast.Call) -> str:
    """Give the last name of what *node* calls: `login` of `client.login(…)`."""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def is_wrapper(name: str) -> bool:
    """Whether *name* is of a type that keeps what it is made of from being shown.

    >>> is_wrapper("SecretStr"), is_wrapper("SecretKeyRef"), is_wrapper("get_secret")
    (True, False, False)
    """
    return name == "Secret" or (_WRAPPER.fullmatch(name) is not None and _NO_WRAPPER.search(name) is None)


def given_back(node: ast.Call, name: str) -> list[ast.expr]:
    """Which of its arguments what *node* calls may give back."""
    args = node.args
    defaults = [
        word.value
        for word in node.keywords
        if word.arg in ("default", "fallback", "default_value", "default_factory")
    ]
    if name == "cast":
        return args[1:2]
    if name in _WRAPPERS or name in _DEFAULTS or is_wrapper(name):
        return [*args[:1], *defaults]
    return [*_fallbacks(node, name), *defaults]


def _fallbacks(node: ast.Call, name: str) -> list[ast.expr]:
    """What *node* gives where there is nothing to fetch: `os.getenv("X", "…")`, `getattr(x, "pw", "…")`."""
    args = node.args
    if name == "getattr":
        return args[2:3]
    if name not in ("get", "getenv", "pop", "setdefault", "get_env", "env", "config") or len(args) < 2:  # noqa: PLR2004
        return []
    receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
    held = getattr(receiver, "attr", getattr(receiver, "id", ""))
    key = args[0].value if isinstance(args[0], ast.Constant) else ""
    variable = isinstance(key, str) and _VARIABLE.fullmatch(key)
    return args[1:2] if name == "getenv" or held in _SURROUNDINGS or variable else []
