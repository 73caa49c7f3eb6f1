"""A binding gives a role to a user or group that exists nowhere, or to an account that is disabled.

Kubernetes asks nobody whether a name exists. Whoever is given that name later, by a directory, an identity
provider or a certificate, holds the role at once.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.defaults import is_default_binding
from casemate.analysis.rbac.existence import Existence, Identities, Verdict
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.strength import Strength, strength_of
from casemate.model.control import Consequence, Fault, Unanswered, control
from casemate.model.rbac import GROUP, USER, Binding, Subject
from casemate.model.severity import Confidence, Severity


@control(
    "rbac-unknown-identity",
    title="Binding to a user or group that exists nowhere",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Remove the subject, or correct its name",
    standards=("NSA-CISA-1.2:rbac", "OWASP-Kubernetes-2022:K03", "OWASP-Kubernetes-2025:K02"),
    area="k8s_rbac",
    setting="identities",
)
def unknown_identity(binding: Binding, known: Grants, identities: Identities) -> Iterator[Fault | Unanswered]:
    if is_default_binding(binding):
        return
    missing: set[str] = set()
    for index, subject in enumerate(binding.subjects):
        holder = binding.holder(subject)
        if holder.kind not in {USER, GROUP} or not holder.name:
            continue
        found = identities.find(holder.kind, holder.name)
        if found.verdict is Verdict.UNKNOWN and identities.asked:
            missing.add(found.missing)
        elif found.verdict is Verdict.ABSENT or found.disabled:
            yield Fault(
                message=_message(holder, found),
                at=("subjects", index, "name"),
                why=(*found.evidence, *_hints(found)),
                severity=_severity(binding, known, found),
                remedy=_remedy(found),
            )
    yield from map(Unanswered, sorted(missing))


def _message(holder: Subject, found: Existence) -> str:
    kind = (holder.kind or "").lower()
    if found.disabled:
        return f"the account of {kind} {holder.name} is disabled"
    return f"there is no {kind} {holder.name}"


def _hints(found: Existence) -> Iterator[str]:
    for name in found.near:
        yield f"{name} is known: names are compared sign by sign, capital letters and prefixes included"


def _remedy(found: Existence) -> str | None:
    if found.near:
        return f"Correct the name to {found.near[0]} if that is who is meant, else remove the subject"
    return "Remove the subject, or enable the account" if found.disabled else None


def _severity(binding: Binding, known: Grants, found: Existence) -> Severity:
    """A disabled account is a step milder: to enable it takes more than to take a free name."""
    if strength_of(binding, known) is not Strength.POWER:
        return Severity.LOW
    severity = Severity.HIGH if binding.is_cluster else Severity.MEDIUM
    return Severity(severity - 1) if found.disabled else severity
