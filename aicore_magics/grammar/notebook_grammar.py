"""What %aicore_notebook takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.grammar.grammar import Grammar, Subcommand

if TYPE_CHECKING:
    from aicore_magics.grammar.parsing import Parser

PASSWORDS = "password (without this, the notebook asks for it)"


def _new(parser: Parser) -> None:
    parser.add_argument("path", metavar="PATH", help="the notebook to write, below the working folder")
    parser.add_argument("--secret", metavar="NAME", default="", help="name of the secret")
    parser.add_argument("--image", metavar="REF", default="", help="the image it must be able to pull")
    parser.add_argument("--username", metavar="USER", default="", help="the account name at the registry")
    parser.add_argument("--scenario", metavar="ID", default="", help="the scenario of the templates")
    passwords = parser.add_argument_group(PASSWORDS)
    passwords.add_argument(
        "--password-env", metavar="VAR", default="", help="the environment variable that holds the password"
    )
    parser.add_argument(
        "--sandbox", action="store_true", help="connect to the sandbox; then no name needs to be given"
    )
    parser.add_argument("--force", action="store_true", help="replace the notebook that is there")


def _scan(parser: Parser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a notebook, or a folder with all below it")
    parser.add_argument("--notebooks-only", action="store_true", help="leave the files beside them out")
    parser.add_argument("--history", action="store_true", help="search IPython's history as well")
    parser.add_argument("--strict", action="store_true", help="count possible passwords as found")


def _scrub(parser: Parser) -> None:
    _scan(parser)
    parser.add_argument("--write", action="store_true", help="do it; without it, only show the plan")


NOTEBOOK = Grammar(
    "aicore_notebook",
    "Notebooks that need no password, and those that hold one.",
    {
        "new": Subcommand(
            "A notebook with everything from the connection to both templates.",
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
            "Find credentials in notebooks and in the settings beside them.",
            _scan,
            asks_tenant=False,
            examples=("scan .", "scan churn.ipynb --history"),
        ),
        "scrub": Subcommand(
            "Take them out of notebooks, and keep every other byte. Shows the plan first.",
            _scrub,
            asks_tenant=False,
            examples=("scrub churn.ipynb", "scrub churn.ipynb --write"),
        ),
    },
    examples=("new first.ipynb --sandbox", "scan ."),
)
