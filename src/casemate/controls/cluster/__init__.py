"""Clusters that one runs oneself: the control plane's programs, the kubelet, and their configuration files."""

SUBJECTS = ("ComponentWorkload", "ComponentSettings")
