"""Docker registry secrets for SAP AI Core, from a notebook or from Python.

In a notebook: `%load_ext aicore_magics`, then `%aicore_docker_secret --help`. From Python:

    from aicore_magics import RegistryLogin, Secret, connect, create_docker_secret

    tenant = connect(profile="prod")
    login = RegistryLogin("ghcr.io", "anna", Secret.from_env("GHCR_TOKEN"))
    done = create_docker_secret(tenant, "team-ghcr", [login])

Every function gives a frozen result when it is done, raises a `Refused` when nothing was changed, and an
`OutcomeUnknown` when that is not certain. Importing this package imports nothing else: each name is
loaded at its first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aicore_magics.actions import (
        CheckOptions,
        NotebookNames,
        Recording,
        RotationOptions,
        apply_docker_secret,
        check_image,
        check_templates,
        connect,
        create_docker_secret,
        delete_docker_secret,
        docker_secret_quota,
        docker_secret_records,
        dry_run_docker_secret,
        forget_records,
        list_docker_secrets,
        new_notebook,
        note_docker_secret,
        patch_template,
        plan_rotation,
        plan_scrub,
        propose_notes,
        resume_rotation,
        rotate,
        rotation_status,
        save_template,
        scan_notebooks,
        script_docker_secret,
        scrub_notebooks,
        serving_template,
        show_docker_secret,
        template_rules,
        undo_rotation,
        update_docker_secret,
        verify_tenant,
        workflow_template,
    )
    from aicore_magics.base.redact import Secret
    from aicore_magics.errors import AICoreError, OutcomeUnknown, Refused
    from aicore_magics.model.docker_secret import RegistryLogin

__version__ = "0.1.0"

__all__ = [
    "AICoreError",
    "CheckOptions",
    "NotebookNames",
    "OutcomeUnknown",
    "Recording",
    "Refused",
    "RegistryLogin",
    "RotationOptions",
    "Secret",
    "apply_docker_secret",
    "check_image",
    "check_templates",
    "connect",
    "create_docker_secret",
    "delete_docker_secret",
    "docker_secret_quota",
    "docker_secret_records",
    "dry_run_docker_secret",
    "forget_records",
    "list_docker_secrets",
    "new_notebook",
    "note_docker_secret",
    "patch_template",
    "plan_rotation",
    "plan_scrub",
    "propose_notes",
    "resume_rotation",
    "rotate",
    "rotation_status",
    "save_template",
    "scan_notebooks",
    "script_docker_secret",
    "scrub_notebooks",
    "serving_template",
    "show_docker_secret",
    "template_rules",
    "undo_rotation",
    "update_docker_secret",
    "verify_tenant",
    "workflow_template",
]

_HOMES = {
    "RegistryLogin": "aicore_magics.model.docker_secret",
    "Secret": "aicore_magics.base.redact",
    **dict.fromkeys(("AICoreError", "OutcomeUnknown", "Refused"), "aicore_magics.errors"),
    # Straight from where they are made: a first template waits for nothing else.
    **dict.fromkeys(("serving_template", "workflow_template"), "aicore_magics.templates.generate.generated"),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES.get(name, "aicore_magics.actions")), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__", "load_ipython_extension", "unload_ipython_extension"]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magics, their completion and the cards. Prints nothing, and may be run twice."""
    from aicore_magics.jupyter import register

    register(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take everything back, and stop the sandbox if it runs."""
    from aicore_magics.jupyter import unregister

    unregister(shell)
