"""Argo CD deletes by itself in a namespace of Kubernetes.

With automated pruning, an object that is missing in the repository is deleted from the cluster. In
kube-system a bad commit, or a bad committer, takes down the network or DNS of everybody.
"""

from collections.abc import Iterator

from casemate.analysis.namespaces import SYSTEM
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.governance import ArgoApplication
from casemate.model.severity import Severity


@control(
    "governance-argo-prune-system",
    title="Automated pruning in a namespace of Kubernetes",
    severity=Severity.MEDIUM,
    consequence=Consequence.OUTAGE,
    remedy="Let a person confirm deletions there: turn prune off, or the automated sync",
    standards=("MITRE:T1485",),
    area="k8s_rbac",
    fixes=True,
)
def argo_prune_system(application: ArgoApplication) -> Iterator[Fault]:
    spec = application.spec
    automated = spec.sync_policy.automated
    if automated is None or not automated.prune or automated.enabled is False:
        return
    if spec.destination.namespace in SYSTEM:
        path = ("spec", "syncPolicy", "automated", "prune")
        yield Fault(
            message=f"what the repository lacks is deleted in {spec.destination.namespace}",
            at=path,
            why=("syncPolicy.automated.prune is true", f"the destination is {spec.destination.namespace}"),
            fix=Fix(safe=False, edits=(Edit("set", path, value=False),)),
        )
