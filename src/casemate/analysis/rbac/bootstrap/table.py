"""The data of this package, read once: what each role and binding holds in which releases."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Generic, TypeVar

import msgspec

from casemate.analysis.rbac.bootstrap.data_bindings import BINDINGS
from casemate.analysis.rbac.bootstrap.data_roles import ROLES
from casemate.analysis.rbac.bootstrap.data_rules import RULES
from casemate.model.rbac import SERVICE_ACCOUNT, PolicyRule, Subject
from casemate.model.version import NEWEST, KubernetesVersion

OLDEST = 16
"""The minor of the oldest release whose objects are known; an older one is taken for it."""
_CORE = "core"
_SETS = {
    "READ": ("get", "list", "watch"),
    "WRITE": ("create", "delete", "deletecollection", "patch", "update"),
}
Key = tuple[str, str | None, str]
"""Kind, namespace and name."""
Part = TypeVar("Part", PolicyRule, Subject)


class Span(msgspec.Struct, Generic[Part], frozen=True):
    """What an object holds from one minor release to another."""

    first: int
    last: int
    parts: tuple[Part, ...]


class History(msgspec.Struct, Generic[Part], frozen=True):
    """What an object holds over the releases: by default, and what feature gates add.

    `words` are, of a role, `<admin` where it takes in the roles labelled for admin and `>admin` where it
    is labelled so itself; of a binding, kind and name of its role.
    """

    key: Key
    words: tuple[str, ...]
    default: tuple[Span[Part], ...]
    gated: tuple[Span[Part], ...]

    def is_made(self, minor: int) -> bool:
        """Whether a release makes the object by default."""
        return any(span.first <= minor <= span.last for span in self.default)

    def at(self, minor: int) -> tuple[Part, ...]:
        """What it holds in a release by default."""
        return tuple(_parts(self.default, minor, minor))

    def within(self, first: int, last: int) -> Iterator[Part]:
        """All that it holds in any of these releases, whatever the feature gates."""
        yield from _parts(self.default, first, last)
        yield from _parts(self.gated, first, last)


def _parts(spans: tuple[Span[Part], ...], first: int, last: int) -> Iterator[Part]:
    for span in spans:
        if span.first <= last and first <= span.last:
            yield from span.parts


def minor_of(kubernetes: KubernetesVersion) -> int:
    """The minor of the known release that is nearest."""
    return min(max(kubernetes.minor, OLDEST), NEWEST.minor)


@cache
def roles() -> dict[Key, History[PolicyRule]]:
    """The roles."""
    rules = [_rule(line) for line in _joined(RULES)]
    return {history.key: history for history in _histories(ROLES, lambda word: rules[int(word)])}


@cache
def bindings() -> dict[Key, History[Subject]]:
    """The bindings."""
    return {history.key: history for history in _histories(BINDINGS, _subject)}


def _joined(text: str) -> Iterator[str]:
    """The lines, each with those that continue it."""
    line = ""
    for part in text.strip().splitlines():
        if part.startswith("    "):
            line += f" {part.strip()}"
            continue
        if line:
            yield line
        line = part
    yield line


def _histories(text: str, read: Callable[[str], Part]) -> Iterator[History[Part]]:
    """Each line that is not indented begins an object; the others say what it holds when."""
    head: list[str] = []
    spans: dict[str, list[Span[Part]]] = {"default": [], "gated": []}
    for line in _joined(text):
        if line.startswith(" "):
            when, _, what = line.partition(":")
            title, releases = when.split()
            first, last = releases.split("-")
            spans[title].append(Span(int(first), int(last), tuple(map(read, what.split()))))
            continue
        if head:
            yield _history(head, spans)
        head = line.split()
        spans = {"default": [], "gated": []}
    yield _history(head, spans)


def _history(head: list[str], spans: dict[str, list[Span[Part]]]) -> History[Part]:
    kind, place, *words = head
    namespace, _, name = place.partition("/")
    key = (kind, namespace or None, name)
    return History(key, tuple(words), tuple(spans["default"]), tuple(spans["gated"]))


def _rule(line: str) -> PolicyRule:
    verbs, first, *more = (tuple(field.split()) for field in line.split(" | "))
    verbs = tuple(sorted(verb for word in verbs for verb in _SETS.get(word, (word,))))
    if not more:
        return PolicyRule(verbs=verbs, non_resource_urls=first)
    resources, *names = more
    return PolicyRule(
        verbs=verbs,
        api_groups=tuple("" if group == _CORE else group for group in first),
        resources=resources,
        resource_names=names[0] if names else (),
    )


def _subject(word: str) -> Subject:
    kind, namespace, name = word.split("/", 2)
    group = None if kind == SERVICE_ACCOUNT else "rbac.authorization.k8s.io"
    return Subject(kind=kind, name=name, namespace=namespace or None, api_group=group)
