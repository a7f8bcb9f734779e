"""A verification finds each setting of the sandbox, changes nothing else, and leaves nothing behind."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Literal, get_args, get_origin, get_type_hints

import pytest

from aicore_magics.actions import (
    connect_with,
    remove_throwaway_secrets,
    verification_question,
    verify_tenant,
)
from aicore_magics.aicore.verification import asker, refusing, scene, throwaways, writing
from aicore_magics.aicore.verification.questions import MET, QUESTIONS
from aicore_magics.aicore.verification.throwaways import PREFIX, is_throwaway
from aicore_magics.errors import InvalidName, NotAICore, NotAllowed, QuotaReached, Unreachable
from aicore_magics.jupyter.cards import html_card
from aicore_magics.sandbox import Faults, start
from tests.aicore.verification.steps import AtWrite, is_write

OTHERS = {"team-ghcr": '{"auths": {}}', "aicore-magics": "{}"}
CHANGES = ("update.merge", "update.json", "update.name")
LOOKS = ("create.get", "create.list", "delete.get", "delete.list")
NONSENSE = ("text", "empty", "nobody", "object", "more", "missing")
BAD_CREATES = (*(f"config.{each}" for each in NONSENSE), "body.text", "name.capital", "name.long")
PAGES = ("list.top", "list.zero", "list.skip", "list.count", "list.size", "list.order", "quota.count")
MISSING = ("update.missing", "delete.missing", "read.missing")
AFTER = r"after [0-9]+\.[0-9] s"


def all_of(names, seen):
    return dict.fromkeys(names, seen)


# Switches, and how each row reads that is not as assumed, or is with other words.
FOUND = [
    ({}, {}),
    *(
        (
            {"accepted": status},
            {
                **all_of((*CHANGES, "delete.answer"), f"{status} with id, message"),
                "create.answer": f"{status} with message",
                "create.twice": f'{status}, says "exists"',
            },
        )
        for status in (200, 201)
    ),
    ({"invalid": 422}, all_of(BAD_CREATES, "422, error envelope.*")),
    ({"names": "launchpad"}, {"name.underscore": "400, error envelope .*"}),
    ({"names": "kubernetes"}, all_of(("name.underscore", "name.dots"), "400, error envelope .*")),
    ({"check_content": False}, all_of(("config.text", "config.empty", "config.nobody"), "stored")),
    ({"patch_json_415": True}, {"update.json": '415, error envelope "Unsupported media type, expected …"'}),
    ({"patch_name_400": True}, {"update.name": '400, error envelope "Invalid Request, unknown key name"'}),
    ({"patch_creates": True}, {"update.missing": "202 with id, message"}),
    ({"delete_missing": 202}, {"delete.missing": "202 with id, message"}),
    ({"delete_missing": 412}, {"delete.missing": '412, error envelope "Secret not found"'}),
    ({"missing": "text"}, all_of(MISSING, '404, plain text "Secret not found"')),
    ({"missing": "empty"}, all_of(MISSING, "404, no body")),
    ({"no_address": "text"}, {"path.unknown": '404, plain text "Not found"'}),
    ({"no_address": "empty"}, {"path.unknown": "404, no body"}),
    (
        {"unauthorized": "json"},
        {
            "token.none": '401, error envelope "Jwt is missing"',
            "token.wrong": '401, error envelope "Jwt issuer is not configured"',
        },
    ),
    ({"refuse_headers": True}, {"header.group": '400, error envelope "Invalid Request, unknown header"'}),
    ({"more_fields": True}, {"read.fields": "creationTimestamp, name, namespace"}),
    ({"duplicate": "overwrite"}, {"create.twice": '202, does not say "exists"'}),
    *(
        ({"duplicate": status}, {"create.twice": f'{status}, error envelope "Secret already exists"'})
        for status in ("400", "409", "500")
    ),
    (
        {"recreate_fails": True, "visible_after": 0.1},
        {**all_of(LOOKS, AFTER), "create.again": '202 with message, says "exists"; not there'},
    ),
    (
        {"recreate_fails": True, "visible_after": 0.1, "duplicate": "409"},
        {
            **all_of(LOOKS, AFTER),
            "create.again": '409, error envelope "Secret already exists"',
            "create.twice": '409, error envelope "Secret already exists"',
        },
    ),
    ({"visible_after": 0.1}, all_of(LOOKS, AFTER)),
    (
        {"never_visible": True},
        {
            **all_of(("create.get", "create.list"), "never during the check"),
            **all_of(("delete.get", "delete.list"), "the secret was not shown before"),
            **all_of(("read.fields", "header.group"), "the secret is not shown"),
            **all_of(("name.underscore", "name.dot", "name.dots"), "202, but not stored"),
            "create.again": "202 with message; not there",
            "quota.count": "another number",
        },
    ),
    (
        {"stores_later": 0.1},
        {**all_of(LOOKS, AFTER), "create.again": '202 with message, says "exists"; not there'},
    ),
    ({"quota": 0}, {}),
    ({"page_size": 2}, {"list.size": "2 at most"}),
    ({"order": "created"}, {"list.order": "not by name"}),
    ({"count_all": True}, {"list.count": "all; true: all"}),
    ({"check_query": False}, {"list.bad": "200 with count, resources"}),
    (
        {"ignored_query": ["$top"]},
        {
            "list.top": "more rows",
            "list.zero": "more rows",
            "list.count": "all; true: all",
            "list.bad": "200 with count, resources",
        },
    ),
    ({"ignored_query": ["$skip"]}, {"list.skip": "the first row"}),
    ({"ignored_query": ["$count"]}, {"list.count": "this page; true: this page"}),
    ({"ignored_query": ["quotaOnly"]}, {"quota.only": "quota.maxCount, usage.count"}),
    *(({"request_id_key": key}, {"error.envelope": key}) for key in ("requestID", "request_id")),
    (
        {"details_as_list": True},
        {"error.envelope": "requestId; details: a list"},
    ),
    ({"expires_in": 1800}, {"token.life": "1800 s"}),
    ({"omit_expires_in": True}, {"token.life": "60 s"}),
    ({"told_expires_in": 7200}, {"token.life": "2 h"}),
    # In the way, and no more than that.
    ({"body_bytes": 5000}, {}),
    ({"slow": 0.001}, {}),
]
# What a run ends with, or what cannot be seen from there.
ENDS = [
    ({"forbidden": "text"}, "met.403", '403, plain text "RBAC: access denied"'),
    ({"forbidden": "json"}, "met.403", '403, error envelope "Access denied"'),
    ({"echo_body": True}, "login.echo", "repeated"),
    ({"next_statuses": [0, 0, 429], "retry_after": "0"}, "met.429", "429, error envelope, wait 0 s"),
    ({"next_statuses": [0, 0, 429], "plain_errors": True}, "met.429", "429, plain text, without Retry-After"),
]
REFUSED = [
    ({"quota": 6, "quota_status": 403}, QuotaReached),
    ({"html": True}, NotAICore),
    ({"redirect_to": "https://login.example"}, NotAICore),
    ({"forbidden": "text", "forbidden_reads": True}, NotAllowed),
    ({"drop_reads": ["after", "cut", "before"]}, Unreachable),
]
NOT_ITS_BUSINESS = {
    "wrong_client_error": "the token service is asked with right credentials alone",
    "no_certificate": "as above",
    "truncate_token": "no connection comes about",
    "hits": "where others strike",
    "close_after": "test_answers_that_are_lost_with_their_connections",
    "apply_anyway": "how others strike: tests of what is left behind",
    "drop": "test_the_first_create_is_lost",
    "drip": "slow, byte by byte",
}


@pytest.fixture(autouse=True)
def quick(monkeypatch, request):
    """What may take seconds on a tenant gets parts of them; what never comes is not waited for long."""
    # What a lost create was to store is not there either, until it is sent again.
    never = "never_visible" in request.node.name or "lost" in request.node.originalname
    monkeypatch.setattr(writing, "SETTLED", 0.01)
    monkeypatch.setattr(asker, "UNTOLD_WAIT", 0.01)
    monkeypatch.setattr(scene, "LOOK_WITHIN", 0.4 if never else 5.0)
    for module in (scene, throwaways):
        monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
        monkeypatch.setattr(module, "LONGEST_PAUSE", 0.04)
    monkeypatch.setattr(throwaways, "VISIBLE_WITHIN", 0.5)
    for module in (writing, refusing):
        monkeypatch.setattr(module, "VISIBLE_WITHIN", 0.3 if never else 2.0)


@pytest.fixture
def switched():
    """Start a sandbox with switches, other secrets in it, and give it with a connection."""
    closing = []

    def switched(switches, *, after=False):
        sandbox = start(faults=Faults(**({} if after else switches)))
        closing.append(sandbox.stop)
        sandbox.state.secrets.update(OTHERS)
        tenant = connect_with(sandbox.service_key)
        closing.append(tenant.close)
        for name, value in switches.items() if after else ():
            setattr(sandbox.faults, name, value)
        return sandbox, tenant

    yield switched
    for close in reversed(closing):
        close()


def other_rows(result, expected):
    """The rows that are not as assumed, or are expected to read otherwise."""
    return {row.id: row.seen for row in result.rows if row.verdict != "as assumed" or row.id in expected}


@pytest.mark.parametrize(("switches", "expected"), FOUND, ids=repr)
def test_each_switch_is_found(switches, expected, switched):
    """The row that a switch is about says its setting, every other row is as assumed, nothing is left."""
    sandbox, tenant = switched(switches)
    result = verify_tenant(tenant)
    seen = other_rows(result, expected)
    assert seen.keys() == expected.keys()
    assert [key for key in expected if not re.fullmatch(expected[key], seen[key])] == [], seen
    assert (result.left, result.ended) == ((), "")
    assert sandbox.state.secrets == OTHERS


@pytest.mark.parametrize(("switches", "key", "seen"), ENDS, ids=repr)
def test_what_is_met_on_the_way(switches, key, seen, switched):
    """No right, too many requests, a repeated login: each has a row of its own, and nothing is left."""
    sandbox, tenant = switched(switches, after=True)
    result = verify_tenant(tenant)
    assert {row.id: row.seen for row in result.rows}[key] == seen
    assert (result.left, sandbox.state.secrets) == ((), OTHERS)


@pytest.mark.parametrize(("switches", "error"), REFUSED, ids=repr)
def test_where_nothing_is_begun(switches, error, switched):
    """A tenant that is nearly full, or is none, is refused before anything is written."""
    sandbox, tenant = switched(switches, after=True)
    with pytest.raises(error, match=r"Nothing was changed\."):
        verify_tenant(tenant)
    assert {asked.method for asked in sandbox.state.requests} <= {"GET", "POST"}
    assert [asked.path for asked in sandbox.state.requests if asked.method == "POST"] == ["/oauth/token"]


def test_answers_that_are_lost_with_their_connections(switched):
    """Where connections end between two calls, what got no answer is not seen, and nothing is otherwise."""
    sandbox, tenant = switched({"close_after": 1})
    result = verify_tenant(tenant)
    assert result.with_verdict("otherwise") == ()
    # A delete that got no answer is made again at the end: until then nobody can count without its secret.
    unseen = {row.seen for row in result.with_verdict("not seen")}
    why = re.compile("(not asked: )?no answer arrived|[0-9] throw-away secrets? (is|are) still there")
    assert all(map(why.fullmatch, unseen)), unseen
    assert (result.left, sandbox.state.secrets) == ((), OTHERS)


@pytest.mark.parametrize("drops", [["before"], ["after"], ["cut"], ["before", "after"], ["before", "before"]])
def test_the_first_create_is_lost(switched, drops):
    """Where its answer is lost, that alone is not seen: it is looked for, and sent again if not there."""
    sandbox, tenant = switched({"drop": drops})
    result = verify_tenant(tenant)
    rows = {row.id: row.seen for row in result.rows if row.verdict != "as assumed"}
    assert rows.keys() == {"create.answer", "create.get", "create.list"}
    assert set(rows.values()) == {"no answer arrived"}
    assert (result.left, sandbox.state.secrets) == ((), OTHERS)


def test_the_tables_know_every_switch():
    """Each switch, and each of its choices, is one that is found, that ends a run, or that has a reason."""
    shown = [switches for switches, *_ in (*FOUND, *ENDS, *REFUSED)]
    assert {name for each in shown for name in each} | NOT_ITS_BUSINESS.keys() == {
        field.name for field in dataclasses.fields(Faults)
    }
    for name, hint in get_type_hints(Faults).items():
        if get_origin(hint) is Literal and name not in (*NOT_ITS_BUSINESS, "quota_status"):
            tried = {each[name] for each in shown if name in each} | {getattr(Faults(), name)}
            assert tried == set(get_args(hint)), name


def test_each_question_has_been_answered_otherwise():
    """No row can only ever be as assumed: a switch turns each of them, or it is about what none may do."""
    turned = {key for _, expected in FOUND for key in expected} | {key for _, key, _ in ENDS}
    assert {each.id for each in (*QUESTIONS, *MET)} - turned == {
        "quota.fields",  # the sandbox always tells both
        "name.short",  # and never takes these
    }


def test_nothing_of_the_tenant_is_in_a_result(monkeypatch):
    """Tenant, host, token, login, ids and names of secrets stay out of the table, whatever an answer says."""
    with start(tenant="acme-dev") as sandbox:
        sandbox.state.secrets.update({"acme-prod": "{}", "harbor": "{}"})
        key = sandbox.service_key
        host = sandbox.url.removeprefix("http://")
        private = [
            *(
                "acme",
                "harbor",
                host,
                host.partition(":")[2],
                str(key["identityzoneid"]),
                str(key["clientid"]),
            ),
            *("e110820e-1cfe", "tenant-b82a8318", "hana.ondemand"),
        ]
        spoken = f"Secret of tenant acme-dev at {host} exists: {' '.join(private)} acme-prod harbor"
        answer = sandbox.server.application.answer

        def talkative(request):
            given = answer(request)
            if given.status < 400 or request.path == "/oauth/token":
                return given
            error = {"code": spoken, "message": spoken, "requestId": spoken, spoken: spoken}
            return dataclasses.replace(
                given,
                body=json.dumps({"error": error}).encode()
                if given.content_type != "text/plain"
                else spoken.encode(),
            )

        monkeypatch.setattr(sandbox.server.application, "answer", talkative)
        tenant = connect_with(key)
        sandbox.faults.duplicate = "409"
        sandbox.faults.missing = "text"
        result = verify_tenant(tenant)
        tenant.close()
        private += [*sandbox.state.tokens.known, str(key["clientsecret"])]
    shown = "".join([str(result), json.dumps(result.to_dict()), html_card(result.report())])
    assert [each for each in private if each in shown] == []
    seen = {row.id: row.seen for row in result.rows}
    assert seen["create.twice"] == '409, error envelope "Secret of … at … exists: …"'
    assert seen["error.envelope"] == "requestId"


def test_a_result_for_people_and_programs(switched):
    """What differs comes first, with what it means here; to_dict is JSON with a row for each question."""
    _, tenant = switched({"duplicate": "409", "patch_json_415": True})
    result = verify_tenant(tenant)
    lines = str(result).splitlines()
    assert lines[0] == "Docker secret API: 43 as assumed, 2 otherwise."
    assert lines[1].startswith("Nothing is left behind. ")
    assert "in a sandbox" in lines[1]
    first_rows = [line.split("  ")[1] for line in lines[6:8]]
    assert first_rows == ["create a name that is taken", "update, application/json"]
    assert max(map(len, lines)) <= 130
    data = json.loads(json.dumps(result.to_dict()))
    assert [row["id"] for row in data["rows"]] == [each.id for each in QUESTIONS]
    assert data["rows"][0] == {
        "id": "create.answer",
        "asks": "create",
        "assumed": "202 with message",
        "ours": "treats any 2xx as accepted, then checks",
        "seen": "202 with message",
        "verdict": "as assumed",
    }
    assert (data["result"], data["left"], data["sandbox"]) == ("TenantVerified", [], True)


def stamped(stamp, tail="bcdfgh-z"):
    return f"{PREFIX}{stamp}-{tail}"


def test_what_earlier_runs_left(switched):
    """What a run that must be over has left is deleted; what another run may be at work with stays, named."""
    sandbox, tenant = switched({})
    over = [stamped("20200101000000"), stamped("20200101000000", "bcdfgh..two")]
    others = [stamped("29991231235959"), stamped("20209999000000")]
    sandbox.state.secrets.update(dict.fromkeys([*over, *others], "{}"))
    question = verification_question(tenant, timeout=60)
    assert "in tenant sandbox at 127.0.0.1" in question
    assert "at most 90 s" in question
    assert (
        f"Left over from earlier runs, deleted as well: {', '.join(sorted(over))}." in question.splitlines()
    )
    result = verify_tenant(tenant)
    assert (result.others, result.left) == (tuple(sorted(others)), ())
    assert sandbox.state.secrets.keys() == {*OTHERS, *others}
    assert f'remove_throwaway_secrets(tenant, ["{others[0]}"])' in str(result)


def test_removing(switched):
    """Named throw-away secrets go, or all that there are; no other name is ever taken for one."""
    sandbox, tenant = switched({})
    names = [stamped("29991231235959"), stamped("20200101000000"), stamped("20200101000000", "bcdfgh..two")]
    sandbox.state.secrets.update(dict.fromkeys(names, "{}"))
    assert remove_throwaway_secrets(tenant, names[:1]).removed == (names[0],)
    done = remove_throwaway_secrets(tenant)
    assert set(done.removed) == set(names[1:])
    assert sandbox.state.secrets == OTHERS
    assert str(remove_throwaway_secrets(tenant)) == "0 throw-away secrets deleted. Nothing is left behind."
    wrong = (f"x{names[0]}", f"{names[0]}/../team-ghcr", f"{names[0]}?x", f"{names[0]}\n", names[0].upper())
    for name in (*OTHERS, PREFIX, "aicore-magics-verify", *wrong):
        with pytest.raises(InvalidName, match="not the name of a throw-away secret"):
            remove_throwaway_secrets(tenant, [name])


def test_what_is_left_is_named(switched, monkeypatch):
    """Where AI Core deletes nothing any more, what is left is named, with why and with what deletes it."""
    monkeypatch.setattr("aicore_magics.actions.verify.CLEANING_WITHIN", 0.3)
    sandbox, tenant = switched({})
    answer = sandbox.server.application.answer

    def keeping(request):
        if request.method == "DELETE":
            sandbox.faults.forbidden = "text"
        return answer(request)

    monkeypatch.setattr(sandbox.server.application, "answer", keeping)
    result = verify_tenant(tenant)
    left = {each.name: each.why for each in result.left}
    assert left.keys() == sandbox.state.secrets.keys() - OTHERS.keys()
    assert set(left.values()) == {"not allowed (403, plain text)"}
    assert f"{len(left)} throw-away secrets may be left behind: " in str(result)
    for name in left:
        assert f'remove_throwaway_secrets(tenant, ["{name}"])' in str(result)
    sandbox.faults.forbidden = ""
    monkeypatch.setattr(sandbox.server.application, "answer", answer)
    assert set(remove_throwaway_secrets(tenant).removed) == left.keys()
    assert sandbox.state.secrets == OTHERS


@pytest.mark.parametrize("status", [200, 409, 500, 503])
@pytest.mark.parametrize("number", range(1, 28, 3))
def test_lost_and_garbled_answers(switched, monkeypatch, status, number):
    """Whatever answer is put in place of one, and whether the write is done or not, nothing is left."""
    sandbox, tenant = switched({})
    AtWrite(sandbox, number, lambda: None)
    kept = sandbox.server.application.answer
    count = []

    def garbled(request):
        given = kept(request)
        if is_write(request):
            count.append(request)
            if len(count) == number:
                return dataclasses.replace(given, status=status, body=b"{}")
        return given

    monkeypatch.setattr(sandbox.server.application, "answer", garbled)
    result = verify_tenant(tenant)
    assert (result.left, sandbox.state.secrets) == ((), OTHERS)


def test_at_most_two(switched, monkeypatch):
    """Whatever is accepted that should not be, there are never more than two throw-away secrets at a time."""
    sandbox, tenant = switched({"check_content": False, "visible_after": 0.05, "patch_creates": True})
    answer = sandbox.server.application.answer
    most = []

    def counting(request):
        given = answer(request)
        most.append(sum(map(is_throwaway, sandbox.state.secrets)))
        return given

    monkeypatch.setattr(sandbox.server.application, "answer", counting)
    verify_tenant(tenant)
    assert max(most) == 2


def test_nothing_but_throwaways_is_written(switched, monkeypatch):
    """Whatever is sent that may change something names a throw-away secret, and no address but its own."""
    sandbox, tenant = switched({})
    answer = sandbox.server.application.answer
    written = []

    def noting(request):
        if is_write(request):
            named = re.findall(rb'"name": "([^"]*)"', request.body)
            place, _, name = request.path.partition("/dockerRegistrySecrets")
            written.append((place, name.removeprefix("/") or (named[0].decode() if named else "")))
        return answer(request)

    monkeypatch.setattr(sandbox.server.application, "answer", noting)
    verify_tenant(tenant)
    assert {place for place, _ in written} == {"/v2/admin"}
    # One body is no JSON, and has no name.
    assert [name for _, name in written if not name.startswith(PREFIX)] == [""]


@pytest.mark.parametrize("number", range(1, 28, 4))
def test_a_token_that_ends(switched, number):
    """A token that is no longer taken is renewed, at any write, so that what was created can be deleted."""
    sandbox, tenant = switched({})
    AtWrite(sandbox, number, sandbox.revoke_tokens)
    result = verify_tenant(tenant)
    assert (result.ended, result.left, sandbox.state.secrets) == ("", (), OTHERS)
    assert result.with_verdict("not seen") == ()


def test_limits(switched, monkeypatch):
    """A run ends with its time and its number of requests, and says so; nothing is left."""
    sandbox, tenant = switched({"slow": 0.01})
    result = verify_tenant(tenant, timeout=0.3)
    assert result.ended == "the time limit of 0 s is over"
    monkeypatch.setattr(asker, "MOST_REQUESTS", 20)
    sandbox.faults.slow = 0.0
    result = verify_tenant(tenant)
    assert result.ended == "the limit of 20 requests is reached"
    assert {row.seen for row in result.with_verdict("not seen")} == {f"not asked: {result.ended}"}
    assert sandbox.state.secrets == OTHERS


def test_a_wait_that_is_too_long(switched):
    """Retry-After is obeyed: where it is longer than what is left, no more is asked."""
    _, tenant = switched({"next_statuses": [0, 0, 429], "retry_after": "3000"}, after=True)
    result = verify_tenant(tenant)
    assert result.ended == "AI Core is rate limiting for 3000 s (429), longer than the time left"
    assert {row.id: row.seen for row in result.rows}["met.429"] == "429, error envelope, wait 3000 s"
