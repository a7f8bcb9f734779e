import pytest

from tests.templates.workflows import fixes, one, steps, tasks, told, workflow

SHAPE, TEXT = [("shape@", "error")], [("text@", "error")]


def both(more):
    """A step and a task of these lines."""
    return workflow(steps(one("a", "has", more))), workflow(tasks(one("a", "has", more)))


@pytest.mark.parametrize(
    "more",
    [
        "when: 'true'",
        "when: '{{workflow.name}} == x'",
        "when:",
        "withItems: [1, x, true, {a: b}, [c, d]]",
        "withItems:\n- a",
        "withParam: '[1, 2]'",
        "withParam: '{{workflow.parameters.json}}'",
        "withSequence: {count: 3}",
        "arguments:",
        "arguments: {}",
        "arguments: {parameters: }",
        "arguments: {parameters: []}",
        "arguments: {parameters: [{name: a, value: 1}, {name: b, value: true}, {name: c, value: '[1]'}]}",
    ],
)
def test_what_argo_reads(more):
    """Texts, lists and mappings where they are due; numbers as values, of which Argo makes texts."""
    assert [told(text) for text in both(more)] == [[], []]


@pytest.mark.parametrize(
    ("more", "rules", "fix"),
    [
        ("when: §true", TEXT, 'put it in quotes, as "true"'),
        ("when: §1", TEXT, 'put it in quotes, as "1"'),
        ("§when: [a]", TEXT, "write a string"),
        ("§withParam: [1, 2]", TEXT, "write withItems: instead of withParam:"),
        ("§withParam: {a: b}", TEXT, "write a string"),
        ("withItems: §'{{workflow.parameters.json}}'", SHAPE, "write withParam: instead of withItems:"),
        ("withItems: §a", SHAPE, "begin each entry below withItems with a hyphen"),
        ("§withItems: {a: b}", SHAPE, "begin each entry below withItems with a hyphen"),
        ("withSequence: §5", SHAPE, 'write withSequence: {count: "5"}'),
        ("§withSequence: [5]", SHAPE, 'write withSequence: {count: "5"}'),
        (
            "§arguments: [{name: a, value: x}]",
            SHAPE,
            "write parameters: below arguments, and the list below that",
        ),
        (
            "arguments: §'{{workflow.parameters.json}}'",
            SHAPE,
            "write its keys below arguments, indented, each as KEY: VALUE",
        ),
        (
            "arguments: {parameters: §'{{workflow.parameters.json}}'}",
            SHAPE,
            "begin each entry below parameters with a hyphen",
        ),
        ("arguments: §x", SHAPE, "write its keys below arguments, indented, each as KEY: VALUE"),
        ("arguments: {§parameters: {a: 1}}", SHAPE, "write - name: a and the rest of it below"),
        ("arguments: {§artifacts: {rows: 1}}", SHAPE, "write - name: rows and the rest of it below"),
        (
            "arguments: {§parameters: {name: a, value: x}}",
            SHAPE,
            "begin each entry below parameters with a hyphen",
        ),
        ("arguments: {parameters: [§a]}", SHAPE, "write - name: …"),
        (
            "arguments: {parameters: [{name: a, §value: [1, 2]}]}",
            TEXT,
            "write it as JSON, in single quotation marks",
        ),
        (
            "arguments: {parameters: [{name: a, §value: {b: c}}]}",
            TEXT,
            "write it as JSON, in single quotation marks",
        ),
    ],
)
def test_what_argo_cannot_read(more, rules, fix):
    """Each once, at the value, and with what to write."""
    for text in both(more):
        assert told(text) == rules
        assert fixes(text.replace("§", "")) == [fix]


@pytest.mark.parametrize(
    ("depends", "fix"),
    [("[a]", "write depends: a"), ("[a, c]", "write depends: 'a && c'"), ("[]", "write a string")],
)
def test_depends_is_a_text(depends, fix):
    """A list, as dependencies has one, is joined in the fix."""
    text = workflow(tasks(one("a"), one("c"), one("b", more=f"§depends: {depends}")))
    assert told(text) == TEXT
    assert fixes(text.replace("§", "")) == [fix]
    if fix.startswith("write depends"):
        assert told(text.replace(f"§depends: {depends}", f"depends: {fix.partition(': ')[2]}")) == []


def test_a_hook_has_arguments_of_the_same_shape():
    """What it is given is looked at as that of a step."""
    hook = "hooks: {exit: {template: has, arguments: {§parameters: {a: 1}}}}"
    assert told(workflow(steps(one("a", more=hook)))) == SHAPE


@pytest.mark.parametrize(
    ("key", "fix"),
    [
        ("withItem", "write withItems"),
        ("argument", "write arguments"),
        ("templatRef", "write templateRef"),
        ("onexit", "write onExit"),
        ("hook", "write hooks"),
    ],
)
def test_a_key_that_nothing_reads(key, fix):
    """Argo's open schema takes it, and the loop or argument is not there."""
    for text in both(f"§{key}: {{a: b}}"):
        assert told(text) == [("unknown-key@", "warning")]
        assert fixes(text.replace("§", "")) == [fix]


def test_only_a_task_names_those_before_it():
    """A step runs after the group before it: what it waits for is read by nobody."""
    assert told(workflow(steps(one("a", more="§depends: b")))) == [("unknown-key@", "warning")]
    assert told(workflow(tasks(one("b"), one("a", more="depends: b")))) == []
