"""Registry checks side by side, in threads of their own: k images take the time of the slowest."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

from aicore_magics.errors import ImageRefused, LoginRefused
from aicore_magics.images import ImageReference
from aicore_magics.pull_match import serving_keys, why_unserved
from aicore_magics.registry.check import check_image, check_login, registry_of
from aicore_magics.registry.reach import cautions
from aicore_magics.report import uncapitalised
from aicore_magics.timing import Deadline
from aicore_magics.transport import Transport
from aicore_magics.verdict import Verdict
from aicore_magics.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.docker_secret import RegistryLogin
    from aicore_magics.errors import Refused
    from aicore_magics.names import Registry

CHECK_LIMIT = 30.0  # seconds for all checks of one call
_GLANCE = 0.1  # seconds between two looks at whether somebody has stopped it
_SANDBOX = "In the sandbox only registries on this machine are asked."
_PATTERN = "Its key is a pattern: name an image to have it checked."


@dataclass(frozen=True)
class CheckPlan:
    """What to ask the registries: about *images*, each with the login that serves it, or about logins alone.

    *ca_file* is trusted instead of what the environment names, *realms* are hosts that a login may be sent to
    beside its registry's own. With *only_here*, as in the sandbox, only registries on this machine are asked.
    """

    logins: tuple[RegistryLogin, ...]
    images: tuple[ImageReference, ...] = ()
    ca_file: str = ""
    realms: tuple[str, ...] = ()
    only_here: bool = False
    seconds: float = CHECK_LIMIT
    watch: Watch = field(default_factory=Watch)

    def registries(self) -> tuple[Registry, ...]:
        """The registries it is about, each once."""
        named = (one.registry for one in self.images) if self.images else map(_registry, self.logins)
        return tuple(dict.fromkeys(one for one in named if one is not None))

    def cautions(self, verdicts: tuple[Verdict, ...]) -> tuple[str, ...]:
        """Give a sentence for each thing that *verdicts*, found from here, cannot prove."""
        if self.only_here:
            return ()
        answered = {verdict.registry for verdict in verdicts if not verdict.not_checked}
        return tuple(
            sentence
            for registry in self.registries()
            for sentence in cautions(registry, ca_file=self.ca_file, answered=str(registry) in answered)
        )


@final
class Checks:
    """Checks that run from now on. `verdicts()` waits for them.

    A context manager: nobody waits for what is still running at its end, which is over with the time limit.
    """

    def __init__(self, plan: CheckPlan) -> None:
        remote = any(not registry.is_loopback for registry in plan.registries())
        self._plan = plan
        self._transport = Transport(ca_file=plan.ca_file, tls_soon=remote and not plan.only_here)
        self._deadline = Deadline(min(plan.seconds, CHECK_LIMIT))
        self._runs = [_Run(self._told(subject)) for subject in plan.images or plan.logins]

    def verdicts(self) -> tuple[Verdict, ...]:
        """Give the verdicts in the order of the images, or of the logins.

        Ctrl-C leaves at once, and so does a watch that is stopped: with Stopped.
        """
        return tuple(run.verdict(self._plan.watch) for run in self._runs)

    def __enter__(self) -> Checks:
        return self

    def __exit__(self, *_error: object) -> None:
        self._transport.close()

    def _told(self, subject: ImageReference | RegistryLogin) -> Callable[[], Verdict]:
        """The check of *subject*, told step by step."""
        check, tell = self._about(subject), self._plan.watch.tell
        step = str(subject if isinstance(subject, ImageReference) else subject.registry)

        def told() -> Verdict:
            tell(step, "asking")
            verdict = check()
            tell(step, uncapitalised(verdict.word))
            return verdict

        return told

    def _about(self, subject: ImageReference | RegistryLogin) -> Callable[[], Verdict]:
        if isinstance(subject, ImageReference):
            return lambda: self._image(subject)
        return lambda: self._login(subject)

    def _image(self, image: ImageReference) -> Verdict:
        """The verdict of the first login that can pull *image*, in the kubelet's order, or of the first."""
        by_key = {login.key: login for login in self._plan.logins}
        keys = serving_keys(by_key, image)
        if not keys:
            reason = why_unserved(by_key, image)
            return Verdict("not-served", str(image.registry), image=str(image), reason=reason)
        if not self._may_ask(image.registry):
            user = by_key[keys[0]].username
            return Verdict("not-asked", str(image.registry), user, str(image), _SANDBOX)
        found = []
        for key in keys:
            found.append(
                check_image(
                    image,
                    by_key[key],
                    transport=self._transport,
                    deadline=self._deadline,
                    realms=self._plan.realms,
                )
            )
            if found[-1].ok:
                return found[-1]
        return found[0]

    def _login(self, login: RegistryLogin) -> Verdict:
        registry = _registry(login)
        if registry is None:
            return Verdict("not-asked", login.stored().key, login.username, reason=_PATTERN)
        if not self._may_ask(registry):
            return Verdict("not-asked", str(registry), login.username, reason=_SANDBOX)
        return check_login(
            login, transport=self._transport, deadline=self._deadline, realms=self._plan.realms
        )

    def _may_ask(self, registry: Registry) -> bool:
        return registry.is_loopback or not self._plan.only_here


class _Run:
    """One check in a thread of its own. It is a daemon: an interrupt need not wait for a silent server."""

    def __init__(self, check: Callable[[], Verdict]) -> None:
        self._check = check
        self._verdict: Verdict | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="aicore-magics-check", daemon=True)
        self._thread.start()

    def verdict(self, watch: Watch) -> Verdict:
        while self._thread.is_alive() and not watch.stopped:
            self._thread.join(_GLANCE)
        if watch.stopped:
            watch.about_to_send()
        if self._error:
            raise self._error
        assert self._verdict is not None  # noqa: S101
        return self._verdict

    def _work(self) -> None:
        try:
            self._verdict = self._check()
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits, traceback and all
            self._error = error


def refusal(verdicts: tuple[Verdict, ...]) -> Refused | None:
    """Give the error for the first of *verdicts* that says no, or None if none does."""
    refused = [verdict for verdict in verdicts if verdict.refused]
    if not refused:
        return None
    first, more = refused[0], len(refused) - 1
    kind = LoginRefused if first.outcome == "bad-credentials" or not first.image else ImageRefused
    others = f" {more} more {'is' if more == 1 else 'are'} refused." if more else ""
    said = f" It says: {first.said}." if first.said else ""
    hint = (first.fix or "--no-check stores it all the same.") + said
    return kind(f"{_told(first)} Nothing was stored.{others}", hint=hint)


def _told(verdict: Verdict) -> str:
    if verdict.outcome == "wrong-platform":
        return f"{verdict.image} is built for {verdict.platform or 'no platform that it names'}."
    if not verdict.image or verdict.outcome == "bad-credentials":
        return verdict.reason
    return f"{verdict.image}: {uncapitalised(verdict.reason)}"


def _registry(login: RegistryLogin) -> Registry | None:
    """The registry of a login, or None where its key is a pattern or no host at all."""
    try:
        return registry_of(login)
    except ValueError:
        return None
