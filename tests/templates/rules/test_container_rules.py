import pytest

from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.container_rules import command_findings, container_findings
from aicore_magics.templates.rules.keys import CONTAINER

GOOD = {"image": "ghcr.io/acme/churn:1.4", "command": ["/bin/sh", "-c"], "args": ["python train.py"]}


def found_in(**changes):
    container = {key: value for key, value in (GOOD | changes).items() if value is not ...}
    found = Findings()
    container_findings(found, container, ("c",), keys=CONTAINER, owner="container")
    command_findings(found, container, ("c",))
    return [(one.rule.id, one.severity, one.path[1:]) for one in found]


def test_the_image_is_given_back():
    """Whoever looks at the image further gets it, or an empty text."""
    assert container_findings(Findings(), GOOD, (), keys=CONTAINER, owner="container") == GOOD["image"]
    assert container_findings(Findings(), {"image": 3}, (), keys=CONTAINER, owner="container") == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"env": []},
        {
            "env": [
                {"name": "A"},
                {"name": "B", "value": ""},
                {"name": "C", "valueFrom": {"secretKeyRef": {"name": "db", "key": "k"}}},
            ]
        },
        {"ports": [{"containerPort": 1}, {"containerPort": 65535}, {"containerPort": "{{x}}"}]},
        {"command": ["python", "train.py"], "args": ["--fast", "--deep"]},
        {"args": ['exec python train.py "$@"', "sh", "--fast"]},
        {"command": ["/bin/sh", "-c", "python train.py"], "args": ["a", "b"]},
        {"securityContext": {"runAsUser": 65534}},
    ],
)
def test_what_is_fine(changes):
    """Values that Kubernetes and AI Core take."""
    assert found_in(**changes) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"image": ...}, ("image-missing", "error", ())),
        ({"image": None}, ("image-missing", "error", ("image",))),
        ({"command": ...}, ("command", "error", ())),
        ({"command": []}, ("command", "error", ())),
        ({"args": ...}, ("args", "error", ())),
        ({"args": None}, ("args", "error", ("args",))),
        ({"command": ["python"], "args": []}, ("args-missing", "warning", ("args",))),
        ({"args": [1]}, ("text", "error", ("args", 0))),
        ({"args": [{"echo step": "done"}]}, ("text", "error", ("args", 0))),
        ({"args": ["--model x"]}, ("args-shell", "warning", ("args", 0))),
        ({"args": ["\n -m x"]}, ("args-shell", "warning", ("args", 0))),
        ({"command": ["bash", "-c"], "args": ["python", "train.py"]}, ("args-shell", "warning", ("args", 1))),
        ({"args": "x"}, ("shape", "error", ("args",))),
        ({"env": {"A": "b"}}, ("shape", "error", ("env",))),
        ({"env": ["A=b"]}, ("shape", "error", ("env", 0))),
        ({"env": [{"value": "x"}]}, ("text", "error", ("env", 0))),
        ({"env": [{"name": "A", "value": 1}]}, ("text", "error", ("env", 0, "value"))),
        ({"env": [{"name": True, "value": "1"}]}, ("text", "error", ("env", 0, "name"))),
        ({"ports": [{"containerPort": True}]}, ("port", "error", ("ports", 0, "containerPort"))),
        ({"ports": [{"containerPort": 0}]}, ("port", "error", ("ports", 0, "containerPort"))),
        ({"ports": [8080]}, ("shape", "error", ("ports", 0))),
        ({"securityContext": {"fsGroup": 1}}, ("unknown-key", "warning", ("securityContext", "fsGroup"))),
        ({"imge": "x"}, ("unknown-key", "warning", ("imge",))),
    ],
)
def test_what_is_not(changes, found):
    """Each has one finding, at the value or at what lacks it."""
    assert found_in(**changes) == [found]


def test_the_value_of_a_variable_is_never_repeated():
    """It may be a password, of any shape."""
    found = Findings()
    container = {"image": GOOD["image"], "env": [{"name": "A", "value": {"x": "hunter2"}}]}
    container_findings(found, container, (), keys=CONTAINER, owner="container")
    assert "hunter2" not in str(found)


def test_a_colon_that_makes_a_mapping_of_a_text_is_told():
    """`- echo step: done` is a mapping to YAML: the fix says why, and what to do."""
    found = Findings()
    container_findings(found, GOOD | {"args": [{"a": "b"}]}, (), keys=CONTAINER, owner="container")
    assert [one.fix for one in found] == ["put it in quotes: the colon makes it a mapping"]


def test_what_a_shell_is_given_is_not_repeated():
    """Arguments may hold a password."""
    for args in (["--password hunter2"], ["login", "hunter2"]):
        found = Findings()
        command_findings(found, GOOD | {"args": args}, ())
        assert len(found) == 1
        assert "hunter2" not in str(found)
