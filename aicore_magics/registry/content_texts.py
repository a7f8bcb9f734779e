"""The words of a check about what lies behind an image's name: what a node takes of it, or does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.next_steps import Command
from aicore_magics.registry.api import code_of
from aicore_magics.registry.redirects import Forwarded
from aicore_magics.registry.subject import Subject
from aicore_magics.registry.verdict import PLATFORM, Verdict

if TYPE_CHECKING:
    from aicore_magics.http.messages import Response
    from aicore_magics.registry.media_types import Mistyped
    from aicore_magics.registry.platforms import Platform

_SHOWN_PLATFORMS = 6
_SHOWN_DIGEST = 19  # characters: sha256: and twelve more
_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+/-]{1,127}")


class ContentTexts(Subject):
    """Makes the verdicts about what a registry holds under one name."""

    def not_for_every_node(self, platform: Platform) -> Verdict:
        """Its platform may be one that AI Core's nodes take."""
        known = "It is not known whether AI Core's nodes can run it."
        if not platform.variant:
            reason = f"Its index names features of the operating system (os.features). {known}"
        elif platform.newer:
            reason = f"Built only for newer processors ({platform}). {known}"
        else:
            reason = f"Built only for a variant ({platform}). {known}"
        return self._verdict("uncertain", reason, self._built_anew(), platform=str(platform))

    def behind_another(self, platform: Platform) -> Verdict:
        """An entry of its index fits, but not the one that a node goes by."""
        reason = (
            f"Its index has an image for {platform}, after an entry that containerd takes instead. It is "
            "not known whether AI Core's nodes find it."
        )
        fix = "Give each entry of the index its platform."
        return self._verdict("uncertain", reason, fix, platform=str(platform))

    def too_much_inside(self, what: str) -> Verdict:
        """Its index leads further than a check goes."""
        reason = f"Its index has {what}. It is not known whether one is for {PLATFORM}."
        return self._verdict("uncertain", reason, "Use the digest of the image's own manifest.")

    def mistyped(self, part: Mistyped, platform: Platform) -> Verdict:
        """A part has a type that containerd does not take."""
        told = "without a type" if not part.media_type else "as an unknown type"
        if _TYPE.fullmatch(part.media_type):
            told = f"as {part.media_type}"
        if part.by == "registry":
            goes = f"{self.registry} sends its manifest {told}, and containerd uses that type (Content-Type)."
            fix = f"Make the registry send it as {part.right}."
        elif part.by == "index":
            goes = f"Its index lists it {told}, and containerd uses that type (mediaType)."
            fix = f"List it in the index as {part.right}."
        else:
            goes = f"Its manifest lists a layer {told}, which not every containerd unpacks."
            fix = "Push it again with layers of tar, plain or packed with gzip or zstd."
        reason = f"{goes} It is not known whether AI Core's nodes can pull it."
        return self._verdict("uncertain", reason, fix, platform=str(platform))

    def incomplete(self, answer: Response, part: str, digest: str) -> Verdict:
        """A *part* of the image, with this digest, is not there; known to be so if the registry says so."""
        missing = f"{part} ({digest[:_SHOWN_DIGEST]}…)"
        if isinstance(answer, Forwarded) or not code_of(answer).endswith("_UNKNOWN"):
            reason = f"{self._who(answer)} answers {code_of(answer)} to {missing}. Nothing was checked."
            return self._verdict("unclear", reason, answer=answer)
        reason = f"The image is incomplete: {self.registry} has its manifest, but not {missing}."
        return self._verdict("incomplete", reason, "Push it again.", answer)

    def wrong_platform(self, platforms: tuple[str, ...]) -> Verdict:
        """It runs elsewhere."""
        more = len(platforms) - _SHOWN_PLATFORMS
        named = list(platforms[:_SHOWN_PLATFORMS])
        if more > 0:
            named.append(f"{more} more")
        reason = f"Built for {', '.join(named)}; AI Core runs {PLATFORM}."
        return self._verdict("wrong-platform", reason, self._built_anew(), platform=", ".join(named))

    def _built_anew(self) -> Command:
        assert self.image is not None  # noqa: S101
        pushed = f"{self.image.name}:{self.image.tag or 'latest'}"
        return Command(f"docker buildx build --platform {PLATFORM} -t {pushed} --push .")

    def unsupported(self, reason: str) -> Verdict:
        """What is there cannot be run, or asked for, by AI Core."""
        return self._verdict("unsupported", reason, "Name a container image for linux/amd64.")
