"""Which capabilities rules give, held to the naive reading of one rule after another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemate.analysis.rbac.capabilities import AREAS, CATALOGUE
from casemate.analysis.rbac.capabilities.roles import BIND, CONSTRAINED_IMPERSONATION
from casemate.analysis.rbac.capabilities.terms import ANY, Capability, Right
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.holding import RIGHTS, Held, held, held_by, sum_of
from casemate.analysis.rbac.rules import grants
from casemate.analysis.rbac.strength import Strength, strength
from casemate.model.rbac import RBAC, PolicyRule
from casemate.model.severity import Severity
from casemate.model.version import NEWEST, KubernetesVersion
from tests.analysis.rbac.estates import binding, estate, role, rule

OLD = KubernetesVersion(1, 24)
PLACE = "kube-system"


def rule_of(right: Right, *names: str) -> PolicyRule:
    """The rule that grants just that."""
    verb = right.verb.removesuffix("*") + "list" if right.verb.endswith(ANY) else right.verb
    return rule(verb, right.resource, group=right.group, names=names)


def ids(
    *rules: PolicyRule, wide: bool = True, at: KubernetesVersion = NEWEST, namespace: str = "n"
) -> set[str]:
    """The capabilities that rules give."""
    return {one.capability.id for one in held(rules, at, wide=wide, namespace=namespace)}


def test_each_capability_has_one_id_and_stands_in_one_area() -> None:
    listed = [capability for capabilities in AREAS.values() for capability in capabilities]
    assert len({capability.id for capability in listed}) == len(listed) == len(CATALOGUE)
    for capability in listed:
        assert set(capability.unless) <= CATALOGUE.keys()
        assert capability.ways
        assert capability.source


@pytest.mark.parametrize("capability", CATALOGUE.values(), ids=lambda one: one.id)
def test_each_way_of_each_capability_is_found_in_a_cluster_role_alone(capability: Capability) -> None:
    for way in capability.ways:
        one = role("a", *map(rule_of, way))
        version = min((right.until for right in way if right.until), default=NEWEST)
        (fault, *_) = dangers(one, Grants.of(estate(one)), version, capability)
        assert fault.severity == capability.cluster
        assert (strength(one.rules, version) is Strength.POWER) or capability.cluster < Severity.MEDIUM
        for missing in range(len(way) if len(way) > 1 else 0):
            rest = [rule_of(right) for place, right in enumerate(way) if place != missing]
            part = role("a", *rest)
            assert not list(dangers(part, Grants.of(estate(part)), version, capability))
            assert capability.id not in ids(*rest, at=version)


@pytest.mark.parametrize("capability", CATALOGUE.values(), ids=lambda one: one.id)
def test_a_capability_reaches_as_far_as_it_says(capability: Capability) -> None:
    place = (capability.places or ("n",))[0]
    for way in capability.ways:
        version = min((right.until for right in way if right.until), default=NEWEST)
        rules = [rule_of(right) for right in way]
        wide = {one.capability.id: one for one in held(rules, version, wide=True)}
        assert wide[capability.id].severity is not None
        inside = ids(*rules, wide=False, at=version, namespace=place)
        assert (capability.id in inside) == all(right.namespaced for right in way)
        if capability.places:
            assert capability.id not in ids(*rules, wide=False, at=version, namespace="elsewhere")


def test_every_right_is_the_one_that_the_rules_grant() -> None:
    for right in RIGHTS:
        if not right.verb.endswith(ANY):
            assert grants(rule_of(right), right.verb, right.group, right.resource)
            assert right.holds_at(right.until or NEWEST)


VERBS = sorted({right.verb for right in RIGHTS if not right.verb.endswith(ANY)} | {"*", "delete", "none"})
RESOURCES = sorted({right.resource for right in RIGHTS} | {"*", "*/exec", "pods/*", "*/token", "none"})
GROUPS = sorted({right.group for right in RIGHTS} | {"*", "none"})
RULES = st.builds(
    PolicyRule,
    verbs=st.lists(st.sampled_from(VERBS), max_size=3).map(tuple),
    api_groups=st.lists(st.sampled_from(GROUPS), max_size=3).map(tuple),
    resources=st.lists(st.sampled_from(RESOURCES), max_size=3).map(tuple),
    resource_names=st.lists(st.sampled_from(["", "*", "cluster-admin", "aws-auth", "a"]), max_size=2).map(
        tuple
    ),
    attribute_restrictions=st.sampled_from([None, None, None, {}]),
)


def naive(rules: list[PolicyRule], at: KubernetesVersion, *, wide: bool, namespace: str) -> set[str]:
    """The same by trying every right of every way on every rule."""

    def granted(right: Right) -> list[PolicyRule]:
        if not right.holds_at(at) or not (wide or right.namespaced):
            return []
        if right.verb.endswith(ANY):
            return [
                one
                for one in rules
                if one.attribute_restrictions is None
                and any(v == "*" or v.startswith(right.verb.removesuffix("*")) for v in one.verbs)
                and (one.resources or one.non_resource_urls)
            ]
        return [one for one in rules if grants(one, right.verb, right.group, right.resource)]

    found: dict[str, bool] = {}
    for capability in CATALOGUE.values():
        if not wide and capability.places and namespace not in capability.places:
            continue
        base = capability.cluster if wide else capability.inside
        for way in capability.ways:
            if not all(granted(right) for right in way):
                continue
            names = [one.resource_names for one in granted(way[0])]
            if () in names:
                severity = base
            elif any(set(some) & set(way[0].strong) for some in names):
                severity = base if capability.strong is None else capability.strong
            else:
                severity = capability.named
            found[capability.id] = found.get(capability.id, False) or severity is not None
    faults = {one for one, fault in found.items() if fault}
    return {one for one in found if faults.isdisjoint(CATALOGUE[one].unless)}


@given(
    st.lists(RULES, max_size=4),
    st.sampled_from([OLD, KubernetesVersion(1, 34), NEWEST]),
    st.booleans(),
    st.sampled_from(["n", PLACE]),
)
def test_what_rules_give_in_sum_is_what_trying_each_right_finds(
    rules: list[PolicyRule], at: KubernetesVersion, wide: bool, namespace: str
) -> None:
    assert ids(*rules, wide=wide, at=at, namespace=namespace) == naive(
        rules, at, wide=wide, namespace=namespace
    )


def test_rights_of_a_way_may_come_from_several_rules() -> None:
    bind, create = rule("bind", "clusterroles", group=RBAC), rule("create", "rolebindings", group=RBAC)
    assert "bind" in ids(bind, create)
    assert ids(bind) == {"bind-alone"}
    assert ids(create) == set()


def test_sums_of_sums_are_those_of_all_rules() -> None:
    bind, create = rule("bind", "clusterroles", group=RBAC), rule("create", "rolebindings", group=RBAC)
    both = sum_of((bind,)) | sum_of((create,))
    assert held_by(both, NEWEST, wide=True) == held((bind, create), NEWEST, wide=True)


def test_named_objects_are_mild_and_strong_ones_are_not() -> None:
    def judged(*names: str) -> Held:
        rules = (
            rule("bind", "clusterroles", group=RBAC, names=names),
            rule("create", "rolebindings", group=RBAC),
        )
        return next(one for one in held(rules, NEWEST, wide=True) if one.capability is BIND)

    assert judged() == Held(BIND, BIND.ways[0], BIND.cluster)
    assert judged("view") == Held(BIND, BIND.ways[0], BIND.named, named=True)
    assert judged("view", "cluster-admin") == Held(BIND, BIND.ways[0], BIND.cluster, named=True)


def test_creation_is_no_matter_of_names_where_there_are_none() -> None:
    assert not ids(rule("create", "pods", names=("a",)))
    assert ids(rule("create", "pods/exec", names=("a",)))


def test_config_maps_of_the_control_plane_count_in_kube_system() -> None:
    write = rule("patch", "configmaps")
    assert ids(write, wide=False, namespace=PLACE) == {"write-cluster-config"}
    assert not ids(write, wide=False)
    named = held((rule("patch", "configmaps", names=("aws-auth",)),), NEWEST, wide=False, namespace=PLACE)
    assert [one.severity for one in named] == [Severity.HIGH]


def test_a_cluster_role_bound_in_kube_system_is_one_there() -> None:
    one = role("a", rule("update", "configmaps"))
    capability = CATALOGUE["write-cluster-config"]
    there = Grants.of(estate(one, binding("a", namespace=PLACE)))
    elsewhere = Grants.of(estate(one, binding("a", namespace="n")))
    assert [fault.severity for fault in dangers(one, there, NEWEST, capability)] == [Severity.MEDIUM]
    assert not list(dangers(one, elsewhere, NEWEST, capability))


def test_all_of_a_common_group_is_a_fault_of_its_own_unless_a_name_tells() -> None:
    def found(*names: str, group: str = "", capability: str = "write-cluster-config") -> int:
        one = role("a", rule("update", "*", group=group, names=names))
        return len(list(dangers(one, Grants.of(estate(one)), NEWEST, CATALOGUE[capability])))

    assert not found()
    assert found("aws-auth")
    assert not found(group="*", capability="write-api-services")
    assert found(group="apiregistration.k8s.io", capability="write-api-services")


def test_a_role_may_be_bound_on_its_own_namespace_object() -> None:
    assert "label-namespaces" in ids(rule("patch", "namespaces"), wide=False)
    assert "label-namespaces-and-create-pods" in ids(
        rule("patch", "namespaces", "pods"), rule("create", "pods"), wide=False
    )


def test_constrained_impersonation_takes_both_rights() -> None:
    who = rule("impersonate:user-info", "users", group="authentication.k8s.io")
    what = rule("impersonate-on:user-info:list", "pods")
    other = rule("impersonate-on:serviceaccount:list", "pods")
    assert ids(who, what) == {CONSTRAINED_IMPERSONATION.id}
    assert ids(who, what, at=KubernetesVersion(1, 35)) == set()
    one = role("a", who, what)
    (fault,) = dangers(one, Grants.of(estate(one)), NEWEST, CONSTRAINED_IMPERSONATION)
    assert fault.message == (
        "it grants impersonate:user-info on users and impersonate-on:user-info:* on some resource"
    )
    assert ids(who, what, wide=False) == set()
    assert ids(who) == ids(what) == ids(who, other) == set()
    urls = PolicyRule(verbs=("impersonate-on:user-info:get",), non_resource_urls=("/metrics",))
    assert ids(who, urls) == {CONSTRAINED_IMPERSONATION.id}


def test_versions_of_a_capability_are_those_of_its_ways() -> None:
    spans = {one.id: (one.since, one.until) for one in CATALOGUE.values()}
    assert spans["constrained-impersonation"] == (KubernetesVersion(1, 36), None)
    assert spans["restore-statefulsets"] == (None, KubernetesVersion(1, 36))
    assert spans["enter-pods"] == (None, None)
    assert spans["write-mutating-policies"] == (KubernetesVersion(1, 36), None)
