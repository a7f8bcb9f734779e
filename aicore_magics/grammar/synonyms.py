"""What people type instead of our words: those of docker, kubectl, gh, aws and az, and our word for it."""

from __future__ import annotations

# The word that is right, and those that people type.
_SECRETS = {
    "create": "add new make post store save register insert push init",
    "apply": "put upsert recreate create-or-update set ensure",
    "update": "edit replace modify patch change renew refresh overwrite",
    "list": "ls all names index secrets",
    "show": "get describe exists view info cat read inspect find lookup",
    "delete": "rm remove del erase drop destroy unset uninstall",
    "quota": "count usage limit limits used",
    "check": "test verify try validate pull probe ping login",
    "note": "remember record annotate track know memo",
    "forget": "unremember unrecord unnote untrack prune",
    "form": "gui ui widget dialog wizard",
}
_TEMPLATES = {
    "workflow": "training train job batch workflowtemplate workflow-template argo",
    "serving": "deployment deploy serve inference servingtemplate serving-template kserve",
    "check": "lint validate test verify audit scan inspect diagnose",
    "patch": "fix repair set edit update modify change add",
    "rules": "rule explain codes catalogue catalog",
    "save": "write store dump",
    "patch PATH --remove": "remove unpatch unset rm",
}
_NOTEBOOKS = {
    "new": "create make generate init write add",
    "scan": "search find check detect grep audit look leaks",
    "scrub": "clean redact remove strip sanitize sanitise mask erase wipe rm",
}
_DUE = "expire expired expires expiry expiring expiries expiration radar calendar"
# By what stands before the subcommand; a right word with a percent sign is another magic.
SYNONYMS_OF_SUBCOMMANDS: dict[str, dict[str, str]] = {
    "aicore_docker_secret": {
        **_SECRETS,
        "%aicore_connect --sandbox": "sandbox demo",
        "%aicore_connect": "connect logon",
        "%aicore_connect --status": "status whoami",
        "%aicore_connect --disconnect": "disconnect logout",
        "%aicore_template": "template workflow serving",
        "%aicore_notebook": "notebook scan scrub",
        "%aicore_rotate due": f"due {_DUE}",
        "%aicore_rotate run": "rotate rotation",
    },
    "aicore_rotate": {
        "plan": "preview dry-run dryrun prepare propose simulate",
        "run": "start go execute begin do apply perform rotate now renew refresh roll",
        "resume": "continue restart retry proceed",
        "undo": "rollback roll-back revert restore back reset cancel stop abort",
        "status": "state progress history log logs last runs",
        "schedule": "cron ci automate timer job github gitlab workflow",
        "due": f"{_DUE} list ls show all ends end when",
        "%aicore_docker_secret note": "note remember record annotate",
        "%aicore_docker_secret forget": "forget",
        "%aicore_docker_secret update": "update replace",
    },
    "aicore_template": {
        **_TEMPLATES,
        "%aicore_docker_secret": "secret secrets docker-secret",
        "%aicore_notebook scrub": "scrub",
    },
    "aicore_notebook": {
        **_NOTEBOOKS,
        "%aicore_template": "template workflow serving",
        "%aicore_docker_secret": "secret secrets docker-secret",
    },
    "jupyter aicore": {
        "--version": "version -v ver",
        "--help": "-? /? ? man --usage commands",
        "template check": "lint diagnose",
        "template workflow": "workflow training train workflowtemplate",
        "template serving": "serving deploy deployment serve servingtemplate",
        **_SECRETS,
        "due": _DUE,
        "rotate": "rotation roll rollover renewal",
        "template": "templates",
        "rules": "rule",
        "scan": "leaks grep audit detect",
        "scrub": "clean redact sanitize sanitise",
        "tutorials": "tutorial lessons learn",
        "sandbox": "demo mock emulator local",
        "completion": "completions autocomplete complete",
    },
    "jupyter aicore template": _TEMPLATES,
}
# Where there are these, the command or the tenant is meant by the word behind them, as in `secret list`.
KINDS = (
    "secret secrets docker-secret docker-secrets docker-registry docker-registry-secret notebook notebooks"
)
# In a shell each line names its tenant, so that nobody logs in.
LOGINS = (
    "login log-in logon signin auth connect configure config logout log-out disconnect use-context account"
)

# The option that is right, and what people type for it. The first that the subcommand has counts.
SYNONYMS_OF_OPTIONS: dict[str, str] = {
    "--out": "-o -f --output --outputs --output-file --outfile --to --dest --path --file --filename --save "
    "--write",
    "--format json": "--json",
    "--format sarif": "--sarif",
    "--format github": "--github --annotations --gha",
    "--format": "-o --output --output-format --fmt",
    "--yes": "-y -f --force --no-prompt --no-confirm --assume-yes --confirm --quiet",
    "--username": "-u --user --usr --uname --docker-username --account --robot --user-name --login-name",
    "--registry": "-r --host --hostname --server --docker-server --url --repo --repository --registry-url "
    "--endpoint --address --domain",
    "--image": "-i --img --images --ref --tag --uri --image-name --image-ref --container",
    "--from-file": "-f --file --config --json --docker-config --from-json --filename --config-file",
    "--service-key": "-f -k --file --key --sk --key-file --keyfile --credentials --creds --json --from-file "
    "--kubeconfig",
    "--password-file": "--key --key-file --keyfile --token-file --credentials --password-path",
    "--password-env": "--env --env-var --from-env --variable --var --token-env --password-variable",
    "--password-command": "--command --cmd --exec --program --helper --askpass --credential-process "
    "--password-cmd --password-program --pass-command --passwordeval --token-command --from-command",
    "--docker-login": "--docker --podman --from-docker --from-docker-config --podman-login",
    "--keyring": "--keychain --keyring-service --vault",
    "--force": "-f --overwrite --replace --yes",
    "--dry-run": "--dryrun --dry --simulate --what-if --preview --print",
    "--no-check-registry": "--no-check --skip-check --unchecked --no-verify --no-validate --no-test",
    "--leave-out": "--exclude --except --skip --without --ignore --not --keep",
    "--another-login": "--other-login --different-login --any-login --force -f --yes -y",
    "--if-due": "--only-if-due --due --when-due --if-needed",
    "--every": "--interval --cron --period --each --frequency",
    "--engine": "--ci --platform --provider --for --kind",
    "--record": "--file -f --result --artifact --from-file --json",
    "--test": "--check --verify --try --validate --probe",
    "--no-check": "--skip-check --unchecked --no-verify --no-validate --no-test --skip-verify --offline",
    "--as": "--format --as-curl --as-http --script --curl",
    "--ends": "--end --expire --expires --expiry --expiration --expires-at --expires-on --expiry-date "
    "--expiration-date --until --valid-until --valid-to --end-date --due",
    "--ends-within": "--within --days --expiring --expires-within --due-within --due --expire --expires "
    "--expiry --until --soon --ends",
    "--before": "--older-than --older --until --since --to --prior-to",
    "--expiry-lookup": "--lookup-expiry --lookup --look-up --ask-issuer --find-expiry",
    "--no-expiry-lookup": "--no-lookup --skip-lookup --skip-expiry-lookup",
    "--from-templates": "--templates --template --from --from-template --folder --dir --path",
    "--for": "--kind --type --template-kind --pulled-by --used-by",
    "--resource-group": "-g --group --rg",
    "--profile": "--tenant --tenants --all-tenants --profiles --config --config-profile --environment "
    "--account --context --subscription",
    "--ca-file": "--cacert --ca --cert --ca-bundle --ca-cert --certificate --ca-path",
    "--trust-host": "--host --trust --trusted-host --allow-host --proxy",
    "--sandbox": "--local --offline --fake --demo --mock --test --try",
    "--status": "--info --show --whoami --state --current",
    "--disconnect": "--logout --close --forget --off --stop --reset",
    "--wait": "--until --wait-for --poll",
    "--timeout": "-t --time-out --seconds --max-time --request-timeout",
    "--help": "-? --usage --man --options --h --?",
    "--secret": "--pull-secret --image-pull-secret --image-pull-secrets --imagepullsecrets --secret-name "
    "--docker-secret --registry-secret",
    "--request": "--cpu --memory --gpu --requests --resources --ram",
    "--limit": "--limits --max-memory",
    "--plan": "--resource-plan --size",
    "--instance-type": "--instance --machine --machine-type --vm",
    "--command": "--cmd --entrypoint --exec",
    "--args": "--arg --arguments --argument",
    "--env": "-e --environment --envs --variable --var",
    "--param": "--params --parameter --parameters --set",
    "--min-replicas": "--replicas --scale --min --min-scale",
    "--max-replicas": "--max --max-scale",
    "--input": "--inputs --dataset --in",
    "--output": "--outputs --artifact --model",
    "--readiness": "--health --readiness-probe --probe --health-check",
    "--liveness": "--liveness-probe",
    "--startup": "--startup-probe",
    "--write": "-w -y --inplace --in-place --apply --fix --save --do --yes --force",
    "--remove": "--delete --unset --rm --clear",
    "--disable": "--ignore --skip --exclude --noqa --suppress --without",
    "--scenario": "--scenario-id --id",
    "--pin-digest": "--digest --pin --pinned",
    "--history": "--ipython --shell-history",
    "--all": "--every --all-logins",
    "--realm": "--auth-host --token-host --auth-server",
}
_WHOLE_TENANT = "leave it out: a secret belongs to the whole tenant"
# What people type, what the command has (an option, an argument or its own name), and what is said then.
ANSWERS = (
    (
        "--email --docker-email --mail",
        "--username",
        "a registry login needs no e-mail address: leave it out",
    ),
    (
        "--password-stdin --stdin --prompt --ask",
        "--password-env",
        "leave it out: a prompt asks for the password",
    ),
    ("--name -n --secret --secret-name", "name", "write the name without an option: {command} NAME"),
    ("--name -n --path --file -f -o --out", "path", "write the path without an option: {command} PATH"),
    (
        "--path --paths --file --files --folder --dir -f",
        "paths",
        "write paths without an option: {command} PATH",
    ),
    ("--name -n", "--sandbox", "did you mean --profile?"),
    ("--recursive --all -r -R", "paths", "leave it out: all subfolders are included"),
    ("--force --overwrite --replace --update -f", "create", "did you mean apply?"),
    ("--force --overwrite --replace -f", "apply", "leave it out: apply replaces an existing secret"),
    ("--force --overwrite --replace -f", "update", "leave it out: update replaces an existing secret"),
    *(
        ("--yes -y", name, f"leave it out: {name} does not ask first")
        for name in ("create", "apply", "update")
    ),
    ("--dry-run --dryrun --check --test --preview", "run", "did you mean plan --test?"),
    *(
        ("--force -f --yes -y", name, f"leave it out: {name} does not ask first")
        for name in ("run", "rotate")
    ),
    ("--dry-run --check", "--write", "leave it out: without --write nothing is written"),
    ("--write -w --fix --apply", "scan", "did you mean scrub --write?"),
    ("--check", "--no-check", "leave it out: the check runs anyway"),
    *(
        ("-n -g --namespace --resource-group --group --all-namespaces -A", name, _WHOLE_TENANT)
        for name in ("create", "apply", "update", "list", "show", "delete", "quota")
    ),
    (
        "--all -a --no-trunc --limit --page-size --top --max-items",
        "list",
        "leave it out: list shows all names",
    ),
    (
        "--from-templates --templates --template",
        "create",
        "did you mean note --from-templates?",
    ),
    ("--ends --expires --expiry --until", "check", "leave it out: check stores nothing, note --ends does"),
    ("--name -n", "names", "write names without an option: {command} NAME"),
    ("--all -a --force -f --yes -y", "forget", "leave it out: name the secrets, or use --before DATE"),
    (
        "--sandbox",
        "--service-key-env",
        "start it with jupyter aicore sandbox --service-key-file key.json, then use --service-key key.json",
    ),
    ("--from-literal", "--from-file", "no option takes a password: use --password-env VAR"),
)
