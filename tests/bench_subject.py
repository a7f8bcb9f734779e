"""Wires this project into benches that compare clients: BENCH_SUBJECT names this file."""

from __future__ import annotations

import dataclasses
import functools
import json
import pathlib
import tempfile
from types import SimpleNamespace


def client(api, auth, client_id, client_secret):
    """Give an object with create(name, config) and rotate(name, config): one tenant, one kept connection.

    It is made at the first call: the bench asks for one with empty credentials, which are refused here.
    """

    @functools.cache
    def bare():
        import aicore_magics.ledger.merging
        import aicore_magics.rotation.engine  # noqa: F401 - before the clock starts, as for every contender
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
    """Replace them as a rotation does behind its first secret: listed, journaled, sent; give ok and failed.

    The server there lists none of them, so its list counts as one that is not whole.
    """
    if not items:
        return 0, 0
    from aicore_magics.ledger.ledger import Ledger
    from aicore_magics.rotation.engine import Engine
    from aicore_magics.rotation.journal import Journal

    core = client.bare()
    core.names = lambda deadline: dataclasses.replace(type(core).names(core, deadline), complete=False)
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Ledger(pathlib.Path(folder)), "r0101-bench")
        targets = [_target(core, name, config) for name, config in items]
        replaced = Engine(targets, journal, workers=concurrency, proven=True).run().count("replaced")
    return replaced, len(items) - replaced


def _target(core, name, config):
    from aicore_magics.ledger.record import NotedLogin, Record
    from aicore_magics.model.docker_secret import DockerSecret
    from aicore_magics.model.names import SecretName
    from aicore_magics.rotation.plan import HeldLogin, PlannedSecret
    from aicore_magics.rotation.targets import Target

    logins = _logins(config)
    noted = tuple(NotedLogin(registry=login.key, username=login.username) for login in logins)
    planned = PlannedSecret(core.tenant, core.host, name, HeldLogin(logins[0].key, logins[0].username))
    record = Record(tenant=core.tenant, host=core.host, secret=name, op="replaced", logins=noted)
    return Target(planned, core, DockerSecret(SecretName(name), logins), record)


@functools.cache
def _logins(config):
    """Read the logins of a config once: a rotation brings one login to all secrets."""
    from aicore_magics.base.redact import Secret
    from aicore_magics.model.docker_secret import RegistryLogin

    auths = json.loads(config)["auths"].items()
    return tuple(RegistryLogin(key, one["username"], Secret(one["password"])) for key, one in auths)


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
