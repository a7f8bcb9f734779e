import pytest

from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.container_rules import (
    command_findings,
    container_findings,
    env_findings,
    script_findings,
)
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


def found_in_script(**script):
    found = Findings()
    script_findings(found, {"image": GOOD["image"], "source": "print()", **script}, ("s",))
    return found


@pytest.mark.parametrize(
    "command",
    [["python"], ["python3", "-u"], ["sh"], ["bash", "-e"], ["/bin/sh", "-ex"], ["node"], ["x", "--c"]],
)
def test_a_script_needs_no_args(command):
    """Its source is the argument: what runs a file is enough."""
    assert found_in_script(command=command) == []


@pytest.mark.parametrize(
    ("command", "fix"),
    [
        (["sh", "-c"], "leave -c out"),
        (["/bin/bash", "-c"], "leave -c out"),
        (["python", "-c"], "leave -c out"),
        (["bash", "-ec"], "write -e instead"),
        (["bash", "-lc"], "write -l instead"),
    ],
)
def test_the_command_of_a_script_runs_a_file(command, fix):
    """With -c, it would take the path of the source for its text; without it, all is well."""
    (one,) = found_in_script(command=command)
    assert (one.rule.id, one.path, str(one.fix)) == ("args", ("s", "command", 1), fix)
    assert found_in_script(command=[command[0], *([fix.split()[1]] if "place" in fix else [])]) == []
    assert found_in_script(command=command, args=["python"]) == []


@pytest.mark.parametrize("command", [None, []])
def test_a_script_needs_a_command(command):
    """The fix names what runs a source, not a shell with args."""
    (one,) = found_in_script(command=command)
    assert (one.rule.id, one.path) == ("command", ("s",))
    assert "args" not in str(one.fix)
    assert found_in_script(command=["python"]) == []


PASSWORD = "hunter2-Geheim"
TOKEN = "ghp_" + 36 * "a"


def found_in_env(*entries):
    found = Findings()
    env_findings(found, {"env": list(entries)}, ("c",))
    return found


def test_a_secret_in_the_template_is_a_warning():
    """What is a secret by its name belongs into a generic secret; its value is not repeated."""
    (one,) = found_in_env({"name": "DB_PASSWORD", "value": PASSWORD}, {"name": "DEPTH", "value": PASSWORD})
    assert (one.rule.id, one.severity, one.path) == ("env-secret", "warning", ("c", "env", 0, "value"))
    assert "secretKeyRef" in one.fix
    assert PASSWORD not in str(one)


def test_a_token_in_a_variable_is_an_error():
    """What has the shape of a token is one: it is to be revoked."""
    (one,) = found_in_env({"name": "HF_TOKEN", "value": TOKEN})
    assert (one.rule.id, one.severity) == ("token", "error")
    assert one.message == "the value of HF_TOKEN looks like a GitHub token"
    assert one.fix.startswith("revoke it")


@pytest.mark.parametrize("value", [73915527, 7.5, True])
def test_a_number_for_a_text_is_not_repeated(value):
    """A password of digits is one, too."""
    (one,) = found_in_env({"name": "DB_PASSWORD", "value": value})
    assert (one.rule.id, one.fix) == ("text", "put it in quotes")
    assert str(value).lower() not in str(one).lower()


@pytest.mark.parametrize(
    ("source", "rules"),
    [
        ({"secretKeyRef": {"name": "db", "key": "password"}}, []),
        ({"secretKeyRef": {"name": "db", "key": "password", "optional": True}}, []),
        ({"fieldRef": {"fieldPath": "metadata.name"}}, []),
        ({"secretKeyRef": {"name": "db"}}, ["secretKeyRef has no key"]),
        ({"secretKeyRef": {"key": "password"}}, ["secretKeyRef has no name"]),
        ({"configMapKeyRef": {"name": "db", "key": ""}}, ["configMapKeyRef has no key"]),
        (
            {"secretKeyRef": {"name": "db", "keey": "x"}},
            ["unknown key keey in secretKeyRef", "secretKeyRef has no key"],
        ),
        (
            {"secretKeyRef": "db"},
            [
                "secretKeyRef is a string, it must be a mapping",
                "secretKeyRef has no name",
                "secretKeyRef has no key",
            ],
        ),
        ("db", ["valueFrom is a string, it must be a mapping"]),
    ],
)
def test_a_reference_names_a_secret_and_its_key(source, rules):
    """Kubernetes takes no reference without both."""
    found = found_in_env({"name": "A", "valueFrom": source})
    assert len(found) == len(rules)
    assert all(one.message.startswith(begin) for one, begin in zip(found, rules, strict=True))


@pytest.mark.parametrize("entry", [{"value": "x"}, {"name": 3, "value": PASSWORD}, {"name": None}])
def test_a_variable_has_a_name(entry):
    """Without one there is an error, and no look at the value."""
    (one,) = found_in_env(entry)
    assert (one.rule.id, one.severity) == ("text", "error")
