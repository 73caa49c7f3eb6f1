"""Labels and times as logs of flows write them."""

from datetime import UTC, datetime

_OF_IDENTITY = ("io.kubernetes.", "io.cilium.")
"""Labels that Cilium adds to those of the pod."""


def labels_of(given: object) -> tuple[tuple[str, str], ...]:
    """The labels of a pod from a list of `key=value`, or from a text of them with bars or commas between.

    Cilium writes where a label comes from before it; labels that are not the pod's own are left out.
    """
    if isinstance(given, dict):
        given = given.get("labels", [f"{key}={value}" for key, value in given.items()])
    if isinstance(given, str):
        given = given.replace("|", ",").split(",")
    found: dict[str, str] = {}
    for item in given if isinstance(given, list) else ():
        key, equals, value = str(item).strip().partition("=")
        source, colon, name = key.partition(":")
        if colon and source != "k8s":
            continue
        key = name if colon else key
        if equals and key and not key.startswith(_OF_IDENTITY):
            found[key] = value
    return tuple(sorted(found.items()))


def time_of(text: str) -> str:
    """A time in UTC, to the second; empty where it is none."""
    try:
        found = datetime.fromisoformat(text[:26] + "Z" if len(text) > 27 and text.endswith("Z") else text)
    except ValueError:
        return ""
    if found.tzinfo is not None:
        found = found.astimezone(UTC)
    return f"{found:%Y-%m-%dT%H:%M:%S}Z"
