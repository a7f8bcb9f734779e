"""What the results of `ends_examples` say in a notebook, as text."""

from __future__ import annotations

from tests.actions import ends_examples as made

TEXTS = [
    (
        made.DUE_1,
        """\
No login is due before 23 Dec. 1 of 1 secret of tenant acme-dev is in the record of this machine.
  login      ends        replace from
  team-ghcr  6 Jan 2027  23 Dec 2026
Replace from: after two thirds of its life, or 14 days before its end.
Ends are what this machine noted for the logins.
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.DUE_8,
        """\
1 login expired, 2 are due now. 8 of 9 secrets of tenant acme-dev are in the record of this machine.
  login         ends               replace from
  batch-ecr     expired            now
  team-ghcr     3 Dec 2026, soon   now
  vision-acr    10 Dec 2026, soon  now
  train-gitlab  6 Jan 2027         13 Dec 2026
  embed-jfrog   8 Feb 2027         8 Jan 2027
  hub-ci        12 May 2027        21 Feb 2027
  shared-hub    does not end
  corp-harbor   not known
Replace from: after two thirds of its life, or 14 days before its end.
Ends are what this machine noted for the logins.
Next: replace what is due, the expired one first
  %aicore_rotate plan batch-ecr
  %aicore_rotate plan team-ghcr
  %aicore_rotate plan vision-acr
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.DUE_50,
        """\
1 login expired, 2 are due now.
They are probably in 10 secrets: registry, user and end are the same.
50 of 50 secrets of tenant acme-dev are in the record of this machine.
  login                                ends              replace from
  team-01, team-02                     expired           now
  acme-ci-01, acme-ci-02, acme-ci-03,  2 Dec 2026, soon  now
  acme-ci-04, acme-ci-05, acme-ci-06
  vision-01, vision-02                 8 Dec 2026, soon  now
  batch-01, batch-02, batch-03         15 Dec 2026       1 Dec 2026
  nlp-a                                22 Dec 2026       8 Dec 2026
  nlp-01, nlp-02, nlp-03               4 Jan 2027        12 Dec 2026
  train-01, train-02, train-03,        18 Jan 2027       21 Dec 2026
  train-04
  serve-01, serve-02                   1 Feb 2027        3 Jan 2027
  serve-c                              22 Feb 2027       18 Jan 2027
  prod-01, prod-02, prod-03, prod-04,  first 3 Apr 2027  30 Jan 2027
  prod-05, prod-06, prod-07, prod-08,
  prod-09, prod-10, prod-11, prod-12
  hub-01, hub-02, hub-03, hub-04,      do not end
  hub-05, hub-06, hub-07, hub-08
  old-01, old-02, old-03, old-04,      not known
  old-05, old-06
Replace from: after two thirds of its life, or 14 days before its end.
Ends are what this machine noted for the logins.
Next: replace what is due, the expired one first
  %aicore_rotate plan team-01 team-02
  %aicore_rotate plan acme-ci-01 acme-ci-02 acme-ci-03 acme-ci-04 acme-ci-05 acme-ci-06
  %aicore_rotate plan vision-01 vision-02
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.DUE_MIXED,
        """\
1 login expired, 4 are due now.
2 lines of the record cannot be read.
8 of 9 secrets of tenant acme-dev are in the record of this machine.
  login                              ends               replace from
  batch-ecr, acme-dev                expired            now
  team-ghcr, acme-prod               1 Dec 2026, soon   now
  service key of acme-dev            2 Dec 2026, soon   now
  team-ghcr, acme-dev                3 Dec 2026, soon   now
  vision-acr, acme-dev               10 Dec 2026, soon  now
  shared-hub at quay.io, acme-dev    19 Dec 2026        5 Dec 2026
  eval-a, eval-b in acme-dev         29 Dec 2026        15 Dec 2026
  train-gitlab, acme-dev             6 Jan 2027         13 Dec 2026
  shared-hub at docker.io, acme-dev  does not end
Replace from: after two thirds of its life, or 14 days before its end.
Ends are what this machine noted for the logins.
The last write may have failed, so another login may be in eval-b.
Next: replace what is due, the expired one first
  %aicore_rotate plan batch-ecr
  %aicore_rotate plan team-ghcr
  %aicore_rotate plan vision-acr
for the other tenants, plan with --profile NAME for each
download a new service key, and connect with it (FILE: the path of your service key)
  %aicore_connect --service-key FILE
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.DUE_NONE,
        """\
No login of tenant acme-dev is in the record.
0 of 9 secrets of tenant acme-dev are in the record of this machine.
Next: note a secret that was stored elsewhere; what you store from now on is noted by itself (DATE: a \
day such as 2027-01-31, or never)
  %aicore_docker_secret note NAME --registry HOST --username USER --ends DATE
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.LISTED,
        """\
6 of 50 Docker registry secrets in tenant acme-dev. Someone else may have replaced a login since.
  name         registry and user                                     stored                        ends
  batch-ecr    1234567890.dkr.ecr.eu-central-1.amazonaws.com as AWS  29 Nov 2026 in batch.ipynb    \
expired
  corp-harbor  harbor.corp.example as robot$ml+pull                  2 Mar 2026 in setup.ipynb     not \
known
  eval-two     ghcr.io as anna                                       not known, noted 10 Sep 2026  \
ghcr.io: 6 Jan 2027
               quay.io as acme+pull                                                                \
quay.io: not known
  shared-hub   docker.io as acmebot                                  3 Jun 2026 in setup.ipynb     does \
not end
               quay.io as acme+pull
  team-ghcr    ghcr.io as anna                                       10 Sep 2026 in train.ipynb    3 \
Dec 2026, soon
  vendor-x     not known: not stored from this machine
AI Core returns names only.
Registry, user, dates and notebooks are what this machine noted when it stored them.
Next: replace the login that expired
  %aicore_docker_secret update batch-ecr --registry 1234567890.dkr.ecr.eu-central-1.amazonaws.com \
--username AWS
or see all ends
  %aicore_rotate due
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.ENDING,
        """\
2 of 6 secrets have a login that ends within 30 days.
For 3 secrets it is not known when a login ends.
  name       registry and user                                     stored                      ends
  batch-ecr  1234567890.dkr.ecr.eu-central-1.amazonaws.com as AWS  29 Nov 2026 in batch.ipynb  expired
  team-ghcr  ghcr.io as anna                                       10 Sep 2026 in train.ipynb  3 Dec \
2026, soon
AI Core returns names only.
Registry, user, dates and notebooks are what this machine noted when it stored them.
Next: replace the login that expired
  %aicore_docker_secret update batch-ecr --registry 1234567890.dkr.ecr.eu-central-1.amazonaws.com \
--username AWS
or see all ends
  %aicore_rotate due
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.CONNECTED,
        """\
Connected to tenant acme-dev.
  credentials     service key, file ~/.aicore/config.json, profile default
  API             https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com/v2
  docker secrets  9 of 50 used
  logins due      batch-ecr expired; team-ghcr ends 3 Dec 2026, vision-acr ends 10 Dec 2026
Next: see which logins end when, and replace what is due
  %aicore_rotate due""",
    ),
    (
        made.SHOWN,
        """\
team-ghcr exists in tenant acme-dev. Someone else may have replaced its login since.
  registry login  ghcr.io as anna
  last stored     10 Sep 2026 in train.ipynb
  ends            3 Dec 2026, soon, read from the token
Next: use it in a WorkflowTemplate
  spec:
    x
or in a ServingTemplate, inside predictor
  predictor:
    y
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.NOTED,
        """\
corp-harbor noted in the record of this machine. Nothing was changed at AI Core.
  registry login  harbor.corp.example as robot$ml+pull
  ends            25 Sep 2027, entered by you
  used for        harbor.corp.example/ml/churn:1.4
  login before    harbor.corp.example as robot$ml+pull
  end before      not known
Next: see which logins end when
  %aicore_rotate due
if that was wrong, remove it from the record
  %aicore_docker_secret forget corp-harbor
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com""",
    ),
    (
        made.PROPOSED,
        """\
2 secrets of the templates in templates are not in the record of this machine.
Nothing was noted so far.
In the record already: shared-hub.
  secret       images                  used in
  team-ghcr    ghcr.io/acme/churn:1.4  serve.yaml
               ghcr.io/acme/base:3     train.yaml
  corp-harbor  not known               old.yaml
Next: fill in what templates do not say, and run (DATE: a day such as 2027-01-31, or never)
  %aicore_docker_secret note team-ghcr --registry HOST --username USER --ends DATE --image \
ghcr.io/acme/churn:1.4 --image ghcr.io/acme/base:3
  %aicore_docker_secret note corp-harbor --registry HOST --username USER --ends DATE""",
    ),
    (
        made.FORGOTTEN,
        """\
4 records of 2 secrets removed from this machine. Nothing was changed at AI Core.
  secrets  team-a, team-b""",
    ),
]
