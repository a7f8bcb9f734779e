"""The lines behind tests/samples: each file there is what one line gives.

`python -m tests.templates.samples` writes them anew; what changed in them is then read by a person.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from aicore_magics.grammar import template_options
from aicore_magics.grammar.parsing import Parser
from aicore_magics.grammar.words import split
from aicore_magics.templates.generate.generated import serving_template, workflow_template

FOLDER = Path(__file__).parent.parent / "samples"
LINES = {
    "workflow-usual": "workflow churn-train --image ghcr.io/acme/churn:1.4 --secret team-ghcr "
    "--scenario churn "
    '--args "python /app/src/train.py"',
    "workflow-public-image": "workflow hello-core --image docker.io/library/python:3.12-slim "
    "--scenario hello "
    '--command "python3 -c" --args "print(\'hello\')" --no-comments',
    "workflow-greeting": "workflow first-pipeline --image docker.io/library/python:3.12 --scenario learning "
    '--scenario-name Tutorial --scenario-description "First steps with AI Core" --title "Hello pipeline" '
    '--description "Says hello" --version 1.0 --step greet --command "python3 -c" --args {greeting}',
    "workflow-own-code": "workflow code-pipeline --image docker.io/acme/house-price:02 --secret team-hub "
    '--scenario learning-code --scenario-name "Code (tutorial)" --title "House price" --version 2.0 '
    '--description "Trains a model on house prices" --step predictor --args "python /app/src/main.py"',
    "workflow-text-classifier": "workflow text-clf-train --image docker.io/acme/text-clf-train:0.0.1 "
    '--secret team-hub --scenario text-clf --scenario-name "Text classifier" '
    '--scenario-description "A tutorial" '
    '--title "Train the text classifier" --description "scikit-learn on texts" --version 1.0.0 '
    '--param DEPTH=test --param-description DEPTH="how deep" --input text-data=/app/data/ '
    "--output text-model=/app/model --artifact-description text-model=trained "
    "--artifact-label text-model:customkey1=customvalue1 --artifact-label text-model:customkey2=customvalue2 "
    "--label executables.ai.sap.com/id=text-clf-train --pull-policy Always --plan starter --args {training}",
    "workflow-parameters": "workflow churn-tune --image {{workflow.parameters.image}} --secret team-ghcr "
    "--scenario churn --plan {{workflow.parameters.plan}} --param image=ghcr.io/acme/churn:1.4 "
    "--param plan=train.l "
    "--param-value DEPTH=3 --env DEPTH={{workflow.parameters.DEPTH}} --env YES=yes --env NUMBER=1e3 "
    "--args {script} --deadline 86400",
    "workflow-secrets": "workflow churn-load --image ghcr.io/acme/churn:1.4 --secret team-ghcr "
    "--scenario churn "
    "--secret-env DB_PASSWORD=my-database:password --env-from my-settings "
    '--mount-secret my-certificates=/mnt/certificates --args "python load.py" --instance-type m5.xlarge',
    "workflow-resources": "workflow churn-big --image ghcr.io/acme/churn:1.4 --secret team-ghcr "
    "--scenario churn "
    "--request cpu=2 --request memory=4Gi --limit memory=8Gi --limit nvidia.com/gpu=1 --shm-size 2Gi "
    '--output report=/app/report:resultset --pack-outputs --args "python big.py"',
    "serving-usual": "serving churn-serve --image ghcr.io/acme/churn-serve:1.4 --secret team-ghcr "
    "--scenario churn --input model",
    "serving-text-classifier": "serving text-clf-infer --image {{inputs.parameters.image}} --secret team-hub "
    '--scenario text-clf --scenario-name "Text classifier" --scenario-description "A tutorial" '
    '--title "Classify texts" --description "Inference with scikit-learn" --version 0.1.0 '
    '--param modelName=value --param-description modelName="name of the model" '
    "--param image=docker.io/acme/text-clf-serve:0.0.1 --input textmodel "
    "--artifact-description textmodel=trained --artifact-label textmodel:customkey1=customvalue1 "
    "--metric rps --target 100 --burst 70 --min-replicas 0 --max-replicas 5 --port 9001",
    "serving-proxy": "serving openai-proxy "
    "--image docker.io/{{inputs.parameters.NAMESPACE}}/openai-proxy:1.0 "
    "--scenario openai-proxy --param OPENAI_API_BASE --param NAMESPACE "
    "--secret-env OPENAI_API_KEY=openai:key --env OPENAI_API_BASE={{inputs.parameters.OPENAI_API_BASE}} "
    "--metric concurrency --target 1 --burst 0 --max-replicas 1 --port 9001 "
    '--command "/bin/sh -c" --args "gunicorn --chdir /app/src main:app -b 0.0.0.0:9001"',
    "serving-language-model": "serving llm-serve --image docker.io/acme/vllm:0.6.1 --secret team-hub "
    "--scenario language-models --param modelName=phi3 --param resourcePlan=infer.l --param portNumber=8000 "
    "--param replicas=1 --plan {{inputs.parameters.resourcePlan}} --port {{inputs.parameters.portNumber}} "
    "--min-replicas {{inputs.parameters.replicas}} --max-replicas {{inputs.parameters.replicas}} "
    "--env MODEL={{inputs.parameters.modelName}} --limit nvidia.com/gpu=1 --shm-size 2Gi "
    "--readiness /v1/models,delay=120,period=15,failures=3 --liveness /health --startup /health,failures=60 "
    "--window 10m --retention 10m --concurrency 8 --request-timeout 600 "
    '--command "/bin/sh -c" --args {serve}',
}
VARIABLES = {
    "greeting": 'print("hello from AI Core")\n',
    "training": "set -e\npython /app/src/train.py\nls -lR /app/model\n",
    "script": "set -e\n\nif [ -d /app ]; then\n  python train.py --depth {{workflow.parameters.DEPTH}}\nfi",
    "serve": "set -e\nvllm serve {{inputs.parameters.modelName}} --port {{inputs.parameters.portNumber}}\n",
}
KINDS = {
    "workflow": (
        partial(template_options.add_template_options, kind="workflow"),
        template_options.workflow_arguments,
        workflow_template,
    ),
    "serving": (
        partial(template_options.add_template_options, kind="serving"),
        template_options.serving_arguments,
        serving_template,
    ),
}


def words_read(kind, words):
    """What the options in *words* are."""
    parser = Parser(prog="%aicore_template", add_help=False, allow_abbrev=False)
    KINDS[kind][0](parser)
    return parser.read(words)


def made(line):
    """The template that *line* gives, as the magic reads it."""
    kind, *words = split(line, VARIABLES)
    _, arguments, generate = KINDS[kind]
    return generate(**arguments(words_read(kind, words)))


if __name__ == "__main__":
    for name, line in LINES.items():
        FOLDER.joinpath(f"{name}.yaml").write_text(made(line).text, encoding="utf-8")
