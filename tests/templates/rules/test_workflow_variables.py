import pytest

from tests.templates.workflows import ALONE, POD, fixes, one, steps, told, workflow

MAIN = ALONE + "  args: [§'{}']\n"
KNOWN = "name namespace mainEntrypoint serviceAccountName uid parameters parameters.json annotations labels "
KNOWN += "annotations.json labels.json labels.any annotations.any/x creationTimestamp creationTimestamp.Y "
KNOWN += "creationTimestamp.RFC3339 duration scheduledTime"
HANDLER = "  - name: handler\n    suspend: {}\n    metadata: {labels: {x: '%s'}}\n"


def rules(expression, more=""):
    return told(workflow(MAIN.replace("{}", expression), more))


@pytest.mark.parametrize("name", KNOWN.split())
def test_what_argo_documents(name):
    """Each of its page on workflow variables, anywhere."""
    assert rules(f"{{{{workflow.{name}}}}}") == []
    assert told(workflow(steps(one("a")), f"podPriorityClassName: '{{{{workflow.{name}}}}}'\n")) == []


@pytest.mark.parametrize("name", ["nam", "Name", "parameter.x", "foo", "", "outputs.x", "label.x"])
def test_what_argo_does_not_have(name):
    """Argo refuses it in a template; elsewhere it stays as it is."""
    assert rules(f"{{{{workflow.{name}}}}}") == [("unfilled@", "error")]
    more = f"podPriorityClassName: §'{{{{workflow.{name}}}}}'\n"
    assert told(workflow(steps(one("a")), more)) == [("unfilled@", "warning")]


def test_the_fix_is_the_nearest_variable():
    """Or Argo's page."""
    assert fixes(workflow(MAIN.replace("§'{}'", "'{{workflow.nam}}'"))) == ["write {{workflow.name}}"]


def test_the_priority_is_there_if_the_spec_has_one():
    """Argo refuses it otherwise."""
    assert rules("{{workflow.priority}}", "priority: 3\n") == []
    assert rules("{{workflow.priority}}") == [("reference@", "error")]


def ending(expression, more):
    """A workflow with a handler that uses an expression."""
    handler = f"- name: handler\n{POD}    args: [§'{expression}']\n"
    text = workflow(steps(one("a")), more)
    return told(text + "".join(f"    {line}\n" for line in handler.splitlines()))


@pytest.mark.parametrize("name", ["status", "failures"])
def test_exit_handlers_know_how_it_went(name):
    """The template that onExit names, and those that it calls."""
    used = f"{{{{workflow.{name}}}}}"
    assert ending(used, "onExit: handler\n") == []
    severity = "hint" if name == "status" else "error"
    assert ending(used, "") == [("reference@", severity)]
    assert rules(used, "onExit: plain\n") == [("reference@", severity)]


def test_hooks_know_the_status():
    """They run beside the workflow."""
    assert ending("{{workflow.status}}", "hooks: {exit: {template: handler}}\n") == []
    more = "hooks: {a: {expression: workflow.status == 'Running', template: handler}}\n"
    assert ending("{{workflow.status}}", more) == []


@pytest.mark.parametrize(
    ("name", "fine"),
    [
        ("outputs.artifacts.churn", True),
        ("outputs.artifacts.chrun", False),
        ("outputs.parameters.churn", False),
    ],
)
def test_outputs_of_the_workflow_have_a_global_name(name, fine):
    """That of an output of a template, if no template is written elsewhere."""
    used = f"when: §'{{{{workflow.{name}}}}} == x'\n"
    first = one("a", "makes")
    assert told(workflow(steps(first, one("b", more=used)))) == ([] if fine else [("reference@", "error")])
    elsewhere = "name: c\ntemplateRef: {name: x, template: w}\n"
    assert told(workflow(steps(elsewhere, one("b", more=used)))) == []


def test_an_output_without_a_global_name_is_no_fix():
    """What has no name in the whole workflow cannot be written in place of one."""
    asks = one("a", "has", "arguments: {parameters: [{name: a, value: '{{workflow.outputs.parameters.q}}'}]}")
    main = steps(one("b", "makes"), asks)
    assert fixes(workflow(main)) == ["write globalName: in that output"]
