import itertools
import json
import re
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from aicore_magics import actions
from aicore_magics.actions import connect_with
from aicore_magics.aicore.name_list import MAX_PAGES, HiddenName, NameList
from aicore_magics.base.redact import Secret
from aicore_magics.base.tokens import MASK
from aicore_magics.sandbox.exchange import Answer
from aicore_magics.sandbox.server import Server
from tests.base.test_tokens import TOKENS

COUNTS = {
    "right": lambda whole, _: {"count": whole},
    "missing": lambda _whole, _page: {},
    "of the page": lambda _, page: {"count": page},
    "one less": lambda whole, _: {"count": whole - 1},
    "one more": lambda whole, _: {"count": whole + 1},
    "nought": lambda _whole, _page: {"count": 0},
    "text": lambda whole, _: {"count": str(whole)},
    "true": lambda _whole, _page: {"count": True},
}
SKIPS = {
    "kept": lambda skip: skip,
    "ignored": lambda _: 0,
    "overlapping": lambda skip: max(0, skip - 1),
    "with a gap": lambda skip: skip + 1 if skip else 0,
}
ROWS = {
    "rows": lambda rows: rows,
    "rows without a name": lambda rows: [{}, *rows] if rows else rows,
    "rows that are none": lambda rows: [*rows, None, 7] if rows else rows,
    "rows twice": lambda rows: [*rows, *rows[:1]],
}
SIZES = (0, 1, 3, 99, 100, 101, 230)


class Listing:
    """An AI Core, or a gateway before it, that lists *names* in its own way, and knows its quota."""

    def __init__(self, names, *, cap=1000, count="right", skip="kept", rows="rows", used=None):
        self.names, self.cap, self.used = names, cap, used
        self.count, self.skip, self.rows = COUNTS[count], SKIPS[skip], ROWS[rows]
        self.asked = 0

    def answer(self, request):
        """A token, the quota, or one page."""
        if request.path.endswith("/oauth/token"):
            return Answer.document(200, {"access_token": "t0ken-of-now", "expires_in": 3600})
        if "resourceQuota" in request.path:
            told = {} if self.used is None else {"usage": {"count": self.used}}
            return Answer.document(200, {**told, "quota": {"maxCount": 50}})
        self.asked += 1
        query = parse_qs(request.query)
        skip = self.skip(int(query["$skip"][0]))
        page = self.names[skip : skip + min(self.cap, int(query["$top"][0]))]
        rows = self.rows([{"name": name} for name in page])
        return Answer.document(200, {**self.count(len(self.names), len(page)), "resources": rows})


class Relay:
    """One server for all listings of a test: each answers from when it is set."""

    def __init__(self):
        self.part = Listing(())

    def answer(self, request):
        """What the listing of now says."""
        return self.part.answer(request)

    def refuse(self, request, refusal):
        """Never happens: the client speaks good HTTP."""
        raise AssertionError(refusal)


@pytest.fixture
def listing():
    """A function that serves a `Listing` and gives a tenant connected to it."""
    server, relay = Server(0), Relay()
    server.serve(relay)
    urls = {"url": server.url, "serviceurls": {"AI_API_URL": server.url}}
    key = {"clientid": "c", "clientsecret": "s3cret-of-the-client", "identityzone": "acme", **urls}
    tenant = connect_with(key)

    def serve(part):
        relay.part = part
        return tenant

    yield serve
    tenant.close()
    server.stop()


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("skip", SKIPS)
@pytest.mark.parametrize("count", COUNTS)
def test_a_list_is_called_complete_only_if_it_is(count, skip, rows, listing):
    """Whatever a server does to pages, skips, counts and rows, one that lacks a name is not called whole."""
    for cap, size in itertools.product((1000, 40), SIZES):
        names = tuple(f"name-{i}" for i in range(size))
        tenant = listing(Listing(names, cap=cap, count=count, skip=skip, rows=rows, used=size))
        result = actions.list_docker_secrets(tenant)
        seen = f"{cap} {size} {len(result)}"
        assert set(result.names) <= set(names), seen
        assert not result.complete or result.names == names, seen
        assert ("At least" in str(result)) == (not result.complete), seen
        if (count, skip, rows) == ("right", "kept", "rows"):
            assert result.complete, seen


@pytest.mark.parametrize("count", [count for count in COUNTS if count != "of the page"])
@pytest.mark.parametrize("size", SIZES)
def test_an_honest_end_is_believed(count, size, listing):
    """An empty page ends a list for good where no count says otherwise; else it may not be whole."""
    names = tuple(f"name-{i}" for i in range(size))
    tenant = listing(Listing(names, count=count))
    result = actions.list_docker_secrets(tenant)
    assert result.names == names
    assert result.complete == (count != "one more")


def test_the_quota_counts_more_than_the_list(listing):
    """A gateway that gives one short page and calls it all is found out by what the quota counts."""
    names = tuple(f"name-{i}" for i in range(60))
    part = Listing(names, cap=40, count="of the page")
    assert len(actions.list_docker_secrets(listing(part))) == 40
    part.used = 60
    assert not actions.list_docker_secrets(listing(part)).complete
    part.used = 40
    assert actions.list_docker_secrets(listing(part)).complete


def test_a_list_without_end(listing):
    """A list that never ends is left after a hundred pages, and is not called whole."""
    names = tuple(f"name-{i}" for i in range(MAX_PAGES + 1))
    part = Listing(names, cap=1)
    result = actions.list_docker_secrets(listing(part))
    assert (len(result), result.complete, part.asked) == (MAX_PAGES, False, MAX_PAGES)


@pytest.mark.parametrize(("complete", "rows"), [(True, "rows"), (False, "rows without a name")])
def test_what_is_built_on_a_list(complete, rows, listing, tmp_path):
    """A template is not told that the tenant lacks a secret unless the list is known to be whole."""
    tenant = listing(Listing(("team-a",), rows=rows))
    template = tmp_path / "workflow.yaml"
    sample = Path(__file__).parents[1] / "samples/workflow-secrets.yaml"
    template.write_text(sample.read_text("utf-8").replace("team-ghcr", "team-z"))
    checked = actions.check_templates(template, against=actions.Against(tenant))
    assert ("has no secret team-z" in str(checked)) == complete
    assert ("were not compared: AI Core did not list them all." in str(checked)) != complete


# Names that are not shown


@pytest.mark.parametrize(("kind", "token"), TOKENS, ids=[token[:12] for _, token in TOKENS])
def test_a_token_as_a_name(kind, token, listing):
    """A name that looks like a token is counted and has its place, and is in nothing that a list gives."""
    tenant = listing(Listing(("team-a", token, "team-b")))
    result = actions.list_docker_secrets(tenant)
    assert (result.names, result.complete) == (("team-a", "team-b"), True)
    assert [(each.position, each.why) for each in result.hidden] == [(2, f"looks like {kind}")]
    assert token not in f"{result} {result!r} {json.dumps(result.to_dict())} {result.report()!r}"
    assert MASK in str(result)


@pytest.mark.parametrize("turned", [str, str.lower, str.upper, lambda text: f"my-{text.lower()}.example"])
def test_a_name_that_holds_what_opens_the_tenant(turned, listing):
    """A name with the client secret or the token in it is hidden, in capitals and small letters."""
    for secret in ("s3cret-of-the-client", "t0ken-of-now"):
        tenant = listing(Listing(("team-a", turned(secret))))
        result = actions.list_docker_secrets(tenant)
        assert result.names == ("team-a",)
        assert result.hidden[0].why == "contains a secret of this connection"
        assert secret not in f"{result!r} {result.to_dict()}".lower()


def test_a_mark_is_that_of_a_name(listing):
    """The same name has the same mark wherever it stands, and another name another; it is no plain digest."""
    token, other = (f"ghp_{letter * 20}" for letter in "ab")
    marks = [
        {each.position: each.mark for each in actions.list_docker_secrets(listing(Listing(names))).hidden}
        for names in (("team-a", token), (token, other), (other,))
    ]
    assert marks[0][2] == marks[1][1] != marks[1][2] == marks[2][1]
    assert all(re.fullmatch("[0-9a-f]{8}", mark) for each in marks for mark in each.values())


def test_the_text_of_a_hidden_name():
    """A list gives a hidden name only for its own position and mark, and never shows it."""
    hidden = HiddenName(2, "looks like a GitHub token", "0a1b2c3d")
    names = NameList(("team-a",), (hidden,), texts=(Secret("ghp_x"),))
    assert names.text_of(hidden).reveal() == "ghp_x"
    assert names.text_of(HiddenName(1, hidden.why, hidden.mark)) is None
    assert names.text_of(HiddenName(2, hidden.why, "0a1b2c3e")) is None
    assert (len(names), "ghp_x" in repr(names), str(hidden)) == (2, False, f"{MASK} at position 2")
