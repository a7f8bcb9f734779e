import importlib
import importlib.util
import sys
import textwrap

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.errors import LoginNotFound
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.logins.keyring import keyring_password

# A package `keyring` as small as can be: what is documented of its API, and the modules of its backends.
PACKAGE = {
    "keyring/__init__.py": """
        import os

        def get_keyring():
            module, _, name = os.environ["PYTHON_KEYRING_BACKEND"].rpartition(".")
            return getattr(__import__(module, fromlist=[name]), name)()
        """,
    "keyring/backends/__init__.py": "",
    "keyring/backends/fail.py": """
        class Keyring:
            priority = 0
            def get_password(self, service, username):
                raise RuntimeError("No recommended backend was available.")
        """,
    "keyring/backends/null.py": """
        class Keyring:
            priority = -1
            def get_password(self, service, username):
                return None
        """,
    "keyring/backends/chainer.py": """
        import os
        from keyring import get_keyring

        class ChainerBackend:
            priority = 10
            @property
            def backends(self):
                made = []
                for name in os.environ["MEMBERS"].split():
                    module, _, kind = name.rpartition(".")
                    made.append(getattr(__import__(module, fromlist=[kind]), kind)())
                return made
            def get_password(self, service, username):
                raise AssertionError("the members are asked, not the chain")
        """,
    "keyrings/__init__.py": "",
    "keyrings/alt/__init__.py": "",
    "keyrings/alt/file.py": """
        class PlaintextKeyring:
            priority = 0.5
            def get_password(self, service, username):
                raise AssertionError("a keyring in plain text was asked")
        """,
    "vault.py": """
        import os
        from keyrings.alt.file import PlaintextKeyring

        class Keyring:
            priority = 5
            def get_password(self, service, username):
                return os.environ.get(f"KEPT_{service}_{username}")

        class Derived(PlaintextKeyring):
            pass

        class Locked(Keyring):
            def get_password(self, service, username):
                kept = super().get_password(service, username)
                raise ConnectionError(f"locked: {kept}")

        class Odd(Keyring):
            def get_password(self, service, username):
                return b"bytes"
        """,
}
PLAIN = "keyrings.alt.file.PlaintextKeyring"
SAFE = "vault.Keyring"


def forget(monkeypatch):
    """The package is imported anew, here and in the test after."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("keyring", "keyrings", "vault")]:
        monkeypatch.delitem(sys.modules, name)
    importlib.invalidate_caches()


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Puts the small package on the path, and gives a function that chooses its backend."""
    for name, text in PACKAGE.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(textwrap.dedent(text))
    forget(monkeypatch)
    monkeypatch.syspath_prepend(tmp_path)

    def choose(backend, *members):
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
        monkeypatch.setenv("MEMBERS", " ".join(members))

    yield choose
    forget(monkeypatch)


@pytest.fixture
def without_keyring(monkeypatch):
    """No package keyring is to be found."""
    forget(monkeypatch)
    monkeypatch.setitem(sys.modules, "keyring", None)


def refused(service="ghcr", username="anna"):
    with pytest.raises(LoginNotFound) as caught:
        keyring_password(service, username)
    error = caught.value
    assert error.message.endswith(". Nothing was sent.")
    assert NOTEBOOK.say(error.next)
    assert error.__cause__ is error.__context__ is None
    return error


def held_in_frames(error):
    step, held = error.__traceback__, []
    while step:
        if "aicore_magics" in step.tb_frame.f_code.co_filename:
            held.append(repr(step.tb_frame.f_locals))
        step = step.tb_next
    return "\n".join(held)


def test_a_password_of_the_keyring(installed, monkeypatch, canary):
    """The password is that of the user under the service, and of nobody else."""
    installed(SAFE)
    monkeypatch.setenv("KEPT_ghcr_anna", canary)
    assert keyring_password("ghcr", "anna") == Secret(canary)
    assert refused("ghcr", "bob").message.startswith("the keyring has no password of bob for this service.")
    assert "keyring set SERVICE bob" in NOTEBOOK.say(refused("quay", "bob").next)


def test_an_empty_password_is_none(installed, monkeypatch):
    """An entry without a password is as good as none."""
    installed(SAFE)
    monkeypatch.setenv("KEPT_ghcr_anna", "")
    assert "has no password of anna" in refused().message


def test_without_the_package(without_keyring):
    """Where the package is not installed, the error says how to get it, and what to use instead."""
    error = refused()
    assert error.message == "the package keyring is not installed. Nothing was sent."
    assert NOTEBOOK.say(error.next).startswith("pip install keyring, or --password-env VAR")


@pytest.mark.parametrize("backend", ["keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"])
def test_a_keyring_that_is_none(backend, installed):
    """A machine without a keyring is told so, and not taken for one that has no entry."""
    installed(backend)
    assert refused().message.startswith("this machine has no keyring that keeps passwords.")


@pytest.mark.parametrize("backend", [PLAIN, "vault.Derived"])
def test_a_keyring_in_plain_text(backend, installed):
    """A keyring that keeps passwords in plain text is not asked, whatever it is called."""
    installed(backend)
    assert "may keep passwords in plain text" in refused().message


def test_of_a_chain_only_safe_members_are_asked(installed, monkeypatch, canary):
    """Members that keep nothing, or plain text, are passed over; the others are asked in their order."""
    installed("keyring.backends.chainer.ChainerBackend", PLAIN, "keyring.backends.fail.Keyring", SAFE)
    monkeypatch.setenv("KEPT_ghcr_anna", canary)
    assert keyring_password("ghcr", "anna") == Secret(canary)
    assert "has no password of bob" in refused("ghcr", "bob").message


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ((PLAIN, "keyring.backends.null.Keyring"), "plain text"),
        (("keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"), "no keyring that keeps"),
        ((), "no keyring that keeps"),
    ],
)
def test_a_chain_without_a_safe_member(members, words, installed):
    """A chain is no better than its members."""
    installed("keyring.backends.chainer.ChainerBackend", *members)
    assert words in refused().message


def test_a_keyring_that_fails(installed, monkeypatch, canary):
    """What a failing keyring says is not repeated: only its kind is, and no frame holds the password."""
    installed("vault.Locked")
    monkeypatch.setenv("KEPT_ghcr_anna", canary)
    error = refused()
    assert error.message == "the keyring could not be read (ConnectionError). Nothing was sent."
    assert canary not in held_in_frames(error)
    assert repr(canary)[1:-1] not in held_in_frames(error)


@pytest.mark.parametrize("backend", ["gone.Keyring", "vault.Gone", "nonsense"])
def test_a_keyring_that_cannot_be_made(backend, installed):
    """A backend that is set up wrongly is not taken for a package that is missing."""
    installed(backend)
    assert refused().message.startswith("the keyring could not be read (")


def test_what_is_no_text_is_no_password(installed):
    """A keyring that gives something else than text has no password."""
    installed("vault.Odd")
    assert "has no password" in refused().message


# The real package


@pytest.fixture
def real(monkeypatch):
    """The package itself, where it is installed: it sees no home, and no backend but that of a test."""
    forget(monkeypatch)
    if importlib.util.find_spec("keyring") is None:
        pytest.skip("left out: it needs the package keyring")

    def choose(backend):
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)

    yield choose
    forget(monkeypatch)


@pytest.mark.parametrize("backend", ["keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"])
def test_no_keyring_of_the_real_package(backend, real):
    """The real backends that keep nothing are known by their names."""
    real(backend)
    assert refused().message.startswith("this machine has no keyring that keeps passwords.")


def test_the_real_package(real, monkeypatch, canary):
    """A backend of the real package is asked, alone or in its real chain."""
    backend = importlib.import_module("keyring.backend")
    keyring = importlib.import_module("keyring")

    class Vault(backend.KeyringBackend):
        priority = 9

        def get_password(self, service, username):
            return canary if (service, username) == ("ghcr", "anna") else None

        def set_password(self, service, username, password):
            raise NotImplementedError

    keyring.set_keyring(Vault())
    assert keyring_password("ghcr", "anna") == Secret(canary)
    assert "has no password of bob" in refused("ghcr", "bob").message
    chainer = importlib.import_module("keyring.backends.chainer")
    monkeypatch.setattr(backend, "get_all_keyring", lambda: [Vault()])
    keyring.set_keyring(chainer.ChainerBackend())
    assert keyring_password("ghcr", "anna") == Secret(canary)
