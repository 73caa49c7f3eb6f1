"""Text files of a node that start the kubelet: systemd's unit with its drop-ins, and environment files."""

from casemate.model.components import ComponentSettings, Given


class KubeletText(ComponentSettings, frozen=True, kw_only=True, eq=False):
    """One of these files; several of a node start one kubelet, which `analysis.cluster.kubelet_unit` joins.

    `commands` are the words of each ExecStart, `resets` says that one is empty, so that those of the
    files before do not count. `variables` are the words of each variable's value, `environment_files`
    the files that more variables come from. `is_environment` tells such a file from a unit.
    """

    commands: tuple[tuple[Given, ...], ...]
    resets: bool
    variables: dict[str, tuple[Given, ...]]
    environment_files: tuple[str, ...]
    is_environment: bool
