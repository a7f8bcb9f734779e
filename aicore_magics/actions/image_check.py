"""Tell whether logins can pull images, before anything is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aicore_magics.actions.docker_secrets import (
    CheckOptions,
)
from aicore_magics.actions.wanted_secret import where_implied
from aicore_magics.base.calls import bare_errors
from aicore_magics.errors import InvalidLogin
from aicore_magics.logins.wish import TakenLogins
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.kubelet import useless
from aicore_magics.registry.checks import CHECK_LIMIT, CheckPlan, Checks, checks_stopped, refusal
from aicore_magics.registry.common_passwords import common_passwords
from aicore_magics.registry.verdict import RegistryCheck

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.model.docker_secret import RegistryLogin


@bare_errors
def check_image(
    images: str | Iterable[str],
    logins: Iterable[RegistryLogin],
    *,
    tenant: Connection | None = None,
    checking: CheckOptions | None = None,
    strict: bool = False,
    timeout: float = CHECK_LIMIT,
) -> RegistryCheck:
    """Check that *logins* can pull *images*, or without images that they are accepted. Stores nothing.

    The verdict is the result, whatever it is; with *strict* a refusal raises LoginRefused or ImageRefused. A
    *tenant* is not asked: in the sandbox it keeps the check to registries on this machine, and its CA file is
    trusted. *timeout* is in seconds, for all images, at most 30. The result's `serving` is what may fail in a
    ServingTemplate alone: it is inferred, and no refusal.
    """
    how, to_check = checking or CheckOptions(), tuple(logins)
    references = tuple(map(ImageReference.typed, (images,) if isinstance(images, str) else images))
    plan = CheckPlan(
        to_check,
        references,
        ca_file=how.ca_file or (tenant.ca_file if tenant else ""),
        realms=how.realms,
        only_here=tenant is not None and tenant.on_this_machine,
        pulled_by=how.pulled_by,
        seconds=timeout,
        expiry_lookup=how.expiry_lookup,
        watch=how.watch,
    )
    if not plan.subjects():
        raise InvalidLogin("a check needs a login or an image", next="give one of them.")
    found = _found(plan)
    refused = refusal(found.verdicts) if strict else None
    if refused:
        raise refused
    taken = logins.notes if isinstance(logins, TakenLogins) else ()
    useless_keys = filter(None, (useless(login.key) for login in to_check))
    kept = (note for login in to_check for note in login.notes)
    before = (*taken, *where_implied(references), *useless_keys, *kept)
    common = common_passwords(to_check, found.verdicts)
    return replace(found, notes=(*before, *found.notes, *common))


def _found(plan: CheckPlan) -> RegistryCheck:
    try:
        with Checks(plan) as checks:
            verdicts = checks.verdicts()
            return RegistryCheck(verdicts, checks.cautions(verdicts), checks.serving(verdicts))
    except KeyboardInterrupt:
        pass
    raise checks_stopped()
