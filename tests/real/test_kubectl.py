import base64
import json
import os
import subprocess

import pytest
import yaml

from aicore_magics.base.redact import Secret
from aicore_magics.model.docker_secret import DockerSecret, RegistryLogin
from aicore_magics.model.names import Registry, SecretName

pytestmark = pytest.mark.needs("kubectl")

PASSWORDS = {
    "plain": "abc123",
    "umlaut, euro, smiley, line separator": "".join(map(chr, (0xE4, 0x20AC, 0x1F600, 0x2028, ord("z")))),
    "combined letter and space of its own": "".join(map(chr, (ord("e"), 0x301, 0xA0, ord("x")))),
    "quotes": "'a' \"b\" `c`",
    "shell": "$HOME $(id) ${x}",
    "braces": "{{x}} {'y': 1}",
    "backslashes": "a\\b\\\\n\\",
    "html": "<a>&amp;</a>",
    "colon": "a:b::",
    "leading hyphen": "-x --y",
    "base64": "ab+/==",
    "spaces around": " a ",
    "long": "aB3$" * 1250,
}
# What people type, and the same registry as kubectl has to be told it.
REGISTRIES = {
    "ghcr.io": "ghcr.io",
    "https://GHCR.io/v2/": "ghcr.io",
    "reg.example.com:5000": "reg.example.com:5000",
    "127.0.0.1:5000": "127.0.0.1:5000",
    "[::1]:5000": "[::1]:5000",
    "docker.io": "https://index.docker.io",
    "https://index.docker.io/v1/": "https://index.docker.io",
}


@pytest.fixture
def by_kubectl(tmp_path):
    """Let kubectl make the secret, without a cluster, and give its `.dockerconfigjson`."""

    def make(server, username, password):
        said = subprocess.run(
            [
                *("kubectl", "create", "secret", "docker-registry", "team", "--dry-run=client", "-o", "yaml"),
                *(f"--docker-server={server}", f"--docker-username={username}"),
                f"--docker-password={password}",
            ],
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            cwd=tmp_path,
            capture_output=True,
            check=False,
            timeout=20,
        )
        assert said.returncode == 0, said.stderr.decode()
        secret = yaml.safe_load(said.stdout)
        assert secret["type"] == "kubernetes.io/dockerconfigjson"
        return base64.b64decode(secret["data"][".dockerconfigjson"], validate=True).decode()

    return make


def by_us(registry, username, password):
    secret = DockerSecret(
        SecretName.parse("team"), (RegistryLogin(Registry.parse(registry), username, Secret(password)),)
    )
    return secret.dockerconfigjson().reveal()


def read(text):
    """The objects in *text* as lists of pairs, so that their order counts."""
    return json.loads(text, object_pairs_hook=list)


@pytest.mark.parametrize("password", PASSWORDS.values(), ids=PASSWORDS)
def test_the_password(by_kubectl, password):
    """Whatever the password, our `.dockerconfigjson` reads as kubectl's, fields in the same order."""
    assert read(by_us("ghcr.io", "anna", password)) == read(by_kubectl("ghcr.io", "anna", password))


@pytest.mark.parametrize("username", ["robot$ci+push", "_json_key", "a@b.example", "o'\"\\<&>", "änne €"])
def test_the_user(by_kubectl, canary, username):
    """Whatever the user is called, our `.dockerconfigjson` reads as kubectl's."""
    assert read(by_us("ghcr.io", username, canary)) == read(by_kubectl("ghcr.io", username, canary))


@pytest.mark.parametrize(("typed", "server"), REGISTRIES.items())
def test_the_registry(by_kubectl, canary, typed, server):
    """Whatever way a registry is typed, its entry is the one kubectl makes for its canonical host."""
    assert read(by_us(typed, "anna", canary)) == read(by_kubectl(server, "anna", canary))
