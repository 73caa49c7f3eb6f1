"""What the API server keeps of its audit log.

Since 1.36 it rotates and throws away by default (kubernetes/kubernetes#136478); a default counts for
nothing where no log is written at all.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.program import DEFAULT
from casemate.analysis.cluster.questions import Answers, must_reach, settled


def must_keep(server: ApiServer, name: str, least: int, *, message: str) -> Answers:
    """A flag of the audit log's rotation is at least `least`; standard output is others' duty."""
    setting = server.setting(name)
    if server.setting("audit-log-path").value == "-":
        return
    if setting.decided_by == DEFAULT and not server.has("audit-log-path"):
        why = ("no audit log is written, since --audit-log-path is not given",)
        yield from settled(server, setting, message, server.put(name, str(least)), why=why)
    else:
        yield from must_reach(server, name, least, message=message)
