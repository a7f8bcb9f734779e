"""What may be meant behind an option: files, registries, names that are known. No network is asked for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from aicore_magics.base.files import at_home
from aicore_magics.base.tokens import token_kind
from aicore_magics.errors import AICoreError
from aicore_magics.grammar.parsing import SANDBOX

if TYPE_CHECKING:
    from argparse import Action
    from collections.abc import Callable, Iterable

MOST_ENTRIES = 5_000  # of a folder, so that nobody waits for one with a million files
FILES = ("FILE", "PATH")
# The subcommands whose name is that of a secret which is there.
_OF_A_STORED_ONE = ("apply", "update", "show", "delete", "form")


@dataclass(frozen=True)
class Known:
    """What was seen before: *names* of secrets, *images*, *registries*, and tenants of the sandbox."""

    names: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    registries: tuple[str, ...] = ()
    sandbox_tenants: tuple[str, ...] = ()


def values(command: str, argument: Action, typed: str, known: Known) -> list[str]:
    """List what begins as *typed* and can be *argument* of *command*; nothing that looks like a token."""
    if argument.metavar in FILES:
        ends = (*endings(command, argument), "/")
        found: Iterable[str] = (path for path in _paths(typed) if len(ends) == 1 or path.endswith(ends))
    elif argument.option_strings:
        found = _OF_OPTIONS.get(argument.option_strings[0], _nothing)(typed, known)
    elif argument.dest == "rule":
        found = _rules(typed, known)
    else:
        found = known.names if command.rpartition(" ")[2] in _OF_A_STORED_ONE else ()
    return [word for word in dict.fromkeys(found) if word.startswith(typed) and not token_kind(word)]


def endings(command: str, argument: Action) -> tuple[str, ...]:
    """What the name of a file ends in that *argument* of *command* takes; nothing where any will do."""
    if argument.option_strings and argument.dest != "out":
        return ()
    if "template " in command:
        return (".yaml", ".yml")
    return (".ipynb",) if command.endswith("aicore_notebook new") else ()


def _paths(typed: str) -> Iterable[str]:
    """The files and folders that begin as *typed*; hidden ones only behind a dot."""
    folder, name = os.path.split(typed)
    folder = typed[: len(typed) - len(name)]  # with its slash, in whatever spelling
    found = []
    try:
        with os.scandir(at_home(folder or ".")) as entries:
            for entry in islice(entries, MOST_ENTRIES):
                fits = entry.name.startswith(name) and (name or not entry.name.startswith("."))
                if fits and entry.name.isprintable():
                    found.append(f"{folder}{entry.name}/" if _is_folder(entry) else folder + entry.name)
    except (OSError, ValueError):
        return ()
    return sorted(found)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether *entry* is a folder; a link that leads to itself is none, and hides no other file."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _registries(_typed: str, known: Known) -> Iterable[str]:
    from aicore_magics.logins.docker_config import registries_in_files
    from aicore_magics.registry.presets import hosts_to_offer

    return (*known.registries, *_unless_broken(registries_in_files), *hosts_to_offer())


def _images(typed: str, known: Known) -> Iterable[str]:
    return (*known.images, *(f"{host}/" for host in _registries(typed, known)))


def _logins(typed: str, known: Known) -> Iterable[str]:
    return (f"{host}=" for host in _registries(typed, known))


def _variables(typed: str, _known: Known) -> Iterable[str]:
    """Names of variables, which are no secret; behind a registry, too."""
    registry = typed[: typed.rfind("=") + 1]
    return (registry + name for name in sorted(os.environ))


def _profiles(_typed: str, known: Known) -> Iterable[str]:
    from aicore_magics.aicore.credential_sources import profiles

    return (*profiles(), *(f"{SANDBOX}{name}" for name in known.sandbox_tenants))


def _sandbox_tenants(_typed: str, known: Known) -> Iterable[str]:
    return known.sandbox_tenants


def _rules(_typed: str, _known: Known) -> Iterable[str]:
    from aicore_magics.templates.catalogue.index import RULES

    return sorted(RULES)


def _plans(_typed: str, _known: Known) -> Iterable[str]:
    from aicore_magics.templates.facts import PLANS

    return PLANS


def _instance_types(_typed: str, _known: Known) -> Iterable[str]:
    from aicore_magics.templates.facts import INSTANCE_TYPES

    return INSTANCE_TYPES


def _artifact_kinds(typed: str, _known: Known) -> Iterable[str]:
    """The kinds of artifacts, behind a name and where it goes."""
    from aicore_magics.templates.facts import ARTIFACT_KINDS

    artifact, colon, _ = typed.rpartition(":")
    return (f"{artifact}:{kind}" for kind in ARTIFACT_KINDS) if colon else ()


def _names(_typed: str, known: Known) -> Iterable[str]:
    return known.names


def _one_of(*words: str) -> Callable[[str, Known], Iterable[str]]:
    return lambda _typed, _known: words


def _nothing(_typed: str, _known: Known) -> Iterable[str]:
    return ()


def _unless_broken(find: Callable[[], Iterable[str]]) -> Iterable[str]:
    """What *find* gives, or nothing where a file cannot be read: whoever runs the line is told."""
    try:
        return find()
    except AICoreError:
        return ()


_OF_OPTIONS: dict[str, Callable[[str, Known], Iterable[str]]] = {
    "--registry": _registries,
    "--login": _logins,
    "--image": _images,
    "--password-env": _variables,
    "--profile": _profiles,
    "--sandbox": _sandbox_tenants,
    "--resource-group": _one_of("default"),
    "--secret": _names,
    "--replace": _names,
    "--disable": _rules,
    "--as": _one_of("curl", "http"),
    "--for": _one_of("workflow", "serving"),
    "--plan": _plans,
    "--instance-type": _instance_types,
    "--input": _artifact_kinds,
    "--output": _artifact_kinds,
    "--pull-policy": _one_of("Always", "IfNotPresent", "Never"),
    "--metric": _one_of("concurrency", "rps"),
    "--request": _one_of("cpu=", "memory=", "nvidia.com/gpu="),
    "--limit": _one_of("cpu=", "memory=", "nvidia.com/gpu="),
}
