"""Where a template names the secrets that pull its images, and whether it does so in a way that works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.base.placeholders import is_left_over
from aicore_magics.base.tokens import token_kind
from aicore_magics.errors import InvalidImage, InvalidName
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import SecretName
from aicore_magics.next_steps import do, uncapitalised, unclosed
from aicore_magics.templates.catalogue.pulling import (
    IMAGE_NOT_SERVED,
    SECRET_NAME,
    SECRET_PLACE,
    SECRET_PLACEHOLDER,
    SECRET_SHAPE,
    SECRET_SPELLING,
    SECRET_TOKEN,
    SECRET_UNKNOWN,
)
from aicore_magics.templates.catalogue.served import SERVING_LOGIN
from aicore_magics.templates.catalogue.structure import UNKNOWN_KEY
from aicore_magics.templates.finding import FILE, shown
from aicore_magics.templates.rules.keys import PULL_SECRETS as KEY
from aicore_magics.templates.rules.keys import nearest
from aicore_magics.templates.rules.shape import what

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from collections.abc import Mapping as ReadOnly

    from aicore_magics.next_steps import Action, Words
    from aicore_magics.templates.finding import Findings, Path, Severity
    from aicore_magics.templates.rules.shape import Mapping

_LIST = f"write {KEY}: and below it, indented, - name: NAME"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beyond the file: the secrets of the tenant, and the auth keys of those at hand."""

    secrets: Collection[str] | None = None
    tenant: str = ""
    auth_keys: ReadOnly[str, Collection[str]] | None = None


NOTHING = Known()


def secret_names(found: Findings, owner: Mapping, path: Path, known: Known) -> tuple[str, ...]:
    """Give the names of the secrets in *owner*, the right place for them; find what is wrong with them."""
    if KEY not in owner:
        return ()
    here, value = (*path, KEY), owner[KEY]
    if not isinstance(value, list) or not value:
        said = "an empty list" if value == [] else what(value)
        found.add(SECRET_SHAPE, here, f"{KEY} is {said}, it must be a list of names", _LIST)
        return ()
    names = [_entry(found, entry, (*here, i), known) for i, entry in enumerate(value)]
    return tuple(filter(None, names))


def _entry(found: Findings, entry: object, path: Path, known: Known) -> str:
    """The name that one entry has, if it can be used."""
    if not isinstance(entry, dict):
        found.add(
            SECRET_SHAPE,
            path,
            f"an entry of {KEY} is {what(entry)}, it must have a name:",
            "write - name: NAME",
        )
        return ""
    for key in entry:
        if key != "name":
            fix = "write name" if nearest(key, ("name",)) else "leave it out"
            found.add(UNKNOWN_KEY, (*path, key), f"unknown key {shown(key)} in {KEY}", fix)
    name = entry.get("name")
    if not isinstance(name, str):
        said = "has no name" if name is None else f"has {what(name)} as its name, not a string"
        # A number in place of a name may be a password.
        fix = "write the name of a secret" if name is None else "put it in quotes, if it is the name"
        found.add(SECRET_NAME, (*path, "name") if "name" in entry else path, f"an entry of {KEY} {said}", fix)
        return ""
    return name if _fits(found, name, (*path, "name"), known) else ""


def _fits(found: Findings, name: str, path: Path, known: Known) -> bool:
    """Whether there can be a secret of that *name*. What is no name is not repeated: it may be a password."""
    if SecretName.fits(name):
        _in_tenant(found, name, path, known)
        return True
    if "{{" in name:
        return False
    kind = token_kind(name[:512])
    if kind:
        fix = "revoke it, and write the name of a secret that has the new one"
        found.add(SECRET_TOKEN, path, f"the name of a secret looks like {kind}", fix)
    elif is_left_over(name, "secret"):
        found.add(SECRET_PLACEHOLDER, path, "the name of the secret is still a placeholder", _command())
    else:
        _illegal(found, name, path)
    return False


def _illegal(found: Findings, name: str, path: Path) -> None:
    try:
        SecretName.parse(name)
    except InvalidName as error:
        message = f"AI Core cannot have a secret of this name: {error.what}"
        found.add(SECRET_NAME, path, message, "write the name of a secret of your tenant")


def _in_tenant(found: Findings, name: str, path: Path, known: Known) -> None:
    if known.secrets is None or name in known.secrets:
        return
    tenant = f"tenant {known.tenant}" if known.tenant else "the tenant"
    near = nearest(name, known.secrets)
    fix = f"write {near[0]}" if near else do("create", name=name)
    found.add(SECRET_UNKNOWN, path, f"{tenant} has no secret {name}", fix)


def misplaced(found: Findings, keys: Iterable[tuple[Path, str, object]], right: Path, owner: Mapping) -> None:
    """Find each of *keys*, alike imagePullSecrets, that stands elsewhere than in *right*, or is misspelt.

    Where *owner*, the right place, names a secret as well, pulling works: then it is a warning.
    """
    severity: Severity | None = "warning" if owner.get(KEY) else None
    where = "predictor" if right[-1:] == ("predictor",) else "spec"
    for path, key, value in keys:
        here = (*path, key)
        if path != right:
            spelt = "" if key == KEY else f", written as {KEY}"
            message = f"{shown(key)} is {_place(path)}, AI Core reads {where}{spelt}"
            found.add(SECRET_PLACE, here, message, _way(path, right, owner, value), severity=severity)
        elif key != KEY:
            # A second key of the right name would be refused, or take the place of the first.
            fix = f"leave it out: {KEY} is there" if KEY in owner else f"write {KEY}"
            message = f"unknown key {shown(key)}; it must be {KEY}"
            found.add(SECRET_SPELLING, here, message, fix, severity=severity)


def _way(path: Path, right: Path, owner: Mapping, value: object) -> Words:
    """What to do with a key that stands in *path* and not in *right*: a command where one can do it."""
    where = right[-1]
    if path and not owner and path[:-1] == right[:-1] and nearest(path[-1], (str(where),)):
        return f"write {where} instead of {shown(path[-1])}"
    named = owner.get(KEY)
    if path == ("spec",) and owner and (first := _first_name(named or value) or ("" if named else "NAME")):
        return _command(first, "patch-move")
    return f"leave it out: {where} has one" if named else f"move it to {where}, with the list below it"


def _first_name(value: object) -> str:
    """The first name that a misplaced list has, if it could be one of a secret."""
    first = value[0] if isinstance(value, list) and value else value
    name = first.get("name") if isinstance(first, dict) else first
    return name if isinstance(name, str) and SecretName.fits(name) else ""


def _place(path: Path) -> str:
    if not path:
        return "at the top level"
    if path == ("spec",):
        return "at the outer spec"
    owner = next((step for step in reversed(path) if isinstance(step, str)), "the document")
    inside = {"containers": "a container", "templates": "a template", "|": "the inner spec"}
    return f"in {inside.get(owner, shown(owner))}"


def served_otherwise(
    found: Findings, images: Iterable[tuple[Path, str]], names: Iterable[str], known: Known
) -> None:
    """Find the images that Knative looks up with another login than the kubelet, or none; as `unserved`.

    What no login serves for the kubelet is found there already.
    """
    keys = _known_keys(names, known)
    if keys is None:
        return
    from aicore_magics.model.pullers import INFERRED, Difference, caution_of, compare

    told = (Difference.NONE, Difference.NO_PULL, Difference.FIRST_ALONE)
    for path, image in images:
        try:
            pullers = compare(keys, image)
        except InvalidImage:
            continue
        caution = caution_of(pullers) if pullers.difference not in told else None
        if caution:
            message = f"{uncapitalised(unclosed(caution.reason))}; {uncapitalised(unclosed(INFERRED))}"
            found.add(SERVING_LOGIN, path, message, uncapitalised(unclosed(caution.fix)))
        if caution and pullers.difference is Difference.BROKEN_KEY:
            return  # of the secret, not of the image: once is enough


def unserved(found: Findings, images: Iterable[tuple[Path, str]], names: Iterable[str], known: Known) -> None:
    """Find the images that no login in the named secrets serves; only where all of these are at hand."""
    listed = tuple(names)
    keys = _known_keys(listed, known)
    if keys is None:
        return
    from aicore_magics.model.kubelet import serving_keys, why_unserved

    for path, image in images:
        try:
            reference = ImageReference.parse(image)
        except InvalidImage:
            continue
        if not serving_keys(keys, reference):
            fix = f"store a login for {reference.registry} in {listed[0]}"
            found.add(IMAGE_NOT_SERVED, path, uncapitalised(why_unserved(keys, reference)), fix)


def _known_keys(names: Iterable[str], known: Known) -> list[str] | None:
    """The keys of the logins in all the secrets of *names*, or None if those of one are not at hand."""
    logins, listed = known.auth_keys or {}, tuple(names)
    if not listed or not all(name in logins for name in listed):
        return None
    return [key for name in listed for key in logins[name]]


def _command(name: str = "NAME", action: str = "patch") -> Action:
    return do(action, file=FILE, secret=name)
