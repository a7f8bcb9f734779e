"""How a notebook says what to do next: by magics and their options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.base.command_line import CommandLine
from aicore_magics.next_steps import NO_TENANT

if TYPE_CHECKING:
    from aicore_magics.grammar.given_line import GivenLine
    from aicore_magics.next_steps import Action

_IMAGE = "%aicore_docker_secret check --image {image}[ --username {username}]"
_LOGIN = "%aicore_docker_secret check --registry {registry}[ --username {username}]"
# What each action is in a notebook. A value in brackets is left out where it is not known: it is asked for.
MAGICS = {
    "again": "run the cell again",
    "given-text": "in the cell",
    "set-variable": "set it before Jupyter starts",
    "connect": "%aicore_connect",
    "connect-key": "%aicore_connect --service-key {file}",
    "connect-ca": "%aicore_connect --ca-file {file}",
    "connect-trust": "%aicore_connect --trust-host {host}",
    "leave-sandbox": "%aicore_connect --disconnect",
    "connect-sandbox": "%aicore_connect --sandbox",
    "sandbox": "%aicore_connect --sandbox",
    "list": "%aicore_docker_secret list",
    "delete-hidden": "%aicore_docker_secret delete --position {position}",
    "show": "%aicore_docker_secret show {name}",
    "show-wait": "%aicore_docker_secret show {name} --wait 60",
    "create": "%aicore_docker_secret create[ {name}][ --image {image}]",
    "create-with-variable": "%aicore_docker_secret create {name} --image {image} --username {username} "
    "--password-env {variable}",
    "create-taken": "%aicore_docker_secret create --docker-login --registry {registry}",
    "create-variable": "%aicore_docker_secret create[ --registry {registry}] --password-env {variable}",
    "check-image": _IMAGE,
    "check-image-ca": _IMAGE + " --ca-file {file}",
    "check-image-realm": _IMAGE + " --realm {host}",
    "check-image-ca-realm": _IMAGE + " --ca-file {file} --realm {host}",
    "check-login": _LOGIN,
    "check-login-ca": _LOGIN + " --ca-file {file}",
    "check-login-realm": _LOGIN + " --realm {host}",
    "check-login-ca-realm": _LOGIN + " --ca-file {file} --realm {host}",
    "apply": "%aicore_docker_secret apply {name}",
    "update": "%aicore_docker_secret update {name}",
    "update-login": "%aicore_docker_secret update {name}[ --registry {registry}][ --username {username}]",
    "update-logins": "%aicore_docker_secret update {name}[ --login {logins}]",
    "workflow": "%aicore_template workflow {name} --image {image} --secret {secret} --scenario {scenario} "
    '--cell --args "{args}"',
    "serving": "%aicore_template serving {name} --image {image} --secret {secret} --scenario {scenario} "
    "--cell",
    "serving-pinned": "%aicore_template serving {name} --image {image} --secret {secret} "
    "--scenario {scenario} --pin-digest --cell",
    "patch": "%aicore_template patch {file} --secret {secret}",
    "patch-move": "%aicore_template patch {file} --secret {secret} --move",
    "patch-write": "%aicore_template patch[ {paths}] --secret {secret} --write",
    "patch-remove": "%aicore_template patch[ {paths}] --remove --write",
    "save": "in a cell that begins with %%aicore_template save {path}",
    "save-next": "run the next cell: it has the template, checks it and writes {path}",
    "rules": "%aicore_template rules",
    "rule": "%aicore_template rules {id}",
    "plan-scrub": "%aicore_notebook scrub[ {paths}]",
    "scrub": "%aicore_notebook scrub[ {paths}] --write",
    "due": "%aicore_rotate due",
    "note": "%aicore_docker_secret note {name} --registry {registry} --username {username} --ends {date}"
    "[ --image {image}]",
    "note-ends": "%aicore_docker_secret note {name}[ --registry {registry}] --ends {date}",
    "forget": "%aicore_docker_secret forget {name}",
    "remove-throwaway": "!jupyter aicore verify --remove {name}",
    "rotate-plan": "%aicore_rotate plan[ {names}][ --registry {registry}][ --profile {profiles}]",
    "rotate-run": "%aicore_rotate run[ {names}][ --password-env {variable}]",
    "rotate-resume": "%aicore_rotate resume[ {run}]",
    "rotate-undo": "%aicore_rotate undo[ {run}]",
    "rotate-status": "%aicore_rotate status",
}


class Notebook(CommandLine):
    """Says an action as a magic. *given* is the line that was run: its options go into the next one."""

    lines = MAGICS
    _given: GivenLine | None = None

    def __init__(self, given: GivenLine | None = None) -> None:
        self._given = given

    def action(self, action: Action) -> str:
        """Return the magic that does *action*."""
        line = super().action(action)
        given, own_tenant = self._given, dict(action.values).get("tenant") != NO_TENANT
        # An undo takes the former login: where the new one is, its line must not say.
        if given and action.name in ("save", "rotate-undo"):
            return line + given.tenant()
        go_on = given and line.startswith("%") and action.name != "leave-sandbox"
        return given.continued(line, same_tenant=own_tenant) if given and go_on else line

    def word(self, name: str, value: str) -> str:
        """Return *value* as one word; the arguments of a container stand in quotes already."""
        return value if name == "args" else super().word(name, value)


NOTEBOOK = Notebook()
