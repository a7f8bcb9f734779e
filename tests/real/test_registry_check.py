import base64
import json
import re
from urllib.parse import quote

import pytest
import trustme

from aicore_magics import actions
from aicore_magics.actions import CheckOptions
from aicore_magics.base.redact import Secret
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.transport import Transport
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.registry.single_check import check_image, check_login
from tests.real.registry_bench import ANNA, BERT, IMAGES, MISSING, OPEN, OPEN_MISSING, PRIVATE, Person

pytestmark = pytest.mark.needs("docker-registry")

SECONDS = 20
# Wrong in its last character alone, and in the user alone.
WRONG_PASSWORD = Person(ANNA.name, ANNA.password[:-1] + "0")
WRONG_USER = Person(ANNA.name + "e", ANNA.password)
NOBODY = None
AMD64, SHARED = IMAGES["amd64"], IMAGES["both"].children[0]

SINGLE = f"{PRIVATE}:amd64"
# Image and user; what comes of it with htpasswd, where everybody who is known may do everything; with tokens.
TABLE = {
    "single amd64": (SINGLE, ANNA, "ok", "ok"),
    "single amd64, Docker's types": (f"{PRIVATE}:docker", ANNA, "ok", "ok"),
    "single amd64, by digest": (f"{PRIVATE}@{AMD64.manifest.digest}", ANNA, "ok", "ok"),
    "index": (f"{PRIVATE}:both", ANNA, "ok", "ok"),
    "index, by digest": (f"{PRIVATE}@{IMAGES['both'].manifest.digest}", ANNA, "ok", "ok"),
    "list, Docker's types": (f"{PRIVATE}:docker-list", ANNA, "ok", "ok"),
    "index with an attestation": (f"{PRIVATE}:attested", ANNA, "ok", "ok"),
    "single arm64": (f"{PRIVATE}:arm64", ANNA, "wrong-platform", "wrong-platform"),
    "single windows": (f"{PRIVATE}:windows", ANNA, "wrong-platform", "wrong-platform"),
    "index of arm64 alone": (f"{PRIVATE}:arm64-only", ANNA, "wrong-platform", "wrong-platform"),
    "no image, OCI's empty config": (f"{PRIVATE}:artifact", ANNA, "unsupported", "unsupported"),
    "no image, a chart": (f"{PRIVATE}:chart", ANNA, "unsupported", "unsupported"),
    "wrong password": (SINGLE, WRONG_PASSWORD, "bad-credentials", "bad-credentials"),
    "unknown user": (SINGLE, WRONG_USER, "bad-credentials", "bad-credentials"),
    "anonymous": (SINGLE, NOBODY, "needs-login", "no-access-or-missing"),
    "user without right": (SINGLE, BERT, "ok", "no-access-or-missing"),
    "missing repository": (f"{MISSING}:1", ANNA, "repo-missing", "repo-missing"),
    "missing repository, without right": (f"{MISSING}:1", BERT, "repo-missing", "no-access-or-missing"),
    "missing tag": (f"{PRIVATE}:nope", ANNA, "tag-missing", "tag-missing"),
    "missing digest": (f"{PRIVATE}@sha256:{'0' * 64}", ANNA, "tag-missing", "tag-missing"),
    "missing tag, without right": (f"{PRIVATE}:nope", BERT, "tag-missing", "no-access-or-missing"),
    "missing, anonymous": (f"{MISSING}:1", NOBODY, "needs-login", "no-access-or-missing"),
    "open to all": (f"{OPEN}:amd64", ANNA, "ok", "public"),
    "open to all, an index": (f"{OPEN}:both", BERT, "ok", "public"),
    "open to all, anonymous": (f"{OPEN}:amd64", NOBODY, "needs-login", "public"),
    "open to all, wrong password": (f"{OPEN}:amd64", WRONG_PASSWORD, "bad-credentials", "bad-credentials"),
    "open to all, arm64": (f"{OPEN}:arm64", ANNA, "wrong-platform", "wrong-platform"),
    "open to all, missing": (f"{OPEN_MISSING}:1", ANNA, "repo-missing", "repo-missing"),
    "open to all, missing, anonymous": (f"{OPEN_MISSING}:1", NOBODY, "needs-login", "repo-missing"),
    "open to all, missing tag": (f"{OPEN}:nope", NOBODY, "needs-login", "tag-missing"),
    "open to all, missing, wrong password": (
        f"{OPEN_MISSING}:1",
        WRONG_PASSWORD,
        "bad-credentials",
        "bad-credentials",
    ),
    "no tag, and no latest": (PRIVATE, ANNA, "tag-missing", "tag-missing"),
}
SIZES = {
    SINGLE: AMD64.size,
    f"{PRIVATE}:docker": IMAGES["docker"].size,
    f"{PRIVATE}:both": SHARED.size,
    f"{PRIVATE}:docker-list": IMAGES["docker-list"].children[1].size,
    f"{PRIVATE}:attested": IMAGES["attested"].children[0].size,
    f"{OPEN}:amd64": AMD64.size,
}
PLATFORMS = {"arm64": "linux/arm64", "windows": "windows/amd64", "arm64-only": "linux/arm64"}


def login_of(person, registry):
    return person and RegistryLogin(registry.host, person.name, Secret(person.password))


def look(registry, image, person, transport):
    """Whether *person* may pull *image* from *registry*."""
    reference = ImageReference.parse(f"{registry.host}/{image}")
    return check_image(reference, login_of(person, registry), transport=transport, deadline=Deadline(SECONDS))


def try_login(registry, person, transport):
    """What comes of the login alone."""
    return check_login(login_of(person, registry), transport=transport, deadline=Deadline(SECONDS))


@pytest.mark.parametrize(("image", "person", "basic", "token"), TABLE.values(), ids=TABLE)
def test_the_table(backend, transport, image, person, basic, token):
    """For each row of the table, on either kind of registry, the outcome is the one told there."""
    verdict = look(backend.registry, image, person, transport)
    expected = {"htpasswd": basic, "token": token}[backend.kind]
    assert verdict.outcome == expected, verdict
    assert verdict.ok == (expected in ("ok", "public"))
    assert verdict.refused != verdict.ok
    assert not verdict.not_checked
    assert (verdict.registry, verdict.username) == (backend.host, person.name if person else "")
    assert verdict.image == f"{backend.host}/{image}"
    assert bool(verdict.reason) or verdict.ok


@pytest.mark.parametrize("row", ["wrong password", "anonymous"])
def test_the_registry_is_quoted(backend, transport, row):
    """Who is turned away reads the registry's own status and code."""
    verdict = look(backend.registry, *TABLE[row][:2], transport)
    assert "401 UNAUTHORIZED" in verdict.reason


@pytest.mark.parametrize(("image", "size"), SIZES.items())
def test_platform_and_size(backend, transport, image, size):
    """What can be pulled is told as linux/amd64, with the bytes of that platform's layers, to the byte."""
    verdict = look(backend.registry, image, ANNA, transport)
    assert (verdict.platform, verdict.size) == ("linux/amd64", size)


@pytest.mark.parametrize("tag", ["docker", "both"])
def test_the_digest_is_the_registrys(backend, transport, tag):
    """It is that of what was pushed under the tag: of the index, where it is one; by it, it is found."""
    digest = look(backend.registry, f"{PRIVATE}:{tag}", ANNA, transport).digest
    assert digest == IMAGES[tag].manifest.digest
    assert look(backend.registry, f"{PRIVATE}@{digest}", ANNA, transport).ok


@pytest.mark.parametrize(("tag", "platform"), PLATFORMS.items())
def test_another_platform_is_named(backend, transport, tag, platform):
    """An image for another platform says for which it is, and how one for linux/amd64 is built."""
    verdict = look(backend.registry, f"{PRIVATE}:{tag}", ANNA, transport)
    assert verdict.platform == platform
    assert "docker buildx build --platform linux/amd64" in NOTEBOOK.say(verdict.fix)


@pytest.mark.parametrize("tag", ["amd64", "docker", "both", "docker-list", "attested"])
def test_the_requests_of_a_check(backend, transport, tag):
    """A whole check takes at most 4 requests with a password, 5 with tokens, at all servers together."""
    mark = backend.mark()
    assert look(backend.registry, f"{PRIVATE}:{tag}", ANNA, transport).outcome == "ok"
    asked = backend.since(mark)
    # It was a whole one: the platform was read.
    assert re.search(r"GET /v2/team/churn/(blobs|manifests)/sha256:[0-9a-f]{64} 200", "\n".join(asked))
    assert len(asked) <= backend.most_requests, asked


@pytest.mark.parametrize(("image", "person"), [row[:2] for row in TABLE.values()], ids=TABLE)
def test_no_check_takes_more(backend, transport, image, person):
    """Whatever comes of it, and whoever asks, a check takes no more requests than a whole one may."""
    mark = backend.mark()
    look(backend.registry, image, person, transport)
    asked = backend.since(mark)
    assert 1 <= len(asked) <= backend.most_requests, asked


def test_no_manifest_is_pulled_twice(backend, transport):
    """The way in is found by a request that is refused, and each manifest is given once."""
    mark = backend.mark()
    look(backend.registry, f"{PRIVATE}:both", ANNA, transport)
    asked = [each for each in backend.since(mark) if "/manifests/" in each]
    assert asked[0] == "GET /v2/team/churn/manifests/both 401"
    given = [each for each in asked if each.endswith(" 200")]
    assert len(given) == len(set(given)) == 2


@pytest.mark.parametrize(
    ("person", "outcome"),
    [(ANNA, "ok"), (BERT, "ok"), (WRONG_PASSWORD, "bad-credentials"), (WRONG_USER, "bad-credentials")],
    ids=["right", "right, no rights", "wrong password", "unknown user"],
)
def test_the_login_alone(backend, transport, person, outcome):
    """Without an image the login is tried: whether the registry knows it, not what it may pull."""
    verdict = try_login(backend.registry, person, transport)
    assert (verdict.outcome, verdict.image, verdict.size) == (outcome, "", None), verdict
    assert (verdict.registry, verdict.username) == (backend.host, person.name)


def test_a_login_alone_takes_few_requests(backend, transport):
    """The login alone takes fewer requests than a whole check."""
    mark = backend.mark()
    try_login(backend.registry, ANNA, transport)
    assert 2 <= len(backend.since(mark)) < backend.most_requests


def test_a_private_ca(tls_backend, transport, bench):
    """Over TLS nothing is asked while the certificate is not trusted; with the CA, all is as elsewhere."""
    registry = tls_backend.registry
    mark = tls_backend.mark()
    verdict = look(registry, SINGLE, ANNA, transport)
    assert (verdict.outcome, verdict.ok, verdict.refused, verdict.not_checked) == ("tls", False, False, True)
    assert try_login(registry, ANNA, transport).outcome == "tls"
    assert tls_backend.since(mark) == []
    trusting = Transport(ca_file=str(bench.company.ca_file))
    assert look(registry, SINGLE, ANNA, trusting).outcome == "ok"
    assert look(registry, f"{PRIVATE}:both", ANNA, trusting).size == SHARED.size
    assert look(registry, SINGLE, WRONG_PASSWORD, trusting).outcome == "bad-credentials"
    assert look(registry, f"{PRIVATE}:arm64", ANNA, trusting).outcome == "wrong-platform"
    assert try_login(registry, ANNA, trusting).outcome == "ok"
    assert len(tls_backend.since(mark)) > 5
    trusting.close()


def test_what_a_private_ca_does_not_prove(tls_backend, bench):
    """With the CA given all is well from here; whether AI Core trusts that CA is said not to be known."""
    registry, ca_file = tls_backend.registry, str(bench.company.ca_file)
    logins = [login_of(ANNA, registry)]
    done = actions.check_image(f"{registry.host}/{SINGLE}", logins, checking=CheckOptions(ca_file=ca_file))
    assert done.ok
    assert (
        f"{registry.host} was trusted by your own CA file. It is not known whether AI Core trusts it."
        in done.notes
    )
    assert done.report().state == "warning"
    without = actions.check_image(f"{registry.host}/{SINGLE}", logins)
    assert [verdict.outcome for verdict in without.verdicts] == ["tls"]
    assert not [note for note in without.notes if "CA file" in note]


def test_a_ca_in_place_of_another(tls_backend, tmp_path):
    """A CA of somebody else's does not do."""
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    transport = Transport(ca_file=str(stranger))
    assert look(tls_backend.registry, SINGLE, ANNA, transport).outcome == "tls"
    transport.close()


def test_a_registry_that_is_down(bench, transport):
    """A registry that has just gone is unreachable: not refused, but not checked."""
    registry = bench.another("short-lived")
    assert look(registry, SINGLE, ANNA, transport).outcome == "ok"
    registry.stop()
    for verdict in (look(registry, SINGLE, ANNA, transport), try_login(registry, ANNA, transport)):
        assert (verdict.outcome, verdict.not_checked, verdict.refused) == ("unreachable", True, False)


def forms(person):
    """The password in each form in which a log might hold it."""
    text = person.password
    pair = f"{person.name}:{text}"
    encoded = [base64.b64encode(each.encode()).decode() for each in (text, pair)]
    quoted = [
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        quote(text),
        ascii(text)[1:-1],
    ]
    return [text, *encoded, *(each.rstrip("=") for each in encoded), *quoted]


def test_no_log_holds_a_password(backend, transport):
    """After right and wrong logins no server's log, and no address that was asked, holds a password."""
    for person in (ANNA, BERT, WRONG_PASSWORD):
        look(backend.registry, SINGLE, person, transport)
        try_login(backend.registry, person, transport)
    backend.mark()
    served = backend.token_server.served if backend.token_server else []
    logs = backend.registry.log + backend.registry.access_log + "\n".join(map(repr, served))
    # They do tell what happened.
    assert "/v2/team/churn/manifests/amd64" in backend.registry.log
    assert "/v2/team/churn/manifests/amd64" in backend.registry.access_log
    told = [form for person in (ANNA, BERT, WRONG_PASSWORD) for form in forms(person) if form in logs]
    assert not told


@pytest.mark.parametrize("person", [ANNA, BERT, WRONG_PASSWORD], ids=["right", "no right", "wrong"])
def test_no_verdict_holds_a_password(backend, transport, person):
    """Neither what is told nor how it prints holds a password or a token."""
    for verdict in (
        look(backend.registry, SINGLE, person, transport),
        try_login(backend.registry, person, transport),
    ):
        said = repr(verdict) + str(verdict) + verdict.reason + NOTEBOOK.say(verdict.fix)
        assert not [form for form in forms(person) if form in said]
        assert "eyJ" not in said
