"""How a shell says what to do: by commands where there are some, by Python where there are none."""

from __future__ import annotations

from aicore_magics.cli.shell import COMMANDS, SHELL, Shell
from aicore_magics.next_steps import AGAIN, CALLS, do


def test_commands_and_calls():
    """A command has the words that led to the tenant, quoted; what has none is a call in Python."""
    step = do("remove-throwaway", name="a b")
    assert SHELL.say(step) == "jupyter aicore verify --remove 'a b'"
    assert Shell("--profile", "my dev").say(step) == "jupyter aicore verify --profile 'my dev' --remove 'a b'"
    assert SHELL.say((AGAIN, ", or ", do("list"))) == "run the command again, or list_docker_secrets(tenant)"
    assert COMMANDS.keys() < CALLS.keys()
