import json
from email.message import Message

import pytest

from aicore_magics.sandbox import rules
from aicore_magics.sandbox.exchange import Refusal, Request
from tests import processor

GOOD = json.dumps({"auths": {"ghcr.io": {"auth": "CANARY"}}})


def request(body=b"", *, kind="application/json", query=""):
    headers = Message()
    headers["Content-Type"] = kind
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request("POST", "/", query, headers, raw)


def refused(rule, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        rule(*args, **kwargs)
    assert "CANARY" not in caught.value.message
    return caught.value.status


@pytest.mark.parametrize("name", ["ab", "my_secret", "a..b", "a.-b", "0-9", "a_bc", 63 * "a"])
def test_good_names(name):
    """Every name of the published pattern is taken."""
    assert rules.name_of(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "A",
        "aB",
        "a_b",
        "a__b",
        "_ab",
        "a-",
        "-a",
        ".a",
        "abc\n",
        "ä1",
        "a b",
        "..",
        "a%2fb",
        64 * "a",
    ],
)
def test_bad_names(name):
    """Every other name is refused."""
    assert refused(rules.name_of, name) == 400


@pytest.mark.parametrize("name", [None, 12, ["ab"]])
def test_names_that_are_no_text(name):
    """A name is a string."""
    assert refused(rules.name_of, name) == 400


def test_bad_name_is_quick():
    """A long bad name is refused at once, although the published pattern would take for ever."""
    status, milliseconds = processor.tried(lambda: refused(rules.name_of, 62 * "a" + "!"))
    assert status == 400
    assert milliseconds < 500


def test_create_body():
    """A create carries a name and a string under `.dockerconfigjson`; other keys beside them do no harm."""
    body = {"name": "team-ghcr", "data": {".dockerconfigjson": GOOD}, "labels": []}
    assert rules.create_body(request(body), check_content=True) == ("team-ghcr", GOOD)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"CANARY",
        b'{"name": "CANARY"',
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"name": NaN}',
        100_000 * b"[",
        json.dumps({"name": "ab"}).encode("utf-16"),
        {"data": {".dockerconfigjson": GOOD}},
        {"name": "A", "data": {".dockerconfigjson": GOOD}},
        {"name": None, "data": {".dockerconfigjson": GOOD}},
        {"name": "ab"},
        {"name": "ab", "data": None},
        {"name": "ab", "data": "CANARY"},
        {"name": "ab", "data": {}},
        {"name": "ab", "data": {".dockerconfigjson": None}},
        {"name": "ab", "data": {".dockerconfigjson": {"auths": {"ghcr.io": {}}}}},
        {"name": "ab", "data": {".dockerconfigjson": GOOD, "CANARY": "x"}},
        {"name": "ab", "data": {"config.json": GOOD}},
    ],
)
def test_bad_bodies(body):
    """Anything else is refused, and the refusal repeats nothing of it."""
    assert refused(rules.create_body, request(body), check_content=True) == 400


@pytest.mark.parametrize("kind", ["", "text/plain", "application/merge-patch+json", "application/yaml"])
def test_content_type_of_a_create(kind):
    """A create is application/json."""
    assert refused(rules.create_body, request({}, kind=kind), check_content=True) == 415


@pytest.mark.parametrize(
    "content",
    [
        "",
        "CANARY",
        "[]",
        "{}",
        '{"auths": []}',
        '{"auths": {}}',
        '{"auths": {"ghcr.io": "CANARY"}}',
        '{"auths": {"ghcr.io": {}, "quay.io": null}}',
        '{"auths": {"ghcr.io": {"a": NaN}}}',
        100_000 * "[",
    ],
)
def test_content(content):
    """`.dockerconfigjson` holds at least one login, and a switch turns that rule off."""
    body = {"data": {".dockerconfigjson": content}}
    assert refused(rules.docker_config, body, check_content=True) == 400
    assert rules.docker_config(body, check_content=False) == content


def test_patch_body():
    """A change may repeat the name of the secret, as SAP's sample does, but not give another."""
    body = {"data": {".dockerconfigjson": GOOD}}
    options = {"kinds": ("application/json",), "check_content": True}
    assert rules.patch_body(request(body), "ab", **options) == GOOD
    assert rules.patch_body(request({**body, "name": "ab"}), "ab", **options) == GOOD
    assert refused(rules.patch_body, request({**body, "name": "cd"}), "ab", **options) == 400


@pytest.mark.parametrize("query", ["$top=3", "%24top=3", "$top=%33", "x=1&$top=3"])
def test_whole_number(query):
    """A number may be percent-encoded, name and all."""
    assert rules.whole_number(rules.parameters_of(request(query=query)), "$top") == 3


@pytest.mark.parametrize("text", ["-1", "+1", "1.0", "x", "", "1e3", "٣", "%20", "9999999999"])
def test_no_whole_number(text):
    """Anything else than digits is refused."""
    assert refused(rules.whole_number, rules.parameters_of(request(query=f"$top={text}")), "$top") == 400


def test_left_out_parameters():
    """What is left out is None, or false."""
    assert rules.whole_number({}, "$top") is None
    assert rules.flag({}, "$count") is False


@pytest.mark.parametrize("text", ["TRUE", "1", "", "yes"])
def test_no_flag(text):
    """A flag is true or false, in these letters."""
    assert rules.flag({"$count": "true"}, "$count") is True
    assert refused(rules.flag, {"$count": text}, "$count") == 400


def test_repeated_parameter():
    """A parameter that is given twice is refused: nobody knows which one counts."""
    assert refused(rules.parameters_of, request(query="$top=1&%24top=2")) == 400
