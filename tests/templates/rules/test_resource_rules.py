import pytest

from tests.templates.workflows import told, workflow

READS = "inputs: {artifacts: [{name: made, path: /x}]}\n"


def makes(resource, more=""):
    return told(workflow(f"resource: {{{resource}}}\n{more}"))


@pytest.mark.parametrize(
    "resource",
    [
        "action: create, manifest: 'kind: Pod'",
        "action: create, manifest: 'name: {{workflow.name}}-x'",
        "action: create, manifest: 'x: {{=a ? b : c: d}}'",
        'action: apply, manifest: "a: b\\n---\\nc: d\\n"',
        "action: get, manifest: 'a: b: c'",
        "action: delete, flags: [pod, x]",
    ],
)
def test_what_argo_takes(resource):
    """YAML with `{{…}}` in it; what is only looked at or deleted needs none."""
    assert makes(resource) == []


@pytest.mark.parametrize(
    "resource",
    [
        "action: create, manifest: §'a: b: c'",
        'action: patch, manifest: §"a: b\\n\\tc: d"',
        "action: apply, manifest: §'[a'",
        "action: create, manifestFrom: {artifact: {name: §mad}}",
    ],
)
def test_what_argo_refuses(resource):
    """A manifest that is no YAML, or from an artifact that the template does not declare."""
    assert makes(resource, READS) == [("setting@", "error")]


def test_a_manifest_from_an_artifact():
    """The template declares it as an input."""
    assert makes("action: create, manifestFrom: {artifact: {name: made}}", READS) == []
