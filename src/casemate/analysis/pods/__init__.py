"""Pods as they will run: containers, settings in force, and what the pod is for."""

from casemate.analysis.pods.view import Container, Pod, Setting

__all__ = ["Container", "Pod", "Setting"]
