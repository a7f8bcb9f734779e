from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors import hits
from aicore_magics.leaks.detectors.unwrapped import plain, unescaped, unwrapped
from tests.leaks.samples import LOGIN, TOKENS, made, private_key
from tests.leaks.wraps import VALUES, WIDTHS, WRAPS, parts


@pytest.mark.parametrize("wrap", WRAPS)
def test_every_wrap(wrap):
    """A long value is found whole, however it is broken: one credential, from its first to its last sign."""
    for value, kind in VALUES:
        for width in WIDTHS:
            text = WRAPS[wrap](value, width)
            for written in (text, text.replace("\r\n", "\n").replace("\n", "\r\n")):
                for style in ("code", "output", "file"):
                    found = hits(written, style)
                    left = "".join(
                        written[end:start]
                        for end, start in zip(
                            [0, *(hit.end for hit in found)],
                            [*(hit.start for hit in found), len(written)],
                            strict=True,
                        )
                    )
                    assert kind in {hit.kind_id for hit in found}
                    assert [part for part in parts(value) if part in left] == [], (wrap, width, style)


@pytest.mark.parametrize(
    "sample", [sample for sample in TOKENS if "\n" not in sample.text], ids=lambda s: s.kind_id
)
@pytest.mark.parametrize(
    "seam", ['" "', '" + "', '"\n    "', '" \\\n    "', '"  # more\n    "', '" f"', '" +\n    b"']
)
def test_a_token_in_literals(sample, seam):
    """Wherever a token is parted into two literals, both are found as one, in its first sign even."""
    for at in (1, 3, len(sample.text) // 2, len(sample.text) - 1):
        text = f'x = ("{sample.text[:at]}{seam}{sample.text[at:]}")'
        (found,) = hits(text, "code")
        assert (found.kind_id, found.start, found.end) == (sample.kind_id, 6, len(text) - 2)


@pytest.mark.parametrize(
    "seam",
    [
        "\n",
        "\r\n",
        "\\n",
        '\\n"\n  "',
        '" +\n  "',
        '\\n",\n  "',
        "\n# ",
        "\n> ",
        "<br>\n",
        "\n    ",
        "' \\\n'",
    ],
)
def test_a_key_line_by_line(seam):
    """A private key is found from its first to its last line, whatever stands between them."""
    text = f'x = ["{private_key().replace(chr(10), seam)}"]'
    assert [(hit.kind_id, hit.start, hit.end) for hit in hits(text, "code")] == [
        ("private-key", 6, len(text) - 2)
    ]


TOKEN = TOKENS[2].text


@pytest.mark.parametrize(
    "text",
    [
        "{}\nregistry\n",
        "{}\nand more of it",
        "{}\nDone\n",
        'x = "{}"\n"a-docstring"',
        'x = "{}", "other-1"',
        "!docker login -p '{}' 'ghcr.io'",
        'print("{}" " is it")',
        "%%bash\ncat <<EOF\n{}\nEOF\n",
        "docker login -p {} \\\n   ghcr.io",
        "token: |\n  {}\nuser: anna",
        "<td>{}</td><td>anna</td>",
    ],
)
def test_what_belongs_to_no_token(text):
    """The next line, statement, argument, or element of a list stays."""
    written = text.format(TOKEN)
    assert [written[hit.start : hit.end] for hit in hits(written, "code")] == [TOKEN]


@pytest.mark.parametrize("seam", ["\n", '", "', "\\n", "<br>", '",\n "'])
def test_two_tokens_side_by_side(seam):
    """Two tokens are two, though the second would go on the first."""
    other = TOKENS[3].text
    text = f'"{TOKEN}{seam}{other}"'
    assert [text[hit.start : hit.end] for hit in hits(text, "file")] == [TOKEN, other]


@pytest.mark.parametrize("block", ["|", ">", "|-", ">+", "|2", "| # of the team"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_value_in_a_block_of_yaml(block, end):
    """A password or an `auth` may stand on the line behind its name."""
    for name, value, kind in (
        ("docker_password", "Tr0ub4dor&3", "registry-password"),
        ("auth", LOGIN, "registry-login"),
    ):
        text = f"{name}: {block}{end}    {value}{end}user: anna{end}"
        assert [(text[hit.start : hit.end], hit.kind_id) for hit in hits(text, "file")] == [(value, kind)]


@pytest.mark.parametrize(
    "text",
    ["no\nbreaks of long words", "x = 'a' 'b'", "{'a': 'b'}", "[1, 2]\n[3, 4]", made(70) + "\n" + 20 * "="],
)
def test_what_is_not_wrapped(text):
    """In usual texts nothing is put together."""
    assert [view.text for view in unwrapped(text) if len(view.text) < len(text) - 4] == []
    assert list(unescaped(text)) == []


def test_a_value_as_it_may_stand_elsewhere():
    """Without its breaks it is one word."""
    assert plain("abc' \\\n  'def\\\nghi\njkl") == "abcdefghijkl"


@pytest.mark.parametrize(
    ("escape", "sign"), [("\\u005f", "_"), ("\\x5f", "_"), ("\\\\u002D", "-"), ("%2B", "+"), ("&#x3D;", "=")]
)
def test_escapes(escape, sign):
    """A sign may be written as its number; where it stood is known."""
    (view,) = unescaped(f"x = 'abcdefgh{escape}ijklmnop'")
    at = view.text.index(f"h{sign}i")
    assert view.parts(at, at + 3) == [(12, 13), (13, 13 + len(escape)), (13 + len(escape), 14 + len(escape))]
