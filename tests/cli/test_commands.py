"""What can be typed behind `jupyter aicore`: the options of the magics, and those that a shell needs."""

from __future__ import annotations

import pytest

from aicore_magics.cli import main
from aicore_magics.cli.commands import TEMPLATE, commands, named, read, run_of, template_commands
from aicore_magics.cli.ends import OF_COMMANDS, WRITING
from aicore_magics.grammar import notebook_grammar, rotate_grammar, secret_grammar, template_grammar
from aicore_magics.grammar.parsing import Once
from aicore_magics.grammar.words import PASSWORD_OPTIONS, WrongUse

MAGICS = {
    **secret_grammar.SECRET.subcommands,
    **notebook_grammar.NOTEBOOK.subcommands,
    **rotate_grammar.ROTATE.subcommands,
    "rules": template_grammar.TEMPLATE.subcommands["rules"],
}
GRAMMARS = {
    **dict.fromkeys(secret_grammar.SECRET.subcommands, secret_grammar.SECRET),
    **dict.fromkeys(notebook_grammar.NOTEBOOK.subcommands, notebook_grammar.NOTEBOOK),
    **dict.fromkeys(rotate_grammar.ROTATE.subcommands, rotate_grammar.ROTATE),
    **{f"{TEMPLATE} {name}": template_grammar.TEMPLATE for name in template_grammar.TEMPLATE.subcommands},
    "rules": template_grammar.TEMPLATE,
}
# What only means something in a notebook, and in a shell.
IN_NOTEBOOK = {"check": {"--strict"}, "template check": {"--strict"}}
IN_NOTEBOOK |= {f"template {kind}": {"--cell", "--profile", "--timeout"} for kind in ("workflow", "serving")}
OF_RECORDS = ("due", "forget")  # which ask no tenant
OF_A_NAME = {"--profile", "--service-key", "--service-key-env"}
OF_A_TENANT = {"--profile", "--service-key", "--service-key-env", "--trust-host", "--ca-file", "--timeout"}


def parser_of(command):
    grammar = template_commands() if command.startswith(TEMPLATE) else commands()
    return grammar.parser(command.removeprefix(f"{TEMPLATE} "))


@pytest.mark.parametrize(
    "command", [name for name in OF_COMMANDS if name not in ("verify", "tutorials", "rotate")]
)
def test_a_command_takes_what_its_magic_takes(command):
    """One table for both: a command has the options of its magic, and those that name a tenant."""
    shared = GRAMMARS[command].parser(command.removeprefix(f"{TEMPLATE} "))
    expected = {*shared.option_names()} - IN_NOTEBOOK.get(command, set()) | {"--format"}
    if "--profile" in expected:
        expected |= OF_A_TENANT if command not in OF_RECORDS else OF_A_NAME
    assert {*parser_of(command).option_names()} == expected


@pytest.mark.parametrize("command", OF_COMMANDS)
def test_no_option_takes_a_password(command):
    """No command has an option for a secret's value."""
    assert not {*PASSWORD_OPTIONS} & {*parser_of(command).option_names()}


@pytest.mark.parametrize("command", OF_COMMANDS)
@pytest.mark.parametrize("ask", ["{} --help", "{} -h", "help {}", "{} x --help"])
def test_help_everywhere(command, ask, capsys):
    """--help, -h and help say how, with the exit statuses, and end with 0."""
    assert main(ask.format(command).split()) == 0
    out, err = capsys.readouterr()
    assert (out.startswith(f"usage: jupyter aicore {command} "), err) == (True, "")
    assert out.endswith(f"  3  {OF_COMMANDS[command][3]}\n")


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"], [TEMPLATE, "--help"], ["help", TEMPLATE]])
def test_help_as_a_whole(words, capsys):
    """All commands with a line each, and what the exit statuses mean."""
    assert main(words) == 0
    out = capsys.readouterr().out
    there = template_commands() if TEMPLATE in words else commands()
    assert all(f"\n  {name} " in out for name in there.subcommands)
    assert "\nexit status:\n  0  done, or clean\n" in out


@pytest.mark.parametrize("words", [[], [TEMPLATE]])
def test_nothing_asked(words, capsys):
    """Without a command the help stands on standard error, and it is no success: a hook must not pass."""
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert (out, err.startswith("usage: jupyter aicore")) == ("", True)


def test_the_version(capsys):
    """--version is the version alone, as Jupyter's own commands print theirs."""
    assert main(["--version"]) == 0
    out = capsys.readouterr().out
    assert out.strip().count(".") == 2
    assert out.strip().replace(".", "").isdecimal()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["crate"], "jupyter aicore has no command crate; did you mean create?"),
        ([TEMPLATE, "patsh"], "jupyter aicore template has no command patsh; did you mean patch?"),
        (["xyzzy"], "jupyter aicore has no command xyzzy; choose one of check, create"),
        (["list", "--porfile", "x"], "no option --porfile; did you mean --profile?"),
        (["list", "--prof", "x"], "no option --prof"),
        (["rules", "--strict"], "no option --strict"),
    ],
)
def test_what_is_mistyped(words, says, capsys):
    """The nearest word is named on standard error, with status 2; what was typed is not repeated."""
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert (out, err[: len(says)]) == ("", says)
    assert words[-1] not in err.replace(says, "")


def test_each_command_runs_something():
    """No command is without a function, and who writes is a command."""
    assert all(callable(run_of(command)) for command in OF_COMMANDS)
    assert {*WRITING} <= {*commands().subcommands}


def test_reading():
    """The command, with its options; what stands behind `template` belongs to it."""
    command, options = read(["template", "check", "a.yaml", "--format", "sarif"])
    assert (command, options.paths, options.format) == ("template check", ["a.yaml"], "sarif")
    assert named(["template"])[0] == "template"
    with pytest.raises(WrongUse, match="--format takes text or json"):
        read(["list", "--format", "sarif"])


@pytest.mark.parametrize("command", OF_COMMANDS)
def test_a_value_is_given_once(command):
    """In a shell, too, of two values of one option none wins: not of a tenant, a format or a limit."""
    once = [each.option_strings for each in parser_of(command).arguments() if isinstance(each, Once)]
    for option in (names[0] for names in once if names):
        with pytest.raises(WrongUse, match=f"^{option} is given twice; give it once; "):
            read([*command.split(), f"{option}=a", option, "b"])
