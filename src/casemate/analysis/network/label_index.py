"""Which of many label sets fulfil a condition: answered by the sets that have a label, not one by one."""

from collections.abc import Sequence
from typing import NamedTuple

from pyroaring import BitMap

from casemate.analysis.network.labels import AllOf, Any, AnyOf, Has, Labels, Matches, Not, OneOf, text_matches


class Span(NamedTuple):
    """The members of a set that are sure, and those that are sure or possible."""

    sure: BitMap
    upper: BitMap

    @classmethod
    def exactly(cls, members: BitMap) -> "Span":
        """A set of which all is known."""
        return cls(members, members)


class LabelIndex:
    """Label sets by their numbers. Of those that are `unknown` only the given labels are known."""

    def __init__(self, sets: Sequence[dict[str, str]], unknown: BitMap | None = None) -> None:
        self.all = BitMap(range(len(sets)))
        self._unknown = unknown or BitMap()
        self._values: dict[str, dict[str, BitMap]] = {}
        for number, labels in enumerate(sets):
            for key, value in labels.items():
                self._values.setdefault(key, {}).setdefault(value, BitMap()).add(number)
        self._having: dict[str, BitMap] = {}
        self._found: dict[Labels, Span] = {}

    def where(self, condition: Labels) -> Span:
        """The label sets that fulfil a condition."""
        found = self._found.get(condition)
        if found is None:
            found = self._found[condition] = self._where(condition)
        return found

    def _where(self, condition: Labels) -> Span:
        if isinstance(condition, Not):
            inner = self.where(condition.inner)
            if inner.sure is inner.upper:
                return Span.exactly(self.all - inner.sure)
            return Span(self.all - inner.upper, self.all - inner.sure)
        if isinstance(condition, (AllOf, AnyOf)):
            return self._joined(condition)
        if isinstance(condition, (Has, OneOf, Matches)):
            sure = self._labelled(condition)
            if not self._unknown:
                return Span.exactly(sure)
            blind = self._unknown - self._has(condition.key)
            return Span(sure, sure | blind) if blind else Span.exactly(sure)
        return Span.exactly(self.all if isinstance(condition, Any) else BitMap())

    def _joined(self, condition: AllOf | AnyOf) -> Span:
        parts = [self.where(part) for part in condition.parts]
        join = BitMap.intersection if isinstance(condition, AllOf) else BitMap.union
        if not parts:
            return Span.exactly(self.all if isinstance(condition, AllOf) else BitMap())
        sure = join(*(part.sure for part in parts))
        if all(part.sure is part.upper for part in parts):
            return Span.exactly(sure)
        return Span(sure, join(*(part.upper for part in parts)))

    def _labelled(self, condition: Has | OneOf | Matches) -> BitMap:
        if isinstance(condition, Has):
            return self._has(condition.key)
        values = self._values.get(condition.key, {})
        if isinstance(condition, OneOf):
            found = [values[value] for value in condition.values if value in values]
        else:
            found = [members for value, members in values.items() if text_matches(condition, value)]
        return BitMap.union(*found) if found else BitMap()

    def _has(self, key: str) -> BitMap:
        found = self._having.get(key)
        if found is None:
            values = self._values.get(key)
            found = self._having[key] = BitMap.union(*values.values()) if values else BitMap()
        return found
