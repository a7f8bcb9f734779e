"""The CIs that can run a schedule: what each has to hold, who can read it, and what it does not do."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from aicore_magics.base.plural import count
from aicore_magics.base.version import VERSION
from aicore_magics.errors import InvalidSchedule
from aicore_magics.model.hosts import is_loopback
from aicore_magics.next_steps import OR, Option
from aicore_magics.rotation.clouds import CLOUDS, audience_for, right_for
from aicore_magics.rotation.github import workflow
from aicore_magics.rotation.gitlab import pipeline
from aicore_magics.rotation.interval import in_words
from aicore_magics.rotation.schedule import PACKAGE, PACKAGE_VARIABLE, sealed, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.rotation.schedule import Job

_COLUMNS = 100
# Who has a name on PyPI, no text of ours can promise, and the job has service keys.
_INSTALL = (
    f"The job installs {PACKAGE} from PyPI. Check that this package is ours before you run it.",
    f"To install another one, set the variable {PACKAGE_VARIABLE} to its git address or wheel.",
)
_HOUR, _DAY = 60, 24 * 60  # minutes


@dataclass(frozen=True)
class Holding:
    """What the CI keeps: its *name*, its *kind*, what is in it, and who can *read* it."""

    name: str
    kind: str
    what: str
    read: str


@dataclass(frozen=True)
class Engine:
    """A CI by its *name*. *shortest* is its shortest interval, in minutes.

    *secret* and *setting* are its words for what it keeps, *key_read* and *setting_read* who can read that.
    *place* is where both are set, *subject* is how its token names the job, *traps* are what it does not do.
    """

    name: str
    write: Callable[[Job], str]
    shortest: int
    secret: str
    setting: str
    key_read: str
    setting_read: str
    place: str
    subject: str
    traps: tuple[str, ...]
    often: str


ENGINES = {
    "github": Engine(
        "GitHub Actions",
        workflow,
        shortest=5,
        secret="secret",
        setting="variable",
        key_read="everyone who may push to this repository, by a workflow",
        setting_read="everyone who may push to this repository",
        place="Settings, Secrets and variables, Actions",
        subject="repo:OWNER/REPOSITORY:ref:refs/heads/BRANCH",
        traps=(
            "GitHub runs a schedule only from the default branch.",
            "GitHub may start a run late, or not at all, when many others start: most of all at full hours.",
            "GitHub stops the schedule of a public repository after 60 days without activity.",
            "GitHub sends mail about a failed run only to the last editor of the schedule.",
            "In a public repository everyone can read the log and the result.",
        ),
        often="In a private repository they use up CI minutes.",
    ),
    "gitlab": Engine(
        "GitLab CI",
        pipeline,
        shortest=10,
        secret="variable, masked and protected",
        setting="variable",
        key_read="maintainers, and every job on a protected branch",
        setting_read="every job",
        place="Settings, CI/CD, Variables",
        subject="project_path:GROUP/PROJECT:ref_type:branch:ref:BRANCH",
        traps=(
            "GitLab needs a schedule that you make by hand, for a protected branch.",
            "GitLab runs this job in every schedule of the project.",
            "GitLab runs a schedule as its owner. It stops when the owner leaves the project.",
            "GitLab looks for due schedules every 10 minutes by default.",
        ),
        often="The free tier of gitlab.com allows one an hour.",
    ),
}


def engine_named(name: str) -> Engine:
    """Return the engine *name*. Raises InvalidSchedule for another one, or none."""
    if not name:
        raise InvalidSchedule(
            "no engine is named",
            next=("add ", Option("engine", "github"), OR, Option("engine", "gitlab"), "."),
        )
    if name not in ENGINES:
        raise InvalidSchedule("the engine is not one of those known", next=f"use {' or '.join(ENGINES)}.")
    return ENGINES[name]


def holdings(engine: Engine, job: Job) -> tuple[Holding, ...]:
    """Return what *engine* has to keep for *job*: a service key for each tenant, and no secret of a cloud."""
    keys = (
        Holding(key.variable, engine.secret, f"service key of {key.tenant} at {key.host}", engine.key_read)
        for key in job.keys
    )
    settings = (
        Holding(setting.variable, engine.setting, setting.what, engine.setting_read)
        for setting in CLOUDS[job.mint.cloud].settings
    )
    package = Holding(
        PACKAGE_VARIABLE,
        engine.setting,
        f"what pip installs; optional, default {PACKAGE}",
        engine.setting_read,
    )
    return (*keys, *settings, package)


def traps(engine: Engine, job: Job) -> tuple[str, ...]:
    """Return what is to be known of *engine* and of the login, each in a sentence or two."""
    missed, life = job.every.missed, in_words(int(job.mint.life.total_seconds()) // 60)
    slack = (
        f"{count(missed, 'run')} in a row may fail: the login lives {life}. A run may start 30 minutes late."
        if missed
        else f"No run may fail: the login lives {life}, and would end before the next run but one."
    )
    often = (
        f"That is {_DAY // job.every.minutes} runs a day. {engine.often}" if job.every.minutes < _HOUR else ""
    )
    other = (
        f"The secrets have the login of {shown(job.was)} now. A run puts that of {job.mint.username} there."
        if job.was != job.mint.username
        else ""
    )
    cloud = CLOUDS[job.mint.cloud].warning
    here = any(is_loopback(key.host.partition(":")[0]) for key in job.keys)
    sandbox = (
        "A CI cannot reach the sandbox on this machine. Make a plan for your own tenants." if here else ""
    )
    return tuple(filter(None, (sandbox, *_INSTALL, slack, often, other, cloud, *job.notes, *engine.traps)))


def scheduled(engine: Engine, job: Job) -> str:
    """Return the file that lets *engine* do *job*."""
    return sealed(f"{_header(engine, job)}\n{engine.write(job)}")


def _header(engine: Engine, job: Job) -> str:
    """All that a reader of the file has to know, as comments."""
    tenants = f"{count(job.secrets, 'secret')} of {count(len(job.keys), 'tenant')} of SAP AI Core"
    cloud = CLOUDS[job.mint.cloud]
    paragraphs = (
        f"Replaces the login for {job.registry} in {tenants}. Made by aicore-magics {VERSION}.",
        f"Runs every {job.every.shown}: {job.cron} in UTC.",
        *traps(engine, job),
        "",
        f"To be set in {engine.name}: {engine.place}.",
        *(
            f"- {each.name}: {each.kind}; {each.what}. Read by: {each.read}."
            for each in holdings(engine, job)
        ),
        "A service key is best set as the base64 of its file, in one line: base64 -w0 key.json",
        f"To be set in {cloud.name}: the identity needs only {right_for(job.mint)}.",
        f"It trusts tokens for {audience_for(job.mint)} with the subject {engine.subject}.",
    )
    lines = [line for each in paragraphs for line in _wrapped(each)]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


def _wrapped(text: str) -> list[str]:
    indent = "  " if text.startswith("- ") else ""
    return wrap(text, _COLUMNS - 2, subsequent_indent=indent, break_on_hyphens=False) or [""]
