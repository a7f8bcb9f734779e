"""`python -m aicore_magics.sandbox`: a mock AI Core for curl, SAP's SDK or an API platform."""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from aicore_magics.sandbox import Tls, start
from aicore_magics.sandbox.key_file import write_private
from aicore_magics.sandbox.server import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aicore_magics.sandbox import Sandbox

HIGHEST_PORT = 65535
MODULE = "python -m aicore_magics.sandbox"
_END_OF_HELP = """\
examples:
  {called}
  {called} --service-key-file key.json --port 8080

registry logins:
  $LOGINS_URL lists them with GET, makes one with POST, and revokes one with
  DELETE and its id. User and password: $REGISTRY_USER, $REGISTRY_PASSWORD.
  "days": 4 ends in four days, "days": -1 ended yesterday. "begins" and "ends"
  take a time with an offset. Without an end, a login does not end.
  "shape" is the kind of password: opaque, jwt, ecr, google, github, gitlab
  or harbor.

exit status:
  0  ended by Ctrl-C or a signal
  2  wrong use, or a port or a file that cannot be used
"""
_NEXT = """\
# Next: {first}run the lines below in another terminal, and there:
#   jupyter aicore create team-churn --image {image} \\
#     --username {user} --password-env REGISTRY_PASSWORD --service-key {key}
# Make another registry login, which ends in 4 days; the first one stays valid:
#   printf 'user = "%s:%s"' "$REGISTRY_USER" "$REGISTRY_PASSWORD" | \\
#     curl --silent --config - --json '{{"username": "{user}", "days": 4}}' "$LOGINS_URL"
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


def main(
    arguments: Sequence[str] | None = None,
    *,
    called: str = MODULE,
    ended: Callable[[str], None] = lambda _client_id: None,
) -> int:
    """Print the service key and lines for a shell, serve until Ctrl-C or SIGTERM, and return 0.

    *called* is what one types to call it. *ended* is given the id of its client at the end.
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
        _serve(options, ended)
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        parser.error(str(error))


def _serve(options: argparse.Namespace, ended: Callable[[str], None]) -> NoReturn:
    tls = Tls(options.certificate, options.key, options.client_ca) if options.certificate else None
    with start(port=options.port, tls=tls, host=options.host) as sandbox:
        try:
            if options.service_key_file is not None:
                write_private(options.service_key_file, sandbox.service_key_json())
            variables = sandbox.shell_variables(registry=True)
            sys.stdout.write(f"{sandbox.service_key_json()}\n{_next(sandbox, options)}{variables}")
            sys.stdout.flush()
            while True:
                time.sleep(3600)
        finally:
            ended(f"{sandbox.service_key['clientid']}")


def _next(sandbox: Sandbox, options: argparse.Namespace) -> str:
    """What to type next, as a comment of a shell."""
    saved, registry = options.service_key_file, sandbox.registry
    return _NEXT.format(
        first="" if saved else "save the JSON above as key.json, ",
        image=f"{registry.host}/{registry.images[0]}",
        user=shlex.quote(registry.username),
        key=shlex.quote(str(saved or "key.json")),
    )


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
        "--port", type=port_number, default=0, metavar="N", help="listen on this port; default: a free one"
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
    """Read the number of a port. Raises ArgumentTypeError, which does not repeat what was typed."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(f"{HIGHEST_PORT}") else -1
    if not 0 <= number <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"takes a number from 0 to {HIGHEST_PORT}, such as 8080")
    return number


if __name__ == "__main__":
    sys.exit(main())
