"""What %aicore_rotate takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.grammar.grammar import SEVERAL, Grammar, Subcommand, add_timeout, no_arguments
from aicore_magics.grammar.secret_grammar import add_checking, add_sources

if TYPE_CHECKING:
    from aicore_magics.grammar.parsing import Parser


def _plan(parser: Parser) -> None:
    parser.add_argument(
        "names", metavar="NAME", nargs="*", help="secrets with the login; default: the one that is due"
    )
    _what(parser)
    parser.add_argument("--out", metavar="PATH", default="", help="write the plan to this file")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    parser.add_argument("--test", action="store_true", help="test the new login too; still changes nothing")
    add_new_login(parser)
    add_timeout(parser)


def _run(parser: Parser) -> None:
    parser.add_argument(
        "names", metavar="NAME", nargs="*", help="secrets with the login, or the file of a plan"
    )
    _what(parser)
    add_new_login(parser)
    add_timeout(parser)


def _again(parser: Parser) -> None:
    parser.add_argument("run", metavar="RUN", nargs="?", default="", help="run, such as r1201-ghcr")
    parser.add_argument(
        "--another-login", action="store_true", help="take a login that is not the expected one"
    )
    add_new_login(parser)
    add_timeout(parser)


def _status(parser: Parser) -> None:
    parser.add_argument(
        "--record",
        metavar="FILE",
        default="",
        help="JSON that a scheduled run left, such as rotation.json",
    )


def _schedule(parser: Parser) -> None:
    parser.add_argument("plan", metavar="FILE", help="plan, such as PLAN.json")
    parser.add_argument("--engine", metavar="github|gitlab", default="", help="CI that runs it")
    parser.add_argument("--out", metavar="PATH", default="", help="file to write")
    parser.add_argument(
        "--every", metavar="TIME", default="", help="such as 4h or 30min; default: from the life of the login"
    )


def _what(parser: Parser) -> None:
    """Add which secrets are meant, and what they must pull."""
    parser.add_argument(
        "--registry", metavar="HOST", default="", help="registry of the login, where a secret has several"
    )
    parser.add_argument(
        "--leave-out", metavar="NAME", help="secret that keeps its login; repeatable", **SEVERAL
    )
    parser.add_argument(
        "--templates",
        metavar="DIR",
        help="folder with templates, whose images are tested; default: this folder; repeatable",
        **SEVERAL,
    )
    parser.add_argument(
        "--image",
        metavar="REF",
        help="image that each secret must pull, such as ghcr.io/acme/churn:1.4; repeatable",
        **SEVERAL,
    )


def add_new_login(parser: Parser) -> None:
    """Add the login to write, and how it is tested."""
    parser.add_argument("--username", metavar="USER", default="", help="user name; default: the former one")
    parser.add_argument(
        "--login",
        metavar="REGISTRY=USER",
        help="another login in one of the secrets; repeatable",
        **SEVERAL,
    )
    add_sources(parser)
    parser.add_argument(
        "--ends",
        metavar="[REGISTRY=]DATE",
        help="when the login ends: 2027-01-31 (00:00 UTC), a time with its offset, or never",
        **SEVERAL,
    )
    parser.add_argument(
        "--no-check-registry",
        metavar="HOST",
        help="rotate without a test at this registry; repeatable",
        **SEVERAL,
    )
    add_checking(parser)


def add_profiles(parser: Parser) -> None:
    """Add the tenants of a rotation, in a notebook."""
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="tenant of this profile instead of the connected one; sandbox:NAME; repeatable",
        **SEVERAL,
    )


def _of_tenant(parser: Parser) -> None:
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="only that tenant; sandbox:NAME. Default: all tenants in the record of this machine",
    )


ROTATE = Grammar(
    "aicore_rotate",
    "Replace one login in all secrets that have it: tested first, and recorded. Know when logins end.",
    {
        "plan": Subcommand(
            "Show which secrets have the login and what they must pull. Changes nothing.",
            _plan,
            in_notebook=add_profiles,
            asks_tenant=False,
            examples=("plan team-ghcr", "plan team-ghcr --out plan.json"),
        ),
        "run": Subcommand(
            "Test the new login, then replace it in one secret, then in all others.",
            _run,
            in_notebook=add_profiles,
            asks_tenant=False,
            examples=("run team-ghcr", "run plan.json --password-env NEW_TOKEN"),
        ),
        "resume": Subcommand(
            "Go on with a run that was cut off. Asks for the new login again.",
            _again,
            in_notebook=add_profiles,
            asks_tenant=False,
            examples=("resume", "resume r1201-ghcr"),
        ),
        "undo": Subcommand(
            "Put the former login back. Asks for it: AI Core does not return it.",
            _again,
            in_notebook=add_profiles,
            asks_tenant=False,
            examples=("undo", "undo r1201-ghcr"),
        ),
        "status": Subcommand(
            "Show the last runs, what was cut off, and what a scheduled run did.",
            _status,
            in_notebook=_of_tenant,
            asks_tenant=False,
            examples=("status", "status --record rotation.json"),
        ),
        "due": Subcommand(
            "Show which logins end when, and the next 90 days. Needs no connection.",
            no_arguments,
            in_notebook=_of_tenant,
            asks_tenant=False,
            examples=("due", "due --profile prod"),
        ),
        "schedule": Subcommand(
            "Write a workflow that runs a plan without a notebook, in GitHub Actions or GitLab CI.",
            _schedule,
            asks_tenant=False,
            examples=(
                "schedule plan.json --engine gitlab --out rotate.yml",
                "schedule plan.json --engine gitlab --every 4h --out ci.yml",
            ),
        ),
    },
    examples=("plan team-ghcr", "run team-ghcr"),
)
