import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.templates.check.text import check_document, check_text
from aicore_magics.templates.finding import MAX_FINDINGS, Finding
from aicore_magics.templates.rules.document_rules import template_findings
from aicore_magics.templates.yaml.marks import read_documents
from tests.templates.examples import GOOD, SERVING, WORKFLOW, changed

HUB_TOKEN = "dckr_pat_" + "Ab1-" * 6
LIST = "imagePullSecrets: [{name: a-b}]"

# What is replaced, by what, and the rule; an error unless said otherwise. § marks the place of the finding.
BOTH = [
    ("1alpha1\n", "1beta1\n", "api-version"),
    ("\nspec:\n", "\n§spce: {}\nspec:\n", "unknown-key warning"),
    ("metadata:\n", f"§{LIST}\nmetadata:\n", "secret-place warning"),
    ("metadata:\n", f"metadata:\n  §{LIST}\n", "secret-place warning"),
    ("  labels:\n", f"  labels:\n    §{LIST}\n", "text + secret-place warning"),
    ("  name: churn-", "  name: §1 #", "text"),
    ("  name: churn-", "  §name: #", "name"),
    ("  name: churn-", "  name: §abc #", "name"),
    ("  name: churn-", f"  name: §{'a' * 65} #", "name"),
    ("  name: churn-", "  name: §Churn-", "name"),
    ("  name: churn-", "  name: §churn_", "name"),
    ("  name: churn-", "  name: §<churn>-", "name"),
    ("  name: churn-", "  name: §churn.", "name-dots hint"),
    ("    scenarios.ai.sap.com/name: Churn\n", "", "annotations-missing"),
    ("com/name: Churn", "com/name: §1.5", "text"),
    ("com/name: Churn", "com/name: §''", "annotations-missing"),
    ("  labels:\n    scenarios.ai.sap.com/id: churn\n", "  §labels:\n", "labels-missing"),
    ("/id: churn", "/id: §abc", "label"),
    ("/id: churn", "/id: §<your scenario>", "label"),
    ('version: "1.0"', "version: §1.0", "text"),
    ('version: "1.0"', "version: §true", "text"),
    ('version: "1.0"', "version: §'1 0'", "label"),
    ("name: team-ghcr", "name: §Default", "secret-name"),
    ("name: team-ghcr", "name: §''", "secret-name"),
    ("name: team-ghcr", "name: §12", "secret-name"),
    ("name: team-ghcr", "§name:", "secret-name"),
    ("name: team-ghcr", "name: §<YOUR_DOCKER_SECRET>", "secret-placeholder"),
    ("name: team-ghcr", "name: §$imagePullSecret", "secret-placeholder"),
    ("name: team-ghcr", f"name: §{HUB_TOKEN}", "secret-token"),
    ("- name: team-ghcr", "- §team-ghcr", "secret-shape"),
    ("- name: team-ghcr", "- {name: team-ghcr, §namespace: x}", "unknown-key warning"),
    ("containerPort: 8080", 'containerPort: §"8080"', "port"),
    ("containerPort: 8080", "containerPort: §80800", "port"),
    ("- containerPort: 8080", "- §cntainerPort: 8080", "port + unknown-key warning"),
]
PULL, BELOW = "  imagePullSecrets:\n    - name: team-ghcr\n", "    - name: team-ghcr\n"
PLAN = "ai.sap.com/resourcePlan: starter"
SHELL = '        command: ["/bin/sh", "-c"]\n'
ARGS = "        args:\n          - python train.py\n"
ON_WORKFLOW = [
    (PULL, "  imagePullSecrets: §team-ghcr\n", "secret-shape"),
    (PULL, "  §imagePullSecrets: {name: team-ghcr}\n", "secret-shape"),
    (PULL, "  §imagePullSecrets: []\n", "secret-shape"),
    (PULL, "  §imagePullSecrets:\n", "secret-shape"),
    ("  imagePullSecrets:", "  §imagePullSecret:", "secret-spelling"),
    ("  imagePullSecrets:", "  §imagepullsecrets:", "secret-spelling"),
    ("  imagePullSecrets:", "  §image_pull_secrets:", "secret-spelling"),
    ("  imagePullSecrets:", "  §imagePullSecerts:", "secret-spelling"),
    (PULL, PULL + "  §imagePullSecret: []\n", "secret-spelling warning"),
    ("    - name: train\n", f"    - name: train\n      §{LIST}\n", "secret-place warning"),
    ("        image:", "        §imagePullSecret: []\n        image:", "secret-place warning"),
    ("  entrypoint: main\n", "  entrypoint: §mian\n", "entrypoint"),
    ("  entrypoint: main\n", "  §entrypoint:\n", "entrypoint"),
    ("  entrypoint: main\n", "", "entrypoint"),
    ("  entrypoint: main\n", "  entrypoint: §1\n", "text"),
    ("            template: train", "            template: §trian", "steps"),
    ("        - - name: first\n            template: train", "        - - §name: first", "steps"),
    ("        - - name: first\n            template: train", "        - §name: first", "steps"),
    ("spec:\n", "spec:\n  §serviceAcount: x\n", "unknown-key warning"),
    ("      inputs:", "      §inputss: {}\n      inputs:", "unknown-key warning"),
    ('        value: "3"', '        §vlue: "3"', "unknown-key warning"),
    ('        value: "3"', "        value: §3", "parameter-text warning"),
    ('        value: "3"', "        §value: [3]", "text"),
    (
        '            value: "{{workflow',
        '            §velue: x\n            value: "{{workflow',
        "unknown-key warning",
    ),
    ('"{{workflow.parameters.DEPTH', '§"{{workflow.parameters.DETPH', "undeclared"),
    ('"{{inputs.artifacts.rows.path', '§"{{inputs.parameters.rows', "undeclared"),
    ('"{{pod.name}}"', '§"{{parameters.x}}"', "unfilled warning"),
    ('"{{pod.name}}"', "§3", "text"),
    ('"{{pod.name}}"', "§no", "text"),
    ("            globalName: churn-model\n", "", "global-name warning"),
    ("        labels:\n          " + PLAN, "        labels: {}", "plan-missing warning"),
    (PLAN, "ai.sap.com/resourcePlan: §Starter", "plan-spelling"),
    (PLAN, "ai.sap.com/resourcePlan: §infer.xl", "plan-unknown warning"),
    (PLAN, "ai.sap.com/resourcePlan: §<your choice>", "plan-placeholder"),
    (PLAN, PLAN + "\n          ai.sap.com/instanceType: §m5.xlarge", "plan-and-instance"),
    ("        labels:\n          ai.sap", "        labels: §|\n          ai.sap", "shape"),
    ("kind: model", "kind: §modle", "artifact-kind warning"),
    ("        image: ghcr.io/acme/churn:1.4\n", "", "image-missing"),
    ("image: ghcr.io/acme", "image: §acme", "image-host warning"),
    ("image: ghcr.io/acme/churn:1.4", "image: §ghcr.io/acme/churn:latest", "image-tag warning"),
    ("image: ghcr.io/acme/churn:1.4", "image: §ghcr.io/acme/churn", "image-tag warning"),
    ("image: ghcr.io", "image: §https://ghcr.io", "image-reference"),
    ("image: ghcr.io", "image: §hub.docker.com", "image-reference"),
    ("image: ghcr.io/acme", "image: §docker.io/<YOU>", "image-placeholder"),
    ("image: ghcr.io/acme/churn:1.4", "image: §7", "text"),
    (SHELL, "", "command"),
    (SHELL, "        command: §/bin/sh -c\n", "shape"),
    (ARGS, "        §args: []\n", "args"),
    (SHELL + ARGS, "        command: [python, train.py]\n", "args-missing warning"),
    ("- python train.py", "- §3", "text"),
    ("runAsNonRoot: true", "runAsNonRoot: true\n          §fsGroup: 1", "unknown-key warning"),
    ("    - name: train\n", "    - name: §main\n", "templates + steps"),
    ("    - name: train\n", "    - §metdata: {}\n      name: train\n", "unknown-key warning"),
    ("      container:\n", "      resource: {}\n      container:\n", "templates"),
    ("      steps:\n        - - name: first\n            template: train\n", "", "templates"),
    ("  arguments:\n    parameters:\n", "  arguments:\n    §parameters:\n      x:\n", "shape + undeclared"),
]
PREDICTOR = "        imagePullSecrets:\n          - name: team-ghcr\n"
ON_SERVING = [
    (PREDICTOR, "        imagePullSecrets: §team-ghcr\n", "secret-shape"),
    (PREDICTOR, "        §imagePullSecrets: {name: team-ghcr}\n", "secret-shape"),
    (PREDICTOR, "        §imagePullSecrets: []\n", "secret-shape"),
    ("        imagePullSecrets:", "        §imagePullSecret:", "secret-spelling"),
    ("        imagePullSecrets:", "        §ImagePullSecrets:", "secret-spelling"),
    ("spec:\n  inputs:", f"spec:\n  §{LIST}\n  inputs:", "secret-place warning"),
    ("  template:\n", f"  template:\n    §{LIST}\n", "secret-place warning"),
    ("      predictor:\n", f"      §{LIST}\n      predictor:\n", "secret-place warning"),
    ("            image:", f"            §{LIST}\n            image:", "secret-place warning"),
    ("- name: image\n", "- name: §my-image\n", "parameter-name + undeclared"),
    ("- name: model\n", "- name: §my-model\n", "artifact-name + undeclared"),
    ("type: string", "type: §int", "parameter-type"),
    ("default: ghcr.io/acme/churn:1.4", "default: §5", "text"),
    ("default: ghcr.io/acme/churn:1.4", "default: §acme/churn:1.4", "image-host warning"),
    ("default: ghcr.io/acme/churn:1.4", "default: §ghcr.io/acme/churn", "image-tag warning"),
    ("        default:", "        §defualt:", "unknown-key warning"),
    ("  inputs:\n", "  §resources: {}\n  inputs:\n", "unknown-key warning"),
    ("serving.kserve.io/v1beta1", "serving.kubeflow.org/v1beta1", "old-form"),
    ("apiVersion: serving.kserve.io/v1beta1", "§apiVersion:", "api-version-missing warning"),
    ("apiVersion: serving.kserve.io/v1beta1", "apiVersion: §serving.kserve.io/v1", "api-version"),
    ("labels: |", "§labels:", "not-text-block"),
    ("annotations: |", "§annotations:", "not-text-block"),
    (PLAN, "ai.sap.com/resourcePlan: §Starter", "plan-spelling"),
    (PLAN, 'ai.sap.com/resourcePlan: §"infer.xl"', "plan-unknown warning"),
    (PLAN, PLAN + "\n        ai.sap.com/instanceType: §m5.xlarge", "plan-and-instance"),
    ("      labels: |\n        " + PLAN + "\n", "", "plan-missing warning"),
    (PLAN, 'x: "{{inputs.parameters.plan}}"', "plan-missing warning + undeclared"),
    ("    spec: |\n", "    §spec:\n", "not-text-block"),
    ("      predictor:", "      §predicter:", "unknown-key warning + predictor + secret-place"),
    ("      predictor:\n", "      §default:\n", "old-form + secret-place"),
    ("name: kserve-container", "name: §kfserving-container", "container-name warning"),
    ("name: kserve-container", "name: §main", "container-name warning"),
    ("name: kserve-container", "§name:", "container-name-missing"),
    (
        "        containers:\n          - name",
        "        containers:\n          - name: x\n            image: a.b/c:1\n          - §name",
        "containers-several warning + port-missing hint",
    ),
    ("        containers:\n", "        §containers: []\n        x:\n", "containers + unknown-key warning"),
    ("minReplicas: 1", 'minReplicas: §"1"', "replicas"),
    ("minReplicas: 1", "minReplicas: §-1", "replicas"),
    ("minReplicas: 1\n        maxReplicas: 2", "minReplicas: 3\n        maxReplicas: §2", "replicas"),
    (
        "            ports:\n              - containerPort: 8080\n                protocol: TCP\n",
        "",
        "port-missing hint",
    ),
    (
        "            ports:\n",
        "            §ports:\n              - containerPort: 9090\n",
        "port-several warning",
    ),
    ("{{inputs.parameters.image}}", "§{{inputs.parameters.imag}}", "undeclared"),
    ("{{inputs.parameters.image}}", "{{image}}", "unfilled warning"),
    ('"{{inputs.artifacts.model}}"', "§{{inputs.artifacts.modle}}", "undeclared"),
    ('"{{inputs.artifacts.model}}"', "§3", "text"),
    ("            image: ", "            §imagee: ", "unknown-key warning + image-missing"),
    ("image: {{inputs.parameters.image}}", "image: §ghcr.io/acme/churn:latest", "image-tag warning"),
    ("        containers:\n", "        §cntainers: []\n        containers:\n", "unknown-key warning"),
    ("              - containerPort: 8080", "\t             - containerPort: 8080", "yaml"),
    ("containerPort: 8080", "containerPort:8080", "yaml"),
]
ALL = [
    *((kind, *row) for kind in GOOD for row in BOTH),
    *(("workflow", *row) for row in ON_WORKFLOW),
    *(("serving", *row) for row in ON_SERVING),
]
READABLE = [row for row in ALL if row[-1] != "yaml"]


def named(finding):
    severity = "" if finding.severity == "error" else f" {finding.severity}"
    return f"{finding.rule.id}{severity}"


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_template_has_no_finding(kind):
    """What SAP's documentation asks for is enough: not even a hint is said of it."""
    assert check_text(GOOD[kind]) == ()


@pytest.mark.parametrize(("kind", "old", "new", "rules"), ALL)
def test_one_change_gives_its_finding_at_its_place(kind, old, new, rules):
    """Each change is found by the rule for it and by no other, and the mark is where the finding stands."""
    text, place = changed(kind, old, new)
    found = check_text(text)
    assert sorted(map(named, found)) == sorted(rules.split(" + "))
    assert place is None or place in [(one.line, one.column) for one in found]
    assert all(one.line and one.message and not NOTEBOOK.say(one.fix or ".").endswith(".") for one in found)


@pytest.mark.parametrize(("kind", "old", "new", "rules"), READABLE)
def test_a_document_has_the_findings_of_its_text(kind, old, new, rules):
    """Checked as plain data, a template has the same findings."""
    text, _ = changed(kind, old, new)
    (document,) = read_documents(text).documents
    assert sorted(map(named, check_document(document.data))) == sorted(rules.split(" + "))


# What may be changed without a finding.
HARMLESS = [
    ("workflow", "name: team-ghcr", 'name: "{{workflow.parameters.DEPTH}}"'),
    ("workflow", PULL, ""),
    ("workflow", "image: ghcr.io/acme/churn:1.4", f"image: ghcr.io/acme/churn@sha256:{'0' * 64}"),
    ("workflow", "image: ghcr.io/acme/churn:1.4", 'image: "{{workflow.parameters.DEPTH}}:1"'),
    ("workflow", PLAN, "ai.sap.com/instanceType: m5.xlarge"),
    ("workflow", PLAN, 'ai.sap.com/resourcePlan: "{{workflow.parameters.DEPTH}}"'),
    ("workflow", "template: train", "templateRef: {name: a, template: b}"),
    ("workflow", "{{pod.name}}", "{{=sprig.upper(pod.name)}} {{workflow.uid}} {{item}} {{retries}}"),
    ("workflow", "containerPort: 8080", "containerPort: 1\n            name: http"),
    ("workflow", "- python train.py", "- |\n            echo {a} <b> $C\n            python train.py"),
    ("workflow", "spec:\n", "spec:\n  activeDeadlineSeconds: 600\n"),
    ("workflow", "\n  labels:\n", '\n  labels:\n    ext.ai.sap.com/x: ""\n'),
    ("workflow", 'value: "3"', 'default: "3"\n        description: how deep'),
    ("workflow", "kind: model", "description: a churn model"),
    ("serving", "name: team-ghcr", 'name: "{{inputs.parameters.image}}"'),
    ("serving", PREDICTOR, ""),
    ("serving", "minReplicas: 1", "minReplicas: {{inputs.parameters.image}}"),
    ("serving", "minReplicas: 1", "minReplicas: 0"),
    ("serving", "containerPort: 8080", "containerPort: {{inputs.parameters.image}}"),
    ("serving", "image: {{inputs.parameters.image}}", "image: docker.io/{{inputs.parameters.image}}"),
    ("serving", "image: {{inputs.parameters.image}}", 'image: "{{ inputs.parameters.image }}"'),
    ("serving", "type: string", "description: an image"),
    ("serving", "default: ghcr.io/acme/churn:1.4", 'default: ""'),
    ("serving", PLAN, 'ai.sap.com/instanceType: "m5.xlarge" # large'),
    ("serving", "spec: |\n", "spec: |2\n"),
    ("serving", "        maxReplicas: 2\n", "        # imagePullSecret: [{name: x}]\n"),
    ("serving", "        minReplicas: 1\n", "        minReplicas: 1\n        timeout: 30\n"),
]


@pytest.mark.parametrize(("kind", "old", "new"), HARMLESS)
def test_what_is_fine_is_not_found(kind, old, new):
    """What real templates have, and AI Core takes, gives no finding."""
    text, _ = changed(kind, old, new)
    assert check_text(text) == ()


def test_an_error_at_the_wrong_place_is_a_warning_once_the_right_place_has_it():
    """A secret that only the outer spec names is an error, as nothing is pulled with it."""
    text, place = changed("serving", PREDICTOR, "")
    outer = text.replace("spec:\n  inputs:", f"spec:\n  {LIST}\n  inputs:")
    (found,) = check_text(outer, "my serve.yaml")
    assert (found.rule.id, found.severity, found.line, found.column) == ("secret-place", "error", 12, 3)
    assert found.message == "imagePullSecrets is at the outer spec, AI Core reads predictor"
    assert NOTEBOOK.say(found.fix) == "%aicore_template patch 'my serve.yaml' --secret a-b --move"
    assert place is None


def test_a_token_is_never_repeated():
    """No part of a finding holds a token, or a name that may be a password."""
    for name in (HUB_TOKEN, "Hunter2!pw", "https://anna:Hunter2@ghcr.io"):
        for kind in GOOD:
            text, _ = changed(kind, "name: team-ghcr", f'name: "{name}"')
            (found,) = check_text(text)
            assert name not in str(found.to_dict())


@pytest.mark.parametrize(
    "kind", [None, 3, "", "Workflow", "ServingTemplates", "servingtemplate", "Deployment"]
)
def test_another_kind_is_an_error_with_the_nearest_one(kind):
    """Whatever else the kind is, AI Core does not read it."""
    (found,) = template_findings({"kind": kind})
    assert (found.rule.id, found.path) == ("kind", ("kind",))
    wanted = "ServingTemplate" if "serving" in str(kind).lower() else "WorkflowTemplate"
    assert wanted in NOTEBOOK.say(found.fix)


@pytest.mark.parametrize("document", [None, 3, "text", [], {}, {1: 2}])
def test_what_is_no_template_is_an_error(document):
    """A document that is no mapping, or has no kind, has one finding."""
    (found,) = check_document(document)
    assert (found.rule.id, found.severity) == ("kind", "error")


KEYS = sorted({word.strip("-: ") for text in GOOD.values() for word in text.split()} | {"imagePullSecret"})
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.sampled_from(KEYS)
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inside: st.one_of(
        st.lists(inside, max_size=4), st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inside)
    ),
    max_leaves=20,
)
DOCUMENTS = {kind: read_documents(text).documents[0] for kind, text in GOOD.items()}


def places(value, path=()):
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in pairs:
        yield from places(inside, (*path, key))


@pytest.mark.parametrize("kind", GOOD)
@given(data=st.data())
def test_no_document_makes_a_rule_fail(kind, data):
    """Whatever stands anywhere in a template, the rules give findings and never raise."""
    template = copy.deepcopy(DOCUMENTS[kind].data)
    inner = copy.deepcopy(DOCUMENTS[kind].inner)
    for root in filter(None, (template, inner)):
        path = data.draw(st.sampled_from([path for path in places(root) if path]))
        owner = root
        for step in path[:-1]:
            owner = owner[step]
        owner[path[-1]] = data.draw(ANYTHING)
    found = check_document(template, inner=inner)
    assert all(isinstance(one, Finding) for one in found)


@given(ANYTHING)
def test_no_json_makes_a_rule_fail(document):
    """Any JSON-like document is checked without an exception."""
    assert isinstance(check_document(document), tuple)


@given(st.text() | st.text(alphabet="ab:-{}|[]\"'\n #&*!<>%@\t", max_size=80))
def test_no_text_makes_a_rule_fail(text):
    """Any text is checked without an exception, alone and in place of a line of a template."""
    assert isinstance(check_text(text), tuple)
    assert isinstance(check_text(SERVING.replace("minReplicas: 1", text)), tuple)
    assert isinstance(check_text(WORKFLOW.replace("entrypoint: main", text)), tuple)


def test_a_document_that_holds_itself_comes_to_an_end():
    """Data that goes round in circles is looked at up to a bound, and that is told."""
    document = copy.deepcopy(DOCUMENTS["workflow"].data)
    document["spec"]["affinity"] = document
    found = check_document(document)
    assert "size" in {found[0].rule.id, found[-1].rule.id}
    assert len(found) == MAX_FINDINGS + 1


def test_of_very_many_findings_some_are_told():
    """A document with thousands of unknown keys has 500 findings, and one that says so."""
    document = copy.deepcopy(DOCUMENTS["workflow"].data)
    document["spec"] |= {f"entrypoin{number}": 1 for number in range(5000)}
    found = check_document(document)
    assert len(found) == MAX_FINDINGS + 1
    assert found[-1].rule.id == "size"
