"""What a user can ask for. Magic, form, command and script call these same functions.

Each gives a frozen result when it is done, and raises otherwise: a `Refused` when nothing was changed, an
`OutcomeUnknown` when that is not certain. Times are in seconds.

Each name is loaded at its first use: whoever makes a template waits for no HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aicore_magics.actions.connections import (
        connect,
        connect_with,
        describe_connection,
        named_tenant,
        open_connection,
        remove_sandbox_record,
    )
    from aicore_magics.actions.docker_secrets import (
        CheckOptions,
        apply_docker_secret,
        create_docker_secret,
        dry_run_docker_secret,
        script_docker_secret,
        update_docker_secret,
    )
    from aicore_magics.actions.image_check import check_image
    from aicore_magics.actions.logins import found_docker_logins, take_logins, take_users
    from aicore_magics.actions.notebooks import NotebookNames, new_notebook
    from aicore_magics.actions.noting import note_docker_secret, propose_notes
    from aicore_magics.actions.recording import Recording
    from aicore_magics.actions.records import docker_secret_records, forget_records
    from aicore_magics.actions.rotation_plan import plan_rotation
    from aicore_magics.actions.rotation_record import (
        recorded_rotation,
    )
    from aicore_magics.actions.rotation_results import (
        RotationPlanned,
    )
    from aicore_magics.actions.rotation_schedule import (
        schedule_rotation,
    )
    from aicore_magics.actions.rotations import (
        RotationOptions,
        find_rotation,
        is_rotation_due,
        planned_rotation,
        resume_rotation,
        rotate,
        rotation_status,
        save_rotation_plan,
        try_rotation,
        undo_rotation,
    )
    from aicore_magics.actions.templates import (
        Against,
        check_templates,
        patch_template,
        save_template,
        starter_templates,
        template_rules,
    )
    from aicore_magics.actions.tenant_secrets import (
        delete_docker_secret,
        deletion_question,
        docker_secret_quota,
        hidden_docker_secret,
        list_docker_secrets,
        show_docker_secret,
    )
    from aicore_magics.actions.tutorials import copy_tutorials
    from aicore_magics.actions.verify import (
        remove_throwaway_secrets,
        verification_question,
        verify_tenant,
    )
    from aicore_magics.leaks.scan import scan_notebooks
    from aicore_magics.leaks.scrub import plan_scrub, scrub_notebooks
    from aicore_magics.templates.generate.generated import serving_template, workflow_template

__all__ = [
    "Against",
    "CheckOptions",
    "NotebookNames",
    "Recording",
    "RotationOptions",
    "RotationPlanned",
    "apply_docker_secret",
    "check_image",
    "check_templates",
    "connect",
    "connect_with",
    "copy_tutorials",
    "create_docker_secret",
    "delete_docker_secret",
    "deletion_question",
    "describe_connection",
    "docker_secret_quota",
    "docker_secret_records",
    "dry_run_docker_secret",
    "find_rotation",
    "forget_records",
    "found_docker_logins",
    "hidden_docker_secret",
    "is_rotation_due",
    "list_docker_secrets",
    "named_tenant",
    "new_notebook",
    "note_docker_secret",
    "open_connection",
    "patch_template",
    "plan_rotation",
    "plan_scrub",
    "planned_rotation",
    "propose_notes",
    "recorded_rotation",
    "remove_sandbox_record",
    "remove_throwaway_secrets",
    "resume_rotation",
    "rotate",
    "rotation_status",
    "save_rotation_plan",
    "save_template",
    "scan_notebooks",
    "schedule_rotation",
    "script_docker_secret",
    "scrub_notebooks",
    "serving_template",
    "show_docker_secret",
    "starter_templates",
    "take_logins",
    "take_users",
    "template_rules",
    "try_rotation",
    "undo_rotation",
    "update_docker_secret",
    "verification_question",
    "verify_tenant",
    "workflow_template",
]

_NAMES = {
    "actions.connections": (
        "connect",
        "connect_with",
        "describe_connection",
        "named_tenant",
        "open_connection",
        "remove_sandbox_record",
    ),
    "actions.docker_secrets": (
        "CheckOptions",
        "apply_docker_secret",
        "create_docker_secret",
        "dry_run_docker_secret",
        "script_docker_secret",
        "update_docker_secret",
    ),
    "actions.image_check": ("check_image",),
    "actions.logins": (
        "take_logins",
        "take_users",
        "found_docker_logins",
    ),
    "actions.notebooks": (
        "NotebookNames",
        "new_notebook",
    ),
    "actions.recording": ("Recording",),
    "actions.noting": ("note_docker_secret", "propose_notes"),
    "actions.records": ("docker_secret_records", "forget_records"),
    "actions.rotation_plan": ("plan_rotation",),
    "actions.rotation_record": ("recorded_rotation",),
    "actions.rotation_results": ("RotationPlanned",),
    "actions.rotation_schedule": ("schedule_rotation",),
    "actions.rotations": (
        "save_rotation_plan",
        "RotationOptions",
        "find_rotation",
        "is_rotation_due",
        "planned_rotation",
        "resume_rotation",
        "rotate",
        "rotation_status",
        "try_rotation",
        "undo_rotation",
    ),
    "actions.templates": (
        "Against",
        "check_templates",
        "patch_template",
        "save_template",
        "starter_templates",
        "template_rules",
    ),
    "actions.tenant_secrets": (
        "hidden_docker_secret",
        "list_docker_secrets",
        "show_docker_secret",
        "deletion_question",
        "delete_docker_secret",
        "docker_secret_quota",
    ),
    "actions.tutorials": ("copy_tutorials",),
    "actions.verify": (
        "remove_throwaway_secrets",
        "verification_question",
        "verify_tenant",
    ),
    "leaks.scan": ("scan_notebooks",),
    "leaks.scrub": (
        "plan_scrub",
        "scrub_notebooks",
    ),
    "templates.generate.generated": (
        "serving_template",
        "workflow_template",
    ),
}


def __getattr__(name: str) -> Any:
    home = next((home for home, names in _NAMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"aicore_magics.{home}"), name)
