"""What has a colon in it as `user:token` has, and is something else: an image, a path, a hash of a password.

Each row is narrow: a token may be of any characters, so what is doubtful is a login. Where a user with an odd
token could look the same, the row says "may be", and whoever has such a token gives it beside its user.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.token_shapes import TOKEN_SHAPES
from aicore_magics.logins.shapes.found import GIVE, Found, Look, Named, broken
from aicore_magics.next_steps import Command, Option

if TYPE_CHECKING:
    from aicore_magics.next_steps import Words

_APART: Words = (
    "give the user ",
    Option("username", "USER", "with"),
    ", the token ",
    Option("password-file", "FILE", "with"),
    ".",
)
_GIVE_TOKEN: Words = ("give the token itself, and its user ", Option("username", "USER", "with"), ".")
_GIVE_FILE: Words = ("give the file that is at this path ", Option("from-file", "PATH", "with"), ".")
_AWS_LOGIN: Words = (Command("aws ecr get-authorization-token"), " creates a login for Amazon ECR.")
# crypt(5) and htpasswd: the method, its settings and salt, and at least twenty characters of the hash.
_HASH = (
    r"(?:\$(?:2[abxy]|apr1|argon2(?:i|d|id)|scrypt|md5|sha1|pbkdf2[\w-]{0,9}|gy|y|[1567])\$"
    r"(?:[\w=,./+-]{1,64}\$){0,4}[\w./+=-]{20,200}|\{(?:SHA|SSHA|SHA256|SHA512|CRYPT|MD5)\}[\w./+=$-]{12,200})"
)
_AWS_KEY = next(shape.pattern for shape in TOKEN_SHAPES if shape.id == "aws-access-key")
_HOST = r"(?:localhost|(?:[0-9]{1,3}\.){3}[0-9]{1,3}|(?:[a-z0-9][a-z0-9-]{0,62}\.){1,9}[a-z]{2,24})"
# Behind a user such as anna.may a few digits may be the password, behind three labels hardly.
_DEEP_HOST = r"(?:localhost|(?:[0-9]{1,3}\.){3}[0-9]{1,3}|(?:[a-z0-9][a-z0-9-]{0,62}\.){2,9}[a-z]{2,24})"
_PATH = r"[a-z0-9][a-z0-9._/-]{0,250}"
_VERSION = r"(?:latest|v?[0-9]{1,5}(?:\.[0-9]{1,5}){1,3}(?:[.+-][a-z0-9][a-z0-9.+-]{0,60})?)"
# A token of base64 may begin with two slashes, too.
_SCHEMES = (
    r"https?|docker|oci|git|ssh|s?ftp|s3|gs|op|vault|secret|ref\+\w{2,20}|postgres(?:ql)?|mysql|jdbc:\w{2,20}"
    r"|mongodb(?:\+srv)?|rediss?|amqps?|ldaps?|wss?|unix|tcp|npipe|file|env"
)
# Not user, token, secret, registry, auth: registries and people have users of these names.
_FIELD_NAMES = (
    r"password|passwd|passwort|pwd|user_?name|_auth|_authtoken|_password|authorization|bearer|client_?secret"
    r"|(?:access|identity|registry|refresh|docker|github|gitlab|bearer|auth)_?token"
    r"|docker_(?:user|username|password|pat)"
)
_DIGEST = r"sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})"
# Known by its first line: a file of these may have more lines.
_FILES: tuple[tuple[str, str, Words], ...] = (
    (rf"[^\s:]{{1,255}}:{_HASH}(?:\s|\Z)", "an htpasswd file: it has a hash, not the password", _GIVE_TOKEN),
    (
        rf"[^\s:]{{1,255}}:(?:{_HASH}|[!*x]{{0,2}}):(?:[0-9]{{0,10}}:){{2}}[^\n]*:",
        "a list of users of Linux (passwd or shadow)",
        _GIVE_TOKEN,
    ),
    (r"//[^\s:]{1,255}:[A-Za-z_-]{2,20} ?=", "an .npmrc, for packages of npm", GIVE),
    (r"[^\s:]{1,255}:(?:[0-9]{3,5}|\*):[^\s:]{1,99}:[^\s:]{1,99}:\S", "a .pgpass, for a database", GIVE),
    (r"https?://[^\s/@:]{1,255}:[^\s/@]{1,1024}@", "an address (URL) with user and password", _APART),
)
# The whole is one word.
_WORDS: tuple[tuple[str, str, Words], ...] = (
    (r"[A-Za-z]:\\.*", "the path of a file", _GIVE_FILE),
    (r"[A-Za-z]:/(?:[\w .~-]{1,99}/)+[\w.~-]{1,99}", "the path of a file", _GIVE_FILE),
    (r"file:.+", "the path of a file", _GIVE_FILE),
    (rf"(?:{_SCHEMES})://.+", "an address (URL)", _APART),
    (r"git@[\w.-]{1,255}:.+|[^\s:]{1,255}:[\w./~-]{1,255}\.git", "the address of a git repository", GIVE),
    (
        r"[^\s:]{1,255}:/(?:home|Users|root|tmp|etc|var|opt|mnt|run|srv)/[\w./~-]{1,255}",
        "a path on another machine",
        _GIVE_FILE,
    ),
    (r"(?:arn:aws[a-z-]{0,12}|urn):.+", "the name of a resource, not the secret in it", _GIVE_TOKEN),
    (
        r"(?:vault|ssm|awssm|gcpsm|azkv|keyvault):[\w.-]{0,99}/[\w./-]{1,255}(?:#[\w.-]{1,99})?|env:[A-Z0-9_]{3,99}",
        "a note of where a secret is kept",
        _GIVE_TOKEN,
    ),
    (r"(?:sha1|sha256|sha384|sha512|md5):[0-9a-f]{32,128}", "a digest", GIVE),
    (rf"{_AWS_KEY}:\S+", "a key for AWS", _AWS_LOGIN),
    (rf"(?i)(?:{_FIELD_NAMES}):.+", "a single field and its value", _APART),
    (
        r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{4,20}(?:Z|[+-].*)?",
        "a time",
        GIVE,
    ),
    (r"(?:[0-9A-Fa-f]{2}:){5,}[0-9A-Fa-f]{2}", "a fingerprint or the address of a network card", GIVE),
)
# By chance a user with a token may look so, as `anna.may:5000`.
_MAYBE: tuple[tuple[str, str], ...] = (
    (
        rf"{_DEEP_HOST}:[0-9]{{2,5}}|{_HOST}:(?:80|443|50[0-9][0-9]|80[0-9][0-9]|8443|8888)",
        "a host with its port",
    ),
    (rf"{_HOST}:[0-9]{{2,5}}/.*", "a host with its port and a path"),
    (rf"[a-z0-9][a-z0-9-]{{0,62}}:[0-9]{{2,5}}/{_PATH}(?::[\w.-]{{1,128}})?(?:@{_DIGEST})?", "an image"),
    (rf"{_HOST}/{_PATH}:\w[\w.-]{{0,127}}(?:@{_DIGEST})?", "an image with its tag"),
    (rf"{_PATH}(?::[\w.-]{{1,128}})?@{_DIGEST}", "an image with its digest"),
    (rf"{_PATH}:{_VERSION}", "an image with its tag"),
)


def lookalike(text: str, _look: Look) -> Found | None:
    """What is known by its looks to be no login, though a colon is in it."""
    if ":" not in text or text[0] in "{[\"'":
        return None
    lines = re.sub(r"\A(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*", "", text)
    files = (Named(what, then) for shape, what, then in _FILES if re.match(shape, lines))
    file = next(files, None)
    if file or any(character.isspace() for character in text):
        return file
    words = (Named(what, then) for shape, what, then in _WORDS if re.fullmatch(shape, text))
    maybe = (
        broken(f"the file may be {what}, not user and token", _APART)
        for shape, what in _MAYBE
        if re.fullmatch(shape, text)
    )
    return next(words, None) or next(maybe, None)
