"""The scripts of a schedule, run as a CI runs them, with pretend programs in front of the real ones."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# Each program writes down its words, a line each with tabs between, and what is in its environment.
RECORD = """#!/bin/bash
{ printf '%q\\t' "${0##*/}" "$@"; echo; } >>"$RECORD/calls"
env -0 >"$RECORD/env-${0##*/}"
"""
PROGRAMS = {
    "python": f"""
case "$1 $2" in
  "-m venv") mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
  "-c "*) exec {sys.executable} "$@" ;;
esac
""",
    # As the real one is to: it runs the program that prints the login, and says nothing of what that printed.
    "jupyter": """
while [ $# -gt 1 ]; do
  [ "$1" = --password-command ] && bash -c "$2" >"$RECORD/password"
  shift
done
echo '::error::a line of a server'
echo '##[error]another' >&2
echo "::set-output name=x::y" >&2
echo "team-ecr of acme-dev: refused" >&2
echo '{"result": "RotationRun"}'
exit "$STATUS"
""",
    "aws": """
[ -z "$AWS_WEB_IDENTITY_TOKEN_FILE" ] || cp "$AWS_WEB_IDENTITY_TOKEN_FILE" "$RECORD/shown"
printf %s "$PASSWORD"
""",
    "az": """
for word; do case "$word" in @*) cp "${word#@}" "$RECORD/shown" ;; esac; done
[ "$1" = login ] || printf %s "$PASSWORD"
""",
    "gcloud": """
for word; do
  case "$word" in
    --credential-source-file=*) cp "${word#*=}" "$RECORD/shown" ;;
    --output-file=*) echo '{}' >"${word#*=}" ;;
    --cred-file=*) cat "${word#*=}" >/dev/null || exit 9 ;;
  esac
done
[ "$2" != print-access-token ] || printf %s "$PASSWORD"
""",
    "curl": "",
    "sha256sum": "cat >/dev/null\n",
    "tar": "",
}


@dataclass(frozen=True)
class Ran:
    """What a script left: its exit status, what it printed, and the folder of what was written down."""

    status: int
    log: str
    record: Path

    @property
    def calls(self) -> list[list[str]]:
        """The words of each program that was started, as a shell writes them."""
        lines = (self.record / "calls").read_text("utf-8").splitlines()
        return [line.rstrip("\t").split("\t") for line in lines]

    def env_of(self, program: str) -> dict[str, str]:
        """The environment of *program* when it was last started."""
        raw = (self.record / f"env-{program}").read_bytes().decode("utf-8", "surrogateescape")
        return dict(pair.split("=", 1) for pair in raw.split("\0") if pair)


class Runner:
    """Runs scripts in the folder *work* below *place*, with pretend programs."""

    def __init__(self, place: Path) -> None:
        self.record, self.work, self.temp = (place / name for name in ("record", "work", "temp"))
        programs = place / "programs"
        for folder in (self.record, self.work, self.temp, programs, place / "home"):
            folder.mkdir()
        for name, body in PROGRAMS.items():
            (programs / name).write_text(RECORD + body, "utf-8")
            (programs / name).chmod(0o755)
        self.env = {
            "PATH": f"{programs}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "HOME": str(place / "home"),
            "TMPDIR": str(self.temp),
            "RECORD": str(self.record),
            "LANG": "C.UTF-8",
        }

    def run(self, script: str, env: dict[str, str]) -> Ran:
        """Run *script* as both CIs do: in bash, which stops at the first error, in a pipe as well."""
        file = self.record / "script.sh"
        file.write_text(script, "utf-8")
        done = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-e", "-o", "pipefail", file],
            cwd=self.work,
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode("utf-8", "replace"), self.record)


def commands_to_github(log: str) -> list[str]:
    """The lines of *log* that GitHub takes for commands: none between stop-commands and its token."""
    found, stopped = [], ""
    for line in log.splitlines():
        text = line.strip()
        if stopped:
            stopped = "" if text == f"::{stopped}::" else stopped
        elif stop := re.fullmatch(r"::stop-commands::(\S{16,})", text):
            stopped = stop[1]
        elif text.startswith("::") or "##[" in text:
            found.append(text)
    return found
