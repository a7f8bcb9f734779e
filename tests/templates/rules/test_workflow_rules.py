import copy

import pytest

from aicore_magics.templates.check.text import check_document
from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.workflow_rules import call_findings, entrypoint_findings
from aicore_magics.templates.yaml.marks import read_documents
from tests.templates.examples import WORKFLOW
from tests.templates.workflows import steps, tasks, told, workflow

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
        del spec["templates"][0]
        spec["arguments"]["parameters"].append({"name": "image", "value": "ghcr.io/acme/churn"})
        spec["templates"][0]["inputs"]["parameters"] = [{"name": "image"}]
        spec["templates"][0]["container"]["image"] = "{{inputs.parameters.image}}"

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


NAMES = {"train", "score"}


def calls(template):
    found = Findings()
    call_findings(found, template, ("t",), NAMES)
    return [(one.rule.id, one.path[1:], one.fix) for one in found]


@pytest.mark.parametrize(
    "call", [{"template": "train"}, {"template": "{{x}}"}, {"templateRef": {}}, {"inline": {"container": {}}}]
)
def test_a_call_that_leads_somewhere(call):
    """A template of the document, one that a parameter names, one elsewhere, or one written here."""
    assert calls({"steps": [[{"name": "a", **call}]]}) == []
    assert calls({"dag": {"tasks": [{"name": "a", **call}]}}) == []


def test_a_call_that_leads_nowhere():
    """The template that was meant is offered, in steps and in tasks."""
    path = ("steps", 1, 0, "template")
    assert calls({"steps": [[], [{"name": "a", "template": "trian"}]]}) == [("steps", path, "write train")]
    path = ("dag", "tasks", 0)
    assert calls({"dag": {"tasks": [{"name": "a"}]}}) == [
        ("steps", path, "write template: and one of score, train")
    ]
    assert [rule for rule, *_ in calls({"steps": [[{"template": 3}]]})] == ["text"]


@pytest.mark.parametrize("steps", [[{"name": "a", "template": "train"}], {"name": "a"}, "x", [None]])
def test_steps_are_a_list_of_lists(steps):
    """The second hyphen is easily forgotten."""
    assert calls({"steps": steps})[0][::2] == (
        "steps",
        "write - - name: NAME; steps of one inner list run at the same time",
    )


def test_without_steps_nothing_is_called():
    """A template with a container has no calls."""
    assert calls({"container": {}, "steps": None}) == []


def entry(**spec):
    found = Findings()
    entrypoint_findings(found, {"templates": [{}], **spec}, NAMES)
    return [(one.rule.id, one.fix) for one in found]


def test_the_entrypoint_is_one_of_the_templates():
    """A missing one and a wrong one are errors, with a name that is there."""
    assert entry(entrypoint="train") == []
    assert entry(entrypoint="{{workflow.parameters.first}}") == []
    assert entry(entrypoint="scoring") == [("entrypoint", "use one of the templates: score, train")]
    assert entry(entrypoint="other") == [("entrypoint", "use one of the templates: score, train")]
    assert entry() == [("entrypoint", "write entrypoint: and the name of a template: score, train")]
    assert entry(workflowTemplateRef={}) == []


def test_there_is_a_template_at_all():
    """No list, or an empty one, is an error of its own."""
    found = Findings()
    entrypoint_findings(found, {}, set())
    assert [one.rule.id for one in found] == ["templates", "entrypoint"]


@pytest.mark.parametrize(
    ("inline", "rule"),
    [
        ("{}", "templates"),
        ("{container: {image: a.b/c:1, command: [x], args: [v]}, suspend: {}}", "templates"),
        ("{container: {command: [x], args: [v]}}", "image-missing"),
        ("{container: {image: a.b/c:1}}", "command"),
        ("{steps: [[{name: b, template: plian}]]}", "steps"),
        ("{steps: [[{name: b, inline: {}}]]}", "templates"),
        ("{dag: {tasks: [{name: b, template: plain, depends: c}]}}", "dependency"),
        ("{inputs: {artifacts: [{name: r}]}, script: {image: a.b/c:1, command: [x], source: v}}", "output"),
    ],
)
def test_a_template_inside_a_step_is_looked_at(inline, rule):
    """What it does, its containers and its own steps, as deep as they go."""
    for main in (steps(f"name: a\ninline: {inline}\n"), tasks(f"name: a\ninline: {inline}\n")):
        assert (rule, "error") in told(workflow(main))


def test_a_template_inside_a_step_needs_no_name():
    """Nothing calls it."""
    assert told(workflow(steps("name: a\ninline: {suspend: {}}\n"))) == []
