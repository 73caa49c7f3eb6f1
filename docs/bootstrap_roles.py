"""Writes the roles and bindings that Kubernetes itself brings: `python docs/bootstrap_roles.py`.

Needed are PyYAML, Go, and the source of each release in `VERSIONS`, as `go mod download
k8s.io/kubernetes@v1.37.2` fetches it. What a release makes by default is its own test data; what it makes
with every feature gate on is what its policy files say when they run (bootstrap_roles.go.txt). The outcome
is the data in src/casemate/analysis/rbac/bootstrap, the same text each time.

Source: plugin/pkg/auth/authorizer/rbac/bootstrappolicy of Kubernetes.
"""

import json
import re
import subprocess
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

VERSIONS = (
    "1.16.15", "1.17.17", "1.18.20", "1.19.16", "1.20.15", "1.21.14", "1.22.17", "1.23.17", "1.24.17",
    "1.25.16", "1.26.15", "1.27.16", "1.28.15", "1.29.15", "1.30.14", "1.31.14", "1.32.13", "1.33.13",
    "1.34.9", "1.35.6", "1.36.3", "1.37.2",
)  # fmt: skip
POLICY = "plugin/pkg/auth/authorizer/rbac/bootstrappolicy"
OUT = Path(__file__).parent.parent / "src/casemate/analysis/rbac/bootstrap"
LABEL = ("kubernetes.io/bootstrapping", "rbac-defaults")
AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-"
CORE = "core"
SETS = {
    "READ": ("get", "list", "watch"),
    "WRITE": ("create", "delete", "deletecollection", "patch", "update"),
}
WIDTH = 108
Tree = dict[str, Any]
Key = tuple[str, str, str]
State = tuple[int, ...]


def main() -> None:
    """Read the releases and write the data."""
    for name, text in modules().items():
        (OUT / f"{name}.py").write_text(text, encoding="utf-8")


def modules() -> dict[str, str]:
    """The text of each module of data.

    Raises `FileNotFoundError` where a release's source is not there, `SystemExit` where it says what this
    program does not expect.
    """
    folders = {int(version.split(".")[1]): _folder(version) for version in VERSIONS}
    default = {minor: _by_key(_test_data(folder)) for minor, folder in folders.items()}
    gated = {minor: _by_key(objects) for minor, objects in _run(folders).items()}
    for minor, objects in default.items():
        for key, tree in objects.items():
            _check(minor, key, tree, gated[minor])
    rules = _Rules()
    keys = sorted({key for objects in gated.values() for key in objects})
    roles = [key for key in keys if key[0].endswith("Role")]
    described = [text for key in roles for text in _role(key, default, gated, rules)]
    bindings = [text for key in keys if key not in roles for text in _binding(key, default, gated)]
    about_rules = "The rules, one a line: verbs | API groups | resources | names, or verbs | URLs."
    return {
        "data_rules": _module(about_rules, "RULES", rules.lines),
        "data_roles": _module("The roles: in which releases they have which rules.", "ROLES", described),
        "data_bindings": _module(
            "The bindings: in which releases they give their role to whom.", "BINDINGS", bindings
        ),
    }


def _folder(version: str) -> Path:
    told = subprocess.run(
        ["go", "env", "GOMODCACHE"], check=True, capture_output=True, text=True  # noqa: S607 # the one in use
    )  # fmt: skip
    folder = Path(told.stdout.strip()) / f"k8s.io/kubernetes@v{version}" / POLICY
    if not folder.is_dir():
        raise FileNotFoundError(f"fetch it first: go mod download k8s.io/kubernetes@v{version}")
    return folder


def _test_data(folder: Path) -> Iterator[Tree]:
    for file in sorted((folder / "testdata").glob("*.yaml")):
        if "featuregates" not in file.name:
            yield from yaml.safe_load(file.read_text(encoding="utf-8"))["items"]


def _by_key(objects: Iterable[Tree]) -> dict[Key, Tree]:
    found = {}
    for tree in objects:
        meta = tree["metadata"]
        found[tree["kind"], meta.get("namespace", ""), meta["name"]] = tree
    return found


def _run(folders: dict[int, Path]) -> dict[int, list[Tree]]:
    """What the policy files of each release make when every feature gate is on."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "go.mod").write_text("module casemate\n\ngo 1.21\n", encoding="utf-8")
        shims = Path(__file__).with_suffix(".go.txt").read_text(encoding="utf-8")
        for part in re.split(r"(?m)^(?=package )", shims)[1:]:
            _put(work, part.split()[1], part)
        gates: dict[str, set[str]] = {"features": set(), "genericfeatures": set(), "zpagesfeatures": set()}
        for minor, folder in folders.items():
            for file in ("policy.go", "controller_policy.go", "namespace_policy.go"):
                text = (folder / file).read_text(encoding="utf-8")
                for package, names in gates.items():
                    names.update(re.findall(rf"\b{package}\.(\w+)", text))
                text = text.replace("package bootstrappolicy", f"package r{minor}")
                _put(work, f"r{minor}", re.sub(r'(?m)^\t(\w+ )?"(k8s\.io/[^"]+)"$', _import, text), file)
        for package, names in gates.items():
            constants = "\n".join(f'const {name} = "{name}"' for name in sorted(names))
            _put(work, package, f"package {package}\n\n{constants}\n")
        (work / "main.go").write_text(_program(folders), encoding="utf-8")
        told = subprocess.run(
            ["go", "run", "."], cwd=work, check=True, capture_output=True, text=True  # noqa: S607 # the one in use
        )  # fmt: skip
    return {int(minor): objects for minor, objects in json.loads(told.stdout).items()}


def _put(work: Path, package: str, text: str, file: str = "a.go") -> None:
    (work / package).mkdir(exist_ok=True)
    (work / package / file).write_text(text, encoding="utf-8")


def _import(match: re.Match[str]) -> str:
    """The import of a package of ours under the name that the file uses."""
    path = match[2].removesuffix("/v2")
    return f'\t"casemate/{match[1].strip() if match[1] else path.rpartition("/")[2]}"'


def _program(folders: Iterable[int]) -> str:
    imports = "".join(f'\t"casemate/r{minor}"\n' for minor in folders)
    calls = "".join(
        f"\tadd(all, {minor}, r{minor}.ClusterRoles(), r{minor}.ControllerRoles(), r{minor}.NamespaceRoles(),"
        f" r{minor}.ClusterRoleBindings(), r{minor}.ControllerRoleBindings(),"
        f" r{minor}.NamespaceRoleBindings())\n"
        for minor in folders
    )
    return f"""package main

import (
	"encoding/json"
	"os"

	"casemate/rbacv1"
{imports})

func add(all map[int][]map[string]any, minor int, a, b []rbacv1.ClusterRole, c map[string][]rbacv1.Role,
	d, e []rbacv1.ClusterRoleBinding, f map[string][]rbacv1.RoleBinding) {{
	put := func(kind string, object any) {{
		text, _ := json.Marshal(object)
		tree := map[string]any{{}}
		json.Unmarshal(text, &tree)
		tree["kind"] = kind
		all[minor] = append(all[minor], tree)
	}}
	for _, role := range append(a, b...) {{
		put("ClusterRole", role)
	}}
	for _, roles := range c {{
		for _, role := range roles {{
			put("Role", role)
		}}
	}}
	for _, binding := range append(d, e...) {{
		put("ClusterRoleBinding", binding)
	}}
	for _, bindings := range f {{
		for _, binding := range bindings {{
			put("RoleBinding", binding)
		}}
	}}
}}

func main() {{
	all := map[int][]map[string]any{{}}
{calls}	json.NewEncoder(os.Stdout).Encode(all)
}}
"""


def _check(minor: int, key: Key, tree: Tree, gated: dict[Key, Tree]) -> None:
    """That the default is part of what there is with every feature gate on, and looks as expected."""
    full = gated.get(key)
    if full is None:
        raise SystemExit(f"1.{minor}: {key} is only in the test data")
    meta = tree["metadata"]
    expected = dict([LABEL])
    for name in ("admin", "edit", "view"):
        if meta.get("labels", {}).get(AGGREGATE + name):
            expected[AGGREGATE + name] = "true"
    if meta["labels"] != expected or meta["labels"] != full["metadata"]["labels"]:
        raise SystemExit(f"1.{minor}: {key} has other labels: {meta['labels']}")
    if any(tree.get(field) != full.get(field) for field in ("aggregationRule", "roleRef")):
        raise SystemExit(f"1.{minor}: {key} differs between the test data and the policy")
    if {_subject(s) for s in tree.get("subjects") or ()} - {_subject(s) for s in full.get("subjects") or ()}:
        raise SystemExit(f"1.{minor}: {key} has more subjects in the test data")
    have = {atom for rule in full.get("rules") or () for atom in _atoms(rule)}
    if not have.issuperset(atom for rule in tree.get("rules") or () for atom in _atoms(rule)):
        raise SystemExit(f"1.{minor}: {key} has more rules in the test data")


def _atoms(rule: Tree) -> Iterator[tuple[str, ...]]:
    for verb in rule["verbs"]:
        for url in rule.get("nonResourceURLs") or ():
            yield verb, url
        for group in rule.get("apiGroups") or ():
            for resource in rule["resources"]:
                for name in rule.get("resourceNames") or ("",):
                    yield verb, group, resource, name


class _Rules:
    """The distinct rules by number."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, rule: Tree) -> int:
        fields = [rule["verbs"], rule.get("nonResourceURLs")]
        if not fields[1]:
            groups = [group or CORE for group in rule["apiGroups"]]
            fields = [rule["verbs"], groups, rule["resources"], rule.get("resourceNames")]
        line = " | ".join(" ".join(_short(values)) for values in fields if values)
        if line not in self._numbers:
            self._numbers[line] = len(self.lines)
            self.lines.append(line)
        return self._numbers[line]


def _short(values: Iterable[str]) -> list[str]:
    """The values in order, those that often come together under one name."""
    rest = set(values)
    names = []
    for name, group in SETS.items():
        if rest.issuperset(group):
            names.append(name)
            rest.difference_update(group)
    return [*names, *sorted(rest)]


Releases = dict[int, dict[Key, Tree]]


def _role(key: Key, default: Releases, gated: Releases, rules: _Rules) -> Iterator[str]:
    """A head line `kind namespace/name labels`, and lines `default 16-20: numbers of the rules`."""
    labels = {str(objects[key]["metadata"]["labels"]) for objects in gated.values() if key in objects}
    if len(labels) > 1:
        raise SystemExit(f"{key} has other labels in other releases: {labels}")
    newest = next(objects[key] for objects in reversed(gated.values()) if key in objects)
    feeds = [name for name in ("admin", "edit", "view")
             if AGGREGATE + name in newest["metadata"]["labels"]]  # fmt: skip
    takes = [
        label.removeprefix(AGGREGATE)
        for selector in (newest.get("aggregationRule") or {}).get("clusterRoleSelectors", ())
        for label in selector["matchLabels"]
    ]
    yield " ".join([*key[:1], f"{key[1]}/{key[2]}", *(f"<{t}" for t in takes), *(f">{f}" for f in feeds)])
    yield from _states(key, default, gated, lambda tree: [str(rules.number(r)) for r in tree["rules"] or ()])


def _binding(key: Key, default: Releases, gated: Releases) -> Iterator[str]:
    """A head line `kind namespace/name kind/name of the role`, and lines `default 16-20: subjects`."""
    newest = next(objects[key] for objects in reversed(gated.values()) if key in objects)
    yield f"{key[0]} {key[1]}/{key[2]} {newest['roleRef']['kind']}/{newest['roleRef']['name']}"
    yield from _states(key, default, gated, lambda tree: [_subject(s) for s in tree.get("subjects") or ()])


def _subject(subject: Tree) -> str:
    return f"{subject['kind']}/{subject.get('namespace', '')}/{subject['name']}"


def _states(
    key: Key, default: Releases, gated: Releases, words: Callable[[Tree], list[str]]
) -> Iterator[str]:
    """What it holds by default, and what feature gates add to it, by spans of releases."""
    usual = {minor: words(objects[key]) for minor, objects in default.items() if key in objects}
    most = {minor: words(objects[key]) for minor, objects in gated.items() if key in objects}
    more = {minor: [word for word in held if word not in usual.get(minor, ())]
            for minor, held in most.items()}  # fmt: skip
    more = {minor: held for minor, held in more.items() if held or minor not in usual}
    for title, states in (("default", usual), ("gated", more)):
        for first, last, held in _spans(states):
            yield f"  {title} {first}-{last}: {' '.join(held)}".rstrip()


def _spans(states: dict[int, list[str]]) -> Iterator[tuple[int, int, list[str]]]:
    minors = sorted(states)
    start = 0
    for index, minor in enumerate(minors):
        following = minors[index + 1] if index + 1 < len(minors) else None
        if following != minor + 1 or states[following] != states[minor]:
            yield minors[start], minor, states[minor]
            start = index + 1


def _module(title: str, name: str, lines: Iterable[str]) -> str:
    about = f"{title}\n\nWritten by docs/bootstrap_roles.py from Kubernetes {VERSIONS[0]} to {VERSIONS[-1]}."
    text = "".join(f"{part}\n" for line in lines for part in _wrapped(line))
    return f'"""{about}\n"""\n\n{name} = """\n{text}"""\n'


def _wrapped(line: str) -> list[str]:
    """A long line in parts, of which all but the first are indented by four more."""
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(
        line.strip(), WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
