"""Which rules about identities callers get around that send plain text."""

from collections.abc import Iterable, Iterator

from casemate.analysis.network.istio.dialect import PLAIN_TEXT
from casemate.analysis.network.policies import Endpoints, Intersection, Perhaps, Policy, Union
from casemate.model.place import Path


def evaded(policies: Iterable[Policy]) -> list[Path]:
    """The places of rules whose answer is another one for plain text, which the proxies take too."""
    return list(
        dict.fromkeys(
            rule.at for policy in policies for rule in policy.rules if PLAIN_TEXT in _doubts(rule.peers)
        )
    )


def _doubts(peers: Endpoints) -> Iterator[str]:
    if isinstance(peers, Perhaps):
        yield peers.why
    elif isinstance(peers, (Union, Intersection)):
        for part in peers.parts:
            yield from _doubts(part)
