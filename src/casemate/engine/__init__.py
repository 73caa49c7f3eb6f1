"""Asks controls of an estate and weighs the answers."""
