import contextlib
import hashlib

import pytest

from aicore_magics.sandbox.registry_images import DOCKER, OCI, OCI_INDEX, repositories

CHURN = "/v2/acme/churn"
GPU, FORECAST, HELLO = "/v2/acme/churn-gpu", "/v2/acme/forecast", "/v2/acme/hello"
NO_DIGEST = "sha256:" + 64 * "a"
COMPARED = (
    "Content-Type",
    "Content-Length",
    "Docker-Content-Digest",
    "Docker-Distribution-Api-Version",
    "Etag",
    "Location",
    "Www-Authenticate",
    "X-Content-Type-Options",
)
REPOSITORIES = {each.name: each for each in repositories()}


@pytest.fixture(params=["bearer", "basic"])
def user(request, bearer, basic):
    """Somebody at either side who may pull all that is acme's."""
    names = ("acme/churn", "acme/churn-gpu", "acme/forecast", "acme/edge", "acme/hello", "acme/none")
    return basic.log_in() if request.param == "basic" else bearer.log_in().take_token(*names)


def error(reply):
    (only,) = reply.json["errors"]
    return reply.status, only["code"], only.get("detail")


def test_base(user):
    """Whoever is let in gets an empty object, and is led there from the address without the slash."""
    reply = user.ask("/v2/")
    assert (reply.status, reply.body) == (200, b"{}")
    assert reply.headers["Docker-Distribution-Api-Version"] == "registry/2.0"
    reply = user.ask("/v2")
    assert (reply.status, reply.headers["Location"]) == (301, "/v2/")


@pytest.mark.parametrize(
    "address", [f"{CHURN}/manifests/1.4", f"{GPU}/manifests/2.0", f"{FORECAST}/manifests/3.1"]
)
def test_whole_pull(user, address):
    """All of an image can be pulled by what its manifest says, and every digest is true."""
    name = address.removeprefix("/v2/").partition("/manifests/")[0]
    reply = user.ask(address)
    assert reply.status == 200
    manifests = [reply]
    for entry in reply.json.get("manifests", []):
        manifests.append(user.ask(f"/v2/{name}/manifests/{entry['digest']}"))
        assert (len(manifests[-1].body), manifests[-1].headers["Content-Type"]) == (
            entry["size"],
            entry["mediaType"],
        )
    for each in manifests:
        assert each.headers["Content-Type"] == each.json["mediaType"]
        assert each.headers["Docker-Content-Digest"] == "sha256:" + hashlib.sha256(each.body).hexdigest()
        for blob in [*each.json.get("layers", []), *filter(None, [each.json.get("config")])]:
            body = user.ask(f"/v2/{name}/blobs/{blob['digest']}").body
            assert "sha256:" + hashlib.sha256(body).hexdigest() == blob["digest"]


def test_by_digest(user):
    """A tag and its digest name the same manifest."""
    by_tag = user.ask(f"{CHURN}/manifests/1.4")
    by_digest = user.ask(f"{CHURN}/manifests/{by_tag.headers['Docker-Content-Digest']}")
    assert (by_digest.status, by_digest.body) == (200, by_tag.body)


@pytest.mark.parametrize(
    "address", [f"{CHURN}/manifests/1.4", f"{CHURN}/manifests/nope", f"{CHURN}/tags/list", "/v2/"]
)
def test_head(user, address):
    """HEAD has the head of GET, the length of the body included, and no body."""
    head, whole = user.ask(address, "HEAD"), user.ask(address)
    assert (head.status, head.body) == (whole.status, b"")
    assert [head.headers[name] for name in COMPARED] == [whole.headers[name] for name in COMPARED]
    assert head.headers["Content-Length"] == str(len(whole.body))


@pytest.mark.parametrize("accept", [(), ("*/*",), ("application/json",), (DOCKER.manifest, OCI_INDEX)])
def test_not_accepted(user, accept):
    """A manifest of a type that the client does not name is unknown, by tag and by digest."""
    reply = user.ask(f"{CHURN}/manifests/1.4", accept=accept)
    assert error(reply) == (404, "MANIFEST_UNKNOWN", None)
    assert reply.json["errors"][0]["message"].startswith("OCI manifest found, but")
    digest = REPOSITORIES["acme/churn"].tags["1.4"]
    assert user.ask(f"{CHURN}/manifests/{digest}", accept=accept).status == 404


def test_not_accepted_otherwise(user):
    """An index is told from a manifest, and of Docker's own types nothing is said."""
    reply = user.ask(f"{FORECAST}/manifests/3.1", accept=(OCI.manifest,))
    assert reply.json["errors"][0]["message"].startswith("OCI index found, but")
    reply = user.ask(f"{GPU}/manifests/2.0", accept=(OCI.manifest,))
    assert (error(reply), reply.json["errors"][0]["message"]) == (
        (404, "MANIFEST_UNKNOWN", None),
        "manifest unknown",
    )


@pytest.mark.parametrize(
    "accept",
    [(OCI.manifest,), (OCI_INDEX, OCI.manifest), (f"{OCI_INDEX},{OCI.manifest.upper()};q=0.5",)],
)
def test_accepted(user, accept):
    """The types may come in one header or in many, in any case, with parameters."""
    assert user.ask(f"{CHURN}/manifests/1.4", accept=accept).status == 200


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("acme/churn/manifests/nope", (404, "MANIFEST_UNKNOWN", {"Tag": "nope"})),
        ("acme/none/manifests/1", (404, "MANIFEST_UNKNOWN", {"Tag": "1"})),
        (
            f"acme/churn/manifests/{NO_DIGEST}",
            (404, "MANIFEST_UNKNOWN", {"Name": "acme/churn", "Revision": NO_DIGEST}),
        ),
        ("acme/churn/manifests/sha256:abc", (500, "UNKNOWN", {})),
        ("acme/none/tags/list", (404, "NAME_UNKNOWN", {"name": "acme/none"})),
        (f"acme/churn/blobs/{NO_DIGEST}", (404, "BLOB_UNKNOWN", NO_DIGEST)),
        (f"acme/none/blobs/{NO_DIGEST}", (404, "BLOB_UNKNOWN", NO_DIGEST)),
        ("acme/churn/blobs/sha256:abc", (400, "DIGEST_INVALID", {})),
    ],
)
def test_missing(user, path, expected):
    """What is not there, or can be nothing, is told in the words of a registry."""
    assert error(user.ask(f"/v2/{path}")) == expected


def test_foreign_blob(user):
    """A blob or a manifest of another repository is not there."""
    hello = REPOSITORIES["acme/hello"]
    for digest in hello.blobs:
        assert user.ask(f"{CHURN}/blobs/{digest}").status == 404
    assert user.ask(f"{CHURN}/manifests/{hello.tags['1.0']}").status == 404


def test_tags(user):
    """The tags of a repository can be listed."""
    assert user.ask(f"{CHURN}/tags/list").json == {"name": "acme/churn", "tags": ["1.4"]}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nowhere",
        "/v1/",
        "/v2/x",
        "/v2//",
        "/v2/acme//tags/list",
        "/v2/acme%2Fchurn/tags/list",
        "/v2/Acme/churn/tags/list",
        "/v2/acme/churn/tags/list/",
        "/v2/acme/../acme/churn/tags/list",
        "/v2/acme/churn-/tags/list",
        "/v2/acme/churn/nowhere/1",
        "/v2/acme/churn/manifests/-x",
        f"/v2/acme/churn/manifests/{129 * 'x'}",
        "/v2/acme/churn/blobs/x",
        "/v2/" + 20_000 * "a/" + "-",
    ],
)
def test_nowhere(bearer, path):
    """What is no address of a registry is not found, and nobody is asked for a login there."""
    reply = bearer.ask(path)
    assert (reply.status, reply.body) == (404, b"404 page not found\n")


@pytest.mark.parametrize("log_in", [False, True])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "acme/churn/manifests/1.4"),
        ("DELETE", "acme/churn/manifests/1.4"),
        ("POST", "acme/churn/blobs/uploads/"),
        ("PATCH", "acme/churn/blobs/uploads/x-1"),
        ("GET", "acme/churn/blobs/uploads/x-1"),
        ("DELETE", f"acme/churn/blobs/{NO_DIGEST}"),
        ("POST", "acme/churn/tags/list"),
        ("PUT", ""),
    ],
)
def test_writes(basic, log_in, method, path):
    """Nothing can be changed, by nobody."""
    if log_in:
        basic.log_in()
    body = b"{}" if method in ("PUT", "POST", "PATCH") else None
    reply = basic.ask(f"/v2/{path}", method, body=body)
    assert error(reply) == (405, "UNSUPPORTED", None)
    assert reply.headers["Docker-Distribution-Api-Version"] == "registry/2.0"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_blob_redirect(user, registry, method):
    """Blobs can be elsewhere, for whoever may have them; nothing else moves."""
    registry.faults.blob_redirect = "http://127.0.0.2:9/bucket"
    digest, *_ = REPOSITORIES["acme/churn"].blobs
    reply = user.ask(f"{CHURN}/blobs/{digest}", method)
    assert (reply.status, reply.headers["Location"]) == (
        307,
        f"http://127.0.0.2:9/bucket{CHURN}/blobs/{digest}",
    )
    assert user.ask(f"{CHURN}/blobs/{NO_DIGEST}").status == 404
    assert user.ask(f"{CHURN}/manifests/1.4").status == 200
    user.authorization = None
    assert user.ask(f"{CHURN}/blobs/{digest}", method).status == 401


@pytest.mark.parametrize("accept", [(), ("*/*",)])
def test_schema1(user, registry, accept):
    """Images can be of schema 1, whatever the client takes; what is missing stays missing."""
    registry.faults.schema1 = True
    reply = user.ask(f"{FORECAST}/manifests/3.1", accept=accept)
    assert (reply.status, reply.json["schemaVersion"], reply.json["tag"]) == (200, 1, "3.1")
    assert reply.headers["Content-Type"] == "application/vnd.docker.distribution.manifest.v1+prettyjws"
    assert user.ask(f"{FORECAST}/manifests/nope", accept=accept).status == 404


# The imitation beside what it imitates.


class Twin:
    """Debian's docker-registry with the same images, and a token that it believes."""

    def __init__(self, folder, registry):
        import bcrypt

        from tests.real.docker_registry import DockerRegistry
        from tests.real.token_server import ISSUER, SERVICE, Signer

        login = bcrypt.hashpw(registry.password.encode(), bcrypt.gensalt(4)).decode()
        (folder / "htpasswd").write_text(f"{registry.username}:{login}\n")
        self._signer = Signer(folder)
        self._service = SERVICE
        token = {
            "realm": f"http://{registry.host}/token",
            "service": SERVICE,
            "issuer": ISSUER,
            "rootcertbundle": str(self._signer.root),
        }
        htpasswd = {"realm": "sandbox", "path": str(folder / "htpasswd")}
        self.basic = DockerRegistry(folder / "basic", folder / "data", {"htpasswd": htpasswd})
        self.bearer = DockerRegistry(folder / "bearer", folder / "data", {"token": token})

    def token(self, *names):
        access = [{"type": "repository", "name": name, "actions": ["pull"]} for name in names]
        return f"Bearer {self._signer.token('anna', access)}"

    def told(self, reply):
        """What is compared of a reply; the name of the service differs."""
        headers = [reply.headers[name] for name in COMPARED]
        return (
            reply.status,
            [each and each.replace(self._service, "sandbox-registry") for each in headers],
            reply.body,
        )


def fill(twin):
    """Push the images of the imitation."""
    for repository in REPOSITORIES.values():
        for digest, blob in repository.blobs.items():
            place = twin.ask(f"/v2/{repository.name}/blobs/uploads/", "POST", body=b"").headers["Location"]
            path = "/v2/" + place.partition("/v2/")[2]
            assert twin.ask(f"{path}&digest={digest}", "PUT", body=blob.body).status == 201
        tags = {digest: tag for tag, digest in repository.tags.items()}
        for digest, image in reversed(repository.images.items()):
            path = f"/v2/{repository.name}/manifests/{tags.get(digest, digest)}"
            kind = {"Content-Type": image.manifest.media_type}
            assert twin.ask(path, "PUT", body=image.manifest.body, **kind).status == 201


@pytest.fixture
def twin(tmp_path, registry):
    """The real thing, ended at the end."""
    with contextlib.ExitStack() as stack:
        twin = Twin(tmp_path, registry)
        for each in (twin.basic, twin.bearer):
            stack.callback(each.stop)
        for each in (twin.basic, twin.bearer):
            each.wait_until_it_listens()
        yield twin


def questions():
    """What a client may ask for: all there is, and what is not."""
    paths = []
    for name, repository in REPOSITORIES.items():
        paths += [f"{name}/manifests/{reference}" for reference in (*repository.tags, *repository.images)]
        paths += [f"{name}/blobs/{digest}" for digest in repository.blobs]
    for missing in ("manifests/nope", f"manifests/{NO_DIGEST}", f"blobs/{NO_DIGEST}", "blobs/sha256:abc"):
        paths += [f"acme/{name}/{missing}" for name in ("churn", "none")]
    for path in [*paths, "", "x", "acme/churn/nowhere"]:
        yield from (("GET", f"/v2/{path}"), ("HEAD", f"/v2/{path}"))
    # Debian's has no HEAD for these, or an odd one.
    yield from (("GET", f"/v2/{name}/tags/list") for name in (*REPOSITORIES, "acme/none"))
    yield from (("GET", "/v2"), ("GET", "/nowhere"))


@pytest.fixture
def logins(twin, bearer, basic):
    """What may come along at each side: nothing, the right thing, wrong things; ours and the real one's."""
    good = basic.log_in().authorization
    # To the imitation what is acme's is anna's own, and she gets no more: the same is told to the real one.
    names = [*REPOSITORIES, "acme/none"]
    whole = bearer.log_in().take_token(*names).authorization
    empty = bearer.log_in().take_token().authorization
    own = [name for name in names if name.startswith("acme/")]
    return {
        "basic": [("", ""), (good, good), ("Basic YW5uYTp3cm9uZw==",) * 2, ("Bearer x",) * 2],
        "bearer": [
            ("", ""),
            (whole, twin.token(*own)),
            (empty, twin.token()),
            (good, good),
            ("Bearer a.b.c",) * 2,
        ],
    }


@pytest.mark.needs("docker-registry")
@pytest.mark.parametrize("side", ["bearer", "basic"])
def test_like_the_real_one(twin, logins, registry, guest, side):
    """With a login, with none, and with a wrong one, it answers as docker-registry does, to the byte."""
    ours = guest(registry.host if side == "bearer" else registry.basic_host)
    theirs = guest(twin.bearer.host if side == "bearer" else twin.basic.host)
    fill(guest(twin.basic.host).log_in())
    for mine, yours in logins[side]:
        for method, path in questions():
            if side == "basic" and not mine and path.startswith(HELLO):
                continue  # htpasswd knows nothing that is public
            told = twin.told(ours.ask(path, method, Authorization=mine))
            expected = twin.told(theirs.ask(path, method, Authorization=yours))
            assert told == expected, (method, path, mine.partition(" ")[0])


@pytest.mark.needs("docker-registry")
def test_not_accepted_like_the_real_one(twin, basic, guest):
    """A manifest of OCI's that the client does not take is refused as docker-registry refuses it."""
    theirs = guest(twin.basic.host).log_in()
    fill(theirs)
    for accept in ((), ("*/*",), (OCI.manifest,), (OCI_INDEX,), (DOCKER.manifest,)):
        for path in (f"{CHURN}/manifests/1.4", f"{FORECAST}/manifests/3.1", "/v2/acme/edge/manifests/1.0"):
            told = twin.told(basic.log_in().ask(path, accept=accept))
            assert told == twin.told(theirs.ask(path, accept=accept)), (path, accept)
