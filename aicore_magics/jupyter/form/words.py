"""What the form says: its head, the steps of a run, and the messages below its buttons, as HTML."""

from __future__ import annotations

import dataclasses
from html import escape
from typing import TYPE_CHECKING

from aicore_magics.actions.recorded import SINCE
from aicore_magics.actions.stored_secret import REPLACED
from aicore_magics.base.progress import NAME, STORE, time_words
from aicore_magics.base.redact import written_out
from aicore_magics.base.report import Fact, Report, Step
from aicore_magics.jupyter.cards import card_style, html_card
from aicore_magics.jupyter.form.fields import result_style
from aicore_magics.jupyter.form.hints import advice, for_form
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.next_steps import capitalised, unclosed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aicore_magics.actions.recorded import StoredHere
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.base.progress import StepState
    from aicore_magics.base.report import State
    from aicore_magics.errors import AICoreError

_UNKNOWN = "unknown: AI Core does not return logins"
_CONNECT = "Run %aicore_connect in a cell above, then press the button."
_CHECK_ANEW = "press Store another, enter the login again, and press Check"
# How a step stands: the class of its ring, and the glyph in it.
_RINGS: dict[StepState, tuple[str, str]] = {
    "waiting": ("", "·"),
    "running": (" run", "·"),
    "done": (" ok", "✓"),
    "warning": (" ok", "✓"),
    "refused": (" er", "✕"),
    "unknown": (" wn", "?"),
    "hint": (" wn", "?"),
    "": (" ok", "✓"),
}


def card(report: Report, *, alert: bool = False, check: str = "press Check") -> str:
    """Give *report* as a card inside the form; *alert*: it is to be read at once; *check*: how to check."""
    return f"{html_card(for_form(report, check), alert=alert)}<style>{result_style()}</style>"


def head(name: str, tenant: Connection | None, *, profile: str = "", replaces: bool = True) -> str:
    """Give the title, and whose tenant it is about; *profile*: the one by which it was named."""
    title = f"{'Replace' if replaces else 'New secret'} {name}" if name else "New Docker registry secret"
    named = f", profile {profile}" if profile else ""
    where = f"Tenant {tenant.tenant}{named}." if tenant else f"Not connected. {_CONNECT}"
    shared = " Every resource group of the tenant can use it." if tenant else ""
    return f'<h4>{_text(title)}</h4><p class="mathjax_ignore">{_text(where + shared)}</p>'


def steps(name: str, stand: Mapping[str, tuple[StepState, str]]) -> str:
    """Give the list of steps, each with how it stands."""
    labels = {NAME: f"Name {name}", STORE: "Store in AI Core"}
    # Whom the checks ask when a login ends, they name on their way: to store comes after that, too.
    order = sorted(stand, key=STORE.__eq__)
    rows = "".join(_step(labels.get(step, step), *stand[step]) for step in order)
    # The role stands around the list: on it, it would be no list any more.
    shown = f'<div role="status"><ol class="st">{rows}</ol></div>'
    style = f"<style>{card_style()}{result_style()}</style>"
    return f'{style}<div class="aic mathjax_ignore">{shown}</div>'


def time(seconds: int, limit: float) -> str:
    """Say how long a run has taken, and how long it may."""
    return f'<p class="time">{time_words(seconds, limit)}</p>'


def message(
    headline: str, state: State, *sentences: str, step: Step | None = None, alert: bool = False
) -> str:
    """Give a message of the form as a card."""
    not_empty = tuple(filter(None, sentences))
    return card(Report(headline, state, not_empty, steps=(step,) if step else ()), alert=alert)


def nothing() -> str:
    """Say nothing any more, in the style of what was said."""
    return f"<style>{result_style()}</style>"


def wrong(count: int) -> str:
    """Say that *count* fields are wrong; why stands below each."""
    fields = "1 field needs" if count == 1 else f"{count} fields need"
    return message(f"{fields} a correction", "refused", "Nothing was sent.")


def not_connected() -> str:
    """Say that there is nowhere to store anything."""
    return message("Not connected", "refused", _CONNECT)


def moved(tenant: Connection, button: str) -> str:
    """Say that the notebook is connected to another tenant than the form has named so far."""
    now = f"This notebook is connected to tenant {tenant.where.tenant} at {tenant.where.host} now."
    again = f"Press {button} again to store it there."
    return message("Another tenant", "warning", f"{now} Nothing was sent.", again, alert=True)


def stopped() -> str:
    """Say that a run was stopped in time."""
    return message("Stopped", "hint", "Nothing was stored.")


def stopped_late(name: str) -> str:
    """Say that a run was stopped while its write was under way."""
    waits = "AI Core may have stored it or not. Waiting for its answer."
    return message(f"Unknown: you stopped while {name} was being sent", "unknown", waits)


def changed(field: str, button: str) -> str:
    """Say that *field* was changed after it was read, so that nothing was stored."""
    again = f"Check the fields, then press {button} again."
    return message(f"Stopped: {field} changed", "hint", "Nothing was stored.", again, alert=True)


def too_late(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Say that the last edits of *fields* were not sent; nothing where there are none."""
    return (f"Your last edit of {' and '.join(fields)} came too late.", "It was not sent.") if fields else ()


def to_correct(name: str, *, renamed: bool) -> tuple[str, ...]:
    """Say what to do where the secret *name* was stored without the last edits; *renamed*: of its name."""
    again = "To correct it, press Store another and enter it again."
    return (again, f"Then delete the secret {name}.") if renamed else (again,)


def refused(error: AICoreError, button: str) -> str:
    """Give the message for a refusal: nothing was changed. *button* is the word on what tries once more."""
    return _of_error("Refused", "refused", error, button)


def unknown(error: AICoreError, button: str, *late: str) -> str:
    """Give the message where it is not known what became of a write. *late*: what was not sent with it."""
    return _of_error("Unknown", "unknown", error, button, *late)


def stored(report: Report, *, templates: bool, late: tuple[str, ...] = ()) -> str:
    """Give the card of a secret that is stored, and say where it is named: in the *templates* below it.

    *late* says which edits it is without.
    """
    words = "use it in a template below." if templates else "see the YAML for it"
    *before, last = report.steps
    lines = () if templates else last.lines
    steps = (*before, Step(capitalised(words) if before else words, lines))
    report = dataclasses.replace(report, steps=steps, sentences=(*late, *report.sentences))
    if late:
        report = dataclasses.replace(report, state="warning")
    return card(report, alert=bool(late), check=_CHECK_ANEW)


def confirmation(name: str, tenant: Connection, logins: str, known: StoredHere | None = None) -> str:
    """Ask before a secret is replaced, with everybody that is concerned, and what is *known* of it."""
    since = (SINCE,) if known and not known.told else ()
    facts = (*_current(known), Fact("New login", logins))
    headline = f"Replace {name} for the whole tenant?"
    return card(Report(headline, "warning", (REPLACED, *since), facts, footer=str(tenant.where)), alert=True)


def _current(known: StoredHere | None) -> tuple[Fact, ...]:
    """The login that would be replaced, with the words of `show`."""
    if known is None:
        return (Fact("Current login", _UNKNOWN),)
    login, *more = known.facts()
    named = any(each.registry or each.username for each in known.logins)
    return (Fact("Current login", login.value if named else _UNKNOWN), *more)


def fault(error: Exception, line: str) -> str:
    """Say that the form itself is broken, and how to do the same without it."""
    headline = f"Error in this form: {type(error).__name__}"
    return message(headline, "refused", "Nothing more was sent.", step=Step("use this line instead", (line,)))


def yaml(text: str, words: str = "") -> str:
    """Give lines that one click selects, with *words* above them."""
    lines = "\n".join(map(_text, text.splitlines()))
    # As below a card: its style says beside the words how to copy.
    block = f'<p>{_text(words)}</p><pre class="y" tabindex="0">{lines}</pre>'
    return f'<div class="aic mathjax_ignore"><div class="nx">{block}</div></div>'


def _of_error(word: str, state: State, error: AICoreError, button: str, *late: str) -> str:
    error.door = NOTEBOOK
    first, rest = error.what, error.consequence
    if error.lines or not error.what:
        first, rest = rest, error.listed if error.lines else ""
    hint, step = advice(error, button)
    return message(f"{word}: {unclosed(first)}", state, rest, *late, hint, step=step)


def _step(label: str, state: StepState, word: str) -> str:
    kind, glyph = _RINGS[state]
    ring = f'<span class="g sm{kind}" aria-hidden="true">{glyph}</span>'
    row = ' class="go"' if state == "running" else ""
    return f'<li{row}>{ring}<span class="a">{_text(label)}</span> <span class="q">{_text(word)}</span></li>'


def _text(text: str) -> str:
    return escape(written_out(text))
