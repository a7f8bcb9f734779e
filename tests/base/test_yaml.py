from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aicore_magics
from aicore_magics.base.yaml import MAX_DEPTH, MAX_NODES, BrokenYaml, Unread, parsing, read_untrusted


def nested(depth):
    return "[" * depth + "1" + "]" * depth


@pytest.mark.parametrize(
    ("text", "data"),
    [("", None), ("a: 1", {"a": 1}), ("- a\n- [b]", ["a", ["b"]]), ("'*'", "*"), ("{a: b}", {"a": "b"})],
)
def test_plain_data(text, data):
    """One document is read as plain data, an empty text as nothing."""
    assert read_untrusted(text) == data


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "a: b: c",
        "\t",
        "\0",
        "!x y",
        '!!int ""',
        "!!python/name:os.system ''",
        "a\n---\nb",
        "[" * 5000,
    ],
)
def test_what_is_no_yaml(text):
    """A fault, a tag of another language, and a second document are told by one word, that quotes nothing."""
    assert read_untrusted(text) is Unread.NOT_YAML


@pytest.mark.parametrize("text", ["*a", "a: &a [1]\nb: *a", "a: &a {b: 1}\nc: {<<: *a}", "a: &a {b: *a}"])
def test_aliases_are_refused(text):
    """No alias is followed: a few lines of them can stand for more than any machine holds."""
    assert read_untrusted(text) is Unread.ALIASES


def test_depth_and_size_are_bounded():
    """What is as deep and as large as may be is read, one more is not."""
    assert read_untrusted(nested(MAX_DEPTH)) == json.loads(nested(MAX_DEPTH))
    assert read_untrusted(nested(MAX_DEPTH + 1)) is Unread.NOT_YAML
    assert len(read_untrusted("- a\n" * (MAX_NODES - 1))) == MAX_NODES - 1
    assert read_untrusted("- a\n" * MAX_NODES) is Unread.NOT_YAML


@given(st.text())
def test_any_text_is_answered(text):
    """Whatever the text is, nothing is raised."""
    read_untrusted(text)


def test_events_end_at_the_first_fault():
    """What stands before a fault is given; then comes where it is, and where the reader began."""
    taken = []
    with pytest.raises(BrokenYaml) as caught, parsing("a: [1, 2") as next_event:
        taken.extend(type(event).__name__ for event in iter(next_event, None))
    assert taken[:4] == ["StreamStartEvent", "DocumentStartEvent", "MappingStartEvent", "ScalarEvent"]
    assert (caught.value.offset, caught.value.context) == (8, 3)
    assert "expected" in caught.value.problem


def test_no_other_module_imports_a_yaml_library():
    """Outside the sandbox, PyYAML is imported here alone: so no other reader can lack the bounds."""
    root = Path(aicore_magics.__file__).parent
    importers = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if {"yaml", "ruamel"} & {name.partition(".")[0] for name in names}:
                importers.add(path.relative_to(root).as_posix())
    assert {name for name in importers if not name.startswith("sandbox/")} == {"base/yaml.py"}


def test_it_is_imported_at_first_use():
    """To import the module loads no PyYAML."""
    code = "import sys, aicore_magics.base.yaml; print('yaml' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
