from __future__ import annotations

import ast

import pytest

from aicore_magics.leaks.detectors.python.bindings import bindings, is_setter, is_user


def given(source):
    return {(one.name, ast.unparse(one.value), one.how) for one in bindings(ast.parse(source))}


@pytest.mark.parametrize(
    ("source", "name", "value", "how"),
    [
        *(
            ("a = b = 1", "b", "1", "assigned"),
            ("a: int = 1", "a", "1", "assigned"),
            ("(a := 1)", "a", "1", "assigned"),
        ),
        *(
            ("x.a = 1", "a", "1", "assigned"),
            ("x['a'] = 1", "a", "1", "assigned"),
            ("(b, a) = (2, 1)", "a", "1", "assigned"),
        ),
        *(
            ("f(a=1)", "a", "1", "entry"),
            ("{'a': 1}", "a", "1", "entry"),
            ("x |= {'a': 1}", "a", "1", "entry"),
        ),
        *(("def f(b, a=1): 0", "a", "1", "assigned"), ("def f(*, a=1): 0", "a", "1", "assigned")),
        *(("lambda a=1: a", "a", "1", "assigned"), ("def a():\n return 1", "a", "1", "returned")),
        *(("for b, a in [(2, 1)]: 0", "a", "1", "listed"), ("setattr(x, 'a', 1)", "a", "1", "assigned")),
        *(("f(auth=(0, 1))", "password", "1", "assigned"), ("creds = 0, 1", "password", "1", "assigned")),
        *(("x.login(u, 1)", "password", "1", "assigned"), ("x.login(*(u, 1))", "password", "1", "assigned")),
        *(
            ("RegistryLogin(h, u, 1)", "password", "1", "assigned"),
            ("x.set_password(u, 1)", "set_password", "1", "assigned"),
        ),
        *(
            ("p.add_argument('--a', default=1)", "a", "1", "assigned"),
            ("Password(value=1)", "password", "1", "assigned"),
        ),
    ],
)
def test_every_way_to_give(source, name, value, how):
    """A name is given its value by each statement and call that does so in Python."""
    assert (name, value, how) in given(source)


@pytest.mark.parametrize(
    "source",
    [
        "a, b = f()",
        "print('a', 1)",
        "for a in f(): 0",
        "a: int",
        "login(h, user)",
        "login(h, 'u', password=1)",
    ],
)
def test_what_gives_nothing(source):
    """What cannot be told, or is no password by its place, is none."""
    assert {
        one for one in given(source) if one[0] in ("a", "b") or (one[0] == "password" and one[1] != "1")
    } == set()


def test_words_of_names():
    """A setter and a user are known by a whole word."""
    assert is_setter("monkeypatch_setenv")
    assert not is_setter("subset")
    assert is_user("registry_user")
    assert not is_user("x")
