import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.keys import CONTAINER, PREDICTOR, alike, nearest, unknown_keys

MEANT = [
    *("imagePullSecrets", "imagePullSecret", "imagepullsecrets", "ImagePullSecrets", "IMAGE_PULL_SECRETS"),
    *(
        "image-pull-secrets",
        "imagePullSecerts",
        "imagePulSecrets",
        "imagePullSecretName",
        "imagesPullSecrets",
    ),
]
OTHERS = [
    "imagePullPolicy",
    "image",
    "inputs",
    "initialDelaySeconds",
    "imagePullSecretsOfTheWholeTenantThere",
    "",
]


@pytest.mark.parametrize("key", MEANT)
def test_a_misspelling_is_recognised(key):
    """Number, case, signs and one wrong letter do not hide what was meant."""
    assert alike(key)


@pytest.mark.parametrize("key", OTHERS)
def test_another_key_is_left_alone(key):
    """Keys that begin alike and mean something else are none of it."""
    assert not alike(key)


def test_no_key_that_is_read_is_taken_for_a_misspelling():
    """None of the keys that Argo, KServe or Kubernetes read is alike imagePullSecrets, but itself."""
    assert [key for key in CONTAINER | PREDICTOR if alike(key)] == ["imagePullSecrets"]


def test_an_unknown_key_gets_the_nearest_one():
    """The fix names the key that was meant, or says to leave it out."""
    found = Findings()
    mapping = {"comand": 1, "image": 2, "zzz": 3, 7: 4}
    unknown_keys(found, mapping, CONTAINER, ("c",), owner="container")
    assert [(one.path, one.severity) for one in found] == [
        (("c", key), "warning") for key in ("comand", "zzz", 7)
    ]
    assert found[0].fix == "write command"
    assert found[1].fix.startswith("leave it out")


def test_a_misspelt_secret_has_a_rule_of_its_own():
    """It is not told twice, as an unknown key as well."""
    found = Findings()
    unknown_keys(found, {"imagePullSecret": []}, CONTAINER, (), owner="container")
    assert found == []


@given(st.text())
def test_any_text_can_be_compared(text):
    """Whatever a key is, it is judged."""
    assert alike(text) in (True, False)
    assert len(nearest(text, CONTAINER)) <= 1


def test_a_long_text_costs_nothing():
    """A megabyte is no misspelling, and thousands of names are not compared with."""
    begin = time.thread_time()
    assert nearest("i" * 10**6, CONTAINER) == []
    assert nearest("team-ghcr", [f"team-{number}" for number in range(10_000)]) == []
    assert not alike("im" + "x" * 10**6)
    assert time.thread_time() - begin < 1
