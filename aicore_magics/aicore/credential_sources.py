"""Where credentials for AI Core are found: a list that can be read, in the order of SAP's SDK.

The first place with any of them wins whole; places are never mixed. A looker gives None for "not here"
and raises for "here, but broken".
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aicore_magics.aicore.key_shapes import SDK_FIELDS
from aicore_magics.aicore.key_texts import unquoted
from aicore_magics.aicore.service_key import (
    ENVIRONMENT,
    MAX_BYTES,
    ServiceKey,
    found_key,
    key_fields,
    service_key,
)
from aicore_magics.base.files import (
    at_home,
    is_there,
    open_to_others,
    read_bytes,
    read_text,
    short_path,
    unread,
)
from aicore_magics.base.redact import scrub
from aicore_magics.base.spaces import bare
from aicore_magics.base.wrappers import Unread, as_text, from_json
from aicore_magics.errors import CredentialsNotFound, InvalidFile
from aicore_magics.model.names import ResourceGroup
from aicore_magics.next_steps import OR, do

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PROFILE_FILE = re.compile(r"config_([\w.-]+)\.json")
MAX_VCAP = 1_048_576  # characters, of the bindings of all services
# The resource group stands on its own.
_VARIABLES = {field: name for field, name in SDK_FIELDS.items() if field != "resource_group"}


@dataclass(frozen=True)
class Surroundings:
    """What a looker may look at: the environment, and the profile if one was named."""

    environ: Mapping[str, str]
    profile: str = ""

    @property
    def home(self) -> Path:
        """The folder of the config files."""
        return at_home(self.environ.get("AICORE_HOME") or "~/.aicore")

    @property
    def config_file(self) -> Path:
        """The config file that counts: AICORE_CONFIG, or one in AICORE_HOME by profile."""
        direct = self.environ.get("AICORE_CONFIG")
        if direct and not self.profile:
            return at_home(direct)
        profile = bare(self.profile or self.environ.get("AICORE_PROFILE", ""))
        return self.home / ("config.json" if profile in ("", "default") else f"config_{profile}.json")


def from_service_key_variable(around: Surroundings) -> ServiceKey | None:
    """Take the whole key from AICORE_SERVICE_KEY."""
    text = around.environ.get("AICORE_SERVICE_KEY")
    source = "service key, variable AICORE_SERVICE_KEY"
    return service_key_of(text, source) if text else None


def from_variables(around: Surroundings) -> ServiceKey | None:
    """Take the single AICORE_* variables, as soon as one of them is set."""
    fields = {field: around.environ[name] for field, name in _VARIABLES.items() if around.environ.get(name)}
    if not fields:
        return None
    quoted = [_VARIABLES[field] for field, value in fields.items() if unquoted(value) != value]
    plain = {field: unquoted(value) for field, value in fields.items()}
    key = service_key(plain, ENVIRONMENT, names=_VARIABLES)
    note = f"The quotes around {' and '.join(quoted)} were removed."
    return replace(key, notes=(note, *key.notes)) if quoted else key


def from_config_file(around: Surroundings) -> ServiceKey | None:
    """Take `$AICORE_HOME/config.json`, or `config_<profile>.json` for a profile, which then must exist."""
    place = around.config_file
    named = bare(around.profile or around.environ.get("AICORE_PROFILE", ""))
    if named.startswith("sandbox:"):
        raise CredentialsNotFound(
            "a profile that begins with sandbox: exists only in the notebook that started that sandbox",
            next=(do("connect-key"), OR, do("sandbox")),
        )
    if named == "sandbox" and not is_there(place):  # the tenant that a card calls so
        raise CredentialsNotFound(
            "no config file is for a profile named sandbox", next=("use the sandbox itself: ", do("sandbox"))
        )
    if not is_there(place) and named in ("", "default"):
        return None
    source = f"config file {short_path(place)}" + (f", profile {scrub(named)}" if named else "")
    config = _flat(read_text(place, what="the config file", limit=MAX_BYTES), source)
    fields = {field: config[name] for field, name in _VARIABLES.items() if config.get(name)}
    if not fields and not around.profile:
        return None
    key = service_key(fields, source, names=_VARIABLES)
    return replace(key, notes=(*open_to_others(place), *key.notes))


def from_vcap(around: Surroundings) -> ServiceKey | None:
    """Take the first binding labelled `aicore` in VCAP_SERVICES."""
    text = around.environ.get("VCAP_SERVICES")
    source = "binding in VCAP_SERVICES"
    if not text:
        return None
    services = from_json(text) if len(text) <= MAX_VCAP else Unread.NOT_JSON
    if isinstance(services, Unread):
        # Broken or too large, and here only if it is about AI Core at all.
        return service_key_of(text, source) if '"aicore"' in text else None
    bindings = [each for each in _bindings(services) if each.get("label") == "aicore"]
    return service_key_of(json.dumps({"aicore": bindings}), source) if bindings else None


def _bindings(services: Any) -> Iterator[dict[str, Any]]:
    """All bindings of all services; the name of a service is the label of one that bears none."""
    for name, bindings in services.items() if isinstance(services, dict) else ():
        for binding in bindings if isinstance(bindings, list) else ():
            if isinstance(binding, dict):
                yield {"label": name, **binding}


SOURCES: tuple[tuple[str, Callable[[Surroundings], ServiceKey | None]], ...] = (
    ("AICORE_SERVICE_KEY", from_service_key_variable),
    ("AICORE_*", from_variables),
    ("config file", from_config_file),
    ("VCAP_SERVICES", from_vcap),
)


def find_service_key(*, profile: str = "", environ: Mapping[str, str] | None = None) -> ServiceKey:
    """Give the credentials of the first place that has any; with *profile*, of that config file alone.

    Raises CredentialsNotFound, naming every place that was looked at, and what the lookers raise.
    """
    around = Surroundings(os.environ if environ is None else environ, profile)
    lookers = [from_config_file] if profile else [look for _, look in SOURCES]
    key = next(filter(None, (look(around) for look in lookers)), None)
    if key is None:
        places = ["config file"] if profile else [name for name, _ in SOURCES]
        looked = ", ".join(places).replace("config file", short_path(around.config_file))
        raise CredentialsNotFound(
            f"no credentials in {looked}",
            next=(
                "to try without an account: ",
                do("sandbox"),
                OR,
                "with a service key: ",
                do("connect-key"),
            ),
        )
    group, note = _resource_group(around)
    return replace(key, resource_group=group or key.resource_group, notes=(*key.notes, *note))


def profiles() -> tuple[str, ...]:
    """List the profiles that have a config file, by name; none of the files is read."""
    try:
        files = {file.name for file in Surroundings(os.environ).home.iterdir()}
    except OSError:
        return ()
    named = [match[1] for match in map(_PROFILE_FILE.fullmatch, sorted(files)) if match]
    return (*(("default",) if "config.json" in files else ()), *named)


def read_service_key(path: str) -> ServiceKey:
    """Give the service key in the file *path*, and nothing else. UTF-16, as PowerShell writes it, is read."""
    raw, fault = read_bytes(path, MAX_BYTES)
    text = "" if fault else as_text(raw)
    if text is None:
        fault, text = "is not UTF-8 or UTF-16 text", ""
    if fault:
        raise InvalidFile(unread(path, fault, what="the service key"), next="check the path.")
    source = f"service key, file {short_path(Path(path))}"
    key = service_key_of(text, source)
    return replace(key, notes=(*open_to_others(path), *key.notes))


def service_key_in(variable: str) -> ServiceKey:
    """Give the service key in the environment *variable*, and nothing else.

    Raises CredentialsNotFound if it is not set or empty; what may be the key itself is not repeated.
    """
    is_name = re.fullmatch(r"[A-Z_][A-Z0-9_]{0,63}", variable)
    try:
        text = os.environ.get(variable)
    except (UnicodeEncodeError, ValueError):  # half of a character, or a null: no environment can have it
        text = None
    if not text:
        state = "is not set" if text is None else "is empty"
        what = f"the variable {variable} {state}" if is_name else f"the variable for the service key {state}"
        unnamed = "name a variable without the $, such as AICORE_SERVICE_KEY, and set it."
        raise CredentialsNotFound(what, next=(do("set-variable"), ".") if is_name else unnamed)
    return service_key_of(text, f"service key, variable {variable if is_name else 'as named'}")


def service_key_of(text: str, source: str) -> ServiceKey:
    """Give the service key that *text* is, wrapped or not; *source* names it in errors and results."""
    found = found_key(text, source)
    key = service_key(key_fields(found, source), source, names=None if found.settings is None else SDK_FIELDS)
    return replace(key, notes=(*found.notes, *key.notes))


def _resource_group(around: Surroundings) -> tuple[ResourceGroup | None, tuple[str, ...]]:
    """The resource group stands on its own: it may come from another place than the credentials.

    A config file that is broken is no reason to fail where the credentials came from elsewhere.
    """
    name = around.environ.get("AICORE_RESOURCE_GROUP")
    place = around.config_file
    if not name and is_there(place):
        try:
            # The error that would name the source becomes a note.
            config = _flat(read_text(place, what="the config file", limit=MAX_BYTES), source="")
            name = config.get("AICORE_RESOURCE_GROUP")
        except InvalidFile:
            return None, (f"{short_path(place)} cannot be read, so no resource group was taken from it.",)
    return (ResourceGroup.typed(name) if name else None), ()


def _flat(text: str, source: str) -> dict[str, str]:
    """The texts of a flat JSON object."""
    data = from_json(text)
    if not isinstance(data, dict):
        raise InvalidFile(f"the {source} is not a JSON object", next="fix it or remove it.")
    return {name: value for name, value in data.items() if isinstance(value, str)}
