import pytest

from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.pod import declared_inputs, has_plan, output_findings, pod_findings

IMAGE = "ghcr.io/acme/churn:1.4"
RUN = {"command": ["/bin/sh", "-c"], "args": ["x"]}
PLANNED = {"labels": {"ai.sap.com/resourcePlan": "starter"}}


def found_in(template, *, covered=False):
    found = Findings()
    images = pod_findings(found, {"name": "train", **template}, ("t",), {}, covered=covered)
    return [image for _, image in images], [(one.rule.id, one.path[1:]) for one in found]


def test_images_of_all_containers_are_given():
    """Of the container and those beside it, and of a script."""
    beside = {
        "sidecars": [{"name": "a", "image": "ghcr.io/a/b:1"}],
        "initContainers": [{"image": "ghcr.io/c/d:1"}],
    }
    template = {"metadata": PLANNED, "container": {"image": IMAGE, **RUN}, **beside}
    assert found_in(template) == ([IMAGE, "ghcr.io/a/b:1", "ghcr.io/c/d:1"], [])
    script = {"image": IMAGE, "source": "print()", **RUN}
    assert found_in({"metadata": PLANNED, "script": script}) == ([IMAGE], [])
    script = {"image": IMAGE, "source": "print()", "command": ["python"]}
    assert found_in({"metadata": PLANNED, "script": script}) == ([IMAGE], [])


def test_of_several_containers_one_is_main():
    """AI Core shows the logs of the one that is named so."""
    group = [{"name": "main", "image": IMAGE, **RUN}, {"name": "readable-b", "image": IMAGE, **RUN}]
    template = {"metadata": PLANNED, "containerSet": {"containers": group}}
    assert found_in(template) == ([IMAGE, IMAGE], [])
    group[0]["name"] = "first"
    assert found_in(template)[1] == [("container-name", ("containerSet", "containers"))]


def test_a_pod_needs_a_plan():
    """Without one, unless another place may name it for all; steps need none."""
    container = {"container": {"image": IMAGE, **RUN}}
    assert found_in(container)[1] == [("plan-missing", ())]
    assert found_in(container, covered=True)[1] == []
    assert found_in({"steps": []})[1] == []


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        ({}, "does nothing"),
        ({"steps": [], "dag": {}}, "has dag and steps"),
        ({"suspend": {}, "http": {}}, "has http"),
    ],
)
def test_a_template_does_one_thing(template, rule):
    """Nothing, or two things at once, are an error."""
    found = Findings()
    pod_findings(found, {"name": "x", **template}, (), {}, covered=True)
    assert [one.rule.id for one in found] == ["templates"]
    assert rule in found[0].message


@pytest.mark.parametrize("action", ["container", "steps", "dag", "script", "resource", "suspend"])
def test_an_empty_key_does_nothing(action):
    """Argo does not see it, and refuses the template; defaults for all templates may fill it."""
    found = Findings()
    pod_findings(found, {"name": "x", action: None}, (), {}, covered=True)
    assert [(one.rule.id, one.path) for one in found] == [("templates", (action,))]
    assert str(found[0].fix) == (
        "write suspend: {}" if action == "suspend" else f"indent the keys of {action}: below it"
    )
    found = Findings()
    pod_findings(found, {"name": "x", action: None}, (), {"templateDefaults": {}}, covered=True)
    assert found == []


@pytest.mark.parametrize(
    ("metadata", "there"),
    [
        (PLANNED, True),
        ({"labels": {"ai.sap.com/instanceType": "m5"}}, True),
        ({"labels": "text"}, True),
        ({}, False),
        (None, False),
        ({"labels": {}}, False),
        ("x", False),
    ],
)
def test_whether_labels_name_a_plan(metadata, there):
    """A plan or an instance type; labels that are no mapping have a finding of their own."""
    assert has_plan(metadata) is there


def test_inputs_are_known_by_kind_and_name():
    """One without a name, or with one that is no text, may be any; a number as a value is doubtful."""
    inputs = {"parameters": [{"name": "a", "value": 3}, {}], "artifacts": [{"name": "b"}, "c"]}
    found = Findings()
    assert declared_inputs(found, {"inputs": inputs}, ()) == {"parameters.a", "parameters.", "artifacts.b"}
    assert [(one.rule.id, one.severity) for one in found] == [
        ("parameter-text", "warning"),
        ("shape", "error"),
    ]
    assert declared_inputs(found, {}, ()) == set()


def test_an_output_that_is_handed_on_needs_no_global_name():
    """Only an artifact that no later step takes is lost without one."""
    outputs = {"outputs": {"artifacts": [{"name": "rows", "path": "/x"}]}}
    found = Findings()
    output_findings(found, outputs, (), ["{{steps.a.outputs.artifacts.rows}}"])
    assert found == []
    output_findings(found, outputs, (), [])
    assert [(one.rule.id, one.severity, one.fix) for one in found] == [
        ("global-name", "warning", "write globalName: rows")
    ]


def test_where_the_plan_belongs_is_told():
    """The labels at the top are another place: the fix names the template."""
    found = Findings()
    template = {"name": "train", "container": {"image": "a.b/c:1", "command": ["x"], "args": ["y"]}}
    pod_findings(found, template, ("t",), {}, covered=False)
    assert [one.fix for one in found if one.rule.id == "plan-missing"] == [
        "write ai.sap.com/resourcePlan: starter in metadata.labels of template train"
    ]
