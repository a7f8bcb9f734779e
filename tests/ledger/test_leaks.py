"""No password is in the folder of a ledger, in any form, wherever the user has written it."""

from __future__ import annotations

import pytest

from aicore_magics.actions.recording import noted_login
from aicore_magics.base.encodings import BASE64_RUN, Encodings, hides, small
from aicore_magics.base.redact import Secret
from aicore_magics.ledger.fingerprint import Fingerprints
from aicore_magics.ledger.ledger import Ledger
from aicore_magics.ledger.record import NotedImage
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin
from tests.ledger.acts import record

TOKEN = "ghp_" + "a8Kz" * 9


def logins(canary):
    yield RegistryLogin("ghcr.io", "anna", Secret(canary))
    yield RegistryLogin("ghcr.io", TOKEN, Secret(TOKEN))
    yield RegistryLogin(AuthKey(f"https://anna:{TOKEN}@ghcr.io/acme"), "anna", Secret(TOKEN))
    word = canary.replace("{x}'<y>", "")  # a user name is no placeholder
    yield RegistryLogin(AuthKey("https://ghcr.io/v2/"), f"anna-{word}", Secret(word))


@pytest.mark.parametrize("number", range(4))
def test_no_form_of_a_password(tmp_path, canary, number):
    """Logins whose user or key is the token, images and notebooks that name it: no form of it is there."""
    login = list(logins(canary))[number]
    ledger = Ledger(tmp_path / "ledger")
    noted = noted_login(login, None, Fingerprints(tmp_path / "ledger"))
    image = NotedImage(reference=f"ghcr.io/{TOKEN}/a:1")
    one = record(logins=(noted,), images=(image,), notebook=f"/home/anna/{TOKEN}/a.ipynb", source=TOKEN)
    assert ledger.append(one) == ""
    assert ledger.append(one.with_(outcome="unknown")) == ""
    raw = "".join(f"{path.name} {path.read_bytes().decode('latin-1')}" for path in ledger.folder.rglob("*"))
    assert "anna/" not in raw
    assert "a.ipynb" in raw
    for secret in (login.password.reveal(), TOKEN):
        forms = Encodings.of(secret)
        assert [form for form in forms.forms if form in small(raw)] == []
        assert [run for run in BASE64_RUN.findall(raw) if hides(run, forms.inside)] == []
