"""What %aicore_notebook takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.grammar.grammar import Grammar, Subcommand

if TYPE_CHECKING:
    from aicore_magics.grammar.parsing import Parser

PASSWORDS = "password (default: the notebook asks for it)"


def _new(parser: Parser) -> None:
    parser.add_argument("path", metavar="PATH", help="the notebook to write, below the working folder")
    parser.add_argument("--secret", metavar="NAME", default="", help="secret name, such as team-ghcr")
    parser.add_argument(
        "--image", metavar="REF", default="", help="image to check, such as ghcr.io/acme/churn:1.4"
    )
    parser.add_argument("--username", metavar="USER", default="", help="user name at the registry")
    parser.add_argument("--scenario", metavar="ID", default="", help="the scenario of the templates")
    passwords = parser.add_argument_group(PASSWORDS)
    passwords.add_argument(
        "--password-env",
        metavar="VAR",
        default="",
        help="environment variable with the password, such as GHCR_TOKEN",
    )
    parser.add_argument("--sandbox", action="store_true", help="use the sandbox; then no name is needed")
    parser.add_argument("--force", action="store_true", help="replace the notebook that is there")


def _where(parser: Parser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a notebook, or a folder with all below it")
    parser.add_argument("--notebooks-only", action="store_true", help="skip the settings files next to them")


def _scan(parser: Parser) -> None:
    _where(parser)
    parser.add_argument("--history", action="store_true", help="also search IPython's history")
    parser.add_argument("--strict", action="store_true", help="treat possible passwords as credentials")


def _scrub(parser: Parser) -> None:
    _where(parser)
    parser.add_argument("--history", action="store_true", help="also remove them from IPython's history")
    parser.add_argument("--strict", action="store_true", help="also remove possible passwords")
    parser.add_argument("--write", action="store_true", help="write the files; default: only show the plan")


NOTEBOOK = Grammar(
    "aicore_notebook",
    "Make notebooks without passwords; find and remove credentials in others.",
    {
        "new": Subcommand(
            "Make a notebook with every step: connect, secret, both templates.",
            _new,
            asks_tenant=False,
            examples=(
                "new first.ipynb --sandbox",
                (
                    "new churn.ipynb --secret team-ghcr --username anna \\\n"
                    "    --image ghcr.io/acme/churn:1.4 --scenario churn"
                ),
            ),
        ),
        "scan": Subcommand(
            "Find credentials in notebooks and in settings files next to them.",
            _scan,
            asks_tenant=False,
            examples=("scan .", "scan churn.ipynb --history"),
        ),
        "scrub": Subcommand(
            "Remove credentials from notebooks. Changes no other byte. Shows the plan first.",
            _scrub,
            asks_tenant=False,
            examples=("scrub churn.ipynb", "scrub churn.ipynb --write"),
        ),
    },
    examples=("new first.ipynb --sandbox", "scan ."),
)
