"""Which pods have an identity that a policy names: equal to comparing the text of the identity itself."""

import re

import pytest

from casemate.analysis.network.endpoint_sets import both, either, no
from casemate.analysis.network.istio.identities import of_accounts, of_namespaces, of_principals
from casemate.analysis.network.labels import NAME_LABEL, holds
from casemate.analysis.network.policies import (
    Complement,
    Endpoints,
    Everything,
    Intersection,
    Nobody,
    Pods,
    Union,
    World,
)

PODS = [(namespace, account) for namespace in ("shop", "shop-test", "sa") for account in ("cart", "sa", "ns")]
VALUES = (
    "*",
    "cluster.local/ns/shop/sa/cart",
    "cluster.local/ns/shop/sa/absent",
    "other.example/ns/shop/sa/cart",
    "cluster.local/ns/shop/cart",
    "cluster.local/xx/shop/sa/cart",
    "cluster.local/ns/shop/xx/cart",
    "c*",
    "cluster.local/ns/*",
    "cluster.local/ns/s*",
    "cluster.local/ns/shop*",
    "cluster.local/ns/shop/*",
    "cluster.local/ns/shop/s*",
    "cluster.local/ns/shop/sa/*",
    "cluster.local/ns/shop/sa/c*",
    "cluster.local/ns/shop/xx*",
    "other*",
    "*cart",
    "*t",
    "*/cart",
    "*a/cart",
    "*sa/cart",
    "*/sa/cart",
    "*x/cart",
    "*shop/sa/cart",
    "*-test/sa/cart",
    "*/shop/sa/cart",
    "*s/shop/sa/cart",
    "*/ns/shop/sa/cart",
    "*local/ns/shop/sa/cart",
    "*cluster.local/ns/shop/sa/cart",
    "*other/ns/shop/sa/cart",
    "*xx/shop/sa/cart",
)


def members(found: Endpoints) -> set[tuple[str, str]]:
    parts = found.parts if isinstance(found, Union) else (found,)
    return {
        (namespace, account)
        for part in parts
        if isinstance(part, Pods)
        for namespace, account in PODS
        if holds(part.namespaces, {NAME_LABEL: namespace}) and holds(part.accounts, {NAME_LABEL: account})
    }


def matches(value: str, text: str) -> bool:
    """What the API says of exact, prefix, suffix and presence matches."""
    if value.startswith("*"):
        return text.endswith(value[1:])
    return text.startswith(value[:-1]) if value.endswith("*") else text == value


@pytest.mark.parametrize("value", VALUES)
def test_a_value_means_the_pods_whose_identity_it_matches(value: str) -> None:
    expected = {(ns, sa) for ns, sa in PODS if matches(value, f"cluster.local/ns/{ns}/sa/{sa}")}
    assert members(of_principals((value,))) == expected


def test_the_meshs_own_trust_domain_has_two_names() -> None:
    for name in ("cluster.local", "corp.example"):
        found = of_principals((f"{name}/ns/shop/sa/cart",), "corp.example")
        assert members(found) == {("shop", "cart")}
    assert members(of_principals(("third.example/ns/shop/sa/cart",), "corp.example")) == set()


def test_no_value_means_nobody() -> None:
    assert of_principals(()) == of_namespaces(()) == of_accounts((), "shop") == Nobody()


@pytest.mark.parametrize("value", ["shop", "shop*", "*test", "s*t", "s*p*t", "*", "**", "*op*", "absent"])
def test_namespaces_with_stars(value: str) -> None:
    pattern = re.compile(value.replace("*", ".*"))
    expected = {(ns, sa) for ns, sa in PODS if pattern.fullmatch(ns)}
    assert members(of_namespaces((value,))) == expected


def test_accounts_are_at_home_unless_they_say_where() -> None:
    assert members(of_accounts(("cart", "shop-test/sa"), "shop")) == {("shop", "cart"), ("shop-test", "sa")}


def test_sets_are_written_short() -> None:
    some, world = Pods(), World()
    assert both() == Everything()
    assert both(some, Everything(), some) == some
    assert both(some, world) == Intersection((some, world))
    assert both(some, Nobody()) == Nobody()
    assert either() == Nobody()
    assert either(some, Nobody()) == some
    assert either(some, world) == Union((some, world))
    assert either(some, Everything()) == Everything()
    assert no(Everything()) == Nobody()
    assert no(Nobody()) == Everything()
    assert no(some) == Complement(some)
    assert no(no(some)) == some
