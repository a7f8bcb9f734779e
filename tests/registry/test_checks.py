"""Checks run side by side, each with the login that the kubelet would use, and what says no is an error."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import socket
import threading
import traceback

import pytest
import requests

from aicore_magics.actions import check_image
from aicore_magics.base.progress import Watch
from aicore_magics.base.redact import Secret
from aicore_magics.errors import ImageRefused, InvalidLogin, LoginRefused, Stopped
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry
from aicore_magics.registry import checks as registry_checks
from aicore_magics.registry.checks import CHECK_LIMIT, CheckPlan, Checks, refusal
from aicore_magics.registry.verdict import Verdict
from tests.peers import Peer, hear_for_ever
from tests.real.fake_registry import BASIC, BEARER, NOBODYS_TOKEN, FakeRegistry
from tests.waiting import PATIENCE, until

OK = Verdict("ok", "ghcr.io", "anna", "ghcr.io/acme/churn:1.4")
ARM = Verdict(
    "wrong-platform",
    "ghcr.io",
    "anna",
    "ghcr.io/acme/gpu:2",
    "Built for x.",
    "docker buildx build .",
    platform="linux/arm64",
)
WRONG = Verdict(
    "bad-credentials",
    "ghcr.io",
    "anna",
    "ghcr.io/acme/churn:1.4",
    "ghcr.io does not accept user anna.",
    "Compare.",
)
NOT_SERVED = Verdict(
    "not-served",
    "quay.io",
    image="quay.io/a/b:1",
    reason="No login for this image.",
    fix="--login quay.io=USER.",
)
LOST = Verdict("unreachable", "ghcr.io", "anna", "ghcr.io/acme/churn:1.4")


@pytest.fixture
def registry():
    """A registry of the tests' own that wants a password."""
    with FakeRegistry(challenge=BASIC) as running:
        yield running


def login(key, user="anna"):
    return RegistryLogin(AuthKey(str(key)), user, Secret("hunter2"))


def verdicts(*logins, images=(), **more):
    with Checks(CheckPlan(logins, tuple(map(ImageReference.parse, images)), **more)) as checks:
        return checks.verdicts()


@pytest.mark.parametrize("challenge", [BASIC, BEARER], ids=["Basic", "Bearer"])
def test_side_by_side(challenge):
    """Eight images are asked for at the same time: none is answered before all have asked."""
    met = threading.Event()
    meeting = threading.Barrier(8, action=met.set)
    with FakeRegistry(challenge=challenge, meanwhile=lambda: met.is_set() or meeting.wait(5)) as registry:
        images = [f"{registry.address}/team/churn:{i}" for i in range(8)]
        found = verdicts(login(registry.address), images=images)
    assert [one.outcome for one in found] == ["ok"] * 8


def test_the_order_of_the_verdicts(registry):
    """However long each takes, the verdicts come in the order of the images, or of the logins."""
    images = [f"{registry.address}/team/churn:{i}" for i in range(5)]
    assert [one.image for one in verdicts(login(registry.address), images=images)] == images
    several = [login(f"{registry.address}/{i}", f"user{i}") for i in range(4)]
    assert [one.username for one in verdicts(*several)] == ["user0", "user1", "user2", "user3"]


def test_an_image_that_nobody_serves(registry):
    """An image for which the kubelet would take no login is not asked for, and says why."""
    key = f"{registry.address}/other"
    verdict, alone = verdicts(login(key), images=[registry.reference])
    assert (verdict.outcome, verdict.refused, verdict.username) == ("not-served", True, "")
    assert f"key {key} does not match it; use {registry.address}" in verdict.reason
    assert (verdict.registry, verdict.image) == (registry.address, registry.reference)
    fix = f"--login {registry.address}=USER for that registry, or leave the image out."
    assert NOTEBOOK.say(verdict.fix) == fix
    assert alone.outcome == "ok"
    assert not [each for each in registry.asked if "/manifests/" in each.path]


def test_what_is_not_served_keeps_no_other_from_being_asked(registry):
    """Each image is judged by itself."""
    found = verdicts(login(registry.address), images=["ghcr.io/a/b:1", registry.reference])
    assert [one.outcome for one in found] == ["not-served", "ok"]


def test_the_sandbox_asks_only_here(registry):
    """In the sandbox a registry elsewhere is not asked; one on this machine is."""
    found = verdicts(
        login("ghcr.io"),
        login(registry.address),
        images=["ghcr.io/a/b:1", registry.reference],
        only_here=True,
    )
    assert [(one.outcome, one.username) for one in found] == [("not-asked", "anna"), ("ok", "anna")]
    assert found[0].reason == "In the sandbox, only registries on this machine are checked."
    found = verdicts(login("ghcr.io"), login(registry.address), only_here=True)
    assert [one.outcome for one in found] == ["not-asked", "ok"]


def test_an_image_that_nobody_serves_in_the_sandbox():
    """What no login serves is refused in the sandbox, too: for that nobody need be asked."""
    found = verdicts(login("ghcr.io"), images=["quay.io/a/b:1"], only_here=True)
    assert [(one.outcome, one.image) for one in found] == [("not-served", "quay.io/a/b:1"), ("not-asked", "")]
    assert "The secret has a login for ghcr.io; the image is at quay.io" in found[0].reason


def test_an_image_without_a_registry_that_nobody_serves():
    """It is at Docker Hub, and most often meant where the login is: that way comes first."""
    (verdict, _) = verdicts(login("ghcr.io"), images=["acme/churn:1"], only_here=True)
    assert verdict.outcome == "not-served"
    assert NOTEBOOK.say(verdict.fix).startswith(
        "An image without a registry is at Docker Hub: write ghcr.io/acme/churn:1 if it is there, or "
    )
    (verdict, _) = verdicts(login("ghcr.io"), images=["docker.io/acme/churn:1"], only_here=True)
    assert "Without a registry" not in NOTEBOOK.say(verdict.fix)


def heard(registry):
    """Who asked, in order, each once."""
    return list(dict.fromkeys(each.authorization for each in registry.asked if each.authorization))


def test_logins_in_the_kubelets_order(registry):
    """Of several logins the first in the kubelet's order is tried, and the next only if it cannot pull."""
    wide, narrow = login(registry.address, "wide"), login(f"{registry.address}/team", "narrow")
    (verdict,) = verdicts(wide, narrow, images=[registry.reference])
    assert (verdict.outcome, verdict.username) == ("ok", "narrow")
    assert len(heard(registry)) == 1


def test_the_first_that_can_pull(monkeypatch):
    """Of several logins the first that can pull counts, else one that was not checked, else the first."""
    logins = [login("ghcr.io", "c"), login("ghcr.io/acme", "b"), login("ghcr.io/acme/churn", "a")]
    outcome, tried = {}, []

    def check(image, one, **more):
        tried.append(one.username)
        return dataclasses.replace(WRONG, outcome=outcome[one.username], username=one.username)

    def found(a, b, c):
        outcome.update(a=a, b=b, c=c)
        tried.clear()
        (verdict,) = verdicts(*logins, images=["ghcr.io/acme/churn:1.4"])
        return verdict.outcome, verdict.username, "".join(tried)

    monkeypatch.setattr(registry_checks, "check_image", check)
    assert found("ok", "ok", "ok") == ("ok", "a", "a")
    assert found("bad-credentials", "ok", "tag-missing") == ("ok", "b", "ab")
    assert found("unreachable", "wrong-platform", "public") == ("public", "c", "abc")
    assert found("bad-credentials", "unclear", "rate-limited") == ("unclear", "b", "abc")
    assert found("bad-credentials", "tag-missing", "rate-limited") == ("rate-limited", "c", "abc")
    assert found("bad-credentials", "tag-missing", "repo-missing") == ("bad-credentials", "a", "abc")


def test_a_login_that_serves_no_image(registry):
    """Logins that serve none of the images are tried alone, behind the images; those that do are not."""
    serves, others = login(registry.address), [login(f"{registry.address}/{i}", f"user{i}") for i in range(2)]
    found = verdicts(others[0], serves, others[1], images=[registry.reference])
    assert [(one.outcome, one.image, one.username) for one in found] == [
        ("ok", registry.reference, "anna"),
        ("ok", "", "user0"),
        ("ok", "", "user1"),
    ]
    both = verdicts(serves, login(f"{registry.address}/team", "second"), images=[registry.reference])
    assert [one.image for one in both] == [registry.reference]


@pytest.mark.parametrize(
    ("challenge", "outcome"),
    [("", "public"), (BASIC, "needs-login"), (BEARER, "no-access-or-missing")],
    ids=["open", "Basic", "Bearer"],
)
def test_an_image_without_any_login(challenge, outcome):
    """Without logins an image is asked for as anybody would: it is public, or wants a login."""
    with FakeRegistry(challenge=challenge) as registry:
        (verdict,) = verdicts(images=[registry.reference])
        assert {each.authorization for each in registry.asked} <= {None, f"Bearer {NOBODYS_TOKEN}"}
    assert (verdict.outcome, verdict.username, verdict.image) == (outcome, "", registry.reference)


def serving(*logins, images, **more):
    """What may fail in serving alone, as a check of *images* tells it."""
    with Checks(CheckPlan(logins, tuple(map(ImageReference.parse, images)), **more)) as checks:
        return checks.serving(checks.verdicts())


def spelt(registry):
    """Two logins whose keys are one place at *registry*: Knative takes one of them at random."""
    return login(f"http://{registry.address}", "one"), login(registry.address, "other")


@pytest.mark.parametrize("challenge", [BASIC, BEARER], ids=["Basic", "Bearer"])
def test_the_login_that_knative_would_use_is_tried_side_by_side(challenge):
    """It takes no time of its own: both logins have asked before either is answered."""
    met = threading.Event()
    meeting = threading.Barrier(2, action=met.set)
    with FakeRegistry(challenge=challenge, meanwhile=lambda: met.is_set() or meeting.wait(5)) as registry:
        assert serving(*spelt(registry), images=[registry.reference]) == ()
        assert len(heard(registry)) == 2 if challenge == BASIC else 4


@pytest.mark.parametrize(("kind", "asked"), [("", 2), ("serving", 2), ("workflow", 1)])
def test_who_wants_a_workflow_alone(registry, kind, asked):
    """For a workflow no other login is sent, and nothing is said of serving."""
    assert serving(*spelt(registry), images=[registry.reference], pulled_by=kind) == ()
    assert len(heard(registry)) == asked
    told = serving(login("docker.io"), images=["acme/churn"], pulled_by=kind, only_here=True)
    assert [each.difference for each in told] == ([] if kind == "workflow" else ["no-login"])


def test_each_login_is_sent_once(registry):
    """Where the kubelet goes on to the login that is tried beside, its answer is taken, not asked anew."""
    registry.gateway = 403
    (verdict, *_) = verdicts(*spelt(registry), images=[registry.reference])
    assert verdict.refused
    sent = [each.authorization for each in registry.asked if each.authorization]
    assert len(sent) == len({*sent}) == 2


def test_a_first_login_that_is_refused(sandbox):
    """A workflow goes on to the next login; serving does not: that is told, with what the registry said."""
    host = sandbox.registry.host
    right = RegistryLogin(AuthKey(host), sandbox.registry.username, Secret(sandbox.registry.password))
    (caution,) = serving(login(f"{host}/acme"), right, images=[f"{host}/acme/churn:1.4"])
    assert caution.difference == "first-alone"
    assert f"Serving asks only with the login of key {host}/acme" in caution.reason
    assert "does not accept user anna" in caution.reason
    assert serving(right, images=[f"{host}/acme/churn:1.4"]) == ()


def test_one_of_two_logins_is_refused(sandbox):
    """Of two spellings Knative may take the wrong one, whichever the kubelet begins with."""
    host, image = sandbox.registry.host, f"{sandbox.registry.host}/acme/churn:1.4"
    user, password = sandbox.registry.username, Secret(sandbox.registry.password)
    for right, wrong in ((host, f"http://{host}"), (f"http://{host}", host)):
        logins = [RegistryLogin(AuthKey(right), user, password), login(wrong)]
        for both in (logins, logins[::-1]):
            told = [each.difference for each in serving(*both, images=[image])]
            assert told == ["one-of-several"]


def test_docker_hub_without_a_login(monkeypatch):
    """A key docker.io pulls for a workflow; that serving would ask without a login is no refusal."""
    monkeypatch.setattr(registry_checks, "check_image", lambda image, *_, **__: OK)
    plan = CheckPlan((login("docker.io"),), (ImageReference.parse("acme/churn:1"),))
    with Checks(plan) as checks:
        found = checks.verdicts()
        (caution,) = checks.serving(found)
    assert (refusal(found), caution.difference) == (None, "no-login")
    assert "https://index.docker.io" in caution.fix


def test_docker_hubs_other_login(monkeypatch):
    """Of two logins for Docker Hub, the one that only Knative begins with is asked for the image, too."""
    asked = []

    def check(image, one, **_):
        asked.append((str(image), one.username))
        return OK if one.username == "a" else WRONG

    monkeypatch.setattr(registry_checks, "check_image", check)
    monkeypatch.setattr(registry_checks, "check_login", lambda *_, **__: OK)
    two = login("docker.io", "a"), login("https://index.docker.io/v1/", "b")
    (caution,) = serving(*two, images=["acme/churn:1"])
    assert {*asked} == {("docker.io/acme/churn:1", "a"), ("docker.io/acme/churn:1", "b")}
    assert caution.difference == "other-login"
    assert WRONG.reason in caution.reason


def test_in_the_sandbox_no_other_login_is_sent(monkeypatch):
    """In the sandbox nobody elsewhere is asked; that the logins differ is told all the same."""
    monkeypatch.setattr(registry_checks, "check_image", lambda *_, **__: pytest.fail("it was sent"))
    two = login("docker.io", "a"), login("https://index.docker.io", "b")
    (caution,) = serving(*two, images=["acme/churn:1"], only_here=True)
    assert caution.difference == "other-login"


@pytest.mark.parametrize("key", ["https://index.docker.io", "https://index.docker.io/v1/", "index.docker.io"])
@pytest.mark.parametrize("image", ["localhost/acme/churn:1.4", "localhost/churn", "Registry/churn"])
def test_docker_hubs_login_goes_nowhere_else(key, image, monkeypatch):
    """The kubelet would try Docker Hub's login at a host without a dot: here it is kept, and that is told."""
    monkeypatch.setattr(registry_checks, "check_image", lambda *_, **__: pytest.fail("it was sent"))
    (verdict,) = verdicts(login(key), images=[image])
    assert (verdict.outcome, verdict.username) == ("not-asked", "anna")
    host = image.partition("/")[0]
    assert verdict.reason == f"The kubelet would try Docker Hub's login there. It was not sent to {host}."


def test_docker_hubs_login_at_docker_hub(monkeypatch):
    """To Docker Hub itself it is sent, of course, however its key and the image are spelt."""
    monkeypatch.setattr(registry_checks, "check_image", lambda image, *_, **__: OK)
    for key in ("https://index.docker.io", "docker.io"):
        for image in ("acme/churn:1.4", "docker.io/acme/churn", "index.docker.io/acme/churn"):
            assert [one.outcome for one in verdicts(login(key), images=[image])] == ["ok"]


def test_nothing_leaves_this_machine(registry):
    """With only_here a realm elsewhere is not asked, though it was named, and no option is offered for it."""
    registry.challenge = 'Bearer realm="https://auth.example.com/token"'
    for images in ([registry.reference], []):
        (one,) = verdicts(
            login(registry.address), images=images, realms=("auth.example.com",), only_here=True
        )
        assert (one.outcome, one.fix) == (
            "other-realm",
            "In the sandbox, only registries on this machine are checked.",
        )


@pytest.mark.parametrize("only_here", [False, True])
def test_a_realm_on_this_machine(registry, only_here):
    """Another host on this machine is asked once it has been named, in the sandbox, too."""
    with FakeRegistry(host="127.0.0.2") as other:
        registry.challenge = f'Bearer realm="{other.url}/token"'
        more = {"images": [registry.reference], "only_here": only_here}
        (one,) = verdicts(login(registry.address), **more)
        assert (one.outcome, other.connections()) == ("other-realm", 0)
        assert "realm" in NOTEBOOK.say(one.fix)
        (asked,) = verdicts(login(registry.address), **more, realms=("127.0.0.2",))
        assert asked.outcome == "ok"
        assert [each.authorization is not None for each in other.asked] == [False, True]


def test_a_blob_that_has_moved_off_this_machine(monkeypatch):
    """It is asked for elsewhere where that may be, and not with only_here, whatever login there is."""
    with FakeRegistry(moved={"/blobs/": "https://blobs.example/x"}) as registry:
        looked, lookup = [], socket.getaddrinfo

        def watched(host, *args, **more):
            looked.append(host)
            if host == "blobs.example":
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return lookup(host, *args, **more)

        monkeypatch.setattr(socket, "getaddrinfo", watched)
        for logins in ((), (login(registry.address),)):
            (verdict,) = verdicts(*logins, images=[registry.reference], only_here=True)
            assert verdict.outcome == "unclear"
            assert "blobs.example" not in looked
        (verdict,) = verdicts(*logins, images=[registry.reference])
        assert (verdict.outcome, "blobs.example" in looked) == ("unreachable", True)


@pytest.mark.parametrize("key", ["*.example.com", "127.0.0.*:5000", "*"])
def test_a_key_that_is_a_pattern(key):
    """A key that is a pattern names no registry to try a login at: that is said, and nobody is asked."""
    (verdict,) = verdicts(login(key))
    assert (verdict.outcome, verdict.registry, verdict.username) == ("not-asked", key, "anna")
    assert verdict.reason == "Its key is a pattern: name an image to check it."
    assert CheckPlan((login(key),)).registries() == ()


@pytest.mark.parametrize("key", ["oci://ghcr.io", "/", "reg:*", "reg.example.com:abc", "%zz"])
def test_a_key_that_is_no_address(key):
    """A key that no image can match is no pattern either: no image would have it checked."""
    (verdict,) = verdicts(login(key))
    assert (verdict.outcome, verdict.registry) == ("not-asked", key)
    assert verdict.reason == "Its key is not the address of a registry, so there is no registry to check."
    assert CheckPlan((login(key),)).registries() == ()


def test_a_pattern_and_an_image(registry):
    """With an image a pattern is no riddle: the image names the registry."""
    host, _, port = registry.address.partition(":")
    (verdict,) = verdicts(login(f"{host[:-1]}*:{port}"), images=[registry.reference])
    assert (verdict.outcome, verdict.registry) == ("ok", registry.address)


def test_a_key_with_a_password_in_it():
    """A key from a file may hold a password: it is not told."""
    (verdict,) = verdicts(login("https://anna:hunter22@*.example.com"))
    assert "hunter22" not in repr(verdict)


def test_the_registries_of_a_plan():
    """A plan is about the registries of its images, or else of its logins, each once."""
    logins = (login("ghcr.io"), login("https://index.docker.io/v1/"), login("ghcr.io/acme"))
    assert CheckPlan(logins).registries() == (Registry("ghcr.io"), Registry("docker.io"))
    images = tuple(map(ImageReference.parse, ["quay.io/a/b", "quay.io/a/c", "ubuntu"]))
    plan = CheckPlan(logins, images)
    assert plan.subjects() == (*images, logins[0], logins[2])
    assert plan.registries() == (Registry("quay.io"), Registry("docker.io"), Registry("ghcr.io"))
    assert CheckPlan((), images).subjects() == images
    assert CheckPlan(logins[:1], images[:1]).registries() == (Registry("quay.io"), Registry("ghcr.io"))


def cautions(plan):
    """The verdicts of *plan*, and the cautions that go with them."""
    with Checks(plan) as checks:
        found = checks.verdicts()
        return found, checks.cautions(found)


def test_what_a_check_cannot_prove(registry):
    """Each registry has its cautions, each once; in the sandbox there are none, for it is a sandbox."""
    plan = CheckPlan((login(registry.address), login(f"{registry.address}/team")), ca_file="")
    here = f"{registry.address} is this machine. AI Core cannot reach it."
    assert cautions(plan)[1] == (here,)
    image = dataclasses.replace(plan, images=(ImageReference.parse(registry.reference),))
    assert cautions(image)[1] == (here,)
    assert cautions(dataclasses.replace(plan, only_here=True))[1] == ()


OUTCOMES = ("ok", "public", "bad-credentials", "tag-missing", "not-a-registry")


@pytest.mark.parametrize("outcome", [*OUTCOMES, "unclear", "unreachable", "tls", "not-asked", "not-served"])
def test_whose_certificate_was_trusted(outcome, names, monkeypatch):
    """Only of a registry that has answered is it said that one's own CA file was trusted there."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", requests.certs.where())
    verdict = Verdict(outcome, "ghcr.io", "anna", encrypted=True)
    monkeypatch.setattr(registry_checks, "check_login", lambda *_, **__: verdict)
    names["ghcr.io"] = "10.0.0.1"
    _, said = cautions(CheckPlan((login("ghcr.io"),)))
    trusted = "ghcr.io was trusted by your own CA file. It is not known whether AI Core trusts it."
    private = "ghcr.io looks private. AI Core cannot pull from behind a VPN."
    assert said == ((private, trusted) if outcome in OUTCOMES else (private,))


@pytest.fixture
def names(monkeypatch):
    """What stands in for DNS where no registry is asked: names and their addresses."""
    known = {}

    def lookup(host, port, *args, **more):
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (known[host], 0))]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return known


@pytest.fixture
def hanging(monkeypatch):
    """A DNS that hangs until the test ends, and then knows nothing; which names it was asked for."""
    asked, end, known = [], threading.Event(), socket.getaddrinfo

    def lookup(host, *args, **more):
        if host == "127.0.0.1":
            return known(host, *args, **more)
        asked.append(host)
        end.wait(PATIENCE)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    yield asked
    end.set()
    until(lambda: not check_threads())


@pytest.mark.parametrize("images", [(), ("reg.example.com/a/b:1",)], ids=["alone", "image"])
def test_a_dns_that_hangs(hanging, images):
    """DNS knows no time limit; a check does, and so do its cautions: what is not known then is not said."""
    plan = CheckPlan((login("reg.example.com"),), tuple(map(ImageReference.parse, images)), seconds=1.5)
    (verdict,), said = cautions(plan)
    assert set(hanging) == {"reg.example.com"}
    assert said == ()
    assert (verdict.outcome, verdict.registry, verdict.image) == (
        "unreachable",
        "reg.example.com",
        "".join(images),
    )
    # As the check itself has it, or as whoever waits for the check; or a busy machine does not ask in time.
    assert re.match(r"reg\.example\.com (did not answer|was not (found|asked)).* time\b", verdict.reason)


def test_dns_is_asked_beside_the_registries(hanging, registry, clock):
    """A slow DNS holds up no verdict on a registry that it is not needed for."""

    def end_after_the_first(_step, state, _word):
        if state == "done":
            clock.sleep(CHECK_LIMIT)

    logins = (login(registry.address), login("reg.example.com"))
    with Checks(CheckPlan(logins, watch=Watch(end_after_the_first))) as checks:
        found = checks.verdicts()
        assert [one.outcome for one in found] == ["ok", "unreachable"]
        assert checks.cautions(found) == (f"{registry.address} is this machine. AI Core cannot reach it.",)


def test_a_mistake_of_ours_is_not_swallowed(registry, monkeypatch):
    """What breaks in a thread breaks the call, and its traceback leads to where that was."""

    def broken_check(*args, **more):
        raise ZeroDivisionError("a mistake of ours")

    monkeypatch.setattr(registry_checks, "check_image", broken_check)
    with pytest.raises(ZeroDivisionError) as caught:
        verdicts(login(registry.address), images=[registry.reference])
    assert "broken_check" in "".join(traceback.format_tb(caught.value.__traceback__))


@pytest.fixture
def silent(listen):
    """The address of a registry that hears everything and says nothing, until the test ends."""
    return listen(hear_for_ever).address


def check_threads():
    """The threads of checks that still run."""
    return {each for each in threading.enumerate() if each.name == "aicore-magics-check"}


def test_an_interrupt_does_not_wait(ctrl_c):
    """Ctrl-C leaves at once, though the registry says nothing; the thread ends when the registry does."""
    waiting = threading.Event()

    def interrupt(peer, connection):
        peer.request(connection)
        waiting.wait(PATIENCE)
        ctrl_c()
        hear_for_ever(peer, connection)

    with contextlib.closing(Peer(interrupt)) as peer:
        plan = CheckPlan((login(peer.address),), (ImageReference.parse(f"{peer.address}/a/b:1"),))
        with Checks(plan) as checks:
            with pytest.raises(KeyboardInterrupt):
                _ = waiting.set(), checks.verdicts()
            assert check_threads()
    until(lambda: not check_threads())


def test_a_watch_that_is_stopped_does_not_wait(listen):
    """Who stops a check from another thread leaves it at once, too."""
    watch = Watch()

    def stop(peer, connection):
        peer.request(connection)
        watch.stop()
        hear_for_ever(peer, connection)

    peer = listen(stop)
    with pytest.raises(Stopped, match="nothing was sent"):
        verdicts(login(peer.address), watch=watch)
    assert check_threads()
    peer.stop()
    until(lambda: not check_threads())


def test_what_is_told_while_it_goes_on(registry):
    """Each image is told when it is asked for, and how that ended; of a login, its registry."""
    told = []
    watch = Watch(lambda *said: told.append(said))
    verdicts(login(registry.address), images=[registry.reference], watch=watch)
    verdicts(login(registry.address), watch=watch)
    assert told == [
        (registry.reference, "running", "asking"),
        (registry.reference, "done", "can be pulled"),
        (registry.address, "running", "asking"),
        (registry.address, "done", "login accepted"),
    ]


def test_no_password_in_a_key_is_told():
    """A key from a file may hold a password: whoever follows a check is not told."""
    told = []
    verdicts(login("https://anna:hunter22@*.example.com"), watch=Watch(lambda *words: told.append(words)))
    assert told
    assert "hunter22" not in repr(told)


def test_a_silent_registry_has_a_time_limit(silent):
    """A registry that says nothing is given up when the time is over: it was not checked."""
    (verdict,) = verdicts(login(silent), images=[f"{silent}/a/b:1"], seconds=0.3)
    assert (verdict.outcome, verdict.not_checked) == ("unreachable", True)


def test_the_time_limit_of_all_checks(silent, monkeypatch):
    """However much time the call has, checks take thirty seconds at most, or less if it has less."""
    limits = []
    deadline = registry_checks.Deadline
    monkeypatch.setattr(registry_checks, "Deadline", lambda limit: limits.append(limit) or deadline(0.05))
    for given in (60.0, 30.0, 5.0):
        verdicts(login(silent), seconds=given)
    assert limits == [30.0, 30.0, 5.0]
    assert CHECK_LIMIT == 30.0


def test_nothing_to_check():
    """Without logins and images there is nothing to tell; who asks for that has forgotten one of them."""
    assert verdicts() == ()
    with pytest.raises(InvalidLogin, match="a check needs a login or an image"):
        check_image((), [])


def test_a_check_that_is_interrupted(registry, monkeypatch):
    """Who stops a check by itself reads what may have been sent, and nothing more is sent."""

    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(Checks, "verdicts", interrupted)
    with pytest.raises(Stopped, match=r"nothing was stored\. The login may have been sent to its registry\."):
        check_image(registry.reference, [login(registry.address)])


@pytest.mark.parametrize("challenge", [BASIC, BEARER], ids=["Basic", "Bearer"])
@pytest.mark.parametrize("images", [True, False], ids=["image", "alone"])
def test_what_is_left_is_not_sent(challenge, images):
    """Who leaves while a registry dawdles has sent what was sent: from then on no login goes out."""
    left = threading.Event()
    with FakeRegistry(challenge=challenge, meanwhile=lambda: left.wait(PATIENCE)) as registry:
        named = (ImageReference.parse(registry.reference),) if images else ()
        with Checks(CheckPlan((login(registry.address),), named)):
            until(lambda: registry.asked)
        left.set()
        until(lambda: not check_threads())
        assert [each.authorization for each in registry.asked] == [None]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_an_error_ends_the_checks(error):
    """However the block is left, nothing more is sent."""
    left = threading.Event()
    with FakeRegistry(challenge=BASIC, meanwhile=lambda: left.wait(PATIENCE)) as registry:
        with pytest.raises(error), Checks(CheckPlan((login(registry.address),))):
            raise error
        left.set()
        until(lambda: not check_threads())
        assert [each for each in registry.asked if each.authorization] == []


@pytest.mark.parametrize("found", [(), (OK,), (OK, LOST)])
def test_no_refusal(found):
    """What is good or not known stops nobody."""
    assert refusal(found) is None


@pytest.mark.parametrize(
    ("found", "kind", "message", "hint"),
    [
        ((WRONG,), LoginRefused, "ghcr.io does not accept user anna. Nothing was stored.", "Compare."),
        (
            (dataclasses.replace(WRONG, image="", fix=""),),
            LoginRefused,
            "ghcr.io does not accept user anna. Nothing was stored.",
            "",
        ),
        (
            (OK, ARM, LOST),
            ImageRefused,
            "ghcr.io/acme/gpu:2 is built for linux/arm64. Nothing was stored.",
            "docker buildx build .",
        ),
        (
            (NOT_SERVED, WRONG),
            ImageRefused,
            "quay.io/a/b:1: no login for it. Nothing was stored. 1 more is refused.",
            "--login quay.io=USER.",
        ),
        (
            (WRONG, ARM, OK, NOT_SERVED),
            LoginRefused,
            "ghcr.io does not accept user anna. Nothing was stored. 2 more are refused.",
            "Compare.",
        ),
        (
            (dataclasses.replace(OK, outcome="not-a-registry", image="", reason="ghcr.io is a web page."),),
            LoginRefused,
            "ghcr.io is a web page. Nothing was stored.",
            "",
        ),
        (
            (dataclasses.replace(WRONG, outcome="no-access-or-missing", reason="Long.", code="403 DENIED"),),
            ImageRefused,
            "ghcr.io/acme/churn:1.4: not allowed, or not there (403 DENIED). Nothing was stored.",
            "Compare.",
        ),
        (
            (dataclasses.replace(WRONG, outcome="tag-missing", reason="Long.", code="404"),),
            ImageRefused,
            "ghcr.io/acme/churn:1.4: no such tag (404). Nothing was stored.",
            "Compare.",
        ),
        (
            (dataclasses.replace(WRONG, outcome="repo-missing", reason="Long."),),
            ImageRefused,
            "ghcr.io/acme/churn:1.4: no such repository. Nothing was stored.",
            "Compare.",
        ),
    ],
)
def test_a_refusal(found, kind, message, hint):
    """The first that says no is told, as of a login or an image; how many more, and what mends it."""
    error = refusal(found)
    assert (type(error), error.message, error.hint) == (kind, message, hint)
    assert "--no-check" not in str(error)


def test_a_refusal_quotes_the_registry():
    """What the registry itself says stands behind the hint."""
    error = refusal((dataclasses.replace(WRONG, said="denied"),))
    assert error.hint == "Compare. It says: denied."
    error = refusal((dataclasses.replace(WRONG, said="denied", fix=""),))
    assert error.hint == "It says: denied."


@pytest.mark.parametrize(("length", "quoted"), [(75, True), (76, False), (160, False)])
def test_a_long_quote_is_left_out(length, quoted):
    """It is quoted where the whole line has room for it, and not in part."""
    error = refusal((dataclasses.replace(WRONG, said="x" * length),))
    assert error.hint == (f"Compare. It says: {'x' * length}." if quoted else "Compare.")
    line = str(error).splitlines()[1]
    assert len(line) == 100 if quoted else line == "Next: Compare."


@pytest.mark.parametrize(
    "keys", [["quay.io"], ["ghcr.io/other"], ["https://index.docker.io", "quay.io"], ["https://ghcr.io/v1"]]
)
def test_an_image_that_nobody_serves_is_two_short_lines(keys):
    """With ordinary names that is told in two lines of at most 100 columns, as any refusal is."""
    found = verdicts(*map(login, keys), images=["ghcr.io/acme/churn:1.4"], only_here=True)
    error = refusal(found)
    lines = (f"{type(error).__name__}: {error.message}", f"Next: {error.hint}")
    assert found[0].outcome == "not-served"
    assert [line for line in lines if len(line) > 100] == []


def test_nothing_is_left_behind(registry):
    """When the verdicts are there, no thread of a check is."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:
        gone = "{}:{}".format(*listener.getsockname())
    found = verdicts(login(registry.address), login(gone), images=[registry.reference, f"{gone}/a/b:1"])
    assert [one.outcome for one in found] == ["ok", "unreachable"]
    assert not check_threads()
