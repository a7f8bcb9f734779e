"""What options say: what is understood, and what is refused with two lines that help."""

from __future__ import annotations

import re

import pytest

from aicore_magics.errors import InvalidInput
from aicore_magics.templates.generate import options
from aicore_magics.templates.generate.parts import Artifact, Parameter, Scenario, SecretKey
from aicore_magics.templates.generate.serving_parts import Autoscaling, Probe
from tests.templates.samples import made

WORKFLOW = "workflow churn-train --image ghcr.io/acme/churn:1.4 --scenario churn --args run"
SERVING = "serving churn-serve --image ghcr.io/acme/churn:1.4 --scenario churn"
RUN = f"{WORKFLOW} --command serve"
LONG = "a" * 64
WRONG = [
    ("workflow", "NAME, --image, --scenario and --args are missing", "churn-train"),
    ("serving churn-serve", "--image and --scenario are missing", "--scenario churn"),
    (f"{SERVING} --image=", "--image is missing", "ghcr.io/acme/churn:1.4"),
    ("workflow churn --image a.b/c:1 --scenario churn --command python", "--args is missing", "--args"),
    (WORKFLOW.replace("churn-train", "Churn"), "NAME can only have small letters", "churn-train"),
    (WORKFLOW.replace("churn-train", "a"), "NAME must have 4 to 63 characters", "churn-train"),
    (WORKFLOW.replace("churn-train", LONG), "NAME must have 4 to 63 characters", "churn-train"),
    (WORKFLOW.replace("churn-train", "a.b-c"), "NAME can only have small letters", "churn-train"),
    (f"{WORKFLOW} --scenario a", "--scenario must have 4 to 63 characters", "churn"),
    (f"{WORKFLOW} --scenario 'a b'", "--scenario has only letters", "churn"),
    (f"{WORKFLOW} --version -1", "--version has only letters", "1.0.0"),
    (f"{WORKFLOW} --image <YOUR_IMAGE>", "the image still has a placeholder", "ghcr.io"),
    (
        f"{WORKFLOW} --image https://ghcr.io/acme/churn",
        "https:// is not allowed in front of an image",
        "ghcr.io",
    ),
    (
        f"{WORKFLOW} --image hub.docker.com/acme/churn:1",
        "the address of a web page",
        "docker.io/acme/churn:1",
    ),
    (f"{WORKFLOW} --image hub.docker.com/r/acme/churn", "the address of a web page", "docker.io/acme/churn"),
    (
        f"{WORKFLOW} --image hub.docker.com/Acme/churn:1",
        "the address of a web page",
        "docker.io/acme/churn:1.4",
    ),
    (
        f"{WORKFLOW} --image https://quay.io/acme/churn:1",
        "https:// is not allowed in front of an image",
        "quay.io/acme/churn:1",
    ),
    (f"{WORKFLOW} --secret <YOUR_SECRET>", "--secret is still a placeholder", "list"),
    (f"{WORKFLOW} --secret Default", "capital letters are not allowed", "as in team-ghcr"),
    (f"{WORKFLOW} --plan Starter", "a resource plan has only small letters", "starter"),
    (f"{WORKFLOW} --plan <PLAN>", "--plan has only letters", "write it like"),
    (
        f"{WORKFLOW} --plan starter --instance-type m5.xlarge",
        "one of --plan and --instance-type",
        "leave out",
    ),
    (f"{WORKFLOW} --instance-type 'm5 x'", "--instance-type has only letters", "write it like"),
    (f"{WORKFLOW} --label ai.sap.com/version=2", "--label sets what", "leave it out"),
    (f"{WORKFLOW} --label a='b c'", "--label has only letters", "write it like"),
    (f"{WORKFLOW} --env A", "--env is not KEY=VALUE", "--env LOG_LEVEL=info"),
    (f"{WORKFLOW} --env A=1 --env =2", "--env no. 2 is not KEY=VALUE", "--env LOG_LEVEL=info"),
    (f"{WORKFLOW} --env A=1 --env A=2", "--env no. 2 repeats an earlier one", "LOG_LEVEL"),
    (f"{WORKFLOW} --env 'a b=1'", "the name of a variable has only letters", "write it like"),
    (f"{WORKFLOW} --secret-env A=b", "--secret-env has no key after a colon", "my-database:password"),
    (f"{WORKFLOW} --secret-env A=b:c --env A=1", "is given to --env and --secret-env", "leave out"),
    (f"{WORKFLOW} --secret-env A=Bad:c", "--secret-env is a name that no secret can have", "my-database"),
    (f"{WORKFLOW} --secret-env A=b:{LONG}", "a key of --secret-env must have 1 to 63", "choose"),
    (f"{WORKFLOW} --env-from <NAME>", "--env-from is still a placeholder", "resource group"),
    (
        f"{WORKFLOW} --mount-secret cert=mnt",
        "the folder of --mount-secret must begin with a slash",
        "/app/data",
    ),
    (f"{WORKFLOW} --request memory=lots", "--request must be a quantity", "4Gi"),
    (f"{WORKFLOW} --limit 'a b=1'", "a resource of --limit has only letters", "write it like"),
    (f"{WORKFLOW} --shm-size 2GB", "--shm-size must be a quantity", "2G or 2Gi"),
    (f"{WORKFLOW} --shm-size lots", "--shm-size must be a quantity", "4Gi"),
    (f"{WORKFLOW} --limit nvidia.com/gpu=0.5", "--limit of nvidia.com/gpu and similar", "1"),
    (f"{WORKFLOW} --request cpu=2 --limit cpu=1", "--request is more than --limit", "raise"),
    (f"{WORKFLOW} --mount-secret a=/m --mount-secret b=/m", "--mount-secret is the same twice", "own"),
    (f"{WORKFLOW} --input a=/d --input b=/d/", "the path of an --input is the same twice", "own"),
    (f"{WORKFLOW} --args more", "--args without --command must be one line for /bin/sh", "--command"),
    (WORKFLOW.replace("--args run", "--args=--fast"), "--args has an option, but no program", "--command"),
    (
        WORKFLOW.replace(" --args run", ""),
        "--args is missing",
        'container=Container(args=["python train.py"])',
    ),
    (f"{SERVING} --port 70000", "--port must be a whole number, 1 to 65535", "such as"),
    (
        f"{SERVING} --readiness /h,port=99999",
        "the port of a probe must be a whole number, 1 to 65535",
        "such as",
    ),
    (f"{WORKFLOW} --pull-policy never", "--pull-policy is one of three words", "Never"),
    (f"{WORKFLOW} --args ''", "--args has an empty string", "leave it out"),
    (f'{WORKFLOW} --command "python \'-c"', "a quote in --command is not closed", "python3 -c"),
    (f"{WORKFLOW} --param a=1 --param a=2", "is given twice to --param", "once"),
    (f"{WORKFLOW} --param 'a b'", "a --param has only letters", "modelName"),
    (f"{WORKFLOW} --param-value a", "--param-value is not KEY=VALUE", "DEPTH=3"),
    (
        f"{WORKFLOW} --param-description a=b",
        "--param-description names a parameter that is not declared",
        "--param NAME",
    ),
    (f"{WORKFLOW} --input rows:rowset", "the kind of an artifact is not one of AI Core's", "dataset"),
    (f"{WORKFLOW} --input rows=data", "the path of an --input must begin with a slash", "/app/data"),
    (f"{WORKFLOW} --input 'a b'", "the name of an artifact has only letters", "modelName"),
    (f"{WORKFLOW} --output model", "--output is not KEY=VALUE", "model=/app/model"),
    (f"{WORKFLOW} --input a --output a=/b", "the name of an artifact is given twice", "once"),
    (f"{WORKFLOW} --artifact-description a=b", "--artifact-description names an artifact", "--input"),
    (f"{WORKFLOW} --input a --artifact-label a=b", "--artifact-label has no key", "model:team=churn"),
    (
        f"{WORKFLOW} --input a --artifact-label 'a:b c=d'",
        "a key of --artifact-label has only",
        "write it",
    ),
    (f"{WORKFLOW} --step main", "main is the template that calls --step", "train"),
    (f"{WORKFLOW} --step 'a b'", "--step has only letters", "write it like"),
    (f"{WORKFLOW} --deadline 5m", "--deadline must be a whole number, 1 or more", "such as"),
    (f"{WORKFLOW} --deadline 99999999999", "--deadline must be a whole number", "such as"),
    (f"{WORKFLOW} --title '{{{{x}}}}'", "--title contains {{", "leave it out"),
    (f"{WORKFLOW} --description {5001 * 'a'}", "--description has more than 5000 characters", "shorter"),
    (f"{RUN} --args '{{{{workflow.parameters.x}}}}'", "is not declared", "--param x"),
    (
        f"{RUN} --param x --args {{{{inputs.parameters.x}}}}",
        "is not declared",
        "{{workflow.parameters.x}}",
    ),
    (f"{RUN} --args 'a {{{{b c'", "a value has {{ without }} after it", "space"),
    (f"{RUN} --args '{{{{=1+1}}}}'", "does not name a parameter", "space"),
    (
        f"{SERVING} --param my-model=x",
        "a --param cannot have a hyphen in a serving template",
        "like modelName",
    ),
    (f"{SERVING} --param 1a", "a --param must begin with a letter", "modelName"),
    (
        f"{SERVING} --input my-model",
        "an --input cannot have a hyphen in a serving template",
        "like modelName",
    ),
    (f"{SERVING} --input a --input b", "one variable is used twice", "--input NAME=VARIABLE"),
    (f"{SERVING} --input a --env STORAGE_URI=x", "one variable is used twice", "NAME=VARIABLE"),
    (f"{SERVING} --input 'a=b c'", "a variable of --input has only letters", "write it like"),
    (f"{SERVING} --port http", "--port must be a whole number", "such as"),
    (f"{SERVING} --port 1_000", "--port must be a whole number", "such as"),
    (f"{SERVING} --min-replicas 3 --max-replicas 2", "--max-replicas is less", "choose"),
    (f"{SERVING} --metric cpu", "--metric must be concurrency or rps", "choose"),
    (f"{SERVING} --burst -2", "--burst must be a whole number, -1 or more", "such as"),
    (f"{SERVING} --window 10", "--window must be a time", "90s"),
    (f"{SERVING} --readiness health", "the path of a probe must begin with a slash", "/health"),
    (f"{SERVING} --readiness /h,wait=1", "--readiness has a part that is not valid", "delay=30"),
    (f"{SERVING} --startup /h,port=0", "the port of a probe must be a whole number, 1", "such as"),
    (f"{SERVING} --startup /h,delay=x", "delay of --startup must be a whole number", "such as"),
    (f"{SERVING} --param a --port {{{{inputs.parameters.b}}}}", "is not declared", "--param b"),
]

EVERYTHING = {
    "name": "churn-train",
    "image": "a.b/c:1",
    "scenario": "churn",
    "scenario_name": "Churn",
    "args": ["x", "y"],
    "command": 'python3 -c "a b" c\\d',
    "env": ["A=b=c", "B="],
    "secret_env": ["P=db:key"],
    "param": ["x=1", "y", "z="],
    "param_value": ["x=2", "v=3"],
    "param_description": ["y=why: so=so"],
    "input": ["rows", "more=/more:other"],
    "output": ["model=/app/model"],
    "artifact_label": ["model:team=a=b", "model:ext.ai.sap.com/x=y"],
    "deadline": "60",
    "no_comments": True,
}


@pytest.mark.parametrize(("line", "reason", "hint"), WRONG)
def test_what_is_wrong_is_said_in_two_lines(line, reason, hint):
    """Bad input is refused with what, where and what to do, on lines of at most 100 columns."""
    once = re.sub(r"--(image|scenario) \S+ (?=.*--\1[ =])", "", line)  # the last one counts
    with pytest.raises(InvalidInput) as caught:
        made(once)
    error = caught.value
    assert reason in error.message
    assert hint in error.hint
    assert error.message.endswith((". Nothing was written.", ". Nothing was sent."))
    assert len(f"{type(error).__name__}: {error.message}") <= 100
    assert len(f"Next: {error.hint}") <= 100


@pytest.mark.parametrize(
    "option", ["--env", "--args", "--param", "--title", "--secret-env", "--limit", "--input"]
)
def test_a_value_is_never_repeated(option):
    """What was typed may be a password in the wrong place: no error holds it."""
    password = "hunter2\0&Geheim"
    for text in (password, f"A={password}", f"A={password}:b"):
        with pytest.raises(InvalidInput) as caught:
            made(f"{WORKFLOW} {option} '{text}'")
        assert "hunter2" not in str(caught.value)
        assert "Geheim" not in str(caught.value)


def test_what_a_workflow_is_made_of():
    """Each option goes to its part; the parts that were not given keep their defaults."""
    read = options.workflow_arguments(EVERYTHING)
    made_of, container = read["options"], read["container"]
    assert (read["name"], read["image"], read["secret"]) == ("churn-train", "a.b/c:1", "")
    assert read["scenario"] == Scenario("churn", "Churn")
    assert container.command == ("python3", "-c", "a b", "c\\d")
    assert container.env == {"A": "b=c", "B": "", "P": SecretKey("db", "key")}
    assert made_of.parameters == (
        Parameter("x", "1", "2"),
        Parameter("y", description="why: so=so"),
        Parameter("z", ""),
        Parameter("v", value="3"),
    )
    assert [(each.name, each.path, each.kind) for each in made_of.inputs] == [
        ("rows", "", ""),
        ("more", "/more", "other"),
    ]
    assert made_of.outputs == (
        Artifact("model", "/app/model", labels={"team": "a=b", "ext.ai.sap.com/x": "y"}),
    )
    assert (made_of.version, made_of.deadline, made_of.comments) == ("1.0.0", "60", False)


def test_what_a_serving_template_is_made_of():
    """Probes, scaling and times are read from their options."""
    given = {
        "input": ["model", "other=OTHER:dataset"],
        "readiness": "/health,delay=30,port=81",
        "metric": "rps",
        "burst": "-1",
        "delay": "1h",
        "request_timeout": "60",
    }
    made_of = options.serving_arguments(given)["options"]
    assert [(each.name, each.variable, each.kind) for each in made_of.inputs] == [
        ("model", "STORAGE_URI", ""),
        ("other", "OTHER", "dataset"),
    ]
    assert made_of.readiness == Probe("/health", port=81, delay=30)
    assert (made_of.liveness, made_of.timeout, made_of.port) == (None, "60", 8080)
    assert made_of.autoscaling == Autoscaling("rps", burst="-1", delay="1h")
