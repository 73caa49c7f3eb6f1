"""Pods: how narrowly they run, and what of the node and the cluster they hold."""

from casemate.model.estate import Workload

SUBJECTS = (Workload,)
