"""A service key as people have it: each wrapping takes a text, a key or a wrapped one, and gives another."""

from __future__ import annotations

import base64
import json

import yaml


def thing(text):
    """The data that *text* is as JSON, or the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def coded(text):
    return base64.b64encode(text.encode()).decode()


def lined(text):
    return "\n".join(text[at : at + 64] for at in range(0, len(text), 64))


def flat(data):
    """The fields of a Secret: texts, with all else as JSON."""
    fields = data if isinstance(data, dict) else {"credentials": data}
    return {name: each if isinstance(each, str) else json.dumps(each) for name, each in fields.items()}


def secret(data, **more):
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "aicore"},
        "type": "Opaque",
        **more,
        **data,
    }


def of_json(change):
    """The change of a text that is made to JSON alone."""
    return lambda text: change(text) if text[:1] in ("{", "[") else text


def of_cap(text):
    return {"requires": {"[hybrid]": {"aicore": {"kind": "aicore", "credentials": thing(text)}}}}


WRAPPINGS = {
    "plain": lambda text: text,
    "indented": lambda text: json.dumps(thing(text), indent=2),
    "cf service-key": lambda text: (
        f"Getting key k for service instance aicore as anna@example.com...\n\n{text}\n"
    ),
    "cf, and what follows": lambda text: (
        f"Getting key k for service instance i as a@b.c...\n\n{text}\n\nOK\n\nTIP: x\n"
    ),
    "cf v8": lambda text: json.dumps({"credentials": thing(text)}),
    "credentials as text": lambda text: json.dumps({"credentials": text}),
    "VCAP_SERVICES": lambda text: json.dumps(
        {"xsuaa": [{"credentials": {}}], "aicore": [{"label": "aicore", "credentials": thing(text)}]}
    ),
    "user-provided": lambda text: json.dumps(
        {"user-provided": [{"label": "user-provided", "name": "ai", "credentials": thing(text)}]}
    ),
    "default-env.json": lambda text: json.dumps(
        {"VCAP_SERVICES": {"aicore": [{"label": "aicore", "credentials": thing(text)}]}, "PORT": 4004}
    ),
    "cf env": lambda text: (
        f"System-Provided:\nVCAP_SERVICES: "
        f"{json.dumps({'aicore': [{'credentials': thing(text)}]}, indent=2)}\n\nVCAP_APPLICATION: {{\n}}\n"
    ),
    "CAP": lambda text: json.dumps(of_cap(text)),
    "package.json": lambda text: json.dumps({"name": "x", "cds": of_cap(text)}),
    "sap-aicore-cli": lambda text: json.dumps({"aicore": thing(text)}),
    "a list of one": lambda text: json.dumps([thing(text)]),
    "a dict, printed": lambda text: repr(thing(text)),
    "an assignment": lambda text: f"service_key = {thing(text)!r}\n",
    "single quotes": lambda text: f"'{text}'",
    "double quotes": lambda text: f'"{text}"',
    "a JSON string": json.dumps,
    "escaped quotes": of_json(lambda text: text.replace("\\", "\\\\").replace('"', '\\"')),
    ".env": lambda text: f"# SAP\nAICORE_SERVICE_KEY={text}\n",
    ".env, quoted": lambda text: f"AICORE_RESOURCE_GROUP=default\nAICORE_SERVICE_KEY='{text}'\n",
    "a shell": lambda text: f"export AICORE_SERVICE_KEY='{text}'",
    "AICORE_SERVICE_KEY": lambda text: json.dumps({"AICORE_SERVICE_KEY": text}),
    "Secret, fields": lambda text: json.dumps(
        secret({"data": {name: coded(each) for name, each in flat(thing(text)).items()}})
    ),
    "Secret, YAML": lambda text: yaml.safe_dump(
        secret({"data": {name: coded(f"{each}\n") for name, each in flat(thing(text)).items()}})
    ),
    "Secret, one field": lambda text: json.dumps(secret({"data": {"key.json": coded(text)}})),
    "Secret, stringData": lambda text: yaml.safe_dump(secret({"stringData": {"credentials": text}})),
    "List": lambda text: json.dumps(
        {"apiVersion": "v1", "kind": "List", "items": [secret({"stringData": {"credentials": text}})]}
    ),
    "Terraform": lambda text: json.dumps(
        {"service_key": {"sensitive": True, "type": "string", "value": text}}
    ),
    "YAML": lambda text: yaml.safe_dump({"credentials": thing(text)}),
    "base64": coded,
    "base64, in lines": lambda text: lined(coded(text)),
    "a fence": lambda text: f"Here it is:\n\n```json\n{text}\n```\n",
    "curly quotes": of_json(lambda text: text.replace('"', chr(0x201C))),
    "HTML": of_json(lambda text: text.replace("&", "&amp;").replace('"', "&quot;")),
    "spaces of a web page": of_json(lambda text: text.replace(": ", ":\u00a0")),
    "a data URL": lambda text: f"data:application/json;base64,{coded(text)}",
    "PowerShell": lambda text: f"$env:AICORE_SERVICE_KEY = '{text}'",
    "a Dockerfile": lambda text: f"ENV AICORE_SERVICE_KEY='{text}'",
    "JavaScript": lambda text: f"// the key\nconst key = {text};\n",
    "spaces": lambda text: f"\ufeff\u00a0 {text}\r\n\u200b",
}
