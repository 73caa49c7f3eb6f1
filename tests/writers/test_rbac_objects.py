"""Roles and bindings as YAML: read back, they are what was written."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from casemate.model.estate import Ref
from casemate.model.place import Document, Origin
from casemate.model.rbac import Binding, PolicyRule, Role, RoleRef, Subject
from casemate.readers import yaml_text as reader
from casemate.writers.rbac_objects import Commented, scalar, to_list, to_plain, yaml_text

HERE = Origin(Document("a"))


def role(*rules: PolicyRule, kind: str = "ClusterRole", **words: object) -> Role:
    ref = Ref("rbac.authorization.k8s.io/v1", kind, "shop" if kind == "Role" else None, "reader")
    return Role(ref=ref, origin=HERE, rules=rules, **words)  # type: ignore[arg-type] # labels and annotations


def binding(*subjects: Subject) -> Binding:
    ref = Ref("rbac.authorization.k8s.io/v1", "RoleBinding", "shop", "reader")
    return Binding(ref=ref, origin=HERE, role_ref=RoleRef(kind="Role", name="reader"), subjects=subjects)


def read(text: str) -> object:
    (tree,) = reader.read(reader.Chunk(text.encode(), 1))
    assert isinstance(tree, reader.Tree)
    return tree.value


def test_the_form() -> None:
    rule = PolicyRule(verbs=("get", "*"), api_groups=("", "apps"), resources=("pods", "pods/exec"))
    objects: list[Commented | Binding] = [
        Commented(role(rule, kind="Role"), ("one\ntwo",), {0: ("line 3", "")}),
        binding(
            Subject(kind="User", name="bob"),
            Subject(kind="ServiceAccount", name="ci", namespace="shop"),
            Subject(kind="ServiceAccount", name="ci"),
        ),
    ]
    text = "\n".join(yaml_text(objects))
    assert text == (
        "# one two\n"
        "apiVersion: rbac.authorization.k8s.io/v1\n"
        "kind: Role\n"
        "metadata:\n"
        "  name: reader\n"
        "  namespace: shop\n"
        "rules:\n"
        "  # line 3\n"
        "  #\n"
        '  - apiGroups: ["", apps]\n'
        "    resources: [pods, pods/exec]\n"
        '    verbs: [get, "*"]\n'
        "---\n"
        "apiVersion: rbac.authorization.k8s.io/v1\n"
        "kind: RoleBinding\n"
        "metadata:\n"
        "  name: reader\n"
        "  namespace: shop\n"
        "roleRef:\n"
        "  apiGroup: rbac.authorization.k8s.io\n"
        "  kind: Role\n"
        "  name: reader\n"
        "subjects:\n"
        "  - kind: User\n"
        "    apiGroup: rbac.authorization.k8s.io\n"
        "    name: bob\n"
        "  - kind: ServiceAccount\n"
        "    namespace: shop\n"
        "    name: ci\n"
        "  - kind: ServiceAccount\n"
        "    name: ci"
    )
    assert "#" not in "\n".join(yaml_text(objects, comments=False))


def test_long_lists_and_empty_ones() -> None:
    rule = PolicyRule(verbs=("get",), api_groups=("",), resources=tuple(f"resource{n}" for n in range(20)))
    made = role(rule, labels={"b": "yes", "a": "1"}, annotations={"x": "y: z"})
    assert read("\n".join(yaml_text([made]))) == to_plain(made)
    assert max(map(len, yaml_text([made]))) <= 100
    assert read("\n".join(yaml_text([role()]))) == to_plain(role())
    assert to_list([made]) == {"apiVersion": "v1", "kind": "List", "items": [to_plain(made)]}


NASTY = ["*", "", "no", "Yes", "null", "~", "1", "1e3", "0x1", ".inf", "- a", "a: b", "a:", ":a", "#", "a #b", "a\nb",
         "'", '"', "\\", "{a}", "a,b", "!x", "&x", "system:node:a", "/healthz/*", "\x7f", "\x85", "\u2028", "\ufeff",
         "\U0001f600", "\x00", "é", "=", "<<", "2020-01-01", "@x", "`x", "%x", "y", "ON", "-", "?", "a:b:", "trUe"]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_every_text_is_read_back(text: str) -> None:
    assert read(f"a: {scalar(text)}") == {"a": text}
    assert read(f"a: [{scalar(text)}]") == {"a": [text]}


@given(st.text(), st.text(min_size=1))
def test_any_text_is_read_back(name: str, verb: str) -> None:
    made = role(PolicyRule(verbs=(verb,), non_resource_urls=(name,)), annotations={name: verb})
    text = "\n".join(yaml_text([Commented(made, (name,), {0: (verb,)})]))
    assert read(text) == to_plain(made)
    assert yaml.safe_load(text) is not None


def test_half_characters_are_escaped() -> None:
    assert scalar("\ud800") == '"\\ud800"'
