"""What keeps a cluster in order: namespaces, quotas, disruption budgets, and what GitOps may do.

Source: core/v1, apps/v1, autoscaling/v2 and policy/v1 types.go; argo-cd pkg/apis/application/v1alpha1
types.go; fluxcd kustomize-controller, helm-controller and source-controller api types.
"""

from typing import ClassVar

import msgspec

from casemate.model.estate import Entity, Workload
from casemate.model.selectors import LabelSelector


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an object, with the names that the API uses."""


class Namespace(Entity, frozen=True, kw_only=True, eq=False):
    """A namespace; what it is for stands in its labels and annotations."""


class ResourceQuota(Entity, frozen=True, kw_only=True, eq=False):
    """How much a namespace may use."""


class LimitRange(Entity, frozen=True, kw_only=True, eq=False):
    """What containers of a namespace get, and may ask for at most."""


class ReplicaSpec(_Part, frozen=True, kw_only=True):
    """How many pods a workload wants (1 where nothing is said), which are its own, and who names them."""

    replicas: int | None = None
    selector: LabelSelector | None = None
    service_name: str | None = None


class ReplicatedWorkload(Workload, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A workload that keeps a number of equal pods running."""

    KINDS: ClassVar[tuple[str, ...]] = ("Deployment", "StatefulSet")

    spec: ReplicaSpec = ReplicaSpec()


class ScaleTarget(_Part, frozen=True, kw_only=True):
    """The workload that an autoscaler scales."""

    kind: str | None = None
    name: str | None = None


class AutoscalerSpec(_Part, frozen=True, kw_only=True):
    """Between which numbers of pods a workload is scaled; at least 1 where nothing is said."""

    scale_target_ref: ScaleTarget = ScaleTarget()
    min_replicas: int | None = None


class HorizontalPodAutoscaler(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """What changes the number of a workload's pods."""

    spec: AutoscalerSpec = AutoscalerSpec()


class DisruptionBudgetSpec(_Part, frozen=True, kw_only=True):
    """Which pods must stay, by number or percentage."""

    selector: LabelSelector | None = None
    min_available: int | str | None = None
    max_unavailable: int | str | None = None


class PodDisruptionBudget(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """How many pods may be evicted at once."""

    spec: DisruptionBudgetSpec = DisruptionBudgetSpec()


class GroupKind(_Part, frozen=True, kw_only=True):
    """A kind of objects; `*` stands for any."""

    group: str | None = None
    kind: str | None = None


class Destination(_Part, frozen=True, kw_only=True):
    """A cluster and a namespace of it; `*` stands for any."""

    server: str | None = None
    name: str | None = None
    namespace: str | None = None


class ArgoProjectSpec(_Part, frozen=True, kw_only=True):
    """From where, to where and what the applications of a project may bring."""

    source_repos: tuple[str, ...] = ()
    destinations: tuple[Destination, ...] = ()
    cluster_resource_whitelist: tuple[GroupKind, ...] = ()


class ArgoProject(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """An AppProject of Argo CD."""

    KINDS: ClassVar[tuple[str, ...]] = ("AppProject",)

    spec: ArgoProjectSpec = ArgoProjectSpec()


class AutomatedSync(_Part, frozen=True, kw_only=True):
    """What Argo CD does by itself when the repository differs from the cluster."""

    prune: bool | None = None
    enabled: bool | None = None


class SyncPolicy(_Part, frozen=True, kw_only=True):
    """How an application is brought in line."""

    automated: AutomatedSync | None = None


class ArgoApplicationSpec(_Part, frozen=True, kw_only=True):
    """What an application brings, where to, and under which project."""

    project: str | None = None
    destination: Destination = Destination()
    sync_policy: SyncPolicy = SyncPolicy()


class ArgoApplication(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """An Application of Argo CD."""

    KINDS: ClassVar[tuple[str, ...]] = ("Application",)

    spec: ArgoApplicationSpec = ArgoApplicationSpec()


class KubeConfig(_Part, frozen=True, kw_only=True):
    """Credentials for another cluster."""


class FluxDeploymentSpec(_Part, frozen=True, kw_only=True):
    """As whom Flux applies what it fetched."""

    service_account_name: str | None = None
    kube_config: KubeConfig | None = None


class FluxDeployment(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A Kustomization or HelmRelease of Flux."""

    KINDS: ClassVar[tuple[str, ...]] = ("Kustomization", "HelmRelease")

    spec: FluxDeploymentSpec = FluxDeploymentSpec()


class Verification(_Part, frozen=True, kw_only=True):
    """By which keys a source must be signed."""


class FluxSourceSpec(_Part, frozen=True, kw_only=True):
    """Where Flux fetches from."""

    url: str | None = None
    insecure: bool | None = None
    verify: Verification | None = None


class FluxSource(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A repository or bucket that Flux fetches from."""

    KINDS: ClassVar[tuple[str, ...]] = ("GitRepository", "OCIRepository", "HelmRepository", "Bucket")

    spec: FluxSourceSpec = FluxSourceSpec()
