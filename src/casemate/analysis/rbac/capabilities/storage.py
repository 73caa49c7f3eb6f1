"""Powers over volumes."""

from casemate.analysis.rbac.capabilities.terms import CHANGE, Capability, each, rights
from casemate.model.severity import Severity

CREATE_VOLUMES = Capability(
    id="create-persistent-volumes",
    gives="a persistent volume of type hostPath or local opens files of a node to the pods that claim it",
    ways=each(rights("create", "", "persistentvolumes", namespaced=False)),
    source="Kubernetes documentation, RBAC good practices: Persistent volume creation",
    cluster=Severity.MEDIUM,
)
TAKE_VOLUMES = Capability(
    id="take-persistent-volumes",
    gives="whoever changes the claimRef of a volume gives its data to a claim of another namespace",
    ways=each(rights(CHANGE, "", "persistentvolumes", namespaced=False)),
    source="pkg/controller/volume/persistentvolume and pkg/apis/core/validation of Kubernetes: the source of"
    " a volume cannot be changed, its claim can",
    cluster=Severity.LOW,
    unless=("create-persistent-volumes",),
    spelled=True,
)
STORAGE_CLASSES = Capability(
    id="write-storage-classes",
    gives="the parameters of a storage class steer a provisioner that runs with its own wide rights",
    ways=each(rights("create", "storage.k8s.io", "storageclasses", namespaced=False)),
    source="pkg/apis/storage of Kubernetes; what it leads to depends on the provisioner",
    cluster=Severity.LOW,
    spelled=True,
)
ALL = (CREATE_VOLUMES, TAKE_VOLUMES, STORAGE_CLASSES)
