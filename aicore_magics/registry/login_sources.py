"""Where registry logins come from: a file, a variable, or a question, which comes last."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aicore_magics.docker_config import MAX_FILE_BYTES, FoundLogins, parse_logins
from aicore_magics.docker_secret import AuthKey, RegistryLogin, check_username, refuse_twice, shown_key
from aicore_magics.errors import InvalidLogin, InvalidRegistry, LoginNotFound
from aicore_magics.files import open_to_others, read_text
from aicore_magics.names import Registry
from aicore_magics.redact import Secret, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.images import ImageReference


class Ask(Protocol):
    """Puts a question to the user. Raises PromptImpossible where nobody can answer."""

    def text(self, prompt: str, *, instead: str) -> str:
        """Ask for something that may be seen; *instead* is the option that needs no asking."""

    def secret(self, prompt: str) -> Secret:
        """Ask for something that may not be seen."""


@dataclass(frozen=True, kw_only=True)
class LoginWish:
    """What was said about the logins to take. What was not said is asked."""

    registry: str = ""
    username: str = ""
    logins: tuple[str, ...] = ()  # REGISTRY=USER
    password_env: tuple[str, ...] = ()  # VAR, or REGISTRY=VAR
    password_file: str = ""
    from_file: str = ""
    take_all: bool = False
    images: tuple[ImageReference, ...] = ()


@dataclass(frozen=True)
class TakenLogins:
    """The logins, and what the user should know about where they came from."""

    logins: tuple[RegistryLogin, ...]
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[RegistryLogin]:
        return iter(self.logins)


def take_logins(wish: LoginWish, ask: Ask) -> TakenLogins:
    """Give the logins that *wish* describes; whatever is missing is asked of *ask*, the password last.

    Raises InvalidRegistry, InvalidLogin, InvalidFile, LoginNotFound, and PromptImpossible.
    """
    if wish.from_file:
        return _from_file(wish)
    pairs = _pairs(wish, ask)
    ready = _ready(wish, pairs)
    logins = tuple(ready.get(pair[0]) or RegistryLogin(*pair, _asked(pair, ask)) for pair in pairs)
    return TakenLogins(logins, tuple(note for login in logins for note in login.password.notes))


def take_users(wish: LoginWish, ask: Ask) -> tuple[tuple[Registry | AuthKey, str], ...]:
    """Give registry and user of the logins that *wish* describes; no password is read or asked for."""
    if wish.from_file:
        return tuple((AuthKey(login.key), login.username) for login in _from_file(wish).logins)
    return tuple(_pairs(wish, ask))


def _pairs(wish: LoginWish, ask: Ask) -> list[tuple[Registry, str]]:
    """Registry and user of each login. Wrong ones are refused here, before any password is asked for."""
    if wish.logins:
        pairs = [_pair(text) for text in wish.logins]
    else:
        registry = _registry(wish, ask)
        pairs = [(registry, wish.username or ask.text(f"User at {registry}: ", instead="--username USER"))]
    for _, username in pairs:
        check_username(username)
    refuse_twice([registry.auth_key for registry, _ in pairs])
    return pairs


def _pair(text: str) -> tuple[Registry, str]:
    registry, equals, username = text.partition("=")
    if not equals or not username:
        raise InvalidLogin(
            "a login is written REGISTRY=USER. Nothing was sent.", hint="--login ghcr.io=anna, for example."
        )
    return Registry.parse(registry), username


def _registry(wish: LoginWish, ask: Ask) -> Registry:
    """The registry that was named, or the one of the images, or the answer to a question."""
    if wish.registry:
        return Registry.parse(wish.registry)
    of_images = {image.registry for image in wish.images}
    if len(of_images) > 1:
        raise InvalidRegistry(
            "the images come from several registries. Nothing was sent.",
            hint="--login REGISTRY=USER for each.",
        )
    if of_images:
        return of_images.pop()
    return Registry.parse(ask.text("Registry, such as ghcr.io: ", instead="--registry HOST or --image REF"))


def _ready(wish: LoginWish, pairs: list[tuple[Registry, str]]) -> dict[Registry, RegistryLogin]:
    """The logins that need no question: what is wrong with them is said before a password is typed."""
    if wish.password_file and len(pairs) > 1:
        raise InvalidLogin(
            "one password file cannot serve several logins. Nothing was sent.",
            hint="use --password-env REGISTRY=VAR for each.",
        )
    if wish.password_file and wish.password_env:
        raise InvalidLogin(
            "a variable and a file are given for one password. Nothing was sent.",
            hint="leave out --password-env or --password-file.",
        )
    found = {of: Secret.from_env(name) for of, name in _variables(wish, pairs).items()}
    if wish.password_file:
        found[pairs[0][0]] = Secret.from_file(wish.password_file)
    return {of: RegistryLogin(of, user, found[of]) for of, user in pairs if of in found}


def _variables(wish: LoginWish, pairs: list[tuple[Registry, str]]) -> dict[Registry, str]:
    """Which environment variable holds the password of which registry."""
    variables: dict[Registry, str] = {}
    for text in wish.password_env:
        registry, equals, name = text.rpartition("=")
        if not equals and len(pairs) > 1:
            raise InvalidLogin(
                "with several logins each variable needs its registry. Nothing was sent.",
                hint="--password-env ghcr.io=GHCR_TOKEN, for example.",
            )
        of = Registry.parse(registry) if equals else pairs[0][0]
        if of in variables:
            raise InvalidLogin(
                f"two variables are given for {of}. Nothing was sent.", hint="leave out one --password-env."
            )
        variables[of] = name
    stray = next((registry for registry in variables if registry not in {of for of, _ in pairs}), None)
    if stray:
        raise InvalidLogin(
            f"a variable is given for {stray}, but no login. Nothing was sent.", hint=f"--login {stray}=USER"
        )
    return variables


def _asked(pair: tuple[Registry, str], ask: Ask) -> Secret:
    registry, username = pair
    return ask.secret(f"Password or token of {visible(username)} at {registry}: ")


def _from_file(wish: LoginWish) -> TakenLogins:
    """The logins of a file: its only one, the one of the registry that was named, or all."""
    text = read_text(wish.from_file, what="the login file", limit=MAX_FILE_BYTES)
    found = parse_logins(text, registry=_named_registry(wish))
    chosen = _chosen(found, wish)
    article = "an" if found.kind.startswith("A") else "a"
    notes = (f"Read as {article} {found.kind}.", *_left(len(chosen), len(found.logins)), *found.skipped)
    return TakenLogins(chosen, (*notes, *open_to_others(Path(wish.from_file))))


def _left(taken: int, there: int) -> tuple[str, ...]:
    """One sentence on the logins that were not taken, if there are any."""
    if taken == there:
        return ()
    were = "was" if taken == 1 else "were"
    others = "the other stays" if there - taken == 1 else "the others stay"
    return (f"{taken} of {there} logins in the file {were} used; {others} on this machine.",)


def _named_registry(wish: LoginWish) -> Registry | None:
    """The registry for a file that names none; a key in the file may be spelt in its own way."""
    try:
        return Registry.parse(wish.registry) if wish.registry else _only(wish.images)
    except InvalidRegistry:
        return None


def _only(images: tuple[ImageReference, ...]) -> Registry | None:
    of_images = {image.registry for image in images}
    return of_images.pop() if len(of_images) == 1 else None


def _chosen(found: FoundLogins, wish: LoginWish) -> tuple[RegistryLogin, ...]:
    if wish.take_all or (len(found.logins) == 1 and not wish.registry):
        return found.logins
    there = ", ".join(f"{shown_key(login.key)} as {visible(login.username)}" for login in found.logins)
    if not wish.registry:
        raise InvalidLogin(
            f"the file holds {len(found.logins)} logins: {there}. Nothing was sent.",
            hint="choose one with --registry, or take --all.",
        )
    # A key may be a pattern or hold a path: then it is no registry, but it chooses its login.
    exact = tuple(login for login in found.logins if login.key == wish.registry)
    if exact:
        return exact
    wanted = Registry.parse(wish.registry)
    chosen = tuple(login for login in found.logins if _registry_of(login) == wanted)
    if not chosen:
        raise LoginNotFound(
            f"the file has no login for {wanted}; it has {there}. Nothing was sent.",
            hint="choose one of these with --registry, or take --all.",
        )
    return chosen


def _registry_of(login: RegistryLogin) -> Registry | None:
    try:
        return Registry.parse(login.key)
    except InvalidRegistry:
        return None
