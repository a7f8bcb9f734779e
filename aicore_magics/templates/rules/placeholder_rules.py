"""`{{…}}` that nothing fills, in a template of either kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aicore_magics.base.placeholders import BRACES
from aicore_magics.templates.catalogue.inputs import UNDECLARED, UNFILLED
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.keys import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.walk import Walked

_BRACES = re.compile(BRACES)
_INPUT = re.compile(r"(inputs\.(?:parameters|artifacts)\.[\w-]+)(?:\.path)?")
_GLOBAL = re.compile(r"workflow\.parameters\.[\w-]+")
_TEMPLATES: Path = ("spec", "templates")
# The words that Argo's own variables begin with.
_ARGO = {"cronworkflow", "inputs", "item", "lastRetry", "node", "outputs"}
_ARGO |= {"pod", "retries", "steps", "tasks", "workflow"}
_QUOTE = "'"
_METERED = {"duration", "exitCode", "resourcesDuration", "status"}  # only where a template emits metrics
_ALL_PARAMETERS = "workflow.parameters.json"


def workflow_placeholders(
    found: Findings,
    walked: Walked,
    workflow: Collection[str],
    templates: Mapping[Any, Collection[str]],
    *,
    looks: Iterable[Callable[[Path, str], bool]] = (),
) -> None:
    """Find `{{…}}` in a WorkflowTemplate that Argo cannot fill.

    *workflow* are the parameters of its arguments, *templates* the inputs of each, such as parameters.x, by
    its index, or by the path of one that is written into a step. Each of *looks* gets what is left, and tells
    whether it was its to judge.
    """
    arguments = {f"workflow.parameters.{name}" for name in workflow}
    inputs: dict[Any, set[str]] = {}
    for path, text in walked.texts:
        if path[0] != "spec":
            continue
        owners = _owners(path)
        if owners and owners not in inputs and all(one in templates for one in owners):
            inputs[owners] = {f"inputs.{name}" for one in owners for name in templates[one]}
        declared = inputs.get(owners)
        _unclosed(found, path, text)
        for expression in _expressions(text):
            first, before = expression.partition(".")[0], len(found)
            if _GLOBAL.fullmatch(expression) and expression != _ALL_PARAMETERS:
                _declared(found, path, expression, arguments, where="spec.arguments")
            elif declared is not None and first == "inputs":
                _input(found, path, expression, declared)
            elif not expression.startswith("=") and not any(look(path, expression) for look in looks):
                _of_argo(found, path, expression, arguments)
            found.stand_at(expression, before)


def _owners(path: Path) -> tuple[Any, ...]:
    """The templates whose inputs *path* sees: one that is written into a step sees those around it, too."""
    if path[:2] != _TEMPLATES or not path[2:]:
        return ()
    return (path[2], *(path[: i + 1] for i, step in enumerate(path) if step == "inline"))


def _of_argo(found: Findings, path: Path, expression: str, arguments: Collection[str]) -> None:
    """Find a word that is none of Argo's own, or is one of metrics alone."""
    first = expression.partition(".")[0]
    if first in _METERED:
        if "metrics" not in path:
            message = f"{_braced(expression)} is never filled in: only metrics have it"
            found.add(UNFILLED, path, message, "use it below metrics, or write the value itself")
    elif first.startswith("item["):
        step = expression[len("item[") :].rstrip("]").strip("'\"")
        fix = f"write {_braced(f'item.[{step}]' if step.isdigit() else f'item.{step}')}"
        found.add(UNFILLED, path, f"{_braced(expression)} is never filled in", fix)
    elif first not in _ARGO:
        near = nearest(first, _ARGO)
        if near and not nearest(expression, arguments):
            arguments = {near[0] + expression.removeprefix(first)}
        _unfilled(found, path, expression, arguments, known="workflow.parameters.NAME")


def _input(found: Findings, path: Path, expression: str, declared: Collection[str]) -> None:
    """Find an input that its template does not declare."""
    named = _INPUT.fullmatch(expression)
    if named:
        _declared(found, path, named[1], declared, where="inputs of its template")
    elif expression != "inputs.parameters" or not any(each.startswith(expression) for each in declared):
        near = nearest(expression, declared)
        fix = f"write {_braced(near[0])}" if near else "write {{inputs.parameters.NAME}}, or the value itself"
        found.add(UNFILLED, path, f"{_braced(expression)} is never filled in", fix, severity="error")


def serving_placeholders(found: Findings, walked: Walked, inputs: Collection[str], prefix: Path = ()) -> None:
    """Find `{{…}}` in a ServingTemplate that AI Core cannot fill; *inputs* are as artifacts.x."""
    declared = {f"inputs.{name}" for name in inputs}
    for path, text in walked.texts:
        _unclosed(found, prefix + path, text)
        for expression in _expressions(text):
            before = len(found)
            # AI Core fills these as Jinja does: a filter may follow.
            named = _INPUT.match(expression)
            if named:
                _declared(found, prefix + path, named[1], declared, where="spec.inputs")
            else:
                _unfilled(found, prefix + path, expression, declared, known="inputs.parameters.NAME")
            found.stand_at(expression, before)


def _unclosed(found: Findings, path: Path, text: str) -> None:
    """Find a variable of Argo or AI Core in `{{` without the `}}` that closes it."""
    begin = text.rfind("{{")
    word = text[begin + 2 :].split(maxsplit=1)[:1] if begin > text.rfind("}}") else []
    if word and word[0].partition(".")[0] in _ARGO:
        message = f"{{{{{shown(word[0])} has no }}}} after it"
        found.add(UNFILLED, path, message, "write }} where the variable ends", severity="error")


def _declared(found: Findings, path: Path, expression: str, declared: Collection[str], *, where: str) -> None:
    first, kind, name = expression.split(".")
    begin = f"{first}.{kind}."
    # One whose name is no text, and is told as such, may be the one that is meant.
    if expression in declared or begin in declared:
        return
    near = nearest(name, [each.removeprefix(begin) for each in declared if each.startswith(begin)])
    other = f"declare it: - name: {shown(name)} below {kind} of {where}"
    fix = f"write {_braced(begin + near[0])}" if near else other
    message = f"{_braced(expression)} is not declared in {where}"
    if begin == "workflow.parameters.":
        message += ", so AI Core cannot fill it"  # Argo would leave it to a workflow that uses the template
    found.add(UNDECLARED, path, message, fix)


def _unfilled(found: Findings, path: Path, expression: str, declared: Collection[str], *, known: str) -> None:
    near = nearest(expression, declared)
    fix = (
        f"write {_braced(near[0])}"
        if near
        else f"write {_braced(known)} and declare it, or write the value itself"
    )
    found.add(UNFILLED, path, f"{_braced(expression)} is never filled in", fix)


def _braced(expression: str) -> str:
    # Braces are marks enough: with quotation marks in them, it would not be what stands there.
    text = shown(expression)
    return f"{{{{{text[1:].removesuffix(_QUOTE) if text.startswith(_QUOTE) else text}}}}}"


def _expressions(text: str) -> Iterable[str]:
    """What stands between braces in *text*, each once."""
    return dict.fromkeys(map(str.strip, _BRACES.findall(text)))
