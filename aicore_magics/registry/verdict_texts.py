"""The words of a check: what each outcome says, and what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.errors import CertificateNotTrusted
from aicore_magics.http.messages import ResponseLost
from aicore_magics.next_steps import Beside, Option, capitalised, closed
from aicore_magics.registry.api import code_of
from aicore_magics.registry.auth import wants_other
from aicore_magics.registry.content_texts import ContentTexts
from aicore_magics.registry.redirects import Astray, Forwarded
from aicore_magics.registry.tokens import FORBIDDEN

if TYPE_CHECKING:
    from aicore_magics.errors import AICoreError
    from aicore_magics.http.messages import Response
    from aicore_magics.registry.manifest_answer import Entered
    from aicore_magics.registry.platforms import Platform
    from aicore_magics.registry.verdict import Verdict


_LOGIN: dict[Entered, str] = {
    "ok": "",
    "any login": "The login was not checked: any login is accepted.",
    "elsewhere": "",
    "public": "The login was tried: accepted.",
    "public, any login": "The login was not checked: any login is accepted.",
    "public, not tried": "No login was needed or tried.",
}
_PUBLIC = "Anyone can pull it; it needs no secret."
_MIXED = "Only some entries of its index name a platform: containerd may fail on that."
_EXPIRED_TOO = "Harbor also accepts an expired robot."
_EXPIRED_ONCE = "Old versions of Harbor also accept an expired robot."
_MAY_HAVE_EXPIRED = "The robot may have expired."
_A_ROBOT_MAY = "If this user is a robot, it may have expired."
_LOOK_UP = "Check in Harbor when the robot expires and what it may pull."
_USE_THAT_HOST = "Use the image's name at {}, with a login for that host."
_COMPARE = "Check user name and token."
_COMPARE_ROBOT = "Check user name and secret, and in Harbor when the robot expires."
_COMPARE_HERE = "Check user name and token, or ask for the right to read it."
_RIGHTS = "Check the spelling, and ask for the right to read it."
_DAY = 86_400  # seconds; who asks for more than that is not to be quoted


class Verdicts(ContentTexts):
    """Makes the verdicts about one registry, one login or none, and one image or none."""

    def fine(self, how: Entered, platform: Platform, size: int | None, *, unnamed: bool = False) -> Verdict:
        """The image can be pulled; *unnamed*: its index names platforms, and none for this image."""
        public = how.startswith("public")
        login = _LOGIN[how] if self._user else ""
        if how == "public" and (self._robot or (self._harbor and self._user)):
            login = f"{login} {_EXPIRED_TOO}"
        narrow = "It is a 32-bit image." if platform.fit == "32 bit" else ""
        # Its image store looks for the manifest of another entry, which it has not fetched: seen with 1.6.20,
        # `CalculateImageUsage`, which was no other in August 2026.
        mixed = _MIXED if unnamed else ""
        reason = " ".join(filter(None, [_PUBLIC if public else "", login, narrow, mixed]))
        return self._verdict("public" if public else "ok", reason, platform=str(platform), size=size)

    def by_another_host(self, answer: Response, platform: Platform) -> Verdict:
        """Another host gives the image to anybody, once the registry has sent the login on to it."""
        gives = f"{self.registry} redirects to {answer.host}, where anyone can pull it."
        reason = (
            f"{gives} AI Core's nodes may send the login there, too. It is not known whether it is accepted."
        )
        fix = self._safe(f"Use the image's name at {answer.host}.")
        return self._verdict("uncertain", reason, fix, platform=str(platform))

    def accepted(self, *, judged: bool = True) -> Verdict:
        """The login alone is good; unless it was *judged*, so is any."""
        anybody = f"{self.registry} accepts any login: the login was not checked."
        unchecked = "What it may pull was not checked: no image was given."
        expired = _EXPIRED_ONCE if (self._robot or self._harbor) and judged else ""
        return self._verdict("ok", " ".join(filter(None, ["" if judged else anybody, unchecked, expired])))

    def sent_on(self, answer: Response) -> Verdict:
        """Another host would have to judge the login, and does not get it."""
        if self._is_own(answer.host):
            return self.untold("redirects to another host and back, where the login was not sent again")
        reason = f"{self.registry} redirects to {answer.host}. The login was not sent there or checked."
        return self._verdict("other-realm", reason, self._safe(_USE_THAT_HOST.format(answer.host)))

    def asked_elsewhere(self, answer: Response) -> Verdict:
        """Another host wants a login, and does not get this registry's."""
        if self._is_own(answer.host):
            return self.untold("redirects to another host and back, where the login was not sent again")
        sends = f"{self.registry} redirects to {answer.host}, which requires a login for it"
        fix = self._safe(_USE_THAT_HOST.format(answer.host))
        if not self._user:
            return self._verdict("needs-login", f"{sends} ({code_of(answer)}).", fix, answer)
        reason = f"{sends} ({code_of(answer)}). Yours was not sent there."
        return self._verdict("other-realm", reason, fix, answer)

    def asks_nobody(self) -> Verdict:
        """The registry lets everybody in, so the login could not be tried."""
        return self._verdict("public", f"{self.registry} asks for no login, so yours was not tried.")

    def bad_credentials(self, answer: Response, *, here: bool = False) -> Verdict:
        """The login is not accepted; *here*: for this image, which some say of a good login, too."""
        where = " for this image" if here else ""
        refused = f"{self.registry} does not accept user {self._user}{where} ({code_of(answer)})."
        # GitHub's answer to a token that was good once, seen also where anybody may pull.
        ended = self._preset.ended if self._preset and answer.status == FORBIDDEN else ""
        reason = f"{refused} {self._may_have_ended() or ended}".rstrip()
        if self._is_robot():
            return self._verdict("bad-credentials", reason, _COMPARE_ROBOT, answer)
        compare = _COMPARE_HERE if here else _COMPARE
        return self._verdict(
            "bad-credentials", reason, self._preset.refused if self._preset else compare, answer
        )

    def needs_login(self, answer: Response) -> Verdict:
        """Nobody may pull it without a login."""
        reason = f"{self.registry} requires a login for it ({code_of(answer)})."
        return self._verdict("needs-login", reason, answer=answer)

    def no_access(self, answer: Response, *, accepted: bool = True) -> Verdict:
        """The login may not do this, or it is not there; *accepted*: the login itself is known to be good."""
        known = accepted and not (self._robot or self._harbor)
        works = "The login works, but may" if known else "The login is not accepted here, or may"
        may = works if self._user else "Without a login you may"
        reason = f"{may} not pull this repository, or it does not exist ({code_of(answer)})."
        reason = f"{reason} The registry does not say which. {self._may_have_ended()}".rstrip()
        if self._is_robot():
            return self._verdict("no-access-or-missing", reason, _LOOK_UP, answer)
        hint = (self._preset.no_access if self._preset and self._user else "") or _RIGHTS
        return self._verdict("no-access-or-missing", reason, hint, answer)

    def _is_robot(self) -> bool:
        """Whether the user is a robot of Harbor's, or may be."""
        return self._robot or (self._harbor and bool(self._user))

    def _may_have_ended(self) -> str:
        """That the login has expired, or may have.

        Harbor gives an expired robot a token that allows nothing, whatever its secret; or none, where only
        the login is asked about: `Create` in its service/token/creator.go.
        """
        if self._expired or not self._is_robot():
            return self._expired
        return _MAY_HAVE_EXPIRED if self._robot else _A_ROBOT_MAY

    def untried(self, answer: Response) -> Verdict:
        """Nobody may have it, and no login is asked for that could be tried."""
        reason = f"{self.registry} refuses it to everyone, and asks for no login ({code_of(answer)})."
        return self._verdict("no-access-or-missing", reason, _RIGHTS, answer)

    def other_login(self, answer: Response) -> Verdict:
        """It wants a login that no secret can hold."""
        if self._preset and answer.not_an_api():
            # It is known to take passwords: something stands between.
            return self.unclear(answer)
        if not wants_other(answer.headers.get("www-authenticate", "")):
            return self.untold("asks for a login in a form that cannot be read")
        reason = f"{self.registry} needs another kind of login than user and password."
        return self._verdict("unsupported", reason, answer=answer)

    def missing(self, answer: Response, *, there: bool | None) -> Verdict:
        """The tag is not there, or the whole repository; *there*: the latter is, if that is known."""
        assert self.image is not None  # noqa: S101
        if there is False:
            reason = f"{self.registry} has no repository {self.image.path} ({code_of(answer)})."
            return self._verdict("repo-missing", reason, "Check the spelling, or push it first.", answer)
        digest = self.image.digest
        what = f"digest {digest[:19]}…" if digest else f"tag {self.image.tag or 'latest'}"
        if answer.not_an_api():
            # A gateway's words: a pull ends with them all the same.
            reason = f"{self._who(answer)} answers with a web page ({answer.status}) to {what}."
            reason = f"{reason} It is not known whether it is there; it cannot be pulled this way."
            return self._verdict("tag-missing", reason, _RIGHTS, answer)
        where = "The repository is there" if there else "The repository may be there"
        reason = f"{where}, {what} is not ({code_of(answer)})."
        return self._verdict("tag-missing", reason, "Push it, or use another.", answer)

    def not_a_registry(self, answer: Response) -> Verdict:
        """Something else answers there."""
        if self._preset:
            # It is known to be one: something stands between.
            return self.unclear(answer)
        what = _foreign(answer)
        is_what = f"answers with {what}" if answer.moved else f"is {what or 'not a registry'}"
        if isinstance(answer, Forwarded):
            is_what = f"redirects to {answer.host}, which is {what or 'not a registry'}"
        fix = "Use the host that the images' names begin with."
        return self._verdict("not-a-registry", f"{self.registry} {is_what}.", fix)

    def limited(self, answer: Response) -> Verdict:
        """It asks to wait."""
        wait = answer.retry_after()
        until = f"for {_minutes(wait)}" if wait and wait < _DAY else "for a while"
        reason = f"{self._who(answer)} allows no more requests {until}. The login was not checked."
        return self._verdict("rate-limited", reason, answer=answer)

    def elsewhere(self, refusal: str, host: str) -> Verdict:
        """The login would have to go to *host*, which nobody has vouched for; empty if nobody could."""
        known = host and self._safe(host) == host
        fix = (Option("realm", host), Beside("if that host belongs to the registry"), ".") if known else ""
        return self._verdict("other-realm", f"{refusal}. It was not sent.", fix)

    def unclear(self, answer: Response) -> Verdict:
        """An answer that says nothing about login or image."""
        if isinstance(answer, Astray):
            return self._verdict("unclear", f"{self.registry} {answer.why}. Nothing was checked.")
        foreign = _foreign(answer)
        what = f"answers with {foreign} ({answer.status})" if foreign else f"answers {code_of(answer)}"
        reason = f"{self._who(answer)} {what}. Nothing was checked."
        return self._verdict("unclear", reason, answer=answer)

    def untold(self, what: str) -> Verdict:
        """It leaves out, or gets wrong, what a check needs."""
        return self._verdict("unclear", f"{self.registry} {what}. Nothing was checked.")

    def lost(self, error: AICoreError, *, on_this_machine: bool) -> Verdict:
        """No connection, or no answer."""
        if isinstance(error, CertificateNotTrusted):
            fix = (Option("ca-file", "FILE"), Beside("with your company's CA"), ".")
            return self._verdict("tls", capitalised(closed(error.what)), fix)
        if isinstance(error, ResponseLost):
            # That there was none, or that it could not be read.
            return self._verdict("unreachable", capitalised(closed(error.what)))
        reason = closed(error.what)
        # What another try would not change is no matter of the network.
        network = getattr(error, "again", False) and not on_this_machine
        vpn = " AI Core cannot pull from behind a VPN." if network else ""
        return self._verdict("unreachable", f"{reason}{vpn}")


def _foreign(answer: Response) -> str:
    """What *answer* is that no API gives; where it sends on to itself, that is no other address."""
    what = answer.not_an_api()
    location = answer.headers.get("location", "")
    here = location.startswith("/") and not location.startswith("//")
    return "a redirect on the same host" if what and answer.moved and here else what


def _minutes(seconds: float) -> str:
    """A length of time, rounded up.

    >>> _minutes(41), _minutes(2420)
    ('41 s', '41 min')
    """
    return f"{seconds:.0f} s" if seconds < 90 else f"{-(-seconds // 60):.0f} min"  # noqa: PLR2004
