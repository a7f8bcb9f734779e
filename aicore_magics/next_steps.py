"""What to do next, as values; and what was not done. Each door says them in its own way.

A text of ours is words with values in between: an `Action` is a command in a notebook, a call in Python, a
line in a shell, and a form has its own; an `Option` is an argument, or a field. So nobody takes a text apart
to say it otherwise: who wants to know what is to be done looks at the values.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeAlias


class Effect(Enum):
    """What became of the things outside: of AI Core, a registry, a file."""

    NONE = ""  # nothing was at stake, or it is told elsewhere
    NOTHING_SENT = "Nothing was sent."
    NOTHING_CHANGED = "Nothing was changed."
    NOTHING_STORED = "Nothing was stored."
    NOTHING_WRITTEN = "Nothing was written."
    UNKNOWN = "unknown"  # what happened tells what may have been done

    @property
    def sentence(self) -> str:
        """The effect in a sentence, if there is one for it."""
        return "" if self is Effect.UNKNOWN else self.value


Value: TypeAlias = "str | tuple[str, ...]"  # one, or several of a kind


@dataclass(frozen=True, slots=True)
class Action:
    """Something that this package does: its *name*, one of `CALLS`, and the values to do it with.

    An empty value is not known.
    """

    name: str
    values: tuple[tuple[str, Value], ...] = ()

    def with_(self, **values: Value) -> Action:
        """Return the same action with *values* in place of what it had by these names."""
        return replace(self, values=tuple({**dict(self.values), **values}.items()))


@dataclass(frozen=True, slots=True)
class Option:
    """One argument of the call that went before. *lead* is the word in front of it: add, with, an."""

    name: str
    value: str | int = ""
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """Words that go with the action before them, set off by *joint* where it is a line."""

    words: str
    joint: str = "  "


@dataclass(frozen=True, slots=True)
class Guess:
    """The names that may have been meant."""

    names: tuple[str, ...]


class Sign(Enum):
    """What is between words: another way follows, or the action before it is for a minute later."""

    OR = ", or "
    SOON = "  in a minute"


class Command(str):
    """A line for another program, to copy."""

    __slots__ = ()


class Quote(str):
    """What someone else said, such as a registry."""

    __slots__ = ()


VALUES = (Action, Option, Beside, Guess, Sign)
Piece: TypeAlias = str | Action | Option | Beside | Guess | Sign
Words: TypeAlias = Piece | tuple[Piece, ...]

AGAIN = Action("again")
NO_TENANT = "none"  # as the value tenant of an action: not even the one that the line before was for
OR, SOON = Sign.OR, Sign.SOON


def do(action: str, /, **values: Value) -> Action:
    """Return the *action* of that name, to be done with *values*."""
    return Action(action, tuple(values.items()))


def pieces(words: Words) -> tuple[Piece, ...]:
    """Return *words* one by one."""
    return words if isinstance(words, tuple) else (words,)


def ways(words: Words) -> list[tuple[Piece, ...]]:
    """Return each way that *words* name."""
    each: list[tuple[Piece, ...]] = [()]
    for piece in pieces(words):
        if piece is OR:
            each.append(())
        else:
            each[-1] += (piece,)
    return each


def in_a_row(*texts: Words) -> tuple[Piece, ...]:
    """Return *texts* as one, with a space between any two that are not empty."""
    row: list[Piece] = []
    for text in texts:
        if text:
            row += [" ", *pieces(text)] if row else pieces(text)
    return tuple(row)


def closed(text: str) -> str:
    """Return *text* as a sentence: with a full stop, unless it has a sign at its end.

    >>> closed("it exists"), closed("is it there?"), closed("")
    ('it exists.', 'is it there?', '')
    """
    return text if not text or text[-1] in ".?…" else f"{text}."


def unclosed(text: str) -> str:
    """Return *text* as in a headline: without a full stop.

    >>> unclosed("it exists."), unclosed("is it there?")
    ('it exists', 'is it there?')
    """
    return text.rstrip(".")


def capitalised(text: str) -> str:
    """Return *text* as it begins a sentence."""
    return text[:1].upper() + text[1:]


def uncapitalised(text: str) -> str:
    """Return *text* as it is after a colon."""
    return text[:1].lower() + text[1:]


# What each action is in Python. Every door has such a table.
CALLS = {
    "again": "try again",
    "given-text": "in the text",
    "set-variable": "set it",
    "connect": "connect()",
    "connect-key": "connect(service_key={file})",
    "connect-ca": "connect(ca_file={file})",
    "connect-trust": "connect(trust_hosts={host})",
    "leave-sandbox": "",  # no call that checks goes to a tenant
    "connect-sandbox": "connect_with(start().service_key, sandbox=True)",
    "sandbox": "connect_with(start().service_key, sandbox=True)",
    "list": "list_docker_secrets(tenant)",
    "delete-hidden": "delete_docker_secret(tenant, listed.hidden[0])",
    "show": "show_docker_secret(tenant, {name})",
    "show-wait": "show_docker_secret(tenant, {name}, wait=60)",
    "create": "create_docker_secret(tenant, {name}, logins, images=[{image}])",
    "create-with-variable": "create_docker_secret(tenant, {name}, "
    "[RegistryLogin({registry}, {username}, Secret.from_env({variable}))], images=[{image}])",
    "create-taken": "take_logins(LoginWish(docker_login=True, registry={registry}), ask)",
    "create-variable": "RegistryLogin({registry}, {username}, Secret.from_env({variable}))",
    "check-image": "check_image({image}, logins)",
    "check-image-ca": "check_image({image}, logins, checking=CheckOptions(ca_file={file}))",
    "check-image-realm": "check_image({image}, logins, checking=CheckOptions(realms=[{host}]))",
    "check-image-ca-realm": "check_image({image}, logins, "
    "checking=CheckOptions(ca_file={file}, realms=[{host}]))",
    "check-login": "check_image((), logins)",
    "check-login-ca": "check_image((), logins, checking=CheckOptions(ca_file={file}))",
    "check-login-realm": "check_image((), logins, checking=CheckOptions(realms=[{host}]))",
    "check-login-ca-realm": "check_image((), logins, checking=CheckOptions(ca_file={file}, realms=[{host}]))",
    "apply": "apply_docker_secret(tenant, {name}, logins)",
    "update": "update_docker_secret(tenant, {name}, logins)",
    "update-login": "update_docker_secret(tenant, {name}, logins)",
    "update-logins": "update_docker_secret(tenant, {name}, logins)",
    "workflow": "workflow_template({name}, image={image}, secret={secret}, scenario={scenario}, "
    "container=Container(args=[{args}]))",
    "serving": "serving_template({name}, image={image}, secret={secret}, scenario={scenario})",
    "serving-pinned": "serving_template({name}, image={image}, secret={secret}, scenario={scenario}, "
    "options=ServingOptions(digest={digest}))",
    "patch": "patch_template({file}, {secret}, write=True)",
    "patch-move": "patch_template({file}, {secret}, write=True, options=PatchOptions(move=True))",
    "patch-write": "patch_template({paths}, {secret}, write=True)",
    "patch-remove": "patch_template({paths}, None, write=True)",
    "save": "with save_template({path}, text)",
    "save-next": "with save_template({path}, text)",
    "rules": "template_rules()",
    "rule": "template_rules({id})",
    "plan-scrub": "plan_scrub({paths})",
    "scrub": "scrub_notebooks(plan_scrub({paths}))",
    "due": "docker_secret_records(tenant)",
    "note": "note_docker_secret(tenant, {name}, registry={registry}, username={username}, ends={date}, "
    "images={image})",
    "note-ends": "note_docker_secret(tenant, {name}, ends={date})",
    "forget": "forget_records([{name}], tenant=tenant)",
    "remove-throwaway": "remove_throwaway_secrets(tenant, [{name}])",
    "rotate-plan": "plan_rotation(tenants, [{name}])",
    "rotate-run": "rotate(plan, tenants, logins)",
    "rotate-resume": "resume_rotation(tenants, logins, {run})",
    "rotate-undo": "undo_rotation(tenants, logins, {run})",
    "rotate-status": "rotation_status()",
}
# What stands for a value that is not known.
BLANKS = {"name": "NAME", "secret": "NAME", "image": "REF", "username": "USER", "registry": "HOST"}
BLANKS |= {"file": "FILE", "host": "HOST", "paths": "PATH", "args": "COMMAND", "date": "DATE", "run": "RUN"}
# Options without a value, as arguments.
_SWITCHES = {
    "all": "take_all=True",
    "docker-login": "docker_login=True",
    "force": "force=True",
    "no-check": "check=False",
    "sandbox": "sandbox=True",
    "strict": "strict=True",
    "write": "write=True",
}


class Door:
    """How Python says what to do: by calls. The other doors say some pieces otherwise."""

    def say(self, words: Words) -> str:
        """Return *words* as text."""
        return "".join(map(self._piece, pieces(words)))

    def action(self, action: Action) -> str:
        """Return what does *action*."""
        values = {**BLANKS, **{name: value for name, value in action.values if value}}
        return CALLS[action.name].format_map(
            {name: json.dumps(value, ensure_ascii=False) for name, value in values.items()}
        )

    def blanks(self, words: Words) -> str:
        """Return what to fill in for *words*, if that is to be shown."""
        return ""

    def option(self, option: Option) -> str:
        """Return *option* as an argument of a call."""
        name, value = option.name.replace("-", "_"), json.dumps(option.value, ensure_ascii=False)
        argument = _SWITCHES.get(option.name) or (f"{name}={value}" if option.value else name)
        return f"{option.lead} {argument}" if option.lead else argument

    def _piece(self, piece: Piece) -> str:
        if isinstance(piece, Action):
            return self.action(piece)
        if isinstance(piece, Option):
            return self.option(piece)
        if isinstance(piece, Beside):
            return f"{piece.joint}{piece.words}"
        if isinstance(piece, Guess):
            return f"did you mean {' or '.join(piece.names)}? "
        return piece.value if isinstance(piece, Sign) else piece


PYTHON = Door()
