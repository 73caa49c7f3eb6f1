"""Which platform was meant, by what its users write: labels, annotations, drivers, classes, images.

Sources of the names: the node labels and annotations of EKS, GKE (`autopilot.gke.io`), AKS
(`kubernetes.azure.com`) and Cloud Run (`run.googleapis.com`), the cloud providers' Service annotations, and
the names of their CSI drivers.
"""

import re
from collections.abc import Iterator

import msgspec

from casemate.model.estate import Entity, Estate, Workload
from casemate.model.exposure import Ingress
from casemate.model.platform import SELF, Platform
from casemate.model.storage import StorageClass

_SIGNS: tuple[tuple[str, str], ...] = (
    ("eks.amazonaws.com/", "eks"),
    ("alb.ingress.kubernetes.io/", "eks"),
    ("service.beta.kubernetes.io/aws-load-balancer-", "eks"),
    ("cloud.google.com/", "gke"),
    ("iam.gke.io/", "gke"),
    ("networking.gke.io/", "gke"),
    ("autopilot.gke.io/", "gke"),
    ("kubernetes.azure.com/", "aks"),
    ("azure.workload.identity/", "aks"),
    ("service.beta.kubernetes.io/azure-", "aks"),
    ("appgw.ingress.kubernetes.io/", "aks"),
    ("run.googleapis.com/", "cloud-run"),
)
"""How labels and annotations of a platform begin."""

_DRIVERS = {
    "ebs.csi.aws.com": "eks",
    "efs.csi.aws.com": "eks",
    "ebs.csi.eks.amazonaws.com": "eks",
    "kubernetes.io/aws-ebs": "eks",
    "pd.csi.storage.gke.io": "gke",
    "filestore.csi.storage.gke.io": "gke",
    "kubernetes.io/gce-pd": "gke",
    "disk.csi.azure.com": "aks",
    "file.csi.azure.com": "aks",
    "kubernetes.io/azure-disk": "aks",
    "kubernetes.io/azure-file": "aks",
}
_CLASSES = {"alb": "eks", "gce": "gke", "gce-internal": "gke", "azure-application-gateway": "aks"}
_IMAGES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com"), "eks"),
    (re.compile(r"[a-z0-9-]+-docker\.pkg\.dev/"), "gke"),
    (re.compile(r"[a-z0-9]+\.azurecr\.io/"), "aks"),
)
"""Registries of accounts: they say where images lie, which is only a hint where they run."""

_FACTS: dict[tuple[str, str], tuple[str, str]] = {
    ("eks.amazonaws.com/compute-type", "fargate"): ("eks", "fargate"),
    ("eks.amazonaws.com/compute-type", "auto"): ("eks", "auto_mode"),
}
_CLASS_ANNOTATION = "kubernetes.io/ingress.class"


class _Sign(msgspec.Struct, frozen=True):
    """That something was read that one platform's users write."""

    platform: str
    by: str
    entity: Entity
    fact: str | None = None


def recognise(estate: Estate, known: Platform | None = None) -> Platform:
    """The platform that most of what was read points to; one's own cluster where nothing does.

    `known` holds what is known of it already. Registries count only where nothing stronger was read.
    Contradicting signs are said.
    """
    strong: dict[str, list[_Sign]] = {}
    weak: dict[str, list[_Sign]] = {}
    for entity in estate.entities:
        for sign in _signs(entity):
            strong.setdefault(sign.platform, []).append(sign)
        for sign in _images(entity):
            weak.setdefault(sign.platform, []).append(sign)
    found = strong or weak
    base = known or Platform()
    if not found:
        return msgspec.structs.replace(
            base, name=SELF, because=("nothing read names a platform: self is assumed",)
        )
    ranked = sorted(found, key=lambda name: (-len(found[name]), name))
    name = ranked[0]
    because = [f"{name} by {_said(found[name])}"]
    if not strong:
        because[0] += "; where images lie is only a hint"
    because += [f"but {other} by {_said(found[other])}" for other in ranked[1:]]
    facts = {sign.fact: True for sign in found[name] if sign.fact}
    return msgspec.structs.replace(base, name=name, because=tuple(because), **facts)


def _said(signs: list[_Sign]) -> str:
    first = signs[0]
    more = len({id(sign.entity) for sign in signs}) - 1
    others = f" and {more:,} more {'object' if more == 1 else 'objects'}" if more else ""
    ref = first.entity.ref
    return f"{first.by} of {ref} ({ref.kind}) in {first.entity.origin.document.file}{others}"


def _signs(entity: Entity) -> Iterator[_Sign]:
    for what, words in _words(entity):
        for key, value in words.items():
            name = next((name for start, name in _SIGNS if key.startswith(start)), None)
            if name is not None:
                fact = _FACTS.get((key, value or ""), (name, None))[1]
                if key.startswith("autopilot.gke.io/"):
                    fact = "autopilot"
                yield _Sign(name, f"{what} {key}", entity, fact)
    if isinstance(entity, StorageClass) and entity.provisioner in _DRIVERS:
        yield _Sign(_DRIVERS[entity.provisioner], f"provisioner {entity.provisioner}", entity)
    if isinstance(entity, Ingress):
        name = entity.spec.ingress_class_name or entity.annotations.get(_CLASS_ANNOTATION) or ""
        if name in _CLASSES:
            yield _Sign(_CLASSES[name], f"ingress class {name}", entity)


def _words(entity: Entity) -> Iterator[tuple[str, dict[str, str] | dict[str, str | None]]]:
    yield "label", entity.labels
    yield "annotation", entity.annotations
    if isinstance(entity, Workload):
        for template in entity.templates:
            yield "label", template.labels
            yield "annotation", template.annotations
            yield "node selector", template.spec.node_selector or {}


def _images(entity: Entity) -> Iterator[_Sign]:
    if not isinstance(entity, Workload):
        return
    for template in entity.templates:
        spec = template.spec
        for container in (*(spec.init_containers or ()), *(spec.containers or ())):
            image = container.image or ""
            for form, name in _IMAGES:
                if form.match(image):
                    yield _Sign(name, f"image {image}", entity)
