"""Pod Security Standards, as Kubernetes 1.37 defines them.

Source: the checks of `k8s.io/pod-security-admission/policy` (their ids are those of our own
`analysis/pod_security`). The standards have two levels that are demanded of pods; a pod is restricted
only when it is baseline too. Which checks a single workload fails, and at which release, `casemate pss` says.
"""

from casemate.engine.standards.items import LEVEL, Item, Standard

_PODS = "pods and what makes them"

ITEMS: tuple[Item, ...] = (
    Item("baseline", "Nothing that is known to let a container out", LEVEL, "pod_security_context", _PODS),
    Item("restricted", "Hardened as far as the standards go", LEVEL, "pod_security_context", _PODS,
         ("PSS:baseline",)),
)  # fmt: skip

STANDARD = Standard("pss", "1.37", "Pod Security Standards", "PSS", ITEMS)
