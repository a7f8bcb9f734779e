"""Nothing is stored that the fields do not hold, whenever a key arrives, unless the card says so."""

from __future__ import annotations

import contextlib
import itertools
import json
import threading
from dataclasses import dataclass, field

import pytest

from aicore_magics.aicore import looks
from aicore_magics.aicore.client import Client
from aicore_magics.jupyter.form import late_keys, lookup
from aicore_magics.jupyter.form.form import DockerSecretForm
from aicore_magics.jupyter.form.late_keys import LateKeys
from aicore_magics.jupyter.session import Session
from tests.jupyter.shown import classes
from tests.waiting import PATIENCE, until

NEVER = 3600  # seconds
TYPED = {"name": "team-churn", "user": "anna"}  # what the fields hold at last


@pytest.fixture
def asked():
    return []


@pytest.fixture
def begun():
    return []


@pytest.fixture
def keys(asked, monkeypatch):
    """What waits for a sign alone."""
    monkeypatch.setattr(late_keys, "QUIET", NEVER)
    monkeypatch.setattr(late_keys, "PATIENCE", NEVER)
    made = LateKeys(lambda: asked.append(True))
    yield made
    made.let_go()


def test_the_sign_begins_it(keys, asked, begun):
    """What waits begins with the sign, once; a second press while it waits is none."""
    assert keys.wait(0)
    keys.then(lambda: begun.append("first"))
    keys.then(lambda: begun.append("second"))
    assert (asked, begun, keys.wait(0)) == ([True], [], False)
    keys.answered()
    keys.answered()
    assert (begun, keys.wait(0)) == (["first"], True)


def test_what_is_let_go_of_never_begins(keys, begun):
    """The sign that comes after that begins nothing, and nobody waits for it."""
    keys.then(lambda: begun.append(True))
    keys.let_go()
    keys.answered()
    assert (begun, keys.wait(0)) == ([], True)


def test_what_raises_is_over(keys, begun):
    """Whoever waits is not left waiting, and the next press begins."""
    keys.then(lambda: next(iter(())))
    with pytest.raises(StopIteration):
        keys.answered()
    assert keys.wait(0)
    keys.then(lambda: begun.append(True))
    keys.answered()
    assert begun == [True]


@pytest.mark.parametrize(
    ("quiet", "patience", "answers"), [(0.01, NEVER, False), (NEVER, 0.01, False), (NEVER, 0.01, True)]
)
def test_where_no_script_answers(monkeypatch, asked, begun, quiet, patience, answers):
    """It begins all the same: after some quiet, or when a script that was there has answered no more."""
    monkeypatch.setattr(late_keys, "QUIET", quiet)
    monkeypatch.setattr(late_keys, "PATIENCE", patience)
    keys = LateKeys(lambda: asked.append(True))
    if answers:
        keys.script_runs()
    keys.then(lambda: begun.append(True))
    keys.edited()
    assert keys.wait(PATIENCE)
    assert begun == [True]


# In the form: every moment at which an edit can arrive


@dataclass
class Held:
    """An AI Core that answers no look before `looked` is set, and no write before `answered` is."""

    looked: threading.Event = field(default_factory=threading.Event)
    sent: threading.Event = field(default_factory=threading.Event)
    answered: threading.Event = field(default_factory=threading.Event)

    def wait(self, request):
        """Keep the answer to *request* back."""
        writes = "admin" in request.path and request.method in ("POST", "PATCH")
        if writes:
            self.sent.set()
        assert (self.answered if writes else self.looked).wait(PATIENCE)

    def let_go(self):
        """Answer everything."""
        self.looked.set()
        self.answered.set()


@pytest.fixture
def hold(sandbox, monkeypatch):
    """Hold the answers of AI Core back, until the next time: `hold()` says how."""
    now, answer = [Held()], sandbox.server.application.answer

    def answered(request):
        now[0].wait(request)
        return answer(request)

    def hold():
        now[0].let_go()
        now[0] = Held()
        return now[0]

    monkeypatch.setattr(sandbox.server.application, "answer", answered)
    yield hold
    now[0].let_go()


@pytest.fixture
def typed(sandbox, tenant, hold, monkeypatch):
    """Open a form in which each field holds the beginning of what is typed into it."""
    for module, name, value in (
        (late_keys, "QUIET", NEVER),
        (late_keys, "PATIENCE", NEVER),
        (lookup, "PAUSE", NEVER),
        (lookup, "REST", NEVER),
        (looks, "VISIBLE_WITHIN", 0.01),
    ):
        monkeypatch.setattr(module, name, value)
    session = Session()
    session.use(tenant)
    registry = sandbox.registry

    @contextlib.contextmanager
    def typed(*, check):
        sandbox.state.secrets.clear()
        sandbox.faults.drop = []
        form = DockerSecretForm(session)
        held, entered = hold(), form.fields
        entered.name.value, entered.user.value = "team", "an"
        entered.images.value = f"{registry.host}/acme/churn:1.4"
        entered.registry.value, entered.check.value = registry.host, check
        entered.password.widget.set_state({"value": registry.password})
        yield form, held
        held.let_go()
        form.close()

    yield typed
    session.disconnect()


def click(form, key):
    """Press a button as a browser does, if it is there."""
    if key in form.bar.buttons:
        form.bar.buttons[key].click()


def sign(form):
    """Answer as the script does, if it was asked."""
    for each in form.widget.children:
        if "sign" in classes(each):
            each.click()


def said(form):
    """What the form says, without its style."""
    return form.message.value.rpartition("</style>")[0].partition("</style>")[2]


def run(form, held):
    """Let what was begun get as far as the write, or end before."""
    held.looked.set()
    until(lambda: held.sent.is_set() or form.wait(0))


def end(form, held):
    """Let it end."""
    held.answered.set()
    assert form.wait(PATIENCE)


def steps(wish, form, held):
    """What happens between two edits, one after the other."""
    ways = {"replace": ("store", "replace"), "check": ("check",)}
    for key in ways.get(wish, ("store",)):
        yield lambda key=key: click(form, key)
        yield lambda: sign(form)
    yield lambda: run(form, held)
    yield lambda: end(form, held)


LAST = {"create": 4, "check": 4, "again": 4, "replace": 6}  # the moment after the end, by what is wanted


def prepare(wish, sandbox, tenant, form, held, hold):
    """Get to where the button does what is wanted: the name is taken, or what became of it is not known."""
    if wish == "replace":
        sandbox.state.secrets["team"] = '{"auths":{"ghcr.io":{}}}'
        sandbox.state.secrets["team-churn"] = '{"auths":{"ghcr.io":{}}}'
    if wish == "again":
        sandbox.state.secrets["team-churn"] = '{"auths":{"ghcr.io":{}}}'
        sandbox.faults.drop = ["after"]
    if wish in ("replace", "again"):
        check, form.fields.check.value = form.fields.check.value, False
        held.let_go()
        with pytest.MonkeyPatch.context() as blind:
            blind.setattr(Client, "seen", lambda *_: None)  # no look tells what became of a write
            blind.setattr(looks, "LAST_LOOK", 0.01)
            form.bar.press("store")
            assert form.wait(PATIENCE)
        tenant.client.late.clear()  # nor is it waited for the request that was lost
        sandbox.faults.drop, form.fields.check.value = [], check
        assert form.bar.says("store") == {"replace": "Replace…", "again": "Store again"}[wish]
        return hold()
    return held


def arrive(wish, check, moments, typed, sandbox, tenant, hold):
    """Have the edits of the fields called so arrive at these *moments*, and judge what came of it."""
    with typed(check=check) as (form, first):
        held = prepare(wish, sandbox, tenant, form, first, hold)
        before, question = dict(sandbox.state.secrets), ""
        for number, act in enumerate((*steps(wish, form, held), lambda: None)):
            for name in (name for name, at in moments.items() if at == number):
                getattr(form.fields, name).widget.value = TYPED[name]
            act()
            question = said(form) if "for the whole tenant?" in said(form) else question
        changed = {name: held for name, held in sandbox.state.secrets.items() if before.get(name) != held}
        judge(wish, form, moments, changed, before, question)


def judge(wish, form, moments, changed, before, question):
    """What must hold at the end, whenever the edits came."""
    card, entered = said(form), form.fields
    late = card.partition(" came too late")[0] if " came too late" in card else ""
    assert "Error in this form" not in card
    assert form.bar.offered & {"store", "replace", "another"}
    assert len(changed) <= (wish != "check")
    for name, held in changed.items():
        ((host, login),) = json.loads(held)["auths"].items()
        for each, stored in (("name", name), ("user", login["username"])):
            entry = getattr(entered, each)
            assert stored == entry.value or entry.name in late
        if name in before and wish != "again":
            assert f"Replace {name} for the whole tenant?" in question
            assert f"{host} as {login['username']}" in question
        if wish == "again":
            assert name == "team"
    if changed and set(moments.values()) <= {0, 1}:  # as where a script answers
        assert not late


def moments(wish):
    """When the last keys of name and user come: any two moments of a create, else together or one first."""
    for name, user in itertools.product(range(LAST[wish] + 1), repeat=2):
        if wish == "create" or 0 in (name, user) or name == user:
            yield {"name": name, "user": user}


@pytest.mark.enumerates
@pytest.mark.parametrize(("wish", "check"), [("create", True), *((wish, False) for wish in LAST)])
def test_name_and_user_at_every_moment(wish, check, typed, sandbox, tenant, hold):
    """The last keys of both come before the press, its sign, the write or the end, or after all of them."""
    for each in moments(wish):
        arrive(wish, check, each, typed, sandbox, tenant, hold)
