"""A real nginx that sends on, before real registries: to another path, another port, in a circle, too far."""

from __future__ import annotations

import contextlib
import os
import subprocess

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.transport import Transport
from aicore_magics.model.docker_secret import DockerSecret, RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import SecretName
from aicore_magics.registry.single_check import check_image
from tests.real.nginx import Nginx
from tests.real.registry_bench import ANNA, IMAGES, Person

pytestmark = pytest.mark.needs("docker-registry", "nginx")

SECONDS = 20
WRONG = Person(ANNA.name, ANNA.password[:-1] + "0")
AMD64 = IMAGES["amd64"].manifest.digest
# Before the login is looked at `return` sends on, behind it `try_files` and a named place.
PLACES = """
    location /v2/ {{ {guarded} }}
    location ~ ^/v2/near/(.*)$ {{ return 307 /v2/team/$1; }}
    location ~ ^/v2/behind/(.*)$ {{ {asks} set $rest $1; try_files /nothing @near; }}
    location @near {{ return 302 /v2/team/$rest; }}
    location = /v2/pinned/churn/manifests/amd64 {{ return 303 /v2/team/churn/manifests/{digest}; }}
    location /v2/pinned/ {{ rewrite ^/v2/pinned/(.*)$ /v2/team/$1 break; {guarded} }}
    location ~ ^/v2/far/(.*)$ {{ {asks} set $rest $1; try_files /nothing @far; }}
    location @far {{ return 307 {far}/v2/team/$rest; }}
    location ~ ^/v2/k8s/(.*)$ {{ return 307 {tokens}/v2/open/$1; }}
    location ~ ^/v2/shut/(.*)$ {{ return 307 {tokens}/v2/team/$1; }}
    location /v2/circle/ {{ return 307 $request_uri; }}
    location ~ ^/v2/hop-0/(.*)$ {{ return 308 /v2/team/$1; }}
    {hops}
    location ~ ^/v2/plain/(.*)$ {{ return 307 http://cdn.example/v2/team/$1; }}
    location ~ ^/v2/user/(.*)$ {{ return 307 {far_with_user}/v2/team/$1; }}
    location ~ ^/v2/metadata/(.*)$ {{ return 307 https://169.254.169.254/v2/team/$1; }}
"""
ASKS = 'auth_basic "Registry realm"; auth_basic_user_file {htpasswd};'
HOP = "location ~ ^/v2/hop-{}/(.*)$ {{ return 308 /v2/hop-{}/$1; }}"
NOTHING_JUDGED = "Nothing was checked."


class Front:
    """An nginx that asks for the password, and another that asks nobody, both before one registry."""

    def __init__(self, bench, *, tls):
        kind = "tls" if tls else "plain"
        self._company = bench.company if tls else None
        folder = bench.company.ca_file.parent
        registry = bench.open_to_all(f"sending-on-{kind}")
        proxied = f"proxy_pass http://{registry.host}; proxy_set_header Host $http_host;"
        self.far = Nginx(folder / f"far-{kind}", tls=self._company)
        self.far.start(f"location /v2/ {{ {proxied} }}")
        self.nginx = Nginx(folder / f"near-{kind}", tls=self._company)
        asks = ASKS.format(htpasswd=bench.htpasswd)
        self.tokens = bench.backend("token", tls=tls)
        scheme, _, host = self.far.url.partition("//")
        self.nginx.start(
            PLACES.format(
                guarded=f"{asks} {proxied}",
                asks=asks,
                digest=AMD64,
                far=self.far.url,
                far_with_user=f"{scheme}//anna:x@{host}",
                tokens=self.tokens.registry.url,
                hops="\n".join(HOP.format(hop, hop - 1) for hop in range(1, 10)),
            )
        )

        self.transport = Transport(ca_file=str(self._company.ca_file) if tls else "")

    def image(self, image):
        """*image*, as it is named there."""
        return f"{self.nginx.host}/{image}"

    def login(self, person):
        """The login of *person* for it."""
        return RegistryLogin(self.nginx.host, person.name, Secret(person.password))

    def close(self):
        """End both."""
        self.transport.close()
        self.nginx.stop()
        self.far.stop()


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "TLS"])
def front(request, bench):
    with contextlib.closing(Front(bench, tls=request.param)) as running:
        yield running


def check(front, image, person=ANNA, **more):
    """The verdict on *image* there, for the login of *person*."""
    login = person and front.login(person)
    reference = ImageReference.parse(front.image(image))
    return check_image(reference, login, transport=front.transport, deadline=Deadline(SECONDS), **more)


# What is sent on, and what comes of it for a login, for a wrong one, and for nobody.
TABLE = {
    "the same host, before it asks": ("near/churn:amd64", "ok", "bad-credentials", "needs-login"),
    "the same host, once it has asked": ("behind/churn:amd64", "ok", "bad-credentials", "needs-login"),
    "an index and its image": ("behind/churn:both", "ok", "bad-credentials", "needs-login"),
    "tag to digest": ("pinned/churn:amd64", "ok", "bad-credentials", "needs-login"),
    "by digest": (f"near/churn@{AMD64}", "ok", "bad-credentials", "needs-login"),
    "another port": ("far/churn:amd64", "ok", "bad-credentials", "needs-login"),
    "another port, an index": ("far/churn:both", "ok", "bad-credentials", "needs-login"),
    "another port, another platform": (
        "far/churn:arm64",
        "wrong-platform",
        "bad-credentials",
        "needs-login",
    ),
    "another port, a missing tag": ("far/churn:nope", "tag-missing", "bad-credentials", "needs-login"),
    "another, which gives tokens to anybody": ("k8s/churn:both", "public", "bad-credentials", "public"),
    "another, which gives them to few": ("shut/churn:amd64", "other-realm", "other-realm", "needs-login"),
    "a circle": ("circle/churn:amd64", "unclear", "unclear", "unclear"),
    "five hops": ("hop-4/churn:amd64", "ok", "bad-credentials", "needs-login"),
    "six hops": ("hop-5/churn:amd64", "unclear", "unclear", "unclear"),
    "without encryption": ("plain/churn:amd64", "unclear", "unclear", "unclear"),
    "with a user": ("user/churn:amd64", "unclear", "unclear", "unclear"),
    "a metadata service": ("metadata/churn:amd64", "unclear", "unclear", "unclear"),
}


@pytest.mark.parametrize(("image", "anna", "wrong", "nobody"), TABLE.values(), ids=TABLE)
def test_what_is_sent_on(front, image, anna, wrong, nobody):
    """A redirect of nginx's is followed as far as it may lead, and the login is judged where it may go."""
    for person, outcome in ((ANNA, anna), (WRONG, wrong), (None, nobody)):
        verdict = check(front, image, person)
        assert verdict.outcome == outcome, (person and person.name, verdict, front.nginx.log)
        assert "another address" not in verdict.reason
        if verdict.outcome in ("ok", "wrong-platform", "public"):
            assert verdict.digest.startswith("sha256:")


def test_what_is_said_of_it(front):
    """A circle is said to be one, and what is not followed says where it would have led."""
    host = front.nginx.host
    for image, said in {
        "circle/churn:1": f"{host} redirects in a circle.",
        "hop-9/churn:1": f"{host} redirects more than 5 times.",
        "plain/churn:1": f"{host} redirects to cdn.example without encryption.",
        "user/churn:1": f"{host} redirects to an address with a user in it.",
        "metadata/churn:1": f"{host} redirects to 169.254.169.254, which is never contacted.",
    }.items():
        assert check(front, image).reason == f"{said} {NOTHING_JUDGED}"


def test_another_port_hears_no_login(front):
    """Neither the login nor a made-up one is sent to where nginx sends on."""
    mark = front.tokens.mark()
    assert check(front, "far/churn:amd64").ok
    check(front, "k8s/churn:amd64")
    check(front, "shut/churn:amd64")
    asked = front.tokens.since(mark)
    assert [each for each in asked if "/v2/team/churn/manifests/amd64 401" in each]
    # Who asked for tokens there was nobody, each time.
    assert {each.user for each in front.tokens.token_server.served[mark[1] :]} == {""}
    log = front.far.log
    assert "/v2/team/churn/manifests/amd64" in log
    # nginx writes the user of Basic into its log.
    assert not [line for line in log.splitlines() if ANNA.name in line or "aicore-magics-" in line.split()[2]]


@pytest.mark.needs("skopeo")
@pytest.mark.parametrize(
    ("image", "same"),
    [
        ("near/churn:amd64", True),
        ("behind/churn:amd64", True),
        ("behind/churn:both", True),
        ("pinned/churn:amd64", True),
        ("far/churn:amd64", True),
        ("hop-4/churn:amd64", True),
        ("circle/churn:amd64", True),
        # It sends on with the user that the address holds.
        ("user/churn:amd64", False),
    ],
)
def test_skopeo_says_the_same(front, tmp_path, image, same):
    """What can be pulled here skopeo can pull, too, and what cannot be followed it does not follow."""
    file = tmp_path / "auth.json"
    file.touch(0o600)
    secret = DockerSecret(SecretName.parse("team"), (front.login(ANNA),))
    file.write_text(secret.dockerconfigjson().reveal(), "utf-8")
    said = subprocess.run(
        ["skopeo", "inspect", "--tls-verify=false", "--authfile", file, f"docker://{front.image(image)}"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=SECONDS,
    )
    verdict = check(front, image)
    assert ((said.returncode == 0) is verdict.ok) is same, (said.stderr.decode(), verdict)
