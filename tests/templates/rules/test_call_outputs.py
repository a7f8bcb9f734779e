import pytest

from aicore_magics.templates.rules.call_outputs import missing
from aicore_magics.templates.rules.calls import Call, Targets

OUTPUTS = {"parameters": [{"name": "score"}], "artifacts": [{"name": "model"}]}
POD = {"name": "t", "container": {}, "outputs": OUTPUTS}
SET = {"name": "t", "containerSet": {"containers": [{"name": "main"}]}}


def left(part, target, **entry):
    targets = Targets([((), {"name": "t", **target})] if target is not None else [])
    return missing(Call((), {"name": "a", "template": "t", **entry}, 0), part, targets)


@pytest.mark.parametrize(
    ("part", "target"),
    [
        ("outputs.parameters.score", POD),
        ("outputs.artifacts.model", POD),
        ("outputs.result", SET),
        ("exitCode", {"script": {}}),
        ("outputs.result", {"http": {}}),
        ("ip", {"daemon": True}),
        ("ip", {"daemon": "{{x}}"}),
        ("outputs.parameters.x", {"outputs": {"parameters": [{"name": "{{x}}"}]}}),
        ("outputs.parameters.x", {"outputs": "{{x}}"}),
        ("outputs.parameters.x", None),
        ("status", {}),
    ],
)
def test_what_is_there(part, target):
    """What Argo puts there always, what the template declares, and what only the run tells."""
    assert left(part, target) is None


@pytest.mark.parametrize(
    ("part", "target", "why"),
    [
        ("outputs.parameters.scor", POD, "template t has no output scor in parameters"),
        ("outputs.artifacts.score", POD, "template t has no output score in artifacts"),
        ("outputs.parameters.score.x", POD, "a step has no outputs.parameters.score.x"),
        ("outputs.parameters", POD, "a does not run for a list of items"),
        ("outputs.artifacts", POD, "Argo does not collect artifacts"),
        ("outputs.result", {"name": "t", "steps": []}, "template t has no result"),
        ("exitCode", {"name": "t", "resource": {}}, "template t has no result"),
        ("outputs.result", {"name": "t", "containerSet": {"containers": []}}, "template t has no result"),
        ("ip", POD, "template t is not a daemon"),
        ("phase", None, "a step has no phase"),
    ],
)
def test_what_is_not_there(part, target, why):
    """The reason names the template, or the step."""
    assert left(part, target)[0] == why


def test_a_loop_gathers():
    """Parameters as a list, and the result of each container of a set."""
    assert left("outputs.parameters", POD, withItems=[1]) is None
    assert left("outputs.result", {"containerSet": {"containers": []}}, withParam="[]") is None
    assert left("outputs.parameters", POD, withSequence={"count": 2}) is not None
