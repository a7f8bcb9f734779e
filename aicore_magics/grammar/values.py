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
FOLDER = "DIR"
_TEMPLATES, _NOTEBOOKS, _CERTIFICATES = (".yaml", ".yml"), (".ipynb",), (".pem", ".crt", ".cer")
_LOGINS = (".json", ".dockerconfigjson", ".dockercfg", *_TEMPLATES)
# What the file of an option is mostly called, which takes others as well; --password-file takes any.
_USUAL = {"service_key": (".json",), "ca_file": _CERTIFICATES, "from_file": _LOGINS}
# The subcommands whose name is that of a secret which is there.
_OF_A_STORED_ONE = ("apply", "update", "show", "delete", "note", "forget", "form", "plan", "run")


@dataclass(frozen=True)
class Known:
    """What was seen before: *names* of secrets, *images*, *registries*, and tenants of the sandbox.

    *runs* are rotations in the record of this machine, the last one first; *open_runs* can go on.
    """

    names: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    registries: tuple[str, ...] = ()
    sandbox_tenants: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    open_runs: tuple[str, ...] = ()


def values(command: str, argument: Action, typed: str, known: Known) -> list[str]:
    """List what begins as *typed* and can be *argument* of *command*; nothing that looks like a token."""
    if argument.metavar in FILES:
        found: Iterable[str] = _files(command, argument, typed)
    elif argument.metavar == FOLDER:
        found = (path for path in _paths(typed) if path.endswith("/"))
    elif argument.option_strings and argument.option_strings[0] in _OF_REGISTRIES:
        found = _registries(argument.option_strings[0], known)
    elif argument.option_strings and argument.option_strings[0] in _OF_OPTIONS:
        found = _OF_OPTIONS[argument.option_strings[0]](typed, known)
    elif argument.dest in ("name", "names") and command.rpartition(" ")[2] in _OF_A_STORED_ONE:
        found = known.names
    elif argument.dest == "run":
        found = known.open_runs if command.endswith(" resume") else known.runs
    else:
        found = fixed_values(argument)
    return [word for word in dict.fromkeys(found) if word.startswith(typed) and not token_kind(word)]


def endings(command: str, argument: Action) -> tuple[str, ...]:
    """What the name of a file ends in that *argument* of *command* takes; nothing where any will do."""
    if argument.option_strings and argument.dest != "out":
        return ()
    if "template " in command:
        return _TEMPLATES
    return _NOTEBOOKS if command.endswith("aicore_notebook new") else ()


def usual_endings(command: str, argument: Action) -> tuple[str, ...]:
    """What the file mostly ends in, where another will do as well; nothing where none is usual."""
    if argument.option_strings:
        return _USUAL.get(argument.dest, ())
    of_scan = (*_NOTEBOOKS, ".env", *_LOGINS)
    return {"scan": of_scan, "scrub": _NOTEBOOKS}.get(command.rpartition(" ")[2], ())


def _files(command: str, argument: Action, typed: str) -> list[str]:
    """Folders, and the files that *argument* takes: the usual ones, or where none of them is there, any."""
    found = list(_paths(typed))
    needed, usual = endings(command, argument), usual_endings(command, argument)
    fitting = [path for path in found if path.lower().endswith((*(needed or usual), "/"))]
    there = needed or any(not path.endswith("/") for path in fitting)
    return fitting if there else found


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


def fixed_values(argument: Action) -> tuple[str, ...]:
    """List what *argument* takes on any machine: closed sets, and well-known registries."""
    from aicore_magics.registry.presets import hosts_to_offer

    option = (argument.option_strings or [f"{argument.dest}"])[0]
    if option in _OF_REGISTRIES:
        return tuple(host + _OF_REGISTRIES[option] for host in hosts_to_offer())
    if option in _FIXED or option == "rule":
        return tuple(_FIXED.get(option, _rules)())
    metavar = f"{argument.metavar}"
    return tuple(metavar.split("|")) if "|" in metavar else ()


def _registries(option: str, known: Known) -> Iterable[str]:
    """Registries, each with what stands behind it; images that were seen come first."""
    from aicore_magics.logins.docker_config import registries_in_files
    from aicore_magics.registry.presets import hosts_to_offer

    if option == "--image":
        yield from known.images
    for host in (*known.registries, *_unless_broken(registries_in_files), *hosts_to_offer()):
        yield host + _OF_REGISTRIES[option]


def _variables(typed: str, _known: Known) -> Iterable[str]:
    """Names of variables, which are no secret; behind a registry, too."""
    registry = typed[: typed.rfind("=") + 1]
    return (registry + name for name in sorted(os.environ))


def _profiles(_typed: str, known: Known) -> Iterable[str]:
    from aicore_magics.aicore.credential_sources import profiles

    return (*profiles(), *(f"{SANDBOX}{name}" for name in known.sandbox_tenants))


def _sandbox_tenants(_typed: str, known: Known) -> Iterable[str]:
    return known.sandbox_tenants


def _rules() -> Iterable[str]:
    from aicore_magics.templates.catalogue.index import RULES

    return sorted(RULES)


def _plans() -> Iterable[str]:
    from aicore_magics.templates.facts import PLANS

    return PLANS


def _instance_types() -> Iterable[str]:
    from aicore_magics.templates.facts import INSTANCE_TYPES

    return INSTANCE_TYPES


def _artifact_kinds(typed: str, _known: Known) -> Iterable[str]:
    """The kinds of artifacts, behind a name and where it goes."""
    from aicore_magics.templates.facts import ARTIFACT_KINDS

    artifact, colon, _ = typed.rpartition(":")
    return (f"{artifact}:{kind}" for kind in ARTIFACT_KINDS) if colon else ()


def _names(_typed: str, known: Known) -> Iterable[str]:
    return known.names


def _one_of(*words: str) -> Callable[[], Iterable[str]]:
    return lambda: words


def _unless_broken(find: Callable[[], Iterable[str]]) -> Iterable[str]:
    """What *find* gives, or nothing where a file cannot be read: whoever runs the line is told."""
    try:
        return find()
    except AICoreError:
        return ()


_RESOURCES = _one_of("cpu=", "memory=", "nvidia.com/gpu=")
_FIXED: dict[str, Callable[[], Iterable[str]]] = {
    "--resource-group": _one_of("default"),
    "--disable": _rules,
    "--for": _one_of("workflow", "serving"),
    "--plan": _plans,
    "--instance-type": _instance_types,
    "--pull-policy": _one_of("Always", "IfNotPresent", "Never"),
    "--metric": _one_of("concurrency", "rps"),
    "--request": _RESOURCES,
    "--limit": _RESOURCES,
}
# What stands behind a registry there.
_OF_REGISTRIES = {"--registry": "", "--no-check-registry": "", "--image": "/", "--login": "="}
_OF_OPTIONS: dict[str, Callable[[str, Known], Iterable[str]]] = {
    "--password-env": _variables,
    "--service-key-env": _variables,
    "--profile": _profiles,
    "--sandbox": _sandbox_tenants,
    "--secret": _names,
    "--leave-out": _names,
    "--replace": _names,
    "--input": _artifact_kinds,
    "--output": _artifact_kinds,
}
