from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors.python.cell import Cell
from aicore_magics.leaks.detectors.python.no_secrets import is_entry_of_another_kind, is_strong, roles
from tests.leaks.samples import PASSWORD, client_secret, made


@pytest.mark.parametrize(
    "value",
    [
        *("category", "int64", "VARCHAR(20)", "Optional[str]", "first", "nunique", "password:N", "pass@10"),
        *("DB_PASSWORD", "Neues Passwort", "Mot de passe", "password_text", "contraseña"),
    ],
)
def test_an_entry_of_another_kind(value):
    """Types, aggregations, encodings, metrics, variables, labels and columns are no password."""
    assert is_entry_of_another_kind("password", value)


@pytest.mark.parametrize(
    "value", [PASSWORD, "summer", "Summer-24", "password123", "letmein", "s3cret", made(30)]
)
def test_an_entry_that_may_be_one(value):
    """A word that somebody may have chosen is one."""
    assert not is_entry_of_another_kind("password", value)


@pytest.mark.parametrize(
    ("value", "strong"), [(made(30), True), (client_secret(), False), ("bert-base-uncased-v1", False)]
)
def test_a_strong_token(value, strong):
    """A token of a machine is long, and changes between letters and digits."""
    assert is_strong(value) is strong


@pytest.mark.parametrize(
    ("source", "role"),
    [
        *(
            (f"df.{call}", "none")
            for call in ("agg({'pw': 'X'})", "rename(columns={'a': 'X'})", "astype({'a': 'X'})")
        ),
        *((source, "none") for source in ("f(help='X')", "'X' % a", "'X'.format(a)", "f(title='X')")),
        *((source, "doubtful") for source in ("print('password', 'X')", "password == 'X'", "{'pass': 'X'}")),
        *(
            (source, None)
            for source in ("password = 'X'", "setenv('password', 'X')", "{'user': 'a', 'pass': 'X'}")
        ),
    ],
)
def test_the_role_of_a_text(source, role):
    """A text is none, doubtful, or what its name says, by what the code does with it."""
    written = source.replace("'X'", "'Xyzab'") if role != "none" else source
    assert roles(Cell(written)).get(written.index("X")) == role
