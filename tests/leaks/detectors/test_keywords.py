from __future__ import annotations

import sys

import pytest

from aicore_magics.leaks.detectors.keywords import (
    NEAR,
    Words,
    is_about_registry,
    names_registry,
    small_letters,
    word_starts,
)


def test_every_letter_keeps_its_place():
    """Small letters are as many as the text has: places found in them hold in the text."""
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert len(small_letters(every)) == len(every)


def test_occurrences_do_not_overlap():
    """A word is found again behind the last one, and not in the middle of it."""
    assert word_starts("aaaa-aa", ["aa", "-"]) == [(0, "aa"), (2, "aa"), (5, "aa"), (4, "-")]


def test_near_is_a_number_of_characters():
    """A word counts for what stands at most so many characters from its beginning, before it or behind it."""
    words = Words(f"docker{NEAR * 3 * ' '}", ["docker"])
    assert words.near(NEAR)
    assert not words.near(NEAR + 1)
    assert Words(f"{NEAR * ' '}docker", ["docker"]).near(0)
    assert not Words(f"{(NEAR + 1) * ' '}docker", ["docker"]).near(0)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        *((name, True) for name in ("GHCR_TOKEN", "dockerPassword", "NEXUS_PASSWORD", "ocir_auth_token")),
        *((name, True) for name in ("HARBOR_ROBOT_SECRET", "acr_password", "acrPassword", "NGC_API_KEY")),
        *(
            (name, True)
            for name in ("SCW_SECRET_KEY", "icr_apikey", "gar_password", "GITEA_TOKEN", "nvcrKey")
        ),
        *((name, True) for name in ("forgejo_pat", "aliyun_password", "IBMCLOUD_API_KEY", "scaleway_secret")),
        *((name, False) for name in ("db_password", "macro_password", "micro_token", "cigar_key", "sacred")),
    ],
)
def test_names_of_registries(name, is_one):
    """A variable tells by its name that it is for a registry."""
    assert names_registry(name) is is_one


@pytest.mark.parametrize(
    "text",
    [
        *("docker build .", "docker_registry_secrets.create(x)", "from ai_core_sdk import AICoreV2Client"),
        *("https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com/v2", "AI-Resource-Group", "SAP AI Core"),
        *("ghcr.io/acme/churn", "nvcr.io/nvidia", "fra.ocir.io/x", "de.icr.io", "rg.fr-par.scw.cloud/a"),
        *(
            "acme.azurecr.io",
            "europe-west3-docker.pkg.dev/p",
            "1.dkr.ecr.eu-central-1.amazonaws.com",
            "eu.gcr.io",
        ),
        *(
            "registry.cn-hangzhou.aliyuncs.com",
            "a.common.repositories.cloud.sap",
            "https://harbor.acme.example",
        ),
        *("nexus.acme.example:5000/x", "gitea.acme.example", "acme.jfrog.io", "registry.gitlab.com/a"),
        *(
            'registry = "reg.acme.example"',
            "--registry x",
            "{'registry': x}",
            "imagePullSecrets",
            "skopeo copy",
        ),
        *(
            "import gen_ai_hub",
            "POST /v2/admin/dockerRegistrySecrets",
            "podman login",
            "the container registry",
        ),
        *("crane push x y", "oras pull x", "helm registry login x", "public.ecr.aws/x/y", "lscr.io/x/y"),
        *("crane auth login x", "oras cp x y", "codeberg.org/anna/x"),
    ],
)
def test_what_makes_a_text_be_about_a_registry(text):
    """A registry's host, what talks to one, and AI Core's SDK or API do."""
    assert is_about_registry(f"x\n{text}\ny")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "the model registry of MLflow",
            "import winreg",
            "postgresql://",
            "a nexus of ideas",
            "Pearl Harbor",
            "a crane lifts, oras are said",
            "helm upgrade x",
        ),
        *("iVBORw0KGgodockerAAAA", "redocker", "mycr.ion", "sklearn", "aicorex"[1:], "feature_registry"),
    ],
)
def test_what_does_not(text):
    """Other registries, and letters inside of base64 or of a word, do not."""
    assert not is_about_registry(text)
