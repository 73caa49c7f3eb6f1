"""Policies of Istio: the examples of its documentation, and who is in the mesh, decide what proxies let in."""

import pytest

from casemate.analysis.network.cluster import labels_of, network_of
from casemate.analysis.network.endpoints import nodes_of, pods_of
from casemate.analysis.network.istio.checks import STRICT as STRICT_MODE
from casemate.analysis.network.istio.dialect import policies_of
from casemate.analysis.network.istio.modes import Mode
from casemate.analysis.network.network_policies import policies as of_network_policies
from casemate.analysis.network.policies import TCP, Notice, PortRange
from casemate.analysis.network.queries import answer
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.universe import Assumptions
from casemate.model.estate import Entity, Estate
from casemate.model.network_policy import NetworkPolicy
from casemate.model.place import path_text
from casemate.readers.manifests import read_text

API = "security.istio.io/v1"
DEPENDS = "depends"


def namespace(name: str, labels: str = "istio-injection: enabled") -> str:
    return f"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}, labels: {{{labels}}}}}}}\n---\n"


def pod(
    name: str, place: str = "foo", labels: str = "", notes: str = "", account: str = "default", more: str = ""
) -> str:
    return f"""
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {place}, labels: {{app: {name}, {labels}}}, annotations: {{{notes}}}}}
spec: {{serviceAccountName: {account}, containers: [{{name: main, image: i}}{more}]}}
---
"""


def policy(spec: str, name: str = "p", place: str = "foo", more: str = "", kind: str = "") -> str:
    return f"""
apiVersion: {API}
kind: {kind or "AuthorizationPolicy"}
metadata: {{name: {name}, namespace: {place}{more}}}
spec: {spec}
---
"""


def tls(spec: str, name: str = "t", place: str = "foo") -> str:
    return policy(spec, name, place, kind="PeerAuthentication")


WORLD = (
    namespace("foo")
    + namespace("bar")
    + namespace("out", "a: b")
    + pod("web")
    + pod("near")
    + pod("far", "bar", account="caller")
    + pod("plain", "out")
)
STRICT = tls("{mtls: {mode: STRICT}}", place="istio-system")


class Mesh:
    """An estate with the answers to questions about it."""

    def __init__(self, *texts: str) -> None:
        read = [item for text in texts for item in read_text("a.yaml", text.encode())]
        estate = Estate(entities=tuple(item for item in read if isinstance(item, Entity)))
        self.notices: list[Notice] = []
        self.policies = list(policies_of(estate, self.notices))
        others = list(of_network_policies(estate.of(NetworkPolicy), []))
        self._reach = Reach(
            [*self.policies, *others],
            pods_of(estate),
            list(nodes_of(estate)),
            labels_of(estate),
            Assumptions(networks_hold_pods=None, networks_hold_nodes=None),
        )

    def may(self, source: str, port: int = 80, to: str = "foo/web", protocol: str = "TCP") -> bool | str:
        return answer(self._reach, source, to, protocol, port).allowed

    def why(self, source: str, to: str = "foo/web") -> list[tuple[str, str, str]]:
        """The kind, name and rule of the policies that decide about what comes in."""
        _, reason = answer(self._reach, source, to, "TCP", 80).because
        at = path_text(reason.rule.at) if reason.rule is not None else ""
        return [(found.entity.ref.kind, found.entity.name, at) for found in reason.policies]

    def row(self, port: int = 80, to: str = "foo/web") -> tuple[bool | str, ...]:
        """Whether pods of the same namespace, of another, outside of the mesh, and the world are let in."""
        sources = ("foo/near", "bar/far", "out/plain", "198.51.100.1")
        return tuple(self.may(source, port, to) for source in sources)

    def said(self) -> list[tuple[str, str]]:
        return [(path_text(notice.at), notice.message) for notice in self.notices]


def mesh(*texts: str) -> Mesh:
    return Mesh(WORLD, *texts)


ALL, NONE = (True,) * 4, (False,) * 4


# What the documentation of the API shows


def test_without_policies_nothing_is_looked_at() -> None:
    assert mesh().policies == []
    assert mesh().row() == ALL


def test_a_policy_without_rules_allows_nothing() -> None:
    assert mesh(policy("{}")).row() == NONE
    assert mesh(policy("{rules: []}")).row() == NONE


def test_an_empty_rule_is_always_met() -> None:
    assert mesh(policy("{rules: [{}]}")).row() == ALL
    assert mesh(policy("{action: DENY, rules: [{}]}")).row() == NONE


def test_a_policy_is_for_its_namespace_and_selector() -> None:
    world = mesh(policy("{selector: {matchLabels: {app: web}}}"))
    assert world.row() == NONE
    assert world.row(to="bar/far") == (True, True, True, True)
    assert mesh(policy("{selector: {matchLabels: {app: other}}}")).row() == ALL
    assert mesh(policy("{selector: {}}")).row() == NONE
    assert mesh(policy("{}", place="bar")).row() == ALL


def test_the_root_namespace_is_for_the_whole_mesh() -> None:
    world = mesh(policy("{}", place="istio-system"))
    assert world.row() == NONE
    assert world.may("foo/near", to="bar/far") is False
    assert world.may("foo/near", to="out/plain") is True
    selected = mesh(policy("{selector: {matchLabels: {app: web}}}", place="istio-system"))
    assert (selected.may("bar/far"), selected.may("foo/web", to="bar/far")) == (False, True)


def test_the_root_namespace_is_configured() -> None:
    config = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: mesh-root}
data:
  mesh: |
    defaultConfig:
      rootNamespace: not-this-one
    rootNamespace: mesh-root
    trustDomain: "corp.example"
---
"""
    assert mesh(config, policy("{}", place="mesh-root")).row() == NONE
    assert mesh(config, policy("{}", place="istio-system")).row() == ALL
    for domain in ("corp.example", "cluster.local"):
        rule = f"{{rules: [{{from: [{{source: {{principals: [{domain}/ns/bar/sa/caller]}}}}]}}]}}"
        assert mesh(config, policy(rule)).row() == (False, True, False, False)


def test_denials_come_first_then_allowances_then_the_rest() -> None:
    deny = policy("{action: DENY, rules: [{from: [{source: {namespaces: [foo]}}]}]}", "deny")
    allow = policy("{rules: [{to: [{operation: {ports: ['80']}}]}]}", "allow")
    world = mesh(STRICT, deny, allow)
    assert world.row() == (False, True, False, False)
    assert world.row(81) == NONE
    two = mesh(allow, policy("{rules: [{to: [{operation: {ports: ['81']}}]}]}", "allow-too"))
    assert (two.row(80), two.row(81), two.row(82)) == (ALL, ALL, NONE)


def test_only_tcp_passes_the_proxy() -> None:
    world = mesh(policy("{}"))
    assert [world.may("bar/far", 53, protocol=p) for p in ("TCP", "UDP", "SCTP")] == [False, True, True]


def test_what_the_proxy_lets_in_the_network_policies_may_still_refuse() -> None:
    isolated = (
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n, namespace: foo}}\n---\n"
    )
    assert mesh(policy("{rules: [{}]}"), isolated).row() == NONE
    assert mesh(isolated).row() == NONE


def test_the_network_of_an_estate_holds_them() -> None:
    read = read_text("a.yaml", (WORLD + policy("{action: DENY}") + policy("{}", "q")).encode())
    network = network_of(Estate(entities=tuple(item for item in read if isinstance(item, Entity))))
    assert answer(network.reach, "bar/far", "foo/web", "TCP", 80).allowed is False
    assert [notice.message for notice in network.notices] == [
        "a policy that denies has no effect without rules"
    ]


def test_the_rule_that_lets_a_caller_in_is_named() -> None:
    world = mesh(STRICT, policy("{rules: [{from: [{source: {namespaces: [bar]}}]}]}", "bar-only"))
    assert world.why("bar/far") == [("AuthorizationPolicy", "bar-only", "spec.rules[0]")]
    assert world.why("foo/near") == [("AuthorizationPolicy", "bar-only", "spec")]
    assert world.why("out/plain") == [("PeerAuthentication", "t", "spec.mtls")]
    assert world.why("bar/far", "out/plain") == []


def test_the_action_audit_and_dry_runs_change_nothing() -> None:
    assert mesh(policy("{action: AUDIT, rules: [{}]}")).policies == []
    dry = mesh(policy("{action: DENY, rules: [{}]}", more=", annotations: {istio.io/dry-run: 'true'}"))
    assert dry.row() == ALL
    assert dry.said() == [
        ('metadata.annotations["istio.io/dry-run"]', "the policy is tried and not enforced")
    ]
    wet = mesh(policy("{action: DENY, rules: [{}]}", more=", annotations: {istio.io/dry-run: 'false'}"))
    assert wet.row() == NONE


def test_a_denial_without_rules_has_no_effect() -> None:
    world = mesh(policy("{action: DENY}"))
    assert world.row() == ALL
    assert world.said() == [("spec", "a policy that denies has no effect without rules")]


def test_an_external_authorizer_may_refuse() -> None:
    world = mesh(
        policy("{action: CUSTOM, provider: {name: opa}, rules: [{to: [{operation: {ports: ['80']}}]}]}")
    )
    assert (world.row(80), world.row(81)) == ((DEPENDS,) * 4, ALL)
    both = mesh(
        policy("{action: CUSTOM, provider: {name: opa}, rules: [{to: [{operation: {paths: [/a]}}]}]}", "c"),
        policy("{}", "allow-nothing"),
    )
    assert both.row() == NONE
    (rule, *_) = both.policies[0].rules
    assert rule.depends.startswith("what the external authorizer opa decides; its path")


# TCP traffic, as Istio's task shows it


def ports(world: Mesh) -> list[bool | str]:
    return [world.may("foo/near", port) for port in (9000, 9001, 9002)]


def test_ports_of_tcp() -> None:
    allow = "{selector: {matchLabels: {app: web}}, rules: [{to: [{operation: {ports: ['9000', '9001']}}]}]}"
    assert ports(mesh(policy(allow))) == [True, True, False]


def test_a_rule_for_http_lets_nobody_in_on_other_ports() -> None:
    allow = "{rules: [{to: [{operation: {methods: [GET], ports: ['9000']}}]}]}"
    world = mesh(policy(allow))
    assert ports(world) == [DEPENDS, False, False]
    assert world.policies[0].rules[0].depends == "its method (on ports without HTTP the rule lets nobody in)"


def test_a_denial_for_http_refuses_everything_on_other_ports() -> None:
    assert (
        ports(mesh(policy("{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}"))) == [DEPENDS] * 3
    )
    deny = "{action: DENY, rules: [{to: [{operation: {methods: [GET], ports: ['9000']}}]}]}"
    world = mesh(policy(deny))
    assert ports(world) == [DEPENDS, True, True]
    assert "matches whatever is sent" in world.policies[0].rules[0].depends


def test_alternatives_that_need_no_request_match_for_sure() -> None:
    to = "to: [{operation: {ports: ['9000']}}, {operation: {ports: ['9001'], hosts: [a.example]}}]"
    assert ports(mesh(policy(f"{{action: DENY, rules: [{{{to}}}]}}"))) == [False, DEPENDS, True]
    assert ports(mesh(policy(f"{{rules: [{{{to}}}]}}"))) == [DEPENDS, DEPENDS, False]


@pytest.mark.parametrize(
    ("operation", "allowed"),
    [
        ("ports: ['80', '0']", [True, False]),
        ("notPorts: ['80']", [False, True]),
        ("notPorts: ['1', '65535']", [True, True]),
        ("ports: ['80', '81'], notPorts: ['81']", [True, False]),
        ("ports: ['80'], notPorts: ['80']", [False, False]),
        ("ports: ['0']", [False, False]),
    ],
)
def test_ports_and_other_ports(operation: str, allowed: list[bool]) -> None:
    world = mesh(policy(f"{{rules: [{{to: [{{operation: {{{operation}}}}}]}}]}}"))
    assert [world.may("bar/far", port) for port in (80, 81)] == allowed


# Who calls


def test_an_identity_is_proven_by_mutual_tls() -> None:
    """A caller outside of the mesh has none: what allows by identity refuses it."""
    named = "{rules: [{from: [{source: {principals: [cluster.local/ns/bar/sa/caller]}}]}]}"
    for more in ("", STRICT):
        assert mesh(policy(named), more).row() == (False, True, False, False)
    spaced = "{rules: [{from: [{source: {namespaces: [foo, ou*]}}]}]}"
    assert mesh(policy(spaced)).row() == (True, False, False, False)


def test_a_denial_by_identity_is_passed_by_in_plain_text() -> None:
    """The caller outside of the mesh is let in, and so may be one inside that sends plain text."""
    deny = "{action: DENY, rules: [{from: [{source: {namespaces: [bar, out]}}]}]}"
    assert mesh(policy(deny)).row() == (True, DEPENDS, True, True)
    assert mesh(policy(deny), STRICT).row() == (True, False, False, False)
    assert mesh(policy(deny), tls("{mtls: {mode: DISABLE}}")).row() == ALL


def test_negative_identities_hold_for_plain_text() -> None:
    """As Istio's documentation denies callers without mutual TLS: notPrincipals of anybody."""
    deny = "{action: DENY, rules: [{from: [{source: {notPrincipals: ['*']}}]}]}"
    assert mesh(policy(deny)).row() == (True, True, False, False)
    allow = "{rules: [{from: [{source: {notNamespaces: [bar]}}]}]}"
    assert mesh(policy(allow)).row() == (True, DEPENDS, True, True)
    assert mesh(policy(allow), STRICT).row() == (True, False, False, False)
    refuse = "{action: DENY, rules: [{from: [{source: {notNamespaces: [bar]}}]}]}"
    assert mesh(policy(refuse)).row() == (False, True, False, False)
    accounts = "{rules: [{from: [{source: {notServiceAccounts: [bar/caller]}}]}]}"
    assert mesh(policy(accounts), STRICT).row() == (True, False, False, False)


@pytest.mark.parametrize(
    ("accounts", "near", "far"),
    [("[bar/caller]", False, True), ("[default]", True, False), ("[caller]", False, False)],
)
def test_service_accounts_are_of_the_policys_namespace(
    accounts: str, near: bool, far: bool
) -> None:  # columns
    world = mesh(policy(f"{{rules: [{{from: [{{source: {{serviceAccounts: {accounts}}}}}]}}]}}"))
    assert (world.may("foo/near"), world.may("bar/far")) == (near, far)


@pytest.mark.parametrize(
    ("source", "row"),
    [
        ("ipBlocks: [198.51.100.0/24]", (False, False, False, True)),
        ("ipBlocks: [198.51.100.1, '2001:db8::1']", (False, False, False, True)),
        ("notIpBlocks: [198.51.100.1]", (True, True, True, False)),
        ("ipBlocks: [0.0.0.0/0], notIpBlocks: [198.51.100.1]", (True, True, True, False)),
        ("namespaces: [bar], ipBlocks: [0.0.0.0/0]", (False, True, False, False)),
        ("remoteIpBlocks: [198.51.100.1]", (DEPENDS,) * 4),
        ("trustDomains: [corp.example]", (DEPENDS,) * 4),
        ("requestPrincipals: ['*']", (DEPENDS,) * 4),
        ("principals: [a/b]", NONE),
    ],
)
def test_sources(source: str, row: tuple[bool | str, ...]) -> None:
    """Addresses of pods are not known from files."""
    assert mesh(policy(f"{{rules: [{{from: [{{source: {{{source}}}}}]}}]}}")).row() == row


def test_sources_are_alternatives() -> None:
    rule = "{rules: [{from: [{source: {namespaces: [bar]}}, {source: {ipBlocks: [198.51.100.1]}}]}]}"
    world = mesh(policy(rule), STRICT)
    assert (world.may("bar/far"), world.may("198.51.100.1")) == (True, False)
    assert mesh(policy(rule)).may("198.51.100.1") is True


@pytest.mark.parametrize(
    ("condition", "row"),
    [
        ("key: source.ip, values: [198.51.100.1]", (False, False, False, True)),
        ("key: source.namespace, values: [bar]", (False, True, False, False)),
        ("key: source.namespace, notValues: [bar]", (True, DEPENDS, True, True)),
        ("key: source.principal, values: ['*/sa/caller']", (False, True, False, False)),
        ("key: source.serviceAccount, values: [bar/caller]", (False, True, False, False)),
        ("key: destination.port, values: ['80']", ALL),
        ("key: destination.port, notValues: ['80']", NONE),
        ("key: destination.ip, values: [10.0.0.1]", (DEPENDS,) * 4),
        ("key: connection.sni, values: [a.example]", (DEPENDS,) * 4),
        ("key: 'request.headers[x]', values: [a]", (DEPENDS,) * 4),
        ("key: 'experimental.envoy.filters.a[b]', values: [c]", (DEPENDS,) * 4),
    ],
)
def test_conditions(condition: str, row: tuple[bool | str, ...]) -> None:
    assert mesh(policy(f"{{rules: [{{when: [{{{condition}}}]}}]}}")).row() == row


def test_conditions_narrow_ports() -> None:
    rule = "{to: [{operation: {ports: ['80', '81']}}], when: [{key: destination.port, values: ['81', '82']}]}"
    world = mesh(policy(f"{{rules: [{rule}]}}"))
    assert [world.may("bar/far", port) for port in (80, 81, 82)] == [False, True, False]


# Mutual TLS


@pytest.mark.parametrize(
    ("texts", "outside"),
    [
        ("", True),
        (tls("{mtls: {mode: PERMISSIVE}}"), True),
        (tls("{mtls: {mode: DISABLE}}"), True),
        (tls("{mtls: {mode: STRICT}}"), False),
        (tls("{mtls: {mode: STRICT}}", place="bar"), True),
        (STRICT, False),
        (STRICT + tls("{mtls: {mode: UNSET}}"), False),
        (STRICT + tls("{}"), False),
        (STRICT + tls("{mtls: {mode: PERMISSIVE}}"), True),
        (STRICT + tls("{selector: {matchLabels: {app: web}}, mtls: {mode: DISABLE}}"), True),
        (STRICT + tls("{selector: {matchLabels: {app: other}}, mtls: {mode: DISABLE}}"), False),
        (STRICT + tls("{selector: {}, mtls: {mode: DISABLE}}"), True),
        (
            tls("{mtls: {mode: PERMISSIVE}}")
            + tls("{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}", "s"),
            False,
        ),
        (tls("{mtls: {mode: STRICT}}") + tls("{mtls: {mode: PERMISSIVE}}", "s"), DEPENDS),
        (tls("{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}", place="istio-system"), True),
    ],
)
def test_the_narrowest_mode_decides(texts: str, outside: bool | str) -> None:
    world = mesh(texts)
    assert (world.may("foo/near"), world.may("bar/far")) == (True, True)
    assert (world.may("out/plain"), world.may("198.51.100.1")) == (outside, outside)


def test_a_mode_of_a_single_port() -> None:
    """As the API's documentation: strict for the pods, but not at port 8080; and the other way round."""
    open_port = tls(
        "{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}}}"
    )
    assert [mesh(open_port).may("out/plain", port) for port in (80, 8080)] == [False, True]
    shut = tls(
        "{selector: {matchLabels: {app: web}}, portLevelMtls: {8080: {mode: STRICT}, 81: {mode: UNSET}}}"
    )
    assert [mesh(shut).may("out/plain", port) for port in (80, 81, 8080)] == [True, True, False]
    assert [mesh(STRICT, shut).may("out/plain", port) for port in (80, 81)] == [False, False]


def test_a_selector_in_the_root_namespace_is_said() -> None:
    text = tls("{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}", place="istio-system")
    assert mesh(text).said() == [("spec.selector", "a selector in the root namespace selects no pods")]


DENY_BAR = "{action: DENY, rules: [{from: [{source: {namespaces: [bar]}}]}]}"


@pytest.mark.parametrize(
    ("texts", "far"),
    [
        (tls("{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}"), False),
        (tls("{selector: {matchLabels: {app: near}}, mtls: {mode: STRICT}}"), DEPENDS),
        (STRICT + tls("{selector: {matchLabels: {app: near}}, mtls: {mode: PERMISSIVE}}"), False),
        (STRICT + tls("{selector: {matchLabels: {app: web}}, mtls: {mode: PERMISSIVE}}"), DEPENDS),
        (STRICT + tls("{selector: {matchLabels: {app: web}}, mtls: {mode: DISABLE}}"), True),
        (STRICT + tls("{selector: {matchLabels: {app: web}}, portLevelMtls: {81: {mode: STRICT}}}"), False),
        (STRICT + tls("{selector: {matchLabels: {app: web}}, portLevelMtls: {81: {mode: DISABLE}}}"), False),
        (STRICT + tls("{selector: {matchLabels: {app: web}}, portLevelMtls: {80: {mode: DISABLE}}}"), True),
        (
            STRICT + tls("{selector: {matchLabels: {app: web}}, portLevelMtls: {80: {mode: PERMISSIVE}}}"),
            DEPENDS,
        ),
        (
            tls("{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}")
            + tls("{selector: {matchLabels: {app: web}}, mtls: {mode: DISABLE}}", "s"),
            DEPENDS,
        ),
        (
            tls("{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}")
            + tls("{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}", "s"),
            False,
        ),
        (tls("{mtls: {mode: STRICT}}") + tls("{mtls: {mode: DISABLE}}", "s"), DEPENDS),
    ],
)
def test_a_denial_by_identity_asks_for_the_mode_of_its_pods(texts: str, far: bool | str) -> None:
    assert mesh(policy(DENY_BAR), texts).may("bar/far") == far
    assert mesh(policy(DENY_BAR, place="istio-system"), texts).may("bar/far") == far


def test_ports_are_parted_by_their_mode() -> None:
    mode = Mode(STRICT_MODE, ((1, "A"), (80, "B"), (443, "C")))
    whole = (PortRange(TCP, 1, 443),)
    assert list(mode.parts(whole)) == [
        ((PortRange(TCP, 1, 1),), "A"),
        ((PortRange(TCP, 80, 80),), "B"),
        ((PortRange(TCP, 443, 443),), "C"),
        ((PortRange(TCP, 2, 79), PortRange(TCP, 81, 442)), STRICT_MODE),
    ]
    assert list(mode.parts((PortRange(TCP, 80, 80),))) == [((PortRange(TCP, 80, 80),), "B")]
    assert list(mode.parts(())) == []


def test_proxies_that_are_told_for_each_service() -> None:
    """Without automatic mutual TLS it is not known who uses it."""
    config = "{apiVersion: v1, kind: ConfigMap, metadata: {name: istio}, data: {mesh: 'enableAutoMtls: false'}}\n---\n"
    assert mesh(config, STRICT).row() == (DEPENDS, DEPENDS, False, False)
    named = "{rules: [{from: [{source: {namespaces: [bar]}}]}]}"
    assert mesh(config, policy(named)).row() == (False, DEPENDS, False, False)
    other = "{apiVersion: v1, kind: ConfigMap, metadata: {name: istio}}\n---\n"
    assert mesh(other, STRICT).row() == (True, True, False, False)


# Who is in the mesh


@pytest.mark.parametrize(
    ("around", "labels", "notes", "inside"),
    [
        ("istio-injection: enabled", "", "", True),
        ("istio-injection: disabled", "", "", False),
        ("istio-injection: disabled", "sidecar.istio.io/inject: 'true'", "", False),
        ("istio-injection: enabled", "sidecar.istio.io/inject: 'false'", "", False),
        ("istio-injection: enabled", "sidecar.istio.io/inject: 'no'", "", False),
        ("istio-injection: enabled", "sidecar.istio.io/inject: 'Yes'", "", True),
        ("istio-injection: enabled", "", "sidecar.istio.io/inject: 'false'", False),
        ("istio-injection: enabled", "", "sidecar.istio.io/inject: 'TRUE'", True),
        (
            "istio-injection: enabled",
            "sidecar.istio.io/inject: 'true'",
            "sidecar.istio.io/inject: 'false'",
            True,
        ),
        ("a: b", "", "", False),
        ("a: b", "sidecar.istio.io/inject: 'true'", "", True),
        ("a: b", "sidecar.istio.io/inject: 'yes'", "", False),
        ("a: b", "", "sidecar.istio.io/inject: 'true'", False),
        ("a: b", "istio.io/rev: canary", "", True),
        ("a: b", "istio.io/rev: canary, sidecar.istio.io/inject: 'false'", "", False),
        ("istio.io/rev: canary", "", "", True),
        ("istio.io/rev: canary, istio-injection: disabled", "", "", False),
    ],
)
def test_the_injector_goes_by_labels(around: str, labels: str, notes: str, inside: bool) -> None:  # a column
    world = Mesh(
        namespace("foo", around),
        pod("web", labels=labels, notes=notes),
        namespace("out", "a: b"),
        pod("plain", "out"),
        policy("{}"),
    )
    assert world.may("out/plain") is not inside


def test_namespaces_of_kubernetes_and_pods_on_the_host_stay_out() -> None:
    host = """
apiVersion: v1
kind: Pod
metadata: {name: host, namespace: foo, labels: {app: host}}
spec: {hostNetwork: true, containers: [{name: main, image: i}]}
---
"""
    world = mesh(
        namespace("kube-system"), pod("dns", "kube-system"), host, policy("{}", place="istio-system")
    )
    assert world.may("foo/near", to="kube-system/dns") is True
    assert world.may("foo/near", to="foo/host") is True
    assert world.may("foo/near") is False


def test_a_proxy_that_is_written_down() -> None:
    world = mesh(pod("own", "out", more=", {name: istio-proxy, image: p}"), policy("{}", place="out"))
    assert (world.may("bar/far", to="out/own"), world.may("bar/far", to="out/plain")) == (False, True)
    named = "{rules: [{from: [{source: {namespaces: [out]}}]}]}"
    second = mesh(pod("own", "out", more=", {name: istio-proxy, image: p}"), policy(named))
    assert (second.may("out/own"), second.may("out/plain")) == (True, False)


def test_what_runs_has_what_it_was_given() -> None:
    """A pod that was there before its namespace was labelled has no proxy."""
    status = "status: {phase: Running}\n---\n"
    world = mesh(pod("early").replace("---\n", status), policy("{}"))
    assert (world.may("bar/far", to="foo/early"), world.may("bar/far")) == (True, False)


def test_what_runs_counts_more_than_its_template() -> None:
    """The injector put a proxy into the pod that no label of the template asks for."""
    template = """
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: set, namespace: out}
spec: {template: {metadata: {labels: {app: own}}, spec: {containers: [{name: main, image: i}]}}}
---
"""
    runs = pod("own", "out", more=", {name: istio-proxy, image: p}").replace(
        "---\n", "status: {phase: Running}\n---\n"
    )
    world = mesh(template, runs, policy("{}", place="out"))
    assert (world.may("bar/far", to="out/own"), world.may("bar/far", to="out/plain")) == (False, True)


def test_an_annotation_is_told_apart_from_pods_with_more_labels() -> None:
    kept_out = pod("own", notes="sidecar.istio.io/inject: 'false'").replace("app: own, ", "app: web")
    world = mesh(kept_out, pod("too", labels="tier: x").replace("app: too", "app: web"), policy("{}"))
    assert world.may("bar/far", to="foo/too") is False


def test_pods_with_the_same_labels_cannot_be_told_apart() -> None:
    """One has no proxy by its annotation, so that it depends on which of them is called."""
    other = pod("own", notes="sidecar.istio.io/inject: 'false'").replace("app: own, ", "app: web")
    assert mesh(other, policy("{}")).row() == (DEPENDS,) * 4
    same = other + other.replace("name: own", "name: own-too").replace("app: web", "app: own")
    assert mesh(same, policy("{}")).may("bar/far", to="foo/own-too") is True


@pytest.mark.parametrize(
    ("notes", "passing"),
    [
        ("traffic.sidecar.istio.io/excludeInboundPorts: '81, 82'", [False, True, True, False]),
        ("traffic.sidecar.istio.io/excludeInboundPorts: 'x, 0, 70000'", [False] * 4),
        ("traffic.sidecar.istio.io/includeInboundPorts: '*'", [False] * 4),
        ("traffic.sidecar.istio.io/includeInboundPorts: '80,83'", [False, True, True, False]),
        ("traffic.sidecar.istio.io/includeInboundPorts: '1,65535'", [True] * 4),
        ("traffic.sidecar.istio.io/includeInboundPorts: ''", [True] * 4),
    ],
)
def test_ports_that_do_not_pass_the_proxy(notes: str, passing: list[bool]) -> None:
    world = mesh(pod("aside", notes=notes), policy("{}"), STRICT)
    assert [world.may("out/plain", port, "foo/aside") for port in (80, 81, 82, 83)] == passing
    assert world.may("out/plain", 81) is False


# Ambient mode


AMBIENT = namespace("amb", "istio.io/dataplane-mode: ambient") + pod("ztunnelled", "amb")
WEB = "amb/ztunnelled"


def test_the_proxy_of_the_node_judges_too() -> None:
    world = mesh(
        AMBIENT,
        pod("other", "amb"),
        policy("{rules: [{from: [{source: {namespaces: [amb, foo]}}]}]}", place="amb"),
    )
    assert world.may("amb/other", to=WEB) is True
    assert world.may("foo/near", to=WEB) == DEPENDS
    assert world.may("bar/far", to=WEB) is False
    assert world.may("out/plain", to=WEB) is False


@pytest.mark.parametrize(
    ("labels", "inside"),
    [
        ("", True),
        ("istio.io/dataplane-mode: none", False),
    ],
)
def test_pods_leave_ambient_mode_by_label(labels: str, inside: bool) -> None:  # a column of the table
    world = mesh(AMBIENT, pod("one", "amb", labels), policy("{}", place="amb"))
    assert world.may("out/plain", to="amb/one") is not inside


def test_a_pod_joins_ambient_mode_by_its_own_label() -> None:
    world = mesh(pod("one", "out", "istio.io/dataplane-mode: ambient"), policy("{}", place="out"))
    assert (world.may("bar/far", to="out/one"), world.may("bar/far", to="out/plain")) == (False, True)


def test_a_sidecar_comes_before_ambient_mode() -> None:
    both = namespace("two", "istio.io/dataplane-mode: ambient, istio-injection: enabled") + pod("one", "two")
    named = "{rules: [{from: [{source: {namespaces: [two]}}]}]}"
    assert mesh(both, policy(named)).may("two/one") is True


def test_strict_and_disabled_in_ambient_mode() -> None:
    assert mesh(AMBIENT, STRICT).may("out/plain", to=WEB) is False
    assert mesh(AMBIENT, STRICT).may("foo/near", to=WEB) == DEPENDS
    off = tls("{mtls: {mode: DISABLE}}", place="amb")
    deny = policy("{action: DENY, rules: [{from: [{source: {namespaces: [amb]}}]}]}", place="amb")
    world = mesh(AMBIENT, pod("other", "amb"), off, deny)
    assert world.may("amb/other", to=WEB) == DEPENDS
    assert world.may("out/plain", to=WEB) is True


@pytest.mark.parametrize(
    ("spec", "allowed"),
    [
        ("{rules: [{to: [{operation: {methods: [GET]}}]}]}", [False, False]),
        ("{rules: [{}, {to: [{operation: {methods: [GET]}}]}]}", [True, True]),
        ("{action: DENY, rules: [{to: [{operation: {methods: [GET]}}]}]}", [True, True]),
        ("{action: DENY, rules: [{to: [{operation: {methods: [GET], ports: ['80']}}]}]}", [False, True]),
        (
            "{action: DENY, rules: [{to: [{operation: {paths: [/a]}}, {operation: {ports: ['80']}}]}]}",
            [False, True],
        ),
        ("{action: DENY, rules: [{when: [{key: 'request.headers[x]', values: [a]}]}]}", [True, True]),
    ],
)
def test_the_proxy_of_a_node_knows_nothing_of_http(spec: str, allowed: list[bool]) -> None:
    world = mesh(AMBIENT, policy(spec, place="amb"))
    assert [world.may("out/plain", port, WEB) for port in (80, 81)] == allowed


def test_the_proxy_of_a_node_asks_no_authorizer() -> None:
    world = mesh(AMBIENT, policy("{action: CUSTOM, provider: {name: opa}, rules: [{}]}", place="amb"))
    assert world.may("out/plain", to=WEB) is True
    assert world.said() == [("spec.action", "the proxy of a node does not know the action CUSTOM")]


# Gateways and waypoints


def gateway(name: str, kind: str, place: str = "amb") -> str:
    return f"""
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: {name}, namespace: {place}}}
spec: {{gatewayClassName: {kind}, listeners: []}}
---
"""


def test_a_policy_for_a_gateway_is_for_its_pods() -> None:
    edge = pod("edge", labels="gateway.networking.k8s.io/gateway-name: door")
    for form in ("targetRefs: [{kind: Gateway, name: door}]", "targetRef: {kind: Gateway, name: door}"):
        world = mesh(edge, policy(f"{{{form}}}"))
        assert (world.may("out/plain", to="foo/edge"), world.may("out/plain")) == (False, True)
    by_class = policy("{targetRefs: [{kind: GatewayClass, name: istio}]}", place="istio-system")
    assert mesh(edge, gateway("door", "istio", "foo"), by_class).may("out/plain", to="foo/edge") is False
    assert mesh(
        edge, gateway("door", "istio", "foo"), policy("{targetRefs: [{kind: GatewayClass, name: istio}]}")
    ).said()


@pytest.mark.parametrize(
    ("texts", "target"),
    [
        (
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: amb}, "
            "spec: {selector: {app: ztunnelled}}}\n---\n",
            "{kind: Service, name: s}",
        ),
        (gateway("w", "istio-waypoint"), "{kind: Gateway, name: w}"),
    ],
)
def test_what_a_waypoint_decides_is_not_known(texts: str, target: str) -> None:
    used = AMBIENT.replace("ambient", "ambient, istio.io/use-waypoint: w")
    world = mesh(used, texts, policy(f"{{targetRefs: [{target}]}}", place="amb"))
    assert (world.may("out/plain", to=WEB), world.may("out/plain")) == (DEPENDS, True)


def test_waypoints_by_their_class() -> None:
    used = AMBIENT.replace("ambient", "ambient, istio.io/use-waypoint: w")
    by_class = policy("{targetRefs: [{kind: GatewayClass, name: istio-waypoint}]}", place="istio-system")
    assert mesh(used, gateway("w", "istio-waypoint"), by_class).may("out/plain", to=WEB) == DEPENDS


def test_a_target_that_stands_before_nothing_is_said() -> None:
    world = mesh(policy("{targetRefs: [{kind: Service, name: absent}, {kind: ServiceEntry, name: a}]}"))
    assert world.row() == ALL
    assert world.said() == [("spec", "what the policy is attached to stands before no pod that was read")]


# What Istio refuses


@pytest.mark.parametrize(
    ("spec", "at"),
    [
        ("{selector: {matchLabels: {a: b}}, targetRefs: [{kind: Service, name: a}]}", "spec"),
        ("{selector: {matchLabels: {a: 'b*'}}}", "spec.selector.matchLabels.a"),
        ("{action: REFUSE}", "spec.action"),
        ("{action: CUSTOM, rules: [{}]}", "spec.provider"),
        ("{provider: {name: opa}}", "spec.provider"),
        ("{rules: [{from: []}]}", "spec.rules[0].from"),
        ("{rules: [{to: []}]}", "spec.rules[0].to"),
        ("{rules: [{from: [{}]}]}", "spec.rules[0].from[0].source"),
        ("{rules: [{from: [{source: {}}]}]}", "spec.rules[0].from[0].source"),
        ("{rules: [{to: [{}]}]}", "spec.rules[0].to[0].operation"),
        ("{rules: [{to: [{operation: {}}]}]}", "spec.rules[0].to[0].operation"),
        (
            "{rules: [{from: [{source: {serviceAccounts: [a], namespaces: [b]}}]}]}",
            "spec.rules[0].from[0].source",
        ),
        ("{rules: [{from: [{source: {ipBlocks: [nowhere]}}]}]}", "spec.rules[0].from[0].source.ipBlocks[0]"),
        ("{rules: [{from: [{source: {notIpBlocks: ['']}}]}]}", "spec.rules[0].from[0].source.notIpBlocks[0]"),
        ("{rules: [{to: [{operation: {ports: [http]}}]}]}", "spec.rules[0].to[0].operation.ports[0]"),
        (
            "{rules: [{to: [{operation: {notPorts: ['65536']}}]}]}",
            "spec.rules[0].to[0].operation.notPorts[0]",
        ),
        ("{rules: [{when: [{key: source.ip, values: [x]}]}]}", "spec.rules[0].when[0].values[0]"),
        (
            "{rules: [{when: [{key: destination.port, notValues: [x]}]}]}",
            "spec.rules[0].when[0].notValues[0]",
        ),
        ("{rules: [{when: [{key: source.name, values: [x]}]}]}", "spec.rules[0].when[0].key"),
        ("{rules: [{when: [{values: [x]}]}]}", "spec.rules[0].when[0].key"),
        ("{rules: [{when: [{key: source.ip}]}]}", "spec.rules[0].when[0]"),
        (
            "{action: CUSTOM, provider: {name: a}, rules: [{from: [{source: {namespaces: [b]}}]}]}",
            "spec.rules[0].from[0].source",
        ),
        (
            "{action: CUSTOM, provider: {name: a}, rules: [{when: [{key: source.principal, values: [b]}]}]}",
            "spec.rules[0].when[0].key",
        ),
    ],
)
def test_policies_that_istio_refuses_are_left_out(spec: str, at: str) -> None:
    world = mesh(policy(spec))
    assert world.policies == []
    assert [place for place, _ in world.said()] == [at]
    assert all(message.startswith("Istio refuses the policy: ") for _, message in world.said())


@pytest.mark.parametrize(
    ("spec", "at"),
    [
        ("{mtls: {mode: ON}}", "spec.mtls.mode"),
        ("{selector: {matchLabels: {'': b}}}", "spec.selector.matchLabels"),
        ("{portLevelMtls: {80: {mode: STRICT}}}", "spec.portLevelMtls"),
        ("{selector: {matchLabels: {a: b}}, portLevelMtls: {0: {mode: STRICT}}}", "spec.portLevelMtls.0"),
        ("{selector: {matchLabels: {a: b}}, portLevelMtls: {80: {mode: X}}}", "spec.portLevelMtls.80.mode"),
    ],
)
def test_modes_that_istio_refuses_are_left_out(spec: str, at: str) -> None:
    world = mesh(tls(spec))
    assert world.policies == []
    assert [place.removesuffix('[""]') for place, _ in world.said()] == [at]
