"""The predictor of a serving template."""

from __future__ import annotations

import pytest

from aicore_magics.errors import InvalidTemplate
from aicore_magics.templates.emit import Bare
from aicore_magics.templates.generate.parts import Artifact, Container
from aicore_magics.templates.generate.predictor import predictor
from aicore_magics.templates.generate.serving_parts import Probe, ServingOptions

IMAGE = "ghcr.io/acme/churn:1.4"


def made(container=None, secret="team-ghcr", **options):
    return predictor(IMAGE, secret, container or Container(), ServingOptions(**options))


def test_the_secret_stands_in_the_predictor():
    """There, and nowhere else; a public image has none."""
    assert made()["imagePullSecrets"] == [{"name": "team-ghcr"}]
    assert "imagePullSecrets" not in made(secret="")
    assert "imagePullSecrets" not in made()["containers"][0]


def test_there_is_one_container_of_the_right_name():
    """KServe looks for kserve-container."""
    (container,) = made()["containers"]
    assert (container["name"], container["image"]) == ("kserve-container", IMAGE)
    assert container["ports"] == [{"containerPort": 8080, "protocol": "TCP"}]


@pytest.mark.parametrize(
    ("given", "replicas"),
    [
        ({}, (1, 2)),
        ({"min_replicas": 0}, (0, 2)),
        ({"min_replicas": "5"}, (5, 5)),
        ({"min_replicas": 1, "max_replicas": "3"}, (1, 3)),
        ({"min_replicas": "{{inputs.parameters.n}}"}, ("{{inputs.parameters.n}}", 2)),
        ({"min_replicas": 3, "max_replicas": "{{inputs.parameters.n}}"}, (3, "{{inputs.parameters.n}}")),
    ],
)
def test_replicas(given, replicas):
    """Both ends are said; AI Core's default is 1 to 2, or to as many as at least run."""
    parts = made(**given)
    assert (parts["minReplicas"], parts["maxReplicas"]) == replicas
    assert all(type(each) in (int, Bare) for each in (parts["minReplicas"], parts["maxReplicas"]))


def test_fewer_at_most_than_at_least():
    """That cannot be, and is said before AI Core says it."""
    with pytest.raises(InvalidTemplate, match="--max-replicas is less"):
        made(min_replicas=3, max_replicas=2)


def test_artifacts_come_in_variables():
    """STORAGE_URI makes AI Core download the model; variables of one's own come after it."""
    container = made(Container(env={"A": "1"}), inputs=[Artifact("model"), Artifact("more", variable="MORE")])
    assert container["containers"][0]["env"] == [
        {"name": "STORAGE_URI", "value": "{{inputs.artifacts.model}}"},
        {"name": "MORE", "value": "{{inputs.artifacts.more}}"},
        {"name": "A", "value": "1"},
    ]


def test_probes_ask_at_the_servers_port():
    """Unless they have one of their own; what is not said is left out."""
    (container,) = made(port="9001", readiness=Probe("/a", delay=5), startup=Probe("/b", port=81))[
        "containers"
    ]
    assert container["readinessProbe"] == {"httpGet": {"path": "/a", "port": 9001}, "initialDelaySeconds": 5}
    assert container["startupProbe"] == {"httpGet": {"path": "/b", "port": 81}}
    assert "livenessProbe" not in container
