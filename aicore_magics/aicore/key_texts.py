"""The data in a text that a service key was pasted, printed, quoted or encoded as.

Each way of writing it is one row of `_WAYS`; one may lie within another. Nothing here raises, and nothing is
evaluated: the text contains a secret, and the parsers' own errors quote it.
"""

from __future__ import annotations

import html
import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from aicore_magics.base import yaml
from aicore_magics.base.spaces import bare
from aicore_magics.base.wrappers import Unread, from_json, from_url_base64

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_LAYERS = 12
_MOST_SETTINGS = 60  # lines NAME=VALUE that are looked at
_MOST_DOCUMENTS = 20
_SHORTEST_BASE64 = 40
_ENDS = {"{": "}", "[": "]"}
# A line of a .env file or a shell, in which a value may go on in the next line if it is quoted.
_SETTING = re.compile(
    r"""(?m)^[ \t]*(?:export[ \t]+|set[ \t]+|\$env:)?(AICORE_\w+|VCAP_SERVICES)[ \t]*=[ \t]*"""
    r"""('[^']*'(?=[ \t\r;]*$)|"[^"\\]*(?:\\[\s\S][^"\\]*)*"(?=[ \t\r;]*$)|[^\r\n]*)"""
)
_BEFORE_JSON = re.compile(
    r"""(?m)^[ \t]*(?:export[ \t]+)?(AICORE_SERVICE_KEY|VCAP_SERVICES)[ \t]*[:=][ \t]*['"]?(?=[{\[])"""
)
# Names of YAML that a service key, or what it lies in, begins a line with.
_LIKE_YAML = re.compile(
    r"(?m)^[ \t]*(?:- )?(?:aicore|clientid|credentials|data|kind|requires|stringData|AICORE_\w+)[ \t]*:"
)
# What Python prints otherwise than JSON: a text in single quotes, and three words. Whatever begins is taken
# to its end, or to the end of all, so that no letter is looked at twice.
_PYTHON = re.compile(
    r"""[uU]?'([^'\\]*(?:\\[\s\S][^'\\]*)*)(?:'|\\?\Z)|"([^"\\]*(?:\\[\s\S][^"\\]*)*)(?:"|\\?\Z)"""
    r"""|\b(True|False|None)\b"""
)
_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----")
_WORDS = {"True": "true", "False": "false", "None": "null"}
# What stands before an object that lies within another whose beginning is lost, or within a quoted text.
_WITHIN = re.compile(r"""["']\s*:|[=(,]\s*["'](?!\s*\Z)""")
_ESCAPE = re.compile(r"\\(U000[0-9a-fA-F]{5}|U0010[0-9a-fA-F]{4}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S])")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def data_in(text: str) -> Any:
    r"""Return the data that *text* holds, however it is written, or `Unread` where there is none.

    >>> data_in("Getting key k ...\n\n{'clientid': 'c'}\nOK")
    {'clientid': 'c'}
    """
    for _ in range(MOST_LAYERS):
        text = bare(text)
        data = from_json(text)
        if data is not Unread.NOT_JSON and not isinstance(data, str):
            return data
        inner = data if isinstance(data, str) else _inside(text)
        if not isinstance(inner, str):
            return inner
        text = inner
    return Unread.NOT_JSON


def _inside(text: str) -> Any:
    """What the first way that fits finds in *text*: data, a text within, or `Unread.NOT_JSON`."""
    for way in _WAYS:
        found = way(text)
        if found is not None:
            return found
    return Unread.NOT_JSON


def _unquoted(text: str) -> str | None:
    """The text between two quotes, which a shell or a .env file has, and some readers keep; or Python's."""
    value = re.match(r"[A-Za-z_]\w*\s*=\s*(?=['\"])", text)
    text = text[value.end() :].rstrip(" ;") if value else text
    if len(text) < 3 or text[0] != text[-1] or text[0] not in "\"'":  # noqa: PLR2004  more than the quotes
        return None
    inner = text[1:-1]
    if inner[0] not in _ENDS and "\n" not in inner:
        return _ESCAPE.sub(_unescaped, inner)
    escaped = text[0] == '"' and not re.search(r'(?<!\\)"', inner)
    return inner.replace('\\"', '"') if escaped else inner


def _fenced(text: str) -> str | None:
    """The first block of code in Markdown."""
    block = re.search(r"(?m)^[ \t]*```[^\n`]*\n([^`]*)```", text)
    return block[1] if block else text.strip("`") if text.startswith("`") else None


def _settings(text: str) -> dict[str, str] | None:
    found = {match[1]: bare(match[2]) for match in islice(_SETTING.finditer(text), _MOST_SETTINGS)}
    # An object that goes on in the next lines: what stands around it is left out later.
    return None if any(value.strip("'\"") in _ENDS for value in found.values()) else found or None


def _documents_of_yaml(text: str) -> Any:
    """The document of YAML, or a list of several."""
    if text[:1] in _ENDS or not _LIKE_YAML.search(text):
        return None
    parts = re.split(r"(?m)^---(?:\s.*)?$", text, maxsplit=_MOST_DOCUMENTS)
    read = [yaml.read_untrusted(part) for part in parts if part.strip()]
    if any(isinstance(each, yaml.Unread) for each in read):
        return None
    data = [each for each in read if isinstance(each, (dict, list))]
    return data[0] if len(data) == 1 else data or None


def _printed_by_python(text: str) -> Any:
    """A dict as Python prints it; its texts are unescaped, and nothing is evaluated."""
    if text[:1] not in _ENDS or "'" not in text:
        return None
    data = from_json(_PYTHON.sub(_as_json, text))
    return data if isinstance(data, (dict, list)) else None


def _as_json(match: re.Match[str]) -> str:
    if match[3]:
        return _WORDS[match[3]]
    return json.dumps(_ESCAPE.sub(_unescaped, match[2] if match[1] is None else match[1]))


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPES.get(code, code)


def _with_escaped_quotes(text: str) -> str | None:
    """JSON in which every quote is escaped, once it was taken out of another text."""
    if not re.match(r'[\[{][\[{\s]*\\+"', text):
        return None
    return text.replace("\\\\", "\\").replace('\\"', '"')


def _assigned(text: str) -> dict[str, Any] | None:
    """JSON behind a name, in one line or several, as in a .env file and in what `cf env` prints."""
    name = _BEFORE_JSON.search(text)
    data = _begun(text, name.end()) if name else None
    return {name[1]: data[0]} if name and data else None


def _several(text: str) -> list[Any] | None:
    """Several JSON texts, one after another."""
    found: list[Any] = []
    at = 0
    while text[at : at + 1] in _ENDS and len(found) < _MOST_DOCUMENTS:
        data = _begun(text, at)
        if data is None:
            return None
        found.append(data[0])
        at = data[1]
        at += len(text) - at - len(text[at:].lstrip(", \t\r\n"))
    return found if len(found) > 1 and at >= len(text) else None


def _begun(text: str, at: int) -> tuple[Any, int] | None:
    """The JSON that begins there, and where it ends. How deep it is was seen before."""
    try:
        return json.JSONDecoder(parse_int=str).raw_decode(text, at)
    except (ValueError, RecursionError):
        return None


def _between(text: str) -> Any:
    """The object or list in *text*, without what is before and behind it: a line of cf, a fence, a name."""
    line = re.search(r"(?m)^[ \t]*[{\[]", text)
    at = line.end() - 1 if line else text.find("{")
    if at < 0 or _WITHIN.search(text, 0, at):
        return None
    whole = _begun(text, at)
    if whole:
        return whole[0]
    within = text[at : text.rfind(_ENDS[text[at]]) + 1]
    return within if 0 < len(within) < len(text) else None


def _as_typed(text: str) -> str | None:
    """The text with straight quotes and plain spaces, which word processors and web pages put others for."""
    plain = html.unescape(text) if "&quot;" in text else text
    plain = re.sub("[\u2018\u2019\u201a]", "'", re.sub("[\u201c\u201d\u201e\u201f]", '"', plain))
    plain = plain.replace("\u00a0", " ")
    return plain if plain != text else None


def _in_base64(text: str) -> str | None:
    joined = re.sub(r"\Adata:[^,]{0,99};base64,", "", "".join(text.split())).rstrip("%⏎")
    if len(joined) < _SHORTEST_BASE64 or not re.fullmatch(r"[A-Za-z0-9+/_-]+=*", joined):
        return None
    decoded = from_url_base64(joined)
    return decoded if decoded and not re.search(r"[\x00-\x08\x0e-\x1f]", decoded) else None


def _of_a_mail(text: str) -> str | None:
    """The text whose lines a mail program has quoted, each behind a >."""
    lines = [line for line in text.splitlines() if line.strip()]
    quoted = len(lines) > 1 and all(line.lstrip().startswith(">") for line in lines)
    return "\n".join(re.sub(r"^\s*> ?", "", line) for line in lines) if quoted else None


def _without_comments(text: str) -> str | None:
    """JSON without the lines that are comments, as editors let one have them in their settings."""
    if text[:1] not in _ENDS and not text.startswith("//"):
        return None
    plain = re.sub(r"(?m)^[ \t]*//.*$|(?<=[,{\[])[ \t]*//[^\"\n]*$", "", text)
    return plain if plain != text else None


def _loose(text: str) -> Any:
    """An object without quotes, or with a comma too many, as YAML and JavaScript have it."""
    if text[:1] not in _ENDS or not re.search(r"\b(?:clientid|kind|credentials)\b['\"]?\s*:", text):
        return None
    data = yaml.read_untrusted(text)
    return data if isinstance(data, (dict, list)) else None


_WAYS: tuple[Callable[[str], Any], ...] = (
    _assigned,
    _settings,
    _unquoted,
    _fenced,
    _documents_of_yaml,
    _with_escaped_quotes,
    _printed_by_python,
    _several,
    _of_a_mail,
    _without_comments,
    _between,
    _in_base64,
    _loose,
    _as_typed,
)


def unquoted(text: str) -> str:
    """Return *text* without the quotes around it, which some readers of .env files keep.

    >>> unquoted("'c'"), unquoted("c'")
    ('c', "c'")
    """
    quoted = len(text) > 2 and text[0] == text[-1] and text[0] in "\"'"  # noqa: PLR2004  more than the quotes
    return text[1:-1] if quoted else text


def pem_in(text: str) -> str:
    """Return the PEM that *text* is, with the line ends that a variable loses, and out of base64."""
    text = text.replace("\\\\n", "\n").replace("\\r", "").replace("\\n", "\n")
    if "-----BEGIN" not in text:
        decoded = _in_base64(text)
        text = decoded if decoded and "-----BEGIN" in decoded else text
    return _PEM.sub(_in_lines, text)


def _in_lines(block: re.Match[str]) -> str:
    """One block, in lines of 64 where spaces took the place of line ends."""
    body = block[2].strip()
    if "\n" in body:
        return block[0]
    joined = "".join(body.split())
    lines = [joined[at : at + 64] for at in range(0, len(joined), 64)]
    return "\n".join((f"-----BEGIN {block[1]}-----", *lines, f"-----END {block[1]}-----"))
