from __future__ import annotations

import pytest

from aicore_magics import (
    RegistryLogin,
    Secret,
    create_docker_secret,
    delete_docker_secret,
)
from aicore_magics.actions import deletion_question
from aicore_magics.errors import (
    DockerSecretMissing,
    Stopped,
)


@pytest.fixture
def login(canary):
    return RegistryLogin("ghcr.io", "anna", Secret(canary))


def test_the_question_before_a_delete(tenant, login):
    """It names tenant and consequences; for a name that is not there, there is no question."""
    create_docker_secret(tenant, "team-ghcr", [login])
    assert deletion_question(tenant, "team-ghcr").startswith(
        "Delete team-ghcr from tenant sandbox? Every resource"
    )
    with pytest.raises(DockerSecretMissing):
        deletion_question(tenant, "team-hub")


def test_a_delete_where_the_folder_is_gone(tenant, login, sandbox, tmp_path, monkeypatch):
    """Looking for templates is an extra: a folder that is gone neither stops nor hides a delete."""
    create_docker_secret(tenant, "team-ghcr", [login])
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert deletion_question(tenant, "team-ghcr").startswith("Delete team-ghcr")
    assert delete_docker_secret(tenant, "team-ghcr").named_by == ()
    assert not sandbox.state.secrets
    monkeypatch.chdir(tmp_path)


def test_an_interrupt_never_hides_a_delete(tenant, login, sandbox, monkeypatch):
    """The templates are looked for first, so that an interrupt there finds the secret untouched."""
    create_docker_secret(tenant, "team-ghcr", [login])

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("aicore_magics.actions.tenant_secrets.files_naming", interrupted)
    with pytest.raises(Stopped, match="nothing was changed"):
        delete_docker_secret(tenant, "team-ghcr")
    assert list(sandbox.state.secrets) == ["team-ghcr"]
