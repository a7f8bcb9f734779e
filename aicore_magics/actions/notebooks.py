"""A notebook that takes one from the connection to both templates, for the names that were given."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aicore_magics.aicore.connection import SANDBOX_IMAGE
from aicore_magics.base.files import place_of
from aicore_magics.base.plural import are
from aicore_magics.base.report import Code, Fact, Report, Step
from aicore_magics.base.result import Done
from aicore_magics.base.spaces import bare
from aicore_magics.base.write_files import save_new
from aicore_magics.errors import InvalidNotebook
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import SecretName
from aicore_magics.next_steps import OR, Option
from aicore_magics.templates.generate.spelling import scenario_id, template_name
from aicore_magics.templates.starters import EXAMPLE_ARGS, base_name

if TYPE_CHECKING:
    from nbformat import NotebookNode

_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")
SANDBOX_VARIABLE = "SANDBOX_REGISTRY_PASSWORD"
SANDBOX_USER = "anna"


@dataclass(frozen=True)
class NotebookNames:
    """What a helper notebook is about. With *sandbox* nothing has to be given."""

    secret: str = ""
    image: str = ""
    username: str = ""
    scenario: str = ""
    password_env: str = ""
    sandbox: bool = False

    def __post_init__(self) -> None:
        """Leave out the spaces around each name."""
        for name in ("secret", "image", "username", "scenario", "password_env"):
            object.__setattr__(self, name, bare(getattr(self, name)))


@dataclass(frozen=True, repr=False)
class NotebookWritten(Done):
    """A notebook that was written, not run; *path* as it was given, *place* where that is.

    *unchanged*: the file held just that already.
    """

    path: str
    secret: str
    image: str
    sandbox: bool
    place: str = ""
    unchanged: bool = False

    def report(self) -> Report:
        """Where it is, and what running it will do."""
        where = "the sandbox: nothing leaves this machine" if self.sandbox else "the tenant it connects to"
        facts = (
            Fact("File", Code(self.place or self.path)),
            Fact("Secret", f"{self.secret}, in {where}"),
            Fact("Image", Code(self.image)),
        )
        step = Step("open it and run it from top to bottom", (self.path,))
        done, said = (
            ("unchanged", ("The file already has exactly this content.",))
            if self.unchanged
            else ("written", ())
        )
        return Report(f"Notebook {self.path} {done}", "done", said, facts=facts, steps=(step,))


def new_notebook(
    path: str, names: NotebookNames, *, folder: Path | None = None, force: bool = False
) -> NotebookWritten:
    """Write the notebook *path* below *folder* (default: the working folder) with every step for *names*.

    Nothing in it is run. Raises InvalidInput for a name that could not work, and InvalidFile where the file
    cannot be written, or exists already and *force* was not said.
    """
    import nbformat

    _check(names)
    notebook = _notebook(names)
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    place = place_of(path, folder or Path())
    written = save_new(path, text + "\n", folder=folder or Path(), endings=(".ipynb",), force=force)
    image = names.image or f"the sandbox's {SANDBOX_IMAGE}"
    secret = names.secret or _secret(names)
    return NotebookWritten(path, secret, image, names.sandbox, place, unchanged=not written)


def _check(names: NotebookNames) -> None:
    """Refuse now what would fail in the third cell."""
    if names.secret:
        SecretName.parse(names.secret)
    if names.image:
        ImageReference.parse(names.image)
    given = {"--secret": names.secret, "--image": names.image, "--username": names.username}
    missing = [option for option, value in given.items() if not value]
    if missing and not names.sandbox:
        named = " and ".join(filter(None, [", ".join(missing[:-1]), missing[-1]]))
        raise InvalidNotebook(
            f"{named} {are(len(missing))} missing",
            next=("add them", OR, "add ", Option("sandbox"), " for a notebook that needs no account."),
        )
    if names.password_env and not _VARIABLE.fullmatch(names.password_env):
        # It would stand in the notebook, and may be the password itself: so it is not repeated either.
        raise InvalidNotebook(
            "--password-env takes the name of a variable, in capital letters",
            next="choose one such as GHCR_TOKEN; if that was the password, revoke it.",
        )
    template_name(f"{scenario_id(_scenario(names))}-train")


def _secret(names: NotebookNames) -> str:
    return names.secret or "team-registry"


def _scenario(names: NotebookNames) -> str:
    return names.scenario or base_name(names.image or SANDBOX_IMAGE)


def _notebook(names: NotebookNames) -> NotebookNode:
    import nbformat

    cells: list[dict[str, Any]] = []
    for i, (kind, text) in enumerate(_cells(names)):
        cell: dict[str, Any] = {"cell_type": kind, "id": f"step-{i}", "metadata": {}, "source": text}
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        cells.append(cell)
    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {"cells": cells, "metadata": {"kernelspec": python}, "nbformat": 4, "nbformat_minor": 5}
    made: NotebookNode = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    return made


def _cells(names: NotebookNames) -> tuple[tuple[str, str], ...]:
    """The whole sequence, as kind and text of each cell."""
    variable = names.password_env or (SANDBOX_VARIABLE if names.sandbox and not names.image else "")
    login = "--image {image} --username {user}" + (f" --password-env {variable}" if variable else "")
    asks = "from a variable, never from a cell" if variable else "asked for, unseen, and never in a cell"
    template = "--image {image} --secret {secret} --scenario {scenario}"
    return (
        ("markdown", TITLE),
        ("code", f"%load_ext aicore_magics\n{_connect(names)}"),
        ("markdown", "## The names\n\nEverything below takes them from here."),
        ("code", _assignments(names)),
        ("markdown", CHECK.format(asks=asks)),
        ("code", f"%aicore_docker_secret check {login}"),
        ("markdown", STORE),
        ("code", f"%aicore_docker_secret apply {{secret}} {login}"),
        ("markdown", TEMPLATES),
        (
            "code",
            f"%aicore_template workflow {{train}} {template} --args {{run}} --out {{train_file}} --force",
        ),
        ("code", f"%aicore_template serving {{serve}} {template} --out {{serve_file}} --force"),
        ("code", "%aicore_template check {train_file} {serve_file}"),
        ("markdown", GIT),
    )


def _connect(names: NotebookNames) -> str:
    return "sandbox = %aicore_connect --sandbox\nsandbox" if names.sandbox else "%aicore_connect"


def _assignments(names: NotebookNames) -> str:
    """The cell with the names, as Python."""
    image = json.dumps(names.image, ensure_ascii=False) if names.image else "sandbox.registry.image"
    user = names.username or SANDBOX_USER
    values = {"secret": _secret(names), "user": user, "scenario": _scenario(names)}
    return "\n".join(
        [
            f"image = {image}",
            *(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()),
            f'run = "{EXAMPLE_ARGS}"  # what the training container runs',
            'train, serve = f"{scenario}-train", f"{scenario}-serve"',
            'train_file, serve_file = f"{train}.yaml", f"{serve}.yaml"',
        ]
    )


TITLE = """\
# From a registry login to templates

Run the cells from top to bottom: connect, see whether your login pulls your image, store it in AI Core as a
Docker registry secret, and make the templates that name it. Each result says what happened, and what next."""

CHECK = """\
## Would this login pull this image?

The registry is asked; nothing is stored. The password is {asks}."""

STORE = """\
## Store it

The registry is asked again first. `apply` creates the secret, or replaces every login in it, for the whole
tenant: so this notebook can be run again. `create` in place of `apply` refuses a name that is taken."""

TEMPLATES = """\
## Templates that name it

Both are written beside this notebook, and checked: against AI Core's rules, and against the secrets of your
tenant. With `--cell` in place of `--out …` a template comes into a cell of its own, to be edited first."""

GIT = """\
## Then

Commit both files to the git repository that your AI Core application follows. It looks every few minutes.
A deployment that runs already has to be made anew to pull with another secret."""
