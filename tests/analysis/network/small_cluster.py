"""Small networks from a few lines of YAML, and questions about them."""

from casemate.analysis.network.cluster import Network, network_of
from casemate.analysis.network.queries import answer
from casemate.model.estate import Entity, Estate
from casemate.readers.manifests import read_text


def estate(*texts: str) -> Estate:
    """What the texts hold, each a file."""
    read = [item for number, text in enumerate(texts) for item in read_text(f"{number}.yaml", text.encode())]
    assert all(isinstance(item, Entity) for item in read), read
    return Estate(entities=tuple(item for item in read if isinstance(item, Entity)))


def network(*texts: str, apart: tuple[str, ...] = ()) -> Network:
    """Their network, policies followed as they are written; `apart` is what somebody asks for."""
    return network_of(estate(*texts), apart=frozenset(apart))


def allowed(found: Network, source: str, destination: str, at: str) -> bool | str:
    """Whether a connection is allowed at a port such as `TCP 80`."""
    protocol, port = at.split()
    return answer(found.reach, source, destination, protocol, int(port)).allowed


def pod(name: str, labels: str = "", spec: str = "", metadata: str = "", status: str = "") -> str:
    """A pod `namespace/name` of one container; `spec` are further lines of flow style."""
    namespace, _, own = name.partition("/")
    return (
        "---\napiVersion: v1\nkind: Pod\n"
        f"metadata: {{name: {own}, namespace: {namespace}, labels: {{{labels}}}{metadata}}}\n"
        f"spec: {{{spec or 'containers: [{name: c, image: i}]'}}}\n"
        f"status: {{{status}}}\n"
    )


def policy(namespace: str, spec: str, name: str = "p") -> str:
    """A NetworkPolicy; `spec` is flow style without its braces."""
    return (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {name}, namespace: {namespace}}}\nspec: {{{spec}}}\n"
    )


def namespace(name: str, labels: str = "") -> str:
    """A Namespace."""
    return f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n"
