"""Which pods are in a mesh of Istio: with a proxy of their own (sidecar), or behind their node's (ambient).

Source: istio.io/istio manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml (the
four selectors of the injector), pkg/kube/inject/inject.go (`injectRequired`, namespaces that are left out);
istio.io documentation, "Add workloads to an ambient mesh"; istio.io/api mesh/v1alpha1/config.proto (root
namespace, trust domain, automatic mutual TLS).
"""

import re
from collections.abc import Iterator

import msgspec

from casemate.analysis.network.endpoint_sets import both, either, no
from casemate.analysis.network.istio.identities import OWN_DOMAIN
from casemate.analysis.network.istio.members import Odd, odd_pods
from casemate.analysis.network.labels import AnyOf, Has, Labels, Not, OneOf, all_of, namespace_named
from casemate.analysis.network.policies import Endpoints, Nobody, Pods
from casemate.model.configuration import ConfigMap
from casemate.model.estate import Estate, Workload
from casemate.model.governance import Namespace

ROOT = "istio-system"
"""The namespace whose policies are for the whole mesh, where the mesh is not configured otherwise."""
INJECTION, REVISION, INJECT = "istio-injection", "istio.io/rev", "sidecar.istio.io/inject"
DATAPLANE = "istio.io/dataplane-mode"
YES = tuple(form for word in ("true", "yes", "y", "on") for form in (word, word.capitalize(), word.upper()))
_LEFT_OUT = ("kube-system", "kube-public", "kube-node-lease", "local-path-storage")
_CONFIG = "istio"
_SETTING = re.compile(r"^(rootNamespace|trustDomain|enableAutoMtls):[ \t]*[\"']?([\w.-]+)", re.MULTILINE)

_MARKED: Labels = AnyOf((Has(INJECTION), Has(REVISION)))
_WILLING: Labels = AnyOf((Not(Has(INJECT)), OneOf(INJECT, ("", *YES))))
INJECTED_NAMESPACES: Labels = all_of(
    (
        AnyOf((OneOf(INJECTION, ("enabled",)), all_of((Has(REVISION), Not(Has(INJECTION)))))),
        Not(namespace_named(*_LEFT_OUT)),
    )
)
_OTHER_NAMESPACES: Labels = all_of((Not(_MARKED), Not(namespace_named(*_LEFT_OUT))))
_ASKING: Labels = AnyOf((OneOf(INJECT, ("true",)), all_of((Has(REVISION), _WILLING))))
INJECTED = (
    Pods(namespaces=INJECTED_NAMESPACES, pods=_WILLING),
    Pods(namespaces=_OTHER_NAMESPACES, pods=_ASKING),
)
"""The pods that get a proxy by the labels of their namespace, or by their own where it has none."""
_AMBIENT = OneOf(DATAPLANE, ("ambient",))
AMBIENT = (
    Pods(namespaces=_AMBIENT, pods=Not(OneOf(DATAPLANE, ("none",)))),
    Pods(pods=_AMBIENT),
)


class Plane(msgspec.Struct, frozen=True):
    """Pods behind a kind of proxy; callers that prove their identity to it are `known` or `possible`."""

    name: str
    pods: Endpoints
    known: Endpoints
    possible: Endpoints

    @property
    def is_ambient(self) -> bool:
        """Whether the proxy is that of the node, which knows nothing of HTTP."""
        return self.name == "ambient"


class Mesh(msgspec.Struct, frozen=True, kw_only=True):
    """A mesh. `odd` are pods that do not pass their proxy at some ports."""

    root: str = ROOT
    domain: str = OWN_DOMAIN
    planes: tuple[Plane, ...] = ()
    odd: tuple[Odd, ...] = ()

    @classmethod
    def of(cls, estate: Estate) -> "Mesh":
        """The mesh of an estate, by labels of namespaces and pods, and what is unusual about single pods."""
        settings = _settings(estate)
        odd = tuple(odd_pods(estate, INJECTED))
        out = either(*(item.pods for item in odd if item.has_proxy is False))
        extra = tuple(item.pods for item in odd if item.has_proxy)
        sidecars = either(both(either(*INJECTED), no(out)), *extra)
        ambient = both(either(*AMBIENT), no(sidecars)) if _has_ambient(estate) else Nobody()
        return cls(
            root=settings.get("rootNamespace", ROOT),
            domain=settings.get("trustDomain", OWN_DOMAIN),
            planes=tuple(_planes(sidecars, ambient, by_itself=settings.get("enableAutoMtls") != "false")),
            odd=tuple(item for item in odd if item.open_ports),
        )


def _planes(sidecars: Endpoints, ambient: Endpoints, *, by_itself: bool) -> Iterator[Plane]:
    """Proxies of one kind call each other with mutual TLS; those of different kinds if they are set up so.

    `by_itself` says that proxies choose mutual TLS without being told for each Service.
    """
    if by_itself:
        yield Plane("sidecar", sidecars, sidecars, ambient)
    else:
        yield Plane("sidecar", sidecars, Nobody(), either(sidecars, ambient))
    if not isinstance(ambient, Nobody):
        yield Plane("ambient", ambient, ambient, sidecars)


def _settings(estate: Estate) -> dict[str, str]:
    """What the mesh's ConfigMap settles at its top."""
    for found in estate.of(ConfigMap):
        text = (found.data or {}).get("mesh")
        if found.ref.name == _CONFIG and text:
            return dict(_SETTING.findall(text))
    return {}


def _has_ambient(estate: Estate) -> bool:
    """Whether any label that was read asks for ambient mode."""
    return any(found.labels.get(DATAPLANE) == "ambient" for found in estate.of(Namespace)) or any(
        template.labels.get(DATAPLANE) == "ambient"
        for workload in estate.of(Workload)
        for template in workload.templates
    )
