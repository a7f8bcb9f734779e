"""Several tenants of one sandbox, in one kernel: each with its own secrets, none of them a real one."""

from __future__ import annotations

import json
import os
import re

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.error import UsageError

from aicore_magics.aicore.connection import sandbox_id
from aicore_magics.base.result import JustStarted, Where
from aicore_magics.errors import DockerSecretExists, NotConnected, Stopped
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.jupyter.sandbox_tenants import (
    KEY_VARIABLE,
    LOGINS_VARIABLE,
    PASSWORD_VARIABLE,
    SandboxTenants,
)
from aicore_magics.jupyter.session import Session
from aicore_magics.ledger.place import sandbox_folder


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
    left = {KEY_VARIABLE, f"{KEY_VARIABLE}_TEAM_A", PASSWORD_VARIABLE, LOGINS_VARIABLE} & {*os.environ}
    assert left == set()


def test_more_logins_from_a_cell(shell, monkeypatch):
    """A cell makes a login without a password in it or below it, and that login opens the sandbox's image."""
    monkeypatch.setenv("NEW_TOKEN", "")
    connected = run(shell, "%aicore_connect --sandbox dev")
    shell.run_cell("from aicore_magics.sandbox.logins import logins")
    made = shell.run_cell('logins().make("bert", days=4, shape="jwt", variable="NEW_TOKEN")')
    assert re.fullmatch("bert: valid, begins .* UTC, ends .* UTC, password in NEW_TOKEN", repr(made.result))
    line = f"check --image {connected.registry.image} --username bert --password-env NEW_TOKEN"
    assert run(shell, f"%aicore_docker_secret {line}").ok
    shell.run_cell("logins().revoke(logins().list()[-1])")
    assert not run(shell, f"%aicore_docker_secret {line}").ok
    run(shell, "%aicore_connect --sandbox")
    assert len(shell.run_cell("logins().list()").result) == 2


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


STORE = "--registry ghcr.io --username anna --password-env SANDBOX_REGISTRY_PASSWORD --no-check"
MADE = "%aicore_template workflow abcd --image ghcr.io/acme/churn:1.4 --scenario scen --args a"


@pytest.fixture
def completed(shell):
    def completed(line):
        with provisionalcompleter():
            return {each.text for each in shell.Completer.completions(line, len(line))}

    return completed


@pytest.mark.parametrize("here", ["", "dev"])
def test_what_was_seen_of_one_tenant_is_not_known_of_another(shell, completed, here, tmp_path, monkeypatch):
    """Names, logins and hidden names of a tenant reach no check, no completion, no line about another."""
    monkeypatch.chdir(tmp_path)
    run(shell, f"%aicore_connect --sandbox {here}")
    run(shell, f"%aicore_docker_secret create team-here {STORE}")
    run(shell, f"%aicore_docker_secret create team-prod {STORE} --profile sandbox:prod")
    for secret, there, other in (("team-here", "", "prod"), ("team-prod", " --profile sandbox:prod", "")):
        away = f" --profile sandbox:{other}" if other else ""
        assert f"no secret {secret} yet" in str(run(shell, f"{MADE} --secret {secret}{away}").notes)
        assert run(shell, f"{MADE} --secret {secret}{there}").notes == ()
        for word in ("docker_secret show", "docker_secret delete", "template serving x"):
            before = " --secret " if word.startswith("template") else " "
            assert secret in completed(f"%aicore_{word}{there}{before}")
            assert secret not in completed(f"%aicore_{word}{away}{before}")
    line = MADE.replace("ghcr.io/acme", "quay.io/acme")
    for secret, there, away in (
        ("team-here", "", " --profile sandbox:prod"),
        ("team-prod", " --profile sandbox:prod", ""),
    ):
        run(shell, f"{line} --secret {secret} --out {secret}.yaml")
        for option, rule in ((there, "image-not-served"), (away, "secret-unknown")):
            checked = run(shell, f"%aicore_template check {secret}.yaml{option}")
            assert {finding.rule.id for finding in checked.errors} == {rule}
    run(shell, "%aicore_docker_secret delete team-here --yes")
    assert "team-prod" in completed("%aicore_docker_secret show --profile sandbox:prod ")
    assert "team-here" not in completed("%aicore_docker_secret show ")


def test_deleting_in_one_tenant_forgets_nothing_of_another(shell, completed):
    """The same name in two tenants is two secrets: the one that stays is known still."""
    run(shell, "%aicore_connect --sandbox")
    for option in ("", " --profile sandbox:prod"):
        run(shell, f"%aicore_docker_secret create team-a {STORE}{option}")
    run(shell, "%aicore_docker_secret delete team-a --yes --profile sandbox:prod")
    assert "team-a" in completed("%aicore_docker_secret show ")
    assert "team-a" not in completed("%aicore_docker_secret show --profile sandbox:prod ")


def test_a_position_counts_in_the_list_of_its_own_tenant(shell):
    """--position with --yes deletes only what a list of that same tenant has shown."""
    hidden = "ghp_" + 6 * "ab1c"
    run(shell, "%aicore_connect --sandbox")
    for name in ("", "prod"):
        tenant = shell.find_line_magic("aicore_connect").__self__.session.sandbox_tenants.started(name)
        tenant.state.secrets[hidden] = '{"auths":{"ghcr.io":{}}}'
    run(shell, "%aicore_docker_secret list")
    with pytest.raises(Stopped, match="no list in this kernel showed a hidden name"):
        run(shell, "%aicore_docker_secret delete --position 1 --yes --profile sandbox:prod")
    assert hidden in tenant.state.secrets


@pytest.mark.parametrize("kind", ["workflow", "serving"])
@pytest.mark.parametrize("profile", ["", "sandbox:prod"])
def test_the_tenant_goes_on_to_the_line_that_saves(shell, kind, profile, tmp_path, monkeypatch):
    """From create to the saved file, each line that follows names the tenant of the first."""
    monkeypatch.chdir(tmp_path)
    option = f" --profile {profile}" if profile else ""
    run(shell, "%aicore_connect --sandbox")
    line = STORE.replace("--registry ghcr.io", "--image ghcr.io/acme/churn:1.4")
    stored = run(shell, f"%aicore_docker_secret create team-prod {line}{option}")
    lines = [line.strip() for line in str(stored).splitlines() if f"%aicore_template {kind}" in line]
    assert [line.endswith(option) or option in line for line in lines] == [True]
    cells = []
    monkeypatch.setattr(shell, "set_next_input", lambda text, replace=False: cells.append(text))
    made = run(shell, lines[0])
    assert made.notes == ()
    first, _, yaml = cells[0].partition("\n")
    assert first == f"%%aicore_template save churn-{'train' if kind == 'workflow' else 'serve'}.yaml{option}"
    saved = shell.run_cell_magic("aicore_template", first.partition(" ")[2], yaml)
    assert saved.checked.where.tenant == (profile or "sandbox")
    uncelled = run(shell, lines[0].replace(" --cell", ""))
    (shown, _) = shell.display_formatter.format(uncelled)
    assert f"{first}\n" in shown["text/plain"]


@pytest.mark.parametrize("here", ["", "dev"])
@pytest.mark.parametrize("option", ["", " --profile sandbox:two"])
@pytest.mark.parametrize("line", [STORE, f"{STORE} --image ghcr.invalid/acme/churn:1.4"])
@pytest.mark.parametrize("change", ["create", "apply"])
def test_the_way_out_of_the_sandbox_leads_out(shell, here, option, line, change):
    """Each line of it is run: the last check asks the registry itself, which no check in the sandbox does."""
    run(shell, f"%aicore_connect --sandbox {here}")
    line = line.replace("ghcr.io", "ghcr.invalid").replace(" --no-check", "")
    line = line.replace("--registry ghcr.invalid ", "") if "--image" in line else line
    stored = str(run(shell, f"%aicore_docker_secret {change} team-a {line}{option}")).splitlines()
    at = stored.index("Next: check it outside the sandbox")
    leave, check = (each.strip() for each in stored[at + 1 : at + 3])
    run(shell, leave)
    asked = run(shell, check)
    assert [verdict.outcome for verdict in asked.verdicts] == ["unreachable"]
    assert "sandbox" not in check


@pytest.mark.parametrize("profile", ["", "sandbox:dev"])
@pytest.mark.parametrize(
    ("line", "does"), [("form", "create NAME"), ("form tm", "update tm"), ("create", "create NAME")]
)
def test_a_form_as_text_is_the_line_that_does_the_same(shell, monkeypatch, line, does, profile):
    """Verb, name and tenant of the line are the form's own, and the magic takes the line."""
    monkeypatch.setattr("aicore_magics.jupyter.run_secret.answers", lambda _shell: True)
    option = f" --profile {profile}" if profile else ""
    run(shell, "%aicore_connect --sandbox")
    run(shell, f"%aicore_docker_secret create tm {STORE}{option}")
    form = run(shell, f"%aicore_docker_secret {line}{option}")
    magic = f"%aicore_docker_secret {does} --image REF --username USER{option}"
    assert repr(form) == f"<DockerSecretForm; as a magic: {magic}>"
    form.close()
    _, verb, *words = magic.split()
    SECRET.parser(verb).read(words)


def test_the_record_ends_with_the_sandbox(shell):
    """What this kernel has recorded for its tenants is gone when it ends."""
    session = shell.__dict__["_aicore_magics"][0].session
    for name in ("", "dev"):
        session.sandbox_tenants.started(name).state.secrets["team-x"] = "{}"
        run(shell, f"%aicore_connect --sandbox {name}")
        run(shell, "%aicore_docker_secret note team-x --registry ghcr.io --ends 2001-01-31")
    key = session.sandbox_tenants.started().service_key
    folder = sandbox_folder(sandbox_id(key["clientid"]))
    assert folder.is_dir()
    session.close()
    assert not folder.exists()
