"""The clients that are compared, each with the same verbs; its imports are made when it is chosen.

What a client says is told in three words: ok (it returned), error (it raised: nothing was changed), unknown
(it says itself that the change may have been made).
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

REGISTRY = "https://registry.example.com"
USER = "robot$team"
LIMIT = 20.0  # seconds that our calls may take: ten of them are for looking what came of a change
ATTEMPT = 3  # seconds for connecting, and for each read, where a client has no limit for a whole call


class Ours:
    """This project, as a script uses it."""

    def __init__(self, job: dict[str, str]) -> None:
        from aicore_magics import RegistryLogin, Secret, actions

        self._actions = actions
        key = {
            "clientid": job["client_id"],
            "clientsecret": job["client_secret"],
            "url": job["token_url"],
            "serviceurls": {"AI_API_URL": job["api_url"]},
        }
        path = Path(os.environ["HOME"], "key.json")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            json.dump(key, file)
        self._login = RegistryLogin(REGISTRY, USER, Secret(job["password"]))
        self._tenant = actions.connect(service_key=str(path), timeout=LIMIT)

    def create(self, name: str) -> Any:
        """Store a new secret."""
        return self._stored(self._actions.create_docker_secret, name)

    def rotate(self, name: str) -> Any:
        """Replace the login in a secret."""
        return self._stored(self._actions.update_docker_secret, name)

    def _stored(self, act: Any, name: str) -> Any:
        # The registry has a bench of its own.
        unchecked = self._actions.CheckOptions(skip=True)
        return self._shown(act(self._tenant, name, [self._login], checking=unchecked, timeout=LIMIT))

    def delete(self, name: str) -> Any:
        """Delete a secret."""
        return self._shown(self._actions.delete_docker_secret(self._tenant, name, timeout=LIMIT))

    def names(self) -> list[str]:
        """List all names."""
        return list(self._shown(self._actions.list_docker_secrets(self._tenant, timeout=LIMIT)))

    def _shown(self, result: Any) -> Any:
        from aicore_magics.jupyter.cards import html_card

        sys.stdout.write(f"{result} {json.dumps(result.to_dict())} {html_card(result.report())}\n")
        return result

    @staticmethod
    def outcome(error: BaseException) -> tuple[str, bool]:
        """Tell what *error* says, and whether it is one that is documented."""
        from aicore_magics import OutcomeUnknown, Refused
        from aicore_magics.errors import InvalidInput
        from aicore_magics.jupyter.boundary import two_lines

        documented = isinstance(error, (Refused, InvalidInput, OutcomeUnknown))
        if documented:
            sys.stdout.write("\n".join(two_lines(error)._render_traceback_()))
        unknown = isinstance(error, OutcomeUnknown) and bool(error.hint)
        return ("unknown" if unknown else "error"), documented


class Sdk:
    """SAP's SDK, as its own documentation uses it."""

    def __init__(self, job: dict[str, str]) -> None:
        from ai_core_sdk.ai_core_v2_client import AICoreV2Client

        self._data = {".dockerconfigjson": _config(job["password"])}
        self._secrets = AICoreV2Client(
            base_url=job["api_url"] + "/v2",
            auth_url=job["token_url"] + "/oauth/token",
            client_id=job["client_id"],
            client_secret=job["client_secret"],
            connect_timeout=ATTEMPT,
            read_timeout=ATTEMPT,
        ).docker_registry_secrets

    def create(self, name: str) -> Any:
        """Store a new secret."""
        return self._secrets.create(name=name, data=self._data)

    def rotate(self, name: str) -> Any:
        """Replace the login in a secret."""
        return self._secrets.modify(name=name, data=self._data)

    def delete(self, name: str) -> Any:
        """Delete a secret."""
        return self._secrets.delete(name=name)

    def names(self) -> list[str]:
        """List all names."""
        return [each.name for each in self._secrets.query().resources]

    @staticmethod
    def outcome(error: BaseException) -> tuple[str, bool]:
        """Tell what *error* says, and whether it is one of the SDK's own."""
        return "error", type(error).__module__.startswith(("ai_core_sdk.", "ai_api_client_sdk."))


class Bare:
    """Bare `requests`, as tutorials have it, with a time limit added."""

    def __init__(self, job: dict[str, str]) -> None:
        import requests

        self._requests = requests
        form = {
            "grant_type": "client_credentials",
            "client_id": job["client_id"],
            "client_secret": job["client_secret"],
        }
        answer = requests.post(job["token_url"] + "/oauth/token", data=form, timeout=ATTEMPT)
        answer.raise_for_status()
        self._headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        self._url = job["api_url"] + "/v2/admin/dockerRegistrySecrets"
        self._data = {"data": {".dockerconfigjson": _config(job["password"])}}

    def _send(self, method: str, url: str, **more: Any) -> Any:
        answer = self._requests.request(
            method, url, headers={**self._headers, **more.pop("headers", {})}, timeout=ATTEMPT, **more
        )
        answer.raise_for_status()
        return answer

    def create(self, name: str) -> Any:
        """Store a new secret."""
        return self._send("POST", self._url, json={"name": name, **self._data})

    def rotate(self, name: str) -> Any:
        """Replace the login in a secret."""
        kind = {"Content-Type": "application/merge-patch+json"}
        return self._send("PATCH", f"{self._url}/{name}", data=json.dumps(self._data), headers=kind)

    def delete(self, name: str) -> Any:
        """Delete a secret."""
        return self._send("DELETE", f"{self._url}/{name}")

    def names(self) -> list[str]:
        """List all names."""
        return [each["name"] for each in self._send("GET", self._url).json()["resources"]]

    @staticmethod
    def outcome(error: BaseException) -> tuple[str, bool]:
        """Tell what *error* says, and whether it is one of those of `requests`."""
        requests = sys.modules["requests"]
        return "error", isinstance(error, requests.RequestException)


def _config(password: str) -> str:
    return json.dumps({"auths": {REGISTRY: {"username": USER, "password": password}}})


CLIENTS = {"ours": Ours, "sap": Sdk, "bare": Bare}
