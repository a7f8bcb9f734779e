"""Wires this project into benches that compare clients: BENCH_SUBJECT names this file."""

from __future__ import annotations

import functools


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

    class Subject:
        def create(self, name, config):
            from aicore_magics.base.redact import Secret
            from aicore_magics.http.deadline import Deadline

            bare().create(name, Secret(config), Deadline())

        def rotate(self, name, config):
            from aicore_magics.base.redact import Secret
            from aicore_magics.http.deadline import Deadline

            bare().update(name, Secret(config), Deadline())

    return Subject()


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
