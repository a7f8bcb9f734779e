"""Rules for how an image is pulled: its name, and the Docker registry secret that opens it."""

from __future__ import annotations

from aicore_magics.templates.finding import Rule

_GOOD = """\
spec:
  imagePullSecrets:
    - name: team-hub
  entrypoint: main
  templates:
    - name: main
      suspend: {}
"""
_VARIES = "a warning if a secret is also named at the right place, because then the image can be pulled"

SECRET_PLACE = Rule(
    "secret-place",
    "error",
    "imagePullSecrets at the wrong place",
    "In a WorkflowTemplate it must be in spec, in a ServingTemplate in predictor. Anywhere else it "
    "is ignored.",
    "Argo: WorkflowSpec alone has the key. KServe: the predictor has it. SAP: Serving Templates.",
    "spec of a WorkflowTemplate",
    """\
spec:
  entrypoint: main
  templates:
    - name: main
      imagePullSecrets:
        - name: team-hub
      suspend: {}
""",
    _GOOD,
    varies=_VARIES,
)
SECRET_SPELLING = Rule(
    "secret-spelling",
    "error",
    "imagePullSecrets that is misspelled",
    "Another spelling is ignored. SAP's own table once had imagePullSecret, without s.",
    "Argo: WorkflowSpec. KServe: PodSpec. Observed: SAP's table of parameters in Serving Templates.",
    "spec of a WorkflowTemplate",
    """\
spec:
  imagePullSecret:
    - name: team-hub
  entrypoint: main
  templates:
    - name: main
      suspend: {}
""",
    _GOOD,
    varies=_VARIES,
)
SECRET_SHAPE = Rule(
    "secret-shape",
    "error",
    "imagePullSecrets that is not a list of names",
    "Kubernetes needs a list in which each entry has a name.",
    "Kubernetes: LocalObjectReference. Argo, KServe: their schemas.",
    "spec of a WorkflowTemplate",
    """\
spec:
  imagePullSecrets: team-hub
  entrypoint: main
  templates:
    - name: main
      suspend: {}
""",
    _GOOD,
)
SECRET_NAME = Rule(
    "secret-name",
    "error",
    "a name that no Docker registry secret can have",
    "AI Core allows small letters, digits, dots, hyphens and single underscores, up to 63 characters.",
    "SAP: AI API (BcknddockerRegistryNameComponent). Observed: Default, copied from a tutorial.",
    "spec of a WorkflowTemplate",
    """\
spec:
  imagePullSecrets:
    - name: Default
  entrypoint: main
  templates:
    - name: main
      suspend: {}
""",
    _GOOD,
)
SECRET_PLACEHOLDER = Rule(
    "secret-placeholder",
    "error",
    "a placeholder instead of the name of a secret",
    "No secret has this name, so the image cannot be pulled.",
    "Observed: 6 places in 91 real templates.",
    "spec of a WorkflowTemplate",
    """\
spec:
  imagePullSecrets:
    - name: <YOUR_DOCKER_SECRET>
  entrypoint: main
  templates:
    - name: main
      suspend: {}
""",
    _GOOD,
)
SECRET_TOKEN = Rule(
    "secret-token",
    "error",
    "a token instead of the name of a secret",
    "Git keeps every version of a template. Revoke the token, and store the new one in a secret.",
    "SAP: Register Your Docker Registry Secret. Observed: tokens in real templates.",
    "spec of a WorkflowTemplate",
    """\
spec:
  imagePullSecrets:
    - name: dckr_pat_xxxxxxxxxxxxxxxxxxxxxxxxxxx
  entrypoint: main
  templates:
    - name: main
      suspend: {}
""",
    _GOOD,
)
SECRET_UNKNOWN = Rule(
    "secret-unknown",
    "error",
    "a secret that does not exist in the tenant",
    "AI Core refuses a deployment with an unknown secret. An execution cannot pull its image. Only "
    "checked when connected.",
    "Observed: AI Core says spec.predictor.imagePullSecrets[*].name is invalid. SAP: Deployment, Execution.",
    "spec of a WorkflowTemplate",
    """\
spec:
  imagePullSecrets:
    - name: team-hubb
  entrypoint: main
  templates:
    - name: main
      suspend: {}
""",
    _GOOD,
)
IMAGE_NOT_SERVED = Rule(
    "image-not-served",
    "error",
    "an image for which the named secret has no login",
    "Kubernetes uses the login for the registry of the image. Only checked for secrets that this "
    "kernel has stored.",
    "Kubernetes: images, how the kubelet matches logins.",
    "spec of a WorkflowTemplate",
    """\
spec:
  imagePullSecrets:
    - name: team-hub  # has a login for docker.io
  entrypoint: main
  templates:
    - name: main
      metadata: {labels: {ai.sap.com/resourcePlan: starter}}
      container:
        image: ghcr.io/acme/churn:1.4
        command: ["/bin/sh", "-c"]
        args: ["python train.py"]
""",
    """\
spec:
  imagePullSecrets:
    - name: team-hub  # has a login for docker.io
  entrypoint: main
  templates:
    - name: main
      metadata: {labels: {ai.sap.com/resourcePlan: starter}}
      container:
        image: docker.io/acme/churn:1.4
        command: ["/bin/sh", "-c"]
        args: ["python train.py"]
""",
)
IMAGE_MISSING = Rule(
    "image-missing",
    "error",
    "a container without an image",
    "There is nothing to pull and nothing to run.",
    "Kubernetes: Container. SAP: Workflow Templates, Serving Templates.",
    "container of a WorkflowTemplate",
    """\
container:
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
""",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
""",
)
IMAGE_PLACEHOLDER = Rule(
    "image-placeholder",
    "error",
    "a placeholder in an image",
    "No registry has an image with < or > in its name.",
    "Docker: image references. Observed: copied from tutorials.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/<YOUR_USER>/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
""",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
""",
)
IMAGE_REFERENCE = Rule(
    "image-reference",
    "error",
    "an image that cannot be in any registry",
    "An image is registry/repository:tag. The address of a web page is not an image.",
    "Docker: image references (distribution/reference). Kubernetes: images.",
    "container of a WorkflowTemplate",
    """\
container:
  image: https://docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
""",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
""",
)
IMAGE_HOST = Rule(
    "image-host",
    "warning",
    "an image without its registry",
    "SAP asks for the full name. An image without a registry is at docker.io, which is easily overlooked.",
    "SAP: Docker, Execution. Observed: 8 of 86 images have no registry.",
    "container of a WorkflowTemplate",
    """\
container:
  image: acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
""",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
""",
)
IMAGE_TAG = Rule(
    "image-tag",
    "warning",
    "an image without a fixed version",
    "The tag latest, or a missing tag, can change under a running deployment or between two executions.",
    "Kubernetes: images, image names. Inferred: a result that cannot be repeated.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/acme/churn:latest
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
""",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
""",
)
