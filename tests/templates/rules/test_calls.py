import pytest

from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.calls import Call, Targets, calls_of, mappings, names_in

AS_STEPS = "write - - name: NAME; steps of one inner list run at the same time"


def test_steps_and_tasks_are_calls():
    """Each with its place and its group; a task has none."""
    found = Findings()
    template = {"steps": [[{"name": "a"}], [{"name": "b"}, {"name": 3}]]}
    calls = calls_of(found, template, ("t",))
    assert [(call.path[1:], call.group, call.word, call.name) for call in calls] == [
        (("steps", 0, 0), 0, "step", "a"),
        (("steps", 1, 0), 1, "step", "b"),
        (("steps", 1, 1), 1, "step", ""),
    ]
    (task,) = calls_of(found, {"dag": {"tasks": [{"name": "a"}]}}, ("t",))
    assert (task.path[1:], task.word) == (("dag", "tasks", 0), "task")
    assert found == []


def test_what_a_call_says_of_itself():
    """A loop over items gathers outputs, a sequence does not; a hook or exit handler may use its own."""
    assert [
        Call((), entry, 0).loops for entry in ({"withItems": [1]}, {"withParam": "x"}, {"withItems": []})
    ] == [
        True,
        True,
        False,
    ]
    sequence = Call((), {"withSequence": {"count": 3}, "onExit": "x"}, 0)
    assert (sequence.loops, sequence.gathers, sequence.hooked) == (True, False, True)


def test_shapes_that_are_none_give_nothing():
    """Lists of mappings are followed, and whatever else stands there is not."""
    assert mappings({"a": {"b": [{"name": "x"}, 3]}}, "a", "b") == [{"name": "x"}]
    assert mappings({"a": []}, "a", "b") == mappings(None, "a") == mappings({"a": "x"}, "a") == []
    assert list(names_in([{"name": "x"}, {"name": 3}, {}])) == ["x"]


def test_of_two_templates_with_one_name_the_first_is_called():
    """As Argo does; a name that is not there, or no text, calls none of them."""
    first, second = {"name": "a"}, {"name": "a", "x": 1}
    targets = Targets([((), first), ((), second), ((), {"name": 3})])
    assert targets.of({"template": "a"}) is first
    assert targets.of({"template": "b"}) is targets.of({"template": 3}) is targets.of({}) is None


@pytest.mark.parametrize(
    ("steps", "message", "fix"),
    [
        (
            {"tasks": []},
            "steps is a mapping, it must be a list of lists",
            "write dag: instead of steps:, because tasks belong to a dag",
        ),
        ("x", "steps is a string, it must be a list of lists", AS_STEPS),
        ([{"name": "a"}], "an entry of steps is a mapping, it must be a list", AS_STEPS),
    ],
)
def test_steps_in_another_shape(steps, message, fix):
    """It is said what stands there and what must, and tasks are sent to a dag."""
    found = Findings()
    calls_of(found, {"steps": steps}, ())
    assert [(each.message, each.fix) for each in found] == [(message, fix)]
