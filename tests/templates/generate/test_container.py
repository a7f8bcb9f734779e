"""The container, as both kinds of template have it."""

from __future__ import annotations

import json

import pytest

from aicore_magics.errors import InvalidTemplate
from aicore_magics.templates.generate import container as parts_of
from aicore_magics.templates.generate.parts import Artifact, Container, Scenario, SecretKey, WorkflowOptions


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        (Container(), {}),
        (Container(args=["a", "b"]), {"args": ["a", "b"]}),
        (Container(args="a b"), {"args": ["a b"]}),
        (Container(command=["python3", "-c"], args=["x"]), {"command": ["python3", "-c"], "args": ["x"]}),
        (Container(command=["serve"]), {"command": ["serve"]}),
    ],
)
def test_what_runs_is_what_was_given(given, parts):
    """No command is made up here; a text alone is one argument, not one a letter."""
    assert parts_of.command_and_args(given) == parts


def test_the_environment():
    """Texts, keys of generic secrets, and whole generic secrets, in their order."""
    given = Container(env={"B": "1", "A": SecretKey("db", "key")}, env_from=["one", "two"])
    assert parts_of.environment(given) == {
        "env": [
            {"name": "B", "value": "1"},
            {"name": "A", "valueFrom": {"secretKeyRef": {"name": "db", "key": "key"}}},
        ],
        "envFrom": [{"secretRef": {"name": "one"}}, {"secretRef": {"name": "two"}}],
    }


def test_a_number_in_the_environment():
    """From Python, a number in place of a text is refused: Kubernetes would refuse it later."""
    with pytest.raises(InvalidTemplate, match="the value of a variable must be a string"):
        parts_of.environment(Container(env={"A": 3}))


def test_volumes_and_mounts_belong_together():
    """Each volume has a mount of its name, whatever the secrets are called."""
    given = Container(mounts={"a.b": "/one", "a-b": "/two"}, shared_memory="2Gi")
    volumes, mounts = parts_of.volumes(given), parts_of.volume_mounts(given)
    assert [each["name"] for each in volumes] == [each["name"] for each in mounts]
    assert len({each["name"] for each in volumes}) == 3
    assert volumes[0]["secret"] == {"secretName": "a.b"}
    assert volumes[2]["emptyDir"] == {"medium": "Memory", "sizeLimit": "2Gi"}
    assert [each["mountPath"] for each in mounts] == ["/one", "/two", "/dev/shm"]


@pytest.mark.parametrize(
    "quantity", ["1", "1.", "0.5", "1e3", "500m", "2Gi", "128M", "1k", "{{workflow.parameters.memory}}"]
)
def test_quantities(quantity):
    """What Kubernetes takes as a quantity, or a parameter for one."""
    given = Container(requests={"memory": quantity})
    assert parts_of.resources(given) == {"requests": {"memory": quantity}}


@pytest.mark.parametrize("quantity", ["", "2GB", "-1", ".", "two", "1Ki ", "5 Gi", "1e"])
def test_what_is_no_quantity(quantity):
    """Anything else is refused."""
    with pytest.raises(InvalidTemplate, match="--limit must be a quantity"):
        parts_of.resources(Container(limits={"memory": quantity}))


def test_what_kubernetes_does_not_divide():
    """A resource that is not Kubernetes' own is there as a whole, or not."""
    with pytest.raises(InvalidTemplate, match="whole number"):
        parts_of.resources(Container(limits={"nvidia.com/gpu": "0.5"}))
    assert parts_of.resources(Container(limits={"cpu": "0.5", "nvidia.com/gpu": "2"}))


@pytest.mark.parametrize(
    ("asked", "most", "fine"),
    [
        ("2Gi", "1Gi", False),
        ("1Gi", "1G", False),
        ("1G", "1Gi", True),
        ("500m", "1", True),
        ("1", "{{x}}", True),
    ],
)
def test_no_more_is_requested_than_the_limit(asked, most, fine):
    """Kubernetes refuses a request above its limit, in whatever units; a parameter may be anything."""
    given = Container(requests={"memory": asked, "cpu": "9"}, limits={"memory": most})
    if fine:
        assert parts_of.resources(given)["requests"]["memory"] == asked
        return
    with pytest.raises(InvalidTemplate, match="--request is more than --limit"):
        parts_of.resources(given)


def test_no_two_mounts_stand_at_one_path():
    """Kubernetes refuses a container with two mounts at one path, and /dev/shm is one of them."""
    for given in (
        Container(mounts={"one": "/mnt", "two": "/mnt/"}),
        Container(mounts={"one": "/dev/shm"}, shared_memory="1Gi"),
    ):
        with pytest.raises(InvalidTemplate, match="the folder of --mount-secret is the same twice"):
            parts_of.volume_mounts(given)


def test_what_it_runs_on():
    """A resource plan, starter if nothing is said, or an instance type: never both."""
    assert parts_of.compute("", "") == {"ai.sap.com/resourcePlan": "starter"}
    assert parts_of.compute("infer.s", "") == {"ai.sap.com/resourcePlan": "infer.s"}
    assert parts_of.compute("", "m5.xlarge") == {"ai.sap.com/instanceType": "m5.xlarge"}
    with pytest.raises(InvalidTemplate, match="one of --plan and --instance-type"):
        parts_of.compute("starter", "m5.xlarge")


def test_people_find_it_by_names():
    """Both names are always there; descriptions only where there are any."""
    assert parts_of.metadata("train", Scenario("churn"), WorkflowOptions(), {"a": "b"}) == {
        "name": "train",
        "annotations": {
            "scenarios.ai.sap.com/name": "churn",
            "executables.ai.sap.com/name": "train",
            "a": "b",
        },
        "labels": {"scenarios.ai.sap.com/id": "churn", "ai.sap.com/version": "1.0.0"},
    }


def test_labels_of_artifacts_are_json_in_a_text():
    """As AI Core has them, each with its prefix once."""
    artifact = Artifact("model", description="d", labels={"team": "é", "ext.ai.sap.com/x": 'a"b'})
    told = parts_of.artifact_annotations([artifact], "model")
    assert told["artifacts.ai.sap.com/model.kind"] == "model"
    assert json.loads(told["artifacts.ai.sap.com/model.labels"]) == {
        "ext.ai.sap.com/team": "é",
        "ext.ai.sap.com/x": 'a"b',
    }
