import pytest

from tests.templates.examples import SERVING
from tests.templates.workflows import ALONE, fixes, one, steps, tasks, told, workflow

SET = "containerSet:\n  containers:\n    - {name: main, image: a.b/c:1, command: [x], args: [y1]}\n"


@pytest.mark.parametrize(
    "main",
    [
        steps(one("a"), one("§a")),
        tasks(one("a"), one("§a")),
        steps(one("a")) + "inputs: {parameters: [{name: x, value: v}, {name: §x, value: v}]}\n",
        steps(one("a")) + "inputs: {artifacts: [{name: x}, {name: §x}]}\n",
        steps(one("a")) + "outputs: {parameters: [{name: x, value: v}, {name: §x, value: v}]}\n",
        steps(one("a", "has", "arguments: {parameters: [{name: a, value: v}, {name: §a, value: v}]}")),
        SET + "    - {name: §main, image: a.b/c:1, command: [x], args: [y1]}\n",
        ALONE + "  args: [x]\ninitContainers: [{name: i, image: a.b/c:1}, {name: §i, image: a.b/c:1}]\n",
        ALONE + "  args: [x]\nsidecars: [{name: i, image: a.b/c:1}, {name: §i, image: a.b/c:1}]\n",
    ],
)
def test_a_name_stands_once_in_its_list(main):
    """Steps of all groups, tasks, parameters, artifacts, arguments and containers."""
    assert ("repeated-name@", "error") in told(workflow(main))


TWICE = "[{name: v, emptyDir: {}}, {name: §v, emptyDir: {}}]"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (
            SERVING.replace("    artifacts:", "      - name: §image\n    artifacts:"),
            ("repeated-name@", "error"),
        ),
        (
            SERVING.replace("- name: model\n", "- name: model\n      - name: §model\n"),
            ("repeated-name@", "error"),
        ),
        (SERVING.replace("        minR", f"        volumes: {TWICE}\n        minR"), ("volume@", "error")),
        (workflow(ALONE + f"  args: [x]\nvolumes: {TWICE}\n"), ("volume@", "warning")),
        (workflow(steps(one("a")), f"volumes: {TWICE}\n"), ("volume@", "warning")),
        (
            workflow(
                steps(one("a")),
                "hooks: {exit: {template: has, arguments: "
                "{parameters: [{name: a, value: v}, {name: §a, value: v}]}}}\n",
            ),
            ("repeated-name@", "error"),
        ),
        (
            workflow(
                ALONE + "  args: [x]\noutputs: {artifacts: [{name: a, path: /a, globalName: m}, "
                "{name: b, path: /b, globalName: §m}]}\n"
            ),
            ("repeated-name@", "warning"),
        ),
    ],
)
def test_a_name_stands_once_wherever_it_is_one(text, finding):
    """Inputs of a serving template, volumes, arguments of hooks, and outputs of one template."""
    assert told(text) == [finding]


def test_arguments_of_the_workflow_have_names_of_their_own():
    """Parameters and artifacts may share one, two parameters may not."""
    more = "arguments: {parameters: [{name: x}], artifacts: [{name: x}]}\n"
    assert told(workflow(steps(one("a")), more)) == []
    more = "arguments: {parameters: [{name: x}, {name: §x}]}\n"
    assert told(workflow(steps(one("a")), more)) == [("repeated-name@", "error")]


@pytest.mark.parametrize("name", ["a", "A-1", "1st", "x" * 128, "a-", "'{{workflow.name}}-a'"])
def test_names_that_argo_takes(name):
    """Letters, digits and hyphens, up to 128."""
    assert told(workflow(steps(one(name)))) == told(workflow(tasks(one(name)))) == []


@pytest.mark.parametrize("name", ["a_b", "a.b", "'a b'", "-a", "x" * 129, "''", "ä", "a/b"])
def test_names_that_argo_does_not_take(name):
    """An underscore, a dot, a space, a hyphen in front, too long a one, and none at all."""
    for text in (workflow(steps(one(f"§{name}"))), workflow(tasks(one(f"§{name}")))):
        assert told(text) == [("argo-name@", "error")]


@pytest.mark.parametrize(("name", "fine"), [("a_b", True), ("-a", True), ("a.b", False), ("'a b'", False)])
def test_parameters_may_have_underscores(name, fine):
    """As Argo has it: the letters of a parameter are others than those of a step."""
    main = steps(one("a")) + f"inputs: {{parameters: [{{name: §{name}, value: v}}]}}\n"
    found = [each for each in told(workflow(main)) if each[0] != "argument"]
    assert found == ([] if fine else [("argo-name@", "error")])


def test_a_step_without_a_name():
    """Told where it stands, with what to write."""
    assert told(workflow(steps("§template: plain\n"))) == [("argo-name@", "error")]
    assert fixes(workflow(steps(one("fit_all")))) == [
        "write fit-all: letters, digits and hyphens, at most 128, and no hyphen in front"
    ]


@pytest.mark.parametrize("kind", ["parameters", "artifacts"])
@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("churn_model-1", ""),
        ("'{{workflow.name}}.model'", ""),
        ("''", ""),
        ("a.b", "write a-b: letters, digits, - and _"),
        ("'churn model'", "write churn-model: letters, digits, - and _"),
        ("models/churn", "write models-churn: letters, digits, - and _"),
        ("é", "write NAME: letters, digits, - and _"),
    ],
)
def test_the_global_name_of_an_output(kind, name, fix):
    """Its letters are those of parameters; one with braces is only known when the workflow runs."""
    value = "path: /x" if kind == "artifacts" else "valueFrom: {path: /x}"
    main = ALONE + f"  args: [x]\noutputs: {{{kind}: [{{name: a, globalName: §{name}, {value}}}]}}\n"
    found = [each for each in told(workflow(main)) if each[0] != "global-name"]
    assert found == ([("argo-name@", "error")] if fix else [])
    assert not fix or fix in fixes(workflow(main.replace("§", "")))
