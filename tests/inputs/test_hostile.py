from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aicore_magics.errors import AICoreError, InvalidFile
from aicore_magics.logins.docker_config import read_configs
from aicore_magics.logins.file_formats import MAX_FILE_BYTES, MAX_LOGINS, parse_logins
from tests.inputs.doors import edited
from tests.inputs.hostile import DOORS, SHAPES, coded, steps

TOKENS, API = "https://a.authentication.eu10.hana.ondemand.com", "https://api.ai.x.ml.hana.ondemand.com"
FIXED = 600  # calls that a door may take whatever comes in
# Characters; without libyaml each takes calls of its own.
SIZES = {"with libyaml": 3_000, "without libyaml": 1_500}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The file that every door reads: docker's config, the config of SAP's SDK, a key, a login file."""
    for variable in ("HOME", "USERPROFILE", "DOCKER_CONFIG", "AICORE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    for variable in ("DOCKER_AUTH_CONFIG", "XDG_RUNTIME_DIR", "REGISTRY_AUTH_FILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    return tmp_path / "config.json"


@pytest.fixture
def libyaml(monkeypatch):
    """Take libyaml away, or leave it."""

    def choose(loader):
        if loader == "without libyaml":
            monkeypatch.delattr(yaml, "CSafeLoader", raising=False)

    return choose


def entered(door, place, text):
    """What comes of *text* in the file *place* at *door*."""
    for name in ("config.json", "config_x.json"):
        place.with_name(name).write_text(text, "utf-8")
    return outcome(door, place)


def outcome(door, place):
    """What comes of the file *place* at *door*: something, or an AICoreError. All else fails the test."""
    try:
        return door.enter(place)
    except AICoreError as error:
        return error


@pytest.mark.parametrize("loader", SIZES)
@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_size_takes_twice_the_steps(shape, loader, place, libyaml):
    """At every door a text of twice the size takes at most 2.5 times the calls, whatever it is made of."""
    libyaml(loader)
    text, twice = SHAPES[shape](SIZES[loader]), SHAPES[shape](2 * SIZES[loader])
    slow = {}
    for door in (door for door in DOORS if door.yaml or loader == "with libyaml"):
        entered(door, place, SHAPES[shape](60))  # what is imported or compiled at first use
        counts = [steps(lambda door=door, each=each: entered(door, place, each))[1] for each in (text, twice)]
        if counts[1] > 2.5 * max(counts[0], FIXED):
            slow[door.name] = counts
    assert slow == {}


EXAMPLES = (
    json.dumps({"auths": {"ghcr.io": {"auth": coded("anna:token")}, "r7.example.com/acme": {}}}),
    json.dumps({"kind": "Secret", "data": {".dockerconfigjson": coded('{"auths": {"ghcr.io": {}}}')}}),
    'kind: Secret\nstringData:\n  .dockerconfigjson: |\n    {"auths": {"ghcr.io": {"auth": "YTpi"}}}\n',
    "auths:\n  ghcr.io: {username: anna, password: '12'}\n  *.example.com: &a [<<: *a]\n",
    json.dumps({"clientid": "c", "clientsecret": "s", "url": TOKENS, "serviceurls": {"AI_API_URL": API}}),
    json.dumps({"AICORE_CLIENT_ID": "c", "AICORE_CLIENT_SECRET": "s", "AICORE_AUTH_URL": TOKENS}),
    json.dumps({"aicore": [{"credentials": {"clientid": "c", "certificate": "x", "key": "y"}}]}),
    json.dumps({"credHelpers": {"ghcr.io": "none"}, "credsStore": "none", "auths": {"ghcr.io": {}}}),
    "anna:token",
    "kind: List\nitems:\n- {kind: Secret, data: {.dockercfg: eyJhLmlvIjp7ImF1dGgiOiJZVHBpIn19}}\n",
    coded(json.dumps({"auths": {"ghcr.io": {"auth": coded("anna:token")}}})),
    '```json\n{"auths": {"ghcr.io": {"auth": "YTpi"}}}\n```\n',
    'export DOCKER_AUTH_CONFIG="{\\"auths\\": {}}"\nA=b\n',
    'curl -X POST https://x -d \'{"name": "x", "data": {".dockerconfigjson": {}}}\'',
    "machine ghcr.io login anna password token\n",
    json.dumps({"authorizationData": [{"authorizationToken": "QVdTOng=", "proxyEndpoint": "https://x.io"}]}),
    json.dumps({"name": "robot$ci", "secret": "token", "expires_at": -1}),
    json.dumps({"type": "service_account", "private_key": "x\n"}, indent=1),
    "apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\nspec: {imagePullSecrets: [{name: x}]}\n",
)
RAW = st.one_of(st.binary(max_size=300), edited(*EXAMPLES).map(lambda text: text.encode("utf-8", "replace")))


@pytest.mark.parametrize("loader", SIZES)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
@given(raw=RAW)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_bytes_at_any_door(door, loader, place, raw, libyaml):
    """Whatever bytes a file has, a door gives what is in it, or an AICoreError that quotes none of it."""
    libyaml(loader)
    for name in ("config.json", "config_x.json"):
        place.with_name(name).write_bytes(raw)
    results = [outcome(door, place) for _ in range(2)]
    assert str(results[0]) == str(results[1])  # the same bytes say the same a second time
    if isinstance(results[0], AICoreError):
        # The errors of parsers quote what they read.
        assert (results[0].__cause__, results[0].__context__) == (None, None)
        assert 0 < len(str(results[0])) < 1_000


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_every_bound_is_an_error_of_ours(door, place):
    """What is larger or deeper than may be is refused at every door, or read as what it is; nothing else."""
    for text in (" " * (MAX_FILE_BYTES + 1), "[" * MAX_FILE_BYTES, '{"auths":' * 51 + "1" + "}" * 51):
        result = entered(door, place, text)
        assert not isinstance(result, AICoreError) or 0 < len(str(result)) < 600


def test_a_secret_may_have_as_many_logins_as_fit(place):
    """So many logins are read, from a login file and from docker's config; one more is not."""
    fitting = {f"r{number}.example.com": {"auth": coded("a:b")} for number in range(MAX_LOGINS)}
    text = json.dumps({"auths": fitting})
    assert len(text) < MAX_FILE_BYTES
    place.write_text(text, "utf-8")
    assert len(parse_logins(text).logins) == len(read_configs()[0].entries) == MAX_LOGINS
    more = json.dumps({"auths": {**fitting, "ghcr.io": {}}})
    place.write_text(more, "utf-8")
    with pytest.raises(InvalidFile, match="the login file has more than 5,000 entries"):
        parse_logins(more)
    with pytest.raises(InvalidFile, match="has more than 5,000 entries"):
        read_configs()
