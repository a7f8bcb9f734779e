from types import MappingProxyType

import pytest

from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.secret import (
    NOTHING,
    Known,
    misplaced,
    secret_names,
    served_otherwise,
    unserved,
)

RIGHT = ("spec",)
IMAGES = [(("spec", "image"), "ghcr.io/acme/churn:1"), (("spec", "other"), "{{workflow.parameters.x}}")]


def names(value, known=NOTHING):
    found = Findings()
    told = secret_names(found, {"imagePullSecrets": value}, RIGHT, known)
    return told, [(one.rule.id, one.path) for one in found]


def test_the_names_are_given_where_they_are_names():
    """Legal names are given in order; a parametrised one is fine, and not known here."""
    entries = [{"name": "team-ghcr"}, {"name": "{{workflow.parameters.secret}}"}, {"name": "a.b"}]
    assert names(entries) == (("team-ghcr", "a.b"), [])
    assert secret_names(Findings(), {}, RIGHT, NOTHING) == ()


@pytest.mark.parametrize(
    ("entry", "rule", "last"),
    [
        ("team-ghcr", "secret-shape", 0),
        (None, "secret-shape", 0),
        ({}, "secret-name", 0),
        ({"name": None}, "secret-name", "name"),
        ({"name": ""}, "secret-name", "name"),
        ({"name": 1e3}, "secret-name", "name"),
        ({"name": "a"}, "secret-name", "name"),
        ({"name": "a" * 64}, "secret-name", "name"),
        ({"name": "<x>"}, "secret-placeholder", "name"),
        ({"name": "${SECRET}"}, "secret-placeholder", "name"),
        ({"name": "glpat-" + "Ab1-" * 6}, "secret-token", "name"),
    ],
)
def test_an_entry_that_is_no_name(entry, rule, last):
    """Each is one error, at the name if there is one, and no name is given."""
    told, found = names([entry])
    assert told == ()
    assert [(kind, path[-1]) for kind, path in found] == [(rule, last)]


def test_another_key_beside_the_name_is_told():
    """Nothing but the name is read; near misses get the right one."""
    found = Findings()
    secret_names(found, {"imagePullSecrets": [{"name": "a-b", "nam": "x"}]}, RIGHT, NOTHING)
    assert [(one.rule.id, one.severity, one.fix) for one in found] == [
        ("unknown-key", "warning", "write name")
    ]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), "at the top level"),
        (("spec", "templates", 0), "in a template"),
        (("spec", "templates", 0, "container"), "in container"),
        (("spec", "template", "spec", "|"), "in the inner spec"),
    ],
)
def test_a_misplaced_key_is_told_by_its_place(path, place):
    """The message says where it stands and where it is read."""
    found = Findings()
    misplaced(found, [(path, "imagePullSecret", [])], RIGHT, {})
    wanted = f"imagePullSecret is {place}, AI Core reads spec, written as imagePullSecrets"
    assert [one.message for one in found] == [wanted]
    assert found[0].path == (*path, "imagePullSecret")


PREDICTOR = ("spec", "template", "spec", "|", "predictor")


def fix_of(path, value, right=PREDICTOR, owner=MappingProxyType({"minReplicas": 1})):
    found = Findings()
    misplaced(found, [(path, "imagePullSecrets", value)], right, dict(owner))
    return NOTEBOOK.say(found[0].fix)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ([{"name": "team-ghcr"}, {"name": "b-c"}], "team-ghcr"),
        ("team-ghcr", "team-ghcr"),
        (["team-ghcr"], "team-ghcr"),
        ([{"name": "Hunter2"}], "NAME"),
        ([], "NAME"),
        (None, "NAME"),
        ([{"name": 3}], "NAME"),
    ],
)
def test_the_command_that_mends_it_names_the_secret(value, name):
    """What stands at the outer spec is taken over, if it is a name, and taken out there."""
    assert fix_of(("spec",), value) == f"%aicore_template patch FILE --secret {name} --move"


def test_the_command_keeps_the_name_at_the_right_place():
    """Where predictor names a secret, that one counts; a parameter there is not overwritten."""
    value = [{"name": "old"}]
    for named, fix in (
        ([{"name": "a-b"}], "%aicore_template patch FILE --secret a-b --move"),
        ([{"name": "{{x}}"}], "leave it out: predictor has one"),
    ):
        assert fix_of(("spec",), value, owner={"imagePullSecrets": named}) == fix


@pytest.mark.parametrize(
    ("path", "right", "owner", "fix"),
    [
        ((), PREDICTOR, {"a": 1}, "move it to predictor, with the list below it"),
        ((*PREDICTOR, "containers", 0), PREDICTOR, {"a": 1}, "move it to predictor, with the list below it"),
        (("spec", "templates", 0), RIGHT, {"a": 1}, "move it to spec, with the list below it"),
        (("spec", "templates", 0), RIGHT, {"imagePullSecrets": ["a"]}, "leave it out: spec has one"),
        ((*PREDICTOR[:-1], "predictors"), PREDICTOR, {}, "write predictor instead of predictors"),
        (("spce",), RIGHT, {}, "write spec instead of spce"),
        (("spec",), PREDICTOR, {}, "move it to predictor, with the list below it"),
    ],
)
def test_where_no_command_can_mend_it_words_do(path, right, owner, fix):
    """A patch cannot take the key out of other places, nor name a secret where there is no predictor."""
    assert fix_of(path, [{"name": "a-b"}], right, owner) == fix


def test_a_second_key_is_not_asked_for():
    """A misspelt key beside the right one is to go: spelt right, it would stand there twice."""
    found = Findings()
    misplaced(found, [(RIGHT, "imagePullSecret", [])], RIGHT, {"imagePullSecrets": []})
    assert found[0].fix == "leave it out: imagePullSecrets is there"


def test_only_secrets_whose_logins_are_known_are_judged():
    """If the keys of one named secret are not at hand, it may be the one that serves."""
    for listed, keys, errors in (
        (["a-b"], {"a-b": ["ghcr.io"]}, 0),
        (["a-b"], {"a-b": ["quay.io"]}, 1),
        (["a-b", "c-d"], {"a-b": ["quay.io"]}, 0),
        (["a-b", "c-d"], {"a-b": ["quay.io"], "c-d": ["ghcr.io"]}, 0),
        ([], {"a-b": ["quay.io"]}, 0),
        (["a-b"], None, 0),
    ):
        found = Findings()
        unserved(found, IMAGES, listed, Known(auth_keys=keys))
        assert len(found) == errors


HUB_KEY = "https://index.docker.io"
CHURN = (("spec", 0, "image"), "docker.io/acme/churn:1.4")
GHCR = (("spec", 1, "image"), "ghcr.io/acme/churn:1.4")
BY_DIGEST = (("spec", 2, "image"), "docker.io/acme/churn@sha256:" + 64 * "0")


@pytest.mark.parametrize(
    ("images", "keys", "fixes"),
    [
        ([CHURN], ["docker.io"], [f"use the key {HUB_KEY}, or name the image by its digest"]),
        ([CHURN], ["*.io"], [f"use the key {HUB_KEY}, or name the image by its digest"]),
        ([CHURN], [HUB_KEY], []),
        ([BY_DIGEST], ["docker.io"], []),
        ([GHCR], ["ghcr.io"], []),
        ([GHCR], ["ghcr.io", "ghcr.io/acme"], []),
        ([CHURN], ["docker.io", HUB_KEY],
         [f"keep the one login that works, under the key {HUB_KEY}, or name the image by its digest"]),
        ([GHCR], ["ghcr.io", "https://ghcr.io"], ["keep one of these keys, or name the image by its digest"]),
        ([CHURN, GHCR, BY_DIGEST], [HUB_KEY, "ghcr.io", "a b"],
         ["correct the key, or remove it. A digest does not help"]),
        # Nobody serves it: that is an error of its own.
        ([CHURN], ["index.docker.io/acme"], []),
        ([(("x",), "localhost/churn:1")], [HUB_KEY], ["write the port, as in localhost:5000/churn"]),
        ([(("x",), "{{inputs.parameters.image}}")], ["docker.io"], []),
    ],
)  # fmt: skip
def test_what_serving_may_not_pull(images, keys, fixes):
    """Where Knative would take another login, or none, that is found, with the fix; else nothing is."""
    found = Findings()
    served_otherwise(found, images, ["a-b"], Known(auth_keys={"a-b": keys}))
    assert [each.fix for each in found] == fixes
    assert all(
        each.message.endswith("; inferred from Knative's code; not verified on AI Core") for each in found
    )
    assert {each.severity for each in found} <= {"warning"}


def test_what_serving_may_not_pull_is_judged_by_known_keys_alone():
    """If the keys of one named secret are not at hand, nothing is said."""
    for listed, keys in (
        (["a-b", "c-d"], {"a-b": ["docker.io"]}),
        ([], {"a-b": ["docker.io"]}),
        (["a-b"], None),
    ):
        found = Findings()
        served_otherwise(found, [CHURN], listed, Known(auth_keys=keys))
        assert found == []
    found = Findings()
    served_otherwise(
        found, [CHURN], ["a-b", "c-d"], Known(auth_keys={"a-b": ["docker.io"], "c-d": [HUB_KEY]})
    )
    assert len(found) == 1


def test_why_no_login_serves_an_image_is_told():
    """The reason is that of the kubelet's matching, with what to store."""
    found = Findings()
    unserved(found, IMAGES, ["a-b"], Known(auth_keys={"a-b": ["ghcr.io/other"]}))
    (one,) = found
    assert one.message.startswith("no login for this image: ")
    assert one.fix == "store a login for ghcr.io in a-b"
