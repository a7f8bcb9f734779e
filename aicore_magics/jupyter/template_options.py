"""The options of `%aicore_template workflow` and `serving`, and what the two functions take from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.templates.generate import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_SEVERAL: dict[str, Any] = {"action": "append", "default": []}


_WORKFLOW_ARGS = (
    "what the container runs: one line for /bin/sh, or with --command what follows it; repeatable; "
    "if it begins with a hyphen, write --args=--model"
)
_SERVING_ARGS = (
    "one argument for the image's ENTRYPOINT, or for --command; repeatable; "
    "if it begins with a hyphen, write --args=--model"
)


def add_workflow_options(parser: ArgumentParser) -> None:
    """Add what a WorkflowTemplate can be made of."""
    _what(parser)
    _compute(parser)
    _runs(parser, _WORKFLOW_ARGS)
    _environment(parser)
    _parameters(parser)
    _one(parser, "--param-value", "NAME=VALUE", "a parameter with a value of its own; repeatable", **_SEVERAL)
    _one(
        parser,
        "--input",
        "NAME[=PATH][:KIND]",
        "an artifact that comes in; default: /app/NAME, dataset; repeatable",
        **_SEVERAL,
    )
    _one(
        parser,
        "--output",
        "NAME=PATH[:KIND]",
        "an artifact that goes out; default: model; repeatable",
        **_SEVERAL,
    )
    parser.add_argument("--pack-outputs", action="store_true", help="store outputs as .tgz")
    _artifacts(parser)
    _one(parser, "--step", "NAME", "call the container's template from main, as a step of that name")
    _one(parser, "--deadline", "SECONDS", "end a run that takes longer")
    _no_comments(parser)


def add_serving_options(parser: ArgumentParser) -> None:
    """Add what a ServingTemplate can be made of."""
    _what(parser)
    _compute(parser)
    _one(parser, "--port", "PORT", "where the server listens; default: 8080")
    _runs(parser, _SERVING_ARGS)
    _environment(parser)
    _parameters(parser)
    _one(
        parser,
        "--input",
        "NAME[=VARIABLE][:KIND]",
        "an artifact, in a variable; default: STORAGE_URI, which loads it to /mnt/models, model; repeatable",
        **_SEVERAL,
    )
    _artifacts(parser)
    _scaling(parser)
    for kind, asks in (
        ("readiness", "can it take calls"),
        ("liveness", "is it well"),
        ("startup", "has it started"),
    ):
        metavar = "PATH[,delay=S,…]"
        _one(parser, f"--{kind}", metavar, f"{asks}; with port, delay, period, timeout (seconds), failures")
    _no_comments(parser)


def workflow_arguments(namespace: Namespace) -> dict[str, Any]:
    """Give what `workflow_template` takes."""
    return options.workflow_arguments(vars(namespace))


def serving_arguments(namespace: Namespace) -> dict[str, Any]:
    """Give what `serving_template` takes."""
    return options.serving_arguments(vars(namespace))


def _one(parser: ArgumentParser, option: str, metavar: str, what: str, **more: Any) -> None:
    parser.add_argument(option, metavar=metavar, help=what, **{"default": "", **more})


def _what(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="id of the executable")
    _one(parser, "--image", "REF", "with registry and version, such as ghcr.io/acme/churn:1.4")
    _one(parser, "--secret", "NAME", "the Docker registry secret that opens the image")
    _one(parser, "--scenario", "ID", "the scenario it belongs to")
    _one(parser, "--scenario-name", "TEXT", "what people see; default: its id")
    _one(parser, "--scenario-description", "TEXT", "what it is for")
    _one(parser, "--title", "TEXT", "the name of the executable that people see; default: NAME")
    _one(parser, "--description", "TEXT", "what the executable does")
    _one(parser, "--version", "VERSION", "of the scenario; default: 1.0.0")
    _one(parser, "--label", "KEY=VALUE", "one more label of the template itself; repeatable", **_SEVERAL)


def _compute(parser: ArgumentParser) -> None:
    _one(parser, "--plan", "PLAN", "resource plan; default: starter")
    _one(parser, "--instance-type", "TYPE", "instead of a resource plan, such as m5.xlarge")
    _one(
        parser, "--request", "RESOURCE=QUANTITY", "what it needs, such as memory=2Gi; repeatable", **_SEVERAL
    )
    _one(parser, "--limit", "RESOURCE=QUANTITY", "what it may take at most; repeatable", **_SEVERAL)
    _one(parser, "--shm-size", "QUANTITY", "shared memory at /dev/shm, such as 2Gi")
    _one(parser, "--pull-policy", "POLICY", "Always, IfNotPresent or Never")


def _runs(parser: ArgumentParser, args: str) -> None:
    _one(parser, "--args", "TEXT", args, **_SEVERAL)
    _one(parser, "--command", "WORDS", 'the program and its first words, such as "/bin/sh -c"')


def _environment(parser: ArgumentParser) -> None:
    _one(parser, "--env", "VAR=TEXT", "a variable, no secret: git keeps it; repeatable", **_SEVERAL)
    _one(
        parser,
        "--secret-env",
        "VAR=SECRET:KEY",
        "a variable from one key of a generic secret; repeatable",
        **_SEVERAL,
    )
    _one(parser, "--env-from", "SECRET", "a generic secret, each key as a variable; repeatable", **_SEVERAL)
    _one(
        parser,
        "--mount-secret",
        "SECRET=PATH",
        "a generic secret as files in a folder; repeatable",
        **_SEVERAL,
    )


def _parameters(parser: ArgumentParser) -> None:
    _one(
        parser,
        "--param",
        "NAME[=DEFAULT]",
        "a parameter that a configuration may set; repeatable",
        **_SEVERAL,
    )
    _one(parser, "--param-description", "NAME=TEXT", "what it is for; repeatable", **_SEVERAL)


def _artifacts(parser: ArgumentParser) -> None:
    _one(parser, "--artifact-description", "NAME=TEXT", "what an artifact is; repeatable", **_SEVERAL)
    _one(parser, "--artifact-label", "NAME:KEY=TEXT", "a label of an artifact; repeatable", **_SEVERAL)


def _scaling(parser: ArgumentParser) -> None:
    _one(parser, "--min-replicas", "N", "copies that always run; 0: none while nobody calls; default: 1")
    _one(parser, "--max-replicas", "N", "copies at most; default: 2, or --min-replicas if that is more")
    _one(parser, "--metric", "METRIC", "concurrency or rps: what decides on more copies")
    _one(parser, "--target", "N", "how much of it one copy is for")
    _one(parser, "--burst", "N", "how big a burst is taken before calls queue; -1: they always do")
    _one(parser, "--window", "TIME", "over which it is measured, such as 90s")
    _one(parser, "--retention", "TIME", "how long the last copy stays, such as 10m")
    parser.add_argument(
        "--scale-down-delay", dest="delay", metavar="TIME", default="", help="how long fewer must do"
    )
    _one(parser, "--concurrency", "N", "calls that one copy takes at once")
    _one(parser, "--request-timeout", "SECONDS", "how long a call may take")
    _one(parser, "--grace", "SECONDS", "how long a copy has to end")


def _no_comments(parser: ArgumentParser) -> None:
    parser.add_argument("--no-comments", action="store_true", help="leave out the comments that explain")
