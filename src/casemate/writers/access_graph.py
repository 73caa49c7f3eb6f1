"""Access as a graph: subjects, bindings, roles and rules as nodes, each once, and the lines between them.

A picture is drawn to be read. Where there are too many nodes, subjects of the same bindings become one;
where that is not enough, bindings of the same role, then rules of the same role; at last only the roles
with the most subjects are drawn. The graph says what was done.
"""

from collections.abc import Callable, Hashable, Iterable
from textwrap import wrap

import msgspec

from casemate.engine.access import Access, Path
from casemate.model.rbac import Role, Subject
from casemate.writers.access_words import entity_name, rule_words, subject_name
from casemate.writers.html_excerpts import clean

EVERYWHERE = ""
MOST = 160
_LINES = 400
_NAMES = 3
_WIDE = 56
_WRAP = 44
_TITLE = 1_000
_NOTES, _SENTENCE = 8, 240


class Node(msgspec.Struct, frozen=True):
    """A box: what it is, its label in lines, what it says in full, and the namespace that it is drawn in."""

    kind: str
    lines: tuple[str, ...]
    title: str
    namespace: str = EVERYWHERE


class Graph(msgspec.Struct, frozen=True, eq=False):
    """Nodes by their numbers, lines between two of them with a word, and sentences about the picture."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int, str], ...]
    notes: tuple[str, ...]

    @property
    def namespaces(self) -> dict[str, list[int]]:
        """The numbers of the nodes by namespace, those outside of any first."""
        found: dict[str, list[int]] = {EVERYWHERE: []}
        for number, node in enumerate(self.nodes):
            found.setdefault(node.namespace, []).append(number)
        return found


Key = tuple[Hashable, ...]
Link = tuple[Key, Callable[[], Node], str]
"""What tells a node from others, how it is made, and the word on the line to it."""
Chain = list[Link]
"""From the subject to the rule."""


def graph(access: Access, most: int = MOST) -> Graph:
    """The graph of an answer, with at most `most` nodes."""
    notes = _told(access)
    if not access.paths:
        return Graph(_cut(access.question), (), (), ("Nobody and nothing was found.", *notes))
    drawn = _drawn(access, access.paths, _Single(), notes)
    if _fits(drawn, most):
        return drawn
    groups = _Groups(access.paths)
    for grouping in (_OfBindings(groups), _OfRoles(groups), _WithoutRules(groups)):
        drawn = _drawn(access, access.paths, grouping, (*notes, grouping.note))
        if _fits(drawn, most):
            return drawn
    roles = sorted(groups.of_role, key=lambda role: -len(groups.of_role[role]))
    left = len(roles)
    while left > 1 and not _fits(drawn, most):
        left = max(1, min(left - 1, left * most // len(drawn.nodes)))
        kept = set(roles[:left])
        paths = [path for path in access.paths if id(path.role) in kept]
        cut = f"{len(roles) - left:,} of {len(roles):,} roles are not drawn, those with the fewest subjects."
        drawn = _drawn(access, paths, grouping, (*notes, grouping.note, cut))
    return drawn


def _told(access: Access) -> tuple[str, ...]:
    """What needs no role and what was not read, as much of it as a picture can say."""
    sentences = [_cut(sentence) for sentence in (*access.notes, *access.unknown)]
    more = len(sentences) - _NOTES
    return (*sentences[:_NOTES], *([f"and {more:,} more such sentences"] if more > 0 else []))


def _cut(text: str) -> str:
    return text if len(text) <= _SENTENCE else f"{text[:_SENTENCE]}…"


def _fits(drawn: Graph, most: int) -> bool:
    return len(drawn.nodes) <= most and len(drawn.edges) <= _LINES * most // MOST


def _drawn(access: Access, paths: Iterable[Path], grouping: "_Single", notes: tuple[str, ...]) -> Graph:
    numbers: dict[Key, int] = {}
    nodes: list[Node] = []
    edges: dict[tuple[int, int, str], None] = {}
    for path in paths:
        last = -1
        for key, make, word in grouping.chain(path):
            number = numbers.setdefault(key, len(nodes))
            if number == len(nodes):
                nodes.append(make())
            if last >= 0:
                edges[last, number, word] = None
            last = number
    return Graph(_cut(access.question), tuple(nodes), tuple(edges), notes)


class _Single:
    """Every subject, binding, role and rule a node of its own."""

    note = ""

    def chain(self, path: Path) -> Chain:
        """The nodes of a line of access."""
        return [*self.holders(path), *self.role(path), *self.rules(path)]

    def holders(self, path: Path) -> Chain:
        """The subject and its binding."""
        return [self.subject(path), self.binding(path)]

    @staticmethod
    def subject(path: Path) -> Link:
        """The subject alone."""
        subject = path.subject
        return ("subject", subject), lambda: subject_node(subject), ""

    @staticmethod
    def binding(path: Path) -> Link:
        """The binding alone."""
        binding = path.binding
        key = ("binding", id(binding))
        return key, lambda: _node("binding", binding.ref.kind, entity_name(binding), path.namespace), ""

    @staticmethod
    def role(path: Path) -> Chain:
        """The role, and where it is aggregated that in which the rule is written."""
        found = [_role_link(path.role, "", path.namespace)]
        if path.source_role is not path.role:
            found.append(_role_link(path.source_role, "takes in", path.namespace))
        return found

    def rules(self, path: Path) -> Chain:
        """The rule."""
        role = path.source_role
        place = EVERYWHERE if role.is_cluster else path.namespace
        words = rule_words(path.rule, most=100)
        lines = wrap(visible(rule_words(path.rule)), _WRAP, max_lines=_NAMES, placeholder=" …")
        title = visible(f"rule {path.source_index}: {words}")[:_TITLE]
        return [(("rule", id(role), path.source_index), lambda: Node("rule", tuple(lines), title, place), "")]


class _Groups:
    """Subjects by bindings and roles, counted once."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.of_role: dict[int, dict[Subject, None]] = {}
        self.bindings: dict[int, dict[int, None]] = {}
        self.rules: dict[int, dict[tuple[int, int], None]] = {}
        self.places: dict[int, dict[str, None]] = {}
        held: dict[Subject, dict[int, None]] = {}
        for path in paths:
            role = id(path.role)
            held.setdefault(path.subject, {})[id(path.binding)] = None
            self.of_role.setdefault(role, {})[path.subject] = None
            self.bindings.setdefault(role, {})[id(path.binding)] = None
            self.rules.setdefault(role, {})[id(path.source_role), path.source_index] = None
            self.places.setdefault(role, {})[path.namespace] = None
        self.keys = {subject: frozenset(bindings) for subject, bindings in held.items()}
        self.alike: dict[frozenset[int], list[Subject]] = {}
        for subject, key in self.keys.items():
            self.alike.setdefault(key, []).append(subject)


class _OfBindings(_Single):
    """Subjects of the same bindings are one node."""

    note = "Subjects that hold the same bindings are drawn as one."

    def __init__(self, groups: _Groups) -> None:
        self._groups = groups

    def holders(self, path: Path) -> Chain:
        key = self._groups.keys[path.subject]
        subjects = self._groups.alike[key]
        return [(("subjects", key), lambda: _several(subjects), ""), self.binding(path)]


class _OfRoles(_Single):
    """All bindings of a role are one node, and all subjects of it."""

    note = "The subjects of a role are drawn as one, and so are its bindings."

    def __init__(self, groups: _Groups) -> None:
        self._groups = groups

    def holders(self, path: Path) -> Chain:
        role = id(path.role)
        subjects = list(self._groups.of_role[role])
        return [
            (("subjects", role), lambda: _several(subjects), ""),
            (("bindings", role), lambda: self._bindings(path), ""),
        ]

    def _bindings(self, path: Path) -> Node:
        role = id(path.role)
        count, places = len(self._groups.bindings[role]), self._groups.places[role]
        if count == 1:
            return self.binding(path)[1]()
        spaces = [place for place in places if place]
        where = [f"in {len(spaces):,} namespaces" if len(spaces) > 1 else f"in {spaces[0]}"] if spaces else []
        where += ["everywhere"] if EVERYWHERE in places else []
        place = spaces[0] if len(places) == 1 and spaces else EVERYWHERE
        return _node("binding", f"{count:,} bindings", " and ".join(where), place)


class _WithoutRules(_OfRoles):
    """The rules of a role are one node too."""

    note = "The subjects of a role are drawn as one, and so are its bindings and its rules."

    def rules(self, path: Path) -> Chain:
        count = len(self._groups.rules[id(path.role)])
        if count == 1:
            return super().rules(path)
        place = EVERYWHERE if path.role.is_cluster else path.namespace
        make = _maker("rule", f"{count:,} rules", f"the first: {rule_words(path.rule)}", place)
        return [(("rules", id(path.role)), make, "")]

    @staticmethod
    def role(path: Path) -> Chain:
        return _Single.role(path)[:1]


def subject_node(subject: Subject) -> Node:
    """A subject as a node; a service account is drawn in its namespace."""
    return _node("subject", subject.kind or "subject", subject_name(subject), subject.namespace or EVERYWHERE)


def _several(subjects: list[Subject]) -> Node:
    if len(subjects) == 1:
        return subject_node(subjects[0])
    kinds = {subject.kind or "subject" for subject in subjects}
    spaces = {subject.namespace or EVERYWHERE for subject in subjects}
    first = [short(subject_name(subject)) for subject in subjects[:_NAMES]]
    more = len(subjects) - len(first)
    head = f"{len(subjects):,} {f'{kinds.pop()}s' if len(kinds) == 1 else 'subjects'}"
    lines = (head, *first, *([f"and {more:,} more"] if more else []))
    title = visible(", ".join(map(subject_name, subjects[:20])))[:_TITLE]
    return Node("subject", lines, title, spaces.pop() if len(spaces) == 1 else EVERYWHERE)


def _role_link(role: Role, word: str, namespace: str) -> Link:
    place = EVERYWHERE if role.is_cluster else namespace
    return ("role", id(role)), _maker("role", role.ref.kind, entity_name(role), place), word


def _maker(kind: str, head: str, name: str, place: str, title: str = "") -> Callable[[], Node]:
    return lambda: _node(kind, head, name, place, title)


def _node(kind: str, head: str, name: str, place: str, title: str = "") -> Node:
    return Node(kind, (short(head), short(name)), visible(f"{head} {title or name}")[:_TITLE], place)


def visible(text: str) -> str:
    """Text in one line, in which every character that would not show can be seen."""
    return clean(text).replace("\n", "\\u000a").replace("\t", "\\u0009")


def short(text: str) -> str:
    """The text with its middle left out where it is long; the ends tell names apart."""
    text = visible(text)
    return text if len(text) <= _WIDE else f"{text[: _WIDE // 2]}…{text[-(_WIDE // 2 - 1) :]}"
