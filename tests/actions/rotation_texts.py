"""What the results of `rotation_examples` say in a notebook, as text."""

from __future__ import annotations

from tests.actions import rotation_examples as made

TEXTS = [
    (
        made.PLAN_1,
        """\
Plan: replace the login anna at ghcr.io in 1 secret of 1 tenant.
Nothing was changed yet. The login ends on 3 Dec 2026.
Each image is tested with the new login first; if one fails, nothing is replaced.
  new login  GitHub: Settings, Developer settings, Tokens (classic), scope read:packages
             As far as known, "Regenerate token" ends the old token at once. Generate a new token instead.
  secret     turn  must pull, and templates
  team-ghcr  1     ghcr.io/acme/churn:1.4
                   1 template: serve.yaml
The secret has this login, by the record of this machine; secrets stored elsewhere are not known.
Next: make a second login, keep the old one, then run the plan; it asks for the login
  %aicore_rotate run team-ghcr
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.PLAN_9,
        """\
Plan: replace the login anna at ghcr.io in 9 secrets of 2 tenants.
Nothing was changed yet. The login ends on 3 Dec 2026.
Each image is tested with the new login first; if one fails, nothing is replaced. If the first secret fails, \
the run stops there.
  new login  GitHub: Settings, Developer settings, Tokens (classic), scope read:packages
             As far as known, "Regenerate token" ends the old token at once. Generate a new token instead.
  secret                      turn       must pull, and templates
  team-ghcr, acme-dev         1, canary  ghcr.io/acme/churn:1.4
                                         1 template: serve.yaml
  train-ghcr, acme-dev        2          ghcr.io/acme/train:5.2
                                         ghcr.io/acme/base:3
                                         3 templates: train.yaml, retrain.yaml, nightly.yaml
  embed-ghcr, acme-dev        3          ghcr.io/acme-labs/embed:0.9
                                         2 templates: embed.yaml, serve.yaml
  team-a to team-e, acme-dev  4 to 8     ghcr.io/acme/churn:1.4
                                         5 templates: a.yaml, b.yaml, c.yaml and 2 more
  team-ghcr, acme-prod        9, last    ghcr.io/acme/churn:1.4
                                         1 template: serve.yaml
All nine have the same login, by the record of this machine; secrets stored elsewhere are not known.
Next: make a second login, keep the old one, then run the plan; it asks for the login
  %aicore_rotate run rotation.json
Tenants acme-dev and acme-prod at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.PLAN_50,
        """\
Plan: replace the login anna at ghcr.io in 50 secrets of 2 tenants.
Nothing was changed yet. The login ends on 3 Dec 2026.
Each image is tested with the new login first; if one fails, nothing is replaced. If the first secret fails, \
the run stops there.
Keep the old login for now: outside of this plan, shared in acme-test has it too.
  new login  GitHub: Settings, Developer settings, Tokens (classic), scope read:packages
             As far as known, "Regenerate token" ends the old token at once. Generate a new token instead.
  secret                         turn       must pull, and templates
  canary, acme-dev               1, canary  ghcr.io/acme/churn:1.4
                                            no template that was read uses it
  team-00 to team-38, acme-dev   2 to 40    ghcr.io/acme/churn:0
                                            ghcr.io/acme/churn:1
                                            ghcr.io/acme/churn:2
                                            and 4 images more
                                            1 template: serve.yaml
  batch-0 to batch-9, acme-prod  41 to 50   ghcr.io/acme/train:5.2
                                            1 template: train.yaml
All 50 have the same login, by the record of this machine; secrets stored elsewhere are not known.
In the record, but no longer in the tenant: old in acme-dev.
1 file cannot be read: broken.yaml.
Next: make a second login, keep the old one, then run the plan; it asks for the login
  %aicore_rotate run
Tenants acme-dev and acme-prod at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.PLAN_TESTED,
        """\
Plan: replace the login anna at ghcr.io in 3 secrets of 1 tenant.
Nothing was changed yet. The login ends on 3 Dec 2026.
Each image is tested with the new login first; if one fails, nothing is replaced. If the first secret fails, \
the run stops there.
  new login  1 of 2 images can be pulled
             ghcr.io/acme-labs/embed:0.9: no access. The login may not pull it.
  secret      turn       must pull, and templates
  team-ghcr   1, canary  ghcr.io/acme/churn:1.4
                         1 template: serve.yaml
  train-ghcr  2          ghcr.io/acme/train:5.2
                         ghcr.io/acme/base:3
                         3 templates: train.yaml, retrain.yaml, nightly.yaml
  embed-ghcr  3, last    ghcr.io/acme-labs/embed:0.9
                         2 templates: embed.yaml, serve.yaml
All three have the same login, by the record of this machine; secrets stored elsewhere are not known.
Next: fix what the test found, then run the plan
  %aicore_rotate run
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.DONE_1,
        """\
1 of 1 secret replaced. The old login was not revoked.
  secret     state     what shows it
  team-ghcr  replaced  1 image tested, secret is there
Replaced means: tested, accepted by AI Core, and still there. More cannot be seen from here.
To put the former login in again: %aicore_rotate undo r1129-ghcr
Next: let the old login, anna at ghcr.io, end by itself on 3 Dec
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.DONE_9,
        """\
9 of 9 secrets replaced. The old login was not revoked.
  secret     state     what shows it
  9 secrets  replaced  acme-dev: team-ghcr, train-ghcr, embed-ghcr, team-a, team-b, team-c,
                       team-d, team-e; acme-prod: team-ghcr
Replaced means: tested, accepted by AI Core, and still there. More cannot be seen from here.
To put the former login in again: %aicore_rotate undo r1129-ghcr
Next: let the old login, anna at ghcr.io, end by itself on 3 Dec
Tenants acme-dev and acme-prod at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.DONE_711,
        """\
1 of 9 secrets unknown, 1 refused, 7 replaced.
The old login was not revoked. Keep it for now: embed-ghcr has it, team-ghcr in acme-prod may.
  secret                state     what shows it
  team-ghcr, acme-prod  unknown   no answer; it may have the old or the new login
                                  sending it again does no harm
  embed-ghcr, acme-dev  refused   the new login may not pull ghcr.io/acme-labs/embed:0.9; the old login stays
                                  Fix: Allow SSO for acme-labs on the new token.
  7 secrets             replaced  acme-dev: team-ghcr, train-ghcr, team-a, team-b, team-c, team-d, team-e
Replaced means: tested, accepted by AI Core, and still there. More cannot be seen from here.
To put the former login in again: %aicore_rotate undo r1129-ghcr
Next: allow SSO for acme-labs on the new token, then go on; it asks for the login again
  %aicore_rotate resume r1129-ghcr
replace all 9 before 3 Dec: then the old login, anna at ghcr.io, ends by itself
Tenants acme-dev and acme-prod at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.DONE_50,
        """\
1 of 50 secrets unknown, 1 refused, 48 replaced.
The old login was not revoked. Keep it for now: team-01 has it, batch-9 may, shared in acme-test has it too.
  secret              state     what shows it
  batch-9, acme-prod  unknown   no answer; it may have the old or the new login
                                sending it again does no harm
  team-01, acme-dev   refused   the new login may not pull ghcr.io/acme-labs/embed:0.9; the old login stays
                                Fix: Allow SSO for acme-labs on the new token.
  48 secrets          replaced  acme-dev: canary, team-00, team-02, team-03, team-04, team-05, team-06,
                                team-07, team-08, team-09, team-10, team-11, team-12, team-13, team-14,
                                team-15, team-16, team-17, team-18, team-19, team-20, team-21, team-22,
                                team-23, team-24, team-25, team-26, team-27, team-28, team-29, team-30,
                                team-31, team-32, team-33, team-34, team-35, team-36, team-37, team-38;
                                acme-prod: batch-0, batch-1, batch-2, batch-3, batch-4, batch-5,
                                batch-6, batch-7, batch-8
Replaced means: tested, accepted by AI Core, and still there. More cannot be seen from here.
To put the former login in again: %aicore_rotate undo r1129-ghcr
Next: allow SSO for acme-labs on the new token, then go on; it asks for the login again
  %aicore_rotate resume r1129-ghcr
plan the rest: shared in acme-test, with the profile of that tenant
  %aicore_rotate plan shared
replace all 50 before 3 Dec: then the old login, anna at ghcr.io, ends by itself
Tenants acme-dev and acme-prod at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.STOPPED,
        """\
1 of 9 secrets refused, 8 not begun.
The old login was not revoked. Keep it for now: team-ghcr in acme-dev, train-ghcr, embed-ghcr and 6 more \
have it.
  secret               state      what shows it
  team-ghcr, acme-dev  refused    AI Core refused it; the old login stays
  8 secrets            not begun  acme-dev: train-ghcr, embed-ghcr, team-a, team-b, team-c, team-d, team-e;
                                  acme-prod: team-ghcr
Next: go on; it asks for the login again, since no login is ever kept
  %aicore_rotate resume r1129-ghcr
replace all 9 before 3 Dec: then the old login, anna at ghcr.io, ends by itself
Tenants acme-dev and acme-prod at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.THE_SAME,
        """\
9 of 9 secrets have this login already. Nothing was sent: the new login is the one that was there.
  secret     state     what shows it
  9 secrets  the same  acme-dev: team-ghcr, train-ghcr, embed-ghcr, team-a, team-b, team-c,
                       team-d, team-e; acme-prod: team-ghcr
Tenants acme-dev and acme-prod at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.UNDONE,
        """\
1 of 9 secrets unknown, 8 restored.
The login that was replaced was not revoked. Keep it for now: team-ghcr in acme-prod may have it.
  secret                state     what shows it
  team-ghcr, acme-prod  unknown   no answer; it may have the former login, or still the one that it had
                                  sending it again does no harm
  8 secrets             restored  acme-dev: team-ghcr, train-ghcr, embed-ghcr, team-a, team-b, team-c,
                                  team-d, team-e
Restored means: tested, accepted by AI Core, and still there. More cannot be seen from here.
Next: go on; it asks for the login again, since no login is ever kept
  %aicore_rotate resume r1129-ghcr
when nothing uses it any longer, end the login that was replaced, anna at ghcr.io (at GitHub: \
Settings, Developer settings, Tokens (classic), Delete)
Tenants acme-dev and acme-prod at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.STATUS_CUT,
        """\
Rotation r1129-ghcr was cut off: 4 of 9 secrets replaced, 1 unknown.
It began on 29 Nov 2026 in rotate.ipynb.
The other 4 were not touched.
  earlier  r0901-ghcr: 9 of 9 secrets replaced
  secret            state      what shows it
  team-b, acme-dev  unknown    the request was about to be sent; it may have the old or the new login
                               sending it again does no harm
  4 secrets         not begun  acme-dev: team-c, team-d, team-e; acme-prod: team-ghcr
  4 secrets         replaced   accepted by AI Core
                               acme-dev: team-ghcr, train-ghcr, embed-ghcr, team-a
Next: go on; it asks for the login again, since no login is ever kept
  %aicore_rotate resume r1129-ghcr
Tenants acme-dev and acme-prod at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.STATUS_RUNS,
        """\
Last run r1129-ghcr: 9 of 9 secrets replaced.
  run              began        login            result
  r1129-ghcr       29 Nov 2026  anna at ghcr.io  9 of 9 secrets replaced
  r1128-ghcr-undo  28 Nov 2026  anna at ghcr.io  cut off: 1 of 9 secrets unknown, 8 restored
  r1101-ghcr       1 Nov 2026   anna at ghcr.io  1 of 9 secrets unknown, 1 refused, 7 replaced
Next: go on with the run that was cut off
  %aicore_rotate resume r1128-ghcr-undo""",
    ),
    (
        made.STATUS_NONE,
        """\
No rotation in the record of this machine.
Next: plan the rotation of a login that is due
  %aicore_rotate plan""",
    ),
    (
        made.STATUS_GOES_ON,
        """\
Rotation r1129-ghcr is running: 4 of 9 secrets replaced, 2 replacing.
It began on 29 Nov 2026 in rotate.ipynb.
  secret     state      what shows it
  2 secrets  replacing  the request was about to be sent
                        acme-dev: team-b, team-c
  3 secrets  waiting    acme-dev: team-d, team-e; acme-prod: team-ghcr
  4 secrets  replaced   accepted by AI Core
                        acme-dev: team-ghcr, train-ghcr, embed-ghcr, team-a
Next: look again
  %aicore_rotate status
Tenants acme-dev and acme-prod at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.STATUS_RECORDED,
        """\
Recorded run r1129-ghcr: 1 of 9 secrets unknown, 1 refused, 7 replaced.
This run ended on 29 Nov 2026.
The old login was not revoked. Keep it for now: embed-ghcr has it, team-ghcr in acme-prod may.
  secret                state     what shows it
  team-ghcr, acme-prod  unknown   no answer; it may have the old or the new login
                                  sending it again does no harm
  embed-ghcr, acme-dev  refused   the new login may not pull ghcr.io/acme-labs/embed:0.9; the old login stays
                                  Fix: Allow SSO for acme-labs on the new token.
  7 secrets             replaced  acme-dev: team-ghcr, train-ghcr, team-a, team-b, team-c, team-d, team-e
Replaced means: tested, accepted by AI Core, and still there. More cannot be seen from here.
Next: fix what the table says, then start the scheduled run again
replace all 9 before 3 Dec: then the old login, anna at ghcr.io, ends by itself
Tenants acme-dev and acme-prod at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.STATUS_FAULT,
        """\
No record: the disk is full.""",
    ),
]
