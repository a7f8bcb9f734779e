"""Which program makes a login for which registry, and that nothing of a host goes into a script unseen."""

from __future__ import annotations

import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.registry.lifetimes import LIFETIMES
from aicore_magics.registry.presets import PRESETS, preset_for
from aicore_magics.rotation.minting import mint_for
from tests.rotation.plans import REGISTRIES, USERS

AZURE = "az acr login --name acmedev --expose-token --output tsv --query accessToken"


@pytest.mark.parametrize(
    ("registry", "cloud", "line"),
    [
        (REGISTRIES["ecr"], "aws", "aws ecr get-login-password --region eu-central-1"),
        (REGISTRIES["ecr-fips"], "aws", "aws ecr get-login-password --region us-gov-west-1"),
        (REGISTRIES["ecr-china"], "aws", "aws ecr get-login-password --region cn-north-1"),
        (REGISTRIES["ecr-public"], "aws", "aws ecr-public get-login-password --region us-east-1"),
        ("https://acmedev.azurecr.io/v1/", "azure", AZURE),
        ("acmedev-a1b2.azurecr.io", "azure", AZURE),
        (REGISTRIES["gar"], "google", "gcloud auth print-access-token"),
        ("eu.gcr.io", "google", "gcloud auth print-access-token"),
        ("gcr.io", "google", "gcloud auth print-access-token"),
    ],
)
def test_the_program_for_a_registry(registry, cloud, line):
    """Each cloud's own program makes the login of the user that this cloud gives to its tokens."""
    mint = mint_for(registry)
    assert (mint.cloud, mint.username, mint.line) == (cloud, USERS[cloud], line)


def test_a_login_lives_as_long_as_the_radar_says():
    """The life of what is made is that of the same user's login anywhere else in the product."""
    for name in ("ecr", "acr", "gar"):
        mint = mint_for(REGISTRIES[name])
        assert mint.life == next(kind.life for kind in LIFETIMES if kind.user == mint.username)


def test_no_other_registry_has_a_program():
    """Of the known registries only those of the three clouds have one, and no host that looks like one."""
    minted = {preset.name for preset in PRESETS if mint_for(preset.example) or mint_for(f"{preset.example}")}
    assert minted <= {"Amazon ECR", "Azure Container Registry", "Google Artifact Registry"}
    for host in (
        *("ghcr.io", "docker.io", "quay.io", "acme.jfrog.io", "harbor.example.com", "localhost:5000"),
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.example",
        "x.123456789012.dkr.ecr.eu-central-1.amazonaws.com",
        "acmedev.azurecr.io.evil.example",
        "a.b.azurecr.io",
        "evil.example/europe-docker.pkg.dev",
    ):
        assert mint_for(host) is None, host
    assert preset_for("ghcr.io")


@given(st.from_regex(r"[0-9]{12}\.dkr\.ecr\..{1,30}\.amazonaws\.com|.{1,40}\.azurecr\.io|.{1,20}pkg\.dev"))
def test_no_host_puts_anything_into_the_command(registry):
    """Whatever a host looks like, the command is made of words that a shell takes as they are."""
    mint = mint_for(registry)
    assert mint is None or all(re.fullmatch(r"[a-zA-Z0-9-]+", word) for word in mint.command)
    assert mint is None or tuple(shlex.split(mint.line)) == mint.command
