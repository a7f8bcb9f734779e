"""What a registry answers below `/v2/`: which address is what, and what stands there."""

from __future__ import annotations

import re
from html import escape
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING

from aicore_magics.sandbox.exchange import Answer
from aicore_magics.sandbox.registry_answers import JSON, document, error, nowhere, unsupported
from aicore_magics.sandbox.registry_images import OCI, OCI_INDEX
from aicore_magics.sandbox.registry_schema1 import schema1

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.sandbox.exchange import Request
    from aicore_magics.sandbox.registry_access import Access
    from aicore_magics.sandbox.registry_faults import RegistryFaults
    from aicore_magics.sandbox.registry_images import Repository

API = "/v2/"

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_PLACE = re.compile(
    rf"""/v2/(?:(?P<name>{_PART}(?:/{_PART})*)/(?:
        manifests/(?P<reference>\w[\w.-]{{0,127}}(?::[0-9a-fA-F]*)?)
        | blobs/(?P<digest>\w+:[0-9a-fA-F]*)
        | blobs/(?P<upload>uploads/.*)
        | tags/list
    ))?""",
    re.ASCII | re.VERBOSE,
)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
# In the words of the registry that is imitated; for Docker's own types it has none.
_NOT_ACCEPTED = MappingProxyType(
    {
        OCI.manifest: "OCI manifest found, but accept header does not support OCI manifests",
        OCI_INDEX: "OCI index found, but accept header does not support OCI indexes",
    }
)


class RegistryApi:
    """Answers at one side of the registry, with the same images as at the other one."""

    def __init__(self, access: Access, repositories: Iterable[Repository], faults: RegistryFaults) -> None:
        self._access = access
        self._repositories = {each.name: each for each in repositories}
        self._faults = faults

    def answer(self, request: Request) -> Answer:
        """Give the answer to *request*."""
        if request.path == API.rstrip("/"):
            return _moved(HTTPStatus.MOVED_PERMANENTLY, API)
        # Nothing is decoded: a name with "%" in it is no name of anything.
        place = _PLACE.fullmatch(request.path)
        if place is None:
            return nowhere()
        if request.method not in ("GET", "HEAD") or place["upload"] is not None:
            return unsupported()
        return self._access.refusal(request, place["name"] or "") or self._found(request, place)

    def _found(self, request: Request, place: re.Match[str]) -> Answer:
        name = place["name"]
        if name is None:
            return Answer(200, b"{}", JSON)
        if place["reference"] is not None:
            return self._manifest(request, name, place["reference"])
        if place["digest"] is not None:
            return self._blob(request, name, place["digest"])
        return self._tags(name)

    def _manifest(self, request: Request, name: str, reference: str) -> Answer:
        is_digest = _DIGEST.fullmatch(reference) is not None
        if ":" in reference and not is_digest:
            # The registry that is imitated does no better.
            return error("UNKNOWN", detail={})
        repository = self._repositories.get(name)
        image = repository.find(reference) if repository else None
        if image is None:
            missing = {"Name": name, "Revision": reference} if is_digest else {"Tag": reference}
            return error("MANIFEST_UNKNOWN", detail=missing)
        if self._faults.schema1:
            manifest, digest = schema1(image, name, reference)
            return Answer(200, manifest.body, manifest.media_type, _named(digest))
        manifest = image.manifest
        if manifest.media_type not in _accepted(request):
            return error("MANIFEST_UNKNOWN", message=_NOT_ACCEPTED.get(manifest.media_type, ""))
        return Answer(200, manifest.body, manifest.media_type, _named(manifest.digest))

    def _blob(self, request: Request, name: str, digest: str) -> Answer:
        if not _DIGEST.fullmatch(digest):
            return error("DIGEST_INVALID", detail={})
        repository = self._repositories.get(name)
        blob = repository.blobs.get(digest) if repository else None
        if blob is None:
            return error("BLOB_UNKNOWN", detail=digest)
        if self._faults.blob_redirect is not None:
            return _moved(HTTPStatus.TEMPORARY_REDIRECT, self._faults.blob_redirect + request.path)
        headers = (("Cache-Control", "max-age=31536000"), *_named(digest))
        return Answer(200, blob.body, "application/octet-stream", headers)

    def _tags(self, name: str) -> Answer:
        repository = self._repositories.get(name)
        if repository is None:
            return error("NAME_UNKNOWN", detail={"name": name})
        return document({"name": name, "tags": sorted(repository.tags)})


def _accepted(request: Request) -> set[str]:
    """Read the media types that the client takes; `*/*` is none of them."""
    headers = ",".join(map(str, request.headers.get_all("Accept", [])))
    return {each.partition(";")[0].strip().lower() for each in headers.split(",")}


def _named(digest: str) -> tuple[tuple[str, str], ...]:
    return ("Docker-Content-Digest", digest), ("Etag", f'"{digest}"')


def _moved(status: HTTPStatus, address: str) -> Answer:
    page = f'<a href="{escape(address)}">{status.phrase}</a>.\n\n'
    return Answer(int(status), page.encode(), "text/html; charset=utf-8", (("Location", address),))
