"""The kinds of credential that are looked for: how each is called, where it is revoked, how it looks.

First those of `token_shapes`, which are known by their looks; then those that only their place gives away.
"""

from __future__ import annotations

from dataclasses import dataclass

from aicore_magics.base.token_shapes import AWS_CONSOLE, TOKEN_SHAPES


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of credential.

    *words* is what it is called, *revoke* how it is made worthless. *shape* is the pattern that finds it by
    its looks alone, in its group `secret` if it has one; it is tried only where one of *hints* stands in the
    text, in small letters, and counts only where *near* stands near it. *variable* is one to keep it in; it
    is empty for what no registry takes.
    """

    id: str
    words: str
    revoke: str
    shape: str = ""
    hints: tuple[str, ...] = ()
    variable: str = ""
    near: str = ""

    @property
    def placeholder(self) -> str:
        """What stands in its place: a word that is whole in Python, YAML, JSON, HTML, a shell and a URL."""
        return f"REMOVED_{self.id.upper().replace('-', '_')}"


POSSIBLE = "possible-password"  # nothing says that it is for a registry
_REGISTRY = "change it at the registry, or delete the token there"
_SERVICE = "change the password at the service it is for"

# The first of two that meet in one place names both. So what says more stands first.
KINDS: tuple[Kind, ...] = (
    *(
        Kind(
            shape.id,
            shape.words,
            shape.revoke,
            shape.pattern,
            shape.signs,
            variable=shape.variable,
            near=shape.near,
        )
        for shape in TOKEN_SHAPES
    ),
    Kind("aws-secret-key", "an AWS secret key", AWS_CONSOLE),
    Kind("registry-login", "a registry login in base64", _REGISTRY, variable="REGISTRY_PASSWORD"),
    Kind("identity-token", "an identity token of a registry", _REGISTRY, variable="REGISTRY_PASSWORD"),
    Kind("registry-password", "a registry password", _REGISTRY, variable="REGISTRY_PASSWORD"),
    Kind("command-password", "a password on a command line", _REGISTRY, variable="REGISTRY_PASSWORD"),
    Kind("url-password", "a password in a URL", _REGISTRY, variable="REGISTRY_PASSWORD"),
    Kind("basic-login", "a login in an Authorization header", _SERVICE),
    Kind("bearer-token", "a bearer token", "the service that issued it"),
    Kind(
        "typed-password",
        "a password typed into a form",
        _SERVICE,
        variable="REGISTRY_PASSWORD",
    ),
    Kind(
        POSSIBLE,
        "a possible password",
        "find out what it gives access to, and change it there",
    ),
    Kind("same-value", "the same value as in another place", "see that other place"),
)
BY_ID = {kind.id: kind for kind in KINDS}
RANK = {kind.id: rank for rank, kind in enumerate(KINDS)}
