import dataclasses

import pytest

from aicore_magics.model.names import Registry
from aicore_magics.registry.presets import PRESETS, hosts_to_offer, preset_for

ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
LONGEST = 110


# The table


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_preset_speaks_in_short_plain_sentences(preset):
    """Hints are one sentence that fits a line, helps are no sentences, and nothing is missing."""
    assert preset.name
    assert preset.example
    assert preset.refused.endswith(".")
    assert preset.no_access.endswith(".") or not preset.no_access
    assert preset.ended.endswith(".") or not preset.ended
    for text in (preset.user, preset.token, preset.where, preset.lives):
        assert text
        assert not text.endswith(".")
    for text in (preset.user, preset.token, preset.where, preset.lives, preset.refused, preset.no_access):
        assert len(text) <= LONGEST
        assert not any(word in text.lower() for word in ("please", "sorry", "!"))


def test_presets_cannot_be_changed():
    """A preset is a value."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        PRESETS[0].name = "x"


def test_names_are_unique():
    """No two presets go by one name or one host."""
    hosts = [host for preset in PRESETS for host in preset.hosts]
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)
    assert len(set(hosts)) == len(hosts)


def test_the_words_for_a_login_that_github_refuses():
    """The hint is the one that was agreed on."""
    agreed = "GitHub needs the account name and a classic token with read:packages."
    assert preset_for(Registry.parse("ghcr.io")).refused == agreed


@pytest.mark.parametrize(
    ("registry", "realms"),
    [
        ("docker.io", ("auth.docker.io",)),
        ("ghcr.io", ()),
        ("registry.gitlab.com", ()),
        ("rg.nl-ams.scw.cloud", ("api.scaleway.com",)),
        ("registry.cn-shanghai.aliyuncs.com", ("dockerauth.cn-hangzhou.aliyuncs.com",)),
    ],
)
def test_where_else_a_login_may_go(registry, realms):
    """Only a login for which it is known may go to a host that is neither its own nor above it."""
    assert preset_for(registry).realms == realms


# By host


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("docker.io", "Docker Hub"),
        ("index.docker.io", "Docker Hub"),
        ("https://index.docker.io/v1/", "Docker Hub"),
        ("ghcr.io", "GitHub Container Registry"),
        ("GHCR.io:443", "GitHub Container Registry"),
        ("ghcr.io/acme", "GitHub Container Registry"),
        ("https://anna:s3cret@ghcr.io/acme", "GitHub Container Registry"),
        ("registry.gitlab.com", "GitLab Container Registry"),
        ("quay.io", "Quay"),
        (ECR, "Amazon ECR"),
        ("myreg.azurecr.io", "Azure Container Registry"),
        ("*.azurecr.io", "Azure Container Registry"),
        ("europe-west3-docker.pkg.dev", "Google Artifact Registry"),
        ("eu.gcr.io", "Google Artifact Registry"),
        ("my-repo.common.repositories.cloud.sap", "JFrog Artifactory"),
        ("de.icr.io", "IBM Cloud Container Registry"),
        ("cp.icr.io", "IBM Entitled Registry"),
        ("fra.ocir.io", "Oracle Container Registry (OCIR)"),
        ("ocir.eu-frankfurt-1.oci.oraclecloud.com", "Oracle Container Registry (OCIR)"),
        ("registry.digitalocean.com", "DigitalOcean Container Registry"),
        ("nvcr.io", "NVIDIA NGC"),
        ("rg.fr-par.scw.cloud", "Scaleway Container Registry"),
        ("registry.cn-hangzhou.aliyuncs.com", "Alibaba Cloud Container Registry"),
        ("acme-registry.eu-central-1.cr.aliyuncs.com", "Alibaba Cloud Container Registry"),
        ("crpi-1a2b.cn-hangzhou.personal.cr.aliyuncs.com", "Alibaba Cloud Container Registry"),
    ],
)
def test_the_preset_of_a_host(host, name):
    """A registry is known by its host, in any spelling of an auth key."""
    assert preset_for(host).name == name


@pytest.mark.parametrize(
    "host",
    [
        "",
        "gitlab.com",
        "ghcr.io.example.com",
        "my.ghcr.io",
        "ghcr.io:5000",
        "a.b.azurecr.io",
        "azurecr.io",
        "xdocker.pkg.dev",
        "example.com/ghcr.io",
        f"x.{ECR}",
        "registry.example.com:5000",
        "rg.scw.cloud",
        "oss.cn-hangzhou.aliyuncs.com",
        "functions.eu-frankfurt-1.oci.oraclecloud.com",
        "my.nvcr.io",
    ],
)
def test_no_preset_for_another_host(host):
    """A pattern is matched label by label, so that a host that only looks like it is not taken for it."""
    assert preset_for(host) is None


@pytest.mark.parametrize("preset", [one for one in PRESETS if one.hosts], ids=lambda preset: preset.name)
def test_every_example_is_one_of_its_own(preset):
    """What stands there as an example is found as that registry."""
    assert preset_for(preset.example) is preset


def test_what_completion_offers():
    """Only registries that can be typed as they are, each once, the best known first."""
    offered = hosts_to_offer()
    assert offered[0] == "docker.io"
    assert {"ghcr.io", "quay.io", "registry.gitlab.com"} <= set(offered)
    assert len(set(offered)) == len(offered)
    for host in offered:
        assert str(Registry.parse(host)) == host
        assert preset_for(host)
