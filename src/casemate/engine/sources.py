"""What must have been read for an item to pass: the things that its own words name.

Controls of several kinds of things answer one item. That a ConfigMap was clean says nothing of roles that
nobody has read, so an item passes only where each source that its `needs` names was asked about.
"""

from collections.abc import Container, Iterable, Iterator

from casemate.engine.standards.items import Item
from casemate.model.control import Control

_PROGRAMS = frozenset(("ApiServer", "ControllerManager", "Scheduler", "Etcd", "Kubelet", "KubeProxy"))
_PODS = frozenset(("Pod", "Container"))
_NAMED: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("pods", "pods", _PODS),
    ("images of pods", "pods", _PODS),
    ("kube-apiserver", "the API server", frozenset(("ApiServer",))),
    ("audit log", "the API server", frozenset(("ApiServer",))),
    ("etcd", "etcd", frozenset(("Etcd",))),
    ("kubelet", "kubelets", frozenset(("Kubelet",))),
    ("namespaces with their labels", "namespaces", frozenset(("Namespace",))),
)
"""Words of `needs`, what they stand for, and the subjects of controls that are about it."""
_FAMILIES = (
    ("roles", "roles and their bindings", "rbac"),
    ("bindings", "roles and their bindings", "rbac"),
    ("ingresses", "Services, Ingresses and routes", "network"),
)
_COMPONENTS = "components"
_OF_ANYTHING = frozenset(("ConfigMap", "Secret", "Entity"))
"""Subjects of which nearly everything has some: that one was clean is no answer by itself."""


def unseen(item: Item, controls: Iterable[Control], asked: Container[str]) -> list[str]:
    """The sources that an item needs and that none of its controls was asked about.

    `asked` holds the ids of the controls that were asked of something.
    """
    found = [control for control in controls if control.id in asked]
    subjects = {control.subject.__name__ for control in found}
    families = {control.family for control in found}
    needs = item.needs.lower()
    missing = [what for word, what, of in _NAMED if word in needs and not of & subjects]
    missing += [what for word, what, family in _FAMILIES if word in needs and family not in families]
    if _COMPONENTS in needs:
        missing += _components(controls, subjects)
    if not missing and subjects <= _OF_ANYTHING:
        missing.append(item.needs)
    return list(dict.fromkeys(missing))


def _components(controls: Iterable[Control], subjects: set[str]) -> Iterator[str]:
    """The components that the item has controls for and that were not seen."""
    about = {control.subject.__name__ for control in controls} & _PROGRAMS
    if not about:
        yield "the components"
    yield from sorted(f"the flags of {name}" for name in about - subjects)
