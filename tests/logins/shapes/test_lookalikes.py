from __future__ import annotations

import time

import pytest

from aicore_magics.errors import InvalidFile
from aicore_magics.logins.file_formats import parse_logins
from aicore_magics.logins.shapes.lookalikes import lookalike
from aicore_magics.model.names import Registry
from tests.logins.shapes.samples import b64

R = Registry("r.example")
SALT, HASH = "saltSALT", "aB3./xyzAB" * 9
HTPASSWD, URL = "an htpasswd file: it has a hash, not the password", "an address (URL)"
LINUX = "a list of users of Linux (passwd or shadow)"
FIELD, PATH, IMAGE = "a single field and its value", "the path of a file", "an image with its tag"
WITH_PASSWORD = f"{URL} with user and password"
PORT, ARN = "a host with its port", "the name of a resource, not the secret in it"
KEPT = "a note of where a secret is kept"

NO_LOGINS = {
    HTPASSWD: [
        f"anna:$2y$05${HASH[:53]}",
        f"anna:$2b$12${HASH[:53]}\n",
        f"anna:$apr1${SALT}${HASH[:22]}",
        f"anna:$6${SALT}${HASH[:86]}",
        f"anna:$5$rounds=5000${SALT}${HASH[:43]}",
        f"anna:$y$j9T${SALT}${HASH[:43]}",
        f"anna:$argon2id$v=19$m=65536,t=3,p=4${SALT}${HASH[:43]}",
        "anna:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
        f"anna:{{SSHA}}{HASH[:32]}",
        f"anna:$2y$05${HASH[:53]}\nbob:$2y$05${HASH[:53]}\n",
        f"anna:$apr1${SALT}${HASH[:22]}\r\nbob:x\r\n",
        f"# users\n\n  # of the registry\nanna:$2b$05${HASH[:53]}",
    ],
    LINUX: [
        f"anna:$6${SALT}${HASH[:86]}:19000:0:99999:7:::",
        f"anna:$y$j9T${SALT}${HASH[:43]}:19000:0:99999:7:::",
        "anna:x:1000:1000:Anna,,,:/home/anna:/bin/bash",
        "root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/usr/sbin/nologin\n",
        "anna:!:19000:0:99999:7:::",
        "daemon:*:19000:0:99999:7:::",
    ],
    PATH: [
        "C:\\Users\\anna\\token.txt",
        "c:\\token",
        "C:/Users/anna/token.txt",
        "D:/data/config.json",
        "file:/run/secrets/token",
        "file:token.txt",
    ],
    WITH_PASSWORD: [
        "https://anna:pw@ghcr.io",
        "http://anna:pw@proxy.example.com:3128",
        "https://anna:pw@git.example.com/x.git",
        "https://anna:pw@a.io\nhttps://bob:pw@b.io\n",
        "https://oauth2:glpat-x@gitlab.com",
    ],
    URL: [
        "https://ghcr.io",
        "http://registry.example.com:5000/v2/",
        "docker://ghcr.io/acme/churn:1.4",
        "oci://ghcr.io/acme/chart",
        "postgres://anna:pw@db.example.com:5432/x",
        "https://token@github.com",
        "ref+vault://secret/x#pw",
        "jdbc:sap://db.example.com:443",
    ],
    ARN: [
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:regcred-AbCdEf",
        "arn:aws:ecr:eu-central-1:123456789012:repository/churn",
        "arn:aws-cn:iam::123456789012:role/x",
        "arn:aws:ssm:eu-central-1:1:parameter/x",
        "urn:uuid:00000000-0000-0000-0000-000000000000",
    ],
    KEPT: ["vault:secret/x#pw", "vault:secret/data/team/registry", "ssm:/team/token", "env:DOCKER_TOKEN"],
    "a digest": [f"sha256:{64 * 'a'}", f"sha512:{128 * '0'}", f"md5:{32 * '1'}", f"sha1:{40 * 'f'}"],
    FIELD: [
        "password:xyz",
        "Password:xyz",
        "passwd:xyz",
        "username:anna",
        "_authToken:npm_x",
        "access_token:xyz",
        "identitytoken:xyz",
        "Authorization:Bearer",
        "DOCKER_PASSWORD:xyz",
        "client_secret:xyz",
    ],
    "an .npmrc, for packages of npm": [
        "//registry.npmjs.org/:_authToken=npm_xyz",
        "//npm.example.com/:_password=eHl6\n//npm.example.com/:username=anna\n",
        "//npm.example.com/x/:_auth = eHl6",
        "//npm.example.com/:always-auth=true\n//npm.example.com/:_auth=x",
        "//npm.pkg.github.com/:_authToken=ghp_x\n@acme:registry=https://npm.pkg.github.com\n",
    ],
    "a .pgpass, for a database": [
        "db.example.com:5432:sales:anna:pw",
        "*:*:*:anna:pw",
        "localhost:5432:*:anna:pw",
        "db:5432:x:anna:pw\ndb:5432:y:anna:pw\n",
    ],
    "the address of a git repository": [
        "git@github.com:acme/churn.git",
        "git@github.com:acme/churn",
        "git@ssh.dev.azure.com:v3/acme/x/y",
        "acme-host:churn.git",
        "anna@git.example.com:team/churn.git",
    ],
    "a path on another machine": ["anna@host:/home/anna/token", "host:/etc/docker/config.json", "hh:/tmp/x"],
    "a key for AWS": [f"{kind}{16 * 'A'}:aB3/xyz" for kind in ("AKIA", "ASIA")],
    "a time": ["12:30", "12:30:59", "2026-11-30T11:00:00Z", "2026-11-30T11:00:00+01:00"],
    "a fingerprint or the address of a network card": ["aa:bb:cc:dd:ee:ff", ":".join(20 * ["A1"])],
}
MAY_BE = {
    IMAGE: [
        "ghcr.io/acme/churn:1.4",
        "registry.example.com/churn:latest",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/churn:v1",
        "localhost/churn:dev",
        "acme/churn:v1.4.0-rc.1",
        "python:3.11-slim",
        "busybox:latest",
        f"ghcr.io/acme/churn:1.4@sha256:{64 * 'a'}",
    ],
    "an image with its digest": [f"ghcr.io/acme/churn@sha256:{64 * 'a'}", f"churn@sha256:{64 * '0'}"],
    "an image": ["registry:5000/acme/churn:1.4", "registry:5000/acme/churn"],
    PORT: [
        "registry.example.com:5000",
        "localhost:5000",
        "10.0.0.1:5000",
        "ghcr.io:443",
        "registry.local:80",
        "quay.io:8443",
    ],
    "a host with its port and a path": [
        "registry.example.com:5000/acme/churn:1.4",
        "localhost:5000/v2/",
        "10.0.0.1:5000/churn",
    ],
}
LOGINS = [
    *("anna:pw:1", "anna@acme.com:token", "acme/anna:token", "token:xyz", "user:xyz", "secret:xyz"),
    *("robot$p+ci:xyz", "$oauthtoken:nvapi-xyz", "iamapikey:xyz", "AWS:eyJ", "anna.may:Xy7!", "_token:x"),
    *("axabcdefgh/oracleidentitycloudservice/anna@acme.com:pw:1", "anna:$ecret", "anna:$2y$5", "anna:{SHA}x"),
    *("anna:/kQz+7==", "anna://kQz7", "a:b", "anna:1234", "anna:1.4a", "C:pw", "vault:s3cret", "env:xy"),
    *("anna.may:12345", "anna.may:99", "acme\\anna:pw", "AWS:arn:aws", "robot$acme+ci:$2"),
    *("anna:C:\\x", "anna:sha256", "anna:7/Kq=", "acme:http://x", "0:0", "anna:P@ss.word", "aa:bb:cc"),
    *("00000000-0000-0000-0000-000000000000:eyJ.eyJ.x", "gitlab+deploy-token-1:gldt-x", "auth:xyz"),
]


@pytest.mark.parametrize(
    ("what", "text"), [pytest.param(what, text, id=text) for what in NO_LOGINS for text in NO_LOGINS[what]]
)
def test_what_is_no_login(what, text):
    """What has a colon in it and is known to be something else is called that, in base64 as well."""
    for written, said in ((text, f"the file is {what}"), (b64(text), f"the file is base64 of {what}")):
        with pytest.raises(InvalidFile) as caught:
            parse_logins(written, registry=R)
        assert caught.value.what == said
        assert caught.value.next


@pytest.mark.parametrize(
    ("what", "text"), [pytest.param(what, text, id=text) for what in MAY_BE for text in MAY_BE[what]]
)
def test_what_may_be_no_login(what, text):
    """An image or a host with a number is not stored as a login; that it may be one is said."""
    with pytest.raises(InvalidFile) as caught:
        parse_logins(text, registry=R)
    assert caught.value.what == f"the file may be {what}, not user and token"
    assert "username" in str(caught.value.next)


@pytest.mark.parametrize("text", LOGINS)
def test_what_is_a_login(text):
    """User and token are read, whatever characters are in the token."""
    (login,) = parse_logins(text, registry=R).logins
    user, _, token = text.partition(":")
    assert (login.username, login.password.reveal()) == (user, token)


@pytest.mark.parametrize(
    "part", ["a", "a.", "a/", "a:", "$2y$", "1.", ":", "a@", "/:", "\\", "1:", "=", "a-"]
)
def test_time_does_not_explode(part):
    """The longest text is judged in a moment, whatever it is made of."""
    begin = time.process_time()
    for start in ("", "a:", "a.io/", "a:$6$", "//", "https://a:", "C:/"):
        for end in ("", "!", ":\n"):
            lookalike(start + part * (50_000 // len(part)) + end, lambda value: value)
    assert time.process_time() - begin < 2
