"""The kinds of credential that are looked for: how each is called, where it is revoked, how it looks.

The shapes are those that the makers document or that their secret scanning names. Each takes linear time: a
repetition stands behind a start that cannot be inside another try of the same run.
"""

from __future__ import annotations

from dataclasses import dataclass

# Nothing of a word before it; but what an encoding leaves there, as in `%3Dghp_…` or `\nghp_…`, is no word.
_ENCODED = r"(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt])|(?<=\\u[0-9A-Fa-f]{4})"
_START = rf"(?:(?<![A-Za-z0-9])|{_ENCODED})"
_START_WORD = rf"(?:(?<![\w-])|{_ENCODED})"
_START_BASE64 = rf"(?:(?<![A-Za-z0-9+/])|{_ENCODED})"
_END = r"(?![A-Za-z0-9])"
# What stands between the first and the last line of a key, quoted line by line even; no second key.
_KEY_BODY = r"""[A-Za-z0-9+/=\s\\"',:]*(?:-(?!----)[A-Za-z0-9+/=\s\\"',:]*)*"""
_KEY_END = r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
_KEY_LINES = r"""(?:(?:[\s"',]|\\[nr])*[A-Za-z0-9+/=]{40,})+"""  # of one that was cut off
_PRIVATE_KEY = (
    rf"-----BEGIN [A-Z0-9 ]{{0,40}}PRIVATE KEY(?: BLOCK)?-----(?:{_KEY_BODY}{_KEY_END}|{_KEY_LINES})"
)
_FIELD = r"""\\{0,15}["']\s{0,8}:\s{0,8}\\{0,15}["']"""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of credential.

    *words* is what it is called, *revoke* how it is made worthless. *shape* is the pattern that finds it by
    its looks alone, in its group `secret` if it has one; it is tried only where one of *hints* stands in the
    text, in small letters, and counts only where *near* stands near it. *variable* is one to keep it in; it
    is empty for what no registry takes.
    """

    id: str
    words: str
    revoke: str
    shape: str = ""
    hints: tuple[str, ...] = ()
    variable: str = ""
    near: str = ""

    @property
    def placeholder(self) -> str:
        """What stands in its place: a word that is whole in Python, YAML, JSON, HTML, a shell and a URL."""
        return f"REMOVED_{self.id.upper().replace('-', '_')}"


_GITHUB = "github.com, Settings, Developer settings, Personal access tokens"
_AWS = "the AWS console, IAM, the user's security credentials"
_SERVICE_KEY = "delete the service key or binding in the BTP cockpit, and make a new one"
_REGISTRY = "change it at the registry, or delete the token there"
_SERVICE = "change the password at the service it is for"

# The first of two that meet in one place names both. So what says more stands first.
KINDS: tuple[Kind, ...] = (
    Kind(
        "docker-hub-token",
        "a Docker Hub token",
        "app.docker.com, Settings, Personal access tokens",
        _START + r"dckr_(?:pat|oat)_[\w-]{8,}",
        ("dckr_",),
        variable="DOCKER_HUB_TOKEN",
    ),
    Kind(
        "github-token",
        "a GitHub token",
        _GITHUB,
        _START + r"gh[pousr]_\w{16,}",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
        variable="GHCR_TOKEN",
    ),
    Kind(
        "github-fine-grained-token",
        "a fine-grained GitHub token",
        _GITHUB,
        _START + r"github_pat_\w{16,}",
        ("github_pat_",),
        variable="GHCR_TOKEN",
    ),
    Kind(
        "gitlab-token",
        "a GitLab token",
        "GitLab, Preferences or the project's settings, Access tokens",
        _START + r"gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[\w-]{8,}(?:\.[0-9a-z]{2,16}){0,2}",
        ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-"),
        variable="GITLAB_TOKEN",
    ),
    Kind(
        "aws-access-key",
        "an AWS key",
        _AWS,
        _START + r"(?:AKIA|ASIA)[0-9A-Z]{16}" + _END,
        ("akia", "asia"),
    ),
    Kind("aws-secret-key", "an AWS secret key", _AWS),
    Kind(
        "ecr-login",
        "a login password of Amazon ECR",
        f"{_AWS}; it ends by itself after 12 hours",
        _START_WORD + r"eyJwYXlsb2FkIjoi[A-Za-z0-9+/]{120,}={0,2}",
        ("eyjwyxlsb2fkijoi",),
        variable="ECR_TOKEN",
    ),
    Kind(
        "google-key",
        "a Google service account key",
        "the Google Cloud console, IAM, Service accounts, Keys",
        rf"private_key{_FIELD}(?P<secret>{_PRIVATE_KEY})",
        ("private_key",),
        variable="GOOGLE_KEY",
    ),
    Kind(
        "google-token",
        "a Google access token",
        "gcloud auth revoke; it ends by itself after an hour",
        _START + r"ya29\.[\w.-]{16,}",
        ("ya29.",),
        variable="GOOGLE_TOKEN",
    ),
    Kind(
        "google-api-key",
        "a Google API key",
        "the Google Cloud console, APIs and services, Credentials",
        _START + r"AIza[\w-]{35}(?![\w-])",
        ("aiza",),
    ),
    Kind(
        "azure-registry-password",
        "a password of Azure Container Registry",
        "the Azure portal, the registry's access keys or tokens, Regenerate",
        _START_BASE64 + r"[A-Za-z0-9+/]{42}\+ACR[A-Za-z0-9+/]{6}(?![A-Za-z0-9+/])",
        ("+acr",),
        variable="ACR_PASSWORD",
    ),
    Kind(
        "azure-client-secret",
        "an Azure client secret",
        "the Azure portal, App registrations, Certificates and secrets",
        _START_WORD + r"[\w.~-]{3}[0-9]Q~[\w.~-]{31,40}",
        ("q~",),
        variable="ACR_PASSWORD",
    ),
    Kind(
        "azure-storage-key",
        "an Azure storage key",
        "the Azure portal, the storage account's access keys, Rotate key",
        r"AccountKey=(?P<secret>[A-Za-z0-9+/]{86}==)",
        ("accountkey=",),
    ),
    Kind(
        "quay-token",
        "a token of a Quay robot account",
        "Quay, Robot accounts, Regenerate token",
        # With a digit and a letter that no digest has: 64 letters may be DNA.
        r"(?<![A-Za-z0-9])(?=[A-Z]{0,63}[0-9])(?=[A-F0-9]{0,63}[G-Z])[A-Z0-9]{64}(?![A-Za-z0-9])",
        ("quay",),
        variable="QUAY_TOKEN",
        near="quay",
    ),
    Kind(
        "artifactory-token",
        "a JFrog Artifactory token",
        "Artifactory, User management, Access tokens",
        _START + r"(?:AKCp[0-9A-Za-z]{60,}|cmVmdGtu[A-Za-z0-9]{56})" + _END,
        ("akcp", "cmvmdgtu"),
        variable="ARTIFACTORY_TOKEN",
    ),
    Kind(
        "digitalocean-token",
        "a DigitalOcean token",
        "the DigitalOcean control panel, API",
        _START + r"do[opr]_v1_[a-f0-9]{64}",
        ("dop_v1_", "doo_v1_", "dor_v1_"),
        variable="DIGITALOCEAN_TOKEN",
    ),
    Kind(
        "npm-token", "an npm token", "npmjs.com, Access tokens", _START + r"npm_[A-Za-z0-9]{36,}", ("npm_",)
    ),
    Kind(
        "pypi-token",
        "a PyPI token",
        "pypi.org, Account settings, API tokens",
        _START + r"pypi-[\w-]{50,}",
        ("pypi-",),
    ),
    Kind(
        "hugging-face-token",
        "a Hugging Face token",
        "huggingface.co, Settings, Access tokens",
        _START + r"(?:hf|api_org)_[A-Za-z0-9]{30,}",
        ("hf_", "api_org_"),
    ),
    Kind(
        "anthropic-key",
        "an Anthropic key",
        "console.anthropic.com, Settings, API keys",
        _START + r"sk-ant-[a-z]{2,8}[0-9]{2}-[\w-]{20,}",
        ("sk-ant-",),
    ),
    Kind(
        "openai-key",
        "an OpenAI key",
        "platform.openai.com, API keys",
        # Matches `sk-proj-` with twenty more signs, a capital or digit among them; does not match
        # `sk-proj-your-key-in-small-letters`.
        _START + r"sk-(?:(?:proj|svcacct|admin|None)-(?=[a-z_-]{0,60}[A-Z0-9])[\w-]{20,}"
        r"|(?=[a-z]{0,60}[A-Z0-9])[A-Za-z0-9]{32,})",
        ("sk-",),
    ),
    Kind(
        "wandb-key",
        "a Weights & Biases key",
        "wandb.ai, User settings, API keys",
        # Matches `wandb login ` with forty hexadecimal digits behind; does not match those alone: they may be
        # a commit.
        _START + r"(?:wandb_v1_\w{40,}|(?i:wandb(?:_api_key|\.login\(|[ \t]{1,4}login)"
        r"""["'\\\])\s,:=]{0,12}(?:key["'\\\s:=]{1,8}|--relogin[ \t])?)"""
        r"(?P<secret>[0-9a-f]{40})(?![0-9A-Za-z]))",
        ("wandb",),
    ),
    Kind(
        "slack-token",
        "a Slack token",
        "api.slack.com, the app's OAuth page",
        _START + r"xox[abeoprs]-[\w-]{10,}",
        ("xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-"),
    ),
    Kind(
        "client-secret",
        "an XSUAA client secret",
        _SERVICE_KEY,
        r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\$|%24|\\u0024)(?:[\w+/=-]|%2[BbFf]|%3[Dd]){16,}",
        ("$", "%24", "\\u0024"),
    ),
    Kind(
        "jwt",
        "a JWT",
        "the service that gave it out; most end by themselves within a day",
        _START_WORD + r"eyJ[\w-]{4,}\.eyJ[\w-]{4,}\.[\w-]*",
        ("eyj",),
    ),
    Kind(
        "private-key",
        "a private key",
        "whoever signed it or trusts it, and make a new pair",
        _PRIVATE_KEY,
        ("-----begin",),
    ),
    Kind("registry-login", "a registry login in base64", _REGISTRY, variable="REGISTRY_PASSWORD"),
    Kind("identity-token", "an identity token of a registry", _REGISTRY, variable="REGISTRY_PASSWORD"),
    Kind("registry-password", "a registry password", _REGISTRY, variable="REGISTRY_PASSWORD"),
    Kind("command-password", "a password on a command line", _REGISTRY, variable="REGISTRY_PASSWORD"),
    Kind("url-password", "a password in a URL", _REGISTRY, variable="REGISTRY_PASSWORD"),
    Kind("basic-login", "a login in an Authorization header", _SERVICE),
    Kind("bearer-token", "a bearer token", "the service that gave it out"),
    Kind(
        "typed-password",
        "a password typed into a form",
        _SERVICE,
        variable="REGISTRY_PASSWORD",
    ),
    Kind("same-value", "the same value again", "as said of the other place"),
)
BY_ID = {kind.id: kind for kind in KINDS}
RANK = {kind.id: rank for rank, kind in enumerate(KINDS)}
