"""Whether anything in an estate looks like a waiver: a look that costs little, since most hold none."""

from casemate.model.estate import Estate, Workload

SIGN = b"casemate:"
"""What a comment that waives something begins with."""
ANNOTATION = "casemate.dev/waive."


def any_waiver(estate: Estate) -> bool:
    """Whether a document or an annotation may hold a waiver."""
    last = None
    for entity in estate.entities:
        text = entity.origin.document.text
        if text is not last:
            last = text
            if text is not None and SIGN in text:
                return True
        if _waives(entity.annotations):
            return True
        if isinstance(entity, Workload) and any(_waives(t.annotations) for t in entity.templates):
            return True
    return False


def _waives(annotations: dict[str, str]) -> bool:
    return bool(annotations) and any(map(is_waiver, annotations))


def is_waiver(key: str) -> bool:
    """Whether an annotation is meant as a waiver; one that names no control is told later."""
    return f"{key}.".startswith(ANNOTATION)
