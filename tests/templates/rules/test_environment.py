import pytest

from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.environment import env_findings

PASSWORD = "hunter2-Geheim"
TOKEN = "ghp_" + 36 * "a"


def found_in(*entries):
    found = Findings()
    env_findings(found, {"env": list(entries)}, ("c",))
    return found


def test_a_secret_in_the_template_is_a_warning():
    """What is a secret by its name belongs into a generic secret; its value is not repeated."""
    (one,) = found_in({"name": "DB_PASSWORD", "value": PASSWORD}, {"name": "DEPTH", "value": PASSWORD})
    assert (one.rule.id, one.severity, one.path) == ("env-secret", "warning", ("c", "env", 0, "value"))
    assert "secretKeyRef" in one.fix
    assert PASSWORD not in str(one)


def test_a_token_in_a_variable_is_an_error():
    """What has the shape of a token is one: it is to be revoked."""
    (one,) = found_in({"name": "HF_TOKEN", "value": TOKEN})
    assert (one.rule.id, one.severity) == ("token", "error")
    assert one.message == "the value of HF_TOKEN looks like a GitHub token"
    assert one.fix.startswith("revoke it")


@pytest.mark.parametrize("value", [73915527, 7.5, True])
def test_a_number_for_a_text_is_not_repeated(value):
    """A password of digits is one, too."""
    (one,) = found_in({"name": "DB_PASSWORD", "value": value})
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
        ({"secretKeyRef": {"name": "db", "keey": "x"}}, ["nothing reads keey", "secretKeyRef has no key"]),
        (
            {"secretKeyRef": "db"},
            ["secretKeyRef is a text", "secretKeyRef has no name", "secretKeyRef has no key"],
        ),
        ("db", ["valueFrom is a text"]),
    ],
)
def test_a_reference_names_a_secret_and_its_key(source, rules):
    """Kubernetes takes no reference without both."""
    found = found_in({"name": "A", "valueFrom": source})
    assert len(found) == len(rules)
    assert all(one.message.startswith(begin) for one, begin in zip(found, rules, strict=True))


@pytest.mark.parametrize("entry", [{"value": "x"}, {"name": 3, "value": PASSWORD}, {"name": None}])
def test_a_variable_has_a_name(entry):
    """Without one there is an error, and no look at the value."""
    (one,) = found_in(entry)
    assert (one.rule.id, one.severity) == ("text", "error")
