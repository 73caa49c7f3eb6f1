"""A private image that lies on the node is used without asking its registry.

Up to Kubernetes 1.34 the kubelet does not check whether a pod may have an image that is already
there: any pod on that node that names it runs it, without credentials, and reads what is in it.
From 1.35 the kubelet remembers who was allowed to pull an image, and checks, except for images
that were put on the node before it started.
"""

from collections.abc import Iterator

from casemate.analysis.images import Reference, parse
from casemate.analysis.pods import Container
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion

_PUBLIC = frozenset((
    "docker.io", "quay.io", "ghcr.io", "registry.k8s.io", "k8s.gcr.io", "gcr.io", "public.ecr.aws",
    "mcr.microsoft.com", "docker.elastic.co", "registry.access.redhat.com", "cgr.dev", "registry.gitlab.com",
    "nvcr.io", "xpkg.upbound.io", "container-registry.oracle.com", "lscr.io", "codeberg.org",
))  # fmt: skip
"""Registries whose images are mostly open to everyone."""
_CHECKED = KubernetesVersion(1, 35)
"""From here on KEP-2535 is in force by default."""


@control(
    "image-pull-policy",
    title="Private image used without credentials",
    severity=Severity.LOW,
    consequence=Consequence.NEIGHBOURS,
    remedy="Set imagePullPolicy: Always, or switch on the admission plugin AlwaysPullImages",
    standards=(
        "OWASP-Kubernetes-2022:K02",
        "NIST-800-190:4.2.2",
    ),
    area="image_signing_verify",
    fixes=True,
)
def pull_policy(container: Container, version: KubernetesVersion) -> Iterator[Fault]:
    image = parse(container.spec.image or "")
    if not isinstance(image, Reference):
        return
    written = container.spec.image_pull_policy
    policy = written or ("Always" if image.is_latest else "IfNotPresent")
    secrets = bool(container.pod.spec.image_pull_secrets)
    if policy == "Always" or not (secrets or image.registry not in _PUBLIC):
        return
    path = container.at("imagePullPolicy")
    private = (
        "the pod has imagePullSecrets" if secrets else f"{image.registry} is no registry known to be public"
    )
    why: tuple[str, ...] = (f"imagePullPolicy is {policy}" + ("" if written else ", by default"), private)
    if version >= _CHECKED:
        why = (
            *why,
            f"the kubelet of {version} checks credentials, unless KubeletEnsureSecretPulledImages is off",
        )
    yield Fault(
        message=f"container {container.name}: {image.written} on the node is used without credentials",
        at=path,
        why=why,
        severity=Severity.INFO if version >= _CHECKED else None,
        confidence=Confidence.LIKELY if secrets else Confidence.POSSIBLE,
        fix=Fix(safe=False, edits=(Edit("set", path, "Always"),)),
    )
