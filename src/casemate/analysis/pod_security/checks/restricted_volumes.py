"""Only volumes that cannot reach outside may be used (policy/check_restrictedVolumes.go).

A volume without a source that the API knows is made an emptyDir before the check sees it
(SetDefaults_Volume in pkg/apis/core/v1/defaults.go).
"""

from casemate.analysis.pod_security.check import Check, Forbidden, Level, plural, quote, since
from casemate.analysis.pods.view import Pod
from casemate.model.pods import Volume

_ALLOWED = (
    "config_map",
    "csi",
    "downward_api",
    "empty_dir",
    "ephemeral",
    "image",
    "persistent_volume_claim",
    "projected",
    "secret",
)
_RESTRICTED = {
    field: wire
    for field, wire in zip(Volume.__struct_fields__, Volume.__struct_encode_fields__, strict=True)
    if field not in _ALLOWED and field != "name"
}


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.0: hostPath and the volume types that speak a storage protocol are forbidden."""
    bad = [
        (index, volume.name or "", kind)
        for index, volume in enumerate(pod.spec.volumes or ())
        if (kind := _restricted_type(volume)) is not None
    ]
    if not bad:
        return None
    kinds = sorted({kind for _, _, kind in bad})
    return Forbidden(
        "restricted volume types",
        f"{plural(len(bad), 'volume')} {quote(name for _, name, _ in bad)} "
        f"{plural(len(bad), 'uses', 'use')} {plural(len(kinds), 'restricted volume type')} {quote(kinds)}",
        tuple(pod.at("volumes", index, kind) for index, _, kind in bad),
    )


def _restricted_type(volume: Volume) -> str | None:
    if any(getattr(volume, field) is not None for field in _ALLOWED):
        return None
    return next((w for field, w in _RESTRICTED.items() if getattr(volume, field) is not None), None)


CHECK = Check("restrictedVolumes", Level.RESTRICTED, ((since(0), judge),), replaces="hostPathVolumes")
