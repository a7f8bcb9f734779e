"""Logins as their issuers give them out, made when a test runs."""

from __future__ import annotations

import base64
import json

from aicore_magics.base.redact import Secret
from aicore_magics.model.docker_secret import RegistryLogin

ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"


def coded(data):
    """Data as it stands in a JWT."""
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def jwt(start="", /, **claims):
    """A token as issuers write them; its signature is never looked at."""
    return f"{start}{coded({'alg': 'RS256', 'typ': 'JWT'})}.{coded(claims)}.c2lnbmF0dXJl"


def amazon(**content):
    """A token of Amazon ECR, as `aws ecr get-login-password` prints it."""
    whole = {"payload": "r9D8", "datakey": "AQEB", "version": "2", "type": "DATA_KEY", **content}
    return base64.b64encode(json.dumps(whole).encode()).decode()


def login(user, password="p", registry="ghcr.io"):
    """A login."""
    return RegistryLogin(registry, user, Secret(password))
