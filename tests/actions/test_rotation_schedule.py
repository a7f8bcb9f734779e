"""A schedule is written where it was meant to go, whole or not at all, and its card says what to do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from aicore_magics.actions.rotation_schedule import schedule_rotation
from aicore_magics.base.version import VERSION
from aicore_magics.errors import InvalidFile, InvalidSchedule
from tests.rotation.plans import API, HOSTILE, REGISTRIES, plan

OUT = ".github/workflows/rotate.yml"


@pytest.fixture(autouse=True)
def repository(tmp_path, monkeypatch):
    """A repository with a plan in it, and the working folder at its top."""
    for folder in (".git", ".github/workflows", "rotation"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "rotation/plan.json").write_text("{}", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(engine="github", out=OUT, *, planned=None, path="rotation/plan.json", **wish):
    return schedule_rotation(planned or plan(), engine, out, plan_file=path, **wish)


@pytest.mark.parametrize(("engine", "out"), [("github", OUT), ("gitlab", ".gitlab-ci.yml")])
def test_the_file_is_there_and_told(repository, engine, out):
    """The file is YAML that runs the plan; the card says when, what the CI keeps, and what to do."""
    result = written(engine, out)
    text = (repository / out).read_text("utf-8")
    assert yaml.safe_load(text)
    assert "jupyter aicore rotate rotation/plan.json" in text
    assert f"aicore-magics=={VERSION}" in text
    shown = str(result)
    assert f"Schedule {out} written" in shown
    assert result.cron in shown
    assert all(each.name in shown for each in result.held)
    assert "Nothing runs yet." in shown
    assert f"git add -- rotation/plan.json {out}" in shown
    assert result.complete


def test_the_data_is_the_same_as_the_card():
    """A program gets all of it, ready for JSON, and no secret, for there is none."""
    data = json.loads(json.dumps(written(planned=plan(REGISTRIES["acr"], *HOSTILE)).to_dict()))
    assert data["result"] == "ScheduleWritten"
    assert (data["every"], data["missed"], data["cloud"]) == ("1 hour", 1, "Azure")
    assert len(data["held"]) == len(HOSTILE) + 3


def test_the_path_of_the_plan_is_that_in_the_repository(repository, monkeypatch):
    """A CI starts at the top of the repository, wherever the notebook is."""
    monkeypatch.chdir(repository / "rotation")
    result = written("gitlab", "rotate.yml", path="plan.json")
    assert "jupyter aicore rotate rotation/plan.json" in (repository / "rotation/rotate.yml").read_text(
        "utf-8"
    )
    assert (result.plan_file, result.inside) == ("rotation/plan.json", "rotation/rotate.yml")
    assert "  - local: '/rotation/rotate.yml'" in str(result)


def test_a_workflow_elsewhere_is_told():
    """GitHub looks into one folder only, so a workflow in another is never run."""
    assert "Move it there." in str(written(out="rotate.yml"))
    assert "Move it there." not in str(written())


def test_a_state_for_each_slack():
    """A schedule in which no run may fail is a warning, any other is done."""
    assert written(every="8h", out="a.yml").report().state == "warning"
    assert written(every="4h", out="b.yml").report().state == "done"


def test_ours_is_replaced_and_others_stay(repository):
    """Made again it is the same file; with another wish it is replaced; once edited, it stays."""
    assert not written().unchanged
    assert written().unchanged
    assert not written(every="2h").unchanged
    place = repository / OUT
    edited = place.read_text("utf-8") + "# ours\n"
    place.write_text(edited, "utf-8")
    with pytest.raises(InvalidFile, match="exists already and has something else in it") as caught:
        written()
    assert "Nothing was written." in str(caught.value)
    assert place.read_text("utf-8") == edited


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("rotate.txt", "rotate.txt"),
        ("no-such-folder/rotate.yml", "does not exist"),
        ("link.yml", "something else in it"),
        ("../outside.yml", "outside of the repository"),
        ("", "no file to write is named"),
        ("a\0.yml", "outside of the repository"),
    ],
)
def test_where_nothing_is_written(repository, out, says):
    """A wrong name, no folder, a link, and a place outside are refused, and nothing changes."""
    (repository / "target").write_text("theirs", "utf-8")
    (repository / "link.yml").symlink_to("target")
    before = sorted(repository.rglob("*"))
    with pytest.raises((InvalidFile, InvalidSchedule)) as caught:
        written(out=out)
    assert says in str(caught.value)
    assert sorted(repository.rglob("*")) == before
    assert (repository / "target").read_text("utf-8") == "theirs"


@pytest.mark.parametrize(
    "wish",
    [
        {"engine": "jenkins"},
        {"every": "1d"},
        {"planned": plan("ghcr.io")},
        {"path": "../plan.json"},
        {"key_ends": {("acme-dev", API): datetime.now(UTC) + timedelta(days=6)}},
    ],
)
def test_what_is_refused_writes_nothing(repository, wish):
    """A schedule that cannot work is not made at all, and the text says what would be needed."""
    with pytest.raises(InvalidSchedule) as caught:
        written(**wish)
    assert caught.value.next
    assert list((repository / ".github/workflows").iterdir()) == []
