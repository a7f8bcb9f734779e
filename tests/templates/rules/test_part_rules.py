import pytest

from tests.templates.workflows import ALONE, one, steps, tasks, told, workflow

MAIN = ALONE + "  args: [x]\n"
RESOURCE = "resource: {action: create, manifest: 'kind: ConfigMap'}\n"
MOUNTED = MAIN + "  volumeMounts: [{name: v, mountPath: /data/}]\nvolumes: [{name: v, emptyDir: {}}]\n"
METRIC = "metrics:\n  prometheus:\n    - {name: rows, help: how many, counter: {value: '1'}}\n"
SET = "containerSet:\n  containers:\n"


def part(name, *, more="", image="a.b/c:1"):
    return f"    - {{name: {name}, image: {image}, command: [x], args: [v]{more}}}\n"


def rules(main, more=""):
    return [each for each in told(workflow(main, more)) if not each[0].startswith(("plan", "container-name"))]


@pytest.mark.parametrize(
    "main",
    [
        MAIN + "timeout: 1h30m\nactiveDeadlineSeconds: 60\n",
        MAIN + "timeout: '{{workflow.name}}'\nretryStrategy: {retryPolicy: OnError}\n",
        MAIN + "retryStrategy: {retryPolicy: '{{workflow.name}}'}\n",
        steps(one("a")) + "parallelism: 2\n",
        MAIN + METRIC,
        RESOURCE,
        "resource: {action: get, manifest: ''}\n",
        "resource: {action: '{{workflow.name}}', manifest: x}\n",
        SET + part("main") + part("b", more=", dependencies: [main]"),
        SET + part("main") + "  volumeMounts: [{name: v, mountPath: /v}, {name: w, mountPath: /w}]\n",
        MAIN + "outputs: {parameters: [{name: x, valueFrom: {path: /x, default: v}}, {name: z, value: v}]}\n",
        RESOURCE + "outputs: {parameters: [{name: x, valueFrom: {jsonPath: v}}]}\n",
        steps(one("a", "makes"))
        + "outputs: {parameters: [{name: x, valueFrom: {parameter: '{{steps.a.outputs.result}}'}}]}\n",
        "suspend: {}\noutputs: {parameters: [{name: x, valueFrom: {supplied: {}}}]}\n",
        MAIN + "inputs: {artifacts: [{name: x, path: /x}, {name: z, path: /z, optional: true}]}\n",
        steps(one("a")) + "inputs: {artifacts: [{name: x}]}\n",
        MAIN + "activeDeadlineSeconds: '60'\n",
        MAIN + "activeDeadlineSeconds: '{{workflow.parameters.json}}'\n",
        MAIN + "inputs: {artifacts: [{name: x, path: /x}]}\noutputs: {parameters: [{name: z, value: v}]}\n",
        MOUNTED + "inputs: {artifacts: [{name: x, path: /data/x}, {name: z, path: /dat}]}\n",
    ],
)
def test_what_argo_takes(main):
    """Each setting in a template that has it, and outputs from where that template has them."""
    assert rules(main) == []


@pytest.mark.parametrize(
    "main",
    [
        steps(one("a")) + "activeDeadlineSeconds: §60\n",
        tasks(one("a")) + "activeDeadlineSeconds: §60\n",
        steps(one("a")) + "timeout: §1m\n",
        "suspend: {}\ntimeout: §1m\n",
        MAIN + "timeout: §'60'\n",
        MAIN + "activeDeadlineSeconds: §-1\n",
        MAIN + "activeDeadlineSeconds: §10m\n",
        MAIN + "activeDeadlineSeconds: §1.5\n",
        MAIN + "activeDeadlineSeconds: §'-1'\n",
        MAIN + "parallelism: §2\n",
        MAIN + "retryStrategy: {retryPolicy: §onFailure}\n",
        "resource: {action: §make, manifest: x}\n",
        "§resource: {manifest: x}\n",
        "§resource: {action: create}\n",
        "§resource: {action: create, manifest: x, manifestFrom: {artifact: {name: x}}}\n",
        MAIN + METRIC.replace("name: rows", "name: §my-rows"),
        MAIN + METRIC.replace("{name: rows, help: how many", "§{name: rows"),
        MAIN + METRIC.replace("counter: {value: '1'}", "§counter: {}"),
        MAIN
        + METRIC.replace(
            "counter: {value: '1'}", "gauge: {value: '{{resourcesDuration.cpu}}', realtime: §true}"
        ),
        MAIN + METRIC.replace("counter:", "labels: [{key: §a-b, value: v}], counter:"),
        "containerSet:\n  §containers:\n" + part("b") + "inputs: {artifacts: [{name: x, path: /x}]}\n",
        "containerSet: {§containers: []}\n",
        "§containerSet: {}\n",
    ],
)
def test_settings_that_argo_refuses(main):
    """At the wrong kind of template, without a unit, or of a word that Argo does not know."""
    assert rules(main) == [("setting@", "error")]


def test_a_container_set_mounts_each_path_once():
    """Its own mounts are those of all its containers."""
    mounts = "  volumeMounts: [{name: v, mountPath: /v}, {name: w, mountPath: §/v}]\n"
    assert rules(SET + part("main") + mounts) == [("volume@", "error")]


@pytest.mark.parametrize(
    "main",
    [
        MAIN + "outputs: {parameters: [§{name: x}]}\n",
        MAIN + "outputs: {parameters: [{name: x, value: v, §valueFrom: {path: /x}}]}\n",
        MAIN + "outputs: {parameters: [{name: x, §valueFrom: {path: /x, expression: v}}]}\n",
        MAIN + "outputs: {parameters: [{name: x, §valueFrom: {parameter: v}}]}\n",
        MAIN + "outputs: {parameters: [{name: x, §valueFrom: {default: v}}]}\n",
        RESOURCE + "outputs: {parameters: [{name: x, §valueFrom: {path: /x}}]}\n",
        steps(one("a")) + "outputs: {parameters: [{name: x, §valueFrom: {path: /x}}]}\n",
        MAIN + "outputs: {artifacts: [§{name: x, globalName: x}]}\n",
        steps(one("a")) + "outputs: {artifacts: [{name: x, globalName: x, path: §/x}]}\n",
        MAIN + "inputs: {artifacts: [§{name: x}]}\n",
        tasks(one("a")) + "inputs: {artifacts: [{name: x, path: §/x}]}\n",
        MAIN + "inputs: {artifacts: [{name: x, path: /x, from: §v}]}\n",
    ],
)
def test_outputs_that_argo_refuses(main):
    """From nowhere, from two places, from where this template has none, and files without a path."""
    assert rules(main) == [("output@", "error")]


@pytest.mark.parametrize(
    "main",
    [
        SET + part("main") + part("b", more=", dependencies: [§man]"),
        SET + part("main", more=", §dependencies: [main]"),
        SET + part("main", more=", dependencies: [b]") + part("b", more=", §dependencies: [main]"),
    ],
)
def test_containers_of_a_set_wait_as_tasks_do(main):
    """For one that is there, and in no circle."""
    assert rules(main) == [("dependency@", "error")]


def test_settings_of_the_workflow():
    """When pods are deleted; templates stand here or in another document."""
    assert rules(steps(one("a")), "podGC: {strategy: OnPodSuccess}\n") == []
    assert rules(steps(one("a")), "podGC: {strategy: §onPodSuccess}\n") == [("setting@", "error")]
    assert ("setting@", "error") in rules(steps(one("a")), "§workflowTemplateRef: {name: x}\n")


@pytest.mark.parametrize(
    "main",
    [
        MAIN + "inputs: {artifacts: [{name: x, path: /x}, {name: z, path: §/x}]}\n",
        MAIN + "inputs: {artifacts: [{name: x, path: /x/}, {name: z, path: §/x}]}\n",
        MOUNTED + "inputs: {artifacts: [{name: x, path: §/data}]}\n",
        MOUNTED + "inputs: {artifacts: [{name: a, path: /x}, {name: x, path: §/data/}]}\n",
    ],
)
def test_each_input_artifact_has_a_path_of_its_own(main):
    """Argo refuses two at one path, and one where a volume is mounted."""
    assert rules(main) == [("output@", "error")]
