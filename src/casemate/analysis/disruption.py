"""How many pods of a workload run at least, and what disruption budgets leave to be evicted.

Source: kubernetes pkg/controller/disruption/disruption.go (percentages are rounded up) and policy/v1
types.go: an empty selector is every pod of the namespace, in v1beta1 none; an absent one is none.
"""

from casemate.analysis.namespaces import ByNamespace
from casemate.analysis.selectors import is_empty, selects
from casemate.model.estate import Entity, Estate, Workload
from casemate.model.governance import HorizontalPodAutoscaler, PodDisruptionBudget, ReplicatedWorkload

_OLD = "policy/v1beta1"
_OWN = ".k8s.io"


class Disruption:
    """The budgets, scalers and workloads that were read, by namespace."""

    def __init__(self, estate: Estate) -> None:
        budgets: list[PodDisruptionBudget] = []
        workloads: list[Workload] = []
        custom: list[Entity] = []
        self._scalers: dict[tuple[str | None, str | None, str | None], HorizontalPodAutoscaler] = {}
        for entity in estate.entities:
            if isinstance(entity, PodDisruptionBudget):
                budgets.append(entity)
            elif isinstance(entity, HorizontalPodAutoscaler):
                target = entity.spec.scale_target_ref
                self._scalers[entity.ref.namespace, target.kind, target.name] = entity
            elif isinstance(entity, Workload):
                workloads.append(entity)
            elif type(entity) is Entity and "." in entity.ref.group and not entity.ref.group.endswith(_OWN):
                custom.append(entity)
        self._budgets = ByNamespace(budgets)
        self._workloads = ByNamespace(workloads)
        self._custom = ByNamespace(custom)

    @classmethod
    def of(cls, estate: Estate) -> "Disruption":
        """All that an estate holds."""
        return cls(estate)

    def scaler(self, workload: ReplicatedWorkload) -> HorizontalPodAutoscaler | None:
        """What changes the number of a workload's pods."""
        ref = workload.ref
        return self._scalers.get((ref.namespace, ref.kind, ref.name))

    def least(self, workload: ReplicatedWorkload) -> int:
        """How many pods of a workload run at least when all is well."""
        scaler = self.scaler(workload)
        if scaler is not None:
            return 1 if scaler.spec.min_replicas is None else scaler.spec.min_replicas
        return 1 if workload.spec.replicas is None else workload.spec.replicas

    def budget_of(self, workload: Workload) -> PodDisruptionBudget | None:
        """A budget that holds for some pods of a workload, or may where a namespace is not said."""
        near = self._budgets.near(workload.ref.namespace)
        return next((budget for budget in near if covers(budget, workload)), None)

    def covered(self, budget: PodDisruptionBudget) -> list[Workload]:
        """The workloads some of whose pods a budget holds for."""
        near = self._workloads.near(budget.ref.namespace)
        return [workload for workload in near if covers(budget, workload)]

    def unseen(self, budget: PodDisruptionBudget) -> list[str]:
        """The kinds of custom resources near a budget, whose controllers may make pods out of sight."""
        return sorted({entity.ref.kind for entity in self._custom.near(budget.ref.namespace)})

    def pods(self, budget: PodDisruptionBudget) -> int | None:
        """How many pods a budget is for; None where something else decides or is not known."""
        total = 0
        for workload in self.covered(budget):
            if not isinstance(workload, ReplicatedWorkload) or self.scaler(workload) is not None:
                return None
            total += self.least(workload)
        return total or None


def covers(budget: PodDisruptionBudget, workload: Workload) -> bool:
    """Whether a budget selects some pods of a workload of its namespace."""
    selector = budget.spec.selector
    if budget.ref.api_version == _OLD and is_empty(selector):
        return False
    return any(selects(selector, template.labels) for template in workload.templates)


def blocked(budget: PodDisruptionBudget, pods: int | None) -> str | None:
    """Why a budget lets no pod be evicted even when all are well; None where it lets some."""
    spec = budget.spec
    if spec.max_unavailable is not None:
        nothing = _share(spec.max_unavailable) == 0
        return f"maxUnavailable is {spec.max_unavailable}" if nothing else None
    if spec.min_available is None:
        return None
    if _percent(spec.min_available) == 100:
        return f"minAvailable is {spec.min_available}"
    if pods is None:
        return None
    percent = _percent(spec.min_available)
    needed = -(-percent * pods // 100) if percent is not None else _share(spec.min_available)
    if needed is not None and needed >= pods:
        return f"minAvailable is {spec.min_available}, and {pods} {'pod runs' if pods == 1 else 'pods run'}"
    return None


def _percent(value: int | str) -> int | None:
    text = value.removesuffix("%") if isinstance(value, str) and value.endswith("%") else ""
    return int(text) if text.isdecimal() else None


def _share(value: int | str) -> int | None:
    """The number that a value says, whether or not it is a percentage."""
    return value if isinstance(value, int) else _percent(value)
