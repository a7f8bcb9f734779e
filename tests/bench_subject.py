"""Wires this project into benches that compare clients: BENCH_SUBJECT names this file."""

from __future__ import annotations

import functools
import json
import queue
import threading
from types import SimpleNamespace


def client(api, auth, client_id, client_secret):
    """Give an object with create(name, config) and rotate(name, config): one tenant, one kept connection.

    It is made at the first call: the bench asks for one with empty credentials, which are refused here.
    """

    @functools.cache
    def bare():
        from aicore_magics.aicore.connection import Connection
        from aicore_magics.aicore.service_key import service_key

        fields = {
            "client_id": client_id,
            "client_secret": client_secret,
            "auth_url": auth,
            "base_url": api,
        }
        return Connection(service_key(fields, "bench")).client

    def send(make, name, config):
        from aicore_magics.base.redact import Secret
        from aicore_magics.http.deadline import Deadline

        deadline = Deadline()
        request = make(name, Secret(config))
        answer = bare().exchange(request, deadline)
        if not answer.ok:
            raise bare().refusal(answer, request, deadline)

    def create(name, config):
        from aicore_magics.aicore.client import create_request

        send(create_request, name, config)

    def rotate(name, config):
        from aicore_magics.aicore.client import update_request

        send(update_request, name, config)

    return SimpleNamespace(create=create, rotate=rotate, bare=bare)


def rotate_many(client, items, concurrency):
    """Replace them side by side at one pace, listed before and after; return how many went well or not."""
    if not items:
        return 0, 0
    from aicore_magics.http.deadline import Deadline
    from aicore_magics.http.pacer import Pacer

    core = client.bare()
    core.pacer = Pacer(core.host)
    core.names(Deadline())
    failed = _replaced(core, [_secret(name, config) for name, config in items], concurrency)
    core.names(Deadline())
    return len(items) - failed, failed


def _secret(name, config):
    from aicore_magics.base.redact import Secret
    from aicore_magics.model.docker_secret import DockerSecret, RegistryLogin
    from aicore_magics.model.names import SecretName

    auths = json.loads(config)["auths"]
    logins = (RegistryLogin(key, one["username"], Secret(one["password"])) for key, one in auths.items())
    return DockerSecret(SecretName(name), tuple(logins))


def _replaced(core, secrets, concurrency):
    """Replace *secrets* with so many threads; return how many failed."""
    from aicore_magics.aicore import secret_store
    from aicore_magics.errors import AICoreError
    from aicore_magics.http.deadline import Deadline

    todo, failed = queue.SimpleQueue(), []

    def work():
        while (secret := todo.get()) is not None:
            try:
                secret_store.replace(core, secret, Deadline())
            except AICoreError as error:
                failed.append(error)

    for each in (*secrets, *[None] * concurrency):
        todo.put(each)
    workers = [threading.Thread(target=work) for _ in range(concurrency)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return len(failed)


def workflow_template(params):
    """Give the YAML text of the WorkflowTemplate that these parameters describe, from real options."""
    generate, parts = _generating()
    made = generate(
        params["name"],
        image=params["image"],
        secret=params["secret"],
        scenario=parts.Scenario(params["scenario"], params["title"], params["description"]),
        container=parts.Container(args=params["args"], env=dict(params["env"])),
        options=parts.WorkflowOptions(
            description=params["description"],
            version=params["version"],
            plan=params["plan"],
            step="train",
            parameters=(parts.Parameter("DEPTH", value="3"),),
            inputs=(parts.Artifact("dataset", "/app/data"),),
            outputs=(parts.Artifact("model", "/app/model"),),
        ),
    )
    return str(made)


@functools.cache
def _generating():
    """Import at the first call: the bench counts it as a part of the first template."""
    from aicore_magics.templates.generate import parts
    from aicore_magics.templates.generate.generated import workflow_template as generate

    return generate, parts


def validate_template(document):
    """Raise unless the document is a valid WorkflowTemplate: one without an error."""
    check = _checking()
    wrong = [one for one in check(document) if one.severity == "error"]
    if wrong:
        raise ValueError(str(wrong[0]))


@functools.cache
def _checking():
    """Import at the first call: the bench counts it as a part of the first check."""
    from aicore_magics.templates.check.text import check_document

    return check_document
