"""The registries that the tests of the registry check share: started once, filled once, ended at the end."""

from __future__ import annotations

import contextlib

import pytest

from aicore_magics.http.transport import Transport
from tests.real.registry_bench import KINDS, Bench


@pytest.fixture(scope="session")
def bench(tmp_path_factory):
    """Debian's docker-registry four times: htpasswd and tokens, plain and over TLS, with the same images."""
    with contextlib.closing(Bench(tmp_path_factory.mktemp("registries"))) as running:
        yield running


@pytest.fixture(params=KINDS)
def backend(request, bench):
    """A registry with either kind of logins."""
    return bench.backend(request.param)


@pytest.fixture(params=KINDS)
def tls_backend(request, bench):
    """The same over TLS, with a certificate of a private CA."""
    return bench.backend(request.param, tls=True)


@pytest.fixture
def transport():
    """What sends, without anybody's CA."""
    with contextlib.closing(Transport()) as sender:
        yield sender
