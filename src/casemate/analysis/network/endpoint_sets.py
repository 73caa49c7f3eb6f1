"""Sets of endpoints put together, written as short as they can be.

What is everything or nobody is worked out at once, so that equal sets are equal values.
"""

from casemate.analysis.network.policies import Complement, Endpoints, Everything, Intersection, Nobody, Union


def both(*parts: Endpoints) -> Endpoints:
    """What is in all of the sets; everything where there is none."""
    found = tuple(dict.fromkeys(part for part in parts if not isinstance(part, Everything)))
    if any(isinstance(part, Nobody) for part in found):
        return Nobody()
    return found[0] if len(found) == 1 else Intersection(found) if found else Everything()


def either(*parts: Endpoints) -> Endpoints:
    """What is in any of the sets; nobody where there is none."""
    found = tuple(dict.fromkeys(part for part in parts if not isinstance(part, Nobody)))
    if any(isinstance(part, Everything) for part in found):
        return Everything()
    return found[0] if len(found) == 1 else Union(found) if found else Nobody()


def no(inner: Endpoints) -> Endpoints:
    """What is not in the set."""
    if isinstance(inner, Complement):
        return inner.inner
    if isinstance(inner, Nobody):
        return Everything()
    return Nobody() if isinstance(inner, Everything) else Complement(inner)
