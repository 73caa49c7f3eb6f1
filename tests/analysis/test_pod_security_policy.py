"""PodSecurityPolicies against the levels; each field is in a case of the control's page."""

import pytest

from casemate.analysis.pod_security import Level
from casemate.analysis.pod_security_policy import (
    APPARMOR,
    SECCOMP,
    SUCCESSORS,
    excesses,
    level_of,
    level_words,
    successors,
)
from casemate.model.admission import IdStrategy, PodSecurityPolicy, PodSecurityPolicySpec, SelinuxStrategy
from casemate.model.estate import Ref
from casemate.model.place import Document, Origin

TIGHT = PodSecurityPolicySpec(
    allow_privilege_escalation=False,
    required_drop_capabilities=("ALL",),
    volumes=("emptyDir", "secret"),
    run_as_user=IdStrategy(rule="MustRunAsNonRoot"),
    se_linux=SelinuxStrategy(rule="MustRunAs"),
    read_only_root_filesystem=True,
)
PROFILES = {
    f"{SECCOMP}allowedProfileNames": "runtime/default",
    f"{APPARMOR}allowedProfileNames": "localhost/a",
}


def policy(spec: PodSecurityPolicySpec, annotations: dict[str, str]) -> PodSecurityPolicy:
    return PodSecurityPolicy(
        ref=Ref("policy/v1beta1", "PodSecurityPolicy", None, "p"),
        origin=Origin(Document("p.yaml", 1, 1)),
        annotations=annotations,
        spec=spec,
    )


def test_every_field_has_a_successor() -> None:
    names = {*PodSecurityPolicySpec.__struct_encode_fields__}
    assert names == {name for name in SUCCESSORS if "/" not in name}


def test_a_tight_policy_enforces_restricted() -> None:
    assert excesses(policy(TIGHT, PROFILES)) == []
    assert level_words([]) == "restricted"


@pytest.mark.parametrize(
    ("annotations", "level"),
    [(PROFILES, Level.RESTRICTED), ({**PROFILES, f"{SECCOMP}allowedProfileNames": "*"}, Level.PRIVILEGED)],
)
def test_the_loosest_field_decides(annotations: dict[str, str], level: Level) -> None:
    assert level_of(excesses(policy(TIGHT, annotations))) is level


def test_the_level_without_security_modules() -> None:
    found = excesses(policy(TIGHT, {}))
    assert level_words(found) == "privileged, and baseline where neither SELinux nor AppArmor is in use"


def test_what_allows_everything_needs_no_successor() -> None:
    spec = PodSecurityPolicySpec(privileged=True, volumes=("*",), run_as_user=IdStrategy(rule="RunAsAny"))
    assert not list(successors(policy(spec, {"team": "shop"})))
    assert [name for name, _, _ in successors(policy(TIGHT, PROFILES))][
        -1
    ] == f"{APPARMOR}allowedProfileNames"
