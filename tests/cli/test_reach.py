"""`casemate reach` as people and programs call it: forms, questions, bad input, statuses."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

CLUSTER = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: c, image: i, ports: [{name: sql, containerPort: 5432}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: other, namespace: shop, labels: {app: other}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: sql}]
"""
FAR = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: far, labels: {app: web}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: more, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}}], ports: [{port: 80}]}]
"""
WEB, DB, OTHER = "shop/web[Pod]", "shop/db[Deployment]", "shop/other[Pod]"
INTO_DB = [{"src": WEB, "dst": DB, "protocol": "TCP", "from": 5432, "to": 5432}]
ALL = ("0.0.0.0-255.255.255.255", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop.yaml").write_text(CLUSTER)
    return tmp_path


def test_json(shop: Path, run: Any) -> None:
    ran = run("reach", shop, "--format", "json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.answer["schema"] == "casemate.reach/1"
    assert [row for row in ran.answer["connections"] if row["dst"] == DB] == INTO_DB
    assert {row["src"] for row in ran.answer["connections"] if row["dst"] == WEB} == {DB, OTHER, *ALL}
    assert ran.answer["depends"] == ran.answer["notices"] == []
    assert ran.answer["assumed"] == [
        "Policies are followed as they are written; --cni says what enforces them.",
        "Only policies that were read count; others in the cluster may allow less, or more.",
    ]


def test_text(shop: Path, run: Any) -> None:
    ran = run("reach", shop)
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert lines[1] == "3 workloads in 1 namespace"
    assert "1 of 3 are held to policies for what comes in" in lines
    at = lines.index(DB)
    assert lines[at + 1] == f"  TCP 5432  from {WEB}"


def test_csv(shop: Path, run: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(run("reach", shop, "--format", "csv").out)))
    answer = run("reach", shop, "--format", "json").answer
    assert [{**row, "from": int(row["from"]), "to": int(row["to"])} for row in rows] == answer["connections"]


def test_classes_say_what_the_list_says(shop: Path, run: Any) -> None:
    (shop / "far.yaml").write_text(FAR + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: far}\n")
    found = run("reach", shop, "--format", "classes").answer
    sides = {}
    for side in ("egress", "ingress"):
        for profile in found[side]:
            for subject in _numbers(profile["subjects"]):
                peers = dict.fromkeys(range(len(found["sets"])), profile)
                for part in profile["except"]:
                    peers |= dict.fromkeys(_numbers(part["peers"]), part)
                sides[side, subject] = peers
    pairs = set()
    for source, one in enumerate(found["sets"]):
        for destination, other in enumerate(found["sets"]):
            both = [
                _cells(sides["egress", source][destination]),
                _cells(sides["ingress", destination][source]),
            ]
            for a in one.get("workloads", ()):
                for b in other.get("workloads", ()):
                    if a != b and "{ingress-controller}" not in (a, b):
                        pairs |= {(a, b, *cell) for cell in both[0] & both[1]}
    rows = run("reach", shop, "--format", "json").answer["connections"]
    listed = {
        (row["src"], row["dst"], *cell)
        for row in rows
        if "[" in row["src"] and "[" in row["dst"]
        for cell in _cells({"allowed": [row]})
    }
    assert pairs == listed


def _numbers(ranges: list[list[int]]) -> set[int]:
    return {number for low, high in ranges for number in range(low, high + 1)}


def _cells(part: dict[str, Any]) -> set[tuple[str, int]]:
    return {
        (item["protocol"], port)
        for item in part["allowed"]
        for port in (1, 53, 79, 80, 81, 5431, 5432, 5433, 65_535)
        if item["from"] <= port <= item["to"] and item["protocol"] in {"TCP", "UDP", "SCTP"}
    }


@pytest.mark.parametrize(
    ("name", "sign"), [("dot", "digraph"), ("mermaid", "flowchart"), ("html", "<!doctype html>")]
)
def test_pictures(shop: Path, run: Any, name: str, sign: str) -> None:
    ran = run("reach", shop, "--format", name)
    assert ran.status == 0
    assert sign in ran.out[:200].lower()


def test_several_forms_at_once(shop: Path, run: Any, tmp_path: Path) -> None:
    words = [
        part
        for name in ("json", "csv", "classes", "html")
        for part in ("--format", name, "--output", tmp_path / f"o.{name}")
    ]
    assert run("reach", shop / "shop.yaml", *words, "--format", "text").status == 0
    assert json.loads((tmp_path / "o.json").read_text())["connections"]
    assert (tmp_path / "o.csv").read_text().startswith("src,dst,protocol,from,to\n")
    assert json.loads((tmp_path / "o.classes").read_text())["sets"]
    assert (tmp_path / "o.html").stat().st_size > 1000


def test_only_some(shop: Path, run: Any) -> None:
    def rows(*words: str) -> list[dict[str, Any]]:
        ran = run("reach", shop, *words, "--format", "json")
        assert ran.status == 0
        found: list[dict[str, Any]] = ran.answer["connections"]
        return found

    assert rows("--to", "shop/db") == INTO_DB
    assert {row["src"] for row in rows("--from", WEB)} == {WEB}
    assert {row["dst"] for row in rows("--from", "shop/web")} == {DB, OTHER, *ALL}
    assert rows("--from", "shop/web", "--to", "shop/db") == INTO_DB
    assert rows("--to", "shop/db", "--port", "5433") == []
    assert {(row["protocol"], row["from"]) for row in rows("--to", "shop/other", "--port", "udp/53")} == {
        ("UDP", 1)
    }
    assert {row["src"] for row in rows("--from", "10.0.0.1")} == {ALL[0]}


def test_one_question(shop: Path, run: Any) -> None:
    words = ["--from", "shop/web", "--to", "shop/db", "--port"]
    yes = run("reach", shop, *words, "5432")
    assert yes.status == 0
    place = f"{shop}/shop.yaml:30:5"
    assert yes.out.splitlines() == [
        "yes: shop/web to shop/db at TCP 5432",
        "  egress: nothing isolates the source",
        "  ingress: NetworkPolicy/shop/db spec.ingress[0] allows",
        f"    {place}",
    ]
    no = run("reach", shop, *words, "UDP/5432")
    assert no.status == 1
    assert no.out.splitlines()[0] == "no: shop/web to shop/db at UDP 5432"
    assert "NetworkPolicy/shop/db isolates the destination, and no rule allows it" in no.out
    assert run("reach", shop, *words, "80", "--format", "json").answer == {
        "allowed": False,
        "because": [
            {"direction": "egress", "allowed": True, "policies": [], "rule": None},
            {"direction": "ingress", "allowed": False, "policies": ["NetworkPolicy/shop/db"], "rule": None},
        ],
    }


def test_a_namespace_that_was_not_read(shop: Path, run: Any) -> None:
    (shop / "far.yaml").write_text(FAR)
    ran = run("reach", shop, "--format", "json")
    row = {"src": "far/web[Pod]", "dst": DB, "protocol": "TCP", "from": 80, "to": 80}
    assert row not in ran.answer["connections"]
    assert ran.answer["depends"] == [row]
    assert ran.answer["assumed"][-1] == (
        "Not read, so taken to have no labels but their names: the namespaces far. "
        "What depends on their labels is listed as such."
    )
    assert f"  {DB}: TCP 80 from far/web[Pod]" in run("reach", shop).out.splitlines()
    asked = run("reach", shop, "--from", "far/web", "--to", "shop/db", "--port", "80")
    assert asked.status == 1
    assert asked.out.splitlines()[0] == "depends: far/web to shop/db at TCP 80"
    assert "it depends: the labels of the namespace far, which was not read" in asked.out
    query = b'{"src": "far/web", "dst": "shop/db", "protocol": "TCP", "port": 80}\n'
    assert run("reach", shop, "--queries", "-", stdin=query).answer["allowed"] == "depends"
    found = run("reach", shop, "--format", "classes").answer
    assert any(part["depends"] for profile in found["ingress"] for part in profile["except"])


def test_what_was_read_completely_is_known(shop: Path, run: Any) -> None:
    (shop / "far.yaml").write_text(FAR)
    (shop / "casemate.yaml").write_text("complete: [Namespace, NetworkPolicy]\n")
    answer = run("reach", shop, "--format", "json").answer
    assert answer["depends"] == []
    assert len(answer["assumed"]) == 1


def test_many_namespaces_that_were_not_read_are_counted(shop: Path, run: Any) -> None:
    pods = "".join(
        f"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: far-{i}}}\nspec: {{containers: []}}\n"
        for i in range(9)
    )
    (shop / "far.yaml").write_text(FAR + pods)
    assumed = run("reach", shop, "--format", "json").answer["assumed"][-1]
    assert "the namespaces far, far-0, far-1, far-2, far-3, far-4 and 4 more." in assumed


def test_the_plugin_that_enforces(shop: Path, run: Any) -> None:
    words = ("--from", "shop/other", "--to", "shop/db", "--port", "80")
    assert run("reach", shop, *words).status == 1
    assert run("reach", shop, *words, "--cni", "weave").status == 0  # which knows no names of ports
    answer = run("reach", shop, "--cni", "weave", "--format", "json").answer
    assert answer["notices"]
    assert answer["assumed"][0] == "Policies are followed as Weave Net enforces them (as named)."


def test_queries(shop: Path, run: Any, tmp_path: Path) -> None:
    lines = [
        b'{"src": "shop/web", "dst": "shop/db", "protocol": "TCP", "port": 5432}',
        b'{"src": "shop/other", "dst": "shop/db[Deployment]", "protocol": "tcp", "port": 5432, "more": 1}',
        b'{"src": "shop/web", "dst": "8.8.8.8", "protocol": "UDP", "port": 53}',
        b'{"src": "shop/web", "dst": "shop/db", "port": 5432}',
        b'{"src": "shop/web", "dst": "shop/db", "protocol": "TCP", "port": 5432}',
    ]
    (tmp_path / "q.jsonl").write_bytes(b"\n".join(lines))
    ran = run("reach", shop, "--queries", tmp_path / "q.jsonl")
    assert ran.status == 0
    assert [json.loads(line)["allowed"] for line in ran.out.splitlines()] == [True, False, True, True, True]
    piped = run("reach", shop, "--queries", "-", "--format", "json", stdin=b"\n".join(lines))
    assert piped.out == ran.out


BAD_LINES = {
    b"": "an empty line",
    b"nonsense": "not JSON",
    b"[]": "Expected `object`",
    b"{}": "Object missing required field `src`",
    b'{"src": "shop/web", "dst": "shop/db"}': "Object missing required field `port`",
    b'{"src": "shop/web", "dst": "shop/db", "port": "80"}': "Expected `int`",
    b'{"src": "shop/web", "dst": "shop/db", "port": 80.5}': "Expected `int`",
    b'{"src": "shop/web", "dst": "shop/db", "port": 0}': "0 is no port of TCP",
    b'{"src": "shop/web", "dst": "shop/db", "port": -1}': "-1 is no port of TCP",
    b'{"src": "shop/web", "dst": "shop/db", "port": 65536}': "65536 is no port of TCP",
    b'{"src": "shop/web", "dst": "shop/db", "port": 99999999999999999999}': "",
    b'{"src": "shop/web", "dst": "shop/db", "port": 80, "protocol": "GRE"}': "GRE is no protocol here",
    b'{"src": "shop/web", "dst": "shop/none", "port": 80}': "shop/none is no pod, workload, node or address",
    b'{"src": "", "dst": "shop/db", "port": 80}': "",
    b'{"src": "10.0.0.0/8", "dst": "shop/db", "port": 80}': "10.0.0.0/8 is no pod",
    b'{"src": "shop/web\xff", "dst": "shop/db", "port": 80}': "",
}


def test_a_line_that_cannot_be_answered_leaves_the_others(shop: Path, run: Any) -> None:
    good = b'{"src": "shop/web", "dst": "shop/db", "port": 5432}'
    lines = [line for bad in BAD_LINES for line in (bad, good)]
    ran = run("reach", shop, "--queries", "-", stdin=b"\n".join(lines) + b"\n")
    assert ran.status == 0
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert len(answers) == len(lines)
    for number, message in enumerate(BAD_LINES.values()):
        assert answers[2 * number].keys() == {"error"}
        assert message in answers[2 * number]["error"]
        assert answers[2 * number + 1]["allowed"] is True


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--from", "shop/none"], "shop/none is no pod, workload, node or address that was read"),
        (["--to", "10.0.0.0/8"], "10.0.0.0/8 is no pod"),
        (["--port", "web"], "web is no port: 443, or UDP/53"),
        (["--port", "0"], "0 is no port of TCP: 1 to 65535"),
        (["--port", "70000"], "70000 is no port of TCP"),
        (["--port", "GRE/1"], "GRE is no protocol here"),
        (["--port", "/1"], " is no protocol here"),
        (["--port", "-1"], "-1 is no port"),
        (["--port", "9" * 5000], "is no port"),
        (["--from", "shop/web", "--to", "shop/db", "--port", "GRE/1"], "GRE is no protocol here"),
        (
            ["--from", "shop/web", "--to", "shop/db", "--port", "80", "--format", "csv"],
            "text or json, not csv",
        ),
        (["--queries", "none.jsonl"], "none.jsonl cannot be read"),
        (["--queries", "-", "--format", "text"], "JSON Lines"),
        (["--format", "xml"], "xml"),
        (["--cni", "nonsense"], "nonsense"),
    ],
)
def test_wrong_usage(shop: Path, run: Any, words: list[str], message: str) -> None:
    ran = run("reach", shop, *words)
    assert ran.status == 2
    assert ran.out == ""
    assert message in ran.err
    assert len(ran.err.splitlines()) <= 3


def test_a_target_that_is_not_there(run: Any) -> None:
    ran = run("reach", "no-such-folder")
    assert ran.status == 2
    assert "no-such-folder" in ran.err


def test_what_cannot_be_read(shop: Path, run: Any) -> None:
    (shop / "broken.yaml").write_text("apiVersion: v1\nkind: [\n")
    ran = run("reach", shop, "--to", "shop/db", "--format", "json")
    assert ran.status == 3
    assert ran.answer["connections"] == INTO_DB
    assert f"casemate: not read, so the answer may be incomplete: {shop}/broken.yaml:" in ran.err
    assert run("reach", shop, "--allow-unreadable", "--quiet").err == ""
    assert run("reach", shop, "--allow-unreadable").status == 0
    words = ("--from", "shop/web", "--to", "shop/db", "--port")
    assert run("reach", shop, *words, "5432").status == 3
    assert run("reach", shop, *words, "80").status == 3
    assert run("reach", shop, "--queries", "-").status == 3


def test_a_target_without_pods(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text("a: b\n")
    ran = run("reach", tmp_path, "--format", "json")
    assert (ran.status, ran.answer["connections"]) == (0, [])
    assert "0 workloads in 0 namespaces" in run("reach", tmp_path).out
    assert run("reach", tmp_path, "--format", "classes").answer["sets"]


POLICY = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: bad-{number}, namespace: shop}}
spec: {{podSelector: {{matchLabels: {{app: other}}}}, {spec}}}
"""
REFUSED = [
    "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}]",
    "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]",
    "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [192.168.0.0/16]}}]}]",
    "ingress: [{ports: [{port: 65536}]}]",
    "ingress: [{ports: [{port: 90, endPort: 80}]}]",
    "ingress: [{ports: [{port: 80, protocol: HTTP}]}]",
    "ingress: [{from: [{podSelector: {matchExpressions: [{key: a, operator: Like, values: [b]}]}}]}]",
    "policyTypes: [Inbound]",
]


def test_policies_that_the_api_server_refuses(shop: Path, run: Any) -> None:
    texts = [POLICY.format(number=number, spec=spec) for number, spec in enumerate(REFUSED)]
    (shop / "bad.yaml").write_text("".join(texts))
    ran = run("reach", shop, "--format", "json")
    assert ran.status == 0
    notices = ran.answer["notices"]
    assert [item["policy"] for item in notices] == [
        f"NetworkPolicy/shop/bad-{n}" for n in range(len(REFUSED))
    ]
    assert all(item["message"].startswith("the API server refuses the policy: ") for item in notices)
    assert all(item["file"] == f"{shop}/bad.yaml" and item["path"].startswith("spec.") for item in notices)
    assert {row["src"] for row in ran.answer["connections"] if row["dst"] == OTHER} == {WEB, DB, *ALL}
    text = run("reach", shop).out
    assert "Not followed as it stands" in text
    assert f"{shop}/bad.yaml:5:" in text


def test_overlapping_ranges_are_no_fault(shop: Path, run: Any) -> None:
    spec = (
        "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.1.2.0/24]}}, "
        "{ipBlock: {cidr: 10.1.2.0/25}}, {ipBlock: {cidr: 10.1.2.0/26}}]}]"
    )
    (shop / "more.yaml").write_text(POLICY.format(number=1, spec=spec))
    answer = run("reach", shop, "--to", "shop/other", "--port", "80", "--format", "json").answer
    assert [row["src"] for row in answer["connections"]] == [
        "10.0.0.0-10.0.255.255",
        "10.1.2.0-10.1.2.127",
        "10.2.0.0-10.255.255.255",
    ]
    assert answer["notices"] == []


ODD = [
    "spec: []",
    "spec: null",
    "spec: {podSelector: []}",
    "spec: {podSelector: {}, ingress: {}}",
    "spec: {podSelector: {}, ingress: [null]}",
    "spec: {podSelector: {}, ingress: [{from: [null]}]}",
    "spec: {podSelector: {}, ingress: [{ports: [{port: 1.5}]}]}",
    "spec: {podSelector: {}, ingress: [{ports: [{port: [80]}]}]}",
    "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: [10.0.0.0/8]}}]}]}",
    "spec: {podSelector: {matchLabels: {app: [web]}}}",
    "spec: {podSelector: {matchLabels: {1: 2}}}",
    "spec: {podSelector: {}, policyTypes: Ingress}",
    "spec: {podSelector: {}, ingress: [{ports: [{port: 99999999999999999999999}]}]}",
]


@pytest.mark.parametrize("spec", ODD)
def test_odd_shapes_are_no_crash(shop: Path, run: Any, spec: str) -> None:
    head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: odd, namespace: shop}\n"
    (shop / "odd.yaml").write_text(f"{head}{spec}\n")
    ran = run("reach", shop, "--to", "shop/db", "--format", "json")
    assert ran.status in {0, 3}
    assert ran.answer["schema"] == "casemate.reach/1"


def test_too_many_pairs_are_not_listed(tmp_path: Path, run: Any) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": []}}
    items = [{**pod, "metadata": {"name": f"p{number}", "namespace": "big"}} for number in range(2_001)]
    (tmp_path / "a.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    ran = run("reach", tmp_path)
    assert ran.status == 2
    assert "too many to list: ask with --from or --to, or take --format classes" in ran.err
    assert run("reach", tmp_path, "--from", "big/p1", "--to", "big/p2").status == 0
    found = run("reach", tmp_path, "--format", "classes").answer
    assert max(len(item.get("workloads", ())) for item in found["sets"]) == 2_001
