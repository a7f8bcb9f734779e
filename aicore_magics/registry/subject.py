"""What a check is about, and the one way to a verdict on it: with nothing of a secret in any part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.base.redact import scrub
from aicore_magics.registry.api import code_of, message_of
from aicore_magics.registry.lifetimes import has_expired
from aicore_magics.registry.presets import preset_for
from aicore_magics.registry.redirects import Elsewhere
from aicore_magics.registry.verdict import Verdict

if TYPE_CHECKING:
    from aicore_magics.base.redact import Secret
    from aicore_magics.http.messages import Response
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.image_reference import ImageReference
    from aicore_magics.model.names import Registry
    from aicore_magics.next_steps import Words
    from aicore_magics.registry.verdict import Outcome

_LONGEST = 500  # characters of any text that holds something of the registry's


class Subject:
    """One registry, one login or none, and one image or none."""

    def __init__(
        self, registry: Registry, login: RegistryLogin | None, image: ImageReference | None = None
    ) -> None:
        self.registry = str(registry)
        self.image = image
        self._user = login.stored().username if login else ""
        self._secrets: tuple[Secret, ...] = (login.password, login.auth) if login else ()
        self._preset = preset_for(registry)
        # As Harbor calls them, unless somebody there has chosen another beginning.
        self._robot = self._user.startswith("robot$")
        self._harbor = False
        self._expired = has_expired(login) if login else ""
        self._own_hosts = (self.registry, registry.api_host)

    def hide(self, secret: Secret) -> None:
        """Mask *secret* in what is told from now on."""
        self._secrets = (*self._secrets, secret)

    def note_service(self, service: str) -> None:
        """Note which service gives the tokens: Harbor's has a name of its own, and robots have any."""
        self._harbor = self._harbor or service == "harbor-registry"

    def _is_own(self, host: str) -> bool:
        """Whether this is the registry's own host."""
        return host in self._own_hosts

    def _who(self, answer: Response) -> str:
        """Who gave *answer*, as a sentence begins with it."""
        return answer.host if isinstance(answer, Elsewhere) else self.registry

    def _verdict(
        self,
        outcome: Outcome,
        reason: str,
        fix: Words = "",
        answer: Response | None = None,
        *,
        platform: str = "",
        size: int | None = None,
    ) -> Verdict:
        """The verdict, with nothing of a secret in any part that a registry had a hand in."""
        said, code = (message_of(answer, *self._secrets), code_of(answer)) if answer else ("", "")
        return Verdict(
            outcome,
            self.registry,
            username=self._user,
            image="" if self.image is None else str(self.image),
            reason=self._safe(reason),
            fix=fix,
            said=self._safe(said),
            code=self._safe(code),
            platform=self._safe(platform),
            size=size,
        )

    def _safe(self, text: str) -> str:
        return scrub(text, *self._secrets, limit=_LONGEST)
