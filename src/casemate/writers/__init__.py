"""Answers out: one form per module."""
