"""What %aicore_template takes, and its cell form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.grammar.grammar import SEVERAL, Grammar, Subcommand
from aicore_magics.grammar.template_options import add_template_options

if TYPE_CHECKING:
    from aicore_magics.grammar.parsing import Parser


def _workflow(parser: Parser) -> None:
    add_template_options(parser, "workflow")


def _serving(parser: Parser) -> None:
    add_template_options(parser, "serving")


def _where_to(parser: Parser) -> None:
    """Where the template goes, beside the result."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--cell", action="store_true", help="put the YAML in the next cell, to edit and save it"
    )
    _out(where)
    _force(parser)
    parser.add_argument(
        "--profile", metavar="NAME", help="tenant to look for the secret in, now and when the cell is saved"
    )


def add_out(parser: Parser) -> None:
    """Add the file that the template goes to, where there are no cells."""
    _out(parser)
    _force(parser)


def _out(where: Any) -> None:
    where.add_argument("--out", metavar="PATH", default="", help="write the template to this file")


def _force(parser: Parser) -> None:
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def _check(parser: Parser) -> None:
    _paths(parser)
    _disable(parser)


def _strict(parser: Parser) -> None:
    parser.add_argument("--strict", action="store_true", help="fail if there is an error")


def _disable(parser: Parser) -> None:
    parser.add_argument(
        "--disable",
        metavar="ID",
        help="rule to hide, such as plan-missing; its findings are only counted; repeatable",
        **SEVERAL,
    )


def _rules(parser: Parser) -> None:
    parser.add_argument("rule", metavar="ID", nargs="?", default="", help="one rule: its reason and examples")


def _patch(parser: Parser) -> None:
    _paths(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--secret", metavar="NAME", default="", help="secret to set, such as team-ghcr")
    what.add_argument("--remove", action="store_true", help="remove imagePullSecrets")
    parser.add_argument(
        "--replace", metavar="NAME", default="", help="secret to replace, if a template names several"
    )
    parser.add_argument(
        "--template", metavar="NAME", default="", help="template to change, if a file has several"
    )
    parser.add_argument("--placeholder", action="store_true", help="replace a {{parameter}} too")
    parser.add_argument(
        "--repair",
        action="store_true",
        help="fix a misspelled imagePullSecrets; remove it if the right one is there",
    )
    parser.add_argument(
        "--move",
        action="store_true",
        help="move it out of a ServingTemplate's outer spec, where it has no effect",
    )
    parser.add_argument("--write", action="store_true", help="write the files; default: only show the diff")


def _paths(parser: Parser) -> None:
    parser.add_argument(
        "paths", metavar="PATH", nargs="+", help="a file, or a folder with all its subfolders"
    )


def _save(parser: Parser) -> None:
    parser.add_argument("path", metavar="PATH", help="the file, below the working folder")
    _force(parser)
    parser.add_argument("--no-check", action="store_true", help="write it even if the check finds errors")
    _disable(parser)


_NAMED = "--scenario churn \\\n    --image ghcr.io/acme/churn:1.4 --secret team-ghcr"

TEMPLATE = Grammar(
    "aicore_template",
    "Make, check and fix AI Core templates that use a Docker registry secret.",
    {
        "workflow": Subcommand(
            "Make a WorkflowTemplate, for training and batch jobs.",
            _workflow,
            asks_tenant=False,
            in_notebook=_where_to,
            examples=(
                f'workflow churn-train {_NAMED} \\\n    --args "python train.py" --cell',
                (
                    f'workflow churn-train {_NAMED} \\\n    --args "python train.py" '
                    "--output model=/app/model \\\n    --out train.yaml"
                ),
            ),
        ),
        "serving": Subcommand(
            "Make a ServingTemplate, for deployments.",
            _serving,
            asks_tenant=False,
            in_notebook=_where_to,
            examples=(
                f"serving churn-serve {_NAMED} --cell",
                f"serving churn-serve {_NAMED} \\\n    --input model --min-replicas 0 --out serve.yaml",
            ),
        ),
        "check": Subcommand(
            "Find errors in templates that AI Core would reject, with line, reason and fix.",
            _check,
            in_notebook=_strict,
            examples=("check .", "check train.yaml --disable plan-missing"),
        ),
        "patch": Subcommand(
            "Set imagePullSecrets in templates. Changes no other byte. Shows the diff first.",
            _patch,
            asks_tenant=False,
            examples=("patch train.yaml --secret team-ghcr", "patch train.yaml --secret team-ghcr --write"),
        ),
        "rules": Subcommand(
            "List the rules of the check. With an ID: its reason and examples.",
            _rules,
            asks_tenant=False,
            examples=("rules", "rules plan-missing"),
        ),
        "save": Subcommand(
            "Check the YAML in this cell and write it to a file.",
            _save,
            examples=("save train.yaml", "save train.yaml --force"),
        ),
    },
    cell="save",
    examples=(f"serving churn-serve {_NAMED} --cell", "check ."),
)
