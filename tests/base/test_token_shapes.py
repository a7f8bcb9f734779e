from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from re import _parser as re_parser

import pytest

import aicore_magics
from aicore_magics.base.placeholders import is_placeholder
from aicore_magics.base.redact import Secret, scrub
from aicore_magics.base.token_shapes import SHORTEST_TOKEN, TOKEN_SHAPES, TOKEN_STARTS, may_hold_token
from aicore_magics.base.tokens import token_kind
from aicore_magics.errors import InvalidName, InvalidRegistry, InvalidResourceGroup, InvalidTemplate
from aicore_magics.leaks.scan import scan_notebooks
from aicore_magics.leaks.scrub import plan_scrub, scrub_notebooks
from aicore_magics.model.names import Registry, ResourceGroup, SecretName
from aicore_magics.templates.check.text import check_text
from aicore_magics.templates.finding import shown
from aicore_magics.templates.generate import spelling
from tests.leaks.samples import GOOGLE_KEY, TOKENS, Sample, code, made, notebook, written
from tests.templates.examples import GOOD

BY_ID = {shape.id: shape for shape in TOKEN_SHAPES}
# Those that need something beside them to be known.
IN_PLACE = (
    Sample("google-key", json.dumps(GOOGLE_KEY)),
    Sample("azure-storage-key", "AccountKey=" + made(86) + "=="),
    Sample("quay-token", "quay.io/" + made(64, "ABCDEFGHIJ0123456789")),
    Sample("wandb-key", "WANDB_API" + "_KEY=" + made(40, "0123456789abcdef")),
)
SAMPLES = (*TOKENS, *IN_PLACE)
every_shape = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.kind_id)


def words(sample):
    """What a token is called where it stands by itself."""
    shape = BY_ID[sample.kind_id]
    return shape.called or shape.words


def bare(sample):
    """The token alone, without what makes it known."""
    found = re.search(BY_ID[sample.kind_id].pattern, sample.text)
    return found["secret"] if "secret" in found.re.groupindex and found["secret"] else found[0]


def test_each_row_has_a_sample():
    """A new row needs a token of its kind here: then every test below tries it."""
    assert {sample.kind_id for sample in SAMPLES} == BY_ID.keys()


@every_shape
def test_redaction_knows_it(sample):
    """A token is told by its kind in place of itself, and is masked where it is known to be the secret."""
    assert may_hold_token(sample.text)
    assert token_kind(sample.text) == words(sample)
    assert shown(sample.text) == words(sample)
    assert bare(sample) not in scrub(f"401: {sample.text}", Secret(bare(sample)), limit=10_000)


@every_shape
@pytest.mark.parametrize(
    ("parse", "refusal"),
    [
        (SecretName.parse, InvalidName),
        (ResourceGroup.parse, InvalidResourceGroup),
        (Registry.parse, InvalidRegistry),
    ],
)
def test_it_is_refused_as_a_name(sample, parse, refusal):
    """A token in place of a name is refused as what it is, and not repeated."""
    assert not SecretName.fits(sample.text)
    with pytest.raises(refusal) as caught:
        parse(sample.text)
    assert f"looks like {words(sample)}." in caught.value.message
    assert bare(sample) not in f"{caught.value} {caught.value.args}"


@every_shape
def test_it_is_found_in_the_text_of_a_template(sample):
    """A comment of a template that holds a token is found, by the kind of token alone."""
    line = sample.text.splitlines()[0]
    findings = check_text(f"{GOOD['workflow']}# {line}\n")
    assert [(finding.rule.id, finding.severity) for finding in findings] == [("token", "error")]
    assert words(sample) in findings[0].message
    assert bare(sample) not in f"{findings}"


@every_shape
def test_it_comes_into_no_template(sample):
    """A text with a token in it is refused before a template is made of it."""
    with pytest.raises(InvalidTemplate) as caught:
        spelling.text(f"say {sample.text}", "--args")
    assert f"looks like {words(sample)}." in caught.value.message
    assert bare(sample) not in f"{caught.value}"


@every_shape
def test_it_is_found_and_scrubbed_by_a_scan(sample, tmp_path):
    """A scan finds a token in a notebook, by the same name, and scrubbing leaves nothing of it."""
    path = written(tmp_path, notebook(code(f"x = {sample.text!r}")))
    leaks = scan_notebooks(path).leaks
    assert {leak.kind_id for leak in leaks} == {sample.kind_id}
    assert len(scrub_notebooks(plan_scrub(path)).cleaned) == 1
    assert json.dumps(bare(sample))[1:-1] not in path.read_text()
    assert not scan_notebooks(path).leaks


@every_shape
def test_it_is_no_placeholder(sample):
    """A whole token never only holds the place of one."""
    assert not is_placeholder(bare(sample))


@pytest.mark.parametrize("start", TOKEN_STARTS)
def test_one_that_was_cut_short_is_a_placeholder(start):
    """Dots inside what begins as a token stand for more of it; inside a password they are its own."""
    assert is_placeholder(f"{start}A1b2...c3D4")
    assert not is_placeholder("tR7A1b2...c3D4")


@pytest.mark.parametrize("shape", TOKEN_SHAPES, ids=lambda shape: shape.id)
def test_a_row_is_complete(shape):
    """Each row has its words, a way to revoke it, and signs in small letters; both patterns are legal."""
    assert re.fullmatch(r"an? .+", shape.words)
    assert shape.revoke
    assert shape.signs
    assert all(sign == sign.lower() for sign in shape.signs)
    assert re.compile(shape.pattern)
    assert re.compile(shape.alone)


@pytest.mark.parametrize("shape", TOKEN_SHAPES, ids=lambda shape: shape.id)
def test_no_token_is_shorter_than_the_shortest(shape):
    """What a pattern matches has at least as many characters as the text that is looked at more closely."""
    shortest = min(
        re_parser.parse(each).getwidth()[0] for each in (shape.pattern, shape.alone or shape.pattern)
    )
    assert shortest >= SHORTEST_TOKEN


def test_the_shortest_token_is_looked_at():
    """A sign with fewer characters behind it is no token; the shortest that there is, is one."""
    token = "gl" + "dt-" + 8 * "a"
    assert len(token) == SHORTEST_TOKEN
    assert may_hold_token(token)
    assert token_kind(token) == "a GitLab token"
    assert not may_hold_token(token[:-1])


def test_no_other_module_has_a_list_of_its_own():
    """The beginning of a token stands in no other module; where an end hangs on it, it is one of ours."""
    start = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, TOKEN_STARTS))})")
    elsewhere = {}
    root = Path(aicore_magics.__file__).parent
    for path in root.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = [
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said
        ]
        hits = [text for text in texts if isinstance(text, str) and start.search(text.lower())]
        if hits:
            elsewhere[path.relative_to(root).as_posix()] = hits
    assert len(elsewhere.pop("base/token_shapes.py")) >= len(TOKEN_STARTS)
    # The bad samples of two rules are templates with a token in them.
    samples = [name for name in elsewhere if name.startswith("templates/catalogue/")]
    assert [len(elsewhere.pop(name)) for name in samples] == [1, 1]
    # The sandbox shares no code with the rest, and makes tokens.
    assert sorted(elsewhere.pop("sandbox/registry_passwords.py")) == ["ghp_", "glpat-", "ya29."]
    # How long whole tokens are, of which a fingerprint may be made.
    assert len(elsewhere.pop("ledger/makers.py")) <= 6
    assert {name: sorted(found) for name, found in elsewhere.items()} == {
        "registry/lifetimes.py": ["ghs_", "glcbt-"],
        "registry/issuers.py": ["ghp_", "glpat-"],
    }
    assert {"ghs_", "glcbt-", "ghp_", "glpat-"} <= set(TOKEN_STARTS)
