"""The code of one file, its cells together: what each variable may hold, and which passwords that makes.

Cells are parsed only where something in them tells that it is worth it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from itertools import islice, product
from typing import TYPE_CHECKING

from aicore_magics.base.placeholders import is_placeholder, looks_random
from aicore_magics.base.token_shapes import TOKEN_STARTS
from aicore_magics.leaks.detectors.bare_values import is_random_value
from aicore_magics.leaks.detectors.judge import fits
from aicore_magics.leaks.detectors.keywords import small_letters
from aicore_magics.leaks.detectors.names import group_of, is_plural
from aicore_magics.leaks.detectors.python import telling
from aicore_magics.leaks.detectors.python.bindings import MOST_LISTED, PAIR, bindings, targets
from aicore_magics.leaks.detectors.python.cell import Cell
from aicore_magics.leaks.detectors.python.comments import in_comments
from aicore_magics.leaks.detectors.python.given_back import called
from aicore_magics.leaks.detectors.python.no_secrets import is_entry_of_another_kind, is_strong
from aicore_magics.leaks.detectors.python.settings import in_settings
from aicore_magics.leaks.detectors.python.values import (
    FORMATS,
    MOST,
    MOST_TEXTS,
    Evaluator,
    Value,
    is_bounded,
    meaning,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aicore_magics.leaks.detectors.python.bindings import Binding

# A user and a password. Matches `anna:abc`; does not match `https://ghcr.io`.
_LOGIN = re.compile(r"[\w.@+-]{1,80}:(?!//)(?P<password>\S{4,200})")
# A text that may be a piece of a token. Matches `"abc"`, and the `abc` of `f"{x}abc"` and of `"%sabc"`.
_PIECE = re.compile(r"""(?:["'}]|%s|\)s)([\w+/=.:-]{3,200})(?=["'$%{])""")
_NO_WORD = re.compile(r"[0-9]|[a-z][A-Z]")
_MIXED = re.compile(r"(?=[A-Za-z0-9]{10})[A-Za-z]*[0-9]+[A-Za-z]+[0-9]")
_SHORTEST_WORD = 8
_DEEPEST = 30  # variables that need each other
# A URL with places for a user and a password. Matches `://%s:%s@` and `://{}:{}@`.
_LOGIN_IN_URL = re.compile(r"://[^\s/@\"']{0,80}[%{:\"'][^\s/@]{0,80}@|://[\"'][\s+]")
_VARIABLES = re.compile(r"(?:\{[A-Za-z_]\w*\}|\$\{?[A-Za-z_]\w*\}?){2,20}")
_VARIABLE = re.compile(r"[A-Za-z_]\w*")
_PUT_TOGETHER = re.compile(
    r"""\}[{$]|\$\w+\$|\+|\.join\(|\.format(?:_map)?\(|substitute\(|%|\b[rR]?[fF]["']"""
)


@dataclass(frozen=True, slots=True)
class Held:
    """A part of a password, or all of it: where it stands in its cell, and the *name* it is given to."""

    cell: int
    start: int
    end: int
    group: str
    name: str
    whole: str = field(repr=False)  # if it is a part only


class Program:
    """The pieces of code of one file."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.cells = [Cell(text) for text in texts]
        self._assigned: dict[int, dict[str, list[ast.expr | ast.AugAssign]]] = {}
        self._evaluators: dict[int, Evaluator] = {}
        self._open: dict[str, list[Value]] = {}
        self._known: dict[tuple[str, int], list[Value]] = {}

    def held(self) -> Iterator[Held]:
        """Give the parts of each password that stands under a telling name, or where one is due."""
        for number, cell in enumerate(self.cells):
            text = cell.text
            small = small_letters(text)
            if not telling.tells(small):
                continue
            for told in (*in_comments(text, small), *in_settings(cell, small)):
                yield Held(number, told.start, told.end, told.group, told.name, "")
            if not telling.gives(small):
                continue
            for binding in bindings(cell.tree) if cell.tree else ():
                every = (*self._behind_user(number, binding), *self._under_name(number, binding))
                places = {(held.cell, held.start): held for held in every}
                yield from places.values()

    def _behind_user(self, number: int, binding: Binding) -> Iterator[Held]:
        """The password of a user in one text: `creds = "anna:…"`."""
        for value in self._values(number, binding) if PAIR.fullmatch(binding.name) else ():
            login = _LOGIN.fullmatch(meaning(value))
            plain = len(value) == 1 and value[0].end - value[0].start == len(value[0].means)
            if login and plain and is_random_value("password", login["password"]):
                start = value[0].start + login.start("password")
                yield Held(value[0].cell, start, value[0].end, "password", binding.name, "")

    def _under_name(self, number: int, binding: Binding) -> Iterator[Held]:
        group = group_of(binding.name)
        plain = binding.how == "entry" and isinstance(binding.value, ast.Constant)
        if not group or plain:  # patterns read that
            return
        for value in self._values(number, binding):
            means = meaning(value).strip("\r\n")
            if is_placeholder(means) or not fits(group, means) or not _is_meant(binding, means):
                continue
            parts = [part for part in value if part.end > part.start and part.means.strip()]
            for part in parts:
                whole = means if len(parts) > 1 else ""
                yield Held(part.cell, part.start, part.end, group, binding.name, whole)

    def _values(self, number: int, binding: Binding) -> list[Value]:
        value = binding.value
        listed = isinstance(value, (ast.List, ast.Tuple, ast.Set, ast.Dict))
        if listed and len(getattr(value, "elts", getattr(value, "values", ()))) > MOST_LISTED:
            return []
        return self._evaluator(number).values(value)

    def assembled(self) -> Iterator[Value]:
        """Give each value that is put together where a piece of a token stands, of two parts at least."""
        suspects = [number for number, cell in enumerate(self.cells) if _has_piece(cell.text)]
        names = {name for number in suspects for name in self._with_piece(number)}
        for number, cell in enumerate(self.cells) if suspects else ():
            text = cell.text
            if not (
                _PUT_TOGETHER.search(text) and (number in suspects or any(name in text for name in names))
            ):
                continue
            yield from self._in_command(number)
            seen: set[int] = set()
            for node in ast.walk(cell.tree) if cell.tree else ():
                yield from self._assembled_by(number, node, seen)

    def _with_piece(self, number: int) -> Iterator[str]:
        """The variables that a cell gives a text to which may be a piece of a token."""
        cell = self.cells[number]
        for name, values in self._assigned_in(number).items():
            spans = (cell.span(value) for value in values if isinstance(value, ast.expr))
            if any(_has_piece(cell.text[start:end]) for start, end in spans):
                yield name.partition("[")[0]

    def _in_command(self, number: int) -> Iterator[Value]:
        """What stands in a command for several variables: `!docker login -p {a}{b}`."""
        for run in _VARIABLES.finditer(self.cells[number].text):
            held = (self.named(name, number) for name in _VARIABLE.findall(run[0]))
            values = (sum(ways, ()) for ways in islice(product(*held), MOST))
            yield from filter(is_bounded, values)

    def _assembled_by(self, number: int, node: ast.AST, seen: set[int]) -> Iterator[Value]:
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            values = self.named(node.target.id, number)
        elif id(node) not in seen and _puts_together(node) and isinstance(node, ast.expr):
            # Of a long sum the whole counts.
            seen.update(id(inner) for inner in ast.walk(node) if isinstance(inner, ast.BinOp))
            values = self._evaluator(number).values(node)
        else:
            return
        for value in values:
            if sum(part.end > part.start for part in value) > 1:
                yield value

    def _evaluator(self, number: int) -> Evaluator:
        if number not in self._evaluators:
            self._evaluators[number] = Evaluator(
                self.cells[number], number, lambda name: self.named(name, number)
            )
        return self._evaluators[number]

    def named(self, name: str, number: int) -> list[Value]:
        """List what the variable *name* may hold in the cell with that *number*."""
        if name in self._open or len(self._open) >= _DEEPEST:
            return self._open.get(name, [])
        if (name, number) not in self._known:
            self._open[name] = []
            for where in self._places(name, number):
                for given in self._assigned_in(where).get(name, ()):
                    self._open[name] = self._then(where, given, self._open[name])
            self._known[name, number] = self._open.pop(name)
        return self._known[name, number]

    def _then(self, number: int, given: ast.expr | ast.AugAssign, before: list[Value]) -> list[Value]:
        """What a variable may hold behind an assignment, if it may have held *before*."""
        if not isinstance(given, ast.AugAssign):
            return [*before, *self._evaluator(number).values(given)][:MOST_TEXTS]
        added = self._evaluator(number).values(given.value)
        sums = (head + tail for head, tail in islice(product(before, added), MOST))
        return [value for value in sums if is_bounded(value)] or before

    def _places(self, name: str, number: int) -> list[int]:
        """The cells that give something to *name*: the one with that *number*, or else all others."""
        own = self._assigned_in(number).get(name, ())
        if own and not all(isinstance(given, ast.AugAssign) for given in own):
            return [number]
        if own or name not in self._parameters(number):
            variable = name.partition("[")[0]
            return [place for place, cell in enumerate(self.cells) if variable in cell.text]
        return []

    def _parameters(self, number: int) -> set[str]:
        tree = self.cells[number].tree
        return {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)} if tree else set()

    def _assigned_in(self, number: int) -> dict[str, list[ast.expr | ast.AugAssign]]:
        if number not in self._assigned:
            tree = self.cells[number].tree
            given = sorted(_assignments(tree), key=lambda pair: pair[1].lineno) if tree else []
            found: dict[str, list[ast.expr | ast.AugAssign]] = {}
            for name, value in given:
                found.setdefault(name, []).append(value)
            self._assigned[number] = found
        return self._assigned[number]


def _assignments(tree: ast.AST) -> Iterator[tuple[str, ast.expr | ast.AugAssign]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            if isinstance(node.op, ast.Add):
                yield node.target.id, node
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and isinstance(node.target, ast.Name):
            if node.value:
                yield from _with_elements(node.target.id, node.value)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                for name, value in targets(target, node.value):
                    yield from _with_elements(name, value)


def _with_elements(name: str, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """*name* and its value; of a list or a dict each element by its key, too, as in `parts[0]`."""
    yield name, value
    if isinstance(value, ast.Dict):
        for key, element in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant):
                yield f"{name}[{key.value!r}]", element
    elif isinstance(value, (ast.List, ast.Tuple)):
        for number, element in enumerate(value.elts[:MOST_TEXTS]):
            yield f"{name}[{number}]", element


def _is_meant(binding: Binding, means: str) -> bool:
    """Whether the text *means* is a password where it is given, and not one of many other things."""
    several = is_plural(binding.name) or binding.how == "listed"
    if several and group_of(binding.name) != "password":
        return is_strong(means)
    if binding.how == "returned":
        return looks_random(means)
    return binding.how != "entry" or not is_entry_of_another_kind(binding.name, means)


def _puts_together(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, (ast.Add, ast.Mod))
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Call) and called(node) in ("join", *FORMATS)
    )


def _has_piece(text: str) -> bool:
    """Whether a text in quotes begins as a token does, or is as random as one."""
    for piece in _PIECE.finditer(text):
        value = piece[1]
        sign = next((sign for sign in TOKEN_STARTS if value.lower().startswith(sign)), None)
        if sign is not None:
            rest = value[len(sign) :]
            if len(rest) < _SHORTEST_WORD or _NO_WORD.search(rest):
                return True
        if _MIXED.search(value):
            return True
    return _LOGIN_IN_URL.search(text) is not None
