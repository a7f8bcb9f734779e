"""Logins out of the files people have, recognised by content: keys as they stand, nothing guessed.

A docker `config.json`, a Kubernetes Secret, the body of AI Core's own API, what clouds and registries print,
and more, in base64 or another wrapping: the table is in `shapes`. What cannot be read is named by what it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from aicore_magics.errors import InvalidFile
from aicore_magics.logins.file_entries import FileEntry, Unusable, judged
from aicore_magics.logins.shapes.found import GIVE, Auths, Found, Named, Pair, article, full_kind
from aicore_magics.logins.shapes.recognise import recognised
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import Option

MAX_FILE_BYTES = 1_048_576
MAX_LOGINS = 5_000


@dataclass(frozen=True, slots=True)
class LoginFile:
    """What kind of file it is, its entries, which nobody has judged, and what to know about it.

    *login* is the only one of a file that names no registry.
    """

    kind: str
    entries: tuple[FileEntry, ...] = ()
    login: RegistryLogin | None = None
    notes: tuple[str, ...] = ()

    def judged(self) -> FoundLogins:
        """Return every login in the file. Raises InvalidFile if there is none."""
        if self.login:
            return FoundLogins(self.kind, (self.login,), notes=self.notes)
        read = [entry.judged() for entry in self.entries]
        logins = tuple(each for each in read if isinstance(each, RegistryLogin))
        unusable = tuple(each for each in read if isinstance(each, Unusable))
        if logins:
            return FoundLogins(self.kind, logins, unusable, self.notes)
        odd = next((each for each in unusable if each.odd), None)
        if odd:
            raise InvalidFile(odd.reason, next=odd.next)
        none = f"the {self.kind} has no password that can be stored"
        if unusable:
            raise InvalidFile(f"{none}: {unusable[0].reason}", next=unusable[0].next)
        raise InvalidFile(none, next="check that it is the right file.")


@dataclass(frozen=True, slots=True)
class FoundLogins:
    """The logins of a file of some *kind*, the entries that are none, and what to know about it."""

    kind: str
    logins: tuple[RegistryLogin, ...]
    unusable: tuple[Unusable, ...] = ()
    notes: tuple[str, ...] = ()


def parse_logins(text: str, *, registry: Registry | None = None) -> FoundLogins:
    """Read the logins in *text*; *registry* is for the kinds that name none.

    Raises InvalidFile if it is none of the known kinds, or holds no login that can be used.
    """
    file = open_logins(text, registry=registry)
    del text  # a verbose traceback shows what a frame holds
    return file.judged()


def open_logins(text: str, *, registry: Registry | None = None, every: bool = False) -> LoginFile:
    """Return what *text* is, with its entries as they stand; *registry* is for the kinds that name none.

    Of several documents the only one with that registry is taken, unless *every* login is asked for. Raises
    InvalidFile, which says what *text* is, if no logins can be read from it.
    """
    found = recognised(text)
    del text
    if isinstance(found, Named) and registry and not every:
        found = _only_one_for(registry, found)
    if isinstance(found, Auths) and len(found.entries) > MAX_LOGINS:
        raise InvalidFile(f"the login file has more than {MAX_LOGINS:,} entries", next=GIVE)
    if isinstance(found, Auths):
        entries = tuple(FileEntry(key, entry) for key, entry in found.entries.items())
        return LoginFile(full_kind(found), entries, notes=found.notes)
    if isinstance(found, Named):
        raise InvalidFile(found.sentence, next=found.next)
    return _for_registry(found, registry)


def _only_one_for(registry: Registry, several: Named) -> Found:
    """The only one among *several* documents that has a login for *registry*, or what they are."""
    fitting = [
        each
        for each in several.among
        if isinstance(each, Auths) and any(Registry.find(str(key)) == registry for key in each.entries)
    ]
    if len(fitting) != 1:
        return several
    note = f"1 of {len(several.among)} parts with logins is for {registry}. The others were not used."
    return replace(fitting[0], notes=(*fitting[0].notes, note))


def _for_registry(pair: Pair, registry: Registry | None) -> LoginFile:
    kind = full_kind(pair)
    if registry is None:
        raise InvalidFile(
            f"the file is {article(kind)}; its registry is unknown",
            next=Option("registry", "HOST", "add"),
        )
    if _names_host(pair, registry):
        raise InvalidFile(
            f"the file is {article(kind)} with the registry's host in it",
            next="leave out the host: only user and token belong there.",
        )
    login = judged(registry, pair.username, pair.password)
    if isinstance(login, Unusable):
        raise InvalidFile(login.reason, next=login.next)
    return LoginFile(kind, login=login, notes=pair.notes)


def _names_host(pair: Pair, registry: Registry) -> bool:
    """Whether the host is beside user and password, as in an address: HOST=USER, or PASSWORD@HOST."""
    before, _, behind = pair.password.reveal().rpartition("@")
    host = behind.partition("/")[0] if before else ""
    return registry in map(Registry.find, (pair.username.partition("=")[0], host))
