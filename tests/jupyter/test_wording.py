"""One error, at each door: a magic, a script, a shell and the form say the same in their own words."""

from __future__ import annotations

import re

import pytest

from aicore_magics import actions, cli
from aicore_magics.base.redact import Secret
from aicore_magics.cli.ends import WRONG_USE
from aicore_magics.cli.shell import SHELL
from aicore_magics.errors import AICoreError, OutcomeUnknown, QuotaReached
from aicore_magics.grammar.connect_grammar import connect_parser
from aicore_magics.grammar.given_line import GivenLine
from aicore_magics.grammar.notebook_grammar import NOTEBOOK as NOTEBOOK_GRAMMAR
from aicore_magics.grammar.rotate_grammar import ROTATE
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.template_grammar import TEMPLATE
from aicore_magics.grammar.words import split
from aicore_magics.jupyter.boundary import shown
from aicore_magics.jupyter.form import words as form_words
from aicore_magics.jupyter.wording import MAGICS, NOTEBOOK, Notebook
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.next_steps import AGAIN, do

GRAMMARS = {"docker_secret": SECRET, "rotate": ROTATE, "template": TEMPLATE, "notebook": NOTEBOOK_GRAMMAR}
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
LINES = [name for name, text in MAGICS.items() if text.startswith("%")]


@pytest.mark.parametrize("name", LINES)
def test_each_magic_can_be_run(name):
    """What a notebook says to do next is a line that its magic takes."""
    line = NOTEBOOK.say(do(name, **VALUES)).removesuffix(" …")
    magic, *words = split(line, {})
    if magic == "%aicore_connect":
        connect_parser().read(words)
    else:
        grammar = GRAMMARS[magic.removeprefix("%aicore_")]
        grammar.parser(grammar.name(words)).read(words[1:])


def taken(tenant, login):
    actions.create_docker_secret(tenant, "team-a", [login], checking=actions.CheckOptions(skip=True))
    return lambda: actions.create_docker_secret(
        tenant, "team-a", [login], checking=actions.CheckOptions(skip=True)
    )


def gone(tenant, login):
    actions.create_docker_secret(tenant, "team-a", [login], checking=actions.CheckOptions(skip=True))
    return lambda: actions.update_docker_secret(
        tenant, "team-b", [login], checking=actions.CheckOptions(skip=True)
    )


def full(tenant, login):
    error = QuotaReached("it is full", next=(do("list"), " shows them."))
    return lambda: raise_(error)


def unknown(tenant, login):
    error = OutcomeUnknown("no answer", next=(AGAIN, "; twice does no harm."), words="It may be stored.")
    return lambda: raise_(error)


def raise_(error):
    raise error


SAME = (
    (
        taken,
        "team-a exists in tenant sandbox, NOT changed. Your login was not stored.",
        "to replace it for the whole tenant: %aicore_docker_secret update team-a",
        'to replace it for the whole tenant: update_docker_secret(tenant, "team-a", logins)',
        "Press Create to replace it for the whole tenant. You are asked first.",
    ),
    (
        gone,
        "tenant sandbox has no secret team-b. Nothing was changed.",
        "did you mean team-a? see all names: %aicore_docker_secret list",
        "did you mean team-a? see all names: list_docker_secrets(tenant)",
        "Did you mean team-a? Press Create to store it as a new one.",
    ),
    (
        full,
        "it is full. Nothing was changed.",
        "%aicore_docker_secret list shows them.",
        "list_docker_secrets(tenant) shows them.",
        "run this in another cell",
    ),
    (
        unknown,
        "no answer. It may be stored.",
        "run the cell again; twice does no harm.",
        "try again; twice does no harm.",
        "Press Create. This makes sure that the secret is stored. Sending it twice does no harm.",
    ),
)


@pytest.mark.parametrize(
    ("happens", "what", "magic", "python", "form"), SAME, ids=lambda value: str(value)[:20]
)
def test_one_error_at_each_door(tenant, canary, happens, what, magic, python, form):
    """What happened reads the same everywhere; what to do next is a magic, a call, a button."""
    act = happens(tenant, RegistryLogin("ghcr.io", "anna", Secret(canary)))
    with pytest.raises(AICoreError) as in_a_script:
        act()
    error = in_a_script.value
    assert str(error) == f"{what}\nNext: {python}"
    page = re.sub("<style>.*?</style>|<[^>]+>", "", form_words.refused(error, "Create"), flags=re.DOTALL)
    assert form in page
    assert "cell again" not in page
    with pytest.raises(type(error)) as in_a_cell:
        shown(lambda: raise_(error))
    assert in_a_cell.value is error
    assert str(error) == f"{what}\nNext: {magic}"
    assert error._render_traceback_() == [f"{type(error).__name__}: {what}", f"Next: {magic}"]


def test_an_error_in_a_shell(capsys):
    """A command that fails says why on stderr, and never speaks of cells and magics."""
    assert cli.main(["scan", ""]) == WRONG_USE
    said = capsys.readouterr().err
    assert said.startswith("an empty path is not a file.\nNext: name a notebook or a folder")
    assert SHELL.say(AGAIN) == "run the command again"


def test_an_undo_does_not_take_the_new_login():
    """The line that undoes a run does not say where the new login is; the one that goes on with it does."""
    words = ("run", "team-a", "--username", "anna", "--password-env", "NEW", "--profile", "dev")
    door = Notebook(GivenLine("aicore_rotate", words))
    assert door.say(do("rotate-undo", run="r1")) == "%aicore_rotate undo r1 --profile dev"
    resumed = door.say(do("rotate-resume", run="r1"))
    assert "--password-env NEW" in resumed
    assert "--profile dev" in resumed


def test_a_plan_is_offered_with_each_secret_that_is_meant():
    """Where several secrets are to be named, the line has all of their names."""
    assert NOTEBOOK.say(do("rotate-plan", name="a1", names=("a1", "a2"))) == "%aicore_rotate plan a1 a2"
    assert NOTEBOOK.say(do("rotate-plan")) == "%aicore_rotate plan"
