"""A password field hands a Secret to Python, and nothing else ever holds, shows or sends what was typed."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import threading

import ipywidgets
import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.jupyter.form.label import Label
from aicore_magics.jupyter.form.secret_field import EXPIRED, RECEIVED, SecretField
from tests.browser.traces import traces
from tests.waiting import PATIENCE, until

HELP = "A read-only token is enough."
SHOW = """from aicore_magics.jupyter.form.label import Label
from aicore_magics.jupyter.form.secret_field import SecretField
field = SecretField(Label("Password", "help"))
print(field.model_id)"""


@pytest.fixture
def field():
    made = SecretField(Label("Password", HELP))
    yield made
    made.close()


def typed(field, text):
    """What a browser sends when the field is left."""
    message = {"content": {"data": {"method": "update", "state": {"value": text}, "buffer_paths": []}}}
    field._handle_msg({**message, "buffers": []})
    return message


def timers():
    """The timers that run."""
    return [each for each in threading.enumerate() if isinstance(each, threading.Timer)]


def places(field):
    """Everything of the field that others can get at without asking for the secret."""
    kept = {name: value for name, value in vars(field).items() if name != "_secret"}
    states = [field.get_state(), field.get_state(drop_defaults=True), ipywidgets.Widget.get_manager_state()]
    return {"states": repr(states).encode(), "vars": repr(kept).encode(), "repr": repr(field).encode()}


def test_what_is_typed_becomes_a_secret(field, canary):
    """What was typed is held as a Secret, for every try, and the field is blank and says so."""
    assert not field.received
    assert field.secret() is None
    typed(field, canary)
    assert field.received
    assert field.secret() == field.secret() == Secret(canary)
    assert field.value == ""
    assert field.description == Label("Password", HELP).note(RECEIVED)


def test_nothing_else_holds_it(field, canary):
    """Neither state, attributes, repr nor the message that brought it hold what was typed."""
    message = typed(field, canary)
    assert traces(canary, places(field) | {"message": str(message).encode()}) == {}


def test_a_value_set_by_code_is_in_no_state_either(field, canary):
    """Whoever sets the value from Python does not send it: the state shows it blank."""
    field.value = canary
    found = places(field)
    found.pop("vars")  # it is there, where they put it
    assert traces(canary, found) == {}


def test_no_copy_and_no_pickle(field, canary):
    """A field with a password cannot be copied or written down."""
    typed(field, canary)
    with pytest.raises(NotImplementedError):
        copy.copy(field)
    with pytest.raises(NotImplementedError):
        copy.deepcopy(field)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever part refuses first
        pickle.dumps(field)
    assert traces(canary, {"error": str(caught.value).encode()}) == {}


def test_a_new_one_replaces_the_old(field, canary):
    """Typing again replaces what is held; leaving the field blank does not."""
    typed(field, canary)
    typed(field, "another")
    typed(field, "")
    assert field.secret() == Secret("another")


def test_forget_drops_it_and_the_words(field, canary):
    """After forget nothing is held, and the help stands below the field again."""
    typed(field, canary)
    field.forget()
    assert not field.received
    assert field.description == Label("Password", HELP).help()


def test_close_forgets(canary):
    """A closed field holds nothing, and no timer goes on."""
    field = SecretField(Label("Password", HELP))
    typed(field, canary)
    (timer,) = timers()
    field.close()
    assert field.secret() is None
    timer.join(PATIENCE)
    assert not timer.is_alive()


def test_it_forgets_by_itself(field, canary):
    """After KEPT_SECONDS nothing is held any more, and the words say so: nothing is forgotten silently."""
    assert field.KEPT_SECONDS == 600
    field.KEPT_SECONDS = 0.05
    typed(field, canary)
    until(lambda: not field.received)
    until(lambda: field.description == Label("Password", HELP).note(EXPIRED, warning=True))


def test_the_time_starts_anew_with_a_new_one(field, canary):
    """The timer of a password that was replaced does not end the new one."""
    field.KEPT_SECONDS = 2
    typed(field, "an earlier one")
    (late,) = timers()
    field.KEPT_SECONDS = 600
    typed(field, canary)
    late.join()
    late.function(*late.args)  # as if it had been too late to cancel it
    assert field.secret() == Secret(canary)


def test_acts_follow_the_capture(field, canary):
    """Whoever asked is told after each password, when the field holds it and is blank."""
    seen = []
    field.on_capture(lambda: seen.append((field.secret(), field.value)))
    typed(field, canary)
    typed(field, canary)
    assert seen == [(Secret(canary), "")] * 2


class Front:
    """A browser, as far as the kernel can tell: it sends what is typed, and asks for states."""

    def __init__(self, kernel):
        self.kernel = kernel
        self.field = kernel.run(SHOW).stream.strip()

    def send(self, kind, content):
        client = self.kernel.client
        client.shell_channel.send(client.session.msg(kind, content))

    def type(self, text):
        state = {"method": "update", "state": {"value": text}, "buffer_paths": []}
        self.send("comm_msg", {"comm_id": self.field, "data": state})

    def ask_for_states(self):
        """What the page of another browser asks when it opens."""
        opened = {"comm_id": "states", "target_name": "jupyter.widget.control", "data": {}}
        session = self.kernel.client.session
        message = session.msg("comm_open", opened, metadata={"version": "1.0.0"})
        self.kernel.client.shell_channel.send(message)
        self.send("comm_msg", {"comm_id": "states", "data": {"method": "request_states"}})


@pytest.fixture
def front(running_kernel):
    return Front(running_kernel)


def told(front, *sent):
    """Send, then give what every client of the kernel hears until all of it is done."""
    for send in sent:
        send()
    front.kernel.client.execute("print('over')")
    heard = []
    while not (heard and heard[-1]["content"].get("text", "").startswith("over")):
        heard.append(front.kernel.client.get_iopub_msg(timeout=30))
    return heard, json.dumps([message["content"] for message in heard], ensure_ascii=False).encode()


def test_no_client_hears_it(front, canary):
    """Neither while it is typed nor when another page asks for all states do other clients get it."""
    heard, text = told(front, lambda: front.type(canary), front.ask_for_states)
    assert traces(canary, {"iopub": text}) == {}
    updates = [message["content"]["data"] for message in heard if message["msg_type"] == "comm_msg"]
    methods = [data["method"] for data in updates]
    assert methods == ["update", "update", "update_states"]
    assert updates[0]["state"] == {"value": ""}  # blank it is told first
    assert updates[2]["states"][front.field]["state"]["value"] == ""
    assert front.kernel.run("print(field.secret().reveal())").stream.strip() == canary


def test_browsers_hear_when_it_forgets_by_itself(front, canary):
    """When its time is over, from a thread of its own, the words below the field go in every browser."""
    front.kernel.run("field.KEPT_SECONDS = 0.05")
    front.type(canary)
    said = []
    while not any("Deleted from memory" in words for words in said[1:]):
        state = front.kernel.client.get_iopub_msg(timeout=30)["content"].get("data", {}).get("state", {})
        said += [state["description"]] if "description" in state else []
    assert RECEIVED in said[0]
    assert front.kernel.run("print(field.secret())").stream.strip() == "None"


def test_an_act_that_raises_shows_no_password(front, canary):
    """The traceback of whatever follows the capture shows no password, in the mode with all variables."""
    front.kernel.run("%xmode Verbose\nfield.on_capture(lambda: 1 / 0)")
    _, text = told(front, lambda: front.type(canary))
    front.kernel.run("%xmode Context")
    assert b"ZeroDivisionError" in text
    assert b"sync_data" in text  # the variables are shown
    assert traces(canary, {"iopub": text}) == {}


def test_an_ordinary_password_field_is_heard(front, canary):
    """The same search finds what an ordinary password field tells every client."""
    shown = front.kernel.run("import ipywidgets\nfield = ipywidgets.Password()\nprint(field.model_id)")
    front.field = shown.stream.strip()
    _, text = told(front, lambda: front.type(canary), front.ask_for_states)
    assert traces(canary, {"iopub": text})


def test_no_log_has_it(field, canary, caplog):
    """The package comm logs each message at DEBUG: one to this field without what was typed."""
    caplog.set_level("DEBUG")
    logging.getLogger("Comm").debug("handle_msg[%s](%s)", field.model_id, {"value": canary})
    logging.getLogger("Comm").debug("handle_msg[%s](%s)", "another", {"value": "seen"})
    assert traces(canary, {"log": caplog.text.encode()}) == {}
    assert "seen" in caplog.text
    filters = len(logging.getLogger("Comm").filters)
    field.close()
    assert len(logging.getLogger("Comm").filters) == filters - 1
