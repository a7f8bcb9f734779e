import json
import os
import subprocess
import threading

import pytest

from aicore_magics.actions import (
    create_docker_secret,
    delete_docker_secret,
    list_docker_secrets,
    show_docker_secret,
    update_docker_secret,
)
from aicore_magics.base.redact import Secret
from aicore_magics.model.docker_secret import RegistryLogin

pytestmark = pytest.mark.needs("sap-sdk")

# Calls come in and results go out, one JSON text a line: the test looks at the sandbox between two of them.
CHILD = """
import json, sys
from ai_core_sdk.ai_core_v2_client import AICoreV2Client

secrets = AICoreV2Client.from_env().docker_registry_secrets
for line in sys.stdin:
    method, arguments = json.loads(line)
    try:
        result = getattr(secrets, method)(**arguments)
    except Exception as error:
        result = {"raised": type(error).__name__, "status": getattr(error, "status_code", None)}
    print(json.dumps(result, default=vars), flush=True)
"""


class SDK:
    """SAP's SDK in a process of its own."""

    def __init__(self, sandbox, folder):
        self._said = folder / "stderr"
        with self._said.open("w") as stderr:
            self._process = subprocess.Popen(
                [os.environ["SAP_SDK_PYTHON"], "-I", "-c", CHILD],
                env={
                    "AICORE_SERVICE_KEY": sandbox.service_key_json(),
                    "AICORE_RESOURCE_GROUP": "default",
                    "HOME": str(folder),
                    "PATH": os.environ["PATH"],
                },
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        self._alarm = threading.Timer(30, self._process.kill)
        self._alarm.start()

    def __call__(self, method, **arguments):
        """Call *method* of the SDK's client for docker registry secrets; give its result as plain data."""
        self._process.stdin.write(json.dumps([method, arguments]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, self._said.read_text()
        return json.loads(line)

    def close(self):
        """Let the process end."""
        with self._process as process:
            process.stdin.close()
            process.wait()
        self._alarm.cancel()


@pytest.fixture
def sdk(sandbox, tmp_path):
    sdk = SDK(sandbox, tmp_path)
    yield sdk
    sdk.close()


def data(password):
    login = {"username": "anna", "password": password}
    return {".dockerconfigjson": json.dumps({"auths": {"ghcr.io": login}})}


def login(password):
    return RegistryLogin("ghcr.io", "anna", Secret(password))


def password_in(sandbox, name):
    return json.loads(sandbox.state.secrets[name])["auths"]["ghcr.io"]["password"]


def test_a_whole_life(sdk, sandbox, canary):
    """The sandbox is an AI Core for SAP's SDK: create, get, query, modify and delete do what they say."""
    assert sdk("create", name="team-ghcr", data=data("first")) == {"message": "Secret has been created"}
    assert sandbox.state.secrets == {"team-ghcr": data("first")[".dockerconfigjson"]}
    assert sdk("get", name="team-ghcr") == {"name": "team-ghcr"}
    assert sdk("modify", name="team-ghcr", data=data(canary))["id"] == "team-ghcr"
    assert password_in(sandbox, "team-ghcr") == canary
    assert sandbox.state.requests[-1].headers["content-type"] == "application/merge-patch+json"
    assert sdk("delete", name="team-ghcr")["id"] == "team-ghcr"
    assert sandbox.state.secrets == {}
    assert sdk("get", name="team-ghcr") == {"raised": "AIAPINotFoundException", "status": 404}


def test_query(sdk, sandbox):
    """A query gives the part of the list that top and skip say, and counts what it gives."""
    every = ["name-a", "name-b", "name-c", "name-d"]
    sandbox.state.secrets.update(dict.fromkeys(every, data("x")[".dockerconfigjson"]))

    def names(**part):
        found = sdk("query", **part)
        assert found["count"] == len(found["resources"])
        return [each["name"] for each in found["resources"]]

    assert names() == every
    assert names(top=2) == every[:2]
    assert names(skip=1) == every[1:]
    assert names(top=2, skip=1) == every[1:3]
    assert names(skip=4) == []


def test_both_see_the_same(sdk, sandbox, tenant, canary):
    """What we store, SAP's SDK lists, changes and deletes; what it stores, we list, replace and delete."""
    create_docker_secret(tenant, "made-by-us", [login("ours")])
    assert sdk("get", name="made-by-us") == {"name": "made-by-us"}
    sdk("create", name="made-by-them", data=data("theirs"))
    both = ["made-by-them", "made-by-us"]
    assert [each["name"] for each in sdk("query")["resources"]] == both
    assert list(list_docker_secrets(tenant)) == both
    assert show_docker_secret(tenant, "made-by-them").exists
    update_docker_secret(tenant, "made-by-them", [login(canary)])
    sdk("modify", name="made-by-us", data=data(canary))
    assert [password_in(sandbox, name) for name in both] == [canary, canary]
    delete_docker_secret(tenant, "made-by-them")
    sdk("delete", name="made-by-us")
    assert sdk("query") == {"count": 0, "resources": []}
    assert list(list_docker_secrets(tenant)) == []
