"""What may be wrong with a container, in a template of either kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.tokens import token_kind
from aicore_magics.templates.catalogue.pulling import IMAGE_MISSING
from aicore_magics.templates.catalogue.running import (
    ARGS,
    ARGS_MISSING,
    ARGS_SHELL,
    COMMAND,
    ENV_SECRET,
    SECRET_KEY,
    TOKEN,
)
from aicore_magics.templates.catalogue.served import PORT
from aicore_magics.templates.catalogue.structure import TEXT
from aicore_magics.templates.facts import names_secret, stands_there
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.image import image_findings
from aicore_magics.templates.rules.keys import CONTAINER_SECURITY, ENV, KEY_REFERENCE, unknown_keys
from aicore_magics.templates.rules.keys import PORT as PORT_KEYS
from aicore_magics.templates.rules.needs import LAST_PORT, NEEDS, needs_findings
from aicore_magics.templates.rules.shape import mapping_in, mappings_in, not_text, text_in, texts_in, what

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.shape import Mapping

_FROM_SECRET = "take it from a generic secret: valueFrom: with secretKeyRef: {name: SECRET, key: KEY}"
_KEY_REFS = ("secretKeyRef", "configMapKeyRef")
# Matches `-c` and `-ec`; does not match `-e`, nor `--c`.
_TAKES_TEXT = re.compile(r"-[a-z]{0,9}c")
_SHELLS = ("/bin/sh", "sh", "/bin/bash", "bash")


def container_findings(
    found: Findings, container: Mapping, path: Path, *, keys: frozenset[str], owner: str, due: bool = True
) -> str:
    """Find what is wrong with *container*, of which *keys* are read; give its image, or an empty text.

    Without an image it is told only where one is *due*: not so where it stands elsewhere.
    """
    unknown_keys(found, container, keys, path, owner=owner)
    image = text_in(found, container, "image", path)
    if image:
        image_findings(found, image, (*path, "image"))
    elif due and container.get("image") in (None, ""):
        message = f"the {owner} has no image"
        here = (*path, "image") if "image" in container else path
        found.add(IMAGE_MISSING, here, message, "write image: docker.io/acme/churn:1.4")
    env_findings(found, container, path)
    _ports(found, container, path)
    if not NEEDS.isdisjoint(container):
        needs_findings(found, container, path)
    texts_in(found, container, "command", path)
    texts_in(found, container, "args", path)
    if "securityContext" in container:
        security = mapping_in(found, container, "securityContext", path)
        here = (*path, "securityContext")
        unknown_keys(found, security, CONTAINER_SECURITY, here, owner=f"the securityContext of a {owner}")
    return image


def command_findings(found: Findings, container: Mapping, path: Path) -> None:
    """Find that a workflow's container has no command or no args: the image's own are not used."""
    command, args = container.get("command"), container.get("args")
    if command is None or command == []:
        message = "the container has no command; AI Core ignores CMD and ENTRYPOINT of the image"
        found.add(COMMAND, path, message, 'write command: ["/bin/sh", "-c"], and args')
    elif args is None or args == []:
        here = (*path, "args") if "args" in container else path
        if isinstance(command, list) and command[-1] == "-c":
            message = "the container has no args, so its shell has nothing to run"
            found.add(ARGS, here, message, "write args: and below it, indented, - COMMAND")
        else:
            message = "the container has no args; SAP asks for them next to the command"
            found.add(ARGS_MISSING, here, message, 'write command: ["/bin/sh", "-c"], and the rest as args')
    elif type(args) is list and (len(args) > 1 or str(args[0]).lstrip()[:1] == "-"):
        shell_findings(found, container, path)


def script_findings(found: Findings, script: Mapping, path: Path) -> None:
    """Find that a script has no command, or one that runs no file.

    Argo writes the source to a file, which cannot be executed itself, and adds its path to the args
    (workflow/controller/operator.go and workflow/executor/executor.go of 3.5).
    """
    command = script.get("command")
    if command is None or command == []:
        message = "the script has no command; AI Core ignores CMD and ENTRYPOINT of the image"
        found.add(COMMAND, path, message, "write command: [python], or the program that runs the source")
    elif isinstance(command, list) and _TAKES_TEXT.fullmatch(str(command[-1])) and not script.get("args"):
        message = f"Argo passes the source as a file, and {command[-1]} makes the command read it as text"
        better = str(command[-1]).replace("c", "").removesuffix("-")
        fix = f"write {better} instead" if better else f"leave {command[-1]} out"
        found.add(ARGS, (*path, "command", len(command) - 1), message, fix)


def shell_findings(found: Findings, container: Mapping, path: Path) -> None:
    """Find that a shell gets what is no command: it runs the first of the args, and nothing else of them."""
    command, args = container.get("command"), container.get("args")
    plain = isinstance(command, list) and command[1:] == ["-c"] and command[0] in _SHELLS
    if not plain or not isinstance(args, list) or not args or not isinstance(args[0], str):
        return
    if args[0].lstrip().startswith("-"):
        message = "the shell runs the first of the args as a command, but it begins with a hyphen"
        found.add(ARGS_SHELL, (*path, "args", 0), message, "write the program in front of it, or as command:")
    elif len(args) > 1 and "$" not in args[0]:
        message = "the shell runs only the first of the args; the others become its $0, $1 and so on"
        found.add(ARGS_SHELL, (*path, "args", 1), message, "write all of them as one string")


def _ports(found: Findings, container: Mapping, path: Path) -> None:
    for here, port in mappings_in(found, container, "ports", path):
        unknown_keys(found, port, PORT_KEYS, here, owner="an entry of ports")
        number = port.get("containerPort")
        stands = (*here, "containerPort") if "containerPort" in port else here
        if isinstance(number, str) and "{{" in number:
            continue
        if isinstance(number, bool) or not isinstance(number, int):
            fix = "write it without quotes, as containerPort: 8080"
            found.add(PORT, stands, f"containerPort is {what(number)}, it must be a number", fix)
        elif not 1 <= number <= LAST_PORT:
            message = f"there is no port {shown(number)}"
            found.add(PORT, stands, message, f"write a number from 1 to {LAST_PORT}")


def env_findings(found: Findings, container: Mapping, path: Path) -> None:
    """Find what is wrong with the `env` of *container*. No value of a variable is ever repeated."""
    for here, entry in mappings_in(found, container, "env", path):
        unknown_keys(found, entry, ENV, here, owner="an entry of env")
        name, value = entry.get("name"), entry.get("value")
        if not isinstance(name, str) or not name:
            said = "no name" if name in (None, "") else f"{what(name)} as its name"
            stands = (*here, "name") if "name" in entry else here
            quote = isinstance(name, (int, float))
            found.add(TEXT, stands, f"an entry of env has {said}", "write - name: NAME", quote=quote)
        if type(value) is str:
            if type(name) is str and names_secret(name) and stands_there(value):
                _literal(found, name, value, (*here, "value"))
        elif value is not None:
            not_text(found, "the value of an entry of env", value, (*here, "value"), repeated=False)
        elif "valueFrom" in entry:
            _value_from(found, entry, here)


def _literal(found: Findings, name: str, value: str, path: Path) -> None:
    """Find a secret that stands in the template itself."""
    kind = token_kind(value)
    if kind:
        found.add(
            TOKEN, path, f"the value of {shown(name)} looks like {kind}", f"revoke it, and {_FROM_SECRET}"
        )
    else:
        message = f"the value of {shown(name)} is in the template, and in git; by its name it is a secret"
        found.add(ENV_SECRET, path, message, _FROM_SECRET)


def _value_from(found: Findings, entry: Mapping, path: Path) -> None:
    source = mapping_in(found, entry, "valueFrom", path)
    for kind in filter(source.__contains__, _KEY_REFS):
        here = (*path, "valueFrom", kind)
        reference = mapping_in(found, source, kind, here[:-1])
        unknown_keys(found, reference, KEY_REFERENCE, here, owner=kind)
        for part in ("name", "key"):
            if reference.get(part) in (None, ""):
                fix = f"write {part}: next to {'key' if part == 'name' else 'name'}"
                found.add(SECRET_KEY, here, f"{kind} has no {part}", fix)
