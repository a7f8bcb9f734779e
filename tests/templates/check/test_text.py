from __future__ import annotations

import subprocess
import sys

import pytest

from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.templates.check.text import check_document, check_text, read_and_check
from aicore_magics.templates.yaml.marks import read_documents
from tests.templates.examples import GOOD, SERVING, WORKFLOW, changed
from tests.templates.workflows import ALONE, workflow


def found_in(text, **known):
    return [(one.rule.id, one.line, one.column) for one in check_text(text, "a.yaml", **known)]


def test_findings_carry_the_name_of_the_file():
    """Each finding says in which file it is, and they are in the order of the lines."""
    text = WORKFLOW.replace("/id: churn", "/id: abc").replace("churn:1.4", "churn")
    found = check_text(text, "train.yaml")
    assert [one.where for one in found] == ["train.yaml:10:30", "train.yaml:41:16"]


def test_a_fault_of_the_outer_text_is_at_its_place():
    """A TAB in place of spaces is named as such, with line and column."""
    text, place = changed("workflow", "  entrypoint: main", "§\tentrypoint: main")
    (found,) = check_text(text)
    assert (found.rule.id, (found.line, found.column)) == ("yaml", place)
    assert "TAB" in found.fix


def test_a_fault_inside_the_text_block_is_at_its_place_in_the_file():
    """A missing space inside the block is found where it is missing; the rest of the file is checked."""
    text, place = changed("serving", "containerPort: 8080", "containerPort:§8080")
    text = text.replace("resourcePlan: starter", "resourcePlan: Starter")
    assert found_in(text)[0][0] == "plan-spelling"
    assert found_in(text)[1] == ("yaml", *place)


def test_lines_keep_their_number_with_crlf_and_a_byte_order_mark():
    """How lines end does not move a finding, nor does a mark in front of the text."""
    text, place = changed("serving", "name: kserve-container", "name: §main")
    for form in (text, text.replace("\n", "\r\n"), "\ufeff" + text, text.rstrip("\n")):
        assert found_in(form) == [("container-name", *place)]


def test_each_document_of_a_text_is_checked():
    """Several templates in one text are each checked; documents of other kinds are left alone."""
    other = "apiVersion: v1\nkind: Secret\n"
    text = f"{other}---\n{WORKFLOW}---\n{SERVING.replace('minReplicas: 1', 'minReplicas: -1')}"
    checked = read_and_check(text, "a.yaml")
    assert [one.rule.id for one in checked.findings] == ["replicas"]
    assert [(one.name, one.kind) for one in checked.templates] == [
        ("churn-train", "WorkflowTemplate"),
        ("churn-serve", "ServingTemplate"),
    ]


@pytest.mark.parametrize(
    "text", ["", "\n", "a: 1\n", "[1, 2]", "kind: [Secret]\n", "# kind: ServingTemplate\n"]
)
def test_a_text_without_a_template_is_told(text):
    """A text that holds no template, YAML or not, has one finding that says so."""
    (found,) = check_text(text, "values.yaml")
    assert (found.rule.id, found.severity, found.where) == ("no-template", "error", "values.yaml")


@pytest.mark.parametrize("kind", ["workflowtemplate", "WorkflowTemplates", "servingTemplate"])
def test_a_misspelt_kind_is_a_template_all_the_same(kind):
    """A kind in another case or in the plural is told, not passed over."""
    assert found_in(f"kind: {kind}\n") == [("kind", 1, 7)]


def test_a_text_that_is_no_yaml_is_told_as_such():
    """A text that is to hold a template, and is no YAML, is told where it breaks, whatever it was to be."""
    assert found_in("a: 1\n b: 2\n") == [("yaml", 2, 3)]


def test_the_text_block_holds_one_document():
    """Several documents inside the text block are an error, in the text and as data."""
    text, place = changed("serving", "    spec: |\n", "    spec: §|\n")
    text += "      ---\n      a: 1\n"
    assert found_in(text) == [("spec", *place)]
    (document,) = read_documents(text).documents
    assert [one.rule.id for one in check_document(document.data)] == ["spec"]


def test_very_many_documents_are_not_all_looked_at():
    """The first hundred documents of a text are checked, and it is told that there are more."""
    checked = read_and_check("---\n".join([WORKFLOW] * 101), "a.yaml")
    assert len(checked.templates) == 100
    assert [(one.rule.id, one.severity) for one in checked.findings] == [("size", "warning")]


def test_a_key_that_stands_twice_is_told():
    """Only one of two keys counts, and nobody sees which: outside the text block and inside."""
    text, place = changed("workflow", "  entrypoint: main\n", "  entrypoint: x\n  §entrypoint: main\n")
    assert found_in(text) == [("repeated-key", *place)]
    text, place = changed("serving", "minReplicas: 1\n", "minReplicas: 3\n        §minReplicas: 1\n")
    assert found_in(text) == [("repeated-key", *place)]


def test_a_secret_must_be_one_of_the_tenant_where_that_is_known():
    """With the names of the tenant, another name is an error, and the nearest is offered."""
    for text in GOOD.values():
        assert check_text(text, known_secrets=["team-ghcr", "x1"]) == ()
        (found,) = check_text(text, known_secrets=["team-ghrc", "x1"], tenant="acme-dev")
        assert (found.rule.id, found.severity) == ("secret-unknown", "error")
        assert found.message == "tenant acme-dev has no secret team-ghcr"
        assert found.fix == "write team-ghrc"
        (found,) = check_text(text, known_secrets=[])
        assert NOTEBOOK.say(found.fix) == "%aicore_docker_secret create team-ghcr"


def test_a_login_must_serve_the_image_where_it_is_known():
    """The keys of a secret at hand must match the image as the kubelet matches; a default counts."""
    for text in GOOD.values():
        assert check_text(text, auth_keys={"team-ghcr": ["ghcr.io"]}) == ()
        assert check_text(text, auth_keys={"other": ["quay.io"]}) == ()
        (found,) = check_text(text, auth_keys={"team-ghcr": ["quay.io"]})
        assert (found.rule.id, found.severity) == ("image-not-served", "error")
        assert "ghcr.io" in found.message
        assert text.splitlines()[found.line - 1][found.column - 1 :] == "ghcr.io/acme/churn:1.4"


def test_a_document_is_checked_with_its_text_block_or_without():
    """What the text block holds can be given; else it is read, and a fault of it is a finding."""
    (document,) = read_documents(SERVING).documents
    assert check_document(document.data) == ()
    assert check_document(document.data, inner=document.inner) == ()
    (found,) = check_document(document.data, inner={"predictor": {"minReplicas": 1}})
    assert (found.rule.id, found.where) == ("containers", "spec.template.spec.predictor")
    document.data["spec"]["template"]["spec"] = "predictor:\n\tx"
    assert [one.rule.id for one in check_document(document.data)] == ["yaml"]


def test_a_workflow_document_needs_no_yaml_library():
    """Whoever has the document does not pay for reading YAML."""
    code = (
        "import sys; from aicore_magics.templates.check.text import check_document;"
        "assert check_document({'kind': 'WorkflowTemplate'});"
        "print('yaml' in sys.modules, 'requests' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


@pytest.mark.parametrize(
    ("kind", "fix"),
    [
        ("Workflow", "write kind: WorkflowTemplate"),
        ("Serving", "write kind: ServingTemplate"),
        ("Secret", "choose a file with a template: kind: WorkflowTemplate or ServingTemplate"),
    ],
)
def test_a_file_of_another_kind_is_told_with_the_kind_and_its_line(kind, fix):
    """A file that was named, and holds something else, says what, where, and what AI Core reads."""
    (found,) = check_text(f"a: 1\n---\napiVersion: v1\nkind: {kind}\n", "x.yaml")
    assert found.where == "x.yaml:4:7"
    assert found.message == f"the kind is {kind}; AI Core reads only WorkflowTemplate and ServingTemplate"
    assert found.fix == fix


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u2003"])
@pytest.mark.parametrize("line", ["  name: churn-", "  imagePullSecrets:", "    - name: main"])
def test_a_blank_that_yaml_does_not_know_is_told_at_its_line(blank, line):
    """A no-break space in the indentation makes other keys of what follows: the cause alone is told."""
    assert line in WORKFLOW
    text = WORKFLOW.replace(line, line.replace(" ", blank, 1), 1)
    (found,) = check_text(text)
    row = text[: text.index(blank)].count("\n") + 1
    assert (found.rule.id, found.line, found.column) == ("yaml", row, 1)
    assert f"U+{ord(blank):04X}" in found.message


def test_a_no_break_space_inside_a_text_is_no_fault():
    """In a value, or in the prose of a block, it stands for itself."""
    text = WORKFLOW.replace("name: Churn", "name: Churn\u00a0now").replace(
        "          - python train.py", "          - |\n            echo\n            \u00a0 all is well"
    )
    assert check_text(text) == ()


TOKEN = "ghp_" + 36 * "a"


def tokens_in(text):
    return [one for one in check_text(text, "a.yaml") if "token" in one.rule.id]


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("workflow", "- python train.py", f"- python train.py --token {TOKEN}"),
        ("workflow", "  entrypoint: main", f"  # {TOKEN}\n  entrypoint: main"),
        ("serving", "        minReplicas: 1", f"        minReplicas: 1 # {TOKEN}"),
    ],
)
def test_a_token_is_told_wherever_it_stands(kind, old, new):
    """In arguments, in a comment, in the text block: with its line, and never itself."""
    text, _ = changed(kind, old, new)
    (one,) = tokens_in(text)
    assert (one.rule.id, one.severity) == ("token", "error")
    assert TOKEN in text.splitlines()[one.line - 1]
    assert (
        one.column == len(text.splitlines()[one.line - 1]) - len(text.splitlines()[one.line - 1].lstrip()) + 1
    )
    assert "a GitHub token" in one.message
    assert TOKEN not in str(one)


def test_a_token_is_told_once():
    """Where a rule has told it with its place already, no second finding says the same."""
    for old, new in (
        ("name: team-ghcr", f"name: {TOKEN}"),
        ("- name: DEPTH\n            value: ", "- name: A_TOKEN\n            value: TOKEN #"),
    ):
        text, _ = changed("workflow", old, new.replace("TOKEN #", f"{TOKEN} #"))
        assert len(tokens_in(text)) == 1


def test_no_token_is_looked_for_in_what_is_no_template():
    """Other YAML in a folder is none of a template check's business."""
    assert read_and_check(f"a: {TOKEN}\n", "a.yaml").findings == ()
    assert all(tokens_in(text) == [] for text in GOOD.values())
    assert tokens_in(WORKFLOW) == []


def test_a_finding_in_a_long_text_stands_at_its_line():
    """What is wrong in a script is told at its own line, in a text block of a ServingTemplate as well."""
    script = "        args:\n          - |\n            set -e\n            echo {{workflow.nme}}\n"
    text, _ = changed("workflow", "        args:\n          - python train.py\n", script)
    (found,) = check_text(text)
    assert text.splitlines()[found.line - 1][found.column - 1 :] == "{{workflow.nme}}"
    served = "            args:\n              - |\n                set -e\n"
    served += "                run {{ inputs.parameters.z }}\n"
    text, _ = changed("serving", "            ports:\n", served + "            ports:\n")
    (found,) = check_text(text)
    assert text.splitlines()[found.line - 1][found.column - 1 :] == "{{ inputs.parameters.z }}"


def test_a_file_of_too_many_values_is_not_called_broken():
    """The limit is told, and what to do."""
    text, _ = changed(
        "workflow", "  entrypoint:", "  nodeSelector:\n" + "    a: b\n" * 10_001 + "  entrypoint:"
    )
    (found,) = check_text(text)
    assert (found.rule.id, found.severity) == ("yaml", "error")
    assert "20,000 values" in found.message
    assert "no YAML" not in found.message


KSERVE = "serving.kserve.io/v1beta1"
INNER = "        minReplicas: 1\n"


def named(name):
    return WORKFLOW.replace("name: churn-train", f"name: {name}")


@pytest.mark.parametrize(
    ("text", "message", "fix"),
    [
        (
            workflow(ALONE + "  args: [x]\nsidecars: [{name: Up_er, image: docker.io/a/b:1}]\n"),
            "Up_er is not a valid name for a container",
            "write up-er: small letters, digits and hyphens, at most 63",
        ),
        (
            workflow(ALONE + "  args: [x]\nsidecars: [{name: Upper, image: docker.io/a/b:1}]\n"),
            "Upper is not a valid name for a container",
            "write upper: small letters, digits and hyphens, at most 63",
        ),
        (
            SERVING.replace(INNER, f"{INNER}        replicas: 2\n"),
            "unknown key replicas in predictor",
            "leave it out: minReplicas is there already",
        ),
        (
            SERVING.replace("      predictor:", "      predictr: {}\n      predictor:"),
            "unknown key predictr in the inner spec",
            "leave it out: predictor is there already",
        ),
        (
            named("'{{inputs.parameters.img}}'"),
            "a template's name cannot be filled in, because it is the id of the executable",
            "choose one such as churn-train",
        ),
        (
            named("a"),
            "the name has 1 character; an executable's id must have 4 to 64",
            "choose one such as churn-train",
        ),
        (
            WORKFLOW.replace("Plan: starter", "Plan: 3"),
            "ai.sap.com/resourcePlan is a number, it must be a string",
            "write one of starter, basic, basic.8x, infer.s, infer.m, infer.l, train.l",
        ),
        (
            WORKFLOW.replace("python train.py", "python '{{foo}}'"),
            "{{foo}} is never filled in",
            "write {{workflow.parameters.NAME}} and declare it, or write the value itself",
        ),
        (
            SERVING.replace("- name: model", "- name: '5'").replace("artifacts.model", "artifacts.a5"),
            "the name of a serving artifact must begin with a letter",
            "write a5, here and between the braces",
        ),
        (
            SERVING.replace("- name: model", "- name: é").replace("artifacts.model", "artifacts.name"),
            "the name of a serving artifact can only have the letters a to z, digits and underscores",
            "write name, here and between the braces",
        ),
        (
            SERVING.replace(KSERVE, "serving.kserve.io/v1"),
            f"the apiVersion of spec.template must be {KSERVE}, here it is serving.kserve.io/v1",
            f"write {KSERVE}",
        ),
        (
            WORKFLOW.replace("apiVersion: argoproj.io/v1alpha1\n", ""),
            "the apiVersion of a WorkflowTemplate is missing, it must be argoproj.io/v1alpha1",
            "write apiVersion: argoproj.io/v1alpha1",
        ),
        (
            SERVING.replace("type: string", "type: y"),
            "the type of a parameter is a boolean; AI Core accepts only string",
            "write type: string",
        ),
        (
            WORKFLOW.replace("        ports:", "        resources: {limits: {cpu: y}}\n        ports:"),
            "cpu is a boolean: it is not a quantity of Kubernetes",
            "write it like 2, 500m or 4Gi",
        ),
        (
            WORKFLOW.replace("{{workflow.parameters.DEPTH}}", "{{workflow.parameters.other}}"),
            "{{workflow.parameters.other}} is not declared in spec.arguments, so AI Core cannot fill it",
            "declare it: - name: other below parameters of spec.arguments",
        ),
    ],
)
def test_a_sentence_is_true_and_its_fix_can_be_written(text, message, fix):
    """Each tells the fault that is there, and a fix that is not refused in its turn."""
    found = [each for each in check_text(text) if each.message == message]
    assert [each.fix for each in found] == [fix], [each.message for each in check_text(text)]
