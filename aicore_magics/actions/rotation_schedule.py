"""A file that lets the CI of a git host run a rotation plan, again and again, without a notebook."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from aicore_magics.base.files import is_there, place_of, text_or_fault
from aicore_magics.base.git_folder import repository
from aicore_magics.base.plural import count
from aicore_magics.base.report import Code, Fact, Report, Step, Table
from aicore_magics.base.result import Done
from aicore_magics.base.tokens import without_tokens
from aicore_magics.base.write_files import save_new
from aicore_magics.errors import InvalidFile, InvalidSchedule
from aicore_magics.next_steps import Command, Effect, Option
from aicore_magics.rotation.clouds import CLOUDS
from aicore_magics.rotation.engines import engine_named, holdings, scheduled, traps
from aicore_magics.rotation.schedule import is_unedited, job_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from aicore_magics.rotation.engines import Holding
    from aicore_magics.rotation.schedule import Planning

ENDINGS = (".yml", ".yaml")
MAX_BYTES = 1024 * 1024  # of a file that may be ours; ours are far smaller
_WORKFLOWS, _PIPELINE = ".github/workflows", ".gitlab-ci.yml"
_NO_KEYS: Mapping[tuple[str, str], datetime] = MappingProxyType({})


@dataclass(frozen=True, repr=False)
class ScheduleWritten(Done):
    """A file that runs a plan in a CI was written; nothing was pushed, and nothing runs yet.

    *path* is as it was given, *place* where that is, *inside* its path in the repository. *cron* is in UTC,
    *missed* how many runs in a row may fail. *held* is what the CI has to keep.
    """

    path: str
    engine: str
    registry: str
    plan_file: str
    secrets: int
    every: str
    cron: str
    missed: int
    cloud: str
    held: tuple[Holding, ...]
    settings_at: str
    notes: tuple[str, ...] = ()
    inside: str = ""
    place: str = ""
    unchanged: bool = False

    def report(self) -> Report:
        """What it does when, what the CI has to keep, and how to start it."""
        done = "unchanged" if self.unchanged else "written"
        facts = (
            Fact("File", Code(self.place or self.path)),
            Fact("Registry login", f"for {self.registry}, replaced in {count(self.secrets, 'secret')}"),
            Fact("Schedule", f"every {self.every}, in {self.engine} ({self.cron}, UTC)"),
            Fact("Login from", f"{self.cloud}, which trusts a token of {self.engine}"),
        )
        rows = tuple((Code(each.name), each.kind, each.what, each.read) for each in self.held)
        return Report(
            f"Schedule {self.path} {done}",
            "done" if self.missed else "warning",
            ("Nothing runs yet.",),
            facts=facts,
            table=Table(("Name", "Kind", "Value", "Read by"), rows),
            notes=self.notes,
            samples=self._include(),
            steps=self._steps(),
        )

    def _steps(self) -> tuple[Step, ...]:
        files = " ".join(shlex.quote(path) for path in (self.plan_file, self.inside))
        keep = Step(f"set these names in {self.engine}: {self.settings_at}", ())
        commit = Step("commit the plan and the schedule, then push them", (Command(f"git add -- {files}"),))
        if self.engine == "GitLab CI":
            pattern = f"make the schedule: Build, Pipeline schedules, with this pattern and UTC: {self.cron}"
            return (keep, commit, Step(pattern, ()))
        start = Command(f"gh workflow run {shlex.quote(Path(self.inside).name)}")
        return (keep, commit, Step("start it once by hand, and read its log", (start,)))

    def _include(self) -> tuple[Step, ...]:
        if self.engine != "GitLab CI" or self.inside == _PIPELINE:
            return ()
        # In single quotes YAML takes all as it stands, but for one of them.
        local = self.inside.replace("'", "''")
        return (Step(f"Lines for {_PIPELINE}:", ("include:", f"  - local: '/{local}'"), "yaml"),)


def schedule_rotation(
    plan: Planning,
    engine: str,
    out: str,
    *,
    plan_file: str,
    every: str = "",
    key_ends: Mapping[tuple[str, str], datetime] = _NO_KEYS,
) -> ScheduleWritten:
    """Write to *out* what runs *plan*, which is in *plan_file*, in a CI: *engine* is `github` or `gitlab`.

    Every such time (`30min`, `4h`) a new login is made there and put into the secrets; without *every*, as
    seldom as the life of the login allows. *key_ends*: when the certificates of service keys end, by tenant
    and host. Raises InvalidSchedule for what cannot work, and InvalidFile where *out* cannot be written, or
    has something else in it.
    """
    runs_in = engine_named(engine)
    if not out:
        name = f"{_WORKFLOWS}/rotate.yml" if engine == "github" else "rotate.yml"
        raise InvalidSchedule("no file to write is named", next=("add ", Option("out", name), "."))
    root = repository(Path()) or Path(os.path.realpath(Path()))
    job = job_of(plan, _inside(plan_file, root), every, shortest=runs_in.shortest, ends=key_ends)
    inside = _inside(out, root)
    ours = _is_ours(out)
    written = save_new(out, scheduled(runs_in, job), folder=Path(), endings=ENDINGS, force=ours)
    return ScheduleWritten(
        path=out,
        engine=runs_in.name,
        registry=job.registry,
        plan_file=job.plan_file,
        secrets=job.secrets,
        every=job.every.shown,
        cron=job.cron,
        missed=job.every.missed,
        cloud=CLOUDS[job.mint.cloud].name,
        held=holdings(runs_in, job),
        settings_at=runs_in.place,
        notes=(*_misplaced(engine, inside), *traps(runs_in, job)),
        inside=inside,
        place=place_of(out, Path()),
        unchanged=not written,
    )


def _inside(path: str, root: Path) -> str:
    """The *path* as it is in the repository *root*. Raises InvalidSchedule if it is not in there."""
    try:
        place = Path(os.path.realpath(path))
        return place.relative_to(root).as_posix()
    except ValueError:  # another folder; a null in it
        raise InvalidSchedule(
            f"the file {without_tokens(path)!a} is outside of the repository",
            next="use a path in the repository that you are in.",
        ) from None


def _is_ours(out: str) -> bool:
    """Whether *out* is a schedule as we made it, to be replaced. Raises InvalidFile for another one."""
    if not is_there(Path(out)):
        return False
    text, fault = text_or_fault(out, MAX_BYTES)
    if not fault and is_unedited(text):
        return True
    raise InvalidFile(
        f"the file {without_tokens(out)!r} exists already and has something else in it",
        Effect.NOTHING_WRITTEN,
        "choose another name, or remove it.",
    )


def _misplaced(engine: str, inside: str) -> tuple[str, ...]:
    if engine != "github" or inside.rpartition("/")[0] == _WORKFLOWS:
        return ()
    return (f"GitHub runs it only from {_WORKFLOWS} at the top of the repository. Move it there.",)
