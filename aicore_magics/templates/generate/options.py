"""From what one types behind options to the parts of a template. What is not understood is refused.

Options come as a mapping from their name (`secret_env` for `--secret-env`) to a text, or to a list of texts
where an option may be given more than once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from aicore_magics.templates.generate.option_table import example, options_of
from aicore_magics.templates.generate.parts import (
    Artifact,
    Container,
    Parameter,
    Scenario,
    SecretKey,
    WorkflowOptions,
)
from aicore_magics.templates.generate.serving_parts import Autoscaling, Probe, ServingOptions
from aicore_magics.templates.generate.spelling import number, refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aicore_magics.templates.generate.option_table import TemplateKind

    Given = Mapping[str, Any]

_PROBE_TIMES = ("port", "delay", "period", "timeout", "failures")


def workflow_arguments(given: Given) -> dict[str, Any]:
    """Give what `workflow_template` takes, from its options."""
    inputs, outputs = list(_inputs(given, "path")), list(_outputs(given))
    artifacts = _described([*inputs, *outputs], given)
    options = WorkflowOptions(
        **_filled(given, "workflow"),
        parameters=tuple(_parameters(given).values()),
        inputs=artifacts[: len(inputs)],
        outputs=artifacts[len(inputs) :],
        labels=_pairs("--label", given),
        comments=not given.get("no_comments"),
    )
    return {**_common(given), "options": options}


def serving_arguments(given: Given) -> dict[str, Any]:
    """Give what `serving_template` takes, from its options."""
    options = ServingOptions(
        **_filled(given, "serving"),
        parameters=tuple(_parameters(given).values()),
        inputs=_described(list(_inputs(given, "variable")), given),
        autoscaling=Autoscaling(**_filled(given, "serving", "autoscaling.")),
        readiness=_probe("--readiness", given),
        liveness=_probe("--liveness", given),
        startup=_probe("--startup", given),
        labels=_pairs("--label", given),
        comments=not given.get("no_comments"),
        # What a check saw: whoever reads the line puts it in place of the switch.
        digest=given.get("pin_digest") or None,
    )
    return {**_common(given), "options": options}


def _common(given: Given) -> dict[str, Any]:
    scenario = (given.get(name) or "" for name in ("scenario", "scenario_name", "scenario_description"))
    named = {name: given.get(name) or "" for name in ("name", "image", "secret")}
    return {**named, "scenario": Scenario(*scenario), "container": _container(given)}


def _container(given: Given) -> Container:
    secret_env = _pairs("--secret-env", given)
    env: dict[str, str | SecretKey] = {**_pairs("--env", given)}
    for place, (variable, value) in enumerate(secret_env.items(), 1):
        if variable in env:
            raise refused("one variable is given to --env and --secret-env", "leave out one of them.")
        secret, colon, key = value.partition(":")
        if not (secret and colon and key):
            raise _unlike("--secret-env", place, len(secret_env), "has no key after a colon")
        env[variable] = SecretKey(secret, key)
    return Container(
        args=tuple(given.get("args") or ()),
        command=_words(given.get("command") or ""),
        env=env,
        env_from=tuple(given.get("env_from") or ()),
        mounts=_pairs("--mount-secret", given),
        requests=_pairs("--request", given),
        limits=_pairs("--limit", given),
        shared_memory=given.get("shm_size") or "",
        pull_policy=given.get("pull_policy") or "",
    )


def _words(command: str) -> tuple[str, ...]:
    """The words of a command as a shell would read them, with the backslash left alone."""
    import shlex

    lexer = shlex.shlex(command, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    words: tuple[str, ...] | None
    try:
        words = tuple(lexer)
    except ValueError:
        words = None
    if words is None:
        raise refused("a quote in --command is not closed", 'write it like --command "python3 -c".')
    return words


def _parameters(given: Given) -> dict[str, Parameter]:
    """The parameters by name, in the order in which they are first named."""
    parameters: dict[str, Parameter] = {}
    for text in given.get("param") or ():
        name, equals, default = text.partition("=")
        if name in parameters:
            raise refused("a parameter is given twice to --param", "give each name once.")
        parameters[name] = Parameter(name, default if equals else None)
    for name, value in _pairs("--param-value", given).items():
        parameters[name] = replace(parameters.get(name, Parameter(name)), value=value)
    for name, description in _pairs("--param-description", given).items():
        if name not in parameters:
            raise refused(
                "--param-description names a parameter that is not declared",
                "declare it with --param NAME=DEFAULT.",
            )
        parameters[name] = replace(parameters[name], description=description)
    return parameters


def _inputs(given: Given, field: Literal["path", "variable"]) -> Iterator[Artifact]:
    """Read NAME, then what *field* is, then the kind."""
    for text in given.get("input") or ():
        (name, _, value), kind = _with_kind(text)
        artifact = Artifact(name, kind=kind)
        if value and field == "path":
            artifact = replace(artifact, path=value)
        elif value:
            artifact = replace(artifact, variable=value)
        yield artifact


def _outputs(given: Given) -> Iterator[Artifact]:
    texts = given.get("output") or ()
    for place, text in enumerate(texts, 1):
        (name, equals, path), kind = _with_kind(text)
        if not (name and equals and path):
            raise _unlike("--output", place, len(texts))
        yield Artifact(name, path, kind, packed=bool(given.get("pack_outputs")))


def _with_kind(text: str) -> tuple[tuple[str, str, str], str]:
    """NAME=VALUE in its three parts, and the kind behind a colon."""
    body, _, kind = text.rpartition(":") if ":" in text else (text, "", "")
    return body.partition("="), kind


def _described(artifacts: Sequence[Artifact], given: Given) -> tuple[Artifact, ...]:
    """The artifacts with their descriptions and labels."""
    described = _pairs("--artifact-description", given)
    labels: dict[str, dict[str, str]] = {}
    texts = _pairs("--artifact-label", given)
    for place, (key, value) in enumerate(texts.items(), 1):
        name, colon, label = key.partition(":")
        if not (name and colon and label):
            raise _unlike("--artifact-label", place, len(texts), "has no key after a colon")
        labels.setdefault(name, {})[label] = value
    names = {each.name for each in artifacts}
    for option, of_these in (("--artifact-description", described), ("--artifact-label", labels)):
        if not names.issuperset(of_these):
            raise refused(
                f"{option} names an artifact that is not declared", "declare it with --input or --output."
            )
    return tuple(
        replace(each, description=described.get(each.name, ""), labels=labels.get(each.name, {}))
        for each in artifacts
    )


def _probe(option: str, given: Given) -> Probe | None:
    """PATH, and then times and port behind commas, as in `/health,delay=30,period=10`."""
    text = given.get(option.removeprefix("--"))
    if not text:
        return None
    path, *parts = text.split(",")
    numbers: dict[str, int] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals or name not in _PROBE_TIMES or name in numbers:
            hint = f"write it like {option} /health,delay=30; there are {', '.join(_PROBE_TIMES)}."
            raise refused(f"{option} has a part that is not valid", hint)
        numbers[name] = number(value, f"{name} of {option}")
    return Probe(path, **numbers)


def _pairs(option: str, given: Given) -> dict[str, str]:
    """Read KEY=VALUE, each key once."""
    texts = given.get(option.removeprefix("--").replace("-", "_")) or ()
    pairs: dict[str, str] = {}
    for place, text in enumerate(texts, 1):
        key, equals, value = text.partition("=")
        if not (key and equals):
            raise _unlike(option, place, len(texts))
        if key in pairs:
            raise _unlike(option, place, len(texts), "repeats an earlier one")
        pairs[key] = value
    return pairs


def _unlike(option: str, place: int, of: int, fault: str = "is not KEY=VALUE") -> Exception:
    which = option if of == 1 else f"{option} no. {place}"
    return refused(f"{which} {fault}", f"write it like {option} {example(option)}")


def _filled(given: Given, kind: TemplateKind, part: str = "") -> dict[str, Any]:
    """The fields of *part* that take a text as it is, as far as theirs was given."""
    filled: dict[str, Any] = {}
    for option in options_of(kind):
        owner, dot, field = option.field.rpartition(".")
        text = given.get(option.key) if field and owner + dot == part else None
        if text:
            filled[field] = text
    return filled
