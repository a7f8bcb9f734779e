"""Two lines for the help of each command, as they are typed behind `jupyter aicore`."""

from __future__ import annotations

_LOGIN = "--image ghcr.io/acme/churn:1.4 --username anna"
_VARIABLE = "--password-env GHCR_TOKEN"
_PIPED = "--password-file - --service-key-env AICORE_SERVICE_KEY"
_TEMPLATE = "\\\n    --image ghcr.io/acme/churn:1.4 --secret team-ghcr --scenario churn"
_MINTED = '--password-command "aws ecr get-login-password" --format json'
EXAMPLES = {
    "check": (f"check {_LOGIN}", f"check {_LOGIN} \\\n    {_VARIABLE}"),
    **{
        command: (
            f"{command} team-ghcr \\\n    {_LOGIN} \\\n    {_VARIABLE} --profile prod",
            f"{command} team-ghcr \\\n    {_LOGIN} \\\n    {_PIPED}",
        )
        for command in ("create", "apply", "update")
    },
    "list": ("list", "list --profile prod --format json"),
    "show": ("show team-ghcr", "show team-ghcr --profile prod --wait 60"),
    "delete": ("delete team-ghcr --profile prod", "delete team-ghcr --service-key key.json --yes"),
    "quota": ("quota", "quota --profile prod"),
    "due": ("due", "due --profile prod --format json"),
    "rotate": (
        "rotate plan.json --profile prod --password-env NEW_TOKEN",
        f"rotate plan.json --service-key-env AICORE_SERVICE_KEY \\\n    {_MINTED}",
    ),
    "note": (
        "note team-ghcr --registry ghcr.io --username anna \\\n    --ends 2027-01-31 --profile prod",
        "note --from-templates templates",
    ),
    "forget": ("forget team-ghcr --profile prod", "forget --before 2026-01-31"),
    "rules": ("rules", "rules plan-missing"),
    "scan": ("scan .", "scan . --format github"),
    "scrub": ("scrub churn.ipynb", "scrub churn.ipynb --write"),
    "tutorials": ("tutorials aicore-tutorials", "tutorials ~/aicore-tutorials"),
    "verify": ("verify --profile dev", "verify --service-key key.json --yes --format json"),
    "template check": ("check .", "check . --profile prod --format github"),
    "template patch": ("patch train.yaml --secret team-ghcr", "patch train.yaml --secret team-ghcr --write"),
    "template workflow": (
        f'workflow churn-train {_TEMPLATE} \\\n    --args "python train.py"',
        f'workflow churn-train {_TEMPLATE} \\\n    --args "python train.py" --out train.yaml',
    ),
    "template serving": (
        f"serving churn-serve {_TEMPLATE}",
        f"serving churn-serve {_TEMPLATE} \\\n    --min-replicas 0 --out serve.yaml",
    ),
}
