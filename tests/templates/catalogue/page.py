"""The page of all rules, made of the catalogue: `make reference` writes it anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.report import Code
from aicore_magics.templates.catalogue.index import TOPICS
from aicore_magics.templates.catalogue.listed import cut, how_to_disable, place
from aicore_magics.templates.finding import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

PAGE = Path(__file__).parents[3] / "notebooks" / "reference" / "rules.md"
HEAD = """\
# Rules for templates

What `%aicore_template check` and `%%aicore_template save` look for. In a notebook, `%aicore_template rules`
lists them, and `%aicore_template rules ID` explains one.

AI Core refuses an **error**, or ignores it. A **warning** is probably wrong, a **hint** is worth knowing.
*Observed*: seen in 91 real templates, or at AI Core. *Inferred*: no source is known.

## Disable a rule

At one place: write a comment at the end of the finding's line, or alone on the line above. A reason may
follow.

```yaml
image: docker.io/acme/churn:latest  # aicore-magics: disable=image-tag it is built every night
# aicore-magics: disable=plan-unknown,plan-missing
ai.sap.com/resourcePlan: infer.xl
```

- If the value begins on the line below its key, the comment may stand at either of the two lines.
- In a ServingTemplate, the comment counts in the text blocks `spec: |` and `labels: |` as well.
- It does not count in quotes, in a folded block (`>`), or in any other text, such as a script in `args`.

In a whole call: `%aicore_template check PATH --disable image-tag`; from Python
`check_templates(path, disable=["image-tag"])`.

The result counts disabled findings, and has them in `.disabled`. AI Core knows nothing of the comments. It
still refuses or ignores an error, and the result says so. `yaml` and `file` cannot be disabled: in a
file that is no YAML, nothing can be checked.

"""


def page() -> str:
    """All of the page."""
    return HEAD + "\n".join(line for name, topic in TOPICS.items() for line in _topic(name, topic))


def _topic(name: str, topic: ModuleType) -> Iterator[str]:
    rules = [rule for rule in vars(topic).values() if isinstance(rule, Rule)]
    yield from (f"## {name}", "", "| rule | severity | finds |", "|---|---|---|")
    for rule in rules:
        yield f"| [`{rule.id}`](#{rule.id}) | {rule.severity} | {rule.finds.replace('|', chr(92) + '|')} |"
    yield ""
    for rule in rules:
        yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    severity = f"{rule.severity.capitalize()}{'; ' if rule.varies else ''}{rule.varies}."
    disable = how_to_disable(rule)
    yield from (f"### {rule.id}", "", f"{severity} Finds {rule.finds}.", "", rule.why, "", rule.source, "")
    if not isinstance(disable, Code):
        yield from (f"Disable: {disable}.", "")
    for word, sample in (("Bad", rule.bad), ("Good", rule.good)):
        language = "text" if rule.place == "path" else "yaml"
        yield from (f"{word}{place(rule)}:", "", f"```{language}", *cut(sample), "```", "")


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
