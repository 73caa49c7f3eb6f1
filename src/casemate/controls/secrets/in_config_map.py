"""A ConfigMap holds a secret in plain text.

ConfigMaps are for settings: many more people and programs may read them than Secrets, nothing
encrypts them at rest, and they are printed in logs and tickets without a thought.
"""

import base64
import binascii
from collections.abc import Iterator

from casemate.analysis.secrets import Match, in_text, in_value, is_dashboard
from casemate.model.configuration import ConfigMap
from casemate.model.control import Consequence, Fault, control
from casemate.model.place import Path
from casemate.model.severity import Confidence, Severity

_LONGEST = 2_000_000
_MOST = 5


@control(
    "secret-in-config-map",
    title="Secret in a ConfigMap",
    severity=Severity.HIGH,
    consequence=Consequence.DISCLOSURE,
    remedy="Move the value into a Secret or a vault, and replace it: it is known by now",
    standards=(
        "NSA-CISA-1.2:secrets",
        "MITRE:T1552",
        "MITRE:T1552.001",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
        "NIST-800-190:4.1.4",
    ),
    area="secrets_env_encryption",
)
def in_config_map(config: ConfigMap) -> Iterator[Fault]:
    for key, value in (config.data or {}).items():
        if value and not is_dashboard(value):
            yield from _faults(key, value[:_LONGEST], ("data", key))
    for key, value in (config.binary_data or {}).items():
        text = _decoded(value or "")
        if text:
            yield from _faults(key, text, ("binaryData", key))


def _faults(key: str, text: str, path: Path) -> Iterator[Fault]:
    whole = None if "\n" in text.strip() else in_value(key, text)
    found = [whole] if whole is not None else in_text(text)
    told: set[tuple[str, str | None]] = set()
    for match in found:
        if (match.kind, match.name) not in told and len(told) < _MOST:
            told.add((match.kind, match.name))
            yield _fault(key, match, path)


def _fault(key: str, match: Match, path: Path) -> Fault:
    named = match.name if match.name != key else None
    what = f"{named} in {key} holds {match.kind}" if named else f"{key} holds {match.kind}"
    guess = named is not None and match.confidence is Confidence.LIKELY and match.severity is Severity.MEDIUM
    return Fault(
        message=what,
        at=path,
        why=(match.why,) if match.why else (),
        severity=match.severity,
        confidence=Confidence.POSSIBLE if guess else match.confidence,
    )


def _decoded(value: str) -> str:
    """The text that a value of binaryData stands for; empty where it is no text."""
    try:
        raw = base64.b64decode(value[: _LONGEST // 4 * 4], validate=True)
    except (binascii.Error, ValueError):
        return ""
    return "" if b"\0" in raw[:1000] else raw.decode("utf-8", "replace")
