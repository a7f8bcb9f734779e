"""Which secrets a plan has, in which turn, with which images; and every plan that is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from aicore_magics.actions import (
    connect_with,
    named_tenant,
    plan_rotation,
    save_rotation_plan,
)
from aicore_magics.base.redact import Secret
from aicore_magics.errors import InvalidFile, InvalidImage, InvalidName, InvalidRegistry, RotationRefused
from aicore_magics.ledger.place import ledger_folder
from aicore_magics.rotation.plan import Plan
from aicore_magics.sandbox import start
from tests.actions.rotating import LIFE, TEMPLATE, login

WORD = "battery" + "Staple7"


@pytest.fixture
def old(world):
    """A login that three secrets of three tenants hold, and one more of the first."""
    old = world.login(life=LIFE)
    for tenant in world.tenants:
        world.store(tenant, "team-a", old)
    world.store("dev", "team-b", old)
    return old


def places(plan):
    return [(secret.tenant.partition(":")[2], secret.name) for secret in plan.secrets]


@pytest.mark.usefixtures("old")
def test_all_secrets_of_one_login_production_last(world):
    """One name is enough: all secrets with the same fingerprint are meant, and production comes last."""
    assert places(world.plan("team-a")) == [
        *(("dev", "team-a"), ("dev", "team-b"), ("test", "team-a"), ("prod", "team-a"))
    ]


@pytest.mark.usefixtures("old")
def test_the_fewest_templates_first(world, tmp_path):
    """First comes the secret that the fewest templates name; what these pull is to be tested, too."""
    for name in ("one", "two"):
        text = TEMPLATE.format(name=name, secret="team-a", image=f"{world.registry.host}/acme/{name}:1")
        (tmp_path / f"{name}.yaml").write_text(text)
    other = f"{world.registry.host}/acme/more:2"
    plan = world.plan("team-a", templates=[tmp_path], images=[other])
    first, *rest = plan.secrets
    assert (first.name, first.images) == ("team-b", (world.image, other))
    of_templates = [f"{world.registry.host}/acme/{name}:1" for name in ("one", "two")]
    assert [(*each.images,) for each in rest] == [(world.image, *of_templates, other)] * 3
    assert {len(each.templates) for each in rest} == {2}


def test_what_is_due_without_a_name(world):
    """Without a name it is the login that is due first; a single login needs no date at all."""
    world.store("dev", "fresh", world.login())
    assert places(world.plan()) == [("dev", "fresh")]
    world.store("dev", "ends", world.login("eve", life=timedelta(days=30)), images=[])
    with world.refused("no login is due", hint="docker_secret_records", kind=RotationRefused):
        world.plan()
    for name, end in (("later", "2026-12-09"), ("first", "2026-12-05")):
        told = login(world.registry.host, name, f"{name}{WORD}")
        world.store("test", name, told, images=[], checked=False, ends=end)
    assert places(world.plan()) == [("test", "first")]
    with world.refused("no login at ghcr.io for ends", kind=RotationRefused):
        world.plan("ends", registry="ghcr.io")


def test_where_else_it_is(world, old):
    """A secret of another tenant that holds it too is told, and so is one that its tenant has no more."""
    world.store("test", "team-c", old)
    del world.sandbox.tenant("dev").state.secrets["team-b"]
    planned = plan_rotation(world.tenants["dev"], "team-a")
    assert sorted(name for name, _ in planned.elsewhere) == ["team-a", "team-a", "team-c"]
    assert [name for name, _ in planned.gone] == ["team-b"]
    assert places(planned.plan) == [("dev", "team-a")]


@pytest.mark.usefixtures("old")
def test_a_tenant_that_does_not_answer(world):
    """Its secrets stay in the plan, and the plan says that they were not compared."""
    world.sandbox.tenant("test").faults.html = True
    planned = plan_rotation(world.each, "team-a")
    assert len(planned.plan.secrets) == 4
    assert [note for note in planned.notes if ":test was not compared" in note]


def test_one_user_under_two_keys(world):
    """A secret may have one login twice, under keys with other paths: it stands in the plan once."""
    old = world.login(life=LIFE)
    keys = [f"{world.registry.host}/{path}" for path in ("acme", "other")]
    world.store("dev", "paths", *(login(key, old.username, old.password.reveal()) for key in keys))
    plan = world.plan("paths")
    (secret,) = plan.secrets
    assert (plan.registry, {secret.login.key, secret.others[0].key}) == (world.registry.host, {*keys})
    assert Plan.parse(json.dumps(plan.to_data())) == plan


WHAT_IS_PROVEN = ((["sure", "maybe"], ()), (["sure"], ["maybe"]))


def test_only_probably(world):
    """A secret whose token leaves no fingerprint, or may be another by now, must be named or left out."""
    old = world.registry.make_login("bot", life=LIFE)
    first = login(world.registry.host, "bot", old.password)
    world.store("dev", "sure", first)
    world.store("test", "maybe", first)
    with world.refused("1 secret is only probably with the same login", kind=RotationRefused) as caught:
        world.plan("sure")
    assert "maybe, " in str(caught.value)
    assert "leave_out" in caught.value.hint
    assert places(world.plan("sure", leave_out=["maybe"])) == [("dev", "sure")]
    assert places(world.plan("sure", "maybe")) == [("dev", "sure"), ("test", "maybe")]
    planned = [plan_rotation(world.each, names, leave_out=out) for names, out in WHAT_IS_PROVEN]
    assert [each.proven for each in planned] == [False, True]


def test_a_write_in_doubt_is_only_probably(world, old):
    """Where nobody knows whether a later write was made, the earlier fingerprint proves nothing."""
    known = [each.record for each in world.ledger.read().known() if each.record.secret == "team-b"]
    world.ledger.append(known[0].with_(op="replaced", outcome="unknown"))
    with world.refused("only probably", kind=RotationRefused):
        world.plan("team-a")
    assert len(world.plan("team-a", "team-b").secrets) == 4
    assert old.username == "bot"


def two_users(world):
    host = world.registry.host
    pair = [login(f"{host}/{user}", user, WORD) for user in ("anna", "bot")]
    world.store("dev", "two", *pair, images=[], checked=False)


def a_pattern(world):
    world.store("dev", "pattern", login("*.example.com/", "bot", WORD), images=[], checked=False)


def two_registries(world):
    logins = [login(host, "bot", WORD) for host in (world.registry.host, world.registry.basic_host)]
    world.store("dev", "both", *logins, images=[], checked=False)


def nothing(world):
    """There is nothing but what the fixture has stored."""


REFUSED = {
    "unknown": (nothing, {"names": "team-x"}, "no login for team-x", "note_docker_secret"),
    "no registry in common": (
        nothing,
        {"names": ["team-a", "team-b"], "registry": "quay.io"},
        "no login at quay.io for team-a",
        "note_docker_secret",
    ),
    "two users": (two_users, {"names": "two"}, "has logins of two users for 127", "update_docker_secret"),
    "a pattern": (a_pattern, {"names": "pattern"}, "which is not a registry", "update_docker_secret"),
    "two registries": (
        two_registries,
        {"names": "both"},
        "secret both has logins for 2 registries: ",
        ", or registry=",
    ),
    "a name": (nothing, {"names": "a name"}, "space", ""),
    "a left out name": (nothing, {"names": "team-a", "leave_out": ["a name"]}, "space", ""),
    "an image": (nothing, {"names": "team-a", "images": ["Not/AN:image:"]}, "image", ""),
    "a registry": (nothing, {"names": "team-a", "registry": "ghcr.io/acme"}, "image, not a registry", ""),
    "left out": (nothing, {"names": "team-a", "leave_out": ["team-a", "team-b"]}, "no login for team-a", ""),
}


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(("prepare", "asked", "what", "hint"), REFUSED.values(), ids=REFUSED)
def test_refused(world, prepare, asked, what, hint):
    """Each plan that cannot be made says why, and what helps; nothing is changed."""
    prepare(world)
    kinds = (RotationRefused, InvalidName, InvalidImage, InvalidRegistry)
    with world.refused(what, hint=hint, kind=kinds):
        plan_rotation(world.each, **asked)


@pytest.mark.usefixtures("old")
def test_all_are_gone(world):
    """A plan of secrets that no tenant has any more is refused."""
    for name in world.tenants:
        world.sandbox.tenant(name).state.secrets.clear()
    with world.refused("deleted from their tenants", kind=RotationRefused):
        world.plan("team-a")


def test_tenants_of_two_worlds(world, sandbox):
    """A sandbox beside a real tenant, or beside another sandbox, is refused, and so is no tenant."""
    host = "x.eu-central-1.aws.ml.hana.ondemand.com"
    key = {**sandbox.service_key, "url": "https://x.authentication.eu10.hana.ondemand.com"}
    key["serviceurls"] = {"AI_API_URL": f"https://api.ai.{host}"}
    path = Path(ledger_folder()).parent / "key.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(key))
    path.chmod(0o600)
    real = named_tenant(service_key=str(path))
    with world.refused("of the sandbox, and others are not", kind=RotationRefused):
        plan_rotation([*world.each, real], "team-a")
    with start() as another, world.refused("of different sandboxes", kind=RotationRefused):
        plan_rotation([*world.each, connect_with(another.service_key, sandbox=True)], "team-a")
    with world.refused("no tenant is named", hint="connect", kind=RotationRefused):
        plan_rotation([], "team-a")


@pytest.mark.usefixtures("old")
def test_a_record_that_is_off_or_cannot_be_read(world, monkeypatch):
    """Without the record nothing is planned, and the sentence says which of both it is."""
    folder = world.ledger.folder
    moved = folder.rename(folder.with_name("moved"))
    folder.write_text("x")
    with pytest.raises(RotationRefused, match="cannot be read"):
        world.plan("team-a")
    folder.unlink()
    moved.rename(folder)
    assert world.plan("team-a").secrets
    monkeypatch.setenv("AICORE_MAGICS_STATE", "off")
    with pytest.raises(RotationRefused, match="turns off the record"):
        world.plan("team-a")


@pytest.mark.usefixtures("old")
def test_a_plan_as_a_file(world, tmp_path, monkeypatch):
    """The file is read back as the plan that it is; another that is there is kept, unless force is given."""
    monkeypatch.chdir(tmp_path)
    planned = plan_rotation(
        world.each, "team-a", profiles={(t.tenant, t.host): n for n, t in world.tenants.items()}
    )
    saved = save_rotation_plan(planned, "plan.json")
    assert saved.saved == "plan.json"
    read = Plan.parse(Path("plan.json").read_text())
    assert (read, read.profiles) == (planned.plan, ("dev", "test", "prod"))
    Path("plan.json").write_text("another file")
    with pytest.raises(InvalidFile):
        save_rotation_plan(planned, "plan.json")
    save_rotation_plan(planned, "plan.json", force=True)
    with pytest.raises(InvalidFile):
        save_rotation_plan(planned, "plan.yaml")


def test_no_secret_in_a_plan(world, tmp_path, monkeypatch, canary):
    """No password is in a plan, its repr, or its file, wherever it stood."""
    monkeypatch.chdir(tmp_path)
    hidden = login(world.registry.host, "bot", canary)
    world.store("dev", "team-a", hidden, images=[], checked=False)
    planned = plan_rotation(world.each, "team-a")
    save_rotation_plan(planned, "plan.json")
    assert isinstance(hidden.password, Secret)
    for text in (
        Path("plan.json").read_text(),
        repr(planned),
        repr(planned.plan),
        json.dumps(planned.to_dict()),
    ):
        assert canary not in text
        assert json.dumps(canary)[1:-1] not in text
