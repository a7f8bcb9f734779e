import pytest

from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.predictor_rules import predictor_findings
from aicore_magics.templates.rules.secret import NOTHING

ONE = {"name": "kserve-container", "image": "ghcr.io/acme/churn:1.4", "ports": [{"containerPort": 8080}]}
GOOD = {"imagePullSecrets": [{"name": "team-ghcr"}], "minReplicas": 1, "maxReplicas": 2, "containers": [ONE]}


def found_in(**changes):
    found = Findings()
    told = predictor_findings(found, GOOD | changes, ("p",), NOTHING)
    return told, [(one.rule.id, one.severity, one.path[1:]) for one in found]


def test_images_and_secrets_are_given():
    """What is needed to tell whether a login serves an image."""
    images = [(("p", "containers", 0, "image"), ONE["image"])]
    assert found_in() == ((images, ("team-ghcr",)), [])
    assert predictor_findings(Findings(), {}, (), NOTHING) == ([], ())


@pytest.mark.parametrize(
    "changes",
    [
        {"minReplicas": 0},
        {"maxReplicas": 0},
        {"minReplicas": None},
        {"minReplicas": "{{inputs.parameters.x}}"},
        {"timeout": 30, "containerConcurrency": 1},
        {"containers": [], "model": {"modelFormat": {"name": "sklearn"}}},
    ],
)
def test_what_is_fine(changes):
    """Scaling to zero, numbers from parameters, and the servers that KServe brings along."""
    assert found_in(**changes)[1] == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"minReplicas": 3}, [("replicas", "error", ("maxReplicas",))]),
        ({"minReplicas": True}, [("replicas", "error", ("minReplicas",))]),
        ({"maxReplicas": "2"}, [("replicas", "error", ("maxReplicas",))]),
        ({"containers": []}, [("containers", "error", ("containers",))]),
        ({"containers": None}, [("containers", "error", ("containers",))]),
        ({"containers": {}}, [("shape", "error", ("containers",)), ("containers", "error", ("containers",))]),
        ({"containers": [ONE, {**ONE, "name": "b"}]}, [("containers-several", "warning", ("containers", 1))]),
        (
            {"containers": [{**ONE, "name": ""}]},
            [("container-name-missing", "error", ("containers", 0, "name"))],
        ),
        (
            {"containers": [{**ONE, "name": 1}]},
            [("container-name-missing", "error", ("containers", 0, "name"))],
        ),
        (
            {"containers": [{**ONE, "name": "main"}]},
            [("container-name", "warning", ("containers", 0, "name"))],
        ),
        ({"custom": {}}, [("unknown-key", "warning", ("custom",))]),
    ],
)
def test_what_is_not(changes, found):
    """One container of the right name, and numbers of replicas that fit together."""
    assert found_in(**changes)[1] == found
