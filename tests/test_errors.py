import ast
import copy
import inspect
import pickle
import re
from pathlib import Path

import pytest

import aicore_magics
from aicore_magics import errors
from aicore_magics.cli.shell import SHELL
from aicore_magics.errors import AICoreError, InvalidInput, OutcomeUnknown, Refused
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.next_steps import OR, PYTHON, Effect, do

CLASSES = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__
]
NAMES = [kind.__name__ for kind in CLASSES]
_ROW = re.compile(r"^(?P<branch>(?:[│ ] {3})*(?:[├└]── )?)(?P<name>[A-Z]\w+) {2,}(?P<said>\S.*)$")


def drawn():
    """The tree of the module's docstring: for each class its parent, and what is said of it."""
    tree, above = {}, []
    for line in errors.__doc__.splitlines():
        row = _ROW.match(line)
        if row:
            above[len(row["branch"]) // 4 :] = [row["name"]]
            tree[row["name"]] = (above[-2] if len(above) > 1 else "Exception", row["said"])
    return tree


TREE = drawn()
BASES = {name for name, (_, said) in TREE.items() if "never raised itself" in said} | {"InvalidInput"}


def parent_of(kind):
    return kind.__bases__[0].__name__


def test_the_tree_that_is_drawn_is_the_real_one():
    """The docstring draws exactly the classes of the module, each below its parent."""
    assert {name: parent for name, (parent, _) in TREE.items()} == {
        kind.__name__: parent_of(kind) for kind in CLASSES
    }
    assert len(TREE) > 20


def test_the_tree_that_is_drawn_ends_its_branches():
    """Every drawn line is a class, and the last below a parent has the corner."""
    lines = errors.__doc__.split("\n\n")[1].rstrip().splitlines()
    assert len(lines) == len(TREE)
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        branch = re.search("[├└]", line)
        if branch:
            goes_on = below[branch.start() : branch.start() + 1] in ("├", "└", "│")
            assert (branch[0] == "├") == goes_on, line


@pytest.mark.parametrize(("word", "base"), [("a ValueError", ValueError), ("a LookupError", LookupError)])
def test_errors_are_pythons_too(word, base):
    """What the tree calls a ValueError or a LookupError is one, and what is below it; nothing else is."""
    said = {name for name, (_, said) in TREE.items() if word in said}
    assert said
    for kind in CLASSES:
        assert issubclass(kind, base) == bool({above.__name__ for above in kind.__mro__} & said)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(("NotFound", "Missing"))])
def test_what_is_not_there_is_a_lookup_error(name):
    """Whatever is not found can be caught as Python's LookupError."""
    assert issubclass(getattr(errors, name), LookupError)


def test_there_are_three_ways_to_fail():
    """Each error but the base is exactly one of: input, refused, unknown."""
    for kind in set(CLASSES) - {AICoreError}:
        assert sum(issubclass(kind, way) for way in (InvalidInput, Refused, OutcomeUnknown)) == 1


def raised_names():
    """Each place of the package that raises or makes something, with the name of what it is."""
    for place in Path(aicore_magics.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(place.read_text("utf-8"))):
            what = {ast.Raise: "exc", ast.Call: "func"}.get(type(node))
            used = getattr(node, what) if what else None
            yield f"{place.name}:{getattr(node, 'lineno', 0)}", getattr(used, "id", getattr(used, "attr", ""))


def test_no_base_class_is_raised():
    """Nowhere in the package is a base class raised or made: a user can always tell what happened."""
    assert sorted(BASES) == ["AICoreError", "InvalidInput", "Refused"]
    found = list(raised_names())
    assert [place for place, name in found if name in BASES] == []
    assert "OutcomeUnknown" in {name for _, name in found}


def test_every_error_can_be_met():
    """Each drawn error but the bases is named somewhere in the package: none is kept for nothing."""
    package = Path(aicore_magics.__file__).parent
    text = "".join(p.read_text("utf-8") for p in package.rglob("*.py") if p.name != "errors.py")
    assert [name for name in NAMES if name not in BASES and not re.search(rf"\b{name}\b", text)] == []


@pytest.mark.parametrize("kind", CLASSES)
def test_message_and_hint(kind):
    """An error's text is what happened, and in a second line what to do next, if there is something."""
    error = kind("team-ghcr exists", Effect.NOTHING_SENT, "choose another name.")
    assert (error.what, error.effect, error.next) == (
        "team-ghcr exists",
        Effect.NOTHING_SENT,
        "choose another name.",
    )
    assert (error.message, error.hint, error.status) == (
        "team-ghcr exists. Nothing was sent.",
        "choose another name.",
        0,
    )
    assert str(error) == "team-ghcr exists. Nothing was sent.\nNext: choose another name."
    assert str(kind("stopped", Effect.NONE)) == "stopped."
    assert str(kind("", words="nothing was sent.")) == "nothing was sent."


def test_each_kind_has_the_effect_that_it_stands_for():
    """What a class promises is its effect, unless an error of it says otherwise."""
    assert {kind.__name__: kind("x").effect for kind in CLASSES if not issubclass(kind, Refused)} == {
        "AICoreError": Effect.NONE,
        "OutcomeUnknown": Effect.UNKNOWN,
        "RotationIncomplete": Effect.UNKNOWN,
        **{kind.__name__: Effect.NOTHING_SENT for kind in CLASSES if issubclass(kind, InvalidInput)},
        "InvalidTemplate": Effect.NOTHING_WRITTEN,
        "InvalidRule": Effect.NONE,
        "InvalidNotebook": Effect.NOTHING_WRITTEN,
        "InvalidSchedule": Effect.NOTHING_WRITTEN,
    }
    assert {kind("x").effect for kind in CLASSES if issubclass(kind, Refused)} == {
        Effect.NOTHING_CHANGED,
        Effect.NOTHING_SENT,
        Effect.NOTHING_STORED,
    }


def test_what_was_found_stands_below():
    """Lines come last, each in the words of the door."""
    error = errors.InvalidTemplate("2 errors in a.yaml", lines=("a.yaml:1  x; y", ("z; ", do("list"))))
    assert str(error) == (
        "Nothing was written. 2 errors in a.yaml:\n  a.yaml:1  x; y\n  z; list_docker_secrets(tenant)"
    )
    error.door = NOTEBOOK
    assert str(error).endswith("z; %aicore_docker_secret list")


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("again", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])
@pytest.mark.parametrize("door", [PYTHON, NOTEBOOK, SHELL])
def test_errors_travel(kind, again, door):
    """An error is the same after a pickle or a copy, so that process pools can pass it on."""
    error = kind("what happened", next=("what to do", OR, do("update", name="team-ghcr")))
    error.door = door
    error.status = 409
    twin = again(error)
    assert type(twin) is kind
    assert (str(twin), twin.message, twin.hint, twin.status) == (str(error), error.message, error.hint, 409)
    assert twin.args == ("what happened",)
    assert (twin.what, twin.effect, twin.next) == (error.what, error.effect, error.next)


@pytest.mark.parametrize("kind", [kind for kind in CLASSES if issubclass(kind, InvalidInput)])
def test_wrong_input_names_its_field(kind):
    """Each kind of wrong input says in plain small words what it was meant to be."""
    assert re.fullmatch("[a-z]+( [a-z]+)*", kind.field)


def test_no_two_kinds_of_input_share_a_field():
    """The field of wrong input tells its class."""
    fields = [kind.field for kind in CLASSES if issubclass(kind, InvalidInput)]
    assert len(set(fields)) == len(fields)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_says_what_it_means(kind):
    """Each class has a docstring of its own, a sentence or more."""
    assert kind.__dict__["__doc__"].strip().endswith(".")
