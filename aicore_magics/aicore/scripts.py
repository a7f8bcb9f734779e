"""The same request by other means: a script for sh and curl, or a request file for an API client.

Both take every secret from the environment when they run, so they hold none, and neither puts one into an
argument list, where other users of the machine could read it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from shlex import quote
from typing import Literal

from aicore_magics.aicore.client import MERGE_PATCH, SECRETS
from aicore_magics.http.messages import JSON


@dataclass(frozen=True, slots=True)
class Slot:
    """A login whose password is filled in when the script runs: auth key, user, and variable."""

    key: str
    username: str
    variable: str


@dataclass(frozen=True, slots=True)
class ScriptedRequest:
    """What the script is to send, and where its token comes from."""

    change: Literal["create", "update"]
    name: str
    slots: tuple[Slot, ...]
    api_url: str
    token_url: str
    x509: bool = False

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "POST" if self.change == "create" else "PATCH"

    @property
    def url(self) -> str:
        """The full address."""
        return self.api_url + SECRETS + ("" if self.change == "create" else f"/{self.name}")

    @property
    def content_type(self) -> str:
        """The type of the body."""
        return JSON if self.change == "create" else MERGE_PATCH

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that must be set when it runs."""
        files = ("AICORE_CERT_FILE_PATH", "AICORE_KEY_FILE_PATH") if self.x509 else ("AICORE_CLIENT_SECRET",)
        return ("AICORE_CLIENT_ID", *files, *(slot.variable for slot in self.slots))


def slots(logins: tuple[tuple[str, str], ...]) -> tuple[Slot, ...]:
    """Give each login (auth key, user) a variable: REGISTRY_PASSWORD, REGISTRY_PASSWORD_2 and so on."""
    return tuple(
        Slot(key, username, "REGISTRY_PASSWORD" + (f"_{number}" if number > 1 else ""))
        for number, (key, username) in enumerate(logins, start=1)
    )


def curl_script(request: ScriptedRequest) -> str:
    """Give a script for sh that needs curl, sed, base64 and tr, and sends what the magic would send.

    Secrets go from the environment into pipes: printf is the shell's own, and starts no process.
    """
    need = "\n".join(f': "${{{name}:?is not set}}"' for name in request.variables)
    named = f'"name":{_in_sh(json.dumps(request.name))},' if request.change == "create" else ""
    entries = ",".join(_entry(slot) for slot in request.slots)
    return f"""#!/bin/sh
# {request.method} {request.url}
# Set before: {", ".join(request.variables)}
set -eu
{need}

escaped() {{ sed 's/\\\\/\\\\\\\\/g; s/"/\\\\"/g'; }}

token=$({_token_pipe(request)} |
  sed -n 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p')
[ -n "$token" ] || {{ echo "no token came back; nothing was sent" >&2; exit 1; }}

entry() {{  # KEY USER PASSWORD
  printf '"%s":{{"username":"%s","password":"%s","auth":"%s"}}' \\
    "$(printf %s "$1" | escaped)" "$(printf %s "$2" | escaped)" "$(printf %s "$3" | escaped)" \\
    "$(printf %s "$2:$3" | base64 | tr -d '\\n')"
}}

config=$(printf '{{"auths":{{%s}}}}' "{entries}" | escaped)
body=$(printf '{{{named}"data":{{".dockerconfigjson":"%s"}}}}' "$config" | escaped)

printf 'header = "Authorization: Bearer %s"\\ndata-raw = "%s"\\n' "$token" "$body" |
  curl --silent --show-error --fail --config - --request {request.method} \\
    --header {quote("Content-Type: " + request.content_type)} \\
    {quote(request.url)}
echo
"""


def http_file(request: ScriptedRequest) -> str:
    """Give a request file for httpYac (command line or VS Code), which reads the environment as it sends."""
    logins = ",\n".join(
        f"    [{_in_js(slot.key)}, {_in_js(slot.username)}, process.env.{slot.variable}]"
        for slot in request.slots
    )
    named = f"name: {json.dumps(request.name)}, " if request.change == "create" else ""
    secret = "" if request.x509 else "    client_secret: process.env.AICORE_CLIENT_SECRET,\n"
    shown = (
        "\n# The client certificate goes into httpYac's own settings (clientCertificates)."
        if request.x509
        else ""
    )
    return f"""# {request.method} {request.url}
# Set before: {", ".join(request.variables)}{shown}
{{{{
  exports.form = new URLSearchParams({{
    grant_type: "client_credentials",
    client_id: process.env.AICORE_CLIENT_ID,
{secret}  }}).toString();
}}}}

###
# @name token
# @no-log
POST {request.token_url}
Content-Type: application/x-www-form-urlencoded

{{{{form}}}}

?? status == 200

###
# @name secret
# @ref token
# @no-log
{{{{
  if (!token || !token.access_token) throw new Error("no token came back; nothing was sent");
  const auths = {{}};
  for (const [key, username, password] of [
{logins}
  ]) {{
    if (!password) throw new Error("a password variable is not set; nothing was sent");
    const auth = Buffer.from(username + ":" + password, "utf8").toString("base64");
    auths[key] = {{ username, password, auth }};
  }}
  const config = JSON.stringify({{ auths }});
  // Two braces in a row would be a placeholder to httpYac; written out they are the same JSON.
  exports.body = JSON.stringify({{ {named}data: {{ ".dockerconfigjson": config }} }})
    .replaceAll("{{" + "{{", "{{\\\\u007b");
}}}}
{request.method} {request.url}
Authorization: Bearer {{{{token.access_token}}}}
Content-Type: {request.content_type}

{{{{body}}}}

?? status == 202
"""


def _token_pipe(request: ScriptedRequest) -> str:
    """The pipe that asks for a token: the client secret travels over stdin, the id is no secret."""
    common = '--data grant_type=client_credentials --data-urlencode "client_id=$AICORE_CLIENT_ID"'
    if request.x509:
        files = '--cert "$AICORE_CERT_FILE_PATH" --key "$AICORE_KEY_FILE_PATH"'
        return f"curl --silent --show-error --fail {files} \\\n  {common} {quote(request.token_url)}"
    pipe = 'printf %s "$AICORE_CLIENT_SECRET" |\n  curl --silent --show-error --fail'
    return f"{pipe} --data-urlencode client_secret@- \\\n    {common} \\\n    {quote(request.token_url)}"


def _entry(slot: Slot) -> str:
    """The shell words that make one entry of `auths`."""
    return f'$(entry {quote(slot.key)} {quote(slot.username)} "${slot.variable}")'


def _in_js(text: str) -> str:
    """A text as a JavaScript string, without the braces that delimit httpYac's scripts."""
    return json.dumps(text).replace("{", "\\u007b").replace("}", "\\u007d")


def _in_sh(text: str) -> str:
    """A text inside printf's single-quoted format: a secret's name has none of its special characters."""
    if not re.fullmatch(r'"[a-z0-9._-]+"', text):
        raise ValueError("a checked name was expected")
    return text
