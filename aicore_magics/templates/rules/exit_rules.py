"""What runs at the end of a workflow or step, or beside it: `onExit` and `hooks`.

After Workflow and validateHooks in workflow/validate/validate.go of Argo 3.5, and its page on hooks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.flow import ARGUMENT, EXIT_HANDLER
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.argument_rules import argument_findings, unsupplied
from aicore_magics.templates.rules.calls import BRACED
from aicore_magics.templates.rules.keys import nearest, some_of
from aicore_magics.templates.rules.name_rules import parts_names
from aicore_magics.templates.rules.shape import mapping_in, not_text

if TYPE_CHECKING:
    from collections.abc import Collection

    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.calls import Targets
    from aicore_magics.templates.rules.shape import Mapping


def exit_findings(
    found: Findings, owner: Mapping, path: Path, names: Collection[str], *, targets: Targets | None
) -> None:
    """Find an `onExit` or a hook of *owner* that names none of *names*, or gives the template too little.

    None for *targets*: what the templates ask for is not known.
    """
    if owner.get("onExit") not in (None, ""):
        _named(found, owner["onExit"], (*path, "onExit"), names, word="exit handler")
        _given(found, owner["onExit"], (*path, "onExit"), targets)
    for name, hook in mapping_in(found, owner, "hooks", path).items() if "hooks" in owner else ():
        if isinstance(hook, dict):
            _hook(found, name, hook, (*path, "hooks", name), names=names, targets=targets)


def _given(found: Findings, wanted: object, path: Path, targets: Targets | None) -> None:
    """Find that the exit handler *wanted* asks for more than the arguments of the workflow, which it gets."""
    target = targets.of({"template": wanted}) if targets else None
    if targets is None or target is None or targets.arguments is None:
        return
    for name in unsupplied(target, targets.arguments):
        message = f"the exit handler needs {shown(name)}, but spec.arguments does not declare it"
        fix = f"declare it: - name: {shown(name)} below parameters of spec.arguments"
        found.add(ARGUMENT, path, message, fix)


def _hook(
    found: Findings, name: str, hook: Mapping, path: Path, *, names: Collection[str], targets: Targets | None
) -> None:
    wanted = hook.get("template")
    if wanted not in (None, ""):
        _named(found, wanted, (*path, "template"), names, word="hook")
    elif not hook.get("templateRef"):
        message = f"the hook {shown(name)} has no template"
        fix = f"write template: and one of {some_of(names or ['NAME'])}"
        found.add(EXIT_HANDLER, path, message, fix)
    if name != "exit" and hook.get("expression") in (None, ""):
        message = f"the hook {shown(name)} has no expression for when it runs; only exit needs none"
        found.add(
            EXIT_HANDLER, path, message, "write expression: workflow.status == 'Running', or name it exit"
        )
    if "arguments" in hook:
        parts_names(found, hook, "arguments", path)
    if name == "exit" and not hook.get("arguments"):
        _given(found, wanted, (*path, "template"), targets)
    elif targets:
        argument_findings(found, hook, path, targets.of(hook), word="hook")


def _named(found: Findings, wanted: object, path: Path, names: Collection[str], *, word: str) -> None:
    if not isinstance(wanted, str):
        not_text(found, str(path[-1]), wanted, path)
    elif wanted not in names and BRACED not in wanted:
        near = nearest(wanted, names)
        fix = f"write {shown(near[0])}" if near else f"add a template of this name, or leave the {word} out"
        found.add(EXIT_HANDLER, path, f"there is no template {shown(wanted)} for the {word}", fix)
