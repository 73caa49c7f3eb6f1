"""The ConfigMap that maps users and roles of AWS."""

from pathlib import Path

import pytest

from casemate.model.errors import ReadError
from casemate.model.identities import Account, SourceSetting
from casemate.readers.identities import aws_auth
from casemate.readers.identities.sources import Outcome
from tests.readers.identities.test_exports import NOW

MAP = """apiVersion: v1
kind: ConfigMap
metadata: {name: aws-auth, namespace: kube-system}
data:
  mapUsers: |
    - userarn: arn:aws:iam::111122223333:user/jane
      username: jane
      groups: [system:masters, devs]
    - userarn: arn:aws:iam::111122223333:user/nameless
  mapRoles: |
    - rolearn: arn:aws:iam::111122223333:role/nodes
      username: system:node:{{EC2PrivateDNSName}}
      groups: [system:nodes, "{{SessionName}}"]
    - rolearn: arn:aws:iam::111122223333:role/ci
      username: ci
"""


def read(text: str, tmp_path: Path) -> Outcome:
    (tmp_path / "aws-auth.yaml").write_text(text)
    setting = SourceSetting(aws_auth=str(tmp_path / "aws-auth.yaml"), complete=("users", "groups"))
    return aws_auth.read(setting, NOW)


def test_users_and_roles(tmp_path: Path) -> None:
    found = read(MAP, tmp_path)
    jane = "mapUsers of arn:aws:iam::111122223333:user/jane"
    assert found.source.users == (
        Account("jane", jane),
        Account("ci", "mapRoles of arn:aws:iam::111122223333:role/ci"),
    )
    assert [group.name for group in found.source.groups] == ["system:masters", "devs", "system:nodes"]
    assert found.gaps == ()


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        (MAP, {"User", "Group"}),
        (MAP + "  mapAccounts: '[]'\n", {"User", "Group"}),
        (MAP + "  mapAccounts: ''\n", {"User", "Group"}),
        (MAP + '  mapAccounts: |\n    - "111122223333"\n', {"Group"}),
        (MAP.replace("username: ci", "username: ci-{{SessionName}}"), {"Group"}),
    ],
    ids=["plain", "no accounts", "empty", "accounts", "template"],
)
def test_names_that_stand_for_many(text: str, complete: set[str], tmp_path: Path) -> None:
    assert set(read(text, tmp_path).source.complete) == complete


def test_keys_in_any_case(tmp_path: Path) -> None:
    text = MAP.replace("userarn", "uSeRaRn").replace("username", "UsErNaMe").replace("groups", "gRoUpS")
    assert read(text, tmp_path).source.users == read(MAP, tmp_path).source.users


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "no ConfigMap"),
        ("kind: Secret\ndata: {}\n", "no ConfigMap"),
        ("kind: ConfigMap\n", "no ConfigMap"),
        ("- kind: ConfigMap\n", "no ConfigMap"),
        ("kind: [\n", "."),
        ("kind: ConfigMap\ndata: {mapUsers: 1}\n", "mapUsers is no text"),
        ("kind: ConfigMap\ndata: {mapUsers: '['}\n", "mapUsers is no YAML"),
        ("kind: ConfigMap\ndata: {mapUsers: 'a: b'}\n", "mapUsers is no list of maps"),
        ("kind: ConfigMap\ndata: {mapRoles: '[a]'}\n", "mapRoles is no list of maps"),
        (
            "kind: ConfigMap\ndata: {mapRoles: '[{groups: a}]'}\n",
            "mapRoles of nobody: groups is no list of names",
        ),
        ("kind: ConfigMap\ndata: {mapRoles: '[{groups: [1]}]'}\n", "groups is no list of names"),
    ],
)
def test_what_is_no_such_map(text: str, error: str, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=error):
        read(text, tmp_path)
