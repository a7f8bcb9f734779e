import json
import os
from pathlib import Path

import pytest

from aicore_magics.templates.rules import kinds
from aicore_magics.templates.rules.workflow_keys import SPEC, TEMPLATE

# What the schema calls it, and what it may be here: Argo reads more than its schema says.
SAME = {
    "string": (kinds.TEXT, kinds.SCALAR),
    "boolean": (kinds.FLAG,),
    "integer": (kinds.WHOLE,),
    "IntOrString": (kinds.COUNT, kinds.NUMBER_OR_TEXT),
    "Quantity": (kinds.NUMBER_OR_TEXT,),
    "Time": (kinds.TEXT,),
}
# Those of 3.5, which 4.1 has no more; and what two schemas name differently, or where Argo takes anything.
OLDER = {
    *(("a template", "priority"), ("spec", "podPriority"), ("metadata", "clusterName")),
    *(("synchronization", "mutex"), ("synchronization", "semaphore"), ("configMap", "key")),
}
SHARED = {  # one table for several definitions that differ in a key
    *(("a reference", "optional"), ("a reference to a key", "key"), ("a reference to a key", "optional")),
    *(("a handler of lifecycle", "sleep"), ("metadata", "managedFields"), ("resources", "claims")),
}


def definitions():
    """The schema's definitions by their last name."""
    file = Path(os.environ["AICORE_TEMPLATE_SCHEMAS"]) / "argo-workflowtemplate.schema.json"
    return {
        name.rpartition(".")[2] if "v1alpha1" in name else name: each
        for name, each in json.loads(file.read_text("utf-8"))["definitions"].items()
    }


def both(schema, kind, known, seen, path=()):
    """Each place of the schema, its part of it, and the kind that stands in our table."""
    name = schema.get("$ref", "").rpartition("/")[2]
    last = name.rpartition(".")[2]
    key = last if "v1alpha1" in name else name
    schema = {**known.get(key, {}), **schema} if name else schema
    yield path, last, schema, kind
    if kind is None or kind in (kinds.FREE, kinds.ANY) or (key, id(kind)) in seen:
        return
    seen.add((key, id(kind)))
    if kind.keys:
        for step, part in schema.get("properties", {}).items():
            yield from both(part, kind.keys.get(step), known, seen, (*path, step))
    elif kind.inside:
        part = schema.get("items", schema.get("additionalProperties"))
        yield from both(part, kind.inside, known, seen, (*path, "*"))


@pytest.mark.needs("template-schemas")
def test_each_key_of_the_schema_has_its_kind():
    """The table has every key that Argo's schema has, with the same type."""
    known = definitions()
    wrong, count = [], 0
    for path, name, schema, kind in both(known["WorkflowSpec"], SPEC, known, set()):
        count += 1
        if kind is kinds.ANY:
            continue
        type_ = name if name in SAME else schema.get("type")
        right = kind is not None and (
            kind in SAME[type_] if type_ in SAME else kind.type is {"object": dict, "array": list}[type_]
        )
        if not right:
            wrong.append((path, type_, kind))
    assert wrong == []
    assert count > 500


@pytest.mark.needs("template-schemas")
def test_each_kind_has_its_key_in_the_schema():
    """The table has no key that Argo's schema does not have, but those of 3.5."""
    known = definitions()
    more = set()
    for _, _, schema, kind in both(known["WorkflowSpec"], SPEC, known, set()):
        if kind is not None and kind.keys:
            more |= {(kind.owner, key) for key in kind.keys.keys() - schema["properties"].keys()}
    assert more <= OLDER | SHARED, more - OLDER - SHARED


def test_what_is_written_into_a_step_is_a_template():
    """A step may hold its template, with steps of its own."""
    step = TEMPLATE.keys["steps"].inside.inside
    assert step.keys["inline"] is TEMPLATE
