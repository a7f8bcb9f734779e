"""Templates of AI Core: made, checked, and made to name a secret where it belongs.

What `workflow_template` and `serving_template` take from Python is here: `Container`, `Parameter`, `Artifact`
and the others. Each is loaded at its first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aicore_magics.templates.generate.parts import (
        Artifact,
        Container,
        Parameter,
        Scenario,
        SecretKey,
        WorkflowOptions,
    )
    from aicore_magics.templates.generate.serving_parts import Autoscaling, Probe, ServingOptions
    from aicore_magics.templates.patch.patch_options import PatchOptions

__all__ = [
    "Artifact",
    "Autoscaling",
    "Container",
    "Parameter",
    "PatchOptions",
    "Probe",
    "Scenario",
    "SecretKey",
    "ServingOptions",
    "WorkflowOptions",
]
# Those that do not live in `generate.parts`.
_HOMES = {
    "Autoscaling": "generate.serving_parts",
    "PatchOptions": "patch.patch_options",
    "Probe": "generate.serving_parts",
    "ServingOptions": "generate.serving_parts",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    home = _HOMES.get(name, "generate.parts")
    return getattr(import_module(f"{__name__}.{home}"), name)
