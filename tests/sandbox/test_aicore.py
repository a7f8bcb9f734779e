import http.client
import json
import time

import pytest

from tests.waiting import until

SECRETS = "/v2/admin/dockerRegistrySecrets"
QUOTA = "/v2/admin/resourceQuota/dockerRegistrySecrets"
CONTENT = json.dumps({"auths": {"ghcr.io": {"username": "anna", "password": "pw-CANARY"}}})


def fill(visitor, *names):
    visitor.sandbox.state.secrets.update(dict.fromkeys(names, CONTENT))


def test_create(visitor):
    """A create is accepted with 202 and no id, and shows in the list and by name."""
    reply = visitor.create("team-ghcr")
    assert (reply.status, reply.json) == (202, {"message": "Secret has been created"})
    assert visitor.sandbox.state.secrets == {"team-ghcr": CONTENT}
    assert visitor.ask("GET", f"{SECRETS}/team-ghcr").json == {"name": "team-ghcr"}
    assert visitor.ask("GET", SECRETS).json == {"count": 1, "resources": [{"name": "team-ghcr"}]}


def test_create_again(visitor):
    """A second create is accepted as well, and changes nothing."""
    visitor.create("team-ghcr")
    reply = visitor.create("team-ghcr", CONTENT.replace("anna", "otto"))
    assert (reply.status, reply.json) == (202, {"message": "Secret exists"})
    assert visitor.sandbox.state.secrets == {"team-ghcr": CONTENT}


@pytest.mark.parametrize("kind", ["application/merge-patch+json", "application/json"])
def test_patch(visitor, kind):
    """A change replaces the whole content, in either content type."""
    fill(visitor, "team-ghcr")
    content = CONTENT.replace("anna", "otto")
    reply = visitor.patch("team-ghcr", content, Content_Type=kind)
    assert (reply.status, reply.json) == (202, {"id": "team-ghcr", "message": "Secret has been modified"})
    assert visitor.sandbox.state.secrets == {"team-ghcr": content}


def test_patch_415(visitor):
    """A switch refuses a change in plain JSON, and takes the merge patch still."""
    fill(visitor, "team-ghcr")
    visitor.sandbox.faults.patch_json_415 = True
    assert visitor.patch("team-ghcr", Content_Type="application/json").status == 415
    assert visitor.patch("team-ghcr").status == 202


def test_delete(visitor):
    """A delete is accepted with 202; a second one finds nothing."""
    fill(visitor, "team-ghcr")
    reply = visitor.ask("DELETE", f"{SECRETS}/team-ghcr")
    assert (reply.status, reply.json["id"]) == (202, "team-ghcr")
    assert reply.json["message"] == "Docker Registry Secret has been deleted"
    assert visitor.ask("DELETE", f"{SECRETS}/team-ghcr").status == 404


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_missing(visitor, method):
    """What is not there is a 404 in the envelope."""
    reply = visitor.patch("ab") if method == "PATCH" else visitor.ask(method, f"{SECRETS}/ab")
    assert (reply.status, reply.json["error"]["target"]) == (404, f"/api{SECRETS}/ab")


def test_refused_create_stores_nothing(visitor):
    """A bad create is a 400 in the envelope that repeats nothing, and nothing is stored."""
    reply = visitor.create("Bad")
    assert reply.status == 400
    assert b"CANARY" not in reply.body
    assert visitor.sandbox.state.secrets == {}


def test_check_content_switch(visitor):
    """With the content check off, any string is stored."""
    assert visitor.create("ab", "no json").status == 400
    visitor.sandbox.faults.check_content = False
    assert visitor.create("ab", "no json").status == 202
    assert visitor.patch("ab", "").status == 202


def test_list_in_pages(visitor):
    """Top and skip cut the ordered list, percent-encoded or not."""
    fill(visitor, "dd", "aa", "cc", "bb")
    assert visitor.names() == ["aa", "bb", "cc", "dd"]
    assert visitor.names("?$top=2&$skip=1") == ["bb", "cc"]
    assert visitor.names("?%24top=2&%24skip=3") == ["dd"]
    assert visitor.names("?$top=0") == []
    assert visitor.names("?$skip=9") == []


def test_count(visitor):
    """The count is that of this answer; with $count=true it is that of all."""
    fill(visitor, "aa", "bb", "cc")
    assert visitor.ask("GET", f"{SECRETS}?$top=1").json["count"] == 1
    assert visitor.ask("GET", f"{SECRETS}?$top=1&$count=false").json["count"] == 1
    assert visitor.ask("GET", f"{SECRETS}?$top=1&$count=true").json["count"] == 3


@pytest.mark.parametrize("status", [200, 201, 202])
def test_accepted(visitor, status):
    """Each write that is accepted gets the status of the switch."""
    visitor.sandbox.faults.accepted = status
    assert visitor.create("aa").status == visitor.patch("aa").status == status
    assert visitor.ask("DELETE", f"{SECRETS}/aa").status == status


def test_invalid(visitor):
    """A body that makes no sense gets the status of the switch, and a full tenant another."""
    visitor.sandbox.faults.invalid = 422
    visitor.sandbox.faults.quota = 1
    assert visitor.create("aa").status == 202
    assert visitor.create("Bad").status == visitor.patch("aa", "no JSON").status == 422
    assert visitor.create("bb").status == 400


@pytest.mark.parametrize(
    ("rule", "taken"),
    [
        ("spec", ["ab", "a_b1", "a.b", "a..b", "a.-b"]),
        ("launchpad", ["ab", "a.b", "a..b", "a.-b"]),
        ("kubernetes", ["ab", "a.b"]),
    ],
)
def test_names(visitor, rule, taken):
    """Each rule takes its names, and all rules refuse one letter, capitals and hyphens at the ends."""
    visitor.sandbox.faults.names = rule
    for name in ("a", "A", "Ab", "-ab", "ab-", ".ab", "ab.", "a" * 64, "ab", "a_b1", "a.b", "a..b", "a.-b"):
        assert visitor.create(name).status == (202 if name in taken else 400), name
    assert visitor.names() == sorted(taken)


def test_patch_that_repeats_the_name(visitor):
    """A switch refuses an update with the name in it."""
    fill(visitor, "aa")
    body = {"name": "aa", "data": {".dockerconfigjson": CONTENT}}
    ask = lambda: visitor.ask("PATCH", f"{SECRETS}/aa", body).status  # noqa: E731
    assert ask() == 202
    visitor.sandbox.faults.patch_name_400 = True
    assert ask() == 400


def test_patch_that_creates(visitor):
    """A switch lets an update store what is not there."""
    visitor.sandbox.faults.patch_creates = True
    assert visitor.patch("aa").status == 202
    assert visitor.sandbox.state.secrets == {"aa": CONTENT}


@pytest.mark.parametrize("status", [202, 404, 412])
def test_delete_of_what_is_not_there(visitor, status):
    """It gets the status of the switch."""
    visitor.sandbox.faults.delete_missing = status
    assert visitor.ask("DELETE", f"{SECRETS}/aa").status == status


@pytest.mark.parametrize(
    ("form", "kind", "empty"),
    [("json", "application/json", False), ("text", "text/plain", False), ("empty", "text/plain", True)],
)
def test_forms_of_404(visitor, form, kind, empty):
    """A missing secret and a missing address each have a form of their own."""
    visitor.sandbox.faults.missing = form
    there, nowhere = visitor.ask("GET", f"{SECRETS}/aa"), visitor.ask("GET", "/v2/admin/nothing")
    assert (there.status, there.headers["Content-Type"], not there.body) == (404, kind, empty)
    assert (nowhere.status, nowhere.headers["Content-Type"]) == (404, "application/json")
    visitor.sandbox.faults.no_address = form
    assert visitor.ask("GET", "/v2/admin/nothing").headers["Content-Type"] == kind
    assert visitor.ask("GET", "/elsewhere").headers["Content-Type"] == kind


def test_form_of_401(stranger):
    """A 401 can be an envelope; it says the same."""
    stranger.sandbox.faults.unauthorized = "json"
    reply = stranger.ask("GET", SECRETS)
    assert (reply.status, reply.json["error"]["message"]) == (401, "Jwt is missing")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer ")


def test_refused_header(visitor):
    """A switch refuses a resource group, which these calls do not have."""
    visitor.sandbox.faults.refuse_headers = True
    assert visitor.ask("GET", SECRETS).status == 200
    assert visitor.ask("GET", SECRETS, AI_Resource_Group="default").status == 400


def test_more_fields(visitor):
    """A switch shows more of a secret than its name, by name and in the list; never what it holds."""
    fill(visitor, "aa")
    visitor.sandbox.faults.more_fields = True
    shown = visitor.ask("GET", f"{SECRETS}/aa").json
    assert shown.keys() == {"name", "creationTimestamp", "namespace"}
    assert visitor.ask("GET", SECRETS).json["resources"] == [shown]


def test_other_lists(visitor):
    """A list can be in the order of creation, count all, take any number, and ignore what it is asked."""
    fill(visitor, "bb", "aa", "cc")
    faults = visitor.sandbox.faults
    faults.order = "created"
    assert visitor.names() == ["bb", "aa", "cc"]
    faults.count_all = True
    assert visitor.ask("GET", f"{SECRETS}?$top=1").json["count"] == 3
    faults.check_query = False
    assert visitor.names("?$top=-1&$skip=x") == ["bb", "aa", "cc"]
    faults.ignored_query = ["$top"]
    assert visitor.names("?$top=1&$skip=1") == ["aa", "cc"]
    faults.ignored_query = ["$skip", "$count", "quotaOnly"]
    assert visitor.names("?$top=1&$skip=1") == ["bb"]
    assert "usage" in visitor.ask("GET", f"{QUOTA}?quotaOnly=true").json


def test_page_size(visitor):
    """No answer is longer than the page size, even if more is asked for."""
    fill(visitor, "aa", "bb", "cc", "dd")
    visitor.sandbox.faults.page_size = 3
    assert visitor.names() == ["aa", "bb", "cc"]
    assert visitor.names("?$top=10") == ["aa", "bb", "cc"]
    assert visitor.names("?$skip=3") == ["dd"]


@pytest.mark.parametrize("query", ["$top=-1", "$skip=x", "$count=1", "$top=", "$top=1&$top=1"])
def test_bad_query(visitor, query):
    """A bad parameter is a 400."""
    assert visitor.ask("GET", f"{SECRETS}?{query}").status == 400


def test_quota(visitor):
    """The quota says how many there may be and how many there are, or only the first."""
    fill(visitor, "aa")
    assert visitor.ask("GET", QUOTA).json == {"quota": {"maxCount": 50}, "usage": {"count": 1}}
    assert visitor.ask("GET", f"{QUOTA}?quotaOnly=true").json == {"quota": {"maxCount": 50}}
    assert visitor.ask("GET", f"{QUOTA}?quotaOnly=maybe").status == 400


def test_quota_reached(visitor):
    """A create beyond the quota is refused with the status of the switch."""
    visitor.sandbox.faults.quota, visitor.sandbox.faults.quota_status = 1, 429
    assert visitor.create("aa").status == 202
    assert visitor.create("bb").status == 429


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Basic abc", "token"])
def test_no_token(stranger, header):
    """Without a token the gateway answers in plain text."""
    stranger.authorization = header
    reply = stranger.ask("GET", SECRETS)
    assert (reply.status, reply.body) == (401, b"Jwt is missing")
    assert reply.headers["Content-Type"] == "text/plain"
    assert reply.headers["WWW-Authenticate"].startswith("Bearer ")


def test_bad_token(visitor):
    """A foreign token and an expired one are told apart."""
    foreign = visitor.ask("GET", SECRETS, Authorization='Bearer {"access_token": "x"}')
    assert (foreign.status, foreign.body) == (401, b"Jwt issuer is not configured")
    visitor.sandbox.revoke_tokens()
    expired = visitor.ask("GET", SECRETS)
    assert (expired.status, expired.body) == (401, b"Jwt is expired")
    assert visitor.log_on().ask("GET", SECRETS).status == 200


def test_token_life_is_enforced(visitor):
    """A token whose life is over is refused, whatever the client was told."""
    visitor.sandbox.faults.expires_in = 0
    assert visitor.log_on().ask("GET", SECRETS).status == 401


def test_headers_of_other_calls(visitor):
    """A resource group or tenant scope changes nothing: the secrets belong to the tenant."""
    fill(visitor, "aa")
    headers = {"AI_Resource_Group": "another", "AI_Tenant_Scope": "true", "AI_Client_Type": "x"}
    assert visitor.ask("GET", f"{SECRETS}/aa", **headers).status == 200


@pytest.mark.parametrize(
    "path", ["/", "/admin/dockerRegistrySecrets", "/v2", "/V2/admin/dockerRegistrySecrets"]
)
def test_unknown_path(stranger, path):
    """An address that is not there is a 404 in the envelope."""
    reply = stranger.ask("GET", path)
    assert (reply.status, reply.json["error"]["message"]) == (404, "Not found")


@pytest.mark.parametrize(
    "path",
    [
        "/v2/admin/dockerRegistrySecrets/",
        "/v2/admin/dockerRegistrySecrets/aa/",
        "/v2/admin/dockerRegistrySecrets//aa",
        "//v2/admin/dockerRegistrySecrets/aa",
        "/v2/v2/admin/dockerRegistrySecrets/aa",
        "/v2/admin/dockerregistrysecrets/aa",
        "/v2/admin/dockerRegistrySecrets/../dockerRegistrySecrets/aa",
        "/v2/admin/dockerRegistrySecrets/x/../aa",
        "/v2/admin/./dockerRegistrySecrets/aa",
        "/v2/admin/dockerRegistrySecrets/..",
        "/v2/admin/dockerRegistrySecrets/.",
        "/v2/admin/dockerRegistrySecrets/%61a",
        "/v2/admin/dockerRegistrySecrets/aa%2f",
        "/v2/admin/dockerRegistrySecrets/x%2f..%2faa",
        "/v2/admin/dockerRegistrySecrets/aa%3fx",
        "/v2/admin/dockerRegistrySecrets/aa%00",
        "/v2/admin/dockerRegistrySecrets/aa;x=1",
        "/v2/admin/dockerRegistrySecrets/aa#x",
        "/v2/admin/dockerRegistrySecrets%2faa",
        "/v2/admin/dockerRegistrySecrets%3f",
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_hostile_path(visitor, method, path):
    """A path that is not exactly right never reaches a secret."""
    fill(visitor, "aa")
    assert visitor.ask(method, path).status in (400, 404)
    assert list(visitor.sandbox.state.secrets) == ["aa"]


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", SECRETS, "GET, POST"),
        ("HEAD", SECRETS, "GET, POST"),
        ("POST", f"{SECRETS}/aa", "GET, PATCH, DELETE"),
        ("OPTIONS", f"{SECRETS}/aa", "GET, PATCH, DELETE"),
        ("DELETE", QUOTA, "GET"),
    ],
)
def test_wrong_method(visitor, method, path, allow):
    """A method that an address does not have is a 405 and names those it has."""
    reply = visitor.ask(method, path)
    assert (reply.status, reply.headers["Allow"]) == (405, allow)


def test_drop_before(visitor):
    """A write can be lost before it is applied; the next one is not."""
    visitor.sandbox.faults.drop.append("before")
    with pytest.raises(ConnectionError):
        visitor.create("aa")
    assert visitor.sandbox.state.secrets == {}
    visitor.connection.close()
    assert visitor.create("aa").status == 202


def test_drop_after(visitor):
    """A write can be applied and its answer lost; reads do not use the switch up."""
    visitor.sandbox.faults.drop.append("after")
    assert visitor.names() == []
    with pytest.raises(ConnectionError):
        visitor.create("aa")
    assert list(visitor.sandbox.state.secrets) == ["aa"]
    assert visitor.sandbox.state.requests[-1].status == 0


def test_drop_after_a_refusal(visitor):
    """A refused write that loses its answer changes nothing."""
    visitor.sandbox.faults.drop.append("after")
    with pytest.raises(ConnectionError):
        visitor.create("Bad")
    assert visitor.sandbox.state.secrets == {}


def test_cut(visitor):
    """A write can be applied and its answer break off in the middle."""
    visitor.sandbox.faults.drop.append("cut")
    with pytest.raises(http.client.IncompleteRead):
        visitor.create("aa")
    assert list(visitor.sandbox.state.secrets) == ["aa"]


@pytest.mark.parametrize("path", [SECRETS, f"{SECRETS}/aa", QUOTA])
def test_cut_read(visitor, path):
    """The answer to a read can break off in the middle; writes do not use the switch up."""
    visitor.sandbox.faults.drop_reads = ["cut"]
    assert visitor.create("aa").status == 202
    with pytest.raises(http.client.IncompleteRead):
        visitor.ask("GET", path)
    visitor.connection.close()
    assert visitor.ask("GET", path).status == 200


@pytest.mark.parametrize("word", ["before", "after"])
def test_dropped_read(visitor, word):
    """A read can lose its answer altogether, even that it found nothing."""
    visitor.sandbox.faults.drop_reads = ["", word]
    assert visitor.ask("GET", f"{SECRETS}/aa").status == 404
    with pytest.raises(ConnectionError):
        visitor.ask("GET", f"{SECRETS}/aa")


def test_stores_later(visitor):
    """A write can be accepted at once and carried out later, although it is refused at once if it is bad."""
    faults, state = visitor.sandbox.faults, visitor.sandbox.state
    faults.stores_later = 0.15
    assert visitor.create("Bad").status == 400
    assert visitor.create("aa").status == 202
    assert (state.secrets, visitor.names()) == ({}, [])
    until(visitor.names)
    assert (list(state.secrets), visitor.names()) == (["aa"], ["aa"])


def test_huge_error(visitor):
    """An error can be as long as a switch says, and an answer that is none stays as it is."""
    visitor.sandbox.faults.body_bytes = 3_000_000
    reply = visitor.ask("GET", f"{SECRETS}/aa")
    assert (reply.status, len(reply.body)) == (404, 3_000_000)
    assert reply.json["error"]["message"].startswith("Secret not foundxxx")
    assert len(visitor.ask("GET", SECRETS).body) < 100


def test_drop_needs_a_token(stranger):
    """A write without a token is refused and does not use the switch up."""
    stranger.sandbox.faults.drop.append("after")
    assert stranger.create("aa").status == 401
    assert stranger.sandbox.faults.drop == ["after"]


@pytest.mark.parametrize("kind", ["text", "json"])
def test_forbidden(visitor, kind):
    """Writes can be forbidden, and with a switch reads too."""
    visitor.sandbox.faults.forbidden = kind
    assert visitor.create("aa").status == 403
    assert visitor.ask("GET", SECRETS).status == 200
    visitor.sandbox.faults.forbidden_reads = True
    assert visitor.ask("GET", SECRETS).status == 403
    assert visitor.sandbox.state.secrets == {}


def test_apply_anyway(visitor):
    """A gateway can report a failure although the write was applied."""
    visitor.sandbox.faults.next_statuses = [504]
    visitor.sandbox.faults.apply_anyway = True
    assert visitor.create("aa").status == 504
    assert list(visitor.sandbox.state.secrets) == ["aa"]


def test_slow(visitor):
    """Each answer can be late."""
    visitor.sandbox.faults.slow = 0.05
    begin = time.monotonic()
    assert visitor.ask("GET", SECRETS).status == 200
    assert time.monotonic() - begin >= 0.05


def test_hits(stranger):
    """Trouble strikes the API, the token service, or both, as the switch says."""
    faults = stranger.sandbox.faults
    faults.html = True
    assert stranger.ask_token().headers["Content-Type"] == "application/json"
    faults.hits = "token"
    assert stranger.ask_token().headers["Content-Type"].startswith("text/html")
    assert stranger.ask("GET", SECRETS).status == 401
    faults.hits = "both"
    assert stranger.ask("GET", SECRETS).status == 200


def test_what_was_asked(visitor):
    """Every request is noted with its status and query, and nothing secret."""
    visitor.create("aa")
    visitor.names("?$top=1")
    token, create, names = visitor.sandbox.state.requests
    assert (token.path, token.status) == ("/oauth/token", 200)
    assert (create.method, create.path, create.status) == ("POST", SECRETS, 202)
    assert create.headers["content-type"] == "application/json"
    assert (names.path, names.query) == (SECRETS, "$top=1")
    noted = repr(visitor.sandbox.state.requests)
    assert "CANARY" not in noted
    assert visitor.authorization not in noted
    assert visitor.sandbox.service_key["clientsecret"] not in noted
