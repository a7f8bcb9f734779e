"""The functions behind every door: typed, three outcomes, and errors that carry text alone."""

from __future__ import annotations

import json
import pkgutil

import pytest

import aicore_magics
from aicore_magics import (
    CheckOptions,
    RegistryLogin,
    Secret,
    actions,
    apply_docker_secret,
    connect,
    create_docker_secret,
    delete_docker_secret,
    docker_secret_quota,
    dry_run_docker_secret,
    list_docker_secrets,
    show_docker_secret,
    update_docker_secret,
)
from aicore_magics.actions import describe_connection, take_logins
from aicore_magics.errors import (
    DockerSecretMissing,
    ImageRefused,
    InvalidFile,
    InvalidImage,
    InvalidName,
    Refused,
)
from aicore_magics.logins.wish import LoginWish, TakenLogins


@pytest.fixture
def login(canary):
    return RegistryLogin("ghcr.io", "anna", Secret(canary))


def test_the_example_of_the_package_works(sandbox, monkeypatch, canary, own_environment):
    """What the package's docstring shows does what it says."""
    monkeypatch.setenv("AICORE_SERVICE_KEY", sandbox.service_key_json())
    monkeypatch.setenv("GHCR_TOKEN", canary)
    tenant = connect()
    done = create_docker_secret(
        tenant, "team-ghcr", [RegistryLogin("ghcr.io", "anna", Secret.from_env("GHCR_TOKEN"))]
    )
    tenant.close()
    assert (done.name, done.change) == ("team-ghcr", "created")
    assert json.loads(sandbox.state.secrets["team-ghcr"])["auths"]["ghcr.io"]["password"] == canary


def test_each_action_on_one_secret(tenant, login):
    """Create, show, list, apply, update, quota, delete: each result tells its part in data."""
    assert (
        create_docker_secret(tenant, "team-ghcr", [login], images=["ghcr.io/acme/churn:1.4"]).change
        == "created"
    )
    assert show_docker_secret(tenant, "team-ghcr").exists
    assert list(list_docker_secrets(tenant)) == ["team-ghcr"]
    assert apply_docker_secret(tenant, "team-ghcr", [login]).change == "replaced"
    assert update_docker_secret(tenant, "team-ghcr", [login]).change == "replaced"
    assert (docker_secret_quota(tenant).used, docker_secret_quota(tenant).maximum) == (1, 50)
    assert delete_docker_secret(tenant, "team-ghcr").name == "team-ghcr"
    assert not show_docker_secret(tenant, "team-ghcr").exists


def test_wrong_input_is_refused_before_anything_is_sent(tenant, sandbox, login):
    """Name and images are read before the first request."""
    asked = len(sandbox.state.requests)
    with pytest.raises(InvalidName):
        create_docker_secret(tenant, "Default", [login])
    with pytest.raises(InvalidImage):
        create_docker_secret(tenant, "team-ghcr", [login], images=["https://ghcr.io/acme/churn"])
    assert len(sandbox.state.requests) == asked


def test_an_image_that_no_login_serves_is_said(tenant, login):
    """A login for one registry and an image of another is refused, or a warning where nothing is checked."""
    with pytest.raises(ImageRefused, match=r"docker.io/acme/churn:1: no login for it.*Nothing was stored"):
        create_docker_secret(tenant, "team-ghcr", [login], images=["acme/churn:1"])
    skip = CheckOptions(skip=True)
    done = create_docker_secret(tenant, "team-ghcr", [login], images=["acme/churn:1"], checking=skip)
    where, note = done.notes
    assert where == "acme/churn:1 names no registry, so it is at Docker Hub: docker.io/acme/churn:1."
    assert note.startswith("docker.io/acme/churn:1: the secret has a login for ")


def test_a_dry_run_of_apply_looks_first(tenant, sandbox, login, canary):
    """The request shown for apply is the one that would be sent: POST for a new name, else PATCH."""
    assert dry_run_docker_secret(tenant, "team-ghcr", [login], change="apply").method == "POST"
    create_docker_secret(tenant, "team-ghcr", [login])
    dry = dry_run_docker_secret(tenant, "team-ghcr", [login], change="apply")
    assert (dry.method, dry.content_type) == ("PATCH", "application/merge-patch+json")
    assert canary not in repr(dry) + json.dumps(dry.to_dict(), ensure_ascii=False)


def test_notes_of_the_logins_reach_the_result(tenant, login):
    """What is worth knowing about where a login came from stands in the result."""
    assert create_docker_secret(tenant, "team-ghcr", TakenLogins((login,), ("Read so.",))).notes == (
        "Read so.",
    )


def test_errors_leave_without_the_frames_below(tmp_path, canary):
    """An error that arose beside a password keeps neither cause, nor context, nor inner frames."""
    bad = tmp_path / "config.json"
    bad.write_text(
        json.dumps({"auths": {"ghcr.io": {"username": "a:b", "password": canary}}}, ensure_ascii=False)
    )
    with pytest.raises(InvalidFile) as caught:
        take_logins(LoginWish(from_file=str(bad)), None)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    frames = []
    trace = caught.value.__traceback__
    while trace is not None:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    assert [frame.f_code.co_name for frame in frames][1:] == ["wrapper"]
    assert canary not in repr([frame.f_locals for frame in frames[1:]])


def test_describe_connection_tells_source_and_quota(tenant):
    """A connection knows its tenant, where its credentials are from, and how full the tenant is."""
    told = describe_connection(tenant)
    assert (told.where.tenant, told.used, told.quota, told.sandbox) == ("sandbox", 0, 50, True)


def test_a_connection_shows_no_secret(tenant, sandbox):
    """Neither repr nor the attributes of a connection show what opens the tenant."""
    assert sandbox.service_key["clientsecret"] not in repr(tenant) + repr(vars(tenant))


def test_the_public_surface():
    """Every name in __all__ is there, documented, and dir() lists it."""
    for name in aicore_magics.__all__:
        assert getattr(aicore_magics, name).__doc__
        assert name in dir(aicore_magics)
    with pytest.raises(AttributeError):
        aicore_magics.nothing  # noqa: B018
    assert issubclass(DockerSecretMissing, Refused)


def test_no_action_has_the_name_of_its_module():
    """An action is the same at each call: an import puts the module of that name in its place."""
    modules = {module.name for module in pkgutil.iter_modules(actions.__path__)}
    assert modules & {*actions.__all__} == set()
