"""Registries for which a program can make a login: which program, for which user, and how long it lives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from shlex import join
from typing import Literal, TypeAlias

from aicore_magics.registry.host_patterns import labels_of
from aicore_magics.registry.lifetimes import GOOGLE_LIFE, GOOGLE_USER
from aicore_magics.registry.token_ends import AMAZON_LIFE, AMAZON_USER

CloudName: TypeAlias = Literal["aws", "azure", "google"]

AZURE_USER = "00000000-0000-0000-0000-000000000000"
AZURE_LIFE = timedelta(hours=3)
# Nothing of a host goes into a script but what one of these takes.
_AMAZON = re.compile(r"[0-9]{12}\.dkr\.ecr(?:-fips)?\.([a-z]{2}[a-z0-9-]{3,28})\.amazonaws\.com(\.cn)?")
# A registry with a label in its domain is NAME-LABEL.azurecr.io, as far as known; its name is the first part.
_AZURE = re.compile(r"([a-z0-9]{5,50})(?:-[a-z0-9]{1,20})?\.azurecr\.io")
_GOOGLE = re.compile(r"[a-z0-9-]{2,40}-docker\.pkg\.dev|(?:[a-z]{2,10}\.)?gcr\.io")
_AMAZON_PUBLIC, _PUBLIC_REGION = "public.ecr.aws", "us-east-1"


@dataclass(frozen=True)
class Mint:
    """The *command* of a *cloud* that prints the password of *username*, and the *life* of that login.

    *region* is Amazon's; *china* is its part of the cloud there, and *public* the gallery of all.
    """

    cloud: CloudName
    username: str
    command: tuple[str, ...]
    life: timedelta
    region: str = ""
    china: bool = False
    public: bool = False

    @property
    def line(self) -> str:
        """The command as one text, as --password-command takes it."""
        return join(self.command)


def mint_for(registry: str) -> Mint | None:
    """Return what makes a login for *registry*, a host or an auth key; None where no program is known.

    >>> mint_for("acmedev.azurecr.io").line
    'az acr login --name acmedev --expose-token --output tsv --query accessToken'
    >>> mint_for("ghcr.io") is None
    True
    """
    host = ".".join(labels_of(registry))
    if host == _AMAZON_PUBLIC:
        return _amazon("ecr-public", _PUBLIC_REGION, public=True)
    if amazon := _AMAZON.fullmatch(host):
        return _amazon("ecr", amazon[1], china=bool(amazon[2]))
    if azure := _AZURE.fullmatch(host):
        words = ("az", "acr", "login", "--name", azure[1], "--expose-token", "--output", "tsv")
        return Mint("azure", AZURE_USER, (*words, "--query", "accessToken"), AZURE_LIFE)
    if _GOOGLE.fullmatch(host):
        return Mint("google", GOOGLE_USER, ("gcloud", "auth", "print-access-token"), GOOGLE_LIFE)
    return None


def _amazon(service: str, region: str, *, china: bool = False, public: bool = False) -> Mint:
    words = ("aws", service, "get-login-password", "--region", region)
    return Mint("aws", AMAZON_USER, words, AMAZON_LIFE, region, china, public)
