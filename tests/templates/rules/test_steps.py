import pytest

from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.steps import call_findings, entrypoint_findings

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
    assert calls({"dag": {"tasks": [{"name": "a"}]}}) == [("steps", path, "write template: score")]
    assert [rule for rule, *_ in calls({"steps": [[{"template": 3}]]})] == ["text"]


@pytest.mark.parametrize("steps", [[{"name": "a", "template": "train"}], {"name": "a"}, "x", [None]])
def test_steps_are_a_list_of_lists(steps):
    """The second hyphen is easily forgotten."""
    assert calls({"steps": steps})[0][::2] == ("steps", "write - - name: NAME")


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
    assert entry(entrypoint="scoring") == [("entrypoint", "write score")]
    assert entry(entrypoint="other") == [("entrypoint", "write score")]
    assert entry() == [("entrypoint", "write entrypoint: score")]
    assert entry(workflowTemplateRef={}) == []


def test_there_is_a_template_at_all():
    """No list, or an empty one, is an error of its own."""
    found = Findings()
    entrypoint_findings(found, {}, set())
    assert [one.rule.id for one in found] == ["templates", "entrypoint"]
