"""Real templates and published schemas, where they are at hand: what they say, and what the rules say."""

import copy
import csv
import json
import os
import re
from functools import cache
from pathlib import Path

import pytest

from aicore_magics.templates.check.check_files import check_files
from aicore_magics.templates.check.text import check_document, check_text
from aicore_magics.templates.yaml.marks import read_documents
from tests.templates.examples import GOOD

KEY = "imagePullSecrets"
SPELLINGS = (KEY, "imagePullSecret", "imagepullsecrets", "image_pull_secrets")
MANDATORY = {
    "labels": ("scenarios.ai.sap.com/id", "ai.sap.com/version"),
    "annotations": ("scenarios.ai.sap.com/name", "executables.ai.sap.com/name"),
}
PLANS = ("starter", "basic", "basic.8x", "train.l", "infer.s", "infer.m", "infer.l")


def corpus():
    return sorted(Path(os.environ["AICORE_TEMPLATE_CORPUS"]).glob("*.yaml"))


def notes():
    """What the list of the corpus says of each file."""
    with (Path(os.environ["AICORE_TEMPLATE_CORPUS"]) / "index.csv").open(encoding="utf-8") as stream:
        return {row["file"]: row["notes"] for row in csv.DictReader(stream)}


def strict(schema):
    """The schema without room for unknown keys."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        closed["additionalProperties"] = False
    return closed


@cache
def validator(kind):
    import jsonschema

    name = {
        "WorkflowTemplate": "argo-workflowtemplate.schema.json",
        "ServingTemplate": "kserve-predictor-v1beta1.schema.json",
    }[kind]
    schema = json.loads((Path(os.environ["AICORE_TEMPLATE_SCHEMAS"]) / name).read_text("utf-8"))
    return jsonschema.validators.validator_for(schema)(strict(schema))


def judged(document):
    """What the schema is about: all of a WorkflowTemplate, the inner spec of a ServingTemplate."""
    return document.data if document.kind == "WorkflowTemplate" else filled(document.inner)


def filled(value, key=""):
    """The data with a number where a placeholder stands for one."""
    if isinstance(value, dict):
        return {key: filled(inside, key) for key, inside in value.items()}
    if isinstance(value, list):
        return [filled(inside, key) for inside in value]
    numeric = key in ("minReplicas", "maxReplicas", "containerPort")
    return 1 if numeric and isinstance(value, str) and "{{" in value else value


def errors(text):
    return [one for one in check_text(text) if one.severity == "error"]


def accepted(document):
    """Whether the strict schema and SAP's documentation accept a template, told without any of the rules."""
    data, spec = document.data, judged(document)
    if document.kind == "ServingTemplate" and not (
        document.block and document.block.text and not document.block.fault
    ):
        return False
    if not validator(document.kind).is_valid(spec):
        return False
    metadata = data["metadata"]
    texts = {key: metadata.get(key) or {} for key in MANDATORY}
    whole = all(isinstance(texts[key].get(name), str) for key, names in MANDATORY.items() for name in names)
    named = re.fullmatch(r"[a-z0-9.-]{4,64}", metadata["name"])
    body = json.dumps(spec)
    plans = re.findall(r"ai\.sap\.com/resourcePlan\W+([\w.]+)", json.dumps(data))
    listed = data["spec"] if document.kind == "WorkflowTemplate" else spec["predictor"]
    secrets = [entry["name"] for entry in listed.get(KEY, [])]
    return (
        whole
        and bool(named)
        and not re.search(r'"image": "[^"]*<', body)
        and all(plan in PLANS or plan.lower() not in PLANS for plan in plans)
        and all("{{" in name or re.fullmatch(r"[a-z0-9][a-z0-9.-]*[a-z0-9]", name) for name in secrets)
        and (document.kind == "ServingTemplate" or body.count('"command"') == body.count('"container"'))
    )


@pytest.mark.needs("template-corpus")
def test_every_real_template_is_checked():
    """Nothing is raised, each file is read, and every finding stands somewhere in its file."""
    done = check_files(corpus())
    assert done.files_read == len(corpus()) > 0
    assert all(one.line and one.column for one in done.findings)
    assert str(done)


@pytest.mark.needs("template-corpus")
def test_what_is_wrong_with_real_templates_is_found():
    """What the list of the corpus calls broken, and what can be seen in a file, has its finding."""
    seen = {
        r"name: Default\b": "secret-name",
        r"imagePullSecrets:\s+- name: <": "secret-placeholder",
        r"image: \S*<": "image-placeholder",
        r"resourcePlan: Starter": "plan-spelling",
        r"kfserving-container": "container-name",
        r"serving\.kubeflow\.org": "old-form",
        r"image: \S+:latest": "image-tag",
        r"\n  name: .*[A-Z].*\n": "name",
    }
    told = notes()
    for path in corpus():
        text = path.read_text("utf-8")
        rules = {one.rule.id for one in check_text(text)}
        if "not parseable" in told[path.name]:
            assert rules == {"yaml"}, path.name
            continue
        wanted = {
            rule for pattern, rule in seen.items() if re.search(pattern, re.sub(r"[ \t]+#.*", "", text))
        }
        if "MAPPING not a string" in told[path.name]:
            wanted.add("not-text-block")
        assert wanted <= rules, path.name


@pytest.mark.needs("template-corpus", "template-schemas")
def test_what_schema_and_documentation_accept_has_no_error():
    """No error is told of a real template that has none, and there are many such."""
    fine = 0
    for path in corpus():
        text = path.read_text("utf-8")
        documents = read_documents(text)
        if documents.fault:
            continue
        (document,) = documents.documents
        if accepted(document):
            fine += 1
            assert errors(text) == [], path.name
        elif not validator(document.kind).is_valid(judged(document)):
            assert check_text(text), path.name
    assert fine > len(corpus()) / 2


def places(value, path=()):
    if isinstance(value, dict):
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in pairs:
        yield from places(inside, (*path, key))


def at(root, path):
    for step in path:
        root = root[step]
    return root


def whole_and_part(kind):
    """The document to check with its inner spec, and the part that the schema is about."""
    (document,) = read_documents(GOOD[kind]).documents
    data, inner = copy.deepcopy(document.data), copy.deepcopy(document.inner)
    return document.kind, data, inner, data if kind == "workflow" else inner


@pytest.mark.needs("template-schemas")
@pytest.mark.parametrize("kind", GOOD)
def test_the_good_templates_fit_the_schemas(kind):
    """The templates that the tests change are valid in strict form."""
    name, _, _, part = whole_and_part(kind)
    assert list(validator(name).iter_errors(part)) == []


@pytest.mark.needs("template-schemas")
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("kind", GOOD)
def test_every_misplacement_that_the_schema_finds_is_found(kind, spelling):
    """Wherever the key stands and a strict schema refuses it, a finding stands at the same place."""
    *_, part = whole_and_part(kind)
    refused = 0
    for path in list(places(part)):
        name, data, inner, part = whole_and_part(kind)
        owner = at(part, path)
        if spelling in owner:
            continue
        owner[spelling] = [{"name": "team-ghcr"}]
        if not validator(name).is_valid(part):
            refused += 1
            ends = [one.path[-len(path) - 1 :] for one in check_document(data, inner=inner)]
            assert (*path, spelling) in ends, path
    assert refused >= 5


SHAPES = [
    "team-ghcr",
    {"name": "team-ghcr"},
    ["team-ghcr"],
    [{"name": 3}],
    [{"secret": "a-b"}],
    3,
    True,
    [[]],
]


@pytest.mark.needs("template-schemas")
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", GOOD)
def test_every_shape_that_the_schema_refuses_is_an_error(kind, shape):
    """What a strict schema does not take as a list of secrets is an error at the right place, too."""
    name, data, inner, part = whole_and_part(kind)
    (part["spec"] if kind == "workflow" else part["predictor"])[KEY] = shape
    assert not validator(name).is_valid(part)
    assert [one for one in check_document(data, inner=inner) if one.severity == "error" and KEY in one.path]
