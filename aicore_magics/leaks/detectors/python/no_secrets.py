"""What stands under a password's name and is none, by its place in code: columns, labels, plots, formats."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from aicore_magics.base.placeholders import is_placeholder
from aicore_magics.leaks.detectors.judge import fits
from aicore_magics.leaks.detectors.keywords import names_registry
from aicore_magics.leaks.detectors.names import group_of
from aicore_magics.leaks.detectors.python.bindings import bindings, is_setter, is_user
from aicore_magics.leaks.detectors.python.given_back import called

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aicore_magics.leaks.detectors.python.cell import Cell

# `none`: the text is no password. `doubtful`: only somebody who knows the code can tell.
Role = Literal["none", "doubtful"]
_Told = tuple[ast.Constant, Role]

# What pandas and its kin do to a column that has a name, or to each of some columns.
_ALL_TEXTS = frozenset((
    "agg", "aggregate", "groupby", "pivot", "pivot_table", "merge", "sort_values", "drop", "melt",
))  # fmt: skip
_OF_DICTS = frozenset((
    "rename", "astype", "map", "fillna", "replace", "transform", "apply", "assign_labels", "read_csv",
    "read_table", "read_excel", "read_json", "read_parquet", "read_sql", "cast", "withColumnsRenamed",
    "set_axis", "rename_axis", "isin", "update_layout", "style",
))  # fmt: skip
# Arguments that name columns, or what people read.
_LABELS = frozenset((
    "columns", "dtype", "dtypes", "converters", "labels", "label", "help", "title", "description",
    "placeholder", "metavar", "tooltip", "units", "category_orders", "color_discrete_map", "names",
    "legend", "hover_data", "hover_name", "on", "left_on", "right_on", "by", "hue", "x", "y", "z",
    "encoding", "caption", "header_names", "captions", "index_col", "usecols", "parse_dates", "rename",
    "prompt", "text_auto", "schema",
))  # fmt: skip
_TYPE = re.compile(
    r"(?i)(?:n?(?:var)?char2?|varbinary|text|string|str|bytes?|u?int(?:eger|[0-9]{1,2})?|bigint|float[0-9]{0,2}"
    r"|double|decimal|numeric|number|object|category|categorical|bool(?:ean)?|date(?:time)?(?:64)?|timestamp|any|uuid|json"
    r"|optional|list|dict|secretstr|secret|keyword|nominal|ordinal|quantitative|hidden|required|email"
    r"|none|null)(?:[(\[][^()]{0,40}[)\]])?"
)
_AGGREGATION = re.compile(
    r"(?:n?unique|first|last|max|min|mean|median|sum|count|size|std|var|mode|prod|sem|skew|kurt|quantile|rank|diff"
    r"|cum(?:sum|max|min|prod)|[fb]fill|idx(?:max|min)|nth|head|tail|drop|keep|ignore|mask|hash|auto|all)"
)
_ENCODING = re.compile(r"[\w. ]+:[QNOTG]")  # of Vega
_METRIC = re.compile(r"\w+@[0-9k]{1,4}|[a-z]+/s[0-9]?")  # `pass@10`, `tokens/s`
_SELECTOR = re.compile(r"[#.][A-Za-z][\w-]*|//.*|\w*\[[\w-]+[~^$*|]?=.*\]")  # of CSS and XPath
_VARIABLE = re.compile(r"(?=[A-Z0-9_]*_)[A-Z]{1,20}[0-9]{0,2}(?:_(?:[A-Z]{1,20}[0-9]{0,2}|[0-9]{1,2}))*")
_COLUMN = re.compile(r"[a-z]+(?:_[a-z]+)*_?[0-9]{0,2}")
# "Password", as people read it in a form, alone or among other words.
_LABEL = re.compile(
    r"(?i)(?:[^\W\d_'\u2019.:()?!-]|[\s'\u2019.:()?!-])*(?:passwor[dt]|kennwort|passe|contrase[nñ]a|clave|senha|wachtwoord|has[lł]o"
    r"|l[oö]senord|adgangskode|passord|salasana|jelsz[oó]|[şs]ifre|parola|heslo|пароль|密码|密碼|パスワード|비밀번호"
    r"|token|jeton|ficha|length|count|number|secret|geheim)(?:[^\W\d_]|[\s'\u2019.:()?!-])*[0-9]?"
)
# Matches `tokenization2024`; does not match `dckr_pat_2024` or `hunter2`.
_WORD_AND_NUMBER = re.compile(r"[A-Z]?[a-z]{8,20}[0-9]{1,4}")
_WORD_COMPARED = re.compile(r"[A-Za-z]+|[A-Z][A-Z0-9_]*")
_KINDS_OF_SIGN = re.compile(r"[a-z]+|[A-Z]+|[0-9]+")
_STRONG, _STRONG_CHANGES = 20, 6


def is_strong(value: str) -> bool:
    """Whether *value* is long and mixed as only a token is that a machine made."""
    whole = re.fullmatch(r"[\w+/=.~-]+", value) is not None
    return len(value) >= _STRONG and whole and len(_KINDS_OF_SIGN.findall(value)) >= _STRONG_CHANGES


def is_entry_of_another_kind(key: str, value: str) -> bool:
    """Whether the *value* of an entry or of an argument *key* is a type, a column, a label or the like.

    >>> is_entry_of_another_kind("password", "category"), is_entry_of_another_kind("password", "Summer-24")
    (True, False)
    """
    shapes = (_TYPE, _AGGREGATION, _ENCODING, _METRIC, _VARIABLE, _LABEL)
    if any(shape.fullmatch(value) for shape in shapes):
        return True
    words = value.split("_")
    return len(words) > 1 and key.lower() in words and _COLUMN.fullmatch(value) is not None


def roles(cell: Cell) -> dict[int, Role]:
    """Tell of the texts in *cell* that are no password where they stand: each by where it begins."""
    found: dict[int, Role] = {}
    for binding in bindings(cell.tree) if cell.tree else ():
        text, group = binding.value, group_of(binding.name)
        if group and isinstance(text, ast.Constant) and not _may_be(group, text.value):
            found.update((literal.start, "none") for literal in cell.literals(text)[:1])
        elif group == "token" and isinstance(text, ast.Constant) and _is_word(binding.name, text.value):
            found.update((literal.start, "doubtful") for literal in cell.literals(text)[:1])
    for node in ast.walk(cell.tree) if cell.tree else ():
        look = _LOOKS.get(type(node))
        for text, role in look(node) if look else ():
            for literal in cell.literals(text)[:1]:
                if found.get(literal.start) != "none":
                    found[literal.start] = role
    return found


def _may_be(group: str, value: object) -> bool:
    """Whether *value* is, by its looks, what *group* says."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return isinstance(text, str) and not is_placeholder(text) and fits(group, text.strip("\r\n"))


def _is_word(name: str, value: object) -> bool:
    """Whether *value* may be one of the words that a language model reads, and *name* says no other."""
    return _WORD_AND_NUMBER.fullmatch(str(value)) is not None and not names_registry(name)


def _texts(node: ast.AST) -> Iterator[ast.Constant]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, (str, bytes)):
            yield inner


def _is_another(key: object, value: object) -> bool:
    return isinstance(key, str) and isinstance(value, str) and is_entry_of_another_kind(key, value)


def _of_call(node: ast.Call) -> Iterator[_Told]:
    function = called(node)
    given = [*node.args, *(word.value for word in node.keywords)]
    for value in given:
        if function in _ALL_TEXTS or (function in _OF_DICTS and isinstance(value, ast.Dict)):
            yield from ((text, "none") for text in _texts(value))
    for word in node.keywords:
        if word.arg in _LABELS:
            yield from ((text, "none") for text in _texts(word.value))
        elif isinstance(word.value, ast.Constant) and _is_another(word.arg, word.value.value):
            yield word.value, "none"
    if function == "format" and isinstance(node.func, ast.Attribute):
        yield from ((text, "none") for text in _texts(node.func.value))
    yield from ((text, "doubtful") for text in _same_as_user(node) if "login" in function.lower())
    for name, text in pairwise(node.args) if not is_setter(function) else ():
        if isinstance(name, ast.Constant) and isinstance(text, ast.Constant) and group_of(str(name.value)):
            yield text, "doubtful"


def _same_as_user(node: ast.Call) -> Iterator[ast.Constant]:
    """The password of `login("admin", "admin")`, as what runs here has it."""
    users = [word.value for word in node.keywords if word.arg and is_user(word.arg)]
    passwords = [word.value for word in node.keywords if word.arg and group_of(word.arg)]
    for user, password in (*pairwise(node.args[:2]), *zip(users, passwords, strict=False)):
        if isinstance(user, ast.Constant) and isinstance(password, ast.Constant):
            yield from [password] if user.value == password.value else ()


def _of_dict(node: ast.Dict) -> Iterator[_Told]:
    texts = [
        (key.value, value)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant) and isinstance(value.value, str)
    ]
    keys = [str(key) for key, _ in texts]
    of_login = any(is_user(key) for key in keys)
    selectors = sum(_SELECTOR.fullmatch(str(value.value)) is not None for _, value in texts)
    for key, value in texts:
        text = str(value.value)
        selects = selectors > 1 and _SELECTOR.fullmatch(text)
        if selects or _is_another(key, text):
            yield value, "none"
        elif key == "pass" and not of_login:  # of a filter, a test or a training
            yield value, "doubtful"


def _of_operation(node: ast.BinOp) -> Iterator[_Told]:
    if isinstance(node.op, ast.Mod):
        yield from ((text, "none") for text in _texts(node.left))


def _of_comparison(node: ast.Compare) -> Iterator[_Told]:
    for side in (node.left, *node.comparators):
        if isinstance(side, ast.Constant) and _WORD_COMPARED.fullmatch(str(side.value)):
            yield side, "doubtful"


_LOOKS: dict[type, Callable[..., Iterator[_Told]]] = {
    ast.Call: _of_call,
    ast.Dict: _of_dict,
    ast.BinOp: _of_operation,
    ast.Compare: _of_comparison,
}
