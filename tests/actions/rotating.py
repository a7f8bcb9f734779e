"""Three tenants of a sandbox, its registry, and secrets to rotate there: what tests of rotations share."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest

from aicore_magics.actions import connect_with, create_docker_secret, plan_rotation
from aicore_magics.actions.docker_secrets import CheckOptions
from aicore_magics.actions.recording import Recording, ledger_of
from aicore_magics.actions.rotation_results import RotationDone
from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin

NAMES = ("dev", "test", "prod")
LIFE, FRESH = timedelta(days=10), timedelta(days=90)

TEMPLATE = """\
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {{name: {name}}}
spec:
  entrypoint: main
  imagePullSecrets: [{{name: {secret}}}]
  templates: [{{name: main, container: {{image: {image}}}}}]
"""


class World:
    """The *tenants* of a sandbox by name, and logins and secrets of theirs."""

    def __init__(self, sandbox):
        self.sandbox, self.registry = sandbox, sandbox.registry
        self.image = f"{self.registry.host}/acme/churn:1.4"
        self.basic_image = f"{self.registry.basic_host}/acme/churn:1.4"
        self.tenants = {name: connect_with(sandbox.tenant(name).service_key, sandbox=True) for name in NAMES}
        self.ledger = ledger_of(self.tenants["dev"])

    def close(self):
        for tenant in self.tenants.values():
            tenant.close()

    @property
    def each(self):
        return tuple(self.tenants.values())

    def login(self, user="bot", *, life=FRESH, key="", begins=None, shape="jwt"):
        """A login that the registry has just made, for its first host or under another *key*."""
        made = self.registry.make_login(user, life=life, shape=shape, begins=begins)
        return login(key or self.registry.host, made.username, made.password)

    def store(self, tenant, name, *logins, images=None, checked=True, ends=()):
        """Store a secret in *tenant*, which the record then knows."""
        create_docker_secret(
            self.tenants[tenant],
            name,
            logins,
            images=[self.image] if images is None else images,
            checking=CheckOptions(skip=not checked),
            recording=Recording(ends),
        )

    def plan(self, *names, tenants=NAMES, **how):
        return plan_rotation([self.tenants[each] for each in tenants], names, **how).plan

    def held(self, tenant, name):
        """The auths of a secret, as AI Core has them: user and password by key."""
        auths = json.loads(self.sandbox.tenant(tenant).state.secrets[name])["auths"]
        return {key: (entry["username"], entry["password"]) for key, entry in auths.items()}

    def writes(self):
        """How many requests that change something have reached each tenant."""
        return [
            sum(
                asked.method in ("POST", "PATCH", "DELETE") and "oauth" not in asked.path
                for asked in asked_of
            )
            for asked_of in (self.sandbox.tenant(name).state.requests for name in NAMES)
        ]

    def stored(self):
        return {name: dict(self.sandbox.tenant(name).state.secrets) for name in NAMES}

    @contextmanager
    def refused(self, what, *, hint="", kind=AICoreError):
        """What is done here is refused with these words; nothing is sent, stored or recorded."""
        before = self.writes(), self.stored(), self.ledger.read().records
        with pytest.raises(kind, match=what) as caught:
            yield caught
        assert hint in caught.value.hint
        assert (self.writes(), self.stored(), self.ledger.read().records) == before


def login(key, user, password):
    """A login under *key*, which may have a path."""
    return RegistryLogin(AuthKey(key) if "/" in key else key, user, Secret(password))


def states(done):
    """The state of each secret, in turn."""
    outcomes = done.outcomes if isinstance(done, RotationDone) else done
    return [outcome.state for outcome in outcomes.each]
