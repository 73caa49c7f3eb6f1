"""Container images: how they are named, and what is in them."""

from casemate.analysis.images.reference import BrokenReference, Reference, parse

__all__ = ["BrokenReference", "Reference", "parse"]
