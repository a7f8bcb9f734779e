from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors.python.cell import Cell
from aicore_magics.leaks.detectors.python.settings import in_settings
from tests.leaks.samples import made

TOKEN = made(17) + "7"


def found(text):
    return [text[told.start : told.end] for told in in_settings(Cell(text), text.lower())]


@pytest.mark.parametrize(
    "text",
    ["user: me\npassword: {}\n", "password: >-\n  {}\n", "[a]\npassword = {}\n", "A=b\nTOKEN={}  # x\n"],
)
def test_settings_in_a_text(text):
    """A password in settings is found where a text holds them, and not where code itself reads so."""
    filled = text.format(TOKEN)
    assert found(f'x = """\n{filled}"""') == [TOKEN]
    assert found(filled) == []


def test_code_in_a_text():
    """In a text that holds code an equals sign gives a variable to another one."""
    assert found(f'x = """\nlogin(1)\npassword = {TOKEN}\n"""') == []
