"""Waivers: whether what somebody answered for is still wanted, still in force, and narrow enough."""

SUBJECTS = ("WaiverUse",)
