"""What each write leaves in the record of this machine, in the real sandbox."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from aicore_magics.actions import connect_with, delete_docker_secret, recording
from aicore_magics.actions.docker_secrets import (
    CheckOptions,
    apply_docker_secret,
    create_docker_secret,
    update_docker_secret,
)
from aicore_magics.actions.recording import Recording, ledger_of
from aicore_magics.base.encodings import Encodings, small
from aicore_magics.base.progress import STORE, Watch
from aicore_magics.base.redact import Secret
from aicore_magics.errors import DockerSecretExists, InvalidDate, LoginRefused, OutcomeUnknown
from aicore_magics.ledger.ledger import Ledger
from aicore_magics.ledger.place import sandbox_folder
from aicore_magics.logins.wish import TakenLogins
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.registry.lifetimes import short_lived
from tests.waiting import PATIENCE, until

WRITES = {"create": create_docker_secret, "apply": apply_docker_secret, "update": update_docker_secret}
SKIP = CheckOptions(skip=True)
HELD = json.dumps({"auths": {"old": {}}})


@pytest.fixture
def login(sandbox):
    """The right login of the sandbox's registry."""
    registry = sandbox.registry
    return RegistryLogin(registry.host, registry.username, Secret(registry.password))


def records(tenant):
    return ledger_of(tenant).read().records


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("there", [False, True])
def test_a_write_is_recorded(sandbox, tenant, login, what, there):
    """A write that is done has one record: what, where, for whom, for which image, from which notebook."""
    if there:
        sandbox.state.secrets["team"] = HELD
    if what == ("create" if there else "update"):
        pytest.skip("such a write is refused")
    image = f"{sandbox.registry.host}/acme/churn:1.4"
    taken = TakenLogins((login,), source="variable GHCR_TOKEN")
    how = Recording(("2027-01-31",), "train.ipynb")
    done = WRITES[what](tenant, "team", taken, images=[image], recording=how)
    (record,) = records(tenant)
    assert (record.op, record.outcome, record.secret) == (done.change, "done", "team")
    assert (record.tenant, record.host) == (tenant.tenant, tenant.host)
    assert (record.source, record.notebook) == ("variable GHCR_TOKEN", "train.ipynb")
    (noted,) = record.logins
    assert (noted.registry, noted.username, noted.key) == (sandbox.registry.host, "anna", login.key)
    assert (noted.expiry.ends, noted.expiry.how) == (datetime(2027, 1, 31, tzinfo=UTC), "told")
    (pulled,) = record.images
    assert (pulled.reference, pulled.verdict) == (image, "ok")
    assert pulled.digest.startswith("sha256:")


def test_an_end_in_the_token(sandbox, tenant):
    """The end of a token that shows it is recorded, also where no registry is asked and another is told."""
    made = sandbox.registry.make_login("anna", life=timedelta(days=40), shape="jwt")
    token = RegistryLogin(sandbox.registry.host, "anna", Secret(made.password))
    for checking in (SKIP, CheckOptions()):
        done = apply_docker_secret(tenant, "team", [token], checking=checking)
        assert records(tenant)[-1].logins[0].expiry.ends == made.ends
        assert "read from the token" in str(done)
    done = apply_docker_secret(tenant, "team", [token], recording=Recording(("2099-01-31",)))
    assert records(tenant)[-1].logins[0].expiry.ends == made.ends
    assert "another end than you gave" in str(done)


def test_an_end_by_the_user_name(sandbox, tenant):
    """What is told wins over what is only usual for such a user; a warning is not said beside the end."""
    login = RegistryLogin("europe-docker.pkg.dev", "oauth2accesstoken", Secret("not a secret"))
    taken = take_logins_of(login)
    done = apply_docker_secret(tenant, "team", taken, checking=SKIP)
    assert records(tenant)[-1].logins[0].expiry.how == "user name"
    assert taken.notes
    assert not {*taken.notes} & {*done.notes}
    apply_docker_secret(tenant, "team", taken, checking=SKIP, recording=Recording(("2027-01-31",)))
    assert records(tenant)[-1].logins[0].expiry.how == "told"


def take_logins_of(login):
    """Give *login* as a door takes it, with the warning that it ends by itself."""
    return TakenLogins((login,), (short_lived(login),), "prompt")


@pytest.mark.parametrize("what", WRITES)
def test_an_outcome_that_is_not_known(sandbox, tenant, login, what, clock):
    """A write of which nobody knows what came is recorded as such."""
    if what == "update":
        sandbox.state.secrets["team"] = HELD

    def begins(step, _state, _word):
        if step == STORE:
            sandbox.faults.drop, sandbox.faults.drop_reads = ["after"] * 100, ["before"] * 100

    with pytest.raises(OutcomeUnknown):
        WRITES[what](tenant, "team", [login], checking=CheckOptions(skip=True, watch=Watch(begins)))
    (record,) = records(tenant)
    assert (record.op, record.outcome) == ("replaced" if what == "update" else "created", "unknown")
    (known,) = ledger_of(tenant).read().known()
    assert known.doubt == record


def test_a_refusal_leaves_no_record(sandbox, tenant, login, canary):
    """What was refused changed nothing, and is not recorded."""
    sandbox.state.secrets["team"] = HELD
    wrong = RegistryLogin(sandbox.registry.host, "anna", Secret(canary))
    with pytest.raises(DockerSecretExists):
        create_docker_secret(tenant, "team", [login])
    with pytest.raises(LoginRefused):
        create_docker_secret(tenant, "other", [wrong])
    with pytest.raises(InvalidDate):
        apply_docker_secret(tenant, "team", [login], recording=Recording(("tomorrow",)))
    assert records(tenant) == ()
    assert sandbox.state.secrets == {"team": HELD}


def test_a_deletion_is_recorded(sandbox, tenant, login):
    """A deleted secret is known no more; a delete of which nobody knows is in doubt."""
    create_docker_secret(tenant, "team", [login], checking=SKIP)
    create_docker_secret(tenant, "other", [login], checking=SKIP)
    delete_docker_secret(tenant, "team")
    assert [known.record.secret for known in ledger_of(tenant).read().known()] == ["other"]


def test_a_record_that_cannot_be_written(sandbox, tenant, login):
    """A record is no reason for a write to fail; that there is none is told once."""
    folder = sandbox_folder(tenant.sandbox_id)
    folder.write_text("no folder", encoding="utf-8")
    first = create_docker_secret(tenant, "first", [login], checking=SKIP)
    second = create_docker_secret(tenant, "second", [login], checking=SKIP)
    assert set(sandbox.state.secrets) == {"first", "second"}
    assert [bool([note for note in one.notes if "record" in note]) for one in (first, second)] == [
        True,
        False,
    ]
    folder.unlink()


def test_no_record_where_it_is_off(tenant, login, monkeypatch):
    """With AICORE_MAGICS_STATE=off nothing is written anywhere, and nothing is said of it."""
    monkeypatch.setenv("AICORE_MAGICS_STATE", "off")
    done = create_docker_secret(tenant, "team", [login], checking=SKIP)
    assert done.notes == ()
    assert not sandbox_folder(tenant.sandbox_id).exists()


def test_nothing_of_a_password_is_in_the_folder(sandbox, canary):
    """No form of a password, or of the client's secret, is in any file of the record."""
    tenant = connect_with(sandbox.service_key, sandbox=True)
    machine_made = f"ghp_{'aB3' * 12}"
    for name, password in (("team", canary), ("other", machine_made)):
        for write in (create_docker_secret, update_docker_secret):
            write(tenant, name, [RegistryLogin("ghcr.io", "anna", Secret(password))], checking=SKIP)
    folder = Path(sandbox_folder(tenant.sandbox_id))
    held = small("".join(file.read_bytes().decode("latin-1") for file in folder.rglob("*") if file.is_file()))
    assert held
    for password in (canary, machine_made, str(sandbox.service_key["clientsecret"])):
        assert not [form for form in Encodings.of(password).forms if form in held]
    tenant.close()


@pytest.mark.parametrize("what", [*WRITES, "delete"])
def test_an_interrupt_while_it_is_recorded(sandbox, tenant, login, what, monkeypatch, ctrl_c):
    """What was done is recorded also where Ctrl-C comes meanwhile; as it is told unknown, it is in doubt."""
    if what != "create":
        apply_docker_secret(tenant, "team", [login], checking=SKIP)
    append = Ledger.append

    def slowly(ledger, *records):
        if what != "delete" or records[-1].outcome == "done":
            monkeypatch.setattr(Ledger, "append", append)
            ctrl_c()
            threading.Event().wait(0.2)
        return append(ledger, *records)

    monkeypatch.setattr(Ledger, "append", slowly)
    write = partial(WRITES.get(what, apply_docker_secret), tenant, "team", [login], checking=SKIP)
    if what == "delete":
        write = partial(delete_docker_secret, tenant, "team")
    with pytest.raises(OutcomeUnknown):
        write()
    written = 2 if what == "create" else 3
    until(lambda: len(records(tenant)) == written)  # it may be that nobody has waited for it
    ops = [(record.op, record.outcome) for record in records(tenant)][-2:]
    op = {"create": "created", "delete": "deleted"}.get(what, "replaced")
    assert sorted(ops) == [(op, "done"), (op, "unknown")]


@pytest.mark.parametrize("error", [MemoryError, RuntimeError, ImportError, RecursionError])
def test_a_fault_of_the_record_fails_no_write(sandbox, tenant, login, error, monkeypatch):
    """Whatever is wrong with the record, a write that is done is told as done."""

    def fails(*_):
        raise error("no room")

    monkeypatch.setattr(Ledger, "append", fails)
    done = create_docker_secret(tenant, "team", [login], checking=SKIP)
    assert done.change == "created"
    assert any("could not record" in note for note in done.notes)


def test_a_disk_that_does_not_answer(sandbox, tenant, login, monkeypatch):
    """A write waits for its record for a while only."""
    never = threading.Event()
    monkeypatch.setattr(recording, "WRITTEN_WITHIN", 0.1)
    monkeypatch.setattr(Ledger, "append", lambda *_: never.wait(PATIENCE) or "")
    done = create_docker_secret(tenant, "team", [login], checking=SKIP)
    never.set()
    assert any("does not answer" in note for note in done.notes)


@pytest.mark.parametrize("where", ["user", "image", "notebook", "source"])
def test_the_password_of_another_login(tenant, canary, where):
    """A password of one login is not recorded where it stands in another login, an image or a name."""
    plain = "".join(filter(str.isascii, canary)).translate(str.maketrans("", "", "{}<>'\"\\$%&!"))
    secret = f"{plain}winter.2024"
    first = RegistryLogin("ghcr.io", "anna", Secret(secret))
    second = RegistryLogin("quay.io", secret if where == "user" else "bob", Secret(canary))
    images = [f"ghcr.io/{secret}/churn:1"] if where == "image" else []
    taken = TakenLogins((first, second), source=f"keyring {secret}" if where == "source" else "prompt")
    how = Recording(notebook=f"{secret}.ipynb" if where == "notebook" else "a.ipynb")
    create_docker_secret(tenant, "team", taken, images=images, checking=SKIP, recording=how)
    assert secret not in f"{records(tenant)[-1].to_data()}"
    assert "***" in f"{records(tenant)[-1].to_data()}"
