"""The page of registries, made of the presets: `make reference` writes it anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.registry.lifetimes import LIFETIMES
from aicore_magics.registry.presets import PRESETS
from aicore_magics.registry.renewal import ANY_OTHER, GRACE, RENEWALS, SANDBOX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.registry.presets import Preset
    from aicore_magics.registry.renewal import Renewal

PAGE = Path(__file__).parents[2] / "notebooks" / "reference" / "registries.md"
HEAD = """\
# Registries

What to give as user and password, where to make it, and how long it works. Any other registry can be given,
too: write its host as `--registry`, or leave that out and give `--image`.

Menus move: compare the row *made in* with the provider's own pages. "As far as known" means that no
documentation was read.
"""
SHORT = """\
## Logins that end soon

AI Core does not renew a stored login. These end by themselves, and a warning says so before they are stored.
A token that carries its own end gets such a warning, too. See [When a login ends](ends.md).

| user | registry | warning |
|---|---|---|
"""
RENEW = f"""\
## Replace a login without a gap

Two logins have to be valid at the same time. Only then can no pull fail:

1. Make a second login. The old one stays valid.
2. Store the new one in all secrets.
3. End the old one {GRACE.days} days after that. If it ends by itself before, there is nothing to do.

An example: all secrets have the new login on 24 January at 18:00. End the old one from 31 January at 18:00.

| registry | second login | end the old login | warning | limit |
|---|---|---|---|---|
"""


def page() -> str:
    """All of the page."""
    sections = "\n".join("\n".join(section(preset)) for preset in PRESETS)
    rows = "".join(
        f"| `{kind.user}` | {kind.of or 'any'} | {kind.say} |\n"
        for kind in LIFETIMES
        if kind.user and kind.say
    )
    renewals = "".join(map(renewal, (*RENEWALS, ANY_OTHER, SANDBOX)))
    return f"{HEAD}\n{sections}\n{SHORT}{rows}\n{RENEW}{renewals}"


def renewal(one: Renewal) -> str:
    """How the login of one registry is replaced."""
    return f"| {one.of or 'any other'} | {one.make} | {one.end} | {one.kills} | {one.limit} |\n"


def section(preset: Preset) -> Iterator[str]:
    """The lines of one registry."""
    rows = {
        "`--registry`": f"`{preset.example}`",
        "hosts": ", ".join(f"`{host}`" for host in preset.hosts) or "each installation has its own",
        "user": preset.user,
        "password": preset.token,
        "made in": preset.where,
        "works": preset.lives,
        "*Login refused*": f"{preset.refused} {preset.ended}".rstrip(),
        "*No access*": preset.no_access,
        "login also sent to": ", ".join(f"`{host}`" for host in preset.realms),
    }
    yield from (f"## {preset.name}", "", "| | |", "|---|---|")
    yield from (f"| {name} | {value} |" for name, value in rows.items() if value)
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
