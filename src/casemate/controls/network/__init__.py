"""Network: what one object opens to callers, how well it is closed with TLS, and what policies leave open."""

SUBJECTS = (
    "Service",
    "Proxied",
    "Front",
    "Ingress",
    "Gateway",
    "ConnectionPolicy",
    "NetworkPolicy",
    "ClusterWidePolicy",
    "AuthorizationPolicy",
    "Workload",
    "Namespace",
)
