"""An ABAC policy file becomes policies, line by line, as the API server reads it.

A line is a JSON object; blank lines and lines whose first sign is `#` are passed over. A line without a
version is v0, in which what is left out means everything. Keys that are not known are read over, and named
in `Policy.ignored`. The API server does not start with a file of which any line is broken, so that no line of
such a file counts here either.

Source: NewFromFile in pkg/auth/authorizer/abac/abac.go, the decoders of apimachinery pkg/runtime/serializer,
and sigs.k8s.io/json, of Kubernetes 1.37. What does not start with `{` goes to its YAML decoder, which takes a
lone `---`, `null`, or a comment behind a byte order mark for a policy that allows everything to everybody.
"""

import json
import os
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from casemate.model.abac import ABAC, ALL, Policy
from casemate.model.errors import ReadError, UsageError
from casemate.readers import yaml_text
from casemate.readers.files import STDIN, on_disk, reason, standard_input

LONGEST = 64 * 1024
"""Bytes at which a line is too long for the API server, which then refuses the file."""
AUTHENTICATED = "system:authenticated"
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What is white space to Go, which differs from Python in four control characters."""
_LONE = re.compile("[\ud800-\udfff]")
_SHOWN = 5

_FIELDS: Final[dict[str, str]] = {
    "user": "user",
    "group": "group",
    "readonly": "readonly",
    "namespace": "namespace",
    "resource": "resource",
}
_SPEC: Final[dict[str, str]] = {**_FIELDS, "apiGroup": "api_group", "nonResourcePath": "non_resource_path"}
_INTERNAL: Final[dict[str, str]] = {
    "User": "user",
    "Group": "group",
    "Readonly": "readonly",
    "Namespace": "namespace",
    "Resource": "resource",
    "APIGroup": "api_group",
    "NonResourcePath": "non_resource_path",
}


class BrokenLine(msgspec.Struct, frozen=True):
    """A line that the API server refuses, and why."""

    line: int
    message: str


class _Map(list[tuple[str, Any]]):
    """The pairs of a JSON object in their order: of equal keys each counts."""


def read_policies(path: str) -> list[Policy]:
    """The policies of a file, or of standard input for `-`.

    Raises `UsageError` where there is no such file, and `ReadError` where it cannot be read or a line is
    broken; the message names the first lines.
    """
    policies, broken = parse(_loaded(path))
    if broken:
        lines = "; ".join(f"line {item.line}: {item.message}" for item in broken[:_SHOWN])
        more = f"; and {len(broken) - _SHOWN} more" if len(broken) > _SHOWN else ""
        raise ReadError(
            f"{path}: the API server would not start with this policy file: {lines}{more}", broken[0].line
        )
    return policies


def _loaded(path: str) -> bytes:
    if path == STDIN:
        return standard_input().load()
    if not os.path.lexists(path):
        raise UsageError(f"{path}: no such file; name an ABAC policy file")
    if os.path.isdir(path):
        raise UsageError(f"{path} is a folder: name an ABAC policy file")
    try:
        return on_disk(path, path, os.stat(path).st_size).load()
    except OSError as error:
        raise ReadError(f"{path}: {reason(error)}") from error
    except ReadError as error:
        raise ReadError(f"{path}: {error}") from error


def parse(data: bytes) -> tuple[list[Policy], list[BrokenLine]]:
    """The policies of a text, and the lines that are broken."""
    policies, broken = [], []
    for number, line in _lines(data):
        try:
            if len(line) >= LONGEST:
                raise ReadError(f"longer than {LONGEST - 1} bytes, which is too long for the API server")
            policy = _policy(line.removesuffix(b"\r"), number)
        except ReadError as error:
            broken.append(BrokenLine(number, str(error)))
        else:
            if policy is not None:
                policies.append(policy)
    return policies, broken


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(data.split(b"\n"), 1):
        if line:
            yield number, line


def _policy(line: bytes, number: int) -> Policy | None:
    text = line.decode("utf-8", "surrogateescape")
    trimmed = text.strip(_SPACE)
    if not trimmed or trimmed.startswith("#"):
        return None
    value = _json(text) if trimmed.startswith("{") else _yaml(line)
    kept = _whole(trimmed)
    if value is None:
        return _v0(_Map(), number, kept)
    if not isinstance(value, _Map):
        raise ReadError("a JSON object is expected")
    version = _version(value)
    if version == "v0":
        return _v0(value, number, kept)
    names, key = (_INTERNAL, "Spec") if version == "__internal" else (_SPEC, "spec")
    fields: dict[str, Any] = {}
    ignored = []
    for name, inner in value:
        if name == key and isinstance(inner, _Map):
            ignored += [f"spec.{unknown}" for unknown in _decode(inner, names, fields)]
        elif name == key and inner is not None:
            raise ReadError("spec must be an object")
        elif name != key and name.casefold() not in {"apiversion", "kind"}:
            ignored.append(_whole(name))
    return _made(fields, number, version, ignored, kept)


def _v0(value: _Map, number: int, text: str) -> Policy:
    """Source: pkg/apis/abac/v0/conversion.go: what is left out means everything."""
    fields: dict[str, Any] = {}
    known = {"apiversion", "kind"}
    ignored = [name for name in _decode(value, _FIELDS, fields) if name.casefold() not in known]
    if not fields.get("namespace") and not fields.get("resource"):
        fields["non_resource_path"] = ALL
    fields["namespace"] = fields.get("namespace") or ALL
    fields["resource"] = fields.get("resource") or ALL
    fields["api_group"] = ALL
    if not fields.get("user") and not fields.get("group"):
        fields["group"] = AUTHENTICATED
    return _made(fields, number, "v0", ignored, text)


def _made(fields: dict[str, Any], number: int, version: str, ignored: list[str], text: str) -> Policy:
    """`*` for user or group becomes all who have logged in, whatever the other says."""
    user, group = fields.get("user", ""), fields.get("group", "")
    if version != "__internal" and ALL in {user, group}:
        fields |= {"user": "", "group": AUTHENTICATED}
    return Policy(
        **fields,
        line=number,
        version=version,
        stated_user=user,
        stated_group=group,
        ignored=tuple(dict.fromkeys(ignored)),
        text=text,
    )


def _decode(value: _Map, names: dict[str, str], fields: dict[str, Any]) -> list[str]:
    """Set the fields that an object names; null sets nothing. The keys that it does not know."""
    unknown = []
    for key, inner in value:
        name = names.get(key)
        if name is None:
            unknown.append(_whole(key))
        elif inner is not None:
            expected = bool if name == "readonly" else str
            if not isinstance(inner, expected):
                kind = "true or false" if expected is bool else "text"
                raise ReadError(f"{key} must be {kind}")
            fields[name] = _whole(inner) if isinstance(inner, str) else inner
    return unknown


def _version(value: _Map) -> str:
    """The version whose form the line has. Raises `ReadError` where it has none that is known."""
    found = {"apiversion": "", "kind": ""}
    for key, inner in value:
        name = key.casefold()
        if name in found and inner is not None:
            if not isinstance(inner, str):
                raise ReadError(f"{_whole(key)} must be text")
            found[name] = _whole(inner)
    api_version, kind = found["apiversion"], found["kind"]
    if api_version.count("/") > 1:
        raise ReadError(f"{api_version!r} is no apiVersion: {ABAC}/v1beta1 is expected")
    if kind not in {"", "Policy"}:
        raise ReadError(f"{kind!r} is no kind of a policy file: Policy is expected")
    if api_version in {"", "/", f"{ABAC}/", f"{ABAC}/v0"}:
        return "v0"
    version = api_version.removeprefix(f"{ABAC}/")
    if version not in {"v1beta1", "__internal"} or version == api_version:
        raise ReadError(f"{api_version!r} is no apiVersion of a policy: {ABAC}/v1beta1 is expected")
    if not kind:
        raise ReadError("kind is missing: Policy is expected")
    return version


def _json(text: str) -> Any:
    def refuse(word: str) -> Any:
        raise ReadError(f"no JSON: {word} is no value")

    try:
        return json.loads(text, object_pairs_hook=_Map, parse_int=len, parse_float=len, parse_constant=refuse)
    except RecursionError:
        raise ReadError("nested too deeply to be a policy") from None
    except json.JSONDecodeError as error:
        raise ReadError(f"no JSON: {error.msg} (column {error.colno})") from error


def _yaml(line: bytes) -> Any:
    """The first document of the line, whatever follows it; nothing where there is none."""
    try:
        found = next(yaml_text.read(yaml_text.Chunk(yaml_text.as_utf8(line), 1)), None)
    except ReadError as error:
        raise ReadError(f"neither JSON nor YAML: {error}") from error
    return _pairs(found.value) if isinstance(found, yaml_text.Tree) else None


def _pairs(value: Any) -> Any:
    """Maps as the JSON reader gives them."""
    return _Map((key, _pairs(inner)) for key, inner in value.items()) if isinstance(value, dict) else value


def _whole(text: str) -> str:
    """The text with what is no character replaced, as Go replaces it."""
    return _LONE.sub("\ufffd", text)
