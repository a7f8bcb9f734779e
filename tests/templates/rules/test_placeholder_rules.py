import pytest

from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules import placeholder_rules as rules
from aicore_magics.templates.rules.walk import Walked


def workflow(text, path=("spec", "templates", 0, "container", "args", 0)):
    found = Findings()
    inputs = {0: {"parameters.depth", "artifacts.rows"}}
    rules.workflow_placeholders(found, Walked([(path, text)], []), {"DEPTH"}, inputs)
    return [(one.rule.id, one.severity) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "{{workflow.parameters.DEPTH}}",
        "{{ inputs.parameters.depth }}",
        "{{inputs.artifacts.rows.path}}",
        "{{steps.a.outputs.result}}",
        "{{tasks.a.status}}",
        "{{item}}",
        "{{item.x}}",
        "{{pod.name}}",
        "{{retries}}",
        "{{=asInt(inputs.parameters.depth)}}",
        "{{workflow.name}}",
        "{{lastRetry.exitCode}}",
        "{}",
        "{{",
        "}}{{",
    ],
)
def test_what_argo_fills_is_fine(text):
    """Declared parameters, and all the words that Argo has of its own."""
    assert workflow(text) == []


METRIC = ("metrics", "prometheus", 0, "gauge", "value")
WORDS = ["status", "duration", "exitCode", "resourcesDuration.cpu", "resourcesDuration.memory"]


@pytest.mark.parametrize("word", WORDS)
def test_metrics_have_variables_of_their_own(word):
    """Of a template, of the workflow and of a template in a step; elsewhere nothing fills them."""
    text = f"{{{{{word}}}}}"
    assert workflow(text, ("spec", "templates", 0, *METRIC)) == []
    assert workflow(text, ("spec", *METRIC)) == []
    assert workflow(text, ("spec", "templates", 0, "steps", 0, 0, "inline", *METRIC)) == []
    assert workflow(text) == [("unfilled", "warning")]


@pytest.mark.parametrize(
    "word", ["retries", "outputs.result", "outputs.parameters.x", "inputs.parameters.depth"]
)
def test_metrics_have_what_templates_have(word):
    """Argo's page lists them as well."""
    assert workflow(f"{{{{{word}}}}}", ("spec", "templates", 0, *METRIC)) == []


def test_all_parameters_are_no_parameter():
    """As one text; but another name is one."""
    for text in ("{{workflow.parameters.json}}", "{{ workflow.parameters.json }}", "{{workflow.parameters}}"):
        assert workflow(text) == []
    assert workflow("{{workflow.parameters.jsn}}") == [("undeclared", "error")]


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("{{inputs.parameters}}", True),
        ("{{inputs.parameter.depth}}", False),
        ("{{inputs.artifacts.rows.size}}", False),
        ("{{inputs}}", False),
    ],
)
def test_inputs_are_parameters_and_artifacts(text, fine):
    """All parameters as one text; Argo refuses another word."""
    assert workflow(text) == ([] if fine else [("unfilled", "error")])


def test_an_input_whose_name_is_no_text_may_be_any():
    """It has a finding of its own."""
    found = Findings()
    path = ("spec", "templates", 0, "container", "args", 0)
    walked = Walked([(path, "{{inputs.parameters.y}} {{inputs.artifacts.y}}")], [])
    rules.workflow_placeholders(found, walked, (), {0: {"parameters."}})
    assert [one.message for one in found] == [
        "{{inputs.artifacts.y}} is not declared in inputs of its template"
    ]


def test_a_text_in_place_of_all_templates_is_looked_at():
    """Where a list should stand, a text has no inputs of its own."""
    assert workflow("{{inputs.parameters.depth}}", ("spec", "templates")) == []
    assert workflow("{{depth}}", ("spec", "templates")) == [("unfilled", "warning")]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("{{workflow.parameters.X}}", ("undeclared", "error")),
        ("{{inputs.parameters.x}}", ("undeclared", "error")),
        ("{{inputs.artifacts.depth}}", ("undeclared", "error")),
        ("{{DEPTH}}", ("unfilled", "warning")),
        ("{{.Values.image}}", ("unfilled", "warning")),
        ("{{}}", ("unfilled", "warning")),
    ],
)
def test_what_argo_cannot_fill_is_told(text, rule):
    """An undeclared input is an error, a word that Argo does not know is doubtful; each is told once."""
    assert workflow(f"{text} and {text}") == [rule]


def test_inputs_belong_to_a_template():
    """Where no template has inputs, or a step has a template of its own inside, they are not judged."""
    assert workflow("{{inputs.parameters.x}}", ("spec", "hooks")) == []
    assert workflow("{{inputs.parameters.x}}", ("spec", "templates", 0, "steps", 0, 0, "inline", "x")) == []
    assert workflow("{{anything}}", ("metadata", "annotations", "x")) == []


def serving(text):
    found = Findings()
    rules.serving_placeholders(found, Walked([(("a",), text)], []), {"parameters.image"}, ("spec",))
    return [(one.rule.id, one.path, one.fix) for one in found]


def test_a_serving_template_has_inputs_alone():
    """Filters may follow; what is not declared is an error with the nearest name that is."""
    assert serving("{{inputs.parameters.image}} {{ inputs.parameters.image | default('x') }}") == []
    path = ("spec", "a")
    assert serving("{{inputs.parameters.imag}}") == [
        ("undeclared", path, "write {{inputs.parameters.image}}")
    ]
    declare = "declare it: - name: zz below artifacts of spec.inputs"
    assert serving("{{inputs.artifacts.zz}}") == [("undeclared", path, declare)]
    assert [rule for rule, *_ in serving("{{workflow.parameters.image}}")] == ["unfilled"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ range .Items }}", "{{range .Items}}"),
        ("{{x, y; z}}", "{{x, y; z}}"),
        ("{{}}", "{{}}"),
        ("{{ x }}", "{{x}}"),
        ("{{ghp_" + 36 * "a" + "}}", "{{a GitHub token}}"),
        ("{{" + 30 * "a b " + "}}", "{{a b a b"),
    ],
)
def test_what_nothing_fills_is_told_as_it_stands_there(text, told):
    """Without quotation marks between the braces: it can be searched for. No token, and no long text."""
    found = Findings()
    walked = Walked([(("spec", "templates", 0, "container", "args", 0), text)], [])
    rules.workflow_placeholders(found, walked, (), {0: ()})
    (one,) = found
    assert one.message.startswith(told)
    assert one.message.endswith(" is never filled in")
    assert len(one.message) < 100


def unclosed(text):
    """The severities of what is found in *text* about braces that are open."""
    found = Findings()
    walked = Walked([(("spec", "templates", 0, "container", "args", 0), text)], [])
    rules.workflow_placeholders(found, walked, (), {0: ()})
    return [each.severity for each in found if " has no }} " in each.message]


@pytest.mark.parametrize(
    "text", ["{{inputs.parameters.x", "{{workflow.name}} {{pod.name } }", "a {{ item.x b"]
)
def test_a_variable_that_is_not_closed(text):
    """It takes in all that stands behind it, so Argo fills nothing."""
    assert unclosed(text) == ["error"]


@pytest.mark.parametrize("text", ["print('{{')", "{{x", "}} {{", "f'{{{x}}}'", "{{item}}"])
def test_other_open_braces_are_not_judged(text):
    """Braces of another language are no variables of Argo."""
    assert unclosed(text) == []
