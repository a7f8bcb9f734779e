"""How an answer looks, in words that may be shown to anybody: nothing that it says comes out as it stands."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aicore_magics.aicore.own_form import own_form
from aicore_magics.base.plural import count

if TYPE_CHECKING:
    from aicore_magics.http.messages import Response

ENVELOPE, TEXT, EMPTY, DATA = "error envelope", "plain text", "no body", "JSON"
_MOST_WORDS = 9
# By the names that `own_form` gives them; the others are told by what they are made of.
_OWN = MappingProxyType(
    {"error": ENVELOPE, "Status": "Kubernetes Status", "request_id": "flat error", "Jwt": TEXT, "RBAC": TEXT}
)

# A word that is none of these may be a tenant, a host, a name or an id: "…" stands in its place.
_WORDS = frozenset(
    """
    a access accepted aicore already and any are as at authentication authorization be been body but
    by cannot changed code config configuration configured contain contains content could create
    created creating credentials data delete deleted denied deleting did docker does duplicate empty
    error exist exists expected expired failed field fields find for forbidden format found from has
    have header id in input internal invalid is issuer it json jwt key kind length limit long longer
    match matches maximum media merge message method missing modified more must name no not object of
    on only or parameter parse patch path pattern please quota rbac reached read received request
    required resource retry secret secrets server service short should start string such supported
    than that the there this to token too try type unable unauthorized unexpected unknown unmarshal
    unprocessable unsupported updated upstream valid validation value wait was with wrong you your
    """.split()  # noqa: SIM905 - words to read
)
_FIELDS = frozenset(
    """
    code count createdAt creationTimestamp data details id labels maxCount message metadata name
    namespace quota requestID requestId request_id resources status target type usage
    """.split()  # noqa: SIM905 - as above
)


def form_of(answer: Response) -> str:
    """Name the form of *answer*; empty for a web page or a redirect."""
    if answer.not_an_api():
        return ""
    own = _OWN.get(own_form(answer))
    if own or answer.json() is not None:
        return own or DATA
    return TEXT if answer.body.strip() else EMPTY


def seen_as(answer: Response) -> str:
    """Say how *answer* looks: `202 with id, message`, or `409, error envelope`."""
    if answer.ok:
        data = answer.json()
        return (
            f"{answer.status} with {fields(data)}"
            if isinstance(data, dict) and data
            else f"{answer.status}, {form_of(answer)}"
        )
    return f"{answer.status}, {form_of(answer) or 'web page'}"


def said(answer: Response) -> str:
    """Give what an error says as far as its words are known ones, in quotes; empty if none is."""
    data = answer.json()
    error = data.get("error") if isinstance(data, dict) else None
    text = error.get("message") if isinstance(error, dict) else answer.text() if data is None else ""
    known = known_words(text) if isinstance(text, str) else ""
    return f' "{known}"' if known.strip("… ") else ""


def fields(data: dict[str, Any]) -> str:
    """Name the known keys of *data*, and count the others."""
    names = ", ".join(sorted(_FIELDS & data.keys()))
    others = len(data.keys() - _FIELDS)
    return f"{names} and {others} more" if others and names else names or count(others, "other field")


def known_words(text: str) -> str:
    """Give the known words of *text*, with "…" for the others.

    >>> known_words('Secret "team-ghcr" already exists in tenant b82a8318.')
    'Secret … already exists in …'
    """
    words: list[str] = []
    for word in text.split()[: 4 * _MOST_WORDS]:
        bare = re.sub(r"\W+\Z|\A\W+", "", word)
        sign = word[-1] if word[-1] in ",:;" else ""
        shown = bare + sign if bare.isascii() and bare.lower() in _WORDS else "…"
        if shown != "…" or words[-1:] != ["…"]:
            words.append(shown)
    return " ".join(words[:_MOST_WORDS]).rstrip(",:;")
