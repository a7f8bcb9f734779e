"""What the package imports is what it asks for, and what is asked for at least is what is tried at least."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import aicore_magics

PACKAGE = Path(aicore_magics.__file__).parent
ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOWEST = (ROOT / ".ci" / "requirements-lowest.txt").read_text("utf-8").split()
# Imported with something in its place, where `requests` comes without it.
WITHOUT = {"certifi"}


def imported():
    """The packages of others that any module imports, at its top or later."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (each.name.partition(".")[0] for each in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield (node.module or "").partition(".")[0]


def name_of(requirement):
    return re.match(r"[A-Za-z0-9_.-]+", requirement)[0].lower()


def test_all_that_is_imported_is_asked_for():
    """Nothing is there only because something else needs it, and nothing is asked for in vain."""
    others = set(imported()) - sys.stdlib_module_names - {"aicore_magics"} - WITHOUT
    homes = packages_distributions()
    needed = {homes[name][0].lower() for name in others}
    assert needed == {name_of(each) for each in PROJECT["dependencies"]}


def test_the_lowest_versions_are_tried():
    """`make lowest` installs exactly the lowest version of each."""
    asked = dict(re.match(r"([\w-]+)>=([\d.]+)", each).groups() for each in PROJECT["dependencies"])
    tried = dict(each.split("==") for each in LOWEST)
    assert list(tried) == list(asked)
    for name, version in asked.items():
        parts = version.split(".")
        assert tried[name].split(".")[: len(parts)] == parts
