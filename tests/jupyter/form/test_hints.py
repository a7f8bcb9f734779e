"""In the form no error speaks of cells, options or lines that cannot be copied."""

from __future__ import annotations

import pytest

from aicore_magics.base.report import Step
from aicore_magics.errors import (
    AICoreError,
    DockerSecretExists,
    DockerSecretMissing,
    InvalidFile,
    OutcomeUnknown,
    Refused,
)
from aicore_magics.jupyter.form.hints import advice


@pytest.mark.parametrize(
    ("hint", "read"),
    [
        ("run the cell again.", "Press Create again."),
        ("run the cell again; if it stays, ask.", "Press Create again; if it stays, ask."),
        (
            "check network and proxy, then run the cell again.",
            "Check network and proxy, then press Create again.",
        ),
        ("run the cell again after 14:05, or add --timeout 180.", "Press Create again after 14:05."),
        ("choose another name, or --force to replace it.", "Choose another name."),
        ("mend it, move it away, or leave --docker-login out.", "Mend it, move it away."),
        ("docker login once more, or give the login with --username USER.", "Docker login once more."),
        ("choose one of these with --registry, or take --all.", "Choose one of these in the field Registry."),
        (
            "choose one with --registry, name an --image, or take --all.",
            "Choose one in the field Registry, name an image.",
        ),
        ("add --registry HOST", "Fill in the field Registry."),
        ("--username USER", ""),
        ("is the password whole, and nothing else?", "Is the password whole, and nothing else?"),
        ("ask your administrator for some_role.", "Ask your administrator for some_role."),
        ("", ""),
    ],
)
def test_what_is_read(hint, read):
    """Words for a cell become words for the form; what only an option could do is left out."""
    assert advice(Refused("no.", hint=hint), "Create") == (read, None)


@pytest.mark.parametrize(
    ("hint", "sentence", "what", "line"),
    [
        (
            "%aicore_connect --ca-file FILE  with your company's CA.",
            "",
            "run this in another cell, with your company's CA",
            "%aicore_connect --ca-file FILE",
        ),
        (
            "%aicore_docker_secret list, and delete one that nobody uses.",
            "",
            "run this in another cell, and delete one that nobody uses",
            "%aicore_docker_secret list",
        ),
        (
            "%aicore_connect --service-key FILE",
            "",
            "run this in another cell",
            "%aicore_connect --service-key FILE",
        ),
        (
            "docker login ghcr.io in a terminal, or leave --docker-login out.",
            "",
            "run this in a terminal",
            "docker login ghcr.io",
        ),
        (
            "docker buildx build . -t x --push",
            "",
            "run this in a terminal",
            "docker buildx build . -t x --push",
        ),
        (
            "docker buildx build . -t x --push It says: no <such> thing.",
            "It says: no <such> thing.",
            "run this in a terminal",
            "docker buildx build . -t x --push",
        ),
    ],
)
def test_what_is_copied(hint, sentence, what, line):
    """A line to copy stands alone, with where to run it; the words around it do not get into it."""
    assert advice(Refused("no.", hint=hint), "Create") == (sentence, Step(what, (line,)))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            OutcomeUnknown("x", hint="%aicore_docker_secret apply x …  (stores it for certain)"),
            "Press Store again:",
        ),
        (
            OutcomeUnknown("x", hint="run the cell again; sending it twice does no harm."),
            "Press Store again:",
        ),
        (
            OutcomeUnknown(
                "x", hint="%aicore_docker_secret show x  in a minute; do not create it again yet."
            ),
            "Wait a minute, then press Store again.",
        ),
    ],
)
def test_unknown_is_made_certain_here(error, words):
    """After an unknown outcome the button is what makes it certain, at once or in a minute."""
    sentence, step = advice(error, "Store again")
    assert sentence.startswith(words)
    assert step is None


def test_a_name_that_is_there_or_not():
    """Taken: the button asks, then replaces. Gone: the button stores a new one; a near name is told."""
    there = DockerSecretExists("x", hint="%aicore_docker_secret update x  (replaces it for the whole tenant)")
    assert advice(there, "Replace…")[0].startswith("Press Replace… to replace it for the whole tenant")
    gone = DockerSecretMissing("x", hint="did you mean team-a? %aicore_docker_secret list shows all names.")
    assert advice(gone, "Create")[0] == "Did you mean team-a? Press Create to store it as a new one."


def test_again_is_not_said_twice():
    """The word of the button may say it already."""
    assert advice(Refused("no.", hint="run this cell again."), "Store again")[0] == "Press Store again."


def hints(kind=AICoreError):
    for each in kind.__subclasses__():
        yield each
        yield from hints(each)


@pytest.mark.parametrize("kind", sorted(set(hints()), key=lambda kind: kind.__name__))
def test_no_error_speaks_of_cells_and_options(kind):
    """Whatever the class, an option or a cell that is to be run again is no advice for a form."""
    for hint in ("run the cell again when you like, or add --x 1.", "use --password-env VAR for each."):
        sentence, step = advice(kind("x", hint=hint), "Create")
        assert "--" not in sentence
        assert "cell" not in sentence
        assert step is None


def test_long_hints_take_no_long(canary):
    """A hint that quotes something foreign is read in one pass."""
    long = "or " * 50_000 + "," * 50_000 + "--" + canary
    assert advice(InvalidFile("x", hint=long), "Create")[1] is None
