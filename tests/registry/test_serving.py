"""What may fail in serving alone: keys decide, and what the registries said to the logins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.base.redact import Secret
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.pullers import Difference, compare
from aicore_magics.registry.serving import MOST_BESIDE, logins_beside, serving_cautions
from aicore_magics.registry.verdict import Verdict

HUB = "https://index.docker.io"
CHURN = "docker.io/acme/churn:1"
GHCR = "ghcr.io/acme/churn:1"


def login(key, user="anna", password="pw"):
    return RegistryLogin(AuthKey(key), user, Secret(password))


def verdict(outcome, image=CHURN, reason="docker.io does not accept user b (401)."):
    return Verdict(outcome, "docker.io", "b", image, reason)


def cautions(logins, image=CHURN, outcome="ok", answers=None):
    """The differences that are told of one image, whose check had *outcome*; *answers* by key."""
    said = {(image, key): verdict(each, image) for key, each in (answers or {}).items()}
    found = serving_cautions(logins, [ImageReference.parse(image)], [verdict(outcome, image)], said)
    return [each.difference for each in found]


TWO = (login("docker.io", "a"), login(HUB, "b"))
SPELLINGS = (login("https://ghcr.io", "a"), login("ghcr.io", "b"))
NESTED = (login("ghcr.io/acme", "b"), login("ghcr.io", "a"))
FROM_HUB = (login("docker.io"),)


@pytest.mark.parametrize(
    ("logins", "image", "beside"),
    [
        (TWO, CHURN, ["b"]),
        ((login("docker.io", "a"), login(HUB, "a")), CHURN, []),
        ((login("docker.io", "a"), login(HUB, "a", "other")), CHURN, ["a"]),
        (FROM_HUB, CHURN, []),
        ((login("index.docker.io/acme"),), CHURN, []),
        (NESTED, GHCR, []),
        (SPELLINGS, GHCR, ["b"]),
        (TWO, "docker.io/acme/churn@sha256:" + 64 * "0", []),
        ((*TWO, login("ghcr.io ")), CHURN, []),
        ((), CHURN, []),
    ],
)
def test_which_logins_are_tried_beside(logins, image, beside):
    """Only what Knative may begin with and the kubelet does not; with the same password it is no other."""
    by_key = {each.key: each for each in logins}
    tried = logins_beside(compare(by_key, image), by_key)
    assert [each.username for each in tried] == beside


def test_no_more_than_a_few_are_tried():
    """A file may spell one place in many ways: not each of them is sent to the registry."""
    paths = ("", "/", "/v1/", "/v2/")
    spelt = [f"{scheme}ghcr.io{path}" for scheme in ("", "http://", "https://") for path in paths]
    by_key = {key: login(key, f"user{i}") for i, key in enumerate(spelt)}
    assert len(logins_beside(compare(by_key, GHCR), by_key)) == MOST_BESIDE < len(spelt)


@pytest.mark.parametrize(
    ("logins", "image", "outcome", "answers", "told"),
    [
        # Without a login: but what is public needs none.
        (FROM_HUB, CHURN, "ok", {}, ["no-login"]),
        (FROM_HUB, CHURN, "public", {}, []),
        (FROM_HUB, CHURN, "unreachable", {}, ["no-login"]),
        # Another login: told where the registry refuses it, or was not asked.
        (TWO, CHURN, "ok", {HUB: "ok"}, []),
        (TWO, CHURN, "ok", {HUB: "public"}, []),
        (TWO, CHURN, "ok", {HUB: "bad-credentials"}, ["other-login"]),
        (TWO, CHURN, "ok", {HUB: "no-access-or-missing"}, ["other-login"]),
        (TWO, CHURN, "public", {HUB: "bad-credentials"}, ["other-login"]),
        (TWO, CHURN, "ok", {HUB: "unclear"}, ["other-login"]),
        (TWO, CHURN, "not-asked", {}, ["other-login"]),
        (TWO, CHURN, "tag-missing", {HUB: "tag-missing"}, []),
        (TWO, CHURN, "bad-credentials", {HUB: "ok"}, []),
        ((login("docker.io"), login(HUB)), CHURN, "not-asked", {}, []),
        # One of several at random.
        (SPELLINGS, GHCR, "ok", {"https://ghcr.io": "ok", "ghcr.io": "ok"}, []),
        (SPELLINGS, GHCR, "ok", {"https://ghcr.io": "ok", "ghcr.io": "tag-missing"}, ["one-of-several"]),
        (SPELLINGS, GHCR, "ok", {"https://ghcr.io": "bad-credentials", "ghcr.io": "ok"}, ["one-of-several"]),
        ((login("https://ghcr.io"), login("ghcr.io")), GHCR, "not-asked", {}, []),
        (SPELLINGS, GHCR, "ok", {}, ["one-of-several"]),
        # The first alone: told where it is refused, and another pulls.
        (NESTED, GHCR, "ok", {"ghcr.io/acme": "bad-credentials", "ghcr.io": "ok"}, ["first-alone"]),
        (NESTED, GHCR, "ok", {"ghcr.io/acme": "ok"}, []),
        (NESTED, GHCR, "ok", {"ghcr.io/acme": "unclear", "ghcr.io": "ok"}, []),
        (
            NESTED,
            GHCR,
            "bad-credentials",
            {"ghcr.io/acme": "bad-credentials", "ghcr.io": "bad-credentials"},
            [],
        ),
        (NESTED, GHCR, "not-asked", {}, []),
        # What the keys or the name alone decide.
        ((login("index.docker.io/acme"),), CHURN, "not-served", {}, ["no-pull"]),
        ((login(HUB),), "localhost/churn", "not-asked", {}, ["other-registry"]),
        ((login("ghcr.io"),), "ghcr.io/a:1", "ok", {}, ["unreadable"]),
        ((login("ghcr.io"), login("ghcr.io ")), GHCR, "ok", {}, ["broken-key"]),
        ((login("ghcr.io"),), GHCR, "ok", {}, []),
        ((login(HUB),), CHURN, "ok", {}, []),
        ((), CHURN, "public", {}, []),
    ],
)
def test_what_is_told(logins, image, outcome, answers, told):
    """A difference is told unless the registry's answers show that serving can pull all the same."""
    assert cautions(logins, image, outcome, answers) == told


def test_what_the_registry_said_is_told():
    """Where the login that Knative would use was refused, the reason stands in the caution."""
    answers = {(CHURN, HUB): verdict("bad-credentials")}
    (caution,) = serving_cautions(TWO, [ImageReference.parse(CHURN)], [verdict("ok")], answers)
    assert caution.reason.endswith(f"with that of key {HUB}. docker.io does not accept user b (401).")


def test_without_a_check():
    """Who wants no check is told what the keys alone tell; nothing of what only a registry could."""
    images = [ImageReference.parse(each) for each in (CHURN, GHCR)]
    assert [each.difference for each in serving_cautions((*FROM_HUB, *NESTED), images)] == ["no-login"]
    assert [each.difference for each in serving_cautions(TWO, images)] == ["other-login"]
    assert [each.difference for each in serving_cautions((login("a b"),), [])] == ["broken-key"]
    assert serving_cautions((login(HUB),), images[:1]) == ()


def test_a_login_alone():
    """Where no image is named, a key that serving never finds is told; of other registries nothing is."""
    assert [each.difference for each in serving_cautions(FROM_HUB, [])] == ["no-login"]
    for keys in ([HUB], ["docker.io", HUB], ["ghcr.io"], ["*.io"]):
        assert serving_cautions(map(login, keys), []) == ()


def test_several_images_with_one_trouble():
    """They share a caution, which names the first of them and says how many more there are."""
    images = [ImageReference.parse(f"docker.io/acme/churn:{i}") for i in range(5)]
    (caution,) = serving_cautions(FROM_HUB, images, [verdict("ok", str(each)) for each in images])
    assert caution.image == "docker.io/acme/churn:0 and 4 more images"
    (one,) = serving_cautions(FROM_HUB, images, [verdict("ok"), *[verdict("public")] * 4])
    assert one.image == "docker.io/acme/churn:0"


KEYS = [
    HUB,
    "docker.io",
    "docker.io/acme",
    "*.io",
    "index.docker.io/acme",
    "index.docker.io",
    "ghcr.io",
    "ghcr.io/acme",
]


@given(
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from("ab"), max_size=5),
    st.sampled_from([CHURN, GHCR]),
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["ok", "bad-credentials", "unreachable"])),
)
def test_what_works_is_never_warned_of(users, image, answers):
    """Where each login that Knative may take opens the image, and it has one, nothing is told."""
    logins = [login(key, user) for key, user in users.items()]
    pullers = compare(users, image)
    told = cautions(logins, image, "ok", {**answers, **dict.fromkeys(pullers.controller.keys, "ok")})
    assert not told or pullers.difference in (Difference.NO_LOGIN, Difference.NO_PULL)
