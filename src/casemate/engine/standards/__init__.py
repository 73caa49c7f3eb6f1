"""Standards: one module per standard and version, imported only when it is asked for."""

import importlib

from casemate.engine.standards.items import Standard
from casemate.model.errors import UsageError

MODULES: dict[str, dict[str, str]] = {
    "pss": {"1.37": "pod_security"},
    "cis-kubernetes": {"1.12": "cis_kubernetes_1_12"},
    "cis-eks": {"1.8.0": "cis_eks_1_8_0"},
    "cis-gke": {"1.9.0": "cis_gke_1_9_0"},
    "cis-aks": {"1.8.0": "cis_aks_1_8_0"},
    "nsa-cisa": {"1.2": "nsa_cisa_1_2"},
    "mitre-attack-containers": {"15": "mitre_attack_containers_15"},
    "owasp-kubernetes": {"2022": "owasp_kubernetes_2022", "2025": "owasp_kubernetes_2025"},
    "nist-800-190": {"2017": "nist_800_190"},
}
"""The modules by name and version, the newest version last."""


def load(text: str) -> Standard:
    """The standard `NAME` or `NAME@VERSION`; the newest version where none is named.

    Raises `UsageError` with the nearest name, or the versions there are.
    """
    name, at, version = text.partition("@")
    versions = MODULES.get(name)
    if versions is None:
        raise UsageError(f"there is no standard {name}{_hint(name, tuple(MODULES))}")
    if not at:
        version = tuple(versions)[-1]
    if version not in versions:
        raise UsageError(
            f"there is no {name} {version or '(no version)'}: it is one of {', '.join(versions)}"
        )
    return _module(versions[version])


def every() -> tuple[Standard, ...]:
    """All standards in all versions, for the documentation and the tests."""
    return tuple(_module(module) for versions in MODULES.values() for module in versions.values())


def _module(name: str) -> Standard:
    standard: Standard = importlib.import_module(f"{__name__}.{name}").STANDARD
    return standard


def _hint(word: str, known: tuple[str, ...]) -> str:
    import difflib  # noqa: PLC0415 # only for a slip

    close = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {close[0]}?" if close else f": it is one of {', '.join(known)}"
