"""Users and groups that the ConfigMap `aws-auth` gives to users and roles of AWS.

A user name with a template (`{{SessionName}}`) stands for many and is no name; that of nodes is Kubernetes'
own. `mapAccounts` lets in every user of an account under its ARN. With either of them the users that are
listed are not all.

Source: aws-iam-authenticator, pkg/mapper/configmap (mapRoles, mapUsers, mapAccounts: texts that hold YAML;
keys in any case; texts that are passed over).
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec

from casemate.model.errors import ReadError
from casemate.model.identities import Account, SourceSetting
from casemate.model.rbac import USER
from casemate.readers import yaml_text
from casemate.readers.identities.sources import Outcome, content, source_of

_LISTS = {"mapUsers": "userarn", "mapRoles": "rolearn"}
_TEMPLATE = "{{"
_NODES = "system:node:{{"
_NOTHING = frozenset(("", "``", '""'))


def read(setting: SourceSetting, now: dt.datetime) -> Outcome:  # noqa: ARG001 # as all readers
    """What a file with the ConfigMap holds. Raises `ReadError` with the line of what is none."""
    tree = _tree(content(setting.path))
    data = tree.get("data") if isinstance(tree, dict) and tree.get("kind") == "ConfigMap" else None
    if not isinstance(data, dict):
        raise ReadError("no ConfigMap: kubectl get configmap -n kube-system aws-auth -o yaml gives it")
    users: list[Account] = []
    groups: list[Account] = []
    others = bool(_tree_of(data.get("mapAccounts"), "mapAccounts"))
    for key, arn in _LISTS.items():
        for entry in _entries(data.get(key), key):
            where = f"{key} of {entry.get(arn) or 'nobody'}"
            name = entry.get("username")
            if isinstance(name, str) and _TEMPLATE in name:
                others = others or not name.startswith(_NODES)
            elif isinstance(name, str) and name:
                users.append(Account(setting.user_prefix + name, where))
            names = _names(entry.get("groups"), where)
            groups += (Account(setting.group_prefix + group, where) for group in names)
    source = source_of(setting, setting.path, tuple(users), tuple(groups))
    if others:
        source = msgspec.structs.replace(source, complete=source.complete - {USER})
    return Outcome(source)


def _entries(text: Any, key: str) -> Iterator[dict[str, Any]]:
    found = _tree_of(text, key)
    if found is None:
        return
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ReadError(f"{key} is no list of maps")
    yield from ({str(name).lower(): value for name, value in one.items()} for one in found)


def _names(value: Any, where: str) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ReadError(f"{where}: groups is no list of names")
    yield from (name for name in value if _TEMPLATE not in name)


def _tree_of(text: Any, key: str) -> Any:
    """What a text of the ConfigMap holds."""
    if text is None:
        return None
    if not isinstance(text, str):
        raise ReadError(f"{key} is no text")
    if text.strip() in _NOTHING:
        return None
    try:
        return _tree(text.encode())
    except ReadError as error:
        raise ReadError(f"{key} is no YAML: {error}") from error


def _tree(data: bytes) -> Any:
    trees = (tree for chunk in yaml_text.split(data) for tree in yaml_text.read(chunk))
    return next((tree.value for tree in trees if isinstance(tree, yaml_text.Tree)), None)
