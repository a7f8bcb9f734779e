"""A question mark behind a subcommand: IPython alone would ask Python about that word."""

from __future__ import annotations

import re

# IPython runs no cell magic without a cell: the line magic of that name shows the same.
_ASKED = re.compile(r"(\s*)%?(%aicore_\w+)([ \t]+[a-z]+)?[^?\n]*\?\??\s*")
_ASKED_IN_FRONT = re.compile(r"(\s*)\?\??\s*%?(%aicore_\w+)([ \t]+[a-z]+)?[^?\n]*\s*")


def help_asked_for(lines: list[str]) -> list[str]:
    r"""Return the *lines* of a cell, the last with `--help` where it asks for help on a subcommand of ours.

    One of IPython's input transformers. Alone, `%aicore_template?` is left to IPython, which shows the same.

    >>> help_asked_for(["%aicore_docker_secret create?"]), help_asked_for(["%aicore_connect?"])
    (['%aicore_docker_secret create --help\n'], ['%aicore_connect?'])
    """
    last = lines[-1] if lines else ""
    asked = _ASKED.fullmatch(last) or _ASKED_IN_FRONT.fullmatch(last)
    if not asked or not asked[3]:
        return lines
    return [*lines[:-1], f"{asked[1]}{asked[2]}{asked[3]} --help\n"]
