"""What the value of an expression is, as far as its texts say: `"a" + x`, `os.getenv("X") or "b"`.

A value that is fetched when the code runs is unknown, and no value. What may be one of several is several.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import TYPE_CHECKING

from aicore_magics.base.wrappers import from_url_base64
from aicore_magics.leaks.detectors.python.cell import Literal
from aicore_magics.leaks.detectors.python.given_back import called, given_back
from aicore_magics.leaks.detectors.string_literals import LONGEST_VALUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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


# What gives back the text that it is a method of, in another form even.
_METHODS = frozenset((
    "encode", "decode", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix", "get_secret_value",
    "reveal", "expandtabs",
    "replace", "lower", "upper", "casefold", "swapcase", "translate",
))  # fmt: skip
_BASE64 = re.compile(r"(?:standard_|urlsafe_)?b64decode|a2b_base64")
_HEX = ("fromhex", "unhexlify", "a2b_hex")
# What fills in the places of a text. Matches `%s`, `%(name)s`, `{}`, `{name:>8}` and `${name}`.
FORMATS = ("format", "format_map", "substitute", "safe_substitute")
_PLACE = re.compile(r"%(?:\((\w+)\))?[srd%]|\{\{|\}\}|\$?\{(\w*)(?:![rsa])?(?::[^{}]{0,20})?\}")


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
            ast.Lambda: self._function,
            ast.Attribute: self._attribute,
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
            return self._formatted(node.left, given, _named_in(node.right))
        terms = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
            terms.append(left.right)
            left = left.left
        if not terms:
            return iter(())
        return _joined([self.values(term) for term in (left, *reversed(terms))])

    def _formatted(
        self, pattern: ast.expr, given: Sequence[ast.expr], named: Mapping[str, ast.expr]
    ) -> Iterator[Value]:
        """The value of *pattern*, with what is *given* in the order in which its places stand, or *named*."""
        rest = iter(given)
        by_name = {str(number): value for number, value in enumerate(given)} | {**named}
        parts: list[list[Value]] = []
        for literal in self._cell.literals(pattern):
            text, at = self._cell.text, literal.start
            for place in _PLACE.finditer(text, literal.start, literal.end):
                if place[0] in ("{{", "}}", "%%"):
                    continue
                parts.append([(self._stretch(at, place.start()),)])
                at = place.end()
                name = place[1] or place[2]
                parts.append(self.values(by_name.get(name) if name else next(rest, None)))
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

    def _function(self, node: ast.Lambda) -> Iterator[Value]:
        return iter(self.values(node.body))

    def _attribute(self, node: ast.Attribute) -> Iterator[Value]:
        # Of an object of any kind nobody knows what it has.
        of = node.value.id if isinstance(node.value, ast.Name) else ""
        return iter(self._named(node.attr) if of in ("self", "cls") or of[:1].isupper() else ())

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
            return self._function(node.func)
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Dict):
            return self._dict(node.func.value)
        if isinstance(node.func, ast.Attribute) and name in ("join", *FORMATS, *_METHODS):
            return self._of_text(node, name, node.func.value)
        if args and (_BASE64.fullmatch(name) or name in _HEX):
            return _decoded(self.values(args[0]), _from_hex if name in _HEX else from_url_base64)
        if name == "chr" and args:
            return self._character(args[0])
        return self._each(given_back(node, name))

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
        if name in FORMATS:
            pattern = text.args[0] if isinstance(text, ast.Call) and called(text) == "Template" else text
            named = _named_in(node) | (_named_in(node.args[0]) if name != "format" and node.args else {})
            known = isinstance(pattern, ast.Constant)
            return self._formatted(pattern, node.args, named) if known else iter(())
        return iter(self.values(text))


def _named_in(node: ast.expr) -> dict[str, ast.expr]:
    """The values that a dict, or the arguments of a call, give to names."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {str(key.value): value for key, value in pairs if isinstance(key, ast.Constant)}
    found: dict[str, ast.expr] = {}
    for word in node.keywords if isinstance(node, ast.Call) else ():
        found |= {word.arg: word.value} if word.arg else _named_in(word.value)
    return found


def _joined(parts: Sequence[Sequence[Value]]) -> Iterator[Value]:
    """Each way of putting *parts* together; none if one of them is unknown."""
    for ways in islice(product(*parts), MOST) if 0 < len(parts) <= MOST_TEXTS else ():
        value = tuple(part for way in ways for part in way)
        if is_bounded(value):
            yield value


def is_bounded(value: Value) -> bool:
    """Whether *value* is no longer than one that somebody wrote: a sum of sums doubles with each line."""
    return len(value) <= MOST_TEXTS and sum(len(part.means) for part in value) <= LONGEST_VALUE


def _from_hex(text: str) -> str | None:
    try:
        return bytes.fromhex(text).decode()
    except ValueError:
        return None


def _decoded(values: Iterable[Value], decode: Callable[[str], str | None]) -> Iterator[Value]:
    for value in values:
        text = decode(meaning(value))
        if text is None:
            continue
        head, *rest = value or (Part(0, 0, 0, ""),)
        yield (replace(head, means=text), *(replace(part, means="") for part in rest))
