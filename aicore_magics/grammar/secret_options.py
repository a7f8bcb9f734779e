"""What the options of `create`, `apply`, `update` and `check` mean: values that the actions take.

Both doors read them here: an option that is declared in `secret_grammar` becomes a value in one place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.actions import CheckOptions
from aicore_magics.logins.wish import LoginWish
from aicore_magics.model.image_reference import ImageReference

if TYPE_CHECKING:
    from argparse import Namespace


def login_wish(options: Namespace) -> LoginWish:
    """Return which logins are asked for."""
    return LoginWish(
        registry=options.registry,
        username=options.username,
        logins=tuple(options.login),
        password_env=tuple(options.password_env),
        password_file=options.password_file,
        password_command=tuple(options.password_command),
        withheld=variables_of_keys(options),
        keyring=options.keyring,
        docker_login=options.docker_login,
        from_file=options.from_file,
        take_all=options.all,
        images=tuple(ImageReference.typed(image) for image in options.image),
    )


def variables_of_keys(options: Namespace) -> tuple[str, ...]:
    """Return the variables with service keys that the line names."""
    named = getattr(options, "service_key_env", None) or ()
    return (named,) if isinstance(named, str) else tuple(named)


def check_options(options: Namespace, *, attended: bool = False) -> CheckOptions:
    """Return whether and how the registries are asked. *attended*: somebody is there who can be asked.

    Then the issuers are asked for the end of a login too, unless the line says otherwise.
    """
    skip = getattr(options, "no_check", False)
    lookup = options.expiry_lookup or (attended and not options.no_expiry_lookup)
    return CheckOptions(
        skip=skip,
        expiry_lookup=lookup and not skip,
        realms=tuple(options.realm),
        ca_file=options.ca_file,
        pulled_by=options.pulled_by,
    )


def only_lists(options: Namespace) -> bool:
    """Whether --docker-login is alone: then it lists the logins, and uses none."""
    return bool(options.docker_login) and not (options.registry or options.image or options.login)
