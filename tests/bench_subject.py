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
            from aicore_magics.redact import Secret
            from aicore_magics.timing import Deadline

            bare().create(name, Secret(config), Deadline())

        def rotate(self, name, config):
            from aicore_magics.redact import Secret
            from aicore_magics.timing import Deadline

            bare().update(name, Secret(config), Deadline())

    return Subject()
