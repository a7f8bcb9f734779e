"""The two pullers are held beside each other, and for each difference there is a sentence and a fix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidImage
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.knative import resolve
from aicore_magics.model.kubelet import serving_keys
from aicore_magics.model.pullers import (
    INFERRED,
    Difference,
    broken_key_caution,
    caution_of,
    compare,
    hub_key_caution,
)

DATA = Path(__file__).parents[1] / "data"
CASES = json.loads((DATA / "knative-matching.json").read_text())["cases"]
KUBELET = json.loads((DATA / "kubelet-matching.json").read_text())["cases"]
HUB, DIGEST = "https://index.docker.io", "sha256:" + 64 * "b"
CHURN = "docker.io/acme/churn:1"
FAILS = "Serving would fail for every image of this secret: Knative reads all its keys first."
# What is said where nobody differs, and the difference in each case where somebody does.
SAME = Difference.NONE
DIFFERS = {
    "kn-01": Difference.NO_LOGIN,
    "kn-02": Difference.NO_LOGIN,
    "kn-07": Difference.OTHER_LOGIN,
    "kn-08": Difference.NO_PULL,
    "kn-09": Difference.OTHER_LOGIN,
    "kn-10": Difference.NO_PULL,
    "kn-11": Difference.NO_LOGIN,
    "kn-14": Difference.ONE_OF_SEVERAL,
    "kn-16": Difference.FIRST_ALONE,
    "kn-17": Difference.FIRST_ALONE,
    "kn-18": Difference.FIRST_ALONE,
    "kn-19": Difference.BROKEN_KEY,
    "kn-20": Difference.BROKEN_KEY,
    "kn-21": Difference.BROKEN_KEY,
    "kn-22": Difference.OTHER_REGISTRY,
    "kn-25": Difference.OTHER_LOGIN,
}


def users(case, keys, *, in_order=True):
    found = [case["auths"][key] for key in keys]
    return found if in_order else sorted(found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_case_that_was_computed(case):
    """Logins of a workflow, the controller, the second pull, and whether they begin alike, are right."""
    pullers = compare(case["auths"], case["image"])
    ordered, then = case["kubelet_order_significant"], case["second_pull_order_significant"]
    assert users(case, pullers.kubelet, in_order=ordered) == case["kubelet_users"]
    assert users(case, pullers.then, in_order=then) == case["second_pull_users"]
    assert pullers.same_login is case["same_login_in_both"]
    assert pullers.image.name == case["kubelet_lookup_name"]
    if case["serving_users"] is not None:
        assert users(case, (*pullers.controller.keys, *pullers.then)) == case["serving_users"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_each_difference_has_a_sentence_and_a_fix(case):
    """Where the two differ, it is said which would fail and why, how to fix it, and that it is inferred."""
    pullers = compare(case["auths"], case["image"])
    difference = DIFFERS.get(case["id"], SAME)
    assert pullers.difference is difference
    caution = caution_of(pullers)
    if difference is SAME:
        assert caution is None
        assert case["same_login_in_both"]
        return
    assert caution.difference == difference.value
    assert any(word in caution.reason for word in ("Serving", "serving", "Knative"))
    assert caution.fix.split()[0] in {"Use", "Keep", "Store", "Correct", "Write"}
    assert caution.sentences.endswith(f"{caution.fix} {INFERRED}")
    assert caution.image == ("" if difference is Difference.BROKEN_KEY else str(pullers.image))
    for sentence in f"{caution.reason} {caution.fix}".split(". "):
        assert len(sentence.split()) <= 20


@pytest.mark.parametrize(
    "case", [each for each in CASES if each["id"] in DIFFERS], ids=lambda case: case["id"]
)
def test_the_fix_fixes_it(case):
    """With the key that is advised alone, or by digest where that is advised, there is no difference left."""
    caution, image = caution_of(compare(case["auths"], case["image"])), ImageReference.parse(case["image"])
    right = image.registry.auth_key
    if case["id"] == "kn-22":
        assert "localhost:5000/churn" in caution.fix
        assert compare(case["auths"], "localhost:5000/churn:1").difference is SAME
        return
    if f"key {right}" in caution.fix:
        alone = compare([right], image)
        assert (alone.difference, alone.kubelet, alone.controller.keys) == (
            SAME,
            (right,),
            (right,) * (not image.digest),
        )
    if "leave it out" in caution.fix or "Keep one of" in caution.fix:
        named = [key for key in case["auths"] if key.strip() in caution.reason]
        assert any(
            compare([key for key in case["auths"] if key != gone], image).difference is SAME for gone in named
        )
    if "by its digest" in caution.fix:
        pinned = compare(case["auths"], f"{image.name}@{DIGEST}")
        assert pinned.difference is SAME
        assert pinned.then == pinned.kubelet != ()
    assert ("A digest does not help." in caution.fix) is not caution.by_digest
    assert caution.by_digest is ("by its digest" in caution.fix)


def test_twelve_cases_of_the_kubelet_differ():
    """In 12 of the 86 cases of the kubelet the first login differs, or Knative fails: each has its words."""
    valid = {case["id"]: compare(case["auths"], case["image"]) for case in KUBELET if case["image_valid"]}
    differs = [pullers for pullers in valid.values() if not pullers.same_login]
    assert {pullers.difference for pullers in differs} == {
        Difference.NO_LOGIN,
        Difference.NO_PULL,
        Difference.BROKEN_KEY,
    }
    assert all(caution_of(pullers).fix for pullers in differs)
    # The kubelet takes no login at all for these: they are no images, which is said before anything else.
    none = [resolve(case["auths"], case["image"]).does for case in KUBELET if not case["image_valid"]]
    assert len(differs) + none.count("fails") == 12
    assert valid["km-169"].difference is Difference.OTHER_REGISTRY


@pytest.mark.parametrize(
    ("keys", "image", "reason", "fix"),
    [
        (
            ["docker.io"],
            CHURN,
            (
                "A workflow can use key docker.io. Serving asks without a login: "
                "Knative looks for index.docker.io/acme/churn, which that key does not match."
            ),
            f"Use the key {HUB}, or name the image by its digest.",
        ),
        (
            ["index.docker.io/acme"],
            CHURN,
            (
                "Knative would find the digest with key index.docker.io/acme. "
                "The kubelet, which pulls the image, does not use it."
            ),
            f"Use the key {HUB}. A digest does not help.",
        ),
        (
            ["docker.io", HUB],
            CHURN,
            f"A workflow pulls with the login of key docker.io. Serving first asks with that of key {HUB}.",
            f"Keep the one login that works, under the key {HUB}, or name the image by its digest.",
        ),
        (
            ["https://ghcr.io", "ghcr.io"],
            "ghcr.io/a/b:1",
            (
                "Keys https://ghcr.io and ghcr.io are for the same place. Knative takes one of them at "
                "random, a workflow tries them all."
            ),
            "Keep one of these keys, or name the image by its digest.",
        ),
        (
            ["ghcr.io/acme", "ghcr.io"],
            "ghcr.io/acme/b:1",
            "Serving asks only with the login of key ghcr.io/acme; a workflow also tries key ghcr.io.",
            "Store a working login under key ghcr.io/acme, remove that key, or name the image by its digest.",
        ),
        (
            ["ghcr.io "],
            "ghcr.io/acme/b:1",
            f"Key ghcr.io (with a space) is not an address. {FAILS}",
            "Correct the key, or remove it. A digest does not help.",
        ),
        (
            ["ghcr.io ", "a:*", "ghcr.io"],
            "ghcr.io/acme/b:1",
            f"Keys ghcr.io (with a space) and a:* are not addresses. {FAILS}",
            "Correct the keys, or remove them. A digest does not help.",
        ),
        (
            [HUB],
            "localhost/churn:1",
            "Knative looks for it at Docker Hub, as docker.io/localhost/churn: localhost has no port.",
            "Write the port, as in localhost:5000/churn.",
        ),
        (
            ["ghcr.io"],
            "ghcr.io/a:1",
            "Serving would fail: Knative reads no repository whose name is one letter.",
            "Push the image under a longer name.",
        ),
        (
            ["ghcr.io"],
            f"ghcr.io/acme/b@sha512:{128 * '0'}",
            "Serving would fail: Knative reads only digests of sha256.",
            "Use the image's sha256 digest.",
        ),
        (
            [HUB],
            "Foo/bar",
            "Serving would fail: Knative does not read this name.",
            "Use a host with a dot or a port, such as ghcr.io.",
        ),
    ],
)
def test_the_words(keys, image, reason, fix):
    """A caution names the key and the puller, then what to do."""
    caution = caution_of(compare(keys, image))
    assert (caution.reason, caution.fix) == (reason, fix)


def test_what_a_registry_said_stands_behind_the_reason():
    """Where the registry has refused the login that Knative would use, that is said, too."""
    caution = caution_of(compare(["docker.io", HUB], CHURN), "docker.io does not accept user b (401).")
    assert caution.reason.endswith(f"that of key {HUB}. docker.io does not accept user b (401).")


def test_no_password_of_a_key_is_told():
    """A key from a file may hold a password: no sentence repeats it."""
    secret = "hunter" + "22"
    for keys in ([f"https://anna:{secret}@docker.io"], [f"https://a:{secret}@ghcr.io:x"]):
        caution = caution_of(compare(keys, CHURN))
        assert caution
        assert secret not in caution.sentences


@pytest.mark.parametrize(("keys", "there"), [([], False), (["ghcr.io", HUB], False), (["ghcr.io "], True)])
def test_a_secret_without_an_image(keys, there):
    """Keys that make serving fail for every image are told without any image, too."""
    caution = broken_key_caution(keys)
    assert (caution is not None) is there
    assert caution is None or caution.image == ""


@pytest.mark.parametrize(
    ("keys", "there"),
    [
        (["docker.io"], True),
        (["https://docker.io/v1/"], True),
        (["docker.io/acme", "ghcr.io"], True),
        (["docker.io", HUB], False),
        (["docker.io", "index.docker.io/acme"], False),
        ([HUB], False),
        (["*.io"], False),
        (["docker.io.example.com", "docker.io:443", "Docker.io"], False),
        ([], False),
    ],
)
def test_a_key_for_docker_hub_without_an_image(keys, there):
    """A key that Knative matches with no image of Docker Hub is told, though no image is named."""
    caution = hub_key_caution(keys)
    assert (caution is not None) is there
    if caution:
        assert (caution.image, caution.by_digest) == ("", False)
        assert HUB in caution.fix
        assert resolve(keys, CHURN).keys == ()


def test_an_image_that_is_none():
    """A text that is no image is refused, as everywhere."""
    with pytest.raises(InvalidImage):
        compare([], "ghcr.io/A B")


KEYS = st.lists(
    st.sampled_from(
        [
            HUB,
            "docker.io",
            "docker.io/acme",
            "*.io",
            "*.docker.io",
            "index.docker.io/acme",
            "index.docker.io",
            "ghcr.io",
            "ghcr.io/acme",
            "https://ghcr.io/",
            "ghcr.io ",
            "localhost",
            "localhost:5000",
        ]
    ),
    max_size=5,
)
IMAGES = st.sampled_from(
    [
        CHURN,
        "churn",
        "ghcr.io/acme/churn:1",
        f"ghcr.io/acme/churn@{DIGEST}",
        f"acme/churn:1@{DIGEST}",
        "localhost/x1",
    ]
)


@given(KEYS, IMAGES)
def test_the_difference_is_what_it_says(keys, image):
    """Each value of a difference holds for the keys of both, and none is left unsaid."""
    pullers = compare(keys, image)
    taken, used, does = pullers.controller.keys, pullers.kubelet, pullers.controller.does
    assert used == serving_keys(keys, pullers.image)
    holds = {
        Difference.NONE: pullers.same_login and (does == "skips" or len(used) <= 1),
        Difference.NO_LOGIN: used and not taken,
        Difference.NO_PULL: taken and not used,
        Difference.OTHER_LOGIN: len(taken) == 1 and used and used[0] != taken[0],
        Difference.ONE_OF_SEVERAL: len(taken) > 1 and used,
        Difference.FIRST_ALONE: len(taken) == 1 and len(used) > 1 and used[0] == taken[0],
        Difference.OTHER_REGISTRY: pullers.image.domain == "localhost",
        Difference.UNREADABLE: does == "fails",
        Difference.BROKEN_KEY: does == "fails" and pullers.controller.broken,
    }
    assert holds[pullers.difference]
    assert (caution_of(pullers) is None) is (pullers.difference is SAME)


@given(KEYS)
def test_elsewhere_than_at_docker_hub_the_first_login_is_the_same(keys):
    """Both spell the host of any other registry alike, so a workflow and serving begin with one place."""
    pullers = compare(keys, "ghcr.io/acme/churn:1")
    if pullers.controller.does == "asks":
        assert pullers.kubelet[: len(pullers.controller.keys)] == pullers.controller.keys
