"""What a write leaves in the record of this machine: which login is where, for which images, until when.

Nothing here fails a write: what could not be recorded is told in a sentence.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from aicore_magics.base.aside import whole
from aicore_magics.base.calls import may_have_changed
from aicore_magics.base.redact import scrub_name
from aicore_magics.base.spaces import bare
from aicore_magics.base.tokens import token_kind, without_tokens
from aicore_magics.base.version import VERSION
from aicore_magics.errors import InvalidDate, OutcomeUnknown
from aicore_magics.ledger.ledger import Ledger
from aicore_magics.ledger.place import ledger_folder, sandbox_folder
from aicore_magics.ledger.record import NotedLogin, Record
from aicore_magics.model.expiry import NOT_KNOWN, Expiry, told_end
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import Option
from aicore_magics.registry.single_check import find_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.base.redact import Secret
    from aicore_magics.ledger.fingerprint import Fingerprints
    from aicore_magics.ledger.record import Outcome
    from aicore_magics.model.docker_secret import RegistryLogin

WRITTEN_WITHIN = 3.0  # seconds that a write waits for its record


@dataclass(frozen=True)
class Recording:
    """What the record of this machine is told of a write, beside what is known of it.

    *ends* are the ends of logins that only you know: a DATE, or REGISTRY=DATE where there are several logins.
    A date ends at 00:00 UTC of that day, a time needs an offset, and `never` is a login that does not end.
    *notebook* is the name of the notebook. Raises InvalidDate and InvalidRegistry.
    """

    ends: str | tuple[str, ...] = ()
    notebook: str = ""
    _told: tuple[tuple[Registry | None, Expiry], ...] = field(init=False, default=(), repr=False)

    def __post_init__(self) -> None:
        """Read each end; a single one may stand alone."""
        ends = (self.ends,) if isinstance(self.ends, str) else tuple(self.ends)
        object.__setattr__(self, "ends", ends)
        object.__setattr__(self, "_told", tuple(map(_read, ends)))

    def told(self, logins: Iterable[RegistryLogin]) -> dict[str, Expiry]:
        """Return the ends that were told, by the keys of *logins*.

        Raises InvalidDate for one that belongs to none of them, or to several.
        """
        logins, ends = tuple(logins), {}
        for registry, expiry in self._told:
            meant = [login for login in logins if registry in (None, find_registry(login))]
            if not meant:
                raise InvalidDate(
                    f"an end is given for {registry}, but no login",
                    next=("leave it out, or add ", Option("login", f"{registry}=USER"), "."),
                )
            if len(meant) > 1 or meant[0].key in ends:
                raise InvalidDate(
                    "it is not clear which login an end is for",
                    next=("give one for each registry: ", Option("ends", "ghcr.io=2027-01-31"), "."),
                )
            ends[meant[0].key] = expiry
        return ends


def noted_login(
    login: RegistryLogin, expiry: Expiry | None, prints: Fingerprints, *others: Secret
) -> NotedLogin:
    """Return what is recorded of *login*: nothing of its password, or of those of the *others* beside it."""
    stored = login.stored()
    kind = token_kind(login.password.reveal()) or ""
    return NotedLogin(
        registry=shown_text(stored.registry, *others),
        username=shown_text(stored.username, *others),
        key=shown_text(stored.key, *others),
        kind=scrub_name(kind, login.password),
        expiry=expiry or NOT_KNOWN,
        fingerprint=prints.of(login),
    )


def shown_text(text: str, *passwords: Secret) -> str:
    """Return *text* without any of *passwords*, and without what looks like a token."""
    return without_tokens(scrub_name(text, *passwords))


def ledger_of(tenant: Connection | None) -> Ledger:
    """Return the record that *tenant* belongs to: that of this machine, or that of its sandbox."""
    if tenant is None or not tenant.on_this_machine:
        return Ledger(ledger_folder())
    return Ledger(sandbox_folder(tenant.sandbox_id) if ledger_folder() else None)


def appended(write: Callable[..., str], *records: Record) -> tuple[str, ...]:
    """Write *records* by a ledger's `append` or `write`, and return a sentence if that was not possible.

    What was done is recorded also where Ctrl-C comes meanwhile, and nobody waits long for a slow disk.
    """
    try:
        return fault_words(whole(partial(write, *records), WRITTEN_WITHIN, name="record"))
    except TimeoutError:
        return fault_words("the disk does not answer")
    except (MemoryError, RuntimeError, ImportError) as error:
        return fault_words(type(error).__name__)


def fault_words(fault: str) -> tuple[str, ...]:
    """Return a sentence that the record could not be written, if there is a *fault*."""
    return (f"This machine could not record it ({fault}): list and due do not know it.",) if fault else ()


@contextmanager
def in_doubt(record: Callable[[], object]) -> Iterator[None]:
    """Call *record* where the block is left without knowing whether its change was made."""
    try:
        yield
    except OutcomeUnknown:
        record()
        raise
    except KeyboardInterrupt:
        if may_have_changed():
            record()
        raise


def record_deletion(tenant: Connection, name: str, outcome: Outcome = "done") -> tuple[str, ...]:
    """Record that a secret was deleted, or may have been; return a sentence if that was not possible."""
    record = Record(
        tenant=tenant.tenant,
        host=tenant.host,
        secret=name,
        op="deleted",
        outcome=outcome,
        version=VERSION,
    )
    return appended(ledger_of(tenant).append, record)


def own_key(tenant: Connection) -> tuple[Record, ...]:
    """Return a record of the end of the tenant's own key, if it has one that is not recorded yet."""
    if tenant.key_ends is None or tenant.key_recorded:
        return ()
    key = NotedLogin(
        registry="",
        username="",
        kind="an x509 service key",
        expiry=Expiry(tenant.key_ends, how="certificate"),
    )
    return (
        Record(
            tenant=tenant.tenant,
            host=tenant.host,
            secret="",
            op="service key",
            logins=(key,),
            version=VERSION,
        ),
    )


def _read(text: str) -> tuple[Registry | None, Expiry]:
    registry, equals, date = bare(text).rpartition("=")
    if equals and not registry:
        raise InvalidDate(
            "a registry is missing before the =",
            next=(Option("ends", "ghcr.io=2027-01-31"), ", for example."),
        )
    return Registry.typed(registry) if registry else None, told_end(date)
