"""From the line behind a magic to its options: argparse under shlex, and misuse in one plain sentence.

No message repeats what was typed: it may have been a password in the wrong place. IPython is not needed here.
"""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any, NoReturn

from aicore_magics.base.plural import count
from aicore_magics.base.spaces import bare
from aicore_magics.grammar.meant import option_meant, word_meant
from aicore_magics.grammar.record_words import read_records
from aicore_magics.grammar.synonyms import KINDS
from aicore_magics.grammar.together import idle
from aicore_magics.grammar.words import WrongUse
from aicore_magics.http.deadline import TIME_LIMIT

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST = 3600  # seconds that a call may be allowed
# Arguments that are names of things or of files: spaces around them do not count. All others, such as --args,
# --env and --description, are kept letter by letter.
NAMES = {
    *(
        "name",
        "registry",
        "username",
        "login",
        "image",
        "realm",
        "password_env",
        "password_command",
        "keyring",
        "secret",
        "scenario",
        "names",
        "ends",
        "before",
        "from_templates",
    ),
    *("leave_out", "no_check_registry", "run", "record", "plan", "engine", "every"),
    *("profile", "resource_group", "trust_host", "service_key", "ca_file", "from_file", "password_file"),
    "sandbox",
}
# A tenant of the sandbox in a notebook, as --profile names it.
SANDBOX = "sandbox:"
_SANDBOX_TENANT = re.compile(r"[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?")
_SEVERAL_IN_ONE = re.compile("[,;]")
_GIVEN = "given once"  # beside the options, while a line is read
_LONGEST_WORD = 24  # letters of an option or a subcommand that a message repeats
_ENDS_IN_BACKSLASH = re.compile(r"(?s).*[^:\\]\\").fullmatch
_WORD = re.compile(r"-?-?(?:[a-z]+|[A-Z][a-z]*|[A-Z]+)(?:[-_](?:[a-z]+|[A-Z][a-z]*|[A-Z]+))*")
# The only message of argparse here that quotes what was typed: there are no types and no choices.
_QUOTED = re.compile(r"ignored explicit argument .*", re.DOTALL)
# How shells write a variable: $VAR, ${VAR}, $env:VAR and %VAR%.
_SHELL_VARIABLE = re.compile(r"(?:[^=]*=)?(?:\$.*|%.*%)", re.DOTALL)


class Once(argparse.Action):
    """An option with a value that may be given once: of two values nobody can tell which was meant."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option: str | None = None,
    ) -> None:
        """Keep the value, or raise WrongUse if there is one already."""
        given = vars(namespace).setdefault(_GIVEN, set())
        if option and self.dest in given:
            parser.error(f"{option} is given twice; give it once")
        given.add(self.dest)
        setattr(namespace, self.dest, values)


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises WrongUse, takes no abbreviations and never repeats a value."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        for name in (None, "store"):
            self.register("action", name, Once)

    def error(self, message: str) -> NoReturn:
        """Raise WrongUse with argparse's words, without the value that some of them quote."""
        fault = _QUOTED.sub("takes no value", message)
        if "expected one argument" in fault:
            fault += " (one that begins with a hyphen is written with =, as in --args=--model)"
        joint = "" if fault.endswith("?") else ";"
        raise WrongUse(f"{fault}{joint} {self.prog} --help shows how.")

    def read(self, words: list[str]) -> argparse.Namespace:
        """Give the options in *words*, or raise WrongUse."""
        options, extra = self.parse_known_args(words)
        vars(options).pop(_GIVEN, None)
        if extra:
            if any(map(_ENDS_IN_BACKSLASH, words)) and not any(word.startswith("-") for word in extra):
                self.error("a backslash does not join words: put quotes around them, as in 'my model'")
            self.error(self._too_much(extra, getattr(options, "name", None)))
        if fault := next(idle(self.prog.rpartition(" ")[2], self.given(options)), ""):
            self.error(fault)
        for name in NAMES & vars(options).keys():
            setattr(options, name, _bare(getattr(options, name)))
        options.timeout = _seconds("--timeout", getattr(options, "timeout", None), TIME_LIMIT)
        options.wait = _seconds("--wait", getattr(options, "wait", None), 0.0)
        _check_profiles(options)
        _check_tenant(options)
        _check_form(options)
        _check_kind(options)
        _check_variables(options)
        _check_commands(options)
        read_records(options)
        if "position" in options:
            options.position = _position(options.position, options.name)
        return options

    def given(self, options: argparse.Namespace) -> list[str]:
        """The options that were given with a value that is not their default."""
        return [
            action.option_strings[0]
            for action in self._actions
            if action.option_strings and getattr(options, action.dest) != action.default
        ]

    def option_names(self) -> tuple[str, ...]:
        """The long options, as typed."""
        return tuple(option for option in self._option_string_actions if option.startswith("--"))

    def format_help(self) -> str:
        """Give the help, under one short line of usage: which options there are stands below it."""
        names = (_shown(argument) for argument in self._get_positional_actions())
        usage = " ".join((self.prog, *names, "[options]"))
        self.usage = usage.replace("%", "%%")
        return super().format_help()

    def arguments(self) -> tuple[argparse.Action, ...]:
        """What the line may hold: names, paths and options."""
        return tuple(self._actions)

    def argument(self, option: str) -> argparse.Action | None:
        """The argument of that *option*, if it takes a value."""
        action = self._option_string_actions.get(option)
        return action if action and action.nargs != 0 else None

    def takes(self, option: str, beside: Collection[str]) -> bool:
        """Whether a line may have that *option* *beside* others."""
        action = self._option_string_actions.get(option)
        if action is None:
            return False
        given = [self._option_string_actions[each] for each in beside if each]
        return not any(action in group and any(each in group for each in given) for group in self.rivals())

    def takes_several(self, option: str) -> bool:
        """Whether a line may have that *option* several times."""
        return not isinstance(self._option_string_actions.get(option), Once)

    def rivals(self) -> tuple[list[argparse.Action], ...]:
        """The options of which only one may be given."""
        groups = self._mutually_exclusive_groups
        return tuple(group._group_actions for group in groups)  # noqa: SLF001 - nothing public tells it

    def _too_much(self, extra: list[str], name: str | None) -> str:
        """Say what of *extra* is not understood, by what was meant, never by what was typed."""
        arguments = (action.dest for action in self._get_positional_actions())
        formats = (f"--format {name}" for name in self.get_default("formats") or ())
        known = (*self.option_names(), *arguments, *formats)
        typed = next((word.partition("=")[0] for word in extra if word.startswith("-")), None)
        if typed is None:
            # As in kubectl's `create secret docker-registry NAME`.
            kind = name in KINDS.split()
            meant = f"{self.prog} NAME" if kind else word_meant(self.prog, extra, known)
            more = count(len(extra), "unexpected word")
            return f"{more}; did you mean {meant}?" if meant else more
        meant = option_meant(self.prog, typed, known)
        if not meant and not typed.startswith("--"):
            typed = typed[:2]  # with its value behind it, as in -uanna
            meant = option_meant(self.prog, typed, known)
        fault = f"no option {typed}" if may_be_named(typed) else "no such option"
        return f"{fault}; {meant}" if meant else fault


def may_be_named(word: str) -> bool:
    """Whether *word* reads like one that people make up, and not like a password or a token.

    >>> may_be_named("--regsitry"), may_be_named("-u"), may_be_named("--ghp_x1"), may_be_named("--hunTer")
    (True, True, False, False)
    """
    return len(word) <= _LONGEST_WORD and bool(_WORD.fullmatch(word))


def _shown(argument: argparse.Action) -> str:
    """How an argument without an option is written."""
    if argument.nargs == "+":
        return f"{argument.metavar} [{argument.metavar} …]"
    if argument.nargs == "*":
        return f"[{argument.metavar} …]"
    return f"[{argument.metavar}]" if argument.nargs == "?" else f"{argument.metavar}"


def sandbox_tenant(profile: str) -> str:
    """Return the tenant of the sandbox that *profile* names; empty if it is a config file's.

    >>> sandbox_tenant("sandbox:dev"), sandbox_tenant("dev")
    ('dev', '')
    """
    return profile.removeprefix(SANDBOX) if profile.startswith(SANDBOX) else ""


def _check_tenant(options: argparse.Namespace) -> None:
    """Refuse a name that no tenant of the sandbox can have."""
    profiles, sandbox = getattr(options, "profile", None) or "", getattr(options, "sandbox", None)
    named = [profiles] if isinstance(profiles, str) else profiles
    tenants = [sandbox_tenant(each) or "?" for each in named if each.lower().startswith(SANDBOX)]
    tenants += [sandbox] if isinstance(sandbox, str) and sandbox else []
    if not all(map(_SANDBOX_TENANT.fullmatch, tenants)):
        raise WrongUse(
            "a sandbox tenant has a name such as dev: small letters, digits and hyphens, at most 20 of them."
        )
    if (tenants or sandbox) and "sandbox" in options:  # --sandbox itself is refused beside them already
        for option in ("ca_file", "trust_host"):
            if getattr(options, option, None):
                raise WrongUse(
                    f"--profile {SANDBOX}NAME and --{option.replace('_', '-')} do not go together: "
                    "the sandbox is on this machine."
                )


def _check_profiles(options: argparse.Namespace) -> None:
    """Refuse several profiles behind one --profile, where it may be given several times."""
    named = getattr(options, "profile", None)
    if isinstance(named, list) and any(_SEVERAL_IN_ONE.search(each) for each in named):
        raise WrongUse("write --profile once for each tenant, as in --profile dev --profile test.")


def _check_form(options: argparse.Namespace) -> None:
    """Refuse --as with another word, or without --dry-run."""
    form = getattr(options, "form", "")
    if form and not (form in ("curl", "http") and options.dry_run):
        raise WrongUse("--as takes curl or http, and needs --dry-run.")


def _check_kind(options: argparse.Namespace) -> None:
    """Refuse --for with another word."""
    if getattr(options, "pulled_by", "") not in ("", "workflow", "serving"):
        raise WrongUse("--for takes workflow or serving; the default is both.")


def _check_variables(options: argparse.Namespace) -> None:
    """Refuse a shell's variable where its name is due."""
    names = getattr(options, "password_env", None) or ()
    if any(map(_SHELL_VARIABLE.fullmatch, [names] if isinstance(names, str) else names)):
        raise WrongUse("--password-env takes the name of a variable, without $: --password-env GHCR_TOKEN.")


def _check_commands(options: argparse.Namespace) -> None:
    """Refuse a command that has the password in its own words, as a password on a line is refused."""
    for text in getattr(options, "password_command", None) or ():
        from aicore_magics.logins.password_command import password_in

        if what := password_in(text):
            raise WrongUse(
                f"{what}. If it is a password, revoke it: it is on this line now. Use --password-env VAR."
            )


def _bare(value: Any) -> Any:
    """One text, or several, without the spaces around each."""
    if isinstance(value, str):
        return bare(value)
    return [bare(each) for each in value] if isinstance(value, list) else value


def _seconds(option: str, text: str | None, default: float) -> float:
    """Read the value of *option*."""
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1 <= value <= LONGEST:
        raise WrongUse(f"{option} takes seconds from 1 to {LONGEST}, such as 60.")
    return value


def _position(text: str | None, name: str) -> int:
    """Read the value of --position, which stands in place of a name; 0 without one."""
    if name and text is not None:
        raise WrongUse("give a name or --position, not both.")
    if not name and text is None:
        raise WrongUse("give a name, or --position N for a hidden name, as in --position 2.")
    if text is not None and not re.fullmatch("[1-9][0-9]{0,5}", text):
        raise WrongUse("--position takes a number that the list shows, such as 2.")
    return int(text or 0)
