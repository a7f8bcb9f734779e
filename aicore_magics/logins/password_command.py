"""Passwords that a program prints, such as `aws ecr get-login-password`: run as its words say, by no shell.

What the words hold is on the line, in the notebook and in the list of processes; so they may not hold the
password itself. No message repeats what was typed, nor anything of what the program wrote.
"""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from aicore_magics.base.redact import Secret
from aicore_magics.base.spaces import bare
from aicore_magics.base.tokens import token_kind
from aicore_magics.base.wrappers import from_json
from aicore_magics.errors import InvalidLogin, LoginNotFound
from aicore_magics.logins.password_program import base_name, find_program
from aicore_magics.logins.programs import ask_program
from aicore_magics.next_steps import OR, Option

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from aicore_magics.logins.programs import Answer
    from aicore_magics.next_steps import Words

TIME_LIMIT = 30.0  # seconds, for one program
_SEE = "run it in a terminal to see more"
_EXAMPLE = Option("password-command", "aws ecr get-login-password")
# A registry before the program: up to the first =, and neither a path nor within quotes.
_FOR_REGISTRY = re.compile(r"""(?s)(?![.~/\\])([^\s'"=\\]+)=(.*)""")
_SETS_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*|[a-z_]+_[a-z_]*")
# What only prints its own arguments; and a shell's text in which it does so, unless it prints a variable.
_PRINTERS = ("echo", "printf", "write-output", "write-host")
_PRINTS = re.compile(
    rf"""(?:^|[\s;&|({{`/\\])(?:{"|".join(_PRINTERS)})(?:\s+(?:-\w+|["']?%\S*))*\s+["']*[^\s$`"'%-]""",
    re.IGNORECASE,
)
_WITH_PASSWORD = re.compile(
    r"--?(?:password|passwd|pass|pw|pwd|passphrase|token|pat|api-?key|access-token|client-secret)=.+|"
    r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@.*",
    re.IGNORECASE | re.DOTALL,
)
# Of AI Core, and of its sandbox in a notebook: with these one can write to a tenant.
_WITHHELD = re.compile(r"AICORE_.*(?:SECRET|KEY|CERT).*|SANDBOX_SERVICE_KEY.*|VCAP_SERVICES")
_SERVICE_KEY = re.compile("clientsecret|certurl", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PasswordCommand:
    """A *program*, by its path, and its other *words*: ready to be run."""

    program: str
    words: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> PasswordCommand:
        """Read a command without its registry, and find its program; nothing is run.

        Raises InvalidLogin for a text that is no command or holds a password, LoginNotFound for a program
        that is not there.
        """
        what = password_in(text)
        if what:
            revoke = "if it is a password, revoke it: it is on the line now. Use "
            _refuse(what, (revoke, Option("password-env", "VAR"), "."))
        words = _words(text)
        return cls(find_program(words[0]), tuple(words[1:]))

    @property
    def name(self) -> str:
        """The program's name, without its folder."""
        return base_name(self.program)

    def password(self, *, withheld: Collection[str] = ()) -> Secret:
        """Run the program, and give the one line that it prints.

        It sees the environment without what holds AI Core's secrets, and without the variables *withheld*.
        Raises LoginNotFound if it fails, hangs, or prints something else.
        """
        answer = ask_program(
            (self.program, *self.words), seconds=TIME_LIMIT, environ=_environment(os.environ, withheld)
        )
        password, fault, instead = _one_line(answer)
        if fault:
            raise LoginNotFound(f"{self.name} {fault}", next=instead)
        return password


def split_registry(text: str) -> tuple[str | None, str]:
    """Give the registry that stands before a command, if one does, and the command.

    Raises InvalidLogin where a variable is set there, as in a shell.

    >>> split_registry("ghcr.io=gh auth token"), split_registry("gh auth token --host=x")
    (('ghcr.io', 'gh auth token'), (None, 'gh auth token --host=x'))
    """
    text = bare(text)
    found = _FOR_REGISTRY.fullmatch(text)
    if found is None:
        return None, text
    if _SETS_VARIABLE.fullmatch(found[1]):
        _refuse(
            "a password command sets no variables: no shell runs it",
            "set the variable before, or write env before it.",
        )
    return found[1], bare(found[2])


def command_name(text: str) -> str:
    """Give the name of the program in *text*, without its folder: what the record says of it."""
    _, command = split_registry(text)
    return base_name(_words(command)[0])


def password_in(text: str) -> str:
    """Say in a few words how the command *text* itself holds a password; nothing if it does not."""
    if kind := token_kind(text):
        return f"the password command contains what looks like {kind}"
    try:
        words = _lexed(text)
    except ValueError:
        words = text.split()
    for word in words:
        if kind := token_kind(word):
            return f"the password command contains what looks like {kind}"
    if any(map(_WITH_PASSWORD.fullmatch, words)):
        return "the password command contains a password"
    if _prints_itself(words):
        return "the password command prints a text that is on the line"
    return ""


def _prints_itself(words: list[str]) -> bool:
    """Whether the program only prints its own arguments, or a shell is told to."""
    names = (base_name(word).lower().removesuffix(".exe") for word in words)
    return any(name in _PRINTERS for name in names) or any(map(_PRINTS.search, words))


def _refuse(what: str, instead: Words) -> NoReturn:
    raise InvalidLogin(what, next=instead)


def _words(text: str) -> list[str]:
    """The words of a command; there is at least one. Raises InvalidLogin for a text that is none."""
    what = "the password command has no program"
    instead: Words = (_EXAMPLE, ", for example.")
    try:
        words = _lexed(text)
    except ValueError:
        words = []
        what = "a quote in the password command is not closed"
        instead = "close it, and put the other quotes around the whole command."
    if not words or not words[0]:
        _refuse(what, instead)
    return words


def _lexed(text: str) -> list[str]:
    """Split as a POSIX shell does; on Windows a backslash is a part of a path."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    if os.name == "nt":
        lexer.escape = ""
    return list(lexer)


def _environment(around: Mapping[str, str], withheld: Collection[str]) -> dict[str, str]:
    """What the program sees of the environment *around* this process."""
    named = {name.upper() for name in withheld}
    return {
        name: value
        for name, value in around.items()
        if name.upper() not in named and not _WITHHELD.fullmatch(name) and not _SERVICE_KEY.search(value)
    }


_Read = tuple[Secret, str, "Words"]  # the password, or why there is none, and what to do


def _one_line(answer: Answer) -> _Read:
    """The one line that a program printed, without its end; or why that is no password."""
    if answer.fault or answer.status:
        return Secret(""), answer.fault or f"failed ({answer.ended})", f"{_SEE}."
    text = answer.output.reveal()
    line = text[:-1].removesuffix("\r") if text.endswith("\n") else text
    fault, instead = _object_fault(line) or _line_fault(line)
    return Secret("" if fault else line), fault, instead


def _object_fault(line: str) -> tuple[str, Words] | None:
    """What a JSON object is instead of a password, which only that of a Google key can be."""
    data = from_json(line) if line.lstrip().startswith("{") else None
    if not isinstance(data, dict) or "private_key" in data:
        return None
    if {"Username", "Secret"} <= data.keys():
        instead = ("use ", Option("docker-login"), ", which runs docker's helpers itself.")
        return "printed a whole login of a credential helper, not a password", instead
    return "printed a JSON object, not a password", "let it print only the value."


def _line_fault(line: str) -> tuple[str, Words]:
    if not bare(line):
        return "printed nothing", (_SEE, OR, "use ", Option("password-env", "VAR"), ".")
    if "\n" in line or "\r" in line:
        return "printed several lines; a password is one line", "let it print only the password."
    return ("printed a NUL character, which no password contains", f"{_SEE}.") if "\0" in line else ("", "")
