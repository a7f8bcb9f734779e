"""Tell whether logins can pull images, before anything is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.actions.docker_secrets import (
    CheckOptions,
)
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
    from aicore_magics.registry.verdict import Verdict


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
    """Tell whether *logins* can pull *images*, or without images whether they are accepted. Stores nothing.

    The verdict is the result, whatever it is; with *strict* a refusal raises LoginRefused or ImageRefused. A
    *tenant* is not asked: in the sandbox it keeps the check to registries on this machine, and its CA file is
    trusted. *timeout* is in seconds, for all images, at most 30.
    """
    how, to_check = checking or CheckOptions(), tuple(logins)
    references = tuple(map(ImageReference.typed, (images,) if isinstance(images, str) else images))
    plan = CheckPlan(
        to_check,
        references,
        ca_file=how.ca_file or (tenant.ca_file if tenant else ""),
        realms=how.realms,
        only_here=tenant is not None and tenant.on_this_machine,
        seconds=timeout,
        watch=how.watch,
    )
    if not plan.subjects():
        raise InvalidLogin("there is no login and no image to check", next="name one of them.")
    verdicts, cautions = _verdicts(plan)
    refused = refusal(verdicts) if strict else None
    if refused:
        raise refused
    taken = logins.notes if isinstance(logins, TakenLogins) else ()
    useless_keys = filter(None, (useless(login.key) for login in to_check))
    kept = (note for login in to_check for note in login.notes)
    common = common_passwords(to_check, verdicts)
    return RegistryCheck(verdicts, (*taken, *useless_keys, *kept, *cautions, *common))


def _verdicts(plan: CheckPlan) -> tuple[tuple[Verdict, ...], tuple[str, ...]]:
    try:
        with Checks(plan) as checks:
            verdicts = checks.verdicts()
            return verdicts, checks.cautions(verdicts)
    except KeyboardInterrupt:
        pass
    raise checks_stopped()
