import json
import os
import subprocess

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.http.deadline import Deadline
from aicore_magics.model.docker_secret import DockerSecret, RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import SecretName
from aicore_magics.registry.single_check import check_image
from tests.real.registry_bench import ANNA, PRIVATE

pytestmark = pytest.mark.needs("docker-registry", "skopeo")

SECONDS = 20


@pytest.fixture
def inspect(tmp_path):
    """Let skopeo look at an image with the `.dockerconfigjson` of *login* as its authfile, byte for byte."""

    def inspect(backend, login, tag="amd64"):
        secret = DockerSecret(SecretName.parse("team"), (login,))
        file = tmp_path / "auth.json"
        file.touch(0o600)
        file.write_text(secret.dockerconfigjson().reveal(), "utf-8")
        where = f"docker://{backend.host}/{PRIVATE}:{tag}"
        return subprocess.run(
            ["skopeo", "inspect", "--tls-verify=false", "--authfile", file, where],
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )

    return inspect


def test_skopeo_reads_what_we_write(backend, inspect):
    """Our `.dockerconfigjson`, odd user and password and all, opens the image to skopeo as it is."""
    said = inspect(backend, RegistryLogin(backend.host, ANNA.name, Secret(ANNA.password)))
    assert said.returncode == 0, said.stderr.decode()
    seen = json.loads(said.stdout)
    assert (seen["Name"], seen["Architecture"]) == (f"{backend.host}/{PRIVATE}", "amd64")


@pytest.mark.parametrize("tag", ["amd64", "docker-list"])
def test_skopeo_sees_the_same_digest(backend, inspect, transport, tag):
    """The digest that a check sees is the one that skopeo tells of the tag."""
    login = RegistryLogin(backend.host, ANNA.name, Secret(ANNA.password))
    reference = ImageReference.parse(f"{backend.host}/{PRIVATE}:{tag}")
    verdict = check_image(reference, login, transport=transport, deadline=Deadline(SECONDS))
    assert verdict.digest == json.loads(inspect(backend, login, tag).stdout)["Digest"]


@pytest.mark.parametrize("wrong", ["password", "user"])
def test_skopeo_is_refused_with_a_wrong_login(backend, inspect, wrong):
    """With another password, or another user, skopeo fails: it is the login that opened the image."""
    user = ANNA.name + ("x" if wrong == "user" else "")
    password = ANNA.password + ("x" if wrong == "password" else "")
    said = inspect(backend, RegistryLogin(backend.host, user, Secret(password)))
    assert said.returncode != 0
    assert not said.stdout
    assert b"uthentication required" in said.stderr or b"unauthorized" in said.stderr.lower()
