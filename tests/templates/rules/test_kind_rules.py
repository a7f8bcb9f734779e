import pytest

from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules import kinds
from aicore_magics.templates.rules.kind_rules import kind_findings
from aicore_magics.templates.rules.walk import walk
from aicore_magics.templates.rules.workflow_keys import DOCUMENT, SPEC
from tests.templates.workflows import ALONE, fixes, one, steps, tasks, told, workflow

RIGHT = {
    kinds.TEXT: ("x", "", "{{workflow.name}}"),
    kinds.FLAG: (True, False),
    kinds.WHOLE: (1, -1, 2.0),
    kinds.COUNT: (1, "1", "{{workflow.parameters.n}}", 3.0),
    kinds.NUMBER_OR_TEXT: (1, "1", 1.5, "8Gi"),
    kinds.SCALAR: ("x", 1, 1.5, True),
    kinds.ANY: ("x", 1, True, [], {}, None),
    dict: ({},),
    list: ([],),
}
WRONG = {
    kinds.TEXT: (1, 1.5, True, [], ["x"], {}, {"a": 1}),
    kinds.FLAG: ("true", "no", "x", "{{x}}", 1, [True], {}),
    kinds.WHOLE: ("1", "x", "{{x}}", 1.5, True, [1], {}),
    kinds.COUNT: ("x", "", 1.5, True, [1], {}),
    kinds.NUMBER_OR_TEXT: (True, [1], {}),
    kinds.SCALAR: ([1], {}),
    kinds.ANY: (),
    dict: ("x", "{{x}}", 1, True, [], [{"a": 1}]),
    list: ("x", "{{x}}", 1, True, {}, {"a": {"b": 1}}, {"name": "a"}),
}


def places(kind=SPEC, path=(), seen=None):
    """Each key of the table once, with a path to it: the step 0 for a list, "key" for keys of any name."""
    seen = set() if seen is None else seen
    for step, inside in (
        kind.keys or ({0 if kind.type is list else "key": kind.inside} if kind.inside else {})
    ).items():
        yield (*path, step), inside
        if id(inside) not in seen and (inside.keys or inside.inside):
            seen.add(id(inside))
            yield from places(inside, (*path, step), seen)


def nested(path, value):
    """The spec in which *value* stands at *path*."""
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def found(spec):
    findings = Findings()
    kind_findings(findings, walk(findings, {"spec": spec}, DOCUMENT))
    return findings


PLACES = list(places())


def test_every_key_takes_what_is_right():
    """No key of the table has a finding for a value of its kind, and none for null, but true or false."""
    assert len(PLACES) > 400
    for path, kind in PLACES:
        for value in RIGHT.get(kind) or RIGHT[kind.type]:
            assert found(nested(path, value)) == [], (path, value)
        expected = ["warning"] if kind is kinds.FLAG else []
        assert [each.severity for each in found(nested(path, None))] == expected, path


def test_every_key_refuses_what_is_wrong():
    """Each value of another kind is one error, at its place, and the fix names a way to write it."""
    for path, kind in PLACES:
        for value in WRONG[kind] if kind in WRONG else WRONG[kind.type]:
            (finding,) = found(nested(path, value))
            assert finding.path == ("spec", *path), (path, value)
            assert finding.severity == "error"
            assert finding.rule.id == (
                "text" if kind.type is str and kind is not kinds.NUMBER_OR_TEXT else "shape"
            )
            assert finding.fix


def test_every_mapping_knows_its_keys():
    """A key that is none of the table is a warning in every mapping, but in those that take any keys."""
    for path, kind in PLACES:
        if kind.keys:
            (finding,) = found(nested(path, {"zzz": 1}))
            assert (finding.rule.id, finding.path) == ("unknown-key", ("spec", *path, "zzz"))


MAIN = ALONE + "  args: [x]\n"


@pytest.mark.parametrize(
    ("main", "rule", "fix"),
    [
        (MAIN + "daemon: §'true'\n", "shape@ error", "write it without quotes, as daemon: true"),
        (MAIN + "daemon: §'maybe'\n", "shape@ error", "write daemon: true or daemon: false"),
        (MAIN + "§daemon:\n", "shape@ warning", "write daemon: true, or leave it out"),
        (MAIN + "retryStrategy: {limit: §x}\n", "shape@ error", "write a whole number, such as limit: 2"),
        (MAIN + "inputs: {artifacts: [{name: a, path: §1}]}\n", "text@ error", 'put it in quotes, as "1"'),
        (
            steps(one("a")) + "parallelism: §x\n",
            "shape@ error",
            "write a whole number, such as parallelism: 2",
        ),
        (
            steps(one("a")) + "parallelism: §'3'\n",
            "shape@ error",
            "write it without quotes, as parallelism: 3",
        ),
        (
            steps(one("a")) + "parallelism: §'{{workflow.parameters.json}}'\n",
            "shape@ error",
            "write the number itself: Argo reads it before it fills in {{…}}",
        ),
        (
            steps(one("a", more="continueOn: {§failed}")),
            "shape@ warning",
            "write failed: true, or leave it out",
        ),
        (steps(one("a", more="continueOn: {§fail}")), "unknown-key@ warning", "write failed"),
        (
            MAIN + "§volumes: {data: {emptyDir: {}}}\n",
            "shape@ error",
            "write - name: data and the rest of it below",
        ),
        (
            MAIN + "§metrics: [a]\n",
            "shape@ error",
            "write its keys below metrics, indented, without a hyphen",
        ),
        (
            MAIN + "nodeSelector: {§disk: [ssd]}\n",
            "text@ error",
            "write one string; for several lines, write disk: | and indent them",
        ),
    ],
)
def test_what_people_write(main, rule, fix):
    """One finding each, at the value, and the fix can be written as it is."""
    assert [" ".join(each) for each in told(workflow(main))] == [rule]
    assert fixes(workflow(main).replace("§", "")) == [fix]


def test_what_another_rule_says_is_not_said_again():
    """A step that is no mapping, or a list of templates that is none, is one finding."""
    assert told(workflow(tasks(one("a", more="§when: [x]")))) == [("text@", "error")]
    assert [each.path for each in found({"templates": "x"})] == [("spec", "templates")]


def test_a_template_in_a_step_is_looked_at():
    """What stands in a template that is written into a step is told as in any other."""
    inline = "name: a\ninline: {container: {image: a.b/c:1, command: [x], args: [v], stdin: §'yes'}}\n"
    assert ("shape@", "error") in told(workflow(steps(inline)))
