import time

import pytest

from aicore_magics.templates.check.text import check_document
from aicore_magics.templates.finding import MAX_FINDINGS
from aicore_magics.templates.rules.dag_rules import Ancestors
from aicore_magics.templates.yaml.marks import read_documents
from tests.templates.workflows import fixes, one, tasks, told, workflow

ERROR = [("dependency@", "error")]
LOOP = "withItems: [1, 2]\n"


def dag(*lines):
    return workflow(tasks(*lines))


@pytest.mark.parametrize(
    "lines",
    [
        (one("a"), one("b", more="dependencies: [a]")),
        (one("b", more="dependencies: [a]"), one("a")),
        (one("a"), one("b", more="dependencies: [a]"), one("c", more="dependencies: [a, b]")),
        (one("a"), one("b", more="depends: a.Succeeded || a.Failed")),
        (one("a", more=LOOP), one("b", more="depends: a.AnySucceeded && !a.AllFailed")),
        (one("a"), one("b", more='depends: "{{workflow.parameters.json}}"')),
        (one("a"), one("b", more='dependencies: ["{{workflow.parameters.json}}"]')),
        (one("a", more="continueOn: {failed: true}"), one("b", more="dependencies: [a]")),
        (one("1st"), one("2nd")),
        (one("'{{workflow.name}}'"), one("b", more="depends: x1")),
        (one("'{{workflow.name}}'"), one("b", more="dependencies: [x1]")),
        (one("a", more="dependencies: []"), one("b", more="depends: ''")),
    ],
)
def test_what_argo_takes(lines):
    """In any order, by either key, with items, and where only the run tells."""
    assert told(dag(*lines)) == []


@pytest.mark.parametrize(
    "lines",
    [
        (one("a"), one("b", more="dependencies: [§aa]")),
        (one("a"), one("b", more="depends: §aa")),
        (one("a"), one("b", more="depends: §a && aa.Failed")),
        (one("a", more="dependencies:\n  - §steps.b"), one("b")),
        (one("a"), one("b", more="depends: §a.succeeded")),
        (one("a"), one("b", more="depends: §a.Suceeded")),
        (one("a"), one("b", more="depends: §a.AnySucceeded")),
        (one("a"), one("b", more="depends: §a &")),
        (one("a"), one("b", more="depends: §(a")),
        (one("a"), one("b", more="depends: §a and a")),
        (one("a", more="§dependencies: [a]"),),
        (one("a", more="depends: §a.Succeeded"),),
        (one("a", more="dependencies: [b]"), one("b", more="§dependencies: [a]")),
        (one("a", more="depends: b"), one("b", more="depends: c"), one("c", more="depends: §a || b.Failed")),
        (one("a"), one("b", more="§dependencies: [a]\ndepends: a")),
        (one("a"), one("b", more="depends: a"), one("c", more="§dependencies: [a]")),
        (one("a", more="§continueOn: {failed: true}"), one("b", more="depends: a")),
        (one("a"), "name: §1b\ntemplate: plain\ndependencies: [a]\n"),
    ],
)
def test_what_argo_refuses(lines):
    """A task that is not there, no result, a circle, both keys in one dag, and what cannot be read."""
    found = told(dag(*lines))
    assert ERROR[0] in found
    assert {rule.rstrip("@") for rule, _ in found} == {"dependency"}


def test_a_dag_has_tasks_and_its_targets_are_some():
    """None, and a target that is none of them, are refused."""
    assert told(workflow("§dag: {tasks: []}\n")) == ERROR
    assert told(workflow("§dag: {tasks: }\n")) == ERROR
    misspelt = workflow("§dag: {task: [{name: a, template: plain}]}\n")
    assert sorted(told(misspelt)) == [*ERROR, ("unknown-key", "warning")]
    assert "write tasks" in fixes(misspelt.replace("§", ""))
    assert told(workflow(tasks(one("a")) + "  failFast: false\n  target: a\n")) == []
    assert told(workflow(tasks(one("a"), one("b")) + "  target: a b\n")) == []
    assert told(workflow(tasks(one("a"), one("b")) + "  target: §a c\n")) == ERROR
    assert told(workflow(tasks(one("a")) + '  target: "{{workflow.parameters.json}}"\n')) == []


@pytest.mark.parametrize("value", ["[y]", "[1]"])
def test_a_dependency_is_a_text(value):
    """A truth value or number is told where it stands."""
    assert told(dag(one("a"), one("b", more=f"dependencies: {value.replace('[', '[§')}"))) == [
        ("text@", "error")
    ]
    assert told(dag(one("a"), one("b", more=f"depends: §{value[1]}"))) == [("text@", "error")]


def test_the_fix_names_the_task_that_was_meant():
    """The nearest task, and the nearest result."""
    assert fixes(dag(one("load"), one("b", more="dependencies: [laod]"))) == ["write load"]
    assert fixes(dag(one("load"), one("b", more="depends: load.Suceeded"))) == ["write load.Succeeded"]
    assert fixes(dag(one("a"), one("b", more="dependencies: [a]\ndepends: a")))[0] == "write depends: a"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "the task t0 waits for itself"),
        (2, "tasks wait for each other, in a cycle: t0, t1"),
        (7, "tasks wait for each other, in a cycle: t0, t1, t2, t3, t4 …"),
    ],
)
def test_a_cycle_names_its_tasks(count, said):
    """The first five of them."""
    found = check_document(document(entries(count, lambda i: [f"t{(i + 1) % count}"])))
    assert [(each.message, each.fix) for each in found] == [
        (said, "remove t0 here, or break the cycle at another place")
    ]


def document(entries):
    data = read_documents(workflow(tasks(one("a")))).documents[0].data
    data["spec"]["templates"][0]["dag"]["tasks"] = entries
    return data


def entries(count, waits):
    return [{"name": f"t{i}", "template": "plain", "dependencies": waits(i)} for i in range(count)]


@pytest.mark.parametrize(
    ("waits", "circles"),
    [
        (lambda i: [f"t{i + 1}"] if i < 19_999 else [], 0),
        (lambda i: [f"t{(i + 1) % 20_000}"], 1),
        (lambda i: [f"t{max(i - 1, 0)}"], 1),
        (lambda i: [f"t{i ^ 1}"], MAX_FINDINGS),
    ],
    ids=["a line", "one circle of all", "a line to itself", "ten thousand circles"],
)
def test_twenty_thousand_tasks_take_linear_time(waits, circles):
    """A line, one circle, or thousands: an answer within seconds, and no recursion."""
    begin = time.process_time()
    found = [
        each for each in check_document(document(entries(20_000, waits))) if each.rule.id == "dependency"
    ]
    assert min(circles, MAX_FINDINGS - 5) <= len(found) <= circles
    assert time.process_time() - begin < 10


def test_ancestors_are_found_over_others():
    """Over any number of tasks; not after so many that it would take too long."""
    graph = {"a": (), "b": ("a",), "c": ("b", "gone"), "d": ()}
    ancestors = Ancestors()
    assert ancestors.before(graph, "c", "a") is True
    assert ancestors.before(graph, "a", "c") is False
    tired = Ancestors()
    tired._left = 0
    assert tired.before(graph, "c", "a") is None


@pytest.mark.parametrize(
    ("depends", "fix"),
    [
        ("a and c", "write depends: 'a && c'"),
        ("not a", "write depends: '!a'"),
        ("a c", "write it like a.Succeeded && !b.Failed"),
    ],
)
def test_depends_in_words_is_one_finding(depends, fix):
    """The fix is the same with Argo's signs, where it is clear what is meant; no word is taken for a task."""
    text = workflow(tasks(one("a"), one("c"), one("b", more=f"depends: §{depends}")))
    assert told(text) == [("dependency@", "error")]
    assert fixes(text.replace("§", "")) == [fix]


def test_a_dag_with_steps():
    """A dag has tasks; steps stand beside it."""
    assert (
        fixes(workflow("dag: {steps: [[{name: a, template: plain}]]}\n"))[0] == "write steps: instead of dag:"
    )
