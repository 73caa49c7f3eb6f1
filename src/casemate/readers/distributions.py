"""Configuration files of k3s and RKE2, which say no apiVersion and no kind.

A file is one by its path (`/etc/rancher/k3s/config.yaml`, `config.yaml.d/*.yaml`) or by its keys:
all are such options, and some are of no other program.
"""

import re
from typing import Any

from casemate.analysis.cluster.distributions import K3S, RKE2, SERVER_KEYS, components
from casemate.model.components import DistributionSettings, Given
from casemate.model.estate import Problem, Ref
from casemate.model.place import Origin, Path
from casemate.readers.typed import type_words

_PLACE = re.compile(r"(?:^|/)rancher/(k3s|rke2)/config\.ya?ml(?:\.d/[^/]+\.ya?ml)?\Z")
_KEY = re.compile(r"[a-z][a-z0-9-]*\+?\Z")
_ARGUMENTS = re.compile(r"(?:kube-(?:apiserver|controller-manager|scheduler|proxy)|kubelet|etcd)-arg\+?\Z")
_RKE2_ONLY = frozenset(
    """
    cni profile audit-policy-file pod-security-admission-config-file ingress-controller cloud-provider-name
    cloud-provider-config control-plane-resource-requests control-plane-resource-limits
    control-plane-probe-configuration kube-apiserver-image kube-apiserver-extra-mount etcd-image
    """.split()
)
_BOTH = frozenset(
    """
    token token-file server data-dir node-name node-label node-taint node-ip node-external-ip selinux debug
    protect-kernel-defaults private-registry system-default-registry kubelet-arg kube-proxy-arg snapshotter
    container-runtime-endpoint pause-image resolv-conf lb-server-port bind-address with-node-id rootless
    docker
    """.split()
)
_TELLING = SERVER_KEYS - {"disable", "etcd-s3"}


def distribution_of(tree: dict[Any, Any], file: str) -> str | None:
    """The distribution whose configuration file a document is, None where it is none."""
    place = _PLACE.search(file)
    if place is not None:
        return K3S if place[1] == "k3s" else RKE2
    if not tree or not all(isinstance(key, str) and _KEY.match(key) for key in tree):
        return None
    keys = {key.removesuffix("+") for key in tree}
    named = any(_ARGUMENTS.match(key) for key in keys)
    all_known = keys <= SERVER_KEYS | _BOTH | _RKE2_ONLY
    if not named and (not all_known or len(keys & _TELLING) < 2):
        return None
    return RKE2 if keys & _RKE2_ONLY else K3S


def settings(
    tree: dict[str, Any], distribution: str, origin: Origin, duplicates: tuple[Path, ...]
) -> DistributionSettings:
    """The options of a document; values of other forms are noted and left out."""
    problems = [
        Problem("duplicate-key", path, f"the key {path[-1]} is given twice; only the last one counts")
        for path in duplicates
    ]
    options: dict[str, tuple[Given, ...]] = {}
    for key, value in tree.items():
        listed = isinstance(value, list)
        found = []
        for index, item in enumerate(value if listed else [value]):
            path: Path = (key, index) if listed else (key,)
            text = _text(item)
            if text is None:
                message = f"{key} must be text or a list of texts, not {type_words(item)}"
                problems.append(Problem("wrong-type", path, message))
            else:
                found.append(Given(text, path, alone=listed))
        options[str(key)] = tuple(found)
    name = origin.document.file.rpartition("/")[2]
    kind = f"{distribution.capitalize()}Configuration"
    return DistributionSettings(
        ref=Ref(f"{distribution.lower()}.io/v1", kind, None, name if name != "-" else "config.yaml"),
        origin=origin,
        problems=tuple(problems),
        components=tuple(components(distribution, options)),
        distribution=distribution,
        options=options,
    )


def _text(value: Any) -> str | None:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (str, int, float)) else None
