"""Pods: how narrowly they run, and what of the node and the cluster they hold."""

SUBJECTS = ("Workload",)
