"""The way through a registry's answers, to its verdict: who may come in, and what is behind an image's name.

Each step returns what it was asked for, or the Verdict with which the check ends there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

from aicore_magics.registry.access import (
    NO_RESPONSE,
    NOT_FOUND,
    PING,
    REFUSED,
    UNAUTHORIZED,
    Access,
    ManifestAnswer,
)
from aicore_magics.registry.api import LARGEST_CONFIG
from aicore_magics.registry.manifests import (
    Index,
    Single,
    digest_of,
    matches,
    read_manifest,
    read_platform,
)
from aicore_magics.registry.verdict import PLATFORM, Verdict

if TYPE_CHECKING:
    from aicore_magics.http.messages import Response
    from aicore_magics.model.image_reference import ImageReference
    from aicore_magics.registry.verdict_texts import Verdicts


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
        body = self._body(found.answer, image.digest)
        if isinstance(body, Verdict):
            return body
        if not _keeps_its_word(found.answer):
            return self.verdicts.untold("names another digest for its manifest than that has")
        return replace(self._judged(body, repository, found), digest=digest_of(body))

    def _judged(self, body: bytes, repository: str, found: ManifestAnswer) -> Verdict:
        """The verdict on the image whose manifest or index is in *body*."""
        manifest = read_manifest(body)
        if isinstance(manifest, str):
            return self.verdicts.unsupported(manifest)
        if isinstance(manifest, Index):
            size = self._size_in_index(manifest, repository, found)
        else:
            size = self._size_of_single(manifest, repository, found)
        if isinstance(size, Verdict):
            return size
        digest = f"sha256:{sha256(body).hexdigest()}"
        return replace(self.verdicts.fine(found.outcome, PLATFORM, size), digest=digest)

    def _login_alone(self) -> Verdict:
        first = self.access.first(PING)
        if isinstance(first, Verdict):
            return first
        if first.ok:
            return self.verdicts.asks_nobody()
        if first.status == NOT_FOUND:
            return self.verdicts.not_a_registry(first)
        if first.status != UNAUTHORIZED:
            return self.verdicts.unclear(first)
        challenge = self.access.challenge(first)
        if isinstance(challenge, Verdict):
            return challenge
        return self.access.login_refusal(challenge) or self.verdicts.accepted()

    def _missing(self, found: ManifestAnswer, repository: str) -> Verdict:
        """A 404 may be about the tag or about the repository: its list of tags tells."""
        tags = self.access.ask(f"{repository}/tags/list", found.auth)
        if isinstance(tags, Verdict):
            return tags
        says = (tags.ok or tags.status == NOT_FOUND) and not tags.not_an_api()
        there = tags.ok if says else None
        return self.verdicts.missing(tags if there is False else found.answer, there=there)

    def _size_in_index(self, index: Index, repository: str, found: ManifestAnswer) -> int | Verdict | None:
        """The size of the image in an index that AI Core would take."""
        if not index.child:
            unnamed = self.verdicts.untold("names no platform in its index")
            return self.verdicts.wrong_platform(index.platforms) if index.platforms else unnamed
        child = self.access.ask(f"{repository}/manifests/{index.child}", found.auth)
        if isinstance(child, Verdict):
            return child
        body = self._body(child, index.child, for_login=found.for_login)
        if isinstance(body, Verdict):
            return body
        manifest = read_manifest(body)
        if isinstance(manifest, Single):
            return manifest.size
        return self.verdicts.unsupported(
            manifest if isinstance(manifest, str) else "It is an index of indexes."
        )

    def _size_of_single(self, image: Single, repository: str, found: ManifestAnswer) -> int | Verdict | None:
        """The size of the image, if its own config says linux/amd64."""
        blob, from_registry = self.access.api.blob(f"{repository}/blobs/{image.config}", found.auth)
        limited = self.access.limited(blob)
        if limited:
            return limited
        if len(blob.body) > LARGEST_CONFIG:
            return self.verdicts.unsupported("Its config is larger than 8 MiB.")
        body = self._body(blob, image.config, for_login=found.for_login and from_registry)
        if isinstance(body, Verdict):
            return body
        platform = read_platform(body)
        if not platform:
            return self.verdicts.untold("does not say what the image is built for")
        return image.size if platform == PLATFORM else self.verdicts.wrong_platform((platform,))

    def _body(self, answer: Response, digest: str | None, *, for_login: bool = False) -> bytes | Verdict:
        """The body of a good answer, if it is what *digest* stands for; *for_login* has got a manifest."""
        if for_login and answer.status in REFUSED:
            return self.access.refusal(answer, judged=True)
        if not answer.ok or answer.not_an_api():
            return self.verdicts.unclear(answer)
        if digest and not matches(answer.body, digest):
            return self.verdicts.untold("gave something else than its digest stands for")
        return answer.body


def _keeps_its_word(answer: Response) -> bool:
    """Whether the body has the digest that its own header tells, which containerd would go by."""
    named = answer.headers.get("docker-content-digest", "").strip()
    return not named or matches(answer.body, named)
