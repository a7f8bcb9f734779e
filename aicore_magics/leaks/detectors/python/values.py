"""What the value of an expression is, as far as its texts say: `"a" + x`, `os.getenv("X") or "b"`.

A value that is fetched when the code runs is unknown, and no value. What may be one of several is several.
"""

from __future__ import annotations

import ast
import binascii
import re
import sys
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import TYPE_CHECKING

from aicore_magics.leaks.detectors.python.cell import Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aicore_magics.leaks.detectors.python.cell import Cell

MOST = 40  # values of one expression
MOST_TEXTS = 400  # of one value
_DEEPEST = 30  # calls, lists and variables in each other


@dataclass(frozen=True, slots=True)
class Part:
    """A text that is part of a value, and where it stands in a cell: nowhere if *end* is 0."""

    cell: int
    start: int
    end: int
    means: str = field(repr=False)


Value = tuple[Part, ...]


def meaning(value: Value) -> str:
    """Give *value* in one."""
    return "".join(part.means for part in value)


# What gives back the text that it is given, as a type of its own, in another form, or in a list even.
_WRAPPERS = frozenset((
    "str", "bytes", "bytearray", "repr", "quote", "quote_plus", "dedent", "cleandoc", "iter", "next",
    "list", "tuple", "set", "sorted", "frozenset",
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
_METHODS = frozenset((
    "encode", "decode", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix", "get_secret_value",
    "reveal", "expandtabs",
))  # fmt: skip
_DECODERS: dict[str, Callable[[str], bytes]] = {
    "b64decode": binascii.a2b_base64,
    "standard_b64decode": binascii.a2b_base64,
    "urlsafe_b64decode": urlsafe_b64decode,
    "a2b_base64": binascii.a2b_base64,
    "fromhex": bytes.fromhex,
    "unhexlify": bytes.fromhex,
    "a2b_hex": bytes.fromhex,
}
_SURROUNDINGS = frozenset(("environ", "env", "os", "ENV", "environment"))
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_PLACE = re.compile(r"%(?:\(\w+\))?[srd%]|\{\{|\}\}|\{(\w*)(?:![rsa])?\}")


_SEVERAL = (ast.List, ast.Tuple, ast.Name)  # what may be joined


class Evaluator:
    """Reads the expressions of one cell. *named* gives the values of a variable."""

    def __init__(self, cell: Cell, number: int, named: Callable[[str], Sequence[Value]]) -> None:
        self._cell = cell
        self._number = number
        self._named = named
        self._depth = 0
        self._readers: dict[type, Callable[..., Iterator[Value]]] = {
            ast.Constant: self._constant,
            ast.JoinedStr: self._f_string,
            ast.BinOp: self._operation,
            ast.IfExp: self._either,
            ast.BoolOp: self._either,
            ast.List: self._list,
            ast.Tuple: self._list,
            ast.Set: self._list,
            ast.Dict: self._dict,
            ast.NamedExpr: self._inner,
            ast.Starred: self._inner,
            ast.Await: self._inner,
            ast.Name: self._name,
            ast.Subscript: self._subscript,
            ast.Call: self._call,
        }

    def values(self, node: ast.expr | None) -> list[Value]:
        """List what *node* may be: nothing if that is unknown. Of a list or a dict each element."""
        read = self._readers.get(type(node))
        if read is None or self._depth >= _DEEPEST:
            return []
        self._depth += 1
        try:
            return list(islice(read(node), MOST if not isinstance(node, _SEVERAL) else MOST_TEXTS))
        finally:
            self._depth -= 1

    def _constant(self, node: ast.Constant) -> Iterator[Value]:
        if isinstance(node.value, (str, bytes)):
            yield tuple(self._text(literal) for literal in self._cell.literals(node))

    def _text(self, literal: Literal) -> Part:
        return Part(self._number, literal.start, literal.end, literal.means)

    def _f_string(self, node: ast.JoinedStr) -> Iterator[Value]:
        parts = [
            [(self._text(part),)] if isinstance(part, Literal) else self.values(part)
            for part in self._cell.filled_in(node)
        ]
        return _joined(parts)

    def _operation(self, node: ast.BinOp) -> Iterator[Value]:
        if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
            given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            return self._formatted(node.left, given)
        terms = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
            terms.append(left.right)
            left = left.left
        if not terms:
            return iter(())
        return _joined([self.values(term) for term in (left, *reversed(terms))])

    def _formatted(self, pattern: ast.expr, given: Sequence[ast.expr]) -> Iterator[Value]:
        """The value of *pattern*, with what is *given* in the order in which its places stand."""
        rest = list(given)
        parts: list[list[Value]] = []
        for literal in self._cell.literals(pattern):
            text, at = self._cell.text, literal.start
            for place in _PLACE.finditer(text, literal.start, literal.end):
                if place[0] in ("{{", "}}", "%%"):
                    continue
                parts.append([(self._stretch(at, place.start()),)])
                at = place.end()
                number = int(place[1]) if (place[1] or "").isdigit() else 0
                if not rest:
                    return iter(())
                parts.append(self.values(given[number] if place[1] and number < len(given) else rest.pop(0)))
            parts.append([(self._stretch(at, literal.end),)])
        return _joined(parts)

    def _stretch(self, start: int, end: int) -> Part:
        return Part(self._number, start, end, self._cell.text[start:end])

    def _either(self, node: ast.IfExp | ast.BoolOp) -> Iterator[Value]:
        ways = node.values if isinstance(node, ast.BoolOp) else (node.body, node.orelse)
        return self._each(ways)

    def _each(self, nodes: Iterable[ast.expr | None]) -> Iterator[Value]:
        for node in nodes:
            yield from self.values(node)

    def _list(self, node: ast.List | ast.Tuple | ast.Set) -> Iterator[Value]:
        return self._each(node.elts)

    def _dict(self, node: ast.Dict) -> Iterator[Value]:
        return self._each(node.values)

    def _inner(self, node: ast.NamedExpr | ast.Starred | ast.Await) -> Iterator[Value]:
        return iter(self.values(node.value))

    def _name(self, node: ast.Name) -> Iterator[Value]:
        return iter(self._named(node.id))

    def _subscript(self, node: ast.Subscript) -> Iterator[Value]:
        held = node.value
        if isinstance(held, ast.Attribute):
            return iter(())
        if isinstance(held, ast.Name) and isinstance(node.slice, ast.Constant):
            element = self._named(f"{held.id}[{node.slice.value!r}]")
            if element:
                return iter(element)
        return iter(self.values(held))

    def _call(self, node: ast.Call) -> Iterator[Value]:
        name, args = called(node), node.args
        if isinstance(node.func, ast.Lambda):
            return iter(self.values(node.func.body))
        if isinstance(node.func, ast.Attribute) and name in ("join", "format", *_METHODS):
            return self._of_text(node, name, node.func.value)
        if name in _DECODERS and args:
            return _decoded(self.values(args[0]), _DECODERS[name])
        if name == "chr" and args:
            return self._character(args[0])
        return self._each(_given_back(node, name))

    def _character(self, number: ast.expr) -> Iterator[Value]:
        if isinstance(number, ast.Constant) and number.value in range(sys.maxunicode + 1):
            yield (Part(self._number, 0, 0, chr(int(str(number.value)))),)

    def _of_text(self, node: ast.Call, name: str, text: ast.expr) -> Iterator[Value]:
        if name == "join":
            listed = node.args[0] if node.args else None
            between = self.values(text) if isinstance(text, ast.Constant) and text.value else []
            if isinstance(listed, ast.Name):
                return _joined([[value] for value in self._named(listed.id)])
            elements = listed.elts if isinstance(listed, (ast.List, ast.Tuple)) else []
            parts: list[list[Value]] = []
            for number, element in enumerate(elements):
                parts += [between, self.values(element)] if number and between else [self.values(element)]
            return _joined(parts)
        if name == "format" and not node.keywords:
            return self._formatted(text, node.args) if isinstance(text, ast.Constant) else iter(())
        return iter(self.values(text)) if name != "format" else iter(())


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


def _given_back(node: ast.Call, name: str) -> list[ast.expr]:
    """Which of its arguments what *node* calls may give back."""
    args = node.args
    defaults = [word.value for word in node.keywords if word.arg in ("default", "fallback", "default_value")]
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


def _joined(parts: Sequence[Sequence[Value]]) -> Iterator[Value]:
    """Each way of putting *parts* together; none if one of them is unknown."""
    for ways in islice(product(*parts), MOST) if 0 < len(parts) <= MOST_TEXTS else ():
        yield tuple(part for value in ways for part in value)


def _decoded(values: Iterable[Value], decode: Callable[[str], bytes]) -> Iterator[Value]:
    for value in values:
        try:
            text = decode(meaning(value)).decode("utf-8")
        except (ValueError, binascii.Error):
            continue
        head, *rest = value or (Part(0, 0, 0, ""),)
        yield (replace(head, means=text), *(replace(part, means="") for part in rest))
