import copy

import pytest

from aicore_magics.templates.check.text import check_document
from aicore_magics.templates.yaml.marks import read_documents
from tests.templates.examples import WORKFLOW

DATA = read_documents(WORKFLOW).documents[0].data


def found_in(change):
    data = copy.deepcopy(DATA)
    change(data["spec"])
    return [(one.rule.id, one.severity, one.path[1:]) for one in check_document(data)]


@pytest.mark.parametrize("spec", [None, {}])
def test_a_template_without_a_spec(spec):
    """Nothing in it, or nothing at all: one error."""
    assert [one.rule.id for one in check_document({**DATA, "spec": spec})] == ["spec"]


def test_an_image_may_be_a_parameter_of_the_workflow():
    """Then its value or default is looked at, where it stands."""

    def parametrised(spec):
        spec["arguments"]["parameters"].append({"name": "image", "default": "acme/churn:1"})
        spec["templates"][1]["container"]["image"] = "{{workflow.parameters.image}}"

    place = ("arguments", "parameters", 1, "default")
    assert found_in(parametrised) == [("image-host", "warning", place)]


def test_arguments_are_handed_to_the_entrypoint_by_name():
    """An image that is an input of the entrypoint has the value of the workflow's parameter."""

    def handed(spec):
        spec["entrypoint"] = "train"
        spec["arguments"]["parameters"].append({"name": "image", "value": "ghcr.io/acme/churn"})
        spec["templates"][1]["inputs"]["parameters"] = [{"name": "image"}]
        spec["templates"][1]["container"]["image"] = "{{inputs.parameters.image}}"

    assert found_in(handed) == [("image-tag", "warning", ("arguments", "parameters", 1, "value"))]


def test_a_workflow_may_be_all_in_another_template():
    """A reference to a template elsewhere needs no entrypoint here."""

    def elsewhere(spec):
        for key in ("entrypoint", "templates", "arguments"):
            del spec[key]
        spec["workflowTemplateRef"] = {"name": "churn"}

    assert found_in(elsewhere) == []


def test_a_plan_for_all_pods_counts():
    """Labels for all pods of the workflow may name the plan."""

    def for_all(spec):
        del spec["templates"][1]["metadata"]
        spec["podMetadata"] = {"labels": {"ai.sap.com/resourcePlan": "starter"}}

    assert found_in(for_all) == []


@pytest.mark.parametrize("value", [[], "x", 3])
def test_arguments_that_are_no_mapping(value):
    """Parameters without the key `parameters` are an error, and what uses them is one, too."""

    def shaped(spec):
        spec["arguments"] = value

    found = found_in(shaped)
    assert found[0] == ("shape", "error", ("arguments",))
    assert {rule for rule, *_ in found} == {"shape", "undeclared"}
