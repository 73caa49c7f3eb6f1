"""Users and groups of an answer of a SCIM service, saved to a file.

Source: RFC 7644 §3.4.2 (list responses), RFC 7643 §4 (users and groups).
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec

from casemate.model.errors import ReadError
from casemate.model.identities import KINDS, Account, SourceSetting
from casemate.model.rbac import GROUP, USER
from casemate.readers.identities.sources import Outcome, content, source_of, text

_SCHEMAS = {
    "urn:ietf:params:scim:schemas:core:2.0:user": USER,
    "urn:ietf:params:scim:schemas:core:2.0:group": GROUP,
}
_TYPES = {"user": USER, "group": GROUP}


def read(setting: SourceSetting, now: dt.datetime) -> Outcome:  # noqa: ARG001 # as all readers
    """What an answer holds: one ListResponse, a list of them, or a list of resources."""
    data = text(content(setting.path)).strip()
    if not data:
        raise ReadError("an empty file")
    try:
        answer = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ReadError(f"this is no JSON: {error}") from error
    users: list[Account] = []
    groups: list[Account] = []
    gaps = []
    resources, gap = _resources(answer)
    if gap:
        gaps.append(gap)
    for number, resource in enumerate(resources):
        where = f"resource {number + 1}"
        kind = _kind(resource, where)
        if kind == USER:
            users += _named(resource, setting.user_attribute or "userName", setting.user_prefix, where)
        elif kind == GROUP:
            groups += _named(resource, setting.group_attribute or "displayName", setting.group_prefix, where)
    stated = {KINDS[word] for word in setting.complete}
    knows = frozenset(kind for kind, found in ((USER, users), (GROUP, groups)) if found or kind in stated)
    return Outcome(source_of(setting, setting.path, tuple(users), tuple(groups), knows), tuple(gaps))


def _resources(answer: Any) -> tuple[list[Any], str]:
    """All resources, and what is missing of them."""
    if isinstance(answer, list) and not any(isinstance(one, dict) and "Resources" in one for one in answer):
        return answer, ""
    found: list[Any] = []
    there: dict[str | None, int] = {}
    wanted: dict[str | None, int] = {}
    for page in answer if isinstance(answer, list) else [answer]:
        if not isinstance(page, dict) or ("Resources" not in page and page.get("totalResults") != 0):
            raise ReadError("no answer of a SCIM service: a ListResponse with Resources is expected")
        part = page.get("Resources", [])
        if not isinstance(part, list):
            raise ReadError("Resources is no list")
        total = page.get("totalResults", len(part))
        if isinstance(total, bool) or not isinstance(total, int):
            raise ReadError("totalResults is no number")
        # Pages of one query repeat its total; users and groups may be two queries.
        kind = _kind(part[0], "resource 1 of a page") if part else None
        wanted[kind] = max(wanted.get(kind, 0), total)
        there[kind] = there.get(kind, 0) + len(part)
        found += part
    missing = sum(max(0, total - there[kind]) for kind, total in wanted.items())
    if missing:
        return (
            found,
            f"{missing:,} of its resources are on other pages: save them too, as a list of all answers",
        )
    return found, ""


def _kind(resource: Any, where: str) -> str | None:
    if not isinstance(resource, dict):
        raise ReadError(f"{where} is no map")
    schemas = resource.get("schemas")
    for schema in schemas if isinstance(schemas, list) else ():
        if isinstance(schema, str) and schema.lower() in _SCHEMAS:
            return _SCHEMAS[schema.lower()]
    meta = resource.get("meta")
    sort = meta.get("resourceType") if isinstance(meta, dict) else None
    if isinstance(sort, str):
        return _TYPES.get(sort.lower())
    if "userName" in resource:
        return USER
    return GROUP if "displayName" in resource and "members" in resource else None


def _named(resource: dict[str, Any], attribute: str, prefix: str, where: str) -> Iterator[Account]:
    active = resource.get("active", True)
    if isinstance(active, str) and active.lower() in {"true", "false"}:  # a well-known slip of services
        active = active.lower() == "true"
    if not isinstance(active, bool):
        raise ReadError(f"{where}: active is neither true nor false")
    value = resource.get(attribute)
    if attribute == "emails":
        value = _primary(value)
    if not isinstance(value, str) or not value:
        raise ReadError(f"{where} has no {attribute}")
    yield Account(prefix + value, where, "" if active else "active is false")


def _primary(emails: Any) -> Any:
    """The address that is marked as primary, or the only one."""
    found = [one for one in emails if isinstance(one, dict)] if isinstance(emails, list) else []
    chosen = [one for one in found if one.get("primary") is True] or (found if len(found) == 1 else [])
    return chosen[0].get("value") if chosen else None
