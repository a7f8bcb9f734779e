import base64
import json
import os
import re
import subprocess
import time
from datetime import timedelta

import pytest

from aicore_magics.sandbox import start
from tests.waiting import until

IMAGES = (
    "acme/churn:1.4",
    "acme/churn-gpu:2.0",
    "acme/forecast:3.1",
    "acme/edge:1.0",
    "acme/hello:1.0",
    "vendor/model:7.0",
)


def test_public_face(registry):
    """It says where it is, who may come, and what there is."""
    assert re.fullmatch(r"127\.0\.0\.1:\d+", registry.host)
    assert re.fullmatch(r"127\.0\.0\.1:\d+", registry.basic_host)
    assert registry.host != registry.basic_host
    assert (registry.username, registry.images) == ("anna", IMAGES)


def test_repr_hides_the_password(registry):
    """A registry shows its address only, and a stored request no login."""
    assert repr(registry) == f"<Registry {registry.host}>"
    assert len(registry.password) >= 20


def test_faults_cannot_be_swapped(registry):
    """The switches are the registry's own."""
    with pytest.raises(AttributeError):
        registry.faults = None


def test_both_sides_hold_the_same(bearer, basic):
    """An image is the same at either side."""
    address = "/v2/acme/churn/manifests/1.4"
    bearer.log_in().take_token("acme/churn")
    assert bearer.ask(address).body == basic.log_in().ask(address).body
    assert basic.ask("/token").status == 404


def test_two_registries(basic, registry, guest):
    """Two registries share neither logins nor faults nor what was asked."""
    with start() as other:
        stranger = guest(other.registry.basic_host)
        stranger.authorization = basic.log_in().authorization
        registry.faults.html = True
        assert stranger.ask("/v2/").status == 401
        assert (len(other.registry.requests), registry.requests) == (1, [])


def test_requests(bearer, basic, registry):
    """What was asked at either side is kept in order, with the kind of login, and without any secret."""
    address = "/v2/acme/churn/manifests/1.4"
    bearer.ask(address)
    bearer.log_in().take_token("acme/churn").ask(address)
    basic.log_in().ask(address)
    seen = [(each.side, each.path, each.status, each.authorized) for each in registry.requests]
    assert seen == [
        ("bearer", address, 401, ""),
        ("bearer", "/token", 200, "basic"),
        ("bearer", address, 200, "bearer"),
        ("basic", address, 200, "basic"),
    ]
    told = repr(registry.requests)
    assert not any(each.authorization.partition(" ")[2] in told for each in (bearer, basic))
    assert registry.password not in told


def test_login_page(bearer, basic, registry):
    """A login page in the way is in the way at both sides, and at the token service."""
    registry.faults.html = True
    replies = [bearer.ask("/v2/"), bearer.ask_token(), basic.ask("/v2/")]
    assert {(each.status, each.headers["Content-Type"]) for each in replies} == {
        (200, "text/html; charset=utf-8")
    }


def test_too_many_requests(basic, registry):
    """A registry that is too busy says so in its own words, and says until when."""
    registry.faults.next_statuses, registry.faults.retry_after = [429], "30"
    reply = basic.log_in().ask("/v2/acme/churn/manifests/1.4")
    assert (reply.status, reply.headers["Retry-After"]) == (429, "30")
    assert reply.json["errors"][0]["code"] == "TOOMANYREQUESTS"
    assert basic.ask("/v2/acme/churn/manifests/1.4").status == 200


def test_no_http(registry, connect):
    """What is no HTTP is refused as everywhere in the sandbox, and never repeated."""
    wire = connect(registry.host)
    wire.sendall(b"CANARY\r\n\r\n")
    heard = b"".join(iter(lambda: wire.recv(65536), b""))
    assert heard.startswith(b"HTTP/1.1 400 ")
    assert b"CANARY" not in heard


def test_slow(basic, registry):
    """A slow registry is slow."""
    registry.faults.slow = 0.1
    begin = time.monotonic()
    assert basic.ask("/v2/").status == 401
    assert time.monotonic() - begin >= 0.1


def test_slowness_ends_with_the_sandbox(sandbox, registry, connect):
    """A stop does not wait for an answer that is slow on purpose."""
    registry.faults.slow = 60
    wire = connect(registry.host)
    wire.sendall(b"GET /v2/ HTTP/1.1\r\n\r\n")
    until(lambda: registry.servers[0].connections)
    sandbox.stop()
    assert registry.servers[0].connections == ()


def test_tls(tls, guest):
    """With a certificate both sides speak https, and the addresses have the name that was asked for."""
    with start(tls=tls, host="localhost") as sandbox:
        registry = sandbox.registry
        assert registry.host.startswith("localhost:")
        assert registry.basic_host.startswith("localhost:")
        bearer = guest(registry.host, registry, safe=True)
        challenge = bearer.ask("/v2/").headers["WWW-Authenticate"]
        assert challenge.startswith(f'Bearer realm="https://{registry.host}/token"')
        bearer.log_in().take_token("acme/churn")
        assert bearer.ask("/v2/acme/churn/manifests/1.4").status == 200
        assert guest(registry.basic_host, registry, safe=True).log_in().ask("/v2/").status == 200


def test_no_client_certificates(tls, guest, mallory):
    """A registry asks nobody for a certificate, not even where the API knows a client CA."""
    with start(tls=tls) as sandbox:
        registry = sandbox.registry
        assert guest(registry.host, registry, safe=True, certificate=mallory).ask("/v2/").status == 401
        assert sandbox.state.client_certificates == {"api": [], "cert": []}


def test_shell_variables(registry):
    """A shell that reads the lines has the login exactly, and the rest is told in comments."""
    lines = registry.shell_variables()
    script = lines + 'printf "%s\\n" "$REGISTRY_HOST" "$REGISTRY_USER" "$REGISTRY_PASSWORD"'
    done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, timeout=5, check=True)
    assert done.stdout.splitlines() == [registry.host, "anna", registry.password]
    assert done.stderr == ""
    comments = [line for line in lines.splitlines() if line.startswith("# ")]
    assert [registry.host in comments[0], registry.basic_host in comments[1]] == [True, True]
    assert len(comments) == len(lines.splitlines()) - 4


@pytest.fixture
def skopeo(registry, tmp_path):
    """Let skopeo work on an image of a side, with the login in its own file or without one."""
    auths = {
        host: {"auth": base64.b64encode(f"{registry.username}:{registry.password}".encode()).decode()}
        for host in (registry.host, registry.basic_host)
    }
    logins = tmp_path / "auth.json"
    logins.touch(0o600)
    logins.write_text(json.dumps({"auths": auths}))

    def skopeo(command, host, image, *more, login=True):
        if login not in (True, False):
            words = f"{login.username}:{login.password}".encode()
            own = {"auths": {host: {"auth": base64.b64encode(words).decode()}}}
            logins.write_text(json.dumps(own))
        way = "--src-tls-verify=false" if command == "copy" else "--tls-verify=false"
        start = ["skopeo", "--insecure-policy", command, way]
        who = ["--src-authfile" if command == "copy" else "--authfile", logins] if login else ["--no-creds"]
        return subprocess.run(
            [*start, *who, f"docker://{host}/{image}", *more],
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )

    return skopeo


@pytest.fixture(params=["host", "basic_host"])
def host(request, registry):
    return getattr(registry, request.param)


@pytest.mark.needs("skopeo")
@pytest.mark.parametrize("image", IMAGES[:5])
def test_skopeo_copies(skopeo, host, image, tmp_path):
    """To skopeo it is a registry: it copies an image whole, and checks every digest on the way."""
    done = skopeo("copy", host, image, "--all", f"dir:{tmp_path}/copied")
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "copied" / "manifest.json").read_text())
    for each in manifest.get("layers", []):
        blob = tmp_path / "copied" / each["digest"].removeprefix("sha256:")
        assert blob.stat().st_size == each["size"]
    assert ("manifests" in manifest) == image.startswith(("acme/forecast", "acme/edge"))


@pytest.mark.needs("skopeo")
def test_skopeo_inspects(skopeo, host):
    """Skopeo sees the platform and the tags, and finds nothing for linux/amd64 in an index without it."""
    done = skopeo("inspect", host, "acme/churn-gpu:2.0")
    seen = json.loads(done.stdout)
    assert (seen["Architecture"], seen["Os"], seen["RepoTags"]) == ("arm64", "linux", ["2.0"])
    done = skopeo("inspect", host, "acme/edge:1.0", "--override-arch=amd64")
    assert "no image found in image index for architecture amd64" in done.stderr


@pytest.mark.needs("skopeo")
def test_skopeo_without_a_login(skopeo, host):
    """Without a login skopeo sees what is public, and nothing else."""
    assert skopeo("inspect", host, "acme/hello:1.0", login=False).returncode == 0
    done = skopeo("inspect", host, "acme/churn:1.4", login=False)
    assert done.returncode != 0
    assert "authentication required" in done.stderr


@pytest.mark.needs("skopeo")
@pytest.mark.parametrize("user", ["anna", "robot$acme+ci"])
def test_skopeo_with_an_overlapping_login(skopeo, registry, host, user):
    """Skopeo logs in with a second login beside the first, and is refused once that one is revoked."""
    login = registry.make_login(user, life=timedelta(days=40), shape="jwt")
    for each in (login, registry.make_login(user)):
        assert skopeo("inspect", host, "acme/churn:1.4", login=each).returncode == 0
    registry.revoke_login(login)
    done = skopeo("inspect", host, "acme/churn:1.4", login=login)
    assert done.returncode != 0
    assert re.search("authentication required|incorrect username or password", done.stderr)


@pytest.mark.needs("skopeo")
def test_skopeo_without_the_right(skopeo, registry):
    """What the login has no right to is refused where there are rights, and there alone."""
    done = skopeo("inspect", registry.host, "vendor/model:7.0")
    assert done.returncode != 0
    assert "requested access to the resource is denied" in done.stderr
    assert skopeo("inspect", registry.basic_host, "vendor/model:7.0").returncode == 0
