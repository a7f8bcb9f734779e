"""Every text of the product by where it comes from: what the readability of each is measured of."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

import aicore_magics
from aicore_magics.cli.commands import commands, template_commands
from aicore_magics.grammar.magics import help_of
from aicore_magics.next_steps import capitalised
from aicore_magics.templates.catalogue.index import RULES
from tests.actions.test_results import TEXTS as CARDS

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(aicore_magics.__file__).parent
ROOT = PACKAGE.parent
FLOORS = (
    *("errors", "next_steps", "base", "model", "http", "aicore", "registry", "logins", "leaks", "templates"),
    *("rotation", "actions", "grammar", "cli", "jupyter", "sandbox"),
)
MAGICS = (*("aicore_connect", "aicore_docker_secret", "aicore_template", "aicore_notebook", "aicore_rotate"),)
# A text of a program, not of a reader: a pattern, a script, a style sheet, a template.
PROGRAM = re.compile(r"\\[bdswAZ]|\(\?|\[\^|[{;]\s*$|</?\w+[ >]|^\s*\{|:\s\{|\$\{|&&|\|\||^%?%?\w+ .*--")
# Only words that name things: a list, not a sentence.
LIST = re.compile(r"(?!.*\b(?:a|an|and|as|for|in|is|it|not|of|or|that|the|to|with)\b)[a-z -]+\Z")
# What makes a label: the call, by the end of its name.
LABELLED = ("Fact", "Mark", "Table", "Label", "_field")
HELP_ROW = re.compile(r"  (\S.*?)(?:  +(\S.*))?\Z")


def texts() -> dict[str, list[str]]:
    """Every text, under the name of its source."""
    return {
        "golden errors": list(_golden()),
        "cards": [line for _, card in CARDS for line in card.splitlines()],
        "help": list(_help()),
        "rules": [text for rule in RULES.values() for text in (rule.finds, rule.why, rule.varies)],
        **{f"texts of {floor}": list(_literals(floor)) for floor in FLOORS},
        **{f"docstrings of {floor}": list(_docstrings(floor)) for floor in FLOORS},
        "README": list(_markdown((ROOT / "README.md").read_text("utf-8"))),
        "notebooks": list(_notebooks()),
    }


def _golden() -> Iterator[str]:
    golden = json.loads((ROOT / "tests/data/golden-errors.json").read_text("utf-8"))
    for errors in golden.values():
        for what, hint in errors:
            yield f"{what} {capitalised(hint)}"


def _help() -> Iterator[str]:
    pages = [help_of(magic) for magic in MAGICS]
    pages.append(help_of("aicore_template", cell=True))
    for grammar in (commands(), template_commands()):
        pages += [grammar.help(), *(grammar.parser(name).format_help() for name in grammar.subcommands)]
    for page in pages:
        yield from _rows(page)


def _rows(page: str) -> Iterator[str]:
    """The texts of a help: each option's, each paragraph."""
    text = ""
    for line in page.splitlines():
        row = HELP_ROW.match(line)
        if line.startswith(20 * " ") or (line.strip() and text and not row):
            text = f"{text} {line.strip()}"
            continue
        yield text
        text = (row[2] or "") if row else line.strip()
    yield text


def _sources(floor: str) -> Iterator[ast.Module]:
    paths = sorted((PACKAGE / floor).rglob("*.py")) or [PACKAGE / f"{floor}.py"]
    for path in paths:
        yield ast.parse(path.read_text("utf-8"))


def _literals(floor: str) -> Iterator[str]:
    """Every text in the code of *floor*; what is filled in is {}, which is no word."""
    for tree in _sources(floor):
        inside = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                inside.add(node.value)  # a docstring
            elif isinstance(node, ast.JoinedStr):
                inside.update(ast.walk(node))
                inside.discard(node)
            elif isinstance(node, ast.Attribute) and node.attr == "split":
                inside.add(node.value)  # a list of words
        for node in ast.walk(tree):
            text = _text(node) if node not in inside else ""
            if text.count(" ") > 1 and "\n" not in text and not PROGRAM.search(text) and not LIST.match(text):
                yield text


def every_literal() -> frozenset[str]:
    """Every text in the code of the product, short ones and docstrings as well."""
    return frozenset(_text(node) for floor in FLOORS for tree in _sources(floor) for node in ast.walk(tree))


def labels() -> Iterator[str]:
    """Every label of a fact, a column, a mark and a field."""
    for floor in FLOORS:
        for tree in _sources(floor):
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).endswith(LABELLED):
                    first = node.args[0]
                    parts = first.elts if isinstance(first, ast.Tuple) else [first]
                    yield from map(
                        _text, [part.body if isinstance(part, ast.IfExp) else part for part in parts]
                    )


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _docstrings(floor: str) -> Iterator[str]:
    """The first paragraph of the docstrings of what is public in *floor*."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for tree in _sources(floor):
        for node in ast.walk(tree):
            if isinstance(node, kinds) and not node.name.startswith("_"):
                text = ast.get_docstring(node) or ""
                yield re.sub(r"\s+", " ", text.partition("\n\n")[0])


def _markdown(text: str) -> Iterator[str]:
    """The paragraphs, rows' cells, bullets and headings of a page, without what is code."""
    text = re.sub(r"(?ms)^ *```.*?^ *```", "\n", text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)|<[^>]+>", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(?m)^\s*(?:[-*]|\d+\.|#+)\s+", "\n\n", text).replace("|", "\n\n").replace("**", "")
    for paragraph in re.split(r"\n\s*\n", text):
        yield re.sub(r"\s+", " ", paragraph).strip()


def _notebooks() -> Iterator[str]:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                yield from _markdown(cell.source)
