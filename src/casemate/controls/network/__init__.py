"""Network: what one object opens to callers, and how well it is closed with TLS."""

SUBJECTS = ("Service", "Proxied", "Front", "Ingress", "Gateway", "NetworkPolicy", "ClusterWidePolicy")
