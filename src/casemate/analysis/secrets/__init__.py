"""Secrets in plain sight: known formats with their checks, and values that are secret by their name."""

from casemate.analysis.secrets.formats import known
from casemate.analysis.secrets.match import Match
from casemate.analysis.secrets.search import in_arguments, in_text, in_value, is_dashboard, is_suspicious

__all__ = ["Match", "in_arguments", "in_text", "in_value", "is_dashboard", "is_suspicious", "known"]
