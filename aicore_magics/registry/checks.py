"""Registry checks side by side, in threads of their own: k images take the time of the slowest."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, final

from aicore_magics.base.plural import are
from aicore_magics.base.redact import scrub_name
from aicore_magics.base.report import WIDTH
from aicore_magics.errors import ImageRefused, LoginRefused, Stopped
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.transport import Transport
from aicore_magics.model.hosts import is_loopback
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.kubelet import can_match, serving_keys, why_unserved
from aicore_magics.model.names import DOCKER_HUB
from aicore_magics.next_steps import AGAIN, OR, PYTHON, Effect, Option, Quote, in_a_row, uncapitalised
from aicore_magics.registry.check_plan import CHECK_LIMIT, CheckPlan
from aicore_magics.registry.expiry_lookup import Lookups
from aicore_magics.registry.lifetimes import has_expired
from aicore_magics.registry.reachability import reach_cautions, trust_cautions
from aicore_magics.registry.runs import Run
from aicore_magics.registry.serving import serving_cautions
from aicore_magics.registry.single_check import check_image, check_login, find_registry
from aicore_magics.registry.strangers import Strangers
from aicore_magics.registry.verdict import Verdict, realm_wanted

if TYPE_CHECKING:
    from aicore_magics.errors import Refused
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.expiry import Expiry
    from aicore_magics.model.names import Registry
    from aicore_magics.model.pullers import ServingCaution
    from aicore_magics.next_steps import Words

__all__ = ["CHECK_LIMIT", "CheckPlan", "Checks", "checks_stopped", "refusal"]

_SANDBOX = "In the sandbox, only registries on this machine are checked."
_NO_ADDRESS = "Its key is not the address of a registry, so there is no registry to check."
_PATTERN = "Its key is a pattern: name an image to check it."


@final
class Checks:
    """Checks that run from now on. `verdicts()` waits for them.

    A context manager: at its end nothing more is sent, and nobody waits for what is still running.
    """

    def __init__(self, plan: CheckPlan) -> None:
        remote = any(not registry.is_loopback for registry in plan.registries())
        self._plan = plan
        self._transport = Transport(ca_file=plan.ca_file, tls_soon=remote and not plan.only_here)
        self._deadline = Deadline(min(plan.seconds, CHECK_LIMIT))
        self._strangers = Strangers()
        self._subjects = plan.subjects()
        self._answers: dict[tuple[str, str], Verdict] = {}  # by image and key
        self._beside = {
            (str(image), login.key): Run(partial(self._ask, image, login))
            for image, login in plan.beside()
            if not self._unasked(image, login)
        }
        self._runs = [Run(partial(self._check, subject)) for subject in self._subjects]
        self._lookups = Lookups(plan, self._transport, self._deadline)
        # DNS may take long: it is asked beside the registries.
        self._private = (
            [] if plan.only_here else [Run(partial(reach_cautions, each)) for each in plan.registries()]
        )

    def verdicts(self) -> tuple[Verdict, ...]:
        """Give the verdicts in the order of the images, then of the logins that are tried alone.

        Ctrl-C leaves at once, and so does a watch that is stopped: with Stopped.
        """
        return tuple(
            run.result(self._deadline, self._plan.watch) or self._late(subject)
            for subject, run in zip(self._subjects, self._runs, strict=True)
        )

    def cautions(self, verdicts: tuple[Verdict, ...]) -> tuple[str, ...]:
        """Give a sentence for each thing that *verdicts*, found from here, cannot prove."""
        looked = (run.result(self._deadline, self._plan.watch) or () for run in self._private)
        answered = [one for one in verdicts if one.answered]
        trusted = () if self._plan.only_here else trust_cautions(answered, ca_file=self._plan.ca_file)
        return (*self._expired(verdicts), *(sentence for found in looked for sentence in found), *trusted)

    def expiries(self) -> dict[str, Expiry]:
        """Give when each login ends, by its key: as it shows itself, or as its issuer said within 5 seconds.

        Raises Stopped if the watch is stopped.
        """
        return self._lookups.expiries()

    def serving(self, verdicts: tuple[Verdict, ...]) -> tuple[ServingCaution, ...]:
        """Give what may fail in serving though a workflow can pull it, now that *verdicts* are there."""
        if self._plan.pulled_by == "workflow":
            return ()
        for run in self._beside.values():
            run.result(self._deadline, self._plan.watch)
        return serving_cautions(self._plan.logins, self._plan.images, verdicts, dict(self._answers))

    def __enter__(self) -> Checks:
        return self

    def __exit__(self, *_error: object) -> None:
        self._deadline.end()
        self._transport.close()

    def _check(self, subject: ImageReference | RegistryLogin) -> Verdict:
        """The verdict on *subject*, told step by step."""
        step = str(subject if isinstance(subject, ImageReference) else subject.stored().registry)
        self._plan.watch.tell(step, "running", "asking")
        verdict = self._image(subject) if isinstance(subject, ImageReference) else self._login(subject)
        realm = realm_wanted(verdict)
        if realm and self._plan.only_here and not is_loopback(realm):
            verdict = replace(verdict, fix=_SANDBOX)
        self._plan.watch.tell(step, verdict.state, uncapitalised(verdict.word))
        return verdict

    def _expired(self, verdicts: tuple[Verdict, ...]) -> tuple[str, ...]:
        """A sentence for each token that has expired by its own word, and that its registry accepts."""
        accepted = {(verdict.registry, verdict.username) for verdict in verdicts if verdict.ok}
        shown = ((login.stored(), has_expired(login)) for login in self._plan.logins)
        return tuple(
            f"{login.registry} accepts user {login.username}. {ended}"
            for login, ended in shown
            if ended and (login.registry, login.username) in accepted
        )

    @staticmethod
    def _late(subject: ImageReference | RegistryLogin) -> Verdict:
        """The verdict on what has not answered in time, such as a name that DNS is silent about."""
        if isinstance(subject, ImageReference):
            registry, user, image = str(subject.registry), "", str(subject)
        else:
            registry, user, image = subject.stored().registry, subject.stored().username, ""
        reason = f"{registry} did not answer in time."
        return Verdict("unreachable", registry, username=user, image=image, reason=reason)

    def _image(self, image: ImageReference) -> Verdict:
        """The verdict of the first login that can pull *image*, in the kubelet's order."""
        by_key = {login.key: login for login in self._plan.logins}
        keys = serving_keys(by_key, image)
        if by_key and not keys:
            passwords = [login.password for login in self._plan.logins]
            reason = scrub_name(f"{why_unserved(by_key, image)}.", *passwords)
            another = Option("login", f"{image.registry}=USER")
            fix: Words = (another, " for that registry", OR, "leave the image out.")
            if image.implied:
                # Most often it is meant to be where the login is.
                meant = scrub_name(f"{self._plan.logins[0].stored().registry}/{image.familiar}", *passwords)
                hub = f"An image without a registry is at Docker Hub: write {meant} if it is there"
                fix = (hub, OR, another, " for that registry", OR, "leave the image out.")
            return Verdict("not-served", str(image.registry), image=str(image), reason=reason, fix=fix)
        logins: list[RegistryLogin | None] = [by_key[key] for key in keys] or [None]
        refusal = self._unasked(image, logins[0])
        if refusal:
            user = logins[0].stored().username if logins[0] else ""
            return Verdict("not-asked", str(image.registry), username=user, image=str(image), reason=refusal)
        verdicts: list[Verdict] = []
        for login in logins:
            beside = self._beside.get((str(image), login.key)) if login else None
            answer = beside.result(self._deadline, self._plan.watch) if beside else self._ask(image, login)
            verdict = answer or self._late(image)
            if verdict.ok:
                return verdict
            verdicts.append(verdict)
        # The kubelet tries them all: it is refused only if every one is.
        return next((verdict for verdict in verdicts if verdict.not_checked), verdicts[0])

    def _ask(self, image: ImageReference, login: RegistryLogin | None) -> Verdict:
        """What the registry says of *image* to *login*."""
        verdict = check_image(
            image,
            login,
            transport=self._transport,
            deadline=self._deadline,
            realms=self._plan.may_know(),
            only_here=self._plan.only_here,
            strangers=self._strangers,
        )
        if login:
            self._answers[str(image), login.key] = verdict
        return verdict

    def _unasked(self, image: ImageReference, login: RegistryLogin | None) -> str:
        """Why *image*'s registry is not sent *login*; empty if it may be."""
        if not self._may_ask(image.registry):
            return _SANDBOX
        mine = find_registry(login) if login else None
        if mine and mine.host == DOCKER_HUB != image.registry.host:
            return f"The kubelet would try Docker Hub's login there. It was not sent to {image.registry}."
        return ""

    def _login(self, login: RegistryLogin) -> Verdict:
        registry = find_registry(login)
        if registry is None:
            reason = _PATTERN if can_match(login.key) else _NO_ADDRESS
            return Verdict("not-asked", login.stored().key, login.stored().username, reason=reason)
        if not self._may_ask(registry):
            return Verdict("not-asked", str(registry), login.stored().username, reason=_SANDBOX)
        return check_login(
            login,
            transport=self._transport,
            deadline=self._deadline,
            realms=self._plan.may_know(),
            strangers=self._strangers,
        )

    def _may_ask(self, registry: Registry) -> bool:
        return registry.is_loopback or not self._plan.only_here


def checks_stopped(effect: Effect = Effect.NOTHING_STORED) -> Stopped:
    """Give the error for a check that was interrupted, with what it may have sent till then."""
    words = f"{uncapitalised(effect.sentence)} The login may have been sent to its registry."
    return Stopped(what="", effect=effect, next=(AGAIN, " when you like."), words=words)


def refusal(verdicts: tuple[Verdict, ...]) -> Refused | None:
    """Give the error for the first of *verdicts* that says no, or None if none does."""
    refused = [verdict for verdict in verdicts if verdict.refused]
    if not refused:
        return None
    first, more = refused[0], len(refused) - 1
    kind = LoginRefused if first.outcome == "bad-credentials" or not first.image else ImageRefused
    others = f" {more} more {are(more)} refused." if more else ""
    quoted = in_a_row(first.fix, Quote(first.quote()))
    shown = quoted if len(f"Next: {PYTHON.say(quoted)}") <= WIDTH else first.fix
    words = f"{Effect.NOTHING_STORED.sentence}{others}"
    error = kind(_briefly(first), next=shown, words=words)
    if isinstance(error, LoginRefused):
        error.outcome = first.outcome
    return error


def _briefly(verdict: Verdict) -> str:
    """What the verdict says, in one line: its reason where that is short enough."""
    code = f" ({verdict.code})" if verdict.code else ""
    brief = {
        "wrong-platform": f"{verdict.image} is built for {verdict.platform}.",
        "no-access-or-missing": f"{verdict.image}: not allowed, or not there{code}.",
        "tag-missing": f"{verdict.image}: no such tag{code}.",
        "repo-missing": f"{verdict.image}: no such repository{code}.",
        "needs-login": f"{verdict.image}: a login is needed{code}.",
        "not-served": f"{verdict.image}: no login for it.",
        "incomplete": f"{verdict.image} is incomplete{code}.",
        "unsupported": f"{verdict.image}: {verdict.registry} needs another kind of login."
        if verdict.code
        else f"{verdict.image} is not an image that AI Core can run.",
    }
    if verdict.image and verdict.outcome in brief:
        return brief[verdict.outcome]
    if not verdict.image or verdict.outcome == "bad-credentials":
        return verdict.reason
    return f"{verdict.image}: {uncapitalised(verdict.reason)}"
