import itertools
import json
import os
import subprocess
from pathlib import Path

import pytest

from aicore_magics.aicore.credential_sources import find_service_key
from aicore_magics.errors import AICoreError

pytestmark = pytest.mark.needs("sap-sdk")

# Where we are not like SAP's SDK 3.5.0, on purpose, and why. Each is a setup below, and must really differ.
DIFFERENCES = {
    "no resource group": "the SDK gives none; every tenant has one called default",
    "auth url, suffix and slash": "the SDK looks for the suffix before it cuts the slash, and doubles it",
    "api url, suffix and slash": "the same mistake: /v2/v2",
    "cert url, suffix and slash": "the same mistake",
    "space after the addresses": "the SDK keeps it, in the middle of the address",
    "api url over http": "the SDK would send the token in clear",
    "service key, wrapped": "the SDK finds nothing in what `cf service-key` prints",
    "service key, a whole VCAP": "the SDK finds nothing in it",
    "secret and half a certificate": "the SDK overlooks the half; which is meant is not ours to guess",
    "certificate files that are not there": "the SDK hands the paths on; we read the files at once",
    "service key of other things": "the SDK goes on to the next place; what is there but broken is said",
    "profile without a file, variables": "the SDK always reads the config file; we where it counts",
    "profile without a file, service key": "the same",
    "config file is no JSON, variables": "the same",
    "config file is no JSON, service key": "the same",
    "config file with a BOM": "the SDK takes no BOM, which some editors write",
    "cert url beside a secret": "the SDK sends the secret where certificates are shown",
    "cert url alone, secret": "the same",
    "config file unreadable, VCAP": "the SDK goes on to the next place, perhaps another tenant",
}

SECRET = "made" + "+/=$x"
AUTH = "https://acme.authentication.eu10.hana.ondemand.com"
CERT_AUTH = "https://acme.authentication.cert.eu10.hana.ondemand.com"
API = "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"
HOME = "<AICORE_HOME>"  # stands for the folder's path in what follows
NAMES = ("AICORE_CLIENT_ID", "AICORE_CLIENT_SECRET", "AICORE_AUTH_URL", "AICORE_BASE_URL")
GROUP = {"AICORE_RESOURCE_GROUP": "team-a"}


def pem(what):
    """What looks like PEM and is none."""
    return f"-----BEGIN {what}-----\nMIISYNTHETIC\n-----END {what}-----\n"


CERTIFICATE, KEY = pem("CERTIFICATE"), pem("RSA PRIVATE KEY")
STRINGS = {"AICORE_CERT_STR": CERTIFICATE, "AICORE_KEY_STR": KEY}
FILES = {"AICORE_CERT_FILE_PATH": f"{HOME}/cert.pem", "AICORE_KEY_FILE_PATH": f"{HOME}/key.pem"}
PEM_FILES = {"cert.pem": CERTIFICATE, "key.pem": KEY}


def flat(who="id", *, auth=AUTH, api=API):
    """The names of variables and of the config file; *who* is the client, and so tells which place won."""
    return dict(zip(NAMES, (who, SECRET, auth, api), strict=True))


def nested(who="id"):
    """A service key."""
    return {"clientid": who, "clientsecret": SECRET, "url": AUTH, "serviceurls": {"AI_API_URL": API}}


def nested_x509(**more):
    """A service key with a certificate."""
    proof = {"certificate": CERTIFICATE, "key": KEY, "certurl": CERT_AUTH}
    return {"clientid": "id", **proof, "serviceurls": {"AI_API_URL": API}, **more}


def without(given, *names):
    return {name: value for name, value in given.items() if name not in names}


def key_variable(data):
    return {"AICORE_SERVICE_KEY": json.dumps(data)}


def vcap(*keys):
    """VCAP_SERVICES with another service, and a binding of ours for each of *keys*."""
    bindings = [{"label": "aicore", "name": "mine", "credentials": key} for key in keys]
    return {
        "VCAP_SERVICES": json.dumps({"xsuaa": [{"label": "xsuaa", "credentials": {}}], "aicore": bindings})
    }


def bound(key, *, label):
    """VCAP_SERVICES with one binding, under *key*."""
    binding = {"label": label, "name": "aicore", "credentials": nested()}
    return {"VCAP_SERVICES": json.dumps({key: [binding]})}


# Of two places the one with more worth is first. Environment and files of each.
PLACES = {
    "key": (key_variable(nested("key")), {}),
    "variables": (flat("variables"), {}),
    "config": ({}, {"config.json": flat("config")}),
    "vcap": (vcap(nested("vcap")), {}),
}


def placed(names):
    """Credentials in each of the places called *names*."""
    environ, files = {}, {}
    for name in names:
        environ |= PLACES[name][0]
        files |= PLACES[name][1]
    return environ, files


CHOSEN = [
    [place for place, given in zip(PLACES, there, strict=True) if given]
    for there in itertools.product((False, True), repeat=4)
]
X509 = without(flat(), "AICORE_CLIENT_SECRET")
CONFIG = {"config.json": flat("config")}
DEV = {"config_dev.json": flat("dev")}

# One row of the table of facts after the other: environment, and files in AICORE_HOME.
SETUPS = {
    **{f"in {', '.join(names) or 'no place'}": placed(names) for names in CHOSEN},
    # No mixing of places.
    **{f"{name} alone, config": ({name: value}, CONFIG) for name, value in flat().items()},
    "AICORE_CERT_URL alone, config": ({"AICORE_CERT_URL": CERT_AUTH}, CONFIG),
    "empty variables, config": (dict.fromkeys([*NAMES, "AICORE_SERVICE_KEY"], ""), CONFIG),
    "half a service key, variables": (key_variable(without(nested(), "clientsecret")) | flat(), {}),
    "half a config file, vcap": (vcap(nested("vcap")), {"config.json": without(flat("config"), NAMES[1])}),
    "empty config file, vcap": (vcap(nested("vcap")), {"config.json": {}}),
    "service key of other things": (key_variable({"something": "else"}) | flat("variables"), {}),
    # The resource group stands on its own.
    "no resource group": (flat(), {}),
    "resource group beside a service key": (key_variable(nested()) | GROUP, {}),
    "resource group in variable and config": (
        flat() | GROUP,
        {"config.json": {"AICORE_RESOURCE_GROUP": "b"}},
    ),
    "resource group in config alone": (flat(), {"config.json": {"AICORE_RESOURCE_GROUP": "team-b"}}),
    "resource group in config, key in vcap": (vcap(nested()), {"config.json": dict(GROUP)}),
    "resource group in the profile": (flat() | {"AICORE_PROFILE": "dev"}, {"config_dev.json": dict(GROUP)}),
    "nothing but a resource group": (dict(GROUP), {}),
    # Which config file.
    "profile": ({"AICORE_PROFILE": "dev"}, CONFIG | DEV),
    "profile in capitals": ({"AICORE_PROFILE": "Dev"}, CONFIG | DEV),
    "profile without a file": ({"AICORE_PROFILE": "dev"}, CONFIG),
    "profile without a file, variables": (flat() | {"AICORE_PROFILE": "dev"}, CONFIG),
    "profile without a file, service key": (key_variable(nested()) | {"AICORE_PROFILE": "dev"}, {}),
    "profile called default": ({"AICORE_PROFILE": "default"}, CONFIG | DEV),
    "empty profile": ({"AICORE_PROFILE": ""}, CONFIG | DEV),
    "AICORE_CONFIG": ({"AICORE_CONFIG": f"{HOME}/x.json"}, CONFIG | {"x.json": flat("x")}),
    "AICORE_CONFIG and profile": (
        {"AICORE_CONFIG": f"{HOME}/x.json", "AICORE_PROFILE": "dev"},
        DEV | {"x.json": flat("x")},
    ),
    "AICORE_CONFIG without a file": ({"AICORE_CONFIG": f"{HOME}/x.json"}, CONFIG),
    "AICORE_CONFIG without a file, vcap": (vcap(nested("vcap")) | {"AICORE_CONFIG": f"{HOME}/x.json"}, {}),
    "AICORE_CONFIG without a file, profile": (
        {"AICORE_CONFIG": f"{HOME}/x.json", "AICORE_PROFILE": "dev"},
        DEV,
    ),
    # What is broken.
    "config file is no JSON": ({}, {"config.json": "{"}),
    "config file is no JSON, variables": (flat(), {"config.json": "{"}),
    "config file is no JSON, service key": (key_variable(nested()), {"config.json": "{"}),
    "service key is no JSON": ({"AICORE_SERVICE_KEY": "{"}, CONFIG),
    "config file is a list": ({}, {"config.json": []}),
    "config file with a BOM": ({}, {"config.json": "\ufeff" + json.dumps(flat())}),
    # Addresses.
    **{
        f"auth url{name}": (flat(auth=AUTH + end) | GROUP, {})
        for name, end in {"": "", ", slash": "/", ", suffix": "/oauth/token"}.items()
    },
    "auth url, suffix and slash": (flat(auth=f"{AUTH}/oauth/token/") | GROUP, {}),
    **{
        f"api url{name}": (flat(api=API + end) | GROUP, {})
        for name, end in {"": "", ", slash": "/", ", suffix": "/v2", ", slashes": "//"}.items()
    },
    "api url, suffix and slash": (flat(api=f"{API}/v2/") | GROUP, {}),
    "space after the addresses": (flat(auth=f"{AUTH} ", api=f"{API} ") | GROUP, {}),
    "api url over http": (flat(api=API.replace("https", "http")) | GROUP, {}),
    # Certificates.
    "x509 in a service key": (key_variable(nested_x509()) | GROUP, {}),
    "x509 in a service key with url": (key_variable(nested_x509(url=AUTH)) | GROUP, {}),
    "x509 in vcap": (vcap(nested_x509()) | GROUP, {}),
    "x509 texts": (X509 | STRINGS | GROUP, {}),
    "x509 texts in the config file": ({}, {"config.json": X509 | STRINGS | GROUP}),
    "x509 texts, newlines written out": (
        X509 | GROUP | {name: text.replace("\n", "\\n") for name, text in STRINGS.items()},
        {},
    ),
    "x509 files": (X509 | FILES | GROUP, PEM_FILES),
    "x509 files in the config file": ({}, PEM_FILES | {"config.json": X509 | FILES | GROUP}),
    "cert url beats auth url": (X509 | STRINGS | GROUP | {"AICORE_CERT_URL": CERT_AUTH}, {}),
    "cert url, suffix and slash": (
        X509 | STRINGS | GROUP | {"AICORE_CERT_URL": f"{CERT_AUTH}/oauth/token/"},
        {},
    ),
    "cert url beside a secret": (flat() | GROUP | {"AICORE_CERT_URL": CERT_AUTH}, {}),
    "cert url alone, secret": (
        without(flat(), "AICORE_AUTH_URL") | GROUP | {"AICORE_CERT_URL": CERT_AUTH},
        {},
    ),
    "no way to prove who we are": (X509 | GROUP, {}),
    "half a certificate": (X509 | GROUP | {"AICORE_CERT_STR": CERTIFICATE}, {}),
    "secret and certificate": (flat() | STRINGS, {}),
    "secret and certificate in a service key": (key_variable(nested() | nested_x509()), {}),
    "texts and files": (X509 | STRINGS | FILES, PEM_FILES),
    "secret and half a certificate": (flat() | GROUP | {"AICORE_CERT_STR": CERTIFICATE}, {}),
    "certificate files that are not there": (X509 | FILES | GROUP, {}),
    # Wrappings.
    "service key, wrapped": (key_variable({"credentials": nested()}) | GROUP, {}),
    "service key, a whole VCAP": (key_variable(json.loads(vcap(nested())["VCAP_SERVICES"])) | GROUP, {}),
    "two bindings": (vcap(nested("first"), nested("second")) | GROUP, {}),
    "no binding of ours": (vcap() | GROUP, {}),
    "binding with another key": (bound("user-provided", label="aicore"), {}),
    "binding with another label": (bound("aicore", label="user-provided"), {}),
    "binding of another service, called aicore": (bound("user-provided", label="user-provided"), {}),
    "VCAP is no JSON": ({"VCAP_SERVICES": "{"}, {}),
}
# Setups whose whole point is something else than the resource group get one, so that nothing else can differ.
ALONE = {name for name in SETUPS if "resource group" in name}

CHILD = """
import json
from ai_core_sdk.credentials import fetch_credentials
try:
    print(json.dumps(fetch_credentials()))
except Exception as error:
    print(json.dumps({"refused": f"{type(error).__name__}: {error}"}))
"""


def the_sdk_finds(environ):
    """What SAP's SDK finds, as data with our names."""
    done = subprocess.run(
        [os.environ["SAP_SDK_PYTHON"], "-I", "-c", CHILD],
        env={"PATH": os.environ["PATH"], **environ},
        cwd=environ["HOME"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=30,
    )
    found = json.loads(done.stdout)
    if "refused" in found:
        return None, found["refused"]
    proof = tuple(found[name] for name in ("client_secret", "cert_str", "key_str") if name in found)
    files = tuple(_text(found[name]) for name in ("cert_file_path", "key_file_path") if name in found)
    group = found.get("resource_group")
    return (found["client_id"], found["auth_url"], found["base_url"], proof + files, group), "found"


def _text(path):
    return Path(path).read_text("utf-8") if Path(path).exists() else path


def we_find(environ):
    """What we find, in the same shape."""
    try:
        key = find_service_key(environ=environ)
    except AICoreError as error:
        return None, str(error)
    chain = (key.identity.chain,) if key.identity else ()
    proof = (*chain, *(secret.reveal() for secret in key.secrets))
    return (key.client_id, key.token_url, key.api_url, proof, str(key.resource_group)), "found"


@pytest.fixture
def laid_out(tmp_path, monkeypatch):
    """Lay a setup out, and give the environment for it."""

    def lay(environ, files, *, home="aicore", resource_group=True):
        user = tmp_path / "user"
        folder = user / home
        folder.mkdir(parents=True)
        # Our own readers look for ~ where the process says it is.
        monkeypatch.setenv("HOME", str(user))

        def filled(text):
            return text.replace(HOME, str(folder))

        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (folder / name).write_text(filled(text) if name.endswith(".json") else text, "utf-8")
            (folder / name).chmod(0o600)
        group = GROUP if resource_group else {}
        given = {name: filled(value) for name, value in (group | environ).items()}
        return {"HOME": str(user), **({"AICORE_HOME": str(folder)} if home == "aicore" else {}), **given}

    return lay


@pytest.mark.parametrize("name", SETUPS)
def test_side_by_side(name, laid_out):
    """Both find the same client, addresses, proof and resource group, or nothing, but for what is listed."""
    environ = laid_out(*SETUPS[name], resource_group=name not in ALONE)
    (theirs, they_say), (ours, we_say) = the_sdk_finds(environ), we_find(environ)
    if name in DIFFERENCES:
        assert ours != theirs, f"not different any more: {they_say} / {we_say}"
    else:
        assert ours == theirs, f"SDK: {they_say} / we: {we_say}"


@pytest.mark.parametrize("profile", [{}, {"AICORE_PROFILE": "dev"}], ids=["default", "profile"])
def test_the_home_folder(profile, laid_out):
    """Without AICORE_HOME both look in ~/.aicore."""
    environ = laid_out(profile, CONFIG | DEV, home=".aicore")
    ours = we_find(environ)
    assert ours == the_sdk_finds(environ)
    assert ours[0][0] == ("dev" if profile else "config")


def test_a_config_file_that_may_not_be_read(laid_out):
    """The one listed difference that needs file rights: the SDK goes on to VCAP, and we refuse."""
    environ = laid_out(vcap(nested("vcap")), CONFIG)
    config = Path(environ["AICORE_HOME"], "config.json")
    config.chmod(0)
    (theirs, _), (ours, _) = the_sdk_finds(environ), we_find(environ)
    # Root may read everything, and then both find the file.
    assert theirs[0] == ("config" if os.geteuid() == 0 else "vcap")
    assert (ours is None) is (os.geteuid() != 0)


def test_every_listed_difference_is_a_setup():
    """A difference that no setup shows would be one that nobody has seen."""
    assert set(DIFFERENCES) - set(SETUPS) == {"config file unreadable, VCAP"}
