"""Every schedule is what its CI takes for one, whatever is in a plan, and says what is to be known of it."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from jsonschema.validators import validator_for
from ruamel.yaml import YAML

from aicore_magics.errors import InvalidSchedule
from aicore_magics.rotation.engines import ENGINES, engine_named, holdings, scheduled, traps
from aicore_magics.rotation.schedule import is_unedited, job_of
from tests.rotation.plans import HOSTILE, REGISTRIES, plan

SCHEMAS = {"github": "github-workflows.json", "gitlab": "gitlab-ci.json"}
TENANTS = {"one": ("acme-dev",), "three": ("acme-dev", "acme-test", "acme-prod"), "hostile": HOSTILE}
PATHS = ("plan.json", 'my plans/it\'s "x" # y: z.json')


def job(engine, registry, tenants=("acme-dev",), path="plan.json", every="", username="AWS"):
    planned = plan(registry, *tenants, username=username)
    return job_of(planned, path, every, shortest=engine.shortest, ends={})


@pytest.fixture(scope="module", params=ENGINES)
def schema(request):
    """An engine by its name, and its published schema, as check-jsonschema brings it."""
    # To import that package takes seconds, to read its file does not.
    (package,) = find_spec("check_jsonschema").submodule_search_locations
    published = json.loads(
        (Path(package) / "builtin_schemas/vendor" / SCHEMAS[request.param]).read_text("utf-8")
    )
    return request.param, validator_for(published)(published)


@pytest.mark.parametrize("tenants", TENANTS.values(), ids=TENANTS)
def test_every_schedule_fits_the_published_schema(schema, tenants):
    """All clouds, one and three tenants, hostile names and paths: each is valid by the CI's own schema."""
    name, published = schema
    for registry, path in itertools.product(REGISTRIES.values(), PATHS):
        text = scheduled(ENGINES[name], job(ENGINES[name], registry, tenants, path))
        assert [error.message for error in published.iter_errors(yaml.safe_load(text))] == []


def test_the_schemas_see_what_is_wrong(schema):
    """A schedule with a key that its CI does not know is refused, so the test before means something."""
    name, published = schema
    document = yaml.safe_load(scheduled(ENGINES[name], job(ENGINES[name], REGISTRIES["ecr"])))
    inner = document["jobs"]["rotate"] if name == "github" else document["rotate-registry-login"]
    inner["timeout-minutes" if name == "github" else "interruptible"] = {"at": "most"}
    assert list(published.iter_errors(document))


@pytest.mark.parametrize("name", ENGINES)
def test_names_in_a_plan_change_nothing_but_comments(name):
    """Readers of YAML 1.1 and 1.2 see the same, and the same as for tenants with plain names."""
    engine = ENGINES[name]
    for registry, path in itertools.product(REGISTRIES.values(), PATHS):
        hostile = scheduled(engine, job(engine, registry, HOSTILE, path))
        document = yaml.safe_load(hostile)
        assert YAML(typ="safe").load(hostile) == document
        made = {re.sub(r"#.*", "", line).rstrip() for line in hostile.splitlines()}
        assert not any(word in line for line in made for word in ("pwned", "secrets.GITHUB", "日本"))
        assert is_unedited(hostile)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("registry", REGISTRIES.values(), ids=REGISTRIES)
def test_what_is_to_be_set_is_what_the_file_reads(name, registry):
    """Each name that the file takes from the CI is in the table of what it has to keep, and no other."""
    engine = ENGINES[name]
    made = job(engine, registry, TENANTS["three"])
    text = scheduled(engine, made)
    body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    read = set(re.findall(r"\bAICORE_[A-Z_]+[A-Z]\b", body)) - {"AICORE_OIDC"}
    held = holdings(engine, made)
    assert {each.name for each in held} == read
    assert [each.name for each in held if "service key" in each.what] == [key.variable for key in made.keys]
    assert all(each.name in text.partition("\n\n")[0] and each.read for each in held)


@pytest.mark.parametrize(
    ("registry", "every", "says"),
    [
        ("ecr", "", "1 run in a row may fail: the login lives 12 hours."),
        ("ecr", "1h", "10 runs in a row may fail"),
        ("ecr", "8h", "No run may fail: the login lives 12 hours"),
        ("gar", "", "That is 96 runs a day."),
        ("gar", "", "The secrets have the login of AWS now. A run puts that of oauth2accesstoken there."),
    ],
)
def test_what_is_to_be_known_is_said_in_the_file(registry, every, says):
    """How many runs may fail, how many there are, and which login takes whose place."""
    for engine in ENGINES.values():
        made = job(engine, REGISTRIES[registry], every=every)
        assert any(says in trap for trap in traps(engine, made))
        comments = scheduled(engine, made).partition("\n\n")[0].replace("\n# ", " ")
        assert all(trap in comments for trap in traps(engine, made))


def test_what_a_ci_does_not_do():
    """GitHub stops quiet schedules, is late, and writes to one person; GitLab needs another step."""
    said = {name: " ".join(traps(engine, job(engine, REGISTRIES["ecr"]))) for name, engine in ENGINES.items()}
    assert all(word in said["github"] for word in ("60 days", "late", "last editor"))
    assert all(word in said["gitlab"] for word in ("by hand", "owner", "10 minutes"))


def test_an_engine_that_is_not_named():
    """Who has named none is not told that it is unknown."""
    with pytest.raises(InvalidSchedule, match="no engine is named"):
        engine_named("")


def test_a_sandbox_is_out_of_reach():
    """A schedule for a tenant on this machine says that no CI can reach it."""
    made = job(ENGINES["github"], REGISTRIES["ecr"])
    here = replace(made, keys=tuple(replace(key, host="127.0.0.1:3489") for key in made.keys))
    assert [
        any("cannot reach the sandbox" in t for t in traps(ENGINES["github"], each)) for each in (made, here)
    ] == [
        False,
        True,
    ]


@pytest.mark.parametrize("name", ["GitHub", "jenkins", "github\n"])
def test_another_engine_is_refused(name):
    """The engines are those that there are, as they are written."""
    with pytest.raises(InvalidSchedule, match="use github or gitlab"):
        engine_named(name)
