"""`{{workflow.…}}` that Argo does not have, or has no value for in the template that uses it.

After newTemplateValidationCtx and resolveAllVariables in workflow/validate/validate.go of Argo 3.5, and its
page on workflow variables. AI Core may add labels and annotations, so any of those may be there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.templates.catalogue.flow import REFERENCE
from aicore_magics.templates.catalogue.inputs import UNFILLED
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules import keys
from aicore_magics.templates.rules.calls import BRACED, mappings
from aicore_magics.templates.rules.keys import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aicore_magics.templates.finding import Findings, Path, Severity
    from aicore_magics.templates.rules.calls import Targets
    from aicore_magics.templates.rules.reference_rules import Flow
    from aicore_magics.templates.rules.shape import Mapping as Entry

_KNOWN = keys.words("""
    annotations annotations.json creationTimestamp duration failures labels labels.json mainEntrypoint name
    namespace parameters parameters.json priority scheduledTime serviceAccountName status uid
""")
_BEGINS = ("annotations.", "creationTimestamp.", "duration.", "labels.", "parameters.", "scheduledTime.")
_OUTPUTS = ("outputs.parameters.", "outputs.artifacts.")


class WorkflowVariables:
    """Looks at `{{workflow.…}}` in one workflow; the parameters are looked at elsewhere."""

    def __init__(self, found: Findings, spec: Entry, flows: Mapping[object, Flow], targets: Targets) -> None:
        self._found = found
        self._spec = spec
        self._flows = flows
        self._targets = targets
        self._seen: dict[bool, set[int]] = {}
        self._global: set[str] | None = None

    def look(self, path: Path, expression: str) -> bool:
        """Find that *expression* has no value at *path*; tell whether it is one of the workflow."""
        first, _, name = expression.partition(".")
        if first != "workflow":
            return False
        inside = path[:2] == ("spec", "templates") and "inline" not in path
        if name in ("failures", "status"):
            if inside and "metrics" not in path and "hooks" not in path:
                self._at_the_end(path, expression, name)
        elif name == "priority":
            if inside and "priority" not in self._spec:
                self._add(path, expression, "spec has no priority", "write priority: 1 in spec")
        elif name.startswith(_OUTPUTS):
            if inside:
                self._output(path, expression, name)
        elif name not in _KNOWN and not name.startswith(_BEGINS):
            better = _meant(name)
            fix = (
                f"write {{{{workflow.{better}}}}}"
                if better
                else "use a variable of Argo, or write the value itself"
            )
            severity: Severity | None = "error" if inside else None
            message = f"{{{{{shown(expression)}}}}} is never filled in"
            self._found.add(UNFILLED, path, message, fix, severity=severity)
        return True

    def _at_the_end(self, path: Path, expression: str, name: str) -> None:
        """Find what only an exit handler has."""
        flow = self._flows.get(path[2])
        if flow is None or id(flow.template) in self._reached(handlers=True):
            return
        elsewhere = "workflowTemplateRef" in self._spec
        if name == "status" and not elsewhere:
            fix = "use it in the template of onExit"
            message = (
                f"{{{{{expression}}}}} is Running before the end; only an exit handler gets the final status"
            )
            self._found.add(REFERENCE, path, message, fix, severity="hint")
        elif name == "failures" and (
            not self._spec.get("onExit") or id(flow.template) in self._reached(handlers=False)
        ):
            why = "only the template of onExit has it"
            self._add(path, expression, why, "use it in the template of onExit")

    def _output(self, path: Path, expression: str, name: str) -> None:
        """Find the name of an output of the workflow that no template gives."""
        if self._global is None:
            self._global = set(self._outputs())
        if BRACED in self._global or name in self._global:
            return
        near = nearest(name, self._global)
        fix = f"write {{{{workflow.{shown(near[0])}}}}}" if near else "write globalName: in that output"
        self._add(path, expression, "no output has this globalName", fix)

    def _outputs(self) -> Iterator[str]:
        """The outputs of the workflow, and braces where some may be written elsewhere."""
        for flow in self._flows.values():
            for kind in ("parameters", "artifacts"):
                for output in mappings(flow.template, "outputs", kind):
                    name = output.get("globalName")
                    if name not in (None, ""):
                        yield BRACED if BRACED in str(name) else f"outputs.{kind}.{name}"
            for call in flow.calls:
                if self._targets.of(call.entry) is None or "templateDefaults" in self._spec:
                    yield BRACED

    def _reached(self, *, handlers: bool) -> set[int]:
        """The templates that are called, from the exit *handlers* and hooks on, or from the entrypoint on."""
        if handlers not in self._seen:
            begins = self._handlers() if handlers else [self._spec.get("entrypoint")]
            self._seen[handlers] = self._called(begins)
        return self._seen[handlers]

    def _handlers(self) -> Iterator[Any]:
        for owner in (self._spec, *(call.entry for flow in self._flows.values() for call in flow.calls)):
            yield owner.get("onExit")
            hooks = owner.get("hooks")
            for hook in hooks.values() if isinstance(hooks, dict) else ():
                yield hook.get("template") if isinstance(hook, dict) else None

    def _called(self, begins: Iterable[Any]) -> set[int]:
        calls = {id(flow.template): flow.calls for flow in self._flows.values()}
        left = [self._targets.of({"template": name}) for name in begins]
        seen: set[int] = set()
        while left:
            template = left.pop()
            if template is not None and id(template) not in seen:
                seen.add(id(template))
                left += [self._targets.of(call.entry) for call in calls.get(id(template), ())]
        return seen

    def _add(self, path: Path, expression: str, why: str, fix: str) -> None:
        self._found.add(REFERENCE, path, f"{{{{{shown(expression)}}}}} has no value here: {why}", fix)


def _meant(name: str) -> str:
    """What *name* was meant to be, with what stands behind its first word; empty if nothing is near."""
    first, dot, rest = name.partition(".")
    near = (
        nearest(first, [each.rstrip(".") for each in (*_BEGINS, "outputs.")])
        if rest
        else nearest(name, _KNOWN)
    )
    return f"{near[0]}{dot}{shown(rest) if rest else ''}" if near else ""
