"""Casemate: what could an attacker do here, how do we know, and what must change."""

__version__ = "0.1.0"
