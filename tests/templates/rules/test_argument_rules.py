import pytest

from tests.templates.workflows import fixes, one, steps, tasks, told, workflow

ERROR = [("argument@", "error")]
GIVES = "arguments: {parameters: [{name: epochs, value: 3}]}"


def both(name="a", template="needs", more="", mark=""):
    """A step and a task of these lines."""
    lines = f"{mark}name: {name}\ntemplate: {template}\n{more}\n"
    return workflow(steps(lines)), workflow(tasks(lines))


@pytest.mark.parametrize(
    ("template", "more"),
    [
        ("needs", GIVES),
        ("needs", "arguments: {parameters: [{name: epochs, value: ''}]}"),
        (
            "needs",
            "arguments: {parameters: [{name: epochs, valueFrom: {configMapKeyRef: {name: x, key: y1}}}]}",
        ),
        ("needs", "arguments: {parameters: [{name: epochs, value: '{{workflow.name}}'}]}"),
        ("has", ""),
        ("plain", GIVES),
        ("makes", "arguments: {artifacts: [{name: x, from: '{{workflow.name}}'}]}"),
        ("makes", "arguments: {artifacts: [{name: x, raw: {data: x}}]}"),
    ],
)
def test_what_is_filled(template, more):
    """By a value, an empty one, a config map, a default, or by what only the run tells."""
    assert [told(text) for text in both(template=template, more=more)] == [[], []]


@pytest.mark.parametrize(
    ("more", "mark"),
    [
        ("", "§"),
        ("§arguments: {parameters: [{name: other, value: 3}]}", ""),
        ("arguments: {}", "§"),
        ("arguments: {parameters: [§{name: epochs}]}", ""),
        ("arguments: {parameters: [§{name: epochs, value: }]}", ""),
        ("arguments: {parameters: [{name: epochs, §valueFrom: {path: /x}}]}", ""),
        ("arguments: {parameters: [{name: epochs, §valueFrom: {default: x}}]}", ""),
        ("arguments: {parameters: [{name: epochs, value: §x, enum: [y1, z]}]}", ""),
        ("arguments: {parameters: [{name: epochs, value: x, §enum: []}]}", ""),
        ("arguments: {parameters: [{name: epochs, value: x}], artifacts: [§{name: rows}]}", ""),
        ("arguments: {artifacts: [{name: r, from: '{{=x}}', fromExpression: §x}], " + GIVES[12:], ""),
    ],
)
def test_what_is_not_filled(more, mark):
    """No argument, another one, one without a value, or from where none comes."""
    assert [told(text) for text in both(more=more, mark=mark)] == [ERROR, ERROR]


@pytest.mark.parametrize(
    "lines",
    [
        "name: a\ntemplateRef: {name: x, template: y1}\n",
        "name: a\ntemplateRef: {name: x, template: y1, clusterScope: true}\n",
        "name: a\ntemplate: '{{workflow.name}}'\n",
    ],
)
def test_what_stands_elsewhere_is_not_judged(lines):
    """A template of another document, or of a parameter."""
    assert told(workflow(steps(lines))) == told(workflow(tasks(lines))) == []


@pytest.mark.parametrize("way", [steps, tasks])
def test_a_template_inside_a_step_gets_its_arguments_from_it(way):
    """As any other does: a value in the step, or a default."""
    lines = "name: a\ninline: {{inputs: {{parameters: [{{name: x{more}}}]}}, suspend: {{}}}}\n"
    assert told(workflow(way("§" + lines.format(more="")))) == ERROR
    assert told(workflow(way(lines.format(more=", default: v")))) == []
    given = lines.format(more="") + "arguments: {parameters: [{name: x, value: v}]}\n"
    assert told(workflow(way(given))) == []
    (fix,) = fixes(workflow(way(lines.format(more=""))))
    assert fix == "write - name: x with a value below parameters of arguments"


def test_defaults_for_all_templates_may_fill_it():
    """Then nothing is said."""
    assert told(workflow(steps(one("a", "needs")), "templateDefaults: {timeout: 1m}\n")) == []


def test_a_misspelt_argument_is_the_fix():
    """In place of another argument, the one that was meant is named."""
    more = "arguments: {parameters: [{name: epoch, value: 3}]}"
    assert fixes(workflow(steps(one("a", "needs", more)))) == ["write epochs in place of epoch"]
    assert fixes(workflow(steps(one("a", "needs")))) == [
        "write - name: epochs with a value below parameters of arguments"
    ]


@pytest.mark.parametrize(
    ("more", "rules"),
    [
        ("withItems: [1]", []),
        ("withParam: '[1]'", []),
        ("withSequence: {count: 3}", []),
        ("withItems: []\nwithParam: '[1]'", []),
        ("withItems: [1]\nwithParam: §'[1]'", ["loop@"]),
        ("withItems: [1]\n§withSequence: {count: 3}", ["loop@"]),
        ("withParam: '[1]'\n§withSequence: {count: 3}", ["loop@"]),
        ("withSequence: {count: 3, end: §4}", ["loop@"]),
        ("withSequence: {start: 3, end: 4}", []),
    ],
)
def test_a_call_has_one_loop(more, rules):
    """Of items, of a parameter or of a sequence, which has a count or an end."""
    assert [[rule for rule, _ in told(text)] for text in both(template="plain", more=more)] == [rules, rules]


def test_arguments_of_the_workflow_may_wait_for_a_configuration():
    """They need no value; an enum that they do not keep to is an error."""
    assert told(workflow(steps(one("a")), "arguments: {parameters: [{name: x}]}\n")) == []
    assert (
        told(workflow(steps(one("a")), "arguments: {parameters: [{name: x, value: §a, enum: [b]}]}\n"))
        == ERROR
    )


@pytest.mark.parametrize("sequence", ["{}", "{start: 1}", "{format: x}", "{count: }"])
def test_a_sequence_has_a_count_or_an_end(sequence):
    """Argo takes the template, and the step fails when it begins."""
    text = workflow(steps(one("a", more=f"§withSequence: {sequence}")))
    assert told(text) == [("loop@", "error")]
    assert fixes(text.replace("§", "")) == ['write withSequence: {count: "5"}']
