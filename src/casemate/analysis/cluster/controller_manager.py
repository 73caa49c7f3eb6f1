"""The controller manager as it is started."""

from casemate.analysis.cluster.program import Program


class ControllerManager(Program):
    """kube-controller-manager."""

    NAME = "kube-controller-manager"
