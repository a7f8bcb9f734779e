import pytest

from tests.templates.workflows import fixes, one, steps, tasks, told, workflow

ERROR = [("exit-handler@", "error")]
HOOK = "hooks: {exit: {template: plain}, running: {expression: x == 1, template: plain}}\n"


@pytest.mark.parametrize(
    "more", ["", "onExit: plain\n", "onExit: '{{workflow.name}}'\n", HOOK, "onExit: ''\n"]
)
def test_handlers_that_are_there(more):
    """Of the workflow, of a step and of a task; a parameter may name one."""
    assert told(workflow(steps(one("a")), more)) == []
    assert told(workflow(steps(one("a", more=more)))) == told(workflow(tasks(one("a", more=more)))) == []


@pytest.mark.parametrize(
    "more",
    [
        "onExit: §clean-up\n",
        "hooks: {exit: {template: §clean-up}}\n",
        "hooks: {running: {expression: x == 1, template: §palin}}\n",
        "hooks: {§exit: {expression: x == 1}}\n",
        "hooks: {§running: {template: plain}}\n",
    ],
)
def test_handlers_that_are_not_there(more):
    """A template that is none, no template, and no expression for a hook that is not called exit."""
    assert told(workflow(steps(one("a")), more)) == ERROR
    assert told(workflow(steps(one("a", more=more)))) == told(workflow(tasks(one("a", more=more)))) == ERROR


@pytest.mark.parametrize("more", ["hooks: {exit: {templateRef: {name: x, template: y1}}}\n", "onExit: §y\n"])
def test_elsewhere_and_no_text(more):
    """A template of another document is not judged; a truth value is no name."""
    found = told(workflow(steps(one("a")), more))
    assert found == ([("text@", "error")] if "§" in more else [])


@pytest.mark.parametrize("place", ["spec", "step", "task"])
@pytest.mark.parametrize("handler", ["onExit: §needs\n", "hooks: {exit: {template: §needs}}\n"])
def test_a_handler_gets_the_arguments_of_the_workflow(place, handler):
    """What it asks for is declared there, whatever it is the end of; or a hook hands it on itself."""
    declared = "arguments: {parameters: [{name: epochs}]}\n"
    more, own = (handler, "") if place == "spec" else ("", handler)
    main = (tasks if place == "task" else steps)(one("a", more=own))
    assert told(workflow(main.replace("§", ""), f"{declared}{more}".replace("§", ""))) == []
    assert told(workflow(main, more)) == [("argument@", "error")]
    gives = "needs, arguments: {parameters: [{name: epochs, value: v}]}}"
    if "hooks" in handler:
        given = workflow(main.replace("§needs}", gives), more.replace("§needs}", gives))
        assert told(given) == []


def test_any_other_hook_has_arguments_of_its_own():
    """It does not get those of the workflow."""
    hook = "hooks: {§b: {expression: x == 1, template: needs}}\n"
    assert told(workflow(steps(one("a")), hook)) == [("argument@", "error")]


def test_a_workflow_that_is_elsewhere_is_not_judged():
    """Its templates may be there."""
    more = "workflowTemplateRef: {name: x}\nonExit: clean-up\n"
    text = workflow(steps(one("a")), more)
    assert "exit-handler" not in {rule for rule, _ in told(text)}


def test_the_fix_is_the_nearest_template():
    """One that is there, or none at all."""
    assert fixes(workflow(steps(one("a")), "onExit: palin\n")) == ["write plain"]
    leave = "add a template of this name, or leave the exit handler out"
    assert fixes(workflow(steps(one("a")), "onExit: clean-up\n")) == [leave]
