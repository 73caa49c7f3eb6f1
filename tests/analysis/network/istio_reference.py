"""A naive reading of Istio for one connection at a time: what its documentation says, word by word.

A caller in the mesh may prove its identity or, where plain text is taken, send that instead.
"""

from typing import Any

ROOT = "istio-system"
Caller = tuple[str, str] | None
"""Namespace and service account, of a caller that proves them."""


def outcomes(
    world: list[dict[str, Any]], source: dict[str, Any], destination: dict[str, Any], port: int
) -> tuple[bool, bool]:
    """Whether a connection is let in as the caller would normally make it, and in any way that it can."""
    if not destination["meshed"]:
        return True, True
    mode = mode_of(world, destination, port)
    plain = mode != "STRICT" and allowed(world, None, destination, port)
    if not source["meshed"] or mode == "DISABLE":
        return plain, plain
    secured = allowed(world, (source["namespace"], source["account"]), destination, port)
    return secured, secured or plain


def mode_of(world: list[dict[str, Any]], pod: dict[str, Any], port: int) -> str:
    """The narrowest mode that is set."""
    found = ["PERMISSIVE", None, None, None]
    for item in (item for item in world if item["kind"] == "PeerAuthentication"):
        spec, namespace = item["spec"], item["metadata"]["namespace"]
        mode = spec.get("mtls", {}).get("mode", "UNSET")
        selector = spec.get("selector", {}).get("matchLabels")
        if selector and namespace == pod["namespace"] and selector.items() <= pod["labels"].items():
            found[2] = None if mode == "UNSET" else mode
            found[3] = spec.get("portLevelMtls", {}).get(str(port), {}).get("mode")
        elif not selector and namespace in {ROOT, pod["namespace"]} and mode != "UNSET":
            found[0 if namespace == ROOT else 1] = mode
    return next(mode for mode in reversed(found) if mode is not None)


def allowed(world: list[dict[str, Any]], caller: Caller, pod: dict[str, Any], port: int) -> bool:
    """DENY first; without an ALLOW policy, allow; else some ALLOW policy must match."""
    mine = [
        item["spec"]
        for item in world
        if item["kind"] == "AuthorizationPolicy"
        and item["metadata"]["namespace"] in {ROOT, pod["namespace"]}
        and item["spec"].get("selector", {}).get("matchLabels", {}).items() <= pod["labels"].items()
    ]
    matching = [spec["action"] for spec in mine if any(met(rule, caller, port) for rule in spec["rules"])]
    if "DENY" in matching:
        return False
    return "ALLOW" in matching or all(spec["action"] != "ALLOW" for spec in mine)


def met(rule: dict[str, Any], caller: Caller, port: int) -> bool:
    """Some source, some operation and all conditions."""
    sources = [item["source"] for item in rule.get("from", [])]
    operations = [item["operation"] for item in rule.get("to", [])]
    return (
        (not sources or any(from_source(source, caller) for source in sources))
        and (not operations or any(to_operation(operation, port) for operation in operations))
        and all(condition(item, caller, port) for item in rule.get("when", []))
    )


def from_source(source: dict[str, Any], caller: Caller) -> bool:
    identity = f"cluster.local/ns/{caller[0]}/sa/{caller[1]}" if caller else ""
    namespace = caller[0] if caller else ""
    return all(
        (field not in source or any(like(value, actual) for value in source[field]))
        and not any(like(value, actual) for value in source.get(negative, ()))
        for field, negative, actual in (
            ("principals", "notPrincipals", identity),
            ("namespaces", "notNamespaces", namespace),
        )
    )


def to_operation(operation: dict[str, Any], port: int) -> bool:
    text = str(port)
    return text in operation.get("ports", [text]) and text not in operation.get("notPorts", [])


def condition(item: dict[str, Any], caller: Caller, port: int) -> bool:
    actual = str(port) if item["key"] == "destination.port" else caller[0] if caller else ""
    wanted, unwanted = item.get("values"), item.get("notValues", [])
    return (wanted is None or any(like(value, actual) for value in wanted)) and not any(
        like(value, actual) for value in unwanted
    )


def like(value: str, actual: str) -> bool:
    """Exact, prefix, suffix and presence match; what is not there matches nothing."""
    if not actual:
        return False
    if value.startswith("*"):
        return actual.endswith(value[1:])
    return actual.startswith(value[:-1]) if value.endswith("*") else actual == value
