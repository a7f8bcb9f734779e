"""What to do next: values that each door says in its own way."""

from __future__ import annotations

import ast
import copy
import inspect
import pickle
import re
import string
from itertools import pairwise
from pathlib import Path

import pytest

import aicore_magics
from aicore_magics import actions
from aicore_magics.cli.shell import SHELL
from aicore_magics.jupyter.wording import MAGICS, NOTEBOOK
from aicore_magics.next_steps import (
    AGAIN,
    CALLS,
    OR,
    PYTHON,
    SOON,
    Beside,
    Effect,
    Guess,
    Option,
    do,
    in_a_row,
    pieces,
    ways,
)

VALUES = dict.fromkeys(
    (
        "name",
        "image",
        "registry",
        "username",
        "logins",
        "profiles",
        "variable",
        "secret",
        "scenario",
        "args",
        "file",
        "path",
        "id",
        "host",
        "digest",
        "other",
        "paths",
        "names",
        "run",
    ),
    "x",
) | {"position": "2", "date": "2027-01-31"}


def places(text):
    """The names of the values that a text of a table takes."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_door_says_every_action():
    """Python and the notebook know the same actions, and each its own text for each of them."""
    assert CALLS.keys() == MAGICS.keys()
    for name in CALLS:
        action = do(name, **VALUES)
        said = {PYTHON.say(action), NOTEBOOK.say(action)}
        assert len(said) == 2
        assert places(MAGICS[name]) <= VALUES.keys()
        assert places(CALLS[name]) <= VALUES.keys()


@pytest.mark.parametrize(
    "name",
    [name for name in CALLS if name not in ("again", "given-text", "set-variable", "leave-sandbox")],
)
def test_python_names_what_there_is(name):
    """Each call begins with a function or a class of the package that can be called so."""
    function = re.search(r"([A-Za-z_]+)\(", CALLS[name])[1]
    known = getattr(aicore_magics, function, None) or getattr(actions, function)
    assert callable(known)
    if inspect.isfunction(known):
        wanted = [p for p in inspect.signature(known).parameters.values() if p.default is p.empty]
        assert CALLS[name].count(",") + 1 >= len([p for p in wanted if p.kind is p.POSITIONAL_OR_KEYWORD])


def test_every_action_of_the_sources_is_in_the_tables():
    """No source names an action that no door knows, and none is kept for nothing."""
    sources = Path(aicore_magics.__file__).parent.rglob("*.py")
    used = {name for path in sources for name in re.findall(r'\bdo\(\s*"([\w-]+)"', path.read_text("utf-8"))}
    conditional = {"patch", "patch-move", "again"}  # given by a variable
    conditional |= {
        f"check-{what}{how}" for what in ("image", "login") for how in ("", "-ca", "-realm", "-ca-realm")
    }
    assert used | conditional == CALLS.keys()


def test_doors_say_the_same_otherwise():
    """A call in Python, a magic in a notebook; a shell has options, and Python for the rest."""
    words = ("set it", OR, do("connect-key"), OR, AGAIN, OR, Option("registry", "HOST", "with"), ".")
    assert PYTHON.say(words) == (
        'set it, or connect(service_key="FILE"), or try again, or with registry="HOST".'
    )
    assert NOTEBOOK.say(words) == (
        "set it, or %aicore_connect --service-key FILE, or run the cell again, or with --registry HOST."
    )
    assert SHELL.say(words) == (
        "set it, or --service-key FILE, or run the command again, or with --registry HOST."
    )


@pytest.mark.parametrize(
    ("option", "python", "line"),
    [
        (Option("docker-login"), "docker_login=True", "--docker-login"),
        (Option("no-check"), "check=False", "--no-check"),
        (Option("timeout", 180, "add"), "add timeout=180", "add --timeout 180"),
        (Option("password-env"), "password_env", "--password-env"),
        (Option("registry", lead="with"), "with registry", "with --registry"),
        (Option("login", "ghcr.io=anna"), 'login="ghcr.io=anna"', "--login ghcr.io=anna"),
    ],
)
def test_options(option, python, line):
    """An option is an argument in Python, by its name there; on a line it is what one types."""
    assert (PYTHON.say(option), NOTEBOOK.say(option), SHELL.say(option)) == (python, line, line)


def test_values_are_quoted_as_each_door_needs():
    """A file with a space in it is one word for a magic, and one text for Python."""
    step = do("patch", file="FILE", secret="team-ghcr").with_(file='my "serve".yaml')
    assert NOTEBOOK.say(step) == "%aicore_template patch 'my \"serve\".yaml' --secret team-ghcr"
    assert PYTHON.say(step) == 'patch_template("my \\"serve\\".yaml", "team-ghcr", write=True)'


def test_what_stands_beside():
    """Guesses, a minute's wait and words beside an action read alike at every door."""
    words = (Guess(("a", "b")), do("list"), SOON, Beside("or so"), ".")
    assert NOTEBOOK.say(words) == "did you mean a or b? %aicore_docker_secret list  in a minute  or so."


def test_ways_and_rows():
    """Ways are told apart by their sign alone; empty texts leave no space in a row."""
    assert ways(("a or b", OR, AGAIN, ".")) == [("a or b",), (AGAIN, ".")]
    assert ways("x") == [("x",)]
    assert in_a_row("", "a", (), ("b", AGAIN)) == ("a", " ", "b", AGAIN)
    assert pieces(AGAIN) == (AGAIN,)


@pytest.mark.parametrize("again", [lambda value: pickle.loads(pickle.dumps(value)), copy.deepcopy])
def test_values_travel(again):
    """Steps are the same after a pickle or a copy, and can be looked up."""
    words = (Guess(("a",)), do("show", name="x"), OR, SOON, Option("all"))
    assert again(words) == words
    assert {words: 1}[again(words)] == 1


def test_effects():
    """Each effect but the unknown one has a sentence, and no two the same."""
    sentences = [effect.sentence for effect in Effect if effect.sentence]
    assert len(set(sentences)) == len(sentences) == len(Effect) - 2
    assert all(sentence.endswith(".") for sentence in sentences)


def test_what_can_be_copied_ends_its_sentence():
    """In no source do words follow a magic: what is copied would hold them."""
    for path in Path(aicore_magics.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            items = node.elts if isinstance(node, ast.Tuple) else []
            for item, after in pairwise(items):
                name = ast.unparse(item.args[0]) if ast.unparse(item).startswith("do(") else "''"
                if MAGICS.get(ast.literal_eval(name), "").startswith(("%", "!")):
                    assert ast.unparse(after) in ("OR", "do('connect-sandbox')"), (path, node.lineno)
