"""Passwords that a registry accepts, and that many use: they are guessed first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.base.common_words import is_common
from aicore_magics.errors import InvalidRegistry
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.kubelet import serving_keys
from aicore_magics.registry.single_check import registry_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.registry.verdict import Verdict


def common_passwords(logins: Iterable[RegistryLogin], verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Give a sentence for each of *logins* that a registry accepted, if its password is such a word.

    Where the registry refused it, or was not asked, there is nothing to say: it may be no password at all.
    """
    accepted = [verdict for verdict in verdicts if verdict.outcome == "ok"]
    return tuple(
        f"The password for {login.stored().registry} is a common word: use a token instead."
        for login in logins
        if any(_is_about(verdict, login) for verdict in accepted) and is_common(login.password.reveal())
    )


def _is_about(verdict: Verdict, login: RegistryLogin) -> bool:
    if verdict.username != login.stored().username:
        return False
    if verdict.image:
        return bool(serving_keys([login.key], ImageReference.parse(verdict.image)))
    try:
        return str(registry_of(login)) == verdict.registry
    except InvalidRegistry:  # a pattern
        return False
