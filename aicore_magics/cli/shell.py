"""How a shell says what to do next: by commands, with the words that led to the tenant."""

from __future__ import annotations

import shlex
from itertools import pairwise
from typing import TYPE_CHECKING

from aicore_magics.base.command_line import CommandLine

if TYPE_CHECKING:
    from aicore_magics.cli.given_command import GivenCommand
    from aicore_magics.next_steps import Action

# What each action is in a shell. {given} are the words that led to the tenant; a write needs some, so that
# {tenant} is NAME where there were none. What is in brackets is left out where its value is not known. No
# command connects: each names its tenant, so "connect" is no line.
COMMANDS = {
    "again": "run the command again",
    "given-text": "in the file",
    "set-variable": "export it",
    "connect": "",
    "connect-key": "--service-key {file}",
    "connect-ca": "REQUESTS_CA_BUNDLE={file}",
    "connect-trust": "--trust-host {host}",
    "leave-sandbox": "",
    "connect-sandbox": "jupyter aicore sandbox",
    "sandbox": "run jupyter aicore sandbox --service-key-file key.json in another terminal, "
    "then add --service-key key.json",
    "list": "jupyter aicore list[{given}]",
    "delete-hidden": "jupyter aicore delete --position {position}{tenant}",
    "show": "jupyter aicore show {name}[{given}]",
    "show-wait": "jupyter aicore show {name} --wait 60[{given}]",
    "create": "jupyter aicore create[ {name}][ --image {image}]{tenant}",
    "create-with-variable": "jupyter aicore create {name} --image {image} --username {username} "
    "--password-env {variable}{tenant}",
    "create-taken": "jupyter aicore create --docker-login --registry {registry}{tenant}",
    "create-variable": "jupyter aicore create[ --registry {registry}] --password-env {variable}{tenant}",
    "check-image": "jupyter aicore check --image {image}[ --username {username}]",
    "check-image-ca": "jupyter aicore check --image {image}[ --username {username}] --ca-file {file}",
    "check-image-realm": "jupyter aicore check --image {image}[ --username {username}] --realm {host}",
    "check-image-ca-realm": "jupyter aicore check --image {image}[ --username {username}] --ca-file {file} "
    "--realm {host}",
    "check-login": "jupyter aicore check --registry {registry}[ --username {username}]",
    "check-login-ca": "jupyter aicore check --registry {registry}[ --username {username}] --ca-file {file}",
    "check-login-realm": "jupyter aicore check --registry {registry}[ --username {username}] --realm {host}",
    "check-login-ca-realm": "jupyter aicore check --registry {registry}[ --username {username}] "
    "--ca-file {file} --realm {host}",
    "apply": "jupyter aicore apply {name}{tenant}",
    "update": "jupyter aicore update {name}{tenant}",
    "update-login": "jupyter aicore update {name}[ --registry {registry}][ --username {username}]{tenant}",
    "update-logins": "jupyter aicore update {name}[ --login {logins}]{tenant}",
    "workflow": "jupyter aicore template workflow {name} --image {image} --secret {secret} "
    "--scenario {scenario} --args {args} --out {name}.yaml",
    "serving": "jupyter aicore template serving {name} --image {image} --secret {secret} "
    "--scenario {scenario} --out {name}.yaml",
    "serving-pinned": "jupyter aicore template serving {name} --image {image}@{digest} --secret {secret} "
    "--scenario {scenario} --out {name}.yaml",
    "patch": "jupyter aicore template patch {file} --secret {secret}",
    "patch-move": "jupyter aicore template patch {file} --secret {secret} --move",
    "patch-write": "jupyter aicore template patch[ {paths}] --secret {secret} --write",
    "patch-remove": "jupyter aicore template patch[ {paths}] --remove --write",
    "save": "as {path}",
    "save-next": "as {path}",
    "rules": "jupyter aicore rules",
    "rule": "jupyter aicore rules {id}",
    "plan-scrub": "jupyter aicore scrub[ {paths}]",
    "scrub": "jupyter aicore scrub[ {paths}] --write",
    "due": "jupyter aicore due[{given}]",
    "note": "jupyter aicore note {name} --registry {registry} --username {username} --ends {date}"
    "[ --image {image}]{tenant}",
    "note-ends": "jupyter aicore note {name}[ --registry {registry}] --ends {date}{tenant}",
    "forget": "jupyter aicore forget {name}{tenant}",
    "remove-throwaway": "jupyter aicore verify[{given}] --remove {name}",
    "rotate-plan": "in a notebook: %aicore_rotate plan[ {names}][ --registry {registry}]"
    "[ --profile {profiles}]",
    "rotate-run": "jupyter aicore rotate {file}[ --password-env {variable}]{tenant}",
    "rotate-resume": "run jupyter aicore rotate again, with the same plan",
    "rotate-undo": "in a notebook: %aicore_rotate undo[ {run}]",
    "rotate-status": "in a notebook: %aicore_rotate status",
}


_NAMES = ("--profile", "--service-key", "--service-key-env")
_ASK_NOBODY = ("due", "forget")  # the name of a tenant is all that they take of what led to it


class Shell(CommandLine):
    """Says what to do as a shell does. *given* are the words that led to the tenant, to be typed again.

    *line* is the command that was run: its options go into the next one.
    """

    lines = COMMANDS

    def __init__(self, *given: str, line: GivenCommand | None = None) -> None:
        self._given = "".join(f" {shlex.quote(word)}" for word in given)
        name = next((pair for pair in pairwise(given) if pair[0] in _NAMES), ())
        self._name = "".join(f" {shlex.quote(word)}" for word in name)
        self._line = line

    def action(self, action: Action) -> str:
        """Return the command that does *action*."""
        given = self._name if action.name in _ASK_NOBODY else self._given
        line = super().action(action.with_(given=given, tenant=given or " --profile NAME"))
        return self._line.continued(line) if self._line and line.startswith("jupyter aicore ") else line

    def word(self, name: str, value: str) -> str:
        """Return *value* as a shell needs it; the words that led to the tenant are quoted already."""
        return value if name in ("given", "tenant") else super().word(name, value)


SHELL = Shell()
