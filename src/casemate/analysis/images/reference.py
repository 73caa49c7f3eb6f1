"""Image references as the kubelet and the container engines read them.

Grammar and defaults follow github.com/distribution/reference (`ParseNormalizedNamed`), with the
digests of github.com/opencontainers/go-digest: `host:5000/app` has a port and no tag, `nginx`
is `docker.io/library/nginx`, and a digest wins over a tag beside it.
"""

import re
from fnmatch import fnmatchcase
from functools import lru_cache

import msgspec

DOCKER_HUB = "docker.io"
_LEGACY_HUB = "index.docker.io"
_LONGEST = 255

_ALPHANUMERIC = "[a-z0-9]+"
_COMPONENT = rf"{_ALPHANUMERIC}(?:(?:[._]|__|-+){_ALPHANUMERIC})*"
_HOST_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = rf"(?:{_HOST_PART}(?:\.{_HOST_PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_FORM = re.compile(
    rf"(?P<registry>{_HOST})/(?P<repository>{_COMPONENT}(?:/{_COMPONENT})*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?",
    re.ASCII,
)
_DIGEST_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128}
_HEX = re.compile("[0-9a-f]+")
_IDENTIFIER = re.compile("[0-9a-f]{64}")
_VARIABLE = re.compile(r"\$\([^)]*\)|\$\{[^}]*\}|\{\{.*?\}\}|\$[A-Za-z_]\w*")


class Reference(msgspec.Struct, frozen=True):
    """A valid reference with its defaults filled in, except for the tag; `written` is its text."""

    registry: str
    repository: str
    tag: str | None
    digest: str | None
    written: str

    @property
    def name(self) -> str:
        """Registry and repository: `docker.io/library/nginx`."""
        return f"{self.registry}/{self.repository}"

    @property
    def is_latest(self) -> bool:
        """Whether the tag is `latest`, written out or for want of both tag and digest."""
        return self.tag == "latest" or (self.tag is None and self.digest is None)

    def is_from(self, pattern: str) -> bool:
        """Whether it is of a registry (`registry.example`) or of repositories (`registry.example/team/*`)."""
        registry, slash, repository = pattern.removesuffix("/").partition("/")
        registry = DOCKER_HUB if registry == _LEGACY_HUB else registry
        return fnmatchcase(f"{self.registry}/{self.repository}" if slash else self.registry,
                           f"{registry}/{repository}" if slash else registry)  # fmt: skip


class BrokenReference(msgspec.Struct, frozen=True):
    """A text that is no reference, and why; `variable` is what was left for a tool to fill in."""

    written: str
    reason: str
    variable: str | None = None


@lru_cache(maxsize=4096)
def parse(written: str) -> Reference | BrokenReference:
    """Read a reference as a manifest writes it."""
    variable = _VARIABLE.search(written)
    if variable is not None:
        reason = f"{variable[0]} stands for a value that is not filled in"
        return BrokenReference(written, reason, variable[0])
    registry, rest = _split(written)
    match = _FORM.fullmatch(f"{registry}/{rest}")
    fault = _why_not(written, rest, match)
    if match is None or fault is not None:
        return BrokenReference(written, fault or "it is not of the form [registry/]name[:tag][@digest]")
    return Reference(match["registry"], match["repository"], match["tag"], match["digest"], written)


def _split(written: str) -> tuple[str, str]:
    """The registry and the rest: the first part is a registry if it can be nothing else."""
    first, slash, rest = written.partition("/")
    if not slash:
        return DOCKER_HUB, f"library/{written}"
    if first != "localhost" and "." not in first and ":" not in first and first == first.lower():
        return DOCKER_HUB, written
    registry = DOCKER_HUB if first == _LEGACY_HUB else first
    if registry == DOCKER_HUB and "/" not in rest:
        rest = f"library/{rest}"
    return registry, rest


def _is_digest(digest: str) -> bool:
    algorithm, _, value = digest.partition(":")
    return _DIGEST_LENGTHS.get(algorithm) == len(value) and _HEX.fullmatch(value) is not None


def _why_not(written: str, rest: str, match: re.Match[str] | None) -> str | None:
    """What is wrong with it, as far as more can be said than that its form is."""
    named, at, digest = rest.partition("@")
    name = named.partition(":")[0]
    wrong = (
        (written != written.strip(), "it starts or ends with white space"),
        ("://" in written, "a reference has no scheme such as https://"),
        (_IDENTIFIER.fullmatch(written), "64 hexadecimal digits are an image's id, not a name"),
        (name != name.lower(), "a repository's name must be lower-case"),
        (at and not _is_digest(digest), "a digest is sha256: and 64 lower-case hexadecimal digits"),
        (named.endswith(":"), "the tag after the colon is empty"),
        (written.endswith("/"), "the name after the last slash is empty"),
        (match and len(match["repository"]) > _LONGEST, "a repository's name has at most 255 characters"),
    )
    return next((reason for is_so, reason in wrong if is_so), None)
