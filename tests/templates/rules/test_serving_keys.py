import pytest

from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules import serving_keys as rules
from aicore_magics.templates.rules.kind_rules import kind_findings
from aicore_magics.templates.rules.walk import walk
from tests.templates.examples import SERVING
from tests.templates.rules.test_kind_rules import RIGHT, WRONG, nested, places
from tests.templates.workflows import fixes, told

PREDICTOR = "        minReplicas: 1\n"
CONTAINER = "            ports:\n"
PLACES = [each for each in places(rules.INFERENCE_SPEC) if len(each[0]) > 1]


def found(spec):
    findings = Findings()
    kind_findings(findings, walk(findings, spec, rules.INFERENCE_SPEC), filled=True)
    return findings


def predictor(line):
    """The good template with *line* in the predictor."""
    return SERVING.replace(PREDICTOR, f"{PREDICTOR}        {line}\n")


def container(line):
    """The good template with *line* in the container, and a volume."""
    text = SERVING.replace(CONTAINER, f"            {line}\n{CONTAINER}")
    return text.replace(PREDICTOR, f"{PREDICTOR}        volumes: [{{name: v, emptyDir: {{}}}}]\n")


@pytest.mark.enumerates
def test_every_key_takes_its_kind_and_no_other():
    """Each value of another kind is one error at its place; a right one, and what is filled in, is none."""
    assert len(PLACES) > 200
    for path, kind in PLACES:
        for value in (*(RIGHT.get(kind) or RIGHT[kind.type]), "{{inputs.parameters.x}}"):
            assert found(nested(path, value)) == [], (path, value)
        for value in WRONG[kind] if kind in WRONG else WRONG[kind.type]:
            wrong = [(each.path, each.severity) for each in found(nested(path, value))]
            braced = isinstance(value, str) and "{{" in value
            assert wrong == ([] if braced else [(path, "error")]), (path, value)


@pytest.mark.parametrize(
    "line",
    [
        "volumes: §x",
        "§tolerations: {}",
        "affinity: §x",
        "§securityContext: []",
        "§nodeSelector: [a]",
        "nodeSelector: {a: §y}",
        "schedulerName: §3",
        "schedulerName: §y",
        "priorityClassName: §n",
        "runtimeClassName: §on",
        "schedulerName: §2024-01-01",
        "timeout: §soon",
        "timeout: §1.5",
        "terminationGracePeriodSeconds: §soon",
        'containerConcurrency: §"3"',
        "containerConcurrency: §-1",
        'hostNetwork: §"yes"',
        "logger: §x",
        "scaleMetric: §foo",
        "canaryTrafficPercent: §300",
        'labels: {"y": §y}',
    ],
)
def test_what_the_predictor_refuses(line):
    """One error, at the value."""
    ((rule, severity),) = told(predictor(line))
    assert (rule[-1], severity) == ("@", "error")


@pytest.mark.parametrize(
    "line",
    [
        'tty: §"yes"',
        "stdin: §3",
        "workingDir: §3",
        "lifecycle: §x",
        'securityContext: {runAsUser: §"0"}',
        "envFrom: [§x]",
        "envFrom: [{prefix: §y, secretRef: {name: a}}]",
        'volumeMounts: [{name: v, mountPath: /v, readOnly: §"yes"}]',
        "volumeMounts: [{name: v, mountPath: /v, subPath: §y}]",
        "volumeMounts: [{name: v, mountPath: §3}]",
        "volumeMounts: [{name: v, mountPath: §y}]",
        'readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: §"3"}',
        "readinessProbe: {exec: {command: [§y]}}",
        "readinessProbe: {httpGet: {path: §y, port: 8080}}",
        "readinessProbe: {httpGet: {path: /, port: §y}}",
    ],
)
def test_what_a_container_refuses(line):
    """One error, at the value."""
    ((rule, severity),) = told(container(line))
    assert (rule[-1], severity) == ("@", "error")


def test_a_key_of_another_place_is_told():
    """Nothing reads it there, so the variables are missing."""
    assert told(container("envFrom: [{§secretKeyRef: {name: a}}]")) == [("unknown-key@", "warning")]


LISTS = {
    path[-2]: kind.keys for path, kind in PLACES if path[-1:] == (0,) and kind.keys and path[-2] != "labels"
}


@pytest.mark.parametrize("key", LISTS)
def test_an_entry_begins_with_a_key_that_it_has(key):
    """The fix for a text in a list of mappings names no key that nothing reads."""
    path = next(path for path, kind in PLACES if path[-1:] == (0,) and path[-2] == key)
    (finding,) = found(nested(path, "x"))
    assert finding.fix.removeprefix("write - ").partition(":")[0] in LISTS[key]


def test_a_list_of_ports_says_how_a_port_is_written():
    """What the rule of the place itself says is the same."""
    text = SERVING.replace("- containerPort: 8080\n                protocol: TCP", "- 8080")
    assert "write - containerPort: 8080" in fixes(text)
