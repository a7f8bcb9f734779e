"""Lines to copy: each value a word of its own, what is not known left out or told."""

from __future__ import annotations

import re

import pytest

from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.next_steps import CALLS, PYTHON, do
from tests.test_next_steps import VALUES

# The actions whose line may have a value that nobody knows, and what is said of the word that stands for it.
KEY, CA = "FILE: the path of your service key", "FILE: the path of your company's CA"
DAY = "DATE: a day such as 2027-01-31, or never"
REF, NAME, HOST = "REF: your image", "NAME: a secret of your tenant", "HOST: a host that you know"
BLANKS = {
    "connect-key": {"file": KEY},
    "connect-ca": {"file": CA},
    "connect-trust": {"host": HOST},
    **{f"check-image{how}": {"image": REF} for how in ("", "-realm")},
    **{f"check-image{how}": {"file": CA, "image": REF} for how in ("-ca", "-ca-realm")},
    **{f"check-login{how}": {"file": CA} for how in ("-ca", "-ca-realm")},
    "note": {"date": DAY},
    "note-ends": {"date": DAY},
    "patch": {"secret": NAME},
    "patch-move": {"secret": NAME},
}


@pytest.mark.parametrize("name", CALLS)
def test_a_word_to_fill_in_is_told(name):
    """What cannot be known stands in the line as a word in capitals, and its meaning beside the line."""
    blanks = BLANKS.get(name, {})
    action = do(name, **{field: value for field, value in VALUES.items() if field not in blanks})
    assert NOTEBOOK.blanks(action) == (f" ({'; '.join(blanks.values())})" if blanks else "")
    words = {*re.findall(r"\b[A-Z]{3,}\b", NOTEBOOK.say(action))}
    assert words == {told.partition(":")[0] for told in blanks.values()}
    assert PYTHON.blanks(action) == ""


def test_a_value_may_have_braces_of_its_own():
    """What stands in a value is no place for another one."""
    step = do("check-login", registry="{image}", username="robot$a+{name}[ {x}]")
    assert (
        NOTEBOOK.say(step)
        == "%aicore_docker_secret check --registry '{image}' --username 'robot$a+{name}[ {x}]'"
    )


def test_several_values_and_none():
    """What is in brackets stands once for each value, and not at all without one."""
    assert NOTEBOOK.say(do("scrub", paths=("a b", "c"))) == "%aicore_notebook scrub 'a b' c --write"
    assert NOTEBOOK.say(do("create", name="x")) == "%aicore_docker_secret create x"
    assert PYTHON.say(do("scrub", paths=("a", "c"))) == 'scrub_notebooks(plan_scrub(["a", "c"]))'
