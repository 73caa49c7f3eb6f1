"""Runs the Markdown cases of controls: ours, and those of users for their own."""

from casemate.testing.pages import Case, Page, read_page
from casemate.testing.run import Mismatch, run

__all__ = ["Case", "Mismatch", "Page", "read_page", "run"]
