"""What is behind an image's manifest: through its indexes to the image that a node of AI Core takes.

Of an index containerd takes one entry, and looks at no other: the best of those whose platform fits, else the
first that names none, which its config then judges. That entry may be an index again. Source: containerd,
images/handlers.go (`LimitManifests`) and images/image.go (`Manifest`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from aicore_magics.base.plural import count
from aicore_magics.registry.api import LARGEST_CONFIG, LARGEST_MANIFEST
from aicore_magics.registry.auth import chosen
from aicore_magics.registry.manifests import Index, Single, matches, read_layers, read_manifest, read_platform
from aicore_magics.registry.media_types import Mistyped, sent_type
from aicore_magics.registry.platforms import NODE_OS, Platform
from aicore_magics.registry.redirects import Forwarded
from aicore_magics.registry.tokens import NOT_FOUND, REFUSED, UNAUTHORIZED
from aicore_magics.registry.verdict import PLATFORM, Verdict

if TYPE_CHECKING:
    from aicore_magics.http.messages import Response
    from aicore_magics.registry.access import Access
    from aicore_magics.registry.manifest_answer import ManifestAnswer
    from aicore_magics.registry.manifests import Entry
    from aicore_magics.registry.verdict_texts import Verdicts

DEEPEST = 8  # indexes inside each other, the first one counted; no tool makes more than two
MOST = 16  # entries that are looked at, in all indexes of an image together


@dataclass(frozen=True, slots=True)
class Taken:
    """An image that fits a node. *doubt*: why it is not certain that the node takes it.

    *unnamed*: an index names no platform for it, and one for others.
    """

    platform: Platform
    size: int | None
    doubt: Literal["", "platform", "order"] | Mistyped = ""
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Unfit:
    """Nothing that fits: what there is instead, or *reason* where it is no image at all."""

    platforms: tuple[str, ...] = ()
    reason: str = ""


@dataclass(slots=True)
class Contents:
    """The contents of what was *found* in *repository*, for one check; *base* is its path in the API."""

    access: Access
    verdicts: Verdicts
    repository: str
    base: str
    found: ManifestAnswer
    _left: int = field(default=MOST)

    def verdict(self, body: bytes) -> Verdict:
        """Return the verdict on the image whose manifest or index is in *body*."""
        manifest, told = read_manifest(body), sent_type(self.found.answer)
        if isinstance(manifest, str):
            return self.verdicts.unsupported(manifest)
        inside = self._index(manifest, 1) if isinstance(manifest, Index) else self._alone(manifest)
        if isinstance(inside, Taken) and not manifest.taken_as(told):
            inside = replace(inside, doubt=Mistyped("registry", told, manifest.type))
        if isinstance(inside, Verdict):
            return inside
        return self._unfit(inside) if isinstance(inside, Unfit) else self._fit(inside)

    def manifest(self, answer: Response, digest: str | None, *, for_login: bool = False) -> bytes | Verdict:
        """Return the body of a good answer about a manifest, if it is what *digest* stands for.

        *for_login*: the login has got a manifest before.
        """
        if len(answer.body) >= LARGEST_MANIFEST:
            # No more was read; containerd takes no larger one either.
            return self.verdicts.unsupported("Its manifest is larger than 4 MiB.")
        return self._body(answer, digest, for_login=for_login)

    def _body(self, answer: Response, digest: str | None, *, for_login: bool) -> bytes | Verdict:
        if for_login and answer.status in REFUSED:
            return self.access.refusal(answer, judged=True)
        if not answer.ok or answer.not_an_api():
            return self.verdicts.unclear(answer)
        if digest and not matches(answer.body, digest):
            return self.verdicts.untold("sent content that does not match its digest")
        return answer.body

    def _fit(self, inside: Taken) -> Verdict:
        found = self.found
        if isinstance(inside.doubt, Mistyped):
            return self.verdicts.mistyped(inside.doubt, inside.platform)
        if inside.doubt == "order":
            return self.verdicts.behind_another(inside.platform)
        if inside.doubt:
            return self.verdicts.not_for_every_node(inside.platform)
        if found.entered == "elsewhere":
            return self.verdicts.by_another_host(found.answer, inside.platform)
        return self.verdicts.fine(
            self.access.entered(found), inside.platform, inside.size, unnamed=inside.unnamed
        )

    def _unfit(self, inside: Unfit) -> Verdict:
        if inside.platforms:
            return self.verdicts.wrong_platform(inside.platforms)
        # containerd: "no match for platform in manifest".
        return self.verdicts.unsupported(inside.reason or f"Its index has no image for {PLATFORM}.")

    def _index(self, index: Index, depth: int) -> Taken | Unfit | Verdict:
        """What a node takes from *index*, which lies in *depth* - 1 others."""
        entries = index.in_turn()
        platforms, reason = list(index.others), ""
        for entry in entries:
            inside = self._entry(entry, depth)
            if isinstance(inside, Verdict):
                return inside
            if isinstance(inside, Taken):
                # Whoever goes by the first entry alone does not come to another.
                passed_over = entry is not entries[0] and inside.doubt == ""
                unnamed = inside.unnamed or (entry.platform is None and index.names_some)
                return replace(inside, doubt="order" if passed_over else inside.doubt, unnamed=unnamed)
            platforms += inside.platforms
            reason = reason or inside.reason
        return Unfit(tuple(dict.fromkeys(platforms)), reason or index.without_image)

    def _entry(self, entry: Entry, depth: int) -> Taken | Unfit | Verdict:
        """What a node takes from *entry* of an index, which lies in *depth* - 1 others."""
        manifest = self._manifest(entry)
        if not isinstance(manifest, (Single, Index)):
            return manifest
        if isinstance(manifest, Index):
            inside = self._inner(manifest, entry, depth)
        else:
            inside = self._child(manifest, entry)
        if isinstance(inside, Taken) and not manifest.taken_as(entry.type):
            return replace(inside, doubt=Mistyped("index", entry.type, manifest.type))
        return inside

    def _inner(self, index: Index, entry: Entry, depth: int) -> Taken | Unfit | Verdict:
        """What a node takes from the *index* behind an *entry* of another, which lies in *depth* - 1."""
        if depth == DEEPEST:
            return self.verdicts.too_much_inside(f"indexes inside each other, more than {DEEPEST} deep")
        inside, outer = self._index(index, depth + 1), entry.platform
        if isinstance(inside, Taken) and outer and outer.fit == "unsure":
            return Taken(outer, inside.size, "platform")
        return inside

    def _manifest(self, entry: Entry) -> Single | Index | Unfit | Verdict:
        """What *entry* leads to."""
        if not entry.digest:
            return Unfit(reason="Its index has an entry without a digest.")
        if not self._left:
            return self.verdicts.too_much_inside(f"more than {MOST} entries that may fit")
        self._left -= 1
        answer = self._answer(f"{self.base}/manifests/{entry.digest}")
        if isinstance(answer, Verdict):
            return answer
        if answer.status == NOT_FOUND:
            return self.verdicts.incomplete(answer, "a manifest of its index", entry.digest)
        body = self.manifest(answer, entry.digest, for_login=self.found.for_login)
        if isinstance(body, Verdict):
            return body
        manifest = read_manifest(body)
        return Unfit(reason=manifest) if isinstance(manifest, str) else manifest

    def _child(self, image: Single, entry: Entry) -> Taken | Unfit | Verdict:
        """The image of an *entry*, which its platform judges; its own config only where that is not named."""
        platform = entry.platform
        if platform is not None:
            return _on(platform, image)
        body = self._config(image)
        if isinstance(body, Verdict):
            return body
        return _with_layers(body, image, _on(read_platform(body, default_os=NODE_OS), image))

    def _alone(self, image: Single) -> Taken | Unfit | Verdict:
        """A single image: any node pulls it, and its config tells whether it can run there."""
        body = self._config(image)
        if isinstance(body, Verdict):
            return body
        platform = read_platform(body)
        if not platform.known:
            return self.verdicts.untold("does not say what the image is built for")
        # Features of the operating system choose from an index; here there is no choice.
        return _with_layers(body, image, _on(replace(platform, features=False), image))

    def _answer(self, path: str) -> Response | Verdict:
        """The registry's answer about *path*, with the login where nobody in particular may have it."""
        answer = self.access.ask(path, self.found.auth)
        if isinstance(answer, (Verdict, Forwarded)) or not self._asks_more(answer):
            return answer
        refusal = self._go_on_with_login(answer, path)
        if refusal:
            return refusal
        more = self.access.ask(path, self.found.auth)
        if not isinstance(more, Verdict):
            self._got(more, path)
        return more

    def _asks_more(self, answer: Response) -> bool:
        """Whether what belongs to the manifest is asked for otherwise than that was: with the login, or anew.

        containerd answers each 401 by its own challenge: core/remotes/docker/authorizer.go.
        """
        if answer.status != UNAUTHORIZED or not self.found.for_login:
            return answer.status == UNAUTHORIZED
        asked = chosen(answer.headers.get("www-authenticate", ""))
        return asked is not None and asked.scheme == "bearer"

    def _go_on_with_login(self, answer: Response, path: str) -> Verdict | None:
        """Ask with the login from now on; the verdict if there is none to ask with."""
        allowed = self.access.further(answer, path, self.repository)
        if isinstance(allowed, Verdict):
            return allowed
        if not self.found.for_login:
            self.found = replace(self.found, entered="ok", path=path)
        self.found = replace(self.found, auth=allowed)
        return None

    def _got(self, answer: Response, path: str) -> None:
        """Remember the *answer* about *path*, if that is what shows now who is let in."""
        if self.found.path == path:
            self.found = replace(self.found, answer=answer)

    def _config(self, image: Single) -> bytes | Verdict:
        path = f"{self.base}/blobs/{image.config}"
        blob, from_registry = self.access.api.blob(path, self.found.auth)
        if from_registry and self._asks_more(blob):
            refusal = self._go_on_with_login(blob, path)
            if refusal:
                return refusal
            blob, from_registry = self.access.api.blob(path, self.found.auth)
            self._got(blob, path)
        limited = self.access.limited(blob)
        if limited:
            return limited
        if blob.status == NOT_FOUND:
            return self.verdicts.incomplete(blob, "its config", image.config)
        if len(blob.body) > LARGEST_CONFIG:
            return self.verdicts.unsupported("Its config is larger than 8 MiB.")
        return self._body(blob, image.config, for_login=self.found.for_login and from_registry)


def _with_layers(config: bytes, image: Single, inside: Taken | Unfit) -> Taken | Unfit:
    """*inside*, if *config* has as many layers as the manifest of *image*: else no node unpacks it.

    containerd, core/unpack/unpacker.go: "number of layers and diffIDs don't match".
    """
    listed = read_layers(config)
    if isinstance(inside, Unfit) or listed is None or listed == image.layers or image.odd_layer is not None:
        return inside
    has = count(image.layers, "layer")
    return Unfit(reason=f"Its manifest has {has}, its config {listed}: containerd does not unpack that.")


def _on(platform: Platform, image: Single) -> Taken | Unfit:
    """What a node does with an *image* for this platform."""
    if platform.fit == "none":
        return Unfit((str(platform),) if platform.known else ())
    if image.odd_layer is not None:
        return Taken(platform, image.size, Mistyped("manifest", image.odd_layer))
    return Taken(platform, image.size, "platform" if platform.fit == "unsure" else "")
