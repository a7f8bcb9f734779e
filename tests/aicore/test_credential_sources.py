import itertools
import json
import os

import pytest
import trustme

from aicore_magics.aicore.credential_sources import (
    SOURCES,
    find_service_key,
    profiles,
    read_service_key,
    service_key_in,
)
from aicore_magics.base.files import open_to_others
from aicore_magics.errors import CredentialsIncomplete, CredentialsNotFound, InvalidFile, InvalidResourceGroup
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.next_steps import PYTHON

AUTH = "https://acme.authentication.eu10.hana.ondemand.com"
API = "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"
SECRET = "CANARY+/=$x"
NAMES = ("AICORE_CLIENT_ID", "AICORE_CLIENT_SECRET", "AICORE_AUTH_URL", "AICORE_BASE_URL")


def flat(who):
    """The four names of variables and config file; *who* is the client, and so tells which place won."""
    return dict(zip(NAMES, (who, SECRET, AUTH, API), strict=True))


def nested(who):
    """A service key."""
    return {"clientid": who, "clientsecret": SECRET, "url": AUTH, "serviceurls": {"AI_API_URL": API}}


def vcap(data):
    return json.dumps({"xsuaa": [{"credentials": {}}], "aicore": [{"label": "aicore", "credentials": data}]})


@pytest.fixture
def home(own_environment):
    """The folder ~/.aicore of a user who may read it alone."""
    folder = own_environment / ".aicore"
    folder.mkdir()
    return folder


@pytest.fixture
def write(home):
    """Write a config file and give its path."""

    def write(data, name="config.json", mode=0o600):
        place = home / name
        place.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
        place.chmod(mode)
        return place

    return write


def found(profile="", **environ):
    return find_service_key(profile=profile, environ=environ)


PLACES = ("key", "variables", "config", "vcap")


def placed(places, write, data=flat, wrapped=nested):
    """An environment with credentials in *places*, the client being called after its place."""
    if "config" in places:
        write(data("config"))
    return {
        **({"AICORE_SERVICE_KEY": json.dumps(wrapped("key"))} if "key" in places else {}),
        **(data("variables") if "variables" in places else {}),
        **({"VCAP_SERVICES": vcap(wrapped("vcap"))} if "vcap" in places else {}),
    }


@pytest.mark.parametrize("there", list(itertools.product((False, True), repeat=4)), ids=str)
def test_precedence(there, write):
    """Service key, variables, config file, VCAP: the first place that has credentials wins whole."""
    places = [place for place, given in zip(PLACES, there, strict=True) if given]
    environ = placed(places, write)
    if not places:
        with pytest.raises(CredentialsNotFound):
            found(**environ)
        return
    key = found(**environ)
    assert key.client_id == places[0]
    assert key.proof.reveal() == SECRET
    assert (key.token_url, key.api_url) == (f"{AUTH}/oauth/token", f"{API}/v2")


def half(data):
    """The same without its secret."""
    return {
        name: value for name, value in data.items() if name not in ("AICORE_CLIENT_SECRET", "clientsecret")
    }


@pytest.mark.parametrize(
    ("first", "lacks"),
    [
        ("key", "the service key, variable AICORE_SERVICE_KEY has no clientsecret."),
        (
            "variables",
            "AICORE_CLIENT_ID and AICORE_AUTH_URL and AICORE_BASE_URL are set, AICORE_CLIENT_SECRET is not.",
        ),
        ("config", "the config file ~/.aicore/config.json has no AICORE_CLIENT_SECRET."),
        ("vcap", "the binding in VCAP_SERVICES has no clientsecret."),
    ],
)
def test_no_mixing(first, lacks, write):
    """Half a configuration names the missing half and its source, though places below are whole."""
    below = placed(PLACES[PLACES.index(first) + 1 :], write)
    above = placed([first], write, lambda who: half(flat(who)), lambda who: half(nested(who)))
    with pytest.raises(CredentialsIncomplete) as caught:
        found(**{**below, **above})
    assert caught.value.message == f"{lacks} Nothing was sent."
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", ["variables", "config"])
def test_half_a_configuration(name, place, write):
    """Each field that is missing, or empty, is named as its source calls it."""
    partial = {**flat("half"), name: ""}
    if place == "config":
        write(partial)
    with pytest.raises(CredentialsIncomplete) as caught:
        found(**(partial if place == "variables" else {}))
    if place == "config":
        assert f"the config file ~/.aicore/config.json has no {name}. " in caught.value.message
    else:
        assert f" are set, {name} is not. " in caught.value.message


def test_one_variable_is_enough(write):
    """A single variable makes the environment the source, even one that is of no use alone."""
    write(flat("config"))
    with pytest.raises(CredentialsIncomplete, match=r"AICORE_BASE_URL is set, .* are not\. Nothing was sent"):
        found(AICORE_BASE_URL=API)
    with pytest.raises(CredentialsIncomplete, match=r"AICORE_CERT_FILE_PATH is set, .* are not"):
        found(AICORE_CERT_FILE_PATH="/cert.pem")


@pytest.mark.parametrize(
    "environ",
    [
        {"AICORE_SERVICE_KEY": "", "VCAP_SERVICES": "", **dict.fromkeys(NAMES, "")},
        {"VCAP_SERVICES": "{}"},
        {"VCAP_SERVICES": '{"xsuaa": [{"name": "mine"}]}'},
        {"AICORE_RESOURCE_GROUP": "team-a"},
        {"AICORE_CONFIG": "/no/such/file.json"},
        {"AICORE_CONFIG": "~no-such-user-here/config.json"},
        {"VCAP_SERVICES": '{"user-provided": [{"name": "aicore"}]}'},
        {"VCAP_SERVICES": '{"xsuaa": [{"tags": ["aicore"]}]}'},
        {"VCAP_SERVICES": '{"aicore": []}'},
    ],
)
def test_empty_is_not_there(environ, write):
    """What is empty, or about something else, is passed over."""
    with pytest.raises(CredentialsNotFound):
        found(**environ)
    write({"AICORE_RESOURCE_GROUP": "team-b"})
    with pytest.raises(CredentialsNotFound):
        found(**environ)


@pytest.mark.parametrize(
    ("environ", "config"),
    [({}, "~/.aicore/config.json"), ({"AICORE_HOME": "/no/such"}, "/no/such/config.json")],
)
def test_nothing_found(environ, config):
    """Nothing found names every place that was looked at, and what to do."""
    with pytest.raises(CredentialsNotFound) as caught:
        found(**environ)
    said = f"no credentials in AICORE_SERVICE_KEY, AICORE_*, {config}, VCAP_SERVICES. Nothing was sent."
    assert caught.value.message == said
    assert (
        NOTEBOOK.say(caught.value.next) == "to try without an account: %aicore_connect --sandbox, "
        "or with a service key: %aicore_connect --service-key FILE"
    )
    assert PYTHON.say(caught.value.next) == (
        "to try without an account: connect_with(start().service_key, sandbox=True), "
        'or with a service key: connect(service_key="FILE")'
    )
    assert len(SOURCES) == said.count(",") + 1


def test_nothing_found_with_a_profile():
    """With the default profile given, only its file is named, as nothing else was looked at."""
    with pytest.raises(CredentialsNotFound) as caught:
        found("default", AICORE_SERVICE_KEY="{}")
    assert caught.value.message == "no credentials in ~/.aicore/config.json. Nothing was sent."


@pytest.mark.parametrize("name", ["AICORE_HOME", "AICORE_CONFIG"])
def test_unknown_home(name):
    """The home of a user whom nobody knows holds nothing, and is no crash."""
    with pytest.raises(CredentialsNotFound, match="~no-such-user-here/x"):
        found(**{name: "~no-such-user-here/x"})


def test_the_real_environment(monkeypatch, write):
    """Without one given, the environment of this process counts at the moment of the call."""
    write(flat("config"))
    assert find_service_key().client_id == "config"
    monkeypatch.setenv("AICORE_SERVICE_KEY", json.dumps(nested("key")))
    assert find_service_key().client_id == "key"


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("key", "service key, variable AICORE_SERVICE_KEY"),
        ("variables", "environment (AICORE_*)"),
        ("config", "config file ~/.aicore/config.json"),
        ("vcap", "binding in VCAP_SERVICES"),
    ],
)
def test_source(place, source, write):
    """The key tells where it was found."""
    assert found(**placed([place], write)).source == source


@pytest.mark.parametrize("place", PLACES)
def test_resource_group_stands_on_its_own(place, write):
    """The resource group comes from variable, then config file, wherever the credentials come from."""
    environ = placed([place], write)
    assert str(found(**environ).resource_group) == "default"
    write({**(flat("config") if place == "config" else {}), "AICORE_RESOURCE_GROUP": "from-config"})
    key = found(**environ)
    assert (key.client_id, str(key.resource_group)) == (place, "from-config")
    key = found(**environ, AICORE_RESOURCE_GROUP="from-variable")
    assert (key.client_id, str(key.resource_group)) == (place, "from-variable")


def test_resource_group_that_is_none(write):
    """A resource group that cannot be one is refused."""
    with pytest.raises(InvalidResourceGroup):
        found(**placed(["key"], write), AICORE_RESOURCE_GROUP="a b")


@pytest.mark.parametrize(
    ("argument", "variable", "file"),
    [
        ("", "", "config.json"),
        ("", "default", "config.json"),
        ("default", "", "config.json"),
        ("default", "dev", "config.json"),
        ("", "dev", "config_dev.json"),
        ("dev", "", "config_dev.json"),
        ("dev", "default", "config_dev.json"),
        ("dev", "prod", "config_dev.json"),
        ("prod", "dev", "config_prod.json"),
    ],
)
@pytest.mark.parametrize("moved", [False, True])
def test_profiles(argument, variable, file, moved, write, tmp_path):
    """A profile is argument, then AICORE_PROFILE; its file lies in AICORE_HOME, or else in ~/.aicore."""
    for name in ("config.json", "config_dev.json", "config_prod.json"):
        place = write(flat(name), name)
        (tmp_path / name).write_text(json.dumps(flat(f"moved {name}")), "utf-8")
        assert place.exists()
    environ = {"AICORE_PROFILE": variable, **({"AICORE_HOME": str(tmp_path)} if moved else {})}
    key = found(argument, **environ)
    assert key.client_id == (f"moved {file}" if moved else file)
    named = argument or variable
    assert key.source.endswith(f", profile {named}" if named else f"{file}")


@pytest.mark.parametrize(("argument", "variable"), [("gone", ""), ("", "gone"), ("gone", "default")])
def test_profile_without_its_file(argument, variable, write):
    """A profile whose file is missing is an error that names the file, though config.json is there."""
    write(flat("config"))
    with pytest.raises(InvalidFile, match=r"config_gone\.json' does not exist"):
        found(argument, AICORE_PROFILE=variable, VCAP_SERVICES=vcap(nested("vcap")))


@pytest.mark.parametrize(("argument", "variable"), [("sandbox:dev", ""), ("", "sandbox:dev")])
def test_a_profile_of_the_sandbox_is_no_file(argument, variable, write):
    """A tenant of a notebook's sandbox is in no other program, and no file of that name is read."""
    write(flat("config"), "config_sandbox:dev.json")
    with pytest.raises(CredentialsNotFound, match="exists only in the notebook that started that sandbox"):
        found(argument, AICORE_PROFILE=variable)


@pytest.mark.parametrize(("argument", "variable"), [("sandbox", None), (None, "sandbox")])
def test_a_profile_that_only_a_card_names(argument, variable, write):
    """The sandbox's own tenant is called sandbox and has no config file, unless somebody made one."""
    environ = {"AICORE_PROFILE": variable} if variable else {}
    with pytest.raises(CredentialsNotFound, match="no config file is for a profile named sandbox") as error:
        found(argument, **environ)
    assert NOTEBOOK.say(error.value.next) == "use the sandbox itself: %aicore_connect --sandbox"
    write(flat("own"), "config_sandbox.json")
    assert found(argument, **environ).client_id == "own"


def test_profile_argument_counts_alone(write):
    """With a profile given, only its file is looked at, whatever stands elsewhere."""
    write(flat("dev"), "config_dev.json")
    environ = placed(PLACES, write)
    assert found("dev", **environ).client_id == "dev"
    assert found("dev", **environ, AICORE_CONFIG=str(write(flat("direct"), "direct.json"))).client_id == "dev"
    write({}, "config_empty.json")
    with pytest.raises(CredentialsIncomplete, match=r"config_empty\.json, profile empty has no"):
        found("empty", **environ)


def test_profile_variable_yields(write):
    """A profile in the environment only chooses the config file: what stands above it still wins."""
    write(flat("dev"), "config_dev.json")
    assert found(**placed(["key"], write), AICORE_PROFILE="dev").client_id == "key"
    assert found(**placed(["variables"], write), AICORE_PROFILE="dev").client_id == "variables"


def test_direct_config(write, tmp_path):
    """AICORE_CONFIG names the file itself, and beats the profile of the environment and AICORE_HOME."""
    write(flat("dev"), "config_dev.json")
    direct = write(flat("direct"), "direct.json")
    environ = {"AICORE_PROFILE": "dev", "AICORE_HOME": str(tmp_path), "AICORE_CONFIG": str(direct)}
    assert found(**environ).client_id == "direct"
    assert found(AICORE_CONFIG="~/.aicore/direct.json").client_id == "direct"
    assert found(**placed(["key"], write), **environ).client_id == "key"


def test_direct_config_that_is_missing(write):
    """A missing AICORE_CONFIG is passed over, as by SAP's SDK; with a profile it is an error."""
    write(flat("config"))
    missing = {"AICORE_CONFIG": "~/gone.json", "VCAP_SERVICES": vcap(nested("vcap"))}
    assert found(**missing).client_id == "vcap"
    with pytest.raises(InvalidFile, match=r"gone\.json' does not exist"):
        found(**missing, AICORE_PROFILE="dev")


def test_home_with_a_tilde(write):
    """AICORE_HOME may begin with the user's home."""
    write(flat("config"))
    assert found(AICORE_HOME="~/.aicore").client_id == "config"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "is not a JSON object"),
        (f'["{SECRET}"]', "is not a JSON object"),
        (f'"{SECRET}"', "is not a JSON object"),
        (SECRET, "is not a JSON object"),
        ("[" * 100_000, "is not a JSON object"),
        (json.dumps({**flat("x"), "pad": "x" * 262_144}), "is larger than 256 KiB"),
    ],
)
def test_broken_config(text, reason, write):
    """A config file that is none stops the search: its path is named, its content is not."""
    write(text)
    with pytest.raises(InvalidFile) as caught:
        found(VCAP_SERVICES=vcap(nested("vcap")))
    assert reason in caught.value.message
    assert ".aicore/config.json" in caught.value.message
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_broken_config_beside_a_key(write, home):
    """Where the credentials come from elsewhere, a config file that is broken is noted, and no more."""
    environ = {"AICORE_SERVICE_KEY": json.dumps(nested("key"))}
    note = "~/.aicore/config.json cannot be read, so no resource group was taken from it."
    place = write("{")
    key = found(**environ)
    assert (key.client_id, key.notes) == ("key", (note,))
    assert found(**environ, AICORE_RESOURCE_GROUP="team-a").notes == ()
    place.unlink()
    (home / "config.json").mkdir()
    assert found(**environ).notes == (note,)


@pytest.fixture
def proofs(tmp_path):
    """What a certificate is in variables: as text, and as files."""
    own = trustme.CA().issue_cert("anna@acme.example")
    chain, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    own.cert_chain_pems[0].write_to_path(str(chain))
    own.private_key_pem.write_to_path(str(key))
    key.chmod(0o600)
    texts = (chain.read_text(), key.read_text())
    return {
        "texts": dict(zip(("AICORE_CERT_STR", "AICORE_KEY_STR"), texts, strict=True)),
        "one line": {
            "AICORE_CERT_STR": texts[0].replace("\n", "\\n"),
            "AICORE_KEY_STR": texts[1].replace("\n", "\\n"),
        },
        "files": {"AICORE_CERT_FILE_PATH": str(chain), "AICORE_KEY_FILE_PATH": str(key)},
    }, texts


@pytest.mark.parametrize("kind", ["texts", "one line", "files"])
@pytest.mark.parametrize("place", ["variables", "config"])
def test_certificates(place, kind, proofs, write):
    """A certificate and its key may stand in variables or config file, as text or as paths."""
    given, (chain, key) = proofs
    host = {"AICORE_CERT_URL": "https://acme.authentication.cert.eu10.example"}
    flat_key = {**half(flat("c")), **host, **given[kind]}
    if place == "config":
        write(flat_key)
    made = found(**(flat_key if place == "variables" else {}))
    assert (made.identity.chain, made.identity.key.reveal()) == (chain, key)
    assert made.token_url == f"{host['AICORE_CERT_URL']}/oauth/token"
    assert made.notes == ()


@pytest.mark.parametrize("kind", ["texts", "files"])
@pytest.mark.parametrize("place", ["variables", "config"])
@pytest.mark.parametrize("turn", [0, 1])
def test_half_a_certificate(turn, place, kind, proofs, write):
    """Certificate or key alone is half of it: the other is named as it is called there."""
    given = proofs[0][kind]
    there, missing = list(given)[turn], list(given)[1 - turn]
    flat_key = {**half(flat("c")), there: given[there]}
    if place == "config":
        write(flat_key)
    said = f"{missing} is not." if place == "variables" else f"config.json has no {missing}."
    with pytest.raises(CredentialsIncomplete) as caught:
        found(**(flat_key if place == "variables" else {}))
    assert said in caught.value.message


@pytest.mark.parametrize("kind", ["texts", "files"])
def test_certificate_beside_a_secret(kind, proofs):
    """A certificate beside a client secret is refused, with the names of both."""
    given = proofs[0][kind]
    with pytest.raises(CredentialsIncomplete, match=f"has AICORE_CLIENT_SECRET and {next(iter(given))}: "):
        found(**flat("c"), **given)


def test_odd_config(write):
    """A byte order mark does no harm, and values that are no texts do not count."""
    write("\ufeff" + json.dumps({**flat("config"), "AICORE_RESOURCE_GROUP": 7, "other": [1]}))
    key = found()
    assert (key.client_id, str(key.resource_group)) == ("config", "default")
    write({**flat("config"), "AICORE_CLIENT_ID": 7})
    with pytest.raises(CredentialsIncomplete, match="has no AICORE_CLIENT_ID"):
        found()


MODES = pytest.mark.parametrize(
    ("mode", "noted"),
    [(0o600, False), (0o700, False), (0o640, True), (0o604, True), (0o644, True), (0o622, False)],
)


@pytest.mark.skipif(os.name != "posix", reason="left out: only POSIX has these modes")
@MODES
def test_config_open_to_others(mode, noted, write):
    """A config file that others can read is used, and noted with the command that mends it."""
    place = write(flat("config"), mode=mode)
    assert found().notes == open_to_others(place)
    assert len(open_to_others(place)) == noted


@pytest.mark.skipif(os.name != "posix", reason="left out: only POSIX has these modes")
@MODES
def test_key_open_to_others(mode, noted, write):
    """So is a service key in a file."""
    place = write(nested("file"), "key.json", mode)
    assert read_service_key(str(place)).notes == open_to_others(place)
    assert len(open_to_others(place)) == noted


@pytest.mark.parametrize(
    "wrapped", [nested("file"), {"credentials": nested("file")}, json.loads(vcap(nested("file")))]
)
def test_key_file(wrapped, write):
    """A service key file may have any wrapping; it alone counts, and tells its path from the home folder."""
    write("\ufeff" + json.dumps(wrapped), "key.json")
    key = read_service_key("~/.aicore/key.json")
    assert (key.client_id, key.source) == ("file", "service key, file ~/.aicore/key.json")
    assert str(key.resource_group) == "default"


def test_key_file_elsewhere(tmp_path):
    """A file outside the home folder is named by its whole path."""
    place = tmp_path / "key.json"
    place.write_text(json.dumps(nested("file")), "utf-8")
    assert read_service_key(str(place)).source == f"service key, file {place}"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("gone.json", None, "gone.json' does not exist"),
        (".", None, "is a folder"),
        ("key.json", b"\xff\xfe\x00", "is not UTF-8"),
        ("key.json", b"x" * 262_145, "is larger than 256 KiB"),
        ("key.json", SECRET.encode(), "key.json is not a service key: it is not JSON"),
        ("key.json", b"", "key.json is not a service key: it is empty"),
        ("key\0.json", None, "cannot be read"),
    ],
)
def test_no_key_file(name, content, reason, home):
    """A file that is no service key is named with the reason, and never quoted."""
    if content is not None:
        (home / name).write_bytes(content)
    with pytest.raises(InvalidFile) as caught:
        read_service_key(f"{home}/{name}")
    assert reason in caught.value.message
    assert SECRET not in str(caught.value)


def test_key_file_of_an_unknown_user():
    """So is one in the home of a user whom nobody knows."""
    with pytest.raises(InvalidFile, match=r"~no-such-user-here/key\.json' cannot be read"):
        read_service_key("~no-such-user-here/key.json")


def test_bindings_that_are_too_large():
    """More than 1 MiB of bindings is not read: an error if it is about AI Core at all, else nothing there."""
    other = json.dumps({"hana": [{"x": 1_048_576 * "x"}]})
    with pytest.raises(CredentialsNotFound):
        found(VCAP_SERVICES=other)
    with pytest.raises(InvalidFile, match="it is larger than 256 KiB"):
        found(VCAP_SERVICES=json.dumps({**json.loads(vcap(nested("vcap"))), **json.loads(other)}))


def test_a_variable_that_is_named(monkeypatch):
    """The key in that variable counts, and no other place is looked at."""
    monkeypatch.setenv("AICORE_SERVICE_KEY", "not looked at")
    monkeypatch.setenv("KEY", json.dumps(nested("named")))
    key = service_key_in("KEY")
    assert (key.source, key.client_id) == ("service key, variable KEY", "named")


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("KEY", None, "the variable KEY is not set. Nothing was sent."),
        ("KEY", "", "the variable KEY is empty. Nothing was sent."),
        ("$KEY", None, "the variable for the service key is not set. Nothing was sent."),
        ("\ud800", None, "the variable for the service key is not set. Nothing was sent."),
        ('{"clientid":', None, "the variable for the service key is not set. Nothing was sent."),
    ],
)
def test_a_variable_with_nothing_in_it(monkeypatch, variable, value, says):
    """A variable that is named is to be set; else it is said how to name one, and no key is repeated."""
    monkeypatch.delenv("KEY", raising=False)
    if value is not None:
        monkeypatch.setenv(variable, value)
    with pytest.raises(CredentialsNotFound) as caught:
        service_key_in(variable)
    assert caught.value.message == says
    assert caught.value.hint.startswith("set it." if variable == "KEY" else "name a variable without the $")


def test_the_profiles_that_are_there(tmp_path, monkeypatch):
    """Each config file in AICORE_HOME is a profile by its name; what lies beside them is none."""
    for name in (
        "config.json",
        "config_prod.json",
        "config_dev.eu.json",
        "config_.json",
        "config_x.txt",
        "a.json",
    ):
        (tmp_path / name).write_text("no JSON", "utf-8")
    monkeypatch.setenv("AICORE_HOME", str(tmp_path))
    assert profiles() == ("default", "dev.eu", "prod")
    monkeypatch.setenv("AICORE_HOME", str(tmp_path / "none"))
    assert profiles() == ()
