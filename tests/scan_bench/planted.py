"""Notebooks with one credential each: every kind, wrap, split and name, with both kinds of line ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from nbformat import v4

from tests.leaks.samples import PASSWORD, TOKENS, code, made, notebook
from tests.leaks.wraps import CONFIG, VALUES, WIDTHS, WRAPS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbformat import NotebookNode

# What people call the password of a registry, for each that has a preset and some that have none.
NAMES = (
    *("docker_password", "DOCKER_HUB_TOKEN", "dockerhub_pat", "GHCR_TOKEN", "CR_PAT", "ghcr_password"),
    *("quay_robot_token", "QUAY_PASSWORD", "gitlab_registry_token", "CI_REGISTRY_PASSWORD"),
    *(
        "ecr_password",
        "ECR_LOGIN_PASSWORD",
        "acr_password",
        "AZURECR_PASSWORD",
        "gar_password",
        "GCR_PASSWORD",
    ),
    *("artifactory_token", "JFROG_PASSWORD", "HARBOR_ROBOT_SECRET", "harbor_password", "icr_apikey"),
    *("ICR_PASSWORD", "OCIR_PASSWORD", "ocir_auth_token", "NGC_API_KEY", "nvcr_password", "SCW_SECRET_KEY"),
    *("scaleway_registry_password", "aliyun_registry_password", "ALIBABA_ACR_PASSWORD", "NEXUS_PASSWORD"),
    *("nexus_docker_password", "GITEA_TOKEN", "forgejo_token", "registry_password", "REGISTRY_TOKEN"),
    *("image_pull_secret_password", "pull_secret_password", "aicore_docker_password"),
)
# A password under a plain name, and the cell that says what it is for.
PLAIN_NAMES = ("password", "passwd", "pwd", "token", "secret", "api_key")
USES = (
    "ai_api_client.docker_registry_secrets.create(name='team', data=data)",
    "!docker login ghcr.io -u anna --password-stdin < token.txt",
    "registry = 'https://harbor.example.com'",
    "from ai_core_sdk.ai_core_v2_client import AICoreV2Client",
    "requests.post(f'{url}/v2/admin/dockerRegistrySecrets', json=body)",
)
LINE_ENDS = {"linux": "\n", "windows": "\r\n"}
WAYS = {
    "assigned": 'x = "{}"',
    "in an argument": 'login(user="anna", value="{}")',
    "in a command": "!echo {} | docker login ghcr.io -u anna --password-stdin",
    "in the environment": "%env VALUE={}",
    "in a comment": "# {}",
    "in a dictionary": '{{"user": "anna", "value": "{}"}}',
}


class Plant(NamedTuple):
    """A notebook with one credential: its *group* and *name*, and the *value* that nobody may read."""

    group: str
    name: str
    value: str
    book: NotebookNode


def plants() -> Iterator[Plant]:
    """Make all of them, with the line ends of Linux."""
    for number, (kind_id, text) in enumerate(TOKENS):
        for way, write in WAYS.items():
            yield Plant(
                "token in a source", f"{kind_id} {number} {way}", text, notebook(code(write.format(text)))
            )
        output = v4.new_output("stream", text=f"logged in with {text}\n")
        yield Plant("token in an output", f"{kind_id} {number}", text, notebook(code("run()", output)))
    for number, (value, kind_id) in enumerate(VALUES):
        for wrap, write in WRAPS.items():
            for width in WIDTHS if value == CONFIG else (64,):
                name = f"{kind_id} {number} {wrap} {width}"
                yield Plant("wrapped", name, value, notebook(code(write(value, width))))
    for number, name in enumerate(NAMES):
        value = made(24, seed=100 + number)
        yield Plant("named", f"{name} as a variable", value, notebook(code(f'{name} = "{value}"')))
        entry = json.dumps({"user": "anna", name: value})
        yield Plant("named", f"{name} as an entry", value, notebook(code(f"settings = {entry}")))
    for number, (name, use) in enumerate((name, use) for name in PLAIN_NAMES for use in USES):
        value = made(20, seed=200 + number)
        cells = [code(f'{name} = "{value}"'), code("import pandas as pd"), code(use)]
        yield Plant("split over cells", f"{name} {number}", value, notebook(*cells))
        login = json.dumps({"username": "anna", name: f"{PASSWORD}{number}"})
        cells = [code(use), code(f"login = {login}")]
        yield Plant("split over cells", f"{name} {number} entry", f"{PASSWORD}{number}", notebook(*cells))


def write_planted(folder: Path) -> dict[Path, Plant]:
    """Write each below *folder*, once with the line ends of Linux and once with those of Windows."""
    found = {}
    for number, plant in enumerate(plants()):
        for system, ends in LINE_ENDS.items():
            book = json.loads(json.dumps(plant.book))
            for place, cell in enumerate(book["cells"]):
                cell["id"] = f"cell-{place}"
                cell["source"] = cell["source"].replace("\r\n", "\n").replace("\n", ends)
            text = json.dumps(book, indent=1, ensure_ascii=False).replace("\n", ends)
            path = folder / f"planted-{number:04}-{system}.ipynb"
            path.write_bytes(text.encode())
            found[path] = plant
    return found
