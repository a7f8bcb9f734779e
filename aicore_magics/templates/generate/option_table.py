"""The options of `workflow` and `serving`, one row each: parsing, help, completion and the fields follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TemplateKind = Literal["workflow", "serving"]

_PIECES = (
    "what the container runs: one line for /bin/sh, or with --command the words after it; "
    "repeatable; if it begins with a hyphen, write --args=--model"
)
_ARGUMENTS = (
    "one argument for the image's ENTRYPOINT, or for --command; repeatable; "
    "if it begins with a hyphen, write --args=--model"
)
_PROBE = "PATH[,delay=S,…]"
_WITH_TIMES = "with port, delay, period, timeout (seconds), failures"


@dataclass(frozen=True, slots=True)
class Option:
    """One option: how it is spelt, what stands behind it (nothing: a switch), and one line of help.

    *only*: one kind of template has it. *several*: it may be given more than once. *field* is the field that
    takes the text as it is, of the options of the template, or behind a dot of its `autoscaling`; without
    one, `options` reads it. *like* is what to write behind it, for who wrote something else. *name* is
    what it goes by where options come as a mapping, if that is not its spelling.
    """

    flag: str
    metavar: str
    help: str
    only: TemplateKind | None = None
    several: bool = False
    field: str = ""
    like: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """What it goes by in a mapping, as `secret_env` for `--secret-env`."""
        return self.name or self.flag.removeprefix("--").replace("-", "_")


# In the order of the help.
OPTIONS: tuple[Option, ...] = (
    Option("--image", "REF", "with registry and version, such as ghcr.io/acme/churn:1.4"),
    Option("--secret", "NAME", "the Docker registry secret that pulls the image"),
    Option("--scenario", "ID", "the scenario it belongs to"),
    Option("--scenario-name", "TEXT", "display name of the scenario; default: its id"),
    Option("--scenario-description", "TEXT", "what the scenario is for"),
    Option("--title", "TEXT", "display name of the executable; default: NAME", field="title"),
    Option("--description", "TEXT", "what the executable does", field="description"),
    Option("--version", "VERSION", "of the scenario; default: 1.0.0", field="version"),
    Option(
        "--label",
        "KEY=VALUE",
        "one more label of the template itself; repeatable",
        several=True,
        like="ext.ai.sap.com/team=churn",
    ),
    Option("--plan", "PLAN", "resource plan; default: starter", field="plan"),
    Option("--instance-type", "TYPE", "instead of a resource plan, such as m5.xlarge", field="instance_type"),
    Option(
        "--request",
        "RESOURCE=QUANTITY",
        "resources to request, such as memory=2Gi; repeatable",
        several=True,
        like="memory=2Gi",
    ),
    Option(
        "--limit",
        "RESOURCE=QUANTITY",
        "resource limits, such as memory=4Gi; repeatable",
        several=True,
        like="nvidia.com/gpu=1",
    ),
    Option("--shm-size", "QUANTITY", "shared memory at /dev/shm, such as 2Gi"),
    Option("--pull-policy", "POLICY", "Always, IfNotPresent or Never"),
    Option("--port", "PORT", "where the server listens; default: 8080", only="serving", field="port"),
    Option("--args", "TEXT", _PIECES, only="workflow", several=True),
    Option("--args", "TEXT", _ARGUMENTS, only="serving", several=True),
    Option("--command", "WORDS", 'the program and its first words, such as "/bin/sh -c"'),
    Option(
        "--env",
        "VAR=TEXT",
        "a variable, not a secret: git keeps it; repeatable",
        several=True,
        like="LOG_LEVEL=info",
    ),
    Option(
        "--secret-env",
        "VAR=SECRET:KEY",
        "a variable from one key of a generic secret; repeatable",
        several=True,
        like="DB_PASSWORD=my-database:password",
    ),
    Option("--env-from", "SECRET", "a generic secret, each key as a variable; repeatable", several=True),
    Option(
        "--mount-secret",
        "SECRET=PATH",
        "a generic secret as files in a folder; repeatable",
        several=True,
        like="my-certificates=/mnt/certificates",
    ),
    Option("--param", "NAME[=DEFAULT]", "a parameter that a configuration may set; repeatable", several=True),
    Option(
        "--param-description",
        "NAME=TEXT",
        "what it is for; repeatable",
        several=True,
        like='DEPTH="how deep the trees grow"',
    ),
    Option(
        "--param-value",
        "NAME=VALUE",
        "a parameter with a fixed value; a configuration cannot set it; repeatable",
        only="workflow",
        several=True,
        like="DEPTH=3",
    ),
    Option(
        "--input",
        "NAME[=PATH][:KIND]",
        "an input artifact; default: /app/NAME, dataset; repeatable",
        only="workflow",
        several=True,
    ),
    Option(
        "--input",
        "NAME[=VARIABLE][:KIND]",
        "input artifact; VARIABLE has its place; default: STORAGE_URI (/mnt/models), model; repeatable",
        only="serving",
        several=True,
    ),
    Option(
        "--output",
        "NAME=PATH[:KIND]",
        "an output artifact; default: model; repeatable",
        only="workflow",
        several=True,
        like="model=/app/model",
    ),
    Option("--pack-outputs", "", "store outputs as .tgz", only="workflow"),
    Option(
        "--artifact-description",
        "NAME=TEXT",
        "what an artifact is; repeatable",
        several=True,
        like='model="the trained model"',
    ),
    Option(
        "--artifact-label",
        "NAME:KEY=TEXT",
        "a label of an artifact; repeatable",
        several=True,
        like="model:team=churn",
    ),
    Option(
        "--step",
        "NAME",
        "call the container's template from main, as a step of that name",
        only="workflow",
        field="step",
    ),
    Option("--deadline", "SECONDS", "end a run that takes longer", only="workflow", field="deadline"),
    Option(
        "--min-replicas",
        "N",
        "replicas at least; 0 = scale to zero; default: 1",
        only="serving",
        field="min_replicas",
    ),
    Option(
        "--max-replicas",
        "N",
        "replicas at most; default: 2, or --min-replicas if that is more",
        only="serving",
        field="max_replicas",
    ),
    Option(
        "--metric",
        "METRIC",
        "concurrency or rps: the metric that adds replicas",
        only="serving",
        field="autoscaling.metric",
    ),
    Option(
        "--target", "N", "target of the metric for each replica", only="serving", field="autoscaling.target"
    ),
    Option(
        "--burst",
        "N",
        "requests in a burst before others queue; -1: they always queue",
        only="serving",
        field="autoscaling.burst",
    ),
    Option(
        "--window",
        "TIME",
        "time over which it is measured, such as 90s",
        only="serving",
        field="autoscaling.window",
    ),
    Option(
        "--retention",
        "TIME",
        "how long the last replica stays, such as 10m",
        only="serving",
        field="autoscaling.retention",
    ),
    Option(
        "--scale-down-delay",
        "TIME",
        "how long the load must be lower before replicas stop",
        only="serving",
        field="autoscaling.delay",
        name="delay",
    ),
    Option(
        "--concurrency", "N", "requests that one replica handles at once", only="serving", field="concurrency"
    ),
    Option("--request-timeout", "SECONDS", "time limit for a request", only="serving", field="timeout"),
    Option("--grace", "SECONDS", "time for a replica to end", only="serving", field="grace"),
    Option("--readiness", _PROBE, f"readiness probe; {_WITH_TIMES}", only="serving"),
    Option("--liveness", _PROBE, f"liveness probe; {_WITH_TIMES}", only="serving"),
    Option("--startup", _PROBE, f"startup probe; {_WITH_TIMES}", only="serving"),
    Option(
        "--pin-digest",
        "",
        "write the digest that the last check saw instead of the tag; the template no longer follows the tag",
        only="serving",
    ),
    Option("--no-comments", "", "leave out the explaining comments"),
)


def options_of(kind: TemplateKind) -> tuple[Option, ...]:
    """List the options of one kind of template."""
    return tuple(option for option in OPTIONS if option.only in (None, kind))


def example(flag: str) -> str:
    """Return what to write behind the option *flag*."""
    return next(option.like for option in OPTIONS if option.flag == flag and option.like)
