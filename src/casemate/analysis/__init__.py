"""Exact facts about an estate, each with the reason for it."""
