"""What is assumed of AI Core's API for Docker registry secrets, and what this package does with it."""

from __future__ import annotations

from dataclasses import dataclass

from aicore_magics.aicore.looks import VISIBLE_WITHIN

AT_ONCE = f"within {VISIBLE_WITHIN:.0f} s"
MISSING = "404, error envelope"
REFUSED = "400"


@dataclass(frozen=True, slots=True)
class Question:
    """One assumption: what it *asks*, what is *assumed*, and what this package does about it, *ours*."""

    id: str
    asks: str
    assumed: str
    ours: str


QUESTIONS = (
    Question("create.answer", "create", "202 with message", "treats any 2xx as accepted, then checks"),
    Question("create.get", "create: seen by name", AT_ONCE, "checks for 10 s, then reports unknown"),
    Question("create.list", "create: seen in the list", AT_ONCE, "lists what AI Core lists"),
    Question(
        "create.twice",
        "create a name that is taken",
        '202, says "exists"',
        'checks before and after; treats 409 or the word "exists" as taken',
    ),
    Question(
        "create.again",
        "create just after a delete",
        "as a first create",
        "checks after each create; reports unknown if the secret is not there",
    ),
    Question("update.merge", "update, merge-patch", "202 with id, message", "update and apply send this"),
    Question(
        "update.json", "update, application/json", "202 with id, message", "never sends it; SAP's sample does"
    ),
    Question(
        "update.name",
        "update that repeats the name",
        "202 with id, message",
        "never sends it; SAP's sample does",
    ),
    Question(
        "update.missing", "update a name not there", MISSING, "treats AI Core's own 404 as: no such secret"
    ),
    Question("delete.answer", "delete", "202 with id, message", "treats any 2xx as accepted, then checks"),
    Question("delete.get", "delete: gone by name", AT_ONCE, "checks for 10 s, then reports unknown"),
    Question("delete.list", "delete: gone from the list", AT_ONCE, "lists what AI Core lists"),
    Question(
        "delete.missing", "delete a name not there", MISSING, "treats AI Core's own 404 as: no such secret"
    ),
    Question("read.missing", "read a name not there", MISSING, "treats AI Core's own 404 as: not there"),
    Question("read.fields", "fields of a secret", "name", "reads name, and ignores the others"),
    Question("list.top", "$top=1", "1 row", "asks for pages of 100"),
    Question("list.zero", "$top=0", "no row", "never sends it"),
    Question(
        "list.skip", "$skip=1", "the next row", "uses it for pages; if it does nothing, stops at page one"
    ),
    Question("list.count", "$count", "this page; true: all", "sends $count=true to know when all are listed"),
    Question("list.size", "list without $top", "all", "always sends $top"),
    Question("list.order", "order of the list", "by name", "shows AI Core's order"),
    Question("list.bad", "$top=-1", REFUSED, "never sends it"),
    Question(
        "quota.fields", "fields of the quota", "quota.maxCount, usage.count", "shows both, as far as known"
    ),
    Question("quota.only", "quotaOnly=true", "quota.maxCount", "never sends it"),
    Question(
        "quota.count", "used, as the quota counts", "as many as listed", "uses it to find a full tenant"
    ),
    Question("config.text", "config that is not JSON", REFUSED, "never sends it"),
    Question("config.empty", "config without auths", REFUSED, "never sends it"),
    Question("config.nobody", "config with empty auths", REFUSED, "never sends it"),
    Question("config.object", "config that is not a string", REFUSED, "never sends it"),
    Question("config.more", "data with another key", REFUSED, "never sends it"),
    Question("config.missing", "create without data", REFUSED, "never sends it"),
    Question("body.text", "body that is not JSON", REFUSED, "never sends it"),
    Question("name.underscore", "name with _", "stored", "accepts such names, with a warning"),
    Question("name.dot", "name with a dot", "stored", "accepts such names, with a warning"),
    Question("name.dots", "name with two dots in a row", "stored", "accepts such names, with a warning"),
    Question("name.capital", "name with capitals", REFUSED, "refuses such names itself"),
    Question("name.long", "name of 64 letters", REFUSED, "refuses such names itself"),
    Question("name.short", "name of 1 letter (read)", REFUSED, "refuses such names itself"),
    Question("token.none", "no token", "401, plain text", "gets a new token once, then says so"),
    Question("token.wrong", "made-up token", "401, plain text", "gets a new token once, then says so"),
    Question("token.life", "life of a token", "12 h", "renews it after 90 % of that time"),
    Question("path.unknown", "unknown address", MISSING, "treats 404 for the list as: not AI Core"),
    Question("header.group", "AI-Resource-Group sent", "no difference", "never sends it; SAP's SDK does"),
    Question(
        "error.envelope", "request id in an error", "requestId", "reads requestId, requestID, request_id"
    ),
    Question(
        "login.echo",
        "login repeated in an answer",
        "never",
        "removes secrets from every answer that it shows",
    ),
)

# These come up or not; nobody can ask for them.
MET = (
    Question("met.403", "met: no right (403)", "plain text or error envelope", "names the role to ask for"),
    Question("met.429", "met: too many (429)", "with Retry-After", "waits that long, within the limit"),
)

NEVER_ASKED = "a create beyond the quota, an expired token, whether a second create replaces the first"
