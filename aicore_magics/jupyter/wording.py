"""How a notebook says what to do next: by magics and their options."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from aicore_magics.next_steps import CommandLine

if TYPE_CHECKING:
    from aicore_magics.next_steps import Action

# What each action is in a notebook.
MAGICS = {
    "again": "run the cell again",
    "given-text": "in the cell",
    "set-variable": "set it before Jupyter starts",
    "connect": "%aicore_connect",
    "connect-key": "%aicore_connect --service-key FILE",
    "connect-ca": "%aicore_connect --ca-file FILE",
    "connect-trust": "%aicore_connect --service-key FILE --trust-host HOST",
    "connect-sandbox": "%aicore_connect --sandbox",
    "sandbox": "--sandbox",
    "list": "%aicore_docker_secret list",
    "delete-hidden": "%aicore_docker_secret delete --position {position}",
    "show": "%aicore_docker_secret show {name}",
    "show-wait": "%aicore_docker_secret show {name} --wait 60",
    "create": "%aicore_docker_secret create {name} --image {image}",
    "create-with-variable": "%aicore_docker_secret create {name} --image {image} --username {username} "
    "--password-env {variable}",
    "create-taken": "%aicore_docker_secret create NAME --docker-login --registry {registry}",
    "create-variable": "%aicore_docker_secret create NAME --registry {registry} --username {username} "
    "--password-env {variable}",
    "check-image": "%aicore_docker_secret check --image {image} --username {username}",
    "check-image-ca": "%aicore_docker_secret check --image {image} --username {username} --ca-file {file}",
    "check-image-realm": "%aicore_docker_secret check --image {image} --username {username} --realm {host}",
    "check-image-ca-realm": "%aicore_docker_secret check --image {image} --username {username} "
    "--ca-file {file} --realm {host}",
    "check-login": "%aicore_docker_secret check --registry {registry} --username {username}",
    "check-login-ca": "%aicore_docker_secret check --registry {registry} --username {username} "
    "--ca-file {file}",
    "check-login-realm": "%aicore_docker_secret check --registry {registry} --username {username} "
    "--realm {host}",
    "check-login-ca-realm": "%aicore_docker_secret check --registry {registry} --username {username} "
    "--ca-file {file} --realm {host}",
    "apply": "%aicore_docker_secret apply {name} …",
    "update": "%aicore_docker_secret update {name}",
    "workflow": "%aicore_template workflow {name} --image {image} --secret {secret} --scenario {scenario} "
    '--cell --args "{args}"',
    "serving": "%aicore_template serving {name} --image {image} --secret {secret} --scenario {scenario} "
    "--cell",
    "serving-pinned": "%aicore_template serving {name} --image {image} --secret {secret} "
    "--scenario {scenario} --pin-digest --cell",
    "patch": "%aicore_template patch {file} --secret {secret}",
    "patch-move": "%aicore_template patch {file} --secret {secret} --move",
    "save": "in a cell that begins with %%aicore_template save {path}",
    "rules": "%aicore_template rules",
    "rule": "%aicore_template rules {id}",
    "plan-scrub": "%aicore_notebook scrub PATH",
    "scrub": "%aicore_notebook scrub PATH --write",
    "remove-throwaway": "!jupyter aicore verify --remove {name}",
}


class Notebook(CommandLine):
    """Says an action as a magic."""

    def action(self, action: Action) -> str:
        """Return the magic that does *action*."""
        # Arguments of a container stand in quotes already.
        values = {name: value if name == "args" else shlex.quote(value) for name, value in action.values}
        return MAGICS[action.name].format_map(values)


NOTEBOOK = Notebook()
