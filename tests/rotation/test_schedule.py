"""What a schedule is to do: refused where it cannot work, and safe to be put into a script."""

from __future__ import annotations

import dataclasses
import re
import shlex
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidSchedule
from aicore_magics.rotation.schedule import RESULT, is_unedited, job_of, sealed, shown
from tests.rotation.plans import API, HOSTILE, REGISTRIES, Held, plan

PATHS = (
    *("plan.json", "rotation/my plan.json", "-x.json", "--help", "a;b&c|d.json", "it's.json", 'quo"te.json'),
    *(
        "$(touch pwned).json",
        "`touch pwned`.json",
        "back\\slash.json",
        "日本/計画.json",
        "${HOME}.json",
        "*.json",
    ),
)


def job(planned=None, path="plan.json", every="", ends=()):
    return job_of(planned or plan(), path, every, shortest=5, ends=dict(ends))


def refused(**wish):
    with pytest.raises(InvalidSchedule) as caught:
        job(**wish)
    assert "Nothing was written." in str(caught.value)
    assert caught.value.next
    return str(caught.value)


@pytest.mark.parametrize(
    ("registry", "fix"),
    [
        ("ghcr.io", "a classic personal access token with read:packages"),
        ("docker.io", "a personal access token with the right to read"),
        ("quay.io", "the token of a robot account"),
        ("acme.common.repositories.cloud.sap", "an identity token or access token"),
        ("harbor.acme.example", "a login that may only pull and does not end soon"),
        ("nexus.acme.example:8443", "a login that may only pull and does not end soon"),
    ],
)
def test_a_registry_without_a_program_is_refused(registry, fix):
    """Where no program makes logins, the text names the long-lived login that does without a schedule."""
    said = refused(planned=plan(registry))
    assert f"no program that makes logins for {registry} is known" in said
    assert fix in said
    assert "Replace it with run before it ends." in said


def test_other_logins_are_refused():
    """A secret with a second login would lose it: each such secret is named, as far as there is room."""
    secrets = plan(REGISTRIES["ecr"], *(f"tenant-{i}" for i in range(14))).secrets
    other = (Held("quay.io", "bot\n"),)
    with_others = [dataclasses.replace(each, others=other) for each in secrets[:12]]
    said = refused(planned=dataclasses.replace(plan(), secrets=(*with_others, *secrets[12:])))
    assert "12 secrets with other logins" in said
    assert "team-ecr of tenant-0: quay.io, user bot\n" in said
    assert "tenant-9" in said
    assert "tenant-10" not in said
    assert "and 2 more" in said


def test_a_plan_without_secrets_is_refused():
    """There is nothing to do for it."""
    assert "the plan has no secrets" in refused(planned=dataclasses.replace(plan(), secrets=()))


@pytest.mark.parametrize(
    "path", ["", RESULT, "a${{ secrets.X }}.json", "a\nb.json", "a\u202eb", "x" * 401, "\ud800"]
)
def test_paths_that_no_ci_takes_are_refused(path):
    """A path that GitHub would fill in, that nobody can read, or that the result would overwrite."""
    assert "cannot be used in a CI" in refused(path=path)


@pytest.mark.parametrize(
    ("days", "says"),
    [(-1, "before the next run"), (0.1, "before the next run"), (7, "ends soon"), (13, "ends soon")],
)
def test_a_service_key_that_ends_soon_is_refused(days, says):
    """Nobody is there to renew a certificate: one of seven days is no key for a schedule."""
    said = refused(ends={("acme-dev", API): datetime.now(UTC) + timedelta(days=days)})
    assert says in said
    assert "service key of tenant acme-dev" in said
    assert "use a service key with a client secret" in said


def test_a_service_key_that_ends_later_is_noted():
    """A certificate of a year works until then, and the day is there to be read."""
    ends = {("acme-dev", API): datetime.now(UTC) + timedelta(days=300)}
    (note,) = job(ends=ends).notes
    assert re.fullmatch(r"The service key of tenant acme-dev ends on .+\. Every later run fails\.", note)


@pytest.mark.parametrize("path", PATHS)
def test_the_command_is_the_same_words_in_a_shell(path):
    """What a shell makes of the script are the words of the command, and the path is no option."""
    made = job(planned=plan(REGISTRIES["acr"], *HOSTILE), path=path)
    words = shlex.split(made.script.replace("\\\n", ""))
    assert tuple(words) == made.command
    assert words[:3] == ["jupyter", "aicore", "rotate"]
    assert words[3].removeprefix("./") == path
    assert not words[3].startswith("-")


@given(st.lists(st.text(max_size=60), min_size=1, max_size=20, unique=True))
def test_each_tenant_has_a_variable(tenants):
    """No two tenants share a variable, and each is one that both CIs take, whatever a tenant is called."""
    keys = job(planned=plan(REGISTRIES["ecr"], *tenants)).keys
    assert len({key.variable for key in keys}) == len(keys) == len(tenants)
    assert all(re.fullmatch(r"AICORE_SERVICE_KEY[A-Z0-9_]*", key.variable) for key in keys)
    assert all(len(key.variable) < 80 for key in keys)


@given(st.text(max_size=300))
def test_names_stand_on_one_line(name):
    """What is shown of a name can be read, moves nothing else, and is not long."""
    assert shown(name).isprintable()
    assert len(shown(name)) <= 60


def test_the_same_plan_runs_at_the_same_time():
    """The minute is that of the plan, not of the day on which the schedule was made; plans differ."""
    one, again, other = job(), job(), job(planned=plan(REGISTRIES["ecr"], "acme-prod"))
    assert (one.cron, one.digest) == (again.cron, again.digest)
    assert one.digest != other.digest


def test_what_was_edited_is_known():
    """A schedule is ours as long as no letter of it was changed."""
    text = sealed("a\nb\n")
    assert is_unedited(text)
    assert not any(map(is_unedited, (text + "c", text.replace("b", "c"), text[1:], "", "a\n", text.upper())))
