"""What a template is made of: small values with a name for each thing, and the usual case as their default.

Wherever a text is taken, it may hold `{{workflow.parameters.NAME}}` (in a workflow) or
`{{inputs.parameters.NAME}}` (in a serving template), for a parameter that the template declares.

What only a serving template is made of stands last.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import NamedTuple as Part
else:
    # To a type checker it is a NamedTuple, and it is used as one. But Python compiles a constructor for each
    # of those, as for a dataclass: for these few classes, that alone took 1 ms of the first template.
    class _Signature:
        """What `help` and completion show of a Part: made when they ask."""

        def __get__(self, _: object, kind: type[Part]) -> Any:
            from inspect import Parameter, Signature

            asked_for, how = Parameter.empty, Parameter.POSITIONAL_OR_KEYWORD
            return Signature(
                [Parameter(name, how, default=kind.__dict__.get(name, asked_for)) for name in kind._fields]
            )

    class Part:
        """A value that does not change, of things with names. A default is an attribute of its class."""

        __signature__ = _Signature()

        def __init_subclass__(cls) -> None:
            cls._fields = tuple(cls.__annotations__)
            cls._known = frozenset(cls._fields)
            cls._asked_for = cls._known.difference(cls.__dict__)

        def __init__(self, *given: Any, **named: Any) -> None:
            once = True
            if given:
                number = len(given) + len(named)
                named.update(zip(self._fields, given))  # noqa: B905 - too many are told below
                once = number == len(named)
            if not (once and self._known.issuperset(named) and self._asked_for.issubset(named)):
                raise TypeError(f"{type(self).__name__} takes {', '.join(self._fields)}, each once")
            object.__setattr__(self, "__dict__", named)  # it is this call's own: no copy is needed

        def _replace(self, **named: Any) -> Part:
            return type(self)(**{**self.__dict__, **named})

        def __setattr__(self, name: str, value: object = None) -> None:
            from dataclasses import FrozenInstanceError

            raise FrozenInstanceError(f"{name} does not change")

        __delattr__ = __setattr__

        def __eq__(self, other: object) -> bool:
            return type(self) is type(other) and self._values() == other._values()

        def __hash__(self) -> int:
            return hash(self._values())

        def __repr__(self) -> str:
            named = zip(self._fields, self._values(), strict=True)
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in named)})"

        def __iter__(self) -> Iterator[Any]:
            return iter(self._values())

        def _values(self) -> tuple[Any, ...]:
            return tuple(getattr(self, name) for name in self._fields)


__all__ = ["MODEL_VARIABLE", "NONE", "Artifact", "Container", "Parameter", "Part"]
__all__ += ["Scenario", "SecretKey", "WorkflowOptions"]
NONE: Mapping[str, str] = MappingProxyType({})
MODEL_VARIABLE = "STORAGE_URI"


class Scenario(Part):
    """What belongs together: executables of one scenario are listed under its id and name."""

    id: str
    name: str = ""
    description: str = ""


class Parameter(Part):
    """A text that a configuration may set; else *default* holds. Only a workflow has a *value*."""

    name: str
    default: str | None = None
    value: str | None = None
    description: str = ""


class Artifact(Part):
    """A folder or file that AI Core brings to the container, or takes from it.

    *path* is where a workflow finds or leaves it. In a serving template, the environment *variable* tells
    where it is: for STORAGE_URI, AI Core downloads it to /mnt/models. *kind* is one of ARTIFACT_KINDS;
    *labels* have keys with or without `ext.ai.sap.com/`. A *packed* output is stored as one .tgz file.
    """

    name: str
    path: str = ""
    kind: str = ""
    description: str = ""
    labels: Mapping[str, str] = NONE
    variable: str = MODEL_VARIABLE
    packed: bool = False


class SecretKey(Part):
    """One *key* of a generic secret, as the value of an environment variable."""

    secret: str
    key: str


class Container(Part):
    """What runs in the image.

    *command* is the program with its first words, *args* what follows, each one argument. With *args* alone,
    `/bin/sh -c` runs the one command line of a workflow; in a serving template, the image's ENTRYPOINT gets
    them. *env* maps variables to a text or to a SecretKey; *env_from* are generic secrets
    whose every key becomes a variable; *mounts* maps generic secrets to the folders where they are files.
    *requests* and *limits* map resources to quantities, such as `memory` to `2Gi`. *shared_memory* is a
    quantity for /dev/shm. *pull_policy* is Always, IfNotPresent or Never.
    """

    args: Sequence[str] = ()
    command: Sequence[str] = ()
    env: Mapping[str, str | SecretKey] = NONE
    env_from: Sequence[str] = ()
    mounts: Mapping[str, str] = NONE
    requests: Mapping[str, str] = NONE
    limits: Mapping[str, str] = NONE
    shared_memory: str = ""
    pull_policy: str = ""


class WorkflowOptions(Part):
    """What a WorkflowTemplate may say beside name, image, secret, scenario and container.

    *title* is the name that people see, *plan* a resource plan (starter, unless an *instance_type* is given).
    With a *step*, the container is a template of that name, which `main` calls. *deadline* ends a run after
    so many seconds. *labels* are more ones, of the template itself. Without *comments*, the YAML has none.
    """

    title: str = ""
    description: str = ""
    version: str = "1.0.0"
    parameters: Sequence[Parameter] = ()
    inputs: Sequence[Artifact] = ()
    outputs: Sequence[Artifact] = ()
    plan: str = ""
    instance_type: str = ""
    step: str = ""
    deadline: int | str | None = None
    labels: Mapping[str, str] = NONE
    comments: bool = True


class Probe(Part):
    """An HTTP GET of *path* by which Kubernetes asks a server how it is; times in seconds.

    What is None is left to Kubernetes; without a *port* it is that of the server.
    """

    path: str
    port: int | None = None
    delay: int | None = None
    period: int | None = None
    timeout: int | None = None
    failures: int | None = None


class Autoscaling(Part):
    """When copies of a server are added and taken away; what is empty is left to Knative.

    *metric* is concurrency or rps, *target* so much of it for each copy, *burst* the targetBurstCapacity.
    *window*, *retention* (scaleToZeroPodRetentionPeriod) and *delay* (scale-down-delay) are times like 10m.
    """

    metric: str = ""
    target: int | str | None = None
    burst: int | str | None = None
    window: str = ""
    retention: str = ""
    delay: str = ""


class ServingOptions(Part):
    """What a ServingTemplate may say beside name, image, secret, scenario and container.

    *title*, *plan*, *labels*, *comments* are as for a workflow. From *min_replicas* (0: none while nobody
    calls) to *max_replicas* copies run (AI Core's own: 1, and 2 or more). *concurrency* is the number
    of calls that one copy takes at once; *timeout* (of a call) and *grace* (to end) are in seconds.
    """

    title: str = ""
    description: str = ""
    version: str = "1.0.0"
    parameters: Sequence[Parameter] = ()
    inputs: Sequence[Artifact] = ()
    plan: str = ""
    instance_type: str = ""
    port: int | str = 8080
    min_replicas: int | str = 1
    max_replicas: int | str | None = None
    autoscaling: Autoscaling = Autoscaling()
    concurrency: int | str | None = None
    timeout: int | str | None = None
    grace: int | str | None = None
    readiness: Probe | None = None
    liveness: Probe | None = None
    startup: Probe | None = None
    labels: Mapping[str, str] = NONE
    comments: bool = True
