from __future__ import annotations

import pytest
from nbformat import v4

from aicore_magics.leaks.detect import (
    MAX_FOUND,
    again_hits,
    detect,
    distinctive_values,
    lone_hits,
)
from aicore_magics.leaks.files.document import read_document
from aicore_magics.leaks.files.notebook_texts import Part, plain_piece
from tests.leaks.samples import LOGIN, PASSWORD, TOKENS, code, made, notebook, written

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
        *((2, f"output {number}", "same-value") for number in (1, 2, 3)),
        (2, "source", "registry-password"),
    ]


def test_the_password_in_base64_is_looked_for_as_it_is(tmp_path):
    """Of a login in base64 the password is what may stand elsewhere."""
    path = written(tmp_path, notebook(code(f"""x = '{{"auths": {{"a.io": {{"auth": "{LOGIN}"}}}}}}'""")))
    assert distinctive_values(detect(read_document(path))) == {PASSWORD}


def test_a_value_that_may_be_a_word_is_not_looked_for(tmp_path):
    """Short words stand everywhere, so they are not taken for the password."""
    path = written(tmp_path, notebook(code('docker_password = "summer"\ndocker_pass = "a1b2"')))
    assert distinctive_values(detect(read_document(path))) == set()


@pytest.mark.parametrize(
    ("value", "everywhere"),
    [
        *((PASSWORD, True), (TOKENS[0].text, True), (made(40), True), ("tr0ub4dor&3", True)),
        *(
            ("python3", False),
            ("model_v2", False),
            ("Churn_model-2024", False),
            ("data/model_v2_final", False),
        ),
        *(("Summer2024", False), ("correct horse battery", False), ("a1!B", False)),
    ],
)
def test_what_is_looked_for_everywhere(tmp_path, value, everywhere):
    """A token, or a long value of many kinds of character, is; what may be a name or a path is not."""
    path = written(tmp_path, notebook(code(f'docker_password = "{value}"')))
    assert distinctive_values(detect(read_document(path))) == ({value} if everywhere else set())


def test_a_short_value_is_looked_for_alone(tmp_path):
    """In its own file a short value is found as a whole text in code, and as a whole line of an output."""
    sources = ("f('Hunter22')", "g('x Hunter22')", "Hunter22 = 1", "!Hunter22", "open('a/Hunter22/b')")
    outputs = [v4.new_output("stream", text="x Hunter22\nHunter22\n'Hunter22'\nHunter22.\n")]
    path = written(tmp_path, notebook(code("docker_password = 'Hunter22'", *outputs), *map(code, sources)))
    again = [one for one in found(path) if one[2] == "same-value"]
    assert again == [
        (2, "output 1", "same-value"),
        (2, "output 1", "same-value"),
        (3, "source", "same-value"),
    ]


def test_a_plain_name_stays_in_code(tmp_path):
    """A password such as `python3` or a path is code in code, and stays there even in quotes."""
    sources = ("run(['python3', 'train.py'])", "!python3 train.py", "x = 'model_v2'")
    path = written(
        tmp_path, notebook(code("docker_password = 'python3'\ndocker_pw = 'model_v2'"), *map(code, sources))
    )
    assert found(path) == [(2, "source", "registry-password"), (2, "source", "registry-password")]


def test_what_jupyter_needs_is_kept(tmp_path):
    """The kernel's name, the language and the ids of cells stay, even if a password is the same."""
    kernel = {"name": PASSWORD, "display_name": PASSWORD, "language": "python"}
    cell = code(f"docker_password = '{PASSWORD}'")
    book = notebook(cell, kernelspec=kernel, language_info={"name": PASSWORD}, x={"y": PASSWORD})
    book.cells[0]["id"] = "Ab1-cdefgh2X"
    cell.source += "\ndocker_pw = 'Ab1-cdefgh2X'"
    path = written(tmp_path, book)
    values = distinctive_values(detect(read_document(path)))
    assert [one for one in found(path, values) if one[2] == "same-value"] == [
        (0, "notebook metadata", "same-value")
    ]


def test_a_password_in_parts_is_looked_for_as_one(tmp_path):
    """What was put together in code stands as a whole where it was printed."""
    output = v4.new_output("stream", text="it is Tr0ub4dor&3 now")
    path = written(tmp_path, notebook(code("docker_password = 'Tr0ub4' + 'dor&3'", output)))
    values = distinctive_values(detect(read_document(path)))
    assert values == {"Tr0ub4dor&3"}
    assert (2, "output 1", "same-value") in found(path, values)


def test_two_readings_of_one_place_are_one(tmp_path):
    """What was typed into a password field is found once, though metadata are read as a whole, too."""
    models = {"a": {"model_name": "PasswordModel", "state": {"value": TOKENS[0].text}}}
    state = {
        "application/vnd.jupyter.widget-state+json": {"state": models, "version_major": 2, "version_minor": 0}
    }
    assert [kind for _, _, kind in found(written(tmp_path, notebook(widgets=state)))] == [TOKENS[0].kind_id]


def test_the_name_of_a_file_tells_what_it_is_for(tmp_path):
    """In a file that is named after a registry every password is one for it."""
    for name, kinds in (
        ("docker_secret.json", ["registry-password"]),
        ("database.json", ["possible-password"]),
    ):
        path = tmp_path / name
        path.write_text(f'{{"password": "{PASSWORD}"}}')
        assert [kind for _, _, kind in found(path)] == kinds


def test_the_number_is_bounded(tmp_path):
    """Of a file full of credentials so many are given that it is known to be more than are told."""
    path = tmp_path / "a.env"
    path.write_text("".join(f"T={TOKENS[0].text}{number}\n" for number in range(3 * MAX_FOUND)))
    assert len(detect(read_document(path))) == MAX_FOUND + 1


def piece(text, style="output", kept=()):
    return plain_piece(text, Part("source", style=style), kept=kept)


@pytest.mark.parametrize(
    ("text", "found"),
    [("x {} y", True), ("a\\n{}", True), ("({})", True), ("x{}", False), ("{}y", False), ("_{}", False)],
)
def test_a_value_inside_a_word(text, found):
    """A value counts where no word goes on, before it or behind it."""
    assert bool(list(again_hits(piece(text.format(PASSWORD)), [PASSWORD]))) is found


def test_what_is_kept():
    """Where a text has to stay as it is, no value is looked for."""
    assert list(again_hits(piece(PASSWORD, kept=[(0, 3)]), [PASSWORD])) == []


@pytest.mark.parametrize(
    ("text", "style", "found"),
    [
        *(("f('Hunter22')", "code", True), ("Hunter22", "code", False), ("'Hunter22 '", "code", False)),
        *(
            ("a\nHunter22\nb", "output", True),
            ("'Hunter22'", "output", True),
            ("x Hunter22", "output", False),
        ),
        ("f('Hunter22')", "output", False),
    ],
)
def test_a_value_alone(text, style, found):
    """A short value counts as all that stands in quotes in code, or on a line of an output."""
    assert bool(list(lone_hits(piece(text, style), ["Hunter22"]))) is found


SDK = 'tenant.docker_registry_secrets.create(name="team", data=data)'
CONTEXTS = (
    SDK,
    "!docker build -t churn .",
    "from ai_core_sdk.ai_core_v2_client import AICoreV2Client",
    'url = "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"',
    'image = "ghcr.io/acme/churn:1"',
    'registry = "harbor.acme.example"',
)
UNDER_NAMES = (
    f'password = "{PASSWORD}"',
    f'passwd = "{PASSWORD}"',
    f'pwd = "{PASSWORD}"',
    f'token = "{made(30)}"',
    f'secret = "{made(30)}"',
    f'api_key = "{made(30)}"',
    f'login = {{"username": "anna", "password": "{PASSWORD}"}}',
    f'd["secret"] = "{made(30)}"',
    f'dict(user="anna", passwd="{PASSWORD}")',
)


@pytest.mark.parametrize("source", UNDER_NAMES)
def test_the_context_is_the_whole_notebook(tmp_path, source):
    """A password under its name counts if any cell is about a registry or AI Core; else it is possible."""
    far = [code("x = 1\n" * 400) for _ in range(5)]
    for context in CONTEXTS:
        for cells in ([code(source), *far, code(context)], [code(context), *far, code(source)]):
            kinds = [kind for _, _, kind in found(written(tmp_path, notebook(*cells)))]
            assert kinds == ["registry-password"]
    for cells in ([code(source)], [code(source), code("engine = create_engine(url)")]):
        assert [kind for _, _, kind in found(written(tmp_path, notebook(*cells)))] == ["possible-password"]


@pytest.mark.parametrize("where", ["output", "markdown", "metadata"])
def test_where_the_context_may_stand(tmp_path, where):
    """Outputs, prose and metadata tell what a notebook is about, too."""
    told = "docker login succeeded"
    cells = {
        "output": [code("1", v4.new_output("stream", text=told))],
        "markdown": [v4.new_markdown_cell(told)],
        "metadata": [v4.new_code_cell("1", metadata={"a": told})],
    }[where]
    path = written(tmp_path, notebook(code(f'password = "{PASSWORD}"'), *cells))
    assert [kind for _, _, kind in found(path)] == ["registry-password"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run.py", '{}password = "{}"\n'),
        ("values.yaml", "# {}\nuser: anna\npassword: {}\n"),
        ("prod.env", "# {}\nPASSWORD={}\n"),
        ("a.json", '{{"x": "{}", "password": "{}"}}'),
    ],
)
def test_the_context_of_another_file(tmp_path, name, text):
    """So it is for scripts, YAML, `.env` and JSON, each file by itself."""
    path = tmp_path / name
    for context, kind in (("import docker\n", "registry-password"), ("import os\n", "possible-password")):
        path.write_text(
            text.format(context.strip() + "\n" if name == "run.py" else context.strip(), PASSWORD)
        )
        assert [kind for _, _, kind in found(path)] == [kind]


def test_a_script_is_code(tmp_path):
    """In a script a name behind `password =` is no value."""
    path = tmp_path / "run.py"
    path.write_text("import docker\npassword = ask_me1\npassword: str = other1\n")
    assert found(path) == []


def test_what_was_taken_out_is_no_context(tmp_path):
    """What stands in a credential's place makes no password of another thing one for a registry."""
    path = written(
        tmp_path, notebook(code('x = "REMOVED_DOCKER_HUB_TOKEN"'), code(f'db_password = "{PASSWORD}"'))
    )
    assert [kind for _, _, kind in found(path)] == ["possible-password"]
