"""What a template is made of: small values with a name for each thing, and the usual case as their default.

Wherever a text is taken, it may hold `{{workflow.parameters.NAME}}` (in a workflow) or
`{{inputs.parameters.NAME}}` (in a serving template), for a parameter that the template declares.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MODEL_VARIABLE = "STORAGE_URI"


@dataclass(frozen=True, slots=True)
class Scenario:
    """What belongs together: executables of one scenario are listed under its id and name."""

    id: str
    name: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A text that a configuration may set; else *default* holds. Only a workflow has a *value*."""

    name: str
    default: str | None = None
    value: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A folder or file that AI Core brings to the container, or takes from it.

    *path* is where a workflow finds or leaves it. In a serving template, the environment *variable* tells
    where it is: for STORAGE_URI, AI Core downloads it to /mnt/models. *kind* is one of ARTIFACT_KINDS;
    *labels* have keys with or without `ext.ai.sap.com/`. A *packed* output is stored as one .tgz file.
    """

    name: str
    path: str = ""
    kind: str = ""
    description: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    variable: str = MODEL_VARIABLE
    packed: bool = False


@dataclass(frozen=True, slots=True)
class SecretKey:
    """One *key* of a generic secret, as the value of an environment variable."""

    secret: str
    key: str


@dataclass(frozen=True, slots=True)
class Container:
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
    env: Mapping[str, str | SecretKey] = field(default_factory=dict)
    env_from: Sequence[str] = ()
    mounts: Mapping[str, str] = field(default_factory=dict)
    requests: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, str] = field(default_factory=dict)
    shared_memory: str = ""
    pull_policy: str = ""


@dataclass(frozen=True, slots=True)
class WorkflowOptions:
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
    labels: Mapping[str, str] = field(default_factory=dict)
    comments: bool = True
