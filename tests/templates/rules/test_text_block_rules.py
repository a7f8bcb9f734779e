import pytest

from aicore_magics.templates.check.text import check_text
from aicore_magics.templates.rules.text_block_rules import duration
from tests.templates.examples import SERVING, changed
from tests.templates.workflows import told

NOTES = '        autoscaling.knative.dev/target: "1"\n'
LABELS = "        ai.sap.com/resourcePlan: starter\n"
KEY = "autoscaling.knative.dev/"


def notes(lines):
    return SERVING.replace(NOTES, "".join(f"        {line}\n" for line in lines))


def found(text):
    return [f"{each.rule.id} {each.severity}" for each in check_text(text.replace("§", ""))]


@pytest.mark.parametrize(
    "line",
    [
        "metric: concurrency",
        "metric: rps",
        "target: 1",
        'target: "0.5"',
        "targetBurstCapacity: 0",
        "targetBurstCapacity: -1",
        "target-burst-capacity: 70",
        "window: 10m",
        "window: 6s",
        "window: 1h",
        "scaleToZeroPodRetentionPeriod: 1m30s",
        "scale-to-zero-pod-retention-period: 0s",
        "scale-down-delay: 0",
        "min-scale: 1",
        "maxScale: '3'",
        "target-utilization-percentage: 70",
        "targetUtilizationPercentage: 99.5",
        "target: '1e2'",
        "target: {{inputs.parameters.image}}",
        'window: "{{inputs.parameters.image}}"',
    ],
)
def test_annotations_that_knative_takes(line):
    """As SAP documents them, in both spellings, with and without quotes, and with a parameter."""
    assert found(notes([KEY + line])) == []


@pytest.mark.parametrize(
    "line",
    [
        "metric: cpu",
        "metric: concurency",
        "metric: ",
        "target: 0",
        "target: many",
        "target: true",
        "targetBurstCapacity: -2",
        "target-burst-capacity: x",
        'window: "600"',
        "window: 600",
        "window: 5s",
        "window: 2h",
        "window: 10 m",
        "scaleToZeroPodRetentionPeriod: 61m",
        "scale-down-delay: 1d",
        "minScale: one",
        "max-scale: 1.5",
        "target-utilization-percentage: 101",
        "panic-threshold-percentage: 100",
    ],
)
def test_annotations_that_knative_refuses(line):
    """Another metric, no number, no unit, and more than an hour: at the value, with one that is right."""
    text = notes([f"{KEY}{line.replace(': ', ': §', 1)}" if line[-1] != " " else f"§{KEY}{line}"])
    assert told(text) == [("autoscaling@", "error")]


def test_another_autoscaler_has_metrics_of_its_own():
    """With its class, cpu is one."""
    assert found(notes([f"{KEY}class: hpa.autoscaling.knative.dev", f"{KEY}metric: cpu"])) == []


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        (f"§{KEY}targt: 1", ["unknown-key@"]),
        (f"§{KEY}scaleToZeroDisabled: true", ["unknown-key@"]),
        ("§autoscaling.knative.de/target: 1", ["unknown-key@"]),
        ("serving.kserve.io/anything: x", []),
        ("x/y: 3", []),
        ("x/z: §yes", ["text@"]),
        ("§x/z: [1]", ["text@"]),
        ("§x/z: {a: 1}", ["text@"]),
        ("x/z:", []),
    ],
)
def test_other_annotations(line, rules):
    """A misspelt key, and a value that is no text; keys of others may be any, and numbers are usual."""
    assert [rule for rule, _ in told(notes([line]))] == rules


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("x: y1", []),
        ("x: '{{inputs.parameters.image}}'", []),
        ("x:", []),
        ("§ai.sap.com/resourceplan: starter", ["unknown-key@"]),
        ("§ai.sap.com/instance-type: m5", ["unknown-key@"]),
        ("x: §1.10", ["text@"]),
        ("x: §yes", ["text@"]),
        ("x: §a b", ["label@"]),
        ("§x: [a]", ["text@"]),
    ],
)
def test_labels(line, rules):
    """Texts that Kubernetes takes; a key that was meant for the plan is told, as nobody reads it."""
    text = SERVING.replace(LABELS, f"{LABELS}        {line}\n")
    assert [rule for rule, _ in told(text)] == rules


@pytest.mark.parametrize("key", ["labels", "annotations"])
@pytest.mark.parametrize("block", ["- a", "word", "3", "one two"])
def test_a_block_that_is_no_mapping(key, block):
    """A list, a word or a number: an error at the block; nothing at all is fine."""
    old = LABELS if key == "labels" else NOTES
    text = changed("serving", old, f"        {block}\n")[0]
    found = [each for each in check_text(text) if each.rule.id != "plan-missing"]
    line = text.splitlines().index(f"        {block}") + 1
    assert [(each.rule.id, each.severity, each.line) for each in found] == [("shape", "error", line)]
    empty = check_text(changed("serving", old, "        # nothing\n")[0])
    assert {each.rule.id for each in empty} <= {"plan-missing"}


@pytest.mark.parametrize(
    ("text", "seconds"), [("1h", 3600), ("1.5s", 1.5), ("100ms", 0.1), ("0", 0), ("2m3s", 123)]
)
def test_times(text, seconds):
    """As Go reads them."""
    assert duration(text) == pytest.approx(seconds)
    assert duration(f" {text}") is duration(f"{text}x") is duration(f"-{text}") is duration("1h" * 99) is None


@pytest.mark.parametrize("part", ["transformer", "explainer"])
@pytest.mark.parametrize(
    "value", [" {containers: [{image: a.b/c:1}]}", " {}", "", "\n          minReplicas: 1"]
)
def test_other_parts_of_an_inference_service_are_doubtful(part, value):
    """A warning at the key: SAP documents the predictor alone."""
    text = changed("serving", "      predictor:\n", f"      {part}:{value}\n      predictor:\n")[0]
    found = [each for each in check_text(text) if each.rule.id == "undocumented-part"]
    assert [(each.severity, each.line, each.column) for each in found] == [("warning", 27, 7)]
    assert found[0].message == f"AI Core does not document {part}: it needs a predictor"
