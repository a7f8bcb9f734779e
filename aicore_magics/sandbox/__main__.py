"""`python -m aicore_magics.sandbox`: a mock AI Core for curl, SAP's SDK or an API platform."""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shlex
import signal
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from aicore_magics.sandbox import Tls, start
from aicore_magics.sandbox.server import HOST
from aicore_magics.sandbox.service_key import is_of_a_sandbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicore_magics.sandbox import Sandbox

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

HIGHEST_PORT = 65535
_LONGEST_KEY = 65_536  # bytes; a service key has about 700
MODULE = "python -m aicore_magics.sandbox"
_END_OF_HELP = """\
examples:
  {called}
  {called} --service-key-file key.json --port 8080

exit status:
  0  ended by Ctrl-C or a signal
  2  wrong use, or a port or a file that cannot be used
"""
_NEXT = """\
# Next: {first}run the lines below in another terminal, and there:
#   jupyter aicore create team-churn --image {image} \\
#     --username {user} --password-env REGISTRY_PASSWORD --service-key {key}
"""


class _Once(argparse.Action):
    """An option that may be given once."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option: str | None = None,
    ) -> None:
        """Keep the value, or end with 2 if there is one already."""
        given = vars(namespace).setdefault("given once", set())
        if self.dest in given:
            parser.error(f"{option} is given twice; give it once")
        given.add(self.dest)
        setattr(namespace, self.dest, values)


class _Parser(argparse.ArgumentParser):
    """An ArgumentParser that says in a line what is wrong, and how to ask for help."""

    def error(self, message: str) -> NoReturn:
        """End with 2."""
        self.exit(2, f"error: {message}; {self.prog} --help shows how.\n")


def main(arguments: Sequence[str] | None = None, *, called: str = MODULE) -> int:
    """Print the service key and lines for a shell, serve until Ctrl-C or SIGTERM, and return 0.

    *called* is what one types to call it.
    """
    parser = make_parser(called)
    options, extra = parser.parse_known_args(arguments)
    if extra:  # not repeated: it may be a password
        parser.error("no such option" if extra[0].startswith("-") else "too many words on the line")
    if options.certificate is None and (options.key or options.client_ca):
        parser.error("--key and --client-ca need --certificate")
    # SIGINT as well: a shell starts its background jobs with it ignored.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.default_int_handler)
    try:
        _serve(options)
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        parser.error(str(error))


def _serve(options: argparse.Namespace) -> NoReturn:
    tls = Tls(options.certificate, options.key, options.client_ca) if options.certificate else None
    with start(port=options.port, tls=tls, host=options.host) as sandbox:
        if options.service_key_file is not None:
            _write_private(options.service_key_file, sandbox.service_key_json())
        variables = sandbox.shell_variables(registry=True)
        sys.stdout.write(f"{sandbox.service_key_json()}\n{_next(sandbox, options)}{variables}")
        sys.stdout.flush()
        while True:
            time.sleep(3600)


def _next(sandbox: Sandbox, options: argparse.Namespace) -> str:
    """What to type next, as a comment of a shell."""
    saved, registry = options.service_key_file, sandbox.registry
    return _NEXT.format(
        first="" if saved else "save the JSON above as key.json, ",
        image=f"{registry.host}/{registry.images[0]}",
        user=shlex.quote(registry.username),
        key=shlex.quote(str(saved or "key.json")),
    )


def _write_private(path: Path, text: str) -> None:
    """Write *text* to *path* for this user alone, in one step: no reader sees half of it. Raises OSError."""
    if not path.parent.is_dir():
        raise OSError(f"the folder of --service-key-file does not exist: {path.parent}")
    if path.is_symlink():
        raise OSError(f"{path} is a link: name the file that it leads to")
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is not a regular file")
    if path.exists() and not is_of_a_sandbox(_text_of(path)):
        raise OSError(f"{path} exists and is no service key of a sandbox: name another file, or move it away")
    _take_away_left(path)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            with suppress(OSError):
                _lock(handle)
            stream.write(text)
            stream.flush()
            if fcntl is not None:
                fresh.replace(path)
        if fcntl is None:  # Windows renames no file that is open
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _text_of(path: Path) -> str:
    """The text of a file that may be a service key, and nothing of one that is too long for that."""
    with path.open("rb") as stream:
        raw = stream.read(_LONGEST_KEY + 1)
    return raw.decode(errors="replace") if len(raw) <= _LONGEST_KEY else ""


def _take_away_left(path: Path) -> None:
    """Take away what a sandbox has left that was killed while it wrote *path*: nobody holds its lock."""
    left = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{8}}")
    for place in path.parent.iterdir():
        if left.fullmatch(place.name) and place.is_file() and not place.is_symlink():
            with suppress(OSError), place.open("rb+") as stream:
                _lock(stream.fileno())
                place.unlink()


def _lock(handle: int) -> None:
    """Lock the file. Raises OSError if another process has, or if there are no locks."""
    if fcntl is None:
        raise OSError("no locks here")
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def make_parser(called: str = MODULE) -> argparse.ArgumentParser:
    """Give what reads the options behind *called*; other doors complete them."""
    parser = _Parser(
        prog=called,
        usage=f"{called} [options]",
        description="Run a mock SAP AI Core on this machine and print its service key.",
        epilog=_END_OF_HELP.format(called=called),
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, max_help_position=26, width=78),
    )
    parser.register("action", None, _Once)
    parser.add_argument(
        "--port", type=port_number, default=0, metavar="N", help="listen on this port (default: a free one)"
    )
    parser.add_argument(
        "--service-key-file",
        type=Path,
        metavar="PATH",
        help="also write the service key to this file (mode 0600); replaces only a sandbox's",
    )
    _add_tls(parser)
    return parser


def _add_tls(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("https")
    files = {
        "--certificate": "use https with this certificate (PEM); the file may contain its key too",
        "--key": "the key of that certificate",
        "--client-ca": "also give tokens for client certificates that this CA has signed, at $CERT_URL",
    }
    for option, meaning in files.items():
        group.add_argument(option, type=Path, metavar="PATH", help=meaning)
    group.add_argument(
        "--host",
        default=HOST,
        metavar="NAME",
        help="host name for the addresses, as in the certificate (default: %(default)s)",
    )


def port_number(text: str) -> int:
    """Read the number of a port; argparse quotes this function's name when it fails."""
    number = int(text)
    if not 0 <= number <= HIGHEST_PORT:
        raise ValueError(text)
    return number


if __name__ == "__main__":
    sys.exit(main())
