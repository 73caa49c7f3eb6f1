"""The files of a Secret get wider permissions than Kubernetes gives by default.

The default, 0644, lets every user of the container read them. A mode that adds rights for others
is never needed for that; most often decimal and octal were mixed up, as in `defaultMode: 777`.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity

_DEFAULT = 0o644
_OTHERS = 0o022
_EXECUTE = 0o011
_MEANT = frozenset((400, 440, 444))


@control(
    "secret-file-mode",
    title="Secret's files open to more than need be",
    severity=Severity.LOW,
    consequence=Consequence.DISCLOSURE,
    remedy="Set 0400, or 0440 with fsGroup where the program is not root",
    standards=(
        "NSA-CISA-1.2:secrets",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
    ),
    area="secrets_env_encryption",
    fixes=True,
)
def file_mode(pod: Pod) -> Iterator[Fault]:
    for index, volume in enumerate(pod.spec.volumes or ()):
        if volume.secret is None:
            continue
        steps = ("volumes", index, "secret")
        modes = [(volume.secret.default_mode, pod.at(*steps, "defaultMode"))]
        modes += [
            (item.mode, pod.at(*steps, "items", number, "mode"))
            for number, item in enumerate(volume.secret.items or ())
        ]
        for mode, path in modes:
            reason = None if mode is None else _fault(mode)
            if reason is not None:
                yield Fault(
                    message=f"the files of volume {volume.name} get a mode wider than the default",
                    at=path,
                    why=(reason,),
                    fix=Fix(safe=False, edits=(Edit("set", path, 0o440),)),
                )


def _fault(mode: int) -> str | None:
    """What is wrong with a mode, None where it is the default or narrower."""
    if mode in _MEANT:
        return f"{mode} is decimal, which is {mode:04o} in octal; 0{mode} may have been meant"
    if mode & _OTHERS or mode & _EXECUTE:
        return f"the mode is {mode:04o}, the default is {_DEFAULT:04o}"
    return None
