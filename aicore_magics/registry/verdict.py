"""What a registry check found: one verdict for each image, or for a login alone, and what it proves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from aicore_magics.base.plural import plural
from aicore_magics.base.report import Code, Fact, Line, Mark, Report, Table, warns
from aicore_magics.base.result import Done
from aicore_magics.model.names import Registry
from aicore_magics.model.pullers import INFERRED
from aicore_magics.next_steps import Command, Option, in_a_row, pieces, uncapitalised

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.base.report import State
    from aicore_magics.model.pullers import ServingCaution
    from aicore_magics.next_steps import Piece, Words

Outcome = Literal[
    "ok",
    "public",
    "bad-credentials",
    "needs-login",
    "no-access-or-missing",
    "tag-missing",
    "repo-missing",
    "wrong-platform",
    "incomplete",
    "not-a-registry",
    "unsupported",
    "not-served",
    "rate-limited",
    "unreachable",
    "unclear",
    "uncertain",
    "tls",
    "other-realm",
    "not-asked",
]

PLATFORM = "linux/amd64"
MAY_FAIL = "Serving may fail"
_WORDS: dict[Outcome, str] = {
    "ok": "Can be pulled",
    "public": "Public",
    "bad-credentials": "Login refused",
    "needs-login": "Login needed",
    "no-access-or-missing": "No access",
    "tag-missing": "Tag missing",
    "repo-missing": "Repository missing",
    "wrong-platform": "Wrong platform",
    "incomplete": "Incomplete",
    "not-a-registry": "Not a registry",
    "unsupported": "Unsupported",
    "not-served": "No matching login",
    "rate-limited": "Not checked: limit",
    "unreachable": "Not checked: no answer",
    "unclear": "Not checked: no clear answer",
    "uncertain": "Not certain",
    "tls": "Not checked: certificate",
    "other-realm": "Not checked: other host",
    "not-asked": "Not checked",
}
_FINE: tuple[Outcome, ...] = ("ok", "public")
_NOT_ANSWERED: tuple[Outcome, ...] = (
    "rate-limited",
    "unreachable",
    "unclear",
    "tls",
    "other-realm",
    "not-asked",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one registry said about an image and a login; without *image* it is about the login alone.

    *reason* is one or two sentences, *fix* what mends it: a sentence, or a command to copy. *code* is the
    status with the registry's own code, *said* its message, scrubbed. *platform* is what the image is built
    for, *size* its download in bytes (compressed), or None where that is not known. *digest* is that of the
    manifest or index that the image's name leads to, empty where none was got. *encrypted*: the registry was
    spoken to over TLS.
    """

    outcome: Outcome
    registry: str
    username: str = ""
    image: str = ""
    reason: str = ""
    fix: Words = ""
    said: str = ""
    code: str = ""
    platform: str = ""
    size: int | None = None
    digest: str = ""
    encrypted: bool = field(default=False, compare=False)

    @property
    def ok(self) -> bool:
        """Whether the image can be pulled, or the login is accepted."""
        return self.outcome in _FINE

    @property
    def not_checked(self) -> bool:
        """Whether it is not known, after the check, if the image can be pulled or the login is accepted."""
        return self.outcome in (*_NOT_ANSWERED, "uncertain")

    @property
    def answered(self) -> bool:
        """Whether the registry has answered the question, if only with what makes it not certain."""
        return self.outcome not in (*_NOT_ANSWERED, "not-served")

    @property
    def refused(self) -> bool:
        """Whether it is known that the image cannot be pulled so, or that the login is not accepted."""
        return not (self.ok or self.not_checked)

    @property
    def word(self) -> str:
        """The outcome in a word or two."""
        alone = {"ok": "Login accepted", "public": "No login asked for"}
        return _WORDS[self.outcome] if self.image else alone.get(self.outcome, _WORDS[self.outcome])

    @property
    def state(self) -> State:
        """The ring that goes with it."""
        if self.outcome == "not-asked":
            return "hint"
        return "done" if self.ok else "unknown" if self.not_checked else "refused"

    @property
    def told(self) -> Words:
        """What was found, on one line, for the facts of a card.

        >>> Verdict("ok", "ghcr.io", image="ghcr.io/a/b:1", platform="linux/amd64", size=412_000_000).told
        'can be pulled: login accepted, linux/amd64, 412 MB'
        """
        if self.outcome == "ok" and self.image:
            if self.reason:
                return in_a_row(f"can be pulled: {self.built}.", self.reason)
            return f"can be pulled: login accepted, {self.built}"
        return in_a_row(f"{uncapitalised(self.word)}.", self.reason, self.quote(), self.fix)

    def quote(self) -> str:
        """Give the registry's own message as a sentence; empty if it said nothing."""
        return f"It says: {self.said.rstrip('.')}." if self.said else ""

    @property
    def subject(self) -> str:
        """What it is about: the image, or else the registry and the user."""
        return self.image or f"{self.registry}, user {self.username}"

    def lines(self) -> Words:
        """The subject, the reason and the fix, a line each."""
        subject = Code(self.image) if self.image else self.subject
        texts = (self.built, self.reason, self.quote())
        lines: list[Piece] = [subject, *(Line(text) for text in texts if text)]
        if isinstance(self.fix, str):
            lines += [self.fix if isinstance(self.fix, Command) else Line(self.fix)] if self.fix else []
        else:  # a command has a line of its own anyway
            lines += [Line(""), *pieces(self.fix)]
        return tuple(lines)

    @property
    def built(self) -> str:
        """Platform and size of what can be pulled."""
        size = "" if self.size is None else megabytes(self.size)
        return ", ".join(filter(None, [self.platform, size])) if self.ok else ""


@dataclass(frozen=True, repr=False)
class RegistryCheck(Done):
    """Whether logins can pull images, as far as that can be seen from this machine. Nothing was stored."""

    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = ()
    serving: tuple[ServingCaution, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every image can be pulled, and every login is accepted."""
        return all(verdict.ok for verdict in self.verdicts)

    @property
    def complete(self) -> bool:
        """Whether each image and login that was to be checked was."""
        return not any(verdict.not_checked for verdict in self.verdicts)

    @property
    def refused(self) -> tuple[Verdict, ...]:
        """The verdicts that say no."""
        return tuple(verdict for verdict in self.verdicts if verdict.refused)

    def report(self) -> Report:
        """How many images can be pulled, each with its verdict, and what that does not prove."""
        rows = tuple((Mark(v.word, v.state), v.lines()) for v in self.verdicts)
        rows += tuple((Mark(MAY_FAIL, "warning"), _serving_lines(each)) for each in self.serving)
        about = "Image and reason" if any(v.image for v in self.verdicts) else "Login and reason"
        return Report(
            self._headline(),
            self._state(),
            ("Nothing was stored.", *self.notes),
            (*text_facts(self.verdicts), *_serving_facts(self.serving)),
            table=Table(("Result", about), rows, only="html"),
            footer=not_proven(self.verdicts),
        )

    def _headline(self) -> str:
        images = [verdict for verdict in self.verdicts if verdict.image]
        logins = {(verdict.registry, verdict.username) for verdict in self.verdicts if verdict.username}
        with_these = (
            f"with {'these logins' if len(logins) > 1 else 'this login'}" if logins else "without a login"
        )
        about = images or self.verdicts
        fine, many = sum(verdict.ok for verdict in about), len(about)
        but = "; serving may fail" if self.serving and not self.refused else ""
        if not images and many == 1:
            return f"{about[0].registry}: {uncapitalised(about[0].word)}{but}"
        what = plural(many, "image" if images else "login")
        if all(verdict.not_checked for verdict in about):
            certain = any(verdict.outcome != "uncertain" for verdict in about)
            return f"{many} {what} not {'checked' if certain else 'certain'}{but}"
        if images and many == 1:
            return f"Image {'can' if fine else 'cannot'} be pulled {with_these}{but}"
        return f"{fine} of {many} {what} {f'can be pulled {with_these}' if images else 'accepted'}{but}"

    def _state(self) -> State:
        if self.refused:
            return "refused"
        if self.ok:
            return "warning" if warns(self.notes) or self.serving else "done"
        return "hint" if all(v.ok or v.outcome == "not-asked" for v in self.verdicts) else "unknown"


def realm_wanted(verdict: Verdict) -> str:
    """Return the host that wants the login for a token, if it may be named; empty if there is none."""
    options = (each for each in pieces(verdict.fix) if isinstance(each, Option))
    return next((str(each.value) for each in options if each.name == "realm"), "")


def text_facts(verdicts: Iterable[Verdict]) -> tuple[Fact, ...]:
    """Give one line for each verdict, for the text form."""
    verdicts = list(verdicts)
    width = max((len(verdict.subject) for verdict in verdicts), default=0)
    facts = []
    for verdict in verdicts:
        built = f"{verdict.built}." if verdict.built and verdict.reason else verdict.built
        told = in_a_row(built, verdict.reason, verdict.quote(), verdict.fix)
        line = _beside(f"{verdict.subject:{width}}", told, verdict.subject)
        facts.append(Fact(verdict.word, line, only="text"))
    return tuple(facts)


def _beside(column: str, more: Words, alone: str) -> Words:
    return (f"{column}  ", *pieces(more)) if more else alone


def _serving_lines(caution: ServingCaution) -> Words:
    subject: Piece = Code(caution.image) if caution.image else "Every image of this secret"
    return (subject, *map(Line, (caution.reason, caution.fix, INFERRED)))


def _serving_facts(cautions: Iterable[ServingCaution]) -> tuple[Fact, ...]:
    return tuple(Fact(MAY_FAIL, caution.sentences, only="text") for caution in cautions)


def not_proven(verdicts: Iterable[Verdict]) -> str:
    """Say that a check from here does not prove what AI Core can reach.

    Of a registry on this machine that is known: it cannot.
    """
    answered = [Registry.find(verdict.registry) for verdict in verdicts if verdict.answered]
    if all(registry is not None and registry.is_loopback for registry in answered):
        return ""
    return "Checked from this machine. AI Core's network may differ."


def megabytes(size: int) -> str:
    """Give a size as people read it.

    >>> megabytes(412_300_000), megabytes(1_234), megabytes(2_400_000_000)
    ('412 MB', 'less than 1 MB', '2400 MB')
    """
    return f"{size / 1e6:.0f} MB" if size >= 1e6 else "less than 1 MB"  # noqa: PLR2004
