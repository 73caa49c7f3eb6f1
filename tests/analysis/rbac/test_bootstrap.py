"""Kubernetes' own roles and bindings are told by their content, release by release."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.rbac.bootstrap import objects, table
from casemate.analysis.rbac.bootstrap.compare import (
    added_subjects,
    beyond,
    is_bootstrap_binding,
    is_filled_in,
    is_passed_on,
)
from casemate.analysis.rbac.bootstrap.objects import (
    bootstrap_bindings,
    bootstrap_role,
    bootstrap_roles,
    default_rules,
)
from casemate.analysis.rbac.covers import covers_atom, uncovered
from casemate.analysis.rbac.defaults import (
    added_rules,
    default_rules_of,
    is_default_binding,
    is_default_name,
    is_default_role,
    own_rules,
)
from casemate.controls.catalogue import family
from casemate.engine.judge import judge
from casemate.model.estate import Coverage, Entity, Estate
from casemate.model.place import Document
from casemate.model.rbac import AggregationRule, Binding, PolicyRule, Role, Subject
from casemate.model.selectors import LabelSelector
from casemate.model.settings import Settings
from casemate.model.version import NEWEST, KubernetesVersion
from casemate.readers.objects import entities
from tests.analysis.rbac.estates import account, binding, estate, role, rule

RELEASES = [KubernetesVersion(1, minor) for minor in range(table.OLDEST, NEWEST.minor + 1)]
OLD, MIDDLE = KubernetesVersion(1, 16), KubernetesVersion(1, 24)
VIEW = "rbac.authorization.k8s.io/aggregate-to-view"
releases = st.sampled_from(RELEASES)


@st.composite
def made_roles(draw: st.DrawFn) -> Role:
    """A role of some release."""
    return draw(st.sampled_from(bootstrap_roles(draw(releases))))


def _findings(*things: Entity, complete: bool, kubernetes: KubernetesVersion) -> list[tuple[str, str]]:
    coverage = Coverage(complete=frozenset({"*"} if complete else ()))
    answers = judge(
        Estate(entities=things, coverage=coverage),
        family("rbac"),
        Settings(kubernetes=kubernetes, kubernetes_given=True),
    )
    return [(found.control.id, found.entity.title) for found in answers.findings]


@pytest.mark.parametrize("kubernetes", RELEASES, ids=str)
def test_what_a_release_brings_is_no_fault(kubernetes: KubernetesVersion) -> None:
    things = (*bootstrap_roles(kubernetes), *bootstrap_bindings(kubernetes))
    assert len(things) > 100
    assert _findings(*things, complete=False, kubernetes=NEWEST) == []
    assert _findings(*things, complete=False, kubernetes=OLD) == []
    assert _findings(*things, complete=True, kubernetes=kubernetes) == []


@settings(deadline=None)
@given(made_roles(), releases)
def test_a_role_of_any_release_is_recognised_whatever_release_is_asked(
    made: Role, asked: KubernetesVersion
) -> None:
    assert beyond(made, asked) == ()
    assert is_default_role(made, asked)
    assert list(own_rules(made, asked)) == []


@settings(deadline=None)
@given(made_roles(), releases, st.data())
def test_a_part_of_a_role_is_recognised(made: Role, asked: KubernetesVersion, data: st.DataObject) -> None:
    rules = data.draw(st.lists(st.sampled_from(made.rules))) if made.rules else []
    assert beyond(msgspec.structs.replace(made, rules=tuple(rules)), asked) == ()


@settings(deadline=None)
@given(made_roles(), releases, st.data())
def test_one_added_verb_is_seen(made: Role, asked: KubernetesVersion, data: st.DataObject) -> None:
    resources = [one for one in made.rules if one.resources]
    if not resources or any("*" in one.verbs for one in made.rules):
        return
    chosen = data.draw(st.sampled_from(resources))
    more = msgspec.structs.replace(chosen, verbs=(*chosen.verbs, "handle"))
    rules = tuple(more if one is chosen else one for one in made.rules)
    changed = msgspec.structs.replace(made, rules=rules, aggregation_rule=None)
    found = beyond(changed, asked)
    assert found
    assert all(atom.verbs == ("handle",) and covers_atom(more, atom) for atom in found)
    assert not is_default_role(changed, asked)
    assert [one for _, one in own_rules(changed, asked)] == [more]


@settings(deadline=None)
@given(made_roles(), st.sampled_from(["secrets", "pods/exec"]))
def test_an_added_power_is_a_finding(made: Role, resource: str) -> None:
    power = rule("get list create", resource)
    if made.aggregation_rule is not None or len(list(uncovered(made.rules, (power,)))) < len(power.verbs):
        return
    changed = msgspec.structs.replace(made, rules=(*made.rules, power))
    found = _findings(changed, complete=False, kubernetes=NEWEST)
    if beyond(changed, NEWEST):
        assert found
        assert {title for _, title in found} == {made.title}
    else:
        assert found == []


@settings(deadline=None)
@given(releases, releases, st.data())
def test_a_binding_is_recognised_by_role_and_subjects(
    brought: KubernetesVersion, asked: KubernetesVersion, data: st.DataObject
) -> None:
    made = data.draw(st.sampled_from(bootstrap_bindings(brought)))
    assert is_bootstrap_binding(made, asked)
    assert is_default_binding(msgspec.structs.replace(made, subjects=()), asked)
    more = msgspec.structs.replace(made, subjects=(*made.subjects, account("mine")))
    assert added_subjects(more, asked) == (len(made.subjects),)
    other = msgspec.structs.replace(
        made, role_ref=msgspec.structs.replace(made.role_ref, name="cluster-admim")
    )
    assert added_subjects(other, asked) is None


def test_what_another_release_brings_is_known() -> None:
    assert bootstrap_role("ClusterRole", None, "system:csi-external-attacher", OLD) is not None
    assert bootstrap_role("ClusterRole", None, "system:csi-external-attacher", MIDDLE) is None
    assert default_rules_of("ClusterRole", "system:csi-external-attacher", None, NEWEST)
    assert bootstrap_roles(KubernetesVersion(1, 9)) == bootstrap_roles(OLD)
    assert bootstrap_bindings(KubernetesVersion(1, 99)) == bootstrap_bindings(NEWEST)
    assert bootstrap_roles(OLD)[0].origin.document.file == "Kubernetes 1.16"


def test_an_upgraded_cluster_keeps_what_it_had() -> None:
    """1.22 took the right to change endpoints from edit; clusters made before have it still."""
    endpoints = rule("create delete deletecollection patch update", "endpoints")
    aggregated = role("system:aggregate-to-edit", endpoints)
    assert beyond(aggregated, OLD) == ()
    assert beyond(aggregated, NEWEST) == ()
    newest = bootstrap_role("ClusterRole", None, "system:aggregate-to-edit", NEWEST)
    assert newest is not None
    assert list(uncovered(newest.rules, (endpoints,)))


def test_a_later_release_counts_as_a_whole() -> None:
    """What only a later release gives is Kubernetes' own where that release explains the most of the role."""
    late = rule("get list watch", "clustertrustbundles", group="certificates.k8s.io")
    node = role("system:node", late)
    assert beyond(node, MIDDLE) == ()
    more = rule("list", "secretz")
    assert beyond(role("system:node", late, more), MIDDLE) == (more,)
    before = bootstrap_role("ClusterRole", None, "system:aggregate-to-edit", OLD)
    assert before is not None
    mixed = msgspec.structs.replace(
        before, rules=(*before.rules, rule("create", "leases", group="coordination.k8s.io"))
    )
    assert [atom.resources for atom in beyond(mixed, OLD) or ()] == [("leases",)]
    assert beyond(mixed, NEWEST) == ()
    name = "system:service-account-issuer-discovery"
    group = Subject(kind="Group", name="system:serviceaccounts")
    assert is_bootstrap_binding(binding(name, group, name=name), OLD)
    assert added_subjects(binding(name, group, account("mine"), name=name), OLD) == (1,)


def test_names_and_labels_prove_nothing() -> None:
    label = {"kubernetes.io/bootstrapping": "rbac-defaults"}
    everything = PolicyRule(verbs=("*",), api_groups=("*",), resources=("*",))
    for made in (
        role("system:mine", everything, labels=label),
        role("cluster-admin", everything, namespace="n"),
        role("extension-apiserver-authentication-reader", everything, namespace="n"),
        role("mine", everything, labels=label),
    ):
        assert added_rules(made) is None
        assert not is_default_role(made)
    assert is_default_role(role("cluster-admin", everything))
    assert added_rules(role("system:basic-user", everything)) == (everything,)
    assert not is_default_binding(binding("system:node", name="mine"))
    assert not is_default_binding(binding("mine", name="system:node"))


def test_only_names_that_some_release_makes_are_there_without_a_file() -> None:
    reader = "extension-apiserver-authentication-reader"
    assert is_default_name("ClusterRole", "view")
    assert is_default_name("Role", reader, "kube-system")
    assert not is_default_name("Role", reader, "n")
    assert not is_default_name("ClusterRole", "system:mine")
    assert not is_default_name("ClusterRole", "mine")
    assert default_rules_of("ClusterRole", "mine", None, NEWEST) is None


def test_what_others_add_to_admin_edit_and_view_is_beyond() -> None:
    view = bootstrap_role("ClusterRole", None, "view", NEWEST)
    assert view is not None
    assert view.rules
    more = rule("get", "certificates", group="cert-manager.io")
    filled = msgspec.structs.replace(view, rules=(*view.rules, more))
    assert beyond(filled, NEWEST) == (more,)
    assert is_filled_in(filled)
    assert is_default_role(filled)  # the controller wrote it: the role that adds it is judged
    plain = msgspec.structs.replace(filled, aggregation_rule=None)
    assert added_rules(plain) == (more,)
    everybody = AggregationRule(cluster_role_selectors=(LabelSelector(),))
    assert not is_filled_in(msgspec.structs.replace(filled, aggregation_rule=everybody))
    assert not is_filled_in(role("mine", takes={"a": "b"}))


def test_a_role_that_was_made_part_of_view_is_no_longer_kubernetes_own() -> None:
    node = bootstrap_role("ClusterRole", None, "system:node", NEWEST)
    assert node is not None
    assert not is_passed_on(node)
    passed_on = msgspec.structs.replace(node, labels=node.labels | {VIEW: "true"})
    assert is_passed_on(passed_on)
    assert added_rules(passed_on) is None
    assert not is_passed_on(msgspec.structs.replace(node, labels={VIEW: "false", "a": "true"}))
    assert is_passed_on(role("mine", labels={VIEW: "true"}))


def test_rules_with_restrictions_of_openshift_add_nothing() -> None:
    secrets = msgspec.structs.replace(rule("list", "secrets"), attribute_restrictions={})
    assert beyond(role("system:node", secrets), NEWEST) == ()


def test_what_everybody_holds() -> None:
    anonymous = default_rules("User", "system:anonymous", NEWEST)
    assert anonymous == default_rules("Group", "system:unauthenticated", NEWEST)
    assert {one.verbs for one in anonymous} == {("get",)}
    assert all(one.non_resource_urls for one in anonymous)
    authenticated = default_rules("Group", "system:authenticated", NEWEST)
    assert set(anonymous) < set(authenticated)
    assert set(authenticated) < set(default_rules("Group", "system:serviceaccounts", NEWEST))
    assert default_rules("Group", "system:serviceaccounts:n", NEWEST) == default_rules(
        "Group", "system:serviceaccounts", NEWEST
    )
    assert default_rules("ServiceAccount", "default", NEWEST) == default_rules(
        "Group", "system:serviceaccounts", NEWEST
    )
    assert default_rules("User", "jane", NEWEST) == authenticated
    assert set(authenticated) < set(default_rules("Group", "system:masters", NEWEST))


def _read(trees: list[Any]) -> list[Entity]:
    return [item for tree in trees for item in entities(tree, Document("a")) if isinstance(item, Entity)]


def test_the_data_are_those_that_kubernetes_tests_itself_with(corpora: Path) -> None:
    files = sorted((corpora / "rbac" / "default-roles" / "v1.20").glob("*.yaml"))
    read = _read([tree for file in files for tree in yaml.safe_load_all(file.read_text())])
    release = KubernetesVersion(1, 20)
    made_there: list[Role | Binding] = [*bootstrap_roles(release), *bootstrap_bindings(release)]
    ours = {(str(made.ref), made.ref.kind): made for made in made_there}
    assert len(read) == len(ours)
    for thing in read:
        made = ours[str(thing.ref), thing.ref.kind]
        assert (thing.labels, thing.annotations) == (made.labels, made.annotations)
        if isinstance(thing, Role) and isinstance(made, Role):
            assert thing.aggregation_rule == made.aggregation_rule
            if not thing.aggregation_rule:
                assert (
                    list(uncovered(thing.rules, made.rules)) == list(uncovered(made.rules, thing.rules)) == []
                )
        elif isinstance(thing, Binding) and isinstance(made, Binding):
            assert (thing.role_ref, thing.subjects) == (made.role_ref, made.subjects)


def test_roles_with_every_feature_gate_are_recognised(corpora: Path) -> None:
    file = corpora / "rbac" / "default-roles" / "recent" / "cluster-roles-user-facing.json"
    found = json.loads(file.read_text())
    read = _read(found if isinstance(found, list) else [found])
    roles = [one for one in read if isinstance(one, Role)]
    assert len(roles) == 16
    assert [(str(one.ref), beyond(one, NEWEST)) for one in roles if not is_default_role(one)] == []


def test_equal_estates_know_nothing_of_each_other() -> None:
    assert estate(*bootstrap_roles(NEWEST)).entities == objects.bootstrap_roles(NEWEST)
