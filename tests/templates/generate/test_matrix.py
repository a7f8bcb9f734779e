"""Every combination of options gives a template that strict schemas and two readers of YAML accept."""

from __future__ import annotations

import functools
import io
import itertools
import json
import os
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from ruamel.yaml import YAML

from aicore_magics.errors import InvalidTemplate
from aicore_magics.templates.check.text import check_text
from tests.templates.samples import FOLDER, KINDS, LINES, made, words_read

CASES = json.loads((Path(__file__).parents[2] / "data/bad-inputs.json").read_text("utf-8"))["cases"]
ROWS = {case["id"]: case for case in CASES if case["area"] == "yaml"}
ACCEPTED = [row["value"] for row in ROWS.values() if row["expect"] == ["accept_escaped"]]
REFUSED = [row["value"] for row in ROWS.values() if row["expect"] == ["reject"]]
NEEDED = {
    "workflow": ["churn-job", "--image", "ghcr.io/acme/churn:1.4", "--scenario", "churn"],
    "serving": ["churn-job", "--image", "ghcr.io/acme/churn:1.4", "--scenario", "churn"],
}
PLACE = {"workflow": "workflow.parameters", "serving": "inputs.parameters"}
BOTH = {
    "secret": [[], ["--secret=team-ghcr"], ["--secret=1e3"], ["--secret={{PLACE.s}}", "--param=s=team-ghcr"]],
    "scenario": [[], ["--scenario-name=TEXT", "--scenario-description=TEXT"]],
    "title": [[], ["--title=TEXT"]],
    "description": [[], ["--description=TEXT"]],
    "labels": [[], ["--label=ext.ai.sap.com/a=b", "--label=c=1.0"]],
    "version": [[], ["--version=1.0"], ["--version=2024-01-01"]],
    "compute": [
        [],
        ["--plan=infer.s"],
        ["--instance-type=m5.xlarge"],
        ["--plan={{PLACE.p}}", "--param=p=basic"],
    ],
    "env": [[], ["--env=A=TEXT"], ["--env=B=1", "--env=NO=no"], ["--env=A={{PLACE.q}}", "--param=q=TEXT"]],
    "secret_env": [[], ["--secret-env=P=my-db:pass.word"]],
    "env_from": [[], ["--env-from=one", "--env-from=two"]],
    "mounts": [[], ["--mount-secret=cert=/mnt/cert", "--mount-secret=other=/mnt/TEXT"]],
    "request": [[], ["--request=cpu=500m"]],
    "limit": [[], ["--limit=memory=2Gi", "--limit=nvidia.com/gpu=1"]],
    "shm": [[], ["--shm-size=1Gi"]],
    "policy": [[], ["--pull-policy=Always"]],
    "params": [[], ["--param=x"], ["--param=x=TEXT", "--param-description=x=TEXT"], ["--param=x="]],
    "told": [[], ["--artifact-description=INPUT=TEXT", "--artifact-label=INPUT:key=TEXT"]],
    "comments": [[], ["--no-comments"]],
}
OPTIONS = {
    "workflow": {
        **BOTH,
        "args": [
            ["--args=run"],
            ["--args=run TEXT"],
            ["--command=python3 -c", "--args=a\nb\n", "--args=TEXT"],
        ],
        "value": [[], ["--param-value=v=TEXT"]],
        "input": [["--input=INPUT"], ["--input=INPUT=/data:other", "--input=more=/more"]],
        "output": [[], ["--output=model=/app/model"], ["--output=res=/r:resultset", "--pack-outputs"]],
        "step": [[], ["--step=train"]],
        "deadline": [[], ["--deadline=3600"]],
    },
    "serving": {
        **BOTH,
        "args": [[], ["--args=TEXT"], ["--args=a\nb\n", "--args=TEXT"]],
        "command": [[], ["--command=python3 -c", "--args=TEXT"]],
        "input": [["--input=INPUT"], ["--input=INPUT=FIRST:dataset", "--input=more=MORE"]],
        "port": [[], ["--port=9001"], ["--port={{PLACE.port}}", "--param=port=9001"]],
        "replicas": [
            [],
            ["--min-replicas=0", "--max-replicas=3"],
            ["--min-replicas={{PLACE.n}}", "--param=n=2"],
        ],
        "metric": [[], ["--metric=rps", "--target=10", "--burst=-1"]],
        "window": [[], ["--window=90s", "--retention=10m", "--scale-down-delay=1h"]],
        "calls": [[], ["--concurrency=4", "--request-timeout=60", "--grace=30"]],
        "readiness": [[], ["--readiness=/health,delay=30,period=10,timeout=5,failures=3,port=8081"]],
        "liveness": [[], ["--liveness=/TEXT"]],
        "startup": [[], ["--startup=/health,failures=60"]],
    },
}


def pairwise(factors):
    """Rows (a value of each factor, by index) that together have every pair of values of two factors."""
    names = list(factors)
    left = {
        frozenset({(a, i), (b, j)})
        for a, b in itertools.combinations(names, 2)
        for i in range(len(factors[a]))
        for j in range(len(factors[b]))
    }
    while left:
        row = dict(min(left, key=sorted))
        for name in names:
            if name not in row:
                pairs = [
                    sum(frozenset({(name, i), chosen}) in left for chosen in row.items())
                    for i in range(len(factors[name]))
                ]
                row[name] = pairs.index(max(pairs))
        left -= set(map(frozenset, itertools.combinations(row.items(), 2)))
        yield row


def rows(kind):
    """The words of every line of the matrix; TEXT is one odd value after the other."""
    texts = itertools.cycle(ACCEPTED)
    for row in pairwise(OPTIONS[kind]):
        words = itertools.chain.from_iterable(OPTIONS[kind][name][i] for name, i in row.items())
        named = (word.replace("PLACE", PLACE[kind]).replace("INPUT", "rows") for word in words)
        yield [*NEEDED[kind], *(word.replace("TEXT", next(texts)) for word in named)]


def generated(kind, words):
    """The template of these *words*."""
    _, arguments, generate = KINDS[kind]
    return generate(**arguments(words_read(kind, words)))


def both(text):
    """What a YAML 1.1 and a YAML 1.2 reader read: they have to agree."""
    old, new = yaml.safe_load(text), YAML(typ="safe", pure=True).load(io.StringIO(text))
    assert repr(old) == repr(new)
    return old


def filled(text, parameters):
    """*text* as AI Core fills it: parameters by their defaults, artifacts by where they are."""
    defaults = {each["name"]: each.get("default", "0") for each in parameters}
    return re.sub(
        r"\{\{inputs\.(parameters|artifacts)\.(\w+)\}\}",
        lambda found: defaults[found[2]] if found[1] == "parameters" else "s3://bucket",
        text,
    )


def inner_texts(document):
    """The texts inside a serving template, filled and read."""
    spec = document["spec"]
    parameters = spec.get("inputs", {}).get("parameters", ())
    # What is put in place of a parameter is the tenant's own: here, plain words.
    plain = [{**each, "default": re.sub(r"[^\w.:/-]", "x", each.get("default", "0"))} for each in parameters]
    template = spec["template"]
    texts = [*template["metadata"].values(), template["spec"]]
    return [both(filled(text, plain)) for text in texts]


def strictly(schema):
    """The schema in which no key is unknown."""
    if isinstance(schema, list):
        return list(map(strictly, schema))
    if not isinstance(schema, dict):
        return schema
    strict = {key: strictly(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        strict["additionalProperties"] = False
    return strict


@functools.cache
def validator(kind):
    """The strict schema of *kind*, ready."""
    names = {
        "workflow": "argo-workflowtemplate.schema.json",
        "serving": "kserve-predictor-v1beta1.schema.json",
    }
    folder = Path(os.environ["AICORE_TEMPLATE_SCHEMAS"])
    schema = strictly(json.loads((folder / names[kind]).read_text("utf-8")))
    return jsonschema.validators.validator_for(schema)(schema)


def proven(kind, text):
    """Assert that *text* is read alike, and fits its strict schema; give what it says."""
    document = both(text)
    if kind == "workflow":
        validator(kind).validate(document)
    else:
        *labels, spec = inner_texts(document)
        validator(kind).validate(spec)
        assert all(type(value) is str for texts in labels for value in texts.values())
    for texts in (document["metadata"]["labels"], document["metadata"]["annotations"]):
        assert all(type(value) is str for value in texts.values())
    return document


def test_the_matrix_has_every_pair():
    """Each value of an option stands beside each value of every other option, in some line."""
    for options in OPTIONS.values():
        found = {
            frozenset(pair) for row in pairwise(options) for pair in itertools.combinations(row.items(), 2)
        }
        values = {name: range(len(given)) for name, given in options.items()}
        wanted = sum(len(values[a]) * len(values[b]) for a, b in itertools.combinations(values, 2))
        assert len(found) == wanted


@pytest.mark.needs("template-schemas")
@pytest.mark.parametrize("kind", OPTIONS)
def test_every_pair_of_options(kind):
    """Pairwise over all options, with odd texts as values: strict schema, both readers, our own check."""
    for words in rows(kind):
        template = generated(kind, words)
        proven(kind, template.text)
        assert [(each.rule, each.message) for each in check_text(template.text)] == [], words


@pytest.mark.needs("template-schemas")
@pytest.mark.parametrize("kind", OPTIONS)
@pytest.mark.parametrize("text", ACCEPTED)
def test_odd_texts_arrive_as_they_are(kind, text):
    """Each odd text, in every place that takes a free text at once, is read back letter by letter."""
    words = [
        *NEEDED[kind],
        "--command=python3 -c",
        f"--args={text}",
        f"--env=A={text}",
        f"--param=x={text}",
        f"--title={text}",
    ]
    words += [f"--param-description=x={text}", f"--description={text}", f"--scenario-name={text}"]
    document = proven(kind, generated(kind, words).text)
    if kind == "workflow":
        parameter, container = (
            document["spec"]["arguments"]["parameters"][0],
            document["spec"]["templates"][0],
        )
        container = container["container"]
    else:
        parameter = document["spec"]["inputs"]["parameters"][0]
        container = both(document["spec"]["template"]["spec"])["predictor"]["containers"][0]
    annotations = document["metadata"]["annotations"]
    assert container["args"][-1] == container["env"][0]["value"] == text
    assert parameter["default"] == parameter["description"] == text
    assert annotations["executables.ai.sap.com/name"] == annotations["scenarios.ai.sap.com/name"] == text
    assert annotations["executables.ai.sap.com/description"] == text


@pytest.mark.parametrize("kind", OPTIONS)
@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("option", ["--args=", "--env=A=", "--param=x=", "--title=", "--description="])
def test_what_no_template_can_hold_is_refused(kind, option, text):
    """A placeholder that nobody declared, and a NUL, are refused wherever they stand."""
    with pytest.raises(InvalidTemplate) as caught:
        generated(kind, [*NEEDED[kind], "--command=serve", "--args=run", f"{option}{text or 'a'}"])
    assert caught.value.hint


@pytest.mark.needs("template-schemas")
@pytest.mark.parametrize("name", LINES)
def test_the_samples(name):
    """The usual cases give exactly the files of tests/samples, which fit the strict schemas."""
    template = made(LINES[name])
    assert template.text == FOLDER.joinpath(f"{name}.yaml").read_text("utf-8")
    proven(LINES[name].partition(" ")[0], template.text)
    assert list(check_text(template.text)) == []


def test_no_sample_is_left_over():
    """Each file of tests/samples is made by a line."""
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(LINES)
