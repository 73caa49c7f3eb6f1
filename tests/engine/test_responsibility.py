"""The matrix is whole, and its conditions hold where the platform says so."""

import pytest

from casemate.engine.responsibility import COLUMNS, CONDITIONS, MATRIX, PARTIES, duty, party
from casemate.model.platform import PLATFORMS, Platform

AREAS = pytest.mark.parametrize("area", MATRIX)


def test_27_areas_on_every_platform() -> None:
    assert len(MATRIX) == 27
    assert set(COLUMNS) == set(PLATFORMS)


@AREAS
@pytest.mark.parametrize("name", PLATFORMS)
def test_every_cell_names_a_party_and_a_reason(area: str, name: str) -> None:
    found = duty(area, Platform(name=name, because=("label x",)))
    assert found.party in PARTIES.values()
    assert name in found.reason
    assert found.evidence == ("label x",)
    assert found.provider == (found.party == "provider")


@AREAS
def test_nothing_is_the_providers_on_a_cluster_of_ones_own(area: str) -> None:
    assert party(area) != "provider"
    assert duty(area) == duty(area, Platform())


@pytest.mark.parametrize(
    ("area", "platform", "who", "other"),
    [
        ("kubelet_config", Platform(name="eks"), "platform", None),
        ("control_plane_patch", Platform(name="eks"), "platform", None),
        ("netpol_engine", Platform(name="aks"), "provider", None),
        ("apiserver_flags_anonymous", Platform(name="eks"), "provider", None),
        ("apiserver_flags_anonymous", Platform(name="gke"), "provider", "platform"),
        ("pod_security_context", Platform(name="fargate"), "developer", "provider"),
        ("pod_security_context", Platform(name="lambda"), "provider", None),
        ("ingress_tls_waf_authz", Platform(name="gke"), "platform", "devops"),
        ("an area that nobody knows", Platform(name="eks"), "platform", None),
    ],
)
def test_who_must_act(area: str, platform: Platform, who: str, other: str | None) -> None:
    found = duty(area, platform)
    assert (found.party, found.other) == (who, other)


def test_what_a_platform_does_not_have_stays_with_whoever_wrote_it() -> None:
    found = duty("k8s_rbac", Platform(name="lambda"))
    assert not found.applies
    assert found.party == "platform"


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_conditions_hold_where_the_setting_says_so(condition: object) -> None:
    where = Platform(**{"name": condition.platform, condition.setting: condition.value})  # type: ignore[attr-defined] # a Condition
    for area in condition.areas:  # type: ignore[attr-defined] # as above
        found = duty(area, where)
        assert condition.reason in found.evidence  # type: ignore[attr-defined] # as above
        assert found.party == PARTIES[condition.cell[0]]  # type: ignore[attr-defined] # as above
        assert condition.reason not in duty(area, Platform(name=where.name)).evidence  # type: ignore[attr-defined] # as above
