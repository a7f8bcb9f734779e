"""Ways of breaking a long value: what people, editors and programs do to it on the way into a notebook."""

from __future__ import annotations

import html
import json
import textwrap
from urllib.parse import quote

from tests.leaks.samples import DOCKER_CONFIG, GOOGLE_KEY, SERVICE_KEY, TOKENS, base64_of, jwt


def lines(value, width):
    return [value[at : at + width] for at in range(0, len(value), width)]


def between(before, seam, after):
    return lambda value, width: before + seam.join(lines(value, width)) + after


def escaped(value, _):
    """As JSON may have it, each sign that is no letter or digit as its number."""
    return '"' + "".join(sign if sign.isalnum() else f"\\u{ord(sign):04x}" for sign in value) + '"'


# Each takes the value and a width. Where Python puts it together again, the text is Python.
WRAPS = {
    "base64": between("", "\n", "\n"),
    "windows": between("", "\r\n", "\r\n"),
    "block": between("data:\n  config.json: |\n    ", "\n    ", "\nkind: Secret\n"),
    "folded block": between("data:\n  .dockerconfigjson: >-\n      ", "\n      ", "\n  other: x\n"),
    "continued in YAML": between('a: "', "\\\n   ", '"\n'),
    "literals in brackets": between('x = (\n    "', '"\n    "', '"\n)'),
    "literals on a line": between("x = '", "' '", "'"),
    "literals with comments": between("x = (\n    b'", "'  # next\n    b'", "'\n)"),
    "continued lines": between("x = '", "' \\\n    '", "'"),
    "plus": between("x = '", "' + '", "'"),
    "plus over lines": between("x = f('", "' +\n    '", "')"),
    "literals with line ends": between('x = (\n    "', '\\n"\n    "', '\\n"\n)'),
    "put behind": between("x = '", "'\nx += '", "'"),
    "put behind with a type": between('x: str = "', '"  # next\nx += "', '"'),
    "list that is joined": between("x = ''.join(['", "', '", "'])"),
    "three quotes": between('x = """\n', "\n", '\n"""\nprint("done")'),
    "repr": between("b'", "\\n", "\\n'"),
    "here-document": between("%%bash\nbase64 -d <<EOF\n", "\n", "\nEOF\n"),
    "PowerShell": between("$x = '", "`\n", "'\n"),
    "comment": between("# ", "\n# ", "\n"),
    "mail": between("> ", "\n> ", "\n"),
    "frame": lambda value, width: "".join(f"│ {line:{width}} │\n" for line in lines(value, width)),
    "HTML": between("<pre>", "<br/>\n", "</pre>"),
    "JSON text": lambda value, width: json.dumps({"x": "\n".join(lines(value, width))}),
    "JSON lines": lambda value, width: json.dumps(
        {"x": [f"{line}\n" for line in lines(value, width)]}, indent=1
    ),
    "JSON in JSON": lambda value, width: json.dumps(json.dumps({"x": "\r\n".join(lines(value, width))})),
    "terminal": lambda value, width: (
        "value: " + "\n".join([value[: width - 7], *lines(value[width - 7 :], width)])
    ),
    "escapes": escaped,
    "slashes": lambda value, _: json.dumps(value).replace("/", "\\/"),
    "URL": lambda value, _: f"https://a.example/?x={quote(value, safe='')}",
}
WIDTHS = (40, 64, 76)
CONFIG = base64_of(json.dumps(DOCKER_CONFIG, indent=1))
# Each with its kind.
VALUES = (
    (CONFIG, "registry-login"),
    (base64_of(CONFIG), "registry-login"),
    (base64_of(json.dumps(SERVICE_KEY)), "client-secret"),
    (base64_of(json.dumps(GOOGLE_KEY)), "google-key"),
    (jwt(), "jwt"),
    *((one.text, one.kind_id) for one in TOKENS if "\n" not in one.text and len(one.text) > 2 * WIDTHS[0]),
)


def parts(value, length=8):
    """Every stretch of *value* that is so long, but for what all values of its kind begin with."""
    return [value[at : at + length] for at in range(16, len(value) - length + 1)]


def counted(value, size, form):
    return "\n".join(form.format(number, line) for number, line in enumerate(lines(value, size)))


def hyphens(value):
    return "\n".join(textwrap.wrap(value, 33, break_on_hyphens=True))


# What cannot be put together by its looks alone, and holds a value that is known from another place.
SPLITS = {
    "variables": lambda value: counted(value, 9, 'p{} = "{}"') + "\nx = p0 + p1\n",
    "short variables": lambda value: counted(value, 5, 'p{} = "{}"'),
    "dict": lambda value: str(dict(enumerate(lines(value, 10)))),
    "list": lambda value: str(list(value)),
    "numbered lines": lambda value: counted(value, 12, "{:6d}\t{}"),
    "numbered signs": lambda value: counted(value, 1, "{} {}"),
    "named lines": lambda value: counted(value, 6, "part {}: {}"),
    "Series": lambda value: counted(value, 10, "{}    {}") + "\ndtype: object",
    "table": lambda value: "<table>" + counted(value, 9, "<tr><th>{}</th><td>{}</td></tr>") + "</table>",
    "hyphens": hyphens,
    "quoted": lambda value: "> " + "\n> ".join(lines(value, 21)),
    "unequal": lambda value: f"  {value[:13]}\n      {value[13:30]}\n | {value[30:]}",
    "box": lambda value: "".join(f"│ {line:20} │\n" for line in lines(value, 20)),
    "soft hyphens": lambda value: "&shy;".join(lines(value, 4)),
    "word breaks": lambda value: "<wbr>".join(lines(value, 5)),
    "colours": lambda value: "\x1b[31m".join(lines(value, 7)),
    "spans": lambda value: "".join(f'<span class="n">{line}</span>' for line in lines(value, 3)),
    "spaces": lambda value: " ".join(lines(value, 4)),
    "backwards": lambda value: value[::-1],
    "URL": lambda value: f"https://a.example/?x={quote(value, safe='')}",
    "HTML": html.escape,
    "JSON": lambda value: json.dumps("".join(s if s.isalnum() else f"\\u{ord(s):04x}" for s in value)),
    "login": lambda value: base64_of(f"anna:{value}"),
    "other login": lambda value: base64_of(f"robot$x:{value}") + ": x",
    "hexadecimal": lambda value: value.encode().hex(),
    "beginning": lambda value: f"it begins with {value[: len(value) * 2 // 3]}…",
    "end": lambda value: f"…{value[len(value) // 3 :]}",
    "word": lambda value: f"x{value}y",
}
