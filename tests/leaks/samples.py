"""Credentials of every kind, made at run time: no file of the project holds a text that looks like one."""

from __future__ import annotations

import base64
import json
import random
import string
from typing import NamedTuple

import nbformat
from nbformat import v4

from aicore_magics.leaks.scan_result import Leak

LETTERS = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
PASSWORD = "Hunter" + str(2) + "-!x"
# One that was found, as a result has it.
LEAK = Leak(
    "a.ipynb",
    "source",
    3,
    "id",
    2,
    "github-token",
    "a GitHub token",
    'x = "***"',
    "github.com",
    20,
    5,
    "%line",
)


class Sample(NamedTuple):
    """A kind's id, and a text of that kind."""

    kind_id: str
    text: str


def made(count, letters=LETTERS, seed=7):
    return "".join(random.Random(seed).choices(letters, k=count))


def base64_of(text):
    return base64.b64encode(text.encode()).decode()


def jwt():
    parts = [json.dumps({"alg": "RS256"}), json.dumps({"sub": "anna", "exp": 1_800_000_000})]
    return ".".join([*(base64_of(part).rstrip("=").replace("+", "-") for part in parts), made(43)])


def private_key(word="RSA "):
    lines = [made(64, LETTERS + "+/", seed) for seed in range(5)]
    return "\n".join([f"-----BEGIN {word}PRIVATE KEY-----", *lines, f"-----END {word}PRIVATE KEY-----"])


def client_secret():
    groups = [made(size, HEX, size) for size in (8, 4, 4, 4, 12)]
    return "-".join(groups) + "$" + made(43, LETTERS + "-_") + "="


# One word each, which needs nothing beside it to be known; all but the last stand on one line.
TOKENS = (
    Sample("docker-hub-token", "dckr" + "_pat_" + made(27)),
    Sample("docker-hub-token", "dckr" + "_oat_" + made(32)),
    Sample("github-token", "gh" + "p_" + made(36)),
    Sample("github-token", "gh" + "s_" + made(36)),
    Sample("github-fine-grained-token", "github" + "_pat_" + made(22) + "_" + made(59)),
    Sample("gitlab-token", "gl" + "pat-" + made(20)),
    Sample("aws-access-key", "AK" + "IA" + made(16, string.ascii_uppercase + "234567")),
    Sample("ecr-login", base64_of(json.dumps({"payload": made(300), "datakey": made(90)}).replace(" ", ""))),
    Sample("google-token", "ya" + "29." + made(120, LETTERS + "-_")),
    Sample("google-api-key", "AI" + "za" + made(35, LETTERS + "-_")),
    Sample("azure-registry-password", made(42) + "+A" + "CR" + made(6)),
    Sample("azure-client-secret", made(3) + "8" + "Q~" + made(34)),
    Sample("artifactory-token", "AK" + "Cp" + made(69)),
    Sample("artifactory-token", "cmVm" + "dGtu" + made(56)),
    Sample("digitalocean-token", "dop" + "_v1_" + made(64, HEX)),
    Sample("nvidia-key", "nv" + "api-" + made(64, LETTERS + "-_")),
    Sample("npm-token", "npm" + "_" + made(36)),
    Sample("pypi-token", "pypi" + "-AgEIcHlwaS5vcmc" + made(60, LETTERS + "-_")),
    Sample("hugging-face-token", "hf" + "_" + made(34, string.ascii_letters)),
    Sample("anthropic-key", "sk" + "-ant-api03-" + made(93, LETTERS + "-_")),
    Sample("openai-key", "sk" + "-proj-" + made(120, LETTERS + "-_")),
    Sample("openai-key", "sk" + "-" + made(48)),
    Sample("wandb-key", "wandb" + "_v1_" + made(77, LETTERS + "_")),
    Sample("slack-token", "xox" + "b-" + made(12, string.digits) + "-" + made(24)),
    Sample("client-secret", client_secret()),
    Sample("jwt", jwt()),
    Sample("private-key", private_key()),
)
LOGIN = base64_of(f"anna:{PASSWORD}")
DOCKER_CONFIG = {"auths": {"ghcr.io": {"username": "anna", "password": PASSWORD, "auth": LOGIN}}}
SERVICE_KEY = {
    "clientid": "sb-1!b2|aicore!b540",
    "clientsecret": client_secret(),
    "url": "https://acme.authentication.eu10.hana.ondemand.com",
    "serviceurls": {"AI_API_URL": "https://api.ai.example.com"},
}
GOOGLE_KEY = {
    "type": "service_account",
    "private_key_id": made(40, HEX),
    "private_key": private_key("") + "\n",
}
# Data with credentials in it, and the kinds in the order in which they stand there.
STRUCTURES = (
    (DOCKER_CONFIG, ["registry-password", "registry-login"]),
    (SERVICE_KEY, ["client-secret"]),
    (GOOGLE_KEY, ["google-key"]),
    (
        {"name": "team", "data": {".dockerconfigjson": json.dumps(DOCKER_CONFIG)}},
        ["registry-password", "registry-login"],
    ),
    (
        {"kind": "Secret", "data": {".dockerconfigjson": base64_of(json.dumps(DOCKER_CONFIG))}},
        ["registry-login"],
    ),
)


def code(source, *outputs):
    return v4.new_code_cell(source, outputs=list(outputs))


def notebook(*cells, **metadata):
    """A valid notebook of *cells*, with a first one that is clean."""
    book = v4.new_notebook(cells=[v4.new_markdown_cell("# Churn\n\nNothing to see."), *cells])
    book.metadata.update(metadata)
    nbformat.validate(book)
    return book


def written(folder, book, name="churn.ipynb"):
    """The path of *book*, as Jupyter writes it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(book, path)
    return path


# What people put where a secret goes in files that others read: none of it is one.
PLACEHOLDERS = (
    "<YOUR_DOCKER_SECRET>", "<your token>", "<password>", "$TOKEN", "${TOKEN}", "$DOCKER_PASSWORD",
    "$(cat token)", "${{ secrets.GHCR_TOKEN }}", "%TOKEN%", "***", "*****", "•••••", "········", "xxx",
    "xxxxxxxx", "XXXX-XXXX", "...", "…", "changeme", "change-me", "your-password", "YOUR_ACCESS_TOKEN",
    "your_dockerhub_access_token", "my-secret-password", "{password}", "{{password}}",
    "{{inputs.parameters.password}}", "[TOKEN]", "password", "token", "secret", "enter your token here",
    "dummy", "null", "None", "%s", "%(token)s", "REMOVED_GITHUB_TOKEN",
)  # fmt: skip
