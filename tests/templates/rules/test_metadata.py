import pytest

from aicore_magics.templates.check.text import check_text
from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.metadata import metadata_findings
from tests.templates.examples import GOOD

LABELS = {"scenarios.ai.sap.com/id": "churn", "ai.sap.com/version": "1.0.0"}
ANNOTATIONS = {"scenarios.ai.sap.com/name": "Churn", "executables.ai.sap.com/name": "Train"}


def found_in(name="churn-train", labels=(), annotations=()):
    metadata = {"name": name, "labels": LABELS | dict(labels), "annotations": ANNOTATIONS | dict(annotations)}
    found = Findings()
    metadata_findings(found, {"metadata": metadata})
    return [(one.rule.id, one.severity, one.fix) for one in found]


@pytest.mark.parametrize("name", ["abcd", "a" * 64, "churn-train-2", "a--b"])
def test_a_name_that_is_fine(name):
    """4 to 64 small letters, digits and hyphens."""
    assert found_in(name) == []


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("Churn_Train", "write churn-train"),
        ("churn train", "write churn-train"),
        ("-churn", "write churn"),
        ("<your-name>", "choose one such as churn-train"),
        ("churn-", "write churn"),
        ("ünder", "write nder"),
    ],
)
def test_the_nearest_name_is_offered(name, fix):
    """A name that Kubernetes refuses is an error; the fix is a name that it takes."""
    assert found_in(name) == [("name", "error", fix)]


def test_dots_are_worth_a_hint():
    """SAP's own sample has one, and its text says that hyphens alone are permitted."""
    assert found_in("churn-1.0") == [("name-dots", "hint", "write churn-1-0")]


@pytest.mark.parametrize("value", ["a b", "-a", "a" * 64, "ä", "{{x}}"])
def test_a_label_has_a_value_that_kubernetes_takes(value):
    """Up to 63 letters, digits, dots, hyphens, underscores."""
    assert [rule for rule, *_ in found_in(labels={"ext.ai.sap.com/x": value})] == ["label"]


def test_a_label_without_a_value_is_fine_where_it_is_not_asked_for():
    """An empty text is a value; a mandatory one must say something."""
    assert found_in(labels={"ext.ai.sap.com/x": "", "ext.ai.sap.com/y": None}) == []
    assert [rule for rule, *_ in found_in(labels={"ai.sap.com/version": None})] == ["labels-missing"]


def test_the_id_of_a_scenario_has_at_least_four_characters():
    """The API takes no shorter one."""
    assert [rule for rule, *_ in found_in(labels={"scenarios.ai.sap.com/id": "abc"})] == ["label"]


@pytest.mark.parametrize("kind", ["model", "dataset", "resultset", "other"])
def test_a_kind_of_artifact_that_there_is(kind):
    """The API knows four kinds."""
    assert found_in(annotations={"artifacts.ai.sap.com/x.kind": kind}) == []


def test_a_kind_of_artifact_that_there_is_not():
    """Another one is doubtful, and the nearest is offered."""
    found = found_in(
        annotations={"artifacts.ai.sap.com/x.kind": "datset", "artifacts.ai.sap.com/y.kind": "csv"}
    )
    assert found == [
        ("artifact-kind", "warning", "write dataset"),
        ("artifact-kind", "warning", "write one of model, dataset, resultset, other"),
    ]


@pytest.mark.parametrize("metadata", [None, {}, [], "x", {"labels": [], "annotations": "x"}])
def test_missing_metadata_is_told_and_raises_nothing(metadata):
    """Each mandatory part that is missing is an error."""
    found = Findings()
    metadata_findings(found, {"metadata": metadata})
    assert {"name", "labels-missing", "annotations-missing"} <= {one.rule.id for one in found}
    assert all(one.severity == "error" for one in found)


@pytest.mark.parametrize(
    ("kind", "letters", "errors"), [("workflow", 63, 0), ("workflow", 64, 1), ("serving", 64, 0)]
)
def test_argo_takes_names_of_63_characters(kind, letters, errors):
    """It writes the name of a workflow into a label; an executable's id may have one more."""
    found = check_text(GOOD[kind].replace("  name: churn-", f"  name: {'a' * letters} #", 1))
    assert [each.rule.id for each in found] == errors * ["name"]
