from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors import hits
from aicore_magics.leaks.detectors.calls import variable_hits
from tests.leaks.samples import PASSWORD, PLACEHOLDERS

CALLS = (
    'client.login("anna", "{}", registry="ghcr.io")',
    "docker.from_env().login('anna', '{}')",
    'requests.get("https://ghcr.io/token", auth=("anna", "{}"))',
    'requests.get("https://ghcr.io/token", auth=HTTPBasicAuth("anna", "{}"))',
    'httpx.get("https://quay.io", auth = ("anna", r"{}"))',
    'RegistryLogin("ghcr.io", "anna", Secret("{}"))',
    'Secret(\n    "{}"\n)',
    'RegistryLogin("ghcr.io", "anna", "{}")',
    "{{'auths': {{'ghcr.io': {{'auth': base64.b64encode(b'anna:{}').decode()}}}}}}",
    "auth = base64.b64encode('anna:{}'.encode())  # docker",
)
OTHERS = (
    'client.login("anna", password)',
    'smtp.login("anna", "hunter2")',
    'V1Secret("docker")',
    'RegistryLogin("ghcr.io", "anna", password)',
    'b64encode(f"anna:{docker_password}".encode())',
    'b64encode(b"anna:hunter2")',
    'b64encode(b"docker has no colon")',
    'Secret.from_env("GHCR_TOKEN")',
    "Secret(password)",
    'client.login(username, getpass("docker"))',
    'docker.login("anna", f"{password}")',
)


def texts(text):
    return [text[hit.start : hit.end] for hit in hits(text, "code")]


@pytest.mark.parametrize("call", CALLS)
def test_a_password_by_its_position(call):
    """A password that a function takes second, behind the user, is found; the user stays."""
    assert texts(call.format(PASSWORD)) == [PASSWORD]


@pytest.mark.parametrize("call", OTHERS)
def test_calls_without_one(call):
    """A variable, a prompt, or a login that has nothing to do with a registry is none, but possibly one."""
    assert [hit for hit in hits(call, "code") if not hit.possible] == []


@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
def test_a_placeholder(placeholder):
    """A placeholder there is none."""
    assert [call for call in CALLS if texts(call.format(placeholder))] == []


def texts_of_variables(text, *names):
    return [text[hit.start : hit.end] for hit in variable_hits(text, names)]


@pytest.mark.parametrize(
    "line", ["word = '{}'", 'x = 1; word: str = "{}"', "  word='{}'", "export word='{}'", 'word = (\n"{}")']
)
def test_a_text_in_the_variable(line):
    """A text that is given to the variable is found, however it is written."""
    assert texts_of_variables(line.format(PASSWORD), "word", "other") == [PASSWORD]


@pytest.mark.parametrize(
    "line",
    ["words = '{}'", "a.word = '{}'", "word == '{}'", "word = get('{}')", "f(word='{}')", "word = '<token>'"],
)
def test_what_is_no_text_in_the_variable(line):
    """Another name, a comparison, a call and a placeholder are none."""
    assert texts_of_variables(line.format(PASSWORD), "word") == []


def test_no_variable():
    """Without a name there is nothing to look for."""
    assert texts_of_variables(f"word = '{PASSWORD}'") == []
