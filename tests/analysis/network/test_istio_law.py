"""Istio's policies in the common form answer as a naive reading of its documentation does, one by one."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from casemate.analysis.network.cluster import labels_of
from casemate.analysis.network.endpoints import pods_of
from casemate.analysis.network.istio.dialect import policies_of
from casemate.analysis.network.policies import Notice
from casemate.analysis.network.queries import answer
from casemate.analysis.network.reach import Reach
from casemate.model.estate import Entity, Estate
from casemate.readers.manifests import read_text
from tests.analysis.network.istio_reference import ROOT, outcomes
from tests.trees import LAW

NAMESPACES = {"a": True, "b": True, "out": False}
PODS = [
    {
        "name": f"{name}-{namespace}",
        "namespace": namespace,
        "labels": {"app": name},
        "account": account,
        "meshed": meshed,
    }
    for namespace, meshed in NAMESPACES.items()
    for name, account in (("web", "default"), ("db", "db"))
]
PORTS = (80, 81, 443)

numbers = st.lists(st.sampled_from([str(port) for port in PORTS]), min_size=1, max_size=2)
places = st.lists(st.sampled_from(["a", "b", "out", "*", "a*", "*b"]), min_size=1, max_size=2)
names = st.lists(
    st.sampled_from(
        ["*", "cluster.local/ns/a/sa/db", "cluster.local/ns/b/*", "*/sa/default", "other/ns/a/sa/db"]
    ),
    min_size=1,
    max_size=2,
)


def some_of(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields, at least one."""
    return st.fixed_dictionaries({}, optional=fields).filter(bool)


def wrapped(key: str, inner: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries({key: inner}), min_size=1, max_size=2)


sources = some_of(
    {"principals": names, "notPrincipals": names, "namespaces": places, "notNamespaces": places}
)
operations = some_of({"ports": numbers, "notPorts": numbers})
conditions = st.one_of(
    some_of({"values": numbers, "notValues": numbers}).map(
        lambda found: {"key": "destination.port", **found}
    ),
    some_of({"values": places, "notValues": places}).map(lambda found: {"key": "source.namespace", **found}),
)
rules = st.fixed_dictionaries(
    {},
    optional={
        "from": wrapped("source", sources),
        "to": wrapped("operation", operations),
        "when": st.lists(conditions, min_size=1, max_size=2),
    },
)
selectors = st.sampled_from([{}, {"selector": {"matchLabels": {"app": "web"}}}])
homes = st.sampled_from(["a", "b", ROOT])
authorizations = st.builds(
    lambda home, selector, action, found: {
        "kind": "AuthorizationPolicy",
        "metadata": {"namespace": home},
        "spec": {**selector, "action": action, "rules": found},
    },
    homes,
    selectors,
    st.sampled_from(["ALLOW", "DENY"]),
    st.lists(rules, max_size=2),
)
modes = st.sampled_from(["STRICT", "PERMISSIVE", "DISABLE", "UNSET"]).map(lambda mode: {"mode": mode})
wide = st.builds(
    lambda home, mode: {
        "kind": "PeerAuthentication",
        "metadata": {"namespace": home},
        "spec": {"mtls": mode},
    },
    homes,
    modes,
)
narrow = st.builds(
    lambda home, app, mode, ports: {
        "kind": "PeerAuthentication",
        "metadata": {"namespace": home},
        "spec": {"selector": {"matchLabels": {"app": app}}, "mtls": mode, **ports},
    },
    st.sampled_from(["a", "b"]),
    st.sampled_from(["web", "db"]),
    modes,
    st.fixed_dictionaries(
        {},
        optional={
            "portLevelMtls": st.dictionaries(
                st.sampled_from(["80", "443"]),
                modes.filter(lambda mode: mode["mode"] != "UNSET"),
                min_size=1,
            )
        },
    ),
)


def scope(item: dict[str, Any]) -> str:
    """Of two policies about mutual TLS at one level, which decides is not defined."""
    return json.dumps([item["metadata"]["namespace"], item["spec"].get("selector")])


worlds = st.tuples(
    st.lists(authorizations, max_size=3), st.lists(st.one_of(wide, narrow), max_size=3, unique_by=scope)
)


def reach_of(world: list[dict[str, Any]]) -> Reach:
    objects: list[dict[str, Any]] = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        for name, meshed in NAMESPACES.items()
        for labels in ({"istio-injection": "enabled"} if meshed else {},)
    ]
    objects += [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {key: pod[key] for key in ("name", "namespace", "labels")},
            "spec": {"serviceAccountName": pod["account"], "containers": [{"name": "m", "image": "i"}]},
        }
        for pod in PODS
    ]
    for number, item in enumerate(world):
        metadata = {**item["metadata"], "name": f"p{number}"}
        objects.append({**item, "apiVersion": "security.istio.io/v1", "metadata": metadata})
    read = [item for found in objects for item in read_text("a.json", json.dumps(found).encode())]
    estate = Estate(entities=tuple(item for item in read if isinstance(item, Entity)))
    notices: list[Notice] = []
    policies = list(policies_of(estate, notices))
    assert [notice.message for notice in notices if "without rules" not in notice.message] == []
    return Reach(policies, pods_of(estate), [], labels_of(estate))


@given(worlds)
@LAW
def test_answers_are_those_of_the_documentation(parts: tuple[list[Any], list[Any]]) -> None:
    """Yes where the usual call is let in; it depends where only plain text is; no, or it depends, where none is."""
    world = [*parts[0], *parts[1]]
    reach = reach_of(world)
    for source in PODS:
        for destination in PODS:
            for port in PORTS:
                usual, possible = outcomes(world, source, destination, port)
                one, other = (f"{pod['namespace']}/{pod['name']}" for pod in (source, destination))
                found = answer(reach, one, other, "TCP", port).allowed
                if usual:
                    assert found is True, (one, other, port)
                elif possible:
                    assert found == "depends", (one, other, port)
                else:
                    assert found is not True, (one, other, port)


@given(worlds)
@LAW
def test_without_a_choice_nothing_depends(parts: tuple[list[Any], list[Any]]) -> None:
    """Where every proxy asks for mutual TLS, each answer is certain."""
    strict = {
        "kind": "PeerAuthentication",
        "metadata": {"namespace": ROOT},
        "spec": {"mtls": {"mode": "STRICT"}},
    }
    world = [*parts[0], strict]
    reach = reach_of(world)
    for source in PODS:
        for destination in PODS:
            one, other = (f"{pod['namespace']}/{pod['name']}" for pod in (source, destination))
            expected, _ = outcomes(world, source, destination, PORTS[0])
            assert answer(reach, one, other, "TCP", PORTS[0]).allowed is expected, (one, other)
