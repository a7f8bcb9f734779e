"""The fields of the form, and what was entered in them: values, or one sentence below each wrong field."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.actions.wanted_secret import where_implied
from aicore_magics.base.redact import scrub_name
from aicore_magics.base.spaces import bare
from aicore_magics.base.tokens import MASK
from aicore_magics.errors import InvalidInput, PromptImpossible
from aicore_magics.jupyter.form import faults, fields
from aicore_magics.logins.wish import LoginWish
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import DOCKER_HUB, Registry
from aicore_magics.registry.presets import hosts_to_offer, preset_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.base.redact import Secret
    from aicore_magics.jupyter.form.fields import Field
    from aicore_magics.logins.docker_login import DockerLogin
    from aicore_magics.next_steps import Words

TYPED, FILE = "typed", "file"
_NAME_HELP = "Templates use this name. 2 to 63 characters: lowercase letters, digits, dots, hyphens."
_IMAGES_HELP = "One per line, such as ghcr.io/acme/churn:1.4. Checked: login, pull permission, tag, platform."
_FILE_HELP = "A docker config.json, a Kubernetes Secret, or an AI Core request body, as JSON."
_REGISTRY_HELP = "Empty: the image's registry. Docker Hub: docker.io"
_OF_FILE = "Empty: all logins in the file are stored."
_LOGIN_HELP = "docker login: uses a login saved on the Jupyter server."
_USER_HELP = "The account name, not the e-mail address."
_PASSWORD_HELP = "A read-only token is enough. Never saved. Do not type while a cell runs."
_E_MAIL = "Docker Hub: use the Docker ID, not the e-mail address."


@dataclass(frozen=True)
class Entries:
    """What was entered, read: enough to ask for logins, and to store them."""

    name: str
    images: tuple[str, ...]
    wish: LoginWish
    password: Secret | None
    check: bool

    def subjects(self) -> tuple[str, ...]:
        """What the registries will be asked about, as the check names it."""
        images = tuple(map(str, self.wish.images))
        return images or ((str(Registry.typed(self.wish.registry)),) if self.wish.registry else ())

    def would_hold(self) -> str:
        """Say which logins the secret would have: registry and user, or the file."""
        wish = self.wish
        secrets = (self.password,) if self.password else ()
        user = f" as {scrub_name(wish.username, *secrets)}" if wish.username else ""
        where = wish.registry or ", ".join(dict.fromkeys(str(image.registry) for image in wish.images))
        return f"{where}{user}" if where else f"the logins of {wish.from_file}"

    def text(self, prompt: str, *, instead: Words) -> str:
        """Answer no question: what is missing was seen before."""
        raise PromptImpossible(f"something is missing: {prompt.strip(': ')}", next=instead)

    def secret(self, prompt: str) -> Secret:
        """Give the password that the field has received."""
        if self.password is None:
            raise PromptImpossible("the password is missing", next="enter it.")
        return self.password


class Fields:
    """The eight fields in their order. `read` gives what was entered, or None after marking what is wrong."""

    def __init__(self, name: str) -> None:
        self._acts: list[Callable[[Field], None]] = []
        self._edited_last: Field | None = None
        self.name = fields.text_field("Secret name", _NAME_HELP, mono=True)
        self.images = fields.area_field("Images to pull (optional)", _IMAGES_HELP)
        self.registry = fields.combo_field(
            "Registry (optional)",
            _REGISTRY_HELP,
            hosts_to_offer(),
            half=True,
        )
        self.login = fields.choice_field("Login", _LOGIN_HELP, _logins(()), half=True)
        self.user = fields.text_field("User", _USER_HELP, half=True, mono=True)
        self.password = fields.secret_field("Password or token", _PASSWORD_HELP, half=True)
        self.check = fields.check_field("Check with the registry before storing", value=True)
        if name:
            self.name.value, self.name.disabled = name, True
        self._name_is_fixed = bool(name)
        for field in (self.images, self.registry, self.login):
            field.on_edit(self._hint)
        self.user.on_edit(self._hint_docker_id)
        for field, fault in self._judges():
            field.judge_by(fault)
        for field in {*self.shown, self.user, self.password}:
            self._hear(field)

    @functools.cached_property
    def file(self) -> Field:
        """The field for a file, made when somebody first wants it: each field costs a message."""
        field = fields.text_field("File", _FILE_HELP)
        self._hear(field)
        return field

    @property
    def shown(self) -> tuple[Field, ...]:
        """The fields that belong to the chosen kind of login, in their order."""
        chosen: tuple[Field, ...] = (self.user, self.password) if self.login.value == TYPED else ()
        chosen = (self.file,) if self.login.value == FILE else chosen
        return (self.name, self.images, self.registry, self.login, *chosen, self.check)

    @property
    def wrong(self) -> tuple[Field, ...]:
        """The fields that are marked as wrong."""
        return tuple(field for field in self.shown if field.wrong)

    def on_edit(self, act: Callable[[Field], None]) -> None:
        """Call *act* with each field that the user changes."""
        self._acts.append(act)

    def offer(self, logins: tuple[DockerLogin, ...]) -> None:
        """Offer the docker logins that were found on this machine."""
        choice = self.login.value
        widget: Any = self.login.widget
        widget.options = _logins(logins)
        widget.value = choice

    def release_name(self) -> None:
        """Let another name be entered."""
        self._name_is_fixed = False

    def disable(self, *, disabled: bool) -> None:
        """Let nothing be entered while something runs, or let it be entered again."""
        for field in {*self.shown, self.user, self.password}:
            field.disabled = disabled or (field is self.name and self._name_is_fixed)

    def clear(self) -> None:
        """Empty every field, and forget the password."""
        for field in (self.images, self.registry, self.user):
            field.value = ""
        if "file" in vars(self):
            self.file.value = ""
        if not self._name_is_fixed:
            self.name.value = ""
        self.password.widget.forget()
        self.login.value = TYPED
        for field in self.shown:
            field.show_help()
        self._hint()

    def read(self, *, named: bool = True) -> Entries | None:
        """Give what was entered, or mark what is wrong, and put the focus there. *named*: with a name."""
        for field in self.shown:
            field.tidy()
        wrong = {field: why for field, why in self._faults(named=named) if why}
        for field in self.shown:
            if field in wrong:
                field.show_error(wrong[field])
            elif field.wrong:
                field.show_help()  # what a registry or AI Core refused may be right by now
        if wrong:
            next(iter(wrong)).focus()
            return None
        return Entries(
            bare(self.name.value), self._lines(), self._wish(), self.password.value, self.check.value
        )

    def _judges(self) -> tuple[tuple[Field, Callable[[], str]], ...]:
        """What is said of each field once it was left with something in it."""
        return (
            (self.name, lambda: faults.name_fault(self.name.value)),
            (self.images, lambda: faults.images_fault(self._lines())),
            (self.registry, lambda: faults.host_fault(bare(self.registry.value))),
            (self.user, lambda: faults.user_fault(self.user.value)),
            (self.password, lambda: faults.password_fault(self.password.value)),
        )

    def _faults(self, *, named: bool) -> list[tuple[Field, str]]:
        """What is wrong, or missing, once everything should be there."""
        typed, lines = self.login.value == TYPED, self._lines()
        text = bare(self.registry.value)
        found = [(self.name, faults.name_fault(self.name.value))] if named else []
        found.append((self.images, faults.images_fault(lines)))
        found.append((self.registry, faults.registry_fault(text, lines) if text or typed else ""))
        if typed:
            found.append((self.user, faults.user_fault(self.user.value)))
            found.append((self.password, faults.password_fault(self.password.value)))
        if self.login.value == FILE:
            found.append((self.file, faults.path_fault(self.file.value)))
        return found

    def _lines(self) -> tuple[str, ...]:
        return tuple(filter(None, map(bare, self.images.value.splitlines())))

    def _wish(self) -> LoginWish:
        images = tuple(map(ImageReference.typed, self._lines()))
        registry, choice = bare(self.registry.value), self.login.value
        if choice == TYPED:
            return LoginWish(registry=registry, username=bare(self.user.value), images=images)
        if choice == FILE:
            path = bare(self.file.value)
            return LoginWish(registry=registry, from_file=path, take_all=not registry, images=images)
        return LoginWish(registry=choice[0], username=choice[1], docker_login=True, images=images)

    def _registries(self) -> tuple[Registry, ...]:
        """The registries that are meant: the named one, or those of the images; none while unclear."""
        text = bare(self.registry.value)
        try:
            named = [Registry.typed(text)] if text else []
            found = named or [ImageReference.typed(line).registry for line in self._lines()]
        except InvalidInput:
            return ()
        return tuple(dict.fromkeys(found))

    def _hint(self) -> None:
        """Say below Registry and User what follows from what is entered, and nothing of what was before."""
        registries = self._registries()
        one = registries[0] if len(registries) == 1 else None
        self.registry.change_help(_OF_FILE if self.login.value == FILE else _REGISTRY_HELP)
        if not bare(self.registry.value):
            self._hint_registry(one)
        preset = preset_for(one) if one else None
        self.user.change_help(f"{preset.name}: {preset.user}." if preset else _USER_HELP)
        self._hint_docker_id()

    def _hint_registry(self, registry: Registry | None) -> None:
        """Say below the empty field which registry the images name."""
        typed = self.login.value == TYPED
        fault = faults.registry_fault("", self._lines()) if typed else ""
        if fault and self.registry.wrong:
            self.registry.show_error(fault)
        elif registry and typed:
            self.registry.show_note(f"From the image. Key in the secret: {registry.auth_key}")
        else:
            self.registry.show_help()

    def _hint_docker_id(self) -> None:
        """Warn of an e-mail address where a Docker ID is wanted."""
        hub = [registry.host for registry in self._registries()] == [DOCKER_HUB]
        if hub and "@" in self.user.value and not self.user.wrong:
            self.user.show_note(_E_MAIL, warning=True)

    def _judge(self, field: Field) -> None:
        """Say what is wrong in *field*, and what its images mean for the registry."""
        field.judge()
        lines = self._lines()
        if field is self.images and not field.wrong:
            for note in where_implied(map(ImageReference.typed, lines))[:1]:
                field.show_note(note, warning=True)
        unnamed = self.login.value == TYPED and not bare(self.registry.value)
        why = faults.registry_fault("", lines) if lines and unnamed else ""
        if why and field in (self.images, self.registry, self.login):
            self.registry.show_error(why)

    def _hear(self, field: Field) -> None:
        field.on_edit(lambda: self._edited(field))

    def judge(self) -> None:
        """Judge the field that was edited last: nothing more is entered there for now."""
        if self._edited_last in self.shown:
            self._judge(self._edited_last)

    def leave(self) -> None:
        """Judge the field that was edited last, without the spaces around what is in it: it was left."""
        field = self._edited_last
        if field in self.shown:
            field.tidy()
            self._judge(field)

    def _edited(self, field: Field) -> None:
        if self._edited_last is not field:
            self.leave()  # at the latest: not every browser says so earlier
        self._edited_last = field
        for act in self._acts:
            act(field)


def _logins(logins: tuple[DockerLogin, ...]) -> list[tuple[str, object]]:
    offered = [
        # Where the user is the token it is not shown, and not needed: the login is the registry's only one.
        (
            f"docker login: {login.registry} as {login.username}",
            (login.registry, "" if MASK in login.username else login.username),
        )
        for login in logins
        if not login.unusable
    ]
    return [("Type it here", TYPED), *offered, ("From a file", FILE)]
