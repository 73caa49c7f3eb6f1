"""Which certificate authorities the API servers of a cluster take clients of."""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.files import on_host
from casemate.analysis.cluster.program import Program
from casemate.model.components import ComponentSettings
from casemate.model.settings import Settings


def client_authorities(program: Program) -> frozenset[str]:
    """The host's paths of the CAs for clients of the API servers that stand beside a program.

    They are those that the same file starts, else those of the same namespace.
    """
    own = program.entity
    beside = (own,) if isinstance(own, ComponentSettings) else program.estate.entities
    found: set[str] = set()
    for entity in beside:
        if isinstance(entity, ApiServer.SOURCES) and entity.ref.namespace == own.ref.namespace:
            for server in ApiServer.parts_of(entity, program.estate, Settings()):
                value = server.setting("client-ca-file").value
                if value:
                    found.add(on_host(value, server.component))
    return frozenset(found)
