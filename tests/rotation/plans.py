"""Plans for tests, as far as a schedule needs them, and names that would like to be more than names."""

from __future__ import annotations

from dataclasses import dataclass

API = "api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"
REGISTRIES = {
    "ecr": "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
    "ecr-fips": "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
    "ecr-china": "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
    "ecr-public": "public.ecr.aws",
    "acr": "acmedev.azurecr.io",
    "gar": "europe-west3-docker.pkg.dev",
}
USERS = {
    "aws": "AWS",
    "azure": "00000000-0000-0000-0000-000000000000",
    "google": "oauth2accesstoken",
}
HOSTILE = (
    "acme dev",
    'it\'s "acme"',
    "${{ secrets.GITHUB_TOKEN }}",
    "$(touch pwned)`touch pwned`",
    "acme\n    env: {x: y}\n#",
    "acme\r\x85\u2028- run: touch pwned",
    "日本 \u202e支店",
    "# acme: [&a *b !c",
    "\ud800\x00\x1b[31m",
    "\ufffe\ufffd\U0001eef2\x7f",
    "",
    "x" * 2_000,
)


@dataclass(frozen=True)
class Held:
    registry: str
    username: str


@dataclass(frozen=True)
class Planned:
    tenant: str
    name: str = "team-ecr"
    host: str = API
    others: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Plan:
    registry: str
    username: str
    secrets: tuple[Planned, ...]


def plan(registry=REGISTRIES["ecr"], *tenants, username="AWS"):
    """A plan with one secret in each of *tenants*."""
    return Plan(registry, username, tuple(map(Planned, tenants or ("acme-dev",))))
