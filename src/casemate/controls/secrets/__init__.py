"""Secrets: where they stand in plain sight, and how they reach containers."""

SUBJECTS = ("Entity", "Workload", "ConfigMap", "Secret")
