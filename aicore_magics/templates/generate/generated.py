"""Templates from a few values: the two functions that make one, and the result they give.

Whether the parts of a template have the kinds that they should have: asked only once something failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.templates.emit import emit
from aicore_magics.templates.generate import workflow
from aicore_magics.templates.generate.notes import (
    command_notes,
    env_notes,
    filled,
    image_notes,
    plan_notes,
    secret_notes,
)
from aicore_magics.templates.generate.parts import (
    NONE,
    Artifact,
    Container,
    Parameter,
    Part,
    Probe,
    Scenario,
    WorkflowOptions,
)
from aicore_magics.templates.generate.spelling import check_placeholders, refused, scenario_id, template_name

if TYPE_CHECKING:
    from aicore_magics.base.report import Report, Step
    from aicore_magics.errors import InvalidTemplate
    from aicore_magics.next_steps import Door
    from aicore_magics.templates.generate.parts import ServingOptions

What = tuple[str, str, "str | Scenario", str]
_CONTAINER, _WORKFLOW = Container(), WorkflowOptions()
_EXAMPLES = {
    "NAME": "churn-train",
    "--image": "--image ghcr.io/acme/churn:1.4",
    "--scenario": "--scenario churn",
    "--args": '--args "python train.py"',
}


class GeneratedTemplate(Part):
    """A template that AI Core can read. `str()` of it is the YAML *text*; *kind* is as in the YAML.

    *secret* is the Docker registry secret it names, or nothing; *notes* are sentences on what may go wrong;
    *saved* is the file it was written to, if it was.
    """

    kind: str
    name: str
    text: str
    secret: str
    image: str
    notes: tuple[str, ...] = ()
    saved: str = ""

    def report(self) -> Report:
        """What was made, with the YAML and the line that saves it."""
        from aicore_magics.base.report import Code, Fact, Report

        opens = (Code(self.secret),) if self.secret else ("none; the image has to be public",)
        return Report(
            f"{self.kind} {self.name}",
            "warning" if self.notes else "done",
            self.notes,
            (
                Fact("Image", (Code(self.image),)),
                Fact("Secret", opens),
                *((Fact("Saved", (Code(self.saved),)),) if self.saved else ()),
            ),
            steps=self._steps(),
        )

    def saved_as(self, path: str) -> GeneratedTemplate:
        """Give the same template, as the one that was written to *path*."""
        return self._replace(saved=path)

    def to_dict(self) -> dict[str, Any]:
        """Give the template as plain data, ready for `json.dumps`."""
        names = ("kind", "name", "text", "secret", "image", "saved")
        data = {name: getattr(self, name) for name in names}
        return {"result": type(self).__name__, **data, "notes": list(self.notes)}

    def _steps(self) -> tuple[Step, ...]:
        """The YAML, with what to do with it; what comes after it, once it is saved, stands below."""
        from aicore_magics.base.report import Step
        from aicore_magics.next_steps import do

        lines = tuple(self.text.splitlines())
        if not self.saved:
            return (Step(("save it, ", do("save", path=f"{self.name}.yaml")), lines, "yaml"),)
        commit = "commit it to the repository that your AI Core application follows"
        return Step("look at it", lines, "yaml"), Step(commit, ())

    def __str__(self) -> str:
        return self.text

    def shown(self, door: Door) -> str:
        """Give the result as text, as *door* words it."""
        return self.report().text(door)

    def __repr__(self) -> str:
        return str(self.report())


def workflow_template(
    name: str,
    *,
    image: str,
    scenario: str | Scenario,
    secret: str = "",
    container: Container = _CONTAINER,
    options: WorkflowOptions = _WORKFLOW,
) -> GeneratedTemplate:
    """Give a WorkflowTemplate, for training and batch jobs.

    *name* becomes the id of the executable. *secret* is the Docker registry secret that opens *image*; none
    for a public one. The *container* needs `args`: AI Core ignores what the image would run by itself.
    Raises InvalidTemplate, before anything is written, for what AI Core would refuse.
    """
    what = (name, image, scenario, secret)
    try:
        return _workflow(what, container, options)
    except (AttributeError, TypeError):
        wrong = _wrong_kind((container, Container), (options, WorkflowOptions))
        if wrong is None:
            raise
    raise wrong


def serving_template(
    name: str,
    *,
    image: str,
    scenario: str | Scenario,
    secret: str = "",
    container: Container = _CONTAINER,
    options: ServingOptions | None = None,
) -> GeneratedTemplate:
    """Give a ServingTemplate, for deployments.

    As `workflow_template`; but the *container* runs what the image says: its `args`, if there are any, go
    to the image's ENTRYPOINT, unless there is a `command`.
    """
    from aicore_magics.templates.generate.parts import ServingOptions

    what = (name, image, scenario, secret)
    options = ServingOptions() if options is None else options
    try:
        return _serving(what, container, options)
    except (AttributeError, TypeError):
        wrong = _wrong_kind((container, Container), (options, ServingOptions))
        if wrong is None:
            raise
    raise wrong


def _workflow(what: What, container: Container, options: WorkflowOptions) -> GeneratedTemplate:
    name, image, scenario, secret = what
    scenario = scenario if isinstance(scenario, Scenario) else Scenario(scenario)
    _ask_for({"NAME": name, "--image": image, "--scenario": scenario.id, "--args": container.args})
    notes = (*_notes(image, scenario, secret, options), *env_notes(container))
    parts = (template_name(name), image, scenario, secret)
    document = workflow.workflow_document(parts, container, options)
    text = emit(document, workflow.COMMENTS if options.comments else None)
    check_placeholders(text, workflow.placeholders(options))
    return GeneratedTemplate(workflow.KIND, name, text, secret, image, notes)


def _serving(what: What, container: Container, options: ServingOptions) -> GeneratedTemplate:
    from aicore_magics.templates.generate import serving

    name, image, scenario, secret = what
    scenario = scenario if isinstance(scenario, Scenario) else Scenario(scenario)
    _ask_for({"NAME": name, "--image": image, "--scenario": scenario.id})
    notes = (*_notes(image, scenario, secret, options), *env_notes(container), *command_notes(container))
    parts = (template_name(name), image, scenario, secret)
    document = serving.serving_document(parts, container, options)
    text = emit(document, serving.COMMENTS if options.comments else None)
    check_placeholders(text, serving.placeholders(options))
    return GeneratedTemplate(serving.KIND, name, text, secret, image, (*notes, *serving.cautions(text)))


def _wrong_kind(*given: tuple[object, type]) -> InvalidTemplate | None:
    """What to say of a container or options of another kind than they should be: that was why it failed."""
    names = ("container", "options")
    found = (unlike(part, kind, name) for (part, kind), name in zip(given, names, strict=True))
    return next(filter(None, found), None)


def _ask_for(parts: dict[str, Any]) -> None:
    """Refuse if one of *parts* is empty, and name all of those."""
    missing = [part for part, value in parts.items() if not value]
    if missing:
        names = " and ".join(filter(None, [", ".join(missing[:-1]), missing[-1]]))
        reason = f"{names} {'is' if len(missing) == 1 else 'are'} missing"
        # One who has all but the args may well write Python, where there is no option.
        python = '; in Python: container=Container(args=["python train.py"])' if missing == ["--args"] else ""
        raise refused(reason, f"add {' '.join(_EXAMPLES[part] for part in missing)}{python}")


def _notes(
    image: str, scenario: Scenario, secret: str, options: WorkflowOptions | ServingOptions
) -> tuple[str, ...]:
    """Refuse what cannot be, and give what should be said. Where a parameter stands, its default is read."""
    scenario_id(scenario.id)
    notes: list[str] = []
    for value, notes_on in ((image, image_notes), (secret, secret_notes), (options.plan, plan_notes)):
        if type(value) is not str:
            raise refused("--image, --secret and --plan are texts", "put each in quotes.")
        known = filled(value, options.parameters) if value else None
        if known is not None:
            notes += notes_on(known)
    return tuple(notes)


_LISTED = {"parameters": Parameter, "inputs": Artifact, "outputs": Artifact}
_PROBES = ("readiness", "liveness", "startup")
_LIST, _TEXTS = (list, tuple), (list, tuple, str)


def unlike(part: object, kind: type, what: str) -> InvalidTemplate | None:
    """Give the error for a *part* that is no *kind*, or that holds something of another kind than it should.

    None where all kinds are right. No value is repeated.
    """
    if type(part) is not kind:
        return _wanted(what, f"{'an' if kind.__name__[0] == 'A' else 'a'} {kind.__name__}")
    for name, value in vars(part).items():
        default = getattr(kind, name, None)
        if default is NONE and not hasattr(value, "items"):
            return _wanted(name, "a mapping")
        if default == () and not isinstance(value, _LIST if name in _LISTED else _TEXTS):
            return _wanted(name, "a list")
        inside = [(each, _LISTED[name], f"each of {name}") for each in value] if name in _LISTED else []
        if isinstance(default, Part) or (name in _PROBES and value is not None):
            inside.append((value, Probe if name in _PROBES else type(default), name))
        found = next(filter(None, (unlike(*each) for each in inside)), None)
        if found:
            return found
    return None


def _wanted(what: str, kind: str) -> InvalidTemplate:
    return refused(f"{what} has to be {kind}", "give one; help(workflow_template) tells what it is.")
