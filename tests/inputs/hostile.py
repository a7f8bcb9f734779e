"""Texts that are made to cost more than they are long, and the doors through which files come in."""

from __future__ import annotations

import base64
import gc
import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest.mock import patch

from aicore_magics.aicore.credential_sources import find_service_key, read_service_key
from aicore_magics.base.redact import Secret
from aicore_magics.logins.docker_login import find_docker_login, find_docker_user, list_docker_logins
from aicore_magics.logins.login_file import file_logins
from aicore_magics.logins.wish import LoginWish
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry
from aicore_magics.templates.check.check_files import check_text
from aicore_magics.templates.patch.patch import set_pull_secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY = ".dockerconfigjson"
GHCR = Registry("ghcr.io")
IMAGE = ImageReference.parse("r7.example.com/acme/churn:1")


def coded(text: str) -> str:
    """Give *text* in base64."""
    return base64.b64encode(text.encode()).decode()


def many(part: str, size: int) -> str:
    """Give *part* as often as it fits into *size* characters; %d in it is a number."""
    times = max(1, size // len(part))
    return "".join(part % number for number in range(times)) if "%d" in part else part * times


def auths(size: int, entry: dict[str, object], key: str = "r{}.example.com") -> str:
    """Give a docker config of *size* characters, each entry of which is *entry*."""
    times = max(1, size // (len(json.dumps(entry)) + len(key) + 10))
    return json.dumps({"auths": {key.format(number): entry for number in range(times)}})


def wrapped(size: int) -> str:
    """Give a Secret in a Secret, and so on, in base64 each time."""
    text = "{}"
    while len(text) < size:
        text = json.dumps({"kind": "Secret", "data": {KEY: coded(text)}})
    return text[:size] if len(text) > 2 * size else text


def laughs(size: int) -> str:
    """Give a billion laughs: each line stands for nine of the one before."""
    lines = (f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n" for n in range(size // 60))
    return "a0: &a0 lol\n" + "".join(lines)


SHAPES: dict[str, Callable[[int], str]] = {
    "deep [": lambda size: "[" * size,
    "deep {": lambda size: many('{"a":', size),
    "deep [ ]": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "deep flow {": lambda size: many("{a: ", size),
    "- - -": lambda size: many("- ", size),
    "deep lines": lambda size: "".join(f"{' ' * n}a:\n" for n in range(int((2 * size) ** 0.5))),
    "? ? ?": lambda size: many("? ", size),
    "long flow list": lambda size: f"[{many('a, ', size)}]",
    "long JSON list": lambda size: f"[{many('1,', size)}1]",
    "list of empty lists": lambda size: f"[{many('[],', size)}[]]",
    "long flow list of pairs": lambda size: f"[{many('a: b, ', size)}]",
    "merge keys": lambda size: many("<<: {a%d: b}\n", size),
    "merged list": lambda size: f"a: &a {{b: c}}\nd:\n  <<: [{many('*a, ', size)}]",
    "billion laughs": laughs,
    "anchors": lambda size: many("- &a%d b\n", size),
    "base 60": lambda size: "a: " + many("1:", size) + "1",
    "base 60 with a point": lambda size: "a: " + many("1:", size) + "1.5",
    "long number": lambda size: "1" * size,
    "long number in JSON": lambda size: f'{{"auths": {"1" * size}}}',
    "long hexadecimal": lambda size: f"a: 0x{'f' * size}",
    "long fraction": lambda size: f'{{"a": 0.{"1" * size}e-{"9" * 5}}}',
    "long plain scalar": lambda size: "a: " + "x" * size,
    "long words": lambda size: "a: " + many("word ", size),
    "long quoted scalar": lambda size: f'{{"auths": "{"x" * size}"}}',
    "open quote": lambda size: '{"auths": "' + "x" * size,
    "open single quotes": lambda size: many("'", size),
    "long block scalar": lambda size: "a: |\n" + many("  b\n", size),
    "folded blank lines": lambda size: "a: >\n" + "\n" * size,
    "long key": lambda size: f'{{"{"k" * size}": 1}}',
    "many keys": lambda size: many("key%d: x\n", size),
    "many keys in JSON": lambda size: "{" + many('"k%d": "x", ', size) + '"z": 1}',
    "duplicate keys": lambda size: "{" + many('"auths": {"a": "b"}, ', size) + '"auths": {}}',
    "long line": lambda size: many("a b: ", size),
    "many documents": lambda size: many("---\na: b\n", size),
    "empty documents": lambda size: many("---\n", size),
    "directives": lambda size: many("%%TAG !a%d! b\n", size),
    "comments": lambda size: many("# a comment\n", size),
    "one comment": lambda size: "#" + "c" * size,
    "blank lines": lambda size: "\n" * size,
    "spaces": lambda size: " " * size,
    "escapes": lambda size: '{"a": "' + many("\\u00e9", size) + '"}',
    "backslashes": lambda size: '{"a": "' + many("\\\\", size) + '"}',
    "quotes in quotes": lambda size: '{"a": "' + many('\\"', size) + '"}',
    "hidden characters": lambda size: "a: '" + many("\u202e", size) + "'",
    "tags": lambda size: many("- !!str a\n", size),
    "base64 of much": lambda size: json.dumps({"auths": {"ghcr.io": {"auth": coded(f"u:{'p' * size}")}}}),
    "base64 of lines": lambda size: json.dumps({"auths": {"ghcr.io": {"auth": many("YTpi\n", size)}}}),
    "base64 of base64": lambda size: json.dumps({"kind": "Secret", "data": {KEY: coded(coded("x" * size))}}),
    "wrapped and wrapped": wrapped,
    "many entries": lambda size: auths(size, {"auth": coded("anna:token")}),
    "many entries without a password": lambda size: auths(size, {}),
    "many keys of no registry": lambda size: auths(size, {"auth": coded("a:b")}, "*.r{}.example.com/team:x"),
    "many spellings": lambda size: auths(size, {"auth": coded("a:b")}, "https://r7.example.com/v{}/"),
    "many globs": lambda size: auths(size, {"auth": coded("a:b")}, "*{}*.*.com"),
    "many broken entries": lambda size: auths(size, {"auth": "!"}),
    "one long registry": lambda size: auths(100, {"auth": coded("a:b")}, "r" * size),
    "one registry of many labels": lambda size: auths(100, {"auth": coded("a:b")}, many("a.", size) + "com"),
    "one registry of many globs": lambda size: auths(100, {"auth": coded("a:b")}, "*" * size),
    "many helpers": lambda size: json.dumps(
        {"credHelpers": {f"r{number}.example.com": "none" for number in range(size // 30)}}
    ),
    "keys in keys": lambda size: many('{"credentials": ', size) + "{}" + many("}", size),
    "credentials in credentials": lambda size: "".join(
        f"{' ' * n}credentials: |\n" for n in range(int(size**0.5))
    ),
    "many keys of services": lambda size: json.dumps(
        [{"clientid": str(n), "serviceurls": "{}"} for n in range(size // 40)]
    ),
    "many settings": lambda size: many('AICORE_X="\n', size),
    "escaped single quotes": lambda size: "{'" + many("\\'", size),
    "single quotes in a list": lambda size: "[" + many("'a', ", size) + "]",
    "many fences": lambda size: many("```\n", size),
    "JSON after JSON": lambda size: many("{}", size),
    "texts that may be keys": lambda size: json.dumps([coded("clientid" * 20)] * (size // 220)),
    "PEM without end": lambda size: json.dumps({"clientid": "c", "key": many("-----BEGIN A-----", size)}),
    "many bindings": lambda size: json.dumps({"x": [{"label": "x"}] * (size // 18)}),
    "base64 in lines": lambda size: many(coded("x" * 48) + "\n", size),
    "base64 of base64 of base64": lambda size: coded(
        coded(coded(json.dumps({"auths": {"a.io": "x" * size}})))
    ),
    "base64 and spaces": lambda size: f"YWJj{' ' * size}!",
    "quoted JSON": lambda size: json.dumps(json.dumps(json.dumps('"' * size))),
    "JSON documents": lambda size: many("{}", size),
    "JSON documents with auths": lambda size: many('{"auths": {}}\n', size),
    "list of Secrets": lambda size: json.dumps(
        {"kind": "List", "items": [{"kind": "Secret"}] * (size // 20)}
    ),
    "auths, again and again": lambda size: "{" + many('"auths": {"r%d.io": {}}, ', size) + '"Auths": {}}',
    "code blocks": lambda size: many("```\nx\n", size),
    "fences of all lengths": lambda size: "\n".join("`" * n for n in range(int((2 * size) ** 0.5), 2, -1)),
    "open fence": lambda size: f"```\n{many('a~~~', size)}",
    "variables": lambda size: many("A%d=b\n", size),
    "docker's variables": lambda size: many("DOCKER_AUTH_CONFIG='{}'\n", size),
    "a variable without end": lambda size: 'DOCKER_AUTH_CONFIG="' + many("\\x", size),
    "a command": lambda size: f"curl {many('-H a ', size)}",
    "a command with an open quote": lambda size: f"curl -d '{'x' * size}",
    "a request": lambda size: "POST x\n" + many("a: b\n", size) + "\n{}",
    "a request of spaces": lambda size: "POST x\n" + many("   \n ", size),
    "machines": lambda size: many("machine r%d.io login u password p\n", size),
    "machines and comments": lambda size: many("# x\n", size) + "machine a.io",
    "PEM": lambda size: f"-----BEGIN CERTIFICATE-----\n{many('-----END ', size)}",
    "a section": lambda size: "[x]" + "\n" * size + "!",
    "described": lambda size: "Name: x\n" + many("a: b\n", size),
    "Go's map": lambda size: f"map[.dockerconfigjson:{'x' * size}",
    "robots": lambda size: json.dumps({"registry": [{"username": "u", "password": "p"}] * (size // 40)}),
    "tokens of ECR": lambda size: json.dumps(
        {"authorizationData": [{"authorizationToken": "QVdTOng=", "proxyEndpoint": "x.io"}] * (size // 70)}
    ),
    "one word": lambda size: "x" * size,
    "a pair": lambda size: f"anna:{'x' * size}",
    "a password of colons": lambda size: ":" * size,
    "an ECR token": lambda size: coded(json.dumps({"payload": "x" * size, "datakey": "y"})),
    "a JWT": lambda size: f"anna:a.{coded(json.dumps({'exp': int('9' * 9), 'x': 'y' * size}))}.b",
}


@dataclass(frozen=True)
class Door:
    """A way in: *enter* takes what is in the file *place*. *yaml*: it reads YAML as well."""

    name: str
    enter: Callable[[Path], object]
    yaml: bool = False


def _text(place: Path) -> str:
    return place.read_bytes().decode("utf-8", "surrogateescape")


def _in_variable(place: Path, act: Callable[[], object]) -> object:
    """What comes of *act* with the text of *place* in docker's variable, which can hold no NUL."""
    text = _text(place).replace("\0", "")
    with patch.dict(os.environ, {"DOCKER_AUTH_CONFIG": text}):
        return act()


# The folder of *place* is that of docker's configuration; whoever enters sets the environment.
DOORS = (
    Door(
        "--from-file",
        lambda place: file_logins(LoginWish(from_file=str(place), registry="ghcr.io")),
        yaml=True,
    ),
    Door(
        "--from-file --all",
        lambda place: file_logins(LoginWish(from_file=str(place), take_all=True)),
        yaml=True,
    ),
    Door(
        "--from-file --image",
        lambda place: file_logins(LoginWish(from_file=str(place), images=(IMAGE,))),
        yaml=True,
    ),
    Door("--password-file", lambda place: Secret.from_file(str(place))),
    Door("--docker-login", lambda _: find_docker_login(GHCR)),
    Door("--docker-login, image", lambda _: find_docker_login(IMAGE.registry, images=(IMAGE,))),
    Door("--docker-login, user", lambda _: find_docker_user(GHCR)),
    Door("DOCKER_AUTH_CONFIG", lambda place: _in_variable(place, lambda: find_docker_login(GHCR))),
    Door("DOCKER_AUTH_CONFIG, listed", lambda place: _in_variable(place, list_docker_logins)),
    Door("docker logins, listed", lambda _: list_docker_logins()),
    Door("--service-key", lambda place: read_service_key(str(place)), yaml=True),
    Door("AICORE_SERVICE_KEY", lambda place: find_service_key(environ={"AICORE_SERVICE_KEY": _text(place)})),
    Door("VCAP_SERVICES", lambda place: find_service_key(environ={"VCAP_SERVICES": _text(place)})),
    Door("config file", lambda place: find_service_key(environ={"AICORE_CONFIG": str(place)})),
    Door("profile", lambda place: find_service_key(profile="x", environ={"AICORE_HOME": str(place.parent)})),
    Door("template, checked", lambda place: check_text(_text(place)), yaml=True),
    Door("template, patched", lambda place: set_pull_secret(_text(place), "team-ghcr"), yaml=True),
)


def steps(act: Callable[[], object]) -> tuple[object, int]:
    """Give what *act* returns, and how many calls it takes, those of functions in C among them."""
    count = 0

    def watch(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before, collecting = sys.getprofile(), gc.isenabled()
    gc.disable()  # what earlier tests left ends in calls of its own
    sys.setprofile(watch)
    try:
        result = act()
    finally:
        sys.setprofile(before)
        if collecting:
            gc.enable()
    return result, count
