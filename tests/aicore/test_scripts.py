import re
import shutil
import subprocess

import pytest

from aicore_magics.aicore.client import JSON, MERGE_PATCH
from aicore_magics.aicore.scripts import ScriptedRequest, Slot, curl_script, http_file, slots

API = "https://api.ai.example/v2"
TOKEN = "https://acme.authentication.example/oauth/token"
ODD = 'it\'s $(touch x) `id` "q" \\ %s %% $HOME'
LOGINS = (("ghcr.io", "anna"), ("quay.io", ODD), ("https://index.docker.io/v1/", "bob"))

each_change = pytest.mark.parametrize("change", ["create", "update"])
each_proof = pytest.mark.parametrize("x509", [False, True], ids=["secret", "x509"])
each_kind = pytest.mark.parametrize("make", [curl_script, http_file])


def scripted(change="create", *, logins=LOGINS, x509=False, name="team-ghcr"):
    return ScriptedRequest(change, name, slots(logins), API, TOKEN, x509)


def words(text):
    """What `sh` makes of *text*: its words, without running a program."""
    done = subprocess.run(
        ["sh", "-c", f"set -f; for word in {text}; do printf '%s\\0' \"$word\"; done"],
        capture_output=True,
        check=True,
        timeout=5,
    )
    return done.stdout.decode().split("\0")[:-1]


def test_slots():
    """Each login has a variable of its own, the first without a number."""
    assert slots(()) == ()
    assert slots(LOGINS) == (
        Slot("ghcr.io", "anna", "REGISTRY_PASSWORD"),
        Slot("quay.io", ODD, "REGISTRY_PASSWORD_2"),
        Slot("https://index.docker.io/v1/", "bob", "REGISTRY_PASSWORD_3"),
    )


@pytest.mark.parametrize(
    ("change", "method", "url", "kind"),
    [
        ("create", "POST", f"{API}/admin/dockerRegistrySecrets", JSON),
        ("update", "PATCH", f"{API}/admin/dockerRegistrySecrets/team-ghcr", MERGE_PATCH),
    ],
)
def test_request(change, method, url, kind):
    """It is the request that the client would send: method, address and type."""
    request = scripted(change)
    assert (request.method, request.url, request.content_type) == (method, url, kind)
    script, file = curl_script(request), http_file(request)
    assert f"--request {method} " in script
    assert url in script
    assert f"'Content-Type: {kind}'" in script
    assert f"\n{method} {url}\n" in file
    assert f"Content-Type: {kind}\n" in file
    assert f"\nPOST {TOKEN}\n" in file


@each_change
@each_proof
def test_variables(x509, change):
    """The variables are those of SAP's SDK and one for each password; they are told, and demanded."""
    request = scripted(change, x509=x509)
    proof = ("AICORE_CERT_FILE_PATH", "AICORE_KEY_FILE_PATH") if x509 else ("AICORE_CLIENT_SECRET",)
    passwords = ("REGISTRY_PASSWORD", "REGISTRY_PASSWORD_2", "REGISTRY_PASSWORD_3")
    assert request.variables == ("AICORE_CLIENT_ID", *proof, *passwords)
    script, file = curl_script(request), http_file(request)
    for text in (script, file):
        assert f"# Set before: {', '.join(request.variables)}\n" in text
    assert re.findall(r'^: "\$\{(\w+):\?is not set\}"$', script, re.MULTILINE) == list(request.variables)
    assert set(re.findall(r"process\.env\.(\w+)", file)) == set(request.variables) - (
        set(proof) if x509 else set()
    )


@each_proof
def test_no_other_proof(x509):
    """A client secret is asked for only where one is what opens the tenant, and certificates likewise."""
    request = scripted(x509=x509)
    assert ("AICORE_CLIENT_SECRET" in curl_script(request) + http_file(request)) is not x509
    assert ("--cert " in curl_script(request)) is x509
    assert ("clientCertificates" in http_file(request)) is x509


@each_change
@each_proof
def test_no_secret_in_arguments(x509, change):
    """No secret is an argument of a program: the shell's own commands alone see one."""
    request, secret = scripted(change, x509=x509), r"\$(?:AICORE_CLIENT_SECRET|REGISTRY_PASSWORD\w*)"
    script = curl_script(request)
    kept = [line for line in script.splitlines() if re.search(secret, line)]
    assert kept
    for line in kept:
        # `entry` is a function of the script, and printf is the shell's own.
        assert re.search(r'printf %s "\$AICORE_CLIENT_SECRET" \|$|\$\(entry ', line.strip())
    assert not re.search(r"^\s*curl[^|]*\$(?:token|body)", script, re.MULTILINE)


@pytest.mark.skipif(not shutil.which("sh"), reason="left out: it needs a shell")
@each_change
@each_proof
def test_shell_reads_it(x509, change):
    """A shell finds nothing wrong with the script."""
    done = subprocess.run(
        ["sh", "-n"],
        input=curl_script(scripted(change, x509=x509)).encode(),
        capture_output=True,
        check=False,
        timeout=5,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not shutil.which("sh"), reason="left out: it needs a shell")
@pytest.mark.parametrize("text", [ODD, "a b", "*", "~", "-n", "!x", "#x", "\u00e4\u20ac", "a;b|c&d>e"])
def test_quoting_for_the_shell(text, monkeypatch):
    """Keys and users reach the script's function letter by letter, whatever the shell thinks of them."""
    monkeypatch.setenv("REGISTRY_PASSWORD", "p w")
    script = curl_script(scripted(logins=((text, text),)))
    (line,) = (line for line in script.splitlines() if "$(entry " in line)
    inner = line[line.index("$(entry ") + len("$(entry ") : line.rindex(')" | escaped')]
    assert words(inner) == [text, text, "p w"]


@pytest.mark.parametrize("text", [ODD, '"]; process.exit()', "\\", "\u2028", "a\nb"])
def test_quoting_for_the_request_file(text):
    """In the request file they are texts of JavaScript on one line."""
    file = http_file(scripted(logins=((text, text),)))
    (line,) = (line for line in file.split("\n") if "process.env.REGISTRY_PASSWORD]" in line)
    assert re.fullmatch(r'    \["(?:[^"\\\n]|\\.)*", "(?:[^"\\\n]|\\.)*", process\.env\.\w+\]', line)
    assert line.isascii()


@each_kind
def test_the_name(make):
    """The name is in the body of a create and in the address of an update, and nowhere else."""
    assert make(scripted("create")).count("team-ghcr") == 1
    assert make(scripted("update")).count("team-ghcr") == 2  # once in the remark at the top


@pytest.mark.parametrize("name", ["a'b", "$(id)", 'a"b', "a b", "%s", ""])
def test_names_that_are_none(name):
    """A name that was not checked is not written into a script."""
    with pytest.raises(ValueError, match="checked name"):
        curl_script(scripted(name=name))


@each_kind
def test_without_logins(make):
    """Without any login the request is whole, and asks for no password."""
    text = make(scripted(logins=()))
    assert "REGISTRY_PASSWORD" not in text
    assert "auths" in text
