"""Containers may not be processes of a Windows node (policy/check_windowsHostProcess.go)."""

from casemate.analysis.pod_security.check import Check, Forbidden, Level, setters, since
from casemate.analysis.pods.view import Pod
from casemate.model.pods import WindowsOptions


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.0: hostProcess is nowhere true."""
    pod_is_bad = _is_host_process(pod.context.windows_options)
    bad = [c for c in pod.containers if _is_host_process(c.context.windows_options)]
    if not pod_is_bad and not bad:
        return None
    paths = [container.at("securityContext", "windowsOptions", "hostProcess") for container in bad]
    if pod_is_bad:
        paths.insert(0, pod.at("securityContext", "windowsOptions", "hostProcess"))
    who = setters(pod=pod_is_bad, containers=bad)
    detail = f"{who} must not set securityContext.windowsOptions.hostProcess=true"
    return Forbidden("hostProcess", detail, tuple(paths))


def _is_host_process(options: WindowsOptions | None) -> bool:
    return options is not None and options.host_process is True


CHECK = Check("windowsHostProcess", Level.BASELINE, ((since(0), judge),))
