import copy
import json
import os
import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import requests
import yaml
from jsonschema import Draft4Validator

from aicore_magics.actions import (
    create_docker_secret,
    delete_docker_secret,
    docker_secret_quota,
    list_docker_secrets,
    show_docker_secret,
    update_docker_secret,
)
from aicore_magics.base.redact import Secret
from aicore_magics.errors import DockerSecretMissing
from aicore_magics.model.docker_secret import RegistryLogin

pytestmark = pytest.mark.needs("openapi")

NAME = "team-ghcr"
SECRETS = "/admin/dockerRegistrySecrets"
SECRET = f"{SECRETS}/{{dockerRegistryName}}"
QUOTA = "/admin/resourceQuota/dockerRegistrySecrets"
BODY = {"name": NAME, "data": {".dockerconfigjson": '{"auths":{"ghcr.io":{}}}'}}
PATCH = {"data": BODY["data"]}
MERGE = "application/merge-patch+json"


@cache
def document():
    return yaml.safe_load(Path(os.environ["AICORE_OPENAPI"]).read_text("utf-8"))


def resolved(node):
    """What *node* is, or what it refers to."""
    while "$ref" in node:
        target = document()
        for name in node["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        node = target
    return node


def faults(value, schema):
    """What SAP's document says is wrong with *value*; a schema's references lead into the same document."""
    rooted = {"allOf": [schema], "components": document()["components"]}
    return [f"{error.json_path}: {error.message}" for error in Draft4Validator(rooted).iter_errors(value)]


def operation(method, path):
    """The template that *path* fits, its operation, its parameters, and the values of those in the path."""
    for template, item in document()["paths"].items():
        if "dockerRegistrySecrets" not in template:
            continue
        fits = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template)), path)
        if fits and method.lower() in item:
            found = item[method.lower()]
            parameters = [
                resolved(each) for each in (*item.get("parameters", ()), *found.get("parameters", ()))
            ]
            return template, found, parameters, fits.groupdict()
    raise AssertionError(f"{method} {path} is not in the document")


def as_told(text, schema):
    """A parameter's text as the value that its schema speaks of, or as it is if it is none."""
    if schema["type"] in ("integer", "boolean"):
        try:
            return json.loads(text)
        except ValueError:
            pass
    return text


def check_request(request):
    """Compare a request with the document: address, query, headers, content type, body. Give what it is."""
    template, found, parameters, in_path = operation(request.method, request.path.removeprefix("/v2"))
    known = {(each["in"], each["name"]): each for each in parameters}
    query = parse_qsl(request.query, keep_blank_values=True, strict_parsing=bool(request.query))
    assert len(dict(query)) == len(query), "a parameter is given twice"
    given = {**{("path", n): v for n, v in in_path.items()}, **{("query", n): v for n, v in query}}
    for where, value in given.items():
        assert where in known, f"{where} is not in the document"
        schema = known[where]["schema"]
        assert not faults(as_told(value, schema), schema)
    assert {where for where, each in known.items() if each.get("required")} <= set(given)
    assert request.headers["Authorization"].startswith("Bearer ")
    body = found.get("requestBody")
    assert bool(body) == bool(request.body), f"{request.method} {template} and its body"
    if body:
        (kind,) = body["content"]
        assert request.headers["Content-Type"] == kind
        assert not faults(json.loads(request.body), body["content"][kind]["schema"])
    return f"{request.method} {template}"


def check_answer(request, answer):
    """Compare an answer with the document: status, content type, body. Give the status as documented."""
    _, found, _, _ = operation(request.method, request.path.removeprefix("/v2"))
    status = str(answer.status) if str(answer.status) in found["responses"] else "default"
    content = resolved(found["responses"][status])["content"]
    assert answer.content_type in content, f"{answer.status} as {answer.content_type}"
    assert not faults(json.loads(answer.body), content[answer.content_type]["schema"])
    return status


class Recorder:
    """What stands in front of the sandbox and keeps each request to the API with its answer."""

    def __init__(self, application):
        self._application = application
        self.seen = []

    def answer(self, request):
        answer = self._application.answer(request)
        if request.path.startswith("/v2"):
            self.seen.append((request, answer))
        return answer

    def refuse(self, request, refusal):
        return self._application.refuse(request, refusal)


@pytest.fixture
def seen(sandbox):
    """Every request to the API as it came over the wire, with its answer."""
    server = sandbox.server
    server.application = recorder = Recorder(server.application)
    return recorder.seen


def test_all_that_we_send_and_are_answered(tenant, sandbox, seen, canary):
    """Every kind of request that we send, and every answer to it, is as SAP's document says."""
    login = RegistryLogin("ghcr.io", "anna", Secret(canary))
    sandbox.faults.page_size = 2
    for name in ("aaaa", "bb_bb", "cc.c-c", NAME, "n" * 63):
        create_docker_secret(tenant, name, [login])
    update_docker_secret(tenant, NAME, [login])
    assert len(list_docker_secrets(tenant)) == 5
    assert show_docker_secret(tenant, NAME).exists
    assert not show_docker_secret(tenant, "nowhere").exists
    docker_secret_quota(tenant)
    delete_docker_secret(tenant, NAME)
    with pytest.raises(DockerSecretMissing):
        update_docker_secret(tenant, NAME, [login])
    with pytest.raises(DockerSecretMissing):
        delete_docker_secret(tenant, NAME)

    asked = {check_request(request) for request, _ in seen}
    assert asked == {
        *(f"{method} {SECRETS}" for method in ("GET", "POST")),
        *(f"{method} {SECRET}" for method in ("GET", "PATCH", "DELETE")),
        f"GET {QUOTA}",
    }
    assert {check_answer(*each) for each in seen} == {"200", "202", "404"}
    assert sum(request.path == f"/v2{SECRETS}" and bool(request.query) for request, _ in seen) > 1


# What is asked, with which body and content type, what the sandbox is set to, and the documented answer.
ANSWERS = {
    "create": ("POST", SECRETS, BODY, "application/json", {}, "202"),
    "create, taken": ("POST", SECRETS, BODY | {"name": "old-one"}, "application/json", {}, "202"),
    "create, bad name": ("POST", SECRETS, BODY | {"name": "A"}, "application/json", {}, "400"),
    "create, no data": ("POST", SECRETS, {"name": NAME}, "application/json", {}, "400"),
    "create, full": ("POST", SECRETS, BODY, "application/json", {"quota": 1}, "400"),
    "create, 409": (
        "POST",
        SECRETS,
        BODY | {"name": "old-one"},
        "application/json",
        {"duplicate": "409"},
        "default",
    ),
    "create, other type": ("POST", SECRETS, BODY, "text/plain", {}, "default"),
    "create, forbidden": ("POST", SECRETS, BODY, "application/json", {"forbidden": "json"}, "default"),
    "create, broken": ("POST", SECRETS, BODY, "application/json", {"next_statuses": [500]}, "default"),
    "list": ("GET", SECRETS, None, "", {}, "200"),
    "list, one": ("GET", f"{SECRETS}?$top=1&$skip=0&$count=true", None, "", {}, "200"),
    "list, none": ("GET", f"{SECRETS}?%24top=0", None, "", {}, "200"),
    "list, bad": ("GET", f"{SECRETS}?$top=x", None, "", {}, "400"),
    "list, broken": ("GET", SECRETS, None, "", {"next_statuses": [500]}, "default"),
    "show": ("GET", f"{SECRETS}/old-one", None, "", {}, "200"),
    "show, missing": ("GET", f"{SECRETS}/{NAME}", None, "", {}, "404"),
    "show, bad name": ("GET", f"{SECRETS}/A", None, "", {}, "400"),
    "show, broken": ("GET", f"{SECRETS}/old-one", None, "", {"next_statuses": [500]}, "default"),
    "update": ("PATCH", f"{SECRETS}/old-one", PATCH, MERGE, {}, "202"),
    "update, missing": ("PATCH", f"{SECRETS}/{NAME}", PATCH, MERGE, {}, "404"),
    "update, bad": ("PATCH", f"{SECRETS}/old-one", {}, MERGE, {}, "400"),
    "update, forbidden": ("PATCH", f"{SECRETS}/old-one", PATCH, MERGE, {"forbidden": "json"}, "default"),
    "delete": ("DELETE", f"{SECRETS}/old-one", None, "", {}, "202"),
    "delete, missing": ("DELETE", f"{SECRETS}/{NAME}", None, "", {}, "404"),
    "delete, bad name": ("DELETE", f"{SECRETS}/A", None, "", {}, "400"),
    "delete, forbidden": ("DELETE", f"{SECRETS}/old-one", None, "", {"forbidden": "json"}, "default"),
    "quota": ("GET", QUOTA, None, "", {}, "200"),
    "quota, alone": ("GET", f"{QUOTA}?quotaOnly=true", None, "", {}, "200"),
    "quota, off": ("GET", QUOTA, None, "", {"quota": 0}, "200"),
    "quota, broken": ("GET", QUOTA, None, "", {"next_statuses": [500]}, "default"),
}


@pytest.fixture
def ask(sandbox, tenant, canary):
    """Ask the API for something with a good token, with no client of ours."""
    create_docker_secret(tenant, "old-one", [RegistryLogin("ghcr.io", "anna", Secret(canary))])
    key = sandbox.service_key
    form = {
        "grant_type": "client_credentials",
        "client_id": key["clientid"],
        "client_secret": key["clientsecret"],
    }
    with requests.Session() as session:
        token = session.post(f"{sandbox.url}/oauth/token", data=form, timeout=10).json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"

        def ask(method, path, body, kind):
            data = json.dumps(body) if body is not None else None
            headers = {"Content-Type": kind} if kind else {}
            session.request(method, f"{sandbox.url}/v2{path}", data=data, headers=headers, timeout=10)

        yield ask


@pytest.mark.parametrize("name", ANSWERS)
def test_every_documented_answer(name, ask, sandbox, seen):
    """Each answer of the sandbox that the document knows has the documented status, type and shape."""
    method, path, body, kind, switches, expected = ANSWERS[name]
    for switch, value in switches.items():
        setattr(sandbox.faults, switch, copy.copy(value))
    ask(method, path, body, kind)
    assert check_answer(*seen[-1]) == expected


def test_every_documented_status_is_among_them():
    """The answers above are all that the document has for these calls."""
    documented = {
        (method.upper(), template, status)
        for template, item in document()["paths"].items()
        if "dockerRegistrySecrets" in template
        for method, found in item.items()
        if method != "parameters"
        for status in found["responses"]
    }
    tried = {
        (method, operation(method, path.partition("?")[0])[0], status)
        for method, path, *_, status in ANSWERS.values()
    }
    assert documented == tried


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_the_id_of_a_short_name(method, ask, seen):
    """The known exception: the id is the name, which may have two characters, and an id four at least."""
    ask("POST", SECRETS, BODY | {"name": "abc"}, "application/json")
    ask(method, f"{SECRETS}/abc", PATCH if method == "PATCH" else None, MERGE if method == "PATCH" else "")
    with pytest.raises(AssertionError, match=r"\$\.id"):
        check_answer(*seen[-1])


@pytest.mark.parametrize(
    ("method", "path", "body", "kind"),
    [
        ("PUT", SECRETS, BODY, "application/json"),
        ("GET", f"{SECRETS}/$count", None, ""),
        ("GET", f"{SECRETS}?top=1", None, ""),
        ("GET", f"{SECRETS}?$top=-1", None, ""),
        ("GET", f"{SECRETS}?$count=yes", None, ""),
        ("GET", SECRETS, BODY, "application/json"),
        ("POST", SECRETS, BODY, "application/json; charset=utf-8"),
        ("POST", SECRETS, PATCH, "application/json"),
        ("POST", SECRETS, BODY | {"name": "n" * 64}, "application/json"),
        ("POST", SECRETS, BODY | {"data": BODY["data"] | {"more": ""}}, "application/json"),
        ("PATCH", f"{SECRETS}/old-one", PATCH, "application/json"),
        ("DELETE", f"{SECRETS}/Old", None, ""),
    ],
)
def test_what_the_document_does_not_know(method, path, body, kind, ask, seen):
    """A request that is not as documented is found out: the tests above would see it."""
    ask(method, path, body, kind)
    with pytest.raises(AssertionError):
        check_request(seen[-1][0])
