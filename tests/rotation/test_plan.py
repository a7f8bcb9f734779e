"""A plan of a rotation: its turn, and its file, which may come from anywhere."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidFile
from aicore_magics.rotation.plan import LONGEST, MOST_SECRETS, MOST_VALUES, HeldLogin, Plan, PlannedSecret

pytestmark = pytest.mark.enumerates
HOST = "api.ai.example"
TEXTS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
HELD = st.builds(
    HeldLogin, st.just("ghcr.io"), TEXTS, st.sampled_from(["", "ghcr.io", "https://ghcr.io/v2/"])
)
SECRETS = st.builds(
    PlannedSecret,
    tenant=st.sampled_from(["acme-dev", "acme-prod", "acme-test", "Live: eu", "products"]),
    host=st.just(HOST),
    name=st.from_regex(r"team-[a-z0-9]{1,4}", fullmatch=True),
    login=HELD,
    others=st.lists(st.builds(HeldLogin, st.just("quay.io"), TEXTS), max_size=2).map(tuple),
    images=st.lists(st.sampled_from(["ghcr.io/a/b:1", "ghcr.io/a/c:2"]), unique=True).map(tuple),
    templates=st.lists(TEXTS, max_size=3).map(tuple),
    profile=st.sampled_from(["", "dev"]),
)
PLANS = st.lists(SECRETS, min_size=1, max_size=6, unique_by=lambda secret: secret.place).map(
    lambda secrets: Plan.of("ghcr.io", "bot", secrets)
)
GOOD = Plan.of(
    "ghcr.io",
    "bot",
    [
        PlannedSecret(
            "acme-dev", HOST, "team-a", HeldLogin("ghcr.io", "bot", "ghcr.io"), images=("ghcr.io/a/b:1",)
        ),
        PlannedSecret("acme-test", HOST, "team-a", HeldLogin("ghcr.io", "bot")),
    ],
).to_data()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(PLANS)
def test_a_plan_survives_its_file(plan):
    """What is written is read again as it was."""
    assert Plan.parse(json.dumps(plan.to_data())) == plan


@given(PLANS)
def test_the_turn_is_the_fewest_templates_first_and_production_last(plan):
    """The first secret is in as few templates as any; behind it, production comes after all others."""
    first, *rest = plan.secrets
    assert len(first.templates) == min(len(each.templates) for each in plan.secrets)
    fewest = [each for each in plan.secrets if len(each.templates) == len(first.templates)]
    assert first.is_last == all(each.is_last for each in fewest)
    turns = [(each.is_last, len(each.templates)) for each in rest]
    assert turns == sorted(turns)


@pytest.mark.parametrize(
    ("tenant", "last"),
    [
        ("acme-prod", True),
        ("PRD", True),
        ("acme.Live_eu", True),
        ("production 2", True),
        ("products", False),
        ("acme-dev", False),
        ("", False),
    ],
)
def test_production_is_told_by_a_whole_word(tenant, last):
    """A tenant is production where a word of its name says so, not where a word begins so."""
    assert PlannedSecret(tenant, HOST, "a", HeldLogin("ghcr.io", "bot")).is_last == last


def paths(data, path=()):
    """Give the path of each value in *data*."""
    yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from paths(value, (*path, key))


def changed(path, value):
    """Give a good plan with *value* at *path*, as text."""
    if not path:
        return json.dumps(value)
    data = json.loads(json.dumps(GOOD))
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return json.dumps(data)


@given(st.sampled_from([*paths(GOOD)]), JSON)
def test_whatever_is_put_into_a_plan_is_refused_or_read(path, value):
    """Another value anywhere makes it no plan, or one that is written and read again as it is."""
    try:
        plan = Plan.parse(changed(path, value))
    except InvalidFile:
        return
    assert Plan.parse(json.dumps(plan.to_data())) == plan


SECRET = GOOD["secrets"][0]
LOGIN = SECRET["login"]
HOSTILE = {
    "nothing": "",
    "no JSON": "{",
    "deep": 100_000 * "[",
    "a number of many digits": changed(("version",), 1)[:-1] + ', "x": ' + 5_000 * "9" + "}",
    "another format": changed(("format",), "plan"),
    "a later version": changed(("version",), 2),
    "no secret": changed(("secrets",), []),
    "one secret twice": changed(("secrets", 1), SECRET),
    "too many secrets": changed(("secrets",), (MOST_SECRETS + 1) * [SECRET]),
    "too many images": changed(("secrets", 0, "images"), (MOST_VALUES + 1) * ["ghcr.io/a/b:1"]),
    "a text too long": changed(("username",), (LONGEST + 1) * "x"),
    "a name with a slash": changed(("secrets", 0, "name"), "../quota"),
    "a name with a line break": changed(("secrets", 0, "name"), "team-a\n"),
    "a tenant that writes to the terminal": changed(("secrets", 0, "tenant"), "\x1b[2Jacme"),
    "a user with a line break": changed(("username",), "bot\nteam-b: replaced"),
    "an image that is none": changed(("secrets", 0, "images"), ["http://ghcr.io/a b"]),
    "another registry": changed(("registry",), "evil.example"),
    "a registry that is none": changed(("registry",), "ghcr.io@evil.example"),
    "a login of another registry": changed(("secrets", 0, "login", "registry"), "evil.example"),
    "a key of another registry": changed(("secrets", 0, "login", "key"), "evil.example"),
    "a key that looks like it": changed(("secrets", 0, "login", "key"), "https://ghcr.io@evil.example"),
    "another login's key": changed(
        ("secrets", 0, "others"), [{"registry": "quay.io", "username": "a", "key": "evil.example"}]
    ),
    "a pattern for a registry": changed(("secrets", 0, "login", "key"), "*.io"),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_plan_is_refused(text):
    """No plan leads to another registry, writes to the terminal, or fills the memory."""
    with pytest.raises(InvalidFile):
        Plan.parse(text)
