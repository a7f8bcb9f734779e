"""What %aicore_docker_secret takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.grammar.grammar import SEVERAL, Grammar, Subcommand, no_arguments

if TYPE_CHECKING:
    from aicore_magics.grammar.parsing import Parser


PASSWORDS = "password (one of these; without any, it is asked for)"


def _name(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME", help="name of the secret")


def _login(parser: Parser) -> None:
    """What create, apply and update take."""
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="name of the secret")
    _which_login(parser)
    _where_from(parser)
    parser.add_argument("--no-check", action="store_true", help="store without asking the registry")
    _how_to_check(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help="show the request, secret masked; send nothing"
    )
    parser.add_argument(
        "--as", dest="form", metavar="curl|http", default="", help="with --dry-run: as a script"
    )


def _check(parser: Parser) -> None:
    _which_login(parser)
    _where_from(parser)
    _how_to_check(parser)


def _strict(parser: Parser) -> None:
    parser.add_argument("--strict", action="store_true", help="fail where create would refuse")


def _which_login(parser: Parser) -> None:
    parser.add_argument("--registry", metavar="HOST", default="", help="any spelling; default: from --image")
    parser.add_argument("--username", metavar="USER", default="", help="the account name")
    parser.add_argument("--login", metavar="REGISTRY=USER", help="several registries; repeatable", **SEVERAL)
    parser.add_argument("--image", metavar="REF", help="an image it must pull; repeatable", **SEVERAL)


def _where_from(parser: Parser) -> None:
    """Where the login is. With none of these, its password is asked for."""
    passwords = parser.add_argument_group(PASSWORDS)
    source = passwords.add_mutually_exclusive_group()
    source.add_argument(
        "--password-env",
        metavar="[REGISTRY=]VAR",
        help="the environment variable that holds the password; repeatable with REGISTRY=",
        **SEVERAL,
    )
    source.add_argument("--password-file", metavar="PATH", default="", help="the file that holds it")
    source.add_argument("--keyring", metavar="SERVICE", default="", help="the service in the keyring")
    source.add_argument(
        "--docker-login",
        action="store_true",
        help="what docker login or podman login left; lists it where no registry is named",
    )
    source.add_argument(
        "--from-file",
        metavar="PATH",
        default="",
        help="a docker config.json, a Kubernetes Secret, or the body of AI Core's API",
    )
    passwords.add_argument("--all", action="store_true", help="with --from-file: all its logins")


def _how_to_check(parser: Parser) -> None:
    parser.add_argument(
        "--realm", metavar="HOST", help="a host that the login may be sent to for a token", **SEVERAL
    )
    parser.add_argument("--ca-file", metavar="FILE", default="", help="your company's CA, for the registry")
    parser.add_argument(
        "--for",
        dest="pulled_by",
        metavar="KIND",
        default="",
        help="what pulls the images: workflow or serving; default: both",
    )


def _show(parser: Parser) -> None:
    _name(parser)
    parser.add_argument(
        "--wait", metavar="SECONDS", help="after an unknown outcome: look until it is clear, at most so long"
    )


def _delete(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="name of the secret")
    parser.add_argument("--position", metavar="N", help="in the list, for a name that is not shown there")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _form(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="the secret to replace")
    parser.add_argument("--profile", metavar="NAME", help="use that tenant for this form")


SECRET = Grammar(
    "aicore_docker_secret",
    "Docker registry secrets of an AI Core tenant: the logins it pulls private images with.",
    {
        "create": Subcommand(
            "Store a new secret. Refuses if the name is taken. Alone, it opens the form, or asks.",
            _login,
            examples=(
                "create team-ghcr --image ghcr.io/acme/churn:1.4 \\\n    --username anna",
                "create team-hub --docker-login --registry docker.io",
            ),
        ),
        "apply": Subcommand(
            "Store a secret, new or not, and say which it was.",
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
        "list": Subcommand("All names.", no_arguments, examples=("list", "list --profile prod")),
        "show": Subcommand(
            "Exists or not, and the lines that name it in a template.",
            _show,
            examples=("show team-ghcr", "show team-ghcr --wait 60"),
        ),
        "delete": Subcommand(
            "Delete a secret for the whole tenant. Asks first.",
            _delete,
            examples=("delete team-ghcr", "delete team-ghcr --yes"),
        ),
        "quota": Subcommand(
            "How many secrets the tenant holds, and may hold.",
            no_arguments,
            examples=("quota", "quota --profile prod"),
        ),
        "check": Subcommand(
            "Would this login pull this image? Asks the registry, stores nothing.",
            _check,
            in_notebook=_strict,
            examples=(
                "check --image ghcr.io/acme/churn:1.4 --username anna",
                "check --docker-login --image ghcr.io/acme/churn:1.4",
            ),
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
