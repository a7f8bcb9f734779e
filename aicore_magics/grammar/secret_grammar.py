"""What %aicore_docker_secret takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.grammar.grammar import SEVERAL, Grammar, Subcommand, no_arguments

if TYPE_CHECKING:
    from aicore_magics.grammar.parsing import Parser


PASSWORDS = "password (choose one; default: a prompt)"


def _name(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME", help="secret name, such as team-ghcr")


def _login(parser: Parser) -> None:
    """What create, apply and update take."""
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="secret name, such as team-ghcr")
    _which_login(parser)
    add_sources(parser)
    parser.add_argument(
        "--ends",
        metavar="[REGISTRY=]DATE",
        help="when the login ends: 2027-01-31 (00:00 UTC), a time with its offset, or never; repeatable "
        "with REGISTRY=",
        **SEVERAL,
    )
    parser.add_argument("--no-check", action="store_true", help="store without a check at the registry")
    add_checking(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help="show the request, secret masked; send nothing"
    )
    parser.add_argument(
        "--as", dest="form", metavar="curl|http", default="", help="with --dry-run: print a script"
    )


def _check(parser: Parser) -> None:
    _which_login(parser)
    add_sources(parser)
    add_checking(parser)


def _strict(parser: Parser) -> None:
    parser.add_argument("--strict", action="store_true", help="raise an error if create would refuse")


def _which_login(parser: Parser) -> None:
    parser.add_argument(
        "--registry", metavar="HOST", default="", help="registry, such as ghcr.io; default: from --image"
    )
    parser.add_argument("--username", metavar="USER", default="", help="user name at the registry")
    parser.add_argument(
        "--login",
        metavar="REGISTRY=USER",
        help="such as ghcr.io=anna; for several registries, repeatable",
        **SEVERAL,
    )
    parser.add_argument(
        "--image", metavar="REF", help="image to check, such as ghcr.io/acme/churn:1.4; repeatable", **SEVERAL
    )


def add_sources(parser: Parser) -> None:
    """Add where the login is. With none of these, its password is asked for."""
    passwords = parser.add_argument_group(PASSWORDS)
    source = passwords.add_mutually_exclusive_group()
    source.add_argument(
        "--password-env",
        metavar="[REGISTRY=]VAR",
        help="environment variable with the password, such as GHCR_TOKEN; repeatable with REGISTRY=",
        **SEVERAL,
    )
    source.add_argument("--password-file", metavar="PATH", default="", help="file with the password")
    source.add_argument(
        "--password-command",
        metavar="[REGISTRY=]COMMAND",
        help='program that prints the password, such as "gh auth token"; no shell; repeatable with REGISTRY=',
        **SEVERAL,
    )
    source.add_argument("--keyring", metavar="SERVICE", default="", help="service name in the keyring")
    source.add_argument(
        "--docker-login",
        action="store_true",
        help="use a login saved by docker login or podman login; without a registry: list them",
    )
    source.add_argument(
        "--from-file",
        metavar="PATH",
        default="",
        help="docker config.json, Kubernetes Secret, or request body of AI Core's API",
    )
    passwords.add_argument("--all", action="store_true", help="with --from-file: take all logins")


def add_checking(parser: Parser) -> None:
    """Add how the registries are asked."""
    parser.add_argument(
        "--realm",
        metavar="HOST",
        help="token server that may get the login, such as auth.example.com; repeatable",
        **SEVERAL,
    )
    parser.add_argument(
        "--ca-file", metavar="FILE", default="", help="CA certificate of your company (PEM), for the registry"
    )
    parser.add_argument(
        "--for",
        dest="pulled_by",
        metavar="KIND",
        default="",
        help="template kind that uses it: workflow or serving; default: both",
    )
    lookup = parser.add_mutually_exclusive_group()
    lookup.add_argument(
        "--expiry-lookup",
        action="store_true",
        help="ask the issuer when a login ends: GitHub, GitLab or Google; default where you can be asked",
    )
    lookup.add_argument(
        "--no-expiry-lookup", action="store_true", help="do not ask it; default in CI and headless runs"
    )


def _list(parser: Parser) -> None:
    parser.add_argument(
        "--ends-within",
        metavar="DAYS",
        help="only secrets with a login that ended or ends within so many days, such as 30; 0: ended",
    )


def _note(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="secret name, such as team-ghcr")
    parser.add_argument(
        "--registry", metavar="HOST", default="", help="registry of its login; default: from --image"
    )
    parser.add_argument("--username", metavar="USER", default="", help="user name at the registry")
    parser.add_argument(
        "--ends",
        metavar="DATE",
        default="",
        help="when the login ends: 2027-01-31 (00:00 UTC), a time with its offset, or never",
    )
    parser.add_argument(
        "--image",
        metavar="REF",
        help="image that it must pull, such as ghcr.io/acme/churn:1.4; repeatable",
        **SEVERAL,
    )
    parser.add_argument(
        "--from-templates",
        metavar="DIR",
        default="",
        help="list the secrets that templates in this folder use; record nothing",
    )


def _forget(parser: Parser) -> None:
    parser.add_argument(
        "names", metavar="NAME", nargs="*", default=[], help="secrets to forget, such as team-ghcr"
    )
    parser.add_argument(
        "--before", metavar="DATE", default="", help="only records older than that, such as 2026-01-31"
    )


def _of_tenant(parser: Parser) -> None:
    parser.add_argument(
        "--profile", metavar="NAME", help="only that tenant; default: the connected one, else all tenants"
    )


def _show(parser: Parser) -> None:
    _name(parser)
    parser.add_argument(
        "--wait",
        metavar="SECONDS",
        help="after an unknown outcome: keep checking until it is clear, for at most so many seconds",
    )


def _delete(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="secret name, such as team-ghcr")
    parser.add_argument(
        "--position", metavar="N", help="for a name shown as ***: its position in list, such as 2"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _form(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="the secret to replace")
    parser.add_argument("--profile", metavar="NAME", help="use that tenant for this form")


SECRET = Grammar(
    "aicore_docker_secret",
    "Docker registry secrets of an AI Core tenant: logins for private images.",
    {
        "create": Subcommand(
            "Create a secret. Refuses if the name is taken. Without options it opens the form, or asks.",
            _login,
            examples=(
                "create team-ghcr --image ghcr.io/acme/churn:1.4 \\\n    --username anna",
                "create team-hub --docker-login --registry docker.io",
            ),
        ),
        "apply": Subcommand(
            "Create a secret, or replace it if it exists.",
            _login,
            examples=(
                "apply team-ghcr --registry ghcr.io --username anna \\\n    --password-env GHCR_TOKEN",
                "apply team-both --login ghcr.io=anna \\\n    --login quay.io=acme+ci",
            ),
        ),
        "update": Subcommand(
            "Replace every login in a secret, for the whole tenant.",
            _login,
            examples=(
                "update team-ghcr --registry ghcr.io --username anna",
                "update team-ghcr --from-file config.json \\\n    --registry ghcr.io",
            ),
        ),
        "list": Subcommand(
            "List all secrets, and what this machine knows of them.",
            _list,
            examples=("list", "list --ends-within 30"),
        ),
        "show": Subcommand(
            "Check that a secret exists; show the YAML for it.",
            _show,
            examples=("show team-ghcr", "show team-ghcr --wait 60"),
        ),
        "delete": Subcommand(
            "Delete a secret for the whole tenant. Asks first.",
            _delete,
            examples=("delete team-ghcr", "delete team-ghcr --yes"),
        ),
        "quota": Subcommand(
            "Show how many secrets the tenant has, and its limit.",
            no_arguments,
            examples=("quota", "quota --profile prod"),
        ),
        "check": Subcommand(
            "Check that a login can pull an image. Asks the registry, stores nothing.",
            _check,
            in_notebook=_strict,
            examples=(
                "check --image ghcr.io/acme/churn:1.4 --username anna",
                "check --docker-login --image ghcr.io/acme/churn:1.4",
            ),
        ),
        "note": Subcommand(
            "Record on this machine what you know of a secret that exists already.",
            _note,
            examples=(
                "note team-ghcr --registry ghcr.io --username anna \\\n    --ends 2027-01-31",
                "note --from-templates .",
            ),
        ),
        "forget": Subcommand(
            "Delete records from this machine. AI Core is not changed.",
            _forget,
            asks_tenant=False,
            in_notebook=_of_tenant,
            examples=("forget team-ghcr", "forget --before 2026-01-31"),
        ),
        "form": Subcommand(
            "Create or replace a secret with a form.",
            _form,
            asks_tenant=False,
            examples=("form", "form team-ghcr"),
        ),
    },
    examples=(
        "create team-ghcr --image ghcr.io/acme/churn:1.4 \\\n    --username anna",
        "list",
    ),
)
