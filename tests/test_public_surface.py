"""What others hold on to: the public names and their homes, the cards, the family of errors."""

from __future__ import annotations

from importlib import import_module

import aicore_magics
from aicore_magics import actions, errors, templates
from aicore_magics.jupyter import RESULTS

PUBLIC = {
    "RotationOptions": "aicore_magics.actions.rotations.RotationOptions",
    "plan_rotation": "aicore_magics.actions.rotation_plan.plan_rotation",
    "resume_rotation": "aicore_magics.actions.rotations.resume_rotation",
    "rotate": "aicore_magics.actions.rotations.rotate",
    "rotation_status": "aicore_magics.actions.rotations.rotation_status",
    "undo_rotation": "aicore_magics.actions.rotations.undo_rotation",
    "AICoreError": "aicore_magics.errors.AICoreError",
    "CheckOptions": "aicore_magics.actions.docker_secrets.CheckOptions",
    "NotebookNames": "aicore_magics.actions.notebooks.NotebookNames",
    "OutcomeUnknown": "aicore_magics.errors.OutcomeUnknown",
    "Recording": "aicore_magics.actions.recording.Recording",
    "Refused": "aicore_magics.errors.Refused",
    "RegistryLogin": "aicore_magics.model.docker_secret.RegistryLogin",
    "Secret": "aicore_magics.base.redact.Secret",
    "apply_docker_secret": "aicore_magics.actions.docker_secrets.apply_docker_secret",
    "check_image": "aicore_magics.actions.image_check.check_image",
    "check_templates": "aicore_magics.actions.templates.check_templates",
    "connect": "aicore_magics.actions.connections.connect",
    "create_docker_secret": "aicore_magics.actions.docker_secrets.create_docker_secret",
    "delete_docker_secret": "aicore_magics.actions.tenant_secrets.delete_docker_secret",
    "docker_secret_quota": "aicore_magics.actions.tenant_secrets.docker_secret_quota",
    "docker_secret_records": "aicore_magics.actions.records.docker_secret_records",
    "dry_run_docker_secret": "aicore_magics.actions.docker_secrets.dry_run_docker_secret",
    "forget_records": "aicore_magics.actions.records.forget_records",
    "list_docker_secrets": "aicore_magics.actions.tenant_secrets.list_docker_secrets",
    "new_notebook": "aicore_magics.actions.notebooks.new_notebook",
    "note_docker_secret": "aicore_magics.actions.noting.note_docker_secret",
    "patch_template": "aicore_magics.actions.templates.patch_template",
    "plan_scrub": "aicore_magics.leaks.scrub.plan_scrub",
    "propose_notes": "aicore_magics.actions.noting.propose_notes",
    "save_template": "aicore_magics.actions.templates.save_template",
    "scan_notebooks": "aicore_magics.leaks.scan.scan_notebooks",
    "script_docker_secret": "aicore_magics.actions.docker_secrets.script_docker_secret",
    "scrub_notebooks": "aicore_magics.leaks.scrub.scrub_notebooks",
    "serving_template": "aicore_magics.templates.generate.generated.serving_template",
    "show_docker_secret": "aicore_magics.actions.tenant_secrets.show_docker_secret",
    "template_rules": "aicore_magics.actions.templates.template_rules",
    "update_docker_secret": "aicore_magics.actions.docker_secrets.update_docker_secret",
    "verify_tenant": "aicore_magics.actions.verify.verify_tenant",
    "workflow_template": "aicore_magics.templates.generate.generated.workflow_template",
}
ACTIONS = {
    "RotationOptions": "aicore_magics.actions.rotations.RotationOptions",
    "RotationPlanned": "aicore_magics.actions.rotation_results.RotationPlanned",
    "find_rotation": "aicore_magics.actions.rotations.find_rotation",
    "is_rotation_due": "aicore_magics.actions.rotations.is_rotation_due",
    "plan_rotation": "aicore_magics.actions.rotation_plan.plan_rotation",
    "planned_rotation": "aicore_magics.actions.rotations.planned_rotation",
    "recorded_rotation": "aicore_magics.actions.rotation_record.recorded_rotation",
    "resume_rotation": "aicore_magics.actions.rotations.resume_rotation",
    "rotate": "aicore_magics.actions.rotations.rotate",
    "rotation_status": "aicore_magics.actions.rotations.rotation_status",
    "save_rotation_plan": "aicore_magics.actions.rotations.save_rotation_plan",
    "schedule_rotation": "aicore_magics.actions.rotation_schedule.schedule_rotation",
    "try_rotation": "aicore_magics.actions.rotations.try_rotation",
    "undo_rotation": "aicore_magics.actions.rotations.undo_rotation",
    "Against": "aicore_magics.actions.templates.Against",
    "CheckOptions": "aicore_magics.actions.docker_secrets.CheckOptions",
    "NotebookNames": "aicore_magics.actions.notebooks.NotebookNames",
    "Recording": "aicore_magics.actions.recording.Recording",
    "apply_docker_secret": "aicore_magics.actions.docker_secrets.apply_docker_secret",
    "check_image": "aicore_magics.actions.image_check.check_image",
    "check_templates": "aicore_magics.actions.templates.check_templates",
    "connect": "aicore_magics.actions.connections.connect",
    "connect_with": "aicore_magics.actions.connections.connect_with",
    "copy_tutorials": "aicore_magics.actions.tutorials.copy_tutorials",
    "create_docker_secret": "aicore_magics.actions.docker_secrets.create_docker_secret",
    "delete_docker_secret": "aicore_magics.actions.tenant_secrets.delete_docker_secret",
    "deletion_question": "aicore_magics.actions.tenant_secrets.deletion_question",
    "describe_connection": "aicore_magics.actions.connections.describe_connection",
    "docker_secret_quota": "aicore_magics.actions.tenant_secrets.docker_secret_quota",
    "docker_secret_records": "aicore_magics.actions.records.docker_secret_records",
    "dry_run_docker_secret": "aicore_magics.actions.docker_secrets.dry_run_docker_secret",
    "forget_records": "aicore_magics.actions.records.forget_records",
    "found_docker_logins": "aicore_magics.actions.logins.found_docker_logins",
    "hidden_docker_secret": "aicore_magics.actions.tenant_secrets.hidden_docker_secret",
    "list_docker_secrets": "aicore_magics.actions.tenant_secrets.list_docker_secrets",
    "named_tenant": "aicore_magics.actions.connections.named_tenant",
    "new_notebook": "aicore_magics.actions.notebooks.new_notebook",
    "note_docker_secret": "aicore_magics.actions.noting.note_docker_secret",
    "open_connection": "aicore_magics.actions.connections.open_connection",
    "patch_template": "aicore_magics.actions.templates.patch_template",
    "plan_scrub": "aicore_magics.leaks.scrub.plan_scrub",
    "propose_notes": "aicore_magics.actions.noting.propose_notes",
    "remove_sandbox_record": "aicore_magics.actions.connections.remove_sandbox_record",
    "remove_throwaway_secrets": "aicore_magics.actions.verify.remove_throwaway_secrets",
    "save_template": "aicore_magics.actions.templates.save_template",
    "scan_notebooks": "aicore_magics.leaks.scan.scan_notebooks",
    "script_docker_secret": "aicore_magics.actions.docker_secrets.script_docker_secret",
    "scrub_notebooks": "aicore_magics.leaks.scrub.scrub_notebooks",
    "serving_template": "aicore_magics.templates.generate.generated.serving_template",
    "show_docker_secret": "aicore_magics.actions.tenant_secrets.show_docker_secret",
    "starter_templates": "aicore_magics.actions.templates.starter_templates",
    "take_logins": "aicore_magics.actions.logins.take_logins",
    "take_users": "aicore_magics.actions.logins.take_users",
    "template_rules": "aicore_magics.actions.templates.template_rules",
    "update_docker_secret": "aicore_magics.actions.docker_secrets.update_docker_secret",
    "verification_question": "aicore_magics.actions.verify.verification_question",
    "verify_tenant": "aicore_magics.actions.verify.verify_tenant",
    "workflow_template": "aicore_magics.templates.generate.generated.workflow_template",
}
PARTS = {
    "Artifact": "aicore_magics.templates.generate.parts.Artifact",
    "Autoscaling": "aicore_magics.templates.generate.serving_parts.Autoscaling",
    "Container": "aicore_magics.templates.generate.parts.Container",
    "Parameter": "aicore_magics.templates.generate.parts.Parameter",
    "PatchOptions": "aicore_magics.templates.patch.patch_options.PatchOptions",
    "Probe": "aicore_magics.templates.generate.serving_parts.Probe",
    "Scenario": "aicore_magics.templates.generate.parts.Scenario",
    "SecretKey": "aicore_magics.templates.generate.parts.SecretKey",
    "ServingOptions": "aicore_magics.templates.generate.serving_parts.ServingOptions",
    "WorkflowOptions": "aicore_magics.templates.generate.parts.WorkflowOptions",
}
CARDS = {
    "aicore_magics.actions.results.Connected",
    "aicore_magics.actions.deletion.DeletionQuestion",
    "aicore_magics.actions.results.DockerLogins",
    "aicore_magics.actions.results.NoConnection",
    "aicore_magics.actions.notes.NotesProposed",
    "aicore_magics.actions.notes.RecordsForgotten",
    "aicore_magics.actions.notes.SecretNoted",
    "aicore_magics.actions.secret_records.SecretRecords",
    "aicore_magics.actions.results.QuotaUsed",
    "aicore_magics.actions.rotation_schedule.ScheduleWritten",
    "aicore_magics.actions.deletion.SecretDeleted",
    "aicore_magics.actions.secret_list.SecretList",
    "aicore_magics.actions.results.SecretShown",
    "aicore_magics.actions.stored_secret.SecretStored",
    "aicore_magics.actions.verified.TenantVerified",
    "aicore_magics.actions.verified.ThrowawaysRemoved",
    "aicore_magics.actions.rotation_results.RotationDone",
    "aicore_magics.actions.rotation_results.RotationPlanned",
    "aicore_magics.actions.rotation_results.RotationStatus",
    "aicore_magics.registry.verdict.RegistryCheck",
    "aicore_magics.actions.dry_run.DryRun",
    "aicore_magics.actions.dry_run.RequestScript",
    "aicore_magics.actions.notebooks.NotebookWritten",
    "aicore_magics.actions.tutorials.TutorialsCopied",
    "aicore_magics.leaks.scan_result.LeaksFound",
    "aicore_magics.leaks.scrub_result.ScrubPlan",
    "aicore_magics.leaks.scrub_result.Scrubbed",
    "aicore_magics.templates.check.check_result.TemplatesChecked",
    "aicore_magics.templates.generate.generated.GeneratedTemplate",
    "aicore_magics.templates.catalogue.listed.RuleList",
    "aicore_magics.templates.catalogue.listed.RuleShown",
    "aicore_magics.templates.patch.patched.TemplatesPatched",
    "aicore_magics.templates.check.check_result.TemplateSaved",
}
ERRORS = {
    "AICoreError": "Exception",
    "InvalidInput": "AICoreError ValueError",
    "InvalidName": "InvalidInput",
    "InvalidRegistry": "InvalidInput",
    "InvalidImage": "InvalidInput",
    "InvalidDate": "InvalidInput",
    "InvalidResourceGroup": "InvalidInput",
    "InvalidRule": "InvalidInput",
    "InvalidAddress": "InvalidInput",
    "InvalidLogin": "InvalidInput",
    "InvalidFile": "InvalidInput",
    "InvalidTemplate": "InvalidInput",
    "InvalidNotebook": "InvalidInput",
    "InvalidSchedule": "InvalidInput",
    "Refused": "AICoreError",
    "NotConnected": "Refused",
    "PromptImpossible": "Refused",
    "Stopped": "Refused",
    "LoginNotFound": "Refused LookupError",
    "LoginRefused": "Refused",
    "ImageRefused": "Refused",
    "CredentialsNotFound": "Refused LookupError",
    "CredentialsIncomplete": "Refused",
    "CredentialsRefused": "Refused",
    "DockerSecretExists": "Refused",
    "DockerSecretMissing": "Refused LookupError",
    "NotAllowed": "Refused",
    "QuotaReached": "Refused",
    "RequestRefused": "Refused",
    "Busy": "Refused",
    "ServerError": "Refused",
    "NotAICore": "Refused",
    "Unreachable": "Refused",
    "CertificateNotTrusted": "Refused",
    "OutcomeUnknown": "AICoreError",
    "RotationRefused": "Refused",
    "OtherLogin": "RotationRefused",
    "RotationIncomplete": "OutcomeUnknown",
}


def homes(module):
    """Give each public name of *module* with the place where it is defined."""
    public = {name: getattr(module, name) for name in module.__all__}
    return {name: f"{each.__module__}.{each.__qualname__}" for name, each in public.items()}


def test_the_package_gives_these_names():
    """Each public name comes from the module that defines it, and there is no other."""
    assert homes(aicore_magics) == PUBLIC


def test_the_doors_call_these_actions():
    """What a user can ask for is one list, whichever door it is asked at."""
    assert homes(actions) == ACTIONS


def test_templates_are_made_of_these_parts():
    """What is put into a template from Python has one place to be imported from."""
    assert homes(templates) == PARTS


def test_these_results_have_cards():
    """A card is looked up by the module and name of its result, so both are where the table says."""
    assert {f"{module}.{name}" for module, name in RESULTS} == CARDS
    for module, name in RESULTS:
        assert getattr(import_module(module), name).__module__ == module


def test_the_errors_are_this_family():
    """Whoever catches an error by its class, or by the class above it, goes on doing so."""
    classes = {name: each for name, each in vars(errors).items() if isinstance(each, type)}
    family = {name: each for name, each in classes.items() if each.__module__ == errors.__name__}
    assert {
        name: " ".join(base.__name__ for base in each.__bases__) for name, each in family.items()
    } == ERRORS
