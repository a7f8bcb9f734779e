"""The way through a registry's answers, to its verdict: who may come in, and what is behind an image's name.

Each step returns what it was asked for, or the Verdict with which the check ends there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from aicore_magics.registry.api import PING, code_of
from aicore_magics.registry.contents import Contents
from aicore_magics.registry.manifests import digest_of, matches
from aicore_magics.registry.redirects import Forwarded
from aicore_magics.registry.tokens import NO_RESPONSE, NOT_FOUND, UNAUTHORIZED
from aicore_magics.registry.verdict import Verdict

if TYPE_CHECKING:
    from aicore_magics.http.messages import Response
    from aicore_magics.model.image_reference import ImageReference
    from aicore_magics.registry.access import Access
    from aicore_magics.registry.auth import Challenge
    from aicore_magics.registry.manifest_answer import ManifestAnswer
    from aicore_magics.registry.verdict_texts import Verdicts

# Any other code may be about the tag, or about the list, which a registry need not have.
_NO_REPOSITORY = f"{NOT_FOUND} NAME_UNKNOWN"


@dataclass(frozen=True, slots=True)
class PullCheck:
    """Whether an *image* can be pulled; without one, whether the login is accepted."""

    access: Access
    verdicts: Verdicts
    image: ImageReference | None = None

    def verdict(self) -> Verdict:
        """Ask the registry, and return its verdict."""
        try:
            verdict = self._login_alone() if self.image is None else self._pull(self.image)
        except NO_RESPONSE as error:
            return self.verdicts.lost(error, on_this_machine=self.access.api.on_this_machine)
        return replace(verdict, encrypted=self.access.api.encrypted)

    def _pull(self, image: ImageReference) -> Verdict:
        repository = f"/v2/{quote(image.path)}"
        path = f"{repository}/manifests/{quote(image.digest or image.tag or 'latest', safe=':')}"
        found = self.access.manifest(path, image.path)
        if isinstance(found, Verdict):
            return found
        if found.answer.status == NOT_FOUND:
            return self._missing(found, repository)
        contents = Contents(self.access, self.verdicts, image.path, repository, found)
        body = contents.manifest(found.answer, image.digest)
        if isinstance(body, Verdict):
            return body
        if not _keeps_its_word(found.answer):
            return self.verdicts.untold("names another digest than its manifest has")
        return replace(contents.verdict(body), digest=digest_of(body))

    def _login_alone(self) -> Verdict:
        first = self.access.first(PING)
        challenge = first if isinstance(first, Verdict) else self._asked(first)
        if isinstance(challenge, Verdict):
            return challenge
        refusal = self.access.login_refusal(challenge)
        return refusal or self.verdicts.accepted(judged=not self.access.judges_nobody())

    def _asked(self, first: Response) -> Challenge | Verdict:
        """How the registry asks for the login, in its *first* answer."""
        if isinstance(first, Forwarded) and (first.ok or first.status == UNAUTHORIZED):
            return self.verdicts.sent_on(first)
        if first.ok:
            return self.verdicts.asks_nobody()
        if first.status == NOT_FOUND:
            return self.verdicts.not_a_registry(first)
        if first.status != UNAUTHORIZED:
            return self.verdicts.unclear(first)
        return self.access.challenge(first)

    def _missing(self, found: ManifestAnswer, repository: str) -> Verdict:
        """A 404 may be about the tag or about the repository: its code tells, or the list of tags."""
        tags = self.access.ask(f"{repository}/tags/list", found.auth)
        if isinstance(tags, Verdict):
            return tags
        if _lists_tags(tags):
            return self.verdicts.missing(found.answer, there=True)
        for answer in (tags, found.answer):
            if answer.status == NOT_FOUND and code_of(answer) == _NO_REPOSITORY:
                return self.verdicts.missing(answer, there=False)
        return self.verdicts.missing(found.answer, there=None)


def _lists_tags(answer: Response) -> bool:
    """Whether *answer* names a tag: some registries give an empty list for whatever name."""
    data = answer.json() if answer.ok else None
    tags = data.get("tags") if isinstance(data, dict) else None
    return isinstance(tags, list) and bool(tags)


def _keeps_its_word(answer: Response) -> bool:
    """Whether the body has the digest that its own header tells, which containerd would go by."""
    named = answer.headers.get("docker-content-digest", "").strip()
    return not named or matches(answer.body, named)
