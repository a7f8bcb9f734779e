"""The errors a user can meet, each with what happened and what to do next.

AICoreError                     never raised itself
├── InvalidInput                a ValueError: text that cannot be used; nothing was sent
│   ├── InvalidName             the name of a Docker registry secret
│   ├── InvalidRegistry         a registry
│   ├── InvalidImage            an image reference
│   ├── InvalidDate             a date, such as the end of a login
│   ├── InvalidResourceGroup    a resource group
│   ├── InvalidAddress          the address of AI Core or of its token service
│   ├── InvalidLogin            user or password of a registry login
│   ├── InvalidTemplate         a template that AI Core would refuse
│   ├── InvalidRule             a rule for templates that does not exist, or cannot be disabled
│   ├── InvalidNotebook         names that no notebook can be made of
│   ├── InvalidSchedule         a plan or an interval that no schedule can work with
│   └── InvalidFile             a file that is not what it should be
├── Refused                     never raised itself: nothing was changed
│   ├── NotConnected            a write before a connection was asked for
│   ├── PromptImpossible        a question where nobody can answer
│   ├── Stopped                 interrupted, or answered with no, before anything was sent
│   ├── LoginNotFound           a LookupError: no password where one was said to be
│   ├── LoginRefused            a registry does not accept a login; nothing was stored
│   ├── ImageRefused            an image could not be pulled with it; nothing was stored
│   ├── CredentialsNotFound     a LookupError: no credentials for AI Core anywhere
│   ├── CredentialsIncomplete   half of them
│   ├── CredentialsRefused      AI Core does not accept them
│   ├── DockerSecretExists      create: the name is taken
│   ├── DockerSecretMissing     a LookupError: no such name
│   ├── NotAllowed              the service key does not have the right (403)
│   ├── QuotaReached            no room for another secret
│   ├── RotationRefused         a rotation that cannot begin as it is; nothing was changed
│   │   └── OtherLogin          a login that is not the one of the run that goes on, or is undone
│   ├── RequestRefused          AI Core refuses the request as it is (400 and the like)
│   ├── Busy                    AI Core is rate limiting (429)
│   ├── ServerError             AI Core failed, and nothing was changed
│   ├── NotAICore               the answer came from something else
│   ├── Unreachable             no connection; nothing was sent
│   └── CertificateNotTrusted   TLS; nothing was sent
└── OutcomeUnknown              it may have been changed; what to do next makes it sure
    └── RotationIncomplete      not all secrets were replaced; its result says what each one is
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.next_steps import PYTHON, Effect, capitalised, closed

if TYPE_CHECKING:
    from aicore_magics.next_steps import Door, Words


class AICoreError(Exception):
    """*what* happened, in words without a full stop; its *effect*; and what to do *next*.

    *words* tell the effect where its own sentence would say too little; they are empty where *what* tells it.
    *lines* are what was found, one by one. *status* is the HTTP status behind it, or 0. *door* words it all,
    as whoever lets it out sets it.
    """

    effect = Effect.NONE
    status = 0
    door: Door = PYTHON

    def __init__(
        self,
        what: str,
        effect: Effect | None = None,
        next: Words = "",
        *,
        words: str | None = None,
        lines: tuple[Words, ...] = (),
    ) -> None:
        super().__init__(what)
        self.what = what
        if effect is not None:
            self.effect = effect
        self.next = next
        self.words = words
        self.lines = lines

    def __init_subclass__(cls, effect: Effect | None = None) -> None:
        """Let a kind of error say what its effect is, unless one of it says otherwise."""
        cls.effect = effect or cls.effect

    @property
    def message(self) -> str:
        """What happened, and what was or was not changed."""
        if self.lines and self.consequence:
            return f"{self.consequence} {capitalised(self.listed)}"
        if self.lines:
            return self.listed
        return " ".join(filter(None, (closed(self.what), self.consequence)))

    @property
    def consequence(self) -> str:
        """What was or was not changed, in a separate sentence if it needs one."""
        return self.effect.sentence if self.words is None else self.words

    @property
    def listed(self) -> str:
        """What was found, with a line for each."""
        return "\n  ".join((f"{self.what}:", *map(self.door.say, self.lines)))

    @property
    def hint(self) -> str:
        """What to do next, as the door says it."""
        return self.door.say(self.next) + self.door.blanks(self.next)

    def __str__(self) -> str:
        return f"{self.message}\nNext: {self.hint}" if self.next else self.message


class InvalidInput(AICoreError, ValueError, effect=Effect.NOTHING_SENT):
    """Text that cannot be used. *field* names what it was meant to be; the text is not repeated."""

    field = "input"


class InvalidName(InvalidInput):
    """Not a name for a Docker registry secret."""

    field = "name"


class InvalidRegistry(InvalidInput):
    """Not a registry."""

    field = "registry"


class InvalidImage(InvalidInput):
    """Not an image reference."""

    field = "image"


class InvalidDate(InvalidInput):
    """Not a date, or not a time with its offset."""

    field = "ends"


class InvalidResourceGroup(InvalidInput):
    """Not the name of a resource group."""

    field = "resource group"


class InvalidAddress(InvalidInput):
    """Not an address that a token or a password may be sent to."""

    field = "url"


class InvalidLogin(InvalidInput):
    """A user or password that no registry could be sent, or that would spoil the whole secret."""

    field = "login"


class InvalidFile(InvalidInput):
    """A file that cannot be read, or that is not what it should be."""

    field = "file"


class InvalidTemplate(InvalidInput, effect=Effect.NOTHING_WRITTEN):
    """A template that AI Core would refuse, or in which something does nothing."""

    field = "template"


class InvalidRule(InvalidInput, effect=Effect.NONE):
    """No rule for templates, or one that cannot be disabled."""

    field = "rule"


class InvalidNotebook(InvalidInput, effect=Effect.NOTHING_WRITTEN):
    """Names that no helper notebook can be made of."""

    field = "notebook"


class InvalidSchedule(InvalidInput, effect=Effect.NOTHING_WRITTEN):
    """A plan, an interval or a service key that no schedule can work with."""

    field = "schedule"


class Refused(AICoreError, effect=Effect.NOTHING_CHANGED):
    """Nothing was changed at AI Core."""


class NotConnected(Refused, effect=Effect.NOTHING_SENT):
    """A write needs an explicit connection first."""


class PromptImpossible(Refused, effect=Effect.NOTHING_SENT):
    """A question came up in a run that cannot ask."""


class Stopped(Refused, effect=Effect.NOTHING_SENT):
    """Interrupted, or answered with no, before anything was sent."""


class LoginNotFound(Refused, LookupError, effect=Effect.NOTHING_SENT):
    """No password was found in the given place."""


class LoginRefused(Refused, effect=Effect.NOTHING_STORED):
    """A registry does not accept the login, so it was not stored. *outcome* is what its verdict says."""

    outcome = ""


class ImageRefused(Refused, effect=Effect.NOTHING_STORED):
    """An image could not be pulled with the login, so it was not stored."""


class CredentialsNotFound(Refused, LookupError, effect=Effect.NOTHING_SENT):
    """No credentials for AI Core were found in any of the places looked at."""


class CredentialsIncomplete(Refused, effect=Effect.NOTHING_SENT):
    """Credentials for AI Core were found, but a part of them is missing."""


class CredentialsRefused(Refused):
    """AI Core's token service does not accept the credentials."""


class DockerSecretExists(Refused):
    """The name is taken; the secret there was not changed."""


class DockerSecretMissing(Refused, LookupError):
    """The tenant has no secret of that name."""


class NotAllowed(Refused):
    """The credentials are good, but do not carry the right to do this."""


class QuotaReached(Refused):
    """The tenant has no room for another Docker registry secret."""


class RotationRefused(Refused):
    """A rotation that cannot begin: what would be needed is in its lines."""


class OtherLogin(RotationRefused):
    """A login that is not the one that secrets of a former run hold, or held before it."""


class RequestRefused(Refused):
    """AI Core refuses the request as it is."""


class Busy(Refused):
    """AI Core is rate limiting for longer than the time limit allows."""


class ServerError(Refused):
    """AI Core failed, and it is known that nothing was changed."""


class NotAICore(Refused):
    """Something else than AI Core answered: a login page, a proxy, a wrong address."""


class Unreachable(Refused, effect=Effect.NOTHING_SENT):
    """No connection came about, so nothing was sent. *again*: another try may fare better."""

    again = True


class CertificateNotTrusted(Refused, effect=Effect.NOTHING_SENT):
    """This machine does not trust the server's certificate, so nothing was sent."""


class OutcomeUnknown(AICoreError, effect=Effect.UNKNOWN):
    """The change may or may not have been made. What to do next makes it sure."""


class RotationIncomplete(OutcomeUnknown):
    """Not all secrets of a rotation were replaced. *result* says what became of each."""

    result: Any = None
