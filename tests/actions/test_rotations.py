"""Rotations against tenants and a registry: every refusal with its sentence, and what a run does and says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aicore_magics import actions
from aicore_magics.actions import (
    RotationOptions,
    find_rotation,
    is_rotation_due,
    plan_rotation,
    resume_rotation,
    rotate,
    rotation_status,
    undo_rotation,
)
from aicore_magics.errors import (
    InvalidLogin,
    InvalidRegistry,
    OtherLogin,
    RotationIncomplete,
    RotationRefused,
    Stopped,
)
from aicore_magics.logins.wish import TakenLogins
from aicore_magics.model.expiry import Expiry
from aicore_magics.registry.lifetimes import short_lived
from aicore_magics.rotation.claim import claim
from tests.actions.rotating import LIFE, TEMPLATE, login, states

MISSING = "acme/none:1"


@pytest.fixture
def old(world):
    """A login that a secret of each of three tenants holds."""
    old = world.login(life=LIFE)
    for tenant in world.tenants:
        world.store(tenant, "team-a", old)
    return old


def stale(world):
    """A token that has half of its life left."""
    return world.login(life=timedelta(days=20), begins=datetime.now(UTC) - timedelta(days=10))


def test_replaced_in_all(world, old):
    """All secrets hold the new login, under their keys; the record has it, and the former one."""
    new = world.login()
    done = rotate(world.plan("team-a"), world.each, [new])
    assert (states(done), done.former, done.username) == (["replaced"] * 3, "bot", "bot")
    assert done.expiry.ends == world.ledger.read().records[0].logins[0].expiry.ends
    for tenant in world.tenants:
        assert world.held(tenant, "team-a") == {new.key: ("bot", new.password.reveal())}
    (run,) = rotation_status(world.tenants["dev"]).runs
    assert (run.id, run.count("replaced"), run.open) == (done.outcomes.run, 3, False)
    assert old.password.reveal() not in repr(done)


def no_image(world):
    return {"plan": {"images": [f"{world.registry.host}/{MISSING}"]}}


def refused_login(world):
    return {"logins": [login(world.registry.host, "bot", "battery" + "Staple7")]}


def silent(world):
    world.registry.faults.next_statuses = [503] * 50
    return {}


def old_token(world):
    return {"logins": [stale(world)]}


def not_connected(world):
    return {"tenants": [world.tenants["dev"], world.tenants["test"]]}


def key_ends(world):
    world.tenants["test"].key_ends = datetime.now(UTC) + timedelta(minutes=5)
    return {}


def no_login(_world):
    return {"logins": []}


def for_another(world):
    return {"logins": [world.login(key=world.registry.basic_host)]}


def two_for_it(world):
    return {"logins": [world.login(), world.login("eve")]}


REFUSED = {
    "an image": (no_image, "The login of bot failed 1 test of 2", "", "acme/none:1: .*needed by team-a"),
    "the login": (refused_login, "The login of bot failed 1 test of 1", "", "acme/churn:1.4"),
    "no answer": (silent, "1 test of 1 gave no answer", "no_check_registry", "acme/churn:1.4"),
    "old": (old_token, "ends on .*; more than a third of its life is over", "create a fresh one", ""),
    "not connected": (not_connected, ":prod at .* is not connected", "profile", ""),
    "key ends": (key_ends, "service key of tenant .*:test ends before the run is over", "service key", ""),
    "no login": (no_login, "no login is given for 127", "login=", ""),
    "for another": (for_another, "no login is given for 127", "login=", ""),
    "two": (two_for_it, "several logins are given for 127", "login=", ""),
}


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(("prepare", "what", "hint", "line"), REFUSED.values(), ids=REFUSED)
def test_refused(world, prepare, what, hint, line):
    """Each run that cannot begin says why, and what helps: nothing is sent, stored, or in the journal."""
    given = prepare(world)
    plan = world.plan("team-a", **given.get("plan", {}))
    logins = given.get("logins", [world.login()] if "logins" not in given else [])
    with world.refused(what, hint=hint, kind=(RotationRefused, InvalidLogin)) as caught:
        rotate(plan, given.get("tenants", world.each), logins)
    if line:
        assert caught.match(line)
    assert world.writes() == [1, 1, 1]  # those that have stored the secrets


@pytest.mark.usefixtures("old")
def test_a_registry_that_is_not_asked(world):
    """Only the registry that is named goes unasked: its silence is no refusal then, that of another is."""
    world.registry.faults.next_statuses = [503] * 500
    host, basic = world.registry.host, world.registry.basic_host
    plan, new = world.plan("team-a"), world.login()
    with world.refused("gave no answer"):
        rotate(plan, world.each, [new], RotationOptions(unchecked=(basic,)))
    done = rotate(plan, world.each, [new], RotationOptions(unchecked=(basic, host)))
    assert (states(done), done.unchecked) == (["replaced"] * 3, (basic, host))
    assert [outcome.tested for outcome in done.outcomes.each] == [0] * 3
    with pytest.raises(InvalidRegistry):
        RotationOptions(unchecked=("ghcr.io/acme",))


def test_other_logins_of_a_secret(world):
    """Those that a secret holds beside must be given: they are tested, too, and kept under their keys."""
    old, beside = world.login(life=LIFE), world.login("eve", key=world.registry.basic_host)
    world.store("dev", "both", old, beside, images=[world.image, world.basic_image])
    new = world.login()
    plan = world.plan("both", registry=world.registry.host)
    with world.refused("also has the login eve for 127.*would be lost", hint="login=", kind=RotationRefused):
        rotate(plan, world.each, [new])
    wrong = login(world.registry.basic_host, "eve", "battery" + "Staple7")
    with world.refused("The login of eve failed 1 test of 2", kind=RotationRefused):
        rotate(plan, world.each, [new, wrong])
    done = rotate(plan, world.each, [new, beside])
    assert (states(done), len(done.verdicts), done.outcomes.each[0].tested) == (["replaced"], 2, 2)
    kept = {each.key: (each.username, each.password.reveal()) for each in (new, beside)}
    assert world.held("dev", "both") == kept


@pytest.mark.usefixtures("old")
def test_a_login_for_nobody(world):
    """A secret whose images nobody knows is tested with the login alone, and that is said."""
    world.store("dev", "bare", world.login("eve"), images=[])
    done = rotate(world.plan("bare"), world.each, [world.login("eve")])
    assert done.outcomes.each[0].tested == 0
    assert "Only the login was tested for 1 secret: no image of them is known." in done.notes
    assert [verdict.image for verdict in done.verdicts] == [""]


def test_images_of_all_sources(world, tmp_path):
    """Tested are the images of the record, of templates in the folders named, and those that are named."""
    world.store("dev", "team-a", world.login(life=LIFE))
    host = world.registry.host
    of_template, named = f"{host}/acme/template:1", f"{host}/acme/named:1"
    (tmp_path / "one.yaml").write_text(TEMPLATE.format(name="one", secret="team-a", image=of_template))
    plan = world.plan("team-a", templates=[tmp_path], images=[named])
    assert plan.secrets[0].images == (world.image, of_template, named)
    with world.refused("failed 2 tests of 3", kind=RotationRefused) as caught:
        rotate(plan, world.each, [world.login()])
    lines = str(caught.value).splitlines()[1:3]
    assert [line.strip().partition(":1: ")[0] for line in lines] == [of_template[:-2], named[:-2]]
    assert all(line.endswith("(needed by team-a)") for line in lines)


@pytest.mark.usefixtures("old")
def test_the_same_login_again(world):
    """What holds the login already is told, and nothing is sent; so is the rest of a run that needs it."""
    new = world.login()
    plan = world.plan("team-a")
    rotate(plan, world.each, [new])
    before = world.writes()
    again = rotate(plan, world.each, [new])
    assert (states(again), world.writes()) == (["the same"] * 3, before)
    world.store("dev", "team-b", world.login(life=LIFE))
    (more,) = world.plan("team-b", tenants=["dev"]).secrets
    both = type(plan)(plan.registry, plan.username, (*plan.secrets, more))
    assert states(rotate(both, world.each, [new])) == [*["the same"] * 3, "replaced"]


@pytest.mark.usefixtures("old")
def test_the_first_is_refused(world):
    """Where AI Core refuses the first secret, nothing else is sent, and all of it is told."""
    plan = world.plan("team-a")
    world.sandbox.tenant("dev").faults.forbidden = "json"
    before = world.stored()
    with pytest.raises(RotationIncomplete, match="Nothing was changed") as caught:
        rotate(plan, world.each, [world.login()])
    assert states(caught.value.result) == ["refused", "not begun", "not begun"]
    assert (world.stored(), world.writes()) == (before, [2, 1, 1])
    (run,) = rotation_status(world.tenants["dev"]).runs
    assert (run.open, [secret.state for secret in run.secrets]) == (
        True,
        ["refused", "not begun", "not begun"],
    )


@pytest.mark.usefixtures("old")
def test_another_process_has_the_run(world):
    """While another process has a run, none begins."""
    plan = world.plan("team-a")
    with claim(world.ledger.folder, "r1201-other"), world.refused("run r1201-other is going on now"):
        rotate(plan, world.each, [world.login()])
    assert states(rotate(plan, world.each, [world.login()])) == ["replaced"] * 3


@pytest.mark.usefixtures("old")
def test_a_record_that_cannot_be_written(world, monkeypatch):
    """Where the run cannot be claimed or written down, it does not begin."""
    plan, new = world.plan("team-a"), world.login()
    (world.ledger.folder / "rotation.claim").mkdir()
    with world.refused("could not record the run: ", hint="AICORE_MAGICS_STATE"):
        rotate(plan, world.each, [new])
    (world.ledger.folder / "rotation.claim").rmdir()
    monkeypatch.setattr(type(world.ledger), "write", lambda *_: "no space left on the disk")
    with world.refused("could not record the run: no space left", hint="AICORE_MAGICS_STATE"):
        rotate(plan, world.each, [new])
    monkeypatch.undo()


@pytest.mark.usefixtures("old")
def test_a_record_that_is_off(world, monkeypatch):
    """Nothing rotates, goes on or is undone without a record."""
    plan, new = world.plan("team-a"), world.login()
    monkeypatch.setenv("AICORE_MAGICS_STATE", "off")
    before = world.writes()
    for act in (
        lambda: rotate(plan, world.each, [new]),
        lambda: resume_rotation(world.each, [new]),
        lambda: undo_rotation(world.each, [new]),
    ):
        with pytest.raises(RotationRefused, match="turns off the record"):
            act()
    assert world.writes() == before


def cut_off(world, new):
    """A run whose last secret is refused."""
    world.sandbox.tenant("prod").faults.forbidden = "json"
    with pytest.raises(RotationIncomplete) as caught:
        rotate(world.plan("team-a"), world.each, [new])
    world.sandbox.tenant("prod").faults.forbidden = ""
    return caught.value.result


def test_resume(world, old):
    """A run goes on with the login that it began with, writes what is left, and tells the old one's end."""
    new = world.login()
    result = cut_off(world, new)
    assert states(result) == ["replaced", "replaced", "refused"]
    assert find_rotation(world.tenants["dev"], only_open=True).id == result.outcomes.run
    with world.refused("not the login that 2 secrets got in run", hint="another_login", kind=OtherLogin):
        resume_rotation(world.each, [world.login()])
    before = world.writes()
    done = resume_rotation(world.each, [new])
    assert (states(done), done.outcomes.run) == (["replaced"] * 3, result.outcomes.run)
    assert world.writes() == [*before[:2], before[2] + 1]
    assert (done.expiry, done.former) == (result.expiry, old.username)
    with world.refused("no run was cut off"):
        resume_rotation(world.each, [new])
    assert states(undo_rotation(world.each, [old])) == ["replaced"] * 3


@pytest.mark.usefixtures("old")
def test_resume_with_another_login(world):
    """With the option another login goes into all secrets of the run."""
    cut_off(world, world.login())
    other = world.login()
    done = resume_rotation(world.each, [other], options=RotationOptions(another=True))
    assert states(done) == ["replaced"] * 3
    assert {*world.held("dev", "team-a").values()} == {("bot", other.password.reveal())}


def test_undo(world, old):
    """The former login goes back into all that a run has replaced, and another one is refused."""
    new = world.login()
    rotate(world.plan("team-a"), world.each, [new])
    with world.refused("not the login that 3 secrets had before", hint="another_login", kind=OtherLogin):
        undo_rotation(world.each, [world.login()])
    done = undo_rotation(world.each, [old])
    assert (states(done), done.kind) == (["replaced"] * 3, "undo")
    assert world.held("prod", "team-a") == {old.key: ("bot", old.password.reveal())}
    undo, first = rotation_status(world.tenants["dev"]).runs
    assert (undo.undoes, first.undoes, undo.open, first.open) == (first.id, "", False, False)


def test_undo_of_an_undo(world, old):
    """Who undoes an undo is told which run that is, and no text calls a login new or old by mistake."""
    new = world.login()
    rotate(world.plan("team-a"), world.each, [new])
    first = undo_rotation(world.each, [old]).outcomes.run
    begun = rotation_status(world.tenants["dev"]).runs[-1].id
    what = f"run {first} undid run {begun}; this is not the login that 3 secrets had before it"
    with world.refused(what, kind=OtherLogin):
        undo_rotation(world.each, [old])
    said = str(undo_rotation(world.each, [new]))
    assert f"Run {first} was an undo itself, of run {begun}." in said
    assert "end the login that was replaced, bot at 127." in said
    assert world.held("prod", "team-a") == {new.key: ("bot", new.password.reveal())}


@pytest.mark.usefixtures("old")
def test_a_whole_success_is_no_warning(world):
    """When the new login ends is a fact; it warns once that is due. What is gone from its tenant is said."""
    planned = plan_rotation(world.each, "team-a")
    world.sandbox.tenant("test").state.delete("team-a")
    planned = plan_rotation(world.each, "team-a")
    login = world.login()
    taken = TakenLogins((login,), (short_lived(login),), "variable NEW")
    done = rotate(planned, world.each, taken)
    assert (done.report().state, done.notes) == ("done", ())
    assert [fact.label for fact in done.report().facts] == ["Ends"]
    assert done.gone == (("team-a", world.tenants["test"].tenant),)
    assert done.elsewhere == ()
    assert "In the record, but no longer in the tenant: team-a in" in str(done)
    due = replace(done, ends=Expiry(datetime.now(UTC) + timedelta(days=3)))
    assert due.report().state == "warning"


def test_undo_of_a_part(world, old):
    """Only what was replaced, or may have been, is put back."""
    cut_off(world, world.login())
    done = undo_rotation(world.each, [old])
    assert [secret.secret.tenant for secret in done.outcomes.each] == [
        world.tenants[n].tenant for n in ("dev", "test")
    ]
    with world.refused("no run r1201-none is in the record"):
        undo_rotation(world.each, [old], "r1201-none")


@pytest.mark.usefixtures("old")
def test_undo_of_nothing(world):
    """A run that has replaced nothing cannot be undone."""
    world.sandbox.tenant("dev").faults.forbidden = "json"
    with pytest.raises(RotationIncomplete):
        rotate(world.plan("team-a"), world.each, [world.login()])
    with world.refused("has replaced no secret", hint="rotation_status"):
        undo_rotation(world.each, [world.login()])


@pytest.mark.usefixtures("old")
def test_little_life_left_is_only_told(world):
    """Whoever goes on with a run, or undoes it, gets a warning for a login with little life left."""
    cut_off(world, world.login())
    again = resume_rotation(world.each, [stale(world)], options=RotationOptions(another=True))
    undone = undo_rotation(world.each, [stale(world)], options=RotationOptions(another=True))
    for done in (again, undone):
        assert any(
            re.fullmatch("The login for .* ends on .*; more than a third .* is over.", n) for n in done.notes
        )
        assert done.ends.ends


def test_docker_hub_keeps_its_key(world):
    """Docker Hub's login stays under the key that SAP's documentation asks for, however it was typed."""
    for tenant, typed in (("dev", "docker.io"), ("test", "index.docker.io"), ("prod", "hub.docker.com")):
        world.store(tenant, "hub", login(typed, "bot", "battery" + "Staple7"), images=[], checked=False)
    plan = world.plan("hub")
    assert (plan.registry, len(plan.secrets)) == ("docker.io", 3)
    new = login("registry-1.docker.io", "bot", "another" + "Staple8")
    with world.refused("3 tests of 3 gave no answer|1 test of 1 gave no answer", hint="docker.io"):
        rotate(plan, world.each, [new])
    rotate(plan, world.each, [new], RotationOptions(unchecked=("docker.io",)))
    for tenant in world.tenants:
        assert [*world.held(tenant, "hub")] == ["https://index.docker.io"]


def test_keys_of_each_secret_stay(world):
    """In one run each secret keeps its own keys, also those with a path, and a login that stands twice."""
    old, host = world.login(life=LIFE), world.registry.host
    words = old.username, old.password.reveal()
    world.store("dev", "team-a", old)
    world.store("test", "team-a", login(f"{host}/acme", *words))
    twice = [login(f"{host}/{path}", *words) for path in ("acme", "other")]
    world.store("prod", "team-a", *twice)
    new = world.login("carl")
    done = rotate(world.plan("team-a"), world.each, [new])
    assert states(done) == ["replaced"] * 3
    fresh = ("carl", new.password.reveal())
    assert world.held("dev", "team-a") == {host: fresh}
    assert world.held("test", "team-a") == {f"{host}/acme": fresh}
    assert world.held("prod", "team-a") == {each.key: fresh for each in twice}
    before = world.writes()
    assert states(rotate(world.plan("team-a"), world.each, [new])) == ["the same"] * 3
    assert world.writes() == before
    undone = undo_rotation(world.each, [old])
    assert (states(undone), world.held("prod", "team-a")) == (
        ["replaced"] * 3,
        {each.key: words for each in twice},
    )


@pytest.mark.usefixtures("old")
def test_is_due(world):
    """Due is what has ended or ends soon, and what the record does not know."""
    plan = world.plan("team-a")
    assert not is_rotation_due(plan, world.each)
    rotate(plan, world.each, [world.login()])
    assert not is_rotation_due(plan, world.each)
    world.store("dev", "soon", world.login("eve", life=timedelta(days=2)))
    eve = world.plan("soon")
    assert not is_rotation_due(eve, world.each)
    hidden = login(world.registry.host, "told", "battery" + "Staple7")
    world.store("test", "told", hidden, images=[], checked=False, ends="2026-12-05")
    assert is_rotation_due(world.plan("told"), world.each)
    actions.forget_records(["team-a"], tenant=world.tenants["dev"])
    assert is_rotation_due(plan, world.each)


@pytest.mark.usefixtures("old")
def test_ctrl_c_while_testing(world, ctrl_c):
    """Ctrl-C before anything is sent stops the run, and says so."""

    def show(outcomes):
        if outcomes.count("testing"):
            ctrl_c()

    with world.refused("nothing was", kind=Stopped):
        rotate(world.plan("team-a"), world.each, [world.login()], RotationOptions(show=show))


@pytest.mark.usefixtures("old")
def test_no_password_anywhere(world):
    """No password of a run is in its result, its errors, or the record."""
    new, first = world.login(), world.stored()
    result = cut_off(world, new)
    folder = world.ledger.folder
    texts = [repr(result), f"{result.to_dict()}", *(file.read_text() for file in folder.glob("*.jsonl"))]
    assert len(texts) > 2
    assert first != world.stored()
    for text in texts:
        assert new.password.reveal() not in text


def test_planned_without_names(world):
    """plan_rotation takes one tenant, and one name, as they are."""
    world.store("dev", "team-a", world.login(life=LIFE))
    assert plan_rotation(world.tenants["dev"]).plan == plan_rotation(world.tenants["dev"], "team-a").plan
