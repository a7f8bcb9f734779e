from pathlib import Path

import pytest

from aicore_magics.templates.check.text import check_text
from tests.templates.workflows import POD, one, steps, tasks, told, workflow

FIELD = Path(__file__).parents[2] / "data" / "field"


@pytest.mark.parametrize(
    ("name", "rule", "line"),
    [
        ("T59-onexit-undefined", "exit-handler", 13),
        ("T61-dag-dep-unknown", "dependency", 21),
        ("T65-step-arg-missing", "argument", 16),
    ],
)
def test_what_the_field_brought(name, rule, line):
    """One error each, where it stands."""
    found = check_text((FIELD / f"{name}.yaml").read_text("utf-8"))
    assert [(each.rule.id, each.severity, each.line) for each in found] == [(rule, "error", line)]


@pytest.mark.parametrize("name", ["T28-workflow-metrics", "T29-workflow-params-json"])
def test_what_the_field_brought_that_is_fine(name):
    """No finding at all."""
    assert check_text((FIELD / f"{name}.yaml").read_text("utf-8")) == ()


def test_the_entrypoint_gets_the_arguments_of_the_workflow():
    """An input that none of them fills is doubtful: Argo refuses it only when the workflow starts."""
    main = POD.replace("\n  ", "\n")[2:] + "  args: [x]\ninputs: {parameters: [{name: depth}]}\n"
    text = workflow(main).replace("entrypoint: main", "entrypoint: §main")
    assert told(text) == [("argument@", "warning")]
    assert told(workflow(main, "arguments: {parameters: [{name: depth}]}\n")) == []
    assert told(workflow(main, "workflowTemplateRef: {name: x}\n"))[0][0] == "setting"


@pytest.mark.parametrize("flow", [steps, tasks])
def test_a_reference_to_another_template_is_whole(flow):
    """Its name and the template in it, and none of this workflow beside it."""
    assert told(workflow(flow("name: a\ntemplateRef: {name: x, template: w}\n"))) == []
    for reference in ("{name: x}", "{template: w}"):
        assert told(workflow(flow(f"name: a\n§templateRef: {reference}\n"))) == [("steps@", "error")]
    both = one("a", more="§templateRef: {name: x, template: w}")
    assert told(workflow(flow(both))) == [("steps@", "error")]


def test_a_template_may_call_itself():
    """Recursion is no circle: it ends by a when."""
    text = workflow(steps(one("a"), one("b", "main", "when: 1 == 2\n")))
    assert told(text) == []


def test_a_template_without_its_list_of_steps_breaks_nothing():
    """Whatever stands in place of steps and tasks: an error, and no exception."""
    for main in (
        "steps: []\n",
        "steps: x\n",
        "dag: x\n",
        "dag: {tasks: x}\n",
        "dag: {tasks: [x]}\n",
        "dag: []\n",
    ):
        assert all(severity == "error" for _, severity in told(workflow(main)))
