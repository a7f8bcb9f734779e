"""Which expression a name is given in code: by an assignment, an entry, an argument, a default, a return.

And passwords that stand behind a user, without a name: `auth=("anna", "…")`, `client.login("anna", "…")`.
"""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from aicore_magics.leaks.detectors.names import group_of
from aicore_magics.leaks.detectors.python.given_back import called

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MOST_LISTED = 20  # passwords in a list: more are data
How = Literal["assigned", "entry", "listed", "returned"]
# What is a user and a password by its name, if it is two texts.
PAIR = re.compile(r"(?i)(?:\w*_)?(?:auth|creds?|credentials?|login|basic_?auth)")
# Functions that take a user and a password behind it.
_LOGINS = frozenset(("login", "HTTPBasicAuth", "HTTPDigestAuth", "BasicAuth", "set_credentials"))
# Clients of AI Core: two addresses, the client and its secret.
_CLIENTS = frozenset(("AICoreV2Client", "AIAPIV2Client"))
# What gives a text to a program that asks for it, if it asked for a password before.
_READS = re.compile(r"expect|(?:sendline|send|write|communicate)\Z")
_ASKS = re.compile(r"(?i)\bpassw(?:or[dt]|d)|passphrase|kennwort")
_USER = re.compile(r"(?i)\w*(?:user|name|mail|host|url|registry|server|account)\w*")
_WORDS = re.compile(r"[a-z]+|[A-Z][a-z]*|[A-Z]+")
# A function with one of these words in its name takes a name, and what that is to hold behind it.
_SETTERS = frozenset((
    "get", "set", "env", "getenv", "setenv", "putenv", "getattr", "setattr", "pop", "config", "default",
    "setdefault", "put", "store", "write", "login", "auth", "update", "upsert", "insert", "var",
    "variable", "secret", "secrets", "fill", "type", "send", "option", "create", "save", "param",
    "header", "cred", "credential", "credentials", "hset",
))  # fmt: skip
_GIVES = re.compile(r"(?:set|with|use)_?(?=[A-Z_]|pass|token|secret)\w+")  # `set_password`, `withToken`


class Binding(NamedTuple):
    """The expression that is given to what is called *name*."""

    name: str
    value: ast.expr
    how: How


def bindings(tree: ast.AST) -> Iterator[Binding]:
    """Give each name in *tree* that something is given to, and what that is."""
    for node in ast.walk(tree):
        find = _FINDERS.get(type(node))
        if find:
            yield from find(node)


def is_setter(function: str) -> bool:
    """Whether a function takes a name and then its value: `setenv("A", "b")`, and not `print("A", "b")`."""
    return not _SETTERS.isdisjoint(word.lower() for word in _WORDS.findall(function))


def is_user(name: str) -> bool:
    """Whether *name* is of a user, or of where one logs in."""
    return _USER.fullmatch(name) is not None


def targets(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Give the names in *target* with what each gets of *value*: two in `user, password = "anna", "…"`."""
    if isinstance(target, (ast.Tuple, ast.List)):
        if isinstance(value, (ast.Tuple, ast.List)) and len(target.elts) == len(value.elts):
            for one, given in zip(target.elts, value.elts, strict=True):
                yield from targets(one, given)
    elif _name(target):
        yield _name(target), value


def _name(target: ast.expr) -> str:
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return str(target.slice.value)
    return getattr(target, "id", getattr(target, "attr", ""))


def _given(name: str, value: ast.expr, how: How) -> Iterator[Binding]:
    pair = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == 2 and PAIR.fullmatch(name)  # noqa: PLR2004
    if pair and isinstance(value, (ast.Tuple, ast.List)):
        yield Binding("password", value.elts[1], "assigned")
    else:
        yield Binding(name, value, how)


def _to(target: ast.expr, value: ast.expr) -> Iterator[Binding]:
    for name, given in targets(target, value):
        yield from _given(name, given, "assigned")


def _assignment(node: ast.Assign) -> Iterator[Binding]:
    for target in node.targets:
        yield from _to(target, node.value)


def _with_type(node: ast.AnnAssign | ast.NamedExpr | ast.AugAssign) -> Iterator[Binding]:
    # What `x |= {…}` and `x += "…"` add, too.
    if node.value is not None:
        yield from _to(node.target, node.value)


def _loop(node: ast.For | ast.comprehension) -> Iterator[Binding]:
    listed = node.iter
    if isinstance(listed, (ast.List, ast.Tuple, ast.Set)) and len(listed.elts) <= MOST_LISTED:
        for element in listed.elts:
            yield from (Binding(name, given, "listed") for name, given in targets(node.target, element))


def _dict(node: ast.Dict) -> Iterator[Binding]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield from _given(key.value, value, "entry")


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Iterator[Binding]:
    args = node.args
    placed = [*args.posonlyargs, *args.args]
    defaults = [*zip(placed[::-1], args.defaults[::-1], strict=False)]
    for arg, default in (*defaults, *zip(args.kwonlyargs, args.kw_defaults, strict=True)):
        if default is not None:
            yield from _given(arg.arg, default, "assigned")
    if not isinstance(node, ast.Lambda):
        for inner in ast.walk(node):
            if isinstance(inner, ast.Return) and inner.value is not None:
                yield Binding(node.name, inner.value, "returned")


def _call(node: ast.Call) -> Iterator[Binding]:
    function, args = called(node), node.args
    for word in node.keywords:
        if word.arg:
            yield from _given(word.arg, word.value, "entry")
    yield from _by_place(node, function)
    if is_setter(function):
        for name, value in pairwise(args):
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield Binding(name.value.lstrip("#-"), value, "assigned")


def _by_place(node: ast.Call, function: str) -> Iterator[Binding]:
    """The password that *function* takes where it stands, or as a default."""
    args = node.args
    if function in _LOGINS:
        yield from _behind_user(node)
    elif function in _CLIENTS:
        yield from (Binding("client_secret", arg, "assigned") for arg in args[3:4])
    elif function == "RegistryLogin":
        yield from (Binding("password", arg, "assigned") for arg in args[2:3])
    elif _GIVES.fullmatch(function) and args:
        yield Binding(function, args[-1], "assigned")
    elif function in ("add_argument", "option", "add_option"):
        yield from _option(node)
    elif function.lower() in ("password", "passwordinput", "text", "textarea", "textinput"):
        given = {word.arg: word.value for word in node.keywords}
        label = getattr(given.get("description"), "value", "")
        name = label.strip(" :*") if "text" in function.lower() and isinstance(label, str) else "password"
        if "value" in given:
            yield Binding(name, given["value"], "assigned")


def _behind_user(node: ast.Call) -> Iterator[Binding]:
    """The second of two arguments; but for a host and a user, with the password by its name."""
    args = node.args
    unpacked = args[0].value if args and isinstance(args[0], ast.Starred) else None
    placed = unpacked.elts if isinstance(unpacked, (ast.Tuple, ast.List)) else args
    named = any(group_of(word.arg) for word in node.keywords if word.arg)
    if len(placed) == 2 and not named and not is_user(_name(placed[1])):  # noqa: PLR2004
        yield Binding("password", placed[1], "assigned")


def _option(node: ast.Call) -> Iterator[Binding]:
    """The default of an option of a command line."""
    names = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    defaults = [word.value for word in node.keywords if word.arg == "default"]
    for name in names:
        yield from (Binding(name.lstrip("-"), default, "assigned") for default in defaults)


def _comparison(node: ast.Compare) -> Iterator[Binding]:
    sides = (node.left, *node.comparators)
    for name, value in (*pairwise(sides), *pairwise(sides[::-1])):
        if _name(name) and isinstance(value, ast.Constant):
            yield Binding(_name(name), value, "assigned")


def _on_input(module: ast.Module) -> Iterator[Binding]:
    """What a login reads: `communicate("…")`, and `sendline("…")` behind `expect("Password:")`."""
    every = list(ast.walk(module))
    reads = [node for node in every if isinstance(node, ast.Call) and _READS.match(called(node))]
    if not reads:
        return
    logs_in = any("--password-stdin" in text for text in _texts(every))
    asked = False
    for node in sorted(reads, key=lambda node: (node.end_lineno or 0, node.end_col_offset or 0)):
        function = called(node)
        if function.startswith("expect"):
            asked = any(_ASKS.search(text) for text in _texts(ast.walk(node)))
        elif asked or (logs_in and function in ("communicate", "write")):
            given = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "input")]
            yield from (Binding("password", value, "assigned") for value in given)
            asked = False


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


_FINDERS: dict[type, Callable[..., Iterator[Binding]]] = {
    ast.Assign: _assignment,
    ast.AnnAssign: _with_type,
    ast.NamedExpr: _with_type,
    ast.AugAssign: _with_type,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.comprehension: _loop,
    ast.Dict: _dict,
    ast.Call: _call,
    ast.Module: _on_input,
    ast.Compare: _comparison,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.Lambda: _function,
}
