"""What a stored secret and its image suggest to begin with: names, and the lines that make templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.next_steps import do

if TYPE_CHECKING:
    from aicore_magics.next_steps import Action

EXAMPLE_ARGS = "python /app/src/train.py"
LONGEST = 40  # characters: an executable id has at most 64


def base_name(image: str) -> str:
    """Give the name that the image reference *image* suggests for a scenario: its last part, tag away.

    >>> base_name("ghcr.io/acme/Churn_model:1.4"), base_name("a/b@sha256:0")
    ('churn-model', 'my-b')
    """
    last = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    name = re.sub(r"[^a-z0-9]+", "-", last.lower()).strip("-")[:LONGEST].strip("-")
    # An id has at least four characters, and begins with a letter to be read as text everywhere.
    return name if len(name) > 3 and name[0].isalpha() else f"my-{name or 'model'}"  # noqa: PLR2004


def template_steps(secret: str, image: str, kind: str = "", digest: str = "") -> tuple[Action, ...]:
    """Give what makes both templates for *secret* and *image*, or the one that is a *kind*.

    With a *digest* the one for serving names the image by it.
    """
    name = base_name(image)
    of = {"image": image, "secret": secret, "scenario": name}
    train = do("workflow", name=f"{name}-train", **of, args=EXAMPLE_ARGS)
    serve = f"{name}-serve"
    steps = {
        "workflow": train,
        "serving": do("serving-pinned", name=serve, **of, digest=digest)
        if digest
        else do("serving", name=serve, **of),
    }
    return tuple(step for of_kind, step in steps.items() if kind in ("", of_kind))
