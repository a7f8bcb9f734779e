from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import aicore_magics
from aicore_magics.base.wrappers import MAX_DEPTH
from aicore_magics.base.yaml import (
    MAX_VALUES,
    BrokenYaml,
    NotText,
    Unread,
    parsing,
    read_untrusted,
    read_untrusted_documents,
)

LOADERS = ["with libyaml", "without libyaml"]


def without_libyaml(loader, monkeypatch):
    if loader == "without libyaml":
        monkeypatch.delattr(yaml, "CSafeLoader")


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", None),
        ("a: 1", {"a": NotText.NOT_TEXT}),
        ("a: ~\nb: no", {"a": None, "b": NotText.NOT_TEXT}),
        ("- a\n- [b]", ["a", ["b"]]),
        ("'*'", "*"),
        ("{a: b}", {"a": "b"}),
    ],
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
        "a\n---\nb",
        "? [a]\n: b",
    ],
)
def test_what_is_no_yaml(text):
    """A fault and a second document are told by one word, that quotes nothing."""
    assert read_untrusted(text) is Unread.NOT_YAML


@pytest.mark.parametrize("text", ["!x y", "!!python/name:os.system ''", "!!set {a}", "a: !reference [b, c]"])
def test_tags_are_refused(text):
    """A tag of a language or a tool is not followed, and told as what it is."""
    assert read_untrusted(text) is Unread.TAGGED


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("", []),
        ("# nothing", []),
        ("a: b", [{"a": "b"}]),
        ("---\na: b\n---\n- c\n...\n---\n", [{"a": "b"}, ["c"], None]),
        ("a\n---\n*a", Unread.LINKED),
        ("a\n---\n{", Unread.NOT_YAML),
    ],
)
def test_several_documents(text, documents):
    """Each document is read by itself; what is wrong with one is told of all."""
    assert read_untrusted_documents(text) == documents


def test_all_documents_share_the_bounds():
    """So many values are read from all documents together."""
    assert len(read_untrusted_documents("---\na\n" * MAX_VALUES)) == MAX_VALUES
    assert read_untrusted_documents("---\na\n" * (MAX_VALUES + 1)) is Unread.TOO_MANY


@pytest.mark.parametrize(
    "text", ["*a", "a: &a [1]\nb: *a", "a: &a {b: 1}\nc: {<<: *a}", "a: &a {b: *a}", "<<: {a: b}"]
)
def test_links_are_refused(text):
    """No alias and no merge key is followed: a few lines can stand for more than a machine holds."""
    assert read_untrusted(text) is Unread.LINKED


@pytest.mark.parametrize("text", ["a: &a b", "a: '<<'", '"<<": b'])
def test_what_only_looks_like_a_link(text):
    """An anchor that nothing leads to, and the sign of a merge in quotes, are read as what they are."""
    assert read_untrusted(text) == yaml.safe_load(text)


def depth_of(data):
    """How many levels of objects and lists *data* has."""
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else None
    return 0 if parts is None else 1 + max(map(depth_of, parts), default=0)


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("level", ["[%s]", "{a: %s}", "- %s", "a:\n%s", "[{a: b}, %s]"])
def test_depth_is_bounded(level, loader, monkeypatch):
    """What is as deep as may be is read, one more level is not, in whichever way it is written."""
    without_libyaml(loader, monkeypatch)
    text = "x"
    while depth_of(data := read_untrusted(text)) < MAX_DEPTH - 1:
        assert data == yaml.safe_load(text)
        text = level % (textwrap.indent(text, "   ") if "\n" in level else text.replace("\n", "\n  "))
    assert read_untrusted(f"- {text}".replace("\n", "\n  ")) is not Unread.TOO_DEEP
    assert read_untrusted(f"- - {text}".replace("\n", "\n    ")) is Unread.TOO_DEEP


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("part", ["[", "{a: ", "- ", "[{a: ", "- - - ", "-\n", "&a [", "!!seq ["])
def test_what_goes_on_getting_deeper(part, loader, monkeypatch):
    """A text that only opens levels is too deep before it is no YAML."""
    without_libyaml(loader, monkeypatch)
    text = part * 2_000 if part != "-\n" else "".join(f"{' ' * n}-\n" for n in range(200))
    assert read_untrusted(text) is Unread.TOO_DEEP


def test_the_number_of_values_is_bounded():
    """So many values are read, one more is not."""
    assert len(read_untrusted("- a\n" * (MAX_VALUES - 1))) == MAX_VALUES - 1
    assert read_untrusted("- a\n" * MAX_VALUES) is Unread.TOO_MANY


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
