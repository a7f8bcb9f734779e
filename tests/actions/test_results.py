import dataclasses
import inspect
import json
import typing
from datetime import datetime

import pytest

from aicore_magics.actions import (
    deletion,
    notes,
    recorded,
    results,
    rotation_results,
    rotation_schedule,
    secret_list,
    secret_records,
)
from aicore_magics.actions.deletion import DeletionQuestion, SecretDeleted
from aicore_magics.actions.dry_run import DryRun
from aicore_magics.actions.records import CutOff
from aicore_magics.actions.results import (
    Connected,
    DockerLogins,
    NoConnection,
    QuotaUsed,
    SecretShown,
    used_of,
)
from aicore_magics.actions.rotation_schedule import ScheduleWritten
from aicore_magics.actions.secret_list import SecretList
from aicore_magics.aicore.connection import SandboxRegistry
from aicore_magics.aicore.name_list import HiddenName
from aicore_magics.base.redact import Secret
from aicore_magics.base.report import Report, plain
from aicore_magics.base.result import Done, Where
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.logins.docker_login import DockerLogin
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin, StoredLogin
from aicore_magics.model.pullers import ServingCaution
from aicore_magics.next_steps import closed
from aicore_magics.registry.verdict import Verdict
from aicore_magics.rotation.engines import Holding
from aicore_magics.rotation.journal import Run
from aicore_magics.rotation.outcomes import Outcomes
from aicore_magics.rotation.plan import Plan
from tests.actions.ends_texts import TEXTS as ENDS
from tests.actions.rotation_texts import TEXTS as ROTATIONS

WHERE = Where("acme-dev", "api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com")
TENANT = "Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"
GHCR = StoredLogin("ghcr.io", "ghcr.io", "anna")
HUB = StoredLogin("https://index.docker.io", "docker.io", "acmebot")
CONNECTED = Connected(
    WHERE,
    "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com/v2",
    "service key, file ~/.aicore/config.json, profile default",
    "default",
    43_199,
    3,
    50,
)
FOUND = DockerLogins(
    (
        DockerLogin("ghcr.io", "anna", "~/.docker/config.json"),
        DockerLogin("quay.io", "", "~/.docker/config.json, helper pass"),
        DockerLogin("acme.azurecr.io", "anna", "~/.docker/config.json", "an identity token cannot pull"),
    ),
    ("~/.docker/config.json", "~/.dockercfg"),
)
SHOWN = SecretShown("team-ghcr", True, WHERE, ("spec:", "  x"), ("predictor:", "  y"))
MISSING = SecretShown("team-ghrc", False, WHERE, suggestions=("team-ghcr",))
LISTED = SecretList(("shared-hub", "team-ghcr", "vendor-x"), WHERE, 50)
QUESTION = DeletionQuestion("team-ghcr", WHERE, "team-ghcr", "team-ghcr", ("train.yaml", "serve.yaml"))
DELETED = SecretDeleted("team-ghcr", WHERE, ("train.yaml", "serve.yaml"))
QUOTA = QuotaUsed(3, 50, WHERE)
SCHEDULE = ScheduleWritten(
    path="ci/rotate.yml",
    engine="GitLab CI",
    registry="acmedev.azurecr.io",
    plan_file="my plan.json",
    secrets=2,
    every="1 hour",
    cron="37 * * * *",
    missed=1,
    cloud="Azure",
    held=(
        Holding("AICORE_SERVICE_KEY", "variable", "service key of acme-dev at api.ai.example", "every job"),
    ),
    settings_at="Settings, CI/CD, Variables",
    notes=("1 run in a row may fail: the login lives 3 hours.",),
    inside="ci/rotate.yml",
)
DRY = DryRun(
    "team-ghcr",
    "POST",
    "https://api.ai.example/v2/admin/dockerRegistrySecrets",
    "application/json",
    '{\n  "name": "team-ghcr"\n}',
    WHERE,
)

# Each result with its text.
TEXTS = [
    (
        CONNECTED,
        """\
Connected to tenant acme-dev.
  credentials     service key, file ~/.aicore/config.json, profile default
  API             https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com/v2
  docker secrets  3 of 50 used
Next: store a registry login, with your own name and image
  %aicore_docker_secret create team-ghcr --image ghcr.io/acme/churn:1.4""",
    ),
    (
        dataclasses.replace(CONNECTED, sandbox=True, used=None, quota=None, notes=("A note.",)),
        """\
Connected to tenant acme-dev. The sandbox runs in this kernel. Nothing leaves this machine. A note.
  credentials     service key, file ~/.aicore/config.json, profile default
  API             https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com/v2
  docker secrets  unknown
Next: store a registry login, with your own name and image
  %aicore_docker_secret create team-ghcr --image ghcr.io/acme/churn:1.4""",
    ),
    (
        NoConnection(),
        """\
Not connected to any tenant.
Next: connect
  %aicore_connect
  %aicore_connect --sandbox""",
    ),
    (
        dataclasses.replace(
            CONNECTED,
            registry=SandboxRegistry("127.0.0.1:5000", "127.0.0.1:5001", "anna", "VARIABLE"),
            others=("sandbox:dev", "sandbox:prod"),
        ),
        """\
Connected to tenant acme-dev.
  credentials     service key, file ~/.aicore/config.json, profile default
  API             https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com/v2
  docker secrets  3 of 50 used
  registry        127.0.0.1:5000 (token auth), 127.0.0.1:5001 (basic auth)
  registry login  user anna, password in the variable VARIABLE
  other tenants   sandbox:dev, sandbox:prod
Next: store a registry login
  %aicore_docker_secret create team-churn --image 127.0.0.1:5000/acme/churn:1.4 --username anna \
--password-env VARIABLE""",
    ),
    (
        FOUND,
        """\
3 docker and podman logins on this machine. No login was used. Name the registry that you want.
  registry         user     where
  ghcr.io          anna     ~/.docker/config.json
  quay.io          unknown  ~/.docker/config.json, helper pass
  acme.azurecr.io  anna     ~/.docker/config.json; an identity token cannot pull
Next: use one
  %aicore_docker_secret create --docker-login --registry ghcr.io""",
    ),
    (
        dataclasses.replace(FOUND, logins=()),
        """\
No docker or podman login on this machine. Looked in ~/.docker/config.json, ~/.dockercfg.""",
    ),
    (
        SHOWN,
        f"""\
team-ghcr exists in tenant acme-dev.
Next: use it in a WorkflowTemplate
  spec:
    x
or in a ServingTemplate, inside predictor
  predictor:
    y
{TENANT}""",
    ),
    (
        MISSING,
        f"""\
Tenant acme-dev has no secret team-ghrc. Did you mean team-ghcr?
Next: see all names
  %aicore_docker_secret list
{TENANT}""",
    ),
    (
        dataclasses.replace(MISSING, suggestions=(), notes=("A note.",)),
        f"""\
Tenant acme-dev has no secret team-ghrc. A note.
Next: see all names
  %aicore_docker_secret list
{TENANT}""",
    ),
    (
        LISTED,
        f"""\
3 of 50 Docker registry secrets in tenant acme-dev.
  shared-hub
  team-ghcr
  vendor-x
Next: use shared-hub in a template
  %aicore_docker_secret show shared-hub
{TENANT}""",
    ),
    (
        QUESTION,
        f"""\
Delete team-ghcr from tenant acme-dev?
It is deleted for all resource groups and cannot be read back.
Running pods keep going; their next pull fails.
  used in  2 templates in this folder: train.yaml, serve.yaml
{TENANT}""",
    ),
    (
        DELETED,
        f"""\
Secret team-ghcr deleted for all resource groups. Running pods keep going; their next pull fails.
  used in  train.yaml, serve.yaml
{TENANT}""",
    ),
    (
        dataclasses.replace(DELETED, named_by=()),
        f"""\
Secret team-ghcr deleted for all resource groups. Running pods keep going; their next pull fails.
  used in  no template in this folder; other places were not searched
{TENANT}""",
    ),
    (
        dataclasses.replace(DELETED, asked=True),
        "Secret team-ghcr deleted for all resource groups of tenant acme-dev.",
    ),
    (
        dataclasses.replace(CONNECTED, used=50, registry=SandboxRegistry("h:1", "h:2", "anna", "VARIABLE")),
        """\
Connected to tenant acme-dev.
  credentials     service key, file ~/.aicore/config.json, profile default
  API             https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com/v2
  docker secrets  50 of 50 used
  registry        h:1 (token auth), h:2 (basic auth)
  registry login  user anna, password in the variable VARIABLE
Next: no room for another secret: delete an unused one
  %aicore_docker_secret list""",
    ),
    (
        dataclasses.replace(
            CONNECTED, registry=SandboxRegistry("h:1", "h:2", "anna", "VARIABLE"), example_stored=True
        ),
        """\
Connected to tenant acme-dev.
  credentials     service key, file ~/.aicore/config.json, profile default
  API             https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com/v2
  docker secrets  3 of 50 used
  registry        h:1 (token auth), h:2 (basic auth)
  registry login  user anna, password in the variable VARIABLE
Next: use team-churn in a template
  %aicore_template workflow churn-train --image h:1/acme/churn:1.4 --secret team-churn --scenario churn \
--cell --args "python /app/src/train.py"
  %aicore_template serving churn-serve --image h:1/acme/churn:1.4 --secret team-churn --scenario churn \
--cell""",
    ),
    (QUOTA, f"3 of 50 docker secrets used.\n{TENANT}"),
    (
        SCHEDULE,
        """\
Schedule ci/rotate.yml written. Nothing runs yet.
  file            ci/rotate.yml
  registry login  for acmedev.azurecr.io, replaced in 2 secrets
  schedule        every 1 hour, in GitLab CI (37 * * * *, UTC)
  login from      Azure, which trusts a token of GitLab CI
  name                kind      value                                      read by
  AICORE_SERVICE_KEY  variable  service key of acme-dev at api.ai.example  every job
1 run in a row may fail: the login lives 3 hours.
Lines for .gitlab-ci.yml:
  include:
    - local: '/ci/rotate.yml'
Next: set these names in GitLab CI: Settings, CI/CD, Variables
commit the plan and the schedule, then push them
  git add -- 'my plan.json' ci/rotate.yml
make the schedule: Build, Pipeline schedules, with this pattern and UTC: 37 * * * *""",
    ),
    (
        dataclasses.replace(QUOTA, used=50),
        f"""\
50 of 50 docker secrets used.
Next: delete an unused one
  %aicore_docker_secret list
{TENANT}""",
    ),
    (
        DRY,
        f"""\
Dry run for team-ghcr: nothing was sent.
Next: to send this, leave out --dry-run
  POST https://api.ai.example/v2/admin/dockerRegistrySecrets
  Authorization: Bearer ***
  Content-Type: application/json

  {{
    "name": "team-ghcr"
  }}
{TENANT}""",
    ),
]
TEXTS += [*ENDS, *ROTATIONS]
RESULTS = [result for result, _ in TEXTS]
NAMES = [f"{type(result).__name__}-{i}" for i, result in enumerate(RESULTS)]


@pytest.fixture(autouse=True)
def _days_of_utc(utc):
    """Days are those of one zone, wherever this runs."""


def lines_of(text):
    return [line.rstrip() for line in text.splitlines()]


def test_every_result_has_an_example_here():
    """Each kind of result is among those whose text and data are tested here."""
    members = [
        each
        for module in (
            deletion,
            notes,
            results,
            rotation_results,
            rotation_schedule,
            secret_list,
            secret_records,
        )
        for each in inspect.getmembers(module, inspect.isclass)
    ]
    kinds = {kind for _, kind in members if issubclass(kind, Done)}
    assert kinds - {Done} == {type(result) for result in RESULTS} - {DryRun}


@pytest.mark.parametrize(("result", "text"), TEXTS, ids=NAMES)
def test_texts(result, text):
    """The text of a result says what happened; a notebook shows magics in it, and Python functions."""
    assert lines_of(result.shown(NOTEBOOK)) == lines_of(text)
    assert repr(result) == str(result) == str(result.report())
    assert "%aicore" not in str(result)


@pytest.mark.parametrize("result", RESULTS, ids=NAMES)
def test_shape(result):
    """Headline with a full stop, facts and lines two spaces in, one Next, the tenant last.

    What answers a question has one line, and the tenant in it.
    """
    report = result.report()
    first, *rest = str(result).splitlines()
    assert isinstance(report, Report)
    assert first.startswith(closed(report.headline))
    assert not report.headline.endswith(".")
    assert "\x1b" not in str(result)
    if getattr(result, "asked", False):
        assert not rest
        assert "tenant acme-dev" in first
    elif hasattr(result, "where") and not isinstance(result, Connected):
        assert rest[-1] == TENANT == str(WHERE)
    assert sum(line.startswith("Next: ") for line in rest) == bool(report.steps)


@pytest.mark.parametrize("result", RESULTS, ids=NAMES)
def test_data(result):
    """Every result is plain data, ready for JSON, under the names of its fields, and says what it is."""
    data = json.loads(json.dumps(result.to_dict()))
    assert data.pop("result") == type(result).__name__
    assert list(data) == [field.name for field in dataclasses.fields(result)]
    if "where" in data:
        assert data["where"] == {"tenant": "acme-dev", "host": WHERE.host}


@pytest.mark.parametrize("result", [*RESULTS, WHERE, GHCR], ids=[*NAMES, "Where", "StoredLogin"])
def test_results_are_values(result):
    """A result does not change, and equals another that says the same."""
    assert result == dataclasses.replace(result)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.name = "else"


@pytest.mark.parametrize("kind", sorted({type(result) for result in RESULTS} | {StoredLogin}, key=str))
def test_no_result_can_hold_a_secret(kind):
    """No field of any result is made for a secret."""
    names = {**vars(results), "DockerLogin": DockerLogin, "SandboxRegistry": SandboxRegistry}
    names |= {"HiddenName": HiddenName, "datetime": datetime, **vars(recorded), **vars(notes)}
    names |= {**vars(rotation_results), "Outcomes": Outcomes, "Plan": Plan}
    names |= {"Holding": Holding, "Verdict": Verdict, "ServingCaution": ServingCaution}
    names |= {"Run": Run, "CutOff": CutOff}
    hints = typing.get_type_hints(kind, names)
    assert "Secret" not in {
        part for hint in hints.values() for part in str(hint).replace("[", ".").split(".")
    }


def test_a_key_is_told_where_it_is_spelt_differently():
    """A login from a file keeps its key, and it is told only where it is not the registry itself."""
    told = RegistryLogin(AuthKey("ghcr.io/acme"), "anna", Secret("p")).stored()
    assert plain(told.words()) == "ghcr.io/acme, user anna"
    assert plain(HUB.words()) == "docker.io, user acmebot, key https://index.docker.io"
    assert plain(GHCR.words()) == "ghcr.io, user anna"


def test_the_text_has_no_clock():
    """How long a token lives stands on the card only: the text is the same in every run."""
    facts = {fact.label: plain(fact.value) for fact in CONNECTED.report().facts if fact.only == "html"}
    assert facts == {"Token": "valid for 11 h 59 min, renewed by itself", "Resource group": "default"}
    late = dataclasses.replace(CONNECTED, token_seconds=59)
    assert str(late) == str(CONNECTED)
    assert late.report() != CONNECTED.report()
    assert late.to_dict()["token_seconds"] == 59


@pytest.mark.parametrize(
    ("used", "maximum", "told"),
    [
        (3, 50, "3 of 50 used"),
        (0, 50, "0 of 50 used"),
        (3, None, "3 used"),
        (None, 50, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_used_of(used, maximum, told):
    """The quota is told as far as it is known."""
    assert used_of(used, maximum) == told


@pytest.mark.parametrize(
    ("used", "maximum", "headline"),
    [
        (None, None, "Number of docker secrets: unknown"),
        (None, 50, "Number of docker secrets: unknown"),
        (0, None, "0 docker secrets used"),
        (1, None, "1 docker secret used"),
        (2, None, "2 docker secrets used"),
        (1, 50, "1 of 50 docker secrets used"),
    ],
)
def test_the_words_of_the_quota(used, maximum, headline):
    """However much of the quota is known, it makes a sentence."""
    result = QuotaUsed(used, maximum, WHERE)
    assert (result.report().headline, result.complete) == (headline, used is not None)


@pytest.mark.parametrize(("quota", "of"), [(50, " (0 of 50)"), (None, "")])
def test_the_empty_list(quota, of):
    """An empty list says of how many, if that is known."""
    assert (
        SecretList((), WHERE, quota).report().headline == f"No Docker registry secrets in tenant acme-dev{of}"
    )


@pytest.mark.parametrize(
    ("used", "maximum", "full"),
    [(49, 50, False), (50, 50, True), (51, 50, True), (0, 0, True), (50, None, False), (None, 0, False)],
)
def test_a_full_tenant_is_a_warning(used, maximum, full):
    """Where there is no room left, the result warns and says how to make some."""
    report = QuotaUsed(used, maximum, WHERE).report()
    assert (report.state, bool(report.steps)) == (("warning", True) if full else ("", False))


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (CONNECTED, "done"),
        (dataclasses.replace(CONNECTED, notes=("A note.",)), "warning"),
        (NoConnection(), "hint"),
        (SHOWN, "done"),
        (MISSING, "hint"),
        (LISTED, ""),
        (DELETED, "done"),
        (DRY, "hint"),
    ],
)
def test_states(result, state):
    """Done is done, a note makes it a warning, what is only looked at is neither."""
    assert result.report().state == state


@pytest.mark.parametrize(
    ("result", "kinds"), [(SHOWN, ["yaml", "yaml"]), (DRY, ["yaml"]), (LISTED, ["command"])]
)
def test_lines_that_must_not_be_wrapped(result, kinds):
    """Templates and requests keep their lines on a card, commands may be wrapped."""
    assert [step.kind for step in result.report().steps] == kinds


def test_a_result_says_something():
    """A result without words of its own is a mistake of ours."""
    with pytest.raises(TypeError, match="abstract"):
        Done()
