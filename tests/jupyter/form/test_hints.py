"""In the form no error speaks of cells, options or lines that cannot be copied."""

from __future__ import annotations

import pytest

from aicore_magics.base.report import Fact, Mark, Report, Step, Table
from aicore_magics.errors import (
    AICoreError,
    DockerSecretExists,
    DockerSecretMissing,
    InvalidFile,
    OutcomeUnknown,
    Refused,
)
from aicore_magics.jupyter.form.hints import advice, for_form
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.next_steps import AGAIN, OR, SOON, Beside, Command, Guess, Option, Quote, do

REGISTRY, IMAGE = Option("registry", lead="with"), Option("image", lead="an")
USER = Option("username", "USER")


@pytest.mark.parametrize(
    ("steps", "read"),
    [
        ((AGAIN, "."), "Press Create again."),
        ((AGAIN, "; if it stays, ask."), "Press Create again; if it stays, ask."),
        (
            ("check network and proxy, then ", AGAIN, "."),
            "Check network and proxy, then press Create again.",
        ),
        ((AGAIN, " after 14:05", OR, "add ", Option("timeout", 180), "."), "Press Create again after 14:05."),
        (("choose another name", OR, Option("force"), " to replace it."), "Choose another name."),
        (
            ("fix it, move it away", OR, "leave ", Option("docker-login"), " out."),
            "Fix it, move it away.",
        ),
        (("run docker login again", OR, "give the login with ", USER, "."), "Run docker login again."),
        (
            ("choose one of these ", REGISTRY, OR, "take ", Option("all"), "."),
            "Choose one of these in the field Registry.",
        ),
        (
            ("choose one ", REGISTRY, ", name ", IMAGE, OR, "take ", Option("all"), "."),
            "Choose one in the field Registry, name an image.",
        ),
        (Option("registry", "HOST", "add"), "Fill in the field Registry."),
        (USER, ""),
        ("is the password whole, and nothing else?", "Is the password whole, and nothing else?"),
        ("ask your administrator for some_role.", "Ask your administrator for some_role."),
        ("", ""),
    ],
)
def test_what_is_read(steps, read):
    """What to do is said with the form's buttons and fields; what only an option could do is left out."""
    assert advice(Refused("no", next=steps), "Create") == (read, None)


@pytest.mark.parametrize(
    ("steps", "sentence", "what", "line"),
    [
        (
            (do("connect-ca"), Beside("with your company's CA"), "."),
            "",
            "run this in another cell, with your company's CA",
            "%aicore_connect --ca-file FILE",
        ),
        (
            (do("list"), Beside("and delete one that is not used", ", "), "."),
            "",
            "run this in another cell, and delete one that is not used",
            "%aicore_docker_secret list",
        ),
        (do("connect-key"), "", "run this in another cell", "%aicore_connect --service-key FILE"),
        (
            ("create a new service key, then ", do("connect-key")),
            "",
            "create a new service key, then run this in another cell",
            "%aicore_connect --service-key FILE",
        ),
        (
            (
                Command("docker login ghcr.io"),
                " in a terminal",
                OR,
                "leave ",
                Option("docker-login"),
                " out.",
            ),
            "",
            "run this in a terminal",
            "docker login ghcr.io",
        ),
        (
            Command("docker buildx build . -t x --push"),
            "",
            "run this in a terminal",
            "docker buildx build . -t x --push",
        ),
        (
            (Command("docker buildx build . -t x --push"), " ", Quote("It says: no <such> thing.")),
            "It says: no <such> thing.",
            "run this in a terminal",
            "docker buildx build . -t x --push",
        ),
    ],
)
def test_what_is_copied(steps, sentence, what, line):
    """A line to copy stands alone, with where to run it; the words around it do not get into it."""
    said, step = advice(Refused("no", next=steps), "Create")
    assert (said, step.what, [NOTEBOOK.say(line) for line in step.lines]) == (sentence, what, [line])


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((do("apply", name="x"), Beside("(stores it in any case)")), "Press Store again."),
        ((AGAIN, "; it is safe to send it twice."), "Press Store again."),
        (
            (do("show", name="x"), SOON, "; do not create it again yet."),
            "Wait a minute, then press Store again.",
        ),
    ],
)
def test_unknown_is_made_certain_here(steps, words):
    """After an unknown outcome the button is what makes it certain, at once or in a minute."""
    sentence, step = advice(OutcomeUnknown("x", next=steps), "Store again")
    assert sentence.startswith(words)
    assert step is None


def test_a_name_that_is_there_or_not():
    """Taken: the button asks, then replaces. Gone: the button stores a new one; a near name is told."""
    there = DockerSecretExists("x", next=do("update", name="x"))
    assert advice(there, "Replace…")[0].startswith("Press Replace… to replace it for the whole tenant")
    gone = DockerSecretMissing("x", next=(Guess(("team-a",)), do("list"), " shows all names."))
    assert advice(gone, "Create")[0] == "Did you mean team-a? Press Create to store it as a new one."


def test_again_is_not_said_twice():
    """The word of the button may say it already."""
    assert advice(Refused("no", next=(AGAIN, ".")), "Store again")[0] == "Press Store again."


def hints(kind=AICoreError):
    for each in kind.__subclasses__():
        yield each
        yield from hints(each)


@pytest.mark.parametrize("kind", sorted(set(hints()), key=lambda kind: kind.__name__))
def test_no_error_speaks_of_cells_and_options(kind):
    """Whatever the class, an option or a cell that is to be run again is no advice for a form."""
    for steps in (
        (AGAIN, " when you like", OR, "add ", Option("x", 1), "."),
        ("use ", Option("password-env", "VAR"), " for each."),
    ):
        sentence, step = advice(kind("x", next=steps), "Create")
        assert "--" not in sentence
        assert "cell" not in sentence
        assert step is None


def test_long_words_are_cut(canary):
    """What quotes something foreign is shown up to its limit."""
    assert len(advice(InvalidFile("x", next="y" * 100_000 + canary), "Create")[0]) < 3_000


def test_a_report_in_the_form():
    """What only an option could do is left out of every part of it, and a field stands for its option."""
    words = ("choose one ", REGISTRY, OR, "take ", Option("all"), ".")
    report = Report(
        "Headline",
        facts=(Fact("Fix", words),),
        table=Table(("Image", "Result"), ((Mark("refused", "refused"), words), ("ghcr.io/a/b:1", USER))),
        steps=(Step(words, (do("connect"),)),),
    )
    shown = for_form(report)
    said = ("choose one ", "in the field Registry")
    assert (shown.facts[0].value, shown.steps[0].what) == (said, said)
    assert shown.table.rows == ((Mark("refused", "refused"), said), (("ghcr.io/a/b:1",), ()))
    assert shown.steps[0].lines == (do("connect"),)
