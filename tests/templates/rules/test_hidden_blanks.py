import pytest

from aicore_magics.templates.check.text import check_text
from aicore_magics.templates.rules.hidden_blanks import outer_blank
from tests.templates.examples import SERVING, WORKFLOW
from tests.templates.workflows import one, steps, tasks, workflow

PLACES = {
    "apiVersion": WORKFLOW.replace("apiVersion: argoproj.io/v1alpha1", "apiVersion: §argoproj.io/v1alpha1§"),
    "metadata.name": WORKFLOW.replace("name: churn-train", "name: §churn-train§"),
    "label": WORKFLOW.replace("com/id: churn", "com/id: §churn§"),
    "kind of an artifact": WORKFLOW.replace("kind: model", "kind: §model§"),
    "plan": WORKFLOW.replace("resourcePlan: starter", "resourcePlan: §starter§"),
    "entrypoint": WORKFLOW.replace("entrypoint: main", "entrypoint: §main§"),
    "template of a step": WORKFLOW.replace("template: train", "template: §train§"),
    "name of a step": WORKFLOW.replace("- name: first", "- name: §first§"),
    "name of an artifact": WORKFLOW.replace("- name: rows", "- name: §rows§"),
    "exit handler": workflow(steps(one("a")), "onExit: §plain§\n"),
    "hook": workflow(steps(one("a")), "hooks: {exit: {template: §plain§}}\n"),
    "policy": workflow("retryStrategy: {retryPolicy: §Always§}\n" + "suspend: {}\n"),
    "serving apiVersion": SERVING.replace("v1beta1\n", "v1beta1§\n").replace(": serving.", ": §serving."),
    "serving parameter": SERVING.replace("- name: image", "- name: §image§"),
    "serving type": SERVING.replace("type: string", "type: §string§"),
    "serving container": SERVING.replace("name: kserve-container", "name: §kserve-container§"),
    "dependency": workflow(tasks(one("a"), one("b", more="dependencies: [§a§]"))),
}
BLANKS = {'"{} "': "ends with a space", '" {}"': "begins with a space", '"{}\\n"': "ends with a line break"}


@pytest.mark.parametrize("place", PLACES)
def test_the_blank_is_told_where_the_word_is_refused(place):
    """It says where the blank is, and no longer that the word is none; without the blank all is well."""
    before, word, after = PLACES[place].split("§")
    for way, said in BLANKS.items():
        found = check_text(before + way.format(word) + after)
        assert any(said in each.message for each in found), way
        assert not any(
            each.message.startswith("there is no") and each.line == found[0].line for each in found
        )
        assert all(
            f": {word}" in each.fix or f" {word} " in each.fix for each in found if said in each.message
        )
    assert check_text(before + word + after) == check_text(before + f'"{word}"' + after)


def test_a_block_of_one_line_is_told():
    """What stands below | ends with a line break."""
    text = WORKFLOW.replace("template: train\n", "template: |\n              train\n")
    (found,) = (each for each in check_text(text) if each.severity == "error")
    assert found.message == "template ends with a line break"
    assert found.fix == "write template: train on one line, without | or >"


def test_an_expression_may_end_with_a_blank():
    """What is wrong in it is told as before."""
    text = workflow(tasks(one("a"), one("b", more='depends: "c "\n')))
    assert not any(outer_blank("c ") in each.message for each in check_text(text))
