"""Calico: its policies, tiers, selectors and what they refer to, in the common form."""
