"""A rotation leaves alone what was stored beside it, by the record of this machine."""

from __future__ import annotations

import dataclasses

import pytest

from aicore_magics.actions import (
    RotationOptions,
    is_rotation_due,
    note_docker_secret,
    resume_rotation,
    rotate,
    rotation_status,
    undo_rotation,
    update_docker_secret,
)
from aicore_magics.actions.rotation_changes import STORED_LATER
from aicore_magics.errors import RotationIncomplete, RotationRefused
from tests.actions.rotating import LIFE, login, states


@pytest.fixture
def old(world):
    """A login that a secret of each of three tenants holds."""
    old = world.login(life=LIFE)
    for tenant in world.tenants:
        world.store(tenant, "team-a", old)
    return old


def password(world, tenant):
    """The password that the secret of *tenant* holds."""
    ((_, there),) = world.held(tenant, "team-a").values()
    return there


def cut_off(world, act):
    """Do *act* while the last tenant refuses writes, and return what became of each secret."""
    world.sandbox.tenant("prod").faults.forbidden = "json"
    with pytest.raises(RotationIncomplete) as caught:
        act()
    world.sandbox.tenant("prod").faults.forbidden = ""
    return caught.value.result


def incomplete(act):
    with pytest.raises(RotationIncomplete) as caught:
        act()
    return states(caught.value.result), [each.why for each in caught.value.result.outcomes.each]


BESIDE = {
    "another registry": lambda world: [world.login(), world.login(key=world.registry.basic_host)],
    "another user": lambda world: [world.login("eve")],
}


@pytest.mark.parametrize("others", BESIDE.values(), ids=BESIDE)
def test_a_plan_that_the_record_contradicts(world, old, others):
    """A secret whose logins are not those of the plan any more is not written: they would be lost."""
    plan, new = world.plan("team-a"), world.login()
    update_docker_secret(world.tenants["test"], "team-a", others(world), images=[world.image])
    with world.refused("team-a in tenant .*test has other logins than the plan says", kind=RotationRefused):
        rotate(plan, world.each, [new])


def test_undo_leaves_what_was_stored_later(world, old):
    """An undo puts nothing over a login that was stored after the run, and says so."""
    rotate(world.plan("team-a"), world.each, [world.login()])
    later = world.login()
    update_docker_secret(world.tenants["test"], "team-a", [later], images=[world.image])
    told, why = incomplete(lambda: undo_rotation(world.each, [old]))
    assert (told, why[1]) == (["replaced", "refused", "replaced"], STORED_LATER)
    assert password(world, "test") == later.password.reveal()


def test_resume_leaves_what_was_stored_later(world, old):
    """A run that goes on calls no secret replaced that has another login by now, and writes it not."""
    new, later = world.login(), world.login()
    cut_off(world, lambda: rotate(world.plan("team-a"), world.each, [new]))
    update_docker_secret(world.tenants["dev"], "team-a", [later], images=[world.image])
    told, why = incomplete(lambda: resume_rotation(world.each, [new]))
    assert (told, why[0]) == (["refused", "replaced", "replaced"], STORED_LATER)
    assert password(world, "dev") == later.password.reveal()


def test_resume_of_a_run_that_an_undo_has_touched(world, old):
    """What an undo that was cut off has put back is not told as replaced by the run before it."""
    new = world.login()
    run = cut_off(world, lambda: rotate(world.plan("team-a"), world.each, [new])).outcomes.run
    undo_rotation(world.each[:2], [old], run)
    with pytest.raises((RotationIncomplete, RotationRefused)):
        resume_rotation(world.each, [new], run)
    assert [password(world, name) for name in ("dev", "test")] == [old.password.reveal()] * 2


def test_a_note_stores_nothing(world, old):
    """A note of a login's end is no other login: an undo goes on as ever."""
    rotate(world.plan("team-a"), world.each, [world.login()])
    note_docker_secret(world.tenants["dev"], "team-a", ends="2031-01-31")
    assert states(undo_rotation(world.each, [old])) == ["replaced"] * 3


def test_a_run_for_another_registry_ends_no_other(world, old):
    """A run that is open is ended by one over the same secrets at the same registry alone."""
    new, beside = world.login(), world.login(key=world.registry.basic_host)
    for tenant in world.each:
        update_docker_secret(tenant, "team-a", [old, beside], images=[world.image])
    plan = world.plan("team-a", registry=world.registry.host)
    other = world.plan("team-a", registry=world.registry.basic_host)
    for name in world.tenants:
        world.sandbox.tenant(name).faults.forbidden = "json"
    with pytest.raises(RotationIncomplete):
        rotate(plan, world.each, [new, beside])
    for name in world.tenants:
        world.sandbox.tenant(name).faults.forbidden = ""
    given = world.login(key=world.registry.basic_host)
    rotate(other, world.each, [given, old])
    assert states(resume_rotation(world.each, [new, given])) == ["replaced"] * 3


def test_due_where_one_secret_is_not_known(world, old):
    """A secret that the record does not know makes a plan due, whatever is known of the others."""
    plan = world.plan("team-a")
    update_docker_secret(world.tenants["dev"], "team-a", [world.login()], images=[world.image])
    other = next(each for each in plan.secrets if each.tenant.endswith("dev"))
    unknown = type(other)(other.tenant, other.host, "team-unknown", other.login)
    assert not is_rotation_due(type(plan)(plan.registry, plan.username, (other,)), world.each)
    assert is_rotation_due(type(plan)(plan.registry, plan.username, (other, unknown)), world.each)


def test_a_secret_that_is_gone_ends_a_run(world, old):
    """A secret that its tenant no longer has leaves nothing to do: the run is done, and says what is gone."""
    new = world.login()
    plan = world.plan("team-a")
    del world.sandbox.tenant("test").state.secrets["team-a"]
    done = rotate(plan, world.each, [new])
    assert (states(done), done.complete) == (["replaced", "refused", "replaced"], True)
    assert [each.has for each in done.outcomes.each] == ["", "nothing", ""]
    assert "login stays" not in f"{done}"
    assert "Keep it" not in f"{done}"
    with pytest.raises(RotationRefused, match="no run was cut off"):
        resume_rotation(world.each, [new])


def test_the_former_login_where_the_first_has_the_new_one(world, old):
    """The login that is replaced is told from a secret that has it, and so is where it is still in use."""
    new = world.login()
    world.store("dev", "zzz-old", old)
    plan = world.plan("team-a", leave_out=["zzz-old"])
    first = plan.secrets[0].tenant.rpartition(":")[2]
    update_docker_secret(world.tenants[first], "team-a", [new], images=[world.image])
    done = rotate(plan, world.each, [new])
    assert states(done) == ["the same", "replaced", "replaced"]
    assert [name for name, _ in done.elsewhere] == ["zzz-old"]
    ends = {login.expiry.ends for record in world.ledger.read().records for login in record.logins}
    assert done.expiry.ends == min(ends)


def test_a_plan_with_another_key(world, old):
    """A key that is not the one in the record is no spelling of it: the layout of a secret stays."""
    plan, host = world.plan("team-a"), world.registry.host
    held = dataclasses.replace(plan.secrets[0].login, key=f"{host}/acme")
    secret = dataclasses.replace(plan.secrets[0], login=held)
    edited = dataclasses.replace(plan, secrets=(secret, *plan.secrets[1:]))
    with world.refused("has other logins than the plan says", kind=RotationRefused):
        rotate(edited, world.each, [world.login()])


def test_a_pattern_beside_it(world):
    """A login under a pattern, which nobody can be asked about alone, is no obstacle: it is kept."""
    old, beside = world.login(life=LIFE), login("*.example.com/acme", "eve", "battery" + "Staple7")
    world.store("dev", "team-a", old, beside, images=[world.image])
    done = rotate(
        world.plan("team-a", tenants=["dev"], registry=world.registry.host),
        world.each,
        [world.login(), beside],
    )
    assert states(done) == ["replaced"]
    assert len(world.held("dev", "team-a")) == 2


def test_names_of_different_logins(world):
    """Secrets that are called alike, and have logins of two users or two tokens, are not one login."""
    for users in (("anna", "svc"), ("bot", "bot")):
        for tenant, user in zip(("dev", "prod"), users, strict=True):
            world.store(tenant, f"of-{users[0]}", world.login(user, life=LIFE))
        with world.refused("have different logins", kind=RotationRefused):
            world.plan(f"of-{users[0]}", tenants=("dev", "prod"))


def test_another_login_of_a_secret_is_kept(world):
    """What is given for another registry has to be what the secret has there: user and token."""
    old, beside = world.login(life=LIFE), world.login("carl", key=world.registry.basic_host)
    world.store("dev", "team-a", old, beside)
    plan = world.plan("team-a", tenants=["dev"], registry=world.registry.host)
    for user, what in (("dora", "also has the login carl"), ("carl", "is not the one that team-a has")):
        other = world.login(user, key=world.registry.basic_host)
        with world.refused(what, kind=RotationRefused):
            rotate(plan, world.each, [world.login(), other])
    assert states(rotate(plan, world.each, [world.login(), beside])) == ["replaced"]


def test_a_doubt_outlives_a_refusal(world, old):
    """Where an earlier write may have been made, a refusal of a later one leaves it unknown everywhere."""
    plan, faults = world.plan("team-a"), world.sandbox.tenant("prod").faults
    faults.drop = ["after"] * 9
    with pytest.raises(RotationIncomplete):
        rotate(plan, world.each, [world.login()], RotationOptions(timeout=2))
    faults.drop = []
    result = cut_off(world, lambda: rotate(plan, world.each, [world.login()]))
    assert states(result)[-1] == "unknown"
    assert rotation_status(world.tenants["dev"]).runs[0].secrets[-1].state == "unknown"
