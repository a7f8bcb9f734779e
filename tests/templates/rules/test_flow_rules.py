import copy
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.templates.check.text import check_document, check_text
from aicore_magics.templates.yaml.marks import read_documents
from tests.templates.workflows import ALONE, one, steps, tasks, told, workflow

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
    main = ALONE + "  args: [x]\ninputs: {parameters: [{name: depth}]}\n"
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


GIVES = "arguments: {parameters: [{name: epochs, value: v}]}\n"
RICH = workflow(
    tasks(
        one("a", "makes", "withItems: [{x: 1}]\n"),
        one(
            "b",
            "needs",
            f"depends: a.AnySucceeded && !a.AllFailed\n{GIVES}",
        ),
        "name: c\ntemplateRef: {name: x, template: w}\nhooks: {exit: {template: plain}}\nonExit: plain\n",
        one(
            "d",
            "has",
            "dependencies: [a]\nwithParam: '{{tasks.a.outputs.result}}'\ncontinueOn: {}\n",
        ),
    )
    + "outputs: {parameters: [{name: x, valueFrom: {parameter: '{{tasks.a.outputs.parameters.score}}'}}]}\n"
    + "metrics: {prometheus: [{name: m, help: h, labels: [{key: k, value: v}], gauge: {value: '1'}}]}\n"
    + "retryStrategy: {retryPolicy: Always}\n",
    "onExit: needs\nhooks: {r: {expression: x == 1, template: plain}}\npodGC: {strategy: OnPodSuccess}\n"
    "arguments: {parameters: [{name: epochs, enum: [a, b], value: a}], artifacts: [{name: q, s3: {}}]}\n",
)
STEPPED = workflow(
    steps(
        one("a", "makes", "withSequence: {count: 2}\n"),
        one("b", "has", "when: '{{steps.a.status}} == {{item.x}}'\n"),
    )
    + "inputs: {artifacts: [{name: x}], parameters: [{name: y1, value: v}]}\n"
)
SET = workflow("containerSet: {containers: [{name: main, image: a.b/c:1, dependencies: [main]}]}\n")
DOCUMENTS = [read_documents(text).documents[0].data for text in (RICH, STEPPED, SET)]
WORDS = [
    "a",
    "b",
    "plain",
    "needs",
    "main",
    "{{tasks.a.outputs.result}}",
    "{{item.x}}",
    "{{workflow.failures}}",
    "&& (",
]
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(WORDS), st.text(max_size=5)
)
KEYS = [
    "name",
    "template",
    "depends",
    "dependencies",
    "arguments",
    "parameters",
    "steps",
    "dag",
    "tasks",
    "outputs",
]
KEYS += [
    "hooks",
    "onExit",
    "withItems",
    "withParam",
    "valueFrom",
    "path",
    "inputs",
    "metrics",
    "containers",
    "enum",
]
ANYTHING = st.recursive(
    SCALARS,
    lambda inside: st.one_of(
        st.lists(inside, max_size=3), st.dictionaries(st.sampled_from(KEYS), inside, max_size=4)
    ),
    max_leaves=12,
)


def places(value, path=()):
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in pairs:
        yield from places(inside, (*path, key))


@given(data=st.data())
def test_no_workflow_makes_a_rule_fail(data):
    """Whatever stands anywhere among steps, tasks, hooks and outputs: findings, and never an exception."""
    document = copy.deepcopy(data.draw(st.sampled_from(DOCUMENTS)))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([each for each in places(document["spec"]) if each]))
        owner = document["spec"]
        for step in path[:-1]:
            owner = owner[step]
        owner[path[-1]] = data.draw(ANYTHING)
    assert isinstance(check_document(document), tuple)


def test_large_workflows_take_linear_time():
    """Thousands of outputs and of uses of them, of looping steps, of words to read: within seconds."""
    many = range(1_000)  # a file has at most 20,000 values
    outputs = "".join(f"          - {{name: p{i}, value: v}}\n" for i in many)
    used = " ".join(f"{{{{steps.a.outputs.parameters.p{i}}}}} {{{{item.k{i}}}}}" for i in many)
    loops = "".join(f"  - - {{name: s{i}, template: plain, withItems: [{{k{i}: 1}}]}}\n" for i in many)
    last = f"  - - {{name: z, template: plain, when: '{used}'}}\n"
    text = workflow(f"steps:\n  - - {{name: a, template: large}}\n{loops}{last}")
    text += f"    - name: large\n      suspend: {{}}\n      outputs:\n        parameters:\n{outputs}"
    begin = time.process_time()
    assert check_text(text) == ()
    depends = "a" + " " * 200_000 + "&& b" + " && (" * 50_000
    assert "dependency" in {
        each.rule.id for each in check_text(workflow(tasks(one("a", more=f"depends: '{depends}'"))))
    }
    words = workflow(steps(one("a")), "nodeSelector:\n" + "".join(f"  {i}: x\n" for i in range(9_000)))
    assert len(check_text(words)) == 501
    assert time.process_time() - begin < 15
