from pathlib import Path

import pytest

from aicore_magics.templates.check.text import check_text
from tests.templates.examples import MARK, SERVING, WORKFLOW
from tests.templates.workflows import one, steps, tasks, workflow

FIELD = Path(__file__).parents[2] / "data" / "field"
# What YAML 1.1 takes for something else; the last three only some readers do.
WORDS = ["n", "y", "Y", "on", "Off", "no", "YES", "true", "123", "010", "0x1F", "1e3", "1_000", "1.0", ".5"]
WORDS += ["2024-01-01", "2024-01-01T10:00:00Z", "12:30:45"]
NOTHING = ["null", "~", "Null"]
MAIN = one("a", "has", "arguments: {parameters: [{name: a, value: v}]}\n")


def inner(old, new):
    return SERVING.replace(old, new, 1)


# Each place where a name is due, with § where it stands.
PLACES = {
    "metadata": WORKFLOW.replace("name: churn-train", "name: §"),
    "serving metadata": SERVING.replace("name: churn-serve", "name: §"),
    "argument of the workflow": WORKFLOW.replace("- name: DEPTH", "- name: §", 1),
    "artifact of the workflow": workflow(
        steps(one("a")), "arguments: {artifacts: [{name: § , s3: {key: x}}]}\n"
    ),
    "template": WORKFLOW.replace("- name: train", "- name: §"),
    "template of a step": WORKFLOW.replace("template: train", "template: §"),
    "step": WORKFLOW.replace("- - name: first", "- - name: §"),
    "task": workflow(tasks(one("§"))),
    "input parameter": workflow(steps(one("a")) + "inputs: {parameters: [{name: § , value: v}]}\n"),
    "input artifact": WORKFLOW.replace("- name: rows", "- name: §"),
    "output parameter": workflow(steps(one("a")) + "outputs: {parameters: [{name: § , value: v}]}\n"),
    "output artifact": WORKFLOW.replace("- name: model", "- name: §"),
    "global name": WORKFLOW.replace("globalName: churn-model", "globalName: §"),
    "argument of a step": workflow(steps(MAIN.replace("name: a, value", "name: § , value"))),
    "container of a set": workflow("containerSet: {containers: [{name: § , image: a.b/c:1}]}\n"),
    "sidecar": WORKFLOW.replace(
        "      container:\n", "      sidecars: [{name: § , image: a.b/c:1}]\n      container:\n"
    ),
    "variable": WORKFLOW.replace("- name: FOLDER", "- name: §"),
    "volume": WORKFLOW.replace("  entrypoint:", "  volumes: [{name: § , emptyDir: {}}]\n  entrypoint:"),
    "port": WORKFLOW.replace("- containerPort: 8080", "- {containerPort: 8080, name: § }"),
    "entrypoint": WORKFLOW.replace("entrypoint: main", "entrypoint: §"),
    "exit handler": WORKFLOW.replace("  entrypoint:", "  onExit: §\n  entrypoint:"),
    "dependency": workflow(tasks(one("a"), one("b", more="dependencies: [ § ]"))),
    "depends": workflow(tasks(one("a"), one("b", more="depends: §"))),
    "template elsewhere": workflow(steps("name: a\ntemplateRef: {name: § , template: w}\n")),
    "pull secret": WORKFLOW.replace("- name: team-ghcr", "- name: §"),
    "serving parameter": SERVING.replace("- name: image", "- name: §"),
    "serving artifact": SERVING.replace("- name: model", "- name: §"),
    "serving container": inner("name: kserve-container", "name: §"),
    "serving variable": inner("- name: STORAGE_URI", "- name: §"),
    "serving pull secret": inner("- name: team-ghcr", "- name: §"),
    "serving port": inner("protocol: TCP", "name: §"),
}
KEYS = {
    "label": WORKFLOW.replace("  labels:\n", "  labels:\n    §: x\n", 1),
    "annotation": WORKFLOW.replace("  annotations:\n", "  annotations:\n    §: x\n", 1),
    "label of a pod": WORKFLOW.replace("        labels:\n", "        labels:\n          §: x\n", 1),
    "label of a serving template": SERVING.replace("  labels:\n", "  labels:\n    §: x\n", 1),
    "label in a text block": inner("      labels: |\n", "      labels: |\n        §: x\n"),
    "annotation in a text block": inner("      annotations: |\n", "      annotations: |\n        §: x\n"),
    "hook": workflow(steps(one("a")), "hooks:\n  §: {expression: x, template: plain}\n"),
    "node selector": inner(
        "        minReplicas", "        nodeSelector:\n          §: x\n        minReplicas"
    ),
    "item": workflow(steps(one("a", more="withItems:\n  - §: x\n"))),
}


def at(text, word):
    """The findings at the mark, which is the word, as rule, severity and fix."""
    before, _, _ = text.partition(MARK)
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    found = check_text(text.replace(MARK, word))
    return [
        (each.rule.id, each.severity, str(each.fix)) for each in found if (each.line, each.column) == place
    ]


def quote(word):
    """The finding at a word: in quotes it is a text."""
    return ("text", "error", f'put it in quotes, as "{word}"')


@pytest.mark.parametrize("place", PLACES)
def test_a_word_is_no_name(place):
    """The error stands at the word. Quotes around what is written there are the fix: with them it is gone."""
    for word in WORDS:
        found = at(PLACES[place], word)
        # A number in place of a secret's name may be a password: it is not repeated.
        if "secret" in place:
            assert found[0][:2] in (("secret-name", "error"), ("text", "error")), word
        else:
            ((_, severity, fix),) = found
            assert (severity, fix.partition(";")[0]) == quote(word)[1:], word
    assert "text" not in {rule for rule, *_ in at(PLACES[place], '"y"')}


@pytest.mark.parametrize("place", KEYS)
def test_a_word_is_no_key(place):
    """Where somebody chooses the key, it is a name, too: in mappings, text blocks and items."""
    for word in (*WORDS, *NOTHING):
        assert at(KEYS[place], word) == [quote(word)], word
    assert "text" not in {rule for rule, *_ in at(KEYS[place], "'y'")}


@pytest.mark.parametrize("place", [place for place, text in PLACES.items() if "name: §" in text])
def test_a_word_for_nothing_is_no_name(place):
    """It is told as such, and not that the name is missing."""
    for word in NOTHING:
        fixes = [(*each[:2], each[2].partition(";")[0]) for each in at(PLACES[place], word)]
        assert quote(word) in fixes, word


NAMES = ["metadata", "serving metadata", "argument of the workflow", "template", "step", "task"]
NAMES += [
    "input parameter",
    "input artifact",
    "output artifact",
    "container of a set",
    "sidecar",
    "volume",
    "port",
]


@pytest.mark.parametrize("place", NAMES)
def test_where_quotes_are_not_enough_the_fix_says_more(place):
    """It says what a name is there, where the word in quotes is refused next, and nowhere else."""
    for word in ("n", "123", "on", "1.5", ".inf", "+1", "1_000", "true", "12:30:45", "~", "null", "1e3"):
        ((_, _, fix),) = [each for each in at(PLACES[place], word) if each[0] != "argo-name"][:1]
        left = [each for each in at(PLACES[place], f'"{word}"') if each[1] == "error"]
        assert bool(left) == (";" in fix), (word, fix, left)


@pytest.mark.parametrize("word", ["on", "0x1F", "1.10", "2024-01-01", "12:30:45"])
@pytest.mark.parametrize("name", ["version: §", "id: §"])
def test_a_label_has_a_text(name, word):
    """A date is a text to Kubernetes, and none to others: a warning. A number or truth value is an error."""
    key = name.partition(":")[0]
    text = WORKFLOW.replace(
        'version: "1.0"' if key == "version" else "com/id: churn", name.replace("id", "com/id")
    )
    found = [(*each[:2], each[2].partition(";")[0]) for each in at(text, word) if each[0] == "text"]
    severity = "warning" if word[:4] == "2024" or ":" in word else "error"
    assert found == [("text", severity, f'put it in quotes, as "{word}"')]


@pytest.mark.parametrize(
    "word", ["name", "x2024-01-01", "2024", "1:2:3:x", "v1.2.3", "1.2.3", "{{x}}", "2024-1-1-a"]
)
def test_other_words_are_none(word):
    """Versions, and what only looks like a date."""
    assert other(word) == ([] if word != "2024" else ["text"])


def other(word):
    return [rule for rule, *_ in at(PLACES["serving variable"], word) if rule == "text"]


def test_a_name_that_is_no_text_hides_nothing_else():
    """What uses it has no finding of its own: the one at the name is enough."""
    found = check_text((FIELD / "T50-input-name-y.yaml").read_text("utf-8"))
    assert [(each.rule.id, each.line, each.column) for each in found] == [("text", 20, 19)]
    text = workflow(steps(one("n", "makes"), one("b", more="when: '{{steps.n.outputs.result}} == 1'\n")))
    assert [each.rule.id for each in check_text(text)] == ["text"]
    text = workflow(tasks(one("n"), one("b", more="depends: 'n'\n")))
    assert [each.rule.id for each in check_text(text)] == ["text"]


def test_what_may_hold_anything_is_left_alone():
    """Items, and what a plugin reads: a number under name is a value there."""
    assert check_text(workflow(steps(one("a", more="withItems: [{name: 5}, {name: 2024-01-01}]\n")))) == ()
    found = check_text(workflow("plugin: {any: {name: y}}\n"))
    assert "text" not in {each.rule.id for each in found}
    assert check_text(workflow(steps(one("a")), "onExit: null\n")) == ()


def test_what_a_block_cannot_be_read_of_is_left_alone():
    """The fault of the text block is the one finding."""
    text = inner("      labels: |\n", "      labels: |\n        on: 1: 2\n")
    assert [each.rule.id for each in check_text(text) if each.rule.id != "plan-missing"] == ["yaml"]
