"""What a serving template alone is made of. Who makes a workflow waits for none of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aicore_magics.templates.generate.parts import Artifact, Parameter


@dataclass(frozen=True, slots=True)
class Probe:
    """An HTTP GET of *path* by which Kubernetes asks a server how it is; times in seconds.

    What is None is left to Kubernetes; without a *port* it is that of the server.
    """

    path: str
    port: int | None = None
    delay: int | None = None
    period: int | None = None
    timeout: int | None = None
    failures: int | None = None


@dataclass(frozen=True, slots=True)
class Autoscaling:
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


@dataclass(frozen=True, slots=True)
class ServingOptions:
    """What a ServingTemplate may say beside name, image, secret, scenario and container.

    *title*, *plan*, *labels*, *comments* are as for a workflow. There are from *min_replicas* (0: scale to
    zero) to *max_replicas* replicas (AI Core's own: 1, and 2 or more). *concurrency* is the number of
    requests that one replica handles at once; *timeout* (of a request) and *grace* (to end) are in seconds.
    *digest*, such as that of a check's verdict, takes the place of the image's tag.
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
    autoscaling: Autoscaling = field(default_factory=Autoscaling)
    concurrency: int | str | None = None
    timeout: int | str | None = None
    grace: int | str | None = None
    readiness: Probe | None = None
    liveness: Probe | None = None
    startup: Probe | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    comments: bool = True
    digest: str | None = None
