"""Facts, not prose: nobody takes a text of ours apart, and none below the doors speaks of magics or forms."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

import aicore_magics

PACKAGE = Path(aicore_magics.__file__).parent
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "sandbox" not in path.relative_to(PACKAGE).parts)
# Where the texts of errors, verdicts, findings and refusals stand.
TEXTS = {"message", "hint", "what", "next", "words", "consequence", "listed", "reason", "fix", "word", "told"}
# What a text says of itself: how to write it, not what it is about.
METHODS = {name for name in dir(str) if not name.startswith("_")} - {"join", "format", "format_map", "encode"}
# Where texts become other texts: full stops and capitals, and nothing that decides.
WRITER = "next_steps.py"
# The doors at which errors of others are translated by what they say: those of HTTP, of YAML files
# and of programs. Nobody else looks into a text of theirs.
FOREIGN = {
    "base/yaml.py",
    "http/failures.py",
    "logins/credential_helpers.py",
    "logins/password_command.py",
    "templates/yaml/nodes.py",
}
THEIR_TEXTS = {"args", "strerror", "problem", "stderr", "output"}
THEIRS = {"error", "raised", "reason", "cause", "exc", "answer"}
# The one below the doors that knows magics: it writes notebooks. The package itself is a door, too.
KNOWS_MAGICS = {"actions/notebooks.py", "__init__.py"}
DOORS = ("jupyter", "cli", "grammar")
OF_DOORS = re.compile(r"%aicore|run (?:the|this) cell|\bbuttons?\b", re.IGNORECASE)


def name_of(path):
    return path.relative_to(PACKAGE).as_posix()


class Surgery(ast.NodeVisitor):
    """The places of a function, or of a module, that cut up or search a text of ours."""

    def __init__(self):
        self.found = []
        self.known = [set()]

    def is_text(self, node):
        """Whether *node* is a text of ours: an attribute that holds one, or a name for what one held."""
        if isinstance(node, ast.Attribute):
            return node.attr in TEXTS
        if isinstance(node, ast.Name):
            return node.id in self.known[-1]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("str", "repr"):
            return any(isinstance(a, ast.Name) and a.id in ("error", "raised") for a in node.args)
        if isinstance(node, ast.JoinedStr):
            return any(isinstance(v, ast.FormattedValue) and self.is_text(v.value) for v in node.values)
        return isinstance(node, ast.Subscript) and self.is_text(node.value)

    def visit_FunctionDef(self, node):
        self.known.append(set())
        self.generic_visit(node)
        self.known.pop()

    def visit_Assign(self, node):
        targets = [t.id for t in node.targets if isinstance(t, ast.Name)]
        if self.is_text(node.value):
            self.known[-1].update(targets)
        self.generic_visit(node)

    def visit_Call(self, node):
        called = node.func
        if isinstance(called, ast.Attribute):
            on_text = self.is_text(called.value) and called.attr in METHODS
            of_re = isinstance(called.value, ast.Name) and called.value.id == "re"
            searches = (of_re or called.attr in ("search", "match", "fullmatch", "finditer", "sub")) and any(
                map(self.is_text, node.args)
            )
            if on_text or searches:
                self.found.append((node.lineno, ast.unparse(node)))
        self.generic_visit(node)

    def visit_Compare(self, node):
        sides = [node.left, *node.comparators]
        words = any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides)
        contains = any(isinstance(op, (ast.In, ast.NotIn)) for op in node.ops)
        if any(map(self.is_text, sides[1:] if contains else sides)) and (words or contains):
            self.found.append((node.lineno, ast.unparse(node)))
        self.generic_visit(node)

    def visit_Subscript(self, node):
        if isinstance(node.slice, ast.Slice) and self.is_text(node.value):
            self.found.append((node.lineno, ast.unparse(node)))
        self.generic_visit(node)


def surgery(source):
    visitor = Surgery()
    visitor.visit(ast.parse(source))
    return visitor.found


def spoken(source):
    """The texts and comments of *source* that speak of magics, cells or buttons."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    kinds = (tokenize.STRING, tokenize.COMMENT, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING))
    return [(t.start[0], t.string) for t in tokens if t.type in kinds and OF_DOORS.search(t.string)]


@pytest.mark.parametrize("path", [p for p in SOURCES if name_of(p) != WRITER], ids=name_of)
def test_nobody_takes_a_text_of_ours_apart(path):
    """No method of a text, no pattern, no comparison is applied to what an error or a verdict says."""
    assert surgery(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "path",
    [p for p in SOURCES if name_of(p) not in KNOWS_MAGICS and not name_of(p).startswith(DOORS)],
    ids=name_of,
)
def test_nothing_below_the_doors_speaks_of_them(path):
    """Below the doors there are no magics, no cells to run again, and no buttons."""
    assert spoken(path.read_text("utf-8")) == []


def foreign(source):
    """The places of *source* that read what an error or an answer of others says of itself."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (
            isinstance(node, ast.Attribute)
            and node.attr in THEIR_TEXTS
            and isinstance(node.value, ast.Name)
            and node.value.id in THEIRS
        )
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "str"
            and any(isinstance(each, ast.Name) and each.id in THEIRS for each in node.args)
        )
    ]


def test_texts_of_others_are_read_at_their_doors_alone():
    """What HTTP libraries, PyYAML and helpers say is looked into where it is translated, and nowhere else."""
    assert {name_of(path) for path in SOURCES if foreign(path.read_text("utf-8"))} == FOREIGN


@pytest.mark.parametrize(
    "source",
    [
        "x = error.message.removesuffix('.')",
        "def f(error):\n    said = error.hint\n    return said.partition('?')",
        "if 'in a minute' in error.hint: pass",
        "if error.what == 'gone': pass",
        "re.search('x', verdict.reason)",
        "PATTERN.fullmatch(str(error))",
        "first = error.what[:10]",
        "ok = verdict.fix.startswith('docker ')",
        "said = f'{error.message}!'\nsaid.split('.')",
    ],
)
def test_the_walk_sees_surgery(source):
    """Each way that code took a text apart before is one that the walk finds."""
    assert surgery(source)


@pytest.mark.parametrize(
    "source", ['x = "%aicore_connect"', "y = f'run the cell {z}'", "# press the button", '"""A Button."""']
)
def test_the_walk_hears_the_doors(source):
    """Texts, texts with values in them, comments and docstrings are all read."""
    assert spoken(source)
