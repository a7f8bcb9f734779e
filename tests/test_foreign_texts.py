"""What others say is shown without any secret: each place at which a text from outside comes in, and by whom.

A server, a file or a variable puts a secret where a message, a name or a host belongs. Whatever is made of it
then, an error or a result, its text, data, card and completions, has nothing of the secret.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import os

import pytest

from aicore_magics import RegistryLogin, Secret, actions
from aicore_magics.actions import CheckOptions, connect, connect_with
from aicore_magics.errors import AICoreError
from aicore_magics.jupyter.cards import html_card
from aicore_magics.jupyter.session import Session
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.logins.sources import take_logins
from aicore_magics.logins.wish import LoginWish
from aicore_magics.model.docker_secret import AuthKey
from aicore_magics.next_steps import PYTHON
from aicore_magics.sandbox.exchange import Answer
from aicore_magics.sandbox.server import Server

# Made at run time, and such that each can be in a host, too.
PASSWORD, CLIENT_SECRET, TOKEN = (
    f"{start}-7Q-Kp9v-Zx{start[::-1]}" for start in ("PassW", "ClienT", "TokeN")
)
UNKNOWN = "glpat-" + 5 * "Ab1-", "ghp_" + 9 * "Ab1c"
AUTH = base64.b64encode(f"anna:{PASSWORD}".encode()).decode()
SECRETS = {"password": PASSWORD, "client secret": CLIENT_SECRET, "token": TOKEN, "auth": AUTH}
TOKENS = {"a token that nobody knows": UNKNOWN[0], "another": UNKNOWN[1]}
KNOWN = {**SECRETS, **TOKENS}


def everything(thing):
    """All that is shown of a result or an error, and all that hangs on it."""
    texts = [str(thing), repr(thing), f"{getattr(thing, 'args', '')} {getattr(thing, '__dict__', '')}"]
    if isinstance(thing, AICoreError):
        texts += [door.say(part) for door in (PYTHON, NOTEBOOK) for part in (thing.next, *thing.lines)]
        texts += [thing.message, thing.hint, str(thing.__cause__), str(thing.__context__)]
    if hasattr(thing, "report"):
        texts += [json.dumps(thing.to_dict(), default=str), thing.shown(NOTEBOOK), html_card(thing.report())]
    if dataclasses.is_dataclass(thing):
        texts += [repr(dataclasses.asdict(thing))]
    return "\n".join(texts)


def assert_unseen(secret, things):
    shown = "\n".join(map(everything, things)).lower()
    # Not even the half of it, but for what its kind of token is known by.
    half = secret.lower()[len(secret) // 3 :]
    assert half not in shown, shown[max(0, shown.find(half) - 300) :][:600]


def attempt(act, *given, **how):
    """What *act* gives, or raises."""
    try:
        return act(*given, **how)
    except AICoreError as error:
        return error


class Part:
    """A server that answers as the test says: `say(request)`, or by paths."""

    def __init__(self):
        self.say = None

    def answer(self, request):
        """What the test says."""
        return self.say(request)

    def refuse(self, request, refusal):
        """Never happens: the client speaks good HTTP."""
        raise AssertionError(refusal)


@pytest.fixture
def part():
    """A server on this machine."""
    server, part = Server(0), Part()
    server.serve(part)
    part.url, part.host = server.url, server.url.removeprefix("http://")
    yield part
    server.stop()


@pytest.fixture
def core(part, clock):
    """A tenant at that server, connected; *part* says what it answers from then on."""
    urls = {"url": part.url, "serviceurls": {"AI_API_URL": part.url}}
    key = {"clientid": "c", "clientsecret": CLIENT_SECRET, "identityzone": "acme", **urls}
    granted = Answer.document(200, {"access_token": TOKEN, "expires_in": 3600})
    part.say = lambda _: granted
    tenant = connect_with(key)
    part.granted = granted
    yield tenant
    tenant.close()


# What may answer in AI Core's place, or itself, with a text in it.
ANSWERS = {
    "message": lambda text: Answer.document(400, {"error": {"code": "1", "message": f"no {text}!"}}),
    "code": lambda text: Answer.document(400, {"error": {"code": text, "message": ""}}),
    "request id": lambda text: Answer.document(500, {"error": {"message": "x", "requestId": text}}),
    "no envelope": lambda text: Answer.document(422, {"message": text, "error": text}),
    "plain text": lambda text: Answer.text(403, f"RBAC: {text}"),
    "plain text with 401": lambda text: Answer.text(401, f"Jwt {text}"),
    "plain text with 503": lambda text: Answer.text(503, text),
    "web page": lambda text: Answer(200, f"<html>{text}".encode(), "text/html"),
    "redirect to a host": lambda text: Answer(302, b"", headers=(("Location", f"https://{text}/login"),)),
    "redirect to small": lambda text: Answer(307, b"", headers=(("Location", f"https://{text.lower()}.x/"),)),
    "redirect with a user": lambda text: Answer(301, b"", headers=(("Location", f"https://u:{text}@x.io"),)),
    "type": lambda text: Answer(200, b"{}", f"text/{text}"),
    "retry": lambda text: Answer(429, b"{}", headers=(("Retry-After", text),)),
    "a name": lambda text: Answer.document(200, {"name": text}),
    "names": lambda text: Answer.document(
        200, {"count": 2, "resources": [{"name": text}, {"name": "team-a"}]}
    ),
    "small names": lambda text: Answer.document(200, {"count": 1, "resources": [{"name": text.lower()}]}),
    "a count": lambda text: Answer.document(200, {"count": text, "resources": [{"name": "team-a"}]}),
    "a quota": lambda text: Answer.document(200, {"usage": {"count": text}, "quota": {"maxCount": text}}),
    "a message of success": lambda text: Answer.document(202, {"message": f"exists: {text}"}),
    "no JSON": lambda text: Answer(200, f"{{{text}".encode()),
    "a conflict": lambda text: Answer.document(409, {"error": {"code": text, "message": text}}),
}
CALLS = {
    "list": lambda tenant, _: actions.list_docker_secrets(tenant, timeout=1),
    "show": lambda tenant, _: actions.show_docker_secret(tenant, "team-z", timeout=1),
    "quota": lambda tenant, _: actions.docker_secret_quota(tenant, timeout=1),
    "delete": lambda tenant, _: actions.delete_docker_secret(tenant, "team-z", timeout=1),
    "question": lambda tenant, _: actions.deletion_question(tenant, "team-z", timeout=1),
    "create": lambda tenant, login: actions.create_docker_secret(
        tenant, "team-z", [login], checking=CheckOptions(skip=True), timeout=1
    ),
    "update": lambda tenant, login: actions.update_docker_secret(
        tenant, "team-z", [login], checking=CheckOptions(skip=True), timeout=1
    ),
    "describe": lambda tenant, _: actions.describe_connection(tenant, timeout=1),
}
# What the tenant's own calls know; a login's password they know while they store it.
OF_CALL = {"create": KNOWN, "update": KNOWN}
OF_TENANT = {name: text for name, text in KNOWN.items() if name not in ("password", "auth")}


class Words(str):
    """A text that is shown as it is."""

    __slots__ = ()


@pytest.mark.parametrize("where", ANSWERS)
@pytest.mark.parametrize("call", CALLS)
def test_what_ai_core_says(call, where, core, part):
    """Whatever AI Core, or a gateway, answers with a secret in it, no call shows it."""
    login = RegistryLogin("ghcr.io", "anna", Secret(PASSWORD))
    for secret in OF_CALL.get(call, OF_TENANT).values():
        part.say = lambda request, secret=secret: (
            part.granted if request.path == "/oauth/token" else ANSWERS[where](secret)
        )
        session = Session()
        result = attempt(CALLS[call], core, login)
        if call == "list" and not isinstance(result, AICoreError):
            session.listed(result)
        assert_unseen(secret, [result, Words(vars(session))])


@pytest.mark.parametrize("where", ANSWERS)
@pytest.mark.parametrize("method", ["PATCH", "POST", "DELETE"])
def test_what_ai_core_says_to_a_change(method, where, core, part):
    """An answer to the change alone, between looks that AI Core answers well, shows no secret either."""
    login = RegistryLogin("ghcr.io", "anna", Secret(PASSWORD))
    there = method != "POST"
    good = (
        Answer.document(200, {"name": "team-z"}) if there else Answer.document(404, {"error": {"code": "1"}})
    )
    for secret in (CLIENT_SECRET, UNKNOWN[0], *((PASSWORD,) if method != "DELETE" else ())):

        def say(request, secret=secret):
            if request.path == "/oauth/token":
                return part.granted
            return ANSWERS[where](secret) if request.method == method else good

        part.say = say
        call = {"PATCH": "update", "POST": "create", "DELETE": "delete"}[method]
        assert_unseen(secret, [attempt(CALLS[call], core, login)])


@pytest.mark.parametrize("where", [*ANSWERS, "error", "access_token"])
def test_what_the_token_server_says(where, part):
    """Whatever answers where the token is asked for, no secret of it is in the error."""
    more = {
        "error": lambda text: Answer.document(401, {"error": text, "error_description": text}),
        "access_token": lambda text: Answer.document(200, {"access_token": f"{text}\n", "expires_in": 5}),
    }
    urls = {"url": part.url, "serviceurls": {"AI_API_URL": part.url}}
    key = {"clientid": "c", "clientsecret": CLIENT_SECRET, "identityzone": "acme", **urls}
    for secret in (CLIENT_SECRET, *UNKNOWN):
        part.say = lambda _, secret=secret: {**ANSWERS, **more}[where](secret)
        with contextlib.closing(Closable(attempt(connect_with, key, timeout=1))) as got:
            assert_unseen(secret, [got.thing])


class Closable:
    """What came of a call, which may be a connection."""

    def __init__(self, thing):
        self.thing = thing

    def close(self):
        """Close it, if it is one."""
        getattr(self.thing, "close", lambda: None)()


def challenge(text):
    return Answer(401, b"{}", headers=(("WWW-Authenticate", text),))


# What a registry on this machine may say to the first request; {own} is its own host.
CHALLENGES = {
    "realm": lambda text, _: challenge(f'Bearer realm="https://{text}/token",service="x"'),
    "small realm": lambda text, _: challenge(f'Bearer realm="https://{text.lower()}.example.com/token"'),
    "realm with a path": lambda text, _: challenge(f'Bearer realm="https://x.example/{text}"'),
    "realm with a user": lambda text, _: challenge(f'Bearer realm="https://u:{text}@x.example/"'),
    "no address": lambda text, _: challenge(f'Bearer realm="{text}"'),
    "scheme": lambda text, _: challenge(f"{text} realm=x"),
    "service": lambda text, own: challenge(f'Bearer realm="http://{own}/token",service="{text}"'),
    "message": lambda text, _: Answer.document(403, {"errors": [{"code": "DENIED", "message": text}]}),
    "code": lambda text, _: Answer.document(404, {"errors": [{"code": text.upper(), "message": "x"}]}),
    "detail": lambda text, _: Answer.document(500, {"detail": text, "details": f"x {text}"}),
    "plain text": lambda text, _: Answer.text(429, text),
    "redirect": lambda text, _: Answer(302, b"", headers=(("Location", f"https://{text.lower()}.x/"),)),
    "web page": lambda text, _: Answer(200, f"<html>{text}".encode(), "text/html"),
    "basic": lambda text, _: challenge(f'Basic realm="{text}"'),
    "platform": lambda text, _: Answer.document(
        200,
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": [{"digest": "sha256:" + 64 * "0", "platform": {"os": text, "architecture": text}}],
        },
    ),
    "media type": lambda text, _: Answer.document(200, {"schemaVersion": 2, "mediaType": text}),
}


@pytest.mark.parametrize("where", CHALLENGES)
@pytest.mark.parametrize("image", [True, False])
def test_what_a_registry_says(image, where, part):
    """Whatever a registry, or a token server, says with a secret in it, no verdict or error shows it."""
    for secret in (PASSWORD, AUTH, TOKEN, *UNKNOWN):
        login = RegistryLogin(part.host, "anna", Secret(PASSWORD))

        def say(request, secret=secret):
            if request.path == "/token":
                if secret == TOKEN:
                    return Answer.document(200, {"token": TOKEN})
                return Answer.document(401, {"details": secret, "errors": [{"code": "X", "message": secret}]})
            if secret == TOKEN and not request.headers.get("Authorization", "").startswith("Bearer"):
                return challenge(f'Bearer realm="http://{part.host}/token"')
            return CHALLENGES[where](secret, part.host)

        part.say = say
        images = [f"{part.host}/acme/churn:1"] if image else []
        result = attempt(actions.check_image, images, [login], timeout=3)
        strict = attempt(actions.check_image, images, [login], strict=True, timeout=3)
        assert_unseen(secret, [result, strict, *getattr(result, "verdicts", ())])


# What stands in files and variables.


class Nobody:
    """Whom one may ask nothing."""

    def text(self, prompt, *, instead):
        raise AssertionError(prompt)

    secret = text


def docker_config(home, auths, **more):
    (home / ".docker").mkdir(exist_ok=True)
    (home / ".docker/config.json").write_text(json.dumps({"auths": auths, **more}))


def coded(user, password):
    return {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()}


DOCKER = {
    "user": lambda text: ({"ghcr.io": coded(text, PASSWORD)}, {}),
    "small user": lambda text: ({"ghcr.io": coded(f"x-{text.lower()}", PASSWORD)}, {}),
    "key": lambda text: ({f"ghcr.io/{text}": coded("anna", PASSWORD)}, {}),
    "key with a user": lambda text: ({f"https://u:{text}@ghcr.io": coded("anna", PASSWORD)}, {}),
    "host": lambda text: ({f"{text.lower()}.example.com": coded("anna", PASSWORD)}, {}),
    "broken key": lambda text: ({f"ghcr.io/{text}": {"auth": "!"}, "ghcr.io": coded(text, "")}, {}),
    "helper": lambda text: ({}, {"credsStore": text}),
    "helper of one": lambda text: ({}, {"credHelpers": {"ghcr.io": text}}),
}


@pytest.mark.parametrize("where", DOCKER)
@pytest.mark.parametrize("name", ["password", *TOKENS])
def test_what_docker_left(name, where, own_environment):
    """A user, key, host or helper that is a token, or the password beside it, is shown nowhere."""
    secret = KNOWN[name]
    if name == "password" and where in ("helper", "helper of one", "broken key"):
        return  # there is no login there that would know it
    auths, more = DOCKER[where](secret)
    docker_config(own_environment, auths, **more)
    found = attempt(actions.found_docker_logins)
    wishes = [LoginWish(docker_login=True, registry=host) for host in ("ghcr.io", "quay.io")]
    wishes += [LoginWish(docker_login=True, registry="ghcr.io", username="bob")]
    taken = [attempt(take_logins, wish, Nobody()) for wish in wishes]
    notes = [Words(note) for each in taken for note in getattr(each, "notes", ())]
    logins = [login for each in taken if not isinstance(each, AICoreError) for login in each]
    assert_unseen(secret, [found, *getattr(found, "logins", ()), *notes, *(map(repr, logins))])
    assert_unseen(secret, [each for each in taken if isinstance(each, AICoreError)])
    assert_unseen(secret, [login.stored() for login in logins])


@pytest.mark.parametrize("where", [where for where in DOCKER if "helper" not in where])
@pytest.mark.parametrize("name", ["password", *TOKENS])
def test_what_a_login_file_holds(name, where, tmp_path):
    """The same in a file that was named: which logins it has is told without any secret."""
    secret, path = KNOWN[name], tmp_path / "logins.json"
    if name == "password" and where == "broken key":
        return
    auths, _ = DOCKER[where](secret)
    path.write_text(json.dumps({"auths": {**auths, "quay.io": coded("bob", "another-password")}}))
    for wish in (
        LoginWish(from_file=str(path)),
        LoginWish(from_file=str(path), registry="reg.example.com"),
        LoginWish(from_file=str(path), take_all=True),
    ):
        got = attempt(take_logins, wish, Nobody())
        logins = [] if isinstance(got, AICoreError) else list(got)
        assert_unseen(secret, [got if not logins else Words(f"{got.notes} {logins}")])
        assert_unseen(secret, [login.stored() for login in logins])


@pytest.mark.parametrize("user", [PASSWORD, PASSWORD.lower(), *UNKNOWN])
def test_a_user_that_is_the_token(user, core, part):
    """At some registries user and token are one: it is stored so, and told to nobody."""
    password = PASSWORD if user.lower() == PASSWORD.lower() else user
    login = RegistryLogin("ghcr.io", user, Secret(password))
    at_path = RegistryLogin(AuthKey(f"quay.io/{password}"), "anna", Secret(password))
    part.say = lambda request: (
        part.granted
        if request.path == "/oauth/token"
        else Answer.document(202, {"message": "x"})
        if request.method == "PATCH"
        else Answer.document(200, {"name": "team-z"})
    )
    logins = [login, at_path]
    stored = actions.apply_docker_secret(core, "team-z", logins, checking=CheckOptions(skip=True))
    rehearsed = actions.dry_run_docker_secret(core, "team-z", logins, change="update")
    checked = actions.check_image([f"{part.host}/a/b:1"], [login], timeout=3)
    session = Session()
    session.use(core)
    session.remember(stored)
    assert_unseen(user, [stored, rehearsed, checked, Words(login), *stored.logins, *checked.verdicts])
    assert_unseen(user, [Words(repr(vars(session)))])
    if user in UNKNOWN:
        script = attempt(actions.script_docker_secret, core, "team-z", [("ghcr.io", user)], form="curl")
        assert_unseen(user, [script])


@pytest.mark.parametrize("name", ["team-{}", "{}", "{}.example"])
def test_a_name_that_holds_the_password(name, core, part):
    """A secret is not stored under a name that holds the very password: everybody could read it."""
    login = RegistryLogin("ghcr.io", "anna", Secret(PASSWORD))
    part.say = lambda _: None
    for act in (actions.create_docker_secret, actions.apply_docker_secret, actions.update_docker_secret):
        error = attempt(act, core, name.format(PASSWORD.lower()), [login])
        assert (type(error).__name__, error.what) == (
            "InvalidName",
            "the name contains the password of a login",
        )
        assert_unseen(PASSWORD, [error])


KEYS = {
    "tenant": lambda text, key: {**key, "identityzone": text},
    "url": lambda text, key: {**key, "url": f"https://{text.lower()}.example.com"},
    "API": lambda text, key: {**key, "serviceurls": {"AI_API_URL": f"https://x.example.com/{text}"}},
    "certificate": lambda text, key: {**key, "certurl": f"https://{text}.example.com", "certificate": text},
    "no text": lambda text, key: {**key, "clientid": [text]},
    "bad url": lambda text, key: {**key, "url": f"ftp://{text}"},
}


@pytest.mark.parametrize("where", KEYS)
def test_what_a_service_key_holds(where, part, tmp_path):
    """A secret in a field of a service key that is shown, or that is an address, is shown nowhere."""
    urls = {"url": part.url, "serviceurls": {"AI_API_URL": part.url}}
    key = {"clientid": "c", "clientsecret": CLIENT_SECRET, "identityzone": "acme", **urls}
    part.say = lambda _: Answer.document(200, {"access_token": TOKEN, "usage": {"count": 1}})
    for secret in (CLIENT_SECRET, *UNKNOWN):
        path = tmp_path / f"{UNKNOWN[0]}.json"
        path.write_text(json.dumps(KEYS[where](secret, key)))
        got = attempt(connect, service_key=str(path), timeout=1)
        shown = [got]
        if not isinstance(got, AICoreError):
            shown += [attempt(actions.describe_connection, got, timeout=1)]
            got.close()
        assert_unseen(secret, shown)
        assert_unseen(UNKNOWN[0], shown)


VARIABLES = (
    "AICORE_CONFIG",
    "AICORE_HOME",
    "AICORE_PROFILE",
    "AICORE_RESOURCE_GROUP",
    "AICORE_AUTH_URL",
    "AICORE_BASE_URL",
    "AICORE_CERT_FILE_PATH",
    "AICORE_SERVICE_KEY",
    "VCAP_SERVICES",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "HTTPS_PROXY",
    "DOCKER_CONFIG",
    "REGISTRY_AUTH_FILE",
)


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("text", ["{}", "/nowhere/{}", "https://u:{}@{}.example.com:1", '{{"aicore": "{}"}}'])
def test_what_a_variable_holds(variable, text, monkeypatch, part):
    """A token in a variable that names a path, a host, a profile or a proxy is repeated in no error."""
    for secret in UNKNOWN:
        monkeypatch.setenv(variable, text.replace("{{", "{").replace("}}", "}").replace("{}", secret))
        errors = [attempt(connect, timeout=1), attempt(connect, profile="x", timeout=1)]
        monkeypatch.setenv("AICORE_CLIENT_ID", "c")
        errors += [attempt(connect, timeout=1), attempt(actions.found_docker_logins)]
        key = {"clientid": "c", "clientsecret": CLIENT_SECRET, "url": "https://t.example.com"}
        key |= {"serviceurls": {"AI_API_URL": "https://a.example.com"}}
        errors += [attempt(connect_with, key, timeout=1)]
        wish = LoginWish(registry="ghcr.io", username="anna", password_env=(os.environ[variable],))
        errors += [attempt(take_logins, wish, Nobody())]
        monkeypatch.delenv("AICORE_CLIENT_ID")
        assert_unseen(secret, errors)
