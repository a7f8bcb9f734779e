"""Rules for what is served: the predictor, its containers, ports, probes and replicas."""

from __future__ import annotations

from aicore_magics.templates.finding import Rule

_SERVES_GOOD = """\
- name: kserve-container
  image: docker.io/acme/churn:1.4
  ports:
    - containerPort: 8080
"""

PREDICTOR = Rule(
    "predictor",
    "error",
    "a text block without a predictor",
    "KServe runs the containers in predictor. Without it there is nothing to run.",
    "KServe: InferenceService, predictor is required.",
    "predictor of a ServingTemplate",
    """\
predictor: {}
""",
    """\
predictor:
  containers:
    - name: kserve-container
      image: docker.io/acme/churn:1.4
      ports:
        - containerPort: 8080
""",
)
CONTAINERS = Rule(
    "containers",
    "error",
    "a predictor without containers",
    "Without containers nothing runs. Only a built-in server of KServe needs no container.",
    "KServe: InferenceService, predictor. SAP: Serving Templates.",
    "predictor of a ServingTemplate",
    """\
predictor:
  minReplicas: 1
""",
    """\
predictor:
  minReplicas: 1
  containers:
    - name: kserve-container
      image: docker.io/acme/churn:1.4
      ports:
        - containerPort: 8080
""",
)
CONTAINERS_SEVERAL = Rule(
    "containers-several",
    "warning",
    "more than one container in a predictor",
    "KServe accepts several. It is not documented whether AI Core does. No real template was seen with two.",
    "KServe: InferenceService, predictor. Observed: all 52 real predictors have one.",
    "predictor of a ServingTemplate",
    """\
predictor:
  containers:
    - name: kserve-container
      image: docker.io/acme/churn:1.4
      ports:
        - containerPort: 8080
    - name: proxy
      image: docker.io/acme/proxy:1.0
      ports:
        - containerPort: 9090
""",
    """\
predictor:
  containers:
    - name: kserve-container
      image: docker.io/acme/churn:1.4
      ports:
        - containerPort: 8080
""",
)
CONTAINER_NAME = Rule(
    "container-name",
    "warning",
    "a container without the expected name",
    "KServe uses the container named kserve-container. Argo uses main, if a template has several.",
    "KServe: InferenceService, custom predictors. Argo: containerSet.",
    "container of a ServingTemplate",
    """\
- name: kfserving-container
  image: docker.io/acme/churn:1.4
  ports:
    - containerPort: 8080
""",
    _SERVES_GOOD,
)
CONTAINER_NAME_MISSING = Rule(
    "container-name-missing",
    "error",
    "a container without a name",
    "Kubernetes refuses a container that has no name.",
    "Kubernetes: Container, name is required. KServe: InferenceService.",
    "container of a ServingTemplate",
    """\
- image: docker.io/acme/churn:1.4
  ports:
    - containerPort: 8080
""",
    _SERVES_GOOD,
)
PORT = Rule(
    "port",
    "error",
    "a port that is not a number from 1 to 65535",
    "Kubernetes refuses the pod. In a probe, a string is the name of a port.",
    "Kubernetes: ContainerPort, Probe.",
    "container of a ServingTemplate",
    """\
- name: kserve-container
  image: docker.io/acme/churn:1.4
  ports:
    - containerPort: "8080"
""",
    """\
- name: kserve-container
  image: docker.io/acme/churn:1.4
  ports:
    - containerPort: 8080
""",
)
PORT_MISSING = Rule(
    "port-missing",
    "hint",
    "a serving container without a port",
    "Requests then go to port 8080. A server on another port never answers.",
    "Knative: runtime contract, the port is 8080 unless one is named.",
    "container of a ServingTemplate",
    """\
- name: kserve-container
  image: docker.io/acme/churn:1.4
""",
    """\
- name: kserve-container
  image: docker.io/acme/churn:1.4
  ports:
    - containerPort: 8080
""",
)
PORT_SEVERAL = Rule(
    "port-several",
    "warning",
    "a serving container with several ports",
    "Knative allows one port, the one for requests.",
    "Knative: serving API, at most one containerPort.",
    "container of a ServingTemplate",
    """\
- name: kserve-container
  image: docker.io/acme/churn:1.4
  ports:
    - containerPort: 8080
    - containerPort: 9090
""",
    """\
- name: kserve-container
  image: docker.io/acme/churn:1.4
  ports:
    - containerPort: 8080
""",
)
SERVING_LOGIN = Rule(
    "serving-login",
    "warning",
    "an image that a workflow can pull with the named secret, but serving perhaps cannot",
    "For a tag, Knative first asks the registry for the digest. It may choose another login. Only "
    "checked for secrets that this kernel has stored.",
    "Knative: resolving tags to digests, and the keychain of go-containerregistry. "
    "Inferred: AI Core's version of Knative is not known.",
    "predictor of a ServingTemplate",
    """\
predictor:
  imagePullSecrets:
    - name: team-hub  # has a login under the key docker.io
  containers:
    - name: kserve-container
      image: docker.io/acme/churn:1.4
      ports:
        - containerPort: 8080
""",
    """\
predictor:
  imagePullSecrets:
    - name: team-hub  # has a login under the key docker.io
  containers:
    - name: kserve-container
      image: docker.io/acme/churn@sha256:88b2072e3e177ec34a14929ecf42086800c989831269ec4b589231b683ae50be
      ports:
        - containerPort: 8080
""",
)
PROBE = Rule(
    "probe",
    "warning",
    "a probe whose path does not begin with a slash",
    "An HTTP path must begin with a slash.",
    "Kubernetes: HTTPGetAction. HTTP: RFC 9110.",
    "container of a ServingTemplate",
    """\
- name: kserve-container
  image: docker.io/acme/churn:1.4
  ports:
    - containerPort: 8080
  readinessProbe:
    httpGet: {path: health, port: 8080}
""",
    """\
- name: kserve-container
  image: docker.io/acme/churn:1.4
  ports:
    - containerPort: 8080
  readinessProbe:
    httpGet: {path: /health, port: 8080}
""",
)
REPLICAS = Rule(
    "replicas",
    "error",
    "replicas that are not a number from 0, or a minimum above the maximum",
    "KServe needs whole numbers, and maxReplicas must not be below minReplicas.",
    "KServe: InferenceService, minReplicas and maxReplicas. SAP: Serving Templates.",
    "predictor of a ServingTemplate",
    """\
predictor:
  minReplicas: 3
  maxReplicas: 2
  containers:
    - name: kserve-container
      image: docker.io/acme/churn:1.4
      ports:
        - containerPort: 8080
""",
    """\
predictor:
  minReplicas: 2
  maxReplicas: 3
  containers:
    - name: kserve-container
      image: docker.io/acme/churn:1.4
      ports:
        - containerPort: 8080
""",
)
AUTOSCALING = Rule(
    "autoscaling",
    "error",
    "a setting for autoscaling with a value that Knative or KServe refuses",
    "A metric is concurrency or rps, a target is a number. A time needs a unit, and can be at most an hour.",
    "Knative 1: pkg/apis/autoscaling/annotation_validation.go. SAP: Serving Templates.",
    "template of a ServingTemplate",
    """\
template:
  apiVersion: serving.kserve.io/v1beta1
  metadata:
    annotations: |
      autoscaling.knative.dev/window: "600"
    labels: |
      ai.sap.com/resourcePlan: starter
""",
    """\
template:
  apiVersion: serving.kserve.io/v1beta1
  metadata:
    annotations: |
      autoscaling.knative.dev/window: 10m
    labels: |
      ai.sap.com/resourcePlan: starter
""",
)
