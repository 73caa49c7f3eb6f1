"""Who holds which role, how far its rights reach, and what of it is dangerous."""

from hypothesis import given
from hypothesis import strategies as st

from casemate.analysis.rbac.capabilities.secrets import LIST_SECRETS
from casemate.analysis.rbac.capabilities.workloads import CREATE_PODS, ENTER_PODS
from casemate.analysis.rbac.controllers import controller_of
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.defaults import is_default_binding, is_default_role
from casemate.analysis.rbac.grants import Grants, title
from casemate.analysis.rbac.rules import grants as rule_grants
from casemate.analysis.rbac.rules import grants_everything
from casemate.analysis.rbac.strength import Strength, strength, strength_for, strength_of
from casemate.analysis.rbac.subjects import Crowd, crowd_of
from casemate.model.rbac import PolicyRule, Subject
from casemate.model.severity import Severity
from casemate.model.version import NEWEST, KubernetesVersion
from tests.analysis.rbac.estates import account, binding, estate, role, rule

EVERYTHING = PolicyRule(verbs=("*",), api_groups=("*",), resources=("*",))
VIEW_LABEL = "rbac.authorization.k8s.io/aggregate-to-view"
EDIT_LABEL = {"rbac.authorization.k8s.io/aggregate-to-edit": "true"}


def test_a_cluster_role_reaches_as_far_as_its_bindings() -> None:
    wide, confined, unbound = role("wide"), role("confined"), role("unbound")
    known = Grants.of(
        estate(
            wide, confined, unbound,
            binding("wide", account("a")), binding("wide", account("a"), namespace="n"),
            binding("confined", account("a"), namespace="n"),
        )
    )  # fmt: skip
    assert known.is_cluster_wide(wide)
    assert not known.is_cluster_wide(confined)
    assert known.is_cluster_wide(unbound)
    assert not known.is_cluster_wide(role("r", namespace="n"))


def test_absence_counts_only_where_every_binding_was_read() -> None:
    lonely, held, empty = role("lonely"), role("held"), role("empty")
    objects = (lonely, held, empty, binding("held", account("a")), binding("empty"))
    partly, fully = Grants.of(estate(*objects)), Grants.of(estate(*objects, complete=True))
    assert not partly.nobody_holds(lonely)
    assert fully.nobody_holds(lonely)
    assert fully.nobody_holds(empty)
    assert not fully.nobody_holds(held)
    part = role("part", labels=EDIT_LABEL)
    assert fully.nobody_holds(part)
    assert not Grants.of(estate(part, binding("edit", account("a")), complete=True)).nobody_holds(part)


def test_roles_of_a_namespace_are_told_apart() -> None:
    here, there, anywhere = (role("r", namespace=name) for name in ("here", "there", ""))
    bound = binding("r", account("a"), namespace="here", kind="Role")
    known = Grants.of(estate(here, there, anywhere, bound))
    assert known.roles_of(bound) == (here, anywhere)
    assert known.bindings_of(here) == (bound,)
    assert known.bindings_of(there) == ()
    assert known.bindings_of(anywhere) == (bound,)


def test_labels_feed_the_roles_of_kubernetes() -> None:
    part = role("part", rule("get", "pods"), labels=EDIT_LABEL)
    view = role("seen", labels={"rbac.authorization.k8s.io/aggregate-to-view": "true"})
    off = role("off", labels={"rbac.authorization.k8s.io/aggregate-to-edit": "false"})
    known = Grants.of(estate(part, view, off))
    assert known.aggregated_to(part) == ("edit", "admin")
    assert known.aggregated_to(view) == ("view", "edit", "admin")
    assert known.aggregated_to(off) == ()
    assert not known.is_cluster_wide(part)
    everywhere = Grants.of(estate(part, binding("edit", account("a"))))
    assert everywhere.is_cluster_wide(part)
    assert everywhere.holders(part) == ("ServiceAccount n/a holds it through ClusterRoleBinding b",)


def test_aggregation_is_followed_to_its_end_and_round_circles() -> None:
    leaf = role("leaf", rule("get", "pods"), labels={"to": "middle"})
    middle = role("middle", rule("get", "ignored"), labels={"to": "top"}, takes={"to": "middle"})
    top = role("top", labels={"to": "middle"}, takes={"to": "top"})
    inside = role("leaf", rule("get", "nothing"), namespace="n", labels={"to": "middle"})
    known = Grants.of(estate(leaf, middle, top, inside, binding("top", account("a"))))
    assert known.aggregated_to(leaf) == ("middle", "top")
    assert known.aggregated_to(middle) == ("top",)
    assert known.aggregated_to(inside) == ()
    assert known.rules_of(top) == leaf.rules
    assert known.rules_of(middle) == leaf.rules
    assert known.rules_of(leaf) == leaf.rules
    assert len(known.bindings_of(leaf)) == 1


def test_the_first_holders_are_named_and_the_rest_counted() -> None:
    many = role("many")
    known = Grants.of(estate(many, binding("many", *(account(str(i)) for i in range(5)))))
    assert len(known.holders(many)) == 4
    assert known.holders(many)[-1] == "and 2 more"


def test_titles() -> None:
    assert title(Subject(kind="User", name="jane", namespace="n")) == "User jane"
    assert title(Subject(kind="ServiceAccount", name="a")) == "ServiceAccount a"
    assert title(Subject()) == "subject (no name)"


def test_what_kubernetes_brings_is_its_own() -> None:
    assert is_default_role(role("edit"))
    assert is_default_role(role("system:node"))
    assert not is_default_role(role("x", labels={"kubernetes.io/bootstrapping": "rbac-defaults"}))
    assert not is_default_role(role("system:node", EVERYTHING))
    assert not is_default_role(role("edit", namespace="n"))
    assert is_default_binding(binding("system:node", name="system:node"))
    assert not is_default_binding(binding("cluster-admin", name="system:mine"))
    assert not is_default_binding(binding("system:node", name="mine"))


def test_severity_by_reach_controller_and_use() -> None:
    def found(*objects: object, complete: bool = False) -> list[Severity | None]:
        first = objects[0]
        known = Grants.of(estate(*objects, complete=complete))  # type: ignore[arg-type] # roles and bindings
        return [f.severity for f in dangers(first, known, NEWEST, LIST_SECRETS)]  # type: ignore[arg-type] # a role

    secrets = rule("list", "secrets")
    assert found(role("a", secrets)) == [Severity.HIGH]
    assert found(role("a", secrets), complete=True) == [Severity.MEDIUM]
    assert found(role("a", secrets), binding("a", account("s"), namespace="n")) == [Severity.MEDIUM]
    assert found(role("cert-manager-controller", secrets)) == [Severity.MEDIUM]
    assert found(role("a", secrets, namespace="n"), complete=True) == [Severity.LOW]
    assert found(role("a", rule("list", "secrets", names=("one",)))) == []
    assert found(role("edit", rule("list", "secrets"))) == []
    assert found(role("view", secrets)) == [Severity.HIGH]
    assert found(role("a", EVERYTHING)) == []


def test_equal_rules_are_one_answer() -> None:
    twice = role("a", rule("list", "secrets"), rule("list", "secrets"))
    assert len(list(dangers(twice, Grants.of(estate(twice)), NEWEST, LIST_SECRETS))) == 1


def test_messages_name_verbs_resources_and_reach() -> None:
    one = role("a", rule("create", "pods/exec", "pods/attach"), rule("patch", "pods/ephemeralcontainers"))
    messages = [f.message for f in dangers(one, Grants.of(estate(one)), NEWEST, ENTER_PODS)]
    assert messages == [
        "it grants create on pods/exec, pods/attach in every namespace",
        "it grants patch on pods/ephemeralcontainers in every namespace",
    ]
    wild = role("a", rule("create", "*/exec"))
    (fault,) = dangers(wild, Grants.of(estate(wild)), NEWEST, ENTER_PODS)
    assert fault.message.endswith("by the wildcard */exec")


def test_get_enters_a_pod_up_to_1_34() -> None:
    one = role("a", rule("get", "pods/exec"))
    known = Grants.of(estate(one))
    assert list(dangers(one, known, KubernetesVersion(1, 34), ENTER_PODS))
    assert not list(dangers(one, known, KubernetesVersion(1, 35), ENTER_PODS))


def test_creation_is_no_matter_of_names() -> None:
    one = role("a", rule("create", "deployments", group="apps", names=("x",)))
    assert not list(dangers(one, Grants.of(estate(one)), NEWEST, CREATE_PODS))


def test_controllers_by_name_and_label() -> None:
    assert controller_of(role("argocd-server")) == "argocd"
    assert controller_of(role("x", labels={"k8s-app": "traefik"})) == "traefik"
    assert controller_of(role("prometheusish")) is None


def test_strength() -> None:
    assert strength(()) is Strength.NOTHING
    assert strength((rule("get", "pods"),)) is Strength.READS
    assert strength((rule("get", "secrets", names=("a",)),)) is Strength.READS
    assert strength((rule("delete", "pods"),)) is Strength.WRITES
    assert strength((PolicyRule(verbs=("get",), non_resource_urls=("/metrics",)),)) is Strength.READS
    assert strength((PolicyRule(verbs=("get",), non_resource_urls=("/healthz/a",)),)) is Strength.NOTHING
    assert strength((PolicyRule(verbs=("get",), resources=("pods",), attribute_restrictions={}),)) is (
        Strength.NOTHING
    )
    assert strength((EVERYTHING,)) is Strength.POWER


def test_strength_of_bindings() -> None:
    known = Grants.of(estate(role("mine", rule("get", "pods"))))
    assert strength_of(binding("mine"), known) is Strength.READS
    assert strength_of(binding("other"), known) is None
    assert strength_of(binding("view"), known) is Strength.READS
    assert strength_of(binding("admin"), known) is Strength.POWER
    assert strength_of(binding("system:discovery"), known) is Strength.NOTHING
    assert strength_of(binding("system:auth-delegator"), known) is Strength.READS
    assert strength_of(binding("system:node"), known) is Strength.POWER
    assert strength_of(binding("system:mine"), known) is None
    reader = "extension-apiserver-authentication-reader"
    assert strength_of(binding(reader, kind="Role", namespace="kube-system"), known) is Strength.READS
    assert strength_of(binding(reader, kind="Role", namespace="n"), known) is None


def test_strength_of_what_aggregates() -> None:
    part = role("part", rule("delete", "things", group="example.org"), labels={VIEW_LABEL: "true"})
    view, mine = role("view", takes={VIEW_LABEL: "true"}), role("mine", takes={"a": "b"})
    known = Grants.of(estate(view, part, mine))
    assert strength_of(binding("view"), known) is Strength.WRITES
    assert strength_of(binding("view"), Grants.of(estate(view))) is Strength.READS
    assert strength_of(binding("mine"), known) is Strength.NOTHING


def test_strength_beyond_what_everybody_has() -> None:
    bundles = binding("system:cluster-trust-bundle-discovery")
    known = Grants.of(estate())
    assert strength_for(account("default"), bundles, known, NEWEST) is Strength.NOTHING
    group = Subject(kind="Group", name="system:authenticated")
    assert strength_for(group, bundles, known, NEWEST) is Strength.READS
    assert strength_for(account("default"), bundles, known, KubernetesVersion(1, 36)) is Strength.READS
    assert strength_for(account("default"), binding("edit"), known, NEWEST) is Strength.POWER
    assert strength_for(account("default"), binding("mine"), known, NEWEST) is None


def test_crowds() -> None:
    assert crowd_of(Subject(kind="User", name="system:anonymous")) is Crowd.ANONYMOUS
    assert crowd_of(Subject(kind="Group", name="system:anonymous")) is Crowd.OTHER
    assert crowd_of(Subject(kind="Group", name="system:serviceaccounts:n")) is Crowd.OF_NAMESPACE
    assert crowd_of(account("a")) is Crowd.ACCOUNT


WORDS = st.sampled_from(["*", "get", "list", "create", "pods", "secrets", "pods/exec", "*/exec", "a"])
RULES = st.builds(
    PolicyRule,
    verbs=st.lists(WORDS, max_size=2).map(tuple),
    api_groups=st.lists(st.sampled_from(["", "*", "apps"]), max_size=2).map(tuple),
    resources=st.lists(WORDS, max_size=2).map(tuple),
    resource_names=st.lists(WORDS, max_size=1).map(tuple),
)


@given(st.lists(RULES, max_size=4))
def test_dangers_are_those_of_the_rules_one_by_one(rules: list[PolicyRule]) -> None:
    rules = [rule for rule in rules if not grants_everything(rule)]
    whole = role("a", *rules)
    found = {f.message for f in dangers(whole, Grants.of(estate(whole)), NEWEST, LIST_SECRETS)}
    alone = [role("a", one) for one in rules]
    each = {f.message for one in alone for f in dangers(one, Grants.of(estate(one)), NEWEST, LIST_SECRETS)}
    assert found == each
    if found:
        assert any(rule_grants(r, verb, "", "secrets") for r in rules for verb in ("list", "watch"))
