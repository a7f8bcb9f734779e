"""One table of exit statuses: each error and each command has its place in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aicore_magics import errors
from aicore_magics.cli.commands import TEMPLATE, commands, template_commands
from aicore_magics.cli.ends import MEANINGS, OF_COMMANDS, WRITING, exit_statuses, status_of

FAMILY = [
    each
    for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, errors.AICoreError) and not each.__subclasses__()
]
WRONG = {
    *errors.InvalidInput.__subclasses__(),
    *(errors.NotConnected, errors.PromptImpossible, errors.LoginNotFound),
    *(errors.CredentialsNotFound, errors.CredentialsIncomplete),
}
NO_ANSWER = {
    *(errors.Unreachable, errors.CertificateNotTrusted, errors.Busy),
    *(errors.ServerError, errors.NotAICore),
}
PAGE = Path(__file__).parents[2] / "notebooks" / "reference" / "shell.md"


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_each_error_has_a_status(kind):
    """2 for wrong use, 3 for unknown and for what was stopped, 1 for a refusal: no error is forgotten."""
    expected = 2 if kind in WRONG else 3 if kind in (errors.OutcomeUnknown, errors.Stopped) else 1
    assert status_of(kind("x"), "create") == expected
    assert status_of(kind("x"), "list") == (3 if kind in NO_ANSWER else expected)
    assert status_of(kind("x"), "verify") == (3 if kind is errors.OutcomeUnknown else 2)


def test_each_command_says_its_own():
    """Each command's help says what its four statuses mean; who writes says what was changed."""
    known = {*commands().subcommands, *(f"{TEMPLATE} {name}" for name in template_commands().subcommands)}
    assert OF_COMMANDS.keys() == known - {TEMPLATE, "sandbox", "completion"}
    assert all(len(meanings) == 4 and all(meanings) for meanings in OF_COMMANDS.values())
    assert all("nothing was changed" in OF_COMMANDS[name][1] for name in WRITING)
    assert exit_statuses("check").splitlines()[1:] == [
        *("  0  can be pulled, or public", "  1  refused", "  2  wrong use", "  3  not checked")
    ]


def test_the_reference_has_the_same_table():
    """The reference's table of all commands begins as that of the help."""
    rows = dict(re.findall(r"^\| ([0-3]) \| (.*?) \|$", PAGE.read_text("utf-8"), re.MULTILINE)[:4])
    assert all(rows[str(status)].startswith(told.split(",")[0]) for status, told in enumerate(MEANINGS))
