"""The kubelet of a node: what each of its settings is, and which file decided that.

A flag counts before a drop-in of --config-dir, that before the file of --config, and that before the
defaults, which are others without any file. A file that a flag names and that was not read leaves the
answer open. Source: kubernetes/kubernetes cmd/kubelet/app/server.go.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, cast

import msgspec

from casemate.analysis.cluster.distributions import of_folder
from casemate.analysis.cluster.files import file_named, on_host
from casemate.analysis.cluster.kubelet_fields import BOOL, FIELDS, KUBEADM, Field
from casemate.analysis.cluster.kubelet_unit import Started, root_of, started
from casemate.analysis.cluster.versions import release_of
from casemate.model.components import Component, ComponentSettings, ComponentWorkload, DistributionSettings
from casemate.model.control import Edit, Fix, Unanswered
from casemate.model.estate import Entity, Estate
from casemate.model.kubelet_config import KubeletConfiguration
from casemate.model.kubelet_unit import KubeletText
from casemate.model.place import Path
from casemate.model.settings import Settings

NAME = "kubelet"
_EVENTS_BEFORE_1_27 = 5
_EITHER = "seccomp-default"
"""A setting that is on where the flag or the file says so."""


class Value(msgspec.Struct, frozen=True, eq=False):
    """What a setting is, where that stands, and why; `sure` unless a flag that was not read may differ."""

    value: Any
    entity: Entity
    at: Path
    why: str
    sure: bool = True
    given: bool = True


class Kubelet:
    """A kubelet as one of its files shows it: what another file decides is said there."""

    SOURCES: ClassVar[tuple[type[Entity], ...]] = (ComponentWorkload, ComponentSettings, KubeletConfiguration)

    def __init__(self, start: Started, entity: Entity, estate: Estate, settings: Settings) -> None:
        self.component = start.component
        self.main = start.main
        self.places = start.places
        self.entity = entity
        self.minor = release_of(start.component, settings).version.minor
        self.by_kubeadm = start.component.started_by == "kubeadm"
        self.by_distribution = isinstance(start.main, DistributionSettings)
        self.base, self.drop_ins, self.missing = _files(start, estate)
        self.partial = False

    @classmethod
    def parts_of(cls, entity: Any, estate: Estate, settings: Settings) -> Iterator["Kubelet"]:
        """The kubelets that an entity starts or configures."""
        if isinstance(entity, KubeletConfiguration):
            users = (cls(start, entity, estate, settings) for start in _all(estate))
            used = next((one for one in users if entity in one.files), None)
            yield used or cls._alone(entity, estate, settings)
            return
        for start in _of(entity, estate):
            yield cls(start, entity, estate, settings)

    @classmethod
    def _alone(cls, entity: KubeletConfiguration, estate: Estate, settings: Settings) -> "Kubelet":
        """A file whose kubelet was not read: taken as started with it and no flags."""
        file = entity.origin.document.file
        component = Component(name=NAME, started_by="its configuration file", at=(), form="")
        kubelet = cls(Started(component, entity, {}), entity, estate, settings)
        kubelet.partial = file.endswith(".conf") and file.rpartition("/")[0].endswith(".d")
        kubelet.base = entity
        kubelet.by_kubeadm = _beside_kubeadm(entity, estate)
        return kubelet

    @property
    def files(self) -> tuple[KubeletConfiguration, ...]:
        """Its configuration files, the last of which counts first."""
        return (*(() if self.base is None else (self.base,)), *self.drop_ins)

    @property
    def is_main(self) -> bool:
        """Whether the entity is the one that starts it, where open questions are said once."""
        return self.entity is self.main

    def value(self, flag: str) -> Value | Unanswered | None:
        """What a setting is; None for a drop-in by itself that does not speak of it."""
        field = FIELDS[flag]
        given = self.component.flags.get(flag)
        if given and not self._other_may_say_so(field, given[-1].value):
            entity = self.places.get(flag, self.main)
            value = field.of_text(tuple(one.value for one in given))
            return Value(value, entity, given[-1].path, f"--{flag}={given[-1].value}")
        launched = self.component.defaults.get(flag)
        if launched is not None:
            why = f"{self.component.started_by} gives --{flag}={launched} where nobody sets it"
            return Value(field.of_text((launched,)), self.main, self.component.at, why, given=False)
        if self.missing is not None and field.attribute:
            return Unanswered(self.missing)
        for file in reversed(self.files):
            found = field.of_file(file)
            if found is not None and not (self.by_kubeadm and flag == "rotate-certificates"):
                value = field.counted(found)
                shown = str(found).lower() if field.kind == BOOL else found
                why = f"{'.'.join(map(str, field.path))} is {shown}"
                if value != found:
                    why += f", which counts as absent; the default is {value}"
                return Value(value, file, field.path, why, sure=self.component.gap is None)
        if self.partial:
            return None
        return self._default(field)

    def _other_may_say_so(self, field: Field, text: str) -> bool:
        """Whether a file decides in spite of the flag: the two are joined by or, and the flag says no."""
        if field.flag != _EITHER or field.of_text((text,)) is not False:
            return False
        said = [value for value in map(field.of_file, self.files) if value is not None]
        return self.missing is not None or said[-1:] == [True]

    def _default(self, field: Field) -> Value | Unanswered:
        flag = field.flag
        if self.by_kubeadm and flag in KUBEADM:
            return Value(KUBEADM[flag], self.base or self.main, field.path, "kubeadm sets it", given=False)
        if self.component.gap is not None and (self.base is None or not field.attribute):
            return Unanswered(f"the other flags of the kubelet: {self.component.gap}")
        from_file = self.base is not None or self.by_kubeadm
        value = field.in_file if from_file else field.without_file
        if flag == "event-qps" and self.minor < 27:
            value = _EVENTS_BEFORE_1_27
        shown = str(value).lower() if field.kind == BOOL else value
        default = f"the default is {shown}" if value not in {"", ()} else "there is no default"
        name = ".".join(map(str, field.path)) if self.base is not None and field.path else f"--{flag}"
        where = "" if from_file else " without a configuration file"
        at = field.path if self.base is not None else self.component.at
        why = f"{name} is not set; {default}{where}"
        return Value(value, self.base or self.main, at, why, sure=self.component.gap is None, given=False)

    def gate(self, name: str) -> Value | None:
        """A feature gate that somebody sets; None where nobody does, as far as was read."""
        for one in reversed(self.component.flags.get("feature-gates", ())):
            pairs = dict(pair.strip().partition("=")[::2] for pair in one.value.split(","))
            if name in pairs:
                entity = self.places.get("feature-gates", self.main)
                return Value(
                    pairs[name].lower() == "true", entity, one.path, f"--feature-gates={name}={pairs[name]}"
                )
        for file in reversed(self.files):
            gates = file.feature_gates or {}
            if name in gates:
                why = f"featureGates.{name} is {str(gates[name]).lower()}"
                return Value(gates[name], file, ("featureGates", name), why)
        return None

    def mend(self, flag: str, value: Value, wanted: Any) -> Fix | None:
        """The edit that gives a setting a value, None where none is sure."""
        field = FIELDS[flag]
        if isinstance(value.entity, KubeletConfiguration):
            return Fix(safe=False, edits=(Edit("set", field.path, wanted),))
        given = self.component.flags.get(flag, ())
        if len(given) != 1 or not given[0].alone or given[0].by is not None:
            return None
        if isinstance(wanted, tuple):
            text = ",".join(map(str, wanted))
        else:
            text = str(wanted).lower() if isinstance(wanted, bool) else str(wanted)
        written = {"arguments": f"--{flag}={text}", "pairs": f"{flag}={text}"}.get(self.component.form, text)
        return Fix(safe=False, edits=(Edit("set", given[0].path, written),))


def _all(estate: Estate) -> Iterator[Started]:
    """Every kubelet that something starts."""
    for kind in (ComponentWorkload, ComponentSettings):
        for entity in estate.of(kind):
            yield from (start for start in _of(entity, estate) if start.main is entity)


def _of(entity: Any, estate: Estate) -> Iterator[Started]:
    if isinstance(entity, KubeletText):
        start = started(entity, estate)
        if entity is start.main or entity in start.places.values():
            yield start
        return
    own = isinstance(entity, DistributionSettings)
    for component in of_folder(entity, estate) if own else entity.components:
        if component.name == NAME:
            yield Started(component, entity, {})


Files = tuple[KubeletConfiguration | None, tuple[KubeletConfiguration, ...], str | None]


def _files(start: Started, estate: Estate) -> Files:
    """The file of --config, the drop-ins, and what was not read of them."""
    component, main = start.component, start.main
    root = root_of(main).rstrip("/") if isinstance(main, KubeletText) else None
    configs = list(cast("Iterator[KubeletConfiguration]", estate.of(KubeletConfiguration)))
    drop_ins = tuple(_drop_ins(component, configs, root))
    named = component.flags.get("config")
    if named:
        path = on_host(named[-1].value, component)
        exact = (one for one in configs if root is not None and _file(one) == f"{root}{path}")
        base = next(exact, None) or file_named(path, component, KubeletConfiguration, estate)
        return base, drop_ins, None if base else f"the file {path} that --config names"
    if component.started_by != "kubeadm":
        return None, drop_ins, None
    file = main.origin.document.file
    base = next((one for one in configs if one.origin.document.file == file), None)
    if base is None and main.ref.kind == "JoinConfiguration":
        return None, (), "the KubeletConfiguration that the cluster keeps for nodes that join"
    return base, drop_ins, None


def _drop_ins(
    component: Component, configs: list[KubeletConfiguration], root: str | None
) -> Iterator[KubeletConfiguration]:
    named = component.flags.get("config-dir")
    if not named:
        return
    folder = on_host(named[-1].value, component).rstrip("/")
    for one in sorted(configs, key=_file):
        inside = _file(one).rpartition("/")[0]
        same = inside == f"{root}{folder}" if root is not None else inside.endswith(folder)
        if same and _file(one).endswith(".conf"):
            yield one


def _file(entity: Entity) -> str:
    return entity.origin.document.file.replace("\\", "/")


def _beside_kubeadm(entity: Entity, estate: Estate) -> bool:
    """Whether kubeadm writes the file of the kubelet from this document."""
    file = entity.origin.document.file
    return any(
        one.ref.group == "kubeadm.k8s.io" and one.origin.document.file == file
        for one in estate.of(ComponentSettings)
    )
