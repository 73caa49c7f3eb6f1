"""Estates from YAML, and the least policies for them."""

from textwrap import dedent

from casemate.analysis.network.tighten.known import Told
from casemate.analysis.network.tighten.proof import Proof
from casemate.cli.network_tighten import read_back
from casemate.engine.network_tightening import Plan, Wish, planned, worlds
from casemate.model.estate import Entity, Estate
from casemate.model.flows import FlowLog
from casemate.readers.manifests import read_text
from casemate.writers.network_tighten_words import need_words


def estate_of(text: str) -> Estate:
    found = list(read_text("a.yaml", dedent(text).encode()))
    entities = tuple(item for item in found if isinstance(item, Entity))
    assert len(entities) == len(found), found
    return Estate(entities=entities)


def deployment(
    name: str,
    namespace: str = "shop",
    env: dict[str, str] | None = None,
    *,
    port: int = 8080,
    extra: str = "",
    kind: str = "Deployment",
) -> str:
    """A workload with a Service of its name."""
    listed = ", ".join(f"{{name: {key}, value: {value!r}}}" for key, value in (env or {}).items())
    return f"""
---
apiVersion: apps/v1
kind: {kind}
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}, pod-template-hash: abc}}}}
    spec:
      automountServiceAccountToken: false
      {extra}
      containers:
        - {{name: a, image: a, env: [{listed}], ports: [{{name: http, containerPort: {port}}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{app: {name}}}
  ports: [{{name: http, port: 80, targetPort: http}}]
"""


def plan_of(text: str, log: FlowLog | None = None, told: Told | None = None, **wish: object) -> Plan:
    asked = Wish(told=told or Told(), **wish)  # type: ignore[arg-type] # the fields of a wish
    return planned(estate_of(text), log, asked)


def needs_of(plan: Plan, *, dns: bool = False) -> list[str]:
    """The needs as `source -> destination protocol port`, without those for names."""
    return [
        need_words(plan, need).replace("  ", " ")
        for need, reasons in plan.needs.reasoned()
        if dns or any(one.kind != "dns" for one in reasons)
    ]


def proof_of(plan: Plan) -> Proof:
    return worlds(plan, read_back(plan)).proof()
