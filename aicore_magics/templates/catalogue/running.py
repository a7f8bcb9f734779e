"""Rules for what a container runs: command, args and environment."""

from __future__ import annotations

from aicore_magics.templates.finding import Rule

_ENV_GOOD = """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
  env:
    - name: DB_PASSWORD
      valueFrom:
        secretKeyRef: {name: my-database, key: password}
"""
_RUNS_GOOD = """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py --depth 3"]
"""

COMMAND = Rule(
    "command",
    "error",
    "a workflow's container without a command",
    "AI Core ignores CMD and ENTRYPOINT of the image, so the container of a workflow needs a command.",
    "SAP: Workflow Templates. Argo: container.command.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/acme/churn:1.4
  args: ["python train.py --depth 3"]
""",
    _RUNS_GOOD,
)
ARGS = Rule(
    "args",
    "error",
    "a shell that has nothing to run",
    "The shell runs what is in args. Without args it ends with an error.",
    "SAP: Workflow Templates (args must not be empty). POSIX: sh -c needs a command.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
""",
    _RUNS_GOOD,
)
ARGS_MISSING = Rule(
    "args-missing",
    "warning",
    "a workflow's container without args",
    "SAP asks for args next to the command. It is not documented whether AI Core accepts a command "
    "without args.",
    "SAP: Workflow Templates. Observed: 27 of 34 real workflow templates have both.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: [python, train.py]
""",
    _RUNS_GOOD,
)
ARGS_SHELL = Rule(
    "args-shell",
    "warning",
    "args that the shell does not run",
    "After sh -c the shell runs the first of the args. The others become its $0, $1 and so on.",
    "POSIX: sh -c.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py", "--depth 3"]
""",
    _RUNS_GOOD,
)
TOKEN = Rule(
    "token",
    "error",
    "a token in the file",
    "Git keeps every version of a template, for everyone who can read the repository. Revoke the token.",
    "SAP: Consume Generic Secrets. Observed: tokens in real templates.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
  env:
    - name: DB_PASSWORD
      value: dckr_pat_xxxxxxxxxxxxxxxxxxxxxxxxxxx
""",
    _ENV_GOOD,
)
ENV_SECRET = Rule(
    "env-secret",
    "warning",
    "a value in the file that is a password by the name of its variable",
    "Git keeps every version of a template. Use a generic secret to pass the value instead.",
    "SAP: Consume Generic Secrets.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
  env:
    - name: DB_PASSWORD
      value: tiger
""",
    _ENV_GOOD,
)
SECRET_KEY = Rule(
    "secret-key",
    "error",
    "a reference to a secret without its name or key",
    "Kubernetes needs both: which generic secret, and which of its keys.",
    "Kubernetes: SecretKeySelector, ConfigMapKeySelector. SAP: Consume Generic Secrets.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
  env:
    - name: DB_PASSWORD
      valueFrom:
        secretKeyRef: {name: my-database}
""",
    _ENV_GOOD,
)
