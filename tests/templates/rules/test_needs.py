import pytest

from aicore_magics.templates.check.text import check_text
from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.needs import mount_findings, needs_findings, volume_names
from tests.templates.examples import GOOD, changed


def found_in(**container):
    found = Findings()
    needs_findings(found, container, ())
    return [(one.rule.id, one.severity, one.path) for one in found]


FINE = {
    "limits": {"memory": "4Gi", "cpu": 2, "nvidia.com/gpu": "1"},
    "requests": {"memory": "{{x}}", "cpu": "1"},
}
HTTP = {"path": "/health", "port": 8080}


@pytest.mark.parametrize(
    "container",
    [
        {"resources": FINE},
        {"readinessProbe": {"httpGet": HTTP, "periodSeconds": 5}},
        {"livenessProbe": {"httpGet": {"path": "{{x}}", "port": "{{y}}"}}},
        {"startupProbe": {"httpGet": {"path": "/"}}},
        {"livenessProbe": {"tcpSocket": {"port": "http"}}, "readinessProbe": {"exec": {"command": ["true"]}}},
    ],
)
def test_what_is_fine(container):
    """What Kubernetes takes, or what a parameter decides on."""
    assert found_in(**container) == []


@pytest.mark.parametrize(
    ("resources", "found"),
    [
        ({"limit": {"cpu": "1"}}, ("unknown-key", "warning", ("limit",))),
        ({"limits": {"memory": "4GB"}}, ("quantity", "error", ("limits", "memory"))),
        ({"limits": {"memory": -1}}, ("quantity", "error", ("limits", "memory"))),
        ({"limits": {"memory": True}}, ("quantity", "error", ("limits", "memory"))),
        ({"limits": {"memory": float("nan")}}, ("quantity", "error", ("limits", "memory"))),
        ({"limits": {"memory": None}}, ("quantity", "error", ("limits", "memory"))),
        ({"limits": {"memory": []}}, ("quantity", "error", ("limits", "memory"))),
        ({"limits": {"nvidia.com/gpu": "0.5"}}, ("quantity", "error", ("limits", "nvidia.com/gpu"))),
        ({"limits": {"memory": "512m"}}, ("quantity-small", "warning", ("limits", "memory"))),
        ({"limits": {"memory": 4}}, ("quantity-small", "warning", ("limits", "memory"))),
        ({"limits": {"cpu": "1"}, "requests": {"cpu": "1500m"}}, ("quantity", "error", ("requests", "cpu"))),
        ({"limits": "1"}, ("shape", "error", ("limits",))),
    ],
)
def test_what_is_no_resource(resources, found):
    """Each has one finding, at its value."""
    rule, severity, path = found
    assert found_in(resources=resources) == [(rule, severity, ("resources", *path))]


def test_the_unit_that_was_meant_is_told():
    """GB is none of Kubernetes' units."""
    found = Findings()
    needs_findings(found, {"resources": {"limits": {"memory": "4GB"}}}, ())
    assert [one.fix for one in found] == ["write 4G or 4Gi"]


@pytest.mark.parametrize(
    ("probe", "found"),
    [
        ({"httpGet": {**HTTP, "path": "health"}}, ("probe", "warning", ("httpGet", "path"))),
        ({"httpGet": {**HTTP, "port": "8080"}}, ("port", "error", ("httpGet", "port"))),
        ({"httpGet": {**HTTP, "port": 70000}}, ("port", "error", ("httpGet", "port"))),
        ({"tcpSocket": {"port": "80"}}, ("port", "error", ("tcpSocket", "port"))),
        ({"tcpSocket": 80}, ("shape", "error", ("tcpSocket",))),
    ],
)
def test_what_is_no_probe(probe, found):
    """A path has a slash, and a port in quotes would be the name of one."""
    rule, severity, path = found
    assert found_in(livenessProbe=probe) == [(rule, severity, ("livenessProbe", *path))]


@pytest.mark.parametrize(
    ("mounts", "rules"),
    [
        ([{"name": "a", "mountPath": "/a"}, {"name": "b", "mountPath": "/b"}], []),
        (
            [{"name": "a", "mountPath": "/a"}, {"name": "b", "mountPath": "/a/"}],
            ["two volumeMounts are at"],
        ),
        ([{"name": "c", "mountPath": "/a"}], ["there is no volume c"]),
        ([{"name": "{{c}}", "mountPath": "/a"}], []),
        ([{"name": "a"}], ["a volumeMount has no mountPath"]),
        (
            [{"name": "a", "mountpath": "/a"}],
            ["unknown key mountpath in an entry of volumeMounts", "a volumeMount has no mountPath"],
        ),
    ],
)
def test_a_mount_has_a_path_of_its_own_and_a_volume(mounts, rules):
    """Where the volumes are not known, nothing is said of them."""
    found = Findings()
    mount_findings(found, [((), {"volumeMounts": mounts})], {"a", "b"}, "predictor")
    assert len(found) == len(rules)
    assert all(one.message.startswith(begin) for one, begin in zip(found, rules, strict=True))
    unknown = Findings()
    mount_findings(unknown, [((), {"volumeMounts": mounts})], None, "predictor")
    assert not any("there is no volume" in one.message for one in unknown)


def test_volumes_are_those_of_all_owners():
    """A template has its own, and those of the workflow, claims among them; odd data count for none."""
    template, spec = {"volumes": [{"name": "a"}, 3]}, {"volumeClaimTemplates": [{"metadata": {"name": "b"}}]}
    assert volume_names(template, spec, {"volumes": None}, {"volumes": {"x": 1}}) == {"a", "b"}
    assert volume_names({"volumes": [{"name": "{{x}}"}]}) is None
    assert volume_names({"volumes": "{{=x}}"}) is None


MOUNT = "volumeMounts: [{name: data, mountPath: /data}]"


@pytest.mark.parametrize(
    ("kind", "container", "owner", "volumes"),
    [
        ("workflow", "        image:", "      container:\n", "      volumes: [{name: data}]\n"),
        (
            "workflow",
            "        image:",
            "  entrypoint: main\n",
            "  volumeClaimTemplates: [{metadata: {name: data}}]\n",
        ),
        ("workflow", "        image:", "  entrypoint: main\n", "  podSpecPatch: x\n"),
        ("serving", "            image:", "        minReplicas: 1\n", "        volumes: [{name: data}]\n"),
    ],
)
def test_a_mount_without_its_volume_is_found_in_both_kinds(kind, container, owner, volumes):
    """Volumes are looked for where each kind has them."""
    text, _ = changed(kind, container, f"{container[: -len('image:')]}{MOUNT}\n{container}")
    assert [one.message for one in check_text(text)] == ["there is no volume data"]
    assert check_text(text.replace(owner, volumes + owner, 1)) == ()


@pytest.mark.parametrize("kind", GOOD)
def test_resources_and_probes_are_looked_at_in_both_kinds(kind):
    """What a container needs is checked in a workflow as inside the text block."""
    indent = "        " if kind == "workflow" else "            "
    more = "resources: {limits: {memory: 4GB}}"
    text, _ = changed(kind, f"{indent}image:", f"{indent}{more}\n{indent}image:")
    assert [one.rule.id for one in check_text(text)] == ["quantity"]
