"""Rules in few words, for sentences: verbs, and what they are on."""

from collections.abc import Iterable

from casemate.analysis.listing import some
from casemate.analysis.rbac.compact import gathered
from casemate.model.rbac import PolicyRule

_SHOWN = 3
_NAMES = 3


def summary(rules: Iterable[PolicyRule]) -> str:
    """The first few of some rules: `get, list on secrets and create on pods.metrics.k8s.io`."""
    found = [_words(rule) for rule in gathered(rules)]
    more = len(found) - _SHOWN
    shown = "; ".join(found[:_SHOWN])
    return shown if more < 1 else f"{shown}; and {more:,} more"


def _words(rule: PolicyRule) -> str:
    what = [
        *rule.non_resource_urls,
        *(_resource(group, r) for group in rule.api_groups for r in rule.resources),
    ]
    shown = ", ".join(what[:_NAMES])
    if len(what) > _NAMES:
        shown += f" and {len(what) - _NAMES:,} more"
    named = f" named {some(list(rule.resource_names))}" if rule.resource_names else ""
    return f"{', '.join(rule.verbs)} on {shown}{named}"


def _resource(group: str, resource: str) -> str:
    name, slash, subresource = resource.partition("/")
    return f"{name}{f'.{group}' if group else ''}{slash}{subresource}"
