import base64

import pytest

from aicore_magics.base.tokens import MASK, token_kind, without_tokens
from tests import processor


def b64(text):
    return base64.b64encode(text.encode()).decode()


XSUAA = "1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f" + "$" + 10 * "Ab1_" + "="
TOKENS = [
    ("a Docker Hub token", "dckr_pat_" + 9 * "Ab-"),
    ("a Docker Hub token", "dckr_oat_" + 9 * "Ab_"),
    *(("a GitHub token", f"gh{kind}_" + 9 * "Ab1c") for kind in "pousr"),
    ("a GitHub token", "github_pat_" + 20 * "Ab1_"),
    *(("a GitLab token", f"gl{kind}-" + 5 * "Ab1-") for kind in ("pat", "dt", "rt", "cbt")),
    ("an AWS key", "AKIA" + 4 * "AB12"),
    ("an AWS key", "ASIA" + 4 * "AB12"),
    ("a JWT", ".".join(["eyJ" + b64("alg")] * 2 + [8 * "c2ln"])),
    ("a JWT", ".".join(["eyJ" + b64("alg")] * 2 + [""])),
    *(("a private key", f"-----BEGIN {kind}PRIVATE KEY-----") for kind in ("", "RSA ", "OPENSSH ")),
    ("an XSUAA client secret", XSUAA),
    ("a Hugging Face token", "hf_" + 17 * "Ab"),
    ("an Anthropic key", "sk-ant-api03-" + 20 * "Ab1-"),
    ("an OpenAI key", "sk-proj-" + 20 * "Ab1_"),
    ("an OpenAI key", "sk-" + 12 * "Ab1c"),
    ("an npm token", "npm_" + 9 * "Ab1c"),
    ("a PyPI token", "pypi-AgEIcHlwaS5vcmc" + 20 * "Ab1_"),
    ("a Slack token", "xoxb-" + 12 * "1" + "-" + 6 * "Ab1c"),
    ("a Google API key", "AIza" + 7 * "Ab1-c"),
]


@pytest.mark.parametrize("around", ["{}", "token={}", "{}\n", "user:{}@ghcr.io", "'{}'", "/{}/"])
@pytest.mark.parametrize(("kind", "token"), TOKENS, ids=[token[:12] for _, token in TOKENS])
def test_token_kinds(kind, token, around):
    """Each kind of token is known by its shape, alone or inside something longer."""
    assert token_kind(around.format(token)) == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "team-ghcr",
        "a..b",
        "robot$ci",
        "robot$acme+pull",
        "_json_key_base64",
        "GHCR_TOKEN",
        "AKIA",
        "akiaabcdefghijklmnop",
        "asia-docker.pkg.dev",
        "glpat-rotator",
        "ghp_",
        "ghost_writers_of_the_world",
        "eyJhbGciOi",
        "dckr_pat_",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----",
        "ghcr.io/acme/churn@sha256:" + 8 * "0123abcd",
        "sha512:" + 16 * "0123abcd",
        8 * "0123abcd",
        "1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f",
        "sb-1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f!b1234|aicore!b540",
        "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com/v2",
        "/home/anna/.aicore/config_prod.json",
        64 * "x",
        "correct horse battery staple",
        "laughs_at_everything_always",
        "highs_and_lows_dataset.json",
        "weighs_and_measures_registry",
        "ASIAPACIFICREGISTRY",
        "AKIA" + 17 * "A",
        "xAKIA" + 16 * "A",
        "hf_hub_download_of_the_whole_model_repository",
        "sk-proj-churn-prediction-registry-2024",
        "ghcr.io/acme/sk-" + 5 * "0123abcd",
        "sk-ant-hill-detection-images-for-training",
        "task-0123456789012345678901234567890123",
        "npm_config_registry_of_the_whole_organisation",
        "pypi-proxy-registry-of-the-whole-organisation-in-europe-and-asia",
        "xoxo-from-anna-2024",
        "AIzawa-team",
    ],
)
def test_no_token(text):
    """Names, images, digests, UUIDs and mere length are no token."""
    assert token_kind(text) is None


@pytest.mark.parametrize(
    "part",
    [
        "eyJa",
        "eyJ.",
        "eyJaaaa.",
        "A",
        "AKIA",
        "ghp_",
        "dckr_pat_a ",
        "gl",
        "-----BEGIN ",
        "0",
        "1a2b3c4d-",
        "é",
        "sk-",
        "sk-proj-",
        "pypi-",
        "hf_",
        "xoxb-1",
        "AIza",
    ],
)
def test_token_kind_is_not_slow(part):
    """64 KiB take less than 50 ms, whatever they are made of."""
    text = (part * 65_536)[:65_536]
    assert processor.tried(lambda: token_kind(text))[1] < 50


@pytest.mark.parametrize(("kind", "token"), TOKENS, ids=[token[:12] for _, token in TOKENS])
def test_without_tokens(kind, token):
    """Every token in a text is masked, and nothing else."""
    assert without_tokens(f"[{token}] and [{token}]") == f"[{MASK}] and [{MASK}]"
    assert without_tokens("team-ghcr at ghcr.io") == "team-ghcr at ghcr.io"
