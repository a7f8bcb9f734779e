"""What a create, an apply or an update gives back: what AI Core holds now, and what was checked before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aicore_magics.actions.look_again import again_steps, first_steps
from aicore_magics.base.report import Code, Fact, Report, Step, warns
from aicore_magics.base.result import Done
from aicore_magics.next_steps import do, pieces
from aicore_magics.templates.starters import template_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.actions.recorded import StoredHere
    from aicore_magics.base.result import Where
    from aicore_magics.model.docker_secret import StoredLogin
    from aicore_magics.model.pullers import PulledBy, ServingCaution
    from aicore_magics.next_steps import Action, Words
    from aicore_magics.registry.verdict import Verdict

_NAMED_REGISTRIES = 2
REPLACED = (
    "This login replaces every login in the secret, for all resource groups. Running pods keep going; "
    "their next pull uses the new login. You cannot undo this."
)


@dataclass(frozen=True)
class ServedImage:
    """An image that a secret is meant to pull, and the key that the kubelet will use; empty if none does."""

    reference: str
    key: str


@dataclass(frozen=True, repr=False)
class SecretStored(Done):
    """A Docker registry secret that AI Core now has. *change* says whether the name existed before.

    *serving* is what may fail in a ServingTemplate alone, *pulled_by* the kind of template that it is for, or
    nothing. *ca_file* and *realms* were given for the check. *known* has the ends of its logins, where it was
    asked for them.
    """

    name: str
    change: Literal["created", "replaced"]
    where: Where
    logins: tuple[StoredLogin, ...]
    images: tuple[ServedImage, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    notes: tuple[str, ...] = ()
    serving: tuple[ServingCaution, ...] = ()
    pulled_by: PulledBy = ""
    sandbox: bool = False
    ca_file: str = ""
    realms: tuple[str, ...] = ()
    known: StoredHere | None = None

    @property
    def complete(self) -> bool:
        """Whether each login and image that was to be checked was."""
        return not any(verdict.not_checked for verdict in self.verdicts)

    def report(self) -> Report:
        """What is stored now, for whom, and what follows from it."""
        unchecked = not self.complete or not self.verdicts
        open_ones = [verdict for verdict in self.verdicts if verdict.not_checked]
        what = "image" if any([verdict.image for verdict in open_ones] or self.images) else "login"
        uncertain = {verdict.outcome for verdict in open_ones} == {"uncertain"}
        lacks = "not certain" if uncertain else "not checked"
        stored = "stored" if self.change == "created" else "replaced"
        again = self._look_again()
        after = "then " if again else ""
        sentences = [*self.notes]
        if self.change == "replaced":
            sentences.insert(0, REPLACED)
        due = tuple(self._due())
        return Report(
            f"Secret {self.name} {f'{stored}, {what} {lacks}' if unchecked else self.change}",
            "warning" if warns(self.notes) or unchecked or self.serving or due else "done",
            (*sentences, *due),
            (
                *_login_facts(self.logins),
                *_image_facts(self.images),
                *_check_facts(self.verdicts),
                *_serving_facts(self.serving),
                *([Fact("Ends", self.known.ends(how=True))] if self.known else []),
            ),
            steps=(
                *again,
                self._replaced_step(after) if self.change == "replaced" else self._used_step(after),
            ),
            footer=str(self.where),
            notes=self._how_to_note(),
        )

    def _due(self) -> Iterator[str]:
        """What follows if a login is expired already, or ends soon."""
        known = self.known
        for login, state in zip(known.logins, known.states, strict=True) if known else ():
            which = "This login" if len(self.logins) == 1 else f"The login for {login.registry}"
            if state == "expired" and login.expiry.stated:
                yield f"{which} is expired: AI Core cannot pull with it."
            elif state == "expired":
                yield f"{which} has ended, by the date that is known. Check that date."
            elif state == "soon":
                yield f"{which} ends soon, and AI Core does not renew it."

    def _how_to_note(self) -> tuple[Words, ...]:
        logins = self.known.logins if self.known else ()
        ends = [login for login in logins if not login.expiry.known]
        return tuple(
            ("If you know when it ends: ", do("note-ends", name=self.name, registry=login.registry))
            if len(logins) > 1
            else ("If you know when it ends: ", do("note-ends", name=self.name))
            for login in ends
        )

    def _used_step(self, after: str) -> Step:
        """The lines that make templates for its first image, or else what to put into one's own."""
        served = [image.reference for image in self.images if image.key]
        lines: tuple[Action, ...] = (do("show", name=self.name),)
        if served:
            lines = template_steps(self.name, served[0], self.pulled_by, self._to_pin(served[0]))
        return Step(f"{after}use it in a template", lines)

    def _replaced_step(self, after: str) -> Step:
        """What is left to do about the former login. Templates name the secret already."""
        registries = dict.fromkeys(login.registry for login in self.logins)
        where = (
            f"at {' and '.join(registries)}" if len(registries) <= _NAMED_REGISTRIES else "at each registry"
        )
        return Step(f"{after}if the password is new, revoke the old one {where}", ())

    def _to_pin(self, image: str) -> str:
        """The digest of *image* where naming it so is a fix, and the check has seen it."""
        helps = any(caution.by_digest for caution in self.serving)
        return next((each.digest for each in self.verdicts if each.image == image and helps), "")

    def _look_again(self) -> tuple[Step, ...]:
        """What asks the registries about all that was not checked."""
        if self.verdicts:
            return again_steps(self.verdicts, sandbox=self.sandbox, ca_file=self.ca_file, realms=self.realms)
        users = {login.key: login.username for login in self.logins}
        return first_steps([(each.reference, users.get(each.key, "")) for each in self.images], self.logins)


def _login_facts(logins: tuple[StoredLogin, ...]) -> tuple[Fact, ...]:
    if len(logins) > 1:
        return tuple(Fact("Registry" if i == 0 else "", login.words()) for i, login in enumerate(logins))
    (login,) = logins
    registry: Words = login.registry
    if login.key != login.registry:
        registry = (f"{login.registry} (key ", Code(login.key), ")")
    return (
        Fact("Registry", login.words(), only="text"),
        Fact("Registry", registry, only="html"),
        Fact("User", login.username, only="html"),
    )


def _image_facts(images: tuple[ServedImage, ...]) -> tuple[Fact, ...]:
    served = [image for image in images if image.key]
    return tuple(
        Fact("Used for" if i == 0 else "", (Code(image.reference), " (key ", Code(image.key), ")"))
        for i, image in enumerate(served)
    )


def _image_of(caution: ServingCaution) -> tuple[str, ...]:
    return (Code(caution.image), ": ") if caution.image else ()


def _serving_facts(cautions: tuple[ServingCaution, ...]) -> tuple[Fact, ...]:
    return tuple(
        Fact("Serving" if i == 0 else "", ("may fail. ", *_image_of(caution), caution.explained))
        for i, caution in enumerate(cautions)
    )


def _check_facts(verdicts: tuple[Verdict, ...]) -> tuple[Fact, ...]:
    if not verdicts:
        return (Fact("Checked", "no"),)
    alone = len(verdicts) == 1
    return tuple(
        Fact(
            "Checked" if i == 0 else "",
            verdict.told if alone else (Code(verdict.subject), ": ", *pieces(verdict.told)),
        )
        for i, verdict in enumerate(verdicts)
    )
