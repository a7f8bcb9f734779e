"""Templates from a few values: the two functions that make one, and the result they give."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from aicore_magics.base.spaces import bare
from aicore_magics.templates.emit import emit
from aicore_magics.templates.generate import workflow
from aicore_magics.templates.generate.kinds import (
    require_container,
    require_serving_options,
    require_workflow_options,
)
from aicore_magics.templates.generate.notes import (
    command_notes,
    env_notes,
    filled,
    image_notes,
    plan_notes,
    secret_notes,
)
from aicore_magics.templates.generate.parts import Container, Scenario, WorkflowOptions
from aicore_magics.templates.generate.spelling import check_placeholders, refused, scenario_id, template_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.base.report import Report, Step
    from aicore_magics.next_steps import Door
    from aicore_magics.templates.generate.parts import Parameter
    from aicore_magics.templates.generate.serving_parts import ServingOptions

_CONTAINER, _WORKFLOW = Container(), WorkflowOptions()
_EXAMPLES = {
    "NAME": "churn-train",
    "--image": "--image ghcr.io/acme/churn:1.4",
    "--scenario": "--scenario churn",
    "--args": '--args "python train.py"',
}


@dataclass(frozen=True, slots=True, repr=False)
class GeneratedTemplate:
    """A template that AI Core can read. `str()` of it is the YAML *text*; *kind* is as in the YAML.

    *secret* is the Docker registry secret it names, or nothing; *notes* are sentences on what may go wrong;
    *saved* is the file it was written to, if it was, and *place* where that is on this machine; *unchanged*:
    the file held just that already. *next_cell*: the next cell of the notebook holds it.
    """

    kind: str
    name: str
    text: str
    secret: str
    image: str
    notes: tuple[str, ...] = ()
    saved: str = ""
    place: str = ""
    unchanged: bool = False
    next_cell: bool = False
    door: Door | None = field(default=None, compare=False)  # that of the line it came from

    def report(self) -> Report:
        """What was made, with the YAML and the line that saves it."""
        from aicore_magics.base.report import Code, Fact, Report

        opens = (Code(self.secret),) if self.secret else ("none; the image must be public",)
        facts = [Fact("Image", (Code(self.image),)), Fact("Secret", opens)]
        if self.saved:
            file = Code(self.place or self.saved)
            facts.append(Fact("File", (file, " (unchanged)") if self.unchanged else (file,)))
        return Report(
            f"{self.kind} {self.name}",
            "warning" if self.notes else "done",
            self.notes,
            tuple(facts),
            steps=self._steps(),
        )

    def saved_as(self, path: str, place: str = "", *, unchanged: bool = False) -> GeneratedTemplate:
        """Give the same template, as the one that was written to *path*: *place* on this machine."""
        return replace(self, saved=path, place=place, unchanged=unchanged)

    def to_dict(self) -> dict[str, Any]:
        """Give the template as plain data, ready for `json.dumps`."""
        names = ("kind", "name", "text", "secret", "image", "saved", "place")
        data = {name: getattr(self, name) for name in names}
        return {"result": type(self).__name__, **data, "notes": list(self.notes)}

    def _steps(self) -> tuple[Step, ...]:
        """The YAML, with what to do with it; what comes after it, once it is saved, stands below."""
        from aicore_magics.base.report import Step
        from aicore_magics.next_steps import do

        lines, path = tuple(self.text.splitlines()), f"{self.name}.yaml"
        if self.next_cell:
            return (Step(do("save-next", path=path), ()),)
        if not self.saved:
            return (Step(("save it, ", do("save", path=path)), lines, "yaml"),)
        commit = "commit it to the repository that your AI Core application follows"
        return Step("review it", lines, "yaml"), Step(f"then {commit}", ())

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
    require_container(container)
    require_workflow_options(options)
    name, image, secret = map(_bare, (name, image, secret))
    scenario = scenario if isinstance(scenario, Scenario) else Scenario(_bare(scenario))
    _ask_for({"NAME": name, "--image": image, "--scenario": scenario.id, "--args": container.args})
    scenario_id(scenario.id)
    notes = (*_notes(image, secret, options.plan, options.parameters), *env_notes(container))
    document = workflow.workflow_document(
        template_name(name),
        image=image,
        scenario=scenario,
        secret=secret,
        container=container,
        options=options,
    )
    text = emit(document, workflow.COMMENTS if options.comments else None)
    check_placeholders(text, workflow.placeholders(options))
    return GeneratedTemplate(workflow.KIND, name, text, secret, image, notes)


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
    to the image's ENTRYPOINT, unless there is a `command`. With a `digest` in *options* the image is named by
    it, and no longer by its tag.
    """
    from aicore_magics.templates.generate import serving
    from aicore_magics.templates.generate.serving_parts import ServingOptions

    options = ServingOptions() if options is None else options
    require_container(container)
    require_serving_options(options)
    name, image, secret = map(_bare, (name, image, secret))
    scenario = scenario if isinstance(scenario, Scenario) else Scenario(_bare(scenario))
    _ask_for({"NAME": name, "--image": image, "--scenario": scenario.id})
    scenario_id(scenario.id)
    image, pinned = (image, ()) if options.digest is None else _pinned(image, options.digest)
    notes = (*pinned, *_notes(image, secret, options.plan, options.parameters))
    document = serving.serving_document(
        template_name(name),
        image=image,
        scenario=scenario,
        secret=secret,
        container=container,
        options=options,
    )
    text = emit(document, serving.COMMENTS if options.comments else None)
    check_placeholders(text, serving.placeholders(options))
    notes = (*notes, *env_notes(container), *command_notes(container), *serving.cautions(text))
    return GeneratedTemplate(serving.KIND, name, text, secret, image, notes)


def _pinned(image: str, digest: str) -> tuple[str, tuple[str, ...]]:
    """Name *image* by its *digest*, and say what follows from that."""
    from aicore_magics.templates.generate.pinned import pinned

    return pinned(image, digest)


def _bare(text: str) -> str:
    """Without the spaces around it. What is no text is refused later, by its name."""
    return bare(text) if isinstance(text, str) else text  # type: ignore[redundant-expr]


def _ask_for(parts: dict[str, Any]) -> None:
    """Refuse if one of *parts* is empty, and name all of those."""
    missing = [part for part, value in parts.items() if not value]
    if missing:
        names = " and ".join(filter(None, [", ".join(missing[:-1]), missing[-1]]))
        from aicore_magics.base.plural import are

        reason = f"{names} {are(len(missing))} missing"
        # One who has all but the args may well write Python, where there is no option.
        python = '; in Python: container=Container(args=["python train.py"])' if missing == ["--args"] else ""
        raise refused(reason, f"add {' '.join(_EXAMPLES[part] for part in missing)}{python}")


def _notes(image: str, secret: str, plan: str, parameters: Iterable[Parameter]) -> tuple[str, ...]:
    """Refuse what cannot be, and list what should be said. Where a parameter stands, its default is read."""
    notes: list[str] = []
    for value, notes_on in ((image, image_notes), (secret, secret_notes), (plan, plan_notes)):
        if not isinstance(value, str):
            raise refused("--image, --secret and --plan must be strings", "put each in quotes.")
        known = filled(value, parameters) if value else None
        if known is not None:
            notes += notes_on(known)
    return tuple(notes)
