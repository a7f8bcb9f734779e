"""What the options of a rotation mean: values that the actions take. Both doors read them here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.actions.rotations import RotationOptions
from aicore_magics.base.files import is_there, place_of, text_or_fault, unread
from aicore_magics.base.plural import count
from aicore_magics.base.spaces import bare
from aicore_magics.errors import InvalidFile
from aicore_magics.grammar.record_options import recording
from aicore_magics.grammar.secret_options import check_options, variables_of_keys
from aicore_magics.grammar.words import WrongUse
from aicore_magics.logins.wish import Asking, LoginWish
from aicore_magics.model.names import Registry
from aicore_magics.rotation.plan import Plan

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from aicore_magics.rotation.outcomes import Outcomes

_LARGEST = 16 << 20  # bytes of a plan's file


def names_file(names: list[str]) -> str:
    """Return the file of a plan that *names* are, if they are one and not names of secrets."""
    return names[0] if len(names) == 1 and names[0].lower().endswith(".json") else ""


def read_plan(path: str) -> Plan:
    """Read the plan in the file *path*. Raises InvalidFile."""
    text, fault = text_or_fault(Path(path), _LARGEST)
    if fault:
        missing = not (Path(path).is_absolute() or is_there(Path(path)))
        looked = f"this folder is {place_of('.', Path()).removesuffix('/.')}; " if missing else ""
        raise InvalidFile(
            unread(path, fault, what="the plan"), next=f"{looked}make one with plan and --out PLAN.json."
        )
    return Plan.parse(text)


def refuse_beside_a_plan(options: Namespace) -> None:
    """Raise WrongUse for what says which secrets are meant, where a file with a plan says that already."""
    meaning = {"--registry": options.registry, "--leave-out": options.leave_out}
    testing = {"--templates": options.templates, "--image": options.image}
    for name, value in {**meaning, **testing}.items():
        if value:
            raise WrongUse(f"{name} goes with names of secrets; make the plan again with it: plan --out.")


def template_folders(options: Namespace) -> tuple[str, ...]:
    """Return the folders that are searched for templates: those named, else this one."""
    return tuple(options.templates) or (".",)


def asking_for(plan: Plan) -> Asking:
    """Return how the new login of *plan* is asked for: the last moment to see how much it changes."""
    secrets, tenants = count(len(plan.secrets), "secret"), count(len(plan.tenants), "tenant")
    return Asking(plan.registry, "New", f"{secrets} of {tenants}")


def rotation_wish(
    options: Namespace, registry: str, username: str, asking: Asking | None = None
) -> LoginWish:
    """Return which logins are to be taken: that for *registry*, of *username* if no other is named.

    Where secrets hold other logins, too, those are named beside it. *asking* is how it is asked for.
    """
    whole = options.docker_login or options.from_file
    user = options.username or ("" if whole else username)
    wish = LoginWish(
        password_env=tuple(options.password_env),
        password_file=options.password_file,
        keyring=options.keyring,
        password_command=tuple(options.password_command),
        withheld=variables_of_keys(options),
        docker_login=options.docker_login,
        from_file=options.from_file,
        take_all=options.all,
        asking=asking,
    )
    if options.from_file and options.all:
        return wish
    given = tuple(options.login)
    meant = (Registry.find(bare(text.partition("=")[0])) for text in given)
    named = any(each is not None and str(each) == registry for each in meant)
    if given and not named:
        given = (f"{registry}={options.username or username}", *given)
    return replace(wish, logins=given) if given else replace(wish, registry=registry, username=user)


def rotation_options(
    options: Namespace,
    show: Callable[[Outcomes], None],
    *,
    attended: bool = False,
    notebook: str = "",
) -> RotationOptions:
    """Return how the rotation is tested, written, and shown. *attended*: somebody can be asked."""
    return RotationOptions(
        unchecked=tuple(options.no_check_registry),
        checking=check_options(options, attended=attended),
        recording=recording(options, notebook),
        timeout=options.timeout,
        another=getattr(options, "another_login", False),
        show=show,
    )
