"""Where registry logins come from: a list that can be read, in its order. A question comes last.

A source that was named is the only one: what it does not have is not looked for elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.base.redact import Secret, scrub
from aicore_magics.base.spaces import bare
from aicore_magics.base.tokens import without_tokens
from aicore_magics.errors import InvalidLogin, InvalidRegistry, LoginNotFound
from aicore_magics.logins.docker_login import docker_logins_there, find_docker_login, find_docker_user
from aicore_magics.logins.keyring import keyring_password
from aicore_magics.logins.login_file import file_logins
from aicore_magics.logins.password_command import PasswordCommand, command_name, split_registry
from aicore_magics.logins.wish import Ask, LoginWish, TakenLogins
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin, check_username, refuse_twice
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import OR, Option, uncapitalised, unclosed
from aicore_magics.registry.lifetimes import has_expired, short_lived

if TYPE_CHECKING:
    from collections.abc import Iterable

_VARIABLE_FOR_EACH = ("use ", Option("password-env", "REGISTRY=VAR"), " for each.")
_COMMAND = Option("password-command", "ghcr.io=gh auth token")
_VARIABLE = Option("password-env", "ghcr.io=GHCR_TOKEN")

# Option, the field of `LoginWish` it fills, and what is there. Where none is named, asking is what is left.
SOURCES = (
    ("--from-file", "from_file", "whole logins, in a file"),
    ("--docker-login", "docker_login", "whole logins, left by docker and podman"),
    ("--keyring", "keyring", "passwords, in the keyring of the operating system"),
    ("--password-env", "password_env", "passwords, in environment variables"),
    ("--password-file", "password_file", "one password, in a file"),
    ("--password-command", "password_command", "passwords, each printed by a program"),
)


def take_logins(wish: LoginWish, ask: Ask) -> TakenLogins:
    """Give the logins that *wish* describes; whatever is missing is asked of *ask*, the password last.

    Raises InvalidRegistry, InvalidLogin, InvalidFile, LoginNotFound, and PromptImpossible.
    """
    _refuse_two_sources(wish)
    notes: tuple[str, ...] = ()
    if wish.from_file:
        logins, notes = file_logins(wish)
    elif wish.docker_login:
        logins, notes = _docker_logins(wish)
    else:
        logins = _with_passwords(wish, ask)
    of_passwords = (note for login in logins for note in login.password.notes)
    ends = filter(None, map(short_lived, logins))
    return TakenLogins(logins, tuple(dict.fromkeys((*notes, *of_passwords, *ends))), _source(wish))


def _source(wish: LoginWish) -> str:
    """Where the logins came from, without any path."""
    if wish.from_file:
        return "file"
    if wish.docker_login:
        return "docker login"
    named = [f"keyring {wish.keyring}"] if wish.keyring else []
    named += [f"variable {text.rpartition('=')[2]}" for text in wish.password_env]
    named += ["password file"] if wish.password_file else []
    named += [f"command {command_name(text)}" for text in wish.password_command]
    return without_tokens(", ".join(named)) or "prompt"


def take_users(wish: LoginWish, ask: Ask) -> tuple[tuple[Registry | AuthKey, str], ...]:
    """Give registry and user of the logins that *wish* describes; no password is read or asked for."""
    _refuse_two_sources(wish)
    if wish.from_file:
        return tuple((AuthKey(login.key), login.username) for login in file_logins(wish)[0])
    if wish.docker_login:
        return tuple(
            (registry, find_docker_user(registry, username=user, images=wish.images))
            for registry, user in _named(wish)
        )
    return tuple(_pairs(wish, ask))


def _refuse_two_sources(wish: LoginWish) -> None:
    """All but variables and one password's file stand alone; those two: `_refuse_sharing`."""
    named = [option for option, field, _ in SOURCES if getattr(wish, field)]
    if len(named) > 1 and not {*named} <= {"--password-env", "--password-file"}:
        raise InvalidLogin(
            f"a login comes from one place, but {' and '.join(named)} were given",
            next=("leave out ", *_either(named), "."),
        )
    if wish.from_file and wish.logins:
        raise InvalidLogin(
            "a file has its own users, but --login was given",
            next=("leave out ", Option("login"), ", and choose ", Option("registry", lead="with"), "."),
        )


def _either(options: list[str]) -> list[str | Option]:
    """The *options*, with an "or" between any two."""
    words: list[str | Option] = []
    for option in options:
        if words:
            words.append(" or ")
        words.append(Option(option.removeprefix("--")))
    return words


def _docker_logins(wish: LoginWish) -> tuple[tuple[RegistryLogin, ...], tuple[str, ...]]:
    """The docker logins of the registries that were named, and of no other."""
    taken = [
        find_docker_login(registry, username=user, images=wish.images) for registry, user in _named(wish)
    ]
    return tuple(login for login, _ in taken), tuple(note for _, notes in taken for note in notes)


def _named(wish: LoginWish) -> list[tuple[Registry, str]]:
    """The registries that were named, directly or by an image, each with the user if one was."""
    if wish.logins:
        return _distinct([_pair(text) for text in wish.logins])
    if wish.registry:
        return _distinct([(Registry.parse(wish.registry), wish.username)])
    of_images = dict.fromkeys(image.registry for image in wish.images)
    if not of_images:
        raise LoginNotFound(
            f"--docker-login needs a registry or an image; {docker_logins_there()}",
            next=(Option("docker-login"), " ", Option("registry", "HOST"), OR, Option("image", "REF")),
        )
    return _distinct([(registry, wish.username) for registry in of_images])


def _with_passwords(wish: LoginWish, ask: Ask) -> tuple[RegistryLogin, ...]:
    """The logins whose passwords stand somewhere, or are asked for."""
    pairs = _pairs(wish, ask)
    ready = _ready(wish, pairs)
    logins: list[RegistryLogin] = []
    for registry, username in pairs:
        login = ready.get(registry)
        if login is None:
            password = ask.secret(_prompt(wish, registry, scrub(username)))
            login = RegistryLogin(registry, username, password)
        logins.append(login)
    return tuple(logins)


def _prompt(wish: LoginWish, registry: Registry, username: str) -> str:
    if wish.asking and wish.asking.registry == str(registry):
        return wish.asking.prompt(username)
    return f"Password or token of {username} at {registry}: "


def _pairs(wish: LoginWish, ask: Ask) -> list[tuple[Registry, str]]:
    """Registry and user of each login. Wrong ones are refused here, before any password is asked for."""
    if wish.logins:
        return _distinct([_pair(text) for text in wish.logins])
    registry = _registry(wish, ask)
    username = wish.username or bare(ask.text(f"User at {registry}: ", instead=Option("username", "USER")))
    check_username(username)
    return _distinct([(registry, username)])


def _distinct(pairs: list[tuple[Registry, str]]) -> list[tuple[Registry, str]]:
    for _, username in pairs:
        if username:
            check_username(username)
    refuse_twice([registry.auth_key for registry, _ in pairs])
    return pairs


def _pair(text: str) -> tuple[Registry, str]:
    registry, equals, username = text.partition("=")
    if not equals or not username:
        raise InvalidLogin(
            "a login is written REGISTRY=USER", next=(Option("login", "ghcr.io=anna"), ", for example.")
        )
    if "=" in username:
        # No registry is known whose users have one: what follows it may well be a password.
        raise InvalidLogin(
            "a login has one =, between registry and user; a prompt asks for the password",
            next=(
                Option("login", "ghcr.io=anna"),
                ", for example. If a password was behind it, revoke it. If the user name has a =: ",
                Option("registry", "HOST"),
                " and ",
                Option("username", "USER"),
            ),
        )
    return Registry.parse(registry), username


def _registry(wish: LoginWish, ask: Ask) -> Registry:
    """The registry that was named, or the one of the images, or the answer to a question."""
    if wish.registry:
        return Registry.parse(wish.registry)
    of_images = {image.registry for image in wish.images}
    if len(of_images) > 1:
        raise InvalidRegistry(
            "the images come from several registries",
            next=(Option("login", "REGISTRY=USER"), " for each."),
        )
    if of_images:
        return of_images.pop()
    instead = (Option("registry", "HOST"), " or ", Option("image", "REF"))
    return Registry.typed(ask.text("Registry, such as ghcr.io: ", instead=instead))


def _ready(wish: LoginWish, pairs: list[tuple[Registry, str]]) -> dict[Registry, RegistryLogin]:
    """The logins that need no question: what is wrong with them is said before a password is typed."""
    _refuse_sharing(wish, pairs)
    passwords = _passwords(wish, pairs)
    ready = {
        registry: RegistryLogin(registry, user, passwords[registry])
        for registry, user in pairs
        if registry in passwords
    }
    if wish.password_command:
        _refuse_expired(ready)
    return ready


def _passwords(wish: LoginWish, pairs: list[tuple[Registry, str]]) -> dict[Registry, Secret]:
    """The passwords that need no question, each from the one place that was named."""
    if wish.keyring:
        return {registry: keyring_password(wish.keyring, user) for registry, user in pairs}
    if wish.password_command:
        texts = _of_each(map(split_registry, wish.password_command), pairs, _COMMAND, "command")
        # All are looked at before one is run.
        commands = {registry: PasswordCommand.parse(text) for registry, text in texts.items()}
        return {registry: each.password(withheld=wish.withheld) for registry, each in commands.items()}
    if wish.password_file:
        return {pairs[0][0]: Secret.from_file(wish.password_file)}
    halves = (text.rpartition("=") for text in wish.password_env)
    named = ((host if equals else None, name) for host, equals, name in halves)
    variables = _of_each(named, pairs, _VARIABLE, "variable")
    return {registry: Secret.from_env(name) for registry, name in variables.items()}


def _refuse_expired(ready: dict[Registry, RegistryLogin]) -> None:
    """A program may give what it kept from its last call: no registry is asked with what has ended."""
    for registry, login in ready.items():
        ended = has_expired(login)
        if ended:
            raise LoginNotFound(
                f"the program printed an expired token for {registry}: {uncapitalised(unclosed(ended))}",
                next="it may have kept an old one: log in with it again, or clear its cache.",
            )


def _refuse_sharing(wish: LoginWish, pairs: list[tuple[Registry, str]]) -> None:
    """One password is for one registry, and from one place."""
    if wish.password_file and len(pairs) > 1:
        raise InvalidLogin("one password file cannot be used for several logins", next=_VARIABLE_FOR_EACH)
    if wish.password_file and wish.password_env:
        raise InvalidLogin(
            "a variable and a file are given for one password",
            next=("leave out ", Option("password-env"), " or ", Option("password-file"), "."),
        )
    if wish.keyring and len({user for _, user in pairs}) < len(pairs):
        raise InvalidLogin(
            "one password of the keyring cannot be used for several registries", next=_VARIABLE_FOR_EACH
        )


def _of_each(
    given: Iterable[tuple[str | None, str]], pairs: list[tuple[Registry, str]], example: Option, what: str
) -> dict[Registry, str]:
    """Which of the *given* texts is for which registry: each has one, or None for the only one.

    They are *what* the option of the *example* takes.
    """
    texts: dict[Registry, str] = {}
    for host, text in given:
        if host is None and len(pairs) > 1:
            raise InvalidLogin(
                f"with several logins each {what} needs its registry", next=(example, ", for example.")
            )
        registry = pairs[0][0] if host is None else Registry.parse(host)
        if registry in texts:
            raise InvalidLogin(
                f"two {what}s are given for {registry}", next=("leave out one ", Option(example.name), ".")
            )
        texts[registry] = text
    stray = next((registry for registry in texts if registry not in dict(pairs)), None)
    if stray:
        raise InvalidLogin(
            f"a {what} is given for {stray}, but no login", next=Option("login", f"{stray}=USER")
        )
    return texts
