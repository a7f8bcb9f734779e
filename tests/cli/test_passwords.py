"""A password on a line: which commands take none, and what each says."""

from __future__ import annotations

import pytest

from aicore_magics.cli.commands import TEMPLATE, commands, template_commands
from aicore_magics.cli.passwords import refuse_passwords
from aicore_magics.grammar.words import WrongUse

TAKING = {"check", "create", "apply", "update", "rotate"}
WITH_PROFILE = {"list", "show", "delete", "quota", "verify", "template check", "due", "note", "forget"}
NESTED = [f"{TEMPLATE} {name}" for name in template_commands().subcommands]
ALL = [*(name for name in commands().subcommands if name not in (TEMPLATE, "sandbox", "completion")), *NESTED]


@pytest.mark.parametrize("option", ["-p {}", "-p{}", "--password {}", "--password={}", "--token {}"])
@pytest.mark.parametrize("command", ALL)
def test_each_command_says_what_is_true_of_it(command, option):
    """A way to give a password is said only where one is due. No message repeats it."""
    password = "Hunter2" + "-" + "topsecret"
    with pytest.raises(WrongUse) as caught:
        refuse_passwords(f"{command} {option.format(password)}".split())
    said = str(caught.value)
    assert ("use --password-env VAR" in said) == (command in TAKING)
    assert ("did you mean --profile?" in said) == (command in WITH_PROFILE and option.startswith("-p"))
    assert "revoke it" in said
    assert password not in said
    assert "asked for" not in said


@pytest.mark.parametrize("line", ["list --profile prod", "create a1 --password-env X", "help", "", "scan ."])
def test_what_is_none(line):
    """A line without a password is not refused."""
    refuse_passwords(line.split())
