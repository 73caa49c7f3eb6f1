"""Manifests: what they say against what the API server understands."""

SUBJECTS = ("Entity",)
