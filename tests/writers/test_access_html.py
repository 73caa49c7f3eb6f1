"""Pages about access: self-contained, trusting no name, small, and the same for the same answer."""

import base64
import hashlib
import io
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.rules import Request
from casemate.cli.access_answers import RuleLines
from casemate.engine.access import Access, access_to
from casemate.model.rbac import Binding
from casemate.model.settings import Settings
from casemate.model.version import KubernetesVersion
from casemate.readers.estate import read_estate
from casemate.writers import access_html
from tests.writers.test_access_pictures import HOSTILE, many
from tests.writers.test_access_pictures import hostile as hostile_access
from tests.writers.test_html import Page, page_of, report_of

NEWEST = KubernetesVersion(1, 37)
SECRETS = Request(verb="get", resource="secrets", namespace="shop")
RBAC = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: 'reader</style>', labels: {into: union}}
rules:
  - {apiGroups: [''], resources: [configmaps], verbs: [get]}
  - {apiGroups: [''], resources: [secrets, "</script>"], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: union}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {into: union}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: read, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: union}
subjects:
  - {kind: User, apiGroup: rbac.authorization.k8s.io, name: "<img src=x onerror=alert(1)>"}
  - {kind: Group, apiGroup: rbac.authorization.k8s.io, name: "crew\\u202e"}
"""
MORE = """\
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: read, namespace: n{number}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}
subjects:
  - {{kind: User, apiGroup: rbac.authorization.k8s.io, name: {name}}}
"""


def shown(access: Access, now: datetime | None = None) -> Page:
    out = io.StringIO()
    access_html.write(access, out, RuleLines(), NEWEST, now)
    return Page(out.getvalue())


@pytest.fixture
def small(tmp_path: Path) -> Access:
    (tmp_path / "rbac.yaml").write_text(RBAC, encoding="utf-8")
    estate = read_estate((str(tmp_path),), Settings())
    return access_to(Authorizer.of(estate, NEWEST), SECRETS, "Who can get <secrets>?", estate.coverage)


def test_the_page_needs_nothing_but_itself(small: Access) -> None:
    page = shown(small)
    for tag, attributes in page.elements:
        assert tag not in {"img", "iframe", "object", "embed", "form", "base"}
        assert "src" not in attributes
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "#").startswith(("#", "data:,"))
    policy = next(
        str(a["content"]) for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"
    )
    for name, text in (("script", page.inside["script"][0]), ("style", page.inside["style"][0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
        assert "http:" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "https:" not in text
    assert policy.startswith("default-src 'none';")


def test_paths_are_rows_of_numbers_into_tables(small: Access, tmp_path: Path) -> None:
    data = shown(small).data
    assert data["subjects"] == [["Group", "", "crew\\u202e"], ["User", "", "<img src=x onerror=alert(1)>"]]
    assert data["bindings"] == [["RoleBinding", "shop", "read", f"{tmp_path}/rbac.yaml:16:1"]]
    assert [role[:3] for role in data["roles"]] == [
        ["ClusterRole", "", "union"],
        ["ClusterRole", "", "reader</style>"],
    ]
    assert data["paths"] == [[1, 0, 0, 0, "shop"], [0, 0, 0, 0, "shop"]]
    ((words, verbs, resources, number, role, place, wide, inside, gives),) = data["rules"]
    assert (words, verbs, resources) == (
        "get, list on secrets, </script>",
        ["get", "list"],
        ["secrets", "</script>"],
    )
    assert (number, role, place) == (1, 1, f"{tmp_path}/rbac.yaml:6:5")
    assert (data["severities"][wide], data["severities"][inside]) == ("high", "medium")
    assert "values of all Secrets" in gives[0]


def test_a_reader_without_a_script_sees_every_line(small: Access) -> None:
    page = shown(small, datetime(2026, 6, 1, 8, 30, tzinfo=UTC))
    assert "Who can get <secrets>?" in page.text
    assert "1 June 2026, 08:30 UTC" in page.text
    assert (
        "User <img src=x onerror=alert(1)>shopget, list on secrets, </script>RoleBinding shop/read"
        in page.text
    )
    assert "RoleBinding shop/read, ClusterRole union" in page.text
    assert "Not every Role, ClusterRole, RoleBinding and ClusterRoleBinding" in page.text


def test_no_name_is_read_as_markup() -> None:
    page = shown(hostile_access())
    assert len(page.inside["script"]) == 2
    assert len(page.inside["style"]) == 1
    assert "\u202e" not in page.whole
    names = {name for _, _, name in page.data["subjects"]}
    assert {HOSTILE[0], "x\\u202egnp.exe", "line\\u000abreak\\u0009tab", "n" * 253} <= names


def test_a_thousand_subjects_are_a_small_page() -> None:
    page = shown(many(1_000, 100, 900))
    assert len(page.whole) < 2_000_000
    assert len(page.data["subjects"]) == 1_000
    assert page.text.count("further lines of access") == 1
    assert page.whole == shown(many(1_000, 100, 900)).whole


def test_roles_stand_in_the_order_of_their_holders() -> None:
    data = shown(many(90, 4, 10)).data
    holders = [len({path[0] for path in data["paths"] if path[2] == role}) for role in range(4)]
    assert holders == sorted(holders, reverse=True)


def test_everything_is_told_from_what_is_merely_bad(tmp_path: Path) -> None:
    text = MORE.format(number=1, role="cluster-admin", name="ada").replace(
        "RoleBinding", "ClusterRoleBinding", 1
    )
    (tmp_path / "rbac.yaml").write_text(text, encoding="utf-8")
    estate = read_estate((str(tmp_path),), Settings())
    page = shown(access_to(Authorizer.of(estate, NEWEST), SECRETS, "Who?"))
    ((words, *_, place, wide, inside, _),) = page.data["rules"]
    assert (words, place) == ("everything", "Kubernetes 1.37")
    assert [page.data["severities"][s] for s in (wide, inside)] == ["critical", "high"]


def test_an_answer_of_nobody_says_so_and_why_it_may_be_wrong(tmp_path: Path) -> None:
    text = "".join(MORE.format(number=n, role=f"lost{n}", name="ada") for n in range(9))
    (tmp_path / "rbac.yaml").write_text(text, encoding="utf-8")
    estate = read_estate((str(tmp_path),), Settings())
    access = access_to(
        Authorizer.of(estate, NEWEST), Request(verb="get", resource="secrets"), "Who?", anywhere=True
    )
    page = shown(access)
    assert "Nothing that was read allows it." in page.text
    assert "and 6 more" in page.text
    assert page.data["paths"] == []


BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no browser here")
@pytest.mark.parametrize(
    ("address", "drawn", "said"),
    [
        ("#picture", 8 + 3 * 4, "1,000 of 1,000 lines of access: 1,000 subjects, 900 bindings, 4 roles, 4 rules"),
        ("#picture?kind=User&q=s99", 5 + 3 * 4, "5 of 1,000 lines of access: 5 subjects, 4 bindings, 4 roles, 4 rules"),
        ("#picture?verb=list", 0, "0 of 1,000 lines of access"),
        ("#list?only=role.0", 0, "1 role, 1 rule"),
        ("#picture?only=nobody.7&only=role.99", 8 + 3 * 4, "1,000 of 1,000 lines"),
    ],
)  # fmt: skip
def test_a_browser_draws_what_the_address_asks_for(
    address: str, drawn: int, said: str, tmp_path: Path
) -> None:
    out = io.StringIO()
    access_html.write(many(1_000, 4, 900), out, RuleLines(), NEWEST)
    path = tmp_path / "page.html"
    path.write_text(out.getvalue(), encoding="utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000", "--dump-dom")
    found = subprocess.run(
        [str(BROWSER), *options, path.as_uri() + address], check=True, capture_output=True, text=True
    )
    assert said in found.stdout
    assert found.stdout.count('class="node ') == drawn


@pytest.mark.skipif(shutil.which("node") is None, reason="no program here runs scripts outside of a browser")
@pytest.mark.parametrize("name", ["page.js", "report.js", "access.js"])
def test_the_scripts_are_well_formed(name: str) -> None:
    script = Path(access_html.__file__).with_name("assets") / name
    subprocess.run(["node", "--check", str(script)], check=True)


def test_the_report_of_an_estate_with_bindings_says_who_holds_power(tmp_path: Path) -> None:
    (tmp_path / "rbac.yaml").write_text(
        RBAC + "".join(MORE.format(number=n, role="union", name=f"user{n}") for n in range(70))
        + "".join(MORE.format(number=100 + n, role="edit", name="eve") for n in range(5))
        + MORE.format(number=200, role="lost", name="bob") + MORE.format(number=201, role="cluster-admin", name="zoe")
        + MORE.format(number=202, role="view", name="vic"),
        encoding="utf-8",
    )  # fmt: skip
    report = report_of(tmp_path)
    page = page_of(report)
    assert '<a href="#access">Access</a>' in page.whole
    assert "Who holds what power" in page.text
    assert "75 subjects of bindings: 74 with power over others, 1 without." in page.text
    assert "and 71 others" in page.text
    assert "<img" not in page.whole
    assert "shop/crew\\u202e" not in page.text
    assert "which takes in reader</style>: get, list on secrets, </script>" in page.text
    assert "RoleBinding shop/read" in page.text
    assert f"{tmp_path}/rbac.yaml:6:5" in page.text
    assert "and likewise in 2 more namespaces" in page.text
    assert "in n100, n101, n102, n103 and 1 more" in page.text
    assert "and 11 more" in page.text
    assert "RoleBinding n200/read gives ClusterRole lost, which was not read." in page.text


def test_the_report_of_an_estate_without_bindings_has_no_access_page(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n", encoding="utf-8"
    )
    page = page_of(report_of(tmp_path))
    assert "#access" not in page.whole.replace(page.inside["style"][0], "")


def test_the_report_names_how_much_it_left_out(tmp_path: Path) -> None:
    made = "".join(MORE.format(number=n, role=f"lost{n}", name="bob") for n in range(30))
    system = MORE.format(number=0, role="cluster-admin", name="system:masters").replace(
        "RoleBinding", "ClusterRoleBinding", 1
    )
    system = system.replace("User", "Group").replace("name: read, namespace: n0", "name: cluster-admin")
    (tmp_path / "rbac.yaml").write_text(made + system, encoding="utf-8")
    report = report_of(tmp_path)
    assert len(list(report.estate.of(Binding))) == 31
    text = page_of(report).text
    assert "and 11 more such sentences" in text
    assert "1 binding of Kubernetes itself left out." in text
