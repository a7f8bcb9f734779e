"""What people have around a login file: quotes, base64, a code block, a variable, a command, a request."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from html import unescape
from itertools import zip_longest

from aicore_magics.base.wrappers import from_json, from_wrapped_base64
from aicore_magics.logins.shapes.found import Found, Look, Named, wrapped
from aicore_magics.logins.shapes.payloads import PAYLOADS
from aicore_magics.next_steps import Command, Option

_SHORTEST_BASE64 = 8
_LONGEST_COMMAND = 65_536  # characters; the shell's own words are told one by one
_QUOTES = {"'": "'", "`": "`", "\u2018": "\u2019", "\u201c": "\u201d", "\u201e": "\u201c", "\u00ab": "\u00bb"}
_ARMOURS = {
    "PGP MESSAGE": ("text that PGP has encrypted", (Command("gpg --decrypt FILE"), " opens it.")),
    "AGE ENCRYPTED FILE": ("text that age has encrypted", (Command("age --decrypt FILE"), " opens it.")),
}
_BEFORE_MARK = re.compile(r"[\w+/=.\s-]{8,}|(?s:\{.*\}|\[.*\])", re.ASCII)
_FENCE = re.compile(r"(?ms)^(```|~~~)[^\n]*\n(.*?)^ {0,3}\1")
_BODY_OPTIONS = ("-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json")
_PROGRAMS = "curl|kubectl|oc|docker|podman|skopeo|az|aws|gcloud|doctl|helm|crane|oras|echo|cat|base64"
_ASSIGNED = r"[ \t]*(?:export[ \t]+|set[ \t]+|\$env:)?({})[ \t]?=[ \t]?"
_VARIABLE = re.compile(
    f"(?m)^{_ASSIGNED.format('|'.join(map(re.escape, PAYLOADS)))}"
    r"""(?:'([^']*)'|"((?:[^"\\]|\\.)*)"[ \t]*;?\r?$|(.*))"""
)
_ANY_VARIABLE = re.compile(rf"{_ASSIGNED.format('[A-Za-z_][A-Za-z0-9_]*')}[^=\s]")


def end_mark(text: str, look: Look) -> Found | None:
    """What was copied from a terminal with the sign that stands for a line break that is missing at the end.

    zsh prints % (its option PROMPT_SP), fish ⏎. In JSON, base64 and the tokens of clouds neither has a place.
    """
    before = text[:-1].rstrip()
    if text[-1] not in "%⏎" or not _BEFORE_MARK.fullmatch(before):
        return None
    found = look(before)
    if isinstance(found, Named):
        return None if found.guess else found
    note = f"The {text[-1]} at its end was removed. A shell shows it where a line break is missing."
    return replace(found, notes=(*found.notes, note))


def data_address(text: str, look: Look) -> Found | None:
    """A `data:` address, as browsers and some stores write a file."""
    match = re.match(r"data:[\w/.+-]{0,99}(?:;[\w.=-]{1,99}){0,5},", text)
    if not match:
        return None
    found = in_base64(text[match.end() :], look) if match[0].endswith(";base64,") else None
    return found or Named("a data: address")


def fenced(text: str, look: Look) -> Found | None:
    """Markdown with one code block."""
    if "```" not in text and "~~~" not in text:
        return None
    blocks = [match[2] for match in _FENCE.finditer(text)]
    if len(blocks) == 1:
        return wrapped(look(blocks[0]), "a Markdown code block", of="a Markdown code block with {}")
    own_file = "put the one with the login into a separate file."
    return Named(f"Markdown with {len(blocks)} code blocks", own_file) if blocks else None


def quoted(text: str, look: Look) -> Found | None:
    """A text in the single quotes of a shell, the ticks of Markdown, or the quotes of a word processor."""
    inner = text[1:-1]
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and not {text[0], text[-1]} & set(inner):
        return wrapped(look(inner), "quotes", of="{} in quotes")
    return None


def variable(text: str, look: Look) -> Found | None:
    """Lines of NAME=value, as in `.env` and in a shell, one of which has a docker config."""
    match = _VARIABLE.search(text) if _begins_with_variable(text) else None
    return look({match[1]: _value(*match.groups()[1:])}) if match else None


def other_variables(text: str, _look: Look) -> Found | None:
    """Lines of NAME=value, none of which has a docker config."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if lines and all(_ANY_VARIABLE.match(line) for line in lines):
        return Named("a list of variables", ("set them, and use ", Option("password-env", "VAR"), "."))
    return None


def _begins_with_variable(text: str) -> bool:
    """Whether the first line that is no comment is one: inside YAML it may be a part of something else."""
    return _ANY_VARIABLE.match(re.sub(r"\A(?:[ \t]*(?:#.*)?\r?\n)*", "", text)) is not None


def _value(single: str | None, double: str | None, bare: str | None) -> str:
    """The value as a shell takes it; bare, it may be in double quotes that are not written out."""
    if single is not None:
        return single
    if double is not None:
        return re.sub(r'\\(["\\$`])', r"\1", double)
    value = (bare or "").strip().removesuffix(";")
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def command(text: str, look: Look) -> Found | None:
    """A line for the shell: the body in a call of curl is read, everything else is named."""
    match = re.match(rf"(?:[$%>#] +)?(?:sudo +)?({_PROGRAMS})(?:\.exe)?\s+\S", text)
    if not match:
        return None
    body = _body(text[match.start(1) :]) if match[1] == "curl" and len(text) <= _LONGEST_COMMAND else None
    if body is None:
        what = f"a command for the shell ({match[1]} …)"
        return Named(what, "run it, and give its output, or give user and password alone.")
    if body.startswith("@"):
        return Named("a curl command, which sends another file", "give that file.")
    return wrapped(look(body), "a curl command", of="a curl command with {}")


def _body(line: str) -> str | None:
    """What curl sends: the value of the first option for it."""
    words = _words(line)
    for word, following in zip_longest(words, words[1:]):
        option, equals, value = word.partition("=")
        if option in _BODY_OPTIONS:
            return value if equals else following
        if word.startswith("-d") and len(word) > len("-d"):
            return word.removeprefix("-d")
    return None


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # a quote that stays open
        return []


def request(text: str, look: Look) -> Found | None:
    """A request with its body, as an editor's HTTP client has it in a file."""
    if not re.match(r"(?:###.*\n)?(?:POST|PATCH|PUT) \S+", text):
        return None
    head_and_body = re.split(r"\n[ \t]*\r?\n", text, maxsplit=1)
    if len(head_and_body) == 1:
        return Named("an HTTP request without a body")
    return wrapped(look(head_and_body[1]), "an HTTP request", of="an HTTP request with {}")


def escaped(text: str, look: Look) -> Found | None:
    """JSON as it stands inside a JSON text, without that text's quotes; or as a web page has it."""
    if text.startswith("{&quot;"):
        return wrapped(look(unescape(text)), "HTML", of="HTML with {}")
    inner = from_json(f'"{text}"', lenient=True) if re.match(r'\{\s*\\"', text) else None
    return wrapped(look(inner), "a JSON text", of="a JSON text with {}") if isinstance(inner, str) else None


def armoured(text: str, look: Look) -> Found | None:
    """PEM: a key or a certificate, or what `certutil -encode` makes of any file."""
    match = re.fullmatch(r"-----BEGIN ([A-Z0-9 ]{1,40})-----\s(.*)-----END \1-----", text, re.DOTALL)
    if not match:
        return None
    if match[1] in _ARMOURS:
        return Named(*_ARMOURS[match[1]])
    found = in_base64(match[2].strip(), look) if match[1] == "CERTIFICATE" else None
    return found or Named(f"PEM ({match[1].lower()})")


def go_map(text: str, look: Look) -> Found | None:
    """A Secret's `data` as an older kubectl prints it: `map[.dockerconfigjson:eyJ…]`."""
    match = re.fullmatch(r"map\[([\w.-]{1,100}):(\S*)\]", text)
    return look({match[1]: match[2]}) if match and match[1] in PAYLOADS else None


def in_base64(text: str, look: Look) -> Found | None:
    """Base64 of something, wrapped at any column, as `base64` and `kubectl get -o jsonpath` print it."""
    if len(text) < _SHORTEST_BASE64 or not re.fullmatch(r"[A-Za-z0-9+/_\s-]+(?:=[=\s]*)?", text):
        return None
    if text.startswith("H4sI"):
        return Named("base64 of compressed data (gzip)", (Command("base64 -d FILE | gunzip"), " opens it."))
    inner = from_wrapped_base64(text)
    found = look(inner) if inner and inner.strip() else None
    # By chance, a word or a token is base64 of something, too.
    if found is None or (isinstance(found, Named) and found.guess):
        return None
    return wrapped(found, "base64", of="base64 of {}")
