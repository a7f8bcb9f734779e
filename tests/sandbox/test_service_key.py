import json
import re
import subprocess

import pytest

from aicore_magics.sandbox.service_key import Client

URL = "http://127.0.0.1:8080"


@pytest.fixture
def client():
    return Client.fresh(url=URL, tenant="it's mine")


def test_service_key(client):
    """The key has the fields of SAP BTP's, and the tenant by name and by id."""
    key = client.service_key()
    assert (key["url"], key["serviceurls"], key["identityzone"]) == (URL, {"AI_API_URL": URL}, "it's mine")
    assert re.fullmatch(r"[0-9a-f-]{36}", key["identityzoneid"])
    assert f"sb-{key['appname']}" == key["clientid"]
    assert json.loads(client.service_key_json()) == key


def test_x509_service_key():
    """The key of somebody with a certificate has that in place of the secret, and says where to show it."""
    client = Client.fresh(url=URL, tenant="t", cert_url="https://cert")
    key = client.x509_service_key("CERTIFICATE", "KEY")
    own = {
        "certificate": "CERTIFICATE",
        "key": "KEY",
        "certurl": "https://cert",
        "credential-type": "x509",
    }
    other = client.service_key()
    del other["clientsecret"]
    assert key == {**own, **other}
    assert client.secret not in json.dumps(key)


def test_fresh_dict(client):
    """Each caller gets a dict of its own."""
    client.service_key()["serviceurls"]["AI_API_URL"] = "changed"
    assert client.service_key()["serviceurls"] == {"AI_API_URL": URL}


def test_characters(client):
    """Id and secret hold the characters that real ones trip over, every time."""
    assert set("!|") <= set(client.id)
    assert set("$+/=") <= set(client.secret)


def test_secrets_differ():
    """No two sandboxes share an id, a secret or a tenant id."""
    first, second = (Client.fresh(url=URL, tenant="t") for _ in range(2))
    assert not {first.id, first.secret, first.tenant_id} & {second.id, second.secret, second.tenant_id}


def test_repr_hides_the_secret(client):
    """A client does not show its secret."""
    assert client.secret not in repr(client)


def test_shell_variables(client):
    """A shell that reads the lines has the four variables exactly, and nothing is said or run."""
    script = (
        client.shell_variables() + r'printf "%s\n" "$AI_API_URL" "$AUTH_URL" "$CLIENT_ID" "$CLIENT_SECRET"'
    )
    done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, timeout=5, check=True)
    assert done.stdout.splitlines() == [URL, URL, client.id, client.secret]
    assert done.stderr == ""


def test_more_shell_variables(client):
    """More lines stand behind the variables, and the command for a token stays the last."""
    plain = client.shell_variables()
    at = plain.index("# TOKEN=")
    assert client.shell_variables("# more\n") == f"{plain[:at]}# more\n{plain[at:]}"


def test_cert_url_in_shell_variables(client):
    """The certificate host stands in the lines if there is one."""
    assert "CERT_URL" not in client.shell_variables()
    there = Client.fresh(url=URL, tenant="t", cert_url="https://cert")
    assert "export CERT_URL='https://cert'\n" in there.shell_variables()


def test_quotes_in_shell_variables():
    """A quote in a value does not end it."""
    client = Client(URL, "t", "a'b", "c'$(date)'")
    script = client.shell_variables() + 'printf "%s" "$CLIENT_ID$CLIENT_SECRET"'
    done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, timeout=5, check=True)
    assert done.stdout == "a'bc'$(date)'"
