"""Cilium: its policies, selectors, settings and what they refer to, in the common form."""
