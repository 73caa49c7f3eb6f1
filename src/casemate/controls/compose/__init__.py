"""Compose: what only services of Docker Compose say of ports, devices and builds."""

SUBJECTS = ("ComposeService",)
