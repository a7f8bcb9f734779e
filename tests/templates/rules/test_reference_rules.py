import pytest

from tests.templates.workflows import ALONE, fixes, one, steps, tasks, told, workflow

ERROR = [("reference@", "error")]
LOOP = "withItems: [{x: 1, z: 2}, {x: 3}]\n"


def uses(expression, more=""):
    """The lines of a step or task that uses an expression as an argument."""
    value = expression if expression.startswith("§") else f"'{expression}'"
    if expression.startswith("§"):
        value = f"§'{expression[1:]}'"
    return one("b", "has", f"{more}arguments: {{parameters: [{{name: a, value: {value}}}]}}\n")


BESIDE = """\
steps:
  - - {name: a, template: makes}
    - {name: b, template: plain, when: §"{{steps.a.outputs.result}} == 1"}
"""
FINE = ["id", "status", "startedAt", "finishedAt", "hostNodeName", "exitCode", "outputs.result"]
FINE += ["outputs.parameters.score", "outputs.artifacts.model"]


@pytest.mark.parametrize("part", FINE)
def test_what_a_call_before_leaves(part):
    """A step of a group before, and a task that this one waits for, over others too."""
    assert told(workflow(steps(one("a", "makes"), uses(f"{{{{steps.a.{part}}}}}")))) == []
    waits = "depends: c\n"
    listed = (one("a", "makes"), one("c", more="depends: a"), uses(f"{{{{ tasks.a.{part} }}}}", waits))
    assert told(workflow(tasks(*listed))) == []


@pytest.mark.parametrize(
    "part",
    [
        "",
        "outputs",
        "outputs.parameters",
        "outputs.parameters.x",
        "outputs.artifacts.score",
        "ip",
        "output.x",
        "x",
    ],
)
def test_what_a_call_before_does_not_leave(part):
    """An output that its template does not have, or a word that Argo does not have."""
    assert told(workflow(steps(one("a", "makes"), uses(f"§{{{{steps.a.{part}}}}}")))) == ERROR
    listed = (one("a", "makes"), uses(f"§{{{{tasks.a.{part}}}}}", "depends: a\n"))
    assert told(workflow(tasks(*listed))) == ERROR


@pytest.mark.parametrize(
    "listed",
    [
        steps(one("a", "makes"), uses("§{{steps.c.outputs.result}}")),
        steps(uses("§{{steps.a.outputs.result}}"), one("a", "makes")),
        BESIDE,
        steps(uses("§{{steps.b.outputs.parameters.x}}")),
        steps(uses("§{{tasks.a.outputs.result}}")),
        tasks(one("a", "makes"), uses("§{{tasks.a.outputs.result}}")),
        tasks(one("a", "makes"), uses("§a {{tasks.a.outputs.result}}")),
        tasks(one("a", "makes"), uses("§{{tasks.c.outputs.result}}", "depends: a\n")),
        tasks(one("a", "makes", "depends: b\n"), uses("§{{tasks.a.outputs.result}}")),
        tasks(uses("§{{steps.a.outputs.result}}")),
    ],
)
def test_who_does_not_come_before(listed):
    """No such step, a later one, one beside it, itself, and a task that it does not wait for."""
    assert told(workflow(listed)) == ERROR


@pytest.mark.parametrize(
    ("called", "part"),
    [("plain", "outputs.result"), ("plain", "exitCode"), ("has", "outputs.parameters.a"), ("makes", "ip")],
)
def test_the_template_tells_what_there_is(called, part):
    """No result without a container, no input as an output, no address without a daemon."""
    assert told(workflow(steps(one("a", called), uses(f"§{{{{steps.a.{part}}}}}")))) == ERROR


def test_outputs_of_a_loop_are_a_list():
    """Of items; a sequence has none."""
    used = "§{{steps.a.outputs.parameters}}"
    assert told(workflow(steps(one("a", "makes", LOOP), uses(used[1:])))) == []
    assert told(workflow(steps(one("a", "makes", "withSequence: {count: 2}\n"), uses(used)))) == ERROR
    assert told(workflow(steps(one("a", "makes", LOOP), uses("§{{steps.a.outputs.artifacts}}")))) == ERROR


@pytest.mark.parametrize(
    "first",
    [
        "name: a\ntemplateRef: {name: x, template: w}\n",
        "name: a\ntemplateRef: {name: x, template: w, clusterScope: true}\n",
        "name: a\ntemplate: '{{workflow.name}}'\n",
    ],
)
def test_what_stands_elsewhere_may_leave_anything(first):
    """But it has a name here, and its words are those of Argo."""
    assert told(workflow(steps(first, uses("{{steps.a.outputs.parameters.x}} {{steps.a.ip}}")))) == []
    assert told(workflow(steps(first, uses("§{{steps.a.outputs.x}}")))) == ERROR
    assert told(workflow(steps(first, uses("§{{steps.c.outputs.parameters.x}}")))) == ERROR


@pytest.mark.parametrize(
    "expression",
    [
        "{{=steps.x.outputs.result}}",
        "{{= tasks['x'].outputs }}",
        "{{steps.name}}",
        "{{tasks.name}}",
        "{{node.name}}",
        "{{retries}}",
        "{{lastRetry.exitCode}}",
        "{{item}}",
        "{{cronworkflow.name}}",
        "{{outputs.result}}",
    ],
)
def test_what_is_not_judged(expression):
    """Expressions, and what Argo fills anywhere or leaves as it is."""
    for main in (steps(uses(expression)), tasks(uses(expression))):
        assert told(workflow(main)) == []
    assert told(workflow(ALONE + f"  args: ['{expression}']\n")) == []


def test_a_name_that_is_only_known_later_hides_the_others():
    """Then any step may be the one that is meant."""
    assert told(workflow(steps(one("'{{workflow.name}}'"), uses("{{steps.c.id}}")))) == []


def test_a_task_that_waits_for_what_a_parameter_names_may_see_any():
    """Which task that is only the run tells; that there is such a task is known."""
    for waits in ("depends: '{{workflow.name}}'\n", "dependencies: ['{{workflow.name}}']\n"):
        assert told(workflow(tasks(one("a", "makes"), uses("{{tasks.a.id}}", waits)))) == []
        assert told(workflow(tasks(one("a", "makes"), uses("§{{tasks.c.id}}", waits)))) == ERROR


def test_a_hook_sees_the_step_that_it_belongs_to():
    """Its outputs are handed to the hook; another step has to be there, too."""
    hook = "hooks: {{exit: {{template: has, arguments: {{parameters: [{{name: a, value: {}}}]}}}}}}\n"
    own = hook.format("'{{steps.a.outputs.parameters.score}}'")
    assert told(workflow(steps(one("a", "makes", own)))) == []
    # Argo lets a step with a hook name its own status anywhere; without one, that is told.
    itself = "when: §'{{steps.a.status}} == x'\n"
    assert told(workflow(steps(one("a", "makes", f"{itself}{own}")))) == []
    assert told(workflow(steps(one("a", "makes", itself)))) == ERROR
    other = hook.format("§'{{steps.c.outputs.result}}'")
    assert told(workflow(steps(one("a", "makes", other)))) == ERROR


@pytest.mark.parametrize(
    ("lines", "fine"),
    [
        ((uses("{{item.x}} {{item.z}} {{item}}", LOOP),), True),
        ((uses("{{item.any}}", "withParam: '[]'\n"),), True),
        ((uses("{{item.[0]}}", "withItems: [[1, 2]]\n"),), True),
        ((uses("{{item.y1}}", "withItems: ['{{workflow.name}}']\n"),), True),
        ((uses("§{{item.y1}}", LOOP),), False),
        ((uses("§{{item.x}}", "withItems: [1, 2]\n"),), False),
        ((uses("§{{item.x}}", "withSequence: {count: 2}\n"),), False),
        ((uses("§{{item.[2]}}", "withItems: [[1, 2]]\n"),), False),
        ((uses("§{{item.x}}"),), False),
    ],
)
def test_an_item_has_what_the_loop_gives(lines, fine):
    """Keys of any of the items, places of a list, and anything that a parameter gives."""
    for main in (steps(*lines), tasks(*lines)):
        assert told(workflow(main)) == ([] if fine else ERROR)


def test_argo_keeps_the_items_of_a_step_for_those_after_it():
    """A task has its own alone."""
    first = one("a", more=LOOP)
    assert told(workflow(steps(first, uses("{{item.x}}")))) == []
    assert told(workflow(steps(uses("§{{item.x}}"), first))) == ERROR
    assert told(workflow(tasks(first, uses("§{{item.x}}")))) == ERROR


@pytest.mark.parametrize(
    "expression", ["{{steps.a.outputs.result}}", "{{tasks.a.status}}", "{{item.x}}", "{{pod.nam}}"]
)
def test_a_container_sees_no_steps(expression):
    """It gets them as arguments; of a pod, Argo has the name alone."""
    main = ALONE + f"  args: [§'{expression}']\n"
    assert told(workflow(main)) == ERROR


def test_steps_have_no_pod():
    """A container has; Argo refuses it elsewhere."""
    assert told(workflow(steps(uses("§{{pod.name}}")))) == ERROR
    assert told(workflow(ALONE + "  args: ['{{pod.name}}']\n")) == []


def test_outputs_of_a_template_with_steps_are_those_of_its_steps():
    """One that is there, of any group; not another, and not by the word for tasks."""
    main = (
        steps(one("a", "makes"))
        + "outputs:\n  parameters:\n    - name: x\n      valueFrom: {parameter: %s}\n"
    )
    assert told(workflow(main % "'{{steps.a.outputs.parameters.score}}'")) == []
    assert told(workflow(main % "§'{{steps.a.outputs.parameters.scor}}'")) == ERROR
    assert told(workflow(main % "§'{{tasks.a.outputs.parameters.score}}'")) == ERROR


def test_the_fix_names_what_is_near():
    """The step or output that was meant, or the way there."""
    first = one("load", "makes")
    assert fixes(workflow(steps(first, uses("{{steps.laod.id}}")))) == ["write {{steps.load.id}}"]
    assert fixes(workflow(steps(first, uses("{{steps.load.outputs.parameters.scor}}")))) == ["write score"]
    assert fixes(workflow(tasks(first, uses("{{tasks.load.id}}")))) == ["name load in depends"]
    listed = one("fit", more="dependencies: [load]")
    assert fixes(workflow(tasks(first, listed, uses("{{tasks.load.id}}")))) == ["name load in dependencies"]
    assert fixes(workflow(tasks(first, uses("{{steps.load.id}}")))) == ["write {{tasks.load.id}}"]


def test_an_item_without_a_loop_is_told_as_such():
    """In a step with the loop to write, in a container with the way there."""
    assert fixes(workflow(steps(uses("{{item.x}}")))) == ["write withItems: with a list"]
    assert fixes(workflow(ALONE + "  args: ['{{item.x}}']\n")) == ["pass it as an argument of the step"]
    assert fixes(workflow(steps(uses("{{item.y1}}", LOOP)))) == ["write a key that the items have"]


def test_where_no_template_is_nothing_is_judged():
    """A text in place of the list of templates has other findings."""
    text = workflow(steps(one("a")))
    before, _, _ = text.partition("  templates:\n")
    assert "reference" not in {
        rule for rule, _ in told(before + "  templates: '{{steps.a.id}} {{item.x}}'\n")
    }


@pytest.mark.parametrize("place", ["steps", "tasks"])
@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("inputs.parameters.own", ""),
        ("inputs.parameters.outer", ""),
        ("pod.name", ""),
        ("item.x", ""),
        ("{place}.b.outputs.result", ""),
        ("inputs.parameters.nix", "undeclared"),
        ("item.y", "reference"),
        ("{place}.nix.outputs.result", "reference"),
        ("{place}.c.outputs.parameters.nix", "reference"),
    ],
)
def test_what_a_template_inside_a_step_sees(place, expression, wrong):
    """Its own inputs, those of the template around it, and what the step itself sees."""
    text = f"{{{{{expression.format(place=place)}}}}}"
    inline = (
        "name: a\nwithItems: [{x: 1}]\narguments: {parameters: [{name: own, value: v}]}\ninline:\n"
        "  metadata: {labels: {ai.sap.com/resourcePlan: starter}}\n  inputs: {parameters: [{name: own}]}\n"
        f"  script: {{image: docker.io/a/b:1, command: [x], source: §'{text}'}}\n"
    )
    made = (
        "name: b\ninline:\n  metadata: {labels: {ai.sap.com/resourcePlan: starter}}\n"
        "  script: {image: docker.io/a/b:1, command: [x], source: v}\n"
    )
    wait = "depends: b && c\n" if place == "tasks" else ""
    main = (steps if place == "steps" else tasks)(made, one("c", "makes"), inline + wait)
    main += "inputs: {parameters: [{name: outer, value: v}]}\n"
    assert told(workflow(main)) == ([(f"{wrong}@", "error")] if wrong else [])


def test_a_template_inside_a_step_has_the_outputs_that_it_declares():
    """Another is one that the step does not leave."""
    inline = "name: a\ninline: {suspend: {}, outputs: {parameters: [{name: x, valueFrom: {supplied: {}}}]}}\n"
    assert told(workflow(steps(inline, uses("{{steps.a.outputs.parameters.x}}")))) == []
    assert told(workflow(steps(inline, uses("§{{steps.a.outputs.parameters.nix}}")))) == ERROR


@pytest.mark.parametrize("place", ["steps", "tasks"])
def test_steps_inside_a_step_are_left_alone(place):
    """They have steps of their own, and those around them may be seen when they run."""
    inline = (
        "name: a\ninline:\n  steps: [[{name: b, template: has, arguments: {parameters: [{name: a, value: "
    )
    inline += "'{{steps.b.id}} {{steps.q.id}} {{tasks.q.id}}'}]}}]]\n"
    assert told(workflow((steps if place == "steps" else tasks)(inline))) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("steps.c.output.parameters.score", "steps.c.outputs.parameters.score"),
        ("steps.c.outputs.parameter.score", "steps.c.outputs.parameters.score"),
        ("steps.c.outputs.artifact.model", "steps.c.outputs.artifacts.model"),
        ("steps.c.output.result", "steps.c.outputs.result"),
        ("step.c.outputs.result", "steps.c.outputs.result"),
        ("workflow.parameter.q", "workflow.parameters.q"),
        ("workflow.output.parameters.q", "workflow.outputs.parameters.q"),
        ("input.parameters.q", "inputs.parameters.q"),
        ("item[0]", "item.[0]"),
        ("item[key]", "item.key"),
    ],
)
def test_a_misspelt_variable_is_written_out_in_the_fix(written, meant):
    """The words that Argo has are corrected, and the names behind them stay."""
    text = workflow(steps(one("c", "makes"), one("b", "has", f"when: '{{{{{written}}}}} == x'")))
    assert fixes(text) == [f"write {{{{{meant}}}}}"]
