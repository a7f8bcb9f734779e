"""Rules for how steps and tasks hang together: what Argo's own validation refuses."""

from __future__ import annotations

from aicore_magics.templates.finding import Rule

_SOURCE = "Argo 3.5: workflow/validate/validate.go"
_SUSPEND = """\
    - name: train
      suspend: {}
"""
_DAG = """\
spec:
  entrypoint: main
  templates:
    - name: main
      dag:
        tasks:
          - name: load
            template: train
          - name: fit
            template: train
            dependencies: [load]
"""
_DAG_GOOD = _DAG + _SUSPEND
_STEPS = """\
spec:
  entrypoint: main
  templates:
    - name: main
      steps:
        - - name: load
            template: train
        - - name: fit
            template: train
"""
_STEPS_GOOD = _STEPS + _SUSPEND
_WITH_INPUT = """\
    - name: train
      inputs:
        parameters:
          - name: epochs
      suspend: {}
"""
_GIVES = """\
spec:
  entrypoint: main
  templates:
    - name: main
      steps:
        - - name: fit
            template: train
"""
_METERED = """\
- name: main
  metadata: {labels: {ai.sap.com/resourcePlan: starter}}
  container:
    image: docker.io/acme/churn:1.4
    command: ["/bin/sh", "-c"]
    args: ["python train.py"]
"""

DEPENDENCY = Rule(
    "dependency",
    "error",
    "a task that waits for a task that does not exist, or for itself",
    "A task can only wait for tasks of the same dag: in dependencies by name, in depends by name and result.",
    f"{_SOURCE} (validateDAG). Argo: enhanced depends logic.",
    "spec of a WorkflowTemplate",
    _DAG_GOOD.replace("[load]", "[laod]"),
    _DAG_GOOD,
)
ARGUMENT = Rule(
    "argument",
    "error",
    "an input parameter without a value, or an argument without a value",
    "A call must give a value to each input parameter that has neither value nor default.",
    f"{_SOURCE} (validateArguments), workflow/common/util.go (ProcessArgs).",
    "spec of a WorkflowTemplate",
    _GIVES + _WITH_INPUT,
    _GIVES + '            arguments: {parameters: [{name: epochs, value: "3"}]}\n' + _WITH_INPUT,
    varies="a warning for an input of the entrypoint, which Argo refuses only when the workflow starts",
)
REFERENCE = Rule(
    "reference",
    "error",
    "{{…}} of a step, task or item that has no value there",
    "A step can use outputs of earlier groups. A task can use outputs of the tasks that it waits "
    "for. A container can use none of them: the step must pass them as arguments.",
    f"{_SOURCE} (resolveAllVariables). Argo: workflow variables.",
    "spec of a WorkflowTemplate",
    _STEPS_GOOD.replace(
        "name: load\n            template: train\n",
        'name: load\n            template: train\n            when: "{{steps.fit.status}} == Succeeded"\n',
    ),
    _STEPS_GOOD.replace(
        "name: fit\n            template: train\n",
        'name: fit\n            template: train\n            when: "{{steps.load.status}} == Succeeded"\n',
    ),
    varies="a hint for workflow.status, which is Running before the end",
)
EXIT_HANDLER = Rule(
    "exit-handler",
    "error",
    "onExit or a hook that names a template that does not exist",
    "An exit handler or hook runs a template of the same workflow. A hook needs an expression, "
    "except the one named exit.",
    f"{_SOURCE} (Workflow, validateHooks). Argo: lifecycle hooks.",
    "spec of a WorkflowTemplate",
    _STEPS_GOOD.replace("  entrypoint: main\n", "  entrypoint: main\n  onExit: trian\n"),
    _STEPS_GOOD.replace("  entrypoint: main\n", "  entrypoint: main\n  onExit: train\n"),
)
REPEATED_NAME = Rule(
    "repeated-name",
    "error",
    "a name that is used twice in one list",
    "Steps and tasks of one template need different names. So do the parameters, artifacts and "
    "containers of one list.",
    f"{_SOURCE} (validateWorkflowFieldNames, validateSteps).",
    "spec of a WorkflowTemplate",
    _STEPS_GOOD.replace("name: fit", "name: load"),
    _STEPS_GOOD,
)
ARGO_NAME = Rule(
    "argo-name",
    "error",
    "a name that Argo does not allow, or a missing name",
    "Names of templates, steps, tasks and containers can have letters, digits and hyphens. Those of "
    "parameters and artifacts can also have underscores.",
    f"{_SOURCE} (isValidWorkflowFieldName, isValidParamOrArtifactName).",
    "spec of a WorkflowTemplate",
    _STEPS_GOOD.replace("name: fit", "name: fit_all"),
    _STEPS_GOOD.replace("name: fit", "name: fit-all"),
)
LOOP = Rule(
    "loop",
    "error",
    "a step or task with two loops",
    "A step can have one of withItems, withParam and withSequence. A sequence has either a count or an end.",
    f"{_SOURCE} (addItemsToScope).",
    "spec of a WorkflowTemplate",
    _STEPS + '            withItems: [a, b]\n            withParam: "[1, 2]"\n' + _SUSPEND,
    _STEPS + "            withItems: [a, b]\n" + _SUSPEND,
)
OUTPUT = Rule(
    "output",
    "error",
    "an input or output that the template cannot have",
    "A container reads and writes files, so its artifacts and outputs need a path. Steps and a dag "
    "pass on the outputs of others. A location needs its required keys: git needs a repo.",
    f"{_SOURCE} (validateInputs, validateOutputs, validateArtifactLocation).",
    "template of a WorkflowTemplate",
    _METERED + "  outputs:\n    parameters:\n      - name: score\n",
    _METERED + "  outputs:\n    parameters:\n      - name: score\n        valueFrom: {path: /app/score}\n",
    varies="a warning for an output artifact of steps without a source: Argo leaves it out",
)
SETTING = Rule(
    "setting",
    "error",
    "a setting or value that Argo does not allow there",
    "Argo refuses a deadline of steps, a timeout without unit, and an unknown policy or action. A "
    "metric needs a help text. A manifest must be YAML.",
    f"{_SOURCE} (validateTemplate, validateLeaf, validateNonLeaf).",
    "template of a WorkflowTemplate",
    _METERED + '  timeout: "60"\n',
    _METERED + '  timeout: "60s"\n',
)
