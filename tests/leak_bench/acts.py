"""What users do, with every way to enter a password, and how it ends: well, refused, late, stopped, wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.traces import WRITE
from tests.leak_bench.failing import debugger, failures, fault_of_ours, verbose_failures  # noqa: F401 - by its name
from tests.leak_bench.stage import MISTYPED
from tests.leak_bench.steps import CONNECT, CREATE, FROM_FILE, GHCR, STORE, done, echoing, ended, enter, slow

if TYPE_CHECKING:
    from tests.leak_bench.stage import Stage

SETUP = """import json, logging, os
from pathlib import Path
from tests.leak_bench import inside
Path("found").mkdir(exist_ok=True)
logging.basicConfig(level=logging.DEBUG, filename="debug.log", format="%(name)s %(message)s")
logging.getLogger("bench").debug("all is logged")
%logstart -o -r session.py over
%colors nocolor
%load_ext aicore_magics
from aicore_magics import CheckOptions, RegistryLogin, Secret, connect, create_docker_secret
from aicore_magics.actions import connect_with
from aicore_magics.model.docker_secret import DockerSecret
from aicore_magics.model.names import SecretName
inside.short_limits()
inside.watch_key_files()
%aicore_connect --service-key given/key.json
tenant = connect(service_key="given/key.json")
unchecked = CheckOptions(skip=True)"""


def set_up(stage: Stage, mutation: str = "") -> None:
    """Load the extension, connect, and let everything be logged."""
    if mutation:
        assert not stage.run(f"from tests.leak_bench import mutations\nmutations.{mutation}()").ename
    assert not stage.run(SETUP).ename, stage.cells[-1][1].shown
    if not mutation:
        stage.run("inside.remember_heap()")


def magic_ways(stage: Stage) -> None:
    """Enter a password in every way that the magic knows."""
    made = {
        "prompt": GHCR,
        "variable": f"{GHCR} --password-env GHCR_SECRET",
        "file": f"{GHCR} --password-file given/password",
        "program": f'{GHCR} --password-command "cat given/printed"',
        "keyring": f"{GHCR} --keyring aicore",
        "docker login": "--registry docker.io --docker-login --no-check",
        "credential helper": "--registry helped.example --docker-login --no-check",
        "config file": "--from-file given/pulled.json --no-check",
    }
    for number, (way, options) in enumerate(made.items()):
        asked = {"answers": [stage.passwords[way]]} if way == "prompt" else {}
        told = stage.run(f"{STORE} way-{number} {options}", **asked)
        assert f"way-{number} stored" in told.text, told.shown
        stage.stored(way, f"way-{number}")


def magic_echoes(stage: Stage) -> None:
    """Let a create by magic be refused by a server that repeats the request, and a connect too."""
    asked = {"answers": [stage.passwords["prompt"]]}
    with echoing(stage):
        ended(stage.run(f"{STORE} echoed {GHCR}", "echoed", **asked), "RequestRefused")
        ended(stage.run(f"{STORE} echoed {GHCR} --password-env GHCR_SECRET", "echoed"), "RequestRefused")
        ended(stage.run(f"{CONNECT}/key.json", "echoed"), "RequestRefused", "CredentialsRefused")
    stage.run(f"{CONNECT}/key.json")


def magic_stops(stage: Stage) -> None:
    """Let a create by magic come too late, or be stopped under way and at its question."""
    asked = {"answers": [stage.passwords["prompt"]]}
    with slow(stage):
        ended(stage.run(f"{STORE} late {GHCR} --timeout 1", **asked), "OutcomeUnknown", "Unreachable")
        stopped = stage.run(f"{STORE} stopped {GHCR}", interrupt_after=0.6, **asked)
        ended(stopped, "OutcomeUnknown", "Stopped")
    ended(stage.run(f"{STORE} at-prompt {GHCR}", interrupt_after=0.4, answers=[]), "Stopped", "InvalidLogin")


def cell_ways(stage: Stage) -> None:
    """Enter a password in every way that Python knows."""
    ways = {
        "file": FROM_FILE,
        "variable": 'Secret.from_env("GHCR_SECRET")',
        "prompt in a cell": 'Secret.ask("Token: ")',
    }
    for number, (way, given) in enumerate(ways.items()):
        asked = {"answers": [stage.passwords[way]]} if "prompt" in way else {}
        assert not stage.run(CREATE.format(f"py-{number}", given), **asked).ename
        stage.stored(way, f"py-{number}")


def cell_stops(stage: Stage) -> None:
    """Let a create in Python come too late, be stopped, and a connect be given nonsense."""
    with slow(stage):
        ended(stage.run(CREATE.format("py-late", FROM_FILE)), "OutcomeUnknown", "Unreachable")
        stopped = CREATE.format("py-stopped", FROM_FILE).replace("checking", "timeout=30, checking")
        ended(stage.run(stopped, interrupt_after=0.5), "OutcomeUnknown", "Stopped")
    ended(stage.run('connect_with({"clientid": 5})', "refused"), "InvalidFile")


def objects(stage: Stage) -> None:
    """Keep what holds a password in a variable, and look at what it shows and what can be made of it."""
    stage.run(
        f"""login = RegistryLogin("ghcr.io", "anna", {FROM_FILE})
inside.look_at_objects(login, login.password, login.auth, tenant)
inside.look_at_objects(DockerSecret(SecretName.parse("a-b"), (login,)))
inside.look_at_objects(get_ipython()._aicore_magics[0].session, connect(service_key="given/key.json"))
inside.look_at_variables(get_ipython())
%whos""",
        "%whos",
    )
    stage.run("%store login", "%store")
    stage.run("del login")


def redirect(stage: Stage) -> None:
    """Meet a server that sends to another host."""
    asked = {"answers": [stage.passwords["prompt"]]}
    stage.sandbox.faults.redirect_to = stage.other_url
    told = stage.run(f"{STORE} moved {GHCR}", **asked)
    stage.sandbox.faults.hits = "both"
    connected = stage.run(f"{CONNECT}/key.json")
    stage.sandbox.faults.redirect_to, stage.sandbox.faults.hits = None, "api"
    stage.keep("network", b"A redirect was met: ")
    ended(told, "NotAICore", "OutcomeUnknown")
    ended(connected, "NotAICore")


def netrc(stage: Stage) -> None:
    """Speak to a host that ~/.netrc knows."""
    assert not stage.run(f"{CONNECT}/api.json\n%aicore_docker_secret list").ename
    assert b"Bearer a-token-of-the-bench" in stage.api.bytes


def strangers(stage: Stage) -> None:
    """Meet a proxy, and servers that nobody trusts; use a key that others may read."""
    ended(stage.run(f"{CONNECT}/http.json"), "InvalidAddress")
    trust = "--trust-host api.nowhere.example --trust-host token.nowhere.example"
    ended(stage.run(f"{CONNECT}/far.json {trust} --timeout 2"), "Unreachable", "NotAICore")
    for key in ("untrusted", "x509"):
        ended(stage.run(f"{CONNECT}/{key}.json --timeout 5"), "CertificateNotTrusted")
    stage.keep("network", b"Servers were met that nobody trusts: ")
    stage.run(f"{CONNECT}/open.json", "warned")


def surroundings(stage: Stage) -> None:
    """Look at the environment, the arguments and the temporary files."""
    stage.keep(
        "temporary",
        b"It is empty: " + b"".join(p.read_bytes() for p in (stage.home / "tmp").rglob("*") if p.is_file()),
    )
    stage.run("%env", "environment")
    stage.run("""inside.note("environment", {k: v for k, v in os.environ.items() if k != "GHCR_SECRET"})
inside.note("arguments", Path("/proc/self/cmdline").read_bytes())""")


def generates(stage: Stage) -> None:
    """Make what is kept in git: templates, notebooks, scripts and a rehearsal."""
    login = f"--registry ghcr.io --username anna --password-file {stage.given('password')}"
    for line in (
        f"{STORE} rehearsed {login} --dry-run",
        f"{STORE} rehearsed --registry ghcr.io --username anna --dry-run --as curl",
        f"{STORE} rehearsed --from-file {stage.given('pulled.json')} --dry-run --as http",
        "%aicore_template workflow churn --image a.io/churn:1 --secret way-0 --scenario churn --args x",
        "%aicore_template serving churn --image a.io/churn:1 --secret way-0 --scenario churn",
        "%aicore_notebook new generated.ipynb --secret way-0 --image ghcr.io/acme/churn:1 --username anna",
    ):
        told = stage.run(line, "generated")
        assert not told.ename, told.shown
    stage.keep("generated", (stage.home / "generated.ipynb").read_bytes())


def form(stage: Stage) -> None:
    """Enter a password into the form, as a browser does, and write down what is known of it then."""
    opened = stage.run("""form = %aicore_docker_secret form
form
box = form.widget
field, button = form.fields.password.widget, form.bar.buttons
form.fields.check.widget.value = False
print(field.model_id, button["clear"].model_id, form.fields.user.widget.model_id)""")
    field, clear, user = opened.stream.split()
    stage.type(user, "bert")
    enter(stage, field, "typed", registry="")
    stage.run("inside.look_at_objects(form, field, form.fields, field.get_state())")
    stage.open_another_page()
    stage.run(WRITE)
    stage.press(clear)


def form_ends(stage: Stage) -> None:
    """Let a create by form be refused with an echo, come too late, be stopped, be wrong, and be done."""
    field, store = stage.run("print(field.model_id, button['store'].model_id)").stream.split()
    with echoing(stage):
        enter(stage, field, "form-echoed")
        done(stage, store, "Refused", "echoed")
    with slow(stage):
        enter(stage, field, "form-late")
        done(stage, store, "")
        enter(stage, field, "form-stopped")
        stage.press(store)
        stage.run("import time; time.sleep(9)", interrupt_after=0.3)
        stage.run("button['stop'].click()")
    stage.type(field, [stage.passwords["form"]])
    stage.type(field, 5)
    stage.run("assert form.wait(30)\nbutton['clear'].click()")
    enter(stage, field, "form-stored")
    done(stage, store, "form-stored stored")
    stage.stored("form", "form-stored")
    stage.run("""button["another"].click()
form.fields.name.value, form.fields.login.value = "form-file", "file"
form.fields.file.value, form.fields.check.value = "given/pulled.json", False""")
    done(stage, store, "form-file stored")
    stage.stored("config file", "form-file")
    stage.run("inside.look_at_objects(form, form.result)")


def leave(stage: Stage) -> None:
    """Write down the history, forget the connections, and look at what is left in memory."""
    stage.run("box = form.widget if 'form' in globals() else None")
    stage.run(
        WRITE
        if any("form" in code for code, _ in stage.cells)
        else WRITE.replace("embed.embed", "0 and embed.embed")
    )
    stage.run("inside.look_at_inputs(get_ipython())\ninside.look_at_variables(get_ipython())\n%whos", "%whos")
    stage.run("%aicore_connect --disconnect\ntenant.close()\ninside.look_at_heap()")


def debug_output(stage: Stage) -> None:
    """Switch http.client's debug output on. What it prints is in no notebook: it would be found in all."""
    stage.run("import http.client\nhttp.client.HTTPConnection.debuglevel = 1")
    told = stage.kernel.run(
        f"print('what it prints:')\n{CONNECT}/key.json\n{STORE} told {GHCR} --password-file given/password"
    )
    assert "told stored" in told.text, told.shown
    stage.keep("http.client", told.stream.encode())
    stage.run("http.client.HTTPConnection.debuglevel = 0")


def mistypes(stage: Stage) -> None:
    """Type a password where none belongs: what is said about it does not repeat it."""
    typed = "'" + stage.passwords[MISTYPED].replace("'", "") + "'"
    stage.passwords[MISTYPED] = typed[1:-1]
    for option in ("--password", "--password-file", "--password-env", "--no-check"):
        told = stage.run(f"{STORE} mistyped --registry ghcr.io --username anna {option} {typed}", "refused")
        assert told.ename, option
    ended(stage.run(f"{STORE} {typed} {GHCR}", "refused"), "InvalidName")
    pasted = '{"clientsecret": ' + typed[1:-1] + "}"
    ended(stage.run(f"%aicore_connect --service-key '{pasted}'", "refused"), "InvalidFile")
    told = stage.run(
        "%aicore_docker_secret create broken --from-file given/broken.json --no-check", "refused"
    )
    ended(told, "InvalidFile")


ACTS = {
    act.__name__: act
    for act in (
        *(magic_ways, magic_echoes, magic_stops, cell_ways, cell_stops, objects),
        *(failures, fault_of_ours, debugger),
        *(form, form_ends, redirect, netrc, strangers, surroundings, generates),
    )
}
# What is found there is to be found nowhere else.
AT_THE_END = (debug_output, mistypes)
