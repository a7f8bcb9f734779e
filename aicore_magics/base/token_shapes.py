"""What tokens look like: one row for each kind, and the only place that knows.

What may not be a name, what a template must not hold, what a scan finds and what is no placeholder: all take
the shapes from here. They are those that the makers document or that their secret scanning names. Each takes
linear time: a repetition stands behind a start that cannot be inside another try of the same run.
"""

from __future__ import annotations

from dataclasses import dataclass

# Nothing of a word before it; but what an encoding leaves there, as in `%3Dghp_…` or `\nghp_…`, is no word.
_ENCODED = r"(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt])|(?<=\\u[0-9A-Fa-f]{4})"
_START = rf"(?:(?<![A-Za-z0-9])|{_ENCODED})"  # `laughs_at_everything` holds a ghs_, and is no token
_START_WORD = rf"(?:(?<![\w-])|{_ENCODED})"
_START_BASE64 = rf"(?:(?<![A-Za-z0-9+/])|{_ENCODED})"
_END = r"(?![A-Za-z0-9])"
_CAPITAL = r"(?=[a-z0-9_-]{0,60}[A-Z])"  # which no name, image or tag has
# What stands between the first and the last line of a key, in quotes, comments or HTML even; no second key.
PRIVATE_KEY_BEGIN = r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
_KEY_BODY = r"""[A-Za-z0-9+/=\s\\"',:#<>|&;.()]*(?:-(?!----)[A-Za-z0-9+/=\s\\"',:#<>|&;.()]*)*"""
_KEY_END = r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
_KEY_LINES = r"""(?:(?:[\s"',]|\\[nr])*[A-Za-z0-9+/=]{40,})+"""  # of one that was cut off
_PRIVATE_KEY = rf"{PRIVATE_KEY_BEGIN}(?:{_KEY_BODY}{_KEY_END}|{_KEY_LINES})"
_FIELD = r"""\\{0,15}["']\s{0,8}:\s{0,8}\\{0,15}["']"""

_GITHUB = "github.com, Settings, Developer settings, Personal access tokens"
_SERVICE_KEY = "delete the service key or binding in the BTP cockpit, and create a new one"
AWS_CONSOLE = "the AWS console, IAM, the user's security credentials"


@dataclass(frozen=True, slots=True)
class TokenShape:
    """One kind of token that is known by its looks.

    *words* is what it is called, *revoke* how it is made worthless, *variable* one to keep it in: empty for
    what no registry takes.

    *pattern* finds it as a whole in any text, in its group `secret` if it has one. It can only match where
    one of *signs* stands in the text, in small letters, and it counts only where *near* stands near it. A
    token begins with one of its signs, or has one *inside* or beside it.

    *alone* is the pattern for a word, a name or a line by itself, where it differs: no name, image or tag
    that people use may match it, and a key may be there with its first line only. *called* is what it is
    called there, where that differs.
    """

    id: str
    words: str
    revoke: str
    pattern: str
    signs: tuple[str, ...]
    variable: str = ""
    near: str = ""
    inside: bool = False
    alone: str = ""
    called: str = ""


# The first of two that meet in one place names both. So what says more stands first.
TOKEN_SHAPES: tuple[TokenShape, ...] = (
    TokenShape(
        "docker-hub-token",
        "a Docker Hub token",
        "app.docker.com, Settings, Personal access tokens",
        _START + r"dckr_(?:pat|oat)_[\w-]{8,}",
        ("dckr_",),
        variable="DOCKER_HUB_TOKEN",
    ),
    TokenShape(
        "github-token",
        "a GitHub token",
        _GITHUB,
        _START + r"gh[pousr]_\w{16,}",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
        variable="GHCR_TOKEN",
    ),
    TokenShape(
        "github-fine-grained-token",
        "a fine-grained GitHub token",
        _GITHUB,
        _START + r"github_pat_\w{16,}",
        ("github_pat_",),
        variable="GHCR_TOKEN",
        called="a GitHub token",
    ),
    TokenShape(
        "gitlab-token",
        "a GitLab token",
        "GitLab, Preferences or the project's settings, Access tokens",
        _START + r"gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[\w-]{8,}(?:\.[0-9a-z]{2,16}){0,2}",
        ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-"),
        variable="GITLAB_TOKEN",
    ),
    TokenShape(
        "aws-access-key",
        "an AWS key",
        AWS_CONSOLE,
        _START + r"(?:AKIA|ASIA)[0-9A-Z]{16}" + _END,
        ("akia", "asia"),
    ),
    TokenShape(
        "ecr-login",
        "a login password of Amazon ECR",
        f"{AWS_CONSOLE}; it expires after 12 hours",
        _START_WORD + r"eyJwYXlsb2FkIjoi[A-Za-z0-9+/]{120,}={0,2}",
        ("eyjwyxlsb2fkijoi",),
        variable="ECR_TOKEN",
    ),
    TokenShape(
        "google-key",
        "a Google service account key",
        "the Google Cloud console, IAM, Service accounts, Keys",
        rf"private_key{_FIELD}(?P<secret>{_PRIVATE_KEY})",
        ("private_key",),
        variable="GOOGLE_KEY",
        alone=PRIVATE_KEY_BEGIN,
        called="a private key",
        inside=True,
    ),
    TokenShape(
        "google-token",
        "a Google access token",
        "gcloud auth revoke; it expires after an hour",
        _START + r"ya29\.[\w.-]{16,}",
        ("ya29.",),
        variable="GOOGLE_TOKEN",
        alone=_START + r"ya29\.(?=[a-z0-9._-]{0,60}[A-Z])[\w.-]{16,}",
    ),
    TokenShape(
        "google-api-key",
        "a Google API key",
        "the Google Cloud console, APIs and services, Credentials",
        _START + r"AIza[\w-]{35}(?![\w-])",
        ("aiza",),
    ),
    TokenShape(
        "azure-registry-password",
        "a password of Azure Container Registry",
        "the Azure portal, the registry's access keys or tokens, Regenerate",
        _START_BASE64 + r"[A-Za-z0-9+/]{42}\+ACR[A-Za-z0-9+/]{6}(?![A-Za-z0-9+/])",
        ("+acr",),
        variable="ACR_PASSWORD",
        inside=True,
    ),
    TokenShape(
        "azure-client-secret",
        "an Azure client secret",
        "the Azure portal, App registrations, Certificates and secrets",
        _START_WORD + r"[\w.~-]{3}[0-9]Q~[\w.~-]{31,40}",
        ("q~",),
        variable="ACR_PASSWORD",
        inside=True,
    ),
    TokenShape(
        "azure-storage-key",
        "an Azure storage key",
        "the Azure portal, the storage account's access keys, Rotate key",
        r"AccountKey=(?P<secret>[A-Za-z0-9+/]{86}==)",
        ("accountkey=",),
        inside=True,
    ),
    TokenShape(
        "quay-token",
        "a token of a Quay robot account",
        "Quay, Robot accounts, Regenerate token",
        # With a digit and a letter that no digest has: 64 letters may be DNA.
        r"(?<![A-Za-z0-9])(?=[A-Z]{0,63}[0-9])(?=[A-F0-9]{0,63}[G-Z])[A-Z0-9]{64}(?![A-Za-z0-9])",
        ("quay",),
        variable="QUAY_TOKEN",
        near="quay",
        inside=True,
    ),
    TokenShape(
        "artifactory-token",
        "a JFrog Artifactory token",
        "Artifactory, User management, Access tokens",
        _START + r"(?:AKCp[0-9A-Za-z]{60,}|cmVmdGtu[A-Za-z0-9]{56})" + _END,
        ("akcp", "cmvmdgtu"),
        variable="ARTIFACTORY_TOKEN",
    ),
    TokenShape(
        "digitalocean-token",
        "a DigitalOcean token",
        "the DigitalOcean control panel, API",
        _START + r"do[opr]_v1_[a-f0-9]{64}",
        ("dop_v1_", "doo_v1_", "dor_v1_"),
        variable="DIGITALOCEAN_TOKEN",
    ),
    TokenShape(
        "nvidia-key",
        "an NVIDIA API key",
        "org.ngc.nvidia.com, Setup, API keys",
        _START + r"nvapi-[\w-]{40,}",
        ("nvapi-",),
        variable="NGC_API_KEY",
        alone=_START + rf"nvapi-{_CAPITAL}[\w-]{{40,}}",
    ),
    TokenShape(
        "npm-token", "an npm token", "npmjs.com, Access tokens", _START + r"npm_[A-Za-z0-9]{36,}", ("npm_",)
    ),
    TokenShape(
        "pypi-token",
        "a PyPI token",
        "pypi.org, Account settings, API tokens",
        _START + r"pypi-[\w-]{50,}",
        ("pypi-",),
        alone=_START + rf"pypi-{_CAPITAL}[\w-]{{50,}}",
    ),
    TokenShape(
        "hugging-face-token",
        "a Hugging Face token",
        "huggingface.co, Settings, Access tokens",
        _START + r"(?:hf|api_org)_[A-Za-z0-9]{30,}",
        ("hf_", "api_org_"),
    ),
    TokenShape(
        "anthropic-key",
        "an Anthropic key",
        "console.anthropic.com, Settings, API keys",
        _START + r"sk-ant-[a-z]{2,8}[0-9]{2}-[\w-]{20,}",
        ("sk-ant-",),
    ),
    TokenShape(
        "openai-key",
        "an OpenAI key",
        "platform.openai.com, API keys",
        _START + r"sk-(?:(?:proj|svcacct|admin|None)-(?=[a-z_-]{0,60}[A-Z0-9])[\w-]{20,}"
        r"|(?=[a-z]{0,60}[A-Z0-9])[A-Za-z0-9]{32,})",
        ("sk-",),
        alone=_START + rf"sk-(?:(?:proj|svcacct|admin|None)-{_CAPITAL}[\w-]{{20,}}"
        rf"|{_CAPITAL}[A-Za-z0-9]{{32,}})",
    ),
    TokenShape(
        "wandb-key",
        "a Weights & Biases key",
        "wandb.ai, User settings, API keys",
        # Forty hexadecimal digits alone may be a commit.
        _START + r"(?:wandb_v1_\w{40,}|(?i:wandb(?:_api_key|\.login\(|[ \t]{1,4}login)"
        r"""["'\\\])\s,:=]{0,12}(?:key["'\\\s:=]{1,8}|--relogin[ \t])?)"""
        r"(?P<secret>[0-9a-f]{40})(?![0-9A-Za-z]))",
        ("wandb",),
        inside=True,
    ),
    TokenShape(
        "slack-token",
        "a Slack token",
        "api.slack.com, the app's OAuth page",
        _START + r"xox[abeoprs]-[\w-]{10,}",
        ("xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-"),
        alone=_START + r"xox[abeoprs]-(?:[0-9]-|[0-9]{8})[\w-]{8,}",
    ),
    TokenShape(
        "client-secret",
        "an XSUAA client secret",
        _SERVICE_KEY,
        r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\$|%24|\\u0024)(?:[\w+/=-]|%2[BbFf]|%3[Dd]){16,}",
        ("$", "%24", "\\u0024"),
        inside=True,
    ),
    TokenShape(
        "jwt",
        "a JWT",
        "the service that issued it; most expire within a day",
        _START_WORD + r"eyJ[\w-]{4,}\.eyJ[\w-]{4,}\.[\w-]*",
        ("eyj",),
    ),
    TokenShape(
        "private-key",
        "a private key",
        "every place that signed or trusts it, and create a new pair",
        _PRIVATE_KEY,
        ("-----begin",),
        alone=PRIVATE_KEY_BEGIN,
        inside=True,
    ),
)
SHORTEST_TOKEN = 13  # characters: GitLab's, with what its pattern asks for behind the sign
_SIGNS = tuple(dict.fromkeys(sign for shape in TOKEN_SHAPES for sign in shape.signs))
JWT_START = "eyJ"
PYPI_START = "pypi-ageichlwas5vcmc"  # in small letters; all tokens of pypi.org begin so
TOKEN_STARTS = tuple(sign for shape in TOKEN_SHAPES if not shape.inside for sign in shape.signs)


def may_hold_token(text: str) -> bool:
    """Return whether a sign is in *text* that every token has one of: most texts need no closer look.

    >>> may_hold_token("churn-train"), may_hold_token("use glpat- with care")
    (False, True)
    """
    if len(text) < SHORTEST_TOKEN:
        return False
    small = text.lower()
    for sign in _SIGNS:  # noqa: SIM110 - every text of a template comes by: any() takes twice as long
        if sign in small:
            return True
    return False
