"""What the form says: its head, the steps of a run, and the messages below its buttons, as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from aicore_magics.jupyter.cards import card_style, html_card
from aicore_magics.jupyter.fields import result_style
from aicore_magics.redact import written_out
from aicore_magics.report import Fact, Report, Step
from aicore_magics.stored import REPLACED
from aicore_magics.watch import NAME, STORE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.errors import AICoreError
    from aicore_magics.report import State

NOT_CONNECTED = "Not connected. Run %aicore_connect in a cell above, then press the button."
_NOTHING = ("", "waiting", "asking")
_BAD = ("refused", "needed", "missing", "wrong", "no access", "not a registry", "unsupported", "not served")


def card(report: Report) -> str:
    """Give *report* as a card inside the form."""
    return f"{html_card(report)}<style>{result_style()}</style>"


def head(name: str, tenant: Connection | None) -> str:
    """Give the title, and whose tenant it is about."""
    title = f"Replace {name}" if name else "New Docker registry secret"
    where = f"Tenant {tenant.tenant}." if tenant else NOT_CONNECTED
    shared = " Every resource group of the tenant can use it." if tenant else ""
    return f'<h4>{_text(title)}</h4><p class="mathjax_ignore">{_text(where + shared)}</p>'


def steps(name: str, told: Mapping[str, str]) -> str:
    """Give the list of steps, each with how it stands."""
    labels = {NAME: f"Name {name}", STORE: "Store in AI Core"}
    rows = "".join(_step(labels.get(step, step), said) for step, said in told.items())
    return f'{_styled()}<div class="aic mathjax_ignore"><ol class="st" role="status">{rows}</ol></div>'


def message(
    headline: str, state: State, *sentences: str, lines: tuple[str, ...] = (), next_: str = ""
) -> str:
    """Give a message of the form as a card."""
    step = (Step(next_ or "run this", lines),) if lines else ()
    return card(Report(headline, state, tuple(filter(None, sentences)), steps=step))


def refused(error: AICoreError) -> str:
    """Give the message for a refusal: nothing was changed."""
    return _of_error("Refused", "refused", error)


def unknown(error: AICoreError) -> str:
    """Give the message where it is not known what became of a write."""
    return _of_error("Unknown", "unknown", error)


def confirmation(name: str, tenant: Connection, logins: str) -> str:
    """Ask before a secret is replaced, with everybody that is concerned."""
    facts = (
        Fact("Now holds", "not known: AI Core does not give logins back"),
        Fact("Would hold", logins),
    )
    headline = f"Replace {name} for the whole tenant?"
    return card(Report(headline, "warning", (REPLACED,), facts, footer=str(tenant.where)))


def fault(error: Exception, line: str) -> str:
    """Say that the form itself is broken, and how to do the same without it."""
    headline = f"This form has a fault: {type(error).__name__}"
    return message(headline, "refused", "Nothing more was sent.", lines=(line,), next_="the same as a magic")


def _of_error(word: str, state: State, error: AICoreError) -> str:
    first, _, rest = error.message.partition(". ")
    # A command is to be copied, words are to be read.
    command = error.hint if error.hint.startswith(("%", "docker ")) else ""
    hint = "" if command else error.hint
    lines = (command,) if command else ()
    return message(f"{word}: {first.rstrip('.')}", state, rest, hint, lines=lines, next_="mend it")


def _step(label: str, said: str) -> str:
    running = said == "asking"
    if running:
        ring = '<span class="g sm run" aria-hidden="true">·</span>'
    elif said in _NOTHING:
        ring = '<span class="g sm" aria-hidden="true">·</span>'
    elif any(word in said for word in _BAD):
        ring = '<span class="g sm er" aria-hidden="true">✕</span>'
    elif said.startswith("not "):
        ring = '<span class="g sm wn" aria-hidden="true">?</span>'
    else:
        ring = '<span class="g sm ok" aria-hidden="true">✓</span>'
    kind = ' class="go"' if running else ""
    return f'<li{kind}>{ring}<span class="a">{_text(label)}</span> <span class="q">{_text(said)}</span></li>'


def _styled() -> str:
    return f"<style>{card_style()}{result_style()}</style>"


def _text(text: str) -> str:
    return escape(written_out(text))
