"""What is needed of an estate, why, and which policies come of it."""

from typing import Any

import pytest

from casemate.analysis.network.tighten.habits import api_addresses
from casemate.analysis.network.tighten.known import Told
from casemate.analysis.network.tighten.needs import Addresses
from casemate.cli.network_tighten import read_back
from casemate.engine.network_tightening import NetworkTightening, Plan, worlds
from casemate.model.errors import UsageError
from tests.analysis.network.tighten.plans import deployment, needs_of, plan_of, proof_of


def open_of(plan: Plan) -> list[str]:
    return [f"{item.subject}: {item.words}" for item in plan.needs.open]


def policy(plan: Plan, name: str, namespace: str = "shop") -> Any:
    """The specification of the policy of that name."""
    return next(
        made.tree["spec"]
        for made in plan.made
        if made.tree["metadata"] == {"name": name, "namespace": namespace}
    )


def test_calls_lead_to_the_port_of_the_pod() -> None:
    plan = plan_of(deployment("web", env={"API": "http://api:80"}) + deployment("api"))
    assert needs_of(plan) == ["shop/web -> shop/api TCP 8080"]
    assert policy(plan, "web") == {
        "podSelector": {"matchLabels": {"app": "web"}},
        "policyTypes": ["Ingress", "Egress"],
        "egress": [
            {
                "to": [{"podSelector": {"matchLabels": {"app": "api"}}}],
                "ports": [{"protocol": "TCP", "port": 8080}],
            }
        ],
    }
    assert proof_of(plan).holds


@pytest.mark.parametrize(
    ("key", "value", "needed"),
    [
        ("REDIS_URL", "redis://u:p@redis.data:80/0", True),
        ("X", "redis.data:80", True),
        ("X", "redis.data.svc.cluster.local:80", True),
        ("X", "redis-0.redis.data.svc:80", False),
        ("X", "jdbc:redis://redis.data.svc:80/a", True),
        ("X", "a:1,redis.data:80", True),
        ("X", "web:80 redis.data:80", True),
        ("REDIS_HOST", "redis.data", True),
        ("X", "http://redis.data.svc", True),
        ("X", "/etc/redis.data", False),
        ("X", "my.redis.data", False),
        ("X", "redis", False),
        ("X", "foo:80", False),
        ("X", "http://redis.other:80", False),
    ],
)
def test_names_of_services(key: str, value: str, needed: bool) -> None:
    plan = plan_of(deployment("web", env={key: value}) + deployment("redis", "data"))
    assert ("shop/web -> data/redis TCP 8080" in needs_of(plan)) == needed


@pytest.mark.parametrize(
    ("key", "value", "needed"),
    [
        ("URL", "https://api.example.com/v1", "api.example.com TCP 443"),
        ("SMTP_HOST", "mail.example.com", "mail.example.com TCP 587"),
        ("HOST", "sftp.example.com", "sftp.example.com TCP 22"),
        ("HOST", "a.example.com:8443", "a.example.com TCP 8443"),
        ("URL", "http://192.0.2.1:90", "192.0.2.1/32 TCP 90"),
        ("URL", "http://[2001:db8::1]:90", "2001:db8::1/128 TCP 90"),
        ("URL", "https://kubernetes.default.svc", "the API server TCP 443"),
        ("BROKERS", "kafka://a.example.com,b.example.com:1", "b.example.com TCP 1"),
    ],
)
def test_hosts_outside(key: str, value: str, needed: str) -> None:
    assert f"shop/web -> {needed}" in needs_of(plan_of(deployment("web", env={key: value})))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("PUBLIC_URL", "https://www.example.com", "looks like an address that it tells others"),
        ("URL", "unknown://a.example.com", "without a port"),
        ("HOST", "192.0.2.1", "without a port"),
        ("URL", "http://missing:80", "no Service of that name"),
        ("URL", "http://missing.shop.svc", "no Service of that name"),
        ("URL", "http://x.local", "no Service of that name"),
        ("URL", "http://web:99", "leads to no pod that is known"),
    ],
)
def test_what_is_left_open(key: str, value: str, said: str) -> None:
    plan = plan_of(deployment("web", env={key: value}))
    assert not needs_of(plan)
    assert [text for text in open_of(plan) if said in text], open_of(plan)


@pytest.mark.parametrize(
    "value", ["http://localhost:80", "http://127.0.0.1:1", "tcp://0.0.0.0:1", "1.2.3", "a.yaml", "db.local"]
)
def test_what_names_nobody(value: str) -> None:
    plan = plan_of(deployment("web", env={"HOST": value}))
    assert not needs_of(plan)
    assert not [text for text in open_of(plan) if "names" in text]


CONFIG = """
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: shop}
data:
  empty: ""
  EXTRA: http://redis.data
  app.yaml: |
    # http://comment.example.com
    outputs:
      - name: otlp
        host: otlp.example.com
        port: 4317
      - plugin: x
        host: nothing.example.com
    base-url: https://img.example.com
    {"inline": {"url": "https://inline.example.com"}}
    https://bare.example.com
---
apiVersion: v1
kind: Secret
metadata: {name: web, namespace: shop}
stringData: {URL: "https://secret.example.com", none: ""}
data: {b: aHR0cHM6Ly9iYXNlLmV4YW1wbGUuY29t, bad: "%", nil: null, no: gICA}
"""
MOUNTS = """
      volumes:
        - {name: a, configMap: {name: web}}
        - {name: b, secret: {secretName: web}}
        - {name: c, projected: {sources: [{configMap: {name: web}}, {secret: {name: web}}, {}]}}
        - {name: d, emptyDir: {}}
        - {name: e, projected: {}}
        - {name: f, configMap: {name: gone}}
        - {name: g, secret: {secretName: gone}}
"""


def test_files_that_pods_get() -> None:
    plan = plan_of(deployment("web", extra=MOUNTS.strip()) + CONFIG + deployment("redis", "data"))
    assert needs_of(plan) == [
        "shop/web -> bare.example.com TCP 443",
        "shop/web -> base.example.com TCP 443",
        "shop/web -> data/redis TCP 8080",
        "shop/web -> inline.example.com TCP 443",
        "shop/web -> otlp.example.com TCP 4317",
        "shop/web -> secret.example.com TCP 443",
    ]
    assert "host in app.yaml of ConfigMap shop/web names the host nothing.example.com without a port" in str(
        open_of(plan)
    )


def test_variables_from_elsewhere() -> None:
    text = """
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop, labels: {app: p}}
spec:
  automountServiceAccountToken: false
  initContainers: [{name: i, image: i, command: [nc, -z, redis.data, "80"], args: ["--url=http://api", "nc redis.data 80"]}]
  containers:
    - name: a
      image: a
      envFrom: [{configMapRef: {name: web}}, {secretRef: {name: web}}, {configMapRef: {}}, {prefix: x}]
      env:
        - {name: HOST_NAME, value: api}
        - {name: FULL, value: "http://$(HOST_NAME):80/$(GONE)"}
        - {name: M, valueFrom: {configMapKeyRef: {name: web, key: EXTRA}}}
        - {name: S, valueFrom: {secretKeyRef: {name: web, key: URL}}}
        - {name: N, valueFrom: {secretKeyRef: {name: web, key: gone}}}
        - {name: F, valueFrom: {fieldRef: {fieldPath: x}}}
        - {name: E}
"""
    plan = plan_of(text + CONFIG + deployment("redis", "data") + deployment("api"))
    reasons = dict(plan.needs.reasoned())
    words = {one.words for found in reasons.values() for one in found if one.kind == "call"}
    assert "FULL: Service shop/api:80" in words
    assert "url: Service shop/api:80" in words
    assert "M in EXTRA of ConfigMap shop/web: Service data/redis:80" not in words
    assert "an argument: Service data/redis, no port said" in words
    assert "an argument: Service data/redis:80" in words
    assert any("Secret shop/web: secret.example.com:443" in text for text in words)


OTHER_SERVICES = """
---
apiVersion: v1
kind: Service
metadata: {name: ext, namespace: shop}
spec: {type: ExternalName, externalName: db.example.com, ports: [{port: 5432}]}
---
apiVersion: v1
kind: Service
metadata: {name: bare, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: absent, namespace: shop}
spec: {selector: {app: absent}, ports: [{port: 80, targetPort: 8081}, {port: 81, targetPort: named}]}
---
apiVersion: v1
kind: Service
metadata: {name: headless, namespace: shop}
spec: {clusterIP: None, selector: {app: api}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: fixed, namespace: shop}
spec: {clusterIP: 10.96.0.7, selector: {app: api}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: external-without-port, namespace: shop}
spec: {type: ExternalName, externalName: db.example.com}
"""


def test_other_services() -> None:
    env = {
        "A_HOST": "ext",
        "B": "http://bare",
        "C": "http://absent",
        "D": "http://headless:9090",
        "E": "http://10.96.0.7",
        "F_HOST": "external-without-port",
        "H": "absent.shop.svc",
        "G": "http://api-0.headless.shop.svc:81",
    }
    plan = plan_of(deployment("web", env=env) + deployment("api") + OTHER_SERVICES)
    assert needs_of(plan) == [
        "shop/web -> db.example.com TCP 5432",
        "shop/web -> pods app=absent in shop TCP 8081",
        "shop/web -> shop/api TCP 81",
        "shop/web -> shop/api TCP 8080",
        "shop/web -> shop/api TCP 9090",
    ]
    assert [text for text in open_of(plan) if "Service shop/bare" in text]
    assert policy(plan, "absent")["ingress"]


RUNNING = """
---
apiVersion: v1
kind: Pod
metadata: {name: api-x1, namespace: shop, labels: {app: api, pod-template-hash: z},
  ownerReferences: [{kind: Deployment, name: api, controller: true}]}
spec: {automountServiceAccountToken: false, containers: [{name: a, image: a, env: [{name: U, value: "http://10.0.0.9:8080"}]}]}
status: {podIP: 10.0.0.5}
---
apiVersion: v1
kind: Pod
metadata: {name: lone, namespace: shop, labels: {app: lone}}
spec: {automountServiceAccountToken: false, containers: [{name: a, image: a}]}
status: {podIP: 10.0.0.9}
---
apiVersion: v1
kind: Node
metadata: {name: n, labels: {node-role.kubernetes.io/control-plane: ""}}
status: {addresses: [{type: InternalIP, address: 10.9.0.1}, {type: InternalIP, address: "2001:db8::9"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: hosty, namespace: shop, labels: {app: hosty}}
spec: {hostNetwork: true, containers: [{name: a, image: a, env: [{name: U, value: "http://api"}]}]}
"""


def test_pods_that_run() -> None:
    plan = plan_of(deployment("api") + RUNNING)
    assert "shop/api -> shop/lone TCP 8080" in needs_of(plan)
    assert policy(plan, "api")["ingress"] == [
        {
            "from": [{"ipBlock": {"cidr": "10.9.0.1/32"}}, {"ipBlock": {"cidr": "2001:db8::9/128"}}],
            "ports": [{"protocol": "TCP", "port": 8080}],
        }
    ]
    assert api_addresses(plan.known) == Addresses(("10.9.0.1/32", "2001:db8::9/128"))
    assert [str(need.port) for need in proof_of(plan).unproven] == ["8080"]


def test_equal_pods_are_read_once() -> None:
    pod = """
---
apiVersion: v1
kind: Pod
metadata: {name: %s, namespace: shop, labels: {app: own}, ownerReferences: [{kind: Own, name: own}]}
spec: {containers: [{name: a, image: a, env: [{name: U, value: "http://none"}, {name: U, value: "http://none"}]}]}
"""
    plan = plan_of(pod % "one" + pod % "two" + pod.replace("image: a", "image: b") % "three")
    assert len([text for text in open_of(plan) if "no Service of that name" in text]) == 1
    assert [group.name for group in plan.known.groups.values() if group.is_read] == ["shop/own[Own]"]


def test_what_is_overwritten() -> None:
    plan = plan_of(deployment("web") + ingress("nginx", "ingress-nginx"))
    answer = NetworkTightening(plan=plan, proof=proof_of(plan))
    assert [answer.is_same_kind(entity) for entity in plan.replaced] == [True]
    other = plan_of(deployment("web") + ingress("nginx", "ingress-nginx"), form="cilium")
    assert not NetworkTightening(plan=other, proof=proof_of(other)).is_same_kind(other.replaced[0])


def test_nodes_that_are_not_known() -> None:
    text = RUNNING.replace("kind: Node", "kind: NodeElse").replace(
        "apiVersion: v1\nkind: NodeE", "apiVersion: v1\nkind: NodeE"
    )
    plan = plan_of(deployment("api") + text)
    assert [text for text in open_of(plan) if "is on the network of its node" in text]


ACCOUNT = """
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: shop}
automountServiceAccountToken: %s
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: ServiceAccount, name: robot, namespace: shop}, {kind: Odd, name: x}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: nothing}
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: nothing, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: nothing}
subjects: [{kind: Group, name: "system:serviceaccounts"}]
"""


def with_account(mount: str = "true", pod: str = "true") -> str:
    text = deployment("web", extra="serviceAccountName: robot") + ACCOUNT % mount
    return text.replace("automountServiceAccountToken: false", f"automountServiceAccountToken: {pod}", 1)


@pytest.mark.parametrize(
    ("account", "pod", "calls"),
    [("true", "null", True), ("false", "null", False), ("false", "true", True), ("true", "false", False)],
)
def test_who_calls_the_api_server(account: str, pod: str, calls: bool) -> None:
    plan = plan_of(with_account(account, pod))
    assert needs_of(plan) == (
        ["shop/web -> the API server TCP 443", "shop/web -> the API server TCP 6443"] if calls else []
    )
    assert bool([text for text in open_of(plan) if "addresses are not known" in text]) == calls
    assert len(plan.wider) == len(needs_of(plan))


def test_rights_of_every_account_are_no_sign() -> None:
    text = with_account("true", "null").replace(
        "{kind: ServiceAccount, name: robot, namespace: shop}",
        "{kind: Group, name: 'system:serviceaccounts%s'}",
    )
    assert not needs_of(plan_of(text % ""))
    assert "gives rights to every account" in str(open_of(plan_of(text % "")))
    assert len(needs_of(plan_of(text % ":shop"))) == 2


def test_where_the_api_server_is() -> None:
    plan = plan_of(with_account(), told=Told(api_servers=("10.9.0.0/28",)))
    assert policy(plan, "web")["egress"][0]["to"] == [{"ipBlock": {"cidr": "10.9.0.0/28"}}]
    assert not open_of(plan) or "API server" not in str(open_of(plan))
    assert not plan.wider
    kubeadm = "---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n"
    assert needs_of(plan_of(with_account() + kubeadm)) == ["shop/web -> the API server TCP 6443"]


WEBHOOK = """
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: w}
webhooks:
  - {name: a.b.c, clientConfig: {service: {name: web, namespace: shop, port: 80}}}
  - {name: d.b.c, clientConfig: {service: {name: gone, namespace: shop}}}
  - {name: e.b.c, clientConfig: {url: "https://x"}}
"""


def test_webhooks_are_called_by_the_api_server() -> None:
    plan = plan_of(deployment("web") + WEBHOOK)
    assert needs_of(plan) == ["the API server -> shop/web TCP 8080"]
    assert proof_of(plan).holds


def test_replicas_of_a_set() -> None:
    text = deployment("db", kind="StatefulSet")
    assert not needs_of(plan_of(text))
    more = text.replace(
        "spec:\n  selector: {matchLabels", "spec:\n  replicas: 3\n  selector: {matchLabels", 1
    )
    plan = plan_of(more)
    assert needs_of(plan) == ["shop/db -> shop/db TCP 8080"]
    assert proof_of(plan).holds


def test_names_are_looked_up_where_the_dns_is() -> None:
    plan = plan_of(deployment("web"))
    assert needs_of(plan, dns=True) == [
        "shop/web -> pods k8s-app=kube-dns in kube-system TCP 53",
        "shop/web -> pods k8s-app=kube-dns in kube-system UDP 53",
    ]
    dns = deployment("coredns", "kube-system").replace("app: coredns", "k8s-app: kube-dns")
    cache = deployment("node-local-dns", "kube-system")
    plan = plan_of(deployment("web") + dns + cache)
    assert "shop/web -> kube-system/coredns UDP 53" in needs_of(plan, dns=True)
    assert "shop/web -> 169.254.20.10/32 UDP 53" in needs_of(plan, dns=True)
    assert plan.namespaces == ("shop",)
    openshift = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: openshift-dns}\n"
    assert "5353" in str(needs_of(plan_of(deployment("web") + openshift), dns=True))


def ingress(name: str = "nginx", policy_namespace: str = "", labels: str = "") -> str:
    text = f"""
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: i, namespace: shop}}
spec:
  ingressClassName: {name}
  rules: [{{host: www.example.com, http: {{paths: [{{path: /, backend: {{service: {{name: web, port: {{number: 80}}}}}}}}]}}}}]
"""
    if policy_namespace:
        text += f"""
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: old, namespace: shop}}
spec:
  podSelector: {{}}
  ingress:
    - {{from: [{{podSelector: {{}}}}, {{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: shop}}}}}}]}}
    - from:
        - namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {policy_namespace}}}}}
{labels}
"""
    return text


def test_the_controller_of_an_ingress() -> None:
    web = deployment("web", env={"U": "https://www.example.com"})
    known = needs_of(plan_of(web + ingress()))
    assert known == ["pods app.kubernetes.io/name=ingress-nginx in ingress-nginx -> shop/web TCP 8080"]
    assert needs_of(plan_of(web + ingress("nginx", "ingress-nginx"))) == known
    plan = plan_of(web + ingress("nginx", "entry", "          podSelector: {matchLabels: {app: proxy}}"))
    assert needs_of(plan) == ["pods app=proxy in entry -> shop/web TCP 8080"]
    assert needs_of(plan_of(web + ingress("own", "entry"))) == ["all pods in entry -> shop/web TCP 8080"]
    assert proof_of(plan).holds
    told = Told(controllers=(("edge", (("app", "x"),)), ("all", ())))
    assert needs_of(plan_of(web + ingress(), told=told)) == [
        "all pods in all -> shop/web TCP 8080",
        "pods app=x in edge -> shop/web TCP 8080",
    ]
    plan = plan_of(web + ingress("own"))
    assert not needs_of(plan)
    assert [text for text in open_of(plan) if "which pods the controller runs in is not known" in text]


def test_policies_that_tell_of_no_controller() -> None:
    others = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: elsewhere, namespace: data}
spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: a}}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: all, namespace: shop}
spec: {podSelector: {}, ingress: [{}, {from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: none, namespace: shop}
spec: {podSelector: {}}
"""
    assert not needs_of(plan_of(deployment("web") + ingress("own") + others))


def test_other_fronts() -> None:
    route = """
---
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: r, namespace: shop}
spec: {host: www.example.com, to: {kind: Service, name: web}, port: {targetPort: http}}
"""
    called = deployment("web", env={"U": "https://www.example.com"})
    assert needs_of(plan_of(called + route)) == ["all pods in openshift-ingress -> shop/web TCP 8080"]
    gateway = """
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g, namespace: shop}
spec: {gatewayClassName: istio, listeners: [{name: a, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec: {parentRefs: [{name: g}], rules: [{backendRefs: [{name: web, port: 80}]}]}
"""
    assert needs_of(plan_of(deployment("web") + gateway)) == [
        "pods istio=ingressgateway in istio-system -> shop/web TCP 8080"
    ]


def balancer(more: str = "") -> str:
    return f"""
---
apiVersion: v1
kind: Service
metadata: {{name: open, namespace: shop}}
spec: {{type: LoadBalancer, selector: {{app: web}}, ports: [{{port: 443, targetPort: http}}]{more}}}
"""


def test_load_balancers() -> None:
    plan = plan_of(deployment("web") + balancer())
    assert needs_of(plan) == ["every address -> shop/web TCP 8080"]
    assert [text for text in open_of(plan) if "opens port 8080 to every address" in text]
    ranges = ", loadBalancerSourceRanges: [192.0.2.0/24]"
    plan = plan_of(deployment("web") + balancer(ranges))
    assert needs_of(plan) == ["192.0.2.0/24 -> shop/web TCP 8080"]
    assert [text for text in open_of(plan) if "may see a node's address" in text]
    plan = plan_of(deployment("web") + balancer(ranges + ", externalTrafficPolicy: Local"))
    assert not open_of(plan)


def test_metrics() -> None:
    notes = "annotations: {prometheus.io/scrape: 'true', prometheus.io/port: '9090'}, labels: {app: web"
    web = deployment("web").replace("labels: {app: web", notes, 1)
    plan = plan_of(web)
    assert [text for text in open_of(plan) if "who scrapes them was not read" in text]
    assert needs_of(plan_of(web, told=Told(monitoring=(("monitoring", ()),)))) == [
        "all pods in monitoring -> shop/web TCP 9090"
    ]
    both = web + deployment("prometheus", "monitoring")
    assert needs_of(plan_of(both)) == ["monitoring/prometheus -> shop/web TCP 9090"]
    named = web.replace("prometheus.io/port: '9090'", "prometheus.io/port: x")
    assert not needs_of(plan_of(named + deployment("prometheus", "monitoring")))
    bare = web.replace(", prometheus.io/port: '9090'", "")
    assert needs_of(plan_of(bare + deployment("prometheus", "monitoring"))) == [
        "monitoring/prometheus -> shop/web TCP 8080"
    ]
    itself = web.replace("app: web", "app: prometheus")
    assert not needs_of(plan_of(itself))


def test_monitors_of_the_operator() -> None:
    def monitor(kind: str, spec: str) -> str:
        return f"---\napiVersion: monitoring.coreos.com/v1\nkind: {kind}\nmetadata: {{name: m, namespace: monitoring}}\nspec: {spec}\n"

    text = deployment("web") + deployment("prometheus", "monitoring")
    text = text.replace(
        "kind: Service\nmetadata: {name: web", "kind: Service\nmetadata: {labels: {app: web}, name: web"
    )
    chosen = "selector: {matchLabels: {app: web}}"
    everywhere = "namespaceSelector: {any: true}"
    for spec, number in (
        (f"{{{chosen}, {everywhere}, endpoints: [{{port: http}}]}}", 8080),
        (f"{{{chosen}, namespaceSelector: {{matchNames: [shop]}}, endpoints: [{{targetPort: 9}}]}}", 9),
        (f"{{{chosen}, {everywhere}, endpoints: [{{targetPort: http}}]}}", 8080),
        (f"{{{chosen}, {everywhere}, endpoints: [{{port: none}}]}}", 0),
        (f"{{{chosen}, {everywhere}, endpoints: [{{targetPort: none}}]}}", 0),
        (f"{{{chosen}, endpoints: [{{port: http}}]}}", 0),
    ):
        found = needs_of(plan_of(text + monitor("ServiceMonitor", spec)))
        assert found == ([f"monitoring/prometheus -> shop/web TCP {number}"] if number else [])
    for spec, number in (
        (f"{{{chosen}, {everywhere}, podMetricsEndpoints: [{{port: http}}]}}", 8080),
        (f"{{{chosen}, {everywhere}, podMetricsEndpoints: [{{portNumber: 7}}]}}", 7),
        (f"{{{chosen}, {everywhere}, podMetricsEndpoints: [{{}}]}}", 0),
    ):
        found = needs_of(plan_of(text + monitor("PodMonitor", spec)))
        assert found == ([f"monitoring/prometheus -> shop/web TCP {number}"] if number else [])


def test_labels_that_select() -> None:
    cron = """
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: %s, namespace: shop}
spec: {jobTemplate: {spec: {template: {metadata: {labels: {%s}}, spec: {containers: [{name: a, image: a, ports: [{containerPort: 1, hostPort: 1}]}]}}}}}
"""
    plan = plan_of(
        cron % ("one", "app: one, job-name: x, helm.sh/chart: y, topology.kubernetes.io/zone: z")
        + cron % ("same", "app: web, role: night")
        + deployment("web")
        + (cron % ("none", "controller-uid: x")).replace(
            "image: a,", "image: a, env: [{name: U, value: 'http://web'}],"
        )
        + deployment("one").replace("app: one", "run: one")
        + cron % ("default-deny", "app: odd")
        + cron % ("twin", "tier: a, x: same, z: one")
        + cron % ("twin2", "tier: a, x: same, z: two")
    )
    labels = {group.short: dict(group.labels) for group in plan.known.groups.values() if group.is_read}
    assert labels["same"] == {"app": "web", "role": "night"}
    assert labels["web"] == {"app": "web"}
    assert plan.known.groups["shop/web[Deployment]"].also == ("shop/same[CronJob]",)
    assert labels["none"] == {}
    assert labels["one"] == {"run": "one"}
    assert plan.known.groups["shop/one[CronJob]"].labels == (("app", "one"),)
    assert labels["twin"] == {"tier": "a", "z": "one"}
    assert [text for text in open_of(plan) if "no label that lasts" in text]
    assert [text for text in open_of(plan) if "port 1 of its node" in text]
    assert {getattr(need.source, "group", "") for need in proof_of(plan).lost} == {"shop/none[CronJob]"}


def test_policies_have_names_of_their_own() -> None:
    text = deployment("web", env={"U": "http://default-deny"}) + deployment(
        "default-deny", env={"U": "http://web"}
    )
    text += deployment("web", kind="StatefulSet", env={"U": "http://default-deny"}).replace(
        "app: web", "run: web"
    )
    names = [made.tree["metadata"]["name"] for made in plan_of(text).made]
    assert names == [
        "default-deny",
        "allow-dns",
        "web-deployment",
        "default-deny-deployment",
        "web-statefulset",
    ]


def test_namespaces_that_are_asked_for() -> None:
    text = deployment("web") + deployment("db", "data") + deployment("sys", "kube-system")
    assert plan_of(text).namespaces == ("data", "shop")
    assert plan_of(text, namespaces=("kube-system", "kube-system")).namespaces == ("kube-system",)
    with pytest.raises(UsageError, match="no workload was read in the namespace gone"):
        plan_of(text, namespaces=("gone",))
    assert plan_of("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n").made == ()


def test_services_that_nobody_calls() -> None:
    assert "shop/web: nothing that was read calls this Service" in str(open_of(plan_of(deployment("web"))))
    assert "nothing that was read" not in str(open_of(plan_of(deployment("web", env={"U": "http://web"}))))


def test_what_is_opened_anew_is_named() -> None:
    text = deployment("web", env={"U": "http://api"}) + deployment("api")
    closed = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}
"""
    proof = proof_of(plan_of(text + closed))
    assert [(cell.source, cell.destination, cell.low) for cell in proof.opened] == [
        ("shop/web[Deployment]", "shop/api[Deployment]", 8080)
    ]
    assert not proof.holds


def test_policies_of_the_cluster_stay_and_are_counted_in() -> None:
    text = deployment("web", env={"U": "http://api"}) + deployment("api")
    kept = """
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: none}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: shop}}}
  ingress: [{action: Deny, from: [{namespaces: {}}]}]
"""
    plan = plan_of(text + kept)
    assert [entity.name for entity in plan.kept] == ["none"]
    assert len(proof_of(plan).lost) == 1


def test_many_peers_and_ports_in_every_form() -> None:
    text = "".join(deployment(f"w{number}", f"ns{number}", {"U": "http://api.shop"}) for number in range(30))
    ports = ", ".join(
        f"{{name: p{number}, port: {number}, targetPort: {9000 + number}}}" for number in range(1, 50)
    )
    api = deployment("api").replace("ports: [{name: http, port: 80, targetPort: http}]", f"ports: [{ports}]")
    api = api.replace("env: []", "env: [{name: U, value: 'https://a.example.com'}]")
    for form in ("cluster", "calico", "cilium"):
        plan = plan_of(text.replace("http://api.shop", "tcp://api.shop") + api, form=form)
        proof = proof_of(plan)
        assert proof.lost == ()
        assert proof.notices == ()
        assert not proof.slack


FORM_TEXT = (
    deployment(
        "web",
        env={
            "A": "https://a.example.com",
            "B": "http://api",
            "C": "http://10.9.0.1:9",
            "D": "http://db.data",
        },
    )
    + with_account().replace("name: web", "name: robot").replace("app: web", "app: robot")
    + deployment("api")
    + deployment("db", "data")
    + ingress("own", "entry")
    + balancer(", loadBalancerSourceRanges: [192.0.2.0/24]")
)


@pytest.mark.parametrize("form", ["networkpolicy", "cluster", "calico", "cilium"])
def test_all_sorts_of_peers_in_every_form(form: str) -> None:
    plan = plan_of(FORM_TEXT, form=form)
    proof = proof_of(plan)
    assert (proof.lost, proof.notices, proof.slack) == ((), (), ())
    assert not [cell for cell in proof.opened if "web" not in cell.destination]
    assert bool(proof.depending) == (form == "cilium")
    assert bool(plan.wider) == (form != "cilium")


def test_worlds_that_differ() -> None:
    plan = plan_of(deployment("web", env={"A": "http://api"}) + deployment("api"))
    usual = worlds(plan, read_back(plan))
    none = worlds(plan, [])
    beside = [policy for policy in usual.new.policies if policy.rules or policy.isolates]
    assert worlds(plan, [], beside).differences(worlds(plan, read_back(plan)))
    assert none.proof().slack


def test_other_protocols_are_no_connections() -> None:
    text = """
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: ping, namespace: shop}
spec: {selector: all(), types: [Ingress], ingress: [{action: Allow, protocol: ICMP}]}
"""
    proof = proof_of(plan_of(deployment("web") + deployment("api") + text))
    assert (proof.before.pairs, proof.before.inward) == (2, 0)


def test_namespaces_without_need_of_names() -> None:
    dns = deployment("coredns", "kube-system").replace("app: coredns", "k8s-app: kube-dns")
    plan = plan_of(dns, namespaces=("kube-system",))
    assert [made.tree["metadata"]["name"] for made in plan.made] == ["default-deny"]


def test_proof_without_any_policy() -> None:
    plan = plan_of(deployment("web"))
    proof = worlds(plan, []).proof()
    assert proof.slack
    assert proof.before == proof.after


@pytest.mark.parametrize("form", ["networkpolicy", "cluster", "calico", "cilium"])
def test_peers_that_differ_in_one_label_are_said_at_once(form: str) -> None:
    callers = deployment("web", env={"U": "http://db.data"}) + deployment("app", env={"U": "http://db.data"})
    plan = plan_of(callers + deployment("db", "data"), form=form)
    tree = next(made.tree for made in plan.made if made.draft.group.startswith("data/db"))
    assert len(tree["spec"]["ingress"]) == 1
    assert "web" in str(tree["spec"]["ingress"])
    proof = proof_of(plan)
    assert proof.holds
    assert not proof.slack
