from __future__ import annotations

from nbformat import v4

from aicore_magics.leaks.detect import MAX_FOUND, detect, distinctive_values, forms_of
from aicore_magics.leaks.reading import read_document
from tests.leaks.samples import LOGIN, PASSWORD, TOKENS, code, notebook, written

SOURCE = f'docker_password = "{PASSWORD}"'


def found(path, values=()):
    return [
        (one.piece.part.cell, one.piece.part.name, one.hit.kind_id)
        for one in detect(read_document(path), values)
    ]


def test_the_value_of_a_password_is_looked_for_again(tmp_path):
    """A value that gave itself away once is found where it stands bare, in JSON or in a URL."""
    outputs = [
        v4.new_output("stream", text=text) for text in (f"ok {PASSWORD}", f"x{PASSWORD}", "Hunter2-%21x")
    ]
    path = written(tmp_path, notebook(code(SOURCE, *outputs)))
    values = distinctive_values(detect(read_document(path)))
    assert values == {PASSWORD}
    assert sorted(found(path, values)) == [
        (2, "output 1", "same-value"),
        (2, "output 3", "same-value"),
        (2, "source", "registry-password"),
    ]


def test_how_a_value_may_be_written():
    """A value is looked for as it is, in JSON with and without escapes, and in a URL."""
    assert forms_of('a"ä') == {'a"ä', 'a\\"ä', 'a\\"\\u00e4', "a%22%C3%A4"}


def test_the_password_in_base64_is_looked_for_as_it_is(tmp_path):
    """Of a login in base64 the password is what may stand elsewhere."""
    path = written(tmp_path, notebook(code(f"""x = '{{"auths": {{"a.io": {{"auth": "{LOGIN}"}}}}}}'""")))
    assert distinctive_values(detect(read_document(path))) == {PASSWORD}


def test_a_value_that_may_be_a_word_is_not_looked_for(tmp_path):
    """Short words stand everywhere, so they are not taken for the password."""
    path = written(tmp_path, notebook(code('docker_password = "summer"\ndocker_pass = "a1b2"')))
    assert distinctive_values(detect(read_document(path))) == set()


def test_two_readings_of_one_place_are_one(tmp_path):
    """What was typed into a password field is found once, though metadata are read as a whole, too."""
    models = {"a": {"model_name": "PasswordModel", "state": {"value": TOKENS[0].text}}}
    state = {
        "application/vnd.jupyter.widget-state+json": {"state": models, "version_major": 2, "version_minor": 0}
    }
    assert [kind for _, _, kind in found(written(tmp_path, notebook(widgets=state)))] == [TOKENS[0].kind_id]


def test_the_name_of_a_file_tells_what_it_is_for(tmp_path):
    """In a file that is named after a registry every password is one for it."""
    for name, kinds in (("docker_secret.json", ["registry-password"]), ("database.json", [])):
        path = tmp_path / name
        path.write_text(f'{{"password": "{PASSWORD}"}}')
        assert [kind for _, _, kind in found(path)] == kinds


def test_the_number_is_bounded(tmp_path):
    """Of a file full of credentials so many are given that it is known to be more than are told."""
    path = tmp_path / "a.env"
    path.write_text("".join(f"T={TOKENS[0].text}{number}\n" for number in range(3 * MAX_FOUND)))
    assert len(detect(read_document(path))) == MAX_FOUND + 1
