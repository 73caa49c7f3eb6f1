"""Network plugins as data: what of NetworkPolicy each enforces, and what it does with the rest.

Every gap names its source. What depends on a release says so with `until`; without a known version the
newest behaviour is taken. What holds for several plugins is in docs/network-plugins.md.
"""

import msgspec

from casemate.analysis.network.plugins.forms import Effect, Gap, Part, Plugin

ANP, BANP, CNP = "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"
CLUSTER_WIDE = (ANP, BANP, CNP)
SEGMENT, TENANT = "romana.io/segment", "namespace"
"""The labels by which Romana knows pods and namespaces, unless it is told others."""

_ROMANA = "romana/core listener/translate.go, listener/listener.go"
_WEAVE = "weaveworks/weave npc/analyser.go"
_AKS = "Azure AKS documentation, Secure traffic between pods by using network policies"
_AKS_CILIUM = "Azure AKS documentation, Migrate from Network Policy Manager to Cilium"
_KUBE_ROUTER = "cloudnativelabs/kube-router pkg/controllers/netpol/policy.go"
_NO_SCTP = Gap(
    Part.SCTP,
    Effect.UNSURE,
    "supports SCTP only where sctp.enabled is set; without it the rule opens nothing",
    "Cilium documentation, SCTP support (beta)",
)


def _nothing(text: str, source: str) -> tuple[Gap, ...]:
    return (Gap(Part.POLICY, Effect.REJECTED, text, source),)


_CALICO = Plugin(
    name="calico",
    title="Calico",
    own="projectcalico.org",
    notes=(
        "AdminNetworkPolicy and BaselineAdminNetworkPolicy until 3.31, ClusterNetworkPolicy since 3.32",
        "NetworkPolicies stand in the tier default, with the order 1000",
    ),
    sources=(
        "projectcalico/calico libcalico-go/lib/backend/k8s/conversion",
        "Calico documentation, Get started with policy tiers",
        "projectcalico/calico #7578 (AdminNetworkPolicy)",
    ),
)
_CILIUM = Plugin(
    name="cilium",
    title="Cilium",
    own="cilium.io",
    blocks_hold_pods=False,
    blocks_hold_nodes=False,
    gaps=(
        Gap(
            Part.END_PORT,
            Effect.CLOSED,
            "ignores endPort before 1.17: only the first port is open",
            f"cilium/cilium #28684; {_AKS_CILIUM}",
            "1.17",
        ),
        _NO_SCTP,
    ),
    foreign=(ANP, BANP),
    notes=(
        "an ipBlock never means pods; it means nodes only with policy-cidr-match-mode: nodes",
        "ClusterNetworkPolicy since 1.20, where enable-k8s-cluster-network-policy is set",
        "a port name that stands for several numbers may be enforced wrongly (#30003)",
        "egress to the pod's own node is denied unless a rule allows it",
    ),
    sources=(
        "Cilium documentation, Network Policy (Kubernetes) and Layer 3 policies",
        "cilium/cilium #9209, #20550, #28684, #30003, #47227",
        _AKS_CILIUM,
    ),
)
_PROFILES = (
    _CALICO,
    _CILIUM,
    Plugin(
        name="kube-router",
        title="kube-router",
        gaps=(
            Gap(
                Part.NAMED_PORT_ANYWHERE,
                Effect.OPEN,
                (
                    "looks up a port name of an egress rule without peers in the policy's own namespace, and"
                    " opens the numbers it finds to every destination"
                ),
                _KUBE_ROUTER,
            ),
            Gap(
                Part.SCTP,
                Effect.UNSURE,
                "does not promise to enforce SCTP: support for it is an open request",
                "cloudnativelabs/kube-router #1019",
            ),
        ),
        foreign=CLUSTER_WIDE,
        notes=(
            "pods on the host's network and finished pods are neither subjects nor peers",
            "the range ::/0 means 2000::/3 and fd00::/8",
            "with --run-firewall=false no policy is enforced",
        ),
        sources=(
            _KUBE_ROUTER,
            "cloudnativelabs/kube-router pkg/controllers/netpol/utils.go (isNetPolActionable)",
            "cloudnativelabs/kube-router #679 (named ports), #1080 (endPort), #1019 (SCTP)",
        ),
    ),
    Plugin(
        name="romana",
        title="Romana",
        gaps=(
            Gap(
                Part.EGRESS,
                Effect.OPEN,
                "knows ingress only: nothing limits what goes out",
                f"romana/romana docs/romana/POLICIES.md; {_ROMANA}",
            ),
            Gap(
                Part.IP_BLOCK,
                Effect.REJECTED,
                "rejects the whole policy for a peer without a selector, such as an ipBlock",
                _ROMANA,
            ),
            Gap(
                Part.BOTH_SELECTORS,
                Effect.REJECTED,
                "rejects the whole policy for a peer with both a podSelector and a namespaceSelector",
                _ROMANA,
            ),
            Gap(
                Part.NO_SEGMENT,
                Effect.REJECTED,
                f"rejects the whole policy for labels of pods without its segment ({SEGMENT})",
                _ROMANA,
            ),
            Gap(
                Part.NO_TENANT,
                Effect.REJECTED,
                f"rejects the whole policy for a namespaceSelector without its tenant ({TENANT})",
                _ROMANA,
            ),
            Gap(
                Part.MORE_LABELS,
                Effect.OPEN,
                f"looks at the segment ({SEGMENT}) or tenant ({TENANT}) only, and ignores other labels",
                _ROMANA,
            ),
            Gap(Part.EXPRESSIONS, Effect.OPEN, "ignores matchExpressions", _ROMANA),
            Gap(
                Part.NAMED_PORT,
                Effect.CLOSED,
                "does not look up port names: the entry opens nothing",
                _ROMANA,
            ),
            Gap(Part.END_PORT, Effect.CLOSED, "ignores endPort: only the first port is open", _ROMANA),
        ),
        blocks_hold_pods=None,
        blocks_hold_nodes=None,
        foreign=CLUSTER_WIDE,
        notes=("not developed since 2018",),
        sources=("romana/romana docs/romana/POLICIES.md", _ROMANA),
    ),
    Plugin(
        name="weave",
        title="Weave Net",
        gaps=(
            Gap(Part.NAMED_PORT, Effect.REJECTED, "rejects the whole policy for a port by name", _WEAVE),
            Gap(Part.END_PORT, Effect.CLOSED, "ignores endPort: only the first port is open", _WEAVE),
            Gap(
                Part.IPV6_BLOCK,
                Effect.CLOSED,
                "has no IPv6: a range of IPv6 addresses opens nothing",
                "weaveworks/weave #19",
            ),
        ),
        foreign=CLUSTER_WIDE,
        notes=(
            "not developed since 2022",
            "without the container weave-npc no policy is enforced",
            "pods on the host's network are not looked at",
        ),
        sources=(_WEAVE, "weaveworks/weave npc/namespace.go", "weaveworks/weave #19 (IPv6)"),
    ),
    Plugin(
        name="flannel",
        title="flannel",
        gaps=_nothing(
            "enforces no policies", "flannel-io/flannel README.md, Documentation/netpol.md (netpol.enabled)"
        ),
        foreign=CLUSTER_WIDE,
        notes=("since 0.25.5 kube-network-policies can be installed beside it, with netpol.enabled",),
        sources=("flannel-io/flannel README.md", "flannel-io/flannel Documentation/netpol.md"),
    ),
    Plugin(
        name="antrea",
        title="Antrea",
        own="crd.antrea.io",
        notes=("AdminNetworkPolicy since 1.13, ClusterNetworkPolicy since 2.7, each behind a feature gate",),
        sources=(
            "antrea-io/antrea docs/admin-network-policy.md, docs/cluster-network-policy.md",
            "antrea-io/antrea #1638 (endPort)",
        ),
    ),
    Plugin(
        name="aws-vpc",
        title="Amazon VPC CNI",
        gaps=(
            Gap(
                Part.NAMED_PORT_IN,
                Effect.UNSURE,
                "has looked up port names of ingress rules on the caller, not on the pod that is called",
                "aws/amazon-network-policy-controller-k8s #52, #81; aws/aws-network-policy-agent #149",
            ),
        ),
        own="networking.k8s.aws",
        notes=(
            "since 1.14, and only where enable-network-policy is set",
            "policies are for IPv4 or for IPv6, as the cluster is; rules for the other family are ignored",
            "pods that no controller made, on Fargate or on Windows have no policies",
            "a rule may have 24 combinations of ports and protocols at most",
        ),
        sources=(
            "Amazon EKS user guide, Limit Pod traffic with Kubernetes network policies",
            "aws/aws-network-policy-agent README.md",
        ),
    ),
    Plugin(
        name="azure",
        title="Azure Network Policy Manager",
        gaps=(
            Gap(Part.IPV6_BLOCK, Effect.CLOSED, "has no IPv6: a range of IPv6 addresses opens nothing", _AKS),
        ),
        foreign=CLUSTER_WIDE,
        notes=(
            "connections through a NodePort or LoadBalancer Service with externalTrafficPolicy: Cluster"
            " pass by ingress rules",
            "egress to the pod's own node is always allowed",
            "on Windows: no port names, SCTP, except, nor selectors that negate",
        ),
        sources=(_AKS, _AKS_CILIUM),
    ),
    msgspec.structs.replace(
        _CILIUM,
        name="gke-dataplane-v2",
        title="GKE Dataplane V2",
        gaps=(_NO_SCTP,),
        foreign=(),
        notes=("built on Cilium", "an ipBlock never means pods"),
        sources=("GKE documentation, GKE Dataplane V2", *_CILIUM.sources[:2]),
    ),
    Plugin(
        name="ovn-kubernetes",
        title="OVN-Kubernetes",
        notes=(
            "pods on the host's network are peers by a namespaceSelector together with podSelector: {}",
            "AdminNetworkPolicy and BaselineAdminNetworkPolicy are enforced",
        ),
        sources=("OpenShift documentation, Network security: network policy, admin network policy",),
    ),
    Plugin(
        name="kube-network-policies",
        title="kube-network-policies",
        notes=("AdminNetworkPolicy only where it is started with the flags for it",),
        sources=("kubernetes-sigs/kube-network-policies README.md",),
    ),
    Plugin(
        name="kindnet",
        title="kindnet",
        notes=("since kind 0.24 and kindnet 1.3",),
        sources=("kubernetes-sigs/kind #842, #3612", "kubernetes/minikube #19871"),
    ),
    Plugin(
        name="none",
        title="a cluster without policy plugin",
        gaps=_nothing("enforces no policies", "Kubernetes documentation, Network Policies: Prerequisites"),
        foreign=CLUSTER_WIDE,
        sources=("Kubernetes documentation, Network Policies: Prerequisites",),
    ),
)
PROFILES = {plugin.name: plugin for plugin in _PROFILES}
"""The known plugins by the names that settings use."""
