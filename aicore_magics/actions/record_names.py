"""What the record of this machine can offer to somebody who types: names of secrets, and runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.actions.recording import ledger_of
from aicore_magics.rotation.journal import runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicore_magics.aicore.connection import Connection


@dataclass(frozen=True)
class RecordNames:
    """The *names* of secrets with a login, and the *runs*, the last one first, of which some are *open*."""

    names: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


def record_names(tenants: Sequence[Connection]) -> RecordNames:
    """Return what the record has for *tenants*, or for all if there are none. Nobody is asked."""
    reading = ledger_of(tenants[0] if tenants else None).read()
    places = {(tenant.host, tenant.tenant) for tenant in tenants}
    known = [each.record for each in reading.known()]
    names = [each.secret for each in known if each.logins and (not places or each.place[:2] in places)]
    last = tuple(reversed(runs(reading.records)))
    return RecordNames(
        tuple(sorted({*names})),
        tuple(dict.fromkeys(run.id for run in last)),
        tuple(dict.fromkeys(run.id for run in last if run.open)),
    )
