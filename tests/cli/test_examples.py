"""The examples in the help of the commands."""

from __future__ import annotations

import shlex

import pytest

from aicore_magics.cli import main
from aicore_magics.cli.commands import TEMPLATE, read
from aicore_magics.cli.ends import OF_COMMANDS, WRITING
from aicore_magics.cli.examples import EXAMPLES
from aicore_magics.cli.tenant import is_named


def test_each_command_has_two():
    """No command is without, and none has the same twice."""
    assert EXAMPLES.keys() == OF_COMMANDS.keys()
    assert all(len({*lines}) == 2 for lines in EXAMPLES.values())


@pytest.mark.parametrize("command", EXAMPLES)
def test_each_can_be_run(command, capsys):
    """An example is a line that its command takes, names a tenant to write to, and fits into 78 columns."""
    for example in EXAMPLES[command]:
        words = shlex.split(example.replace("\\\n", " "))
        read_as, options = read([TEMPLATE, *words] if command.startswith(TEMPLATE) else words)
        assert read_as == command
        assert command not in WRITING or is_named(options)
    assert main([*command.split(), "--help"]) == 0
    out = capsys.readouterr().out
    assert out.count("  jupyter aicore ") == 2
    assert max(map(len, out.splitlines())) <= 78
