"""The switches for what nobody outside SAP knows of AI Core: each has every guess that is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Duplicate = Literal["202-exists", "overwrite", "409", "400", "500"]
QuotaStatus = Literal[400, 403, 429]
Accepted = Literal[200, 201, 202]
Invalid = Literal[400, 422]
Names = Literal["spec", "launchpad", "kubernetes"]
Unauthorized = Literal["text", "json"]
Missing = Literal["json", "text", "empty"]
DeleteMissing = Literal[202, 404, 412]
Order = Literal["name", "created"]
Ignored = Literal["$top", "$skip", "$count", "quotaOnly"]


@dataclass(slots=True, kw_only=True)
class Guesses:
    """What AI Core may be like. The defaults are what its documents say, or what is likeliest."""

    accepted: Accepted = 202
    """What a write that is accepted gets."""
    invalid: Invalid = 400
    """What a body that makes no sense gets: no JSON, a bad name, a bad docker configuration."""
    names: Names = "spec"
    """Which names there may be: those of SAP's OpenAPI document; without `_`, as in AI Launchpad; or those
    of Kubernetes, where no part between two dots is empty or begins or ends with a hyphen."""
    check_content: bool = True
    """`.dockerconfigjson` must hold a JSON object with at least one entry, an object, in `auths`."""
    patch_json_415: bool = False
    """A PATCH must be `application/merge-patch+json`; `application/json` is refused with 415."""
    patch_name_400: bool = False
    """A PATCH that repeats the name of its secret is refused, although SAP's sample does that."""
    patch_creates: bool = False
    """A PATCH of a name that is not there stores it."""
    delete_missing: DeleteMissing = 404
    """What the delete of a name that is not there gets."""
    missing: Missing = "json"
    """The form of the 404 for a name that is not there: JSON envelope, bare text, or no body."""
    no_address: Missing = "json"
    """The form of the 404 for an address that the API does not have."""
    unauthorized: Unauthorized = "text"
    """The form of a 401: the gateway's bare text, or a JSON envelope."""
    refuse_headers: bool = False
    """A call with `AI-Resource-Group` is refused: Docker registry secrets belong to no group."""
    more_fields: bool = False
    """Secrets are shown with `creationTimestamp` and `namespace`, as the description of the API has it."""
    duplicate: Duplicate = "202-exists"
    """What a create under a taken name gets. `202-exists` changes nothing, `overwrite` replaces."""
    recreate_fails: bool = False
    """A deleted name counts as taken for as long as it still shows."""
    quota: int = 50
    """How many secrets there may be; 0 turns the limit off."""
    quota_status: QuotaStatus = 400
    """What a create beyond the quota gets."""
    page_size: int = 1000
    """The longest list in one answer, whatever `$top` says."""

    order: Order = "name"
    """What the list is ordered by."""
    count_all: bool = False
    """`count` is that of all, without `$count=true` as well."""
    check_query: bool = True
    """A `$top` or `$skip` that is no number from 0 on is refused; else it counts as left out."""
    ignored_query: list[Ignored] = field(default_factory=list)
    """Query parameters that change nothing."""
