"""The words of a check: what each outcome says, and what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aicore_magics.errors import CertificateNotTrusted
from aicore_magics.redact import visible
from aicore_magics.registry.api import code_of, message_of
from aicore_magics.registry.presets import preset_for
from aicore_magics.verdict import PLATFORM, Verdict

if TYPE_CHECKING:
    from aicore_magics.docker_secret import RegistryLogin
    from aicore_magics.errors import AICoreError
    from aicore_magics.exchange import Answer
    from aicore_magics.images import ImageReference
    from aicore_magics.names import Registry
    from aicore_magics.redact import Secret
    from aicore_magics.verdict import Outcome


_COMPARE = "Compare user and password with what the registry gave."


class Telling:
    """Makes the verdicts about one registry, one login or none, and one image or none."""

    def __init__(
        self, registry: Registry, login: RegistryLogin | None, image: ImageReference | None = None
    ) -> None:
        self.registry = str(registry)
        self.image = image
        self._user = login.username if login else ""
        self._secrets: tuple[Secret, ...] = (login.password, login.auth) if login else ()
        self._preset = preset_for(registry)

    def hide(self, secret: Secret) -> None:
        """Mask *secret* in what is told from now on."""
        self._secrets = (*self._secrets, secret)

    def fine(
        self, how: Literal["ok", "public", "public, not tried"], platform: str, size: int | None
    ) -> Verdict:
        """The image can be pulled."""
        if how == "ok":
            return self._verdict("ok", "", platform=platform, size=size)
        tried = "The login was tried: accepted." if how == "public" else "No login was asked for, or tried."
        reason = f"Anyone can pull it; it needs no secret. {tried if self._user else ''}".strip()
        return self._verdict("public", reason, platform=platform, size=size)

    def accepted(self) -> Verdict:
        """The login alone is good."""
        return self._verdict("ok", "What it may pull was not checked: no image was named.")

    def asks_nobody(self) -> Verdict:
        """The registry lets everybody in, so the login could not be tried."""
        return self._verdict("public", f"{self.registry} asks for no login, so yours was not tried.")

    def bad_credentials(self, answer: Answer) -> Verdict:
        """The login is not accepted."""
        user = visible(self._user)
        reason = f"{self.registry} does not accept user {user} ({code_of(answer)})."
        fix = (
            self._preset.refused if self._preset else "Compare user and password with what the registry gave."
        )
        return self._verdict("bad-credentials", reason, fix, said=self._said(answer))

    def needs_login(self, answer: Answer) -> Verdict:
        """Nobody may pull it without a login."""
        reason = f"{self.registry} gives it to nobody without a login ({code_of(answer)})."
        return self._verdict("needs-login", reason, said=self._said(answer))

    def no_access(self, answer: Answer) -> Verdict:
        """The login is good, and yet not for this; or it is not there."""
        works = "The login works, but may" if self._user else "Without a login one may"
        reason = f"{works} not pull this repository, or it does not exist ({code_of(answer)})."
        reason = f"{reason} The registry does not say which."
        fix = self._preset.no_access if self._preset and self._user else ""
        return self._verdict("no-access-or-missing", reason, fix, said=self._said(answer))

    def missing(self, answer: Answer, *, there: bool | None) -> Verdict:
        """The tag is not there, or the whole repository; *there*: the latter is, if that is known."""
        assert self.image is not None  # noqa: S101
        if there is False:
            reason = f"{self.registry} has no repository {self.image.path} ({code_of(answer)})."
            fix = "Compare the spelling, or push it first."
            return self._verdict("repo-missing", reason, fix, said=self._said(answer))
        digest = self.image.digest
        what = f"digest {digest[:19]}…" if digest else f"tag {self.image.tag or 'latest'}"
        where = "The repository is there" if there else "The repository may be there"
        reason = f"{where}, {what} is not ({code_of(answer)})."
        return self._verdict("tag-missing", reason, "Push it, or use another.", said=self._said(answer))

    def wrong_platform(self, platforms: tuple[str, ...]) -> Verdict:
        """It runs elsewhere."""
        for_what = ", ".join(platforms) or "no platform that it names"
        reason = f"Built for {for_what}, AI Core runs {PLATFORM}."
        fix = f"docker buildx build --platform {PLATFORM} -t {self.image} --push ."
        return self._verdict("wrong-platform", reason, fix, platform=", ".join(platforms))

    def not_a_registry(self, answer: Answer) -> Verdict:
        """Something else answers there."""
        what = answer.foreign()
        is_what = f"answers with {what}" if what.startswith("a redirect") else f"is {what or 'no registry'}"
        return self._verdict(
            "not-a-registry", f"{self.registry} {is_what}.", "give the host that images begin with."
        )

    def unsupported(self, reason: str) -> Verdict:
        """What is there cannot be run, or asked for, by AI Core."""
        return self._verdict("unsupported", reason)

    def limited(self, answer: Answer) -> Verdict:
        """It asks to wait."""
        wait = answer.retry_after()
        until = f"for {_minutes(wait)}" if wait else "for a while"
        reason = f"{self.registry} allows no more pulls {until}. The login was not judged."
        return self._verdict("rate-limited", reason, said=self._said(answer))

    def elsewhere(self, refusal: str, host: str) -> Verdict:
        """The login would have to go to a host that nobody has vouched for."""
        fix = f"--realm {host}  if that host belongs to the registry." if host else ""
        return self._verdict("other-realm", f"{refusal}. It was not sent.", fix)

    def unclear(self, answer: Answer) -> Verdict:
        """An answer that says nothing about login or image."""
        foreign = answer.foreign()
        what = f"answers with {foreign}" if foreign else f"fails ({code_of(answer)})"
        return self._verdict(
            "unreachable", f"{self.registry} {what}. Nothing was judged.", said=self._said(answer)
        )

    def untrue(self) -> Verdict:
        """What came is not what was asked for."""
        reason = f"What came from {self.registry} is not what its digest stands for. Nothing was judged."
        return self._verdict("unreachable", reason)

    def lost(self, error: AICoreError) -> Verdict:
        """No connection, or no answer."""
        if isinstance(error, CertificateNotTrusted):
            fix = "--ca-file FILE  with your company's CA."
            return self._verdict(
                "tls", f"This machine does not trust the certificate of {self.registry}.", fix
            )
        reason = error.message.partition(". Nothing was sent")[0].rstrip(".")
        return self._verdict("unreachable", f"{reason}. AI Core cannot pull from behind a VPN.")

    def _said(self, answer: Answer) -> str:
        return message_of(answer, *self._secrets)

    def _verdict(
        self,
        outcome: Outcome,
        reason: str,
        fix: str = "",
        *,
        said: str = "",
        platform: str = "",
        size: int | None = None,
    ) -> Verdict:
        image = "" if self.image is None else str(self.image)
        return Verdict(outcome, self.registry, self._user, image, reason, fix, said, platform, size)


def _minutes(seconds: float) -> str:
    """A length of time, rounded up.

    >>> _minutes(41), _minutes(2420)
    ('41 s', '41 min')
    """
    return f"{seconds:.0f} s" if seconds < 90 else f"{-(-seconds // 60):.0f} min"  # noqa: PLR2004
