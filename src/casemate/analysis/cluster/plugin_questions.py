"""What controls of admission plugins ask: does one run, and which flag would change that."""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.program import FLAG
from casemate.analysis.cluster.questions import Answers, settled, unreadable
from casemate.model.control import Fix, Unanswered
from casemate.model.severity import Severity


def must_run(
    server: ApiServer, name: str, *, message: str, severity: Severity | None = None, edit: bool = True
) -> Answers:
    """An admission plugin runs; `edit` says that switching it on needs nothing else."""
    vague = _vague(server)
    if vague is not None:
        yield vague
    elif name not in server.plugins:
        fix = _on(server, name) if edit else None
        yield from settled(server, server.plugin(name), message, fix, severity)
    elif name not in server.enabled:  # a plugin that is switched on and off at once is on
        yield from server.missing("disable-admission-plugins")


def must_not_run(server: ApiServer, name: str, *, message: str, severity: Severity | None = None) -> Answers:
    """An admission plugin does not run."""
    vague = _vague(server)
    if vague is not None:
        yield vague
    elif name in server.plugins:
        setting = server.plugin(name)
        rest = [item for item in setting.items if item != name]
        yield from settled(server, setting, message, server.put(setting.name, ",".join(rest)), severity)
    else:
        yield from server.missing("enable-admission-plugins")


def _vague(server: ApiServer) -> Unanswered | None:
    """That a list of plugins stands in a variable."""
    for name in ("admission-control", "enable-admission-plugins", "disable-admission-plugins"):
        setting = server.setting(name)
        if setting.is_elsewhere:
            return unreadable(setting, "a variable")
    return None


def _on(server: ApiServer, name: str) -> Fix | None:
    setting = server.plugin(name)
    if setting.name == "disable-admission-plugins":
        rest = [item for item in setting.items if item != name]
        return server.put(setting.name, ",".join(rest)) if rest else server.drop(setting.name)
    before = setting.items if setting.decided_by == FLAG else server.enabled
    return server.put(setting.name, ",".join((*before, name)))
