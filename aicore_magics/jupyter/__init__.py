"""The only floor that knows Jupyter: it reads a line, calls an action, and shows what came back.

Registering imports nothing but this floor's own thin modules, so that `%load_ext` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_ATTRIBUTE = "_aicore_magics"
_OUTCOME, _DRY_RUN = "aicore_magics.actions.results", "aicore_magics.actions.dry_run"
_ROTATION = "aicore_magics.actions.rotation_results"
_TEMPLATES = "aicore_magics.templates"
RESULTS = (
    (_OUTCOME, "Connected"),
    ("aicore_magics.actions.deletion", "DeletionQuestion"),
    (_OUTCOME, "DockerLogins"),
    (_OUTCOME, "NoConnection"),
    ("aicore_magics.actions.notes", "NotesProposed"),
    ("aicore_magics.actions.notes", "RecordsForgotten"),
    ("aicore_magics.actions.notes", "SecretNoted"),
    ("aicore_magics.actions.secret_records", "SecretRecords"),
    (_OUTCOME, "QuotaUsed"),
    ("aicore_magics.actions.rotation_schedule", "ScheduleWritten"),
    ("aicore_magics.actions.deletion", "SecretDeleted"),
    ("aicore_magics.actions.secret_list", "SecretList"),
    (_OUTCOME, "SecretShown"),
    ("aicore_magics.actions.stored_secret", "SecretStored"),
    ("aicore_magics.actions.verified", "TenantVerified"),
    ("aicore_magics.actions.verified", "ThrowawaysRemoved"),
    (_ROTATION, "RotationDone"),
    (_ROTATION, "RotationPlanned"),
    (_ROTATION, "RotationStatus"),
    ("aicore_magics.registry.verdict", "RegistryCheck"),
    (_DRY_RUN, "DryRun"),
    (_DRY_RUN, "RequestScript"),
    ("aicore_magics.actions.notebooks", "NotebookWritten"),
    ("aicore_magics.actions.tutorials", "TutorialsCopied"),
    ("aicore_magics.leaks.scan_result", "LeaksFound"),
    ("aicore_magics.leaks.scrub_result", "ScrubPlan"),
    ("aicore_magics.leaks.scrub_result", "Scrubbed"),
    (f"{_TEMPLATES}.catalogue.listed", "RuleList"),
    (f"{_TEMPLATES}.catalogue.listed", "RuleShown"),
    (f"{_TEMPLATES}.check.check_result", "TemplatesChecked"),
    (f"{_TEMPLATES}.generate.generated", "GeneratedTemplate"),
    (f"{_TEMPLATES}.patch.patched", "TemplatesPatched"),
    (f"{_TEMPLATES}.check.check_result", "TemplateSaved"),
)


def register(shell: InteractiveShell) -> None:
    """Put magics, completion and cards into *shell*. A second call changes nothing."""
    if hasattr(shell, _ATTRIBUTE):
        return
    # Here, so that what a magic takes can be had without IPython: from `secret_grammar` and the like.
    from aicore_magics.jupyter.completion import Completer
    from aicore_magics.jupyter.magics import Magics
    from aicore_magics.jupyter.question_mark import help_asked_for

    magics = Magics(shell)
    completer = Completer(magics.session, shell)
    for name, magic in magics.lines.items():
        shell.magics_manager.register_function(magic, "line", name)
    for name, cell_magic in magics.cells.items():
        shell.magics_manager.register_function(cell_magic, "cell", name)
    shell.Completer.custom_matchers.append(completer.match)
    shell.input_transformers_cleanup.append(help_asked_for)
    for module, result in RESULTS:
        _html(shell).for_type_by_name(module, result, _card)
        _plain(shell).for_type_by_name(module, result, _text)
    setattr(shell, _ATTRIBUTE, (magics, completer, help_asked_for))


def unregister(shell: InteractiveShell) -> None:
    """Take magics, completion and cards back, and end what they started."""
    magics, completer, transformer = shell.__dict__.pop(_ATTRIBUTE, (None, None, None))
    if magics is None:
        return
    for kind, names in (("line", magics.lines), ("cell", magics.cells)):
        for name in names:
            shell.magics_manager.magics[kind].pop(name, None)
    if completer.match in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.remove(completer.match)
    if transformer in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.remove(transformer)
    for module, result in RESULTS:
        _forget(_html(shell), module, result)
        _forget(_plain(shell), module, result)
    magics.session.close()


def _card(result: Any) -> str:
    from aicore_magics.jupyter.cards import html_card

    return html_card(result.report(), door=_door(result))


def _text(result: Any, printer: Any, _cycle: bool) -> None:  # noqa: FBT001 - as IPython calls it
    """Print *result* in a notebook's words: elsewhere its text names Python's functions."""
    printer.text(result.shown(_door(result)))


def _door(result: Any) -> Any:
    """The door of the line that *result* came from; a result of Python's functions came from none."""
    from aicore_magics.jupyter.wording import NOTEBOOK, Notebook

    door = getattr(result, "door", NOTEBOOK)
    return door if isinstance(door, Notebook) else NOTEBOOK


def _plain(shell: InteractiveShell) -> Any:
    return shell.display_formatter.formatters["text/plain"]  # type: ignore[union-attr]


def _html(shell: InteractiveShell) -> Any:
    return shell.display_formatter.formatters["text/html"]  # type: ignore[union-attr]


def _forget(formatter: Any, module: str, name: str) -> None:
    """Undo `for_type_by_name`, whether the class has been seen by now or not."""
    formatter.deferred_printers.pop((module, name), None)
    for kind in [
        kind for kind in formatter.type_printers if (kind.__module__, kind.__name__) == (module, name)
    ]:
        del formatter.type_printers[kind]
