"""A namespace is held to the rules of an older release.

What was found to be dangerous since is let in. A pinned version keeps an upgrade from refusing pods; it is to
be moved on when the upgrade is done.
"""

from collections.abc import Iterator

from casemate.analysis.listing import some
from casemate.analysis.namespace_levels import ENFORCE, ENFORCE_VERSION, NamespaceLevels, pinned
from casemate.analysis.pod_security.evaluate import all_checks
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.governance import Namespace
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


@control(
    "admission-namespace-version",
    title="Namespace held to old rules",
    severity=Severity.LOW,
    consequence=Consequence.ADMITTED,
    remedy=f"Set the label {ENFORCE_VERSION} to the cluster's release, or to latest",
    standards=(
        "NSA-CISA-1.2:pod-security-enforcement",
        "OWASP-Kubernetes-2022:K04",
        "OWASP-Kubernetes-2025:K04",
    ),
    area="admission_pod_standards",
    since=KubernetesVersion(1, 23),
    fixes=True,
)
def namespace_version(
    namespace: Namespace, levels: NamespaceLevels, version: KubernetesVersion
) -> Iterator[Fault]:
    old = pinned(namespace.labels.get(ENFORCE_VERSION))
    if old is None or ENFORCE not in namespace.labels or not levels.is_asked(namespace):
        return
    level, _ = levels.enforced(namespace, version)
    newer = [
        check.id
        for check in all_checks()
        if check.level <= level and check.at(old) is None and check.at(version) is not None
    ]
    if newer:
        path = ("metadata", "labels", ENFORCE_VERSION)
        yield Fault(
            message=f"the rules of {old} are enforced, which do not ask {some(newer)}",
            at=path,
            why=(f"the Kubernetes version is {version}",),
            fix=Fix(safe=False, edits=(Edit("set", path, f"v{version}"),)),
        )
