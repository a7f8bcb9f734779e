import base64
import sys
from contextlib import ExitStack

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.http.deadline import Deadline
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.registry.single_check import check_image, check_login
from tests.real import registry_images as images
from tests.real.fake_registry import BASIC, BEARER, TOKEN, FakeRegistry

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere loopback is 127.0.0.1 alone"
)

ELSEWHERE = "127.0.0.2"
SECONDS = 10
# Ways to name a realm on another host, some of which look like the registry's own.
STRANGE = {
    "plainly": 'Bearer realm="http://{elsewhere}/token",service="bench"',
    "no service": 'Bearer realm="http://{elsewhere}/token"',
    "scheme in capitals": 'BEARER Realm="HTTP://{elsewhere}/token",service="bench"',
    "own host as the user": 'Bearer realm="http://{own}@{elsewhere}/token",service="bench"',
    "own host as user and password": 'Bearer realm="http://127.0.0.1:80@{elsewhere}/token",service="bench"',
    "own host behind a backslash": 'Bearer realm="http://{elsewhere}\\\\@{own}/token",service="bench"',
    "own host before a backslash": 'Bearer realm="http://{own}\\\\@{elsewhere}/token",service="bench"',
    "own host in the path": 'Bearer realm="http://{elsewhere}/{own}/token",service="bench"',
    "own host in the query": 'Bearer realm="http://{elsewhere}/token?{own}",service="bench"',
    "no scheme": 'Bearer realm="//{elsewhere}/token",service="bench"',
    "a tab inside": 'Bearer realm="http://{own}\t@{elsewhere}/token",service="bench"',
    "the second of two challenges": 'Negotiate, Bearer realm="http://{elsewhere}/token",service="bench"',
    "the second of two realms": 'Bearer realm="{url}/token",realm="http://{elsewhere}/token"',
}


@pytest.fixture
def registries():
    """Start registries of the tests' own, and end them."""
    with ExitStack() as end:
        yield lambda **how: end.enter_context(FakeRegistry(**how))


@pytest.fixture
def login(canary):
    return lambda registry: RegistryLogin(registry.address, "anna", Secret(canary))


@pytest.fixture
def look(transport, login):
    """Check the image of a registry, with a login for it."""

    def look(registry, **more):
        image = ImageReference.parse(registry.reference)
        return check_image(image, login(registry), transport=transport, deadline=Deadline(SECONDS), **more)

    return look


def authorizations(registry):
    """Each Authorization header that *registry* has heard."""
    return [each.authorization for each in registry.asked if each.authorization]


def basic(password):
    """The header that holds the login."""
    return "Basic " + base64.b64encode(f"anna:{password}".encode()).decode()


def test_a_realm_elsewhere_hears_nothing(registries, look):
    """A registry that names a realm on another host gets nothing sent there: not a byte, not a connection."""
    elsewhere = registries(host=ELSEWHERE)
    registry = registries(challenge=BEARER.format(url=elsewhere.url))
    verdict = look(registry)
    assert (verdict.outcome, verdict.ok) == ("other-realm", False), verdict
    # Users are told which host it is: they may allow it.
    assert ELSEWHERE in verdict.reason + NOTEBOOK.say(verdict.fix)
    assert elsewhere.connections() == 0
    assert authorizations(registry) == []


def test_a_realm_elsewhere_hears_nothing_of_a_login_alone(registries, login, transport):
    """The same holds where the login alone is tried."""
    elsewhere = registries(host=ELSEWHERE)
    registry = registries(challenge=BEARER.format(url=elsewhere.url))
    verdict = check_login(login(registry), transport=transport, deadline=Deadline(SECONDS))
    assert (verdict.outcome, verdict.ok) == ("other-realm", False), verdict
    assert elsewhere.connections() == 0
    assert authorizations(registry) == []


def test_a_realm_that_is_allowed_is_asked(registries, look, login, transport, canary):
    """A host that the user has named is sent the login, and the registry itself only the token."""
    elsewhere = registries(host=ELSEWHERE)
    registry = registries(challenge=BEARER.format(url=elsewhere.url))
    assert look(registry, realms=(ELSEWHERE,)).outcome == "ok"
    assert authorizations(elsewhere) == [basic(canary)]
    assert f"Bearer {TOKEN}" in authorizations(registry)
    assert basic(canary) not in authorizations(registry)
    alone = check_login(login(registry), transport=transport, deadline=Deadline(SECONDS), realms=(ELSEWHERE,))
    assert alone.outcome == "ok"
    assert elsewhere.connections() >= 1


def test_another_allowed_host_does_not_do(registries, look):
    """To allow one host is not to allow any."""
    elsewhere = registries(host=ELSEWHERE)
    registry = registries(challenge=BEARER.format(url=elsewhere.url))
    assert look(registry, realms=("127.0.0.3", "127.0.0", "0.0.2")).outcome == "other-realm"
    assert elsewhere.connections() == 0


def test_the_registrys_own_realm_needs_no_permission(registries, look):
    """A realm on the registry's own host, on another port, is its own: Debian's is asked like this."""
    desk, registry = registries(), registries()
    registry.challenge = BEARER.format(url=desk.url)
    assert look(registry).outcome == "ok"
    assert len(authorizations(desk)) == 1


@pytest.mark.parametrize("challenge", STRANGE.values(), ids=STRANGE)
def test_a_realm_in_disguise(registries, look, challenge):
    """However a realm elsewhere is written, nothing is sent there."""
    elsewhere, registry = registries(host=ELSEWHERE), registries()
    registry.challenge = challenge.format(own=registry.address, url=registry.url, elsewhere=elsewhere.address)
    assert not look(registry).ok or "{url}" in challenge
    assert elsewhere.connections() == 0


def test_without_a_challenge_no_login_is_sent(registries, look):
    """Who asks for no login gets none: the image is public."""
    registry = registries()
    verdict = look(registry)
    assert (verdict.outcome, verdict.size) == ("public", registry.image.size), verdict
    assert registry.asked
    assert authorizations(registry) == []


@pytest.mark.parametrize("challenge", ["", BASIC, BEARER], ids=["none", "Basic", "Bearer"])
@pytest.mark.parametrize("what", ["/manifests/1.4", "/manifests/sha256:"], ids=["manifest", "child"])
def test_a_manifest_that_has_moved(registries, look, challenge, what):
    """A manifest elsewhere is fetched from there, and no credentials go along, of whatever kind."""
    image = images.index(images.single(), images.single("arm64"))
    elsewhere, registry = (
        registries(host=ELSEWHERE, image=image),
        registries(challenge=challenge, image=image),
    )
    child = image.children[0].manifest.digest
    registry.moved[what] = f"{elsewhere.url}/v2/team/churn/manifests/{'1.4' if '1.4' in what else child}"
    verdict = look(registry)
    assert (verdict.ok, verdict.size) == (True, image.children[0].size), verdict
    assert verdict.digest == image.manifest.digest
    assert any(what in each.path for each in registry.asked)
    assert any(what in each.path for each in elsewhere.asked)
    assert authorizations(elsewhere) == []
    assert elsewhere.strangers == []


@pytest.mark.parametrize("challenge", ["", BASIC, BEARER], ids=["none", "Basic", "Bearer"])
def test_a_manifest_that_is_another_elsewhere(registries, look, challenge):
    """What another host gives in place of the image of an index is not taken for it."""
    image = images.index(images.single(), images.single("arm64"))
    elsewhere, registry = registries(host=ELSEWHERE), registries(challenge=challenge, image=image)
    elsewhere.lies[image.children[0].manifest.digest] = images.single(layers=1).manifest
    registry.moved["/manifests/sha256:"] = (
        f"{elsewhere.url}/v2/team/churn/manifests/{image.children[0].manifest.digest}"
    )
    assert look(registry).outcome == "unclear"
    assert authorizations(elsewhere) == []


def test_a_manifest_that_moves_from_here_to_there(registries, look):
    """Registries that send on to each other say nothing; the login goes to neither a second time."""
    elsewhere, registry = registries(host=ELSEWHERE), registries(challenge=BASIC)
    registry.moved["/manifests/"] = f"{elsewhere.url}/v2/team/churn/manifests/1.4"
    elsewhere.moved["/manifests/"] = f"{registry.url}/v2/team/churn/manifests/1.4"
    verdict = look(registry)
    assert (verdict.outcome, "in a circle" in verdict.reason) == ("unclear", True), verdict
    assert authorizations(elsewhere) == []
    assert len(elsewhere.asked) == 1


def test_no_metadata_service_is_asked(registries, look):
    """A registry cannot send the check to where a cloud keeps its secrets."""
    registry = registries(challenge=BASIC)
    registry.moved["/manifests/"] = "https://169.254.169.254/latest/meta-data"
    verdict = look(registry)
    assert (verdict.outcome, "never contacted" in verdict.reason) == ("unclear", True), verdict


def test_a_token_server_that_has_moved(registries, look, canary):
    """A token request that is sent on is not repeated there, whatever the status says about methods."""
    elsewhere, registry = registries(host=ELSEWHERE), registries(challenge=BEARER)
    registry.moved["/token"] = f"{elsewhere.url}/token"
    assert not look(registry).ok
    assert any(each.path.startswith("/token") for each in registry.asked)
    assert elsewhere.connections() == 0
    assert not [each for each in authorizations(registry) if each.startswith("Bearer")]


@pytest.mark.parametrize("challenge", ["", BASIC, BEARER], ids=["none", "Basic", "Bearer"])
def test_a_config_that_has_moved(registries, look, challenge):
    """A config blob may lie elsewhere: it is fetched from there, and without an Authorization header."""
    elsewhere, registry = registries(host=ELSEWHERE), registries(challenge=challenge)
    signed = f"{registry.blob}?signature=a%2Fb%3D"
    registry.moved["/blobs/"] = f"{elsewhere.url}{signed}"
    verdict = look(registry)
    assert (verdict.ok, verdict.platform, verdict.size) == (True, "linux/amd64", registry.image.size), verdict
    assert [(each.method, each.path, each.authorization) for each in elsewhere.asked] == [
        ("GET", signed, None)
    ]


def test_a_config_that_moves_on_and_on(registries, look):
    """A config blob that moves in a circle is followed until it comes round, and no further."""
    elsewhere, registry = registries(host=ELSEWHERE), registries(challenge=BASIC)
    registry.moved["/blobs/"] = elsewhere.moved["/blobs/"] = f"{elsewhere.url}{registry.blob}"
    verdict = look(registry)
    assert (verdict.outcome, "in a circle" in verdict.reason) == ("unclear", True), verdict
    assert len(elsewhere.asked) == 1
    assert authorizations(elsewhere) == []


@pytest.mark.parametrize("challenge", [BASIC, BEARER], ids=["Basic", "Bearer"])
def test_a_config_that_moves_on_its_own_host(registries, look, challenge):
    """Where a config blob moves on its registry's own host, what lets in there goes along."""
    registry = registries(challenge=challenge)
    registry.moved["/v2/team/churn/blobs/"] = registry.blob.replace("/team/", "/other/")
    assert look(registry).ok
    moved = [each.authorization for each in registry.asked if "/other/" in each.path]
    assert len(moved) == 1
    assert moved[0]


def test_a_config_that_moves_back(registries, look):
    """A config blob that comes back to the registry comes without the login: others chose the address."""
    elsewhere, registry = registries(host=ELSEWHERE), registries(challenge=BASIC)
    registry.moved["/blobs/"] = f"{elsewhere.url}{registry.blob}"
    elsewhere.moved["/blobs/"] = f"{registry.url}/v2/evil"
    look(registry)
    assert [each.authorization for each in registry.asked if each.path == "/v2/evil"] == [None]


def test_a_config_of_another_digest(registries, look):
    """What comes from elsewhere counts only if it is what the manifest names."""
    elsewhere = registries(host=ELSEWHERE, image=images.single("arm64"))
    registry = registries(challenge=BASIC)
    registry.moved["/blobs/"] = f"{elsewhere.url}{elsewhere.blob}"
    verdict = look(registry)
    assert elsewhere.asked
    assert verdict.outcome not in ("ok", "public", "wrong-platform"), verdict


@pytest.mark.parametrize("what", ["child", "whole"])
def test_a_manifest_of_another_digest(registries, transport, login, what):
    """A manifest that was asked for by its digest counts only if it has that digest."""
    image = images.index(images.single(), images.single("arm64"))
    registry = registries(challenge=BASIC, image=image)
    child = image.children[0].manifest
    # Each would do, if it were what was asked for.
    lies = {
        "child": {child.digest: images.single(layers=1).manifest},
        "whole": {image.manifest.digest: child},
    }
    by_digest = ImageReference.parse(f"{registry.address}/team/churn@{image.manifest.digest}")

    def look():
        return check_image(by_digest, login(registry), transport=transport, deadline=Deadline(SECONDS))

    assert look().outcome == "ok"
    registry.lies.update(lies[what])
    assert look().outcome not in ("ok", "public", "wrong-platform")
