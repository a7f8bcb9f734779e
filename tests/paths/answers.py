"""Every class of answer that a write, or a look, can get: what comes over the line, and what it is proof of.

An answer's id is `STATUS-FORM`, or a word for what is no answer. Whether it is AI Core's own is told here by
hand, form by form, and not read from its text: so the table owes nothing to the code that it tries.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field

NAME = "team-ghcr"
USER = "robot-1"
PASSWORD = "Swordfish-of-the-model"
TOKEN = "bearer-of-the-model"
CLIENT_SECRET = "client-of-the-model"
AUTH = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
# What nobody may be shown, whatever a server says; a delete knows the first two alone.
OPENS_AICORE = (TOKEN, CLIENT_SECRET)
STORED = (PASSWORD, AUTH)

JSON = {"content-type": "application/json"}
TEXT = {"content-type": "text/plain"}
HTML = {"content-type": "text/html"}
DATE = "Mon, 30 Nov 2026 06:00:00 GMT"
FIVE_LATER = "Mon, 30 Nov 2026 06:00:05 GMT"

# Statuses that mean something to HTTP, to AI Core or to what stands between.
STATUSES = (
    *(101, 103, 200, 201, 202, 204, 206, 300, 301, 302, 303, 304, 307, 308),
    *(
        400,
        401,
        402,
        403,
        404,
        405,
        406,
        407,
        408,
        409,
        410,
        411,
        412,
        413,
        414,
        415,
        416,
        417,
        421,
        422,
        423,
    ),
    *(424, 425, 426, 428, 429, 431, 444, 451, 499, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599),
)
# What AI Core says no with, in its own form: then nothing was done. 404 only where the address has the name.
REFUSALS = (400, 401, 403, 413, 415, 422)
MISSING = 404
TAKEN = 409
REDIRECTS = (301, 302, 303, 307, 308)
LATER = 20.0  # seconds that a slow answer takes; a gateway gives up after more
GIVEN_UP = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back. *own*: in AI Core's own form. *trouble*: why nothing came, and *status* is 0."""

    id: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict, hash=False, compare=False)
    body: bytes = field(default=b"", repr=False, hash=False, compare=False)
    own: bool = False
    trouble: str = ""
    seconds: float = 0.0

    @property
    def accepts(self) -> bool:
        """Whether AI Core itself says yes."""
        return self.own and 200 <= self.status < 300

    @property
    def sent(self) -> bool:
        """Whether the request can have come to AI Core."""
        return self.trouble not in ("unreachable", "unreachable-for-good", "untrusted")

    @property
    def says_taken(self) -> bool:
        """Whether AI Core itself says that the name exists already."""
        return self.own and (self.status == TAKEN or self.id.endswith("-exists"))

    def refuses(self, method: str) -> bool:
        """Whether AI Core itself says that it did nothing."""
        return self.own and (self.status in REFUSALS or (self.status == MISSING and method != "POST"))


def _dump(data: object) -> bytes:
    return json.dumps(data).encode()


def _envelope(status: int, message: str = "no") -> bytes:
    return _dump({"error": {"code": f"0101{status:04}", "message": message, "requestId": "5e1f-1"}})


def _kubernetes(status: int) -> bytes:
    return _dump({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "no", "code": status})


PAGE = b"<!doctype html><html><body><form>Log in to the network</form></body></html>"
# Cut where the client stops to read: no JSON.
HUGE = (b'{"error": {"code": "1", "message": "' + 1_000_000 * b"x")[:1_000_000]


def _forms(status: int) -> list[Answer]:
    """Every form that an answer with *status* can have."""
    headers = {"location": "https://login.example/there"} if status in REDIRECTS else {}

    def answer(form: str, kind: dict[str, str], body: bytes, *, own: bool = False) -> Answer:
        return Answer(f"{status}-{form}", status, {**headers, **kind}, body, own=own)

    success = 200 <= status < 300
    said = status >= 400
    answers = [
        answer("page", HTML, PAGE),
        answer("text", TEXT, b"upstream connect error or disconnect/reset before headers"),
        answer("empty", {}, b""),
        answer("list", JSON, b"[]"),
        answer("string", JSON, b'"no"'),
    ]
    if success:
        answers += [
            answer("object", JSON, _dump({"id": NAME, "message": "Secret has been taken"}), own=True),
            answer("bare", JSON, b"{}", own=True),
            answer("exists", JSON, _dump({"message": "Secret exists"}), own=True),
            answer("untyped", {}, _dump({"message": "Secret has been taken"}), own=True),
            answer("cut", JSON, b'{"id": "team-ghcr", "mess'),
            answer("error", JSON, _envelope(status)),  # yes and no at once
            answer("kube", JSON, _kubernetes(status)),
        ]
    else:
        answers += [
            answer("error", JSON, _envelope(status), own=said),
            answer("kube", JSON, _kubernetes(status), own=said),
            answer("id", JSON, _dump({"request_id": "5e1f-2", "message": "no"}), own=said),
            answer("other", JSON, _dump({"detail": "no such route"})),
            answer("word", JSON, _dump({"error": "no", "status": status, "path": "/v2"})),
            answer("kube-other", JSON, _kubernetes(418)),
        ]
    if status == 401:
        answers.append(answer("jwt", TEXT, b"Jwt is expired", own=True))
    if status == 403:
        answers.append(answer("rbac", TEXT, b"RBAC: access denied", own=True))
    return answers


def _special() -> list[Answer]:
    """What differs in more than status and form: headers, time, size, echoes; and what is no answer."""
    echo = f"{PASSWORD} {AUTH} {TOKEN} {CLIENT_SECRET}"

    def error(name: str, status: int, headers: dict[str, str], seconds: float = 0.0) -> Answer:
        return Answer(
            f"{status}-error-{name}", status, {**JSON, **headers}, _envelope(status), True, "", seconds
        )

    return [
        *(error("after1", status, {"retry-after": "1"}) for status in (408, 409, 425, 429, 500, 503)),
        *(error("after3600", status, {"retry-after": "3600"}) for status in (429, 503)),
        *(error("date", status, {"retry-after": FIVE_LATER, "date": DATE}) for status in (429, 503)),
        *(
            Answer(f"{status}-page-after1", status, {**HTML, "retry-after": "1"}, PAGE)
            for status in (202, 302, 429, 503)
        ),
        *(error("slow", status, {}, LATER) for status in (400, 403, 500)),
        Answer("202-object-slow", 202, JSON, _dump({"message": "taken"}), own=True, seconds=LATER),
        Answer("504-page-slow", 504, HTML, PAGE, seconds=GIVEN_UP),
        *(
            Answer(f"{status}-error-echo", status, JSON, _envelope(status, echo), own=True)
            for status in (400, 409, 500)
        ),
        Answer("403-text-echo", 403, TEXT, f"RBAC: {echo}".encode(), own=True),
        Answer("302-echo", 302, {"location": f"https://{TOKEN}.example/"}, b""),
        *(Answer(f"{status}-huge", status, JSON, HUGE) for status in (202, 400, 503)),
        Answer("lost", trouble="lost"),  # reset, cut off, compressed
        Answer("timeout", trouble="timeout"),
        Answer("certificate", trouble="certificate"),
        Answer("unreachable", trouble="unreachable"),
        Answer("unreachable-for-good", trouble="unreachable-for-good"),
        Answer("untrusted", trouble="untrusted"),
    ]


TABLE = {answer.id: answer for answer in (*(a for status in STATUSES for a in _forms(status)), *_special())}

# One of each kind that anybody in between could treat otherwise: for paths with more than one try.
KINDS = (
    *("202-object", "202-exists", "202-page", "202-cut", "204-empty", "101-empty", "302-page", "304-empty"),
    *("400-error", "401-jwt", "401-page", "403-rbac", "404-error", "404-text", "404-page", "405-error"),
    *("408-text", "409-error", "409-page", "410-kube", "422-kube", "425-id", "429-error", "429-error-after1"),
    *(
        "429-page-after1",
        "500-error",
        "502-page",
        "503-error",
        "503-text",
        "503-error-after1",
        "504-page-slow",
    ),
    *("lost", "timeout", "unreachable"),
)
# The fewest that still reach every kind of verdict on a try: for paths with interrupts and ends of time.
FEW = (
    "202-object",
    "400-error",
    "404-error",
    "404-text",
    "409-error",
    "429-error-after1",
    "503-page",
    "lost",
)
assert {*KINDS, *FEW} <= {*TABLE}


# Answers to a look. The two that are right are made of what is there.
THERE = Answer("200-name", 200, JSON, _dump({"name": NAME}), own=True)
GONE = {form: TABLE[f"404-{form}"] for form in ("error", "kube", "id")}
FOREIGN = {
    "page": TABLE["200-page"],
    "text404": TABLE["404-text"],
    "empty404": TABLE["404-empty"],
    "page404": TABLE["404-page"],
    "other404": TABLE["404-other"],
    "list404": TABLE["404-list"],
    "other-name": Answer("200-other-name", 200, JSON, _dump({"name": "another"})),
    "health": Answer("200-health", 200, JSON, _dump({"status": "UP"})),
    "list": TABLE["200-list"],
    "empty": TABLE["204-empty"],
    "redirect": TABLE["302-page"],
    "gateway": TABLE["503-page"],
    "failed": TABLE["500-error"],
    "unauthorized": TABLE["401-jwt"],
    "forbidden": TABLE["403-rbac"],
    "busy": TABLE["429-error-after1"],
    "switch": TABLE["101-empty"],
    "lost": TABLE["lost"],
    "hang": TABLE["timeout"],
    "unreachable": TABLE["unreachable"],
}
