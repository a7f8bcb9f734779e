"""Would this login pull this image, on AI Core's platform? Asked of the registry, before anything is stored.

Challenge, token, manifest, and what it is built for. A login goes out only after a challenge, only over TLS
(or on this machine), and only to the registry's own host or a realm that `auth` allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.model.names import Registry
from aicore_magics.registry.access import Access
from aicore_magics.registry.api import RegistryApi
from aicore_magics.registry.presets import preset_for
from aicore_magics.registry.pull_check import PullCheck
from aicore_magics.registry.strangers import Stranger, Strangers
from aicore_magics.registry.verdict_texts import Verdicts

if TYPE_CHECKING:
    from aicore_magics.http.deadline import Deadline
    from aicore_magics.http.transport import Transport
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.image_reference import ImageReference
    from aicore_magics.registry.verdict import Verdict


def check_image(  # noqa: PLR0913  all but two are what the checks of one call share
    image: ImageReference,
    login: RegistryLogin | None,
    *,
    transport: Transport,
    deadline: Deadline,
    realms: tuple[str, ...] = (),
    only_here: bool = False,
    strangers: Strangers | None = None,
) -> Verdict:
    """Tell whether *login*, or nobody in particular, can pull *image* on linux/amd64.

    *realms* are hosts that the login may be sent to beside the registry's own. At most four requests follow
    each other where the registry wants a password, five where it wants a token; redirects and indexes inside
    each other take more. *strangers* are shared by the checks of one call. Whatever the registry does is a
    verdict. With *only_here* nothing leaves this machine, not even a request for what has moved elsewhere.
    """
    api = RegistryApi(image.registry, transport, deadline, only_here=only_here)
    verdicts = Verdicts(image.registry, login, image)
    stranger = _stranger(strangers, api.host)
    return PullCheck(Access(api, verdicts, login, realms, stranger), verdicts, image).verdict()


def check_login(
    login: RegistryLogin,
    *,
    transport: Transport,
    deadline: Deadline,
    realms: tuple[str, ...] = (),
    strangers: Strangers | None = None,
) -> Verdict:
    """Tell whether the registry of *login* accepts it. What it may pull is not found out by that."""
    registry = registry_of(login)
    api = RegistryApi(registry, transport, deadline)
    verdicts = Verdicts(registry, login)
    stranger = _stranger(strangers, api.host)
    return PullCheck(Access(api, verdicts, login, realms, stranger), verdicts).verdict()


def _stranger(strangers: Strangers | None, host: str) -> Stranger:
    """Who is tried at *host* after a login; nobody at the well-known ones, which do judge logins."""
    return Stranger(tries=False) if preset_for(host) else (strangers or Strangers()).at(host)


def registry_of(login: RegistryLogin) -> Registry:
    """Give the registry that *login* is for, also where its key holds a scheme or a path."""
    if isinstance(login.registry, Registry):
        return login.registry
    return Registry.parse(login.key.removeprefix("https://").removeprefix("http://").partition("/")[0])


def find_registry(login: RegistryLogin) -> Registry | None:
    """Give the registry that *login* is for, or None where its key is a pattern or no host at all."""
    try:
        return registry_of(login)
    except ValueError:
        return None
