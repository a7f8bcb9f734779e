"""How a shell says what to do: by commands that can be typed as they are."""

from __future__ import annotations

import shlex

import pytest

from aicore_magics.cli.commands import commands, read, template_commands
from aicore_magics.cli.ends import WRITING
from aicore_magics.cli.shell import COMMANDS, SHELL, Shell
from aicore_magics.cli.tenant import is_named
from aicore_magics.next_steps import AGAIN, CALLS, Action, do
from aicore_magics.sandbox.__main__ import make_parser
from tests.test_next_steps import VALUES, places

# What is no command of ours: words, an option to add, a variable to set.
WORDS = (
    *("again", "sandbox", "given-text", "set-variable", "save", "save-next"),
    *("connect", "connect-ca", "leave-sandbox"),
    *("rotate-plan", "rotate-resume", "rotate-undo", "rotate-status"),
)
OPTIONS = ("connect-key", "connect-trust")
LINES = [name for name in COMMANDS if name not in (*WORDS, *OPTIONS)]


def test_every_action_has_its_words():
    """A shell knows the same actions as Python and the notebook, and takes no other values than they do."""
    assert COMMANDS.keys() == CALLS.keys()
    assert all(places(text) <= {*VALUES, "given", "tenant"} for text in COMMANDS.values())


@pytest.mark.parametrize("given", [(), ("--profile", "my dev"), ("--service-key", "a b.json")])
@pytest.mark.parametrize("name", LINES)
def test_each_command_can_be_run(name, given):
    """What a shell says to do next is a line that the command takes, with the tenant where it writes."""
    jupyter, aicore, *words = shlex.split(Shell(*given).say(do(name, **VALUES)).removesuffix(" …"))
    assert (jupyter, aicore) == ("jupyter", "aicore")
    if words[0] == "sandbox":
        make_parser().parse_args(words[1:])
        return
    command, options = read(words)
    if command in WRITING:
        assert is_named(options)
        # A rotation takes several tenants.
        assert not given or given[1] in [*_several(options.profile), *_several(options.service_key)]


def _several(given):
    return [given] if isinstance(given, str) else given


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_to_add_is_one_of_each_command_with_a_tenant(name):
    """Where an option is what helps, each command that asks a tenant has it."""
    option = SHELL.say(do(name)).split()[0]
    of_tenants = [
        grammar.parser(command)
        for grammar in (commands(), template_commands())
        for command in grammar.subcommands
        if {"--profile", "--timeout"} <= {*grammar.parser(command).option_names()} or command == "verify"
    ]
    assert len(of_tenants) == 12
    assert all(option in parser.option_names() for parser in of_tenants)


def test_values_are_quoted():
    """A name with a space, a quote or a dollar in it is one word, and nothing in it is expanded."""
    step = do("remove-throwaway", name="a b")
    assert SHELL.say(step) == "jupyter aicore verify --remove 'a b'"
    assert Shell("--profile", "my dev").say(step) == "jupyter aicore verify --profile 'my dev' --remove 'a b'"
    assert shlex.split(SHELL.say(do("update", name="it's $HOME")))[3] == "it's $HOME"
    assert SHELL.say((AGAIN, ", or ", do("list"))) == "run the command again, or jupyter aicore list"


def test_the_sandbox_is_started_in_another_terminal():
    """The sandbox keeps its terminal, and writes the file that the command beside it needs."""
    line, _, more = (
        SHELL.say(do("sandbox")).removeprefix("run jupyter aicore sandbox ").partition(" in another ")
    )
    file = make_parser().parse_args(shlex.split(line)).service_key_file
    assert more == f"terminal, then add --service-key {file}"


def test_an_action_that_nobody_knows_is_a_bug():
    """No action is passed over in silence."""
    with pytest.raises(KeyError):
        SHELL.say(Action("unheard-of"))
