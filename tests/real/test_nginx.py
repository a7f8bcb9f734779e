"""A real nginx that asks for the login in front of a real registry, by the recipe of its documentation."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess

import pytest
import requests

from aicore_magics.actions import CheckOptions
from aicore_magics.actions.docker_secrets import create_docker_secret
from aicore_magics.base.redact import Secret
from aicore_magics.errors import ImageRefused, LoginRefused
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.transport import Transport
from aicore_magics.model.docker_secret import DockerSecret, RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import SecretName
from aicore_magics.registry.single_check import check_image, check_login
from tests.real.nginx import Nginx
from tests.real.registry_bench import ANNA, BERT, IMAGES, PRIVATE, Person

pytestmark = pytest.mark.needs("docker-registry", "nginx")

SECONDS = 20
WRONG_PASSWORD = Person(ANNA.name, ANNA.password[:-1] + "0")
WRONG_USER = Person(ANNA.name + "e", ANNA.password)
# distribution.github.io/distribution/recipes/nginx: the header of registries, also with an own 401 of nginx.
NAMED = """
    map $upstream_http_docker_distribution_api_version $docker_distribution_api_version {
        '' 'registry/2.0';
    }
"""
ADD_HEADER = "add_header Docker-Distribution-Api-Version $docker_distribution_api_version always;"
PASSWORDS = """
        auth_basic "Registry realm";
        auth_basic_user_file {htpasswd};
        {header}
        proxy_pass http://{registry};
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-Proto $scheme;
"""
STATUSES = (403, 404, 429, 503)
SINGLE = f"{PRIVATE}:amd64"


class Front:
    """An nginx before a registry. *tokens*: it guards the token server alone, and the registry wants tokens.

    Repositories under `status-NNN` get that status from nginx itself once the login is right, those under
    `deny` a 403 before anybody is asked; `late-NNN` has the manifests of `team`, and its blobs for nobody.
    """

    def __init__(self, bench, name, *, named, tls, tokens):
        self._company = bench.company if tls else None
        folder = bench.company.ca_file.parent / name
        self.nginx = Nginx(folder, tls=self._company)
        header = ADD_HEADER if named else ""
        if tokens:
            registry, server = bench.with_realm(f"{name}-registry", f"{self.nginx.url}/token")
            address = server.realm.partition("//")[2].partition("/")[0]
            guarded = PASSWORDS.format(htpasswd=bench.htpasswd, header="", registry=address)
            places = f"location /token {{ {guarded} }} location /v2/ {{ proxy_pass http://{registry.host}; }}"
        else:
            registry = bench.open_to_all(f"{name}-registry")
            guarded = PASSWORDS.format(htpasswd=bench.htpasswd, header=header, registry=registry.host)
            places = f"location /v2/ {{ {guarded} }} location /v2/deny/ {{ {guarded} deny all; }}"
            # What `try_files` says comes after the login has been looked at.
            for status in STATUSES:
                says = f"try_files /nothing ={status};"
                churn = f"rewrite ^/v2/late-{status}/(.*)$ /v2/team/$1 break;"
                places += f"""
                    location /v2/status-{status}/ {{ {guarded} {says} }}
                    location ~ ^/v2/late-{status}/.*/blobs/ {{ {guarded} {says} }}
                    location /v2/late-{status}/ {{ {guarded} {churn} }}
                """
        self.nginx.start(places, NAMED if named else "")
        self.registry = registry

    @property
    def ca_file(self):
        """What makes its certificate trusted; empty where it has none."""
        return str(self._company.ca_file) if self._company else ""

    def login(self, person):
        """The login of *person* for it."""
        return RegistryLogin(self.nginx.host, person.name, Secret(person.password))

    def image(self, image):
        """*image*, as it is named there."""
        return f"{self.nginx.host}/{image}"


class Ways:
    """The fronts that were asked for, each started once."""

    def __init__(self, bench):
        self._bench, self._started, self._end = bench, {}, contextlib.ExitStack()

    def front(self, *, named=False, tls=False, tokens=False):
        """The front of this kind."""
        kind = (named, tls, tokens)
        if kind not in self._started:
            name = "nginx-" + "-".join(str(int(part)) for part in kind)
            self._started[kind] = Front(self._bench, name, named=named, tls=tls, tokens=tokens)
            self._end.callback(self._started[kind].nginx.stop)
        return self._started[kind]

    def close(self):
        """End them all."""
        self._end.close()


@pytest.fixture(scope="module")
def ways(bench):
    with contextlib.closing(Ways(bench)) as running:
        yield running


@pytest.fixture(params=[False, True], ids=["plain", "TLS"])
def tls(request):
    return request.param


@pytest.fixture(params=[True, False], ids=["by the recipe", "without its header"])
def front(request, ways, tls):
    """An nginx that asks for the password, before a registry that asks nobody."""
    return ways.front(named=request.param, tls=tls)


@pytest.fixture
def look():
    """Check an image, or with none the login alone."""
    with contextlib.ExitStack() as end:

        def look(front, image, person):
            transport = Transport(ca_file=front.ca_file)
            end.callback(transport.close)
            login = person and front.login(person)
            if image is None:
                return check_login(login, transport=transport, deadline=Deadline(SECONDS))
            reference = ImageReference.parse(front.image(image))
            return check_image(reference, login, transport=transport, deadline=Deadline(SECONDS))

        yield look


def test_nginx_answers_with_a_page_of_its_own(front):
    """Its 401 is a web page with a challenge; only by the recipe it says that a registry is there."""
    with requests.Session() as session:
        session.trust_env = False
        said = session.get(f"{front.nginx.url}/v2/", verify=front.ca_file or True, timeout=SECONDS)
    assert (said.status_code, said.headers["WWW-Authenticate"]) == (401, 'Basic realm="Registry realm"')
    assert said.headers["Content-Type"].startswith("text/html")
    assert "nginx" in said.text
    assert said.headers.get("Docker-Distribution-Api-Version") in ("registry/2.0", None)


@pytest.mark.parametrize("image", [SINGLE, f"{PRIVATE}:both", None], ids=["image", "index", "alone"])
@pytest.mark.parametrize(
    ("person", "outcome"),
    [(ANNA, "ok"), (BERT, "ok"), (WRONG_PASSWORD, "bad-credentials"), (WRONG_USER, "bad-credentials")],
    ids=["right", "another", "wrong password", "unknown user"],
)
def test_the_login_is_judged(front, look, image, person, outcome):
    """The 401 of nginx to a login is a refusal, with its status, whatever page comes with it."""
    verdict = look(front, image, person)
    assert (verdict.outcome, verdict.refused) == (outcome, outcome != "ok"), (verdict, front.nginx.log)
    if outcome != "ok":
        here = " for this image" if image else ""
        assert verdict.reason == f"{front.nginx.host} does not accept user {person.name}{here} (401)."
    elif image == SINGLE:
        assert (verdict.platform, verdict.size) == ("linux/amd64", IMAGES["amd64"].size)


@pytest.mark.parametrize(
    ("image", "person", "outcome"),
    [
        (SINGLE, None, "needs-login"),
        (f"{PRIVATE}:arm64", ANNA, "wrong-platform"),
        (f"{PRIVATE}:nope", ANNA, "tag-missing"),
        ("team/nothing:1", ANNA, "repo-missing"),
        ("status-403/churn:1", ANNA, "no-access-or-missing"),
        ("status-403/churn:1", WRONG_PASSWORD, "bad-credentials"),
        ("status-404/churn:1", ANNA, "tag-missing"),
        ("status-429/churn:1", ANNA, "rate-limited"),
        ("status-503/churn:1", ANNA, "unclear"),
        ("status-503/churn:1", WRONG_PASSWORD, "bad-credentials"),
        ("late-403/churn:amd64", ANNA, "no-access-or-missing"),
        ("late-404/churn:amd64", ANNA, "unclear"),
        ("late-429/churn:amd64", ANNA, "rate-limited"),
        ("late-503/churn:amd64", ANNA, "unclear"),
        # nginx turns everybody away there, and so has not judged the login.
        ("deny/churn:1", ANNA, "unclear"),
        ("deny/churn:1", None, "unclear"),
    ],
)
def test_what_else_nginx_says(front, look, image, person, outcome):
    """Each status of nginx's own means what the same of the registry's would."""
    verdict = look(front, image, person)
    assert verdict.outcome == outcome, (verdict, front.nginx.log)


@pytest.mark.parametrize("image", [SINGLE, None], ids=["image", "alone"])
@pytest.mark.parametrize(
    ("person", "outcome"),
    [(ANNA, "ok"), (WRONG_PASSWORD, "bad-credentials"), (WRONG_USER, "bad-credentials")],
    ids=["right", "wrong password", "unknown user"],
)
def test_nginx_before_the_token_service(ways, look, tls, image, person, outcome):
    """Its 401 in place of a token is a refusal, too; nobody's token, which it does not give, is an extra."""
    verdict = look(ways.front(tls=tls, tokens=True), image, person)
    assert verdict.outcome == outcome, verdict


def test_nobody_before_the_token_service(ways, look, tls):
    """Without a login nginx's 401 there says that one is needed."""
    front = ways.front(tls=tls, tokens=True)
    assert look(front, SINGLE, None).outcome == "needs-login"
    # Bert is known, and has no right: that is the registry's own 401, to a token.
    assert look(front, SINGLE, BERT).outcome == "no-access-or-missing"


def test_a_registry_behind_it_that_is_down(bench, look):
    """The 502 of nginx in place of the registry says nothing about a login that it takes itself."""
    front = Front(bench, "nginx-down", named=True, tls=False, tokens=False)
    try:
        assert look(front, SINGLE, ANNA).outcome == "ok"
        front.registry.stop()
        verdict = look(front, SINGLE, ANNA)
        assert (verdict.outcome, verdict.code) == ("unclear", "502"), verdict
        assert look(front, SINGLE, WRONG_PASSWORD).outcome == "bad-credentials"
    finally:
        front.nginx.stop()


@pytest.mark.parametrize("images", [[SINGLE], []], ids=["image", "alone"])
@pytest.mark.parametrize("tokens", [False, True], ids=["password", "token service"])
def test_a_wrong_password_is_not_stored(ways, tls, sandbox, tenant, images, tokens):
    """A password that nginx refuses is not stored; the right one is."""
    front = ways.front(tls=tls, tokens=tokens)
    how = {"images": [front.image(each) for each in images], "checking": CheckOptions(ca_file=front.ca_file)}
    for person in (WRONG_PASSWORD, WRONG_USER):
        with pytest.raises(LoginRefused, match="does not accept user") as caught:
            create_docker_secret(tenant, "team", [front.login(person)], **how)
        assert "Nothing was stored." in caught.value.message
        assert person.password not in str(caught.value)
    assert dict(sandbox.state.secrets) == {}
    assert not [each for each in sandbox.state.requests if each.method != "GET" and "/admin/" in each.path]
    create_docker_secret(tenant, "team", [front.login(ANNA)], **how)
    assert front.nginx.host in json.loads(sandbox.state.secrets["team"])["auths"]


def test_an_image_that_nginx_forbids_is_not_stored(ways, sandbox, tenant):
    """So it is with an image that the login may not have."""
    front = ways.front()
    with pytest.raises(ImageRefused, match="not allowed, or not there"):
        create_docker_secret(tenant, "team", [front.login(ANNA)], images=[front.image("status-403/churn:1")])
    assert dict(sandbox.state.secrets) == {}


@pytest.mark.needs("skopeo")
@pytest.mark.parametrize(
    ("image", "person"),
    [
        (SINGLE, ANNA),
        (SINGLE, WRONG_PASSWORD),
        (SINGLE, WRONG_USER),
        ("status-403/churn:1", ANNA),
        ("status-404/churn:1", ANNA),
        ("late-403/churn:amd64", ANNA),
    ],
)
@pytest.mark.parametrize("named", [True, False], ids=["by the recipe", "without its header"])
def test_skopeo_says_the_same(ways, look, tmp_path, named, image, person):
    """What is refused here skopeo cannot pull either, and what is fine here it can."""
    front = ways.front(named=named)
    file = tmp_path / "auth.json"
    file.touch(0o600)
    secret = DockerSecret(SecretName.parse("team"), (front.login(person),))
    file.write_text(secret.dockerconfigjson().reveal(), "utf-8")
    said = subprocess.run(
        ["skopeo", "inspect", "--tls-verify=false", "--authfile", file, f"docker://{front.image(image)}"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=SECONDS,
    )
    verdict = look(front, image, person)
    assert (said.returncode == 0, said.returncode != 0) == (verdict.ok, verdict.refused), said.stderr.decode()
    if verdict.outcome == "bad-credentials":
        assert b"uthentication required" in said.stderr or b"unauthorized" in said.stderr.lower()


def test_no_log_of_nginx_holds_a_password(ways, look):
    """After right and wrong logins neither its log nor an address that it was asked for holds a password."""
    front = ways.front(named=True)
    for person in (ANNA, WRONG_PASSWORD):
        look(front, SINGLE, person)
        look(front, None, person)
    log = front.nginx.log
    assert "/v2/team/churn/manifests/amd64" in log
    pairs = [f"{person.name}:{person.password}".encode() for person in (ANNA, WRONG_PASSWORD)]
    secrets = [ANNA.password, WRONG_PASSWORD.password, *(base64.b64encode(pair).decode() for pair in pairs)]
    assert not [each for each in secrets if each in log]
