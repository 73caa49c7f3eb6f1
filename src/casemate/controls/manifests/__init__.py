"""Manifests: what they say against what the API server understands."""

from casemate.model.estate import Entity

SUBJECTS = (Entity,)
