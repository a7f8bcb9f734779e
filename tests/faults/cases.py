"""The faults: what the hosts do in each case, what the client is asked to do, and what it may say then.

The 61 of the case file keep their ids; those that begin with X are added here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.faults.acts import (
    ACCEPTED,
    BUSY,
    closes,
    complies,
    cut,
    done,
    drips,
    echoes,
    expired,
    interim,
    interrupts,
    performs,
    redirects,
    reset,
    says,
    silent,
    status,
    waits_until,
    wants_merge_patch,
)
from tests.faults.hosts import Reply
from tests.faults.world import ALWAYS, SECRETS, WEB_PAGE, Rule, Setting, envelope

if TYPE_CHECKING:
    from tests.faults.world import Act

DAY = 86_400.0
BAD_GATEWAY = Reply(502, WEB_PAGE.body, "text/html")
FAILED = envelope(500, "internal error")
BRACES = envelope(502, "no {upstream} {0} {")
NOT_FOUND = Reply(404, b"404 page not found\n", "text/plain")
FORBIDDEN = b'{"error": "forbidden"}'
CONFLICT = b'{"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "x", "code": 409}'
BAD_REQUEST = b'{"message": "cannot be used", "request_id": "5f6c"}'


@dataclass(frozen=True)
class Case:
    """One fault. *allowed*: the outcomes that are right: ok, error (nothing was changed), unknown."""

    id: str
    fault: str
    op: str
    allowed: tuple[str, ...]
    setting: Setting

    @property
    def must_recover(self) -> bool:
        """Whether only success is right."""
        return self.allowed == ("ok",)


def post(act: Act, **more: Any) -> Setting:
    """Give a setting in which *act* answers a create."""
    return Setting((Rule(act, "POST", SECRETS, times=more.pop("times", ALWAYS)),), **more)


def token(act: Act, times: int = ALWAYS, **more: Any) -> Setting:
    """Give a setting in which *act* answers who asks for a token."""
    return Setting((Rule(act, host="token", times=times),), **more)


def there(act: Act, method: str, times: int = ALWAYS) -> Setting:
    """Give a setting in which the secret exists, and *act* answers *method*."""
    return Setting((Rule(act, method, times=times),), there=True)


def then_there(first: Act, second: Act, method: str) -> Setting:
    """Give a setting in which the secret exists, *first* answers *method* once, and *second* from then on."""
    return Setting((Rule(first, method, times=1), Rule(second, method)), there=True)


def lists(act: Act, times: int = ALWAYS) -> Setting:
    """Give a setting in which *act* answers who wants a list."""
    return Setting((Rule(act, "GET", SECRETS, times=times),))


def ctrl_c(then: Act, method: str = "POST", host: str = "api", **more: Any) -> Setting:
    """Give a setting in which Ctrl-C is pressed while *method* is answered by *then*."""
    return Setting((Rule(partial(interrupts, then), method, host=host, times=1),), **more)


REFUSED = Reply(401, b'{"error": "invalid_client", "error_description": "Bad credentials"}')
SETTINGS = {
    "T01": token(says(REFUSED)),
    "T02": token(silent),
    "T03": token(status(503), 1),
    "T04": token(waits_until(2), 1),
    "T05": token(says(BUSY, Retry_After="3600")),
    "T06": token(partial(echoes, 401, "application/json")),
    "T07": token(says(WEB_PAGE)),
    "T08": token(partial(redirects, 307)),
    "T09": Setting(token_answer="without its life"),
    "T10": Setting(token_answer="cut"),
    "T11": token(reset, 1),
    "T12": token(drips),
    "A01": Setting(api="refused"),
    "A02": Setting(api="full"),
    "A03": Setting(api="no address"),
    "A04": Setting(api="self-signed"),
    "A05": post(done(silent)),
    "A06": post(silent),
    "A07": post(done(reset)),
    "A08": post(reset),
    "A09": post(done(cut)),
    "A10": post(done(status(504))),
    "A11": post(says(BAD_GATEWAY), times=1),
    "A12": post(status(503, Retry_After="1"), times=1),
    "A13": post(says(BUSY, Retry_After="1"), times=1),
    "A14": post(says(BUSY, Retry_After="3600")),
    "A15": post(says(FAILED)),
    "A16": post(done(says(Reply(202, b'{"message": "Secr')))),
    "A17": post(done(says(Reply(202)))),
    "A18": post(done(says(Reply(202, ACCEPTED.body, "text/plain")))),
    "A19": post(says(WEB_PAGE)),
    "A20": post(drips),
    "A21": post(partial(redirects, 307)),
    "A22": post(partial(redirects, 302)),
    "A23": Setting(visible_after=3.0),
    "A24": post(says(ACCEPTED)),
    "A25": post(expired, times=1),
    "A26": Setting((Rule(says(Reply(401, b"Jwt is expired", "text/plain"))),)),
    "A27": lists(expired, 1),
    "A28": post(says(envelope(403, "no scope"))),
    "A29": post(status(403, FORBIDDEN)),
    "A30": post(status(400, b'["bad", "request"]')),
    "A31": post(partial(echoes, 400, "application/json")),
    "A32": Setting(there=True),
    "A33": post(says(envelope(500, "x" * 5_000_000))),
    "A34": Setting(netrc=True),
    "P01": Setting(),
    "P02": there(done(silent), "PATCH"),
    "P03": there(status(503), "PATCH", 1),
    "P04": there(done(reset), "PATCH"),
    "P05": there(wants_merge_patch, "PATCH"),
    "D01": Setting(),
    "D02": there(done(status(503)), "DELETE", 1),
    "D03": there(done(reset), "DELETE", 1),
    "D04": Setting(there=True),
    "D05": Setting(there=True),
    "G01": lists(status(503), 2),
    "G02": lists(says(Reply(500, WEB_PAGE.body, "text/html"))),
    "G03": lists(says(WEB_PAGE)),
    "G04": lists(status(200, b'{"count": 0, "resources": null}')),
    "I01": ctrl_c(done(silent)),
}

ADDED = (
    ("X01", "applied, reset; a second create overwrites", "create", "ok unknown",
     post(done(reset), times=1, second="overwrite")),
    ("X02", "applied, 504; a second create overwrites", "create", "ok unknown",
     post(done(status(504)), times=1, second="overwrite")),
    ("X03", "name taken; a second create overwrites", "create", "error",
     Setting(there=True, second="overwrite")),
    ("X04", "name taken; 202 'Secret exists', not changed", "create", "error",
     Setting(there=True, second="says exists")),
    ("X05", "as X04, and the first look does not see it", "create", "error unknown",
     Setting(there=True, second="says exists", blind=1)),
    ("X06", "202, stored 2 s later", "create", "ok unknown", Setting(stored_after=2.0)),
    ("X07", "202, stored when nobody looks any more", "create", "ok unknown", Setting(stored_after=60.0)),
    ("X08", "504, stored 1 s later", "create", "ok unknown",
     post(done(status(504)), times=1, stored_after=1.0)),
    ("X09", "500 for ever, stored 1 s later", "create", "ok unknown",
     post(done(says(FAILED)), stored_after=1.0)),
    ("X10", "connections closed after each answer", "create_list", "ok",
     Setting((Rule(partial(closes, "api")), Rule(partial(closes, "token"), host="token")))),
    ("X11", "connections reset between two calls", "create_list", "ok", Setting(idle=0.3, between=0.6)),
    ("X12", "kept connection closed as the list is asked for", "create_list", "ok", lists(reset, 1)),
    ("X13", "clock jumps a day, to and fro", "create_list", "ok", Setting(clock_jumps=True)),
    ("X14", "clock jumps, token drips", "create", "error", token(drips, clock_jumps=True)),
    ("X15", "POST 429 once, Retry-After by a clock a day ahead", "create", "ok",
     post(waits_until(2, ahead=DAY), times=1)),
    ("X16", "POST 429 once, Retry-After by a clock a day behind", "create", "ok",
     post(waits_until(2, ahead=-DAY), times=1)),
    ("X17", "400 text/plain echoes request", "create", "error", post(partial(echoes, 400, "text/plain"))),
    ("X18", "Ctrl-C while the token is awaited", "create", "error", ctrl_c(silent, host="token")),
    ("X19", "Ctrl-C while the list is awaited", "list", "error", ctrl_c(silent, "GET")),
    ("X20", "Ctrl-C in the wait before a second POST", "create", "unknown",
     ctrl_c(says(BUSY, Retry_After="2"))),
    ("X21", "Ctrl-C after 202, while it is not visible", "create", "ok unknown",
     ctrl_c(done(says(ACCEPTED)), visible_after=60.0)),
    ("X22", "Ctrl-C while PATCH applied unanswered", "rotate", "ok unknown",
     ctrl_c(done(silent), "PATCH", there=True)),
    ("X23", "Ctrl-C while DELETE applied unanswered", "delete", "ok unknown",
     ctrl_c(done(silent), "DELETE", there=True)),
    ("X24", "POST applied, 502 html", "create", "ok unknown", post(done(says(BAD_GATEWAY)), times=1)),
    ("X25", "POST applied, 200 html", "create", "ok unknown", post(done(says(WEB_PAGE)))),
    ("X26", "POST applied, 303 other host", "create", "ok unknown", post(done(partial(redirects, 303)))),
    ("X27", "PATCH applied, 200 html", "rotate", "ok unknown", there(done(says(WEB_PAGE)), "PATCH")),
    ("X28", "PATCH not applied, 502 html once", "rotate", "ok", there(says(BAD_GATEWAY), "PATCH", 1)),
    ("X29", "DELETE applied, 200 html", "delete", "ok unknown", there(done(says(WEB_PAGE)), "DELETE")),
    ("X30", "POST applied, 502 with {braces}", "create", "ok unknown",
     post(done(says(BRACES)))),
    ("X31", "PATCH 502 for ever with {braces}", "rotate", "error unknown",
     there(says(BRACES), "PATCH")),
    ("X32", "POST applied, no answer once", "create", "ok unknown", post(done(silent), times=1)),
    ("X33", "POST not applied, no answer once", "create", "ok", post(silent, times=1)),
    ("X34", "PATCH applied, no answer once", "rotate", "ok", there(done(silent), "PATCH", 1)),
    ("X35", "token hangs once", "create", "ok", token(silent, 1)),
    ("X36", "401 on POST, and the token host fails from then on", "create", "error",
     Setting((Rule(expired, "POST"), Rule(performs, host="token", times=1), *token(status(503)).rules))),
    ("X37", "list hangs once", "list", "ok", lists(silent, 1)),
    ("X38", "POST applied, 200 html, visible 2 s later", "create", "ok",
     post(done(says(WEB_PAGE)), visible_after=2.0)),
    ("X39", "POST applied, 307, visible 2 s later", "create", "ok",
     post(done(partial(redirects, 307)), visible_after=2.0)),
    ("X40", "POST applied, reset, visible 2 s later", "create", "ok unknown",
     post(done(reset), times=1, visible_after=2.0)),
    ("X41", "DELETE not applied, reset, then a gateway's 404", "delete", "error unknown",
     then_there(reset, says(NOT_FOUND), "DELETE")),
    ("X42", "DELETE applied, reset, then a gateway's 404", "delete", "ok",
     then_there(done(reset), says(NOT_FOUND), "DELETE")),
    ("X43", "DELETE not applied, empty 404", "delete", "error unknown", there(says(Reply(404)), "DELETE")),
    ("X44", "DELETE applied, empty 404", "delete", "ok", there(done(says(Reply(404))), "DELETE")),
    ("X45", "PATCH applied, reset, then 404", "rotate", "ok unknown",
     then_there(done(reset), status(404), "PATCH")),
    ("X46", "PATCH not applied, reset, then 403", "rotate", "error unknown",
     then_there(reset, status(403), "PATCH")),
    ("X47", "POST applied, 408 once", "create", "ok unknown", post(done(status(408)), times=1)),
    ("X48", "PATCH applied, 408", "rotate", "ok unknown", there(done(status(408)), "PATCH")),
    ("X49", "POST applied, 429 once, visible 1 s later; then 409", "create", "ok unknown",
     post(done(says(BUSY)), times=1, visible_after=1.0)),
    ("X50", "PATCH applied, 429 an hour", "rotate", "ok unknown",
     there(done(says(BUSY, Retry_After="3600")), "PATCH")),
    ("X51", "POST applied, 101 in place of an answer", "create", "ok unknown",
     post(done(interim(101, reset)))),
    ("X52", "POST applied, 103 in place of an answer", "create", "ok unknown",
     post(done(interim(103, reset)))),
    ("X53", "POST applied, 103 before the answer", "create", "ok", post(interim(103, complies))),
    ("X54", "PATCH applied, 103 in place of an answer", "rotate", "ok unknown",
     there(done(interim(103, reset)), "PATCH")),
    ("X55", "POST applied, 403 of a gateway", "create", "ok unknown", post(done(status(403, FORBIDDEN)))),
    ("X56", "PATCH applied, 403 of a gateway", "rotate", "ok unknown",
     there(done(status(403, FORBIDDEN)), "PATCH")),
    ("X57", "DELETE not applied, 403 of a gateway", "delete", "error unknown",
     there(status(403, FORBIDDEN), "DELETE")),
    ("X58", "POST not applied, 409 of Kubernetes", "create", "error unknown", post(status(409, CONFLICT))),
    ("X59", "POST applied, 409 of Kubernetes", "create", "ok unknown", post(done(status(409, CONFLICT)))),
    ("X60", "POST not applied, 400 with a request id", "create", "error", post(status(400, BAD_REQUEST))),
    ("X61", "PATCH not applied, 400 with a request id", "rotate", "error",
     there(status(400, BAD_REQUEST), "PATCH")),
    ("X62", "PATCH applied, 202 empty", "rotate", "ok unknown", there(done(says(Reply(202))), "PATCH")),
    ("X63", "PATCH not applied, 202 empty", "rotate", "error unknown", there(says(Reply(202)), "PATCH")),
    ("X64", "Ctrl-C in the wait before a second PATCH", "rotate", "unknown",
     ctrl_c(done(says(BUSY, Retry_After="2")), "PATCH", there=True)),
    ("X65", "Ctrl-C in the wait before a second DELETE", "delete", "unknown",
     ctrl_c(says(BUSY, Retry_After="2"), "DELETE", there=True)),
)  # fmt: skip


def _of_the_file() -> tuple[Case, ...]:
    path = Path(__file__).parents[1] / "data/bad-inputs.json"
    rows = json.loads(path.read_text("utf-8"))["faults"]
    return tuple(
        Case(row["id"], row["fault"], row["op"], tuple(row["allowed"]), SETTINGS[row["id"]]) for row in rows
    )


FROM_FILE = _of_the_file()
CASES = (
    *FROM_FILE,
    *(
        Case(number, fault, op, tuple(allowed.split()), setting)
        for number, fault, op, allowed, setting in ADDED
    ),
)
# Where nothing goes wrong: what a client cannot do there, it cannot do anywhere.
PLAIN = tuple(
    Case(f"plain {op}", "none", op, ("ok",), Setting(there=op in ("rotate", "delete")))
    for op in ("create", "rotate", "delete", "list", "create_list")
)
