"""The resources of a cluster, from what kubectl prints."""

import json
from pathlib import Path
from typing import Any

import pytest

from casemate.model.errors import ReadError, UsageError
from casemate.readers.api_resources_file import read_api_resources

WIDE = """\
NAME           SHORTNAMES   APIVERSION             NAMESPACED   KIND          VERBS                                 CATEGORIES
nodes          no           v1                     false        Node          create,delete,get,list,patch,update
certificates   cert,certs   cert-manager.io/v1     true         Certificate   delete,get,list                       cert-manager
issuers                     cert-manager.io/v1     true         Issuer        get
"""
LIST = {
    "kind": "APIResourceList",
    "groupVersion": "apps/v1",
    "resources": [
        {"name": "deployments", "namespaced": True, "kind": "Deployment", "verbs": ["get", "list"]},
        {"name": "deployments/scale", "namespaced": True, "group": "autoscaling", "kind": "Scale", "verbs": ["get"]},
    ],
}  # fmt: skip
AGGREGATED = {
    "kind": "APIGroupDiscoveryList",
    "items": [
        {
            "metadata": {"name": "x.example"},
            "versions": [
                {"version": "v1", "resources": [{"resource": "certs", "scope": "Cluster", "verbs": ["get"], "subresources": [{"subresource": "status", "verbs": ["get", "patch"]}]}]},
                {"version": "v2", "resources": [{"resource": "certs", "scope": "Cluster", "verbs": ["list"]}]},
            ],
        }
    ],
}  # fmt: skip


def read(tmp_path: Path, text: Any) -> dict[tuple[str, str], tuple[bool, tuple[str, ...]]]:
    path = tmp_path / "resources"
    path.write_text(text if isinstance(text, str) else json.dumps(text))
    return {(item.group, item.name): (item.namespaced, item.verbs) for item in read_api_resources(str(path))}


def test_the_table(tmp_path: Path) -> None:
    found = read(tmp_path, WIDE + "\n")
    assert found["", "nodes"] == (False, ("create", "delete", "get", "list", "patch", "update"))
    assert found["cert-manager.io", "certificates"] == (True, ("delete", "get", "list"))
    assert found["cert-manager.io", "issuers"] == (True, ("get",))
    assert found["cert-manager.io", "issuers/status"] == (True, ("get", "patch", "update"))
    assert len(found) == 9
    narrow = "\n".join(line[:77].rstrip() for line in WIDE.splitlines())
    assert "watch" in read(tmp_path, narrow)["", "nodes"][1]


def test_discovery(tmp_path: Path) -> None:
    assert read(tmp_path, LIST) == {
        ("apps", "deployments"): (True, ("get", "list")),
        ("autoscaling", "deployments/scale"): (True, ("get",)),
    }
    assert read(tmp_path, AGGREGATED) == {
        ("x.example", "certs"): (False, ("get", "list")),
        ("x.example", "certs/status"): (False, ("get", "patch")),
    }
    assert len(read(tmp_path, [LIST, AGGREGATED])) == 4
    assert len(read(tmp_path, json.dumps(LIST) + "\n" + json.dumps(AGGREGATED))) == 4
    core = {
        "kind": "APIResourceList",
        "groupVersion": "v1",
        "resources": [{"name": "pods", "namespaced": True}],
    }
    assert ("", "pods") in read(tmp_path, core)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("deployments.apps\n", "neither JSON nor the table"),
        ("", "neither JSON nor the table"),
        (WIDE.splitlines()[0], "names no resource"),
        (WIDE + "x y\n", ":5: this row does not stand under the headings"),
        ("{", "no JSON"),
        ('{"kind": "Pod"}', "no list of API resources"),
        ('{"kind": "APIResourceList"}', "no list of API resources"),
        ('{"kind": "APIResourceList", "groupVersion": 5}', "no list of API resources"),
        ('{"kind": "APIResourceList", "groupVersion": "v1", "resources": [{"name": 5, "namespaced": true}]}', "no list of API"),
        ("[5]", "no list of API resources"),
    ],
)  # fmt: skip
def test_what_is_neither(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=told):
        read(tmp_path, text)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_api_resources(str(tmp_path / "none"))
