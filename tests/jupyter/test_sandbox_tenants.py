"""Several tenants of one sandbox, in one kernel: each with its own secrets, none of them a real one."""

from __future__ import annotations

import json
import os
import re

import pytest
from IPython.core.error import UsageError

from aicore_magics.base.result import JustStarted, Where
from aicore_magics.errors import DockerSecretExists, NotConnected
from aicore_magics.jupyter.sandbox_tenants import KEY_VARIABLE, PASSWORD_VARIABLE, SandboxTenants
from aicore_magics.jupyter.session import Session


@pytest.fixture
def tenants():
    tenants = SandboxTenants()
    yield tenants
    tenants.stop()


@pytest.fixture
def session():
    session = Session()
    yield session
    session.close()


def run(shell, line):
    magic, _, rest = line.partition(" ")
    return shell.run_line_magic(magic.lstrip("%"), rest)


def test_each_tenant_has_a_service_key_in_a_variable(tenants):
    """The service key of each is in its own variable, the registry is one for all, and both end with it."""
    for name, variable in {"": KEY_VARIABLE, "team-a": f"{KEY_VARIABLE}_TEAM_A"}.items():
        key = tenants.started(name).service_key
        assert json.loads(os.environ[variable]) == key
        assert key["identityzone"] == ("sandbox:team-a" if name else "sandbox")
    assert tenants.names == ("team-a",)
    assert tenants.started("team-a").registry is tenants.started().registry
    tenants.stop()
    assert tenants.names == ()
    assert not {KEY_VARIABLE, f"{KEY_VARIABLE}_TEAM_A", PASSWORD_VARIABLE} & {*os.environ}


def test_a_profile_starts_its_tenant_and_says_so_once(session):
    """The first call with it names a tenant that has just started; the tenant runs until the kernel ends."""
    first = session.for_writing("sandbox:dev")
    assert isinstance(first.where, JustStarted)
    assert str(first.where).endswith(" This call started it, so it was empty.")
    later = session.for_reading("sandbox:dev")
    assert later is first
    assert type(later.where) is Where
    session.disconnect()
    assert type(session.for_reading("sandbox:dev").where) is Where


def test_a_profile_of_the_sandbox_connects_nothing_else(session):
    """It is for one call: a write without it needs a connection as before."""
    session.for_writing("sandbox:dev")
    assert session.connection is None
    with pytest.raises(NotConnected):
        session.for_writing()


def test_each_tenant_has_its_own_secrets(shell):
    """What is stored in one is not in the others, and each result names its tenant."""
    line = "apply team-a --registry ghcr.io --username anna --password-env SANDBOX_REGISTRY_PASSWORD"
    run(shell, "%aicore_connect --sandbox")
    run(shell, f"%aicore_docker_secret {line} --profile sandbox:dev")
    for option, tenant, names in (
        ("", "sandbox", ()),
        (" --profile sandbox:dev", "sandbox:dev", ("team-a",)),
        (" --profile sandbox:prod", "sandbox:prod", ()),
    ):
        listed = run(shell, f"%aicore_docker_secret list{option}")
        assert (listed.where.tenant, listed.names) == (tenant, names)
        assert f"Tenant {tenant} at 127.0.0.1:" in str(listed)


def test_what_is_next_leads_to_the_same_tenant(shell):
    """Results, cards, findings and errors of a call for another tenant say lines for that tenant."""
    run(shell, "%aicore_connect --sandbox dev")
    line = "create team-a --registry ghcr.io --username anna --password-env SANDBOX_REGISTRY_PASSWORD"
    prod = " --profile sandbox:prod"
    missing = run(shell, f"%aicore_docker_secret show team-a{prod}")
    assert f"list{prod}" in str(missing)
    (card, _) = shell.display_formatter.format(missing)
    assert "--profile" in card["text/html"]
    assert f"list{prod}" in card["text/plain"]
    run(shell, f"%aicore_docker_secret {line}{prod}")
    with pytest.raises(DockerSecretExists) as refused:
        run(shell, f"%aicore_docker_secret {line}{prod}")
    assert re.search(f"update team-a .*{prod}$", "".join(refused.value._render_traceback_()))
    assert "--profile" not in str(run(shell, "%aicore_docker_secret show team-a"))


@pytest.mark.parametrize("line", ["--sandbox dev", "--profile sandbox:dev"])
def test_connecting_to_a_tenant(shell, line):
    """Both lines connect to the same tenant, with the sandbox's registry; --status says which others run."""
    run(shell, "%aicore_docker_secret list --profile sandbox:prod")
    connected = run(shell, f"%aicore_connect {line}")
    assert (connected.where.tenant, connected.others) == ("sandbox:dev", ("sandbox:prod",))
    assert connected.registry.image.startswith("127.0.0.1:")
    assert connected.credentials == "the sandbox's own service key, variable SANDBOX_SERVICE_KEY_DEV"
    assert run(shell, "%aicore_connect --status") == connected
    assert run(shell, "%aicore_connect --sandbox").others == ("sandbox:dev", "sandbox:prod")[::-1]


@pytest.mark.parametrize(
    "name",
    ["Dev", "team_a", "a b", "a-", "1a", "é", "dev:prod", "sandbox:dev", 21 * "a", "../a", "a/b"],
)
@pytest.mark.parametrize("line", ["connect --sandbox", "docker_secret list --profile", "connect --profile"])
def test_names_that_no_tenant_has(shell, line, name):
    """A bad name is refused before anything starts: what a name is made of is said, and no name repeated."""
    shell.user_ns["name"] = f"sandbox:{name}" if line.endswith("--profile") else name
    with pytest.raises(UsageError, match="a sandbox tenant has a name such as dev: ") as refused:
        run(shell, f"%aicore_{line} {{name}}")
    assert name not in str(refused.value).replace("a sandbox tenant", "")
    assert run(shell, "%aicore_connect --sandbox").others == ()


@pytest.mark.parametrize("profile", ["sandbox:", "Sandbox:dev", "SANDBOX:dev"])
def test_a_profile_that_is_nearly_one_of_the_sandbox(shell, profile):
    """No config file is looked for under a name that was meant for the sandbox."""
    with pytest.raises(UsageError, match="a sandbox tenant has a name such as dev"):
        run(shell, f"%aicore_docker_secret list --profile {profile}")
